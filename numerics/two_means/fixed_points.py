"""All fixed points of the EM map of two means in an interval: each enclosed, counted, and called stable or not.

M maps the line into [−E|X|, E|X|], so there is none outside. The interval is cut until in each piece either M − θ has
no zero or M′ − 1 has one sign. Neighbouring pieces of the second kind make up a stretch on which M − θ is strictly
monotone: it has one zero there if the signs at its ends differ, and none otherwise. With balls for the parameters all
of this holds for all of them at once.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.two_means.model import Parameters, em_map, em_map_derivative, first_step

MAX_PIECES = 4000
"""Tried before it is given up."""
_SMALLEST = Fraction(1, 2**24)
"""Width of pieces that are not cut any more: there M touches θ, or nearly."""
_BITS_BEYOND = 12
"""Of ends of the interval, rounded outwards to a short number."""


@dataclass(frozen=True)
class FixedPoint:
    """One simple zero of M − θ between two rational numbers.

    Attributes
    ----------
    lower, upper
        Around it; equal if it is known exactly.
    stable
        Whether M′ < 1 there: it attracts what starts nearby. As M′ > 0, M′ > 1 otherwise, and it repels.
    """

    lower: Fraction
    upper: Fraction
    stable: bool


@dataclass(frozen=True)
class _Piece:
    lower: Fraction
    upper: Fraction
    slope: int
    """The sign of M′ − 1 on it, or 0 where M − θ has no zero."""


def fixed_points(
    p: Parameters,
    low: Fraction | float,
    high: Fraction | float,
    accuracy: float,
    known: Collection[Fraction] = (),
) -> list[FixedPoint]:
    """Return the fixed points in the closed interval, in increasing order.

    Parameters
    ----------
    p
        Its θ is not used.
    low, high
        The ends; infinite ones as floats.
    accuracy
        L of values of M. Those of M − θ at the ends must be told from 0, but where they vanish exactly.
    known
        Numbers that are fixed points whatever the parameters are.

    Raises
    ------
    CannotAnswerError
        If that fails, or M′ = 1 at a fixed point, or nearly.
    """
    reach = _short_above(first_step(p.separation))
    lower = max(-reach, low) if isinstance(low, Fraction) else -reach
    upper = min(reach, high) if isinstance(high, Fraction) else reach
    if lower > upper:
        return []
    if lower == upper:
        return _single(p, lower, accuracy, known)
    found = []
    for first, last, slope in _stretches(_pieces(p, lower, upper, accuracy)):
        signs = [_sign(p, end, accuracy, known) for end in (first, last)]
        if None in signs:
            raise CannotAnswerError("an end of the interval is not told from a fixed point: move it a little")
        if signs == [-slope, slope]:
            found.append(FixedPoint(first, last, slope < 0))
        elif 0 in signs:
            end = (first, last)[signs.index(0)]
            found.append(FixedPoint(end, end, slope < 0))
    return found


def narrowed(p: Parameters, point: FixedPoint, accuracy: float) -> FixedPoint:
    """Enclose a fixed point more narrowly by interval Newton steps, as far as values with errors e^{−L} allow.

    Parameters
    ----------
    p, point
        The parameters, exact numbers or narrow balls, and what is known.
    accuracy
        L.
    """
    around = _ball(point.lower, point.upper)
    while point.lower < point.upper:
        middle = around.mid()
        excess = em_map(p.at(middle), accuracy) - middle
        slope = em_map_derivative(p.at(around), accuracy) - 1
        if not slope.contains(0):
            newton = (middle - excess / slope).intersection(around)
            if 2 * newton.rad() < around.rad():
                around = newton
                continue
        if excess.contains(0):
            break
        # M − θ falls through 0 at a stable point and rises through it at another.
        beyond = bool(excess > 0) == point.stable
        around = middle.union(around.upper()) if beyond else around.lower().union(middle)
    lower, upper = ball_bounds(around)
    return FixedPoint(max(lower, point.lower), min(upper, point.upper), point.stable)


def _single(p: Parameters, place: Fraction, accuracy: float, known: Collection[Fraction]) -> list[FixedPoint]:
    sign = _sign(p, place, accuracy, known)
    if sign is None:
        raise CannotAnswerError("the interval is one point that is not told from a fixed point")
    if sign:
        return []
    slope = em_map_derivative(p.at(_ball(place, place)), accuracy) - 1
    if slope.contains(0):
        raise CannotAnswerError("M′ is not told from 1 at a fixed point")
    return [FixedPoint(place, place, bool(slope < 0))]


def _pieces(p: Parameters, lower: Fraction, upper: Fraction, accuracy: float) -> list[_Piece]:
    waiting, decided = [(lower, upper)], []
    tried = 0
    while waiting:
        low, high = waiting.pop()
        tried += 1
        cell = _ball(low, high)
        if _no_zero(p, cell, accuracy):
            decided.append(_Piece(low, high, 0))
            continue
        slope = em_map_derivative(p.at(cell), accuracy) - 1
        if not slope.contains(0):
            decided.append(_Piece(low, high, 1 if slope > 0 else -1))
            continue
        if tried > MAX_PIECES or high - low < _SMALLEST * (upper - lower):
            raise CannotAnswerError(
                f"near θ = {float(low):.8g} M touches θ, or nearly: the fixed points there are not told apart"
            )
        middle = (low + high) / 2
        waiting += [(middle, high), (low, middle)]
    return decided


def _stretches(pieces: list[_Piece]) -> Iterator[tuple[Fraction, Fraction, int]]:
    """Yield the ends and the slope of neighbouring pieces with the same slope."""
    first = None
    for piece, after in zip(pieces, [*pieces[1:], None], strict=True):
        if not piece.slope:
            continue
        first = piece.lower if first is None else first
        if after is None or after.slope != piece.slope:
            yield first, piece.upper, piece.slope
            first = None


def _no_zero(p: Parameters, cell: flint.arb, accuracy: float) -> bool:
    """Whether M − θ has no zero in a cell, as M increases."""
    ends = [em_map(p.at(end), accuracy) for end in (cell.lower(), cell.upper())]
    image = ends[0].union(ends[1])
    if not image.overlaps(cell):
        return True
    middle = cell.mid()
    slope = em_map_derivative(p.at(cell), min(accuracy, 20.0)) - 1
    return not (em_map(p.at(middle), accuracy) - middle + slope * (cell - middle)).contains(0)


def _sign(p: Parameters, place: Fraction, accuracy: float, known: Collection[Fraction]) -> int | None:
    """The sign of M − θ; None if it is not known."""
    if place in known:
        return 0
    theta = _ball(place, place)
    excess = em_map(p.at(theta), accuracy) - theta
    if excess.contains(0):
        return None
    return 1 if excess > 0 else -1


def _ball(lower: Fraction, upper: Fraction) -> flint.arb:
    return flint.arb(to_fmpq(lower)).union(flint.arb(to_fmpq(upper)))


def _short_above(value: flint.arb) -> Fraction:
    """A number with few digits, beyond a ball."""
    upper = ball_bounds(value)[1]
    scale = 2**_BITS_BEYOND
    return Fraction(int(upper * scale) + 1, scale)
