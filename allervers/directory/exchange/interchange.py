"""data·inclusion v1, in and out, without loss: what our columns cannot say exactly is kept aside and given back.

At import, the record that our columns would export is compared with the one given; each difference is kept in `extra`
as (what we would say, what was given). At export the given value is used as long as ours has not changed since.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from data_inclusion.schema import v1
from django.utils.translation import gettext as _
from pydantic import ValidationError

from allervers.accounts.enums import OrganisationKind
from allervers.accounts.models import Organisation
from allervers.core import clock, languages
from allervers.directory import hours
from allervers.directory.enums import Cost, Theme
from allervers.directory.exchange import columns
from allervers.directory.exchange.identifiers import OUR_SOURCE, place_identifier, service_identifier
from allervers.directory.models import Place, Service

EXTENSION = "aller_vers"
STRUCTURE_FIELDS = list(v1.Structure.model_fields)
SERVICE_FIELDS = list(v1.Service.model_fields)
_LISTS = {"thematiques", "publics", "modes_accueil", "zone_eligibilite", "modes_mobilisation", "mobilisable_par"} | {
    "reseaux_porteurs"
}
_NUMBERS = {"longitude": float, "latitude": float, "volume_horaire_hebdomadaire": float, "nombre_semaines": int}
_COMPUTED = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet takes for a formula, or has an apostrophe more for it
_NUMBER = re.compile(r"[+-]?[\d\s().,/-]+")

_THEMES_IN: list[tuple[str, Theme]] = [
    ("sante--acces-aux-soins", Theme.GP),
    ("sante--addictions", Theme.ADDICTION),
    ("sante--constituer-un-dossier-mdph-invalidite", Theme.SOCIAL),
    ("sante--sante-mentale", Theme.MENTAL),
    ("sante--sante-sexuelle", Theme.WOMEN),
    ("sante", Theme.GP),
    ("difficultes-administratives-ou-juridiques--connaitre-ses-droits", Theme.LEGAL),
    ("difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique-judiciaire", Theme.LEGAL),
    ("difficultes-administratives-ou-juridiques", Theme.SOCIAL),
    ("difficultes-financieres", Theme.MONEY),
    ("equipement-et-alimentation--alimentation", Theme.FOOD),
    ("equipement-et-alimentation--habillement", Theme.HYGIENE),
    ("equipement-et-alimentation", Theme.SOCIAL),
    ("famille--surmonter-conflits-separation-violence", Theme.VIOLENCE),
    ("famille", Theme.CHILDREN),
    ("lecture-ecriture-calcul", Theme.FRENCH),
    ("logement-hebergement", Theme.HOUSING),
    ("mobilite", Theme.TRANSPORT),
    ("numerique", Theme.DIGITAL),
    ("remobilisation", Theme.LEISURE),
    ("choisir-un-metier", Theme.WORK),
    ("creer-une-entreprise", Theme.WORK),
    ("preparer-sa-candidature", Theme.WORK),
    ("se-former", Theme.WORK),
    ("trouver-un-emploi", Theme.WORK),
    ("souvrir-a-linternational", Theme.WORK),
]
_CARE = "sante--acces-aux-soins"
_THEMES_OUT: dict[str, str] = {
    Theme.MENTAL: "sante--sante-mentale",
    Theme.ADDICTION: "sante--addictions",
    Theme.WOMEN: "sante--sante-sexuelle",
    Theme.SOCIAL: "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits",
    Theme.COVERAGE: "difficultes-administratives-ou-juridiques--accompagnement-pour-lacces-aux-droits",
    Theme.LEGAL: "difficultes-administratives-ou-juridiques--prendre-en-compte-une-problematique-judiciaire",
    Theme.MONEY: "difficultes-financieres--ameliorer-sa-gestion-budgetaire",
    Theme.FOOD: "equipement-et-alimentation--alimentation",
    Theme.HYGIENE: "equipement-et-alimentation--habillement",
    Theme.VIOLENCE: "famille--surmonter-conflits-separation-violence",
    Theme.CHILDREN: "famille--soutien-a-la-parentalite-et-a-leducation",
    Theme.FRENCH: "lecture-ecriture-calcul--maitriser-le-francais",
    Theme.HOUSING: "logement-hebergement--rechercher-une-solution-dhebergement-temporaire",
    Theme.TRANSPORT: "mobilite--etre-accompagne-dans-son-parcours-mobilite",
    Theme.DIGITAL: "numerique--acceder-a-des-services-en-ligne",
    Theme.LEISURE: "remobilisation--lien-social",
    Theme.WORK: "trouver-un-emploi--repondre-a-des-offres-demploi",
}
_NO_THEME = {Theme.OTHER.value, Theme.INTERPRETING.value}
_COSTS_IN = {"gratuit": Cost.FREE, "payant": Cost.PAID}
_COSTS_OUT = {Cost.FREE.value: "gratuit", Cost.PAID.value: "payant"}

Record = dict[str, Any]


@dataclass
class Checked:
    """A record ready to be stored. `fault` refuses it; `warnings` say which values were kept aside only."""

    record: Record
    fault: str = ""
    warnings: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    is_service: bool = False


def is_interchange(headings: list[str]) -> bool:
    """Whether a spreadsheet's headings are those of the interchange model."""
    names = set(headings)
    return {"id", "nom"} <= names and bool(names & {"structure_id", "date_maj", "source"})


