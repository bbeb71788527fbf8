"""Exact numbers beyond the algebraic ones: polynomials in √π, 1/√π and α = arcsin(1/3) with algebraic coefficients.

A polynomial whose coefficients all vanish is zero. Conversely, π is transcendental (Lindemann), so that one in √π and
1/√π alone is zero only then. Whether one with α may be zero otherwise is not decided: the sign of any that is not zero
is that of a ball around it, and none that might be is told equal to zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from operator import add, mul

import flint

from emtheory.numerics.arithmetic.algebraic import MAX_BITS, Algebraic, enclosed, rational
from emtheory.numerics.arithmetic.arb import seen_sign
from emtheory.numerics.errors import CannotAnswerError

MAX_TERMS = 100
"""Polynomials of more terms are refused: their products would take long."""
MAX_COEFFICIENT_BITS = 1 << 10
"""Irrational coefficients with larger bounds are refused: they are evaluated leaf by leaf, whose number grows with the
bounds, to be told from zero."""
SINE = Fraction(1, 3)
"""sin α; Lloyd's radius for four and five components is linear in α/π."""

Monomial = tuple[int, int]
"""(i, j) for π^{i/2} α^j."""
_ONE: Monomial = (0, 0)
"""The exponents of what is algebraic."""


@dataclass(frozen=True)
class ClosedForm:
    """Σ coefficient · π^{i/2} α^j: monomial ↦ its coefficient, in which none is zero."""

    terms: Mapping[Monomial, Algebraic] = field(hash=False)

    def __add__(self, other: "ClosedForm") -> "ClosedForm":
        total = dict(self.terms)
        for monomial, coefficient in other.terms.items():
            total[monomial] = total[monomial] + coefficient if monomial in total else coefficient
        return _collected(total)

    def __neg__(self) -> "ClosedForm":
        return ClosedForm({monomial: -coefficient for monomial, coefficient in self.terms.items()})

    def __sub__(self, other: "ClosedForm") -> "ClosedForm":
        return self + (-other)

    def __mul__(self, other: "ClosedForm") -> "ClosedForm":
        total: dict[Monomial, Algebraic] = {}
        for (i, j), left in self.terms.items():
            for (m, n), right in other.terms.items():
                product, place = left * right, (i + m, j + n)
                total[place] = total[place] + product if place in total else product
        return _collected(total)

    def __truediv__(self, other: "ClosedForm") -> "ClosedForm":
        """Divide by a single term; CannotAnswerError if there are more."""
        return self * other**-1

    def __pow__(self, exponent: int) -> "ClosedForm":
        if exponent >= 0:
            return reduce(mul, [self] * exponent, lifted(rational(1)))
        (i, j), coefficient = self._single
        return ClosedForm({(-i, -j): rational(1) / coefficient}) ** -exponent

    def sqrt(self) -> "ClosedForm":
        """Return the root of a single positive term; CannotAnswerError if it is not of this kind."""
        if not self.terms:
            return self
        (i, j), coefficient = self._single
        if i % 2 or j % 2:
            raise CannotAnswerError(_NOT_A_TERM)
        return ClosedForm({(i // 2, j // 2): coefficient.sqrt()})

    @property
    def _single(self) -> tuple[Monomial, Algebraic]:
        if len(self.terms) != 1:
            raise CannotAnswerError(_NOT_A_TERM)
        return next(iter(self.terms.items()))

    @property
    def algebraic(self) -> Algebraic | None:
        """The number itself, if neither π nor α occurs."""
        if not self.terms:
            return rational(0)
        return self.terms[_ONE] if self.terms.keys() == {_ONE} else None

    @property
    def value(self) -> Fraction | None:
        """The number itself, if it is seen to be rational."""
        return None if self.algebraic is None else self.algebraic.value

    @property
    def key(self) -> object:
        """The expression as nested tuples, as of `Algebraic`."""
        pi, alpha = ("sqrt", ("pi",)), ("asin", SINE)
        parts = ((part.key, ("**", pi, i), ("**", alpha, j)) for (i, j), part in self.terms.items())
        return ("+", *(("*", *part) for part in parts))

    def ball(self) -> flint.arb:
        """Evaluate in Arb at the precision in force; a rigorous ball."""
        pi = flint.arb.pi().sqrt()
        alpha = flint.arb(flint.fmpq(SINE.numerator, SINE.denominator)).asin()
        balls = (part.ball() * pi**i * alpha**j for (i, j), part in self.terms.items())
        return reduce(add, balls, flint.arb(0))

    @cached_property
    def sign(self) -> int:
        """−1, 0 or 1; CannotAnswerError if 2^17 bits do not tell the number from zero."""
        if len(self.terms) <= 1:
            return sum(coefficient.sign for coefficient in self.terms.values())
        if sign := seen_sign(lambda _: self.ball(), MAX_BITS >> 1):
            return sign
        raise CannotAnswerError(f"{MAX_BITS} bits do not tell the number from zero")

    def enclose(self, digits: int) -> tuple[Fraction, Fraction]:
        """Return rational bounds that agree to `digits` significant digits; raises as `sign` does."""
        if self.algebraic is not None:
            return self.algebraic.enclose(digits)
        return enclosed(self.ball, digits) if self.sign else (Fraction(0), Fraction(0))


Exact = Algebraic | ClosedForm
"""A number that is known exactly."""

_NOT_A_TERM = "the quotient or root is not known to be a polynomial in √π, 1/√π and arcsin(1/3)"


def lifted(number: Exact) -> ClosedForm:
    """Return an algebraic number as a polynomial."""
    if isinstance(number, ClosedForm):
        return number
    return _collected({_ONE: number})


def lowered(number: Exact) -> Exact:
    """Return a polynomial as an algebraic number if it is one."""
    if isinstance(number, ClosedForm) and number.algebraic is not None:
        return number.algebraic
    return number


def pi_power(halves: int, coefficient: Algebraic, alpha: int = 0) -> ClosedForm:
    """Return coefficient · π^{halves/2} · arcsin(1/3)^alpha."""
    return _collected({(halves, alpha): coefficient})


def _collected(terms: Mapping[Monomial, Algebraic]) -> ClosedForm:
    """Leave out what is zero, which is decided exactly."""
    if any(part.value is None and part.log2_u + part.log2_l > MAX_COEFFICIENT_BITS for part in terms.values()):
        raise CannotAnswerError("a coefficient is too large for an exact zero test")
    kept = {monomial: coefficient for monomial, coefficient in terms.items() if coefficient.sign}
    if len(kept) > MAX_TERMS:
        raise CannotAnswerError(f"more than {MAX_TERMS} terms")
    return ClosedForm(kept)
