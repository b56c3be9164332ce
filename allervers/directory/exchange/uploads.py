"""A file handed over on a page: kept on disk, read, its columns recognised, tried, then applied, in steps a page can show.

Small files are read at once; large ones by the worker's tick, so that no page waits for them.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from allervers.accounts.models import Membership
from allervers.accounts.rules import Viewer, viewer_of
from allervers.directory import rules
from allervers.directory.exchange import importing, interchange, tables
from allervers.directory.exchange.report import NeedsMapping
from allervers.directory.models import Upload

AT_ONCE = 1_000_000  # bytes read while the page is asked for
_SAMPLES = 3
State = Upload.State


class Refused(ValueError):
    """A file that is not taken; the text says why and what to do."""


def path_of(upload: Upload) -> Path:
    return Path(settings.DATA_DIR) / "uploads" / str(upload.id)


def receive(file: "UploadedFile[Any]", *, by: Viewer) -> Upload:
    """Keeps a file and looks at its headings. Raises `Refused`."""
    if not rules.may_manage(by):
        raise Refused(_("Seules les équipes du réseau importent des fichiers."))
    size = file.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        raise Refused(
            _("Ce fichier dépasse 50 Mo. Coupez-le en plusieurs, ou confiez-le à l’administration technique.")
        )
    upload = Upload(network_id=by.network_id, membership_id=by.membership_id, name=(file.name or "")[-200:], size=size)
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    try:
        _look(upload)
    except tables.Unreadable as error:
        path.unlink(missing_ok=True)
        raise Refused(str(error)) from error
    upload.save()
    return advance(upload)


def _look(upload: Upload) -> None:
    """Headings and first lines, and whether someone must say what they are."""
    path = path_of(upload)
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    if start in {b"[", b"{"}:
        upload.state = State.TO_CHECK
        return
    with closing(tables.read(path)) as found:
        table = next(found, None)
        if table is None:
            raise tables.Unreadable(_("Le fichier ne contient aucune ligne."))
        upload.headings = table.headings
        upload.samples = _samples(table.rows)
    known = interchange.is_interchange(table.headings)
    upload.state = State.TO_CHECK if known else State.TO_MAP


def _samples(rows: Iterable[tables.Row]) -> list[list[str]]:
    readable = (row.cells for row in rows if not row.fault)
    return [[cell[:60] for cell in cells] for cells in islice(readable, _SAMPLES)]


def map_columns(upload: Upload, mapping: Mapping[str, str], *, by: Viewer) -> Upload:
    """Says what the columns are, for this file and the next of the same headings; then tries it."""
    importing.remember_mapping(upload.network, by=by, headings=upload.headings, mapping=mapping)
    return _to(upload, State.TO_CHECK, same={})


def apply(upload: Upload, *, same: Mapping[str, str]) -> Upload:
    """Writes a file that was tried. `same`: line → id of the place that it is. Asking twice writes once."""
    taken = Upload.objects.filter(pk=upload.pk, state=State.CHECKED).update(state=State.TO_APPLY, same=dict(same))
    upload.refresh_from_db()
    return advance(upload) if taken else upload


def _to(upload: Upload, state: Upload.State, **values: Any) -> Upload:
    Upload.objects.filter(pk=upload.pk).exclude(state__in=[State.TO_APPLY, State.APPLIED]).update(state=state, **values)
    upload.refresh_from_db()
    return advance(upload)


def advance(upload: Upload) -> Upload:
    """Does at once what a small file needs next; a large one waits for the worker."""
    if upload.state in {State.TO_CHECK, State.TO_APPLY} and upload.size <= AT_ONCE:
        _work(upload)
    return upload


def work_on_next() -> int:
    """One large file a tick: 1 when there was one."""
    waiting = Upload.objects.filter(state__in=[State.TO_CHECK, State.TO_APPLY], size__gt=AT_ONCE)
    upload = waiting.select_related("network", "membership").order_by("created_at").first()
    if upload is None:
        return 0
    _work(upload)
    return 1


def _work(upload: Upload) -> None:
    """Reads the file; killed half-way it is read again, and what was written is met as known."""
    dry_run = upload.state == State.TO_CHECK
    membership = Membership.objects.select_related("user", "network", "organisation", "hub").get(
        pk=upload.membership_id
    )
    try:
        report = importing.run(
            path_of(upload), upload.network, by=viewer_of(membership), dry_run=dry_run, same=upload.same
        )
        upload.report, upload.state = report.as_json(), State.CHECKED if dry_run else State.APPLIED
    except NeedsMapping:
        upload.state = State.TO_MAP
    except (tables.Unreadable, OSError) as error:
        said = (
            str(error)
            if isinstance(error, tables.Unreadable)
            else _("Le fichier n’est plus là. Déposez-le de nouveau.")
        )
        upload.report, upload.state = {"error": said}, State.FAILED
    upload.save(update_fields=["report", "state"])
    if upload.state == State.APPLIED:
        path_of(upload).unlink(missing_ok=True)


def forget(upload: Upload) -> None:
    """The file and its row."""
    path_of(upload).unlink(missing_ok=True)
    upload.delete()
