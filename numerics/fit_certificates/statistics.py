"""Means over data of posteriors and products of features, enclosed (section 14 of docs/error-bounds.md).

With γ_ij the posterior of component j at x_i and T_ij its features: the means of γ_ij T_ij, the mean covariance under
the posteriors V = n⁻¹ Σ_i Cov_{j ~ γ_i}(e_j ⊗ T_ij) — of which score and information are made — and the mean
log-likelihood. Doubles do the work, and bounds of all their errors go with them.
"""

from dataclasses import dataclass
from itertools import combinations

import flint
import numpy as np

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import (
    EXPONENTIAL_ERROR,
    SLACK,
    TINY,
    UNIT,
    FloatArray,
    exponential,
    rounding_factor,
    scaled_product,
)
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.family import Family

BITS = 128
"""Of the arithmetic with numbers that are few."""
_BLOCK = 2**15
"""Features of a block of observations, all components together, about: it stays in the cache."""
_FEWEST = 128
"""Observations of a block, at least."""
_LARGEST = 2.0**60
"""Of a feature: beyond it rounding leaves nothing of an exponent."""
_FARTHEST = 300.0
"""Of the change of an exponent over a box: e^{−700 + 300} is still less than `TINY`."""


@dataclass(frozen=True, eq=False)
class Reach:
    """How far log-ratios change where parameters do: |Δ(l_j − l_m)(x)| ≤ radius (‖Dᵀ_j T_j − Dᵀ_m T_m‖ + …).

    `slopes` are D, of shape (k, q, p), and `spread` R bounds what they are off by on the way: ‖Rᵀ_j |T_j|‖ are added.
    """

    radius: float
    slopes: FloatArray
    spread: FloatArray

    def changes(self, features: BallArray) -> FloatArray:
        """Return upper bounds of |Δ(l_j − l_m)(x_i)|, of shape (k, k, n)."""
        size = rounding_factor(self.slopes.shape[1] + 5)
        moved = np.matmul(np.swapaxes(self.slopes, 1, 2), features.mid)
        magnitude = features.magnitude
        lost = np.matmul(np.swapaxes(abs(self.slopes), 1, 2), size * magnitude + features.rad)
        lost = (lost + np.matmul(np.swapaxes(self.spread, 1, 2), magnitude)) * SLACK
        k, n = len(moved), moved.shape[2]
        result = np.zeros((k, k, n))
        for j, m in combinations(range(k), 2):
            apart = abs(moved[j] - moved[m]) + (lost[j] + lost[m])
            result[j, m] = result[m, j] = self.radius * np.sqrt(np.square(apart).sum(axis=0)) * SLACK + TINY
        return result


@dataclass(frozen=True, eq=False)
class Statistics:
    """Means over n observations: `first` of γT (k·q balls), `covariance` V, and `log_likelihood`.

    With a `Reach`, `first` holds the means at all parameters within it, and `covariance` is at least that at each of
    them in the order of symmetric matrices; the log-likelihood is that at the centre.
    """

    first: list[flint.arb]
    covariance: flint.arb_mat
    log_likelihood: flint.arb


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums over some observations, and what bounds their errors: sums of moduli, and squares of norms."""

    first: FloatArray
    first_size: FloatArray
    first_error: FloatArray
    products: FloatArray
    norms: FloatArray
    logs: flint.arb
    log_error: float
    log_size: float

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def statistics(
    family: Family, rows: FloatArray, coefficients: list[flint.arb], reach: Reach | None = None
) -> Statistics:
    """Return the means for parameters of which the coefficients are those of a family, in balls.

    CannotAnswerError if exponents are too large, or change too much, for double precision.

    `family`, `rows`: the mixture, and n × d observations. `coefficients`: c_ja, component by component; what is
    returned holds for all numbers in these balls. `reach`: how far parameters move besides.
    """
    k, q = family.shape
    own = in_doubles(coefficients, k, q)
    size = max(_FEWEST, _BLOCK // (k * q))
    total, blocks = None, 0
    with arb_precision(BITS):
        for first in range(0, len(rows), size):
            found = _block(family.features(np.asarray(rows[first : first + size], dtype=np.float64)), own, reach)
            total, blocks = found if total is None else total + found, blocks + 1
        if total is None:
            raise CannotAnswerError("there are no observations")
        return _means(total, len(rows), min(size, len(rows)) + blocks + 16, (k, q))


def in_doubles(coefficients: list[flint.arb], k: int, q: int) -> BallArray:
    """Return Arb's balls in doubles."""
    mid = np.array([float(each.mid()) for each in coefficients]).reshape(k, q, 1)
    rad = np.array([float(each.rad()) for each in coefficients]).reshape(k, q, 1)
    if not (np.isfinite(mid).all() and np.isfinite(rad).all()):
        raise CannotAnswerError("the exponents are not bounded: parameters reach the end of their domain")
    return BallArray(mid, (rad + 2 * UNIT * abs(mid)) * SLACK + TINY)


