"""The operations of the statement language on Taylor forms.

A smooth function φ of f = C_0 + u is Σ_{j<n} φ^{(j)}(C_0)/j! u^j + φ^{(n)}(ξ)/n! u^n with ξ between C_0 and f (Taylor's
theorem with Lagrange's remainder). Where a function is not smooth (a root at zero, an undecided absolute value or
minimum) its range is all that is kept.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce, singledispatch
from math import factorial, prod
from operator import add, mul, neg, sub
from typing import Any, TypeVar

import flint

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import Value, apply, as_interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull, leading, shifted, truncated, union

Form = TypeVar("Form")
"""A kind of form: those of this package, or others that are registered."""

_MAX_POWER = 64
"""Larger integer powers are composed like any smooth function instead of multiplied out."""


def apply_to_forms(name: str, operands: Sequence[TaylorForm]) -> TaylorForm:
    """Apply an operation or function of `emtheory.reports.language.expression.Operation`, other than ``**``.

    Raises
    ------
    InputError
        If the operands are certainly outside the operation's domain.
    CannotAnswerError
        If it is not known whether they are.
    """
    if name in _SERIES and name != "log":
        return _compose(name, operands[0])
    return _FORMS[name](operands[0]) if len(operands) == 1 else reduce(_FORMS[name], operands)


def to_power(base: TaylorForm, exponent: Value) -> TaylorForm:
    """Raise a form to a constant power; raises as `apply_to_forms` does."""
    value = exponent.value if isinstance(exponent, Algebraic) else None
    if value is None:
        return to_variable_power(base, constant(exponent, base.domain))
    if value.denominator == 1 and 0 <= value <= _MAX_POWER:
        return _small_power(base, int(value))
    zeros = base.valuation
    if zeros == 0:
        return _taylor(base, lambda at, count: _power_series(value, at, count))
    shift = value * zeros
    if not base.domain.punctured or zeros == len(base.coefficients) or shift.denominator > 1:
        return constant(apply("**", [hull(base), exponent]), base.domain)
    if shift < 0:
        if not _falls_to_zero(base):
            raise CannotAnswerError("a negative power of a number not told from zero")
        least = as_interval(apply("**", [_end(base), exponent]))
        return constant(Interval(least.lower, flint.arb.pos_inf(), least.level), base.domain)
    return shifted(to_power(shifted(base, -zeros), exponent), int(shift))


def to_variable_power(base: TaylorForm, exponent: TaylorForm) -> TaylorForm:
    """Raise a form to a power that is a form, too; raises as `apply_to_forms` does.

    It is exp(exponent · log base), but 0 where the base is zero and the exponent positive, and 1 where both are zero.
    """
    if base.valuation < len(base.coefficients):
        return _compose("exp", exponent * _log(base))
    signs = leading(exponent).signs
    if signs == {-1}:
        raise InputError("division by zero (a negative power of zero)")
    if len(signs) > 1:
        raise CannotAnswerError("a power of zero with an exponent not shown to be positive")
    return constant(rational(0 if signs == {1} else 1), base.domain)


def _small_power(base: TaylorForm, exponent: int) -> TaylorForm:
    if exponent == 0:
        return constant(rational(1), base.domain)
    if exponent % 2 == 0 and not base.domain.punctured:
        values = hull(base)
        if values.lower <= 0 <= values.upper:  # An even power is not negative, which a product does not show.
            return constant(values**exponent, base.domain)
    return base**exponent


def divide(numerator: Form, denominator: Form) -> Form:
    """Divide forms of any kind; raises as `apply_to_forms` does.

    Parameters
    ----------
    numerator, denominator
        Of the same kind.
    """
    result: Form = quotient(numerator, denominator)
    return result


@singledispatch
def quotient(numerator: Any, denominator: Any) -> Any:
    """Divide forms of a kind that is registered."""
    raise TypeError(f"{type(numerator).__name__} is no form")


@quotient.register
def _divided(numerator: TaylorForm, denominator: TaylorForm) -> TaylorForm:
    """Divide, after cancelling the powers of h that both sides certainly have."""
    zeros = min(numerator.valuation, denominator.valuation)
    if numerator.domain.punctured and 0 < zeros < len(denominator.coefficients):
        numerator, denominator = shifted(numerator, -zeros), shifted(denominator, -zeros)
    return numerator * to_power(denominator, rational(-1))


def smallest(forms: Sequence[Form]) -> Form:
    """Return the minimum of several forms of the same kind."""
    result: Form = reduce(smaller, forms)
    return result


@singledispatch
def smaller(left: Any, right: Any) -> Any:
    """Return the minimum of two forms of a kind that is registered."""
    raise TypeError(f"{type(left).__name__} is no form")


@smaller.register
def _smaller(left: TaylorForm, right: TaylorForm) -> TaylorForm:
    """The minimum: one of the two where their order is known, else all that is known of both."""
    signs = leading(left - right).signs
    if 1 not in signs:
        return left
    if -1 not in signs:
        return right
    if not left.domain.punctured:
        ranges = constant(apply("min", [hull(left), hull(right)]), left.domain)
        if left.order > 1:
            return ranges
        # Between two places it changes as one of the two does, or a mean of both (Lebourg's mean value theorem).
        (start, *slopes), (other, *others) = left.coefficients, right.coefficients
        either = (union(pair) for pair in zip(slopes, others, strict=True))
        sloping = TaylorForm((apply("min", [start, other]), *either), left.domain)
        return min(ranges, sloping, key=_width)
    order = min(len(left.coefficients), len(right.coefficients)) - 1
    pairs = zip(truncated(left, order).coefficients, truncated(right, order).coefficients, strict=True)
    return TaylorForm(tuple(union(pair) for pair in pairs), left.domain)


def _width(form: TaylorForm) -> float:
    """About how far its values are apart."""
    values = hull(form)
    width = float(values.upper - values.lower)
    return math.inf if math.isnan(width) else width


def _absolute(form: TaylorForm) -> TaylorForm:
    signs = leading(form).signs
    if -1 not in signs:
        return form
    return -form if 1 not in signs else constant(apply("abs", [hull(form)]), form.domain)


def _log(form: TaylorForm) -> TaylorForm:
    if not _falls_to_zero(form):
        return _compose("log", form)
    most = as_interval(apply("log", [_end(form)]))
    return constant(Interval(flint.arb.neg_inf(), most.upper, most.level), form.domain)


def _falls_to_zero(form: TaylorForm) -> bool:
    """Whether all values are positive, but tend to 0 with h."""
    zeros = form.valuation
    return 0 < zeros < len(form.coefficients) and form.domain.punctured and hull(shifted(form, -zeros)).lower > 0


def _end(form: TaylorForm) -> Interval:
    """An upper bound of all values."""
    values = hull(form)
    return Interval(values.upper, values.upper, values.level)


def _compose(name: str, form: TaylorForm) -> TaylorForm:
    return _taylor(form, lambda at, count: [_SERIES[name](at, j) for j in range(count)])


def _taylor(form: TaylorForm, series: Callable[[Value, int], Sequence[Value]]) -> TaylorForm:
    """Compose with a function, given its first Taylor coefficients φ^{(j)}/j! at a number or over an interval."""
    order = form.order
    start = form.coefficients[0]
    try:
        *others, last = *series(start, order), series(union([start, hull(form)]), order + 1)[-1]
    except (InputError, CannotAnswerError):
        # Not smooth at h = 0, which need not be in the cell, or between there and the cell: its range is left.
        return constant(series(hull(form), 1)[0], form.domain)
    change = TaylorForm((rational(0), *form.coefficients[1:]), form.domain)
    result = constant(last, form.domain)
    for value in reversed(others):
        result = result * change + constant(value, form.domain)
    return result


def _power_series(exponent: Fraction, at: Value, count: int) -> list[Value]:
    result = []
    for j in range(count):
        binomial = prod((exponent - i for i in range(j)), start=Fraction(1)) / factorial(j)
        factor = apply("**", [at, rational(exponent - j)]) if binomial else rational(0)
        result.append(apply("*", [rational(binomial), factor]))
    return result


def _log_coefficient(at: Value, j: int) -> Value:
    return apply("log", [at]) if j == 0 else _scaled(apply("**", [at, rational(-j)]), Fraction((-1) ** (j + 1), j))


def _turning(names: Sequence[str]) -> Callable[[Value, int], Value]:
    """The derivatives of a trigonometric function, of which the third and fourth are the first two, negated."""

    def coefficient(at: Value, j: int) -> Value:
        return _scaled(
            apply(names[j % 2], [at]), Fraction((-1) ** (j // 2 + (j % 2) * (names[0] == "cos"))) / factorial(j)
        )

    return coefficient


def _scaled(value: Value, factor: Fraction) -> Value:
    return apply("*", [rational(factor), value])


_SERIES: Mapping[str, Callable[[Value, int], Value]] = {
    "log": _log_coefficient,
    "exp": lambda at, j: _scaled(apply("exp", [at]), Fraction(1, factorial(j))),
    "cos": _turning(("cos", "sin")),
    "sin": _turning(("sin", "cos")),
}
_FORMS: Mapping[str, Callable[..., TaylorForm]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divided,
    "neg": neg,
    "abs": _absolute,
    "log": _log,
    "sqrt": lambda form: to_power(form, rational(Fraction(1, 2))),
    "min": _smaller,
    "max": lambda left, right: -_smaller(-left, -right),
}
