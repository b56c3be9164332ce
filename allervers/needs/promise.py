"""When someone will read a request: before the end of the hub's next half-day with two hours left in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from allervers.core import dates
from allervers.directory import hours
from allervers.needs import wording

OFFICE = "Mo-Fr 09:00-12:00,14:00-18:00; PH off"  # of a hub whose hours are not known
ENOUGH = timedelta(hours=2)


@dataclass(frozen=True)
class Promise:
    """The half-day that was chosen, in the hub's own time."""

    opens: datetime
    before: datetime


def of(opening_hours: str, now: datetime, timezone: str) -> Promise:
    """What may be promised at `now`; office hours when the hub's say nothing of the next two weeks."""
    for expression in (opening_hours, OFFICE):
        for begins, ends in hours.openings(expression, now, timezone):
            before = ends if ends.date() == begins.date() else _evening(begins)
            if before - begins >= ENOUGH:
                return Promise(begins, before)
    begins = now.astimezone(ZoneInfo(timezone))
    return Promise(begins, begins + timedelta(days=1))  # never shorter than a day where nothing is known


def said(before: datetime, now: datetime, timezone: str) -> str:
    """ "aujourd’hui, avant 18 h", "demain, avant 12 h", "lundi, avant 12 h"."""
    zone = ZoneInfo(timezone)
    local, today = before.astimezone(zone), now.astimezone(zone).date()
    hour = dates.hour(local)
    if local.date() == today:
        return _("aujourd’hui, avant %(hour)s") % {"hour": hour}
    if local.date() == today + timedelta(days=1):
        return _("demain, avant %(hour)s") % {"hour": hour}
    day = formats.date_format(local, "l") if local.date() < today + timedelta(days=7) else wording.day(local.date())
    return _("%(day)s, avant %(hour)s") % {"day": day, "hour": hour}


def _evening(begins: datetime) -> datetime:
    """Of a hub that never closes: six in the evening, else noon of the day after."""
    evening = begins.replace(hour=18, minute=0, second=0, microsecond=0)
    return evening if evening - begins >= ENOUGH else evening + timedelta(hours=18)
