"""Reads across campaigns: a campaign's funnel from its lines, or from what it declares, as one plain structure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from allervers.accounts.rules import Viewer
from allervers.programmes import declared, follow_up, rules, wording
from allervers.programmes.enums import Form
from allervers.programmes.funnel import Funnel, Line, Sessions, StageRate, build, place
from allervers.programmes.models import Action, Attendance, DeclaredFigure, Session
from allervers.referrals.delays import Wait, observed


@dataclass(frozen=True)
class Followed:
    """A campaign of lines as someone may count it."""

    funnel: Funnel
    sessions: Sessions
    counted_whole: int  # people of sessions where nobody was listed: their result is unknown
    waits: list[Wait]


def followed(campaign: Action, viewer: Viewer | None = None) -> Followed:
    """The funnel of a campaign's lines: those that the viewer counts, or all for the command line. Four queries."""
    if viewer is None:
        attendances, sessions = Attendance.objects.filter(session__action=campaign), campaign.sessions.all()
    else:
        attendances = rules.counted_for(viewer).filter(session__action=campaign)
        sessions = rules.counted_sessions_for(viewer).filter(action=campaign)
    lines = [follow_up.line_of(row) for row in loaded(attendances)]
    held = list(sessions.values_list("held", "head_count"))
    whole = sum(count or 0 for _held, count in held)
    planned = campaign.planned_min if viewer is None or _sees_all(viewer, campaign, len(held)) else None
    low = len(held) if planned is None else planned
    high = low if planned is None else campaign.planned_max or planned
    return Followed(
        funnel=build([*lines, *[Line(arrival="waiting")] * whole]),
        sessions=Sessions(
            planned_min=low,
            planned_max=high,
            held=sum(1 for one, _count in held if one),
            not_held=sum(1 for one, _count in held if one is False),
        ),
        counted_whole=whole,
        waits=list(waits(lines)),
    )


