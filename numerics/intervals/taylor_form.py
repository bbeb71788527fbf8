"""Forms: a function on a box as a polynomial of first order whose coefficients are numbers or intervals.

With h = place − centre the form C_0, …, C_n says that f(h) ∈ C_0 + Σ_i C_i h_i for every h of the box: for each h there
are numbers in the intervals C_i with which equality holds. Exact coefficients stay exact.

Everything here works at Arb's precision in force.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, reduce

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import Value, apply, as_interval
from emtheory.numerics.level import Level

ZERO = rational(0)


@dataclass(frozen=True)
class Box:
    """Where forms in several variables are valid.

    `centre`: the variables at h = 0; `half_widths`: each h_i ranges over [−half_widths[i], half_widths[i]].
    """

    centre: tuple[Fraction, ...]
    half_widths: tuple[Fraction, ...]


@dataclass(frozen=True)
class TaylorForm:
    """C_0, …, C_n on a box."""

    coefficients: tuple[Value, ...]
    domain: Box

    def __add__(self, other: "TaylorForm | Fraction | int") -> "TaylorForm":
        pairs = zip(self.coefficients, self._lifted(other).coefficients, strict=True)
        return TaylorForm(tuple(_add(a, b) for a, b in pairs), self.domain)

    __radd__ = __add__

    def __neg__(self) -> "TaylorForm":
        return TaylorForm(tuple(apply("neg", [value]) for value in self.coefficients), self.domain)

    def __rsub__(self, other: "TaylorForm | Fraction | int") -> "TaylorForm":
        return -self + other

    def __sub__(self, other: "TaylorForm | Fraction | int") -> "TaylorForm":
        return self + (-other)

    def __mul__(self, other: "TaylorForm | Fraction | int | Algebraic") -> "TaylorForm":
        """fg − f_0g_0 is the mean of (f − f_0)(g + g_0) and (g − g_0)(f + f_0)."""
        right = self._lifted(other)
        if self.unbounded or right.unbounded:
            return constant(self.range * right.range, self.domain)
        f_0, *f_slopes = self.coefficients
        g_0, *g_slopes = right.coefficients
        f_mean, g_mean = _middle(self), _middle(right)
        slopes = (_add(_multiply(a, g_mean), _multiply(b, f_mean)) for a, b in zip(f_slopes, g_slopes, strict=True))
        return TaylorForm((_multiply(f_0, g_0), *slopes), self.domain)

    __rmul__ = __mul__

    def __truediv__(self, other: "TaylorForm | int") -> "TaylorForm":
        return self * (Fraction(1, other) if isinstance(other, int) else other.inverse)

    def __pow__(self, exponent: int) -> "TaylorForm":
        return reduce(lambda power, bit: power * power * (self if bit == "1" else 1), bin(exponent)[3:], self)

    @property
    def inverse(self) -> "TaylorForm":
        """One over it."""
        if is_zero(self.coefficients[0]):
            return constant(apply("**", [self.range, rational(-1)]), self.domain)
        return composed(
            self, lambda at: apply("**", [at, rational(-1)]), lambda at: apply("neg", [apply("**", [at, rational(-2)])])
        )

    def minimum(self, other: "TaylorForm") -> "TaylorForm":
        """Return the smaller of two: one of them where their order is known, else all that is known of both."""
        signs = signs_of(self - other)
        if 1 not in signs:
            return self
        if -1 not in signs:
            return other
        ranges = constant(apply("min", [self.range, other.range]), self.domain)
        # Between two places it changes as one of the two does, or a mean of both (Lebourg's mean value theorem).
        (start, *slopes), (end, *others) = self.coefficients, other.coefficients
        either = (union(pair) for pair in zip(slopes, others, strict=True))
        sloping = TaylorForm((apply("min", [start, end]), *either), self.domain)
        return min(ranges, sloping, key=_width)

    @cached_property
    def range(self) -> Interval:
        """All its values; of what is linear with rational coefficients the exact ends."""
        half_widths = self.domain.half_widths
        rational_values = [value.value for value in self.coefficients if isinstance(value, Algebraic)]
        known = [value for value in rational_values if value is not None]
        if len(known) == len(self.coefficients):
            reach = sum((abs(slope) * half for slope, half in zip(known[1:], half_widths, strict=True)), Fraction(0))
            return Interval(to_arb(known[0] - reach).lower(), to_arb(known[0] + reach).upper(), Level.EXACT)
        start, *slopes = map(as_interval, self.coefficients)
        for slope, half in zip(slopes, half_widths, strict=True):
            if half == 0:
                continue
            reach_of_one = slope.upper.max(-slope.lower) * to_arb(half)
            start = start + Interval((-reach_of_one).lower(), reach_of_one.upper(), slope.level)
        return start

    @property
    def vanishes(self) -> bool:
        """Whether it is known to be exactly zero on all of the box."""
        return all(map(is_zero, self.coefficients))

    @property
    def unbounded(self) -> bool:
        """Whether nothing but a range is known, with an infinite end."""
        start = self.coefficients[0]
        return isinstance(start, Interval) and not (start.lower.is_finite() and start.upper.is_finite())

    def _lifted(self, other: "TaylorForm | Fraction | int | Algebraic") -> "TaylorForm":
        number = rational(other) if isinstance(other, Fraction | int) else other
        return number if isinstance(number, TaylorForm) else constant(number, self.domain)


def composed(form: TaylorForm, function: Callable[[Value], Value], slope: Callable[[Value], Value]) -> TaylorForm:
    """Return a function of a form, from what it and its derivative make of values (mean value theorem)."""
    start, *slopes = form.coefficients
    values = form.range
    try:
        steepness, value = slope(union([start, values])), function(start)
    except (InputError, CannotAnswerError):
        # Not smooth between the centre and the values: the range is left.
        return constant(function(values), form.domain)
    change = TaylorForm((rational(0), *slopes), form.domain)
    return constant(steepness, form.domain) * change + constant(value, form.domain)


def constant(value: Value, domain: Box) -> TaylorForm:
    """Return the form of a number."""
    return TaylorForm((value, *[ZERO] * len(domain.centre)), domain)


def signs_of(form: TaylorForm) -> frozenset[int]:
    """Return the signs that a form can have on its box."""
    values = form.range
    if form.vanishes:
        return frozenset({0})
    possible = {-1: values.lower < 0, 0: values.lower <= 0 <= values.upper, 1: values.upper > 0}
    return frozenset(sign for sign, can in possible.items() if can)


def is_zero(value: Value) -> bool:
    """Whether a coefficient is known to be exactly zero."""
    if isinstance(value, Interval):
        return bool(value.lower == 0 and value.upper == 0)
    try:
        return value.sign == 0
    except CannotAnswerError:
        return False


def is_rational_zero(value: Value) -> bool:
    """Whether a coefficient is the rational number 0."""
    return isinstance(value, Algebraic) and value.value == 0


def union(values: Sequence[Value]) -> Value:
    """Return an interval around several coefficients, or the number that they all are."""
    first, *others = values
    if all(isinstance(value, Algebraic) and is_zero(apply("-", [first, value])) for value in others):
        return first
    intervals = [as_interval(value) for value in values]
    least = reduce(lambda a, b: a if a <= b else b, (part.lower for part in intervals))
    most = reduce(lambda a, b: a if a >= b else b, (part.upper for part in intervals))
    return Interval(least, most, min(part.level for part in intervals))


def _width(form: TaylorForm) -> float:
    """About how far its values are apart."""
    values = form.range
    width = float(values.upper - values.lower)
    return math.inf if math.isnan(width) else width


def _middle(form: TaylorForm) -> Value:
    """The mean of the value at the centre and that anywhere else."""
    start = form.coefficients[0]
    if all(map(is_rational_zero, form.coefficients[1:])):
        return start
    return _multiply(rational(Fraction(1, 2)), _add(start, form.range))


def _add(left: Value, right: Value) -> Value:
    if is_rational_zero(left):
        return right
    return left if is_rational_zero(right) else apply("+", [left, right])


def _multiply(left: Value, right: Value) -> Value:
    return ZERO if is_rational_zero(left) or is_rational_zero(right) else apply("*", [left, right])
