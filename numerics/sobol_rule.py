"""Points off the simplex for any k: scrambled Sobol sequences, repeated so that the error can be estimated.

Nothing here is shared with the product rules of the ball route. Each point is taken with its mirror image, and control
variates with known expectations are subtracted: the squares R_m = ‖P_m X‖²ρ_m² of the exponents' Fourier amplitudes,
their products with ΣR, and powers of the likelihood ratio w = p_θ(X)/φ(X). Their coefficients come from a scramble
that is used for nothing else, so that the means stay unbiased. Each further scramble gives a value; the mean of the
values has a Student interval.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as count_from
from itertools import islice

import numpy as np
import numpy.typing as npt

from numerics.case import Case
from numerics.errors import CannotAnswerError
from numerics.moments import FourierMoments

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

CONFIDENCE = 0.999
MAX_FREQUENCIES = 64
"""Largest radial block of the Hessian: its cost grows with the square."""
MAX_COMPONENTS = 4096

_FEWEST = 16
"""Scrambles."""
_PILOT, _LARGEST = 13, 13
"""Binary logarithms of the points of the scramble for the coefficients, and of the others: in many dimensions more
scrambles are worth more than longer ones."""
_LARGEST_TABLE = 1 << 21
"""Points times components of a scramble."""
_WORK = 1 << 28
"""The same times scrambles (and frequencies, for fourth moments): up to a minute."""
_BLOCK = 1 << 19
"""Exponents held at once."""
_LARGEST_PILOT = 1 << 22
_CONTROLLED = 64
"""Frequencies with controls of their own."""
_HIGHEST_POWER = 3
"""Of w among the controls: the expectation of w^p is a sum of k^p terms."""


@dataclass(frozen=True)
class Estimate:
    """A mean over scrambles, half the width of its Student interval at `CONFIDENCE`, and how much went into it."""

    value: float
    half_width: float
    scrambles: int
    points: int

    def excess(self, digits: int) -> float:
        """Half-width in units of what that many significant digits allow: half a unit of the last."""
        if not self.value:
            return math.inf
        return self.half_width / (0.5 * 10.0 ** (math.floor(math.log10(abs(self.value))) + 1 - digits))


@dataclass(frozen=True, eq=False)
class SampleMoments(FourierMoments):
    """Averages over one scramble.

    Attributes
    ----------
    k, divergence
        Number of components and KL.
    powers
        E|γ̂_m|², m = 0..⌊k/2⌋.
    quadruples, sums, differences
        E|γ̂_m|²|γ̂_n|² and Re E[γ̂_{m±n} γ̂_m* γ̂_{±n}*] for the same m and n; empty unless asked for.
    """

    k: int
    divergence: float
    powers: Floats
    quadruples: Floats
    sums: Floats
    differences: Floats

    def power(self, m: int) -> float:
        """E|γ̂_m|² = β_m."""
        return float(self.powers[self._fold(m)])

    def triple(self, m: int, n: int) -> float:
        """Re E[γ̂_{m+n} γ̂_m* γ̂_n*] for m from 0 to k/2 and n from −k/2 to k/2."""
        return float((self.sums if n >= 0 else self.differences)[m, abs(n)])

    def quadruple(self, m: int, n: int) -> float:
        """E[|γ̂_m|² |γ̂_n|²]."""
        return float(self.quadruples[self._fold(m), self._fold(n)])

    def _fold(self, m: int) -> int:
        return min(m % self.k, -m % self.k)


def estimate(
    case: Case, quantity: Callable[[SampleMoments], float], digits: int, *, fourth: bool = False, seed: int = 0
) -> Estimate:
    """Take more scrambles until the interval has the digits wanted, or as many as are allowed.

    Parameters
    ----------
    case
        With a point.
    quantity
        What to estimate from the averages over one scramble.
    digits
        Significant digits wanted.
    fourth
        Whether it needs third and fourth moments.
    seed
        Of the scrambles: the same seed gives the same estimate.

    Raises
    ------
    CannotAnswerError
        If there are too many components, or frequencies for fourth moments.
    """
    from scipy.stats import t  # noqa: PLC0415 - SciPy is slow to import

    source = scrambles(case, fourth=fourth, seed=seed)
    exponent = _exponent(case)
    most = max(_FEWEST, int(_WORK / (case.k * (len(case.frequencies) if fourth else 1) << exponent)))
    values: list[float] = []
    count = _FEWEST
    while True:
        values.extend(quantity(moments) for moments in islice(source, count - len(values)))
        half_width = float(t.ppf((1 + CONFIDENCE) / 2, count - 1) * np.std(values, ddof=1)) / math.sqrt(count)
        result = Estimate(float(np.mean(values)), half_width, count, 2 << exponent)
        excess = result.excess(digits)
        if excess <= 1 or count == most:
            return result
        count = min(most, math.ceil(count * max(1.5, excess**2)))


def scrambles(case: Case, *, fourth: bool = False, seed: int = 0) -> Iterator[SampleMoments]:
    """Yield the averages over one scramble after another; parameters and errors as for `estimate`."""
    if case.k > MAX_COMPONENTS or (fourth and len(case.frequencies) > MAX_FREQUENCIES):
        limit = f"{MAX_FREQUENCIES} frequencies" if fourth else f"{MAX_COMPONENTS} components"
        raise CannotAnswerError(f"Sobol points off the simplex are used up to {limit}")
    controls = _controls(case, seed)
    for scramble in count_from(seed + 1):
        yield _average(case, controls, _exponent(case), scramble, fourth=fourth)


def _exponent(case: Case) -> int:
    return min(_LARGEST, int(math.log2(_LARGEST_TABLE / case.k)))


@dataclass(frozen=True, eq=False)
class _Controls:
    """Control variates: the highest power of w, all expectations, and the coefficients for −log w and |γ̂_m|²."""

    highest: int
    expectations: Floats
    coefficients: Floats


def _controls(case: Case, seed: int) -> _Controls:
    exponents = next(_exponents(case, min(_PILOT, int(math.log2(_LARGEST_PILOT / case.k))), seed, _LARGEST_PILOT))
    spread = float(np.std(np.log(np.exp(exponents) @ _prior(case))))
    # Powers of w are of use while log w is small; their tails spoil the mean when it is not.
    allowed = _HIGHEST_POWER if case.k <= 2 * _CONTROLLED else 1
    highest = min(allowed, int(0.5 / max(spread, 1e-9)))
    values, controls, _ = _observe(case, exponents, highest)
    scale = controls.std(axis=0)
    scale[scale == 0] = 1
    centred = (controls - controls.mean(axis=0)) / scale
    coefficients = np.linalg.lstsq(centred, values - values.mean(axis=0), rcond=1e-10)[0] / scale[:, np.newaxis]
    return _Controls(highest, _expectations(case, highest), coefficients)


def _expectations(case: Case, highest: int) -> Floats:
    """R_m/ρ_m² is χ² with one or two degrees of freedom; E w^p = Σ π_{j_1}..π_{j_p} exp Σ_{a<b} c_{j_a − j_b}."""
    degrees = np.array([case.multiplicity(m) for m in case.frequencies])
    squares = _squares(case)
    mean, variance = squares * degrees, 2 * squares**2 * degrees
    total = mean.sum()
    own = slice(_CONTROLLED)
    known = [mean[own], mean[own] * total + variance[own], [total**2 + variance.sum()], [1.0] * min(highest, 1)]
    if highest > 1:
        lags, prior = np.arange(case.k), _prior(case)
        covariance = np.cos(2 * np.pi * np.outer(lags, np.arange(1, case.k // 2 + 1)) / case.k) @ squares
        gram = np.exp(covariance[np.subtract.outer(lags, lags) % case.k])
        joint = prior[:, np.newaxis] * gram * prior
        known.append([float(joint.sum()), float(np.sum(joint * ((gram * prior) @ gram)))][: highest - 1])
    return np.concatenate(known)


def _average(case: Case, controls: _Controls, exponent: int, seed: int, *, fourth: bool) -> SampleMoments:
    rows = min(1 << exponent, 1 << int(math.log2(_BLOCK / case.k)))
    blocks = _exponents(case, exponent, seed, rows)
    parts = [_block_means(case, controls, block, fourth=fourth) for block in blocks]
    values, *tables = (np.mean([part[i] for part in parts], axis=0) for i in range(4))
    return SampleMoments(case.k, float(values[0]), values[1:], *tables)


def _block_means(case: Case, controls: _Controls, exponents: Floats, *, fourth: bool) -> tuple[Floats, ...]:
    """Means of −log w and the powers with their controls, then the tables of third and fourth moments."""
    values, observed, transforms = _observe(case, exponents, controls.highest)
    adjusted = values.mean(axis=0) - (observed.mean(axis=0) - controls.expectations) @ controls.coefficients
    tables = [_fourth_moments(transform, case.k) for transform in transforms] if fourth else [(np.empty((0, 0)),) * 3]
    return adjusted, *(np.mean(parts, axis=0) for parts in zip(*tables, strict=True))


def _observe(case: Case, exponents: Floats, highest: int) -> tuple[Floats, Floats, list[Complexes]]:
    """Return −log w and |γ̂_m|², the controls, both averaged over point and mirror image, and γ̂ for each of the two."""
    squares = np.abs(np.fft.rfft(exponents, axis=1)[:, 1:]) ** 2 * _shares(case)
    total = squares.sum(axis=1, keepdims=True)
    prior, half = _prior(case), float(case.squared_radius) / 2
    values = np.zeros((len(exponents), len(_squares(case)) + 2))
    ratios = np.zeros((len(exponents), highest))
    transforms = []
    for signed in (exponents, -exponents):
        joint = np.exp(signed) * prior
        partition = joint.sum(axis=1)
        transforms.append(np.fft.rfft(joint / partition[:, np.newaxis], axis=1))
        logarithm = np.log(partition) - half
        values += np.column_stack([-logarithm, np.abs(transforms[-1]) ** 2]) / 2
        ratios += np.exp(np.outer(logarithm, np.arange(1, highest + 1))) / 2
    own = squares[:, :_CONTROLLED]
    controls = np.column_stack([own, own * total, total**2, ratios])
    return values, controls, transforms


def _fourth_moments(transform: Complexes, k: int) -> tuple[Floats, Floats, Floats]:
    """E|γ̂_m|²|γ̂_n|² and Re E[γ̂_{m±n} γ̂_m* γ̂_{±n}*] over the points, from γ̂_0..γ̂_⌊k/2⌋ in the columns."""
    half = np.ascontiguousarray(transform.T)
    full = np.concatenate([half, np.conj(half[1 : (k + 1) // 2][::-1])])
    powers = np.abs(half) ** 2
    frequencies = np.arange(len(half))
    sums, differences = np.empty((2, len(half), len(half)))
    for m in frequencies:
        partner = np.conj(half[m])
        sums[m] = np.mean((full[(m + frequencies) % k] * np.conj(half) * partner).real, axis=1)
        differences[m] = np.mean((full[(m - frequencies) % k] * half * partner).real, axis=1)
    return powers @ powers.T / len(transform), sums, differences


def _exponents(case: Case, exponent: int, seed: int, rows: int) -> Iterator[Floats]:
    """Yield y_j = ⟨X, R^jθ⟩ at 2^exponent points in blocks (rows, k); large amplitudes take the first dimensions."""
    from scipy.special import ndtri  # noqa: PLC0415 - SciPy is slow to import
    from scipy.stats import qmc  # noqa: PLC0415

    squares = _squares(case)
    order = [m for m in np.argsort(-squares, kind="stable").tolist() if squares[m] > 0]
    sampler = qmc.Sobol(sum(case.multiplicity(m + 1) for m in order), scramble=True, rng=seed)
    count = min(rows, 1 << exponent)
    for _ in range((1 << exponent) // count):
        normals = ndtri(sampler.random(count))
        spectrum = np.zeros((count, case.k // 2 + 1), dtype=complex)
        column = 0
        for m in order:
            scale = math.sqrt(squares[m])
            if case.multiplicity(m + 1) == 1:
                spectrum[:, m + 1] = case.k * scale * normals[:, column]
            else:
                spectrum[:, m + 1] = case.k / 2 * scale * (normals[:, column] + 1j * normals[:, column + 1])
            column += case.multiplicity(m + 1)
        yield np.fft.irfft(spectrum, n=case.k, axis=1)


def _squares(case: Case) -> Floats:
    return np.array([float(square) for square in case.squared_amplitudes])


def _prior(case: Case) -> Floats:
    return np.array([float(weight) for weight in case.weights])


def _shares(case: Case) -> Floats:
    """R_m over |Σ_j y_j e^{−2πi jm/k}|²."""
    return np.array([case.multiplicity(m) ** 2 / case.k**2 for m in case.frequencies])
