"""The Jacobian of EM on samples: its deviation from the population's falls as n^{−1/2}, with a known constant."""

from fractions import Fraction

import numpy as np

from emtheory.numerics.case import make_case
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import exponent, student
from emtheory.numerics.samples.finite_sample import jacobian_deviation, origin_jacobian, sample_jacobian
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.reports.render.panels import Curve, Panel, estimate_curve
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, computed, exact

_WEIGHTS = "1/2,1/4,1/8,1/8"
_SIZES = (250, 1000, 4000, 16_000)
"""Each four times the one before: a deviation ~ n^{−1/2} halves from one to the next."""
_SEEDS = range(128)
"""Of samples, sixteen groups: a squared deviation varies much, and its mean is compared with a constant."""
_GROUP = 8
"""Seeds whose squared deviations are averaged before the logarithm: that of a mean is nearer to normal, as Student's
interval supposes."""


def run() -> Findings:
    """Differentiate EM's operator numerically at the origin on many samples."""
    case = make_case(4, _WEIGHTS, 4)
    population = origin_jacobian(case, np.eye(case.d))
    squares = np.array(
        [
            [
                np.sum(
                    (
                        sample_jacobian(case, make_sample(gaussian_sample(n, case.d, seed), case.d), np.zeros(case.d))
                        - population
                    )
                    ** 2
                )
                for n in _SIZES
            ]
            for seed in _SEEDS
        ]
    )
    grouped = np.sqrt(squares.reshape(-1, _GROUP, len(_SIZES)).mean(axis=1))
    slope = exponent(np.array(_SIZES, dtype=float), grouped, _SEEDS)
    constant = jacobian_deviation(case)
    scaled = [student((n * squares[:, i]).tolist(), _SEEDS) for i, n in enumerate(_SIZES)]
    sizes = np.array(_SIZES, dtype=float)
    comparisons = (
        Comparison("‖Jₙ(0) − J(0)‖ ~ n⁻¹ᐟ²", exact(Fraction(-1, 2)), slope),
        Comparison("‖Jₙ(0) − J(0)‖ ~ n⁻¹ᐟ⁴", exact(Fraction(-1, 4)), slope, "refuted"),
        Comparison("n E‖Jₙ(0) − J(0)‖² (Frobenius) at the largest n", computed(constant), scaled[-1]),
        Comparison("twice that", computed(2 * constant), scaled[-1], "refuted"),
    )
    table = Table(
        f"k = 4, weights {_WEIGHTS}, d = {case.d}; n E‖Jₙ(0) − J(0)‖² (Frobenius) → {constant:.6g}",
        ("n", "observed"),
        tuple(zip(sizes.tolist(), scaled, strict=True)),
    )
    panel = Panel(
        "Jacobian of EM at the origin: samples against population",
        "n",
        "‖Jₙ − J‖ (Frobenius)",
        (
            estimate_curve("observed", sizes, [student(column.tolist(), _SEEDS) for column in grouped.T]),
            Curve("predicted", sizes, np.sqrt(constant / sizes), predicted=True, colour=1),
        ),
        ("log", "log"),
    )
    return Findings(comparisons, (table,), (panel,))


EXPERIMENT = Experiment("How far is EM's Jacobian on a sample from the population's?", "Finite-sample theorem", run)
