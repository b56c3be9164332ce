"""The field register of people."""

from allervers.core.register import BASIS_CARE, BASIS_LEGAL, Field, Level, Model

_TEAM = "l’équipe du pôle qui tient la fiche"
_NAMED = "l’équipe du pôle, par un geste qui laisse une ligne ; la personne"
_PROGRAM = "le programme seul"

MODELS: dict[str, Model] = {
    "PersonCard": Model(
        purpose="Fiche d’une personne aidée, tenue par une seule structure : un nom scellé, ou un code seul.",
        basis=BASIS_CARE,
        level=Level.PERSONAL,
        retention="24 mois après le dernier contact, ou moins si le réseau le décide ; puis anonyme",
        readers=_TEAM + " ; la coordination par code",
        erasure="la clé est détruite, le code remplacé, ce qui décrit la personne vidé ; le fil reste, anonyme",
        fields={
            "code": Field(Level.PERSONAL, "suivre et compter quelqu’un sans son nom", _TEAM + " ; la coordination"),
            "sealed": Field(Level.IDENTITY, "reconnaître et joindre la personne", _NAMED),
            "wrapped_key": Field(Level.IDENTITY, "ouvrir cette fiche, et elle seule", _PROGRAM),
            "speaks": Field(Level.PERSONAL, "parler sa langue, prévoir un interprète", _TEAM + " ; qui la reçoit"),
            "reads": Field(Level.PERSONAL, "lui écrire dans une langue qu’elle lit", _TEAM),
            "interpreter": Field(Level.PERSONAL, "prévoir un interprète", _TEAM + " ; qui la reçoit"),
            "sex": Field(Level.PERSONAL, "compter, au-dessus du seuil de publication", _TEAM),
            "age_band": Field(Level.PERSONAL, "compter, au-dessus du seuil de publication", _TEAM),
            "territory": Field(Level.PERSONAL, "compter par quartier, au-dessus du seuil", _TEAM),
            "is_minor": Field(Level.PERSONAL, "demander l’accord du représentant légal", _TEAM),
            "is_protected": Field(Level.PERSONAL, "demander l’accord du représentant légal", _TEAM),
            "no_follow_up": Field(Level.PERSONAL, "respecter qui ne veut pas être rappelé", _TEAM),
        },
    ),
    "CardToken": Model(
        purpose="Empreintes à clé du téléphone et des sons du nom : retrouver une fiche sans l’ouvrir.",
        basis=BASIS_CARE,
        level=Level.PERSONAL,
        retention="avec la fiche",
        readers=_PROGRAM,
        erasure="supprimées",
        fields={"token": Field(Level.PERSONAL, "éviter deux fiches pour une personne", _PROGRAM)},
    ),
    "CardLink": Model(
        purpose="Deux fiches d’une structure qui sont, ou ne sont pas, une même personne. Jamais fondues.",
        basis=BASIS_CARE,
        level=Level.PERSONAL,
        retention="avec les fiches",
        readers=_TEAM,
        erasure="supprimé",
        fields={"reasons": Field(Level.PERSONAL, "dire pourquoi les fiches se ressemblent", _TEAM)},
    ),
    "Receipt": Model(
        purpose="Ce qui a été dit à la personne ou accepté par elle : les mots exacts, la langue, le jour.",
        basis=BASIS_LEGAL,
        level=Level.PERSONAL,
        retention="avec la fiche ; un accord pour transmettre reste après, sans nom, comme preuve",
        readers=_TEAM + " ; la personne",
        erasure="supprimé, sauf l’accord pour transmettre, qui ne nomme personne",
        fields={
            "words": Field(Level.PERSONAL, "prouver ce qui a été dit, mot pour mot", _TEAM + " ; la personne"),
            "spoken_language": Field(Level.PERSONAL, "savoir en quelle langue c’était dit", _TEAM),
            "agreed_by": Field(Level.PERSONAL, "savoir qui a donné l’accord, par un code", _TEAM),
        },
    ),
}
