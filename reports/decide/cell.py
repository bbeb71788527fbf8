"""A piece of an interval of one variable, with everything that is needed to decide a statement on it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

POINT = "point"
"""A single value: lower = upper."""
ORIGIN = "origin"
"""Every radius in [lower, upper] but 0, by expansions at the origin with proved remainders."""
MODEL = "model"
"""Every radius in [lower, upper], by the mean value theorem on models with proved errors."""
ALGEBRA = "algebra"
"""The whole domain at once, by exact signs of polynomials in its variables."""
ENCLOSURE = "enclosure"
"""Every value of a parameter of the weights in [lower, upper], by enclosures of both sides over it."""


@dataclass(frozen=True)
class Cell:
    """One piece of a cover. Neighbours share an end point; the radius 0 is a cell of its own.

    Both ends belong to it, except 0 for the method `ORIGIN`; models are made for the radii of the window.
    """

    lower: Fraction
    upper: Fraction
    method: str
    digits: int
    window: tuple[Fraction, Fraction] | None = None

    def as_json(self) -> dict[str, object]:
        """Return the cell with every number as exact text."""
        return {
            "lower": str(self.lower),
            "upper": str(self.upper),
            "method": self.method,
            "digits": self.digits,
            "window": None if self.window is None else [str(end) for end in self.window],
        }


@dataclass(frozen=True)
class Whole:
    """A whole domain, decided by `ALGEBRA`, and the place with irrational coordinates where it fails, if any."""

    domain: Mapping[str, str]
    place: Mapping[str, str] = field(default_factory=dict)
