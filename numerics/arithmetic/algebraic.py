"""Real algebraic numbers whose sign, and so whose equality, is decided exactly.

A number is an expression in rationals, cosine sums Σ c_s cos(2πs/n), + − × ÷ and √. A non-zero value is told from
zero by a root-separation bound: write E = U/L with U, L algebraic integers whose conjugates are bounded by u and l,
in a field of degree at most D. If E ≠ 0 then the norm of U is a non-zero integer, so |U| ≥ u^(1−D) and
|E| ≥ u^(1−D)/l. A ball around E that is smaller than this and contains zero proves E = 0. The rules for u and l are
those of Burnikel, Fleischer, Mehlhorn and Schirra, Algorithmica 27 (2000) 87-99.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import add, mul, truediv
from typing import Any

import flint

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError

MAX_BITS = 1 << 17
"""Precision beyond which a zero test is given up, with an error, rather than left to run for minutes."""


@dataclass(frozen=True)
class Algebraic:
    """A real algebraic number.

    `key`: the expression as nested tuples: equal keys are equal numbers; `ball`: evaluates the expression in Arb at the
    precision in force; a rigorous ball; `log2_u`, `log2_l`: base-2 logarithms (rounded up) of the bounds u and l;
    `orders`: orders n of the cosines cos(2π/n) in the expression; `roots`: keys of the square roots in it; `value`: the
    number itself when the expression is rational.
    """

    key: object
    ball: Callable[[], flint.arb] = field(compare=False, repr=False)
    log2_u: int = field(compare=False, repr=False)
    log2_l: int = field(compare=False, repr=False)
    orders: frozenset[int] = field(default=frozenset(), compare=False, repr=False)
    roots: frozenset[object] = field(default=frozenset(), compare=False, repr=False)
    value: Fraction | None = field(default=None, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # What is sent to another process is the expression, of which the number is made anew: functions cannot be sent.
        return with_key, (self.key,)

    def __add__(self, other: "Algebraic") -> "Algebraic":
        if self.value is not None and other.value is not None:
            return rational(self.value + other.value)
        u = max(self.log2_u + other.log2_l, other.log2_u + self.log2_l) + 1
        return _combine("+", self, other, lambda: self.ball() + other.ball(), u, self.log2_l + other.log2_l)

    def __mul__(self, other: "Algebraic") -> "Algebraic":
        if self.value is not None and other.value is not None:
            return rational(self.value * other.value)
        u, lower = self.log2_u + other.log2_u, self.log2_l + other.log2_l
        return _combine("*", self, other, lambda: self.ball() * other.ball(), u, lower)

    def __neg__(self) -> "Algebraic":
        return rational(Fraction(-1)) * self

    def __sub__(self, other: "Algebraic") -> "Algebraic":
        return self + (-other)

    def __truediv__(self, other: "Algebraic") -> "Algebraic":
        if other.sign == 0:
            raise ZeroDivisionError("division by an expression that is exactly zero")
        if self.value is not None and other.value is not None:
            return rational(self.value / other.value)
        u, lower = self.log2_u + other.log2_l, self.log2_l + other.log2_u
        return _combine("/", self, other, lambda: self.ball() / other.ball(), u, lower)

    def __pow__(self, exponent: int) -> "Algebraic":
        if exponent < 0:
            return rational(Fraction(1)) / self**-exponent
        if self.value is not None:
            return rational(self.value**exponent)
        return Algebraic(
            ("**", self.key, exponent),
            lambda: _power(self.ball(), exponent),
            self.log2_u * exponent,
            self.log2_l * exponent,
            self.orders,
            self.roots,
        )

    def sqrt(self) -> "Algebraic":
        """Return the non-negative square root; ValueError if the number is negative."""
        if self.sign < 0:
            raise ValueError("square root of a negative number")
        if self.value is not None:
            numerator, denominator = math.isqrt(self.value.numerator), math.isqrt(self.value.denominator)
            if Fraction(numerator, denominator) ** 2 == self.value:
                return rational(Fraction(numerator, denominator))
        # √(U/L) = √(UL)/L, and arb's root of a ball that touches zero is taken on its non-negative part only.
        key = ("sqrt", self.key)
        return Algebraic(
            key,
            lambda: _root(self.ball()),
            -(-(self.log2_u + self.log2_l) // 2),
            self.log2_l,
            self.orders,
            self.roots | {key},
        )

    @property
    def degree(self) -> int:
        """A bound D on the degree of the field: that of the cosines' real field times 2 for each root."""
        return max(1, _totient_of_lcm(self.orders) // 2) << len(self.roots)

    @cached_property
    def sign(self) -> int:
        """−1, 0 or 1, decided exactly; CannotAnswerError if that needs more than `MAX_BITS` bits."""
        if self.value is not None:
            return (self.value > 0) - (self.value < 0)
        separation = (self.degree - 1) * max(self.log2_u, 0) + max(self.log2_l, 0) + 1
        # Where equality is out of reach anyway, a moderate precision still tells most numbers apart.
        limit = MAX_BITS if separation < MAX_BITS else MAX_BITS >> 4
        bits = 64
        while bits <= limit:
            with arb_precision(bits):
                ball = self.ball()
                if ball > 0:
                    return 1
                if ball < 0:
                    return -1
                if ball.is_finite() and ball.abs_upper() < flint.arb(2) ** -separation:
                    return 0
            bits *= 2
        raise CannotAnswerError(f"deciding whether two algebraic numbers are equal needs {separation} bits")

    def enclose(self, digits: int) -> tuple[Fraction, Fraction]:
        """Return rational bounds that agree to `digits` significant digits."""
        if self.value is not None:
            return self.value, self.value
        return enclosed(self.ball, digits) if self.sign else (Fraction(0), Fraction(0))


def enclosed(ball: Callable[[], flint.arb], digits: int) -> tuple[Fraction, Fraction]:
    """Return rational bounds of a number that is not 0 to `digits` digits; it is evaluated in ever more bits."""
    bits = 64 + math.ceil(digits * math.log2(10))
    while True:
        with arb_precision(bits):
            found = ball()
            if found.is_finite() and found.rel_accuracy_bits() > digits * math.log2(10) + 4:
                return ball_bounds(found)
        bits *= 2


def rational(value: Fraction | int) -> Algebraic:
    """Return a rational number as an `Algebraic`."""
    exact = value if isinstance(value, Fraction) else Fraction(value)
    numerator, denominator = exact.as_integer_ratio()
    return Algebraic(
        exact,
        lambda: flint.arb(flint.fmpq(numerator, denominator)),
        numerator.bit_length(),
        denominator.bit_length(),
        value=exact,
    )


def cosine_sum(coefficients: Sequence[Fraction]) -> Algebraic:
    """Return Σ_s c_s cos(2πs/n), n = len(coefficients).

    2cos is an algebraic integer with all conjugates in [−2, 2], so with Q the common denominator of the c_s
    the number is U/(2Q) with |U| and its conjugates at most Σ 2Q|c_s|.
    """
    order = len(coefficients)
    terms = tuple((shift, value) for shift, value in enumerate(coefficients) if value)
    if all(shift == 0 for shift, _ in terms):
        return rational(sum((value for _, value in terms), Fraction(0)))
    denominator = math.lcm(*(value.denominator for _, value in terms))
    weight = sum(abs(value) * denominator for _, value in terms)
    return Algebraic(
        ("cos", order, terms),
        lambda: _cosine_ball(terms, order),
        (2 * int(weight)).bit_length(),
        (2 * denominator).bit_length(),
        frozenset({order}),
    )


def with_key(key: Any) -> Algebraic:
    """Return the number with a key, made by the operations that the key names."""
    match key:
        case Fraction():
            return rational(key)
        case "cos", order, terms:
            coefficients = dict(terms)
            return cosine_sum([coefficients.get(shift, Fraction(0)) for shift in range(order)])
        case "sqrt", radicand:
            return with_key(radicand).sqrt()
        case "**", base, int(exponent):
            return with_key(base) ** exponent
        case "+" | "*" | "/" as sign, left, right:
            operation: Callable[[Algebraic, Algebraic], Algebraic] = {"+": add, "*": mul, "/": truediv}[sign]
            return operation(with_key(left), with_key(right))
    raise ValueError(f"{key!r} is no key of a number")


def ball_bounds(ball: flint.arb) -> tuple[Fraction, Fraction]:
    """Return exact rational end points of a ball (both are dyadic, so nothing is rounded inwards).

    CannotAnswerError if the ball is unbounded or not a number, of which nothing is known.
    """
    if not ball.is_finite():
        raise CannotAnswerError("the errors have outgrown the value")
    return _dyadic(ball.lower()), _dyadic(ball.upper())


def _dyadic(point: flint.arb) -> Fraction:
    mantissa, exponent = point.man_exp()
    return Fraction(int(mantissa) << max(int(exponent), 0), 1 << max(-int(exponent), 0))


def _cosine_ball(terms: tuple[tuple[int, Fraction], ...], order: int) -> flint.arb:
    total = flint.arb(0)
    for shift, value in terms:
        total += flint.fmpq(value.numerator, value.denominator) * flint.arb.cos_pi_fmpq(flint.fmpq(2 * shift, order))
    return total


def _root(ball: flint.arb) -> flint.arb:
    return ball.nonnegative_part().sqrt()


def _power(ball: flint.arb, exponent: int) -> flint.arb:
    """Power by squaring; python-flint's ``**`` gives nan for a ball that contains zero."""
    result = flint.arb(1)
    for bit in bin(exponent)[2:]:
        result = result * result * ball if bit == "1" else result * result
    return result


def _combine(
    operation: str, left: Algebraic, right: Algebraic, ball: Callable[[], flint.arb], u: int, lower: int
) -> Algebraic:
    return Algebraic(
        (operation, left.key, right.key), ball, u, lower, left.orders | right.orders, left.roots | right.roots
    )


def _totient_of_lcm(orders: Iterable[int]) -> int:
    """φ(lcm(orders)), from the factors of each: their product would be hard to factor."""
    exponents: dict[int, int] = {}
    for order in orders:
        for prime, exponent in flint.fmpz(order).factor():
            exponents[int(prime)] = max(exponents.get(int(prime), 0), exponent)
    return math.prod(p ** (e - 1) * (p - 1) for p, e in exponents.items())
