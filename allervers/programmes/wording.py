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
    ("need_appointment", "unknown_came"): gettext_lazy("inconnues : pas orientées, ou orientées et pas vues"),
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


def outcome(stage_name: str, name: str, after: str = "") -> str:
    """An outcome of a stage; `after` is the stage that follows, where a document passes over some."""
    return str(OUTCOMES.get((stage_name, f"{name}_{after}")) or OUTCOMES.get((stage_name, name)) or _ANYWHERE[name])


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


COLUMNS: dict[str, Promise] = {
    "campaign": gettext_lazy("adresse courte de la campagne"),
    "on": gettext_lazy("JJ/MM/AAAA"),
    "hub": gettext_lazy("nom du pôle qui reçoit ; vide : hors les murs"),
    "ref": gettext_lazy("votre numéro de ligne, propre à la séance"),
    "code": gettext_lazy("un mot et un nombre ; jamais un nom"),
    "sex": gettext_lazy("F, H, autre ou vide"),
    "age": gettext_lazy("un âge, une tranche (45-64) ou vide"),
    "language": gettext_lazy("langue parlée"),
    "result": gettext_lazy("rien, rendez-vous, équipement, urgent, parti ou vide"),
    "referred_to": gettext_lazy("nom du partenaire, ou : partenaire, ailleurs, refus, nulle part, ou vide"),
    "agreement": gettext_lazy("oui si son accord sur papier est gardé"),
    "attended": gettext_lazy("oui, non, déplacé, refusé, venu pas vu, à venir ou vide"),
    "outcome": gettext_lazy("équipé, soigné, rien ou vide"),
    "delay": gettext_lazy("semaines entre dépistage et rendez-vous"),
    "seen_on": gettext_lazy("ou la date du rendez-vous tenu"),
}
