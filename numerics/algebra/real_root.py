"""Real roots of polynomials over ℚ, isolated, ordered, and with exact signs of other polynomials at them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import seen_sign, to_arb, to_fmpq
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision

_ROOT_BITS = 64
"""Of precision to which roots are isolated."""
_SHOWN_DIGITS = 12
"""Of the numbers between which a root is told to lie, rounded outwards."""


@dataclass(frozen=True, eq=False)
class RealRoot:
    """An irrational real root of an irreducible polynomial.

    `polynomial`: irreducible over ℚ, of degree two or more; `lower`, `upper`: rational numbers around this root and no
    other; neither is a root.
    """

    polynomial: flint.fmpz_poly
    lower: Fraction
    upper: Fraction

    def text(self, name: str) -> str:
        """Return what it is a root of, in a variable of this name, and between which numbers."""
        coefficients = [(power, int(value)) for power, value in enumerate(self.polynomial) if value != 0]
        text = "".join(_term(name, power, value) for power, value in reversed(coefficients)).removeprefix(" + ")
        narrow = self.within(max(abs(self.lower), abs(self.upper), Fraction(1)) / 10**_SHOWN_DIGITS)
        low, high = decimal_text(narrow.lower, _SHOWN_DIGITS, "down"), decimal_text(narrow.upper, _SHOWN_DIGITS, "up")
        return f"the root of {text} between {low} and {high}"

    def within(self, width: Fraction) -> "RealRoot":
        """Return the same root between ends no more than `width` apart."""
        lower, upper = self.lower, self.upper
        below = _sign(self.polynomial(to_fmpq(lower)))
        while upper - lower > width:
            middle = (lower + upper) / 2
            if _sign(self.polynomial(to_fmpq(middle))) == below:
                lower = middle
            else:
                upper = middle
        return self if (lower, upper) == (self.lower, self.upper) else RealRoot(self.polynomial, lower, upper)

    def sign_of(self, other: flint.fmpq_poly) -> int:
        """Return the sign that another polynomial has at this root, exactly."""
        if (other % flint.fmpq_poly(self.polynomial)).is_zero():
            return 0
        return seen_sign(lambda bits: flint.arb_poly(other)(self.within(Fraction(1, 2**bits)).ball()))

    def ball(self) -> flint.arb:
        """Return a ball around the root, as narrow as its ends are near, at the precision in force."""
        return to_arb(self.lower).union(to_arb(self.upper))


Coordinate = Fraction | RealRoot
"""A real algebraic number: rational, or a root by itself."""


def real_roots(polynomials: Iterable[flint.fmpq_poly]) -> list[Coordinate]:
    """Return the different real roots of polynomials, none of them 0, in increasing order, their ends disjoint."""
    factors = {str(factor): factor for each in polynomials for factor, _ in each.numer().factor()[1]}
    found: list[Coordinate] = []
    for factor in factors.values():
        if factor.degree() == 1:
            found.append(Fraction(-int(factor[0]), int(factor[1])))
        elif factor.degree() > 1:
            found += _irrational_roots(factor)
    ordered = sorted(found, key=cmp_to_key(compared))
    return _disjoint(ordered)


def compared(left: Coordinate, right: Coordinate) -> int:
    """Return −1, 0 or 1 as the left of two numbers is less, equal or greater."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return (left > right) - (left < right)
    if isinstance(left, Fraction):
        return -compared(right, left)
    if isinstance(right, Fraction):
        return left.sign_of(flint.fmpq_poly([to_fmpq(-right), 1]))
    return 0 if _same(left, right) else _apart(left, right)


def ends(number: Coordinate) -> tuple[Fraction, Fraction]:
    """Return rational numbers around a number; both are the number itself if that is rational."""
    return (number, number) if isinstance(number, Fraction) else (number.lower, number.upper)


def simplest_between(lower: Fraction | None, upper: Fraction | None) -> Fraction:
    """Return the fraction of least denominator strictly between two numbers; None stands for an infinite end."""
    if lower is None:
        return Fraction(0) if upper is None or upper > 0 else -simplest_between(-upper, None)
    if upper is None:
        return Fraction(0) if lower < 0 else Fraction(lower.__floor__() + 1)
    if lower < 0 < upper:
        return Fraction(0)
    if upper <= 0:
        return -_simplest(-upper, -lower)
    return _simplest(lower, upper)


def _simplest(lower: Fraction, upper: Fraction) -> Fraction:
    """The same for 0 ≤ lower < upper, by continued fractions."""
    parts = []
    while True:
        whole = lower.__floor__()
        if whole + 1 < upper:
            parts.append(whole + 1)
            break
        # Both lie between whole and whole + 1: the reciprocals of what is beyond lie in the opposite order.
        parts.append(whole)
        low, high = lower - whole, upper - whole
        if low == 0:
            parts.append((1 / high).__floor__() + 1)
            break
        lower, upper = 1 / high, 1 / low
    value = Fraction(parts.pop())
    while parts:
        value = parts.pop() + 1 / value
    return value


def _term(name: str, power: int, coefficient: int) -> str:
    sign, size = " - " if coefficient < 0 else " + ", abs(coefficient)
    if power == 0:
        return f"{sign}{size}"
    return f"{sign}{'' if size == 1 else f'{size}*'}{name}{'' if power == 1 else f'**{power}'}"


def _irrational_roots(factor: flint.fmpz_poly) -> list[RealRoot]:
    """The real roots of an irreducible polynomial of degree two or more."""
    with arb_precision(_ROOT_BITS):
        roots: Any = factor.complex_roots()  # Of pairs of a root and its multiplicity.
        balls = [ball for ball, _ in roots if ball.imag == 0]
        bounds = sorted(ball_bounds(ball.real) for ball in balls)
    return [RealRoot(factor, lower, upper) for lower, upper in bounds]


def _same(left: RealRoot, right: RealRoot) -> bool:
    """Whether two roots are one: of the same polynomial, which changes its sign where their ends overlap."""
    lower, upper = max(left.lower, right.lower), min(left.upper, right.upper)
    if left.polynomial != right.polynomial or lower >= upper:
        return False
    return _sign(left.polynomial(to_fmpq(lower))) != _sign(left.polynomial(to_fmpq(upper)))


def _apart(left: RealRoot, right: RealRoot) -> int:
    """The order of two different numbers."""
    while left.lower <= right.upper and right.lower <= left.upper:
        left, right = left.within((left.upper - left.lower) / 4), right.within((right.upper - right.lower) / 4)
    return -1 if left.upper < right.lower else 1


def _disjoint(ordered: Sequence[Coordinate]) -> list[Coordinate]:
    """Narrow the ends of numbers in increasing order until there is room between neighbours."""
    numbers = list(ordered)
    for index in range(1, len(numbers)):
        low, high = numbers[index - 1], numbers[index]
        while ends(low)[1] >= ends(high)[0]:
            low, high = _narrowed(low), _narrowed(high)
        numbers[index - 1], numbers[index] = low, high
    return numbers


def _narrowed(number: Coordinate) -> Coordinate:
    return number if isinstance(number, Fraction) else number.within((number.upper - number.lower) / 4)


def _sign(value: flint.fmpq) -> int:
    return bool(value > 0) - bool(value < 0)
