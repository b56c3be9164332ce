"""How stages, outcomes and precisions are said, in sentences whole enough to be translated."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.programmes.declared import OBTAINED

STAGES: dict[str, Promise] = {
    "people": gettext_lazy("venues au dépistage"),
    "need_appointment": gettext_lazy("ont besoin d’un rendez-vous"),
    "referred": gettext_lazy("orientées"),
    OBTAINED: gettext_lazy("rendez-vous obtenus"),
    "came": gettext_lazy("venues au rendez-vous"),
    "equipped": gettext_lazy("équipées"),
}
OUTCOMES: dict[tuple[str, str], Promise] = {
    ("people", "equipment"): gettext_lazy("équipées sur place"),
    ("people", "nothing"): gettext_lazy("n’ont besoin de rien"),
    ("people", "no_appointment"): gettext_lazy("n’en ont pas besoin"),
    ("people", "left"): gettext_lazy("parties sans être vues"),
    ("people", "unknown"): gettext_lazy("inconnues : résultat pas noté"),
    ("need_appointment", "elsewhere"): gettext_lazy("orientées ailleurs"),
    ("need_appointment", "refused"): gettext_lazy("n’ont pas souhaité"),
    ("need_appointment", "nowhere"): gettext_lazy("pas orientées"),
    ("need_appointment", "unknown"): gettext_lazy("inconnues : ni orientation, ni refus notés"),
    ("referred", "did_not_come"): gettext_lazy("pas venues"),
    ("referred", "came_not_seen"): gettext_lazy("venues, pas vues"),
    ("referred", "moved"): gettext_lazy("rendez-vous déplacé"),
    ("referred", "declined"): gettext_lazy("refusées par le partenaire"),
    ("referred", "to_come"): gettext_lazy("rendez-vous à venir"),
    ("referred", "unknown"): gettext_lazy("inconnues : manqué, déplacé ou jamais fixé"),
    (OBTAINED, "unknown"): gettext_lazy("inconnues : manqué ou déplacé"),
    ("came", "treated"): gettext_lazy("sont soignées"),
    ("came", "nothing"): gettext_lazy("n’avaient rien à faire"),
    ("came", "unknown"): gettext_lazy("inconnues : équipées ailleurs, ou sans suite"),
}
_ANYWHERE: dict[str, Promise] = {  # a document may pass over stages: what goes on is said the same
    "need_appointment": gettext_lazy("ont besoin d’un rendez-vous"),
    "referred": gettext_lazy("sont orientées"),
    OBTAINED: gettext_lazy("ont obtenu un rendez-vous"),
    "came": gettext_lazy("sont venues au rendez-vous"),
    "equipped": gettext_lazy("sont équipées"),
    "unknown": gettext_lazy("inconnues"),
}
BASES: dict[str, Promise] = {
    "people": gettext_lazy("personnes venues"),
    "need_appointment": gettext_lazy("personnes qui ont besoin d’un rendez-vous"),
    "referred": gettext_lazy("personnes orientées"),
    OBTAINED: gettext_lazy("rendez-vous obtenus"),
}


def stage(name: str) -> str:
    return str(STAGES[name])


def outcome(stage_name: str, name: str) -> str:
    return str(OUTCOMES.get((stage_name, name)) or _ANYWHERE[name])


def number(value: float | None, precision: str = "exact") -> str:
    """A count with what its document said of it."""
    if value is None:
        return _("inconnu")
    shown = f"{value:g}".replace(".", ",")
    if precision == "at_least":
        return _("au moins %(number)s") % {"number": shown}
    if precision == "at_most":
        return _("%(number)s au plus") % {"number": shown}
    if precision == "about":
        return _("environ %(number)s") % {"number": shown}
    return shown


def percent(value: float | None) -> str:
    return "" if value is None else _("%(number)s %%") % {"number": round(100 * value)}


def span(low: int | None, high: int | None) -> str:
    """A number, or a range."""
    if low is None:
        return _("inconnu")
    if high is None or high == low:
        return str(low)
    return _("%(low)s à %(high)s") % {"low": low, "high": high}
