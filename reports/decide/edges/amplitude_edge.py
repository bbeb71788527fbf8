"""A statement on a box of amplitudes that reaches all of them at 0, where its sides may touch.

There each side is E_0 + Σ_l v_lR_l, v_l = ρ_l², with E_0 exact in the variables of the weights and R_l forms. As
∂β_m/∂v_l = t_ml/2, of β_m they are means of t_ml/2 over a ray, and couplings are near their values at the origin
(docs/error-bounds.md, sections 12 and 13). So E_0 ≥ 0 and R_l ≥ 0 show that a difference is not negative.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial, reduce
from operator import add, sub
from typing import Any

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.forms import BoxForms
from emtheory.reports.decide.edges.limit_signs import LimitSigns, cleared, origin_terms
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import (
    AMPLITUDE,
    ONE,
    ZERO,
    Call,
    Expression,
    Number,
    Operation,
    Symbol,
    depends_on_point,
)

_LEAST_COUPLING, _LARGEST_COUPLING, _DRIFT = Fraction(-27, 16), Fraction(3), 37
"""Bounds of t_ml, and of its derivatives in each v_l."""
_LARGEST_POWER = 16
"""Exponents up to which powers are multiplied out."""


@dataclass(frozen=True)
class Linear:
    """E_0 + Σ_l v_lR_l."""

    limit: Expression
    slopes: tuple[TaylorForm, ...]


@dataclass(frozen=True)
class AmplitudeEdgeForms(LimitSigns[BoxForms]):
    """Sides of a statement near amplitudes 0, at Arb's precision in force."""

    @property
    def applies(self) -> bool:
        """Whether the box reaches the point where all amplitudes are 0."""
        sides = self.forms.cell.sides
        ends = [sides.get(name, (Fraction(1), Fraction(1))) for name in self._names]
        return self.forms.problem.amplitudes and all(low == 0 for low, _ in ends) and any(high for _, high in ends)

    @property
    def is_open(self) -> bool:
        """Whether that point does not belong to the domain, as an amplitude is not 0."""
        return any(self._is_positive_there)

    def _excess(self, left: Expression, right: Expression, *, strict: bool) -> Fraction | None:
        whole = left - right
        difference = self._split(cleared(whole)[0] if self.is_open else whole)
        least = [hull(slope).lower for slope in difference.slopes]
        if not all(each >= 0 for each in least):
            return None
        apart = any(each > 0 and positive for each, positive in zip(least, self._is_positive_there, strict=True))
        holds = self._is_positive(difference.limit, ">" if strict and not apart else ">=", self._assumptions)
        return Fraction(0) if holds else None

    @property
    def _names(self) -> list[str]:
        return [f"{AMPLITUDE}{m}" for m in self.forms.problem.case.frequencies]

    @property
    def _small(self) -> Set[str]:
        return set(self._names)

    @property
    def _is_positive_there(self) -> list[bool]:
        """Which amplitudes are not 0 in the domain."""
        spans = self.forms.problem.question.spans
        return [name in spans and spans[name].open_lower for name in self._names]

    def _written(self, left: Expression, right: Expression) -> tuple[Expression, ...]:
        return self.forms.problem.written_out(left, right)

    def _split(self, expression: Expression) -> Linear:
        if not depends_on_point(expression):
            return self._exact(expression)
        if isinstance(expression, Call):
            return self._quantity(expression)
        if not isinstance(expression, Operation):
            raise CannotAnswerError("an odd power of an amplitude")
        if expression.name == "**":
            return self._power(*expression.operands)
        if expression.name == "neg":
            return self._sum(sub, self._exact(ZERO), self._split(expression.operands[0]))
        combine: dict[str, Callable[[Linear, Linear], Linear]] = {
            "+": partial(self._sum, add),
            "-": partial(self._sum, sub),
            "*": self._product,
            "/": self._quotient,
        }
        if expression.name not in combine:
            raise CannotAnswerError(f"{expression.name} of what varies with amplitudes")
        return combine[expression.name](*map(self._split, expression.operands))

    def _exact(self, expression: Expression) -> Linear:
        return Linear(expression, (constant(rational(0), self.forms.domain),) * len(self._names))

    def _power(self, base: Expression, exponent: Expression) -> Linear:
        count = exponent.value if isinstance(exponent, Number) else Fraction(-1)
        name = base.name if isinstance(base, Symbol) else ""
        if name:
            count /= 2
        if count.denominator > 1 or not 0 <= count <= _LARGEST_POWER:
            raise CannotAnswerError("an odd or another power of what varies with amplitudes")
        slopes = tuple(constant(rational(int(each == name)), self.forms.domain) for each in self._names)
        factor = Linear(ZERO, slopes) if name else self._split(base)
        return reduce(self._product, [factor] * int(count), self._exact(ONE))

    def _sum(self, combine: Callable[[Any, Any], Any], left: Linear, right: Linear) -> Linear:
        return Linear(combine(left.limit, right.limit), tuple(map(combine, left.slopes, right.slopes)))

    def _product(self, left: Linear, right: Linear) -> Linear:
        first, second = self.forms.form(left.limit), self._whole(right)
        slopes = tuple(first * b + a * second for a, b in zip(left.slopes, right.slopes, strict=True))
        return Linear(left.limit * right.limit, slopes)

    def _quotient(self, left: Linear, right: Linear) -> Linear:
        limit, whole = left.limit / right.limit, self._whole(right)
        ratio = self.forms.form(left.limit) / self.forms.form(right.limit)
        return Linear(limit, tuple((a - ratio * b) / whole for a, b in zip(left.slopes, right.slopes, strict=True)))

    def _whole(self, side: Linear) -> TaylorForm:
        terms = (square * slope for square, slope in zip(self._squares, side.slopes, strict=True))
        return reduce(add, terms, self.forms.form(side.limit))

    def _quantity(self, call: Call) -> Linear:
        case = self.forms.problem.mixture.case
        half = Fraction(1, 2)
        match call.quantity:
            case "posterior_power":
                m = int(arguments_of(call, case)["m"]) % case.k
                m = min(m, case.k - m)
                if m:
                    return Linear(self._limit(m), tuple(each * half for each in self._couplings(m)))
            case "kl_divergence":
                return Linear(ZERO, tuple(each * half for each in self._mean_powers))
            case "log_partition":
                return Linear(ZERO, tuple((1 - each) * half for each in self._mean_powers))
        raise CannotAnswerError(f"{call.label} is not expanded at amplitudes 0")

    @cached_property
    def _mean_powers(self) -> list[TaylorForm]:
        """2KL = Σ v_mK_m, K_m the mean of β_m(uv) over u in [0, 1]."""
        means = []
        for m in self.forms.problem.case.frequencies:
            terms = (square * each for square, each in zip(self._squares, self._couplings(m), strict=True))
            mean = reduce(add, (each * Fraction(1, 4) for each in terms), self.forms.form(self._limit(m)))
            means.append(mean)
        return means

    @cached_property
    def _squares(self) -> list[TaylorForm]:
        amplitudes = [self.forms.form(Symbol(name)) for name in self._names]
        return [amplitude * amplitude for amplitude in amplitudes]

    def _limit(self, m: int) -> Expression:
        return origin_terms(self.forms.problem.weights, (m,), 1)[0]

    def _couplings(self, m: int) -> list[TaylorForm]:
        """A form of t_ml for each l, anywhere on the box."""
        reach = sum((self.forms.cell.sides[name][1] ** 2 for name in self._names), Fraction(0))
        off = flint.arb(to_fmpq(_DRIFT * reach)).upper()
        drift = constant(Interval(-off, off, Level.CERTIFIED), self.forms.domain)
        least, most = (flint.arb(to_fmpq(each)) for each in (_LEAST_COUPLING, _LARGEST_COUPLING))
        found = []
        for other in self.forms.problem.case.frequencies:
            form = self.forms.form(origin_terms(self.forms.problem.weights, (m, other), 1)[0]) + drift
            values = hull(form)
            outside = values.lower < least or values.upper > most
            found.append(constant(Interval(least.lower(), most, Level.CERTIFIED), form.domain) if outside else form)
        return found
