"""Signs of limits at an edge of a box, which are exact in the variables that do not tend to it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Generic, TypeVar

from emtheory.numerics.arithmetic.closed_form import Exact
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.decide.boxes.forms import BoxForms
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.evaluation import combine, leaf_value
from emtheory.reports.decide.exact.decision import decide_exactly
from emtheory.reports.decide.point import FIRST_DIGITS
from emtheory.reports.language.algebraic import varies
from emtheory.reports.language.expression import ZERO, Call, Comparison, Expression, subexpressions
from emtheory.reports.language.span import Span

Forms = TypeVar("Forms", BoxForms, FamilyForms)

_SIGNS = {">": (1,), ">=": (0, 1), "==": (0,)}
"""Comparison with 0 → the signs of a number of which it holds."""


@dataclass(frozen=True)
class LimitSigns(ABC, Generic[Forms]):
    """Signs of limits on a box, at Arb's precision in force."""

    forms: Forms

    @property
    @abstractmethod
    def applies(self) -> bool:
        """Whether the box is near the edge."""

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether the edge does not belong to the domain."""

    def distance(self, operator: str, left: Expression, right: Expression) -> Fraction | None:
        """Return a lower bound of the distance of two sides that touch, if their comparison holds on all of the box.

        None says nothing: sides that do not touch are told apart on smaller boxes.
        """
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

    @abstractmethod
    def _excess(self, left: Expression, right: Expression, *, strict: bool) -> Fraction | None:
        """A lower bound of left − right, if it is seen to be positive, or not negative."""

    @property
    @abstractmethod
    def _small(self) -> Set[str]:
        """The variables that tend to the edge."""

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
        place = problem.place(self.forms.cell.centre)
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
