"""The pictograms: which of the two sprites holds each, which point somewhere, and what the team calls those it chooses from."""

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_IMAGES = Path(__file__).parent / "static/img"
SPRITES = ("frame", "needs")  # `frame` is on every page of the residents' app; `needs` only where something is chosen
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


_SYMBOL = "{http://www.w3.org/2000/svg}symbol"


@cache
def sprite_of() -> dict[str, str]:
    """Name of a pictogram → its sprite."""
    return {name: sprite for sprite in reversed(SPRITES) for name in _read(sprite)}


def symbol(name: str) -> ElementTree.Element:
    """The shape itself, for a page that can read no other file."""
    return _read(sprite_of()[name])[name]


@cache
def _read(sprite: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.parse(_IMAGES / f"{sprite}.svg")  # noqa: S314  # our own file
    return {shape.attrib["id"]: shape for shape in root.iter(_SYMBOL)}
