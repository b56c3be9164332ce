"""Days as people write them."""

import re
from datetime import date, datetime

from django.utils import formats, translation

_FIRST = re.compile(r"(?<!\d)1 (?=[^\W\d])")  # of a month whose name follows


def written(value: date | datetime, style: str | None = None) -> str:
    """The day in this style of Django's (`"l j F"`), else in the language's own: French says its firsts, "1er mai"."""
    said = formats.date_format(value, style or "DATE_FORMAT")
    return _FIRST.sub("1er ", said) if (translation.get_language() or "").startswith("fr") else said
