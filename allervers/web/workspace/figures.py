"""Figures of a hub or the network: the page, the rows behind each figure, the spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allervers.accounts.models import Network
from allervers.accounts.rules import Viewer
from allervers.core import clock, dates
from allervers.impact import counting, groups, publication, rules
from allervers.impact import figures as impact
from allervers.impact.publication import HIDDEN
from allervers.impact.roll import GROUPS
from allervers.needs.enums import Category, Outcome
from allervers.people.enums import AgeBand, Sex
from allervers.people.models import PersonCard
from allervers.people.rules import may_open
from allervers.referrals.enums import ReferralState
from allervers.web.request import viewer_of
from allervers.web.workspace import spreadsheet

GROUP_LABELS: dict[str, Promise] = {
    "active": gettext_lazy("File active"),
    "informed": gettext_lazy("Informées"),
    "oriented": gettext_lazy("Orientées"),
    "accompanied": gettext_lazy("Accompagnées"),
    "union": gettext_lazy("Au moins l’un des trois"),
}
NEIGHBOURHOODS = {
    "qpv": gettext_lazy("quartier prioritaire"),
    "rural": gettext_lazy("commune rurale"),
    "elsewhere": gettext_lazy("ailleurs"),
    "": gettext_lazy("non renseigné"),
}

_EARLIEST, _LATEST = 1990, 2200  # the years of a campaign


class PeriodForm(forms.Form):
    scope = forms.ChoiceField(label=gettext_lazy("Où"), required=False)
    start = forms.DateField(label=gettext_lazy("Du"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=gettext_lazy("Au"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("start"), data.get("end")
        if any(day and not _EARLIEST <= day.year <= _LATEST for day in (start, end)):
            raise forms.ValidationError(
                _("Choisissez des jours entre %(first)s et %(last)s.") % {"first": _EARLIEST, "last": _LATEST}
            )
        if start and end and end < start:
            raise forms.ValidationError(_("La fin vient avant le début. Échangez les deux dates."))
        return data


@dataclass(frozen=True)
class Asked:
    """What the address asks for: where, and from which day to which day included."""

    scope: rules.Scope
    start: date
    end: date
    form: PeriodForm
    in_full: bool

    @property
    def period(self) -> groups.Period:
        zone = ZoneInfo(self.scope.timezone)
        midnight = time.min
        return groups.Period(
            datetime.combine(self.start, midnight, zone), datetime.combine(self.end + timedelta(days=1), midnight, zone)
        )

    @property
    def query(self) -> str:
        scope = str(self.scope.hub_id or "")
        return urlencode({"scope": scope, "start": self.start.isoformat(), "end": self.end.isoformat()})

    @property
    def title(self) -> str:
        if self.start.year == self.end.year and (self.start.month, self.start.day) == (1, 1):
            month = formats.date_format(self.end, "F Y")
            return _("De janvier à %(month)s") % {"month": month}
        days = {"start": dates.written(self.start, "j F Y"), "end": dates.written(self.end, "j F Y")}
        return _("Du %(start)s au %(end)s") % days


def figures(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    asked = _asked(request, viewer)
    return render(request, "workspace/figures.html", _page(asked, viewer))


def figures_rows(request: HttpRequest) -> HttpResponse:
    """The rows that make one figure, by code; a link where the viewer may open the card or the need."""
    viewer = viewer_of(request)
    asked = _asked(request, viewer)
    if not asked.in_full:
        raise Http404
    name, _separator, value = request.GET.get("figure", "").partition(":")
    title, rows = _rows(name, value, asked)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    lines = [_line(name, row, viewer) for row in _loaded(name, page.object_list)]
    query = "&" + asked.query + "&" + urlencode({"figure": request.GET.get("figure", "")})
    context = {"asked": asked, "title": title, "page": page, "lines": lines, "query": query}
    return render(request, "workspace/figures_rows.html", context)


def figures_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same figures as a spreadsheet, one line a figure, with the definition's number beside."""
    viewer = viewer_of(request)
    asked = _asked(request, viewer)
    made = _read(asked, viewer)
    heads = [_("figure"), _("valeur"), _("détail"), _("nombre"), _("bas"), _("haut"), _("sur"), _("inconnus")]
    name = f"aller-vers-{asked.start}-{asked.end}"
    return spreadsheet.response(kind, name, heads, list(_export_lines(made)))


