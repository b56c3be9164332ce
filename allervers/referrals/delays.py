"""How long a partner takes, with those still waiting counted. Pure.

The median is Kaplan and Meier's ("Nonparametric estimation from incomplete observations", JASA 53, 1958): the first day on
which the share still waiting falls to one half or less. The mean is of those served only, and says so: alone it flatters.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Wait:
    """One person's days from the sending to being seen, or to today when she still waits."""

    days: int
    served: bool


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
    served = [wait.days for wait in rows if wait.served]
    waiting = [wait.days for wait in rows if not wait.served]
    return Delay(
        served=len(served),
        waiting=len(waiting),
        mean=sum(served) / len(served) if served else None,
        median=median(rows),
        longest_waiting=max(waiting, default=None),
    )


def curve(waits: Iterable[Wait]) -> list[tuple[int, float]]:
    """The share still waiting after each day on which someone was served; starts at (0, 1.0), never rises.

    Whoever stops being followed on a day is counted at risk on that day, as Kaplan and Meier do.
    """
    rows = sorted(waits, key=lambda wait: wait.days)
    share, points, at_risk, index = 1.0, [(0, 1.0)], len(rows), 0
    while index < len(rows):
        day = rows[index].days
        same = [wait for wait in rows[index:] if wait.days == day]
        events = sum(wait.served for wait in same)
        if events:
            share *= (at_risk - events) / at_risk
            points.append((day, share))
        at_risk -= len(same)
        index += len(same)
    return points


def median(waits: Iterable[Wait]) -> int | None:
    """The Kaplan–Meier median in days; None when the curve never comes down to one half."""
    return next((day for day, share in curve(waits) if share <= 0.5 + 1e-12), None)
