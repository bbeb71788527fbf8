"""The operations of the statement language on values: exact algebra where it applies, else interval arithmetic.

Exact are algebraic numbers, and polynomials in √π and arcsin(1/3) with algebraic coefficients.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import add, mul, neg, sub, truediv
from typing import Any, TypeVar

import flint

from emtheory.numerics.arithmetic.algebraic import Algebraic, cosine_sum, rational
from emtheory.numerics.arithmetic.closed_form import SINE, ClosedForm, Exact, lifted, lowered, pi_power
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals import interval
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.level import Level

Value = Exact | Interval
Number = TypeVar("Number", Algebraic, ClosedForm)

MAX_EXPONENT = 10_000
"""Of integer exponents in modulus, and of the roots that fractional ones take: a power of a number of b bits has up to
10⁴b."""
MAX_SIZE_BITS = 1 << 17
"""Exact numbers with bounds beyond this many bits are carried on as intervals: to tell such a number from zero may take
as many."""

MAX_COSINE_ORDER = 1 << 13
"""Of the root of unity whose real part a cosine is: an element of its cyclotomic field has about as many
coefficients."""


def apply(name: str, operands: Sequence[Value]) -> Value:
    """Apply an operation or function of `emtheory.reports.language.expression.Operation`.

    Exact if every operand is, the result is of that kind and its zero tests are affordable. InputError if the operands
    are certainly outside the operation's domain, or an integer exponent is beyond ±10,000. CannotAnswerError if it is
    not yet known whether they are.
    """
    exact = [operand for operand in operands if isinstance(operand, Exact)]
    if len(exact) == len(operands):
        if not all(isinstance(operand, Algebraic) for operand in exact):
            exact = [*map(lifted, exact)]
        try:
            result = _EXACT[name](*exact)
        except CannotAnswerError:
            result = None
        if result is not None and _size(result) <= MAX_SIZE_BITS:
            return lowered(result)
    return _enclosed(name, operands)


def as_interval(value: Value) -> Interval:
    """Enclose an exact number at the precision in force; intervals are returned as they are."""
    return interval.from_ball(value.ball(), Level.CERTIFIED) if isinstance(value, Exact) else value


def cosine(multiple: Fraction) -> Algebraic | None:
    """Return cos(multiple · π) exactly, or None if its order is beyond `MAX_COSINE_ORDER`."""
    turn = multiple / 2 % 1
    if turn.denominator > MAX_COSINE_ORDER:
        return None
    return cosine_sum([Fraction(shift == turn.numerator) for shift in range(turn.denominator)])


def _divide(numerator: Number, denominator: Number) -> Number:
    if denominator.sign == 0:
        raise InputError("division by zero")
    return numerator / denominator


def _root(value: Number) -> Number:
    if value.sign < 0:
        raise InputError("square root of a negative number")
    return value.sqrt()


def _power(base: Number, exponent: Number) -> Exact | None:
    """base**exponent for an integer or half-integer exponent, or where the root is rational, unless it is too large."""
    if exponent.value is None or exponent.value.denominator > MAX_EXPONENT:
        return None
    if exponent.value.denominator > 2:
        if base.value == 0 and exponent.value > 0:
            return rational(0)
        root = _rational_root(base.value, exponent.value.denominator)
        return None if root is None else _power(rational(root), rational(exponent.value.numerator))
    power = _bounded(exponent.value.numerator)
    if exponent.value < 0 and base.sign == 0:
        raise InputError("division by zero (a negative power of zero)")
    if exponent.value.denominator == 2:
        if base.sign < 0:
            raise InputError("fractional power of a negative number")
        base = base.sqrt()
    return base**power if _size(base) * abs(power) <= MAX_SIZE_BITS else None


def _cosine(value: Exact) -> Algebraic | None:
    """The cosine of a rational multiple of π, or of arcsin(1/3) alone."""
    form = lifted(value)
    if _is_asin(form):
        return rational(1 - SINE**2).sqrt()
    multiple = _multiple_of_pi(form)
    return None if multiple is None else cosine(multiple)


def _sine(value: Exact) -> Algebraic | None:
    """The sine of a rational multiple of π, or of arcsin(1/3) alone."""
    form = lifted(value)
    if _is_asin(form):
        return rational(form.sign * SINE)
    multiple = _multiple_of_pi(form)
    return None if multiple is None else cosine(multiple - Fraction(1, 2))


def _is_asin(form: ClosedForm) -> bool:
    """Whether it is ±arcsin(1/3)."""
    return not (form - _ASIN).terms or not (form + _ASIN).terms


def _multiple_of_pi(form: ClosedForm) -> Fraction | None:
    return Fraction(0) if not form.terms else (form / PI).value if len(form.terms) == 1 else None


def _rational_root(value: Fraction | None, degree: int) -> Fraction | None:
    """The positive root of a positive rational number, if it is rational."""
    if value is None or value <= 0:
        return None
    root = Fraction(*(int(flint.fmpz(part).root(degree)) for part in (value.numerator, value.denominator)))
    return root if root**degree == value else None


def _enclosed(name: str, operands: Sequence[Value]) -> Interval:
    if name == "**":
        return _enclosed_power(operands[0], operands[1])
    values = [as_interval(operand) for operand in operands]
    return _UNARY[name](values[0]) if name in _UNARY else reduce(_BINARY[name], values)


def _enclosed_power(base: Value, exponent: Value) -> Interval:
    value = exponent.value if isinstance(exponent, Algebraic) else None
    if value is not None and value.denominator == 1:
        return as_interval(base) ** _bounded(value.numerator)
    if value is not None and value.denominator == 2:
        return interval.sqrt(as_interval(base)) ** _bounded(value.numerator)
    enclosed = as_interval(base)
    if enclosed.lower <= 0 <= enclosed.upper and isinstance(base, Algebraic) and base.sign == 0:
        enclosed = as_interval(rational(0))
    return interval.power(enclosed, as_interval(exponent))


def _bounded(exponent: int) -> int:
    if abs(exponent) > MAX_EXPONENT:
        raise InputError(f"an integer exponent beyond ±{MAX_EXPONENT}")
    return exponent


def _size(value: Exact) -> int:
    if isinstance(value, ClosedForm):
        return sum(_size(part) + abs(i) + abs(j) for (i, j), part in value.terms.items())
    return abs(value.log2_u) + abs(value.log2_l)


PI = pi_power(2, rational(1))
_ASIN = pi_power(0, rational(1), 1)

_EXACT: Mapping[str, Callable[..., Any]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divide,
    "**": _power,
    "neg": neg,
    "sqrt": _root,
    "abs": lambda value: value if value.sign >= 0 else -value,
    "min": lambda *values: reduce(lambda least, other: least if (least - other).sign <= 0 else other, values),
    "max": lambda *values: reduce(lambda most, other: most if (most - other).sign >= 0 else other, values),
    "log": lambda value: rational(0) if value.value == 1 else None,
    "exp": lambda value: rational(1) if value.value == 0 else None,
    "cos": _cosine,
    "sin": _sine,
}
_UNARY: Mapping[str, Callable[[Interval], Interval]] = {
    "neg": neg,
    "abs": abs,
    "sqrt": interval.sqrt,
    "log": interval.log,
    "exp": interval.exp,
    "cos": interval.cos,
    "sin": interval.sin,
}
_BINARY: Mapping[str, Callable[[Interval, Interval], Interval]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "min": interval.minimum,
    "max": interval.maximum,
}
