"""Quotients of expressions in square roots: the numbers of a statement at one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.algebra.polynomial import Polynomial, Ring, constant, from_flint
from emtheory.numerics.algebra.radical import Radical, SignOf, plain, square_root
from emtheory.numerics.algebra.real_root import RealRoot, real_roots
from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.errors import CannotAnswerError, InputError

MAX_DEGREE = 60
"""Total, of the polynomials that a value consists of. A choice: in one variable roots at this degree take some
hundredths of a second, more with larger coefficients."""

MAX_BITS = 1 << 20
"""Of coefficients of a power, about: a constant may have any exponent."""

MAX_ROOTS = 3
"""Square roots within each other that a power stands for: each doubles the degrees that a sign needs."""

_RATIONAL_COSINES = {1: Fraction(1), 2: Fraction(-1), 3: Fraction(-1, 2), 4: Fraction(0), 6: Fraction(1, 2)}
"""Order n → cos(2π/n), where that is rational."""
_COSINES: Mapping[int, tuple[Callable[[], Algebraic], Fraction]] = {
    5: (lambda: (rational(5).sqrt() - rational(1)) / rational(4), Fraction(-1, 2)),
    8: (lambda: rational(2).sqrt() / rational(2), Fraction(0)),
    10: (lambda: (rational(5).sqrt() + rational(1)) / rational(4), Fraction(1, 2)),
    12: (lambda: rational(3).sqrt() / rational(2), Fraction(0)),
}
"""Order n → cos(2π/n) in square roots, where it has degree two, and its trace."""


@dataclass(frozen=True, eq=False)
class Quotient:
    """A numerator over a denominator that is not 0 at the place in question."""

    numerator: Radical
    denominator: Radical

    def __add__(self, other: "Quotient") -> "Quotient":
        return _reduced(
            self.numerator * other.denominator + other.numerator * self.denominator,
            self.denominator * other.denominator,
        )

    def __neg__(self) -> "Quotient":
        return Quotient(-self.numerator, self.denominator)

    def __sub__(self, other: "Quotient") -> "Quotient":
        return self + -other

    def __mul__(self, other: "Quotient") -> "Quotient":
        return _reduced(self.numerator * other.numerator, self.denominator * other.denominator)

    def sign(self, sign_of: SignOf) -> int:
        """Return −1, 0 or 1."""
        above = self.numerator.sign(sign_of)
        return above and above * self.denominator.sign(sign_of)


_Field = tuple[Ring, SignOf, int | None]
"""Of the polynomials, with their signs, and the order of the base."""


def from_polynomial(polynomial: Polynomial) -> Quotient:
    """Return a polynomial as a quotient."""
    return Quotient(plain(polynomial), plain(constant(polynomial.context(), Fraction(1))))


def inverse(value: Quotient, sign_of: SignOf) -> Quotient:
    """Return 1 / value; InputError if that is 0."""
    if value.numerator.sign(sign_of) == 0:
        raise InputError("division by zero")
    return Quotient(value.denominator, value.numerator)


def root(value: Quotient, sign_of: SignOf) -> Quotient:
    """Return the square root, which is √(ND)/|D| for a quotient N/D; InputError if the value is negative."""
    side = value.denominator.sign(sign_of)
    sign = value.numerator.sign(sign_of) * side
    if sign < 0:
        raise InputError("square root of a negative number")
    if sign == 0:
        return from_polynomial(constant(value.numerator.ring, Fraction(0)))
    size = value.denominator if side > 0 else -value.denominator
    return _reduced(square_root(value.numerator * value.denominator, sign_of), size)


def power(value: Quotient, exponent: Fraction, sign_of: SignOf) -> Quotient:
    """Return a power whose exponent is an integer or has a power of two up to 2^`MAX_ROOTS` below it.

    InputError for a negative power of zero, or a power of a negative number that is no integer; CannotAnswerError for
    another exponent, or if the degree would be beyond `MAX_DEGREE`, or coefficients beyond `MAX_BITS`.

    `value`, `exponent`: what is raised, and to what; `sign_of`: the signs of polynomials at the place in question.
    """
    roots = exponent.denominator.bit_length() - 1
    if exponent.denominator != 2**roots or roots > MAX_ROOTS:
        raise CannotAnswerError(f"a power with the exponent {exponent} is not written in square roots")
    base = inverse(value, sign_of) if exponent < 0 else value
    for _ in range(roots):
        base = root(base, sign_of)
    count = abs(exponent.numerator)
    _require(count * max(base.numerator.degree, base.denominator.degree))
    _require(count if base.numerator.roots or base.denominator.roots else 0)
    if count * max(_bits(base.numerator), _bits(base.denominator)) > MAX_BITS:
        raise CannotAnswerError(f"a power of a number with more than {MAX_BITS} binary digits")
    result = from_polynomial(constant(value.numerator.ring, Fraction(1)))
    for bit in bin(count)[2:]:
        result = result * result * base if bit == "1" else result * result
    return result


def from_algebraic(number: Algebraic, ring: Ring, sign_of: SignOf, order: int | None = None) -> Quotient:
    """Return a number as a quotient; CannotAnswerError for one that is not seen to be written in what is allowed.

    `number`: written in square roots of rationals, and in the base. `ring`: of the polynomials, constants but for the
    base, that it is written in. `sign_of`: their signs. `order`: the first variable of the ring is the base
    2cos(2π/order); None if it is not.
    """
    return _from_key(number.key, (ring, sign_of, order))


def base_of(order: int) -> RealRoot | None:
    """Return 2cos(2π/order), in which cosines with this order are polynomials; None where they are square roots."""
    if order in (*_RATIONAL_COSINES, *_COSINES):
        return None
    root = real_roots([flint.fmpq_poly(flint.fmpz_poly.cos_minpoly(order))])[-1]
    return root if isinstance(root, RealRoot) else None


def _from_key(key: object, field: _Field) -> Quotient:
    ring, sign_of, _ = field
    match key:
        case Fraction():
            return from_polynomial(constant(ring, key))
        case ("+" | "*" | "/" as name, first, second):
            left, right = _from_key(first, field), _from_key(second, field)
            return left + right if name == "+" else left * (right if name == "*" else inverse(right, sign_of))
        case ("**", base, int() as exponent):
            return power(_from_key(base, field), Fraction(exponent), sign_of)
        case ("sqrt", base):
            return root(_from_key(base, field), sign_of)
        case ("cos", int() as order, tuple() as terms):
            total = from_polynomial(constant(ring, Fraction(0)))
            for shift, coefficient in terms:
                total += from_polynomial(constant(ring, coefficient)) * _cosine(Fraction(shift, order), field)
            return total
    raise CannotAnswerError("a number that is not written in square roots")


def _cosine(turn: Fraction, field: _Field) -> Quotient:
    """cos(2π·turn) in square roots or in the base c: 2cos(nt) = c·2cos((n − 1)t) − 2cos((n − 2)t)."""
    ring, _, base = field
    order, shift = turn.denominator, turn.numerator % turn.denominator
    if order in _RATIONAL_COSINES:
        return from_polynomial(constant(ring, _RATIONAL_COSINES[order]))
    if order in _COSINES:
        first, trace = _COSINES[order]
        # The conjugates of a number of degree two add up to its trace: cos(2π/5) + cos(4π/5) = −1/2, and so on.
        value = first() if shift in (1, order - 1) else rational(trace) - first()
        return _from_key(value.key, field)
    if base is None or base % order:
        raise CannotAnswerError(f"the cosine of 2π/{order} is not written in square roots here")
    before, last = constant(ring, Fraction(2)), ring.gens()[0]
    steps = min(shift * (base // order) % base, -shift * (base // order) % base)
    for _ in range(steps - 1):
        before, last = last, ring.gens()[0] * last - before
    return from_polynomial(last / 2)


def _reduced(numerator: Radical, denominator: Radical) -> Quotient:
    """Cancel what polynomials have in common."""
    _require(max(numerator.degree, denominator.degree))
    above, below = numerator.polynomial, denominator.polynomial
    if above is None or below is None or below == 1 or above == 0:
        return Quotient(numerator, denominator)
    common = above.gcd(below)
    return Quotient(plain(above / common), plain(below / common)) if common != 1 else Quotient(numerator, denominator)


def _bits(element: Radical) -> int:
    """Of the largest coefficient."""
    values = (from_flint(each) for part in element.terms.values() for each in part.to_dict().values())
    return max((max(abs(each.numerator), each.denominator).bit_length() for each in values), default=0)


def _require(degree: int) -> None:
    if degree > MAX_DEGREE:
        raise CannotAnswerError(f"polynomials of degree {degree}; at most {MAX_DEGREE} is decided by exact algebra")
