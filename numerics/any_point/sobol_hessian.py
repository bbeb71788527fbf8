"""The smallest eigenvalue of the Hessian off the simplex, from Sobol points: a Rayleigh quotient and how far below it.

For any direction v the mean of vᵀHv is above λ_min, whatever the noise, while the eigenvalue of a noisy matrix is
biased. So v comes from scrambles of its own, is improved with the products Hv, and the quotient is then averaged over
fresh scrambles like any other quantity. By Temple's inequality λ_min ≥ vᵀHv − ‖Hv − (vᵀHv)v‖²/(λ_2 − vᵀHv); the
residual is measured on the same scrambles, the next eigenvalue λ_2 on the matrix that v came from.
"""

import numpy as np

from emtheory.numerics.any_point.sobol_points import Complexes, Floats, amplitudes, exponents, noise
from emtheory.numerics.any_point.sobol_rule import FEWEST, Estimate, averages, make_rule, next_count, summary
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError

MAX_FREQUENCIES = 64
"""Largest radial block: the cost of the matrix grows with its square."""

_POINTS, _ROWS = 13, 10
"""Binary logarithms of the points for the matrix, and of those held at once."""
_ROUNDS = 3
"""Improvements of v."""


def smallest_eigenvalue(case: Case, digits: int, *, seed: int = 0) -> Estimate:
    """Estimate λ_min(∇²ℓ) on the simplex span, with its interval.

    Parameters
    ----------
    case, digits
        The mixture with its point, and the significant digits wanted.
    seed
        Of the scrambles: the same seed gives the same estimate.

    Raises
    ------
    CannotAnswerError
        If there are too many frequencies.
    """
    if len(case.frequencies) > MAX_FREQUENCIES:
        raise CannotAnswerError(f"the Hessian is estimated by Sobol points up to {MAX_FREQUENCIES} frequencies")
    half, rho = len(case.frequencies), amplitudes(case)
    values, vectors = np.linalg.eigh(_matrix(case, (seed, 0)))
    for i in range(1, 1 + _ROUNDS):
        rule = make_rule(case, rho, direction=vectors[:, 0], seed=(seed, i))
        found = np.mean(averages(rule, range(FEWEST)), axis=0)
        values, vectors = _improved(values, vectors, found[half:])
    rule = make_rule(case, rho, direction=vectors[:, 0], seed=(seed, 1 + _ROUNDS))
    sampled: list[Floats] = []
    count = FEWEST
    while True:
        sampled += averages(rule, range(len(sampled), count))
        result = _smallest(case, vectors[:, 0], float(values[1]), np.array(sampled), 2 << rule.exponent)
        following = next_count([rule], result.excess(digits), count)
        if following == count:
            return result
        count = following


def _smallest(case: Case, v: Floats, following: float, sampled: Floats, points: int) -> Estimate:
    """Return the interval for λ_min from rows of β_m and Hv and about the next eigenvalue.

    The tangential eigenvalues are β_m, for the frequencies with two directions.
    """
    half = len(case.frequencies)
    products = sampled[:, half:]
    quotient = summary((products @ v).tolist(), points)
    residual = products.mean(axis=0) - quotient.value * v
    size = float(np.linalg.norm(residual))
    gap = following - quotient.value
    # Without a gap there is an eigenvalue within the residual's norm.
    below = size**2 / gap if gap > 2 * size else size
    tangential = [summary(sampled[:, m - 1].tolist(), points) for m in case.frequencies if case.multiplicity(m) == 2]
    low = min(quotient.value - quotient.half_width - below, *(each.value - each.half_width for each in tangential))
    high = min(each.value + each.half_width for each in (quotient, *tangential))
    return Estimate((low + high) / 2, (high - low) / 2, len(sampled), points)


def _improved(values: Floats, vectors: Floats, product: Floats) -> tuple[Floats, Floats]:
    """Return eigenvalues and vectors of the nearest symmetric matrix to VΛVᵀ that maps its first vector to `product`.

    With v that vector and c = product − λ_1 v the change is cvᵀ + vcᵀ − (vᵀc)vvᵀ.
    """
    v = vectors[:, 0]
    change = product - values[0] * v
    outer = np.outer(change, v)
    eigenvalues, eigenvectors = np.linalg.eigh(
        vectors @ np.diag(values) @ vectors.T + outer + outer.T - (v @ change) * np.outer(v, v)
    )
    return eigenvalues, eigenvectors


def _matrix(case: Case, seed: tuple[int, ...]) -> Floats:
    """δ_mn β_m + ρ_m ρ_n t_mn from one scramble, without change of measure or control variates."""
    rho = amplitudes(case)
    parts = [_block_matrix(case, rho, block) for block in noise(rho, case.k, _POINTS, seed, 1 << _ROWS)]
    result: Floats = np.mean(parts, axis=0)
    return result


def _block_matrix(case: Case, rho: Floats, block: Complexes) -> Floats:
    k, y = case.k, exponents(block, rho, case.k)
    joint = np.exp(y - y.max(axis=1, keepdims=True)) * [float(weight) for weight in case.weights]
    half = np.fft.rfft(joint / joint.sum(axis=1, keepdims=True), axis=1).T.copy()
    full = np.concatenate([half, np.conj(half[1 : (k + 1) // 2][::-1])])
    powers = np.abs(full) ** 2
    means = powers.mean(axis=1)
    frequencies = np.arange(1, len(half))
    result = 6 * powers[frequencies] @ powers[frequencies].T / len(block)
    for m in frequencies:
        for signed in (frequencies, -frequencies):
            triples = full[(m + signed) % k] * np.conj(full[signed % k] * full[m])
            result[m - 1] += means[(m + signed) % k] - 4 * triples.real.mean(axis=1)
    matrix: Floats = np.diag(means[frequencies]) + np.outer(rho, rho) * result
    return (matrix + matrix.T) / 2
