"""A past campaign as its document tells it: quantities that stay "at least" or "about", rates whose base may be unknown.

Nobody is invented: what lies between two declared figures is a remainder with its bounds. Pure.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

COUNTS = ("planned", "held", "people", "need_appointment", "referred", "came", "equipped")
RATES = ("need_rate", "kept_rate")
PEOPLE = ("people", "need_appointment", "referred", "came", "equipped")  # each among the one before
RATE_OF = {"need_rate": "need_appointment", "kept_rate": "came"}
BASES = {"need_rate": ("people",), "kept_rate": ("referred", "need_appointment")}
OBTAINED = "appointments_obtained"  # a stage that documents pass over between "referred" and "came"


@dataclass(frozen=True)
class Figure:
    """One declared figure. `precision`: exact, at_least, about, unknown; a range has `value_max`."""

    value: float | None
    value_max: float | None = None
    precision: str = "exact"
    base: str = ""


@dataclass(frozen=True)
class Quantity:
    """A whole number known between two bounds (`high` None: not known); `about` says that the document was not sure."""

    low: int
    high: int | None
    about: bool = False

    @property
    def precision(self) -> str:
        if self.high is None:
            return "at_least" if self.low else "unknown"
        if self.low == self.high:
            return "about" if self.about else "exact"
        return "at_most" if self.low == 0 else "range"

    def within(self, whole: "Quantity") -> "Quantity":
        """The same, knowing that it cannot pass the whole it is a part of."""
        if whole.high is None:
            return self
        high = whole.high if self.high is None else min(self.high, whole.high)
        return Quantity(self.low, max(self.low, high), self.about)

    def minus(self, part: "Quantity") -> "Quantity":
        """What remains of this whole beside that part."""
        part = part.within(self)
        low = 0 if part.high is None else max(0, self.low - part.high)
        return Quantity(low, None if self.high is None else max(0, self.high - part.low), self.about or part.about)


@dataclass(frozen=True)
class Part:
    """What leaves a stage one way. `precision` is as the document said it, before its whole bounded it."""

    name: str
    quantity: Quantity
    way: str  # on, out, unknown: as in `funnel.Way`
    precision: str

    @property
    def count(self) -> int | None:
        """One number to print: the least of what is said, the most of what remains; together they make the whole."""
        return self.quantity.low if self.way == "on" else self.quantity.high


@dataclass(frozen=True)
class DeclaredStage:
    """A stage as declared: its outcomes are what the document says, and the remainder."""

    name: str
    quantity: Quantity
    precision: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Candidate:
    """A whole numerator over a whole denominator that rounds to the declared rate."""

    numerator: int
    denominator: int
    base: str


@dataclass(frozen=True)
class Fault:
    """Two declared figures that cannot both be true."""

    name: str
    other: str


def quantity(figure: Figure | None) -> Quantity:
    """What a declared count means."""
    if figure is None or figure.value is None or figure.precision == "unknown":
        return Quantity(0, None)
    low = round(figure.value)
    if figure.precision == "at_least":
        return Quantity(low, None)
    return Quantity(low, low if figure.value_max is None else round(figure.value_max), figure.precision == "about")


def rounds_to(numerator: int, denominator: int, figure: Figure) -> bool:
    """Whether n/d is the declared percentage once rounded (halves either way); "about" is one unit laxer."""
    if figure.value is None or denominator == 0:
        return False
    declared = Fraction(str(figure.value))
    unit = Fraction(1, 10 ** len(str(figure.value).partition(".")[2].rstrip("0")))
    slack = unit / 2 + (unit if figure.precision == "about" else 0)
    return abs(Fraction(100 * numerator, denominator) - declared) <= slack


def candidates(name: str, figures: Mapping[str, Figure]) -> list[Candidate]:
    """Every (n, d) that rounds to the rate `name`: over its base, or over each plausible base when that is unknown.

    Besides the declared stages, an unknown base may be the appointments obtained: any number up to the people referred,
    with at least as many kept as were equipped in the end. Likeliest first. O(referred).
    """
    figure = figures.get(name)
    if figure is None or figure.value is None or figure.precision == "at_least":
        return []
    bases = [figure.base] if figure.base else [base for base in BASES[name] if base in figures]
    least = quantity(figures.get("equipped")).low if name == "kept_rate" else 0
    found = []
    for base in bases:
        whole = quantity(figures.get(base))
        for total in range(whole.low, (whole.high or whole.low) + 1):
            found += [Candidate(part, total, base) for part in _numerators(total, figure, least)]
    if name == "kept_rate" and not figure.base and "referred" in figures:
        top = quantity(figures["referred"]).low
        for total in range(top - 1, max(least, 1) - 1, -1):
            found += [Candidate(part, total, OBTAINED) for part in _numerators(total, figure, least)]
    return found


def _numerators(total: int, figure: Figure, least: int) -> list[int]:
    near = round(total * (figure.value or 0) / 100)
    window = range(max(least, near - 2 - total // 50), min(total, near + 2 + total // 50) + 1)
    return [part for part in window if rounds_to(part, total, figure)]


def stages(figures: Mapping[str, Figure], scenario: Candidate | None = None) -> list[DeclaredStage]:
    """The declared stages in order, each with what goes on and its remainder; `scenario` supposes a base for the rate."""
    known = {name: quantity(figures[name]) for name in PEOPLE if name in figures}
    if scenario is not None:
        known["came"] = Quantity(scenario.numerator, scenario.numerator)
        if (
            scenario.base == "need_appointment"
        ):  # over all who needed one: the people referred are no stage of this story
            known.pop("referred", None)
        if scenario.base == OBTAINED:
            known[OBTAINED] = Quantity(scenario.denominator, scenario.denominator)
    order = ("people", "need_appointment", "referred", OBTAINED, "came", "equipped")
    chain = [(name, known[name]) for name in order if name in known]
    found: list[DeclaredStage] = []
    for (name, said), (after, following) in itertools.pairwise(chain):
        whole = found[-1].parts[0].quantity if found else said
        part = following.within(whole)
        rest = whole.minus(part)
        parts = [Part(after, part, "on", following.precision)]
        # Who was screened and needed no appointment is told by the very figure; elsewhere the rest is unknown.
        if (name, after) == ("people", "need_appointment"):
            parts.append(Part("no_appointment", rest, "out", rest.precision))
            rest = Quantity(0, 0)
        parts.append(Part("unknown", rest, "unknown", rest.precision))
        found.append(DeclaredStage(name, whole, said.precision, tuple(parts)))
    return found


def unknown_total(found: list[DeclaredStage]) -> Quantity:
    """Those whose end the document does not tell: the first stage's people, less the known ways out and the last part."""
    if not found:
        return Quantity(0, None)
    total = found[0].quantity
    for stage in found:
        for part in stage.parts:
            if part.way == "out":
                total = total.minus(part.quantity)
    return total.minus(found[-1].parts[0].quantity)


def faults(figures: Mapping[str, Figure]) -> list[Fault]:
    """Pairs of figures that contradict each other: a part larger than its whole, a rate that its own base refutes."""
    found = []
    present = [name for name in PEOPLE if name in figures]
    for whole, part in itertools.pairwise(present):
        high = quantity(figures[whole]).high
        if high is not None and quantity(figures[part]).low > high and figures[whole].precision != "about":
            found.append(Fault(part, whole))
    planned, held = quantity(figures.get("planned")), quantity(figures.get("held"))
    if planned.high is not None and held.low > planned.high and "held" in figures:
        found.append(Fault("held", "planned"))
    found += [Fault(name, RATE_OF[name]) for name in RATES if name in figures and _refuted(name, figures)]
    return found


def _refuted(name: str, figures: Mapping[str, Figure]) -> bool:
    """Whether a rate is not the one of its own two numbers, when both are exact."""
    part, whole = figures.get(RATE_OF[name]), figures.get(figures[name].base)
    if part is None or whole is None or part.value is None or whole.value is None:
        return False
    if {part.precision, whole.precision} != {"exact"} or part.value_max or whole.value_max:
        return False
    return not rounds_to(round(part.value), round(whole.value), figures[name])
