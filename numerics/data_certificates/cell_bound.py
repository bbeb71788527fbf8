"""The largest eigenvalue of ∇M_n over a cell, from its centre alone, with all rounding errors bounded.

Proofs: section 14 of docs/error-bounds.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations_with_replacement, product

import numpy as np

from emtheory.numerics.arithmetic.rounding import (
    EXPONENTIAL_ERROR,
    SLACK,
    TINY,
    UNIT,
    exact_sum,
    exponential,
    rounding_factor,
)
from emtheory.numerics.data_certificates.points import TURN_ERROR, Points
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.simplex import FloatArray

_FARTHEST = 2.0
"""Points whose exponents may move by more than this count with the largest covariance that they can have anywhere. A
choice; smaller cells have fewer of them."""

_SHARES = 9
"""Multiples tried. For normal deviations that of s/(s + 2) parts makes (s + 2)/3 of the eigenvalue go away."""
_LARGEST_WEIGHT = 0.5 / (1 - _FARTHEST / 3)
"""Of ½/(1 − a/3) for a ≤ 2."""
_FEW = 16
"""Roundings of a sum that are not additions: products, the last sum over blocks, the division by n."""
_LARGEST_ERROR = 2.0**-10
"""Of a posterior, relative: up to this the first-order bounds hold with the constants of section 14."""
_LOST = 2.0**-36
"""Relative to ‖H‖_F: more than products of m × m doubles lose for m ≤ 36 (section 14 of docs/error-bounds.md)."""

Item = tuple[FloatArray, FloatArray, FloatArray]
Sums = tuple[FloatArray, ...]


@dataclass(frozen=True)
class CellBound:
    """λ_max(∇M_n) at the centre is at least `lower`; over all of the cell it is at most `upper`."""

    lower: float
    upper: float


@dataclass(frozen=True)
class PosteriorError:
    """δ_i = constant + slope ‖x_i‖, with which everything made of the posteriors of x_i is bounded.

    |γ̂_ij − γ_ij| ≤ δ_i γ_ij, and posterior means and the deviations from them are off by at most δ_i ‖x_i‖, up to
    underflow.
    """

    constant: float
    slope: float


def bound_cell(points: Points, centre: FloatArray, half_widths: FloatArray, radius: float) -> CellBound:
    """Bound λ_max(∇M_n(θ)) for all θ in a cell, or the part of it within the radius, of the centre.

    For a step w from the centre, ∇M_n ⪯ S + T[w] + F[w, w] + e I, with S the covariance and T the third cumulant at the
    centre, F a fourth moment with weights, and e what points far out can add (section 14 of docs/error-bounds.md).
    Centre and half-widths, of length s, are exact; CannotAnswerError if exponents are too large for double precision.
    """
    error, s = posterior_error(points, norm_bound(centre)), points.span
    covariance, third, fourth, escaped = _sums(points, centre, radius, error)
    errors = [lost(points, error, power) for power in (2, 3, 4)]
    lower = largest_eigenvalue_below(covariance) - errors[0] - TINY
    corners = np.array(list(product((-1.0, 1.0), repeat=s))) * half_widths
    turned = covariance + np.einsum("wc,abc->wab", corners, third)
    along = float(largest_eigenvalue_above(turned).max())
    anywhere = float(largest_eigenvalue_above(covariance)) + radius * norm_bound(third.ravel())
    lengths = np.array([[1.0 if a == b else np.sqrt(2)] for a, b in _pairs(s)])
    moved = min(along, anywhere) + radius**2 * _largest_value(fourth * lengths * lengths.T, s)
    if norm_bound(half_widths) <= radius * SLACK:
        # F holds at the corners, and they are the worst: the form is convex in w.
        every = _full(np.moveaxis(_full(fourth, s), 2, 0), s)
        curved = np.einsum("wc,wd,cdab->wab", corners, corners, every)
        moved = min(moved, float(largest_eigenvalue_above(turned + curved).max()))
    beyond = errors[0] + radius * errors[1] + _LARGEST_WEIGHT * radius**2 * errors[2] + float(escaped) * SLACK
    return CellBound(lower, (moved + beyond) * SLACK + TINY)


def _sums(
    points: Points, centre: FloatArray, radius: float, error: PosteriorError
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the means of covariance and third cumulant, of the fourth moment as a matrix on pairs, and of the escaped.

    In the fourth moment deviations have the weight ½/(1 − a/3), a bounding ‖w‖ times their length.
    """
    s = points.span
    left, right = (list(side) for side in zip(*_pairs(s), strict=True))

    def work(run: Iterable[Item]) -> list[Sums]:
        results: list[Sums] = []
        for block, norms, diameters in run:
            gamma, deviations = posteriors(points, block, centre)
            moves = np.sqrt(np.square(deviations).sum(axis=0)) + (error.constant + error.slope * norms) * norms
            moves *= radius * SLACK
            followed = moves.max(axis=0) <= _FARTHEST
            weights = gamma * followed
            curved = (weights * (0.5 * SLACK) / (1 - np.minimum(moves, _FARTHEST) / 3)).ravel()
            flat = deviations.reshape(s, -1)
            squares = flat[left] * flat[right]
            results.append(
                (
                    np.dot(squares, gamma.ravel()),
                    np.dot(squares, (flat * weights.ravel()).T),
                    np.dot(squares * curved, squares.T),
                    np.square(diameters[~followed]).sum() / 4,
                )
            )
        return results

    items: list[Item] = list(zip(points.blocks, points.norms, points.diameters, strict=True))
    covariance, third, fourth, escaped = (
        exact_sum(parts) / points.n for parts in zip(*points.share(work, items), strict=True)
    )
    return _full(covariance, s), _full(third, s), (fourth + fourth.T) / 2, escaped


