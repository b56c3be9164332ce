"""Days, hours and numbers as people say them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import formats, translation
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from allervers.core import dates

_NOUGHT_TO_TWELVE = (
    "zéro",
    "une",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
)


def day(value: date, *, weekday: bool = False, year: bool = False) -> str:
    """ "12 novembre", "1er novembre", "mardi 1er décembre": French says its firsts."""
    return dates.written(value, ("l " if weekday else "") + ("j F Y" if year else "j F"))


def number(value: int, *, feminine: bool = True) -> str:
    """In words up to twelve in French (feminine: persons; masculine: needs, hubs), else in figures."""
    if translation.get_language() == "fr" and value < len(_NOUGHT_TO_TWELVE):
        return _NOUGHT_TO_TWELVE[value] if feminine or value != 1 else "un"
    return formats.number_format(value)


def span(since: timedelta) -> str:
    """ "5 jours" under three weeks, then "23 semaines"."""
    days = max(since.days, 0)
    if days < 21:
        return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}
    return gettext("%(n)s semaines") % {"n": days // 7}


def listed(words: list[str]) -> str:
    """ "dents", "dents et repas", "dents, repas et logement"."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s et %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def capitals(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """A closed list's labels as answers of their own, each with its capital."""
    return [(value, capfirst(label)) for value, label in choices]
