"""What this room keeps, why, how long, and who reads it."""

from allervers.core.register import BASIS_CARE, BASIS_PUBLIC_TASK, Field, Level, Model

_TEAM = "équipe du pôle ; coordination : codes et états"
_SEALED = "équipe du pôle, fiche ouvrable"

MODELS: dict[str, Model] = {
    "Encounter": Model(
        purpose="Noter qui a été reçu, comment, et ce qui a été fait ; compter les passages et les personnes.",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="Sans limite une fois la fiche effacée : il ne reste que des faits sans nom.",
        readers=_TEAM,
        erasure="Le lien à la fiche mène à une fiche vidée ; la rencontre reste comptée.",
        fields={
            "card": Field(Level.PERSONAL, "Suivre une même personne.", _TEAM),
            "sex": Field(Level.PERSONAL, "Compter par sexe ; facultatif.", _TEAM),
            "age_band": Field(Level.PERSONAL, "Compter par âge ; facultatif.", _TEAM),
            "territory": Field(Level.PERSONAL, "Compter par quartier ; facultatif.", _TEAM),
            "told_service": Field(Level.PERSONAL, "Savoir vers où la personne a été orientée.", _TEAM),
        },
    ),
    "Need": Model(
        purpose="Suivre ce dont quelqu’un a besoin jusqu’à son issue.",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="Textes : avec la fiche, ou 90 jours après la clôture s’il n’y a pas de fiche. Le reste : sans nom.",
        readers=_TEAM,
        erasure="Les textes deviennent illisibles avec la clé de la fiche ; la catégorie et l’issue restent.",
        fields={
            "card": Field(Level.PERSONAL, "Savoir de qui est le besoin.", _TEAM),
            "category": Field(Level.IDENTITY, "Savoir de quel besoin il s’agit, santé ou social.", _TEAM),
            "words": Field(Level.IDENTITY, "Garder le besoin avec les mots de la personne ; scellé.", _SEALED),
            "next_step": Field(Level.IDENTITY, "Savoir quoi faire au prochain contact ; scellé.", _SEALED),
            "outcome": Field(Level.PERSONAL, "Savoir comment le besoin finit.", _TEAM),
            "person_says": Field(Level.PERSONAL, "Entendre de la personne si c’est fait.", _TEAM),
        },
    ),
    "Contact": Model(
        purpose="Garder trace de ce qui a été fait pour un besoin, et des essais sans réponse.",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="Comme le besoin.",
        readers=_TEAM,
        erasure="La note devient illisible avec la clé de la fiche.",
        fields={
            "note": Field(Level.IDENTITY, "Se souvenir de ce qui a été dit ; scellée.", _SEALED),
            "former_step": Field(
                Level.IDENTITY, "Remettre la suite prévue si la rencontre est défaite ; scellée.", _SEALED
            ),
        },
    ),
    "Obstacle": Model(
        purpose="Dire aux institutions, sans nom, ce qui empêche l’accès aux soins et aux droits.",
        basis=BASIS_PUBLIC_TASK,
        level=Level.INTERNAL,
        retention="Sans limite : aucun nom.",
        readers="équipe du pôle ; au-delà, des nombres au-dessus du seuil de publication",
        erasure="Rien à effacer : l’obstacle ne nomme personne.",
        fields={"need": Field(Level.PERSONAL, "Savoir pour quel besoin l’obstacle a été rencontré.", _TEAM)},
    ),
    "HandOver": Model(
        purpose="Passer le relais : une personne amenée par une ambassadrice, un besoin qui change de mains.",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="Ce qui a été écrit : 90 jours après la réponse, ou après l’envoi s’il n’y en a pas eu.",
        readers="qui le reçoit ; qui l’a fait n’en voit que l’état",
        erasure="Ce qui a été écrit est effacé.",
        fields={
            "sealed": Field(Level.IDENTITY, "Prénom, téléphone et mot pour qui reçoit ; scellé.", "qui reçoit"),
            "category": Field(Level.IDENTITY, "Savoir pour quel besoin.", "qui reçoit et qui passe le relais"),
            "person_agreed": Field(Level.PERSONAL, "Ne dire que c’est fait qu’avec l’accord.", "qui reçoit, qui passe"),
        },
    ),
    "HelpRequest": Model(
        purpose="Recevoir une demande d’aide faite par la personne, ou pour elle avec son accord, et y répondre.",
        basis=BASIS_CARE,
        level=Level.INTERNAL,
        retention="90 jours après la clôture de son besoin ; 30 jours en quarantaine. Aussitôt retirée : numéro et voix.",
        readers="équipe du pôle qui répond",
        erasure="Le numéro, le mot, la voix et les empreintes sont effacés.",
        fields={
            "wish": Field(Level.IDENTITY, "Savoir ce qu’il faut à la personne.", "équipe du pôle"),
            "territory": Field(Level.PERSONAL, "Savoir quel pôle répond ; facultatif.", "équipe du pôle"),
            "language": Field(Level.PERSONAL, "Répondre dans sa langue.", "équipe du pôle"),
            "when": Field(Level.PERSONAL, "Répondre au bon moment.", "équipe du pôle"),
            "reach": Field(Level.PERSONAL, "Répondre sans mettre la personne en danger.", "équipe du pôle"),
            "sealed": Field(Level.IDENTITY, "Numéro où répondre et mot de la personne ; scellés.", "équipe du pôle"),
            "voice": Field(
                Level.IDENTITY,
                "Écouter la personne ; scellé, chaque écoute notée, effacé dès que la demande est retirée ou écartée.",
                "équipe du pôle",
            ),
            "for_other": Field(Level.PERSONAL, "Savoir que quelqu’un demande pour elle.", "équipe du pôle"),
            "agreed_at": Field(Level.PERSONAL, "Garder la trace de son accord.", "équipe du pôle"),
            "code_digest": Field(Level.PERSONAL, "Reconnaître son code, sans le garder.", "personne"),
            "phone_mark": Field(Level.PERSONAL, "Voir qu’un même numéro redemande ; empreinte sous clé.", "personne"),
            "words_mark": Field(Level.PERSONAL, "Voir que les mêmes mots reviennent ; empreinte sous clé.", "personne"),
            "origin_mark": Field(
                Level.PERSONAL, "Voir une rafale ; empreinte sous une clé du jour, effacée après un jour.", "personne"
            ),
        },
    ),
}