def _block(features: BallArray, coefficients: BallArray, reach: Reach | None) -> _Sums:
    k, _, n = features.mid.shape
    if not features.magnitude.max() < _LARGEST:
        raise CannotAnswerError("an observation is too far from a component for double precision")
    logs = (coefficients * features).sum(1)
    peak = logs.mid.max(axis=0)
    below = logs.mid - peak
    errors = (logs.rad + UNIT * abs(below)) * SLACK
    raw = exponential(below)
    sums = raw.sum(axis=0)
    posteriors = raw / sums
    lost = 2 * EXPONENTIAL_ERROR + (k + 4) * UNIT
    spread = (errors[:, None] + errors) * SLACK
    radius = _radius(posteriors, spread, lost)
    if reach is None:
        wide = radius
        weights = posteriors[:, None] * posteriors
        off = radius[:, None] * (posteriors + radius)
        off = (off + np.swapaxes(off, 0, 1) + 2 * UNIT * weights) * SLACK + TINY
    else:
        spread = (spread + reach.changes(features)) * SLACK
        wide = _radius(posteriors, spread, lost)
        weights = _largest_products(posteriors, spread) * (1 + 8 * lost) + TINY
        off = np.zeros_like(weights)
    for each in (weights, off):
        each[range(k), range(k)] = 0
        each[range(k), range(k)] = each.sum(axis=1)
    off += (k + 2) * UNIT * weights

    terms = posteriors[:, None] * features.mid
    reached = features.magnitude
    term_error = wide[:, None] * reached + posteriors[:, None] * features.rad + 2 * UNIT * abs(terms) + TINY * reached
    turned = np.swapaxes(features.mid, 1, 2)
    squares = np.swapaxes(np.square(reached), 1, 2), np.swapaxes(np.square(features.rad + UNIT * reached), 1, 2)
    pairs = ((off, squares[0]), (weights + off, squares[0]), (weights + off, squares[1]))
    mantissa, power = scaled_product(sums)  # With a rounding a factor.
    whole = flint.arb(mantissa).log() + power * flint.arb.const_log2() + flint.arb(0, n * 2 * UNIT)
    return _Sums(
        first=terms.sum(axis=-1).ravel(),
        first_size=abs(terms).sum(axis=-1).ravel(),
        first_error=term_error.sum(axis=-1).ravel(),
        products=np.stack([np.matmul(features.mid[j] * weights[j][:, None], turned) for j in range(k)]),
        norms=np.stack([np.stack([left[:, j] @ each[j] for j in range(k)], axis=1) for left, each in pairs]),
        logs=whole + flint.arb(float(peak.sum())),
        log_error=float(errors.max(axis=0).sum()) + n * (EXPONENTIAL_ERROR + (k + 2) * UNIT),
        log_size=float(abs(peak).sum()),
    )


def _radius(posteriors: FloatArray, spread: FloatArray, lost: float) -> FloatArray:
    """Return bounds of the errors of posteriors γ, (k, n): each is between γ_j/(γ_j + Σ_m γ_m e^{±s_jm}), m ≠ j."""
    if not spread.max() <= _FARTHEST:
        raise CannotAnswerError("parameters move so far that posteriors may be anything")
    others = posteriors * ~np.eye(len(posteriors), dtype=np.bool_)[:, :, None]
    # Without cancellation: e^s ≤ (2 + s)/(2 − s), so that e^s − 1 ≤ s/(1 − s/2), and 1 − e^{−s} ≤ s/(1 + s/2).
    small = np.minimum(spread, 1.0)
    growth = (others * np.where(spread < 1, small / (1 - small / 2), exponential(spread) * SLACK)).sum(axis=1)
    fall = (others * np.minimum(spread / (1 + spread / 2), 1)).sum(axis=1)
    least = posteriors + (others * exponential(-spread)).sum(axis=1)
    lower, upper = growth / np.maximum(growth + 1, TINY), fall / np.maximum(least, TINY)
    result: FloatArray = posteriors * (np.maximum(lower, upper) * SLACK + lost) * SLACK + TINY
    return result


