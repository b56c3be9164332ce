"""Which column of a spreadsheet is which field of ours: by synonym, or as someone said once. Some are never taken."""

import hashlib
import re
from collections.abc import Sequence

from allervers.core import text
from allervers.core.forbidden import is_forbidden

# Our fields, and what people head them with. The first match of a field wins; one column, one field.
SYNONYMS: dict[str, str] = {
    "organisation": "structure, nom de la structure, nom structure, organisme, association, nom de l'association, partenaire, "
    "organisation, raison sociale, etablissement, nom de l'etablissement, institution, organization, company, entreprise, "
    "nom de l'organisme, nom association",
    "place": "lieu, site, antenne, nom du lieu, nom du site, lieu d'accueil, point d'accueil, place",
    "service": "service, offre, prestation, prestations, activite, activites, dispositif, action, nom du service, "
    "intitule, permanence, service propose",
    "description": "description, presentation, missions, mission, detail, details, observations sur le service, descriptif",
    "themes": "theme, themes, thematique, thematiques, domaine, domaines, specialite, specialites, categorie, champ, "
    "champ d'intervention, profession, metier",
    "address": "adresse, adresse postale, rue, voie, adresse 1, adresse1, address, street, numero et rue, n et rue",
    "address_more": "complement d'adresse, complement adresse, complement, adresse 2, adresse2, batiment, etage",
    "postcode": "code postal, cp, codepostal, code_postal, postcode, zip",
    "commune": "ville, commune, localite, city, town, nom commune",
    "insee_code": "code insee, insee, code commune, code_insee",
    "latitude": "latitude, lat, y wgs84",
    "longitude": "longitude, lon, lng, long, x wgs84",
    "phone": "telephone, tel, tel., numero de telephone, n de telephone, telephone fixe, phone, standard, num tel, numero",
    "email": "mail, email, e-mail, courriel, adresse mail, adresse email, adresse e-mail, messagerie",
    "website": "site internet, site web, web, url, website, lien, site www",
    "opening_hours": "horaires, horaire, heures d'ouverture, horaires d'ouverture, jours et horaires, ouverture, opening hours, "
    "horaires d'accueil, jours et heures d'ouverture",
    "languages": "langue, langues, langues parlees, langue parlee, languages, langues pratiquees",
    "public": "public, publics, public vise, public cible, public accueilli, publics accueillis",
    "conditions": "conditions, condition, conditions d'acces, modalites, modalites d'acces, criteres, acces",
    "cost": "tarif, tarifs, cout, prix, frais, gratuit, cost",
    "siret": "siret, n siret, numero siret",
}
_NAME_ALONE = {"nom", "name", "denomination", "libelle", "intitule de la structure", "contact"}

FIELDS = tuple(SYNONYMS)
KEEP_ASIDE = ""

# Never a field, a column or an option (safety rule): nationality, origin, religion, legal status, NIR and the like.
_DENIED = re.compile(
    r"\b(?:nationalit\w*|nationality|pays de naissance|country of birth|lieu de naissance|ethni\w*|origine\w*|religion\w*"
    r"|confession\w*|croyance\w*|titre de sejour|titre sejour|statut (?:administratif|juridique|legal)"
    r"|situation (?:administrative|legale)|sans papiers|immigration|legal status|passeport\w*|passport\w*|carte de sejour"
    r"|recepisse prefecture|asile|nir|n(?:umero)? (?:de )?secu\w*|numero ss|n ss"
    r"|social security number|orientation sexuelle|sexual orientation|casier\w*|race|ethnicity)\b"
)
_NIR = re.compile(r"(?<!\d)([12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)\d(?:\d|[AB])\d{6})(\d{2})(?!\d)")


def fold(heading: str) -> str:
    """A heading as it is compared: folded, signs to spaces."""
    return " ".join(re.sub(r"[^\w']+|_", " ", text.fold(heading).replace("n°", "n ").replace("º", " ")).split())


_KNOWN = {fold(word): name for name, words in SYNONYMS.items() for word in words.split(",")}


def is_denied(heading: str) -> bool:
    """Whether a column of this heading must never be taken in."""
    return is_forbidden(heading) or bool(_DENIED.search(fold(heading)))


def holds_nir(value: str) -> bool:
    """Whether a cell holds a social-security number: 15 digits whose key is right."""
    for body, key in _NIR.findall(re.sub(r"[\s.\-]", "", value)):
        number = int(body.replace("2A", "19").replace("2B", "18"))
        if 97 - number % 97 == int(key):
            return True
    return False


def recognised(headings: Sequence[str]) -> dict[str, str]:
    """Heading → field, for those that are known; denied and unknown ones are absent."""
    found: dict[str, str] = {}
    for heading in headings:
        name = _KNOWN.get(fold(heading))
        if name and name not in found.values() and not is_denied(heading):
            found[heading] = name
    if "organisation" not in found.values():
        alone = next((h for h in headings if fold(h) in _NAME_ALONE and h not in found), "")
        if alone and not any(fold(h) in {"prenom", "first name", "firstname"} for h in headings):
            found[alone] = "organisation"
    if "organisation" not in found.values():
        for other in ("place", "service"):  # a list of places or services names them only once
            named = next((h for h, name in found.items() if name == other), "")
            if named:
                found[named] = "organisation"
                break
    return found


def digest(headings: Sequence[str]) -> str:
    """What a list of headings is remembered by."""
    return hashlib.sha256("\x1f".join(fold(heading) for heading in headings).encode()).hexdigest()
