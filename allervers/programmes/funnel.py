"""A funnel of people: each stage is the sum of its outcomes, the unknown one included. Pure.

A person has one place: `place` walks her line down the stages and leaves her at exactly one outcome of each stage she
reaches, so that people are conserved by construction; `Funnel` checks it again whoever built it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from allervers.core.rates import Rate


class Way(StrEnum):
    """Where an outcome leads."""

    ON = "on"  # to the next stage, or to a good end on the last one
    OUT = "out"  # out of the funnel, and why is known
    UNKNOWN = "unknown"  # not known, or not known yet


STAGES: dict[str, tuple[tuple[str, Way], ...]] = {
    "people": (
        ("need_appointment", Way.ON),
        ("equipment", Way.OUT),
        ("nothing", Way.OUT),
        ("left", Way.OUT),
        ("unknown", Way.UNKNOWN),
    ),
    "need_appointment": (
        ("referred", Way.ON),
        ("elsewhere", Way.OUT),
        ("refused", Way.OUT),
        ("nowhere", Way.OUT),
        ("unknown", Way.UNKNOWN),
    ),
    "referred": (
        ("came", Way.ON),
        ("did_not_come", Way.OUT),
        ("came_not_seen", Way.OUT),
        ("moved", Way.OUT),
        ("declined", Way.OUT),
        ("to_come", Way.UNKNOWN),
        ("unknown", Way.UNKNOWN),
    ),
    "came": (
        ("equipped", Way.ON),
        ("treated", Way.ON),
        ("nothing", Way.OUT),
        ("unknown", Way.UNKNOWN),
    ),
}


class NotConserved(ValueError):
    """A stage is not the sum of what led to it, or a count is negative."""


@dataclass(frozen=True)
class Line:
    """What is known of one person; an empty string is "not known". Values are those of `programmes.enums`."""

    arrival: str = "seen"  # waiting, seen, left
    result: str = ""  # nothing, appointment, equipment, urgent
    orientation: str = ""  # partner, elsewhere, refused, nowhere
    answer: str = ""  # came, did_not_come, came_not_seen, moved, declined, to_come
    outcome: str = ""  # equipped, treated, nothing
    delay_days: int | None = None  # from the screening to being seen, for who was
    waited_days: int | None = None  # from the screening until now, for who is referred and waits


def place(line: Line) -> list[tuple[str, str]]:
    """The stages that a person reached, each with the one outcome she has there."""
    first = _first(line)
    path = [("people", first)]
    if first != "need_appointment":
        return path
    oriented = "referred" if line.orientation == "partner" else _known("need_appointment", line.orientation)
    path.append(("need_appointment", oriented))
    if oriented != "referred":
        return path
    answered = _known("referred", line.answer)
    path.append(("referred", answered))
    if answered == "came":
        path.append(("came", _known("came", line.outcome)))
    return path


def _first(line: Line) -> str:
    if line.arrival == "left":
        return "left"
    if line.result in {"appointment", "urgent"}:
        return "need_appointment"
    if line.result == "equipment":  # equipped there and then, unless a partner was asked to do it
        return "need_appointment" if line.orientation == "partner" else "equipment"
    return "nothing" if line.result == "nothing" else "unknown"


def _known(stage: str, name: str) -> str:
    return name if any(name == outcome for outcome, _way in STAGES[stage]) else "unknown"


@dataclass(frozen=True)
class Outcome:
    name: str
    count: int
    way: Way


@dataclass(frozen=True)
class Stage:
    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def count(self) -> int:
        return sum(outcome.count for outcome in self.outcomes)

    def going(self, way: Way) -> int:
        return sum(outcome.count for outcome in self.outcomes if outcome.way == way)

    def outcome(self, name: str) -> int:
        return next(outcome.count for outcome in self.outcomes if outcome.name == name)


@dataclass(frozen=True)
class StageRate(Rate):
    """Of those at a stage, how many went the way that it is for."""

    name: str
    base: str


@dataclass(frozen=True)
class Funnel:
    """The four stages, in order. Raises `NotConserved` when people appear or vanish between two of them."""

    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        if any(outcome.count < 0 for stage in self.stages for outcome in stage.outcomes):
            raise NotConserved("a count is negative")
        for stage, after in zip(self.stages, self.stages[1:], strict=False):
            if stage.outcome(after.name) != after.count:
                raise NotConserved(f"{after.name}: {after.count}, where {stage.name} sends {stage.outcome(after.name)}")

    @cached_property
    def people(self) -> int:
        return self.stages[0].count

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    @property
    def unknown(self) -> int:
        """Those whose end is not known, at whatever stage they were lost."""
        return sum(stage.going(Way.UNKNOWN) for stage in self.stages)

    @property
    def ends(self) -> int:
        """Everyone, counted where she ends: equal to `people`."""
        out = sum(stage.going(Way.OUT) + stage.going(Way.UNKNOWN) for stage in self.stages)
        return out + self.stages[-1].going(Way.ON)

    def rates(self) -> list[StageRate]:
        """One rate a stage: who went on, among who reached it."""
        goals = {"people": "need_appointment", "need_appointment": "referred", "referred": "came", "came": "equipped"}
        return [
            StageRate(
                stage.outcome(goals[stage.name]), stage.count, stage.going(Way.UNKNOWN), goals[stage.name], stage.name
            )
            for stage in self.stages
        ]


def build(lines: Iterable[Line]) -> Funnel:
    """The funnel of these people. O(n), one pass."""
    found = Counter(step for line in lines for step in place(line))
    return Funnel(
        tuple(
            Stage(name, tuple(Outcome(outcome, found[name, outcome], way) for outcome, way in outcomes))
            for name, outcomes in STAGES.items()
        )
    )


@dataclass(frozen=True)
class Sessions:
    """Sessions planned (a number, or a range) and what became of them; the unknown are to come, or were never noted."""

    planned_min: int
    planned_max: int
    held: int
    not_held: int

    @property
    def unknown(self) -> tuple[int, int]:
        """At least and at most."""
        done = self.held + self.not_held
        return max(0, self.planned_min - done), max(0, self.planned_max - done)
