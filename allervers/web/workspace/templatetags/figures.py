"""How a figure is printed: percentages, hidden cells, a link to its rows."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from allervers.impact.publication import HIDDEN
from allervers.web.workspace.figures import Asked

register = template.Library()


@register.filter
def percent(value: float) -> str:
    """0.544 is "54 %", with the no-break space that French wants."""
    return f"{round(100 * value)}\u00a0%"


@register.filter
def cell(size: int) -> str:
    return gettext("masqué") if size == HIDDEN else intcomma(size)


@register.simple_tag
def rows_link(asked: Asked, name: str, size: int) -> SafeString | str:
    """The figure, opening its rows for whoever may see them."""
    if not asked.in_full:
        return intcomma(size)
    address = f"{reverse('workspace:figures_rows')}?{asked.query}&figure={name}"
    return format_html('<a href="{}">{}</a>', address, intcomma(size))


@register.simple_tag
def interval_bar(bar: dict[str, int]) -> SafeString:
    """The interval as a rectangle on its axis of 1,084 units."""
    return format_html(
        '<rect class="range" x="{}" y="14" width="{}" height="24" rx="3"/>', bar["x"], max(3, bar["end"] - bar["x"])
    )
