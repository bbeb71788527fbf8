"""Valid against uniform weights: the exponential rate is lost, to a law with an exact constant."""

from fractions import Fraction

import numpy as np

from emtheory.numerics.case import make_case
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import exponent, student
from emtheory.numerics.samples.population_em import population_em
from emtheory.numerics.samples.sample_em import sample_em
from emtheory.reports.render.panels import Curve, Panel, estimate_curve
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, computed, exact, theory

_N = 1_000_000
"""Points of a sample, many: with uniform weights EM ends n^{−1/4} = 0.03 from 0, which must be far below the radii of
the fit."""
_SEEDS = range(8)
"""Of independent samples. A choice: eight give an interval, and of fewer Student's is much wider."""
_TIMES = np.array([16, 20, 25, 32, 40, 50, 64])
"""Iterations of the fit: the start is forgotten, and the sample's own fixed point, some n^{−1/4} away, is not felt."""
_ITERATIONS = 1000
"""Of population EM, for table and figure: t² KL_t tends to its limit slowly, with a term of order log t/t."""
_ROUNDING = 1e-15
"""Of KL in double precision."""


def run() -> Findings:
    """Run EM with valid and with uniform weights on the population and with uniform weights on samples."""
    valid, uniform = (make_case(4, weights, 3, Fraction(1)) for weights in ("1/2,1/4,1/8,1/8", "uniform"))
    fast, slow = (population_em(case, _ITERATIONS).kl for case in (valid, uniform))
    fast = fast[fast > _ROUNDING]
    # 1/r² = 2t/(k−1) + O(log t) along EM, and 1 at t = 0: in t + (k−1)/2 the power law begins at the start.
    shift = 3 / 2
    times = _TIMES + shift
    samples = np.array(
        [sample_em(uniform, gaussian_sample(_N, 3, seed), int(_TIMES[-1])).kl[_TIMES] for seed in _SEEDS]
    )
    means = [student(column.tolist(), _SEEDS) for column in samples.T]
    rate = exponent(times, samples, _SEEDS)
    own = np.polyfit(np.log(times), np.log(slow[_TIMES]), 1)[0]
    scaled = student((samples[:, -1] * times[-1] ** 2).tolist(), _SEEDS)
    constant = theory("sublinear_constant", uniform)
    t = np.arange(1, _ITERATIONS + 1, dtype=float)
    until = np.arange(1, len(fast), dtype=float)
    rows = [
        (float(i), float(fast[i]) if i < len(fast) else f"below {_ROUNDING}", float(slow[i]), float(slow[i]) * i**2)
        for i in (1, 10, 100, 300, 1000)
    ]
    power, last = computed(float(own)), computed(float(slow[_TIMES[-1]]) * times[-1] ** 2)
    comparisons = (
        Comparison("with uniform weights KL on samples falls as tᵃ, a that of population EM", power, rate),
        Comparison("with uniform weights KL falls as 1/t", exact(-1), rate, "refuted"),
        Comparison("with uniform weights KL falls as 1/t³", exact(-3), rate, "refuted"),
        Comparison(f"(t + 3/2)² KL at t = {_TIMES[-1]} on samples is that of population EM", last, scaled),
        Comparison("it is twice the constant (k−1)/16", exact(2 * Fraction(constant.midpoint)), scaled, "refuted"),
    )
    tables = (
        Table(
            f"KL of population EM from radius 1; lim t² KL_t = {float(constant.midpoint):.6g} ({constant.level})",
            ("t", "1/2,1/4,1/8,1/8", "uniform", "t² KL, uniform"),
            tuple(rows),
        ),
        Table(
            f"KL with uniform weights, n = {_N}",
            ("t", "population", "samples"),
            tuple(zip(_TIMES.astype(float).tolist(), slow[_TIMES].tolist(), means, strict=True)),
        ),
    )
    panel = Panel(
        "KL of EM from radius 1, k = 4",
        "iteration t",
        "KL in nats",
        (
            Curve("population, uniform", t, slow[1:]),
            estimate_curve(f"samples of {_N}, uniform", _TIMES.astype(float), means, colour=1),
            Curve("predicted, uniform: (k−1)/(16 t²)", t, float(constant.midpoint) / t**2, predicted=True),
            Curve("population, 1/2,1/4,1/8,1/8", until, fast[1:], colour=2),
        ),
        ("log", "log"),
    )
    return Findings(
        comparisons,
        tables,
        (panel,),
        (f"The exponent is fitted in t + {shift:g} over t = {_TIMES[0]} to {_TIMES[-1]}; in the limit it is −2.",),
    )


EXPERIMENT = Experiment(
    "Do uniform weights lose the exponential rate, and to which law?", "First 3 experiments, 2", run
)
