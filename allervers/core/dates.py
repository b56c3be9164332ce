"""Days and hours as people write them."""

import re
from datetime import date, datetime, time

from django.utils import formats, translation

_FIRST = re.compile(r"(?<!\d)1 (?=[^\W\d])")  # of a month whose name follows


def written(value: date | datetime, style: str | None = None) -> str:
    """The day in this style of Django's (`"l j F"`), else in the language's own: French says its firsts, "1er mai"."""
    said = formats.date_format(value, style or "DATE_FORMAT")
    return _FIRST.sub("1er ", said) if _is_french() else said


def hour(value: datetime | time) -> str:
    """ "9 h", "14 h 30" in French, its spaces never broken; "14:30" elsewhere. The moment is already local."""
    if not _is_french():
        return f"{value:%H:%M}"
    return f"{value.hour}\u00a0h" + (f"\u00a0{value:%M}" if value.minute else "")


def _is_french() -> bool:
    return (translation.get_language() or "fr").startswith("fr")
