"""Functions that are at each point one of several with Taylor models, as a minimum is one of two.

The operations on forms of `emtheory.numerics.intervals` that recipes of quantities use are made known for them here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from operator import add, mul, neg, sub

import flint
import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, FloatArray
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals import eigenvalue_form, form_functions
from emtheory.numerics.intervals.operations import Value, as_interval
from emtheory.numerics.taylor_models import functions
from emtheory.numerics.taylor_models.models import TaylorModels, constants, double, doubles
from emtheory.numerics.taylor_models.space import Space

MAX_BRANCHES = 8
"""More are joined to a range, in which nothing is known of how the function varies."""


@dataclass(frozen=True)
class Branches:
    """A function on many boxes: at each point of each box the value of one of the models.

    Attributes
    ----------
    models
        At least one, all in the same space, on the same boxes.
    """

    models: tuple[TaylorModels, ...]

    def __add__(self, other: "Branches | Fraction | int") -> "Branches":
        return self._with(add, other)

    __radd__ = __add__

    def __neg__(self) -> "Branches":
        return self.each(neg)

    def __sub__(self, other: "Branches | Fraction | int") -> "Branches":
        return self._with(sub, other)

    def __rsub__(self, other: "Branches | Fraction | int") -> "Branches":
        return -self + other

    def __mul__(self, other: "Branches | Fraction | int | Algebraic") -> "Branches":
        return self._with(mul, other)

    __rmul__ = __mul__

    def __truediv__(self, other: int) -> "Branches":
        return self * Fraction(1, other)

    def __pow__(self, exponent: int) -> "Branches":
        return self.to_power(Fraction(exponent))

    @property
    def boxes(self) -> int:
        """How many there are."""
        return len(self.models[0].error)

    @property
    def space(self) -> Space:
        """Of the polynomials."""
        return self.models[0].space

    def each(self, function: Callable[[TaylorModels], TaylorModels]) -> "Branches":
        """Apply a function to every branch."""
        results = {key: function(model) for key, model in {id(model): model for model in self.models}.items()}
        return Branches(tuple(results[id(model)] for model in self.models))

    def to_power(self, exponent: Fraction) -> "Branches":
        """Raise to a power."""
        return self.each(lambda model: functions.power(model, exponent))

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Return lower and upper bounds of all values on each box."""
        lower, upper = zip(*(model.bounds() for model in self.models), strict=True)
        return np.minimum.reduce(lower), np.maximum.reduce(upper)

    def _with(
        self, operation: Callable[..., TaylorModels], other: "Branches | Fraction | int | Algebraic"
    ) -> "Branches":
        if not isinstance(other, Branches):
            other = number(other if isinstance(other, Algebraic) else rational(other), self.boxes, self.space)
        pairs = list(product(self.models, other.models))
        results = {(id(a), id(b)): operation(a, b) for a, b in {(id(a), id(b)): (a, b) for a, b in pairs}.values()}
        return branched([results[id(a), id(b)] for a, b in pairs])


def number(value: Value, boxes: int, space: Space) -> Branches:
    """Return a number as a function on many boxes, at Arb's precision in force.

    Parameters
    ----------
    value
        The number.
    boxes, space
        How many boxes there are, and what the polynomials are made of.
    """
    known = as_interval(value)
    middle, error = double(known.lower.union(known.upper))
    return Branches((constants(np.full(boxes, middle), np.full(boxes, error), space),))


def branched(models: Sequence[TaylorModels]) -> Branches:
    """Return what is one of several models at each point; if they are too many, their common range."""
    if len(models) <= MAX_BRANCHES:
        return Branches(tuple(models))
    return _ranging(*Branches(tuple(models)).bounds(), models[0].space)


def apply(name: str, operands: Sequence[Branches]) -> Branches:
    """Apply an operation or function of `emtheory.reports.language.expression.Operation`, other than ``**``."""
    if len(operands) == 1:
        return _UNARY[name](operands[0])
    return reduce(_BINARY[name], operands)


def to_variable_power(base: Branches, exponent: Branches) -> Branches:
    """Raise to a power that varies: exp(exponent · log base)."""
    return (exponent * base.each(functions.logarithm)).each(functions.exponential)


def _ranging(lower: FloatArray, upper: FloatArray, space: Space) -> Branches:
    """All that is known is a range."""
    known = np.isfinite(lower) & np.isfinite(upper)
    low, high = np.where(known, lower, 0.0), np.where(known, upper, 0.0)
    middle = low + (high - low) / 2
    error = np.where(known, np.maximum(high - middle, middle - low) * SLACK + TINY, np.inf)
    return Branches((constants(middle, error, space),))


@form_functions.quotient.register
def _divided(numerator: Branches, denominator: Branches) -> Branches:
    return numerator * denominator.to_power(Fraction(-1))


@form_functions.smaller.register
def _smaller(left: Branches, right: Branches) -> Branches:
    """The minimum: on each box the one that is known to be smaller, or else one of both."""
    models = []
    for first, second in product(left.models, right.models):
        lower, upper = (first - second).bounds()
        one, other = _chosen(lower >= 0, second, first), _chosen(upper <= 0, first, second)
        # Both are kept though they may be the same: how many there are must not depend on which boxes are together.
        same = bool((one.coefficients == other.coefficients).all() and (one.error == other.error).all())
        models += [one, one if same else other]
    return branched(models)


def _chosen(first: NDArray[np.bool_], model: TaylorModels, other: TaylorModels) -> TaylorModels:
    """Return the model on some boxes, and the other one elsewhere."""
    return TaylorModels(
        np.where(first, model.coefficients, other.coefficients), np.where(first, model.error, other.error), model.space
    )


@eigenvalue_form.smallest_eigenvalue_of.register
def _smallest_eigenvalue(corner: Branches, matrix: Sequence[Sequence[Branches]]) -> Branches:
    """Of two rows: (a + d)/2 − √(((a − d)/2)² + b²), the root at least by its range."""
    if len(matrix) > 2:
        raise CannotAnswerError("eigenvalues of matrices beyond 2 × 2 have no Taylor models")
    (a, b), (_, d) = matrix
    difference = (a - d) / 2
    return (a + d) / 2 - _root_of_squares(difference * difference + b * b)


def _root_of_squares(value: Branches) -> Branches:
    """The root of what is known not to be negative."""
    results = []
    for model in value.models:
        smooth = functions.power(model, Fraction(1, 2))
        lower, upper = (doubles(flint.arb.sqrt, np.maximum(each, 0.0)) for each in model.bounds())
        ends = np.nextafter(lower[0] - lower[1], -np.inf), np.nextafter(upper[0] + upper[1], np.inf)
        (rough,) = _ranging(*ends, model.space).models
        results.append(_chosen(np.isfinite(smooth.error), smooth, rough))
    return branched(results)


def _absolute(value: Branches) -> Branches:
    return -_smaller(value, -value)


_UNARY: dict[str, Callable[[Branches], Branches]] = {
    "neg": neg,
    "abs": _absolute,
    "sqrt": lambda value: value.to_power(Fraction(1, 2)),
    "exp": lambda value: value.each(functions.exponential),
    "log": lambda value: value.each(functions.logarithm),
    "cos": lambda value: value.each(lambda model: functions.turning("cos", model)),
    "sin": lambda value: value.each(lambda model: functions.turning("sin", model)),
}
_BINARY: dict[str, Callable[[Branches, Branches], Branches]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": _divided,
    "min": _smaller,
    "max": lambda left, right: -_smaller(-left, -right),
}
