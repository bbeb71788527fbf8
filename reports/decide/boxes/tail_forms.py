"""A statement for every value of one variable from some R on: its sides as powers of it times forms in the others.

Far out β_m, the eigenvalues of ∇²ℓ, Λ and KL are known with explicit constants (docs/error-bounds.md, sections 9 and
13).
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, reduce
from itertools import pairwise
from operator import add, mul, neg, sub, truediv

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.family import BoxForm
from emtheory.numerics.intervals.form_functions import apply_to_forms, to_power
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.intervals.taylor_form import ZERO, TaylorForm, constant, is_zero
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import resolve
from emtheory.numerics.simplex_point.far_out import ONE_FREQUENCY, Coefficient, Prior, far_out, prior_of
from emtheory.reports.decide.boxes.expression_forms import MeanValueForms, link_of
from emtheory.reports.decide.boxes.family_forms import FamilyForms
from emtheory.reports.decide.boxes.forms import BoxForms
from emtheory.reports.decide.verdict import ANYTHING, Link
from emtheory.reports.language.expression import (
    ONE,
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    depends_on_point,
    subexpressions,
)
from emtheory.reports.language.varying_weights import CLOSED_FORMS

MOST_TERMS = 5
"""Coefficients that are kept; further ones go into the last."""

SMALLEST_START = Fraction(1)
"""Of R: from there on higher powers are larger."""
_LARGEST_POWER, _LARGEST_ROOT = 16, 2
"""Exponents, and denominators of exponents, up to which powers of what grows are followed."""
_LARGEST_FALL = 8
"""Power of 1/r by which an exponential that falls is bounded."""


@dataclass(frozen=True)
class TailSeries:
    """r^power Σ terms[i]/r^i for every r ≥ start, at Arb's precision in force."""

    power: int
    terms: tuple[TaylorForm, ...]
    start: flint.arb

    @property
    def form(self) -> TaylorForm:
        """The values of Σ terms[i]/r^i."""
        x = constant(Interval(flint.arb(0), (1 / self.start).upper(), Level.CERTIFIED), self.terms[0].domain)
        return reduce(lambda total, term: term if _vanishes(total) else term + x * total, reversed(self.terms))

    @property
    def values(self) -> TaylorForm:
        """All values, the power of r included."""
        if self.power < 0:
            return self.raised(0).form
        form = self.form
        if self.power == 0:
            return form
        values, least = form.range, self.start**self.power
        # Said case by case, as infinity times a ball around zero is not a number.
        lower = (least * values.lower).lower() if values.lower >= 0 else flint.arb.neg_inf()
        upper = (least * values.upper).upper() if values.upper <= 0 else flint.arb.pos_inf()
        return constant(Interval(lower, upper, values.level), form.domain)

    def raised(self, power: int) -> "TailSeries":
        """Return the same with a higher power of r in front."""
        zero = self.terms[0] * 0
        return _collected(power, (*[zero] * (power - self.power), *self.terms), self.start)

    def __neg__(self) -> "TailSeries":
        return TailSeries(self.power, tuple(-term for term in self.terms), self.start)

    def __add__(self, other: "TailSeries") -> "TailSeries":
        power = max(self.power, other.power)
        left, right = self.raised(power).terms, other.raised(power).terms
        zero = left[0] * 0
        count = max(len(left), len(right))
        left, right = (each + (zero,) * (count - len(each)) for each in (left, right))
        return _leading(_collected(power, [a + b for a, b in zip(left, right, strict=True)], self.start))

    def __sub__(self, other: "TailSeries") -> "TailSeries":
        return self + (-other)

    def __mul__(self, other: "TailSeries") -> "TailSeries":
        products = [self.terms[0] * 0] * (len(self.terms) + len(other.terms) - 1)
        for i, a in enumerate(self.terms):
            for j, b in enumerate(other.terms):
                products[i + j] = products[i + j] + a * b
        return _leading(_collected(self.power + other.power, products, self.start))

    def __truediv__(self, other: "TailSeries") -> "TailSeries":
        left, right = list(self.terms), _leading(other)
        divisor = right.terms
        found: list[TaylorForm] = []
        while len(found) < MOST_TERMS - 1:
            quotient = left[0] / divisor[0]
            found.append(quotient)
            left += [left[0] * 0] * (len(divisor) - len(left))
            # The first coefficient of what is left over vanishes.
            left = [a - quotient * b for a, b in zip(left[1:], divisor[1:], strict=False)] + left[len(divisor) :]
            if not left or all(map(_vanishes, left)):
                break
        else:
            found.append(TailSeries(0, tuple(left), self.start).form / right.form)
        return TailSeries(self.power - right.power, tuple(found), self.start)


