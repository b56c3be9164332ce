"""The few tags of the residents' app: {% sign %}, {% hear %}, {% to %}, {% read_by %}, {% words %}."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from allervers.core.languages import LANGUAGES
from allervers.web.components.templatetags.signs import sign
from allervers.web.public.street import Reader, Street

register = template.Library()


register.simple_tag(sign)


@register.simple_tag
def hear(address: str, label: str, css: str = "", icon: str = "listen") -> SafeString:
    """The knob: a link to a sound, which a small script plays in place; dashed and dead where there is no voice yet."""
    css = f"listen {css}".strip()
    if not address:
        words = format_html('<span class="unseen">{}</span>', _("Pas encore de voix"))
        return format_html('<span class="{} listen--none">{}{}</span>', css, sign(icon), words)
    words = format_html('<span class="unseen">{}</span>', _("Écouter : %(what)s") % {"what": label})
    return format_html('<a class="{}" href="{}" data-listen>{}{}</a>', css, address, sign(icon), words)


@register.simple_tag
def to(street: Street, name: str, *args: object) -> str:
    """The address of another page of the same street, for the same reader."""
    return street.url(name, *args)


@register.simple_tag
def read_by(street: Street, reader: Reader) -> str:
    """The address of this same page, read otherwise."""
    return street.read_by(reader)


@register.filter
def tag_of(code: str) -> str:
    """The `lang` of words in a language of our registry."""
    return LANGUAGES[code].tag


@register.filter
def direction_of(code: str) -> str:
    return LANGUAGES[code].direction


@register.simple_tag(takes_context=True)
def words(context: dict[str, Any], text: str, tag: str = "span") -> SafeString:
    """A sentence that is seen; only heard and spoken by screen readers where the reader goes without words."""
    unseen = ' class="unseen"' if context["reader"].wordless else ""
    return format_html("<{0}{1}>{2}</{0}>", SafeString(tag), SafeString(unseen), text)
