"""Enclosures of an expression over a box of its variables, for the reader and for pieces of an interval."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals import interval
from emtheory.numerics.intervals.operations import Value, as_interval
from emtheory.numerics.level import Level
from emtheory.reports.decide.evaluation import combine
from emtheory.reports.language.expression import Call, Expression, Symbol

BITS = 128
"""Of all enclosures: end points of the narrowest pieces have 60 bits or a little more, which leaves as many to the
arithmetic. Always the same, so that a certificate is verified by what made it."""

_PARTS = 64
"""Into so many parts an interval is cut for the margin of a statement that is decided exactly."""
_PARTS_OF_BOX = 16
"""Into so many a box of several variables is cut, or into a few more: there expressions are longer."""

Hull = Mapping[str, tuple[Fraction, Fraction]]
"""Variable → the ends of an interval."""

Leaf = Callable[[Symbol | Call], Value]


def over(expression: Expression, box: Hull, leaf: Leaf) -> Enclosure:
    """Enclose an expression over a box.

    InputError if it certainly has no value somewhere in the box; CannotAnswerError if it is not seen to have one
    everywhere.
    """

    def value(symbol: Symbol | Call) -> Value:
        if isinstance(symbol, Symbol) and symbol.name in box:
            ends = [interval.from_rational(end, Level.CERTIFIED) for end in box[symbol.name]]
            return interval.Interval(ends[0].lower, ends[1].upper, Level.CERTIFIED)
        return leaf(symbol)

    with arb_precision(BITS):
        return interval.to_enclosure(as_interval(combine(expression, value)))


def hull_over(expression: Expression, box: Hull | None, leaf: Leaf) -> Enclosure:
    """Enclose an expression over a box for the reader: by everything where `over` does not, or without bounds."""
    try:
        if box is not None:
            return over(expression, box, leaf)
    except (CannotAnswerError, InputError):
        pass  # Nothing is decided by it: an expression may have no value in the closed box though it has in the domain.
    return Enclosure(-math.inf, math.inf, Level.CERTIFIED, "statement")


def distance_over(left: Expression, right: Expression, box: Hull, leaf: Leaf) -> Bound | None:
    """Return a lower bound of |left − right| over a box, from enclosures over equal parts of it, if it has one."""
    difference = left - right
    count = _PARTS if len(box) == 1 else math.ceil(_PARTS_OF_BOX ** (1 / max(1, len(box))))
    cut = [
        [(low + (high - low) * i / count, low + (high - low) * (i + 1) / count) for i in range(count)]
        for low, high in box.values()
    ]
    hulls = [hull_over(difference, dict(zip(box, part, strict=True)), leaf) for part in product(*cut)]
    if any(-hull.lower == hull.upper == math.inf for hull in hulls):
        return None
    return min(max(hull.lower, -hull.upper, Fraction(0)) for hull in hulls)
