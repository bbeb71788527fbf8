"""The `float` route: double precision on a grid, level `observed`."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from emtheory.numerics.case import Case
from emtheory.numerics.collinear.case import Components, checked_component, three_means
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level

Floats = npt.NDArray[np.float64]

_REACH, _STEP = 9.0, 1 / 64
"""Of the grid beyond the outermost means: e^{−40} is left out."""
_ERROR = Fraction(1, 10**12)
"""What is claimed; it is an indication."""
_NEAR = 0.02
"""How far from the given means EM may lead, twice what the balls search."""
_MAX_STEPS = 20_000
"""Of EM, which is slow where means of one cluster part."""


@dataclass(frozen=True)
class _Grid:
    """Nodes, the masses of the data at them, and the fit."""

    x: Floats
    mass: Floats
    log_weights: Floats
    means: Floats

    def posteriors(self, means: Floats) -> tuple[Floats, Floats]:
        """γ, components along the first axis, and the logarithm of the fitted density up to −x²/2."""
        logs = self.log_weights[:, np.newaxis] + means[:, np.newaxis] * (self.x - means[:, np.newaxis] / 2)
        top = logs.max(axis=0)
        parts = np.exp(logs - top)
        total = parts.sum(axis=0)
        return parts / total, np.log(total) + top

    def em_step(self, means: Floats) -> Floats:
        """M."""
        gammas, _ = self.posteriors(means)
        result: Floats = gammas @ (self.mass * self.x) / (gammas @ self.mass)
        return result


def em_map(case: Case, digits: int, component: Fraction) -> Enclosure:
    """M_j on the grid, whatever digits are asked.

    Parameters
    ----------
    case, digits
        The law and the fit, and the significant digits wanted.
    component
        j, from 1.
    """
    grid, j = _grid(case), checked_component(component)
    return _observed(float(grid.em_step(grid.means)[j]))


def gradient(case: Case, digits: int, component: Fraction) -> Enclosure:
    """E[γ_j(X − θ_j)] on the grid.

    Parameters
    ----------
    case, digits
        The law and the fit, and the significant digits wanted.
    component
        j, from 1.
    """
    grid, j = _grid(case), checked_component(component)
    gammas, _ = grid.posteriors(grid.means)
    return _observed(float(grid.mass @ (gammas[j] * (grid.x - grid.means[j]))))


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """The mean difference of the logarithms of both densities."""
    grid = _grid(case)
    return _observed(_divergence(case, grid, grid.means))


def hessian_max_eigenvalue(case: Case, digits: int) -> Enclosure:
    """The largest eigenvalue of the matrix of means on the grid."""
    grid = _grid(case)
    return _observed(float(np.linalg.eigvalsh(_hessian(grid, grid.means))[-1]))


def local_maximum(case: Case, digits: int, component: Fraction) -> Enclosure:
    """Where EM from the given means ends, if that is nearby.

    Parameters
    ----------
    case, digits, component
        The law and the fit; double precision gives what it gives; j from 1.
    """
    grid, j = _grid(case), checked_component(component)
    return _observed(float(_limit(grid)[j]), Fraction(1, 10**9))


def kl_at_local_maximum(case: Case, digits: int) -> Enclosure:
    """The divergence there."""
    grid = _grid(case)
    return _observed(_divergence(case, grid, _limit(grid)))


def _limit(grid: _Grid) -> Floats:
    means = grid.means
    for _ in range(_MAX_STEPS):
        after = grid.em_step(means)
        if np.abs(after - means).max() < 1e-14 * (1 + np.abs(means).max()):
            break
        means = after
    if np.abs(means - grid.means).max() > _NEAR or np.linalg.eigvalsh(_hessian(grid, means))[-1] >= 0:
        raise CannotAnswerError("EM from these means does not end in a local maximum nearby")
    return means


def _hessian(grid: _Grid, means: Floats) -> Floats:
    gammas, _ = grid.posteriors(means)
    deviations = grid.x - means[:, np.newaxis]
    weighted = gammas * deviations
    result: Floats = np.diag((weighted * deviations - gammas) @ grid.mass) - weighted @ (weighted * grid.mass).T
    return result


def _divergence(case: Case, grid: _Grid, means: Floats) -> float:
    density = _density(three_means(case).truth, grid.x)
    _, fitted = grid.posteriors(means)
    truth = np.log(density) + np.log(2 * np.pi) / 2 + grid.x**2 / 2
    return float(grid.mass @ (truth - fitted))


def _grid(case: Case) -> _Grid:
    p = three_means(case)
    places = [float(mean) for mean in p.truth.means]
    x = np.arange(min(places) - _REACH, max(places) + _REACH, _STEP)
    weights = np.array([float(weight) for weight in p.fit.weights])
    means = np.array([float(mean) for mean in p.fit.means])
    return _Grid(x, _STEP * _density(p.truth, x), np.log(weights), means)


def _density(mixture: Components, x: Floats) -> Floats:
    parts = [
        float(weight) * np.exp(-((x - float(mean)) ** 2) / 2) / np.sqrt(2 * np.pi)
        for weight, mean in zip(mixture.weights, mixture.means, strict=True)
    ]
    result: Floats = np.sum(parts, axis=0)
    return result


def _observed(value: float, error: Fraction = _ERROR) -> Enclosure:
    slack = error * max(Fraction(1), abs(Fraction(value)))
    return Enclosure(Fraction(value) - slack, Fraction(value) + slack, Level.OBSERVED, "float")
