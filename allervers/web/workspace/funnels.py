"""The funnel of a campaign: where each person went, the table beside, the rows behind each figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from allervers.accounts.rules import Viewer
from allervers.people import queries as persons
from allervers.programmes import declared, follow_up, queries, rules, wording
from allervers.programmes.enums import Answered, End, Form, Orientation, ScreeningResult
from allervers.programmes.funnel import STAGES
from allervers.programmes.models import Action, Attendance
from allervers.web.request import viewer_of
from allervers.web.workspace import spreadsheet
from allervers.web.workspace.funnel_drawing import Drawing, drawings

_LOOKS = {"on": "go", "out": "out", "unknown": "dont"}


@dataclass(frozen=True)
class Part:
    """One way out of a stage, as the page shows it."""

    count: str
    of: str  # " sur 90", for what goes on
    share: str  # "88 %"
    label: str
    look: str
    url: str
    drawing: dict[str, Drawing]
    is_empty: bool


@dataclass(frozen=True)
class Stage:
    count: str
    label: str
    parts: list[Part]

    @property
    def shown(self) -> list[Part]:
        """What someone went through; an unknown of nobody is said by the table."""
        return [part for part in self.parts if not part.is_empty]


@dataclass(frozen=True)
class Scenario:
    """The declared stages, supposing what an unknown base stands on."""

    title: str
    stages: list[Stage]


def funnel(request: HttpRequest, slug: str) -> HttpResponse:
    viewer = viewer_of(request)
    campaign = _campaign(viewer, slug)
    data = queries.funnel_data(campaign, viewer)
    opens_rows = campaign.form == Form.LINES and (viewer.sees_people or viewer.coordinates)
    scenarios = _scenarios(campaign, data, opens_rows)
    context = {
        "campaign": campaign,
        "data": data,
        "heading": _heading(data),
        "scenarios": scenarios,
        "first": scenarios[0],
        "others": scenarios[1:],
        "is_declared": campaign.form == Form.DECLARED,
        "is_empty": not data["stages"] or not data["stages"][0]["count"],
        "sessions": _sessions_sentence(data),
        "rates": [_rate_line(rate) for rate in data["rates"]],
        "delay": data["delay"],
        "delay_sentence": _delay_sentence(data["delay"]),
        "own_only": campaign.form == Form.LINES and viewer.sees_people,
        "may_edit": rules.may_edit(viewer, campaign),
    }
    return render(request, "workspace/funnel_page.html", context)


def funnel_rows(request: HttpRequest, slug: str) -> HttpResponse:
    """The lines that make one figure, by initials or code, for whoever may open their session."""
    viewer = viewer_of(request)
    campaign = _campaign(viewer, slug)
    stage, outcome = request.GET.get("etape", "people"), request.GET.get("suite", "")
    if stage not in STAGES or (outcome and outcome not in dict(STAGES[stage])) or campaign.form != Form.LINES:
        raise Http404
    rows = queries.rows_at(rules.attendances_for(viewer).filter(session__action=campaign), stage, outcome)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    lines = list(page.object_list)
    labels = persons.labels_for(viewer, [line.card for line in lines if line.card])
    context = {
        "campaign": campaign,
        "title": wording.outcome(stage, outcome) if outcome else wording.stage(stage),
        "page": page,
        "lines": [_line(line, labels) for line in lines],
        "query": "&" + urlencode({"etape": stage, "suite": outcome}),
    }
    return render(request, "workspace/funnel_rows.html", context)


def funnel_export(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The same count as a spreadsheet, a line an outcome."""
    viewer = viewer_of(request)
    campaign = _campaign(viewer, slug)
    data = queries.funnel_data(campaign, viewer)
    heads = [_("étape"), _("personnes"), _("suite"), _("nombre"), _("précision"), _("sens")]
    return spreadsheet.response(kind, f"entonnoir-{campaign.slug}", heads, _export_rows(data))


def _campaign(viewer: Viewer, slug: str) -> Action:
    return get_object_or_404(rules.actions_for(viewer).select_related("recipient"), slug=slug)


def _scenarios(campaign: Action, data: dict[str, Any], opens_rows: bool) -> list[Scenario]:
    """One funnel; for a rate whose base is unknown, one for each base that its document names."""
    url = reverse("workspace:funnel_rows", args=[campaign.slug]) if opens_rows else ""
    supposed = data.get("scenarios", [])
    if not supposed:
        return [Scenario("", _stages(data["stages"], url))]
    percent = next(rate["declared_percent"] for rate in data["rates"] if rate["name"] == "kept_rate")
    title = _("Si les %(percent)s %% portent sur %(base)s")
    return [
        Scenario(
            title % {"percent": wording.number(percent), "base": _over(one)} if len(supposed) > 1 else "",
            _stages(one["stages"], url),
        )
        for one in supposed
    ]


def _over(scenario: dict[str, Any]) -> str:
    names = {
        "referred": _("les %(n)s personnes orientées"),
        "need_appointment": _("les %(n)s qui ont besoin d’un rendez-vous"),
        "people": _("les %(n)s personnes venues"),
    }
    return names[scenario["base"]] % {"n": scenario["denominator"]}


def _stages(stages: list[dict[str, Any]], url: str) -> list[Stage]:
    whole = stages[0]["count"] if stages else 0
    return [
        Stage(
            count=wording.number(stage["count"], stage.get("precision", "exact")),
            label=stage["label"],
            parts=[_part(stage, one, whole, url) for one in stage["outcomes"]],
        )
        for stage in stages
    ]


