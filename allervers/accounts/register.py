"""The field register of accounts."""

from allervers.core.register import BASIS_LEGITIMATE, BASIS_PUBLIC_TASK, Field, Level, Model

_NOTHING = "rien : ne concerne pas les personnes aidées"
_TEAM = "les équipes du réseau"

MODELS: dict[str, Model] = {
    "Network": Model(
        purpose="Le réseau et ses règles : seuil de publication, durées de conservation.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="tant que le réseau existe",
        readers=_TEAM,
        erasure=_NOTHING,
    ),
    "Organisation": Model(
        purpose="Une structure du réseau : celle qui tient des fiches, ou un partenaire qui répond.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="tant que la structure est membre, puis fermée",
        readers=_TEAM,
        erasure=_NOTHING,
    ),
    "OrganisationKey": Model(
        purpose="Clé de la structure, enveloppée par la clé maîtresse : protège les identités de ses fiches.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="jusqu’à la rotation ; détruite une fois passée la durée des sauvegardes",
        readers="le programme seul",
        erasure="la clé de la fiche est détruite ; celle de la structure reste",
        fields={"wrapped": Field(Level.IDENTITY, "ouvrir les fiches de la structure", "le programme seul")},
    ),
    "Hub": Model(
        purpose="Un pôle ressources santé : lieu d’accueil, adresse, horaires.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="tant que le pôle existe",
        readers="tout le monde",
        erasure=_NOTHING,
    ),
    "User": Model(
        purpose="Une personne des équipes qui se connecte.",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="12 mois après son départ",
        readers="ses collègues, la coordination",
        erasure=_NOTHING,
        fields={
            "email": Field(Level.PERSONAL, "se connecter par un code envoyé", "ses collègues, la coordination"),
            "first_name": Field(Level.PERSONAL, "savoir qui suit un besoin", "ses collègues, la coordination"),
            "last_name": Field(Level.PERSONAL, "savoir qui suit un besoin", "ses collègues, la coordination"),
            "unlock_hash": Field(Level.PERSONAL, "déverrouiller un poste partagé", "le programme seul"),
        },
    ),
    "Membership": Model(
        purpose="Le rôle d’une personne des équipes dans une structure, de quand à quand.",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="12 mois après la fin, puis sans nom : les événements gardent son identifiant",
        readers="ses collègues, la coordination, le contrôle",
        erasure=_NOTHING,
    ),
    "ExceptionalAccess": Model(
        purpose="Accès exceptionnel aux identités d’un autre pôle de la même structure : qui, pourquoi, combien de temps.",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="12 mois",
        readers="toute la structure, le contrôle",
        erasure="rien : le motif ne nomme personne, l’écran le demande",
        fields={"reason": Field(Level.PERSONAL, "justifier l’accès", "toute la structure")},
    ),
}
