"""Registre : orientations, listes de retour, réponses."""

from allervers.core.register import BASIS_CARE, BASIS_CONSENT, Field, Level, Model

_TEAM = "l’équipe du pôle ; la coordination par codes et états"

MODELS: dict[str, Model] = {
    "referrals.Referral": Model(
        purpose="Adresser un besoin à un partenaire avec l’accord de la personne, et savoir ce qu’il en advient",
        basis=BASIS_CONSENT,
        level=Level.PERSONAL,
        retention="ce que lit le partenaire : 6 mois après la fin ; l’état reste, sans identité",
        readers=_TEAM,
        erasure="arrêtée si elle attend ; ce que lit le partenaire est effacé ; l’état reste",
        fields={
            "shown": Field(
                Level.IDENTITY,
                "Ce que lit le partenaire : initiales ou code, besoin, langue, téléphone du pôle ; chiffré",
                "l’équipe du pôle, le partenaire nommé dans l’accord",
            ),
            "need": Field(Level.IDENTITY, "Le besoin adressé", _TEAM),
            "card": Field(Level.PERSONAL, "La fiche ou le code concerné", _TEAM),
            "agreement": Field(Level.PERSONAL, "L’accord qui permet l’envoi", "l’équipe du pôle"),
            "content": Field(Level.PERSONAL, "Ce que la personne accepte de transmettre", "l’équipe du pôle"),
            "line_code": Field(Level.PERSONAL, "Code de ligne, qui remplace le nom sur les feuilles", _TEAM),
            "state": Field(Level.PERSONAL, "Où en est l’orientation", _TEAM),
            "result": Field(Level.PERSONAL, "Équipé·e, soigné·e, accordé ; jamais un diagnostic", _TEAM),
            "appointment_at": Field(Level.PERSONAL, "Date du rendez-vous", _TEAM),
            "person_says": Field(Level.PERSONAL, "Ce que la personne en dit", _TEAM),
            "say_digest": Field(Level.PERSONAL, "Empreinte du lien de la personne", "le programme"),
        },
    ),
    "referrals.ReturnList": Model(
        purpose="Demander à un partenaire des nouvelles des personnes qui lui ont été adressées",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="lien ouvert 60 jours ; code effacé 6 mois après",
        readers=_TEAM,
        erasure="sans objet : la liste ne nomme personne",
        fields={
            "token_digest": Field(Level.PERSONAL, "Empreinte de l’adresse du lien", "le programme"),
            "code_hash": Field(Level.PERSONAL, "Empreinte du code donné par un autre chemin", "le programme"),
        },
    ),
    "referrals.ReturnLine": Model(
        purpose="Ordre des orientations sur une liste",
        basis=BASIS_CARE,
        level=Level.PERSONAL,
        retention="comme l’orientation",
        readers=_TEAM,
        erasure="reste : un numéro d’ordre",
    ),
    "referrals.Submission": Model(
        purpose="Un envoi de réponses, annulable un jour ; le même envoi deux fois ne change rien",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="comme l’orientation",
        readers=_TEAM,
        erasure="reste : ne nomme personne",
    ),
    "referrals.Answer": Model(
        purpose="La réponse d’un partenaire pour une personne, prise dans une liste fermée",
        basis=BASIS_CONSENT,
        level=Level.PERSONAL,
        retention="comme l’orientation",
        readers=_TEAM,
        erasure="reste, sans identité",
        fields={
            "kind": Field(Level.PERSONAL, "Venu·e, pas venu·e, équipé·e… ; jamais un diagnostic", _TEAM),
            "reason": Field(Level.PERSONAL, "Raison d’une absence, facultative", _TEAM),
            "appointment_at": Field(Level.PERSONAL, "Date donnée par le partenaire", _TEAM),
            "before": Field(Level.PERSONAL, "L’état d’avant, pour annuler", "le programme"),
        },
    ),
}
