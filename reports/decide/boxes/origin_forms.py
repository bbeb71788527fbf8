"""The sides of a statement in one variable, the radius, on an interval that reaches 0: by expansions at the origin.

These are exact below a power of r², with a proved remainder, so that what is divided by powers of the radius has a
form, and sides that touch at 0 are told apart by the first coefficients that differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.basic_functions import BasicFunction, expand
from emtheory.numerics.intervals.ray_form import expansion_form
from emtheory.numerics.intervals.taylor_form import ZERO, Domain, TaylorForm
from emtheory.reports.decide.boxes.forms import BoxForms
from emtheory.reports.decide.boxes.links import links_by
from emtheory.reports.decide.point import decide_once
from emtheory.reports.decide.verdict import Link
from emtheory.reports.language.expression import Comparison, Expression, Operation

_ORDER = 4
"""Expansions at the origin are exact below this power of s². A choice: sides mostly differ by a lower one."""

_DIGITS = 30
"""Of both sides at 0 itself, where quantities are mostly known exactly."""
_REACH = Fraction(1, 2)
"""The largest radius at which they are tried; beyond it remainders are large. A choice."""


@dataclass(frozen=True)
class OriginForms(BoxForms):
    """Forms in powers of the radius, on all of a cell but the radius 0 itself, at Arb's precision in force."""

    @property
    def applies(self) -> bool:
        """Whether the radius is the only variable, and the cell reaches 0 or most of the way there."""
        lower, upper = self.cell.sides.get("radius", (1, 1))
        return len(self.cell.sides) == 1 and 2 * lower <= upper <= _REACH and upper > 0 and not self.cell.tail

    @property
    def is_open(self) -> bool:
        """Whether the radius 0 is left out."""
        return self.cell.sides["radius"][0] > 0 or self.problem.question.spans["radius"].open_lower

    def links(self, comparison: Comparison) -> tuple[Link, ...]:
        """Return the links of a comparison on the cell, 0 included if it is in the domain; none if not known."""
        try:
            links, _ = links_by(self.form, comparison)
        except (CannotAnswerError, InputError):
            return ()
        if not self.is_open and not decide_once(comparison, self.problem.case.at_radius(Fraction(0)), _DIGITS).holds:
            return ()
        return links

    @cached_property
    def domain(self) -> Domain:
        """The radii without 0."""
        lower, upper = self.cell.sides["radius"]
        return Domain(Fraction(0), lower, upper, 2 * _ORDER, punctured=True)

    def variable(self, name: str) -> TaylorForm:
        """Return the form of the radius."""
        return TaylorForm((ZERO, rational(1), *[ZERO] * (self.domain.order - 1)), self.domain)

    def form(self, expression: Expression) -> TaylorForm:
        """Return the form of an expression; raises as that of other forms does."""
        return super().form(_one_quotient(expression))

    @cached_property
    def basic_functions(self) -> Mapping[BasicFunction, TaylorForm]:
        """Expansions of all that the statement is made of."""
        case, found = self.problem.mixture.case, {}
        for function in self.problem.functions:
            if ("expansion", function) not in self.memo:
                self.memo["expansion", function] = expand(case, function, _ORDER)
            found[function] = expansion_form(self.memo["expansion", function], case, self.domain)
        return found


def _one_quotient(product: Expression) -> Expression:
    """Write a·(b/c) as (a·b)/c, so that zeros of a cancel those of c."""
    if not isinstance(product, Operation) or product.name != "*":
        return product
    for factor, other in zip(product.operands, reversed(product.operands), strict=True):
        if isinstance(factor, Operation) and factor.name == "/":
            numerator, denominator = factor.operands
            above = Operation("*", (other, numerator), product.column)
            return Operation("/", (above, denominator), factor.column)
    return product
