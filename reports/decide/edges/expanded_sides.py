"""Sides of a statement on a box as powers of what tends to 0 at an edge of it, where they may touch.

Their difference is E_0 + x E_1 + … + xⁿR (`emtheory.reports.decide.edges.expansions`). So E_i ≥ 0, which algebra
decides whether they touch 0 or not, and R ≥ 0 show that it is not negative.
"""

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.arithmetic.closed_form import Exact
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.interval import to_enclosure
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.edges.expansions import Edge, Expansions, Forms
from emtheory.reports.decide.edges.limits import cleared
from emtheory.reports.decide.exact.algebra import decide_exactly
from emtheory.reports.decide.point import FIRST_DIGITS, combine, leaf_value
from emtheory.reports.language.expression import (
    ZERO,
    Call,
    Comparison,
    Expression,
    Number,
    Symbol,
    subexpressions,
    varies,
)
from emtheory.reports.language.span import Span

_SIGNS = {">": (1,), ">=": (0, 1), "==": (0,)}
"""Comparison with 0 → the signs of a number of which it holds."""
_NEARLY = 2.0**-40
"""Sides that are no farther apart at the edge nearly touch there."""
_PARTS = 1024
"""Of 1, in which the least value of a rest is told beside exact terms."""


class ExpandedSides(Expansions[Forms]):
    """Sides of a statement at an edge, at Arb's precision in force."""

    @property
    @abstractmethod
    def applies(self) -> bool:
        """Whether the box is near the edge."""

    def distance(self, operator: str, left: Expression, right: Expression) -> Fraction | None:
        """Return a lower bound of how far sides that touch are apart, if the comparison holds on the box; else None."""
        if operator == "!=":
            return None
        if operator == "==":
            both = [self.distance(each, left, right) for each in ("<=", ">=")]
            return None if None in both else Fraction(0)
        if operator in ("<", "<="):
            left, right = right, left
        try:
            return self._excess(*self._written(left, right), strict=operator in ("<", ">"))
        except (CannotAnswerError, InputError):
            return None

    @abstractmethod
    def _written(self, left: Expression, right: Expression) -> tuple[Expression, ...]:
        """Both sides with exact quantities replaced."""

    def _excess(self, left: Expression, right: Expression, *, strict: bool) -> Fraction | None:
        """A lower bound of left − right, if it is seen to be positive, or not negative."""
        whole = left - right
        # Where the edge is in the domain, what is divided by the radius has no form, and this is not asked.
        whole, powers = cleared(whole) if self._is_cleared else (whole, None)
        difference = self._split(whole)
        if not difference.limits:
            return Fraction(0) if difference.rest.range.lower > 0 else None
        if self._is_positive(difference.limits[0], ">", None):
            least = to_enclosure(self._lowered(difference, 0).rest.range).lower
            if least > 0:  # Multiplied by powers of r, it grows at the edge like a power of 1/r.
                return Fraction(0 if powers else least)
            # Else they are told apart on smaller cells, with a better bound of their distance.
            if powers or self.forms.form(difference.limits[0]).range.upper > _NEARLY:
                return None
        for terms in range(1, len(difference.limits) + 1):
            edge = self._lowered(difference, terms)
            if self._is_not_negative(edge, strict=strict):
                least = to_enclosure(self.forms.form(edge.limits[0]).range).lower
                return Fraction(0 if powers else max(least, 0))
        holds = self._is_joint and self._is_positive_together(difference, strict=strict)
        return Fraction(0) if holds else None

    @property
    def _is_joint(self) -> bool:
        """Whether exact terms that are not all positive are looked at together."""
        return False

    @property
    def _are_positive(self) -> Sequence[bool]:
        """Which x_l are not 0 anywhere in the domain."""
        return [self.is_open]

    def _is_not_negative(self, edge: Edge, *, strict: bool) -> bool:
        least = [rest.range.lower for rest in edge.rests]
        if not all(each >= 0 for each in least):
            return False
        pairs = zip(least, self._are_positive, strict=True)
        without_origin = any(each > 0 and is_positive for each, is_positive in pairs)
        operators = [">" if strict and not without_origin else ">=", *[">="] * (len(edge.limits) - 1)]
        return all(self._is_positive(*each, self._assumptions) for each in zip(edge.limits, operators, strict=True))

    def _is_positive_together(self, edge: Edge, *, strict: bool) -> bool:
        """Whether all of it is positive, or not negative, by the exact terms and the least value of the rest."""
        zeros, least = edge.zeros, to_enclosure(edge.rest.range).lower
        if math.isinf(least) or (strict and zeros and not self.is_open):
            return False
        # In x itself, under the name of what tends to the edge.
        x = Symbol(self._variable)
        total: Expression = Number(Fraction(math.floor(least * _PARTS), _PARTS))
        for limit in reversed(edge.limits[zeros:]):
            total = limit + total * x
        whole, sides = self.forms.problem.question.spans, self.forms.cell.sides
        spans = {name: whole[name].part(*ends) for name, ends in sides.items() if name != self._variable}
        most = Fraction(to_enclosure(self._square.range).upper)
        spans[self._variable] = Span(Fraction(0), most, open_lower=self.is_open)
        comparison = Comparison((total, ZERO), (">" if strict else ">=",), ("sum", "0"))
        question = self._asked(comparison, spans, self._assumptions)
        problem = self.forms.problem
        finding = decide_exactly(question, problem.question.place(problem.case, self.forms.cell.centre))
        return finding is not None and finding.holds is True

    def _is_zero(self, limit: Expression) -> bool:
        return self._is_positive(limit, "==", ())

    @property
    def _assumptions(self) -> tuple[Comparison, ...]:
        """Those on the variables that do not tend to the edge."""
        question = self.forms.problem.question
        names = tuple(self.forms.cell.sides.keys() - self._small)
        return tuple(each for each in question.local_assumptions if question.is_about(each, names))

    def _is_positive(self, limit: Expression, operator: str, assumptions: tuple[Comparison, ...] | None) -> bool:
        """Whether a limit is > 0, >= 0 or == 0, as the operator says, wherever assumptions on the weights hold.

        None for the assumptions asks it of all weights of the box, with those of an open end.
        """
        problem = self.forms.problem
        place = problem.question.place(problem.case, self.forms.cell.centre)
        whole = problem.question.spans
        others = {name: ends for name, ends in self.forms.cell.sides.items() if name not in self._small}
        calls = problem.question.parameters and any(isinstance(part, Call) for part in subexpressions(limit))
        if not calls and not varies(limit, others):
            value = combine(limit, lambda leaf: leaf_value(leaf, place, FIRST_DIGITS))
            return isinstance(value, Exact) and value.sign in _SIGNS[operator]
        here = {name: whole[name].part(*ends) for name, ends in others.items()}
        spans = {name: Span(*ends) for name, ends in others.items()} if assumptions is None else here
        comparison = Comparison((limit, ZERO), (operator,), ("limit", "0"))
        question = self._asked(comparison, spans, assumptions or ())
        finding = decide_exactly(question, place)
        return finding is not None and finding.holds is True

    def _asked(
        self, comparison: Comparison, spans: Mapping[str, Span], assumptions: tuple[Comparison, ...]
    ) -> Question:
        return replace(self.forms.problem.question, comparison=comparison, spans=spans, assumptions=assumptions)