def _largest_products(posteriors: FloatArray, spread: FloatArray) -> FloatArray:
    """Return upper bounds of γ_jγ_m where log-ratios change by `spread`: of γ_jγ_m/(γ_j + γ_m)², and of γ_j + γ_m."""
    k = len(posteriors)
    result, falls = np.zeros_like(spread), exponential(-spread)
    for j, m in combinations(range(k), 2):
        low, high = np.minimum(posteriors[j], posteriors[m]), np.maximum(posteriors[j], posteriors[m])
        ratio = np.where(high > 0, np.minimum(1, low / np.where(high > 0, high, 1) / falls[j, m]), 1)
        rest = [posteriors[i] * np.minimum(falls[j, i], falls[m, i]) for i in range(k) if i not in (j, m)]
        both = (low + high) / np.maximum(low + high + np.sum(rest, axis=0), TINY)
        result[j, m] = result[m, j] = ratio / np.square(1 + ratio) * np.square(np.minimum(both, 1)) * SLACK
    return result


def _means(sums: _Sums, n: int, roundings: int, shape: tuple[int, int]) -> Statistics:
    k, q = shape
    rounding = rounding_factor(roundings)
    first_error = (sums.first_error + rounding * (sums.first_size + sums.first_error)) * SLACK + TINY
    first = [flint.arb(mid, rad) / n for mid, rad in zip(sums.first.tolist(), first_error.tolist(), strict=True)]
    # Of the block of components j and m, entries of which are sums of w_jm T_ja T_mb.
    moved, whole, own = np.swapaxes(np.sqrt(sums.norms) * SLACK, 1, 2)

    def outer(left: FloatArray, right: FloatArray) -> FloatArray:
        product: FloatArray = left[:, :, :, None] * np.swapaxes(right, 0, 1)[:, :, None, :]
        return product

    rad = outer(moved, moved) + outer(whole, own) + outer(own, whole) + rounding * outer(whole, whole)
    rad = (rad + 4 * UNIT * abs(sums.products)) * SLACK + TINY
    signs = 2 * np.eye(k)[:, :, None, None] - 1
    mid = (signs * sums.products).swapaxes(1, 2)
    size = k * q
    balls = [
        flint.arb(x, y) / n for x, y in zip(mid.ravel().tolist(), rad.swapaxes(1, 2).ravel().tolist(), strict=True)
    ]
    lost = (sums.log_error + rounding * sums.log_size) * SLACK
    return Statistics(first, flint.arb_mat(size, size, balls), (sums.logs + flint.arb(0, lost)) / n)


def shifted(found: Statistics, family: Family) -> tuple[list[flint.arb], flint.arb_mat]:
    """Return `first` and `covariance` with the features of an M-step, which may be regularised, on the left."""
    _, q = family.shape
    shifts = family.shifts
    if all(shift == 0 for shift in shifts):
        return found.first, found.covariance
    first = [value + shifts[i] * found.first[i - i % q] for i, value in enumerate(found.first)]
    rows = found.covariance.tolist()
    moved = [[x + shifts[i] * y for x, y in zip(row, rows[i - i % q], strict=True)] for i, row in enumerate(rows)]
    return first, flint.arb_mat(moved)


def pulled(slopes: flint.arb_mat, family: Family) -> flint.arb_mat:
    """Return what multiplies `covariance` on the left for those features, where `slopes` does for plain ones."""
    _, q = family.shape
    rows = slopes.tolist()
    for i, shift in enumerate(family.shifts):
        if shift != 0:
            rows[i - i % q] = [x + shift * y for x, y in zip(rows[i - i % q], rows[i], strict=True)]
    return flint.arb_mat(rows)
