"""What this room keeps, why, how long, and who reads it."""

from allervers.core.register import BASIS_CARE, BASIS_PUBLIC_TASK, Field, Level, Model

_TEAM = "équipe du pôle ; coordination : codes et états"

MODELS: dict[str, Model] = {
    "Action": Model(
        purpose="Décrire une campagne de dépistage : ce qui était prévu, vers quel partenaire.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Sans limite : mémoire de ce qui a été fait.",
        readers="équipes et contrôle du réseau",
        erasure="Rien : ne concerne personne en particulier.",
    ),
    "Session": Model(
        purpose="Dire où et quand une séance a été prévue, et si elle a été tenue.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Sans limite : mémoire de ce qui a été fait.",
        readers="équipe du pôle ; coordination",
        erasure="Rien : ne concerne personne en particulier.",
    ),
    "Attendance": Model(
        purpose="Tenir la liste d’une séance et savoir ce qu’il est advenu de chacun, jusqu’à l’entonnoir.",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="Sans limite une fois la fiche effacée : il ne reste que des faits sans nom.",
        readers=_TEAM,
        erasure="Le lien à la fiche mène à une fiche vidée, la langue est effacée ; la ligne reste comptée.",
        fields={
            "card": Field(Level.PERSONAL, "Suivre une même personne.", _TEAM),
            "language": Field(Level.PERSONAL, "Prévoir un interprète pendant la séance.", _TEAM),
            "sex": Field(Level.PERSONAL, "Compter par sexe ; facultatif.", _TEAM),
            "age_band": Field(Level.PERSONAL, "Compter par âge ; facultatif.", _TEAM),
            "result": Field(Level.IDENTITY, "Savoir qui a besoin d’un rendez-vous ; jamais un diagnostic.", _TEAM),
            "orientation": Field(Level.PERSONAL, "Savoir si quelqu’un a été orienté.", _TEAM),
            "recipient": Field(Level.PERSONAL, "Savoir vers quel partenaire.", _TEAM),
            "answer": Field(Level.PERSONAL, "Savoir si la personne est venue au rendez-vous.", _TEAM),
            "outcome": Field(Level.IDENTITY, "Savoir si elle est équipée ou soignée ; jamais un diagnostic.", _TEAM),
            "delay_days": Field(Level.PERSONAL, "Mesurer l’attente jusqu’au rendez-vous.", _TEAM),
            "import_key": Field(
                Level.PERSONAL, "Reconnaître une ligne déjà importée ; empreinte sous clé.", "le programme"
            ),
        },
    ),
    "DeclaredFigure": Model(
        purpose="Garder les chiffres d’un bilan passé tels que son document les dit.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Sans limite : mémoire de ce qui a été fait.",
        readers="équipes et contrôle du réseau",
        erasure="Rien : ne concerne personne en particulier.",
    ),
}
