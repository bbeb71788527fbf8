"""EM for θ and a covariance, uniform weights on a simplex, from its definition by cubature."""

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.simplex import vertices
from tests.theory.cubature_em import Array, gaussian_nodes
from tests.theory.derivations.statement_values import coefficients, extrapolated

CASES = [(2, 2, False), (3, 2, True), (4, 3, True)]
"""Components, dimension, and whether the covariance is fitted in full."""


class Fit:
    """k means on a regular simplex in d dimensions, fitted to N(0, I_d) with a multiple of I or a full covariance."""

    def __init__(self, k: int, d: int, full: bool) -> None:
        self.full = full
        self.dimension = k - 1 if full else d
        self.nodes, self.mass = gaussian_nodes(d, {1: 40, 2: 24, 3: 14}[d])
        self.means = np.zeros((k, d))
        self.means[:, : k - 1] = np.array(vertices(k).T, dtype=float)

    def joint(self, radius: float, covariance: Array) -> Array:
        """The weighted densities of the components at the nodes, over that of N(0, I)."""
        deviations = self.nodes[:, None, :] - radius * self.means
        squares = ((deviations @ np.linalg.inv(covariance)) * deviations).sum(axis=-1)
        squares -= np.sum(self.nodes**2, axis=1)[:, None]
        return np.exp(-squares / 2) / len(self.means) / np.sqrt(np.linalg.det(covariance))

    def step(self, radius: float, covariance: Array) -> tuple[float, Array]:
        """Fit all the means and the covariance: they stay a simplex."""
        joint = self.joint(radius, covariance)
        gamma = self.mass[:, None] * joint / joint.sum(axis=1, keepdims=True)
        means = gamma.T @ self.nodes / gamma.sum(axis=0)[:, None]
        new = float(np.linalg.norm(means[0]))
        assert means == pytest.approx(new * self.means, abs=1e-7)
        rest = self.nodes[:, None, :] - means
        fitted = np.tensordot(gamma[..., None] * rest, rest, ((0, 1), (0, 1)))
        identity = np.eye(len(fitted))
        return new, fitted if self.full else np.trace(fitted) / len(fitted) * identity

    def divergence(self, radius: float) -> float:
        return -float(self.mass @ np.log(self.joint(radius, self.curve(radius)).sum(axis=1)))

    def curve(self, radius: float) -> Array:
        """The covariance with v = 1 − r²/D, in full I on the complement."""
        k, d = self.means.shape
        fitted = np.arange(d) < (k - 1 if self.full else d)
        return np.diag(np.where(fitted, 1 - radius**2 / self.dimension, 1.0))


@pytest.mark.statement("unknown-covariance")
@pytest.mark.parametrize(("k", "d", "full"), CASES)
def test_the_leading_terms_and_the_rates(k: int, d: int, full: bool) -> None:
    """Powers and factors of a step, of KL, and of what a step adds to the inverse power of the radius."""
    fit, at = Fit(k, d, full), (0.1, 0.2)
    conclusions = derive("unknown-covariance", None).statement.conclusions
    left = fit.dimension > k - 1
    step, KL, rate, fall = conclusions[:4] if left else conclusions[4:]
    power = 2 if left else 4
    after = {s: fit.step(s, fit.curve(s))[0] for s in at}
    drop, height = (coefficients(part.rhs, {"k": k, "D": fit.dimension})[-1] for part in (step, KL))
    assert extrapolated({s: (after[s] - s) / s ** (power + 1) for s in at}) == pytest.approx(drop, rel=0.02)
    assert extrapolated({s: fit.divergence(s) / s ** (power + 2) for s in at}) == pytest.approx(height, rel=0.02)
    growth = extrapolated({s: after[s] ** -power - s**-power for s in at})
    limits = [leading_limit(part, k, fit.dimension) for part in (rate, fall)]
    assert 1 / growth == pytest.approx(limits[0], rel=0.02)
    assert height * growth ** (-(power + 2) / power) == pytest.approx(limits[1], rel=0.02)


def leading_limit(implication: sympy.Basic, k: int, dimension: int) -> float:
    value = implication.args[1].rhs
    return float(value.subs({name: {"k": k, "D": dimension}[str(name)] for name in value.free_symbols}))
