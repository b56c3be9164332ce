import pytest

from allervers.core.forbidden import is_forbidden


@pytest.mark.parametrize(
    "heading",
    [
        "Nationalité", "NATIONALITE", "nationality", "Pays d’origine", "Pays de naissance", "country_of_birth",
        "countryOfBirth", "Lieu de naissance", "Origine ethnique", "ethnicity", "Religion", "Culte", "Confession",
        "Titre de séjour", "carte-de-séjour", "residence permit no.", "Statut administratif", "legal_status", "Sans-papiers",
        "immigration status", "Passeport", "passport_number", "Visa", "NIR", "N° sécu", "Numéro de sécurité sociale",
        "social security number", "NumSecu", "NSS", "Orientation sexuelle", "sexual-orientation", "Casier judiciaire",
        "criminal record", "Demandeur d'asile", "Réfugié", "Opinions politiques",
    ],
)  # fmt: skip
def test_heading_of_what_never_exists_is_forbidden(heading: str) -> None:
    assert is_forbidden(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Nom", "Prénom", "Année de naissance", "Langue parlée", "Pays", "Téléphone", "Commune", "Quartier", "Sexe",
        "Tranche d’âge", "Besoin", "Orienté vers", "Statut de l’orientation", "Droits santé", "Provisoire", "Régime alimentaire",
        "Avenir", "Soutenir", "Trace", "Visage", "Territoire", "Régulier", "country", "origine de la demande",
    ],
)  # fmt: skip
def test_ordinary_heading_is_not(heading: str) -> None:
    assert not is_forbidden(heading)