def _collected(power: int, terms: Sequence[TaylorForm], start: flint.arb) -> TailSeries:
    """A series whose terms beyond the last go into it."""
    if len(terms) <= MOST_TERMS:
        return TailSeries(power, tuple(terms), start)
    *first, last = terms[:MOST_TERMS]
    return TailSeries(power, (*first, TailSeries(0, (last, *terms[MOST_TERMS:]), start).form), start)


def _leading(series: TailSeries) -> TailSeries:
    """The same without leading coefficients that are exactly zero, of which the last is kept."""
    zeros = next((i for i, term in enumerate(series.terms) if not _vanishes(term)), len(series.terms) - 1)
    return TailSeries(series.power - zeros, series.terms[zeros:], series.start)


def _vanishes(form: TaylorForm) -> bool:
    return all(map(is_zero, form.coefficients))


_ARITHMETIC: Mapping[str, Callable[..., TailSeries]] = {"+": add, "-": sub, "*": mul, "/": truediv, "neg": neg}


@dataclass(frozen=True)
class TailForms(MeanValueForms):
    """The sides of a statement on a cell of the tail, at Arb's precision in force."""

    @property
    def start(self) -> flint.arb:
        """R."""
        return to_arb(self.cell.sides[self.cell.tail][0])

    @abstractmethod
    def _varies(self, expression: Expression) -> bool: ...

    @abstractmethod
    def _far_out(self, call: Call) -> TailSeries: ...

    def links(self, comparison: Comparison) -> tuple[tuple[Link, ...], list[TaylorForm]]:
        """Decide a chain at infinity, with the forms of differences, but for powers of the radius."""
        exponentials = [self._exponential(operand) for operand in comparison.operands]
        logarithmic = None not in exponentials and any(map(_has_logarithm, comparison.operands))
        sides = [each for each in exponentials if each] if logarithmic else list(map(self.series, comparison.operands))
        differences = [left - right for left, right in pairwise(sides)]
        links = []
        for operator, (left, right), difference in zip(comparison.operators, pairwise(sides), differences, strict=True):
            link = link_of(operator, left.values, right.values, difference.form)
            # A difference that falls like a power of the radius has no positive lower bound.
            distance = Fraction(0) if difference.power < 0 and link.distance is not None else link.distance
            if logarithmic:  # What is known is of the exponentials, not of the sides.
                distance = None if link.distance is None else Fraction(0)
                link = replace(link, left=ANYTHING, right=ANYTHING, difference=None)
            links.append(replace(link, distance=distance, power=max(difference.power, 0)))
        return tuple(links), [difference.form for difference in differences]

    def series(self, expression: Expression) -> TailSeries:
        """Return an expression for every radius of the tail."""
        if expression == Symbol(self.cell.tail):
            return self._series(1, constant(rational(1), self.domain))
        if not self._varies(expression):
            return self._series(0, self.form(expression))
        if isinstance(expression, Call):
            return self._far_out(expression)
        if not isinstance(expression, Operation):
            raise CannotAnswerError("an expression that is not followed to infinity")
        if expression.name == "**":
            return self._power(*expression.operands)
        return self._combined(expression.name, [self.series(operand) for operand in expression.operands])

    def _series(self, power: int, *terms: TaylorForm) -> TailSeries:
        return TailSeries(power, terms, self.start)

    def _combined(self, name: str, parts: Sequence[TailSeries]) -> TailSeries:
        if name in _ARITHMETIC:
            return _ARITHMETIC[name](*parts)
        if name == "sqrt":
            return self._to_power(parts[0], Fraction(1, 2))
        if name == "exp" and parts[0].power > 0 and parts[0].form.range.upper < 0:
            return self._falling(parts[0])
        if name == "abs" or (name in ("min", "max") and len({part.power for part in parts}) == 1):
            return self._series(parts[0].power, apply_to_forms(name, [part.form for part in parts]))
        return self._series(0, apply_to_forms(name, [part.values for part in parts]))

    def _falling(self, exponent: TailSeries) -> TailSeries:
        """e^{−αr^p} ≤ R^n e^{−αR^p}/rⁿ, as long as n ≤ αpR^p."""
        rate = -exponent.form.range.upper * self.start**exponent.power
        count = int(min(_LARGEST_FALL, float((rate * exponent.power).lower()) // 1))
        most = (self.start**count * (-rate).exp()).upper()
        return self._series(-count, constant(Interval(flint.arb(0), most, Level.CERTIFIED), self.domain))

    def _power(self, base: Expression, exponent: Expression) -> TailSeries:
        count = exponent.value if isinstance(exponent, Number) else None
        if count is None or count.denominator > _LARGEST_ROOT or abs(count) > _LARGEST_POWER:
            raise CannotAnswerError("a power that is not followed to infinity")
        return self._to_power(self.series(base), count)

    def _to_power(self, part: TailSeries, count: Fraction) -> TailSeries:
        if count.denominator == 1:
            whole = reduce(mul, [part] * abs(int(count)), self.series(ONE))
            return whole if count > 0 else self.series(ONE) / whole
        power = part.power * count
        if power.denominator > 1:
            raise CannotAnswerError("an odd root of a power of the radius")
        return self._series(int(power), to_power(part.form, rational(count)))

    def _exponential(self, side: Expression) -> TailSeries | None:
        """e to a side that is a sum of multiples of logarithms, and of what is fixed, which is as large as they are."""
        if not self._varies(side):
            return self._series(0, self.form(Operation("exp", (side,))))
        match side:
            case Operation("log", (argument,)):
                part = self.series(argument)
                return part if part.form.range.lower > 0 else None
            case Operation("+" | "-", (left, right)):
                first, second = self._exponential(left), self._exponential(right)
                if first is None or second is None:
                    return None
                return first * second if side.name == "+" else first / second
            case Operation("*", (Number(count), other)) | Operation("*", (other, Number(count))):
                inner = self._exponential(other)
                usual = count.denominator <= _LARGEST_ROOT and abs(count) <= _LARGEST_POWER
                return None if inner is None or not usual else self._to_power(inner, count)
        return None


@dataclass(frozen=True)
class SimplexTailForms(TailForms, BoxForms):
    """At regular simplices of every radius from some on."""

    def _varies(self, expression: Expression) -> bool:
        return depends_on_point(expression)

    def _far_out(self, call: Call) -> TailSeries:
        quantity = find_quantity(call.quantity)
        if not quantity.needs_point or call.quantity in CLOSED_FORMS:
            return self._series(0, self.form(call))
        if call.quantity == "pl_ratio":
            gradient = self._known("squared_gradient")
            if self.problem.case.k <= ONE_FREQUENCY:
                power = self._known("posterior_power")
                gradient = self._series(2, *(power * power).terms)
            twice = self.series(2 * Call("kl_divergence"))
            return gradient / twice
        return self._known(call.quantity)

    def _known(self, quantity: str) -> TailSeries:
        power, terms = far_out(quantity, self._prior, self.start)
        return self._series(power, *map(self._coefficient, terms))

    def _coefficient(self, each: Coefficient) -> TaylorForm:
        if each.lower == 0 == each.upper:  # Exact, as Lloyd's radius of few components is.
            return self.form(Call("lloyd_radius")) * each.lloyd
        values = constant(Interval(each.lower.lower(), each.upper.upper(), Level.CERTIFIED), self.domain)
        return values + self.form(Call("lloyd_radius")) * each.lloyd if each.lloyd else values

    @cached_property
    def _prior(self) -> Prior:
        """What is known of all weights of the cell."""
        k, chart = self.problem.case.k, self.problem.chart
        if chart is None:
            weights = self.problem.case.classes.items()
            return prior_of([(to_arb(weight).log(), len(members)) for weight, members in weights])
        try:
            logarithms = [self.form(Operation("log", (weight,))).range for weight in dict.fromkeys(chart.weights)]
        except (CannotAnswerError, InputError):  # A weight may vanish.
            return Prior(k)
        counts = [chart.weights.count(weight) for weight in dict.fromkeys(chart.weights)]
        balls = [each.lower.union(each.upper) for each in logarithms]
        return prior_of(list(zip(balls, counts, strict=True))) if all(map(flint.arb.is_finite, balls)) else Prior(k)


@dataclass(frozen=True)
class FamilyTailForms(TailForms, FamilyForms):
    """At every point of a family from some on."""

    def _varies(self, expression: Expression) -> bool:
        parts = set(subexpressions(expression))
        return Symbol(self.cell.tail) in parts or any(isinstance(part, Call) for part in parts)

    def _far_out(self, call: Call) -> TailSeries:
        form: BoxForm = resolve(find_quantity(call.quantity).form)
        if form.tail is None:
            raise CannotAnswerError(f"{call.quantity} is not followed to infinity")
        power, terms = form.tail(self.hulls)
        values = (Interval(lower.lower(), upper.upper(), Level.CERTIFIED) for lower, upper in terms)
        return self._series(power, *(constant(_exact(each), self.domain) for each in values))


def _exact(values: Interval) -> Value:
    """The number 0 where nothing else is meant."""
    return ZERO if values.lower == 0 == values.upper else values


def _has_logarithm(side: Expression) -> bool:
    return any(isinstance(part, Operation) and part.name == "log" for part in subexpressions(side))
