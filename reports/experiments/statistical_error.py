"""EM's stationary point on samples: exponents, covariance, Wilks' law, and how many iterations it takes."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.numerics.samples.estimate import Estimate, exponent, student
from emtheory.numerics.samples.finite_sample import population_divergence, stationary_covariance, stationary_point
from emtheory.numerics.samples.sample_em import make_sample, sample_em
from emtheory.numerics.samples.simplex import FloatArray, amplitudes
from emtheory.reports.render.panels import Curve, Panel, estimate_curve
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, computed, exact, theory

_SIZES = (200, 1200, 7200)
"""Each six times the one before: large steps, to tell n^{−1/2} from n^{−1/4}. With uniform weights EM is slow, the more
so the larger n."""
_SEEDS = range(96)
"""Of samples for the exponents, twelve groups."""
_GROUP = 8
"""Seeds whose squared norms are averaged before the logarithm: with uniform weights some of the θ̂ are 0."""
_STEP_SEEDS = range(64)
"""Of samples for the number of steps. A choice."""
_WILKS_N, _WILKS_SEEDS = 4000, range(400)
"""Points and seeds of the samples for variances, and for Wilks' law, which holds in the limit of large n: the mean of
so many squares of a normal variable is known to a standard error of √(2/400) = 7 %."""
_TWO_FREQUENCIES = "7/10,1/5,1/20,1/20"
"""Weights whose |π̂_1|² and |π̂_2|² differ, and with them the variances of θ̂."""


def _points(case: Case, n: int, seeds: Sequence[int]) -> FloatArray:
    """θ̂ for each seed, seeds × d."""
    return np.array([stationary_point(case, make_sample(gaussian_sample(n, case.d, seed), case.d)) for seed in seeds])


def _grouped_norms(case: Case) -> FloatArray:
    """Root mean square ‖θ̂‖ on the simplex span in groups of seeds, groups × sizes."""
    squares = np.stack([np.sum(_points(case, n, _SEEDS)[:, : case.k - 1] ** 2, axis=1) for n in _SIZES], axis=1)
    norms: FloatArray = np.sqrt(squares.reshape(-1, _GROUP, len(_SIZES)).mean(axis=1))
    return norms


def _iterations(case: Case, n: int, seed: int) -> int:
    """EM steps on a sample until ℓ_n(θ_t) − ℓ_n(θ̂) ≤ (k−1)/(2n)."""
    kl = sample_em(case, gaussian_sample(n, case.d, seed), 2000, 1e-3 / np.sqrt(n)).kl
    return int(np.argmax(kl - kl[-1] <= (case.k - 1) / (2 * n)))


def _steps(case: Case) -> tuple[list[Estimate], list[Enclosure], tuple[Comparison, ...]]:
    """EM steps to the statistical error on samples, those of the population, and how they compare."""
    counts = np.array([[_iterations(case, n, seed) for n in _SIZES] for seed in _STEP_SEEDS], dtype=float)
    steps = [student(column.tolist(), _STEP_SEEDS) for column in counts.T]
    population = [theory("iterations_to_kl", case, 6, eps=Fraction(1, n)) for n in _SIZES]
    near = [replace(number, lower=number.lower - 1, upper=number.upper + 1, exact=None) for number in population]
    growth = exponent(np.array(_SIZES, dtype=float), np.exp(counts), _STEP_SEEDS)  # the slope of steps on log n
    log_factor = math.log(theory("contraction_factor", case).midpoint)
    comparisons = (
        *(
            Comparison(
                f"EM steps to the statistical error are the population's within one, n = {n}", predicted, observed
            )
            for n, predicted, observed in zip(_SIZES, near, steps, strict=True)
        ),
        Comparison(f"at n = {_SIZES[-1]} they are those for n = {_SIZES[0]} within one", near[0], steps[-1], "refuted"),
        Comparison("they grow as log n/(−2 log(1 − σ²))", computed(-1 / (2 * log_factor)), growth),
        Comparison("they grow as log n/(−log(1 − σ²))", computed(-1 / log_factor), growth, "refuted"),
    )
    return steps, population, comparisons


def _frequency_variances() -> tuple[Comparison, ...]:
    """Hold n Var of θ̂ in each frequency against 1/|π̂_m|², k = 4."""
    case = make_case(4, _TWO_FREQUENCIES, radius=Fraction(1))
    squares = _WILKS_N * amplitudes(_points(case, _WILKS_N, _WILKS_SEEDS), case.k) ** 2
    observed = student((squares[:, 0] / 2).tolist(), _WILKS_SEEDS), student(squares[:, 1].tolist(), _WILKS_SEEDS)
    predicted = [computed(float(theory("dft_modulus", case, m=Fraction(m)).midpoint) ** -2) for m in case.frequencies]
    return (
        Comparison("n Var θ̂ in frequency 1 is |π̂₁|⁻², k = 4", predicted[0], observed[0]),
        Comparison("n Var θ̂ in frequency 2 is |π̂₂|⁻², k = 4", predicted[1], observed[1]),
        Comparison("n Var θ̂ in frequency 2 is |π̂₁|⁻², k = 4", predicted[0], observed[1], "refuted"),
    )


def run() -> Findings:
    """Find θ̂ on many samples of several sizes."""
    valid = make_case(3, "one-heavy:2/3", 3, Fraction(1))
    uniform = make_case(6, "uniform", 5, Fraction(1))
    sizes = np.array(_SIZES, dtype=float)
    regular, degenerate = _grouped_norms(valid), _grouped_norms(uniform)
    half, quarter = exponent(sizes, regular, _SEEDS), exponent(sizes, degenerate, _SEEDS)
    points = _points(valid, _WILKS_N, _WILKS_SEEDS)
    scaled = student((_WILKS_N * points[:, :2] ** 2).mean(axis=1).tolist(), _WILKS_SEEDS)
    complement = student((_WILKS_N * points[:, 2] ** 2).tolist(), _WILKS_SEEDS)
    wilks = student([2 * _WILKS_N * population_divergence(valid, theta) for theta in points], _WILKS_SEEDS)
    covariance = np.diag(stationary_covariance(valid))
    steps, population, of_steps = _steps(valid)
    norms, degenerate_norms = ([student(column.tolist(), _SEEDS) for column in one.T] for one in (regular, degenerate))
    comparisons = (
        Comparison("‖θ̂‖ ~ n⁻¹ᐟ² for one-heavy:2/3", exact(Fraction(-1, 2)), half),
        Comparison("‖θ̂‖ ~ n⁻¹ᐟ⁴ for uniform weights, k = 6", exact(Fraction(-1, 4)), quarter),
        Comparison("‖θ̂‖ ~ n⁻¹ᐟ⁴ for one-heavy:2/3", exact(Fraction(-1, 4)), half, "refuted"),
        Comparison("‖θ̂‖ ~ n⁻¹ᐟ² for uniform weights, k = 6", exact(Fraction(-1, 2)), quarter, "refuted"),
        Comparison("n Var θ̂ on the span is that of (AᵀA)⁻¹", computed(float(covariance[:2].mean())), scaled),
        *_frequency_variances(),
        Comparison("n Var θ̂ on the complement is 1", exact(1), complement),
        Comparison("E[2n KL(p₀ ‖ p at θ̂)] = d", exact(valid.d), wilks),
        *of_steps,
        Comparison("E[2n KL(p₀ ‖ p at θ̂)] = d + 1", exact(valid.d + 1), wilks, "refuted"),
    )
    table = Table(
        f"root mean square ‖θ̂‖ on the span in groups of {_GROUP} seeds, and EM steps to the statistical error "
        "(k−1)/(2n)",
        ("n", "one-heavy:2/3", "uniform, k = 6", "steps on samples", "population (certified)"),
        tuple(
            (float(n), *found, float(number.midpoint))
            for n, *found, number in zip(_SIZES, norms, degenerate_norms, steps, population, strict=True)
        ),
    )
    line = np.sqrt(np.mean(degenerate[:, 0] ** 2)) * (sizes / sizes[0]) ** -0.25
    panel = Panel(
        "Stationary error of EM on samples",
        "n",
        "root mean square ‖θ̂‖",
        (
            estimate_curve("one-heavy:2/3", sizes, norms),
            Curve("predicted √(tr (AᵀA)⁻¹/n)", sizes, np.sqrt(covariance[:2].sum() / sizes), predicted=True),
            estimate_curve("uniform, k = 6", sizes, degenerate_norms, colour=1),
            Curve("slope −1/4", sizes, line, predicted=True, colour=1),
        ),
        ("log", "log"),
    )
    return Findings(
        comparisons,
        (table,),
        (panel,),
        (f"An exponent is the mean over {len(_SEEDS) // _GROUP} groups of {_GROUP} seeds.",),
    )


EXPERIMENT = Experiment("How far from the truth does EM end on n points, and how soon?", "Finite-sample theorem", run)
