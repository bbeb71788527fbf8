"""A box on which a weight, or several together, may be as small as one likes: where these tend to 0.

There the weights have no log-ratio. Functions of the posterior differ from those at the other end of the box by no more
than a multiple of the posterior probability of the small weights there, which tends to 0 with them
(docs/error-bounds.md, section 13).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.basic_functions import BasicFunction
from emtheory.numerics.intervals.interval import Interval
from emtheory.numerics.intervals.operations import Value, as_interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, hull
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import Sides
from emtheory.reports.decide.boxes.weight_chart import WeightChart
from emtheory.reports.decide.evaluation import combine
from emtheory.reports.language.expression import Call, Expression, Number, Operation, Symbol

_OF_POWERS, _OF_COUPLINGS = 4, 104
"""By how much more than the posterior probability of the small weights a function may differ."""
_NEAR = Fraction(1, 2**10)
"""That probability at most, in windows at the end that are wide enough."""
_WIDEST, _NARROWEST = 7, 96
"""Binary digits of the width of the widest and the narrowest window there."""
_EVERYTHING = Fraction(1, 2)
"""Of a difference: from there on the range of β_m says more."""


@dataclass(frozen=True)
class Vanishing:
    """Weights of some components that tend to 0 together, while those of the others do not.

    Attributes
    ----------
    ratio
        The only log-ratio of weights at the other end of the box, where those that vanish are largest.
    log_odds
        log of the sum of the small weights over that of the others, there.
    count
        How many small weights there are.
    components
        k.
    """

    ratio: flint.arb
    log_odds: flint.arb
    count: int
    components: int

    def around(self, function: BasicFunction, form: TaylorForm, radius: TaylorForm) -> TaylorForm:
        """Return a form of a function on the whole box.

        Parameters
        ----------
        function
            One that is neither divided nor multiplied.
        form
            Its form at the end of the box.
        radius
            The form of the radius.
        """
        if len(function.frequencies) == 2:
            off = (_OF_COUPLINGS * self._probability(hull(radius).upper)).upper()
            return form + constant(Interval(-off, off, Level.CERTIFIED), form.domain)
        off = (_OF_POWERS * self._probability(hull(radius).upper)).upper()
        least = flint.arb(0) if self._rises else -off
        if off < flint.arb(to_fmpq(_EVERYTHING)):
            return form + constant(Interval(least, off, Level.CERTIFIED), form.domain)
        lowest = (hull(form).lower + least).max(flint.arb(0)).lower()
        return constant(Interval(lowest, flint.arb(1).max(lowest), Level.CERTIFIED), form.domain)

    def _probability(self, radius: flint.arb) -> flint.arb:
        return small_probability(self.log_odds, self.count, self.components, radius)

    @property
    def _rises(self) -> bool:
        """Whether β_m is no smaller than at the end: of two components it rises as the weights become less alike."""
        return bool(self.components == 2 and self.log_odds <= 0)


def small_probability(log_odds: flint.arb, count: int, k: int, radius: flint.arb) -> flint.arb:
    """Bound the mean posterior probability of small weights for all radii up to one.

    It is at most |V|^{1−t} e^{t log-odds + t²s²} for each t in [0, 1].

    Parameters
    ----------
    log_odds, count, k
        As of `Vanishing`: |V| and k are the numbers of small weights and of all.
    radius
        The largest.
    """
    spread, several = radius * radius * flint.fmpq(k, k - 1), flint.arb(count).log()
    best = float((several - log_odds).mid()) / max(2 * float(spread.mid()), math.ulp(1.0))
    t = flint.arb(min(1.0, max(0.0, best)))
    return ((1 - t) * several + t * log_odds + t * t * spread).exp()


def vanishing(chart: WeightChart | None, k: int, sides: Sides) -> Vanishing | None:
    """Return what vanishes on a box, if it is one of two groups of weights; None otherwise.

    Parameters
    ----------
    chart, k
        How weights vary, and their number.
    sides
        The box.
    """
    if chart is None or len(chart.ratios) != 1 or {row[0] for row in chart.exponents} != {0, 1}:
        return None
    (ratio,) = chart.ratios
    if not isinstance(ratio, Operation) or ratio.name != "log":
        return None
    above, below = _parts(ratio.operands[0])
    try:
        numerator, denominator = (range_over(each, k, sides) for each in (above, below))
    except (CannotAnswerError, InputError):
        return None
    ends = (numerator.lower > 0, denominator.lower > 0)
    if ends[0] == ends[1] or not (numerator.upper > 0 and denominator.upper > 0):
        return None
    ones = sum(row[0] for row in chart.exponents)
    if ends[1]:
        largest = (numerator.upper / denominator.lower).log()
        return Vanishing(largest, largest + flint.arb(flint.fmpq(ones, k - ones)).log(), ones, k)
    least = (numerator.lower / denominator.upper).log()
    return Vanishing(least, flint.arb(flint.fmpq(k - ones, ones)).log() - least, k - ones, k)


def window_width(k: int, radius: Fraction) -> Fraction:
    """Return the width of a window where weights vanish on which what they add is small, if it need not be too narrow.

    Parameters
    ----------
    k, radius
        The number of components, and the largest radius.
    """
    largest = flint.arb(to_fmpq(radius))
    for digits in range(_WIDEST, _NARROWEST):
        width = Fraction(1, 2**digits)
        odds = flint.arb(to_fmpq(k * width)).log()
        # Of two components the bound from below is sharp for every radius.
        if (k == 2 and width <= _NEAR) or small_probability(odds, k - 1, k, largest) <= flint.arb(to_fmpq(_NEAR)):
            return width
    return Fraction(1, 2**_NARROWEST)


def _parts(argument: Expression) -> tuple[Expression, Expression]:
    if isinstance(argument, Operation) and argument.name == "/":
        return argument.operands[0], argument.operands[1]
    return argument, Number(Fraction(1))


def range_over(expression: Expression, k: int, sides: Sides) -> Interval:
    """Enclose an expression in the variables of the weights on a box.

    Parameters
    ----------
    expression, k, sides
        The expression, the number of components, and the box.
    """

    def leaf(symbol: Symbol | Call) -> Value:
        if isinstance(symbol, Symbol) and symbol.name in sides:
            lower, upper = (as_interval(rational(end)) for end in sides[symbol.name])
            return Interval(lower.lower, upper.upper, Level.CERTIFIED)
        return rational(k)  # The only symbol in weights that is no variable.

    return as_interval(combine(expression, leaf))
