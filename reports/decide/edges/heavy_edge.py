"""A statement on a box that reaches the edge where one weight is 1, and all sides may touch.

There, with x the rest of the weights, each side is E_0 + x E_1 + … + xⁿR with E_i exact in the other variables: of β_m
it is 1 − xR, with two-sided bounds on R (docs/error-bounds.md, section 13) that hold as far as x e^{3s²} is small.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import flint

from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.form_functions import apply_to_forms
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.boxes.cell import Sides
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.edges.edge import EdgeForms
from emtheory.reports.decide.edges.expansions import Edge
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import ONE, ZERO, Call, Comparison, Expression, Symbol, subexpressions
from emtheory.reports.language.span import Span
from emtheory.reports.language.varying_weights import FamilyWeights, VaryingWeights

_RADIUS = Symbol("radius")
_MARGIN = 2.0**-10
"""Of x e^{3s²} where windows at the edge begin: what the bounds leave open, relative to their main part."""
_LEAST = Fraction(1, 2**44)
"""Of x there; for larger radii the edge is left over."""


def heavy_parameter(weights: VaryingWeights | None, k: int) -> str | None:
    """Return the parameter that is one weight, while the others are fixed parts of the rest; None if none is."""
    if isinstance(weights, FamilyWeights):
        return weights.parameter if weights.family == "one-heavy" else None
    if weights is None or k != 2 or len(weights.parameters) != 1:
        return None
    return weights.parameters[0] if Symbol(weights.parameters[0]) in weights.expressions else None


def edge_width(k: int, radius: Fraction) -> Fraction | None:
    """Return the width of a window at the edge on which the bounds are near; None if it is too small."""
    spread = float(radius) ** 2 * k / (k - 1)
    power = math.floor(math.log2(_MARGIN) - 3 * spread / math.log(2))
    width = Fraction(2) ** power
    return width if width >= _LEAST else None


@dataclass(frozen=True)
class HeavyEdgeForms(EdgeForms):
    """Sides of a statement where a weight tends to 1, at Arb's precision in force."""

    @property
    def applies(self) -> bool:
        """Whether the box reaches that edge, on the simplex, and other variables than the weight are few."""
        cell, problem = self.forms.cell, self.forms.problem
        name = heavy_parameter(problem.question.weights, problem.case.k)
        return name is not None and not problem.amplitudes and not cell.tail and cell.sides.get(name, (0, 0))[1] == 1

    def is_near(self, window: Sides) -> bool:
        """Whether the bounds are near each other on all of a window."""
        problem = self.forms.problem
        width = edge_width(problem.case.k, window.get(_RADIUS.name, (0, problem.case.radius or Fraction(0)))[1])
        return width is not None and 1 - window[self._variable][0] <= width

    @property
    def _variable(self) -> str:
        return heavy_parameter(self.forms.problem.question.weights, self.forms.problem.case.k) or ""

    @property
    def is_open(self) -> bool:
        """True: a weight of 1 leaves none for the others."""
        return True

    def _varies(self, expression: Expression) -> bool:
        parts = set(subexpressions(expression))
        calls = (part for part in parts if isinstance(part, Call))
        return Symbol(self._variable) in parts or any(find_quantity(call.quantity).needs_point for call in calls)

    def _symbol(self) -> Edge:
        return Edge((ONE, -ONE, ZERO, ZERO), self._nothing)

    def _asked(
        self, comparison: Comparison, spans: Mapping[str, Span], assumptions: tuple[Comparison, ...]
    ) -> Question:
        return replace(super()._asked(comparison, spans, assumptions), weights=None)

    def _quantity(self, call: Call) -> Edge:
        case = self.forms.problem.case
        if call.quantity == "posterior_power" and arguments_of(call, case)["m"] % case.k:
            return Edge((ONE,), (-self._rate(self._spread),))
        # 2KL/r² is the mean of β over smaller radii.
        below = constant(Interval(flint.arb(0), self._spread.range.upper, Level.CERTIFIED), self.forms.domain)
        half_square = self._exact(_RADIUS**2 / 2)
        if call.quantity == "kl_divergence":
            return self._product(half_square, Edge((ONE,), (-self._rate(below),)))
        if call.quantity == "log_partition":
            return self._product(half_square, Edge((ZERO,), (self._rate(below),)))
        raise CannotAnswerError(f"{call.label} is not expanded where a weight is 1")

    @cached_property
    def _square(self) -> TaylorForm:
        """What tends to 0 at the edge, x = 1 − W."""
        return 1 - self.forms.form(Symbol(self._variable))

    @cached_property
    def _spread(self) -> TaylorForm:
        """s² = r²k/(k − 1)."""
        k, radius = self.forms.problem.case.k, self.forms.form(_RADIUS)
        return radius * radius * Fraction(k, k - 1)

    def _rate(self, spread: TaylorForm) -> TaylorForm:
        """(1 − β_m)/x = (C e^{s²} + [−2C, 2](x/W)e^{4s²})/W, C = 2k/(k − 1)."""
        k = self.forms.problem.case.k
        main = Fraction(2 * k, k - 1)
        weight = self.forms.form(Symbol(self._variable))
        open_part = Interval(-2 * to_arb(main).upper(), flint.arb(2), Level.CERTIFIED)
        rest = constant(open_part, self.forms.domain) * (self._square / weight)
        rest = rest * apply_to_forms("exp", [spread * 4])
        return (apply_to_forms("exp", [spread]) * main + rest) / weight
