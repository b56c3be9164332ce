"""{% sign %}: one pictogram of the residents' app, shown on the team's screens."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from allervers.web.components import signs

register = template.Library()


@register.simple_tag
def sign(name: str, css: str = "icon") -> SafeString:
    """Its sprite stays in the team's browsers."""
    return pictogram(name, css, f"{static(f'img/{signs.sprite_of().get(name)}.svg')}#{name}")


def pictogram(name: str, css: str, shape: str) -> SafeString:
    """Hidden from screen readers: the word beside it, seen or not, speaks."""
    if name not in signs.sprite_of():
        raise template.TemplateSyntaxError(f"No pictogram is named {name!r}.")
    flips = " flips" if name in signs.MIRRORED else ""
    return format_html('<svg class="{}{}" aria-hidden="true"><use href="{}"/></svg>', css, flips, shape)