# --- reading the address ---------------------------------------------------------------------------------------------


def _asked(request: HttpRequest, viewer: Viewer) -> Asked:
    scopes = rules.scopes_for(viewer)
    if not scopes:
        raise Http404
    form = PeriodForm(request.GET or None)
    choices = [(str(scope.hub_id or ""), scope.name) for scope in scopes]
    form.fields["scope"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
    data = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if form.is_bound and "scope" in form.errors:
        raise Http404
    asked_hub = data.get("scope", "") if "scope" in request.GET else str(scopes[0].hub_id or "")
    scope = next((scope for scope in scopes if str(scope.hub_id or "") == asked_hub), scopes[0])
    today = clock.today(viewer.timezone)
    start = data.get("start") or date(today.year, 1, 1)
    end = data.get("end") or max(today, start)
    if not form.is_bound:
        form.initial = {"scope": asked_hub, "start": start, "end": end}
    return Asked(scope, start, end, form, rules.reads_in_full(viewer, scope))


def _read(asked: Asked, viewer: Viewer) -> impact.Figures:
    made = impact.figures(asked.scope, asked.period)
    if asked.in_full:
        return made
    threshold = Network.objects.values_list("publication_threshold", flat=True).get(pk=viewer.network_id)
    return publication.published(made, threshold)


# --- the page --------------------------------------------------------------------------------------------------------


def _page(asked: Asked, viewer: Viewer) -> dict[str, Any]:
    made = _read(asked, viewer)
    union = made.groups["active"]
    top = max(10, union.high)
    return {
        "asked": asked,
        "made": made,
        "groups": [(name, GROUP_LABELS[name], made.groups[name]) for name in GROUPS if name != "active"],
        "active": union,
        "strata": _strata(union),
        "bar": {"x": round(12 + 1084 * union.low / top), "end": round(12 + 1084 * union.high / top), "top": top},
        "rates": [
            (_("Besoins dont l’issue est connue"), made.known_outcome, ""),
            (_("Orientations où la personne a été reçue"), made.kept, "referral:seen"),
        ],
        "outcomes": _labelled(made.needs_by_outcome, {**dict(Outcome.choices), "open": _("encore ouvert")}),
        "categories": _labelled(made.needs_by_category, dict(Category.choices)),
        "states": _labelled(made.referrals_by_state, dict(ReferralState.choices)),
        "breakdowns": [
            (_("Sexe"), _breakdown(made, "sex", dict(Sex.choices))),
            (_("Âge"), _breakdown(made, "age_band", dict(AgeBand.choices))),
            (_("Où elles habitent"), _breakdown(made, "neighbourhood", NEIGHBOURHOODS)),
        ],
        "outcome_head": _("Issue"),
        "state_head": _("État"),
        "category_head": _("Besoin"),
        "heads": [str(GROUP_LABELS[name]) for name in GROUPS],
        "empty": made.visits == 0 and union.high == 0,
    }


def _strata(count: counting.Count) -> list[tuple[str, str, int]]:
    return [
        ("card", _("Avec fiche"), count.identified),
        ("code", _("Avec code"), count.coded),
        ("none", _("Sans nom"), count.anonymous),
    ]


def _labelled(tally: dict[str, int], labels: dict[str, Any]) -> list[tuple[str, str, int]]:
    """In the order of our lists, what is absent left out."""
    return [(name, str(label), tally[name]) for name, label in labels.items() if name in tally]


def _breakdown(made: impact.Figures, dimension: str, labels: dict[str, Any]) -> list[tuple[str, list[int]]]:
    table = made.breakdowns[dimension]
    return [
        (str(label), [table[value][group] for group in GROUPS]) for value, label in labels.items() if value in table
    ]


# --- the rows behind -------------------------------------------------------------------------------------------------


def _rows(name: str, value: str, asked: Asked) -> tuple[str, Any]:
    if name in GROUPS:
        return str(GROUP_LABELS[name]), groups.people_in(name, asked.scope, asked.period)
    if name == "need" and value in {*Outcome.values, "open"}:
        label = _("encore ouvert") if value == "open" else str(Outcome(value).label)
        rows = impact.needs_in(value, asked.scope, asked.period).select_related("card", "hub")
        return _("Besoins : %(outcome)s") % {"outcome": label}, rows
    if name == "referral" and value in {*ReferralState.values, "seen"}:
        label = _("reçue") if value == "seen" else str(ReferralState(value).label)
        rows_sent = impact.referrals_in(value, asked.scope, asked.period).select_related("card", "hub", "recipient")
        return _("Orientations : %(state)s") % {"state": label}, rows_sent
    raise Http404


def _loaded(name: str, page: Any) -> list[Any]:
    if name not in GROUPS:
        return list(page)
    cards = PersonCard.objects.select_related("hub").in_bulk(list(page))
    return [cards[card_id] for card_id in page]


@dataclass(frozen=True)
class RowLine:
    kind: str
    code: str
    what: str
    where: str
    day: datetime
    address: str
    pk: Any


def _line(name: str, row: Any, viewer: Viewer) -> RowLine:
    card = row if isinstance(row, PersonCard) else row.card
    opens = card is not None and may_open(viewer, card)
    kind = "none" if card is None else "card" if card.is_named else "code"
    code = card.code if card else _("sans nom")
    where = row.hub.name if row.hub else ""
    if name == "need":
        address = "workspace:need" if opens or viewer.coordinates else ""
        return RowLine(kind, code, row.get_category_display(), where, row.opened_at, address, row.pk)
    if name == "referral":
        address = "workspace:referral" if opens or viewer.coordinates else ""
        return RowLine(kind, code, row.recipient.name, where, row.sent_at, address, row.pk)
    return RowLine(kind, code, "", where, row.created_at, "workspace:person" if opens else "", row.pk)


# --- the spreadsheet -------------------------------------------------------------------------------------------------


def _export_lines(made: impact.Figures) -> Iterator[list[object]]:
    yield [_("passages"), "", "", made.visits, "", "", "", ""]
    for name, count in made.groups.items():
        yield [str(GROUP_LABELS[name]), _("personnes"), "", count.known, count.low, count.high, "", ""]
        for _kind, label, size in _strata(count):
            yield [str(GROUP_LABELS[name]), label, "", size, "", "", "", ""]
    rates = ((_("issue connue"), made.known_outcome), (_("reçues"), made.kept))
    for label, rate in rates:
        yield [_("taux"), label, "", rate.numerator, "", "", rate.denominator, rate.unknown]
    delay = made.delay
    mean = "" if delay.mean is None else round(delay.mean, 1)
    yield [_("délai en jours"), _("moyenne des reçues"), "", mean, "", "", delay.served, delay.waiting]
    median = "" if delay.median is None else delay.median
    yield [_("délai en jours"), _("médiane, attente comprise"), "", median, "", "", delay.served + delay.waiting, ""]
    tallies = (
        (_("besoins par issue"), made.needs_by_outcome, {**dict(Outcome.choices), "open": _("encore ouvert")}),
        (_("besoins par sujet"), made.needs_by_category, dict(Category.choices)),
        (_("orientations par état"), made.referrals_by_state, dict(ReferralState.choices)),
    )
    for title, tally, labels in tallies:
        for _name, label, size in _labelled(tally, labels):
            yield [title, label, "", _shown(size), "", "", "", ""]
    traits = (("sex", dict(Sex.choices)), ("age_band", dict(AgeBand.choices)), ("neighbourhood", NEIGHBOURHOODS))
    for dimension, names in traits:
        for label, sizes in _breakdown(made, dimension, names):
            for group, size in zip(GROUPS, sizes, strict=True):
                yield [str(GROUP_LABELS[group]), dimension, label, _shown(size), "", "", "", ""]


def _shown(size: int) -> object:
    return _("masqué") if size == HIDDEN else size
