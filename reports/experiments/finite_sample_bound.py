"""The finite-sample theorem against samples: how often EM ends beyond the bound, and how far that is from sharp."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import flint
import numpy as np

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.sample_theorem import ball_bound, ball_constants
from emtheory.numerics.sample_theorem.choices import DIVISORS, SHARES, Question
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import Estimate, frequency, quantile
from emtheory.numerics.samples.finite_sample import stationary_point
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.render.panels import Curve, Panel, estimate_curve
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, computed, theory

_DELTAS = (Fraction(1, 20), Fraction(3, 10))
"""δ of the frequencies: one that is usual, and one that a frequency tells from less."""
_SETTINGS = (
    (2, "one-heavy:19/20", 500),
    (2, "one-heavy:4/5", 5000),
    (3, "one-heavy:97/100", 500),
    (3, "one-heavy:4/5", 5000),
    (5, "one-heavy:99/100", 500),
    (5, "one-heavy:9/10", 5000),
)
"""k, weights and n: for 500 points the theorem speaks only if nearly all the weight is on one mean."""
_COVERAGE_SEEDS = range(2000)
"""Of the samples whose frequencies are counted."""
_WRONG = Fraction(3, 4)
"""Of the tail of χ², a wrong constant: for d = 2 the probability of more is 0.05^{3/4} = 0.11 in place of 0.05, and
0.41 in place of 0.3, which 2000 samples tell."""
_RADIUS = Fraction(1, 20)
"""Of the ball of the starts: within the inner ball of all settings but the last weights' of the figure."""
_WEIGHTS, _DELTA = "one-heavy:4/5", Fraction(1, 20)
"""Of the quantiles: the theorem speaks from 4,017 points on."""
_SIZES = (5000, 10_000, 40_000, 160_000)
"""Numbers of points from the threshold to where the bound is near."""
_DIMENSIONS = (2, 4, 8, 16)
"""From k − 1 to what 400 samples can afford, …"""
_DIMENSION_SIZE = 40_000
"""… at this number of points."""
_SEEDS = range(5000, 5400)
"""Of the samples for quantiles; 400 are enough for an interval of the 95 % quantile at 99.9 %."""


def _norms(case: Case, n: int, seeds: range) -> tuple[FloatArray, FloatArray]:
    """‖θ̂‖ and n‖x̄‖² for each seed."""
    start, norms, means = case.at_radius(_RADIUS), [], []
    for seed in seeds:
        sample = make_sample(gaussian_sample(n, case.d, seed), case.d)
        norms.append(float(np.linalg.norm(stationary_point(start, sample))))
        means.append(n * float(np.sum(sample.points.mean(axis=0) ** 2)))
    return np.array(norms), np.array(means)


def _bound(case: Case, n: int, delta: Fraction = _DELTA) -> Enclosure:
    return theory("sample_error_bound", case, n=Fraction(n), delta=delta, radius=_RADIUS)


def _at_most(delta: Fraction) -> Enclosure:
    return Enclosure(Fraction(0), delta, Level.CERTIFIED, "ball")


def _coverage() -> Iterator[tuple[Comparison, tuple[str | float | Estimate, ...]]]:
    """Yield each comparison with a row of the table."""
    for k, weights, n in _SETTINGS:
        case = make_case(k, weights)
        norms, means = _norms(case, n, _COVERAGE_SEEDS)
        for delta in _DELTAS:
            bound = float(_bound(case, n, delta).upper)
            where = f"k = {k}, n = {n}, δ = {float(delta)}, {weights}"
            beyond = frequency(int(np.count_nonzero(norms > bound)), _COVERAGE_SEEDS)
            row = (float(k), weights, float(n), float(delta), bound, beyond)
            yield (
                Comparison(f"‖θ̂‖ exceeds the bound with a frequency of at most δ: {where}", _at_most(delta), beyond),
                row,
            )
            with arb_precision(64):
                tail = float(ball_constants.chi_square_tail(case.d, delta).mid())
            over = frequency(int(np.count_nonzero(means > float(_WRONG) * tail)), _COVERAGE_SEEDS)
            statement = f"n‖x̄‖² exceeds 3/4 of the δ-tail of χ² with a frequency of at most δ: {where}"
            yield Comparison(statement, _at_most(delta), over, "refuted"), ()


def _root(known: ball_constants.Spectrum, numbers: ball_constants.Constants) -> flint.arb:
    """Return the bound on ‖θ̂‖ that follows from the constants."""
    goal = known.smallest.sqrt() * numbers.mean
    return ball_constants.increasing_root(
        lambda r: ball_constants.margin(known, numbers, r) - goal, flint.arb(0), numbers.ball
    )