def loaded(attendances: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """With what `follow_up.line_of` reads."""
    return attendances.select_related("referral", "session").order_by("session__starts_at", "session_id", "position")


def rows_at(attendances: QuerySet[Attendance], stage: str, outcome: str = "") -> list[Attendance]:
    """The lines behind one figure: those who reached a stage, and there had this outcome when one is given."""
    found = []
    for row in loaded(attendances).select_related("referral", "session__hub", "card__organisation"):
        steps = dict(place(follow_up.line_of(row)))
        if stage in steps and outcome in ("", steps[stage]):
            found.append(row)
    return found


def waits(lines: Iterable[Line]) -> Iterator[Wait]:
    """Days from the screening to being seen, and those of who is referred and still waits."""
    for line in lines:
        if line.delay_days is not None:
            yield Wait(line.delay_days, served=True)
        elif line.waited_days is not None:
            yield Wait(line.waited_days, served=False)


def figures_of(campaign: Action) -> dict[str, declared.Figure]:
    """What a past campaign declares."""
    rows = DeclaredFigure.objects.filter(action=campaign).order_by("position")
    return {row.name: declared.Figure(row.value, row.value_max, row.precision, row.base) for row in rows}


def declared_people(campaigns: Iterable[Action]) -> dict[UUID, int]:
    """How many people each past campaign declares, where it does. One query."""
    rows = DeclaredFigure.objects.filter(action__in=list(campaigns), name="people", value__isnull=False)
    return {row.action_id: round(row.value or 0) for row in rows}


def funnel_data(campaign: Action, viewer: Viewer | None = None) -> dict[str, Any]:
    """A campaign's funnel as plain data: each stage with its count and its outcomes, unknown included."""
    head = {
        "slug": campaign.slug,
        "name": campaign.name,
        "kind": campaign.kind,
        "form": campaign.form,
        "year": campaign.year,
        "source": campaign.source,
    }
    if campaign.form == Form.DECLARED:
        return head | _declared_data(figures_of(campaign))
    return head | _followed_data(followed(campaign, viewer))


def _followed_data(found: Followed) -> dict[str, Any]:
    delay, unknown = observed(found.waits), found.sessions.unknown
    return {
        "sessions": {
            "planned": {"min": found.sessions.planned_min, "max": found.sessions.planned_max},
            "held": found.sessions.held,
            "not_held": found.sessions.not_held,
            "unknown": {"min": unknown[0], "max": unknown[1]},
        },
        "stages": [
            {
                "name": stage.name,
                "label": wording.stage(stage.name),
                "count": stage.count,
                "outcomes": [
                    {
                        "name": one.name,
                        "label": wording.outcome(stage.name, one.name),
                        "count": one.count,
                        "way": one.way.value,
                    }
                    for one in stage.outcomes
                ],
            }
            for stage in found.funnel.stages
        ],
        "rates": [_rate(rate) for rate in found.funnel.rates()],
        "delay": {
            "mean_days": delay.mean,
            "mean_weeks": None if delay.mean is None else round(delay.mean / 7, 1),
            "median_days": delay.median,
            "served": delay.served,
            "waiting": delay.waiting,
            "longest_waiting_days": delay.longest_waiting,
        },
        "unknown": found.funnel.unknown,
        "counted_whole": found.counted_whole,
    }


def _rate(rate: StageRate) -> dict[str, Any]:
    bounds, interval = rate.bounds, rate.wilson
    return {
        "name": rate.name,
        "base": rate.base,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "unknown": rate.unknown,
        "value": _rounded(rate.value),
        "low": _rounded(bounds[0]) if bounds else None,
        "high": _rounded(bounds[1]) if bounds else None,
        "interval_95": [_rounded(end) for end in interval] if interval else None,
    }


def _declared_data(figures: dict[str, declared.Figure]) -> dict[str, Any]:
    planned, held = (declared.quantity(figures.get(name)) for name in ("planned", "held"))
    kept = declared.candidates("kept_rate", figures)
    plain = declared.stages(figures)
    unknown = declared.unknown_total(plain)
    rest = planned.minus(held)
    delay = figures.get("mean_delay_weeks")
    return {
        "sessions": {
            "planned": {"min": planned.low if "planned" in figures else None, "max": planned.high},
            "held": held.low if held.high is not None else None,
            "not_held": None,
            "unknown": {"min": rest.low, "max": rest.high},
        },
        "figures": [
            {
                "name": name,
                "value": figure.value,
                "value_max": figure.value_max,
                "precision": figure.precision,
                "base": figure.base or None,
            }
            for name, figure in figures.items()
        ],
        "stages": _declared_stages(plain),
        "rates": [
            {
                "name": name,
                "declared_percent": figure.value,
                "precision": figure.precision,
                "base": figure.base or None,
                "base_unknown": not figure.base,
                "candidates": [
                    {"numerator": one.numerator, "denominator": one.denominator, "base": one.base}
                    for one in declared.candidates(name, figures)
                ],
            }
            for name in declared.RATES
            if (figure := figures.get(name)) is not None
        ],
        "scenarios": [
            {
                "base": one.base,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "stages": _declared_stages(declared.stages(figures, one)),
            }
            for one in kept
            if one.base != declared.OBTAINED
        ],
        "delay": {
            "declared_mean_weeks": delay.value if delay else None,
            "precision": delay.precision if delay else None,
        },
        "unknown": {"min": unknown.low, "max": unknown.high},
    }


def _declared_stages(found: list[declared.DeclaredStage]) -> list[dict[str, Any]]:
    return [
        {
            "name": stage.name,
            "label": wording.stage(stage.name),
            "count": stage.quantity.low,
            "precision": stage.precision,
            "outcomes": [
                {
                    "name": part.name,
                    "label": wording.outcome(stage.name, part.name, after=stage.parts[0].name),
                    "count": part.count,
                    "low": part.quantity.low,
                    "high": part.quantity.high,
                    "precision": part.precision,
                    "way": part.way,
                }
                for part in stage.parts
            ],
        }
        for stage in found
    ]


def _sees_all(viewer: Viewer, campaign: Action, seen: int) -> bool:
    """Whether the campaign's plan speaks of the sessions that the viewer counts."""
    return viewer.coordinates or not viewer.sees_people or Session.objects.filter(action=campaign).count() == seen


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
