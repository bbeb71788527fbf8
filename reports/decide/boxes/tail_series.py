"""Functions of a variable r for all r ≥ R: r^n Σ c_i x^i with x = 1/r, and numbers or forms c_i that hold for each r.

What is exactly zero in front is left out, so that the sign of a difference is that of its first coefficient far out,
and for every r ≥ R if the others, times powers of x ≤ 1/R, do not change it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import flint

from emtheory.numerics.intervals.form_functions import divide
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull, is_zero
from emtheory.numerics.level import Level

MOST_TERMS = 5
"""Coefficients that are kept; further ones go into the last."""


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
        values, least = hull(form), self.start**self.power
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
            quotient = divide(left[0], divisor[0])
            found.append(quotient)
            left += [left[0] * 0] * (len(divisor) - len(left))
            # The first coefficient of what is left over vanishes.
            left = [a - quotient * b for a, b in zip(left[1:], divisor[1:], strict=False)] + left[len(divisor) :]
            if not left or all(map(_vanishes, left)):
                break
        else:
            found.append(divide(TailSeries(0, tuple(left), self.start).form, right.form))
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
