"""What is averaged over points off the simplex, and control variates whose expectations are known.

Per point X and its mirror image −X, with the posterior γ at the exponents y, its transform γ̂ and the likelihood ratio
w = p_θ(X)/φ(X):

* outputs: −log w, whose mean is KL; |γ̂_m|², whose mean is β_m; and, for a direction v, the vector whose mean is Hv for
  the radial block H_mn = δ_mn β_m + ρ_m ρ_n t_mn of the Hessian;
* controls for all outputs: the squares R_m of the exponents' Fourier amplitudes, ρ_m² times χ² variables, R_m ΣR and
  (ΣR)²; powers of w; and at the nearest simplex, with exponents y⁰ made of the same noise and δ = y − y⁰, the terms
  log Σ π_j e^{y⁰_j}, Σ γ⁰_j δ_j and Var_γ⁰ δ of Taylor's expansion of log Σ π_j e^{y_j};
* controls of one output |γ̂_m|²: |γ̂⁰_m|² and its derivative along δ, and |γ̂_m|² w^p, p = 2, 3, 4, which are the
  squares of transforms of the numerators times powers of w. An output (Hv)_m has those times v_m, and itself at y⁰.

Expectations at the simplex come from one dimension (`nearest_simplex`), where the terms with δ are derivatives of Λ and
β_m along ρ − ρ̄; those of powers of w are finite sums, since E Π w(X)… is exp of sums of entries of the Gram matrix.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from numerics.case import Case
from numerics.nearest_simplex import NearestSimplex
from numerics.sobol_points import Complexes, Floats, amplitudes, exponents

_CONTROLLED = 64
"""Frequencies with squares of their own among the controls."""
_MANY, _FEW = 128, 256
"""Components up to which w⁴ and w³ are used: the expectation of w^p costs k^p operations."""
_USEFUL_SPREAD = 0.3
"""Powers w^p are used while p times the standard deviation of log w is below this: the tails of higher ones harm."""


@dataclass(frozen=True, eq=False)
class Setting:
    """The point, its nearest simplex, a direction for the Hessian, and the highest power of w among the controls."""

    case: Case
    near: NearestSimplex | None
    highest: int = 0
    direction: Floats | None = None

    @cached_property
    def rho(self) -> Floats:
        """ρ_m for m = 1..⌊k/2⌋."""
        return amplitudes(self.case)

    @cached_property
    def prior(self) -> Floats:
        """π_j."""
        return np.array([float(weight) for weight in self.case.weights])

    @property
    def used(self) -> npt.NDArray[np.bool_]:
        """The frequencies whose noise is needed, shape (⌊k/2⌋,)."""
        return (self.rho > 0) | (self.near is not None)


@dataclass(frozen=True, eq=False)
class Observed:
    """Values at points, averaged over each point and its mirror image.

    Attributes
    ----------
    outputs
        Shape (points, outputs): −log w; |γ̂_m|² for m = 0..⌊k/2⌋; (Hv)_m for m = 1..⌊k/2⌋ if there is a direction.
    common
        Shape (points, controls).
    own
        Shape (points, outputs − 1, controls): those of the outputs but the first.
    """

    outputs: Floats
    common: Floats
    own: Floats


def highest_power(setting: Setting, noise: Complexes) -> int:
    """Choose how many powers of w are of use, from the standard deviation of log w."""
    k = setting.case.k
    _, log_sum = posterior(setting, exponents(noise, setting.rho, k))
    allowed = 4 if k <= _MANY else 3 if k <= _FEW else 1
    return min(allowed, int(_USEFUL_SPREAD / max(float(np.std(log_sum)), 1e-9)))


def observe(setting: Setting, noise: Complexes) -> Observed:
    """Evaluate outputs and controls on noise of shape (points, ⌊k/2⌋ + 1)."""
    case, near = setting.case, setting.near
    y = exponents(noise, setting.rho, case.k)
    y0 = None if near is None else exponents(noise, near.amplitudes, case.k)
    here, mirrored = _on_one_side(setting, y, y0), _on_one_side(setting, -y, None if y0 is None else -y0)
    outputs, common, own = ((values + others) / 2 for values, others in zip(here, mirrored, strict=True))
    shares = np.array([case.multiplicity(m) / case.k for m in case.frequencies]) * setting.rho
    squares = (np.abs(noise[:, 1:]) * shares) ** 2
    total = squares.sum(axis=1, keepdims=True)
    first = squares[:, :_CONTROLLED]
    return Observed(outputs, np.column_stack([first, first * total, total**2, common]), own)


def _on_one_side(setting: Setting, y: Floats, y0: Floats | None) -> tuple[Floats, Floats, Floats]:
    """Outputs, common controls that depend on the sign of the noise, and own controls, for exponents y and y⁰."""
    v = setting.direction
    gamma, log_sum = posterior(setting, y)
    log_ratio = log_sum - float(setting.case.squared_radius) / 2
    transform = np.fft.rfft(gamma, axis=1)
    powers = np.abs(transform) ** 2
    ratios = np.exp(np.outer(log_ratio, np.arange(1, setting.highest + 1)))
    common, own = [ratios], [powers * ratios[:, [p]] for p in range(1, setting.highest)]
    if y0 is not None:
        gamma0, log_sum0 = posterior(setting, y0)
        transform0 = np.fft.rfft(gamma0, axis=1)
        delta = y - y0
        mean = np.sum(gamma0 * delta, axis=1, keepdims=True)
        tilt = gamma0 * (delta - mean)
        common += [log_sum0[:, np.newaxis], mean, np.sum(tilt * (delta - mean), axis=1, keepdims=True)]
        own += [np.abs(transform0) ** 2, 2 * (np.conj(transform0) * np.fft.rfft(tilt, axis=1)).real]
    outputs = [-log_ratio[:, np.newaxis], powers]
    controls = np.stack(own, axis=2) if own else np.empty((*powers.shape, 0))
    if v is not None:
        outputs.append(_hessian_product(setting, gamma, transform, v))
        product = None if y0 is None else _hessian_product(setting, gamma0, transform0, v)
        controls = _with_hessian_product(controls, v, product)
    return np.column_stack(outputs), np.column_stack(common), controls


def _with_hessian_product(controls: Floats, v: Floats, product: Floats | None) -> Floats:
    """Append the controls of (Hv)_m, those of |γ̂_m|² times v_m and `product`, to shape (…, ⌊k/2⌋ + 1, controls)."""
    turned = controls[..., 1:, :] * v[:, np.newaxis]
    if product is not None:
        turned = np.concatenate([turned, product[..., np.newaxis]], axis=-1)
        controls = np.concatenate([controls, np.zeros((*controls.shape[:-1], 1))], axis=-1)
    return np.concatenate([controls, turned], axis=-2)


def expectations(setting: Setting) -> tuple[Floats, Floats]:
    """Return the expectations of `Observed.common` and `Observed.own`, without the axis of points."""
    case, near, v = setting.case, setting.near, setting.direction
    degrees = np.array([case.multiplicity(m) for m in case.frequencies])
    mean, variance = setting.rho**2 * degrees, 2 * setting.rho**4 * degrees
    total, first = mean.sum(), slice(_CONTROLLED)
    common = [mean[first], mean[first] * total + variance[first], [total**2 + variance.sum()]]
    tables = _ratio_tables(setting)
    common.append([1.0] * min(setting.highest, 1) + [float(table.sum()) for table in tables])
    own = [_along_diagonals(table) for table in tables]
    if near is not None:
        own += [near.powers, near.power_derivatives]
        common.append([near.log_partition, near.first_derivative, near.second_derivative])
    controls = np.stack(own, axis=1) if own else np.empty((len(setting.rho) + 1, 0))
    if v is not None:
        product = None if near is None else near.powers[1:] * v + setting.rho * (near.couplings @ (setting.rho * v))
        controls = _with_hessian_product(controls, v, product)
    return np.concatenate(common), controls


def posterior(setting: Setting, y: Floats) -> tuple[Floats, Floats]:
    """γ and log Σ π_j e^{y_j}."""
    largest = y.max(axis=1, keepdims=True)
    joint = np.exp(y - largest) * setting.prior
    partition = joint.sum(axis=1)
    return joint / partition[:, np.newaxis], np.log(partition) + largest[:, 0]


def _hessian_product(setting: Setting, gamma: Floats, transform: Complexes, v: Floats) -> Floats:
    """What has the mean β_m v_m + ρ_m Σ_n t_mn ρ_n v_n, without the matrix.

    t_mn is the mean of Σ_± (|γ̂_{m±n}|² − 4 Re γ̂_{m±n} γ̂_m* γ̂_{±n}*) + 6 |γ̂_m|²|γ̂_n|² (`FourierMoments.coupling`).
    With u_n = ρ_|n| v_|n| over the residues n ≠ 0 (twice that for n = k/2, which is both n and −n) the sums over n are
    a correlation of u with |γ̂|², and the transform of A γ with A the inverse transform of u γ̂.
    """
    k = setting.case.k
    u = np.concatenate([[0.0], setting.rho * v])
    if k % 2 == 0:
        u[-1] *= 2
    powers = np.abs(transform) ** 2
    whole = [1.0] + [2.0] * (len(u) - 1)
    if k % 2 == 0:
        whole[-1] = 1.0
    quadratic = powers @ (u * whole)
    kernel = np.fft.irfft(u, n=k)
    correlation = np.fft.rfft(np.fft.irfft(powers, n=k, axis=1) * kernel * k, axis=1).real
    product = np.fft.rfft(np.fft.irfft(transform * u, n=k, axis=1) * gamma * k, axis=1)
    coupled = correlation - 4 * (np.conj(transform) * product).real + 3 * powers * quadratic[:, np.newaxis]
    result: Floats = powers[:, 1:] * v + setting.rho * coupled[:, 1:]
    return result


def _ratio_tables(setting: Setting) -> list[Floats]:
    """T_p, p = 0.. with entries Σ_{c_1..c_p} E[J_a J_b J_{c_1}..J_{c_p}], for the J_a = π_a e^{y_a − ‖θ‖²/2} of sum w.

    E Π J is Π π times exp of the sum of the covariances over pairs. The sum of T_p is E w^{p+2}.
    """
    if setting.highest < 2:
        return []
    k, prior = setting.case.k, setting.prior
    lags = np.arange(k)
    covariance = np.cos(2 * np.pi * np.outer(lags, np.arange(1, k // 2 + 1)) / k) @ setting.rho**2
    gram = np.exp(covariance[np.subtract.outer(lags, lags) % k])
    joint = prior[:, np.newaxis] * gram * prior
    tables = [joint, joint * ((gram * prior) @ gram)]
    if setting.highest > 3:
        pairs = [(gram[a] * gram) * prior for a in range(k)]
        tables.append(joint * np.array([np.sum((pair @ gram) * pair, axis=1) for pair in pairs]))
    return tables[: setting.highest - 1]


def _along_diagonals(table: Floats) -> Floats:
    """Σ_ab T_ab cos 2πm(a − b)/k for m = 0..⌊k/2⌋."""
    k = len(table)
    rows, columns = np.indices((k, k))
    sums = np.bincount(((rows - columns) % k).ravel(), weights=table.ravel(), minlength=k)
    return np.fft.rfft(sums).real