def losses(case: Case, n: int) -> tuple[tuple[str, float, float], ...]:
    """Return the bound at n with one more of its parts at a time, and its ratio to normal theory."""
    question = Question(case, n, _DELTA, _RADIUS)
    with arb_precision(64):
        known = ball_bound.spectrum(question)
        tail = ball_constants.chi_square_tail(case.d, question.share("mean"))
        found = [ball_constants.constants(question, known, tail, divisor) for divisor in DIVISORS]
        numbers = next(one for one in reversed(found) if ball_constants.lipschitz(known, one, one.ball) < 1)
        sigma, zero = known.smallest.sqrt(), flint.arb(0)
        normal = (ball_constants.chi_square_tail(case.d, _DELTA) / n).sqrt() / sigma
        whole = replace(numbers, spread=flint.arb(1), third=zero, growth=zero)
        parts = (
            (f"{SHARES['mean']} of δ for it", whole),
            ("largest eigenvalue of the second moments", whole := replace(whole, spread=numbers.spread)),
            ("third cumulants", whole := replace(whole, third=numbers.third)),
            ("growth of the curvature", replace(whole, growth=numbers.growth)),
        )
        stages = [("tail of the mean's law, all of δ", normal), *((name, _root(known, part)) for name, part in parts)]
        return tuple((name, float(root.mid()), float((root / normal).mid())) for name, root in stages)


@dataclass(frozen=True)
class Point:
    """Bound and samples for one n and d: what varies, the bound, its limit for all of δ, the observed quantile."""

    by: str
    n: int
    d: int
    bound: float
    tail: float
    observed: Estimate


def quantile_points(sizes: Sequence[int], dimensions: Sequence[int], n: int, seeds: range) -> tuple[Point, ...]:
    """Hold the bound against the 95 % quantile of ‖θ̂‖ over 300 seeds or more: sizes at d = 2, dimensions at n."""
    wanted = (*(("n", size, 2) for size in sizes), *(("d", n, d) for d in dimensions))
    return tuple(_point(by, n, make_case(3, _WEIGHTS, d), seeds) for by, n, d in wanted)


def _point(by: str, n: int, case: Case, seeds: range) -> Point:
    with arb_precision(64):
        tail = float(ball_constants.chi_square_tail(case.d, _DELTA).mid())
    limit = math.sqrt(tail / n / float(theory("spectral_gap", case).midpoint))
    observed = quantile(_norms(case, n, seeds)[0].tolist(), 1 - float(_DELTA), seeds)
    return Point(by, n, case.d, float(_bound(case, n).upper), limit, observed)


def quantile_panels(points: Sequence[Point]) -> tuple[Panel, ...]:
    """Draw the bound, its limit √q/(σ√n), and the observed quantile against n and against d."""
    return tuple(_panel(by, [point for point in points if point.by == by]) for by in ("n", "d"))


def _panel(by: str, points: Sequence[Point]) -> Panel:
    x = np.array([float(point.n if by == "n" else point.d) for point in points])
    return Panel(
        f"Where EM on samples ends: bound and 95 % quantile against {by}",
        by,
        "‖θ̂‖",
        (
            Curve(
                "proved bound, δ = 0.05, and its ratio to what is observed",
                x,
                np.array([point.bound for point in points]),
                predicted=True,
                colour=1,
                notes=tuple(f"{point.bound / point.observed.value:.2f}" for point in points),
            ),
            Curve("tail of χ², over σ√n", x, np.array([point.tail for point in points]), predicted=True),
            estimate_curve("observed 95 % quantile", x, [point.observed for point in points]),
        ),
        ("log", "log"),
    )


def _within(point: Point) -> Comparison:
    third = Enclosure(Fraction(point.bound) / 3, Fraction(point.bound), Level.CERTIFIED, "ball")
    where = f"n = {point.n}, d = {point.d}"
    return Comparison(f"the 95 % quantile is between 1/3 of the bound and it, {where}", third, point.observed)


def run() -> Findings:
    """Count how often EM ends beyond the bound, and hold the bound against quantiles."""
    covered = list(_coverage())
    found = quantile_points(_SIZES, _DIMENSIONS, _DIMENSION_SIZE, _SEEDS)
    control = found[1]
    comparisons = (
        *(comparison for comparison, _ in covered),
        *map(_within, found),
        Comparison(
            f"the 95 % quantile is the bound, n = {control.n}, d = {control.d}",
            computed(control.bound),
            control.observed,
            "refuted",
        ),
    )
    tables = (
        Table(
            f"how often ‖θ̂‖ is beyond the bound, {len(_COVERAGE_SEEDS)} samples each",
            ("k", "weights", "n", "δ", "bound", "frequency"),
            tuple(row for _, row in covered if row),
        ),
        Table(
            f"k = 3, {_WEIGHTS}, δ = {float(_DELTA)}: bound and observed 95 % quantile of ‖θ̂‖",
            ("n", "d", "bound", "quantile", "ratio"),
            tuple((float(p.n), float(p.d), p.bound, p.observed, p.bound / p.observed.value) for p in found),
        ),
        Table(
            f"what each step of the theorem costs at n = {_SIZES[1]}, d = 2",
            ("with", "bound", "times normal theory"),
            losses(make_case(3, _WEIGHTS), _SIZES[1]),
        ),
    )
    return Findings(
        comparisons,
        tables,
        quantile_panels(found),
        ("A frequency has the interval of Clopper and Pearson, a quantile that of order statistics.",),
    )


EXPERIMENT = Experiment(
    "Does EM on samples end within the proved bound, and how near to it?", "Finite-sample theorem", run
)
