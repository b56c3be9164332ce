"""What a call is named, in the reader's language: said the same on the board, to the team and in the feed."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from allervers.core.languages import LANGUAGES
from allervers.needs.enums import Category
from allervers.relief.enums import CallKind

_PLAIN: dict[str, str | Promise] = {
    CallKind.TRUCK: gettext_lazy("Un camion"),
    CallKind.FOOD: gettext_lazy("De la nourriture"),
    CallKind.VISIT: gettext_lazy("Rendre visite à des voisins"),
    CallKind.PHONE: gettext_lazy("Appeler des voisins"),
    CallKind.MONEY: gettext_lazy("De l’argent"),
    CallKind.OTHER: gettext_lazy("Un coup de main"),
}
NEEDED: dict[str, str | Promise] = {
    Category.FOOD: gettext_lazy("Porter des repas"),
    Category.TRANSPORT: gettext_lazy("Accompagner en voiture"),
    Category.ISOLATION: gettext_lazy("Rendre visite, appeler"),
    Category.DIGITAL: gettext_lazy("Aider avec internet"),
    Category.FRENCH: gettext_lazy("Parler français ensemble"),
}


def title(kind: str, *, missing: int = 1, meals: int | None = None, language: str = "", category: str = "") -> str:
    """ "2 personnes qui conduisent", "Quelqu’un qui parle soninké", "Une cuisine pour 80 repas"."""
    if category:
        return str(NEEDED[category])
    if kind == CallKind.DRIVER:
        n = max(missing, 1)
        return ngettext("%(n)s personne qui conduit", "%(n)s personnes qui conduisent", n) % {"n": n}
    if kind == CallKind.KITCHEN:
        return _("Une cuisine pour %(meals)s repas") % {"meals": meals} if meals else _("Une cuisine")
    if kind == CallKind.LANGUAGE:
        return _("Quelqu’un qui parle %(language)s") % {"language": language_name(language)}
    if kind == CallKind.VOICE:
        return _("Votre voix en %(language)s") % {"language": language_name(language)} if language else _("Votre voix")
    return str(_PLAIN[kind])


def otherwise(kind: str, meals: int | None) -> str:
    """What happens if nobody comes, when it is known."""
    if not meals or kind not in (CallKind.DRIVER, CallKind.TRUCK, CallKind.KITCHEN):
        return ""
    return ngettext("Sinon, %(n)s repas ne part pas.", "Sinon, %(n)s repas ne partent pas.", meals) % {"n": meals}


def language_name(code: str) -> str:
    """In French to who reads French, else as its own speakers write it."""
    language = LANGUAGES.get(code)
    if language is None:
        return code
    return language.french if (get_language() or "fr").startswith("fr") else language.autonym
