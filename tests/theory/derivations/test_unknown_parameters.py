"""EM with the variance or the weights fitted too, from its definition by quadrature, against what is said of it."""

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.statement_values import extrapolated, symbols

X, MASS = np.polynomial.hermite_e.hermegauss(160)
MASS = MASS / MASS.sum()


def densities(theta: float, variance: float) -> tuple[Array, Array]:
    """Those of the two components at the nodes, weight 1/2 each."""
    plus, minus = (np.exp(-((X - mean) ** 2) / (2 * variance)) for mean in (theta, -theta))
    return plus / np.sqrt(8 * np.pi * variance), minus / np.sqrt(8 * np.pi * variance)


def em(theta: float, variance: float) -> tuple[float, float]:
    """A step for both parameters; by symmetry the weights stay."""
    plus, minus = densities(theta, variance)
    gamma = plus / (plus + minus)
    new = float(MASS @ (gamma * X - (1 - gamma) * X))
    return new, float(MASS @ (gamma * (X - new) ** 2 + (1 - gamma) * (X + new) ** 2))


def divergence(theta: float, variance: float) -> float:
    plus, minus = densities(theta, variance)
    return float(MASS @ (-(X**2) / 2 - np.log(np.sqrt(2 * np.pi) * (plus + minus))))


@pytest.mark.statement("unknown-variance")
def test_the_leading_terms_and_the_rates() -> None:
    r = symbols("unknown-variance")["r"]
    *_, step, _, KL, rate, fall = derive("unknown-variance", None).statement.conclusions
    drop = sympy.Poly(step.rhs.xreplace(dict.fromkeys(step.rhs.atoms(sympy.Function), 0)), r).coeff_monomial(r**7)
    height = sympy.Poly(KL.rhs.xreplace(dict.fromkeys(KL.rhs.atoms(sympy.Function), 0)), r).coeff_monomial(r**8)
    at = (0.04, 0.08)
    after = {s: em(s, 1 - s**2)[0] for s in at}
    assert extrapolated({s: (after[s] - s) / s**7 for s in at}) == pytest.approx(float(drop), rel=0.02)
    assert extrapolated({s: divergence(s, 1 - s**2) / s**8 for s in (0.1, 0.2)}) == pytest.approx(
        float(height), rel=0.02
    )
    growth = extrapolated({s: after[s] ** -6 - s**-6 for s in at})
    assert 1 / growth == pytest.approx(float(rate.rhs), rel=0.02)
    assert float(height) * growth ** (-4 / 3) == pytest.approx(float(fall.rhs), rel=0.02)


def step(mixture: Mixture, theta: Array) -> tuple[Mixture, Array]:
    """A step for θ and the weights."""
    return Mixture(mixture.mass @ mixture.posterior(theta), mixture.maps, mixture.nodes, mixture.mass), mixture.step(
        theta
    )
