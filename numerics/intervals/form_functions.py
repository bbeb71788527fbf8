"""The operations of the statement language on forms.

A smooth function φ of f = C_0 + u is φ(C_0) + φ′(ξ)u with ξ between C_0 and f (mean value theorem). Where a function is
not smooth (a root at zero, an undecided absolute value or minimum) its range is all that is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import add, mul, neg, sub, truediv
from typing import Any, Protocol, TypeVar

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.operations import Value, apply
from emtheory.numerics.intervals.taylor_form import TaylorForm, composed, constant, hull, is_zero, signs_of

Form = TypeVar("Form", bound="Ordered")
"""A kind of form: that of this package, or another."""


class Ordered(Protocol):
    """What has minima."""

    def minimum(self, other: Any, /) -> Any:
        """Return the smaller of two."""


_MAX_POWER = 64
"""Larger integer powers are composed like any smooth function instead of multiplied out."""


def apply_to_forms(name: str, operands: Sequence[TaylorForm]) -> TaylorForm:
    """Apply an operation or function of `emtheory.reports.language.expression.Operation`, other than ``**``.

    InputError if the operands are certainly outside the operation's domain. CannotAnswerError if it is not known
    whether they are.
    """
    if name in _SMOOTH:
        function, slope = _SMOOTH[name]
        return composed(operands[0], function, slope)
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
    return composed(
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


def smallest(forms: Sequence[Form]) -> Form:
    """Return the minimum of several forms of the same kind."""
    return reduce(lambda least, other: least.minimum(other), forms)


def _absolute(form: TaylorForm) -> TaylorForm:
    signs = signs_of(form)
    if -1 not in signs:
        return form
    return -form if 1 not in signs else constant(apply("abs", [hull(form)]), form.domain)


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
    "/": truediv,
    "neg": neg,
    "abs": _absolute,
    "sqrt": lambda form: to_power(form, rational(Fraction(1, 2))),
    "min": TaylorForm.minimum,
    "max": lambda left, right: -((-left).minimum(-right)),
}
