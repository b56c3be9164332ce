"""Opening hours in OSM syntax: checked, evaluated with French public holidays, told in French."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from opening_hours import OpeningHours, State

from allervers.core import dates, text

_DAYS = {
    "Mo": "lundi",
    "Tu": "mardi",
    "We": "mercredi",
    "Th": "jeudi",
    "Fr": "vendredi",
    "Sa": "samedi",
    "Su": "dimanche",
}
_SHORT = {"Mo": "lun.", "Tu": "mar.", "We": "mer.", "Th": "jeu.", "Fr": "ven.", "Sa": "sam.", "Su": "dim."}
_HORIZON_DAYS = 366


@dataclass(frozen=True)
class Days:
    """Days that follow each other with the same hours, local; none when closed, None when they are not known."""

    first: date
    last: date
    spans: tuple[tuple[time, time], ...] | None
    is_holiday: bool = False  # which is why they are not known


class BadHours(ValueError):
    """Hours that cannot be read; its text says where and what to write instead."""


@dataclass(frozen=True)
class Status:
    """Open, closed or not known at one moment, and the next change when it is within the year."""

    is_open: bool | None
    changes_at: datetime | None = None
    comment: str = ""
    is_holiday: bool = False

    def sentence(self, at: datetime) -> str:
        """ "Ouvert jusqu’à 18 h", "Ouvre jeudi à 9 h"."""
        if self.is_open is None:
            return _("Jour férié : horaires à vérifier") if self.is_holiday else _("Horaires non connus")
        if self.is_open:
            if self.changes_at is None:
                return _("Toujours ouvert")
            if self.changes_at - at > timedelta(days=1):
                return _("Ouvert")
            return _("Ouvert jusqu’à %(hour)s") % {"hour": dates.hour(self.changes_at)}
        if self.changes_at is None:
            return _("Fermé")
        return _("Ouvre %(day)s à %(hour)s") % {
            "day": _day_word(at, self.changes_at),
            "hour": dates.hour(self.changes_at),
        }


def check(expression: str) -> str:
    """The hours, tidied; "" for none. French words for days and hours are understood. Raises `BadHours`."""
    given = expression.strip()
    if not given:
        return ""
    for attempt in (given, from_french(given)):
        if attempt and _readable(attempt):
            return attempt
    raise BadHours(
        _(
            "Ces horaires ne se lisent pas : « %(given)s ». Écrivez par exemple « lundi au vendredi 9h-12h, 14h-17h » "
            "ou, en notation OpenStreetMap, « Mo-Fr 09:00-12:00,14:00-17:00; PH off »."
        )
        % {"given": given[:80]}
    )


@lru_cache(maxsize=4096)
def _readable(expression: str) -> bool:
    """Whether the notation can be read and says something about time: a mere comment is not opening hours."""
    if len(expression) > 500 or expression.startswith('"'):
        return False
    try:
        OpeningHours(expression)
    except Exception:  # the library raises its own error, a subclass of Exception only
        return False
    return True


@lru_cache(maxsize=4096)
def _parsed(expression: str, timezone: str) -> OpeningHours | None:
    try:
        return OpeningHours(
            expression,
            timezone=ZoneInfo(timezone),
            country="FR",
            auto_country=False,
            auto_timezone=False,
            max_interval_days=_HORIZON_DAYS,
        )
    except Exception:  # hours imported as they were: not known rather than an error page
        return None


def is_holiday(at: datetime, timezone: str) -> bool:
    """Whether `at` falls on a French public holiday."""
    days = _parsed("PH 00:00-24:00", timezone)
    return bool(days and days.is_open(at.astimezone(ZoneInfo(timezone))))


def is_open(expression: str, at: datetime, timezone: str = "Europe/Paris") -> bool:
    """Open for certain at `at`. Microseconds: parsed expressions are kept."""
    return bool(expression) and _is_open(expression, at.replace(second=0, microsecond=0), timezone)


@lru_cache(maxsize=16384)
def _is_open(expression: str, minute: datetime, timezone: str) -> bool:
    parsed = _parsed(expression, timezone)
    if parsed is None or not parsed.is_open(minute.astimezone(ZoneInfo(timezone))):
        return False
    return not _hides(expression, minute, timezone)


def status(
    expression: str, at: datetime, timezone: str = "Europe/Paris", *, closed_until: datetime | None = None
) -> Status:
    """What a visitor would find at `at`. `closed_until`: the end of a temporary closure that covers `at`."""
    parsed = _parsed(expression, timezone) if expression else None
    if closed_until is not None:
        reopens = _next_open(parsed, closed_until, timezone) if parsed else None
        return Status(False, reopens)
    if parsed is None:
        return Status(None)
    local = at.astimezone(ZoneInfo(timezone))
    if _hides(expression, at, timezone):
        return Status(None, is_holiday=True)
    state, comment = parsed.state(local)
    if state == State.UNKNOWN:
        return Status(None, comment=comment)
    if state == State.OPEN:
        return Status(True, parsed.next_change(local), comment)
    return Status(False, _next_open(parsed, local, timezone), comment)


def _next_open(parsed: OpeningHours, start: datetime, timezone: str) -> datetime | None:
    moment = start.astimezone(ZoneInfo(timezone))
    for begins, _ends, state, _comment in parsed.intervals(moment, moment + timedelta(days=_HORIZON_DAYS)):
        if state == State.OPEN:
            return max(begins, moment)
    return None


def openings(expression: str, start: datetime, timezone: str, days: int = 14) -> Iterator[tuple[datetime, datetime]]:
    """When it is open for certain from `start` on, each as (begins, ends), local. Holidays only if it speaks of them."""
    parsed = _parsed(expression, timezone) if expression else None
    if parsed is None:
        return
    local = start.astimezone(ZoneInfo(timezone))
    for begins, ends, state, _comment in parsed.intervals(local, local + timedelta(days=days)):
        if state == State.OPEN and not _hides(expression, begins, timezone):
            yield max(begins, local), ends


def coming_week(expression: str, start: date, timezone: str, *, shut: Iterable[tuple[date, date]] = ()) -> list[Days]:
    """The seven days from `start` on, those with the same hours together; nothing when the hours are not known at all.

    A span that ends after midnight stands on the day when it begins, whole; one of several days, day by day from midnight to
    midnight. `shut`: the first and last days of temporary closures.
    """
    parsed = _parsed(expression, timezone) if expression else None
    if parsed is None:
        return []
    days = [start + timedelta(days=n) for n in range(7)]
    open_on: dict[date, list[tuple[time, time]]] = {day: [] for day in days}
    unknown: set[date] = set()
    midnight = datetime.combine(start, time(), ZoneInfo(timezone))
    # From the day before, so that what began then is not told as beginning at midnight.
    for begins, ends, state, _comment in parsed.intervals(midnight - timedelta(days=1), midnight + timedelta(days=8)):
        if state == State.OPEN:
            for day, span in _by_day(begins, ends):
                open_on.get(day, []).append(span)
        elif state == State.UNKNOWN:
            unknown |= {day for day in days if begins.date() <= day < ends.date() or day == begins.date()}
    told: list[Days] = []
    for day in days:
        is_holiday = _hides(expression, datetime.combine(day, time(12), ZoneInfo(timezone)), timezone)
        spans = None if is_holiday or (day in unknown and not open_on[day]) else tuple(open_on[day])
        if any(first <= day <= last for first, last in shut):
            spans, is_holiday = (), False
        if told and (told[-1].spans, told[-1].is_holiday) == (spans, is_holiday):
            told[-1] = Days(told[-1].first, day, spans, is_holiday)
        else:
            told.append(Days(day, day, spans, is_holiday))
    return told


def _by_day(begins: datetime, ends: datetime) -> Iterator[tuple[date, tuple[time, time]]]:
    """A span on the day when it begins; beyond 24 hours, on each of its days."""
    while ends - begins > timedelta(days=1):
        yield begins.date(), (begins.time(), time())
        begins = datetime.combine(begins.date() + timedelta(days=1), time(), begins.tzinfo)
    if begins < ends:
        yield begins.date(), (begins.time(), ends.time())


def _hides(expression: str, at: datetime, timezone: str) -> bool:
    """Whether a public holiday leaves the hours unknown: most places close then without writing it."""
    return "PH" not in expression and expression != "24/7" and is_holiday(at, timezone)


def _day_word(at: datetime, then: datetime) -> str:
    days = (then.date() - at.astimezone(then.tzinfo).date()).days
    if days == 0:
        return pgettext("Ouvre …", "aujourd’hui")
    if days == 1:
        return pgettext("Ouvre …", "demain")
    weekday = str(_weekdays()[then.weekday()])
    return weekday if days < 7 else f"{weekday} {then.day}/{then.month:02d}"


def _weekdays() -> list[str]:
    return [_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche")]


def told(expression: str) -> str:
    """OSM notation as a French reader would write it; what is not recognised stays as it is."""
    words = re.sub(r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\b", lambda m: _SHORT[m[1]], expression)
    words = re.sub(r"\bPH\b", "jours fériés", words)
    words = re.sub(r"\bSH\b", "vacances scolaires", words)
    words = re.sub(r"\b(?:off|closed)\b", "fermé", words)
    words = re.sub(r"\b0?(\d{1,2}):00\b", "\\1\u00a0h", words)
    words = re.sub(r"\b0?(\d{1,2}):(\d\d)\b", "\\1\u00a0h\u00a0\\2", words)
    return re.sub(r"\s*;\s*", " ; ", words.replace(",", ", ").replace("24/7", "tous les jours, jour et nuit"))


_DAY_WORD = re.compile(r"\b(lun|mar|mer|jeu|ven|sam|dim)(?:di|\.|credi|dredi|edi|anche)?\b\.?")
_FRENCH_DAYS = {text.fold(french)[:3]: osm for osm, french in _DAYS.items()}
_TIME = re.compile(r"\b(\d{1,2})\s*(?:h|:)\s*(\d{2})?(?!\d)")
_SPAN = re.compile(r"(\d\d:\d\d)\s*(?:-|–|a|au|jusqu'a)\s*(\d\d:\d\d)")
_DAY_SPAN = re.compile(r"(Mo|Tu|We|Th|Fr|Sa|Su)\s*(?:-|–|au|a)\s*(Mo|Tu|We|Th|Fr|Sa|Su)")


def from_french(written: str) -> str:
    """ "Du lundi au vendredi de 9h à 12h30 et 14h-17h" in OSM notation, or "" when it says anything else."""
    line = _DAY_WORD.sub(lambda m: _FRENCH_DAYS[m[1]], text.fold(written).replace("tous les jours", "lun-dim"))
    line = _TIME.sub(lambda m: f"{int(m[1]):02d}:{m[2] or '00'}", line)
    line = line.replace("7j/7", "Mo-Su").replace("24h/24", "00:00-24:00")
    line = _DAY_SPAN.sub(r"\1-\2", _SPAN.sub(r"\1-\2", line))
    rules: list[tuple[list[str], list[str]]] = []
    for token in re.findall(r"[^\s,;/:.]+(?::[^\s,;/.]+)*", line):
        if re.fullmatch(r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?", token):
            if not rules or rules[-1][1]:
                rules.append(([], []))
            rules[-1][0].append(token)
        elif re.fullmatch(r"\d\d:\d\d-\d\d:\d\d", token):
            if not rules:
                rules.append((["Mo-Su"], []))
            rules[-1][1].append(token)
        elif token not in {"du", "de", "le", "les", "et", "puis", "ouvert", "horaires", "au", "a"}:
            return ""
    if not rules or not all(days and spans for days, spans in rules):
        return ""
    return "; ".join(f"{','.join(days)} {','.join(spans)}" for days, spans in rules)
