"""EM on data from its definition in mpmath, and ∇M_n in NumPy: nothing here is taken from the code that is tested."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

mp = mpmath.MPContext()
mp.dps = 50


def vertices(k: int, d: int) -> Any:
    """The vertices of a regular simplex, in coordinates by frequencies, as rows."""
    rows = mp.zeros(k, d)
    for j in range(k):
        for m in range(1, (k - 1) // 2 + 1):
            rows[j, 2 * m - 2] = mp.sqrt(mp.mpf(2) / (k - 1)) * mp.cos(2 * mp.pi * j * m / k)
            rows[j, 2 * m - 1] = mp.sqrt(mp.mpf(2) / (k - 1)) * mp.sin(2 * mp.pi * j * m / k)
        if k % 2 == 0:
            rows[j, k - 2] = (-1) ** j / mp.sqrt(k - 1)
    return rows


def maps(k: int, d: int) -> list[Any]:
    """R^0..R^{k−1} from R v_j = v_{j+1}, and R = I on the complement; Σ v_j v_jᵀ is k/(k−1) times the projection."""
    v = vertices(k, d)
    R = mp.eye(d) - sum((v[j, :].T * v[j, :] for j in range(k)), start=mp.zeros(d)) * mp.mpf(k - 1) / k
    R += sum((v[(j + 1) % k, :].T * v[j, :] for j in range(k)), start=mp.zeros(d)) * mp.mpf(k - 1) / k
    powers = [mp.eye(d)]
    for _ in range(k - 1):
        powers.append(R * powers[-1])
    return powers


class ExactEM:
    """EM on few points to 50 digits."""

    def __init__(self, data: np.ndarray[Any, Any], weights: Sequence[Fraction]) -> None:
        self.n, self.d = data.shape
        self.weights = [mp.mpf(w.numerator) / w.denominator for w in weights]
        self.maps = maps(len(weights), self.d)
        self.points = [mp.matrix([mp.mpf(float(x)) for x in row]) for row in data]
        self.turned = [[U.T * x for U in self.maps] for x in self.points]

    def posterior(self, turned: list[Any], theta: Any) -> tuple[list[Any], Any]:
        terms = [w * mp.exp((y.T * theta)[0]) for w, y in zip(self.weights, turned, strict=True)]
        total = sum(terms)
        return [term / total for term in terms], mp.log(total)

    def step(self, theta: Any) -> Any:
        total = mp.zeros(self.d, 1)
        for turned in self.turned:
            gamma, _ = self.posterior(turned, theta)
            for g, y in zip(gamma, turned, strict=True):
                total += g * y
        return total / self.n

    def jacobian(self, theta: Any) -> Any:
        total = mp.zeros(self.d)
        for turned in self.turned:
            gamma, _ = self.posterior(turned, theta)
            centre = sum((g * y for g, y in zip(gamma, turned, strict=True)), start=mp.zeros(self.d, 1))
            for g, y in zip(gamma, turned, strict=True):
                total += g * (y - centre) * (y - centre).T
        return total / self.n

    def log_likelihood(self, theta: Any) -> Any:
        """The mean of log p_θ, from the densities of the components."""
        total = mp.mpf(0)
        for x in self.points:
            density = mp.mpf(0)
            for weight, U in zip(self.weights, self.maps, strict=True):
                density += weight * mp.exp(-(mp.norm(x - U * theta) ** 2) / 2)
            total += mp.log(density / mp.sqrt(2 * mp.pi) ** self.d)
        return total / self.n

    def limit(self, start: Sequence[float], steps: int = 400) -> Any:
        theta = mp.matrix(list(start))
        for _ in range(steps):
            update = self.step(theta)
            if mp.norm(update - theta) < mp.mpf(10) ** -45:
                break
            theta = update
        return theta


def float_jacobian(
    data: np.ndarray[Any, Any], weights: Sequence[Fraction], theta: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """∇M_n(θ) in double precision."""
    d = data.shape[1]
    turns = [np.array(U.tolist(), dtype=float) for U in maps(len(weights), d)]
    y = np.stack([data @ U for U in turns])
    gamma = np.array([float(w) for w in weights])[:, None] * np.exp(y @ theta - (y @ theta).max(axis=0))
    gamma /= gamma.sum(axis=0)
    deviations = y - (gamma[..., None] * y).sum(axis=0)
    result: np.ndarray[Any, Any] = np.einsum("ji,jia,jib->ab", gamma, deviations, deviations) / len(data)
    return result
