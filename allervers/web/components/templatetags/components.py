"""The few tags of the design system: {% icon %}, {% state %}, {% knot %}, {% who %}, {% field %}."""

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from allervers.web.components import icons, states

register = template.Library()

WHO_ICONS = {"card": "who-id", "code": "who-code", "none": "who-none"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """One shape of the sprite, hidden from screen readers: the word beside it speaks."""
    if name not in icons.names():
        raise template.TemplateSyntaxError(f"No icon is named {name!r} in {icons.SPRITE.name}.")
    return format_html(
        '<svg{} viewBox="0 0 20 20" aria-hidden="true" focusable="false"><use href="{}#i-{}"></use></svg>',
        SafeString(' class="mirrors"') if name in icons.MIRRORED else "",
        static("img/icons.svg"),
        name,
    )


def _look(kind: str) -> states.Look:
    kind = kind or "unknown"  # a choice left empty is not known
    if kind not in states.LOOKS:
        raise template.TemplateSyntaxError(f"No state is named {kind!r} in components/states.py.")
    return states.LOOKS[kind]


@register.simple_tag
def state(kind: str, label: str | Promise = "", loud: bool = False) -> SafeString:
    """A state as a shape and a word. `label` replaces the usual word; `loud` washes it, at most twice a page."""
    look = _look(kind)
    return format_html(
        '<span class="state is-{}{}">{}{}</span>',
        look.colour,
        " loud" if loud else "",
        icon(look.icon),
        label or look.word,
    )


@register.simple_tag
def knot(kind: str) -> SafeString:
    """The shape alone, on a thread or a ledger, where the sentence beside it already says the word."""
    look = _look(kind)
    return format_html('<span class="knot is-{}">{}</span>', look.colour, icon(look.icon))


@register.simple_tag
def who(kind: str, name: str, url: str = "") -> SafeString:
    """A person: `kind` is card (initials), code or none (anonymous); a link when `url` is given."""
    spoken = {"card": gettext("fiche"), "code": gettext("code"), "none": gettext("sans nom")}[kind]
    inside = format_html('{}<span class="visually-hidden">{} </span><bdi>{}</bdi>', icon(WHO_ICONS[kind]), spoken, name)
    if url:
        return format_html('<a class="who" href="{}">{}</a>', url, inside)
    return format_html('<span class="who">{}</span>', inside)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Label, help, answer, error, in that order: the same as `{{ form.name.as_field_group }}`."""
    return bound.as_field_group()
