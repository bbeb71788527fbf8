"""Sums Σ p_i e^{t_i} of exponentials of rational functions, and the pieces of an interval on which they have a sign.

Divided by its first term such a sum is 1 + Σ q_i e^{s_i}, whose derivative Σ (q_i′ + q_i s_i′) e^{s_i} has a term less.
Where that has a sign the sum rises or falls, so that its signs at the ends tell those in between, and its only zero.
At a rational number the sum is 0 only if the p_i with equal t_i add up to 0 (Lindemann and Weierstrass); otherwise a
ball that is narrow enough does not contain 0.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import flint

from emtheory.numerics.algebra.rational_function import RationalFunction, exponential, number, product, sign_of
from emtheory.numerics.algebra.real_root import RealRoot, compared, ends, real_roots, simplest_between
from emtheory.numerics.arithmetic.arb import seen_sign, to_arb
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError

MAX_TERMS = 6
"""A choice: each term more is one derivative more, of twice the degree."""
_FIRST_BITS, _MOST_BITS = 64, 1 << 10
"""Of precision with which signs are tried, the last where a zero need not show."""
_STEPS = 300
"""Numbers towards an end at which the sign is looked for that it has near the end."""
_SHOWN_DIGITS = 12
"""Of the numbers between which a zero is told to lie, rounded outwards."""
_SERIES = 16
"""Terms of expansions at ends."""


@dataclass(frozen=True, eq=False)
class ExpSum:
    """Σ p_i e^{t_i}; no p_i is 0, and the t_i are different."""

    terms: tuple[tuple[RationalFunction, RationalFunction], ...]

    def __add__(self, other: "ExpSum") -> "ExpSum":
        return exp_sum((*self.terms, *other.terms))

    def __neg__(self) -> "ExpSum":
        return ExpSum(tuple((-factor, exponent) for factor, exponent in self.terms))

    def __mul__(self, other: "ExpSum") -> "ExpSum":
        return exp_sum([(p * q, s + t) for p, s in self.terms for q, t in other.terms])

    @property
    def parts(self) -> Iterator[RationalFunction]:
        """All rational functions in it."""
        return (part for term in self.terms for part in term)

    @property
    def slope(self) -> "ExpSum":
        """The derivative of the sum divided by its first term."""
        (first, start), *others = self.terms
        parts = ((factor.over(first), exponent - start) for factor, exponent in others)
        return exp_sum([(q.slope + q * s.slope, s) for q, s in parts])

    def sign_at(self, x: Fraction) -> int:
        """Return the sign at a rational number; CannotAnswerError at a pole."""
        groups: dict[Fraction, Fraction] = defaultdict(Fraction)
        try:
            for factor, exponent in self.terms:
                groups[exponent.value(x)] += factor.value(x)
        except ZeroDivisionError:
            raise CannotAnswerError("a sum of exponentials at a pole") from None
        return _sign_of_exponentials(groups)

    def sign_around(self, at: "Place") -> int:
        """Return the sign at a number that is enclosed; CannotAnswerError if it is not seen to be other than 0."""
        bits = _FIRST_BITS
        while bits <= _MOST_BITS:
            if isinstance(at, Fraction):
                return self.sign_at(at)
            with arb_precision(2 * bits):
                at = at.within(Fraction(1, 2**bits))
                low, high = map(to_arb, places_around(at))
                x = low.union(high)
                value = sum((p.ball(x) * t.ball(x).exp() for p, t in self.terms), flint.arb(0))
                if value > 0 or value < 0:
                    return 1 if value > 0 else -1
            bits *= 2
        raise CannotAnswerError("a sign at a number that is not rational")

    def sign_of_quotient(self, end: Fraction | None, side: int) -> int:
        """Return the sign of the limit of the sum divided by its first term.

        `end`, `side`: the end of an interval, None for infinity, and 1 if it lies above that end, −1 below.
        CannotAnswerError if it is not told by the first terms of expansions, or an exponent has a pole at the end.
        """
        strongest = self._strongest(end)
        groups: dict[Fraction, list[tuple[int, Sequence[Fraction]]]] = defaultdict(list)
        for index, difference in strongest.items():
            shift, rest = 0, [Fraction(0)] * _SERIES
            if not difference.is_zero:
                shift, found = difference.expanded(end, side, _SERIES)
                if shift < 0:
                    raise CannotAnswerError("an exponent with a pole")
                rest = [*[Fraction(0)] * shift, *found][:_SERIES]
            order, factor = self.terms[index][0].expanded(end, side, _SERIES)
            groups[rest[0]].append((order, product(factor, exponential([Fraction(0), *rest[1:]]))))
        orders = [order for found in groups.values() for order, _ in found]
        first, factor = self.terms[0][0].expanded(end, side, 1)
        for order in range(min(orders), min(orders) + _SERIES):
            sums = {
                exponent: sum((part[order - n] for n, part in found if n <= order), Fraction(0))
                for exponent, found in groups.items()
            }
            if any(sums.values()):
                vanishes = 0 in strongest and order > first
                return 0 if vanishes else sign_of(factor[0]) * _sign_of_exponentials(sums)
        raise CannotAnswerError("a sum of exponentials that vanishes to a high order")

    def _strongest(self, end: Fraction | None) -> dict[int, RationalFunction]:
        """The terms that are not infinitely smaller than others near an end → their exponents, less that of one."""
        if end is not None:
            return {index: exponent for index, (_, exponent) in enumerate(self.terms)}
        top = self.terms[0][1]
        for _, exponent in self.terms:
            difference = exponent - top
            if not difference.is_zero and difference.growth > 0 and difference.sign_far_out > 0:
                top = exponent
        differences = {index: exponent - top for index, (_, exponent) in enumerate(self.terms)}
        return {index: each for index, each in differences.items() if each.is_zero or each.growth <= 0}


@dataclass(frozen=True, eq=False)
class Zero:
    """The only zero of a sum between two rational numbers, at which it has different signs."""

    total: ExpSum
    lower: Fraction
    upper: Fraction

    def within(self, width: Fraction) -> "Place":
        """Return the same number between ends no more than `width` apart; a rational number if it is met."""
        lower, upper = self.lower, self.upper
        below = self.total.sign_at(lower)
        while upper - lower > width:
            middle = (lower + upper) / 2
            sign = self.total.sign_at(middle)
            if not sign:
                return middle
            lower, upper = (middle, upper) if sign == below else (lower, middle)
        return Zero(self.total, lower, upper)

    def text(self, _: str) -> str:
        """Return between which numbers it is."""
        low, high = decimal_text(self.lower, _SHOWN_DIGITS, "down"), decimal_text(self.upper, _SHOWN_DIGITS, "up")
        return f"the root of left - right between {low} and {high}"


Place = Fraction | RealRoot | Zero


@dataclass(frozen=True, eq=False)
class Piece:
    """An open interval, up to infinity if it has no upper end, and the sign there."""

    lower: Place
    upper: Place | None
    sign: int

    @property
    def inside(self) -> Fraction:
        """A rational number in it."""
        return _between(self.lower, self.upper)


def exp_sum(terms: Sequence[tuple[RationalFunction, RationalFunction]]) -> ExpSum:
    """Put together the terms with equal exponents; CannotAnswerError if more than `MAX_TERMS` are left."""
    found: list[tuple[RationalFunction, RationalFunction]] = []
    for factor, exponent in terms:
        index = next((i for i, (_, other) in enumerate(found) if (exponent - other).is_zero), len(found))
        found[index : index + 1] = [(found[index][0] + factor if index < len(found) else factor, exponent)]
    kept = tuple(term for term in found if not term[0].is_zero)
    if len(kept) > MAX_TERMS:
        raise CannotAnswerError(f"a sum of {len(kept)} exponentials; at most {MAX_TERMS} are in reach")
    return ExpSum(kept)


def rational(value: RationalFunction) -> ExpSum:
    """Return a rational function as a sum."""
    return exp_sum([(value, number(Fraction(0)))])


def places_around(place: Place) -> tuple[Fraction, Fraction]:
    """Return rational numbers around a number; both are the number itself if that is rational."""
    return (place.lower, place.upper) if isinstance(place, Zero) else ends(place)


def poles(total: ExpSum) -> list[Fraction | RealRoot]:
    """Return the real numbers at which a sum may have no value."""
    return real_roots([part.below for part in total.parts])


def pieces(total: ExpSum, lower: Fraction | RealRoot, upper: Fraction | RealRoot | None) -> list[Piece]:
    """Cut an open interval where a sum, not 0 everywhere, changes its sign, and perhaps elsewhere.

    CannotAnswerError if a sign is not seen, as where a zero is no change of sign.

    `total`: the sum. `lower`, `upper`: the ends of the interval; None is infinity.
    """
    first = total.terms[0][0]
    cuts = real_roots([first.above, *(part.below for part in total.parts)])
    inner = [cut for cut in cuts if compared(cut, lower) > 0 and (upper is None or compared(cut, upper) < 0)]
    found: list[Piece] = []
    for low, high in pairwise([lower, *inner, upper]):
        if low is not None:
            found += _without_cuts(total, low, high)
    return found


def _without_cuts(total: ExpSum, lower: Fraction | RealRoot, upper: Fraction | RealRoot | None) -> Iterator[Piece]:
    """The pieces of an interval on which the first term has a sign, and all terms have values."""
    middle = _between(lower, upper)
    slope = total.slope if len(total.terms) > 1 else ExpSum(())
    if not slope.terms:
        yield Piece(lower, upper, total.sign_at(middle))
        return
    side = sign_of(total.terms[0][0].value(middle))
    parts = _joined(pieces(slope, lower, upper))
    inner = [side * total.sign_around(part.lower) for part in parts[1:]]
    at_ends = [_limit(total, end, turn, side) for end, turn in ((lower, 1), (upper, -1))]
    for part, (start, end) in zip(parts, pairwise([at_ends[0], *inner, at_ends[1]]), strict=True):
        turn = part.sign
        if start * turn < 0 < end * turn:
            zero = _zero(total, part, side * turn)
            yield Piece(part.lower, zero, -side * turn)
            yield Piece(zero, part.upper, side * turn)
        else:
            # What rises from 0 is positive, what rises to 0 negative, and so on.
            yield Piece(part.lower, part.upper, side * turn if start * turn >= 0 else -side * turn)


def _limit(total: ExpSum, end: Fraction | RealRoot | None, turn: int, side: int) -> int:
    if isinstance(end, RealRoot):
        return side * total.sign_around(end)
    return total.sign_of_quotient(end, turn)


def _joined(found: Sequence[Piece]) -> list[Piece]:
    """Neighbours with the same sign as one: a function whose slope is 0 in a point rises or falls all the same."""
    result: list[Piece] = []
    for piece in found:
        if result and result[-1].sign == piece.sign:
            result[-1] = Piece(result[-1].lower, piece.upper, piece.sign)
        else:
            result.append(piece)
    return result


def _zero(total: ExpSum, piece: Piece, sign: int) -> Zero:
    """Enclose the only zero of a sum in a piece, with its sign near the upper end; the other is near the lower one."""
    return Zero(total, _point_with(total, piece, -sign, upwards=False), _point_with(total, piece, sign, upwards=True))


def _point_with(total: ExpSum, piece: Piece, sign: int, *, upwards: bool) -> Fraction:
    """A number in a piece, as near to an end as need be for the sum to have the sign that it has there."""
    place, end = piece.inside, piece.upper if upwards else piece.lower
    for step in range(_STEPS):
        if total.sign_at(place) == sign:
            return place
        if end is None:
            place += 2**step
        elif isinstance(end, Fraction):
            place = (place + end) / 2
        else:
            end = _narrowed(end)
            near = places_around(end)[0 if upwards else 1]
            place = near if (near > place) == upwards else place
    raise CannotAnswerError("a sign that is not seen near an end")


def _between(lower: Place, upper: Place | None) -> Fraction:
    while True:
        low = places_around(lower)[1]
        high = None if upper is None else places_around(upper)[0]
        if high is None or low < high:
            return simplest_between(low, high)
        lower, upper = _narrowed(lower), None if upper is None else _narrowed(upper)


def _narrowed(place: Place) -> Place:
    low, high = places_around(place)
    return place if isinstance(place, Fraction) else place.within((high - low) / 4)


def _sign_of_exponentials(groups: "dict[Fraction, Fraction]") -> int:
    """The sign of Σ c e^q for different rational q, which is 0 only if all c are."""
    known = {exponent: factor for exponent, factor in groups.items() if factor}
    if len({sign_of(factor) for factor in known.values()}) < 2:
        return next((sign_of(factor) for factor in known.values()), 0)
    parts = known.items()
    return seen_sign(
        lambda _: sum((to_arb(factor) * to_arb(exponent).exp() for exponent, factor in parts), flint.arb(0))
    )
