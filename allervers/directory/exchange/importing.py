"""Bringing a file into the directory: read as a stream, checked, handed to the importer.

A dry run takes the same road and writes nothing.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock
from allervers.directory.exchange import columns, contacts, interchange, tables
from allervers.directory.exchange.importer import Importer, Item
from allervers.directory.exchange.report import NeedsMapping, Report
from allervers.directory.models import ColumnMapping
from allervers.journal.actions import action, record


def run(
    path: Path,
    network: Network,
    *,
    by: Viewer | None,
    dry_run: bool,
    mapping: Mapping[str, str] | None = None,
    same: Mapping[str, str] | None = None,
) -> Report:
    """Imports a file. Raises `tables.Unreadable` and `NeedsMapping`.

    `mapping`: heading → field, else what is recognised or remembered. `same`: line → id of the place that it is.
    """
    importer = Importer(network, by, Report(dry_run), dict(same or {}))
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start in {b"[", b"{"}:
        importer.report.format = "data·inclusion JSON"
        _run_records(importer, lambda: _json_records(path))
    else:
        _run_tables(importer, path, mapping)
    importer.flush()
    return importer.report


def _run_tables(importer: Importer, path: Path, mapping: Mapping[str, str] | None) -> None:
    kinds = set()
    for table in tables.read(path):
        if interchange.is_interchange(table.headings):
            kinds.add("interchange")
        elif "interchange" not in kinds:
            kinds.add("contacts")
            _run_contacts(importer, table, mapping)
    if not kinds:
        raise tables.Unreadable(_("Le fichier ne contient aucune ligne."))
    if "interchange" in kinds:
        importer.report.format = "data·inclusion"
        _run_records(importer, lambda: _table_records(path, importer.report))
    else:
        importer.report.format = "contacts"


# --- the interchange model -------------------------------------------------------------------------------------------


def _json_records(path: Path) -> Iterator[tuple[int, str, object, str]]:
    for line, section, value in tables.json_objects(path):
        yield line, section, value, ""


def _table_records(path: Path, report: Report) -> Iterator[tuple[int, str, object, str]]:
    for table in tables.read(path):
        if interchange.is_interchange(table.headings):
            for row in table.rows:
                value = {} if row.fault else interchange.from_cells(table.headings, row.cells)
                yield row.line, "", value, row.fault


def _run_records(importer: Importer, records: Any) -> None:
    """Two passes over the file, structures then services, so that their order in it does not matter."""
    report = importer.report
    unknown: set[str] = set()
    dropped: set[str] = set()
    for services in (False, True):
        for line, section, value, fault in records():
            checked = interchange.check(value, section=section) if not fault else interchange.Checked({}, fault)
            if checked.is_service != services:
                continue
            report.read += 1
            dropped.update(checked.dropped)
            if checked.fault:
                report.refuse(line, checked.fault)
                continue
            known = interchange.SERVICE_FIELDS if services else interchange.STRUCTURE_FIELDS
            unknown.update(set(checked.record) - set(known) - {interchange.EXTENSION})
            if checked.warnings:
                what = _("gardé tel quel, hors du modèle : %s") % ", ".join(checked.warnings)
                report.warn(line, what)
            importer.feed(Item(line, checked.record, is_service=services))
        importer.flush()
    report.unknown_columns, report.dropped_columns = sorted(unknown), sorted(dropped)


# --- any spreadsheet -------------------------------------------------------------------------------------------------


def mapping_for(network: Network, headings: list[str]) -> dict[str, str]:
    """How these headings are read: as remembered, else as recognised."""
    remembered = ColumnMapping.objects.filter(network=network, headings=columns.digest(headings)).first()
    known = dict(remembered.columns) if remembered else columns.recognised(headings)
    return {h: name for h, name in known.items() if h in headings and not columns.is_denied(h)}


@action
def remember_mapping(network: Network, *, by: Viewer, headings: list[str], mapping: Mapping[str, str]) -> None:
    """Keeps how someone said these headings are to be read."""
    kept = {h: name for h, name in mapping.items() if h in headings and name in columns.FIELDS}
    row, _made = ColumnMapping.objects.update_or_create(
        network=network,
        headings=columns.digest(headings),
        defaults={"columns": kept, "updated_at": clock.now()},
    )
    record("directory.columns_mapped", row, by=by, columns=len(kept))


def _run_contacts(importer: Importer, table: tables.Table, given: Mapping[str, str] | None) -> None:
    report = importer.report
    mapping = dict(given) if given is not None else mapping_for(importer.network, table.headings)
    if not {"organisation", "place", "service"} & set(mapping.values()):
        raise NeedsMapping(table.headings)
    report.columns |= {h: name for h, name in mapping.items() if name}
    report.dropped_columns += [h for h in table.headings if columns.is_denied(h)]
    report.unknown_columns += [h for h in table.headings if not mapping.get(h) and not columns.is_denied(h)]
    for row in table.rows:
        report.read += 1
        if row.fault:
            report.refuse(row.line, row.fault)
            continue
        contact = contacts.read(dict(zip(table.headings, row.cells, strict=True)), mapping)
        if contact.fault:
            report.refuse(row.line, contact.fault)
            continue
        for what in contact.warnings:
            report.warn(row.line, what)
        importer.feed(Item(row.line, {}, contact=contact))
