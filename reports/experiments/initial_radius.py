"""The initial radius over four orders of magnitude, in search of one beyond which EM diverges or slows down."""

from fractions import Fraction

import numpy as np

from emtheory.numerics.case import make_case
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.observed_contraction import decay_factor
from emtheory.numerics.samples.sample_em import make_sample, sample_em
from emtheory.reports.render.panels import Curve, Panel, estimate_curve
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, theory

_WEIGHTS = "1/2,1/4,1/8,1/8"
_RADII = tuple(Fraction(2) ** power for power in range(-2, 11, 2))
"""From 1/4 to 1024, each four times the one before."""
_N = 50_000
"""Points of a sample. A choice: intervals shrink like 1/√n, time grows like n."""
_SEEDS = range(8)
"""Of independent samples. A choice: eight give an interval, and of fewer Student's is much wider."""
_NEAR = 0.05
"""Radius that counts as near the origin: above 0.024, the root mean square of ‖θ̂‖ at which EM ends on such samples."""


def run() -> Findings:
    """Run EM from radii over four orders of magnitude."""
    samples = [make_sample(gaussian_sample(_N, 3, seed), 3) for seed in _SEEDS]
    cases = [make_case(4, _WEIGHTS, 3, radius) for radius in _RADII]
    paths = [[sample_em(case, sample, 300, 1e-3 / np.sqrt(_N)) for sample in samples] for case in cases]
    factors = [student([decay_factor(path) for path in row], _SEEDS) for row in paths]
    firsts = [student([float(path.radii[1]) for path in row], _SEEDS) for row in paths]
    risen = max(float(np.diff(path.kl).max()) for row in paths for path in row)
    steps = [student([float(np.count_nonzero(path.radii >= _NEAR)) for path in row], _SEEDS) for row in paths]
    predicted, lloyd = theory("contraction_factor", cases[0]), theory("lloyd_radius", cases[0])
    x = np.array([float(radius) for radius in _RADII])
    comparisons = (
        *(
            Comparison(f"from radius {radius} EM contracts at 1 − min |π̂ₘ|² in the end", predicted, factor)
            for radius, factor in zip(_RADII, factors, strict=True)
        ),
        Comparison(f"the first step from radius {_RADII[-1]} leads to Lloyd's radius R₀", lloyd, firsts[-1]),
        Comparison("the first step from radius 1 leads to R₀", lloyd, firsts[1], "refuted"),
    )
    table = Table(
        f"k = 4, weights {_WEIGHTS}, n = {_N}",
        ("start", "after one step", f"steps to radius {_NEAR}", "factor"),
        tuple(zip(x.tolist(), firsts, steps, factors, strict=True)),
    )
    panels = (
        Panel(
            "Contraction factor in the end, from different radii",
            "initial radius",
            "factor",
            (
                estimate_curve("observed", x, factors),
                Curve("predicted", x, np.full(len(x), float(predicted.midpoint)), predicted=True, colour=1),
            ),
            ("log", "linear"),
        ),
        Panel(
            f"Iterations until the radius is below {_NEAR}",
            "initial radius",
            "iterations",
            (estimate_curve("observed", x, steps),),
            ("log", "linear"),
        ),
    )
    notes = (
        "There is no threshold: one step leads from any radius to at most about R₀, and KL never rises "
        f"(its largest change in a step is {risen:.1g}).",
    )
    return Findings(comparisons, (table,), panels, notes)


EXPERIMENT = Experiment("Is there an initial radius beyond which EM diverges?", "First 3 experiments, 3", run)
