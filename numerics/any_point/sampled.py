"""Points off the simplex for any k: averages over scrambled Sobol points, in copies that differ by their scrambles.

With g_m = Σ_j π_j e^{ty_j − t²σ²/2} e^{2πijm/k}, where the exponents y_j have the variance σ² = ‖θ‖², the transform of
the posterior is γ̂_m = g_m/g_0 at t = 1. Exact means make control variates: E g_0 = 1, and E|g_m|² is the transform of
Σ_j π_jπ_{j+d} e^{t²c(d)}, c(d) the covariance of y_j and y_{j+d}. Near the origin, and for many components, g_0 is
nearly 1 and they take away most of what varies; smaller t keep their own variance small further out. Coefficients come
from points that are used for nothing else, so that the means stay unbiased.

A quantity is a function of the averages; the jackknife over the copies gives its value, without most of the bias that
a function of noisy averages has, and a Student interval.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.processes import processors
from emtheory.numerics.simplex_point.moments import HessianMoments

CONFIDENCE = 0.999
"""Of the intervals stated: about one in a thousand misses the truth. 99 % would be three quarters as wide, and miss it
ten times as often."""
MAX_COMPONENTS = 4096
"""A block of points has 64 of so many exponents, and the controls need a few hundred points to be fitted."""
MAX_FREQUENCIES = 64
"""For couplings: the cost grows with the square."""

COPIES = 16
"""Student's quantile at 99.9 % is then 4.1; with eight it would be 5.4, with any number 3.3."""
_WORK = {2: 1 << 29, 4: 1 << 31}
"""Exponents at all points of all copies, times frequencies for couplings, by the degree of the moments: minutes."""
_HOPELESS = 4.0
"""Where the work for the digits wanted is more than so many times what is allowed, a sixteenth of it is done."""
_FEWEST = 9
"""Binary logarithm of the points of a copy to begin with."""
_BLOCK = 1 << 18
"""Exponents that are held at once."""
_PILOT = 4
"""Blocks at most for the coefficients: noise in these is noise in every value."""
_TEMPERATURES = (0.7, 0.4, 0.2)
"""The t of the controls, 1 at most, in units of 1/σ: beyond, rare points would have most of the weight."""
_BITS = 30
"""Of a coordinate of the sequence, a multiple of 2^−30 in [0, 1)."""

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]


@dataclass(frozen=True)
class Estimate:
    """A value, half the width of its interval at `CONFIDENCE`, and the points of each copy with their mirror images."""

    value: float
    half_width: float
    points: int

    def excess(self, digits: int) -> float:
        """Half-width in units of what that many significant digits allow: half a unit of the last."""
        if not self.value:
            return math.inf
        return self.half_width / (0.5 * 10.0 ** (math.floor(math.log10(abs(self.value))) + 1 - digits))


@dataclass(frozen=True, eq=False)
class Averages(HessianMoments):
    """KL, β_m for m = 0..⌊k/2⌋, and t_mn for m, n = 1..⌊k/2⌋, if they were asked for."""

    k: int
    divergence: float
    powers: Floats
    couplings: Floats

    def power(self, m: int) -> float:
        """β_m, for any m."""
        return float(self.powers[min(m % self.k, -m % self.k)])

    def coupling(self, m: int, n: int) -> float:
        """t_mn."""
        return float(self.couplings[m - 1, n - 1])


def averages(case: Case, row: Floats) -> Averages:
    """Return a row of `copies` under its names."""
    half = case.k // 2
    powers = np.concatenate([[1.0], row[1 : half + 1]])
    return Averages(case.k, float(row[0]), powers, row[half + 1 :].reshape(-1, half))


