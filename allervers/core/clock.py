"""The only clock: server time, which tests, seeds and replays may fix. A lint rule bans the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today(timezone: str = "Europe/Paris") -> date:
    """The date on the wall in `timezone`, an IANA name."""
    return now().astimezone(ZoneInfo(timezone)).date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Within the block, time stands still at `moment`, which must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a fixed clock needs an aware moment")
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)


def after(**spans: float) -> datetime:
    """Now plus a `timedelta(**spans)`."""
    return now() + timedelta(**spans)
