"""What this room keeps, why, how long, and who reads it."""

from allervers.core.register import BASIS_PUBLIC_TASK, Field, Level, Model

_TEAM = "coordination, référentes, médiatrices du réseau"
_NOBODY = "Rien à effacer : ne dit rien de personne."

MODELS: dict[str, Model] = {
    "Message": Model(
        purpose="Faire comprendre un message de prévention.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="Sans limite.",
        readers="tout le monde une fois publié",
        erasure=_NOBODY,
    ),
    "Segment": Model(
        purpose="Dire une seule idée d’un message, en français.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="Avec le message.",
        readers="tout le monde une fois publié",
        erasure=_NOBODY,
    ),
    "Proposal": Model(
        purpose="Garder les nouveaux mots d’une phrase jusqu’à ce qu’une deuxième personne les relise.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Jusqu’à la relecture ; qui les a écrits n’est gardé que sous un code.",
        readers=_TEAM,
        erasure=_NOBODY,
    ),
    "Rendition": Model(
        purpose="Dire la même idée dans une autre langue, écrite ou parlée.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="Avec le message ; qui l’a faite n’est gardé que sous un code.",
        readers="tout le monde une fois relue",
        erasure=_NOBODY,
    ),
    "Media": Model(
        purpose="Garder les voix et les vidéos des messages.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="Tant qu’une phrase la fait entendre ; effacée un jour après.",
        readers="tout le monde une fois réécoutée",
        erasure="Qui a parlé n’est gardé que sous le code de son lien : refuser sa voix l’efface le lendemain.",
    ),
    "WholeVoice": Model(
        purpose="Écouter un message d’un bout à l’autre.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.PUBLIC,
        retention="Tant que toutes ses phrases sont entendues.",
        readers="tout le monde",
        erasure=_NOBODY,
    ),
    "Invitation": Model(
        purpose="Laisser quelqu’un qui parle une langue dire ou réécouter un message.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Le lien ferme après 30 jours ; la ligne reste, sans nom.",
        readers=_TEAM,
        erasure="Rien à retrouver : la ligne ne dit ni nom, ni adresse, ni numéro.",
        fields={"code_hash": Field(Level.PERSONAL, "Vérifier le code donné par un autre chemin.", "personne")},
    ),
    "Tally": Model(
        purpose="Compter ouvertures, écoutes et partages par jour et par langue, sans suivre personne.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Sans limite.",
        readers=_TEAM,
        erasure=_NOBODY,
    ),
    "Misunderstanding": Model(
        purpose="Savoir quelle phrase est comprise autrement.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Les mots : 90 jours. Le reste, sans limite : aucun nom.",
        readers=_TEAM,
        erasure="Rien à retrouver : rien ne dit de qui viennent les mots.",
        fields={"words": Field(Level.PERSONAL, "Entendre ce qui a été compris.", _TEAM)},
    ),
    "InterfaceReview": Model(
        purpose="Savoir dans quelles langues quelqu’un dont c’est la langue a relu les mots du site.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Sans limite ; qui a relu n’est gardé que sous un code.",
        readers=_TEAM,
        erasure=_NOBODY,
    ),
    "LexiconEntry": Model(
        purpose="Se souvenir des mots compris autrement.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Sans limite.",
        readers=_TEAM,
        erasure=_NOBODY,
    ),
}
