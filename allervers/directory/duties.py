"""What the worker does for the directory: reading large files, forgetting uploads and closures of the past."""

from datetime import datetime, timedelta

from allervers.directory.exchange import uploads
from allervers.directory.models import Closure, Upload

UPLOAD_DAYS = 7
CLOSURE_DAYS = 365


def tick(now: datetime) -> dict[str, int]:
    """Reads or applies the next file that was too large for a page."""
    return {"files": uploads.work_on_next()}


def clean_up(now: datetime) -> dict[str, int]:
    """Forgets uploads after a week, with their files, and closures a year after they ended."""
    old = list(Upload.objects.filter(created_at__lt=now - timedelta(days=UPLOAD_DAYS)))
    for upload in old:
        uploads.forget(upload)
    closures, _kinds = Closure.objects.filter(ends_on__lt=(now - timedelta(days=CLOSURE_DAYS)).date()).delete()
    return {"uploads": len(old), "closures": closures}
