"""The gradient function by its definition, in mpmath, and EM on a grid of atoms, in NumPy: nothing of the program's."""

from collections.abc import Sequence

import mpmath
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def gradient_plus_one(
    data: Array, atoms: Array, weights: Array, variance: float, places: Sequence[Sequence[float]]
) -> list[mpmath.mpf]:
    """n⁻¹ Σ p(x_i|t)/p̂(x_i) at places t, in fifty digits; the weights are divided by their sum."""
    with mpmath.workdps(50):
        v = mpmath.mpf(variance)

        def kernel(x: Array, t: Sequence[float]) -> mpmath.mpf:
            return mpmath.exp(
                -sum((mpmath.mpf(a) - mpmath.mpf(b)) ** 2 for a, b in zip(x.tolist(), t, strict=True)) / (2 * v)
            )

        total = mpmath.fsum(weights.tolist())
        fitted = [
            mpmath.fsum(w * kernel(x, t) for w, t in zip(weights.tolist(), atoms.tolist(), strict=True)) / total
            for x in data
        ]
        return [mpmath.fsum(kernel(x, t) / f for x, f in zip(data, fitted, strict=True)) / len(data) for t in places]


def mean_log_likelihood(data: Array, atoms: Array, weights: Array, variance: float) -> float:
    """n⁻¹ Σ log p̂(x_i), in doubles."""
    squares = np.square(data[:, None] - atoms).sum(axis=2) / (2 * variance)
    fitted = np.exp(-squares) @ (weights / weights.sum())
    return float(np.log(fitted).mean()) - data.shape[1] / 2 * float(np.log(2 * np.pi * variance))


def em_on_grid(data: Array, variance: float, spacing: float, steps: int) -> float:
    """The mean log-likelihood that EM on the weights of a grid of atoms comes to: the maximum is no smaller."""
    axes = [np.arange(x.min(), x.max() + spacing, spacing) for x in data.T]
    grid = np.stack([each.ravel() for each in np.meshgrid(*axes)], axis=1)
    kernels = np.exp(-np.square(data[:, None] - grid).sum(axis=2) / (2 * variance))
    weights = np.full(len(grid), 1 / len(grid))
    for _ in range(steps):
        weights *= (kernels / (kernels @ weights)[:, None]).mean(axis=0)
    return mean_log_likelihood(data, grid, weights, variance)
