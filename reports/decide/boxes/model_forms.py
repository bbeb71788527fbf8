"""The sides of a statement as Taylor models on many boxes at once, all in one window."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.boxes.amplitude_forms import AMPLITUDE_FORMS
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.basic_functions import BasicFunction
from emtheory.numerics.intervals.operations import PI, Value
from emtheory.numerics.taylor_models.branches import Branches, apply, number, to_variable_power
from emtheory.numerics.taylor_models.models import TaylorModels, variables
from emtheory.numerics.taylor_models.space import Space, space
from emtheory.numerics.taylor_models.tile_models import tile_models
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import (
    BoxProblem,
    Memo,
    fixed_amplitude,
    is_constant,
    point_variables,
    shared_tile,
    value_of,
)
from emtheory.reports.decide.boxes.reach import ray_form
from emtheory.reports.decide.evaluation import arguments_of
from emtheory.reports.language.expression import AMPLITUDE, Call, Comparison, Expression, Number, Operation, Symbol

ORDERS = {1: 8, 2: 6, 3: 4}
"""Number of variables → total degree of the polynomials; a choice."""


@dataclass(frozen=True)
class ModelForms:
    """Models of expressions on cells, at Arb's precision in force.

    `problem`: the statement and the mixtures; `cells`: with the same digits and window; `memo`: what was computed for
    other cells; it is added to.
    """

    problem: BoxProblem
    cells: Sequence[BoxCell]
    memo: Memo

    @cached_property
    def space(self) -> Space:
        """What the polynomials are made of."""
        count = len(self.cells[0].sides)
        return space(count, ORDERS[count])

    def written(self, comparison: Comparison) -> Comparison:
        """Return a comparison with those quantities in closed form that have one in the weights."""
        return self.problem.question.in_closed_form(comparison, self.problem.case.k)

    def form(self, expression: Expression) -> Branches:
        """Return the models of an expression.

        CannotAnswerError or InputError if something has no models, or a tile would be too large.
        """
        if isinstance(expression, Number):
            return self._number(rational(expression.value))
        if isinstance(expression, Symbol):
            return self._symbol(expression.name)
        if isinstance(expression, Call):
            return self._quantity(expression)
        if expression.name == "**":
            return self._power(*expression.operands)
        return apply(expression.name, [self.form(operand) for operand in expression.operands])

    def _power(self, base: Expression, exponent: Expression) -> Branches:
        if isinstance(exponent, Number):
            return self.form(base).to_power(exponent.value)
        if isinstance(exponent, Operation) and exponent.name == "neg" and isinstance(exponent.operands[0], Number):
            return self.form(base).to_power(-exponent.operands[0].value)
        return to_variable_power(self.form(base), self.form(exponent))

    def _symbol(self, name: str) -> Branches:
        first = self.cells[0].sides
        if name in first:
            index = list(first).index(name)
            return Branches((variables([cell.sides[name] for cell in self.cells], index, self.space),))
        case = self.problem.case
        if name == "pi":
            return self._number(PI)
        if name == "radius":
            return self._number(rational(case.radius or Fraction(0)))
        return self._number(rational(case.k if name == "k" else case.d))

    def _quantity(self, call: Call) -> Branches:
        if is_constant(call):
            return self._number(value_of(call, self.problem, self.cells[0].digits, self.memo))
        # Recipes know forms by their operations only.
        source: Any = self._functions.__getitem__
        case, arguments = self.problem.mixture.case, arguments_of(call, self.problem.case)
        if self.problem.amplitudes:
            places: Any = [self._amplitude(m) for m in case.frequencies]
            found: Any = AMPLITUDE_FORMS[call.quantity].form(case, arguments, places, source)
        else:
            radius: Any = self._symbol("radius")
            found = ray_form(call).form(case, arguments, radius, source)
        result: Branches = found
        return result

    def _amplitude(self, m: int) -> Branches:
        name = f"{AMPLITUDE}{m}"
        if name in self.cells[0].sides:
            return self._symbol(name)
        return self._number(rational(fixed_amplitude(self.problem.case, m - 1)))

    def _number(self, value: Value) -> Branches:
        return number(value, len(self.cells), self.space)

    @cached_property
    def _functions(self) -> Mapping[BasicFunction, Branches]:
        """The models of all that the statement is made of."""
        tile, squares = shared_tile(self.problem, self.cells[0], self.memo)
        chart = self.problem.chart
        coordinates = [self.form(ratio) for ratio in (chart.ratios if chart else ())]
        for name, square in zip(point_variables(self.problem), squares, strict=True):
            if square.varies:
                value = self._symbol(name)
                coordinates.append(value * value if square.near_zero else apply("log", [value * value]))
        return tile_models(tile, [_only(each) for each in coordinates])


def _only(value: Branches) -> TaylorModels:
    """The models of a coordinate, of which no branch may be taken: they must belong to the same place as others."""
    first, *others = value.models
    if others:
        raise CannotAnswerError("a weight with a minimum or an absolute value has no Taylor models")
    return first
