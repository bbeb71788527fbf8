"""A statement on many boxes at once, by Taylor models: no search, and the same answers whichever boxes are together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.taylor_models.branches import Branches
from emtheory.reports.decide.boxes.cell import BoxCell
from emtheory.reports.decide.boxes.forms import BoxProblem, Memo, precision_bits
from emtheory.reports.decide.boxes.model_forms import ModelForms
from emtheory.reports.decide.verdict import Finding, Link, answer
from emtheory.reports.language.expression import ORDERS, Comparison, Expression, Operation, difference_inside

_Bounds = tuple[FloatArray, FloatArray]


@dataclass(frozen=True)
class Modelled:
    """A statement on one of many boxes.

    `finding`: if it is decided: that it holds, fails everywhere, or an assumption does; else None; `inside`: whether
    every assumption certainly holds on all of the box; `fails_at_centre`: whether it seems to fail in the middle, by
    more than the errors of the models; `spread`: for each variable, how much it adds to what is undecided; `error`: of
    the models of what is undecided; infinite where it has no value.
    """

    finding: Finding | None
    inside: bool
    fails_at_centre: bool
    spread: tuple[float, ...]
    error: float


@dataclass(frozen=True)
class _Sides:
    """One comparison of a chain on all boxes: bounds of its sides, and the difference with its bounds."""

    operator: str
    left: _Bounds
    right: _Bounds
    difference: Branches
    bounds: _Bounds

    def link(self, i: int) -> Link:
        """What is known on box i."""
        lower, upper = (float(each[i]) for each in self.bounds)
        possible = {-1: lower < 0, 0: lower <= 0 <= upper, 1: upper > 0}
        signs = {sign for sign, can in possible.items() if can}
        distance = max(Fraction(0), _bound(lower), -_bound(upper)) if len(signs) == 1 else None
        left, right, between = (_enclosure(each, i) for each in (self.left, self.right, self.bounds))
        return Link(self.operator, left, right, answer(self.operator, signs), Level.CERTIFIED, distance, between)

    @property
    def answers(self) -> NDArray[np.int8]:
        """1 where it holds, −1 where it fails, 0 where that is open."""
        lower, upper = self.bounds
        below, above, zero = upper < 0, lower > 0, (lower == 0) & (upper == 0)
        decided: Mapping[str, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {
            "<": (below, lower >= 0),
            "<=": (upper <= 0, above),
            ">": (above, upper <= 0),
            ">=": (lower >= 0, below),
            "==": (zero, below | above),
            "!=": (below | above, zero),
        }
        holds, fails = decided[self.operator]
        return holds.astype(np.int8) - fails.astype(np.int8)

    @property
    def fails_at_centre(self) -> NDArray[np.bool_]:
        """Whether it seems to fail in the middle, whichever branch that is on."""
        values = [model.start for model in self.difference.models]
        errors = reduce(np.maximum, [model.error for model in self.difference.models])
        least, most = reduce(np.minimum, values) - errors, reduce(np.maximum, values) + errors
        return {"<": least > 0, "<=": least > 0, ">": most < 0, ">=": most < 0}.get(self.operator, least > most)


def model_boxes(problem: BoxProblem, cells: Sequence[BoxCell], memo: Memo) -> list[Modelled]:
    """Decide a statement on each of many boxes, where the assumptions hold.

    CannotAnswerError or InputError if something has no models; nothing follows from it.
    """
    question = problem.question
    with arb_precision(precision_bits(cells[0].digits)), np.errstate(all="ignore"):
        forms = ModelForms(problem, cells, memo)
        premises = [(each, _chain(forms, each)) for each in question.local_assumptions]
        chain = _chain(forms, question.comparison)
        answers = _least(chain)
        allowed = [(_least(sides), sides, each.texts) for each, sides in premises]
        fails = np.logical_or.reduce([each.fails_at_centre for each in chain])
        open_links = [*chain, *(side for _, sides, _ in allowed for side in sides)]
        spread = reduce(np.maximum, [model.spread() for side in open_links for model in side.difference.models])
        error = reduce(np.maximum, [model.error for side in chain for model in side.difference.models])
    result = []
    for i, cell in enumerate(cells):
        excluding = next((each for each in allowed if each[0][i] < 0), None)
        inside = all(each[0][i] > 0 for each in allowed)
        finding = None
        if excluding is not None or answers[i] != 0:
            case = problem.place(cell.centre)
            texts = question.comparison.texts
            if excluding is not None:
                _, sides, words = excluding
                premise = Finding(case, words, _links(sides, i), "", cell.digits, box=cell)
                finding = Finding(case, texts, (), "", cell.digits, box=cell, premises=(premise,))
                inside = True
            else:
                finding = Finding(case, texts, _links(chain, i), "", cell.digits, box=cell)
        result.append(Modelled(finding, inside, bool(fails[i]), tuple(spread[:, i].tolist()), float(error[i])))
    return result


def _chain(forms: ModelForms, comparison: Comparison) -> list[_Sides]:
    written = forms.written(comparison)
    sides = [forms.form(operand) for operand in written.operands]
    bounds = [each.bounds() for each in sides]
    result = []
    for i, operator in enumerate(written.operators):
        difference = sides[i] - sides[i + 1]
        found = difference.bounds()
        inside = difference_inside(*written.operands[i : i + 2])
        if inside is not None and operator in ORDERS:
            found = _common(found, _extreme(forms, inside))
        result.append(_Sides(operator, bounds[i], bounds[i + 1], difference, found))
    return result


def _extreme(forms: ModelForms, difference: Expression) -> _Bounds:
    """Bounds of ±max or ±min of several expressions from theirs: max(a, 0) is at least 0, whatever a is."""
    if isinstance(difference, Operation) and difference.name == "neg":
        lower, upper = _extreme(forms, difference.operands[0])
        return -upper, -lower
    if not isinstance(difference, Operation):
        return forms.form(difference).bounds()
    extreme = np.minimum if difference.name == "min" else np.maximum
    lowers, uppers = zip(*(forms.form(operand).bounds() for operand in difference.operands), strict=True)
    return extreme.reduce(lowers), extreme.reduce(uppers)


def _common(first: _Bounds, second: _Bounds) -> _Bounds:
    return np.maximum(first[0], second[0]), np.minimum(first[1], second[1])


def _least(chain: Sequence[_Sides]) -> NDArray[np.int8]:
    """What follows for the chain: it fails where a link does, and holds where all do."""
    return reduce(np.minimum, [each.answers for each in chain])


def _links(chain: Sequence[_Sides], i: int) -> tuple[Link, ...]:
    return tuple(each.link(i) for each in chain)


def _enclosure(bounds: _Bounds, i: int) -> Enclosure:
    lower, upper = (_bound(float(each[i])) for each in bounds)
    return Enclosure(lower, upper, Level.CERTIFIED, "statement")


def _bound(value: float) -> Bound:
    return Fraction(value) if np.isfinite(value) else value
