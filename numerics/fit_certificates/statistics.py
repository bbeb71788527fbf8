"""Means over data of posteriors and products of features, enclosed (section 14 of docs/error-bounds.md).

With γ_ij the posterior of component j at x_i and T_ij its features: the means of γ_ij T_ij, the mean covariance under
the posteriors V = n⁻¹ Σ_i Cov_{j ~ γ_i}(e_j ⊗ T_ij) — of which score and information are made — and the mean
log-likelihood. Doubles do the work, and bounds of all their errors go with them.
"""

from dataclasses import dataclass

import flint
import numpy as np

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.exponential import EXPONENTIAL_ERROR, exponential
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray, rounding_factor, scaled_product
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
    """How far exponents change where parameters do: |Δl_j(x)| ≤ radius (‖Dᵀ_j T_j(x)‖ + ‖Rᵀ_j |T_j(x)|‖).

    `slopes` are D, of shape (k, q, p), and `spread` R bounds what they are off by on the way.
    """

    radius: float
    slopes: FloatArray
    spread: FloatArray

    def changes(self, features: BallArray) -> FloatArray:
        """Return upper bounds of |Δl_j(x_i)|, of shape (k, n)."""
        size = rounding_factor(self.slopes.shape[1] + 4)
        moved = np.matmul(np.swapaxes(self.slopes, 1, 2), features.mid)
        magnitude = features.magnitude
        lost = np.matmul(np.swapaxes(abs(self.slopes), 1, 2), size * magnitude + features.rad)
        lost += np.matmul(np.swapaxes(self.spread, 1, 2), magnitude)
        result: FloatArray = self.radius * (np.sqrt(np.square(abs(moved) + lost * SLACK).sum(axis=1))) * SLACK + TINY
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
    within: FloatArray
    across: FloatArray
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

    Parameters
    ----------
    family, rows
        The mixture, and n × d observations.
    coefficients
        c_ja, component by component; what is returned holds for all numbers in these balls.
    reach
        How far parameters move besides.

    Raises
    ------
    CannotAnswerError
        If exponents are too large, or change too much, for double precision.
    """
    k, q = family.shape
    own = _array(coefficients, k, q)
    size = max(_FEWEST, _BLOCK // (k * q))
    total, blocks = None, 0
    with arb_precision(BITS):
        for first in range(0, len(rows), size):
            found = _block(family.features(np.asarray(rows[first : first + size], dtype=np.float64)), own, reach)
            total, blocks = found if total is None else total + found, blocks + 1
        if total is None:
            raise CannotAnswerError("there are no observations")
        return _means(total, len(rows), min(size, len(rows)) + blocks + 16, (k, q))


def _array(coefficients: list[flint.arb], k: int, q: int) -> BallArray:
    """Return Arb's balls in doubles."""
    mid = np.array([float(each.mid()) for each in coefficients]).reshape(k, q, 1)
    rad = np.array([float(each.rad()) for each in coefficients]).reshape(k, q, 1)
    if not (np.isfinite(mid).all() and np.isfinite(rad).all()):
        raise CannotAnswerError("the exponents are not bounded: parameters reach the end of their domain")
    return BallArray(mid, (rad + 2 * UNIT * abs(mid)) * SLACK + TINY)


