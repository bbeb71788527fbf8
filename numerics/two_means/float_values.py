"""The `float` route: double precision on a grid, level `observed`."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq, minimize_scalar
from scipy.special import erf, log_expit

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.two_means.case import TwoMeans, checked_interval, checked_start, two_means, with_unit_variance

Floats = npt.NDArray[np.float64]

_REACH, _STEP = 9.0, 1 / 64
"""Of the grid around each mean: e^{−40} is left out, and poles are beyond the next 40 steps for |θ| ≤ 40."""
_ERROR = Fraction(1, 10**12)
"""What is claimed; it is an indication."""
_STARTS = 4001
"""Places at which M − θ is looked at for changes of sign."""
_NEAR = 1e-9
"""A zero so near to an end is counted: it may be the end itself."""
_MAX_STEPS = 10**6
"""A choice: a minute."""
_MAX_FITTED, _STAYS = 5000, 1e-11
"""Steps of an orbit, and a step so small that its limit is told; beside the boundary they are longer."""


def em_map(case: Case, digits: int) -> Enclosure:
    """E[X tanh(θX/v + a)] on the grid, whatever digits are asked."""
    p = two_means(case)
    return _observed(_map(p)(float(p.theta)))


def em_map_derivative(case: Case, digits: int) -> Enclosure:
    """E[X² sech²(θX/v + a)]/v on the grid."""
    p = two_means(case)
    (x, mass), variance = _grid(p), float(p.fit_variance)
    return _observed(float(mass @ (x**2 * (1 - np.tanh(float(p.theta) / variance * x + _offset(p)) ** 2))) / variance)


def weight_map(case: Case, digits: int) -> Enclosure:
    """The mean posterior probability on the grid."""
    p = two_means(case)
    return _observed(_m_step(p)(float(p.theta), float(p.fit_weight), float(p.fit_variance))[1])


def _fitted(place: int, scale: bool, case: Case, digits: int, start: Fraction, t: Fraction) -> Enclosure:
    """θ, W or v after t steps from θ = start with the weight fitted, and perhaps the variance."""
    p, steps = two_means(case), _steps(start, t)
    step, fit = _m_step(p), (float(start), float(p.fit_weight), float(p.fit_variance))
    for _ in range(steps):
        theta, weight, variance = step(*fit)
        fit = theta, weight, variance if scale else fit[2]
    return _observed(fit[place])


fitted_iterate = partial(_fitted, 0, False)
fitted_weight_iterate = partial(_fitted, 1, False)
jointly_fitted_iterate = partial(_fitted, 0, True)
jointly_fitted_weight = partial(_fitted, 1, True)
jointly_fitted_variance = partial(_fitted, 2, True)


def fitted_side(case: Case, start: float) -> int:
    """Return the sign of the limit of θ with the weight fitted, from the weight of the case."""
    p = two_means(case)
    step, place, variance = _m_step(p), (start, float(p.fit_weight)), float(p.fit_variance)
    for _ in range(_MAX_FITTED):
        after = step(*place, variance)[:2]
        if abs(after[0] - place[0]) < _STAYS:
            break
        place = after
    return 1 if place[0] > 0 else -1


def kl_divergence(case: Case, digits: int) -> Enclosure:
    """E log(p/q) on the grid."""
    p = two_means(case)
    x, mass = _grid(p)
    truth = _log_mixture(x, float(p.truth_weight), float(p.separation))
    fit = _log_mixture(x, float(p.fit_weight), float(p.theta), float(p.fit_variance))
    return _observed(float(mass @ (truth - fit)))


def variance_map(case: Case, digits: int) -> Enclosure:
    """E[γ(X − M)² + (1 − γ)(X + M)²] on the grid."""
    p = two_means(case)
    return _observed(_location_scale_step(p, float(p.theta), float(p.fit_variance))[1])


def location_scale_iterate(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """θ after t steps with the variance fitted."""
    return _observed(_location_scale(case, start, t)[0])


def location_scale_variance(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """The variance after t steps."""
    return _observed(_location_scale(case, start, t)[1])


def em_iterate(case: Case, digits: int, start: Fraction | float, t: Fraction) -> Enclosure:
    """The map applied t times."""
    p, steps, theta = two_means(case), _steps(start, t), float(start)
    if not isinstance(start, Fraction):
        theta, steps = float(np.sign(start)) * _modulus(float(p.separation)), steps - 1
    step = _map(p)
    for _ in range(steps):
        theta = step(theta)
    return _observed(theta)


def fixed_point_count(case: Case, digits: int, low: Fraction | float, high: Fraction | float) -> Enclosure:
    """Changes of sign of M − θ on a grid."""
    p = two_means(case)
    low, high = checked_interval(low, high)
    count = Fraction(sum(float(low) - _NEAR <= root <= float(high) + _NEAR for root in _roots(p)))
    return Enclosure(count, count, Level.OBSERVED, "float")


def basin_boundary(case: Case, digits: int) -> Enclosure:
    """The fixed point before the largest."""
    roots = _roots(two_means(case))
    if len(roots) < 2:
        return Enclosure(float("-inf"), float("-inf"), Level.OBSERVED, "float")
    return _observed(roots[-2])


def spurious_threshold(case: Case, digits: int) -> Enclosure:
    """The least weight for which M − θ has no zero below 0, by bisection."""
    p = with_unit_variance(case)
    if p.separation == 0:
        raise CannotAnswerError("μ = 0 has no tangency")
    x, _ = _grid(p)
    normal = _grid(replace(p, truth_weight=Fraction(1)))[1] + _grid(replace(p, truth_weight=Fraction(0)))[1]
    right = np.arange(len(x)) < len(x) // 2

    def least(w: float) -> float:
        mass, offset = np.where(right, w, 1 - w) * normal, np.arctanh(2 * w - 1)
        found = minimize_scalar(
            lambda theta: float(mass @ (x * np.tanh(theta * x + offset))) - theta,
            bounds=(-float(p.separation) - 1, -1e-6),
            method="bounded",
            options={"xatol": 1e-12},
        )
        return float(found.fun)

    return _observed(float(brentq(least, 0.5 + 1e-9, 1 - 1e-12, xtol=1e-15)), Fraction(1, 10**9))


def _roots(p: TwoMeans) -> list[float]:
    reach = float(p.separation) + 1.5
    step = _map(p)
    # An irregular grid, so that 0 and other known points are not on it.
    places = np.linspace(-reach, reach * 1.0137, _STARTS)
    values = np.array([step(float(theta)) - theta for theta in places])
    changes = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
    return [float(brentq(lambda theta: step(theta) - theta, places[i], places[i + 1])) for i in changes]


def _map(p: TwoMeans) -> Callable[[float], float]:
    x, mass = _grid(p)
    offset, variance = _offset(p), float(p.fit_variance)
    return lambda theta: float(mass @ (x * np.tanh(theta / variance * x + offset)))


def _location_scale(case: Case, start: Fraction | float, t: Fraction) -> tuple[float, float]:
    p, place = two_means(case), (float(start), float(two_means(case).fit_variance))
    for _ in range(_steps(start, t)):
        place = _location_scale_step(p, *place)
    return place


def _location_scale_step(p: TwoMeans, theta: float, variance: float) -> tuple[float, float]:
    """θ and v of the M-step; with an infinite θ each point belongs to the component on its side."""
    if np.isinf(theta):
        modulus = _modulus(float(p.separation))
        return float(np.sign(theta) * modulus), 1 + float(p.separation) ** 2 - modulus**2
    mean, _, square = _m_step(p)(theta, float(p.fit_weight), variance)
    return mean, square


def _modulus(mu: float) -> float:
    """E|X|, in closed form as |x| has a kink."""
    return float(mu * erf(mu / np.sqrt(2)) + np.sqrt(2 / np.pi) * np.exp(-(mu**2) / 2))


def _steps(start: Fraction | float, t: Fraction) -> int:
    steps = checked_start(start, t)
    if steps > _MAX_STEPS:
        raise CannotAnswerError(f"{steps} steps are more than {_MAX_STEPS}")
    return steps


def _m_step(p: TwoMeans) -> Callable[[float, float, float], tuple[float, float, float]]:
    """(θ, W, v) ↦ what the M-step makes of each."""
    x, mass = _grid(p)

    def step(theta: float, weight: float, variance: float) -> tuple[float, float, float]:
        sign = np.tanh(theta / variance * x + np.arctanh(2 * weight - 1))
        mean = float(mass @ (x * sign))
        square = float(mass @ ((1 + sign) * (x - mean) ** 2 + (1 - sign) * (x + mean) ** 2)) / 2
        return mean, float(mass @ (1 + sign)) / 2, square

    return step


def _grid(p: TwoMeans) -> tuple[Floats, Floats]:
    """Nodes and their masses under the data."""
    z = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    normal = _STEP * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    mu, weight = float(p.separation), float(p.truth_weight)
    return np.concatenate([z + mu, z - mu]), np.concatenate([weight * normal, (1 - weight) * normal])


def _offset(p: TwoMeans) -> float:
    return float(np.arctanh(float(2 * p.fit_weight - 1)))


def _log_mixture(x: Floats, weight: float, mean: float, variance: float = 1.0) -> Floats:
    """Log of the density, without −½ log 2π."""
    squares = [(x - place) ** 2 / (2 * variance) for place in (mean, -mean)]
    with np.errstate(divide="ignore"):
        parts = np.log(weight) - squares[0], np.log(1 - weight) - squares[1]
    result: Floats = np.maximum(*parts) - log_expit(np.abs(parts[0] - parts[1])) - np.log(variance) / 2
    return result


def _observed(value: float, error: Fraction = _ERROR) -> Enclosure:
    slack = error * max(Fraction(1), abs(Fraction(value)))
    return Enclosure(Fraction(value) - slack, Fraction(value) + slack, Level.OBSERVED, "float")
