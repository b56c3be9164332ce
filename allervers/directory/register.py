"""Why each table of the directory exists: public offers of help, never a person helped."""

from allervers.core.register import BASIS_LEGITIMATE, BASIS_PUBLIC_TASK, Field, Level, Model

_TEAM = "les équipes du réseau"
_NOBODY = "rien : aucune personne aidée n’y figure"

MODELS: dict[str, Model] = {
    "Territory": Model(
        "Savoir dans quel quartier ou commune se trouve un lieu ou une rencontre",
        BASIS_PUBLIC_TASK,
        Level.PUBLIC,
        "tant que l’installation sert",
        "tout le monde",
        _NOBODY,
    ),
    "HubCoverage": Model(
        "Savoir quel pôle reçoit les habitants d’un territoire",
        BASIS_PUBLIC_TASK,
        Level.PUBLIC,
        "tant que le pôle existe",
        "tout le monde",
        _NOBODY,
    ),
    "Place": Model(
        "Dire où une structure reçoit, avec ses coordonnées professionnelles",
        BASIS_LEGITIMATE,
        Level.PUBLIC,
        "tant que le lieu reçoit, puis comme trace des orientations passées",
        _TEAM,
        _NOBODY,
    ),
    "Service": Model(
        "Dire ce que l’on peut obtenir, où, dans quelles langues, à quelles conditions",
        BASIS_LEGITIMATE,
        Level.PUBLIC,
        "tant que le service est offert, puis comme trace des orientations passées",
        _TEAM,
        _NOBODY,
    ),
    "ServiceLanguage": Model(
        "Filtrer les services par langue parlée par leur équipe",
        BASIS_LEGITIMATE,
        Level.PUBLIC,
        "comme le service",
        _TEAM,
        _NOBODY,
    ),
    "Closure": Model(
        "Dire qu’un lieu est fermé pour un temps",
        BASIS_LEGITIMATE,
        Level.PUBLIC,
        "un an après la réouverture",
        _TEAM,
        _NOBODY,
    ),
    "Partnership": Model(
        "Suivre ce à quoi un partenaire s’est engagé et jusqu’à quand",
        BASIS_PUBLIC_TASK,
        Level.INTERNAL,
        "cinq ans après la fin de la convention",
        _TEAM,
        _NOBODY,
    ),
    "ColumnMapping": Model(
        "Se souvenir de la façon de lire les colonnes d’un tableau",
        BASIS_LEGITIMATE,
        Level.INTERNAL,
        "tant que le réseau sert",
        _TEAM,
        _NOBODY,
    ),
    "Upload": Model(
        "Lire un fichier de contacts professionnels, montrer ce qui changerait, puis l’enregistrer",
        BASIS_LEGITIMATE,
        Level.INTERNAL,
        "sept jours",
        "ceux qui importent",
        _NOBODY,
        fields={
            "samples": Field(
                Level.PERSONAL, "Reconnaître les colonnes sur un exemple : noms de professionnels", "ceux qui importent"
            ),
            "report": Field(Level.PERSONAL, "Dire quelles lignes sont refusées et pourquoi", "ceux qui importent"),
        },
    ),
    "SearchIndex": Model(
        "Savoir si l’index de recherche a changé", BASIS_LEGITIMATE, Level.PUBLIC, "recalculé", _TEAM, _NOBODY
    ),
    "SearchEntry": Model(
        "Trouver un service par lieu, langue, thème ou horaires",
        BASIS_LEGITIMATE,
        Level.PUBLIC,
        "recalculé",
        _TEAM,
        _NOBODY,
    ),
    "Vocabulary": Model(
        "Corriger l’orthographe d’une recherche", BASIS_LEGITIMATE, Level.PUBLIC, "recalculé", _TEAM, _NOBODY
    ),
    "Posting": Model("Trouver un service par ses mots", BASIS_LEGITIMATE, Level.PUBLIC, "recalculé", _TEAM, _NOBODY),
}
