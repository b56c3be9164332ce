"""Days and hours as each one reads them: in the words of her language, in figures where she goes without words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from allervers.core import dates
from allervers.directory import hours
from allervers.web.public.street import Street


@dataclass(frozen=True)
class Line:
    """Some days of the coming week, and when it is open then."""

    days: str
    spans: list[str]
    is_open: bool


def week(expression: str, street: Street, *, shut: Iterable[tuple[date, date]] = ()) -> list[Line]:
    """The seven days from today on; nothing when the hours are not known."""
    found = hours.coming_week(expression, street.today, street.network.timezone, shut=shut)
    return [Line(_days(one, street), _spans(one, street), bool(one.spans)) for one in found]


def figures(moment: datetime, street: Street) -> str:
    """ "30/11 14:30", or "14:30" today: it needs no word."""
    local = moment.astimezone(ZoneInfo(street.network.timezone))
    return f"{local:%H:%M}" if local.date() == street.today else f"{day_figures(local)} {local:%H:%M}"


def hour(moment: time | datetime, street: Street) -> str:
    """ "9 h", "14:30" in figures; the moment is already local."""
    return f"{moment:%H:%M}" if street.reader.wordless else dates.hour(moment)


def change(status: hours.Status, street: Street) -> str:
    """When what is open closes or what is shut opens; "" when that is not known."""
    return figures(status.changes_at, street) if status.changes_at else ""


def day_figures(day: date) -> str:
    return f"{day.day}/{day.month:02d}"


def _days(found: hours.Days, street: Street) -> str:
    if street.reader.wordless:
        said = [day_figures(day) for day in (found.first, found.last)]
    else:
        said = [_weekday(day, street) for day in (found.first, found.last)]
    return capfirst(said[0] if found.first == found.last else f"{said[0]} – {said[1]}")


def _weekday(day: date, street: Street) -> str:
    return _("Aujourd’hui") if day == street.today else formats.date_format(day, "l")


def _spans(found: hours.Days, street: Street) -> list[str]:
    if found.spans is None:
        why = _("Jour férié : horaires à vérifier") if found.is_holiday else _("Horaires non connus")
        return ["?" if street.reader.wordless else why]
    if not found.spans:
        return ["–" if street.reader.wordless else _("Fermé")]
    return [f"{hour(begins, street)} – {hour(ends, street)}" for begins, ends in found.spans]
