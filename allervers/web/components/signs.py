"""The pictograms: which of the two sprites holds each, which point somewhere, and what the team calls those it chooses from.

The team's screens point to the sprites, which their browsers keep. A page of the residents' app holds the few shapes that it
shows, once each: on a poor network the sprites weigh more than the page.
"""

import re
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

_IMAGES = Path(__file__).parent / "static/img"
SPRITES = ("frame", "needs")
MIRRORED = frozenset({"back", "next", "walk", "wheelchair", "car", "truck", "bag", "slow", "share", "again"})

# What a message may show; the others are the app's own furniture.
NAMES: dict[str, str | Promise] = {
    "sun": _("soleil"), "glass": _("verre d’eau"), "shutters": _("volets"), "open-air": _("dehors"), "home": _("maison"),
    "wash": _("se laver"), "meal": _("repas chaud"), "food": _("légumes"), "no-alcohol": _("pas d’alcool"), "pot": _("marmite"),
    "bag": _("sac"), "doctor": _("médecin"), "tooth": _("dent"), "eye": _("œil"), "pregnant": _("grossesse"),
    "baby": _("bébé"), "spirit": _("moral"), "medicine": _("médicaments"), "vaccine": _("vaccin"), "ambulance": _("ambulance"),
    "danger": _("danger"), "phone": _("téléphone"), "sms": _("SMS"), "phone-screen": _("écran"), "rights": _("papiers santé"),
    "money": _("argent"), "free": _("gratuit"), "no-card": _("sans carte"), "clock": _("heure"), "week": _("semaine"),
    "agenda": _("agenda"), "people": _("gens"), "together": _("ensemble"), "elders": _("personnes âgées"),
    "person": _("personne"), "signs": _("langue des signes"), "language": _("langues"), "find": _("lieu"),
    "understand": _("écouter, comprendre"), "need-help": _("demander de l’aide"),
    "i-help": _("aider"), "walk": _("marcher"), "wheelchair": _("fauteuil roulant"),
    "car": _("voiture"), "truck": _("camion"), "bus": _("bus"), "train": _("train"), "tree": _("arbre"),
    "question": _("question"), "check": _("oui, fait"), "video": _("vidéo"), "bell": _("alerte"),
}  # fmt: skip


_SHAPE = re.compile(r'<symbol id="([a-z-]+)".*?</symbol>', re.DOTALL)
_POINTED = re.compile(r'<use href="#sign-([a-z-]+)"')
PLACE = "<!-- signs -->"  # where a page wants its shapes: after its words, which are then seen first


@cache
def sprite_of() -> dict[str, str]:
    """Name of a pictogram → its sprite."""
    return {name: sprite for sprite in reversed(SPRITES) for name in _shapes(sprite)}


def with_shapes(html: str) -> str:
    """The page with the shapes that its `<use href="#sign-…">` point to, in alphabetical order, once each."""
    return html.replace(PLACE, _symbols(frozenset(_POINTED.findall(html))))


@cache
def _symbols(names: frozenset[str]) -> SafeString:
    shapes = (_shapes(sprite_of()[name])[name] for name in sorted(names))
    return mark_safe(f'<svg hidden aria-hidden="true">{"".join(shapes)}</svg>')  # noqa: S308  # our own files


@cache
def _shapes(sprite: str) -> dict[str, str]:
    text = (_IMAGES / f"{sprite}.svg").read_text(encoding="utf-8")
    return {
        shape[1]: shape[0].replace(f'id="{shape[1]}"', f'id="sign-{shape[1]}"', 1) for shape in _SHAPE.finditer(text)
    }
