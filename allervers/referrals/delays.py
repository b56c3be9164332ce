"""How long a partner takes, with those still waiting counted. Pure.

The median is Kaplan and Meier's ("Nonparametric estimation from incomplete observations", JASA 53, 1958): the first day on
which the share still waiting falls to one half or less. The mean is of those served only, and says so: alone it flatters.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Wait:
    """One person's days from the sending to being seen, or to today when she still waits; several who waited the same."""

    days: int
    served: bool
    people: int = 1


@dataclass(frozen=True)
class Delay:
    """`median` is None when fewer than half were served; `mean` when nobody was."""

    served: int
    waiting: int
    mean: float | None
    median: int | None
    longest_waiting: int | None


def observed(waits: Iterable[Wait]) -> Delay:
    """Mean of those served, Kaplan–Meier median of all, longest wait of those not yet served. Days."""
    rows = list(waits)
    served = sum(wait.people for wait in rows if wait.served)
    return Delay(
        served=served,
        waiting=sum(wait.people for wait in rows if not wait.served),
        mean=sum(wait.days * wait.people for wait in rows if wait.served) / served if served else None,
        median=median(rows),
        longest_waiting=max((wait.days for wait in rows if not wait.served), default=None),
    )


def curve(waits: Iterable[Wait]) -> list[tuple[int, float]]:
    """The share still waiting after each day on which someone was served; starts at (0, 1.0), never rises.

    Whoever stops being followed on a day is counted at risk on that day, as Kaplan and Meier do.
    """
    followed: Counter[int] = Counter()
    events: Counter[int] = Counter()
    for wait in waits:
        followed[wait.days] += wait.people
        events[wait.days] += wait.people if wait.served else 0
    share, points, at_risk = 1.0, [(0, 1.0)], followed.total()
    for day in sorted(followed):
        if events[day]:
            share *= (at_risk - events[day]) / at_risk
            points.append((day, share))
        at_risk -= followed[day]
    return points


def median(waits: Iterable[Wait]) -> int | None:
    """The Kaplan–Meier median in days; None when the curve never comes down to one half."""
    return next((day for day, share in curve(waits) if share <= 0.5 + 1e-12), None)
