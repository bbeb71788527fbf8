"""A statement on a box that reaches the radius 0, where its sides may touch.

There each side is E_0 + x E_1 + … + xⁿR, x = r², with E_i exact in the variables of the weights and R a form: of β_m
it is (β_m − |π̂_m|²)/x, modelled like β_m itself. So E_i ≥ 0, which algebra decides whether they touch 0 or not, and
R ≥ 0 show that a difference is not negative.
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
from emtheory.numerics.intervals.interval import to_enclosure
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, constant, hull, is_rational_zero
from emtheory.reports.decide.boxes.forms import BoxForms, ratio_range
from emtheory.reports.decide.boxes.limits import ONE_LIMIT, ZERO_LIMIT, cleared, operation
from emtheory.reports.decide.domain import Question
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

_TERMS = 4
"""Exact terms of what is exact."""
MAX_COMPONENTS = 3
"""Largest k with one frequency."""

_RADIUS = "radius"
_HALF = Number(Fraction(1, 2))


@dataclass(frozen=True)
class Edge:
    """E_0 + x E_1 + … + xⁿR.

    Attributes
    ----------
    limits
        E_0, …, E_{n−1}, without the point.
    rest
        R.
    """

    limits: tuple[Expression, ...]
    rest: TaylorForm

    @property
    def zeros(self) -> int:
        """The number of leading E_i that are the number 0."""
        return next((i for i, limit in enumerate(self.limits) if limit != ZERO_LIMIT), len(self.limits))


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

    def distance(self, operator: str, left: Expression, right: Expression) -> Fraction | None:
        """Return a lower bound of the distance of two sides that touch, if their comparison holds on all of the box.

        None says nothing: sides that do not touch are told apart on smaller boxes.

        Parameters
        ----------
        operator, left, right
            The comparison.
        """
        if operator in ("==", "!="):
            return None
        if operator in ("<", "<="):
            left, right = right, left
        question, k = self.forms.problem.question, self.forms.problem.case.k
        written = question.in_closed_form(Comparison((left, right), (">=",), ("", "")), k)
        try:
            whole: Expression = Operation("-", written.operands)
            # Where the edge is in the domain, what is divided by the radius has no form, and this is not asked.
            whole, powers = cleared(whole) if self._is_cleared else (whole, 0)
            difference = self._split(whole)
            if self._is_positive(difference.limits[0], ">", ()):
                return self._apart_by_powers(difference) if powers else self._apart(difference)
            for terms in range(1, len(difference.limits) + 1):
                edge = self._lowered(difference, terms)
                if self._is_not_negative(edge, strict=operator in ("<", ">")):
                    least = to_enclosure(hull(self.forms.form(edge.limits[0]))).lower
                    return Fraction(0 if powers else max(least, 0))
        except (CannotAnswerError, InputError):
            return None
        return None

    def _apart(self, difference: Edge) -> Fraction | None:
        """A lower bound of a difference that does not vanish at the edge, if its forms have none."""
        return None

    def _apart_by_powers(self, difference: Edge) -> Fraction | None:
        """0 where a difference, which grows at the edge like a power of 1/r, is positive."""
        return Fraction(0) if hull(self._lowered(difference, 0).rest).lower > 0 else None

    def _is_not_negative(self, edge: Edge, *, strict: bool) -> bool:
        least = hull(edge.rest).lower
        if not least >= 0:
            return False
        without_origin = least > 0 and self.is_open
        operators = [">" if strict and not without_origin else ">=", *[">="] * (len(edge.limits) - 1)]
        names = tuple(self.forms.cell.sides.keys() - {self._variable})
        question = self.forms.problem.question
        about = tuple(each for each in question.local_assumptions if question.is_about(each, names))
        return all(self._is_positive(*each, about) for each in zip(edge.limits, operators, strict=True))

    def _is_positive(self, limit: Expression, operator: str, assumptions: tuple[Comparison, ...]) -> bool:
        """Whether a limit is > 0, or >= 0, wherever assumptions on the weights hold."""
        if isinstance(limit, Number):
            return limit.value > 0 or (limit.value == 0 and operator == ">=")
        problem = self.forms.problem
        spans = {name: Span(*ends) for name, ends in self.forms.cell.sides.items() if name != self._variable}
        comparison = Comparison((limit, Number(Fraction(0))), (operator,), ("limit", "0"))
        question = self._asked(comparison, spans, assumptions)
        finding = decide_exactly(question, problem.place(self.forms.cell.centre))
        return finding is not None and finding.holds is True

    def _asked(
        self, comparison: Comparison, spans: Mapping[str, Span], assumptions: tuple[Comparison, ...]
    ) -> Question:
        return replace(self.forms.problem.question, comparison=comparison, spans=spans, assumptions=assumptions)

    def _split(self, expression: Expression) -> Edge:
        if not self._varies(expression):
            return self._exact(expression)
        if isinstance(expression, Call):
            return self._quantity(expression)
        if not isinstance(expression, Operation):
            return self._symbol()
        if expression.name == "**":
            return self._power(*expression.operands)
        if expression.name == "neg":
            return self._difference(self._exact(ZERO_LIMIT), self._split(expression.operands[0]))
        combine = {"+": self._total, "-": self._difference, "*": self._product, "/": self._quotient}
        if expression.name not in combine:
            raise CannotAnswerError(f"{expression.name} of what varies with the radius")
        return combine[expression.name](*map(self._split, expression.operands))

    @property
    def _variable(self) -> str:
        """What tends to the edge."""
        return _RADIUS

    @property
    def is_open(self) -> bool:
        """Whether the edge does not belong to the domain."""
        return self.forms.problem.question.spans[_RADIUS].open_lower

    def _varies(self, expression: Expression) -> bool:
        return depends_on_point(expression)

    def _symbol(self) -> Edge:
        raise CannotAnswerError("an odd power of the radius")

    def _exact(self, expression: Expression, power: int = 0) -> Edge:
        """An expression without the point, times x^power."""
        limits: list[Expression] = [ZERO_LIMIT] * _TERMS
        limits[power] = expression
        return Edge(tuple(limits), self._constant(0))

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        count = exponent.value if isinstance(exponent, Number) else Fraction(-1)
        if count.denominator > 1 or not 0 <= count <= 2 * _LARGEST_POWER:
            raise CannotAnswerError("a power of what varies with the radius")
        if base == Symbol(_RADIUS):
            if count % 2:
                raise CannotAnswerError("an odd power of the radius")
            return self._repeated(self._exact(ONE_LIMIT, 1), int(count) // 2)
        return self._repeated(self._split(base), int(count))

    def _repeated(self, factor: Edge, count: int) -> Edge:
        result = self._exact(ONE_LIMIT)
        for _ in range(count):
            result = self._product(result, factor)
        return result

    def _total(self, left: Edge, right: Edge) -> Edge:
        return self._sum("+", left, right)

    def _difference(self, left: Edge, right: Edge) -> Edge:
        return self._sum("-", left, right)

    def _sum(self, name: str, left: Edge, right: Edge) -> Edge:
        terms = min(len(left.limits), len(right.limits))
        left, right = self._lowered(left, terms), self._lowered(right, terms)
        limits = tuple(self._combined(name, a, b) for a, b in zip(left.limits, right.limits, strict=True))
        return Edge(limits, left.rest + right.rest if name == "+" else left.rest - right.rest)

    def _combined(self, name: str, left: Expression, right: Expression) -> Expression:
        """The sum or difference of two limits; the number 0 where one is taken from the same one, however written."""
        limit = operation(name, left, right)
        if name != "-" or not isinstance(limit, Operation) or ZERO_LIMIT in (left, right) or not self._is_cleared:
            return limit
        values = hull(self.forms.form(limit))
        return ZERO_LIMIT if values.lower <= 0 <= values.upper and self._is_positive(limit, "==", ()) else limit

    @property
    def _is_cleared(self) -> bool:
        """Whether powers of the radius below fractions may be multiplied away, as the radius 0 is left out."""
        return self._variable == _RADIUS and self.is_open

    def _lowered(self, edge: Edge, terms: int) -> Edge:
        """The same with fewer exact terms."""
        while len(edge.limits) > terms:
            edge = Edge(edge.limits[:-1], self.forms.form(edge.limits[-1]) + self._square * edge.rest)
        return edge

    def _product(self, left: Edge, right: Edge) -> Edge:
        terms = min(len(left.limits) + right.zeros, len(right.limits) + left.zeros, _TERMS)
        limits: list[Expression] = [ZERO_LIMIT] * terms
        rest = self._times(left.rest * self._shifted(right), len(left.limits) + right.zeros - terms)
        start = self._lowered_to_rest(Edge(left.limits, self._constant(0)), left.zeros)
        rest = rest + self._times(start * right.rest, len(right.limits) + left.zeros - terms)
        for i, first in enumerate(left.limits):
            for j, second in enumerate(right.limits):
                if ZERO_LIMIT in (first, second):
                    continue
                if i + j < terms:
                    limits[i + j] = operation("+", limits[i + j], operation("*", first, second))
                else:
                    rest = rest + self._times(self.forms.form(first) * self.forms.form(second), i + j - terms)
        return Edge(tuple(limits), rest)

    def _shifted(self, edge: Edge) -> TaylorForm:
        """All of it, divided by the power of x that is in it."""
        return self._lowered_to_rest(edge, edge.zeros)

    def _lowered_to_rest(self, edge: Edge, zeros: int) -> TaylorForm:
        return self._lowered(Edge(edge.limits[zeros:], edge.rest), 0).rest

    def _times(self, form: TaylorForm, power: int) -> TaylorForm:
        """Multiply by x^power."""
        for _ in range(power):
            form = form * self._square
        return form

    def _quotient(self, left: Edge, right: Edge) -> Edge:
        common = min(left.zeros, right.zeros)
        left, right = (Edge(edge.limits[common:], edge.rest) for edge in (left, right))
        if not left.limits or not right.limits:
            raise CannotAnswerError("a quotient of what is not expanded far enough")
        first, *others = right.limits
        if all(each == ZERO_LIMIT for each in others) and all(map(is_rational_zero, right.rest.coefficients)):
            limits = tuple(operation("/", limit, first) for limit in left.limits)
            return Edge(limits, divide(left.rest, self.forms.form(first)))
        left, right = self._lowered(left, 1), self._lowered(right, 1)
        limit = operation("/", left.limits[0], first)
        return Edge((limit,), divide(left.rest - self.forms.form(limit) * right.rest, self._shifted(right)))

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

    def _constant(self, value: int) -> TaylorForm:
        return constant(rational(value) if value else ZERO, self.forms.domain)
