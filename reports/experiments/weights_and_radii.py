"""The rate over weights and initial radii."""

from fractions import Fraction

import numpy as np

from numerics.case import make_case
from numerics.contraction import decay_factor
from numerics.estimate import Estimate, student
from numerics.laws import gaussian_sample
from numerics.sample_em import make_sample, sample_em
from reports.experiment import Comparison, Experiment, Findings, Table, theory
from reports.panels import Curve, Panel, estimate_curve

_GRID = (
    (2, "3/4,1/4"),
    (2, "11/20,9/20"),
    (3, "1/2,3/10,1/5"),
    (3, "one-heavy:2/3"),
    (3, "one-heavy:9/10"),
    (4, "linear"),
    (5, "geometric:1/2"),
    (7, "difference-set:3/4"),
    (16, "one-heavy:3/5"),
)
_RADII = (Fraction(1, 2), Fraction(2), Fraction(8))
_N = 20_000
_SEEDS = range(8)
_ITERATIONS = 2000


def _observed(k: int, weights: str, radius: Fraction) -> Estimate:
    case = make_case(k, weights, radius=radius)
    samples = (make_sample(gaussian_sample(_N, case.d, seed), case.d) for seed in _SEEDS)
    return student(
        [decay_factor(sample_em(case, sample, _ITERATIONS, 1e-3 / np.sqrt(_N))) for sample in samples], _SEEDS
    )


def run() -> Findings:
    """Observe the contraction factor on a grid of weights and radii."""
    predictions = [theory("contraction_factor", make_case(k, weights)) for k, weights in _GRID]
    observed = [[_observed(k, weights, radius) for radius in _RADII] for k, weights in _GRID]
    comparisons, rows = [], []
    for (k, weights), predicted, estimates in zip(_GRID, predictions, observed, strict=True):
        for radius, estimate in zip(_RADII, estimates, strict=True):
            comparisons.append(Comparison(f"factor at k = {k}, {weights}, from radius {radius}", predicted, estimate))
            rows.append(
                (
                    float(k),
                    weights,
                    float(radius),
                    float(predicted.midpoint),
                    estimate.value,
                    estimate.low,
                    estimate.high,
                )
            )
    comparisons.append(
        Comparison("factor of k = 3, 1/2,3/10,1/5 at one-heavy:2/3", predictions[2], observed[3][0], "refuted")
    )
    exact = np.array([float(predicted.midpoint) for predicted in predictions])
    curves = [
        estimate_curve(f"from radius {radius}", exact, [row[column] for row in observed], colour=column)
        for column, radius in enumerate(_RADII)
    ]
    line = np.array([0.0, 1.0])
    return Findings(
        tuple(comparisons),
        (
            Table(
                f"n = {_N}, {len(_SEEDS)} samples",
                ("k", "weights", "radius", "predicted", "observed", "low", "high"),
                tuple(rows),
            ),
        ),
        (
            Panel(
                "Contraction factors over weights and radii",
                "predicted factor",
                "observed factor",
                (*curves, Curve("equal", line, line, predicted=True, colour=3)),
            ),
        ),
        (
            "The same samples serve all radii and weights of one dimension.",
            "The boundary of exponential convergence is a vanishing π̂_m, not a radius.",
        ),
    )


EXPERIMENT = Experiment("How does the rate depend on weights and initial radius?", "Next checks, 1", run)
