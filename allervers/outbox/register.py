"""Registre : ce qui part par courriel ou SMS."""

from allervers.core.register import BASIS_LEGITIMATE, Field, Level, Model

MODELS: dict[str, Model] = {
    "outbox.Message": Model(
        purpose="Envoyer une fois les courriels et SMS : liens, codes, rappels, connexion",
        basis=BASIS_LEGITIMATE,
        level=Level.INTERNAL,
        retention="adresse et texte effacés 30 jours après l’envoi ; la ligne (codes, dates) 12 mois",
        readers="le programme ; à l’écran dans la démonstration seulement",
        erasure="rappels à la personne : adresse et texte effacés aussitôt",
        fields={
            "sealed": Field(
                Level.IDENTITY, "Adresse ou numéro, objet et texte, chiffrés", "le programme, pour envoyer"
            ),
        },
    ),
}
