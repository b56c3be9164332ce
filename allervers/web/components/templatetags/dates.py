"""`|date`, in all our templates, as `core.dates` writes it; loaded everywhere by the settings."""

from datetime import date, datetime

from django import template
from django.template import defaultfilters

from allervers.core import dates

register = template.Library()


@register.filter("date", expects_localtime=True)
def day_filter(value: date | datetime | str | None, style: str | None = None) -> str:
    """Django's own, but for French firsts; "" for what is no date, as Django does."""
    if isinstance(value, date | datetime):
        return dates.written(value, style)
    return str(defaultfilters.date(value, style))
