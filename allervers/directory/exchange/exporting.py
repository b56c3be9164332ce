"""Taking the directory out: data·inclusion v1 as JSON, CSV or XLSX, written as a stream."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from allervers.accounts.models import Network
from allervers.core import clock
from allervers.directory.exchange import interchange
from allervers.directory.models import Place, Service

_CHUNK = 1000


class UnknownFormat(ValueError):
    """The file's extension is not one we write; the text says which are."""


def structures(network: Network) -> Iterator[interchange.Record]:
    """Every open place as a structure; not those that are only where a service is given."""
    rows: QuerySet[Place] = Place.objects.filter(network=network, closed_at=None, organisation__closed_at=None)
    for place in rows.select_related("organisation").order_by("id").iterator(chunk_size=_CHUNK):
        if not place.extra.get("part_of") and not place.extra.get("placeholder"):
            yield _dated(interchange.structure_record(place, place.organisation), place.checked_on is None)


def services(network: Network) -> Iterator[interchange.Record]:
    """Every service still offered. One without a description, which the model wants, says its name again."""
    rows = Service.objects.filter(
        network=network, closed_at=None, place__closed_at=None, place__organisation__closed_at=None
    )
    for service in rows.select_related("place__organisation").order_by("id").iterator(chunk_size=_CHUNK):
        record = _dated(interchange.service_record(service), service.checked_on is None)
        if not service.source_id and len(service.description) < 5:
            record["description"] = f"{service.name}."
        yield record


def _dated(record: interchange.Record, never_checked: bool) -> interchange.Record:
    """The model wants a day of last change; what was made here and never checked says today."""
    if never_checked and record.get("source") == "aller-vers" and "date_maj" not in record:
        record["date_maj"] = clock.today().isoformat()
    return record


def write(path: Path, network: Network, *, only: str = "") -> dict[str, int]:
    """Writes a file of the format that its extension names; returns how many of each. Raises `UnknownFormat`."""
    writers = {".json": _write_json, ".csv": _write_csv, ".xlsx": _write_xlsx}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UnknownFormat(_("Choisissez un nom qui finit par .json, .csv ou .xlsx."))
    sections = {"structures": structures, "services": services}
    wanted = {name: read for name, read in sections.items() if only in {"", name}}
    return writer(path, network, wanted, bare=bool(only))


def write_json(file: IO[str], network: Network, wanted: dict[str, Any], *, bare: bool) -> dict[str, int]:
    """A bare list, or an object of one list a section; one record a line, so that lines can be named and compared."""
    counts = {}
    file.write("" if bare else "{\n")
    for place, (name, read) in enumerate(wanted.items()):
        file.write("[" if bare else f'{"," if place else ""}"{name}": [')
        number = 0
        for number, record in enumerate(read(network), start=1):
            file.write(("," if number > 1 else "") + "\n" + json.dumps(record, ensure_ascii=False))
        counts[name] = number
        file.write("\n]\n")
    file.write("" if bare else "}\n")
    return counts


def _write_json(path: Path, network: Network, wanted: dict[str, Any], *, bare: bool) -> dict[str, int]:
    with path.open("w", encoding="utf-8") as file:
        return write_json(file, network, wanted, bare=bare)


def _write_csv(path: Path, network: Network, wanted: dict[str, Any], *, bare: bool) -> dict[str, int]:
    counts = {}
    headings = _headings(network, wanted)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for name, read in wanted.items():
            counts[name] = 0
            for record in read(network):
                writer.writerow([interchange.as_text(_cell(record.get(heading))) for heading in headings])
                counts[name] += 1
    return counts


def _write_xlsx(path: Path, network: Network, wanted: dict[str, Any], *, bare: bool) -> dict[str, int]:
    counts = {}
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        for name, read in wanted.items():
            sheet = book.add_worksheet(name)
            headings = _headings(network, {name: read})
            sheet.write_row(0, 0, headings)
            number = 0
            for number, record in enumerate(read(network), start=1):
                sheet.write_row(number, 0, [_cell(record.get(heading)) for heading in headings])
            counts[name] = number
    return counts


def _headings(network: Network, wanted: dict[str, Any]) -> list[str]:
    """The model's fields in its order, then what imports brought that it does not have: one pass over the rows."""
    fields = {"structures": interchange.STRUCTURE_FIELDS, "services": interchange.SERVICE_FIELDS}
    headings = list(dict.fromkeys(field for name in wanted for field in fields[name]))
    more = {field for read in wanted.values() for record in read(network) for field in record}
    return [*headings, *sorted(more - set(headings))]


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return value
