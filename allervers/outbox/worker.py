"""The worker's turns: every duty's tick, and the daily clean-up once a day from three in the morning.

One duty's failure never stops another; what is logged of it is its kind, never its sentence.
"""

import logging
from datetime import datetime
from importlib import import_module
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections

from allervers.core import clock

logger = logging.getLogger(__name__)

CLEAN_UP_HOUR = 3
_REMEMBERED = 3 * 86_400  # seconds


def turn() -> int:
    """One turn of all duties; returns how many failed."""
    close_old_connections()
    now = clock.now()
    return _call("tick", now) + _clean_up_once(now)


def end() -> None:
    """What is held is let go: the worker was told to stop."""
    _call("stop", clock.now())


def beat() -> datetime | None:
    """When the worker last turned, as far as the cache remembers."""
    seen: datetime | None = cache.get("worker:beat")
    return seen


def note_beat() -> None:
    try:
        cache.set("worker:beat", clock.now(), timeout=_REMEMBERED)
    except Exception as error:
        logger.error("worker beat %s", type(error).__name__)


def _clean_up_once(now: datetime) -> int:
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.hour < CLEAN_UP_HOUR:
        return 0
    try:
        # The first worker to say so does it: `add` is atomic.
        mine = cache.add(f"worker:clean_up:{local.date().isoformat()}", True, timeout=_REMEMBERED)
    except Exception as error:
        logger.error("worker clean_up %s", type(error).__name__)
        return 1
    return _call("clean_up", now) if mine else 0


def _call(duty: str, now: datetime) -> int:
    failures = 0
    for app, function in import_module("config.duties").offering(duty):
        try:
            function(now)
        except Exception as error:  # a locked database, a lost server: the next turn tries again
            failures += 1
            logger.error("worker %s %s %s", app, duty, type(error).__name__)
    return failures
