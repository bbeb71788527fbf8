"""A statement at the radius 0 in which odd powers of the radius stand: in powers of the radius, not of its square."""

from fractions import Fraction
from functools import cached_property

from emtheory.numerics.intervals.taylor_form import TaylorForm
from emtheory.reports.decide.edges.edge import EdgeForms
from emtheory.reports.decide.edges.expanded_sides import Edge, ExpandedSides
from emtheory.reports.language.expression import ONE, ZERO, Call, Expression, Number, Operation, Symbol

_RADIUS = Symbol("radius")


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
        return self.forms.form(_RADIUS)

    def _symbol(self) -> Edge:
        return self._exact(ONE, 1)

    def _power(self, base: Expression, exponent: Expression) -> Edge:
        return ExpandedSides._power(self, base, exponent)

    def _quantity(self, call: Call) -> Edge:
        """E_0 + r²E_1 + … + r^{2n}R, with the odd terms that are 0."""
        found = EdgeForms(self.forms, self.exact_terms)._quantity(call)
        return Edge(tuple(each for limit in found.limits for each in (limit, ZERO)), found.rest)


def _is_odd(expression: Expression) -> bool:
    if not isinstance(expression, Operation):
        return expression == _RADIUS
    base, *others = expression.operands
    even = (
        expression.name == "**"
        and base == _RADIUS
        and isinstance(others[0], Number)
        and others[0].value % 2 == Fraction(0)
    )
    return not even and any(map(_is_odd, expression.operands))
