"""The sides of a statement on a family as mean value forms on a box of its variables.

A quantity q of variables p_j, which are expressions in the variables of the box, is q at the centre plus Σ_j ∂q/∂p_j
(p_j − centre), the derivatives enclosed over the box.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

import flint

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.family import BoxForm, Conditions, Divided
from emtheory.numerics.intervals.interval import from_ball
from emtheory.numerics.intervals.operations import PI
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, constant
from emtheory.numerics.level import Level
from emtheory.numerics.names import ELSEWHERE
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.boxes.expression_forms import MeanValueForms
from emtheory.reports.decide.boxes.forms import BoxProblem, accuracy_of, make_problem
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import Call, Expression, Number, Symbol, calls_of, subexpressions
from emtheory.reports.language.family_values import FamilyValues

_GUARD = 5.0
"""By how much more accurate values are than the digits say, as a logarithm."""
_SLOPE_ACCURACY = 9.0
"""L of derivatives: they are multiplied by the width of a cell."""


Pair = tuple[Expression, Expression]
"""Two sides of a statement."""


@dataclass(frozen=True)
class Factored:
    """h^n q, or |h|^n q.

    `power`: n ≥ 1; `absolute`: whether it is |h|, also where n is even and both are the same; `quotient`: q.
    """

    power: int
    absolute: bool
    quotient: Expression

    def over(self, sign: int) -> Expression | None:
        """Return what it is over |h|^n, given the sign of h, 0 if it is not known: None if it is needed."""
        if self.absolute or self.power % 2 == 0 or sign > 0:
            return self.quotient
        return -self.quotient if sign < 0 else None


@dataclass(frozen=True)
class FamilyProblem:
    """What stays the same on all cells.

    `question`, `case`: what is asked, for which `emtheory.reports.decide.boxes.reach.is_followed` holds, and a case of
    it; `values`: the variables of the family.
    """

    question: Question
    case: Case
    values: FamilyValues

    @cached_property
    def identities(self) -> tuple[Divided, ...]:
        """Those of the quantities that are asked for."""
        comparisons = (self.question.comparison, *self.question.assumptions)
        return self.values.family.divided({call.quantity for each in comparisons for call in calls_of(each)})

    @cached_property
    def differences(self) -> dict[Pair, tuple[tuple[Divided, tuple[Factored, Factored]], ...]]:
        """Two sides → what they are times powers of h by identities, which is found once for all cells."""
        return {}


def problem_of(question: Question, case: Case) -> BoxProblem | FamilyProblem:
    """Prepare a question for boxes, whatever family it is about."""
    if question.family is None:
        return make_problem(question, case)
    return FamilyProblem(question, case, question.family)


@dataclass(frozen=True)
class FamilyForms(MeanValueForms):
    """Forms of expressions on one cell, at Arb's precision in force.

    `problem`: the statement, and what the variables of the family are.
    """

    problem: FamilyProblem

    @cached_property
    def variables(self) -> Mapping[str, TaylorForm]:
        """The forms of the family's variables."""
        given = self.problem.values.expressions.items()
        return {name: self.variable(name) if each == Symbol(name) else self.form(each) for name, each in given}

    @property
    def accuracy(self) -> float:
        """L of values at the centre."""
        return accuracy_of(self.cell.digits) + _GUARD

    @cached_property
    def hulls(self) -> Mapping[str, flint.arb]:
        """The ranges of the family's variables."""
        return {name: _ball(each) for name, each in self.variables.items()}

    def meets(self, conditions: Conditions, moved: Mapping[str, Expression] = MappingProxyType({})) -> bool:
        """Whether in each of the conditions one variable is given as the other is, or as the number."""
        expressions = {**self.problem.values.expressions, **moved}

        def equal(name: str, other: str | Fraction) -> bool:
            wanted = Number(other) if isinstance(other, Fraction) else expressions.get(other)
            return wanted is not None and expressions.get(name) == wanted

        return all(any(equal(*pair) for pair in choice) for choice in conditions)

    @cached_property
    def quotients(self) -> dict[Any, TaylorForm]:
        """The forms of differences of sides that an identity divides, those that were asked for."""
        return {}

    def quantity(self, call: Call, form: BoxForm) -> TaylorForm:
        """Return the form of a quantity."""
        varying = {name: each for name, each in call.arguments if self._varies(each)}
        fixed = Call(call.quantity, tuple(each for each in call.arguments if each[0] not in varying))
        arguments = arguments_of(fixed, self.problem.case)
        inner = {**self.variables, **{name: self.form(each) for name, each in varying.items()}}
        centres = {name: _ball(constant(each.coefficients[0], self.domain)) for name, each in inner.items()}
        hulls = {name: _ball(each) for name, each in inner.items()}
        defaults = {
            each.name: each.default for each in find_quantity(call.quantity).arguments if each.default is not None
        }
        given = {name: arguments[name] if name in arguments else centres[name] for name, _ in call.arguments}
        own = {**defaults, **given}
        if form.slopes is None:
            return constant(
                from_ball(form.value(hulls, self.accuracy, {**own, **_of(hulls, varying)}), Level.CERTIFIED),
                self.domain,
            )
        result = constant(from_ball(form.value(centres, self.accuracy, own), Level.CERTIFIED), self.domain)
        moving = [name for name, each in inner.items() if any(_moves(slope) for slope in each.coefficients[1:])]
        if not moving or all(lower == upper for lower, upper in self.cell.sides.values()):
            return result
        slopes = form.slopes(hulls, _SLOPE_ACCURACY, {**own, **_of(hulls, varying)})
        unknown = [name for name in moving if name in slopes and name in centres and not slopes[name].is_finite()]
        if unknown:  # As at the end of an open domain, where values have an enclosure all the same.
            ends = _of(hulls, unknown)
            given = {**own, **_of(hulls, set(unknown) & set(varying))}
            near = form.value({**centres, **ends}, self.accuracy, given)
            result = constant(from_ball(near, Level.CERTIFIED), self.domain)
            for name in unknown:
                moved = [_moves(slope) for slope in inner[name].coefficients[1:]]
                self.unsloped[:] = [
                    max(old, 2 * float(near.rad()) * new) for old, new in zip(self.unsloped, moved, strict=True)
                ]
            moving = [name for name in moving if name not in unknown]
        for name in moving:
            if name in slopes:
                slope = constant(from_ball(slopes[name], Level.CERTIFIED), self.domain)
                # The centre of a variable is a ball where it is no short number, within which it does not move.
                change = inner[name] - constant(inner[name].coefficients[0], self.domain)
                result = result + slope * change
        return result

    def _symbol(self, name: str) -> TaylorForm:
        if name in self.cell.sides:
            return self.variable(name)
        return constant(PI, self.domain) if name == "pi" else self.variables[name]

    def _quantity(self, call: Call) -> TaylorForm:
        known = self._at_target(call)
        if known is not None:
            return self.form(known)
        form: BoxForm = resolve(find_quantity(call.quantity).form)
        return self.quantity(call, form)

    def _at_target(self, call: Call) -> Expression | None:
        """What an identity q − v = (p − v)·D or q = (p − v)ⁿ·D says where p is given as v is."""
        values = self.problem.values
        moved = {name.removeprefix(ELSEWHERE): each for name, each in call.arguments if name.startswith(ELSEWHERE)}
        if len(moved) < len(call.arguments):
            return None
        for each in self.problem.identities:
            met = (*each.conditions, ((each.variable, each.target),))
            if values.family.full_name(each.quantity) == call.quantity and self.meets(met, moved):
                zero = each.power is not None or each.target == 0
                variable = str(each.variable)
                return Number(Fraction(0)) if zero else moved.get(variable, values.expressions[variable])
        return None

    def _varies(self, expression: Expression) -> bool:
        names = {Symbol(name) for name in (*self.cell.sides, *self.variables)}
        return any(part in names for part in subexpressions(expression))


def _of(balls: Mapping[str, flint.arb], names: Iterable[str]) -> dict[str, flint.arb]:
    return {name: balls[name] for name in names}


def _moves(slope: object) -> bool:
    return slope != ZERO


def _ball(form: TaylorForm) -> flint.arb:
    values = form.range
    if not (values.lower.is_finite() and values.upper.is_finite()):
        raise CannotAnswerError("a variable of the family is unbounded")
    return values.lower.union(values.upper)
