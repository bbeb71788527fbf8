"""A box of several variables cut into windows on which the models of its functions are short."""

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.boxes.interpolation import largest_near_zero
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.boxes.cell import Sides, halves
from emtheory.reports.decide.boxes.family_forms import FamilyProblem
from emtheory.reports.decide.boxes.forms import BoxProblem, ratio_range
from emtheory.reports.decide.boxes.tuning import TUNING
from emtheory.reports.decide.boxes.vanishing import NARROWEST, NEAR, Vanishing, range_over, vanishing, window_width
from emtheory.reports.decide.edges.heavy_edge import edge_width, heavy_parameter
from emtheory.reports.language.expression import AMPLITUDE
from emtheory.reports.language.varying_weights import WeightChart

_BITS = 64
"""Of what windows are chosen with."""


def windows(problem: BoxProblem | FamilyProblem, whole: Sides, digits: int) -> Iterator[Sides]:
    """Cut a box into windows on which models are short."""
    if isinstance(problem, FamilyProblem):
        yield whole
        return
    accuracy = digits * math.log(10)
    pieces: list[list[Sides]] = []
    total = sum((ends[1] ** 2 for name, ends in whole.items() if name.startswith(AMPLITUDE)), Fraction(0))
    total += sum((amplitude**2 for amplitude in problem.case.amplitudes or ()), Fraction(0))
    amplitudes = [name for name in whole if name == "radius" or name.startswith(AMPLITUDE)]
    widest = TUNING.radius_ratio_alone if amplitudes == ["radius"] == list(whole) else TUNING.radius_ratio
    for name in amplitudes:
        index = 0 if name == "radius" else int(name.removeprefix(AMPLITUDE)) - 1
        with arb_precision(_BITS):
            near = (
                largest_near_zero(problem.mixture, problem.functions, index, accuracy, total)
                if problem.functions
                else None
            )
        ratio = min(widest, math.exp(TUNING.spread / math.sqrt(problem.case.k - 1) / 2))
        pieces.append([{name: ends} for ends in _point_windows(*whole[name], near, ratio)])
    weights = {name: whole[name] for name in problem.question.parameters if name in whole}
    others = {name: ends for name, ends in whole.items() if name not in (*amplitudes, *weights)}
    for parts in product(*pieces):
        joined = {name: ends for part in parts for name, ends in part.items()} | others
        radius = joined["radius"][1] if "radius" in joined else problem.case.radius or Fraction(0)
        for window in _weight_windows(problem, weights, radius) if weights else [{}]:
            yield {name: {**joined, **window}[name] for name in whole}


def _point_windows(
    lower: Fraction, upper: Fraction, near: Fraction | None, ratio: float
) -> Iterator[tuple[Fraction, Fraction]]:
    """Intervals of radii: one up to `near`, from there on in a geometric sequence; one only if nothing is modelled."""
    if near is None or upper <= near:
        yield lower, upper
        return
    if lower < near:
        yield lower, near
        lower = near
    # As many as needed, of about the same ratio.
    count = math.ceil(math.log(upper / lower) / math.log(ratio)) if upper > lower else 1
    ends = [lower, *(_rounded(float(lower) * float(upper / lower) ** (i / count)) for i in range(1, count)), upper]
    yield from pairwise(ends)


def _rounded(radius: float) -> Fraction:
    """A dyadic number of eight binary digits nearby."""
    exponent = math.frexp(radius)[1] - 8
    return Fraction(round(math.ldexp(radius, -exponent))) * Fraction(2) ** exponent


def _weight_windows(problem: BoxProblem, sides: Sides, radius: Fraction) -> Iterator[Sides]:
    """Bisect a box of weights until every log-ratio varies little, or where weights vanish up to a width there."""
    spread, vanish = _spread(problem, sides, radius)
    single = vanish is not None and len(sides) == 1
    smallest = _edge(problem, sides, radius) if single else TUNING.smallest_window
    name = max(sides, key=lambda each: sides[each][1] - sides[each][0])
    if vanish is not None and not single and vanish.is_along_sides:
        smallest = NARROWEST
        spreads = {each: sum(_spread(problem, half, radius)[0] for half in halves(sides, each)) for each in sides}
        name = min(sides, key=lambda each: spreads[each])
    lower, upper = sides[name]
    if (spread <= 1 and not single) or upper - lower <= smallest:
        yield sides
        return
    for half in halves(sides, name):
        yield from _weight_windows(problem, half, radius)


def _spread(problem: BoxProblem, sides: Sides, radius: Fraction) -> tuple[float, Vanishing | None]:
    """How wide a window is for its models, at most 1 if it is narrow enough; and what weights vanish on it."""
    chart, k = problem.chart if problem.functions else None, problem.case.k
    with arb_precision(_BITS):
        if chart and _is_outside(chart, k, sides):
            return 0.0, None
        vanish = None if problem.amplitudes else vanishing(chart, k, sides)
        mixture, excess = problem.mixture, 0.0
        if vanish is not None:
            chart, mixture = vanish.chart, replace(mixture, exponents=vanish.chart.exponents)
            excess = max(0.0, 1 + float((vanish.probability(to_arb(radius)) / to_fmpq(NEAR)).log()))
        ratios = chart.ratios if chart else ()
        try:
            widths = [
                (upper - lower) * float(mixture.half_range(i))
                for i, (lower, upper) in enumerate(ratio_range(problem, ratio, sides) for ratio in ratios)
            ]
        except (CannotAnswerError, InputError):  # Where assumptions cut the box, the weights may be none.
            widths = [math.inf]
    return max(2 * max(widths, default=0.0) / TUNING.log_ratio, excess), vanish


def _is_outside(chart: WeightChart, k: int, sides: Sides) -> bool:
    """Whether a weight is not positive anywhere on a box, of which assumptions leave nothing then."""
    try:
        return any(range_over(weight, k, sides).upper <= 0 for weight in set(chart.weights))
    except (CannotAnswerError, InputError):
        return False


def _edge(problem: BoxProblem, sides: Sides, radius: Fraction) -> Fraction:
    """The width of a window at which weights vanish."""
    heavy = heavy_parameter(problem.question.weights, problem.case.k)
    near = edge_width(problem.case.k, radius) if heavy is not None and sides[heavy][1] == 1 else None
    return window_width(problem.case.k, radius) if near is None else near
