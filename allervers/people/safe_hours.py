"""When a phone may be called or written to, in OSM opening hours, so that a machine holds to it: a few choices, or typed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from opening_hours import OpeningHours

from allervers.directory import hours
from allervers.people.identity import TEAM_ONLY, hours_are_readable

ANY = ""
CHOICES: list[tuple[str, str | Promise]] = [
    (ANY, _("à toute heure")),
    ("Mo-Su 09:00-12:00", _("le matin")),
    ("Mo-Su 12:00-18:00", _("l’après-midi")),
    ("Mo-Su 18:00-21:00", _("le soir")),
    ("Mo-Fr 09:00-18:00", _("en semaine, de 9 h à 18 h")),
    (TEAM_ONLY, _("voir la note : rien d’automatique")),
]


def told(expression: str) -> str:
    """As the team says it."""
    return str(dict(CHOICES).get(expression) or hours.told(expression))


def is_safe(expression: str, moment: datetime, timezone: str) -> bool | None:
    """Whether `moment` (aware) falls in the hours, on the clock of `timezone`; None when no hours are said."""
    if expression in (ANY, TEAM_ONLY) or not hours_are_readable(expression):
        return None
    there = ZoneInfo(timezone)
    return bool(OpeningHours(expression, timezone=there).is_open(moment.astimezone(there)))
