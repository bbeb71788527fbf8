"""A statement on a box inside which its sides touch: |M(θ) − μ| ≤ c|θ − μ| at θ = μ.

A family may have an identity q − v = (p − v)·D or q = (p − v)ⁿ·D. Where each side is a power of h = p − v times a
form, the statement holds where h = 0, as both sides are 0 there, and elsewhere if it holds of the forms.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.rational import Bound
from emtheory.numerics.family import BoxForm, Divided
from emtheory.numerics.intervals.form_functions import apply_to_forms
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, constant, hull
from emtheory.numerics.quantity import resolve
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.language.expression import Call, Expression, Number, Operation, Symbol, rewritten

_LARGEST_POWER = 8
"""A choice, as elsewhere: larger ones are seldom written."""


@dataclass(frozen=True)
class Factored:
    """h^n q, or |h|^n q.

    `power`: n ≥ 1; `absolute`: whether it is |h|, also where n is even and both are the same; `form`: ↦ q, which is
    computed only where both sides are seen to be such.
    """

    power: int
    absolute: bool
    form: Callable[[], TaylorForm]


@dataclass(frozen=True)
class TouchingForms:
    """Sides of a statement on a family as powers of a difference of variables, at Arb's precision in force."""

    forms: FamilyForms

    @property
    def applies(self) -> bool:
        """Whether the family has an identity that holds for its variables as they are given."""
        return any(True for _ in self._identities())

    def distance(self, operator: str, left: Expression, right: Expression) -> Bound | None:
        """Return 0, a lower bound of how far the sides are apart, where a comparison holds; None if it is open."""
        if operator not in ("<=", ">="):
            return None
        left, right = self._written(left), self._written(right)
        for identity in self._identities():
            first, second = self._factored(left, identity), self._factored(right, identity)
            first, second = first or self._zero(left, second), second or self._zero(right, first)
            if first is None or second is None or first.power != second.power:
                continue
            if not (first.absolute and second.absolute):
                continue
            difference = hull(first.form() - second.form())
            if difference.upper <= 0 if operator == "<=" else difference.lower >= 0:
                return Fraction(0)
        return None

    def _zero(self, expression: Expression, other: Factored | None) -> Factored | None:
        """The number 0 as the power of h that the other side is."""
        if expression != Number(Fraction(0)) or other is None:
            return None
        return replace(other, form=lambda: constant(ZERO, self.forms.domain))

    def _identities(self) -> Iterator[Divided]:
        values = self.forms.problem.question.family
        for identity in () if values is None else values.family.divided:
            if self.forms.meets(identity.conditions):
                yield identity

    def _factored(self, expression: Expression, identity: Divided) -> Factored | None:  # noqa: PLR0911
        """An expression as a power of h times a form; None if it is not seen to be one."""
        quantity, variable, target = self._parts(identity)
        if expression == quantity and identity.power is not None:
            return Factored(identity.power, identity.power % 2 == 0, self._divided(quantity, identity))
        if target == Number(Fraction(0)) and expression in (quantity, variable):
            return self._difference(expression, target, identity)
        if not isinstance(expression, Operation):
            return None
        match expression.name, expression.operands:
            case "-", (left, right):
                return self._difference(left, right, identity) or self._sum("-", left, right, identity)
            case "+", (left, right):
                return self._sum("+", left, right, identity)
            case "*", (left, right):
                return self._product(left, right, identity)
        inner = self._factored(expression.operands[0], identity)
        return None if inner is None else self._image(expression, inner)

    def _image(self, expression: Operation, inner: Factored) -> Factored | None:
        """An operation on what is a power of h times a form, its first operand."""
        form = inner.form
        match expression.name, expression.operands[1:]:
            case "neg", ():
                return replace(inner, form=lambda: -form())
            case "abs", ():
                return Factored(inner.power, True, lambda: apply_to_forms("abs", [form()]))
            case "/", (divisor,):
                return replace(inner, form=lambda: apply_to_forms("/", [form(), self.forms.form(divisor)]))
            case "**", (Number(exponent),) if exponent.denominator == 1 and 1 <= exponent <= _LARGEST_POWER:
                n = int(exponent)
                return Factored(inner.power * n, inner.absolute or n % 2 == 0, lambda: form() ** n)
        return None

    def _difference(self, left: Expression, right: Expression, identity: Divided) -> Factored | None:
        """±(q − v) or ±(p − v)."""
        quantity, variable, target = self._parts(identity)
        for first, second, sign in ((left, right, 1), (right, left, -1)):
            known = (variable,) if identity.power is not None else (quantity, variable)
            if second == target and first in known:
                form = self._one if first == variable else self._divided(quantity, identity)
                return Factored(1, False, _signed(form, sign))
        return None

    def _one(self) -> TaylorForm:
        return constant(rational(1), self.forms.domain)

    def _divided(self, quantity: Call, identity: Divided) -> Callable[[], TaylorForm]:
        form: BoxForm = resolve(identity.form)
        return lambda: self.forms.quantity(quantity, form)

    def _sum(self, name: str, left: Expression, right: Expression, identity: Divided) -> Factored | None:
        first, second = self._factored(left, identity), self._factored(right, identity)
        if first is None or second is None or (first.power, first.absolute) != (second.power, second.absolute):
            return None
        one, other = first.form, second.form
        return replace(first, form=lambda: one() + other() if name == "+" else one() - other())

    def _product(self, left: Expression, right: Expression, identity: Divided) -> Factored | None:
        first, second = self._factored(left, identity), self._factored(right, identity)
        if first is not None and second is not None:
            if first.absolute != second.absolute:
                return None
            return Factored(first.power + second.power, first.absolute, _times(first.form, second.form))
        if first is None and second is None:
            return None
        inner, plain = (first, right) if first is not None else (second, left)
        return inner and replace(inner, form=_times(inner.form, lambda: self.forms.form(plain)))

    def _parts(self, identity: Divided) -> tuple[Call, Expression, Expression]:
        values = self.forms.problem.question.family
        name = identity.quantity if values is None else values.family.full_name(identity.quantity)
        target = identity.target
        place = Number(target) if isinstance(target, Fraction) else self._written(Symbol(target))
        return Call(name), self._written(Symbol(identity.variable)), place

    def _written(self, expression: Expression) -> Expression:
        """An expression in the variables of the box: a number that μ is may be written in place of μ."""
        values = self.forms.problem.question.family
        known = {} if values is None else values.expressions
        return rewritten(expression, lambda part: known.get(part.name) if isinstance(part, Symbol) else None)


def _times(left: Callable[[], TaylorForm], right: Callable[[], TaylorForm]) -> Callable[[], TaylorForm]:
    return lambda: left() * right()


def _signed(form: Callable[[], TaylorForm], sign: int) -> Callable[[], TaylorForm]:
    return lambda: form() * sign
