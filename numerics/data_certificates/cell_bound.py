"""The largest eigenvalue of ∇M_n over a cell, from its centre alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations_with_replacement, product

import numpy as np

from emtheory.numerics.arithmetic.rounding import SLACK, TINY, exact_sum
from emtheory.numerics.data_certificates.cumulants import (
    PosteriorError,
    centred,
    largest_block,
    lost,
    norm_bound,
    posterior_error,
    posteriors,
)
from emtheory.numerics.data_certificates.eigenvalue_bounds import largest_eigenvalue_above, largest_eigenvalue_below
from emtheory.numerics.data_certificates.points import Points
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.simplex import FloatArray

_FARTHEST = 2.0
"""Points whose exponents may move by more than this count with the largest covariance that they can have anywhere. A
choice; smaller cells have fewer of them."""

_SHARES = 9
"""Multiples tried. For normal deviations that of s/(s + 2) parts makes (s + 2)/3 of the eigenvalue go away."""
_LARGEST_WEIGHT = 0.5 / (1 - _FARTHEST / 3)
"""Of ½/(1 − a/3) for a ≤ 2."""

Item = tuple[FloatArray, FloatArray, FloatArray]
Sums = tuple[FloatArray, ...]


@dataclass(frozen=True)
class CellBound:
    """λ_max(∇M_n) at the centre is at least `lower`; over all of the cell it is at most `upper`."""

    lower: float
    upper: float


def bound_cell(
    points: Points, centre: FloatArray, half_widths: FloatArray, radius: float, share: Workers = alone
) -> CellBound:
    """Bound λ_max(∇M_n(θ)) for all θ in a cell, or the part of it within the radius, of the centre.

    For a step w from the centre, ∇M_n ⪯ S + T[w] + F[w, w] + e I, with S the covariance and T the third cumulant at the
    centre, F a fourth moment with weights, and e what points far out can add (section 14 of docs/error-bounds.md).
    Centre and half-widths, of length s, are exact; CannotAnswerError if exponents are too large for double precision.
    """
    error, s = posterior_error(points, norm_bound(centre)), points.span
    covariance, third, fourth, escaped = _sums(points, centre, radius, error, share)
    errors = [lost(points, error, power, largest_block(points)) for power in (2, 3, 4)]
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
    points: Points, centre: FloatArray, radius: float, error: PosteriorError, share: Workers
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the means of covariance and third cumulant, of the fourth moment as a matrix on pairs, and of the escaped.

    In the fourth moment deviations have the weight ½/(1 − a/3), a bounding ‖w‖ times their length.
    """
    s = points.span
    left, right = (list(side) for side in zip(*_pairs(s), strict=True))

    def work(run: Iterable[Item]) -> list[Sums]:
        results: list[Sums] = []
        for block, norms, diameters in run:
            gamma = posteriors(points, block, centre)[0]
            deviations = centred(block, gamma)[1]
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
        exact_sum(parts) / points.n for parts in zip(*share(work, items), strict=True)
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
