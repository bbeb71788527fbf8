"""Intervals that variables range over, and points of a box of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

INNER_POINTS = 16
"""Beside the ends; an even number, for two kinds. A choice: each point costs an evaluation of the statement, and what
fails between all of them goes unseen."""

_MAX_CORNERS = 16
"""Of a box of four variables. Their number doubles with each variable: of a box of five or more only the lower and the
upper corner are tried."""

Point = Mapping[str, Fraction]


def sample_points(lower: Fraction, upper: Fraction) -> tuple[Fraction, ...]:
    """Return the ends and 16 points between, worth trying in this order: half of them are near the lower end."""
    # 610/987 is a convergent of the golden ratio's reciprocal: its multiples modulo 1 fill the interval evenly.
    spread = [Fraction(610 * i, 987) % 1 for i in range(1, INNER_POINTS // 2 + 1)]
    near = [Fraction(1, 2 ** (i + 1)) for i in range(1, INNER_POINTS // 2 + 1)]
    return (lower, upper, *sorted(lower + (upper - lower) * fraction for fraction in (*spread, *near)))


@dataclass(frozen=True)
class Span:
    """The real numbers from `lower` to `upper`, each end belonging to it unless it is open.

    An infinite upper end is None, and does not belong to it.
    """

    lower: Fraction
    upper: Fraction | None
    open_lower: bool = False
    open_upper: bool = False

    @property
    def top(self) -> Fraction:
        """The upper end; ValueError if it is infinite."""
        if self.upper is None:
            raise ValueError("the interval has no upper end")
        return self.upper

    @property
    def is_empty(self) -> bool:
        """Whether it has no number."""
        if self.upper is None:
            return False
        return self.lower > self.upper or (self.is_single and (self.open_lower or self.open_upper))

    @property
    def is_single(self) -> bool:
        """Whether both ends are the same number."""
        return self.lower == self.upper

    @property
    def middle(self) -> Fraction:
        """The number half-way, or 1 above the lower end where the upper one is infinite."""
        return self.lower + 1 if self.upper is None else self.lower + (self.upper - self.lower) / 2

    def __contains__(self, value: Fraction) -> bool:
        above = value > self.lower or (value == self.lower and not self.open_lower)
        return above and (self.upper is None or value < self.upper or (value == self.upper and not self.open_upper))

    def __str__(self) -> str:
        if self.upper is None:
            return f"{'(' if self.open_lower else '['}{self.lower}, inf)"
        return f"{'(' if self.open_lower else '['}{self.lower}, {self.upper}{')' if self.open_upper else ']'}"

    def holds_inside(self, value: Fraction) -> bool:
        """Whether a number lies between the ends and is none of them."""
        return value > self.lower and (self.upper is None or value < self.upper)

    def part(self, lower: Fraction, upper: Fraction) -> "Span":
        """Return the part between two numbers of it, or its ends, which is open where it ends with an open end."""
        return Span(
            lower,
            upper,
            open_lower=self.open_lower and lower == self.lower,
            open_upper=self.open_upper and upper == self.upper,
        )

    def restricted(self, operator: str, bound: Fraction) -> "Span":
        """Return the part where x < bound, x <= bound, x > bound, x >= bound or x == bound, as `operator` says.

        Where it says x != bound that is the whole, without an end that is the bound.
        """
        if operator == "!=":
            return replace(
                self,
                open_lower=self.open_lower or bound == self.lower,
                open_upper=self.open_upper or bound == self.upper,
            )
        span = self
        below = self.upper is None or bound <= self.upper
        if operator in ("<", "<=", "==") and below:
            span = replace(span, upper=bound, open_upper=operator == "<" or (span.open_upper and bound == span.upper))
        if operator in (">", ">=", "==") and bound >= span.lower:
            span = replace(span, lower=bound, open_lower=operator == ">" or (span.open_lower and bound == span.lower))
        outside = (operator in ("<", "<=", "==") and bound < self.lower) or (
            operator in (">", ">=", "==") and not below
        )
        return replace(self, upper=self.lower, open_upper=True) if outside else span


def points(spans: Mapping[str, Span]) -> Iterator[Point]:
    """Yield points of a box, the same for the same box: corners, the diagonal, and points spread inside.

    Those on an open end are left out.
    """
    ends = spans.values()
    columns = [_column(end) for end in ends]
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


def _column(span: Span) -> tuple[Fraction, ...]:
    """Numbers of an interval in the order of `sample_points`; of an infinite one their images by t → t/(1 − t)."""
    if span.upper is not None:
        return sample_points(span.lower, span.upper)
    parts = sample_points(Fraction(0), Fraction(1))
    most = max(part for part in parts if part < 1)
    return tuple(span.lower + min(part, most) / (1 - min(part, most)) for part in parts)