def _block(features: BallArray, coefficients: BallArray, reach: Reach | None) -> _Sums:
    k, q, n = features.mid.shape
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
    radius = _radius(posteriors, errors, lost)
    weights = np.ones(n)
    wide = radius
    if reach is not None:
        changes = reach.changes(features)
        wide = _radius(posteriors, (errors + changes) * SLACK, lost)
        highest = np.minimum(2 * changes.max(axis=0) * SLACK, 2 * _FARTHEST)
        weights = exponential(highest) * (1 + 2 * EXPONENTIAL_ERROR)

    terms = posteriors[:, None] * features.mid
    reached = features.magnitude
    term_error = radius[:, None] * reached + posteriors[:, None] * features.rad + 2 * UNIT * abs(terms) + TINY * reached
    wide_error = term_error if reach is None else term_error + wide[:, None] * reached
    flat = (np.sqrt(weights) * terms).reshape(k * q, n)
    weighted = (posteriors + radius) * weights

    def norms(squares: FloatArray) -> FloatArray:
        whole: FloatArray = squares.sum(axis=-1).reshape(k * q) * SLACK + TINY
        return whole

    squared = np.square(reached)
    return _Sums(
        first=terms.sum(axis=-1).ravel(),
        first_size=abs(terms).sum(axis=-1).ravel(),
        first_error=wide_error.sum(axis=-1).ravel(),
        within=np.matmul(terms * weights, np.swapaxes(features.mid, 1, 2)),
        across=flat @ flat.T,
        norms=np.stack(
            [
                norms((radius * weights)[:, None] * squared),
                norms(weighted[:, None] * squared),
                norms(weighted[:, None] * np.square(features.rad)),
                norms(weights * np.square(terms)),
                norms(weights * np.square(term_error)),
            ]
        ),
        logs=_log_product(sums) + flint.arb(float(peak.sum())),
        log_error=float(errors.max(axis=0).sum()) + n * (EXPONENTIAL_ERROR + (k + 2) * UNIT),
        log_size=float(abs(peak).sum()),
    )


def _radius(posteriors: FloatArray, errors: FloatArray, lost: float) -> FloatArray:
    """Return upper bounds of what posteriors, of shape (k, n), are off by if the exponents are off by `errors`.

    A posterior becomes γ_j e^{ε_j} / Σ_l γ_l e^{ε_l}; what one gains or loses, the others lose or gain.
    """
    if not errors.max() <= _FARTHEST:
        raise CannotAnswerError("parameters move so far that posteriors may be anything")
    small = np.minimum(errors, 1.0)
    growth = np.where(errors < 1, small / (1 - small / 2), exponential(errors) * 1.01) * SLACK
    mean = (posteriors * growth).sum(axis=0) * SLACK
    narrow = mean < 0.5
    relative = np.where(narrow, (growth + mean) / (1 - np.where(narrow, mean, 0)), np.inf) * SLACK
    with np.errstate(invalid="ignore"):
        moved = np.where(posteriors > 0, posteriors * relative, np.where(narrow, 0, np.inf)) * SLACK
    moved = np.minimum(moved, 1.0)
    others = (moved.sum(axis=0) - moved).clip(0) + (len(moved) + 3) * UNIT * moved.sum(axis=0)
    result: FloatArray = (np.minimum(moved, others) + lost * posteriors + TINY) * SLACK
    return result


def _log_product(values: FloatArray) -> flint.arb:
    """Return log Π v of positive numbers, with a rounding a factor."""
    mantissa, power = scaled_product(values)
    rounded = flint.arb(0, len(values) * 2 * UNIT)
    return flint.arb(mantissa).log() + power * flint.arb.const_log2() + rounded


def _means(sums: _Sums, n: int, roundings: int, shape: tuple[int, int]) -> Statistics:
    k, q = shape
    rounding = rounding_factor(roundings)
    first_error = (sums.first_error + rounding * (sums.first_size + sums.first_error)) * SLACK + TINY
    first = [flint.arb(mid, rad) / n for mid, rad in zip(sums.first.tolist(), first_error.tolist(), strict=True)]
    moved, whole, features, terms, term_errors = np.sqrt(sums.norms) * SLACK
    across = _outer(terms, term_errors) + np.outer(term_errors, term_errors) + rounding * np.outer(terms, terms)
    within = np.outer(moved, moved) + _outer(whole, features) + rounding * np.outer(whole, whole)
    mid, rad = -sums.across, across
    for j in range(k):
        own = slice(j * q, (j + 1) * q)
        mid[own, own] += sums.within[j]
        rad[own, own] += within[own, own] + UNIT * (abs(sums.within[j]) + abs(sums.across[own, own]))
    rad = (rad + UNIT * abs(mid)) * SLACK + TINY
    size = k * q
    balls = [flint.arb(x, y) / n for x, y in zip(mid.ravel().tolist(), rad.ravel().tolist(), strict=True)]
    lost = (sums.log_error + rounding * sums.log_size) * SLACK
    return Statistics(first, flint.arb_mat(size, size, balls), (sums.logs + flint.arb(0, lost)) / n)


def _outer(left: FloatArray, right: FloatArray) -> FloatArray:
    product: FloatArray = np.outer(left, right)
    result: FloatArray = product + product.T
    return result


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