def _part(stage: dict[str, Any], one: dict[str, Any], whole: int, url: str) -> Part:
    count, precision = one["count"], one.get("precision", "exact")
    goes_on = one["way"] == "on" and stage["count"]
    query = urlencode({"etape": stage["name"], "suite": one["name"]})
    return Part(
        count=wording.number(count, precision),
        of=_(" sur %(whole)s") % {"whole": stage["count"]} if goes_on else "",
        share=wording.percent((count or 0) / stage["count"]) if goes_on else "",
        label=one["label"],
        look=_LOOKS[one["way"]],
        url=f"{url}?{query}" if url and count else "",
        drawing=drawings(count or 0, whole),
        is_empty=not count,
    )


def _heading(data: dict[str, Any]) -> str:
    """The finding: from how many people to how many good ends, and how many ends are not known."""
    if not data["stages"] or not data["stages"][0]["count"]:
        return _("Personne n’a encore été reçu.")
    people = wording.number(data["stages"][0]["count"], data["stages"][0].get("precision", "exact"))
    last = data["stages"][-1]["outcomes"]
    good = [one for one in last if one["way"] == "on"]
    said = {
        "people": people,
        "good": wording.number(sum(one["count"] for one in good), good[0].get("precision", "exact")),
    }
    unknown = data["unknown"]
    most = unknown["max"] if isinstance(unknown, dict) else unknown
    is_treated = any(one["name"] == "treated" and one["count"] for one in good)
    if not most:
        return _("De %(people)s personnes à %(good)s : la fin de chacune est connue.") % said
    said["unknown"] = wording.number(most, "at_most" if isinstance(unknown, dict) else "exact")
    if is_treated:
        return (
            _("De %(people)s personnes à %(good)s équipées ou soignées : de %(unknown)s, on ne sait pas la fin.") % said
        )
    return _("De %(people)s personnes à %(good)s équipées : de %(unknown)s, on ne sait pas la fin.") % said


def _sessions_sentence(data: dict[str, Any]) -> str:
    sessions = data["sessions"]
    planned = wording.span(sessions["planned"]["min"], sessions["planned"]["max"])
    return _("Séances prévues : %(planned)s ; tenues : %(held)s.") % {
        "planned": planned,
        "held": wording.number(sessions["held"]),
    }


def _rate_line(rate: dict[str, Any]) -> dict[str, Any]:
    """A rate with what it stands on; a declared one with every division that gives it."""
    if "candidates" not in rate:
        return {
            "label": wording.outcome(rate["base"], rate["name"]),
            "numerator": rate["numerator"],
            "denominator": rate["denominator"],
            "value": wording.percent(rate["value"]),
            "unknown": rate["unknown"],
            "low": wording.percent(rate["low"]),
            "high": wording.percent(rate["high"]),
            "interval": [wording.percent(end) for end in rate["interval_95"] or []],
            "candidates": [],
            "base_unknown": False,
        }
    named = [one for one in rate["candidates"] if one["base"] != declared.OBTAINED]
    obtained = [one for one in rate["candidates"] if one["base"] == declared.OBTAINED]
    return {
        "label": wording.outcome("people", declared.RATE_OF[rate["name"]]),
        "value": _("%(n)s %%") % {"n": wording.number(rate["declared_percent"], rate["precision"])},
        "base_unknown": rate["base_unknown"],
        "base": wording.BASES[rate["base"]] if rate["base"] else "",
        "candidates": [_("%(n)s sur %(d)s") % {"n": one["numerator"], "d": one["denominator"]} for one in named],
        "obtained": [_("%(n)s sur %(d)s") % {"n": one["numerator"], "d": one["denominator"]} for one in obtained],
    }


def _delay_sentence(delay: dict[str, Any]) -> str:
    if "declared_mean_weeks" in delay:
        if delay["declared_mean_weeks"] is None:
            return ""
        said = wording.number(delay["declared_mean_weeks"], delay["precision"])
        return _(
            "Délai moyen annoncé : %(weeks)s semaines. Il ne compte que les rendez-vous obtenus ; "
            "les personnes qui attendaient encore n’y sont pas."
        ) % {"weeks": said}
    if not delay["served"]:
        return ""
    mean = wording.number(delay["mean_weeks"])
    if delay["median_days"] is None:
        return _(
            "Délai moyen des %(served)s personnes vues : %(mean)s semaines. "
            "Moins de la moitié a été vue : la médiane de toutes n’est pas encore atteinte."
        ) % {"served": delay["served"], "mean": mean}
    return _(
        "Délai moyen des %(served)s personnes vues : %(mean)s semaines. "
        "En comptant aussi les %(waiting)s pas encore vues : %(median)s semaines pour la moitié (Kaplan-Meier)."
    ) % {
        "served": delay["served"],
        "mean": mean,
        "waiting": delay["waiting"],
        "median": wording.number(round(delay["median_days"] / 7, 1)),
    }


def _line(line: Attendance, labels: dict[Any, str]) -> dict[str, Any]:
    found = follow_up.line_of(line)
    kinds = {"identified": "card", "coded": "code", "anonymous": "none"}
    return {
        "kind": kinds[line.stratum] if line.card else "none",
        "label": labels[line.card.id] if line.card else _("Sans nom %(n)s") % {"n": line.position},
        "session": line.session,
        "position": line.position,
        "result": ScreeningResult(line.result).label if line.result else "",
        "orientation": Orientation(found.orientation).label if found.orientation else "",
        "answer": Answered(found.answer).label if found.answer else "",
        "outcome": End(found.outcome).label if found.outcome else "",
    }


def _export_rows(data: dict[str, Any]) -> Iterator[list[object]]:
    for stage in data["stages"]:
        for one in stage["outcomes"]:
            precision = one.get("precision", "exact")
            yield [stage["label"], stage["count"], one["label"], one["count"], precision, one["way"]]
