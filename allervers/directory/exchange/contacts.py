"""One line of anyone's spreadsheet of contacts, read as an organisation, a place and perhaps a service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from allervers.core import languages, text
from allervers.directory import hours
from allervers.directory.enums import Cost, Theme
from allervers.directory.exchange import columns
from allervers.directory.wording import themes_in

_FREE = re.compile(r"\b(gratuit\w*|free|oui|0 ?(?:€|euros?)?)$|\bgratuit", re.IGNORECASE)
_LIMITS = {"organisation": 200, "place": 200, "service": 200, "address": 300, "address_more": 300, "public": 300}


@dataclass
class Contact:
    """What a line says. `fault` refuses the line; `kept` is what no field of ours takes."""

    organisation: dict[str, Any] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)
    service: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    fault: str = ""


def read(cells: Mapping[str, str], mapping: Mapping[str, str]) -> Contact:
    """A line whose `cells` are by heading; `mapping` says which field each heading is, "" to keep it aside."""
    values: dict[str, str] = {}
    contact = Contact()
    for heading, cell in cells.items():
        value = " ".join(cell.split()) if mapping.get(heading) != "description" else cell.strip()
        if not value or columns.is_denied(heading):
            continue
        if columns.holds_nir(value):
            contact.warnings.append(_("un numéro qui identifie une personne a été retiré de la colonne %s") % heading)
            continue
        taken = mapping.get(heading, columns.KEEP_ASIDE)
        if taken in columns.FIELDS and taken not in values:
            values[taken] = value
        else:
            contact.kept[heading] = value[:2000]
    name = values.get("organisation") or values.get("place") or values.get("service")
    if not name:
        contact.fault = _("elle ne nomme aucune structure : remplissez la colonne du nom, ou retirez la ligne")
        return contact
    for key, most in _LIMITS.items():
        if len(values.get(key, "")) > most:
            contact.fault = _("la valeur de « %(field)s » dépasse %(most)d caractères : raccourcissez-la") % {
                "field": key,
                "most": most,
            }
            return contact
    contact.organisation = {"name": name}
    if siret := re.sub(r"\D", "", values.get("siret", "")):
        if len(siret) == 14:
            contact.organisation["siret"] = siret
        else:
            _aside(contact, "siret", values["siret"], _("ce SIRET n’a pas quatorze chiffres"))
    _read_place(contact, values, name)
    _read_service(contact, values)
    return contact


def _read_place(contact: Contact, values: dict[str, str], name: str) -> None:
    place: dict[str, Any] = {"name": values.get("place") or name}
    for key in ("address", "address_more", "commune"):
        if values.get(key):
            place[key] = values[key][:120] if key == "commune" else values[key]
    if postcode := re.sub(r"\s", "", values.get("postcode", "")):
        place["postcode"] = postcode.zfill(5)[:10] if postcode.isdigit() else postcode[:10]
    elif found := re.search(r"\b(\d{5})\b\s+(\D+)$", values.get("address", "")):
        place["postcode"] = found[1]
        place.setdefault("commune", found[2].strip(" ,")[:120])
    if re.fullmatch(r"\w{5}", values.get("insee_code", "")):
        place["insee_code"] = values["insee_code"].upper()
    latitude, longitude = _degrees(values.get("latitude"), 90), _degrees(values.get("longitude"), 180)
    if latitude is not None and longitude is not None:
        place["latitude"], place["longitude"] = latitude, longitude
    if values.get("phone"):
        place["phone"] = values["phone"][:40]
        if len(values["phone"]) > 40:
            _aside(contact, "phone", values["phone"], _("plusieurs numéros : le texte entier est gardé à côté"))
    if values.get("email"):
        _read_email(contact, place, values["email"])
    if site := values.get("website", ""):
        url = site if re.match(r"https?://", site, re.IGNORECASE) else f"https://{site}"
        if re.fullmatch(r"https?://[^\s/]+\.[^\s]+", url, re.IGNORECASE) and len(url) <= 500:
            place["website"] = url
        else:
            _aside(contact, "website", site, _("ce n’est pas une adresse de site"))
    if values.get("opening_hours"):
        try:
            place["opening_hours"] = hours.check(values["opening_hours"])
        except hours.BadHours:
            _aside(contact, "opening_hours", values["opening_hours"], _("ces horaires ne se lisent pas"))
    contact.place = place


def _read_email(contact: Contact, place: dict[str, Any], written: str) -> None:
    first = re.split(r"[\s;,/]+", written)[0]
    try:
        validate_email(first)
    except ValidationError:
        _aside(contact, "email", written, _("ce n’est pas une adresse mail"))
        return
    place["email"] = first
    if first != written:
        _aside(contact, "email", written, _("plusieurs adresses : la première est prise, le texte entier gardé à côté"))


def _read_service(contact: Contact, values: dict[str, str]) -> None:
    """A service when the line names one, or says what is done there, for whom or in which languages."""
    themes = themes_in(values.get("themes", "")) or themes_in(values.get("service", ""))
    if not (values.get("service") or themes or values.get("languages") or values.get("description")):
        for key in ("public", "conditions", "cost", "themes"):
            if values.get(key):
                contact.kept[key] = values[key]
        return
    service: dict[str, Any] = {
        "name": values.get("service") or values.get("themes", "")[:200] or contact.place["name"],
        "themes": themes or themes_in(contact.place["name"]),
    }
    for key in ("description", "public", "conditions"):
        if values.get(key):
            service[key] = values[key]
    if values.get("languages"):
        service["languages"], unknown = _languages(values["languages"])
        if unknown:
            _aside(contact, "languages", ", ".join(unknown), _("langue inconnue du registre"))
    if cost := values.get("cost", ""):
        service["cost"] = Cost.FREE if _FREE.search(cost) else Cost.UNKNOWN
        service["cost_note"] = cost[:300]
    service["main_theme"] = service["themes"][0] if service["themes"] else Theme.OTHER
    contact.service = service


def _languages(written: str) -> tuple[list[str], list[str]]:
    """The codes of languages named in French, by code or by their own name; and what is not one."""
    known, unknown = [], []
    names = _language_names()
    for part in re.split(r"\s*(?:[,;/+&|]|\bet\b|\band\b)\s*", written):
        folded = text.fold(part)
        if not folded:
            continue
        if folded in names:
            known.append(names[folded])
        else:
            unknown.append(part)
    return list(dict.fromkeys(known)), unknown


def _language_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for code, language in languages.LANGUAGES.items():
        for name in (code, language.french, language.autonym, *re.split(r"\s*[(),]\s*", language.french)):
            names.setdefault(text.fold(name), code)
    return names | {"lsf": "fsl", "chinois": "zh", "kurde": "ku", "arab": "ar", "arabic": "ar", "english": "en"}


def _degrees(written: str | None, most: int) -> float | None:
    try:
        value = float((written or "").replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) <= most and value == value else None


def _aside(contact: Contact, name: str, value: str, why: str) -> None:
    contact.kept[name] = value[:2000]
    contact.warnings.append(f"{name} : {why}")
