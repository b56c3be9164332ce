"""What anyone may read of this installation."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse

from allervers.core import clock
from allervers.outbox import worker

_LOW_DISK = 500_000_000  # bytes
_SILENT_WORKER = timedelta(minutes=10)


def health(request: HttpRequest) -> JsonResponse:
    """For the proxy and the watch: 200 when the database answers and the key is there, else 503 before coming here.

    `worker` and `disk` warn whoever watches, before anyone suffers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    beat = worker.beat()
    turns = beat is not None and clock.now() - beat < _SILENT_WORKER
    room = shutil.disk_usage(settings.DATA_DIR).free > _LOW_DISK
    return JsonResponse({"ok": True, "worker": "ok" if turns else "silent", "disk": "ok" if room else "low"})
