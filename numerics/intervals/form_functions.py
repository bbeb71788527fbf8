"""The operations of the statement language on forms.

A smooth function φ of f = C_0 + u is φ(C_0) + φ′(ξ)u with ξ between C_0 and f (mean value theorem). Where a function is
not smooth (a root at zero, an undecided absolute value or minimum) its range is all that is kept.

For a symmetric matrix of forms M = [[A, B], [Bᵀ, D]] with D ⪰ δ and a = λ_min(A) < δ, Rayleigh's principle and the
Schur complement give a − ‖B‖²/(δ − a) ≤ λ_min(M) ≤ a. With A the part of M whose eigenvalue is smallest at the centre,
in a basis that nearly makes B vanish there, the correction is of second order.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce, singledispatch
from operator import add, mul, neg, sub, truediv
from typing import Any, Protocol, TypeVar

import flint
import numpy as np

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue as enclose_smallest
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.interval import Interval, from_ball
from emtheory.numerics.intervals.operations import Value, apply, as_interval
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, composed, constant, is_zero, signs_of
from emtheory.numerics.level import Level

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
        return constant(apply("**", [base.range, exponent]), base.domain)
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
        values = base.range
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
    return -form if 1 not in signs else constant(apply("abs", [form.range]), form.domain)


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


Matrix = Sequence[Sequence[TaylorForm]]


def smallest_eigenvalue(matrix: Sequence[Sequence[Form]]) -> Form:
    """Return a form of λ_min of a symmetric matrix of forms of the same kind."""
    corner = matrix[0][0]
    result: Form = corner if len(matrix) == 1 else smallest_eigenvalue_of(corner, matrix)
    return result


@singledispatch
def smallest_eigenvalue_of(corner: Any, matrix: Any) -> Any:
    """Return a form of λ_min of a symmetric matrix of two rows or more.

    `corner`: its first entry, whose kind decides what is done.
    """
    raise TypeError(f"{type(corner).__name__} is no form")


@smallest_eigenvalue_of.register
def _smallest_eigenvalue(corner: TaylorForm, matrix: Matrix) -> TaylorForm:
    domain, matrix = corner.domain, _in_eigenbasis(matrix)
    least = _tied_with_smallest([row[i].coefficients[0] for i, row in enumerate(matrix)])
    others = [i for i in range(len(matrix)) if i not in least]
    first = matrix[least[0]][least[0]]
    if len(least) > 1:
        first = constant(_range([[matrix[i][j] for j in least] for i in least]), domain)
    if not others:
        return first
    second = _range([[matrix[i][j] for j in others] for i in others])
    gap = second - first.range
    if not gap.lower > 0:
        return constant(_range(matrix), domain)
    coupling = sum((matrix[i][j] * matrix[i][j] for i in least for j in others), start=constant(ZERO, domain))
    if coupling.vanishes:
        return first
    most = coupling.range / gap
    return first - constant(Interval(flint.arb(0), most.upper.max(0), most.level), domain)


def _tied_with_smallest(values: Sequence[Value]) -> list[int]:
    """Indices of the numbers that are not certainly above all the smallest."""
    intervals = [as_interval(value) for value in values]
    bound = reduce(lambda a, b: a if a <= b else b, (part.upper for part in intervals))
    return [i for i, part in enumerate(intervals) if not part.lower > bound]


def _range(matrix: Matrix) -> Interval:
    """An interval around λ_min on all of the box."""
    hulls = [[entry.range for entry in row] for row in matrix]
    balls = [[part.lower.union(part.upper) for part in row] for row in hulls]
    return from_ball(enclose_smallest(balls, flint.ctx.prec * math.log(2) / 2), Level.CERTIFIED)


def _in_eigenbasis(matrix: Matrix) -> Matrix:
    """VᵀMV with an orthogonal V, enclosed by balls, that nearly diagonalises M at the centre; M itself if unbounded."""
    size = len(matrix)
    centre = [[as_interval(entry.coefficients[0]) for entry in row] for row in matrix]
    floats = np.array([[float((part.lower + part.upper) / 2) for part in row] for row in centre])
    if not np.isfinite(floats).all():
        return matrix
    basis = _orthonormal(np.linalg.eigh(floats)[1].T.tolist())
    domain = matrix[0][0].domain

    def entry(a: int, b: int) -> TaylorForm:
        coefficients = []
        for n in range(len(matrix[0][0].coefficients)):
            terms = (
                apply("*", [from_ball(basis[a][i] * basis[b][j], Level.CERTIFIED), matrix[i][j].coefficients[n]])
                for i in range(size)
                for j in range(size)
            )
            coefficients.append(reduce(lambda total, term: apply("+", [total, term]), terms))
        return TaylorForm(tuple(coefficients), domain)

    upper = {(a, b): entry(a, b) for a in range(size) for b in range(a, size)}
    return [[upper[min(a, b), max(a, b)] for b in range(size)] for a in range(size)]


def _orthonormal(vectors: list[list[float]]) -> list[list[flint.arb]]:
    """Gram and Schmidt's process in ball arithmetic: the balls contain an exactly orthogonal matrix."""
    result: list[list[flint.arb]] = []
    for vector in vectors:
        row = [flint.arb(x) for x in vector]
        for known in result:
            along = sum((x * y for x, y in zip(row, known, strict=True)), start=flint.arb(0))
            row = [x - along * y for x, y in zip(row, known, strict=True)]
        norm = sum((x * x for x in row), start=flint.arb(0)).sqrt()
        result.append([x / norm for x in row])
    return result
