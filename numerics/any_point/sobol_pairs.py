"""What is averaged over Gaussian points off the simplex: sums over pairs of components, under a change of measure.

β_m = E Σ_ij cos(2πm(i−j)/k) γ_iγ_j with the posterior γ_i = π_i e^{y_i}/S, S = Σ π_l e^{y_l}, and the exponents
y_j = ⟨X, R^jθ⟩. A single |γ̂_m|² varies as much as its mean (it is speckle). But e^{y_i + y_j} is a density: for any
shares α_m in [0, 1] of the frequencies, moving the Gaussian vector y by h = c^α(· − i) + c^α(· − j), where
c^α(t) = Σ α_m ρ_m² cos(2πmt/k), gives

    E γ_iγ_j = π_iπ_j e^{2(c^α(0) + c^α(d)) − c^αα(0) − c^αα(d)} E z_i z_j / Q_ij²,  d = i − j,
    z = e^{y − y^α},  Q_ij = Σ_l π_l e^{y_l + c^α(l − i) + c^α(l − j)},

where y^α has the share α_m of frequency m of y, and c^αα the squares of the shares (Cameron and Martin's formula). What
varies is now nearly the same for all pairs, and their sum has the mean 1 exactly: it is the main control variate.
With all shares 0 it would be the plain average; with all 1 and ‖θ‖ large few points would have most of the weight.

For a lag d all pairs (i, i + d) come from one correlation, by the fast Fourier transform.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from emtheory.numerics.any_point.sobol_points import Complexes, Floats, exponents

_BLOCK = 1 << 16
"""Pairs of components, for all points, that are held at once: they stay in cache."""
_LARGEST_TILT = 4.0
"""Of c^α(0), how far y_i and y_j are moved at most."""


@dataclass(frozen=True, eq=False)
class Setting:
    """A point, and a direction of amplitudes if derivatives along it are wanted.

    Attributes
    ----------
    prior
        π_j, shape (k,).
    rho
        ρ_m for m = 1..⌊k/2⌋.
    shares
        α_m in [0, 1]: any, the means do not depend on them; `good_shares` have small variances.
    controlled
        How many frequencies have squares of their own among the control variates.
    direction
        v_m for the product Hv with the radial block H_mn = δ_mn β_m + ρ_mρ_n t_mn of the Hessian.
    """

    prior: Floats
    rho: Floats
    shares: Floats
    controlled: int
    direction: Floats | None = None

    @property
    def k(self) -> int:
        """Number of components."""
        return len(self.prior)

    @property
    def pairs(self) -> int:
        """How many pairs i, i + d there are for d = 0..⌊k/2⌋."""
        return self.k * (self.k // 2 + 1)

    @cached_property
    def multiplicities(self) -> Floats:
        """How many residues ±m are, for m = 0..⌊k/2⌋: as many as a frequency has dimensions."""
        return np.array([1.0 if 2 * m % self.k == 0 else 2.0 for m in range(self.k // 2 + 1)])

    @cached_property
    def waves(self) -> Floats:
        """cos(2πmt/k) for t = 0..k−1 and m = 0..⌊k/2⌋."""
        phases = np.outer(np.arange(self.k), np.arange(self.k // 2 + 1)) % self.k
        waves: Floats = np.cos(2 * np.pi / self.k * phases)
        return waves

    @cached_property
    def tables(self) -> "tuple[_Table, ...]":
        """What each point needs, and its derivative if there is a direction."""
        squares, half = self.shares * self.rho**2, self.k // 2
        tilt = self.waves[:, 1:] @ squares
        kernel = np.exp(tilt - tilt[0])
        lags = np.subtract.outer(np.arange(half + 1), np.arange(self.k))  # t − d up to the sign, c^α being even
        pairs = kernel * kernel[lags]
        normal = self.waves[:, 1:] @ (self.shares * squares)
        weight = np.exp(2 * (tilt - tilt[0]) - normal - normal[0])[: half + 1]
        plain = _Table(np.conj(np.fft.rfft(pairs)), weight * self.multiplicities)
        if self.direction is None:
            return (plain,)
        change = self.waves[:, 1:] @ (2 * self.shares * self.rho * self.direction)
        normal_change = self.waves[:, 1:] @ (2 * self.shares**2 * self.rho * self.direction)
        pairs *= change + change[lags] - 2 * change[0]
        log_weight = (2 * (change - change[0]) - normal_change - normal_change[0])[: half + 1]
        return plain, _Table(np.conj(np.fft.rfft(pairs)), log_weight)


@dataclass(frozen=True, eq=False)
class _Table:
    """Conjugate transforms of e^{c^α(t) + c^α(t − d) − 2c^α(0)}, a row for each lag d, and the weights of the lags.

    Or derivatives: of these exponentials, and of the logarithms of the weights.
    """

    transforms: Complexes
    weights: Floats


def good_shares(rho: Floats) -> Floats:
    """α_m = 1/(1 + tρ_m), with t = ‖θ‖ or as much larger as `_LARGEST_TILT` demands, since Σ α_mρ_m² ≤ Σ ρ_m/t."""
    t = max(float(np.linalg.norm(rho)), float(rho.sum()) / _LARGEST_TILT)
    shares: Floats = 1 / (1 + t * rho)
    return shares


def observe(setting: Setting, noise: Complexes) -> tuple[Floats, Floats]:
    """Return outputs and control variates at points, averaged over each point and its mirror image.

    Parameters
    ----------
    setting
        What is observed.
    noise
        Shape (points, ⌊k/2⌋ + 1), from `emtheory.numerics.any_point.sobol_points.noise`.

    Returns
    -------
    outputs
        Shape (points, outputs): values whose means are β_m for m = 1..⌊k/2⌋, and (Hv)_m if there is a direction.
    controls
        Shape (points, controls): values whose means are 0. They are Σ_ij γ_iγ_j − 1, its derivative if there is a
        direction, and R_m, R_m ΣR and (ΣR)² less their means, R_m being the squares of the exponents' Fourier
        amplitudes, ρ_m² times χ² variables.
    """
    values = (_by_frequency(setting, noise) + _by_frequency(setting, -noise)) / 2
    powers, controls = values[0, :, 1:], [values[0, :, :1] - 1, _squares(setting, noise)]
    if setting.direction is None:
        return powers, np.concatenate(controls, axis=1)
    # The derivative of β_m along ρ_n is ρ_n t_mn.
    products = powers * setting.direction + setting.rho * values[1, :, 1:]
    controls.append(values[1, :, :1])
    return np.concatenate([powers, products], axis=1), np.concatenate(controls, axis=1)


def _by_frequency(setting: Setting, noise: Complexes) -> Floats:
    """Σ_ij cos(2πm(i−j)/k) γ_iγ_j for m = 0..⌊k/2⌋ at tilted points, and its derivative if there is a direction."""
    from scipy import fft  # noqa: PLC0415 - SciPy is slow to import

    k, half, rho = setting.k, setting.k // 2, setting.rho
    y, rest = exponents(noise, rho, k), exponents(noise, rho * (1 - setting.shares), k)
    largest = y.max(axis=1, keepdims=True)
    joint, factor = setting.prior * np.exp(y - largest), setting.prior * np.exp(rest - largest)
    spectrum, followers = fft.rfft(joint)[:, np.newaxis], _followers(factor)
    if setting.direction is not None:
        change = exponents(noise, setting.direction * (1 - setting.shares), k)
        changes = _followers(change)
        spectrum_change = fft.rfft(joint * exponents(noise, setting.direction, k))[:, np.newaxis]
    sums = np.empty((len(setting.tables), len(noise), half + 1))
    step = max(1, _BLOCK // (len(noise) * k))
    for first in range(0, half + 1, step):
        lags = slice(first, first + step)
        table = setting.tables[0].transforms[lags]
        partition = fft.irfft(spectrum * table, n=k)
        pairs = np.square(partition)
        np.divide(followers[:, lags], pairs, out=pairs)
        pairs *= factor[:, np.newaxis]
        sums[0, :, lags] = pairs.sum(axis=2)
        if setting.direction is not None:
            partition_change = fft.irfft(spectrum_change * table + spectrum * setting.tables[1].transforms[lags], n=k)
            partition_change *= -2 / partition
            partition_change += change[:, np.newaxis]
            partition_change += changes[:, lags]
            sums[1, :, lags] = np.einsum("ndi,ndi->nd", partition_change, pairs)
    sums *= setting.tables[0].weights
    if setting.direction is not None:
        sums[1] += sums[0] * setting.tables[1].weights
    result: Floats = sums @ setting.waves[: half + 1]
    return result


def _followers(values: Floats) -> Floats:
    """From shape (points, k) a view of shape (points, ⌊k/2⌋ + 1, k) whose entry d, i is that of component i + d."""
    k = values.shape[1]
    return sliding_window_view(np.concatenate([values, values[:, : k // 2]], axis=1), k, axis=1)


def _squares(setting: Setting, noise: Complexes) -> Floats:
    """R_m for some of the largest amplitudes, R_m ΣR and (ΣR)², less their means; shape (points, controls)."""
    dimensions = setting.multiplicities[1:]
    mean, variance = setting.rho**2 * dimensions, 2 * setting.rho**4 * dimensions
    squares = (np.abs(noise[:, 1:]) * dimensions / setting.k * setting.rho) ** 2
    chosen, total = np.argsort(-setting.rho, kind="stable")[: setting.controlled], squares.sum(axis=1, keepdims=True)
    first, whole = squares[:, chosen], mean.sum()
    return np.concatenate(
        [
            first - mean[chosen],
            first * total - mean[chosen] * whole - variance[chosen],
            total**2 - whole**2 - variance.sum(),
        ],
        axis=1,
    )
