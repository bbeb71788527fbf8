"""Intervals that variables range over, and points of a box of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from emtheory.reports.language.sample_points import INNER_POINTS, sample_points

_MAX_CORNERS = 16
"""Of a box of four variables. Their number doubles with each variable: of a box of five or more only the lower and the
upper corner are tried."""


@dataclass(frozen=True)
class Span:
    """The real numbers from `lower` to `upper`, each end belonging to it unless it is open."""

    lower: Fraction
    upper: Fraction
    open_lower: bool = False
    open_upper: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it has no number."""
        return self.lower > self.upper or (self.lower == self.upper and (self.open_lower or self.open_upper))

    @property
    def closed(self) -> bool:
        """Whether both ends belong to it."""
        return not (self.open_lower or self.open_upper)

    def __contains__(self, value: Fraction) -> bool:
        above = value > self.lower or (value == self.lower and not self.open_lower)
        return above and (value < self.upper or (value == self.upper and not self.open_upper))

    def __str__(self) -> str:
        return f"{'(' if self.open_lower else '['}{self.lower}, {self.upper}{')' if self.open_upper else ']'}"

    def restricted(self, operator: str, bound: Fraction) -> "Span":
        """Return the part where x < bound, x <= bound, x > bound, x >= bound or x == bound, as `operator` says."""
        span = self
        if operator in ("<", "<=", "==") and bound <= span.upper:
            span = replace(span, upper=bound, open_upper=operator == "<" or (span.open_upper and bound == span.upper))
        if operator in (">", ">=", "==") and bound >= span.lower:
            span = replace(span, lower=bound, open_lower=operator == ">" or (span.open_lower and bound == span.lower))
        outside = (operator in ("<", "<=", "==") and bound < self.lower) or (
            operator in (">", ">=", "==") and bound > self.upper
        )
        return replace(self, upper=self.lower, open_upper=True) if outside else span


Point = Mapping[str, Fraction]


def points(spans: Mapping[str, Span]) -> Iterator[Point]:
    """Yield points of a box, the same for the same box: corners, the diagonal, and points spread inside.

    Those on an open end are left out.
    """
    ends = spans.values()
    columns = [sample_points(end.lower, end.upper) for end in ends]
    few = 2 ** len(columns) <= _MAX_CORNERS
    opposite = [column[:2] for column in columns]
    corners = product(*opposite) if few else zip(*opposite, strict=True)
    # Each variable takes the same steps, on the diagonal together, inside one after the other.
    shifted = [
        column[2 + 5 * i % INNER_POINTS :] + column[2 : 2 + 5 * i % INNER_POINTS] for i, column in enumerate(columns)
    ]
    for place in dict.fromkeys((*corners, *zip(*columns, strict=True), *zip(*shifted, strict=True))):
        if all(value in end for value, end in zip(place, ends, strict=True)):
            yield dict(zip(spans, place, strict=True))
