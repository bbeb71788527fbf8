"""Mean, covariance and third cumulant of the posteriors, averaged over the data, with bounds on their errors.

M_n(θ) is the mean, ∇M_n(θ) the covariance, ∇²M_n(θ) the third cumulant. Proofs: section 14 of docs/error-bounds.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from emtheory.numerics.arithmetic.exponential import EXPONENTIAL_ERROR, exponential
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, exact_sum, rounding_factor
from emtheory.numerics.data_certificates.points import TURN_ERROR, Points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.simplex import FloatArray

_FEW = 16
"""Roundings of a sum that are not additions: products, the last sum over blocks, the division by n."""
_RUN = 64
"""Posterior means that are added in doubles; sums over such runs are exact, for fixed points to many digits."""
_LARGEST_ERROR = 2.0**-10
"""Of a posterior, relative: up to this the first-order bounds hold with the constants of section 14."""


@dataclass(frozen=True)
class PosteriorError:
    """δ_i = constant + slope ‖x_i‖, with which everything made of the posteriors of x_i is bounded.

    |γ̂_ij − γ_ij| ≤ δ_i γ_ij, and posterior means and the deviations from them are off by at most δ_i ‖x_i‖, up to
    underflow. The exponents themselves are off by at most exponent_constant + exponent_slope ‖x_i‖.
    """

    constant: float
    slope: float
    exponent_constant: float
    exponent_slope: float


def posterior_error(points: Points, distance: float) -> PosteriorError:
    """Return the error of posteriors at a point θ with ‖θ‖ ≤ `distance`.

    CannotAnswerError if it is not small: the exponents ⟨x, θ⟩ are too large for double precision.
    """
    k, s = points.k, points.span
    largest_log = float(np.abs(points.log_weights).max())
    exponent_slope = distance * (TURN_ERROR + (s + 5) * UNIT) * SLACK
    exponent_constant = (s + 6) * UNIT * largest_log * SLACK
    constant = 1.25 * (2 * exponent_constant + 2 * EXPONENTIAL_ERROR + (k + 2) * UNIT)
    slope = 2.5 * exponent_slope
    constant = 1.1 * (constant + 2 * TURN_ERROR + (k + 6) * UNIT) * SLACK
    slope *= 1.1 * SLACK
    if constant + slope * points.largest_norm > _LARGEST_ERROR:
        raise CannotAnswerError(
            f"posteriors at ‖θ‖ = {distance:.3g} of rows of norm {points.largest_norm:.3g} "
            "have exponents beyond double precision"
        )
    return PosteriorError(constant, slope, exponent_constant, exponent_slope)


@dataclass(frozen=True, eq=False)
class Moments:
    """What EM does at θ of the span: M_n(θ), of length s, and ∇M_n(θ), s × s, each up to an error in norm."""

    mean: FloatArray
    mean_error: float
    covariance: FloatArray
    covariance_error: float


def posteriors(points: Points, block: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return γ (k × B), and of the exponents the largest, and the sums of exponentials relative to it (B each)."""
    exponents = points.log_weights[:, None] + np.einsum("c,ckb->kb", theta, block)
    peak = exponents.max(axis=0)
    gamma = exponential(exponents - peak)
    total = gamma.sum(axis=0)
    return gamma / total, peak, total


def moments(points: Points, theta: FloatArray, share: Workers = alone) -> Moments:
    """Return M_n(θ) and ∇M_n(θ) on the span, at θ of length s, taken as it is.

    CannotAnswerError if exponents are too large for double precision.
    """

    def work(run: Iterable[FloatArray]) -> list[tuple[FloatArray, FloatArray]]:
        results = []
        for block in run:
            gamma = posteriors(points, block, theta)[0]
            centre, deviations = centred(block, gamma)
            flat = deviations.reshape(points.span, -1)
            runs = np.add.reduceat(centre, np.arange(0, centre.shape[1], _RUN), axis=1)
            results.append((exact_sum(runs.T), np.dot(flat * gamma.ravel(), flat.T)))
        return results

    error = posterior_error(points, norm_bound(theta))
    means, covariances = zip(*share(work, points.blocks), strict=True)
    mean_error = lost(points, error, 1, _RUN)
    covariance_error = lost(points, error, 2, largest_block(points))
    covariance = exact_sum(covariances) / points.n
    return Moments(exact_sum(means) / points.n, mean_error, (covariance + covariance.T) / 2, covariance_error)


def centred(block: FloatArray, gamma: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the posterior means (s × B) and the deviations from them (s × k × B)."""
    centre = (block * gamma).sum(axis=1)
    return centre, block - centre[:, None]


def lost(points: Points, error: PosteriorError, power: int, terms: int) -> float:
    """Return an upper bound of the error, in norm, of the mean of Σ_j γ_ij d_ij⊗…⊗d_ij with `power` factors d_ij.

    The power is 2, 3 or 4, or 1 for the mean of Σ_j γ_ij y_ij; `terms` is the longest sum that is not taken exactly.
    """
    scale = 2.0 ** (power - 1) * (power + 3)
    relative = error.constant + rounding_factor(terms + _FEW)
    return scale * (points.powers[power] * relative + points.powers[power + 1] * error.slope) * SLACK + TINY


def largest_block(points: Points) -> int:
    """Return how many posteriors a block has, at most."""
    return points.k * max(map(len, points.norms))


def norm_bound(theta: FloatArray) -> float:
    """Return an upper bound of ‖θ‖."""
    with np.errstate(over="ignore"):  # an infinite bound is one, and is refused where it matters
        return float(np.sqrt(np.square(theta).sum())) * SLACK + TINY
