"""{% sign %}: one pictogram of the residents' app."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from allervers.web.components import signs

register = template.Library()


@register.simple_tag
def sign(name: str, css: str = "icon") -> SafeString:
    """Hidden from screen readers: the word beside it, seen or not, speaks."""
    if name not in signs.sprite_of():
        raise template.TemplateSyntaxError(f"No pictogram is named {name!r}.")
    return format_html(
        '<svg class="{}{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        " flips" if name in signs.MIRRORED else "",
        static(f"img/{signs.sprite_of()[name]}.svg"),
        name,
    )