def estimate(
    case: Case, quantity: Callable[[Averages], float], digits: int, *, degree: int = 2, seed: int = 0
) -> Estimate:
    """Estimate from ever more points, the same for a seed, until the digits are there; couplings need the degree 4."""
    exponent = _FEWEST
    while True:
        found = jackknife(case, quantity, copies(case, exponent, degree=degree, seed=seed), 2 << exponent)
        excess, work = found.excess(digits), COPIES * case.k * (case.k // 2 if degree > 2 else 1) << exponent
        # Errors of scrambled sequences fall faster than those of independent points.
        hopeless = excess**1.5 * work > _HOPELESS * _WORK[degree]
        if excess <= 1 or 2 * work > (_WORK[degree] // 16 if hopeless else _WORK[degree]):
            return found
        exponent += 1


def jackknife(case: Case, quantity: Callable[[Averages], float], found: Floats, points: int) -> Estimate:
    """Return the mean of the pseudo-values n·q(all) − (n − 1)·q(all but one) of n copies, with its interval."""
    from scipy.stats import t  # noqa: PLC0415 - SciPy is slow to import

    count, total = len(found), found.sum(axis=0)

    def value(average: Floats) -> float:
        return quantity(averages(case, average))

    others = np.array([value((total - copy) / (count - 1)) for copy in found])
    pseudo = count * value(total / count) - (count - 1) * others
    quantile = float(t.ppf((1 + CONFIDENCE) / 2, count - 1))
    return Estimate(float(np.mean(pseudo)), quantile * float(np.std(pseudo, ddof=1)) / math.sqrt(count), points)


def copies(case: Case, exponent: int, *, degree: int = 2, seed: int = 0) -> Floats:
    """Return KL, the β_m and, row by row, for degree 4 the t_mn, m, n ≥ 1, each averaged over 2^exponent points.

    There is a row for each copy; threads share the work.
    """
    if case.k > MAX_COMPONENTS:
        raise CannotAnswerError(f"Sobol points off the simplex are used up to {MAX_COMPONENTS} components")
    if degree > 2 and len(case.frequencies) > MAX_FREQUENCIES:
        raise CannotAnswerError(f"the Hessian is estimated by Sobol points up to {MAX_FREQUENCIES} frequencies")
    observed = _Observed(case)
    coefficients = observed.coefficients(np.concatenate([*islice(_exponents(case, exponent, (seed, 0)), _PILOT)]))

    def copy(number: int) -> Floats:
        blocks = _exponents(case, exponent, (seed, number))
        average: Floats = np.mean([observed.average(y, coefficients, degree) for y in blocks], axis=0)
        return average

    with ThreadPoolExecutor(processors()) as pool:
        return np.array(list(pool.map(copy, range(1, 1 + COPIES))))


def averages_over(case: Case, y: Floats, degree: int) -> Averages:
    """Return the averages over given exponents, shape (points, k), and their mirror images, as they stand."""
    return averages(case, _Observed(case).average(y, None, degree))


def normals(dimension: int, exponent: int, rows: int, seed: Sequence[int]) -> Iterator[Floats]:
    """Yield 2^exponent points of a scrambled Sobol sequence through the normal quantile, so many rows at a time."""
    from scipy.special import ndtri  # noqa: PLC0415 - SciPy is slow to import
    from scipy.stats import qmc  # noqa: PLC0415

    sampler = qmc.Sobol(dimension, bits=_BITS, rng=np.random.default_rng(seed))
    for _ in range((1 << exponent) // rows):
        yield ndtri(sampler.random(rows) + 0.5 ** (_BITS + 1))  # centres of cells: 0 would be an infinite normal


def couplings(k: int, transforms: Complexes, mass: Floats | None = None) -> Floats:
    """Return means, by masses, of t_mn, m, n = 1..⌊k/2⌋, from posteriors' transforms, shape (points, ⌊k/2⌋ + 1)."""
    half, mass = transforms.T, np.full(len(transforms), 1 / len(transforms)) if mass is None else mass
    full = np.concatenate([half, np.conj(half[1 : (k + 1) // 2][::-1])])
    powers = np.abs(full) ** 2
    means, frequencies = powers @ mass, np.arange(1, len(half))
    result = 6 * (powers[frequencies] * mass) @ powers[frequencies].T
    for m in frequencies:
        for signed in (frequencies, -frequencies):
            triples = full[(m + signed) % k] * np.conj(full[signed % k] * full[m])
            result[m - 1] += means[(m + signed) % k] - 4 * triples.real @ mass
    symmetric: Floats = (result + result.T) / 2
    return symmetric


def dimensions(case: Case) -> npt.NDArray[np.intp]:
    """Return for each dimension in which the exponents vary its m − 1, those of large amplitudes first."""
    rho = _amplitudes(case)
    order = np.argsort(-rho, kind="stable")[: max(1, np.count_nonzero(rho))]
    return np.repeat(order, [case.multiplicity(int(m) + 1) for m in order])


def exponents_at(case: Case, places: npt.NDArray[np.intp], noise: Floats) -> Floats:
    """Return y_j = ⟨x, R^jθ⟩, shape (points, k), at points by their coordinates in `dimensions`."""
    k, scale = case.k, _amplitudes(case)[places] * np.where(2 * (places + 1) == case.k, case.k, case.k / 2)
    second = np.concatenate([[False], places[1:] == places[:-1]])
    spectrum = np.zeros((len(noise), k // 2 + 1), dtype=complex)
    spectrum[:, places[~second] + 1] = (noise * scale)[:, ~second]
    spectrum[:, places[second] + 1] += 1j * (noise * scale)[:, second]
    return np.fft.irfft(spectrum, n=k, axis=1)


def _exponents(case: Case, exponent: int, seed: Sequence[int]) -> Iterator[Floats]:
    """Yield them in blocks at points of a sequence, whose first dimensions are the most uniform."""
    places, rows = dimensions(case), min(1 << exponent, 1 << int(math.log2(max(2, _BLOCK // case.k))))
    for noise in normals(len(places), exponent, rows, seed):
        yield exponents_at(case, places, noise)


def _amplitudes(case: Case) -> Floats:
    return np.array([math.sqrt(square) for square in case.squared_amplitudes])


class _Observed:
    """What is averaged at a case's point: −log g_0 and the |γ̂_m|², and their control variates."""

    def __init__(self, case: Case) -> None:
        self.k, self.variance = case.k, float(case.squared_radius)
        self.prior = np.array([float(weight) for weight in case.weights])
        self.temperatures = [t / max(t, math.sqrt(self.variance)) for t in _TEMPERATURES]
        spectrum = np.concatenate([[0.0], _amplitudes(case) ** 2])
        spectrum *= np.where(2 * np.arange(len(spectrum)) == self.k, self.k, self.k / 2)
        covariance = np.fft.irfft(spectrum, n=self.k)
        lags = np.fft.irfft(np.abs(np.fft.rfft(self.prior)) ** 2, n=self.k)
        self.means = [np.fft.rfft(lags * np.exp(t**2 * covariance)).real for t in self.temperatures]

    def coefficients(self, y: Floats) -> Floats:
        """Fit the outputs by their controls at points; shape (controls, 1 + ⌊k/2⌋)."""
        (outputs, _), controls = self._outputs(y), self._controls(y)
        centred = controls - controls.mean(axis=1, keepdims=True)
        normal = np.einsum("apm,bpm->mab", centred, centred)
        right = np.einsum("apm,pm->ma", centred, outputs - outputs.mean(axis=0))
        fitted: Floats = np.einsum("mab,mb->am", np.linalg.pinv(normal, rcond=1e-12, hermitian=True), right)
        return fitted

    def average(self, y: Floats, coefficients: Floats | None, degree: int) -> Floats:
        """Return a row of `copies` from a block of points, without coefficients as they stand."""
        outputs, transforms = self._outputs(y)
        means = outputs.mean(axis=0)
        if coefficients is not None:
            means -= np.sum(self._controls(y).mean(axis=1) * coefficients, axis=0)
        return np.concatenate([means, couplings(self.k, transforms).ravel()]) if degree > 2 else means

    def _outputs(self, y: Floats) -> tuple[Floats, Complexes]:
        """Return −log g_0 and |γ̂_m|², m ≥ 1, averaged over mirror images, and γ̂_m at points and mirror images."""
        both = np.concatenate([y, -y])
        largest = both.max(axis=1, keepdims=True)
        joint = self.prior * np.exp(both - largest)
        total = joint.sum(axis=1, keepdims=True)
        transforms = np.fft.rfft(joint / total, axis=1)
        divergences = self.variance / 2 - np.log(total) - largest
        outputs = np.concatenate([divergences, np.abs(transforms[:, 1:]) ** 2], axis=1)
        return (outputs[: len(y)] + outputs[len(y) :]) / 2, transforms

    def _controls(self, y: Floats) -> Floats:
        """g_0, |g_0|² and |g_m|² less their means, for each temperature, averaged over points and mirror images."""
        found = []
        for t, means in zip(self.temperatures, self.means, strict=True):
            first, second = (
                np.fft.rfft(self.prior * np.exp(t * sign * y - t**2 * self.variance / 2), axis=1) for sign in (1, -1)
            )
            squares = (np.abs(first) ** 2 + np.abs(second) ** 2) / 2 - means
            shared = ((first + second).real[:, :1] / 2 - 1, squares[:, :1])
            found += [*(np.broadcast_to(control, squares.shape) for control in shared), squares]
        return np.array(found)
