"""The field register of the journal."""

from allervers.core.register import BASIS_LEGAL, BASIS_PUBLIC_TASK, Field, Level, Model

_CODES = "rien : ne contient que des codes ; sans la fiche, plus rien ne dit de qui il s’agit"

MODELS: dict[str, Model] = {
    "Event": Model(
        purpose="Ce qui s’est passé, dans une chaîne que l’on ne peut modifier sans que cela se voie.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="10 ans, sans nom ni phrase",
        readers="coordination, contrôle, administration technique",
        erasure=_CODES,
    ),
    "ChainHead": Model(
        purpose="Le dernier maillon de la chaîne d’un réseau, et la clé qui l’authentifie, sous la clé maîtresse.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="avec le journal",
        readers="le programme",
        erasure=_CODES,
        fields={
            "wrapped_key": Field(Level.IDENTITY, "authentifier le journal, faire les liens sans compte", "le programme")
        },
    ),
    "ThreadLink": Model(
        purpose="Ce qui vient de quoi : d’une rencontre à un besoin, d’un besoin à une orientation.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="avec le journal",
        readers="les équipes, à travers les fiches auxquelles elles ont accès",
        erasure=_CODES,
    ),
    "IdentityRead": Model(
        purpose="Qui a ouvert quelles identités, quand, pourquoi : la personne peut le demander.",
        basis=BASIS_LEGAL,
        level=Level.INTERNAL,
        retention="12 mois",
        readers="la personne concernée, la structure qui tient sa fiche",
        erasure=_CODES,
    ),
}
