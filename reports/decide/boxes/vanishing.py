"""A box on which a weight, or several together, may be as small as one likes: where these tend to 0.

There these weights have no log-ratio. Functions of the posterior differ from those where these weights are largest by
no more than a multiple of the posterior probability of the small weights there, which tends to 0 with them
(docs/error-bounds.md, section 13).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import Value, as_interval
from emtheory.numerics.intervals.point_forms import BasicFunction
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import Sides
from emtheory.reports.decide.point import combine
from emtheory.reports.language.expression import Call, Expression, Operation, Symbol, subexpressions
from emtheory.reports.language.varying_weights import WeightChart

_OF_POWERS, _OF_COUPLINGS = 4, 104
"""By how much more than the posterior probability of the small weights a function may differ, if these are all alike;
else twice as much."""
NEAR = Fraction(1, 2**10)
"""That probability at most, in windows at the end that are wide enough."""
_WIDEST, _DIGITS = 7, 96
"""Binary digits of the width of the widest and the narrowest window there."""
NARROWEST = Fraction(1, 2**_DIGITS)
"""The width of the narrowest."""
_EVERYTHING = Fraction(1, 2)
"""Of a difference: from there on the range of β_m says more."""


@dataclass(frozen=True)
class Vanishing:
    """Weights of some components that tend to 0, while those of the others do not.

    `chart`: how weights vary, with ratios of those that stay to one of these; `small`, `constants`: the weights that
    vanish, and a log-ratio for each where it is largest; `log_odds`: log of the sum of the small weights over that of
    the others, there; `count`: how many small weights there are; `components`: k.
    """

    chart: WeightChart
    small: tuple[Expression, ...]
    constants: tuple[flint.arb, ...]
    log_odds: flint.arb
    count: int
    components: int

    def around(self, function: BasicFunction, form: TaylorForm, radius: TaylorForm) -> TaylorForm:
        """Return a form of a function on the whole box."""
        times = min(len(self.constants), 2)
        if len(function.frequencies) == 2:
            off = (times * _OF_COUPLINGS * self.probability(radius.range.upper)).upper()
            return form + constant(Interval(-off, off, Level.CERTIFIED), form.domain)
        off = (times * _OF_POWERS * self.probability(radius.range.upper)).upper()
        least = flint.arb(0) if self._rises else -off
        if off < to_arb(_EVERYTHING):
            return form + constant(Interval(least, off, Level.CERTIFIED), form.domain)
        lowest = (form.range.lower + least).max(flint.arb(0)).lower()
        return constant(Interval(lowest, flint.arb(1).max(lowest), Level.CERTIFIED), form.domain)

    @property
    def is_along_sides(self) -> bool:
        """Whether weights vanish on sides of the box, as each depends on one variable."""
        return all(len({part for part in subexpressions(each) if isinstance(part, Symbol)}) == 1 for each in self.small)

    def probability(self, radius: flint.arb) -> flint.arb:
        """Bound the mean posterior probability of the weights that vanish, for all radii up to one."""
        return small_probability(self.log_odds, self.count, self.components, radius)

    @property
    def _rises(self) -> bool:
        """Whether β_m is no smaller than at the end: of two components it rises as the weights become less alike."""
        return bool(self.components == 2 and self.log_odds <= 0)


def small_probability(log_odds: flint.arb, count: int, k: int, radius: flint.arb) -> flint.arb:
    """Bound the mean posterior of small weights up to a radius: |V|^{1−t} e^{t log-odds + t²s²}, t in [0, 1]."""
    spread, several = radius * radius * flint.fmpq(k, k - 1), flint.arb(count).log()
    best = float((several - log_odds).mid()) / max(2 * float(spread.mid()), math.ulp(1.0))
    t = flint.arb(min(1.0, max(0.0, best)))
    return ((1 - t) * several + t * log_odds + t * t * spread).exp()


def vanishing(chart: WeightChart | None, k: int, sides: Sides) -> Vanishing | None:
    """Return what vanishes on a box, if some weights may and others do not; None otherwise."""
    if chart is None:
        return None
    members = {weight: chart.weights.count(weight) for weight in chart.weights}
    try:
        ranges = {weight: range_over(weight, k, sides) for weight in members}
    except (CannotAnswerError, InputError):
        return None
    stay = [weight for weight, values in ranges.items() if values.lower > 0]
    small = [weight for weight in ranges if weight not in stay]
    if not small or not stay or not all(ranges[weight].upper > 0 for weight in small):
        return None
    base, *others = stay
    ratios = tuple(Operation("log", (weight / base,)) for weight in others)
    columns = [*others, *small]
    exponents = tuple(tuple(int(weight == column) for column in columns) for weight in chart.weights)
    constants = tuple((ranges[weight].upper / ranges[base].lower).log() for weight in small)
    # As multiples of that of the base, of which the others need not be as large as it may be.
    above = sum((members[weight] * ranges[weight].upper for weight in small), start=flint.arb(0)) / ranges[base].lower
    below = sum((members[weight] * ranges[weight].lower for weight in others), start=flint.arb(0)) / ranges[base].upper
    odds = above / (below + members[base])
    count = sum(members[weight] for weight in small)
    varying = WeightChart(chart.weights, ratios, exponents)
    return Vanishing(varying, tuple(small), constants, odds.log(), count, k)


def window_width(k: int, radius: Fraction) -> Fraction:
    """Return the width of a window where weights vanish on which what they add is small, or the narrowest."""
    largest = to_arb(radius)
    for digits in range(_WIDEST, _DIGITS):
        width = Fraction(1, 2**digits)
        odds = to_arb(k * width).log()
        # Of two components the bound from below is sharp for every radius.
        if (k == 2 and width <= NEAR) or small_probability(odds, k - 1, k, largest) <= to_arb(NEAR):
            return width
    return NARROWEST


def range_over(expression: Expression, k: int, sides: Sides) -> Interval:
    """Enclose an expression in the variables of the weights on a box."""

    def leaf(symbol: Symbol | Call) -> Value:
        if isinstance(symbol, Symbol) and symbol.name in sides:
            lower, upper = (as_interval(rational(end)) for end in sides[symbol.name])
            return Interval(lower.lower, upper.upper, Level.CERTIFIED)
        return rational(k)  # The only symbol in weights that is no variable.

    return as_interval(combine(expression, leaf))
