"""The operations of the statement language on forms.

A smooth function φ of f = C_0 + u is φ(C_0) + φ′(ξ)u with ξ between C_0 and f (mean value theorem). Where a function is
not smooth (a root at zero, an undecided absolute value or minimum) its range is all that is kept.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce, singledispatch
from operator import add, mul, neg, sub
from typing import Any, TypeVar

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.operations import Value, apply
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull, is_zero, signs_of, union

Form = TypeVar("Form")
"""A kind of form: those of this package, or others that are registered."""

_MAX_POWER = 64
"""Larger integer powers are composed like any smooth function instead of multiplied out."""


def apply_to_forms(name: str, operands: Sequence[TaylorForm]) -> TaylorForm:
    """Apply an operation or function of `emtheory.reports.language.expression.Operation`, other than ``**``.

    InputError if the operands are certainly outside the operation's domain. CannotAnswerError if it is not known
    whether they are.
    """
    if name in _SMOOTH:
        function, slope = _SMOOTH[name]
        return _composed(operands[0], function, slope)
    return _FORMS[name](operands[0]) if len(operands) == 1 else reduce(_FORMS[name], operands)


def to_power(base: TaylorForm, exponent: Value) -> TaylorForm:
    """Raise a form to a constant power; raises as `apply_to_forms` does."""
    value = exponent.value if isinstance(exponent, Algebraic) else None
    if value is None:
        return to_variable_power(base, constant(exponent, base.domain))
    if value.denominator == 1 and 0 <= value <= _MAX_POWER:
        return _small_power(base, int(value))
    if is_zero(base.coefficients[0]):
        return constant(apply("**", [hull(base), exponent]), base.domain)
    less = rational(value - 1)
    return _composed(
        base, lambda at: apply("**", [at, exponent]), lambda at: apply("*", [exponent, apply("**", [at, less])])
    )


def to_variable_power(base: TaylorForm, exponent: TaylorForm) -> TaylorForm:
    """Raise a form to a power that is a form, too; raises as `apply_to_forms` does.

    It is exp(exponent · log base), but 0 where the base is zero and the exponent positive, and 1 where both are zero.
    """
    if not base.vanishes:
        return apply_to_forms("exp", [exponent * apply_to_forms("log", [base])])
    signs = signs_of(exponent)
    if signs == {-1}:
        raise InputError("division by zero (a negative power of zero)")
    if len(signs) > 1:
        raise CannotAnswerError("a power of zero with an exponent not shown to be positive")
    return constant(rational(0 if signs == {1} else 1), base.domain)


def _small_power(base: TaylorForm, exponent: int) -> TaylorForm:
    if exponent == 0:
        return constant(rational(1), base.domain)
    if exponent % 2 == 0:
        values = hull(base)
        if values.lower <= 0 <= values.upper:  # An even power is not negative, which a product does not show.
            return constant(values**exponent, base.domain)
    return base**exponent


def divide(numerator: Form, denominator: Form) -> Form:
    """Divide forms of any kind; raises as `apply_to_forms` does.

    `numerator`, `denominator`: of the same kind.
    """
    result: Form = quotient(numerator, denominator)
    return result


@singledispatch
def quotient(numerator: Any, denominator: Any) -> Any:
    """Divide forms of a kind that is registered."""
    raise TypeError(f"{type(numerator).__name__} is no form")


@quotient.register
def _divided(numerator: TaylorForm, denominator: TaylorForm) -> TaylorForm:
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
    signs = signs_of(left - right)
    if 1 not in signs:
        return left
    if -1 not in signs:
        return right
    ranges = constant(apply("min", [hull(left), hull(right)]), left.domain)
    # Between two places it changes as one of the two does, or a mean of both (Lebourg's mean value theorem).
    (start, *slopes), (other, *others) = left.coefficients, right.coefficients
    either = (union(pair) for pair in zip(slopes, others, strict=True))
    sloping = TaylorForm((apply("min", [start, other]), *either), left.domain)
    return min(ranges, sloping, key=_width)


def _width(form: TaylorForm) -> float:
    """About how far its values are apart."""
    values = hull(form)
    width = float(values.upper - values.lower)
    return math.inf if math.isnan(width) else width


def _absolute(form: TaylorForm) -> TaylorForm:
    signs = signs_of(form)
    if -1 not in signs:
        return form
    return -form if 1 not in signs else constant(apply("abs", [hull(form)]), form.domain)


def _composed(form: TaylorForm, function: Callable[[Value], Value], slope: Callable[[Value], Value]) -> TaylorForm:
    start, *slopes = form.coefficients
    values = hull(form)
    try:
        steepness, value = slope(union([start, values])), function(start)
    except (InputError, CannotAnswerError):
        # Not smooth between the centre and the values: the range is left.
        return constant(function(values), form.domain)
    change = TaylorForm((rational(0), *slopes), form.domain)
    return constant(steepness, form.domain) * change + constant(value, form.domain)


def _of(name: str, sign: int = 1) -> Callable[[Value], Value]:
    return lambda at: apply(name, [at]) if sign > 0 else apply("neg", [apply(name, [at])])


_SMOOTH: Mapping[str, tuple[Callable[[Value], Value], Callable[[Value], Value]]] = {
    "log": (_of("log"), lambda at: apply("**", [at, rational(-1)])),
    "exp": (_of("exp"), _of("exp")),
    "cos": (_of("cos"), _of("sin", -1)),
    "sin": (_of("sin"), _of("cos")),
}
"""Functions and their slopes."""
_FORMS: Mapping[str, Callable[..., TaylorForm]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divided,
    "neg": neg,
    "abs": _absolute,
    "sqrt": lambda form: to_power(form, rational(Fraction(1, 2))),
    "min": _smaller,
    "max": lambda left, right: -_smaller(-left, -right),
}
