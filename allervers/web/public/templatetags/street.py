"""The few tags of the residents’ app: pictograms, knobs that are heard, addresses of the same street, words unseen to some."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.core.languages import FRENCH, LANGUAGES
from allervers.prevention.enums import Origin
from allervers.prevention.queries import Heard
from allervers.web.components.templatetags.signs import pictogram
from allervers.web.public import moments
from allervers.web.public.street import Reader, Street

register = template.Library()


@register.simple_tag
def sign(name: str, css: str = "icon") -> SafeString:
    """A pictogram, whose shape the page holds itself: `signs.with_shapes` puts it there."""
    return pictogram(name, css, f"#sign-{name}")


@register.simple_tag
def hear(heard: Heard | str | None, label: str, css: str = "", icon: str = "listen") -> SafeString:
    """The knob: a link to a sound, which a small script plays in place; dashed and dead where there is no voice yet.
    A machine's voice and a test tone carry their mark."""
    css = f"listen {css}".strip()
    if not heard:
        words = format_html('<span class="unseen">{}</span>', _("Pas encore de voix"))
        return format_html('<span class="{} listen--none">{}{}</span>', css, sign(icon), words)
    address, origin = (heard, "") if isinstance(heard, str) else (sound_of(heard), heard.origin)
    told, mark = _("Écouter : %(what)s") % {"what": label}, SafeString("")
    if origin in _MARKED:
        told, mark = f"{told} ({_MARKED[origin]})", sign("machine", "icon listen__mark")
    words = format_html('<span class="unseen">{}</span>', told)
    return format_html('<a class="{}" href="{}" data-listen>{}{}{}</a>', css, address, sign(icon), mark, words)


_MARKED = {str(Origin.MACHINE): gettext_lazy("voix d’une machine"), str(Origin.TONE): gettext_lazy("son d’essai")}


@register.simple_tag
def sound_of(heard: Heard) -> str:
    """The address of a voice."""
    return reverse("public:sound", args=[heard.media_id])


@register.simple_tag
def voice(street: Street, *key: object) -> Heard | str:
    """One of our own words in the reader's language: `{% voice street "door" 1 as said %}`; "" where nobody said it."""
    return street.voices.get(".".join(str(part) for part in key), "")


@register.simple_tag
def say_name(name: str) -> SafeString:
    """The knob of a name that nobody records, of a place or a neighbourhood: said in French by a voice of the device itself, its
    mark on it; not there where the device has none."""
    told = format_html(
        '<span class="unseen">{} ({})</span>', _("Écouter : %(what)s") % {"what": name}, _MARKED[Origin.MACHINE]
    )
    knob = '<button class="listen" type="button" data-say="{}" data-say-lang="{}" hidden>{}{}{}</button>'
    return format_html(knob, name, FRENCH, sign("listen"), sign("machine", "icon listen__mark"), told)


@dataclass(frozen=True)
class Figures:
    """The voices of the figures from 0 to 9: their addresses, and whether one is no recording of a person."""

    sounds: str
    is_marked: bool


@register.simple_tag
def figures(street: Street) -> Figures:
    """How a code is heard in the reader's language; no sound where a figure is missing."""
    said = [street.voices.get(f"figure.{n}") for n in range(10)]
    heard = [one for one in said if one]
    if len(heard) < len(said):
        return Figures("", is_marked=False)
    return Figures(" ".join(map(sound_of, heard)), any(one.origin in _MARKED for one in heard))


register.filter("figures_of_day", moments.day_figures)


@register.filter
def megabytes(size: int) -> str:
    """What a file costs, before it is asked for."""
    return _("%(n)s Mo") % {"n": formats.number_format(max(size / 1_000_000, 0.01), 2)}


@register.filter
def clock_time(seconds: float) -> str:
    """How long a sound lasts."""
    return f"{int(seconds + 0.5) // 60}:{int(seconds + 0.5) % 60:02d}"


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
