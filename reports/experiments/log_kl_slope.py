"""Log KL against the iteration: is it linear, with the predicted slope."""

from fractions import Fraction

import numpy as np
from scipy import stats

from emtheory.numerics.case import make_case
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.population_em import population_em
from emtheory.numerics.samples.sample_em import sample_em
from emtheory.numerics.samples.simplex import FloatArray
from emtheory.reports.render.panels import Curve, Panel, estimate_curve
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, computed, exact, theory

_N = 100_000
"""Points of a sample. A choice: the fewer, the sooner EM is near its own limit, and the fit must end before."""
_SEEDS = range(12)
"""Of independent samples. A choice: intervals shrink like one over the root of their number."""
_ITERATIONS = 150
"""On samples; the last stands for the limit: KL less its limit is then (15/16)^160 = 3e−5 of what it is at the end of
the fit."""
_FIRST, _MIDDLE, _LAST = 40, 55, 70
"""Iterations of the fit: the faster frequency has died out, and EM on the sample is still far from its limit."""


def _excess(kl: FloatArray) -> FloatArray:
    """KL_t less its limit; on a sample ℓ_n(θ_t) − ℓ_n(θ̂)."""
    excess: FloatArray = kl[: _LAST + 1] - kl[-1]
    return excess


def _decay(excess: FloatArray, first: int = _FIRST, last: int = _LAST) -> float:
    """The factor by which it falls in one iteration."""
    later = np.arange(first, last + 1)
    return float(np.exp(stats.linregress(later, np.log(excess[later])).slope))


def _bend(excess: FloatArray) -> float:
    """How much larger that factor is in the second half of the fit than in the first; 0 for a line."""
    return _decay(excess, _MIDDLE) - _decay(excess, last=_MIDDLE)


def run() -> Findings:
    """Run EM on the population and on samples, and fit lines to log KL."""
    case = make_case(4, "1/2,1/4,1/8,1/8", 3, Fraction(1))
    population = population_em(case, 400).kl
    paths = [sample_em(case, gaussian_sample(_N, 3, seed), _ITERATIONS).kl for seed in _SEEDS]
    excesses = np.array([_excess(path) for path in paths])
    decay = student([_decay(excess) for excess in excesses], _SEEDS)
    bend = student([_bend(excess) for excess in excesses], _SEEDS)
    start = student([float(path[0]) for path in paths], _SEEDS)
    factor = Fraction(theory("contraction_factor", case).midpoint)
    wrong = 1 - Fraction(theory("dft_modulus", case, m=Fraction(2)).midpoint)
    t = np.arange(_LAST + 1, dtype=float)
    observed = [student(column.tolist(), _SEEDS) for column in excesses.T]
    own = _decay(_excess(population))
    predicted = population[_LAST] * float(factor) ** (2 * (t - _LAST))
    comparisons = (
        Comparison("KL falls by (1 − min |π̂ₘ|²)² an iteration", exact(factor**2), decay),
        Comparison("KL falls by (1 − min |π̂ₘ|)², of I − A instead of I − AᵀA", exact(wrong**2), decay, "refuted"),
        Comparison("log KL is linear: the factor is the same in both halves of the fit", exact(0), bend),
        Comparison("log KL bends like that of a t⁻² law", computed(_bend(1 / (t + 1) ** 2)), bend, "refuted"),
        Comparison("the estimate of KL at the start has the certified mean", theory("kl_divergence", case), start),
    )
    table = Table(
        f"KL in nats, k = 4, weights 1/2,1/4,1/8,1/8, d = 3, n = {_N}; samples: less its limit",
        ("t", "population", "samples"),
        tuple((float(i), float(population[i]), observed[i]) for i in range(0, _LAST + 1, 10)),
    )
    panel = Panel(
        "KL against iterations, k = 4, weights 1/2,1/4,1/8,1/8",
        "iteration t",
        "KL in nats",
        (
            Curve("population EM", t, population[: _LAST + 1]),
            estimate_curve(f"EM on {len(_SEEDS)} samples, less its limit", t, observed, colour=1),
            Curve("predicted slope", t, predicted, predicted=True, colour=2),
        ),
        ("linear", "log"),
    )
    return Findings(
        comparisons,
        (table,),
        (panel,),
        (f"Fitted to iterations {_FIRST} to {_LAST}; the population's own decay there is {own:.6f}.",),
    )


EXPERIMENT = Experiment("Is log KL linear in the iteration, with the predicted slope?", "First 3 experiments, 1", run)
