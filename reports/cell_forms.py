"""The sides of a statement as Taylor forms on a cell of radii."""

import math
from collections.abc import MutableMapping
from fractions import Fraction
from typing import Any

from numerics import evaluate as quantities
from numerics.algebraic import rational
from numerics.case import Case
from numerics.enclosure import Enclosure
from numerics.ray_functions import RayFunction, expand, make_window
from reports.arithmetic import Value
from reports.cell import ORIGIN, Cell
from reports.evaluation import arguments_of, calls_of, case_of, combine
from reports.expression import Call, Comparison, Expression, Operation, Symbol, depends_on_point
from reports.form_functions import apply_to_forms, to_power
from reports.interval import from_enclosure
from reports.ray_forms import QUANTITIES, expansion_form, functions_of, has_form, model_form, quantity_form
from reports.taylor_form import ZERO, Domain, TaylorForm, constant

Memo = MutableMapping[object, Any]
"""What cells of one statement and case share: expansions, models and constants."""

ORIGIN_ORDER = 4
"""Expansions at the origin are exact below this power of s²."""

_CONSTANT_ON_RAY = "asymptotic_rate"
"""For every positive radius it is the same: all frequencies are excited on the simplex."""


def has_forms(comparison: Comparison, case: Case) -> bool:
    """Whether every quantity in a statement can be followed over an interval of radii."""
    return all(
        not any(depends_on_point(argument) for _, argument in call.arguments)
        and (call.quantity == _CONSTANT_ON_RAY or has_form(call.quantity, case))
        for call in calls_of(comparison)
        if depends_on_point(call)
    )


def accuracy_of(cell: Cell) -> float:
    """L, when errors are to be about e^{−L}."""
    return cell.digits * math.log(10)


class CellForms:
    """Forms of expressions on one cell, at Arb's precision in force.

    Parameters
    ----------
    comparison, case
        The statement that they belong to, for which `has_forms` holds, and the mixture.
    cell
        The radii, not a single point by the method `POINT`.
    memo
        What was computed for other cells of the statement; it is added to.
    """

    def __init__(self, comparison: Comparison, case: Case, cell: Cell, memo: Memo) -> None:
        self._comparison, self._case, self._cell, self._memo = comparison, case, cell, memo
        if cell.method == ORIGIN:
            self._domain = Domain(Fraction(0), cell.lower, cell.upper, 2 * ORIGIN_ORDER, punctured=True)
        else:
            centre = (cell.lower + cell.upper) / 2
            self._domain = Domain(centre, cell.lower - centre, cell.upper - centre, 1, punctured=False)
        higher = [ZERO] * (self._domain.order - 1)
        self._radius = TaylorForm((rational(self._domain.centre), rational(1), *higher), self._domain)

    def form(self, expression: Expression) -> TaylorForm:
        """Return the form of an expression.

        Raises
        ------
        InputError
            If it certainly has no value somewhere on the cell.
        CannotAnswerError
            If that is not known, or a quantity cannot be enclosed.
        """
        if not depends_on_point(expression):
            return constant(combine(expression, self._constant), self._domain)
        if isinstance(expression, Call):
            return self._quantity(expression)
        if not isinstance(expression, Operation):
            return self._radius
        if expression.name != "**":
            return apply_to_forms(expression.name, [self.form(operand) for operand in expression.operands])
        base, exponent = expression.operands
        if not depends_on_point(exponent):
            return to_power(self.form(base), combine(exponent, self._constant))
        return apply_to_forms("exp", [self.form(exponent) * apply_to_forms("log", [self.form(base)])])

    def _quantity(self, call: Call) -> TaylorForm:
        if call.quantity == _CONSTANT_ON_RAY:
            return constant(self._value(call, self._case.at_radius(Fraction(1))), self._domain)
        return quantity_form(
            call.quantity, self._case, arguments_of(call, self._case), self._radius, self._basic_function
        )

    def _constant(self, leaf: Symbol | Call) -> Value:
        if isinstance(leaf, Symbol):
            return rational(self._case.k if leaf.name == "k" else self._case.d)
        return self._value(leaf, case_of(leaf, self._case))

    def _value(self, call: Call, case: Case) -> Value:
        key = (call, self._cell.digits)
        if key not in self._memo:
            self._memo[key] = quantities.evaluate(call.quantity, case, arguments_of(call, case), self._cell.digits)
        enclosure: Enclosure = self._memo[key]
        return from_enclosure(enclosure) if enclosure.exact is None else enclosure.exact

    def _basic_function(self, function: RayFunction) -> TaylorForm:
        if self._cell.method == ORIGIN:
            if function not in self._memo:
                self._memo[function] = expand(self._case, function, ORIGIN_ORDER)
            return expansion_form(self._memo[function], self._case, self._domain)
        key = (self._cell.window, self._cell.digits)
        if key not in self._memo:
            calls = [call for call in calls_of(self._comparison) if call.quantity in QUANTITIES]
            needed = [
                f for call in calls for f in functions_of(call.quantity, self._case, arguments_of(call, self._case))
            ]
            ends = self._cell.window or (self._cell.lower, self._cell.upper)
            self._memo[key] = make_window(self._case, list(dict.fromkeys(needed)), *ends, accuracy_of(self._cell))
        return model_form(self._memo[key], function, self._domain)
