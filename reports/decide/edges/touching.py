"""A statement on a family whose sides touch where a variable p is another one, or a number, v, as at a truth.

There an identity of the family says what the sides are over a power of |p − v| (`emtheory.numerics.family.Divided`).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import islice

from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.family import Divided
from emtheory.numerics.intervals.interval import to_enclosure
from emtheory.numerics.intervals.taylor_form import TaylorForm, signs_of
from emtheory.numerics.level import Level
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.boxes.expression_forms import difference_of
from emtheory.reports.decide.boxes.family_forms import Factored, FamilyForms, Pair
from emtheory.reports.decide.verdict import ANYTHING, Link, answer
from emtheory.reports.language.expression import (
    ONE,
    ZERO,
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    rewritten,
)

_LARGEST_POWER = 8
"""A choice, as elsewhere: larger ones are seldom written."""

_ANYWHERE = -math.inf, math.inf
_QUOTIENT = Symbol("(q − v)/(p − v)")
"""What an identity says of a quantity q, or q/(p − v)ⁿ: no variable has such a name."""


@dataclass(frozen=True)
class QuotientForms(FamilyForms):
    """Forms of expressions in which the quotient of an identity may stand."""

    divided: Callable[[], TaylorForm]

    def _symbol(self, name: str) -> TaylorForm:
        return self.divided() if name == _QUOTIENT.name else super()._symbol(name)


@dataclass(frozen=True)
class TouchingForms:
    """Sides of a statement on a family as powers of a difference of variables, at Arb's precision in force."""

    forms: FamilyForms
    is_open = True
    """It holds on all of the cell."""

    @property
    def applies(self) -> bool:
        """Whether the family has an identity that holds for its variables as they are given."""
        return any(True for _ in self._identities())

    def distance(self, operator: str, left: Expression, right: Expression) -> Bound | None:
        """Return 0, a lower bound of how far the sides are apart, where a comparison holds; None if it is open."""
        divided = self._divided(operator, left, right)
        holds = any(answer(operator, signs_of(self._form(operator, *each))) for each in divided)
        return Fraction(0) if holds else None

    def links(self, comparison: Comparison) -> tuple[tuple[Link, ...], list[TaylorForm]] | None:
        """Return each comparison with the difference of its sides over a power of |h|; None if h is not 0 in the cell.

        Where h is 0 the sides touch, so that forms of the sides themselves decide nothing.
        """
        forms = []
        for operator, left, right in comparison.pairs:
            found = (each for each in self._divided(operator, left, right) if self._is_met(each[0]))
            forms += [self._form(operator, *each) for each in islice(found, 1)]
        return (
            (tuple(map(_link, comparison.operators, forms)), forms) if len(forms) == len(comparison.operators) else None
        )

    def _divided(self, operator: str, left: Expression, right: Expression) -> Sequence[tuple[Divided, Pair]]:
        """What two sides are over a power of |h|, for each identity by which both are divided."""
        if operator in ("==", "!="):
            return ()
        known, sides = self.forms.problem.differences, (left, right)
        if sides not in known:
            known[sides] = tuple(self._differences(self._written(left), self._written(right)))
        signs = [(identity, factored, self._sign(identity)) for identity, factored in known[sides]]
        strict = operator in ("<", ">")  # Then sides that are divided have to differ, and |h| not to be 0.
        over = (
            (identity, [each.over(sign) for each in factored])
            for identity, factored, sign in signs
            if not strict or self._is_left_out(identity)
        )
        return [(identity, (first, second)) for identity, (first, second) in over if first and second]

    def _sign(self, identity: Divided) -> int:
        """The sign of h in the cell where it is not 0; 0 if there are both, or h is no difference of variables."""
        _, variable, target = self._parts(identity)
        (least, largest), (low, high) = map(self._ends, (variable, target))
        return (least >= high) - (largest <= low)

    def _is_left_out(self, identity: Divided) -> bool:
        """Whether h is 0 nowhere in the domain, as a variable ranges from or to a number that is left out."""
        _, variable, target = self._parts(identity)
        span = self.forms.problem.question.spans.get(variable.name) if isinstance(variable, Symbol) else None
        if span is None or not isinstance(target, Number):
            return False
        return (span.open_lower and target.value == span.lower) or (span.open_upper and target.value == span.upper)

    def _ends(self, place: Expression) -> tuple[float | Fraction, float | Fraction]:
        """Between what a number, a variable or its negative is in the cell."""
        if isinstance(place, Operation) and place.name == "neg":
            low, high = self._ends(place.operands[0])
            return -high, -low
        if isinstance(place, Number):
            return place.value, place.value
        return self.forms.cell.sides.get(place.name, _ANYWHERE) if isinstance(place, Symbol) else _ANYWHERE

    def _form(self, operator: str, identity: Divided, sides: Pair) -> TaylorForm:
        """The form of the difference of two sides that are divided by a power of |h|."""
        known, key = self.forms.quotients, (operator, identity, sides)
        if key not in known:
            form = partial(self.forms.quantity, self._parts(identity)[0], resolve(identity.form))
            known[key] = difference_of(QuotientForms(self.forms.cell, self.forms.problem, form).form, operator, sides)
        return known[key]

    def _is_met(self, identity: Divided) -> bool:
        """Whether h may be 0 in the cell."""
        _, variable, target = self._parts(identity)
        return 0 in signs_of(self.forms.form(variable - target))

    def _identities(self) -> Iterator[Divided]:
        """The identities that hold, one of those that say the same under several conditions."""
        met = (each for each in self.forms.problem.identities if self.forms.meets(each.conditions))
        return iter({(each.quantity, each.variable, each.target): each for each in met}.values())

    def _differences(self, left: Expression, right: Expression) -> Iterator[tuple[Divided, tuple[Factored, Factored]]]:
        """Yield two sides, or their difference and 0, as one power of h times others, by each identity that does."""
        for identity in self._identities():
            first, second = self._factored(left, identity), self._factored(right, identity)
            # The number 0 is such a power as the other side is.
            first = replace(second, quotient=ZERO) if left == ZERO and second is not None else first
            second = replace(first, quotient=ZERO) if right == ZERO and first is not None else second
            if first is None or second is None or first.power != second.power:
                first = self._factored(left - right, identity)
                second = first and replace(first, quotient=ZERO)
            if first is not None and second is not None:
                yield identity, (first, second)

    def _factored(self, expression: Expression, identity: Divided) -> Factored | None:  # noqa: PLR0911
        """An expression as a power of h times another; None if it is not seen to be one."""
        quantity, variable, target = self._parts(identity)
        if expression == quantity and identity.power is not None:
            return Factored(identity.power, identity.power % 2 == 0, _QUOTIENT)
        differs: dict[Expression, Expression] = {variable: ONE}
        if identity.power is None:
            differs[quantity] = _QUOTIENT
        if target == ZERO and expression in differs:
            return Factored(1, False, differs[expression])
        if not isinstance(expression, Operation):
            return None
        left, right = expression.operands[0], expression.operands[-1]
        from_target = {**differs, target: ZERO}
        taken = -right if expression.name == "+" else right
        if expression.name in ("+", "-") and left in from_target and taken in from_target:
            return Factored(1, False, from_target[left] - from_target[taken])
        match expression.name, left, right:  # The target may be the first term of a side.
            case "-", _, Operation("+", (base, rest)) if base == target:
                return self._factored((left - target) - rest, identity)
            case "-", Operation("+", (base, rest)), _ if base == target:
                return self._factored((target - right) + rest, identity)
        first, second = self._factored(left, identity), self._factored(right, identity)
        if first is None:
            return second and replace(second, quotient=left * second.quotient) if expression.name == "*" else None
        if second is None or expression.name not in ("+", "-", "*"):
            return self._image(expression, first, right)
        if first.absolute != second.absolute or (expression.name != "*" and first.power != second.power):
            return None
        quotient = Operation(expression.name, (first.quotient, second.quotient))
        return Factored(first.power + second.power if expression.name == "*" else first.power, first.absolute, quotient)

    @staticmethod
    def _image(expression: Operation, inner: Factored, other: Expression) -> Factored | None:
        """An operation on what is a power of h times another expression, its first operand."""
        quotient = inner.quotient
        match expression.name, other:
            case "neg", _:
                return replace(inner, quotient=-quotient)
            case "abs", _:
                return Factored(inner.power, True, Operation("abs", (quotient,)))
            case (("*" | "/"), _):
                return replace(inner, quotient=Operation(expression.name, (quotient, other)))
            case "**", Number(exponent) if exponent.denominator == 1 and 1 <= exponent <= _LARGEST_POWER:
                return Factored(inner.power * int(exponent), inner.absolute or exponent % 2 == 0, quotient**other)
        return None

    def _parts(self, identity: Divided) -> tuple[Call, Expression, Expression]:
        name, target = self.forms.problem.values.family.full_name(identity.quantity), identity.target
        if isinstance(target, Fraction):
            place: Expression = Number(target)
        else:
            place = -Symbol(target[1:]) if target.startswith("-") else Symbol(target)
        return Call(name), self._written(Symbol(identity.variable)), self._written(place)

    def _written(self, expression: Expression) -> Expression:
        """An expression in the variables of the box, with 1/3 as a number: what μ is may be written in place of μ."""
        known = self.forms.problem.values.expressions

        def number(part: Expression) -> Expression | None:
            match part:
                case Symbol(name):
                    return known.get(name)
                case Operation("neg", (operand,)):
                    inner = self._written(operand)
                    return Number(-inner.value) if isinstance(inner, Number) else -inner
                case Operation("/", (Number(above), Number(below))) if below:
                    return Number(above / below)
            return None

        return rewritten(expression, number)


def _link(operator: str, form: TaylorForm) -> Link:
    """A comparison whose sides touch, from the form of their difference over what tends to 0."""
    holds = answer(operator, signs_of(form)) or None
    distance = Fraction(0) if holds else None
    return Link(operator, ANYTHING, ANYTHING, holds, Level.CERTIFIED, distance, to_enclosure(form.range))
