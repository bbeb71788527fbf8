"""The truth for the corpus, from the definitions alone: nothing of the program is imported here.

The discrete Fourier transform of exact weights is summed in mpmath to 80 digits. Expectations over X ~ N(0, I) are
sums over a lattice in R^(k−1) in double precision (the trapezoidal rule, which converges geometrically here), with the
vertices v_j of a regular simplex, θ = r v_0 and the rotation that takes v_j to v_{j+1}; good to about 11 digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from mpmath import MPContext
from scipy.integrate import quad
from scipy.stats import norm

Weights = tuple[Fraction, ...]

_STEPS = {2: 0.05, 3: 0.1, 4: 0.25}
"""Distance of the lattice points for each k."""
_REACH = 9.0


@cache
def moduli(weights: Weights) -> tuple[Fraction, ...]:
    """|Σ_j π_j e^{2πi jm/k}| for m = 0..k−1, correct to 70 digits, as fractions."""
    context = MPContext()
    context.dps = 80
    k = len(weights)
    values = [context.mpf(weight.numerator) / weight.denominator for weight in weights]
    sums = (
        sum((value * context.expjpi(context.mpf(2 * j * m) / k) for j, value in enumerate(values)), context.mpc(0))
        for m in range(k)
    )
    return tuple(Fraction(context.nstr(abs(total), 75)) for total in sums)


@dataclass(frozen=True)
class Values:
    """The quantities at one point, to about 11 digits."""

    log_partition: float
    kl_divergence: float
    posterior_power: tuple[float, ...]
    pl_ratio: float
    hessian_min_eigenvalue: float


@cache
def lattice(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, k − 1) and weights (n,) of a rule for E f(X), X ~ N(0, I)."""
    axis = np.arange(-_REACH, _REACH + _STEPS[k] / 2, _STEPS[k])
    density = norm.pdf(axis) * _STEPS[k]
    grids = np.meshgrid(*[axis] * (k - 1), indexing="ij")
    products = np.meshgrid(*[density] * (k - 1), indexing="ij")
    return np.stack([grid.ravel() for grid in grids], axis=1), np.prod([p.ravel() for p in products], axis=0)


def simplex(k: int) -> np.ndarray:
    """The k unit vectors with inner products −1/(k − 1) as rows, in R^(k−1)."""
    centred = np.eye(k) - 1 / k
    basis = np.linalg.svd(centred)[2][: k - 1]
    vertices = centred @ basis.T
    return vertices / np.linalg.norm(vertices, axis=1, keepdims=True)


def at_radius(weights: Weights, radius: float) -> Values:
    """The quantities at θ = r v_0."""
    k = len(weights)
    points, rule = lattice(k)
    vertices = simplex(k)
    rotation = np.linalg.lstsq(vertices, np.roll(vertices, -1, axis=0), rcond=None)[0].T
    powers = [np.linalg.matrix_power(rotation, j) for j in range(k)]
    theta = radius * vertices[0]
    exponents = np.stack([points @ (power @ theta) for power in powers], axis=1)
    terms = np.array([float(weight) for weight in weights]) * np.exp(exponents)
    total = terms.sum(axis=1)
    posterior = terms / total[:, None]
    log_partition = float(rule @ np.log(total))
    kl = radius**2 / 2 - log_partition
    transform = np.abs(np.fft.fft(posterior, axis=1)) ** 2
    images = np.stack([points @ power for power in powers], axis=1)  # rows (U_jᵀ x)ᵀ
    mean = np.einsum("nj,nji->ni", posterior, images)
    gradient = theta - rule @ mean
    second = np.einsum("n,nj,nji,njl->il", rule, posterior, images, images) - np.einsum("n,ni,nl->il", rule, mean, mean)
    return Values(
        log_partition,
        kl,
        tuple(float(value) for value in rule @ transform),
        float(gradient @ gradient / 2 / kl) if radius else float("nan"),
        float(np.linalg.eigvalsh(np.eye(k - 1) - second)[0]),
    )


def lloyd_radius(k: int) -> float:
    """√(k/(k−1)) E max(Z_1..Z_k), from the density of the maximum."""
    mean = quad(lambda x: x * k * norm.pdf(x) * norm.cdf(x) ** (k - 1), -12, 12, epsabs=1e-13, epsrel=1e-13)[0]
    return float(np.sqrt(k / (k - 1)) * mean)


def on_interval(weights: Weights, lower: float, upper: float, count: int) -> Sequence[Values]:
    """The quantities at evenly spaced radii, both ends included."""
    return [at_radius(weights, float(radius)) for radius in np.linspace(lower, upper, count)]
