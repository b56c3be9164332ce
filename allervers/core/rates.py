"""A rate says what it stands on, and how far what is not known could move it."""

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Rate:
    """A part of a whole, with what is not known of it. `numerator + against + unknown == denominator`."""

    numerator: int
    denominator: int
    unknown: int

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The rate if no unknown counted, and if all did."""
        if not self.denominator:
            return None
        return self.numerator / self.denominator, (self.numerator + self.unknown) / self.denominator

    @property
    def wilson(self) -> tuple[float, float] | None:
        """Wilson's 95 % score interval (1927) for the rate; what a small base deserves."""
        if not self.denominator:
            return None
        n, p, z = self.denominator, self.numerator / self.denominator, 1.959964
        centre, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (centre - spread) / (1 + z * z / n)), min(1.0, (centre + spread) / (1 + z * z / n))
