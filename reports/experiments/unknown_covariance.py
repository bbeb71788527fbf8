"""Fitting the covariance or the weights along with θ: whether EM keeps its rate."""

from fractions import Fraction

import numpy as np

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.distributions import Law, gaussian_sample, parse_law, sample
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.samples.mixture_em import Model, mixture_em, start_mixture
from emtheory.numerics.samples.mixture_trajectory import Mixture, MixtureTrajectory
from emtheory.numerics.samples.sample_em import make_sample
from emtheory.numerics.samples.simplex import FloatArray, rotation
from emtheory.numerics.samples.tied_em import log_weights, orbit
from emtheory.reports.render.panels import Curve, Panel
from emtheory.reports.simulate.experiment import Comparison, Experiment, Findings, Table, computed, exact, theory
from emtheory.reports.simulate.setting import predicted_factor

_WEIGHTS = "one-heavy:2/3"
_N = 100_000
"""Points of a sample. A choice: intervals shrink like 1/√n, time grows like n."""
_SEEDS = range(8)
"""Of independent samples. A choice: eight give an interval, and of fewer Student's is much wider."""
_ITERATIONS = 16
"""Steps, in which θ shrinks to a hundredth: the factor is 3/4. A choice."""
_FROM = 8
"""Step from which the factor is measured: θ has shrunk to a tenth of its start, 0.02, and β differs from its value at 0
by the order of the square."""
_LAW = "anisotropic:4"
_DIFFERENCE = 1e-4
"""Step of central differences: truncation 1e−8, rounding 1e−12."""
_MODELS = {
    "known covariance and weights": Model(),
    "unknown variance": Model(covariance="isotropic"),
    "unknown covariance": Model(covariance="full"),
    "unknown weights": Model(free_weights=True),
}


def _factor(path: MixtureTrajectory) -> tuple[float, float]:
    """The factor by which the steps of θ shrink, and 1 − min |π̂_m|² at the last weights."""
    steps = path.increments
    spectrum = np.abs(np.fft.fft(np.exp(path.log_weights[-1]))[1:]) ** 2
    return float(steps[-1] / steps[_FROM]) ** (1 / (len(steps) - 1 - _FROM)), 1 - float(spectrum.min())


def _factor_at_origin(case: Case, law: Law, seed: int) -> float:
    """The spectral radius of EM's Jacobian for θ at θ = 0 and the data's covariance, by differences of EM steps."""
    data = sample(law, _N, case.d, seed)
    checked, moment, R = make_sample(data, case.d), data.T @ data / _N, rotation(case.k, case.d)

    def update(theta: FloatArray) -> FloatArray:
        start = Mixture(log_weights(case), orbit(R, theta, case.k), moment)
        updated: FloatArray = mixture_em(start, Model(covariance="full"), checked, 1).thetas[-1]
        return updated

    columns = [(update(shift) - update(-shift)) / (2 * _DIFFERENCE) for shift in _DIFFERENCE * np.eye(case.d)]
    return float(np.abs(np.linalg.eigvals(np.stack(columns, axis=1))).max())


def _anisotropic(case: Case) -> tuple[Comparison, Comparison]:
    """The prediction for anisotropic data, and the control that anisotropy does not matter."""
    law = parse_law(_LAW)
    predicted = predicted_factor(case, law, Model(covariance="full"))
    if predicted is None:
        raise CannotAnswerError(f"the origin does not attract under {_LAW}")
    factor = student([_factor_at_origin(case, law, seed) for seed in _SEEDS], _SEEDS)
    return (
        Comparison(
            f"on {_LAW} data with unknown covariance, at the Jacobian's spectral radius", computed(predicted), factor
        ),
        Comparison(f"on {_LAW} data it is 1 − min |π̂ₘ|²", theory("contraction_factor", case), factor, "refuted"),
    )


def run() -> Findings:
    """Fit four models to samples and compare how fast θ settles."""
    case = make_case(3, _WEIGHTS, 3, Fraction(1, 5))
    predicted = theory("contraction_factor", case)
    samples = [make_sample(gaussian_sample(_N, 3, seed), 3) for seed in _SEEDS]
    comparisons, rows, curves = [], [], []
    for colour, (name, model) in enumerate(_MODELS.items()):
        paths = [mixture_em(start_mixture(case), model, checked, _ITERATIONS) for checked in samples]
        observed, at_weights = zip(*map(_factor, paths), strict=True)
        factor, own = student(observed, _SEEDS), student(at_weights, _SEEDS)
        expected = "refuted" if model.free_weights else "holds"
        comparisons.append(Comparison(f"θ contracts at 1 − min |π̂ₘ|² with {name}", predicted, factor, expected))
        if model.free_weights:
            excess = student((np.array(observed) - at_weights).tolist(), _SEEDS)
            comparisons.append(Comparison("it contracts at 1 − min |π̂ₘ|² of the fitted weights", exact(0), excess))
        rows.append((name, factor, own))
        steps = np.mean([path.increments for path in paths], axis=0)
        curves.append(Curve(name, np.arange(_ITERATIONS, dtype=float), steps, colour=colour))
    comparisons += _anisotropic(case)
    table = Table(
        f"k = 3, weights {_WEIGHTS}, d = 3, n = {_N}, from radius 1/5",
        ("fitted with", "factor", "1 − min |π̂ₘ|² in the end"),
        tuple(rows),
    )
    notes = (
        f"Measured over iterations {_FROM} to {_ITERATIONS - 1}.",
        "Unknown weights drift while θ shrinks and end on a manifold of fixed points: the rate is that of where.",
        "Anisotropic data keep a geometric rate, but not the same: for covariance Σ the Jacobian at θ = 0 is "
        "I − C⁻¹AᵀΣ⁻¹A, C = Σⱼ πⱼ R⁻ʲΣ⁻¹Rʲ.",
    )
    return Findings(
        tuple(comparisons),
        (table,),
        (Panel("Steps of θ", "iteration t", "length of the step", tuple(curves), ("linear", "log")),),
        notes,
    )


EXPERIMENT = Experiment("Does EM keep its rate if more than θ is unknown?", "Open question 2", run)