def as_text(cell: object) -> object:
    """A cell of a CSV that a spreadsheet would compute begins with an apostrophe, which `from_cells` takes off again.

    Telephones and numbers, which begin with + or -, compute nothing and stay as other programs read them.
    """
    if not isinstance(cell, str) or not _COMPUTED.match(cell) or _NUMBER.fullmatch(cell):
        return cell
    return "'" + cell


def from_cells(headings: list[str], cells: list[str]) -> Record:
    """A record of a CSV or XLSX line: empty cells are absent, lists and numbers are read."""
    record: Record = {}
    for name, cell in zip(headings, cells, strict=True):
        if cell == "":
            continue
        if cell.startswith("'") and _COMPUTED.match(cell[1:]):
            cell = cell[1:]
        if name in _LISTS:
            record[name] = _list(cell)
        elif name in _NUMBERS:
            try:
                record[name] = _NUMBERS[name](cell.replace(",", "."))
            except ValueError:
                record[name] = cell
        elif name == EXTENSION:
            try:
                record[name] = json.loads(cell)
            except ValueError:
                continue
        else:
            record[name] = cell
    return record


def _list(cell: str) -> list[str]:
    """["a", "b"], {a,b}, a|b, a;b or a,b."""
    if cell.startswith("["):
        try:
            return [str(item) for item in json.loads(cell.replace("'", '"'))]
        except ValueError:
            pass
    parts = re.split(r"[|;,]", cell.strip("[]{}"))
    return [part.strip().strip("\"'") for part in parts if part.strip().strip("\"'")]


def check(given: object, *, section: str = "") -> Checked:
    """Validates one record with the model's own classes. What we cannot do without refuses it; the rest is a warning."""
    if not isinstance(given, dict):
        return Checked({}, _("ce n’est pas une fiche mais une valeur seule : retirez-la"))
    denied = [name for name in given if columns.is_denied(name.replace("_", " "))]
    record = {name: value for name, value in given.items() if name not in denied}
    checked = Checked(record, dropped=denied, is_service=section == "services" or bool(record.get("structure_id")))
    needed = ["id", "nom", "structure_id"] if checked.is_service else ["id", "nom"]
    missing = [name for name in needed if not str(record.get(name) or "").strip()]
    if missing:
        checked.fault = _("il manque %(fields)s : complétez la fiche et importez-la de nouveau") % {
            "fields": ", ".join(missing)
        }
        return checked
    too_long = [n for n in ("id", "nom") if len(str(record[n])) > (160 if n == "id" else 200)]
    if too_long:
        checked.fault = _("%(field)s est trop long : raccourcissez-le") % {"field": too_long[0]}
        return checked
    model = v1.Service if checked.is_service else v1.Structure
    try:
        model.model_validate({name: value for name, value in record.items() if name in model.model_fields})
    except ValidationError as error:
        checked.warnings = sorted({str(fault["loc"][0]) for fault in error.errors()})
    if record.get("horaires_accueil") and not _hours(record["horaires_accueil"]):
        checked.warnings.append("horaires_accueil")
    return checked


@lru_cache(maxsize=4096)
def _hours(written: str) -> str:
    """The given hours when they can be read as they stand, else ""."""
    try:
        return written if hours.check(written) == written else ""
    except hours.BadHours:
        return ""


# --- in --------------------------------------------------------------------------------------------------------------


def fill_structure(organisation: Organisation, place: Place, record: Record, *, alone: bool) -> None:
    """Gives a place, and its organisation when it has no other, the values of a structure."""
    extension = _extension(record)
    place.source, place.source_id = str(record.get("source") or "")[:80], str(record["id"])
    place.name = str(record["nom"])
    _fill_address(place, record)
    place.phone, place.email = _text(record, "telephone", 40), _text(record, "courriel", 254)
    place.website = _text(record, "site_web", 500)
    place.opening_hours = _hours(_text(record, "horaires_accueil", 500))
    place.checked_on, record = _checked(place.checked_on, record)
    place.access = str(extension.get("access") or "")
    if alone or not organisation.description:
        organisation.description = _text(record, "description", 10_000)
    siret = _text(record, "siret", 20)
    if (alone or not organisation.siret) and re.fullmatch(r"\d{14}", siret):
        organisation.siret = siret
    if extension.get("kind") in OrganisationKind.values:
        organisation.kind = extension["kind"]
    place.extra = _aside(place.extra, record, structure_columns(place, organisation))


