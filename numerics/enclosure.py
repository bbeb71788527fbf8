"""An answer: an interval, and how far it can be trusted."""

import math
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.arithmetic.closed_form import Exact
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.level import Level


@dataclass(frozen=True)
class Enclosure:
    """The interval [lower, upper] for a real number, with its evidence.

    Attributes
    ----------
    lower, upper
        End points. From level `CERTIFIED` on the truth provably lies between them; below, they are an estimate.
    level
        The strength of the evidence.
    route
        The name of the route that made it: exact, ball, mp or float.
    exact
        The number itself when the level is `EXACT` and it is finite, else None.
    note
        What a reader must know about the evidence, e.g. how far a search went.
    at
        For an extremum over the ray, a radius at which it is attained (0: or approached) to the width of the
        interval; a proof of the interval starts from there.
    """

    lower: Bound
    upper: Bound
    level: Level
    route: str
    exact: Exact | None = None
    note: str = ""
    at: Fraction | None = None

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(f"empty enclosure: {self.lower} > {self.upper}")

    def __bool__(self) -> bool:
        raise TypeError("an enclosure has no truth value: compare its end points")

    @property
    def rigorous(self) -> bool:
        """Whether the end points provably contain the truth."""
        return self.level >= Level.CERTIFIED

    @property
    def midpoint(self) -> Bound:
        """The centre, or the infinite end point."""
        if isinstance(self.lower, float) or isinstance(self.upper, float):
            return self.lower if self.lower == self.upper else math.inf
        return (self.lower + self.upper) / 2

    def has_digits(self, digits: int) -> bool:
        """Whether every number in the interval agrees with the midpoint to `digits` significant digits."""
        if self.lower == self.upper:
            return True
        if isinstance(self.lower, float) or isinstance(self.upper, float):
            return False
        crosses_zero = self.lower < 0 < self.upper
        return not crosses_zero and (self.upper - self.lower) * 10**digits <= min(abs(self.lower), abs(self.upper))


def exact_enclosure(value: Exact, digits: int) -> Enclosure:
    """Enclose an exact number to at least `digits` significant digits, keeping the number itself."""
    lower, upper = value.enclose(digits)
    return Enclosure(lower, upper, Level.EXACT, "exact", exact=value)
