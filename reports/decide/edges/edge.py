"""A statement on a box that reaches the radius 0, where its sides may touch.

There each side is E_0 + x E_1 + … + xⁿR, x = r², with E_i exact in the variables of the weights and R a form: of β_m
it is (β_m − |π̂_m|²)/x, modelled like β_m itself. So E_i ≥ 0, which algebra decides whether they touch 0 or not, and
R ≥ 0 show that a difference is not negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from emtheory.numerics.boxes.interpolation import Square, interpolate, largest_near_zero
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.basic_functions import MEAN_POWER, BasicFunction, coupling, power
from emtheory.numerics.intervals.form_functions import smallest
from emtheory.numerics.intervals.taylor_form import TaylorForm
from emtheory.reports.decide.boxes.forms import BoxForms, ratio_range
from emtheory.reports.decide.edges.expanded_sides import Edge, ExpandedSides
from emtheory.reports.decide.edges.limits import ONE_LIMIT, ZERO_LIMIT, operation
from emtheory.reports.decide.evaluation import arguments_of
from emtheory.reports.language.expression import (
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    depends_on_point,
)

_ACCURACY = 7.0
"""L of the models of E_1, of which the sign is wanted only."""
_TERMS = 4
"""Exact terms of what is exact."""
MAX_COMPONENTS = 3
"""Largest k with one frequency."""

_RADIUS = "radius"
_HALF = Number(Fraction(1, 2))


@dataclass(frozen=True)
class EdgeForms(ExpandedSides[BoxForms]):
    """Sides of a statement at the radius 0, x = r², at Arb's precision in force."""

    @property
    def applies(self) -> bool:
        """Whether the box reaches the radius 0, on the simplex, and no further than models do there."""
        sides, problem = self.forms.cell.sides, self.forms.problem
        return _RADIUS in sides and sides[_RADIUS][0] == 0 < sides[_RADIUS][1] <= self._reach and not problem.amplitudes

    def _written(self, left: Expression, right: Expression) -> tuple[Expression, ...]:
        question, k = self.forms.problem.question, self.forms.problem.case.k
        return question.in_closed_form(Comparison((left, right), (">=",), ("", "")), k).operands

    @property
    def _variable(self) -> str:
        return _RADIUS

    @property
    def is_open(self) -> bool:
        """Whether the radius 0 is left out."""
        return self.forms.problem.question.spans[_RADIUS].open_lower

    @property
    def _terms(self) -> int:
        return _TERMS

    def _varies(self, expression: Expression) -> bool:
        return depends_on_point(expression)

    def _symbol(self) -> Edge:
        raise CannotAnswerError("an odd power of the radius")

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        if base != Symbol(_RADIUS):
            return super()._power(base, exponent)
        if not isinstance(exponent, Number) or exponent.value % 2:
            return self._symbol()
        return super()._power_of(self._exact(ONE_LIMIT, 1), exponent.value / 2)

    def _quantity(self, call: Call) -> Edge:
        case = self.forms.problem.mixture.case
        match call.quantity:
            case "posterior_power":
                return self._divided(power(case, int(arguments_of(call, case)["m"])))
            case "kl_divergence":
                return self._product(self._exact(_HALF, 1), self._divided(MEAN_POWER))
            case "log_partition":
                complement = self._difference(self._exact(ONE_LIMIT), self._divided(MEAN_POWER))
                return self._product(self._exact(_HALF, 1), complement)
            case "hessian_min_eigenvalue" if case.k <= MAX_COMPONENTS:
                # One frequency: the eigenvalues are β + r²t, and for k = 3 also β.
                along, bend = self._divided(power(case, 1)), self.forms.basic_functions[coupling(case, 1, 1)]
                return Edge(along.limits, smallest([along.rest + bend, *[along.rest] * (case.k - 2)]))
        raise CannotAnswerError(f"{call.quantity} is not expanded at the radius 0")

    def _divided(self, function: BasicFunction) -> Edge:
        """A function as its limit, |π̂_m|² or the mean of these, and the rest."""
        question, k = self.forms.problem.question, self.forms.problem.case.k
        total: Expression = ZERO_LIMIT
        frequencies = function.frequencies or range(1, k)
        for m in frequencies:
            modulus = Call("dft_modulus", (("m", Number(Fraction(m))),))
            total = operation("+", total, Operation("**", (modulus, Number(Fraction(2)))))
        mean = operation("/", total, Number(Fraction(len(frequencies))))
        written = question.in_closed_form(Comparison((mean, mean), ("==",), ("", "")), k)
        return Edge((written.operands[0],), self._models[replace(function, divided=True)])

    @cached_property
    def _functions(self) -> list[BasicFunction]:
        case = self.forms.problem.mixture.case
        singles = [function for function in self.forms.problem.functions if len(function.frequencies) < 2]
        return [replace(function, divided=True) for function in singles or [power(case, 1)]]

    @cached_property
    def _reach(self) -> Fraction:
        key = ("reach", tuple(self._functions))
        memo = self.forms.memo
        if key not in memo:
            memo[key] = largest_near_zero(self.forms.problem.mixture, self._functions, 0, _ACCURACY)
        reach: Fraction = memo[key]
        return reach

    @cached_property
    def _models(self) -> Mapping[BasicFunction, TaylorForm]:
        problem, window = self.forms.problem, self.forms.cell.window
        key = ("edge", tuple(window.items()))
        ratios = problem.chart.ratios if problem.chart else ()
        if key not in self.forms.memo:
            ranges = [ratio_range(problem, ratio, window) for ratio in ratios]
            square = Square(Fraction(0), min(self._reach, window[_RADIUS][1]) ** 2, near_zero=True)
            tile = interpolate(problem.mixture, self._functions, ranges, [square], _ACCURACY)
            self.forms.memo[key] = tile
        forms: Mapping[BasicFunction, TaylorForm] = self.forms.memo[key].forms(
            [*map(self.forms.form, ratios), self._square]
        )
        return forms

    @cached_property
    def _square(self) -> TaylorForm:
        radius = self.forms.form(Symbol(_RADIUS))
        return radius * radius