def fill_service(service: Service, record: Record, *, structure_id: str) -> None:
    """Gives a service the values of a record; its place is already set."""
    service.source, service.source_id = str(record.get("source") or "")[:80], str(record["id"])
    service.name, service.description = str(record["nom"]), str(record.get("description") or "")
    service.themes = themes_from(record.get("thematiques"))
    service.cost = _COSTS_IN.get(str(record.get("frais")), Cost.UNKNOWN)
    service.cost_note = _text(record, "frais_precisions", 300)
    service.public = _text(record, "publics_precisions", 300)
    service.conditions = str(record.get("conditions_acces") or "")
    service.phone, service.email = _text(record, "telephone", 40), _text(record, "courriel", 254)
    service.opening_hours = _hours(_text(record, "horaires_accueil", 500))
    service.checked_on, record = _checked(service.checked_on, record)
    _fill_ours(service, _extension(record))
    service.main_theme = service.themes[0] if service.themes else Theme.OTHER
    service.extra = {**service.extra, "structure_id": structure_id}
    service.extra = _aside(service.extra, record, service_columns(service))


def _fill_ours(service: Service, extension: Mapping[str, Any]) -> None:
    """Our own fields, from the extension of a file that came from a directory like this one; else as they were."""
    if isinstance(extension.get("themes"), list):
        service.themes = [theme for theme in extension["themes"] if theme in Theme.values]
    if isinstance(extension.get("languages"), list):
        service.languages = [code for code in extension["languages"] if code in languages.LANGUAGES]
    if extension.get("cost") in Cost.values:
        service.cost = extension["cost"]
    for name in ("without_coverage", "without_appointment"):
        if isinstance(extension.get(name), bool):
            setattr(service, name, extension[name])
    if isinstance(extension.get("delay_days"), int) and 0 <= extension["delay_days"] <= 3650:
        service.delay_days = extension["delay_days"]


def remarks(record: Record, row: Place | Service) -> Iterator[str]:
    """What a file says and does not decide: what residents see is the team's choice, on its page; a check to come is none."""
    if isinstance(row, Service) and _extension(record).get("for_residents") is True and not row.for_residents:
        yield _("montrée aux habitants dans ce fichier, pas ici : à choisir dans « Ce que voient les habitants »")
    if _is_to_come(_date(record.get("date_maj"))):
        yield _("date de mise à jour pas encore passée : ne compte pas comme une vérification")


def has_own_address(record: Record, place: Place) -> bool:
    """Whether a service says it is given elsewhere than at its structure."""
    own = Place()
    _fill_address(own, record)
    names = ("address", "commune", "postcode", "latitude", "longitude")
    return any(getattr(own, name) not in {"", None, getattr(place, name)} for name in names)


def _fill_address(place: Place, record: Record) -> None:
    place.address, place.address_more = _text(record, "adresse", 300), _text(record, "complement_adresse", 300)
    place.postcode, place.commune = _text(record, "code_postal", 10), _text(record, "commune", 120)
    place.insee_code = _text(record, "code_insee", 5)
    place.latitude = _degrees(record.get("latitude"), 90)
    place.longitude = _degrees(record.get("longitude"), 180)


def fill_own_address(place: Place, record: Record) -> None:
    """The place of a service that is given elsewhere than at its structure."""
    _fill_address(place, record)


_WHERE = ("address", "address_more", "postcode", "commune", "insee_code", "latitude", "longitude")


def same_address(one: Place, other: Place) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _WHERE)


def themes_from(values: object) -> list[str]:
    """Our themes for the model's, in the order given, each once."""
    found: list[str] = []
    for value in values if isinstance(values, list) else []:
        theme = next((theme for start, theme in _THEMES_IN if str(value).startswith(start)), None)
        if theme is not None and theme.value not in found:
            found.append(theme.value)
    return found


def _aside(extra: dict[str, Any], record: Record, ours: Record) -> dict[str, Any]:
    """`extra` with what of `record` our columns do not say exactly."""
    given = {
        name: [ours.get(name), value]
        for name, value in record.items()
        if name != EXTENSION and (name not in ours or ours[name] != value or type(ours[name]) is not type(value))
    }
    absent = [name for name in ours if name not in record and name != EXTENSION]
    kept = {name: value for name, value in extra.items() if name not in {"given", "absent"}}
    if given:
        kept["given"] = given
    if absent:
        kept["absent"] = {name: ours[name] for name in absent}
    return kept


def _extension(record: Record) -> Mapping[str, Any]:
    extension = record.get(EXTENSION)
    return extension if isinstance(extension, dict) else {}


