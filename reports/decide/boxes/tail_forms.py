"""A statement for every radius from some R on: its sides as powers of the radius times forms in the other variables.

Far out β_m, the eigenvalues of ∇²ℓ and 2KL/r² are between 1 and 1 − O(1/r), with constants that hold for all weights
(docs/error-bounds.md, sections 9 and 13).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.form_functions import apply_to_forms, divide, to_power
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull, is_rational_zero
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.ray.ball_hessian_tail import pair_bound
from emtheory.reports.decide.boxes.forms import BoxForms
from emtheory.reports.decide.cell_decision import link_of
from emtheory.reports.decide.verdict import Link
from emtheory.reports.language.expression import (
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    depends_on_point,
)
from emtheory.reports.language.family import CLOSED_FORMS

RADIUS = Symbol("radius")
SMALLEST_START = Fraction(1)
"""Of R: from there on higher powers of the radius are larger."""
_LARGEST_POWER = 16
"""Exponents up to which powers of what grows are followed."""


@dataclass(frozen=True)
class Scaled:
    """r^power times a form in the other variables that holds for every r ≥ R."""

    power: int
    form: TaylorForm


@dataclass(frozen=True)
class TailForms(BoxForms):
    """The sides of a statement on a cell of the tail, at Arb's precision in force."""

    @property
    def start(self) -> flint.arb:
        """R."""
        return flint.arb(to_fmpq(self.cell.sides[RADIUS.name][0]))

    def links(self, comparison: Comparison) -> tuple[tuple[Link, ...], list[TaylorForm]]:
        """Decide each comparison of a chain; return the forms of the differences, but for powers of the radius, too.

        Raises
        ------
        CannotAnswerError
            If a side cannot be followed to infinity.
        """
        sides = [self.scaled(operand) for operand in comparison.operands]
        differences = [self._sum("-", left, right) for left, right in pairwise(sides)]
        links = []
        for operator, (left, right), difference in zip(comparison.operators, pairwise(sides), differences, strict=True):
            link = link_of(operator, self._values(left), self._values(right), difference.form)
            # A difference that falls like a power of the radius has no positive lower bound.
            distance = Fraction(0) if difference.power < 0 and link.distance is not None else link.distance
            links.append(replace(link, distance=distance, power=max(difference.power, 0)))
        return tuple(links), [difference.form for difference in differences]

    def scaled(self, expression: Expression) -> Scaled:
        """Return an expression for every radius of the tail."""
        if expression == RADIUS:
            return Scaled(1, constant(rational(1), self.domain))
        if not depends_on_point(expression):
            return Scaled(0, self.form(expression))
        if isinstance(expression, Call):
            return self._far_out(expression)
        if not isinstance(expression, Operation):
            raise CannotAnswerError("an expression that is not followed to infinity")
        if expression.name == "**":
            return self._power(*expression.operands)
        return self._combined(expression.name, [self.scaled(operand) for operand in expression.operands])

    def _combined(self, name: str, parts: Sequence[Scaled]) -> Scaled:
        powers, forms = [part.power for part in parts], [part.form for part in parts]
        match name:
            case "+" | "-":
                return self._sum(name, *parts)
            case "*":
                return Scaled(sum(powers), forms[0] * forms[1])
            case "/":
                return Scaled(powers[0] - powers[1], divide(*forms))
        if name in ("neg", "abs") or (name in ("min", "max") and len(set(powers)) == 1):
            return Scaled(powers[0], apply_to_forms(name, forms))
        return Scaled(0, apply_to_forms(name, [self._values(part) for part in parts]))

    def _power(self, base: Expression, exponent: Expression) -> Scaled:
        count = exponent.value if isinstance(exponent, Number) else None
        if count is None or count.denominator > 2 or abs(count) > _LARGEST_POWER:
            raise CannotAnswerError("a power that is not followed to infinity")
        part = self.scaled(base)
        power = part.power * count
        if power.denominator > 1:
            raise CannotAnswerError("an odd root of a power of the radius")
        return Scaled(int(power), to_power(part.form, rational(count)))

    def _sum(self, name: str, left: Scaled, right: Scaled) -> Scaled:
        # What is exactly zero has any power.
        if all(map(is_rational_zero, right.form.coefficients)):
            return left
        if all(map(is_rational_zero, left.form.coefficients)):
            return Scaled(right.power, -right.form if name == "-" else right.form)
        power = max(left.power, right.power)
        first, second = (self._raised(part, power) for part in (left, right))
        return Scaled(power, first + second if name == "+" else first - second)

    def _raised(self, part: Scaled, power: int) -> TaylorForm:
        """The form with r^power before it: r^{−n} lies between 0 and R^{−n}."""
        if part.power == power:
            return part.form
        most = (1 / self.start ** (power - part.power)).upper()
        return part.form * constant(Interval(flint.arb(0), most, Level.CERTIFIED), self.domain)

    def _values(self, part: Scaled) -> TaylorForm:
        """All values, without a power of the radius."""
        if part.power == 0:
            return part.form
        if part.power < 0:
            return self._raised(part, 0)
        values, least = hull(part.form), self.start**part.power
        # Said case by case, as infinity times a ball around zero is not a number.
        lower = (least * values.lower).lower() if values.lower >= 0 else flint.arb.neg_inf()
        upper = (least * values.upper).upper() if values.upper <= 0 else flint.arb.pos_inf()
        return constant(Interval(lower, upper, values.level), self.domain)

    def _far_out(self, call: Call) -> Scaled:
        quantity = find_quantity(call.quantity)
        if not quantity.needs_point or call.quantity in CLOSED_FORMS:
            return Scaled(0, self.form(call))
        if call.quantity not in _LIMITS:
            raise CannotAnswerError(f"{call.label} is not followed to infinity")
        k = self.problem.case.k
        spread = self.start * flint.arb(flint.fmpq(k, k - 1)).sqrt()
        power, values = _LIMITS[call.quantity](pair_bound(k) / spread)
        return Scaled(power, constant(values, self.domain))


def _between(lower: flint.arb, upper: flint.arb) -> Interval:
    return Interval(lower.lower(), upper.upper(), Level.CERTIFIED)


def _pl_ratio(lack: flint.arb) -> tuple[int, Interval]:
    if not 2 * lack < 1:
        raise CannotAnswerError("pl_ratio is not bounded so near")
    least = 1 - lack
    return 0, _between(least * least, 1 / (1 - 2 * lack))


_LIMITS: Mapping[str, Callable[[flint.arb], tuple[int, Interval]]] = {
    "posterior_power": lambda lack: (0, _between(1 - lack, flint.arb(1))),
    "hessian_min_eigenvalue": lambda lack: (0, _between(1 - lack, flint.arb(1))),
    "kl_divergence": lambda lack: (2, _between((1 - 2 * lack) / 2, flint.arb(1) / 2)),
    "log_partition": lambda lack: (2, _between(flint.arb(0), lack)),
    "pl_ratio": _pl_ratio,
}
"""Quantity → its power of the radius, and the values of the rest, from a bound on 1 − β_m for all r ≥ R."""
