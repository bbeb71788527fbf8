"""A statement on a family between bounds that its quantities keep wherever they have a value, as KL is at least 0.

So it is decided where sides touch at a bound all along a curve of a box, or at places that are not known beforehand.
"""

from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.alias import is_nonnegative
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.interval import from_rational, maximum
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.intervals.taylor_form import constant, signs_of
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.decide.point import combine
from emtheory.reports.decide.verdict import answer
from emtheory.reports.language.expression import Call, Expression, Symbol, calls_of


@dataclass(frozen=True)
class KnownBounds:
    """Ranges of expressions on a cell, at Arb's precision in force, from those of quantities, cut by their bounds."""

    forms: FamilyForms
    is_open = True
    """It holds on all of the cell, so that nothing is left to be shown at an edge."""

    @property
    def applies(self) -> bool:
        """Whether a statement asks for a quantity with a bound."""
        return any(is_nonnegative(call.quantity) for call in calls_of(self.forms.problem.question.comparison))

    def distance(self, operator: str, left: Expression, right: Expression) -> Bound | None:
        """Return 0, a lower bound of how far the sides are apart, where a comparison holds; None if it is open."""
        try:
            difference = constant(combine(left - right, self._range), self.forms.domain)
        except CannotAnswerError:
            return None
        return Fraction(0) if answer(operator, signs_of(difference)) else None

    def _range(self, leaf: Symbol | Call) -> Value:
        values = self.forms.form(leaf).range
        if isinstance(leaf, Call) and is_nonnegative(leaf.quantity):
            return maximum(values, from_rational(Fraction(0), Level.EXACT))
        return values
