"""A statement on a box that reaches the radius 0, where its sides may touch.

There each side is E_0 + r²E_1, E_0 its limit, exact in the variables of the weights, and E_1 a form: of β_m it is
(β_m − |π̂_m|²)/r², modelled like β_m itself. So E_0 ≥ 0, which algebra decides whether it touches 0 or not, and E_1 ≥ 0
show that a difference is not negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.boxes.interpolation import Square, interpolate, largest_near_zero
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.basic_functions import MEAN_POWER, BasicFunction, coupling, power
from emtheory.numerics.intervals.form_functions import divide, smallest
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, constant, hull
from emtheory.reports.decide.boxes.forms import BoxForms, ratio_range
from emtheory.reports.decide.evaluation import arguments_of
from emtheory.reports.decide.exact.decision import decide_exactly
from emtheory.reports.language.expression import (
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    depends_on_point,
)
from emtheory.reports.language.span import Span

_ACCURACY = 7.0
"""L of the models of E_1, of which the sign is wanted only."""
_LARGEST_POWER = 8
"""Exponents up to which powers are multiplied out."""

_RADIUS = "radius"


@dataclass(frozen=True)
class Edge:
    """E_0 + r²E_1.

    Attributes
    ----------
    limit
        E_0, without the point.
    rest
        E_1.
    """

    limit: Expression
    rest: TaylorForm


@dataclass(frozen=True)
class EdgeForms:
    """Sides of a statement at the radius 0, at Arb's precision in force.

    Attributes
    ----------
    forms
        Those on the box.
    """

    forms: BoxForms

    @property
    def applies(self) -> bool:
        """Whether the box reaches the radius 0, on the simplex, and no further than models do there."""
        sides, problem = self.forms.cell.sides, self.forms.problem
        return _RADIUS in sides and sides[_RADIUS][0] == 0 < sides[_RADIUS][1] <= self._reach and not problem.amplitudes

    def holds(self, operator: str, left: Expression, right: Expression) -> bool:
        """Whether a comparison is seen to hold on all of the box; False says nothing."""
        if operator in ("==", "!="):
            return False
        if operator in ("<", "<="):
            left, right = right, left
        question, k = self.forms.problem.question, self.forms.problem.case.k
        written = question.in_closed_form(Comparison((left, right), (">=",), ("", "")), k)
        try:
            difference = self._difference(*map(self._split, written.operands))
        except (CannotAnswerError, InputError):
            return False
        least = hull(difference.rest).lower
        if not least >= 0:
            return False
        if operator in (">=", "<=") or (least > 0 and question.spans[_RADIUS].open_lower):
            return self._is_positive(difference.limit, ">=")
        return self._is_positive(difference.limit, ">")

    def _is_positive(self, limit: Expression, operator: str) -> bool:
        problem = self.forms.problem
        spans = {name: Span(*ends) for name, ends in self.forms.cell.sides.items() if name != _RADIUS}
        comparison = Comparison((limit, Number(Fraction(0))), (operator,), ("limit", "0"))
        question = replace(problem.question, comparison=comparison, spans=spans, assumptions=())
        finding = decide_exactly(question, problem.place(self.forms.cell.centre))
        return finding is not None and finding.holds is True

    def _split(self, expression: Expression) -> Edge:
        if not depends_on_point(expression):
            return Edge(expression, self._constant(0))
        if isinstance(expression, Call):
            return self._quantity(expression)
        if not isinstance(expression, Operation):
            raise CannotAnswerError("an odd power of the radius")
        if expression.name == "**":
            return self._power(*expression.operands)
        parts = [self._split(operand) for operand in expression.operands]
        match expression.name, parts:
            case "neg", [part]:
                return Edge(Operation("neg", (part.limit,)), -part.rest)
            case "+", [left, right]:
                return Edge(Operation("+", (left.limit, right.limit)), left.rest + right.rest)
            case "-", [left, right]:
                return self._difference(left, right)
            case "*", [left, right]:
                return self._product(left, right)
            case "/", [left, right]:
                return self._quotient(left, right)
        raise CannotAnswerError(f"{expression.name} of what varies with the radius")

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        count = exponent.value if isinstance(exponent, Number) else Fraction(-1)
        if count.denominator > 1 or not 0 <= count <= 2 * _LARGEST_POWER:
            raise CannotAnswerError("a power of what varies with the radius")
        if base == Symbol(_RADIUS):
            if count % 2:
                raise CannotAnswerError("an odd power of the radius")
            return self._repeated(Edge(Number(Fraction(0)), self._constant(1)), int(count) // 2)
        return self._repeated(self._split(base), int(count))

    def _repeated(self, factor: Edge, count: int) -> Edge:
        result = Edge(Number(Fraction(1)), self._constant(0))
        for _ in range(count):
            result = self._product(result, factor)
        return result

    def _difference(self, left: Edge, right: Edge) -> Edge:
        return Edge(Operation("-", (left.limit, right.limit)), left.rest - right.rest)

    def _product(self, left: Edge, right: Edge) -> Edge:
        rest = left.rest * self._whole(right) + self.forms.form(left.limit) * right.rest
        return Edge(Operation("*", (left.limit, right.limit)), rest)

    def _quotient(self, left: Edge, right: Edge) -> Edge:
        limit = Operation("/", (left.limit, right.limit))
        return Edge(limit, divide(left.rest - self.forms.form(limit) * right.rest, self._whole(right)))

    def _whole(self, edge: Edge) -> TaylorForm:
        return self.forms.form(edge.limit) + self._square * edge.rest

    def _quantity(self, call: Call) -> Edge:
        case = self.forms.problem.mixture.case
        match call.quantity:
            case "posterior_power":
                return self._divided(power(case, int(arguments_of(call, case)["m"])))
            case "kl_divergence":
                return Edge(Number(Fraction(0)), self.forms.basic_functions[MEAN_POWER] * Fraction(1, 2))
            case "log_partition":
                return Edge(Number(Fraction(0)), (1 - self.forms.basic_functions[MEAN_POWER]) * Fraction(1, 2))
            case "hessian_min_eigenvalue" if case.k <= 3:
                # One frequency: the eigenvalues are β + r²t, and for k = 3 also β.
                along, bend = self._divided(power(case, 1)), self.forms.basic_functions[coupling(case, 1, 1)]
                return Edge(along.limit, smallest([along.rest + bend, *[along.rest] * (case.k - 2)]))
        raise CannotAnswerError(f"{call.quantity} is not expanded at the radius 0")

    def _divided(self, function: BasicFunction) -> Edge:
        (m,) = function.frequencies
        modulus = Call("dft_modulus", (("m", Number(Fraction(m))),))
        squared = Operation("**", (modulus, Number(Fraction(2))))
        question, k = self.forms.problem.question, self.forms.problem.case.k
        written = question.in_closed_form(Comparison((squared, squared), ("==",), ("", "")), k)
        return Edge(written.operands[0], self._models[replace(function, divided=True)])

    @cached_property
    def _functions(self) -> list[BasicFunction]:
        case = self.forms.problem.mixture.case
        singles = [function for function in self.forms.problem.functions if len(function.frequencies) == 1]
        return [replace(function, divided=True) for function in singles or [power(case, 1)]]

    @cached_property
    def _reach(self) -> Fraction:
        key = ("reach", tuple(self._functions))
        memo = self.forms.memo
        if key not in memo:
            memo[key] = largest_near_zero(self.forms.problem.mixture, self._functions, 0, _ACCURACY + 2)
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

    def _constant(self, value: int) -> TaylorForm:
        return constant(rational(value) if value else ZERO, self.forms.domain)
