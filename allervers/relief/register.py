"""What this room keeps, why, how long, and who reads it."""

from allervers.core.register import BASIS_CONSENT, BASIS_PUBLIC_TASK, Field, Level, Model

_HUB = "équipe du pôle qui reçoit ; coordination : des nombres"

MODELS: dict[str, Model] = {
    "Call": Model(
        purpose="Dire à tous ce qui manque pour répondre aux besoins.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="Sans limite : ne dit rien de personne.",
        readers="tout le monde",
        erasure="Rien à effacer : ne concerne personne en particulier.",
    ),
    "Offer": Model(
        purpose="Rappeler qui propose d’aider, et savoir sur qui compter.",
        basis=BASIS_CONSENT,
        level=Level.INTERNAL,
        retention="Qui propose : 12 mois après son départ ou le jour proposé, 90 jours si personne n’a donné suite. "
        "Le reste, sans nom.",
        readers=_HUB,
        erasure="Sur un appel de la personne, tout de suite : qui elle est s’efface, le fait reste compté.",
        fields={
            "sealed": Field(Level.IDENTITY, "Prénom ou surnom, téléphone et mots de qui propose ; scellés.", _HUB),
            "territory": Field(Level.PERSONAL, "Choisir le pôle le plus proche.", _HUB),
            "languages": Field(Level.PERSONAL, "Trouver qui parle une langue.", _HUB),
            "reader": Field(Level.PERSONAL, "Rappeler dans la langue de la page.", _HUB),
            "days": Field(Level.PERSONAL, "Savoir quels jours.", _HUB),
            "parts": Field(Level.PERSONAL, "Savoir à quels moments.", _HUB),
            "gifts": Field(Level.PERSONAL, "Savoir ce qui est proposé.", _HUB),
        },
    ),
}