def _largest_value(fourth: FloatArray, s: int) -> float:
    """Return an upper bound of F(u, u, w, w) for unit vectors u, w and a mean F of fourth powers d⊗d⊗d⊗d, as a matrix.

    In it pairs of different coordinates count √2, so that uuᵀ for a unit vector u is a unit vector. The form is at most
    the largest F(u, u, u, u) (Cauchy and Schwarz), and that at most the largest eigenvalue of the matrix, or of what is
    left of it less a multiple of 11ᵀ − I, 1 standing for the identity: for x = uuᵀ, (1ᵀx)² = xᵀx.
    """
    identity = np.array([float(a == b) for a, b in _pairs(s)])
    same = np.outer(identity, identity) - np.eye(len(identity))
    shares = np.linspace(0, 1, _SHARES) * float(identity @ fourth @ identity) / s**2
    return float(largest_eigenvalue_above(fourth - shares[:, None, None] * same).min())


def _pairs(s: int) -> list[tuple[int, int]]:
    return list(combinations_with_replacement(range(s), 2))


def _full(values: FloatArray, s: int) -> FloatArray:
    """Return the symmetric array whose first two axes were given by their pairs."""
    result = np.empty((s, s, *values.shape[1:]))
    for (a, b), value in zip(_pairs(s), values, strict=True):
        result[a, b] = result[b, a] = value
    return result


# Rounding errors


def posterior_error(points: Points, distance: float) -> PosteriorError:
    """Return the error of posteriors for ‖θ‖ ≤ `distance`; CannotAnswerError if exponents are beyond doubles."""
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
    return PosteriorError(constant, slope)


def posteriors(points: Points, block: FloatArray, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return γ (k × B) and the deviations from posterior means (s × k × B)."""
    exponents = points.log_weights[:, None] + np.einsum("c,ckb->kb", theta, block)
    gamma = exponential(exponents - exponents.max(axis=0))
    gamma /= gamma.sum(axis=0)
    return gamma, block - (block * gamma).sum(axis=1)[:, None]


def lost(points: Points, error: PosteriorError, power: int) -> float:
    """Bound the error, in norm, of the mean of Σ_j γ_ij d_ij⊗…⊗d_ij with 2, 3 or 4 factors, blocks summed exactly."""
    scale = 2.0 ** (power - 1) * (power + 3)
    relative = error.constant + rounding_factor(points.k * max(map(len, points.norms)) + _FEW)
    return scale * (points.powers[power] * relative + points.powers[power + 1] * error.slope) * SLACK + TINY


def norm_bound(theta: FloatArray) -> float:
    """Return an upper bound of ‖θ‖."""
    with np.errstate(over="ignore"):  # an infinite bound is one, and is refused where it matters
        return float(np.sqrt(np.square(theta).sum())) * SLACK + TINY


def largest_eigenvalue_above(matrices: FloatArray) -> FloatArray:
    """Return upper bounds of λ_max of symmetric matrices, shape (…, m, m) → (…), m ≤ 36; none is below 0.

    For any invertible Q, λ_max(H) = sup xᵀQᵀHQx / xᵀQᵀQx. The columns of Q are what a library takes for eigenvectors,
    so that both matrices are nearly diagonal, and their rows bound the quotient (Gershgorin).
    """
    _, vectors = np.linalg.eigh(matrices)
    turned = np.swapaxes(vectors, -1, -2) @ matrices @ vectors
    gram = np.swapaxes(vectors, -1, -2) @ vectors
    lost = _LOST * np.sqrt(np.square(matrices).sum(axis=(-1, -2)))
    identity = np.eye(matrices.shape[-1])
    spread = np.abs(gram - identity).sum(axis=-1).max(axis=-1) + _LOST
    rows = np.abs(turned * (1 - identity)).sum(axis=-1) + np.diagonal(turned, axis1=-2, axis2=-1)
    if not (spread < 0.5).all():
        raise ArithmeticError("eigenvectors of a symmetric matrix are not nearly orthogonal")
    result: FloatArray = np.maximum(rows.max(axis=-1) + 2 * lost, 0) / (1 - spread) * (1 + _LOST)
    return result


def largest_eigenvalue_below(matrix: FloatArray) -> float:
    """Return a lower bound of λ_max of a symmetric m × m matrix, m ≤ 36, with λ_max ≥ 0: a Rayleigh quotient."""
    vector = np.linalg.eigh(matrix)[1][:, -1]
    lost = _LOST * float(np.sqrt(np.square(matrix).sum()))
    return max(float(vector @ matrix @ vector) - lost, 0.0) / float(vector @ vector) / (1 + _LOST)
