"""Taylor forms: a function of the radius on a cell, as a polynomial whose coefficients are numbers or intervals.

With h = radius − centre the form C_0, …, C_n says that f(h) ∈ C_0 + C_1 h + … + C_n hⁿ for every h of the domain: for
each h there are numbers in the intervals C_i with which equality holds. Exact coefficients stay exact, so that it is
known of a leading coefficient at the origin that it vanishes; then the next one tells the sign nearby.

On a box of n variables the form is of first order, and C_1, …, C_n belong to the variables: f(h) ∈ C_0 + Σ_i C_i h_i.

Everything here works at Arb's precision in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import flint

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import Value, apply, as_interval
from emtheory.numerics.level import Level

ZERO = rational(0)


@dataclass(frozen=True)
class Domain:
    """Where forms are valid.

    Attributes
    ----------
    centre
        The radius at h = 0.
    lower, upper
        Range of h.
    order
        The n that forms start with.
    punctured
        Whether h > 0 throughout, so that common powers of h may be cancelled.
    """

    centre: Fraction
    lower: Fraction
    upper: Fraction
    order: int
    punctured: bool

    @property
    def range(self) -> Interval:
        """The values of h."""
        return Interval(_arb(self.lower).lower(), _arb(self.upper).upper(), Level.EXACT)


@dataclass(frozen=True)
class Box:
    """Where forms in several variables are valid.

    Attributes
    ----------
    centre
        The variables at h = 0.
    half_widths
        Each h_i ranges over [−half_widths[i], half_widths[i]].
    """

    centre: tuple[Fraction, ...]
    half_widths: tuple[Fraction, ...]

    punctured = False

    @property
    def order(self) -> int:
        """The number of coefficients that forms have after C_0."""
        return len(self.centre)


@dataclass(frozen=True)
class TaylorForm:
    """C_0, …, C_n on a domain."""

    coefficients: tuple[Value, ...]
    domain: Domain | Box

    def __add__(self, other: "TaylorForm | Fraction | int") -> "TaylorForm":
        left, right = _aligned(self, other)
        pairs = zip(left.coefficients, right.coefficients, strict=True)
        return TaylorForm(tuple(_add(a, b) for a, b in pairs), self.domain)

    __radd__ = __add__

    def __neg__(self) -> "TaylorForm":
        return TaylorForm(tuple(apply("neg", [value]) for value in self.coefficients), self.domain)

    def __rsub__(self, other: "TaylorForm | Fraction | int") -> "TaylorForm":
        return -self + other

    def __sub__(self, other: "TaylorForm | Fraction | int") -> "TaylorForm":
        return self + (-other)

    def __mul__(self, other: "TaylorForm | Fraction | int | Algebraic") -> "TaylorForm":
        left, right = _aligned(self, other)
        if left.unbounded or right.unbounded:
            return constant(hull(left) * hull(right), self.domain)
        if isinstance(self.domain, Box):
            return _product_on_box(left, right)
        products: list[Value] = [ZERO] * (2 * len(left.coefficients) - 1)
        for i, a in enumerate(left.coefficients):
            for j, b in enumerate(right.coefficients):
                products[i + j] = _add(products[i + j], _multiply(a, b))
        return truncated(TaylorForm(tuple(products), self.domain), len(left.coefficients) - 1)

    __rmul__ = __mul__

    def __truediv__(self, other: int) -> "TaylorForm":
        return self * Fraction(1, other)

    def __pow__(self, exponent: int) -> "TaylorForm":
        return reduce(lambda power, bit: power * power * (self if bit == "1" else 1), bin(exponent)[3:], self)

    @property
    def order(self) -> int:
        """The degree up to which it is a Taylor polynomial."""
        return 1 if isinstance(self.domain, Box) else len(self.coefficients) - 1

    @property
    def valuation(self) -> int:
        """The number of leading coefficients that are exactly zero."""
        count = (index for index, value in enumerate(self.coefficients) if not is_zero(value))
        return next(count, len(self.coefficients))

    @property
    def unbounded(self) -> bool:
        """Whether nothing but a range is known, with an infinite end."""
        start = self.coefficients[0]
        return isinstance(start, Interval) and not (start.lower.is_finite() and start.upper.is_finite())


def constant(value: Value, domain: Domain | Box) -> TaylorForm:
    """Return the form of a number."""
    return TaylorForm((value, *[ZERO] * domain.order), domain)


def hull(form: TaylorForm) -> Interval:
    """Return an interval around all values of a form; what is linear with rational coefficients has its exact ends."""
    if isinstance(form.domain, Box):
        return _hull_on_box(form, form.domain)
    start, *others = (value.value if isinstance(value, Algebraic) else None for value in form.coefficients)
    slope = others[0] if others else Fraction(0)
    if start is not None and slope is not None and not any(value is None or value for value in others[1:]):
        ends = sorted(start + slope * h for h in (form.domain.lower, form.domain.upper))
        return Interval(_arb(ends[0]).lower(), _arb(ends[1]).upper(), Level.EXACT)
    h = form.domain.range
    *lower_terms, total = (as_interval(value) for value in form.coefficients)
    for term in reversed(lower_terms):
        total = total * h + term
    return total


def truncated(form: TaylorForm, order: int) -> TaylorForm:
    """Return a form of at most the given order: what is beyond goes into the last coefficient."""
    if len(form.coefficients) <= order + 1 or all(map(is_rational_zero, form.coefficients[order + 1 :])):
        return TaylorForm(form.coefficients[: order + 1], form.domain)
    tail = hull(TaylorForm(form.coefficients[order:], form.domain))
    return TaylorForm((*form.coefficients[:order], tail), form.domain)


def shifted(form: TaylorForm, power: int) -> TaylorForm:
    """Multiply by h^power; a negative power needs that many zero coefficients and a punctured domain."""
    if power < 0:
        return TaylorForm(form.coefficients[-power:], form.domain)
    return truncated(TaylorForm((ZERO,) * power + form.coefficients, form.domain), form.domain.order)


@dataclass(frozen=True)
class Leading:
    """A form as h^power times values in `quotient`, with the signs that it can have on its domain."""

    power: int
    quotient: Interval
    signs: frozenset[int]


def leading(form: TaylorForm) -> Leading:
    """Cancel the powers of h that exact zeros allow, and tell the possible signs."""
    power = form.valuation
    if power == len(form.coefficients):
        return Leading(0, as_interval(ZERO), frozenset({0}))
    power = power if form.domain.punctured else 0
    quotient = hull(shifted(form, -power))
    possible = {-1: quotient.lower < 0, 0: quotient.lower <= 0 <= quotient.upper, 1: quotient.upper > 0}
    return Leading(power, quotient, frozenset(sign for sign, can in possible.items() if can))


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


def _hull_on_box(form: TaylorForm, box: Box) -> Interval:
    rational_values = [value.value for value in form.coefficients if isinstance(value, Algebraic)]
    known = [value for value in rational_values if value is not None]
    if len(known) == len(form.coefficients):
        reach = sum((abs(slope) * half for slope, half in zip(known[1:], box.half_widths, strict=True)), Fraction(0))
        return Interval(_arb(known[0] - reach).lower(), _arb(known[0] + reach).upper(), Level.EXACT)
    start, *slopes = map(as_interval, form.coefficients)
    for slope, half in zip(slopes, box.half_widths, strict=True):
        if half == 0:
            continue
        reach_of_one = slope.upper.max(-slope.lower) * _arb(half)
        start = start + Interval((-reach_of_one).lower(), reach_of_one.upper(), slope.level)
    return start


def _product_on_box(left: TaylorForm, right: TaylorForm) -> TaylorForm:
    """fg − f_0g_0 is the mean of (f − f_0)(g + g_0) and (g − g_0)(f + f_0)."""
    f_0, *f_slopes = left.coefficients
    g_0, *g_slopes = right.coefficients
    f_mean, g_mean = (_middle(form) for form in (left, right))
    slopes = (_add(_multiply(a, g_mean), _multiply(b, f_mean)) for a, b in zip(f_slopes, g_slopes, strict=True))
    return TaylorForm((_multiply(f_0, g_0), *slopes), left.domain)


def _middle(form: TaylorForm) -> Value:
    """The mean of the value at the centre and that anywhere else."""
    start = form.coefficients[0]
    if all(map(is_rational_zero, form.coefficients[1:])):
        return start
    return _multiply(rational(Fraction(1, 2)), _add(start, hull(form)))


def _aligned(left: TaylorForm, other: "TaylorForm | Fraction | int | Algebraic") -> tuple[TaylorForm, TaylorForm]:
    number = rational(other) if isinstance(other, Fraction | int) else other
    right = number if isinstance(number, TaylorForm) else constant(number, left.domain)
    order = min(len(left.coefficients), len(right.coefficients)) - 1
    return truncated(left, order), truncated(right, order)


def _add(left: Value, right: Value) -> Value:
    if is_rational_zero(left):
        return right
    return left if is_rational_zero(right) else apply("+", [left, right])


def _multiply(left: Value, right: Value) -> Value:
    return ZERO if is_rational_zero(left) or is_rational_zero(right) else apply("*", [left, right])


def _arb(value: Fraction) -> flint.arb:
    return flint.arb(to_fmpq(value))
