"""A statement on a box that reaches the radius 0, where its sides may touch.

There each side is E_0 + x E_1 + … + xⁿR, x = r², with E_i exact in the variables of the weights and R a form: of β_m
it is what is left after its first terms at the origin, divided by xⁿ and modelled like β_m itself. So E_i ≥ 0, which
algebra decides whether they touch 0 or not, and R ≥ 0 show that a difference is not negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.boxes.interpolation import Square, interpolate, largest_near_zero
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.form_functions import smallest
from emtheory.numerics.intervals.point_forms import MEAN_POWER, BasicFunction, coupling, on_ray, power
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant
from emtheory.reports.decide.boxes.forms import BoxForms, ratio_range
from emtheory.reports.decide.boxes.reach import expression_of
from emtheory.reports.decide.edges.expanded_sides import ExpandedSides
from emtheory.reports.decide.edges.expansions import Edge
from emtheory.reports.decide.edges.limits import groups_of, origin_terms
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import (
    ONE,
    ZERO,
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
_FURTHER = 3
"""Exact terms of what is exact, beyond those of expansions."""
ATTEMPTS = (1, 3)
"""Numbers of exact terms that are tried. A choice: with more of them the rest is modelled on smaller boxes."""
_GROUPS = 3
"""Of weights that are alike, in which several exact terms are written. A choice: they are polynomials of degree 6."""
_TOGETHER = 2
"""Variables in which exact terms are looked at together. A choice: in more, projections may take long."""
_NARROWER = 4
"""Than a window, in the radius, are cells of more variables on which several exact terms are tried. A choice."""
_WIDE = 16
"""Quotient of the ends of a cell from which on it nearly reaches the radius 0. A choice."""
MAX_COMPONENTS = 3
"""Largest k with one frequency."""

_RADIUS = "radius"
_HALF = Number(Fraction(1, 2))

_RADIUS_SYMBOL = Symbol("radius")


@dataclass(frozen=True)
class EdgeForms(ExpandedSides[BoxForms]):
    """Sides of a statement at the radius 0, x = r², with a number of exact terms, at Arb's precision in force."""

    exact_terms: int = 1

    @property
    def applies(self) -> bool:
        """Whether the box reaches the radius 0, or nearly, on the simplex, and no further than models do there."""
        sides, problem = self.forms.cell.sides, self.forms.problem
        if problem.amplitudes or _RADIUS not in sides or not _WIDE * sides[_RADIUS][0] < sides[_RADIUS][1]:
            return False
        if self.exact_terms > 1:
            # Models of three variables are dear: most cells are decided with one term once they are narrower.
            near = len(sides) <= _TOGETHER or _NARROWER * sides[_RADIUS][1] <= self.forms.cell.window[_RADIUS][1]
            if not near or len(groups_of(self.forms.problem.weights)) > _GROUPS:
                return False
        return sides[_RADIUS][1] <= self._reach

    @property
    def _is_joint(self) -> bool:
        return self.exact_terms > 1 and len(self.forms.cell.sides) <= _TOGETHER

    def _written(self, left: Expression, right: Expression) -> tuple[Expression, ...]:
        return self.forms.problem.written_out(left, right)

    @property
    def _variable(self) -> str:
        return _RADIUS

    @property
    def is_open(self) -> bool:
        """Whether the radius 0 is left out."""
        return self.forms.cell.sides[_RADIUS][0] > 0 or self.forms.problem.question.spans[_RADIUS].open_lower

    @property
    def _terms(self) -> int:
        return self.exact_terms + _FURTHER

    def _varies(self, expression: Expression) -> bool:
        return depends_on_point(expression)

    def _symbol(self) -> Edge:
        """The radius itself, of which nothing is exact in powers of r²."""
        return Edge((), (self.forms.form(Symbol(_RADIUS)),))

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        if base != Symbol(_RADIUS):
            return super()._power(base, exponent)
        count = exponent.value if isinstance(exponent, Number) else Fraction(-1)
        if count.denominator > 1 or count < 0:
            raise CannotAnswerError("a power of the radius that is no power of r²")
        even = self._power_of(self._exact(ONE, 1), Fraction(count // 2))
        return self._product(even, self._symbol()) if count % 2 else even

    def _quantity(self, call: Call) -> Edge:
        case = self.forms.problem.mixture.case
        match call.quantity:
            case "posterior_power":
                return self._divided(power(case, int(arguments_of(call, case)["m"])))
            case "kl_divergence":
                return self._product(self._exact(_HALF, 1), self._divided(MEAN_POWER))
            case "log_partition":
                complement = self._difference(self._exact(ONE), self._divided(MEAN_POWER))
                return self._product(self._exact(_HALF, 1), complement)
            case "hessian_min_eigenvalue" if case.k <= MAX_COMPONENTS:
                return self._smallest_eigenvalue(case.k, power(case, 1), coupling(case, 1, 1))
            case "hessian_min_eigenvalue" if self.exact_terms == 1:
                return self._vanishing_eigenvalue(call)
        raise CannotAnswerError(f"{call.label} is not expanded at the radius 0")

    def _smallest_eigenvalue(self, k: int, along: BasicFunction, bend: BasicFunction) -> Edge:
        """One frequency: the eigenvalues are β + r²t, and for k = 3 also β."""
        power = self._divided(along)
        if self.exact_terms > 1 and k == MAX_COMPONENTS - 1:
            return self._total(power, self._product(self._exact(ONE, 1), self._divided(bend)))
        power = self._lowered(power, 1)
        ends = [power.rest + self.forms.basic_functions[bend], *[power.rest] * (k - 2)]
        return Edge(power.limits, (smallest(ends),))

    def _vanishing_eigenvalue(self, call: Call) -> Edge:
        """Where all β_m vanish at the radius 0, the Hessian is r² times the same matrix of β_m/r² and t_mn."""
        parts = {f: self._divided(f) for f in self.forms.problem.functions if len(f.frequencies) == 1}
        if not all(self._is_positive(part.limits[0], "==", ()) for part in parts.values()):
            raise CannotAnswerError(f"{call.label} is expanded at the radius 0 for few components, or where it is 0")
        forms = {**self.forms.basic_functions, **{function: part.rest for function, part in parts.items()}}
        unit = constant(rational(1), self.forms.domain)
        case = self.forms.problem.mixture.case
        return Edge((ZERO,), (expression_of(call, case)(on_ray(case, unit, forms.__getitem__)),))

    def _divided(self, function: BasicFunction) -> Edge:
        """A function as its first terms, and the rest."""
        rest = self._models[replace(function, divided=self.exact_terms)]
        if self.exact_terms > 1:
            return Edge(origin_terms(self.forms.problem.weights, function.frequencies, self.exact_terms), (rest,))
        # |π̂_m|² or the mean of these.
        question, k = self.forms.problem.question, self.forms.problem.case.k
        total: Expression = ZERO
        frequencies = function.frequencies or range(1, k)
        for m in frequencies:
            total = total + Call("dft_modulus", (("m", Number(Fraction(m))),)) ** 2
        mean = total / len(frequencies)
        written = question.in_closed_form(Comparison((mean, mean), ("==",), ("", "")), k)
        return Edge((written.operands[0],), (rest,))

    @cached_property
    def _functions(self) -> list[BasicFunction]:
        case = self.forms.problem.mixture.case
        most = 2 if self.exact_terms > 1 and case.k < MAX_COMPONENTS else 1
        needed = [function for function in self.forms.problem.functions if len(function.frequencies) <= most]
        return [replace(function, divided=self.exact_terms) for function in needed or [power(case, 1)]]

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
        key = ("edge", self.exact_terms, tuple(window.items()))
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


class OddEdgeForms(EdgeForms):
    """Sides of a statement at the radius 0, x = r, at Arb's precision in force."""

    @property
    def applies(self) -> bool:
        """Whether the box reaches the radius 0, and an odd power of it stands in the statement."""
        return any(map(_is_odd, self.forms.problem.question.comparison.operands)) and super().applies

    @property
    def _is_joint(self) -> bool:
        return False

    @property
    def _terms(self) -> int:
        return 2 * super()._terms

    @cached_property
    def _square(self) -> TaylorForm:
        return self.forms.form(_RADIUS_SYMBOL)

    def _symbol(self) -> Edge:
        return self._exact(ONE, 1)

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        return ExpandedSides._power(self, base, exponent)

    def _quantity(self, call: Call) -> Edge:
        """E_0 + r²E_1 + … + r^{2n}R, with the odd terms that are 0."""
        found = EdgeForms(self.forms, self.exact_terms)._quantity(call)
        return Edge(tuple(each for limit in found.limits for each in (limit, ZERO)), found.rests)


def _is_odd(expression: Expression) -> bool:
    if not isinstance(expression, Operation):
        return expression == _RADIUS_SYMBOL
    base, *others = expression.operands
    even = (
        expression.name == "**"
        and base == _RADIUS_SYMBOL
        and isinstance(others[0], Number)
        and others[0].value % 2 == Fraction(0)
    )
    return not even and any(map(_is_odd, expression.operands))
