"""The `float` route: double precision, level `observed`; off the simplex it reaches any number of directions.

The half-width of an enclosure here is the difference of two resolutions plus the rounding to be expected: an
indication, not a bound. In few directions the definition is summed as it stands: exponents at the nodes, posteriors,
their transforms. Of two lattices each lies in the holes of the other, so that their leading errors are the same with
opposite sign.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

import numpy as np

from emtheory.numerics.any_point.expressions import EXPRESSIONS, Point, point_in
from emtheory.numerics.any_point.sampled import (
    CONFIDENCE,
    COPIES,
    Averages,
    Floats,
    averages,
    couplings,
    dimensions,
    estimate,
    exponents_at,
)
from emtheory.numerics.any_point.tensor_rule import Axis, ball_nodes, ball_size
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.samples.population_em import spacing
from emtheory.numerics.simplex_point import laplace
from emtheory.numerics.simplex_point.moments import HessianMoments
from emtheory.numerics.simplex_point.reach import squared_spread

_ROUNDING = 1e-14
"""What Λ, KL and β_m may be off by however small they are."""
_RESOLVED = 1e-11
"""The least KL with some three digits after the cancellation in ‖θ‖²/2 − Λ."""
_LARGEST = 10**100
"""Radius: its square is then far from overflow."""
_COARSE = 33.0
"""The second, lower accuracy that an error indication is taken from."""


def dft_modulus(case: Case, digits: int, m: Fraction) -> Enclosure:
    """|π̂_m| by the fast Fourier transform."""
    return _observed(float(abs(_transform(case)[int(m)])))


def spectral_gap(case: Case, digits: int) -> Enclosure:
    """Min over m ≠ 0 of |π̂_m|² by the fast Fourier transform."""
    return _observed(float(np.min(np.abs(_transform(case)[1:]) ** 2)))


def contraction_factor(case: Case, digits: int) -> Enclosure:
    """1 − spectral gap."""
    return _observed(1 - float(np.min(np.abs(_transform(case)[1:]) ** 2)))


def lloyd_radius(case: Case, digits: int) -> Enclosure:
    """√(k/(k−1)) E max(Z_1..Z_k), E max = ∫ (1 − Φ(z)^k − Φ(−z)^k) dz over z > 0."""
    from scipy.special import log_ndtr  # noqa: PLC0415 - SciPy is slow to import and only this needs it

    step = 1 / 64
    z = np.arange(0, 40, step)
    integrand = -np.expm1(case.k * log_ndtr(z)) - np.exp(case.k * log_ndtr(-z))
    # The integrand is not smooth at 0 when reflected, so the half-line takes Simpson's rule.
    simpson = np.where(np.arange(len(z)) % 2 == 0, 2.0, 4.0)
    simpson[0] = 1
    return _observed(math.sqrt(case.k / (case.k - 1)) * float(simpson @ integrand) * step / 3)


def _value(name: str, case: Case, digits: int, **arguments: Fraction) -> Enclosure:
    """On the simplex by the Laplace form; elsewhere on a lattice where there are few directions, else Sobol points."""

    def value(at: Point) -> float:
        return float(EXPRESSIONS[name](at, **arguments))

    degree = 4 if name == "hessian_min_eigenvalue" else 2
    if case.on_simplex:
        squared_spread(case, "float")
        points = [_on_simplex(case, accuracy) for accuracy in (laplace.FULL_ACCURACY, _COARSE)]
    elif case.squared_radius > _LARGEST**2:
        raise CannotAnswerError("the float route ends at radius 1e100")
    else:
        points = [point_of(case, found) for found in lattice_averages(case, degree)]
    if points:
        if name == "pl_ratio" and (divergence := points[0].twice_divergence() / 2) < _RESOLVED:
            raise CannotAnswerError("KL is too small here for its digits to survive in double precision")
        fine, rough = map(value, points)
        slack = _ROUNDING * (1 + fine / divergence if name == "pl_ratio" else 1)
        if case.on_simplex:
            return _observed(fine, abs(fine - rough) + slack)
        return _observed((fine + rough) / 2, abs(fine - rough) / 2 + slack, "product rule in double precision")
    found = estimate(case, lambda found: value(point_of(case, found)), digits, degree=degree)
    note = f"{100 * CONFIDENCE:g} % interval over {COPIES} scrambled Sobol sequences of {found.points} points"
    # Where the copies differ by less, their values, of 13 digits, may still be wrong by this.
    return _observed(found.value, found.half_width + 1e-13, note)


log_partition, kl_divergence, posterior_power, hessian_min_eigenvalue, pl_ratio = (
    partial(_value, name) for name in EXPRESSIONS
)


def point_of(case: Case, found: Averages) -> Point:
    """Return the point that averages are of."""
    return _point(case, lambda: found.divergence, lambda _: found)


def _on_simplex(case: Case, accuracy: float) -> Point:
    def divergence() -> float:
        return float(float(case.squared_radius) / 2 - laplace.expected_log_sum(laplace.DOUBLES, case, accuracy))

    return _point(case, divergence, lambda degree: laplace.posterior_moments(laplace.DOUBLES, case, degree, accuracy))


def _point(case: Case, divergence: Callable[[], float], moments: Callable[[int], HessianMoments]) -> Point:
    def least(rows: Sequence[Sequence[float]], others: Sequence[float]) -> float:
        return min(float(np.linalg.eigvalsh(np.array(rows, dtype=float))[0]), *others, math.inf)

    return point_in(case, float, math.sqrt, least, divergence, moments)


def _transform(case: Case) -> np.typing.NDArray[np.complex128]:
    return np.fft.fft(np.array([float(weight) for weight in case.weights]))


def _observed(value: float, spread: float = _ROUNDING, note: str = "") -> Enclosure:
    slack = Fraction(spread) + abs(Fraction(value)) / 10**12
    return Enclosure(Fraction(value) - slack, Fraction(value) + slack, Level.OBSERVED, "float", note=note)


_DECAY = 28.0
"""−log of the error that spacings aim at, 7e−13."""
_REACH = 8.5
"""Nodes further out carry less than 1e−14 of the mass in at most five dimensions."""
_LARGEST_LATTICE = 8.3
"""Decimal logarithm of the nodes of the largest lattice: half a minute."""
_LARGEST_EXPONENT = 600.0
"""What |y_j| may reach, so that doubles do not overflow."""


def lattice_averages(case: Case, degree: int) -> list[Averages]:
    """Return the averages on two lattices, with couplings for degree 4; nothing where they would be too large."""
    places, square = dimensions(case), float(case.squared_radius)
    waves, fourier = exponents_at(case, places, np.eye(len(places))), np.fft.rfft(np.eye(case.k)).T[1:]
    cosines, sines = fourier.real.copy(), fourier.imag.copy()
    steps = [spacing(math.sqrt(case.squared_amplitudes[place]), _DECAY) for place in places]
    if ball_size(steps, _REACH) > _LARGEST_LATTICE or _REACH * np.abs(waves).max(axis=1).sum() > _LARGEST_EXPONENT:
        return []
    prior, found = np.array([float(weight) for weight in case.weights]), []
    for offset in (0.0, 0.5):
        axes = [_axis(wave, step, offset) for wave, step in zip(waves, steps, strict=True)]
        total = np.zeros(1 + case.k // 2 + (case.k // 2) ** 2 * (degree > 2))
        for mass, exponentials in ball_nodes(axes, _REACH):
            joint = prior[:, np.newaxis] * exponentials
            sums = joint.sum(axis=0)
            posterior = joint / sums
            x, y = cosines @ posterior, sines @ posterior
            total[0] += (square / 2 - np.log(sums)) @ mass
            total[1 : len(x) + 1] += (x * x + y * y) @ mass
            if degree > 2:
                transforms = np.concatenate([np.ones((1, len(mass))), x + 1j * y])
                total[len(x) + 1 :] += couplings(case.k, transforms.T, mass).ravel()
        found.append(averages(case, total))
    return found


def _axis(wave: Floats, step: float, offset: float) -> Axis:
    reach = math.ceil(_REACH / step)
    nodes = np.array(sorted((step * (i + offset) for i in range(-reach - 1, reach + 1)), key=abs))
    mass = step / math.sqrt(2 * math.pi) * np.exp(-(nodes**2) / 2)
    return Axis(nodes**2, mass, np.exp(np.outer(wave, nodes)))