def _text(record: Record, name: str, most: int) -> str:
    """The value when it is a text that fits; a longer one is kept aside whole."""
    value = record.get(name)
    return value if isinstance(value, str) and len(value) <= most and "\x00" not in value else ""


def _degrees(value: object, most: int) -> float | None:
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most else None
    )


def _checked(ours: date | None, record: Record) -> tuple[date | None, Record]:
    """The later of the day we checked and the day the file was written: an old file undoes no check of ours."""
    theirs = _date(record.get("date_maj"))
    ours = None if _is_to_come(ours) else ours
    if _is_to_come(theirs):
        return ours, record
    if ours is not None and theirs is not None and ours > theirs:
        return ours, {**record, "date_maj": ours.isoformat()}
    return theirs or ours, record


def _is_to_come(day: date | None) -> bool:
    return day is not None and day > clock.after(days=1).date()  # a day of grace: it is tomorrow already somewhere


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


# --- out -------------------------------------------------------------------------------------------------------------


def structure_record(place: Place, organisation: Organisation) -> Record:
    """A place as a structure, with our extension when it says more."""
    record = _given_back(structure_columns(place, organisation), place.extra, STRUCTURE_FIELDS)
    extension: Record = {}
    if organisation.name != place.name:
        extension["organisation"] = organisation.name
    if organisation.kind != OrganisationKind.OTHER:
        extension["kind"] = organisation.kind
    if place.access:
        extension["access"] = place.access
    if place.extra.get("columns"):
        extension["columns"] = place.extra["columns"]
    return record | ({EXTENSION: extension} if extension else {})


def service_record(service: Service) -> Record:
    """A service, with our extension when it says more."""
    record = _given_back(service_columns(service), service.extra, SERVICE_FIELDS)
    extension: Record = {}
    if service.themes != themes_from(record.get("thematiques")):
        extension["themes"] = service.themes
    if service.languages:
        extension["languages"] = service.languages
    if service.cost not in _COSTS_OUT and service.cost != Cost.UNKNOWN:
        extension["cost"] = service.cost
    for name in ("without_coverage", "without_appointment", "delay_days"):
        if getattr(service, name) is not None:
            extension[name] = getattr(service, name)
    if service.for_residents:
        extension["for_residents"] = True
    if service.extra.get("columns"):
        extension["columns"] = service.extra["columns"]
    return record | ({EXTENSION: extension} if extension else {})


def structure_columns(place: Place, organisation: Organisation) -> Record:
    """What our columns say of a structure; absent rather than empty."""
    return _filled(
        {
            "source": place.source or OUR_SOURCE,
            "id": place_identifier(place),
            "nom": place.name,
            "description": organisation.description,
            "siret": organisation.siret,
            **_address_columns(place),
            "telephone": place.phone or organisation.phone,
            "courriel": place.email or organisation.email,
            "site_web": place.website or organisation.website,
            "horaires_accueil": place.opening_hours,
            "date_maj": _day(place.checked_on),
        }
    )


def service_columns(service: Service) -> Record:
    """What our columns say of a service; its address only when it is not its structure's."""
    elsewhere = bool(service.place.extra.get("part_of"))
    return _filled(
        {
            "source": service.source or OUR_SOURCE,
            "structure_id": service.extra.get("structure_id") or place_identifier(service.place),
            "id": service_identifier(service),
            "nom": service.name,
            "description": service.description,
            "thematiques": [_THEMES_OUT.get(theme, _CARE) for theme in service.themes if theme not in _NO_THEME],
            "frais": _COSTS_OUT.get(service.cost, ""),
            "frais_precisions": service.cost_note,
            "publics_precisions": service.public,
            "conditions_acces": service.conditions,
            **(_address_columns(service.place) if elsewhere else {}),
            "telephone": service.phone,
            "courriel": service.email,
            "horaires_accueil": service.opening_hours,
            "date_maj": _day(service.checked_on),
        }
    )


def _address_columns(place: Place) -> Record:
    return {
        "commune": place.commune,
        "code_postal": place.postcode,
        "code_insee": place.insee_code,
        "adresse": place.address,
        "complement_adresse": place.address_more,
        "longitude": place.longitude,
        "latitude": place.latitude,
    }


def _filled(record: Record) -> Record:
    return {
        name: list(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in record.items()
        if value not in ("", None, [])
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _given_back(ours: Record, extra: Mapping[str, Any], order: list[str]) -> Record:
    """Our columns, and the values kept aside wherever ours have not changed since; in the model's order."""
    record = dict(ours)
    for name, (said, value) in extra.get("given", {}).items():
        if ours.get(name) == said:
            record[name] = value
    for name, said in extra.get("absent", {}).items():
        if ours.get(name) == said:
            record.pop(name, None)
    return {name: record[name] for name in [*order, *sorted(set(record) - set(order))] if name in record}
