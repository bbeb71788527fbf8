"""EM with the variance or the weights fitted too, from its definition by quadrature, against what is said of it."""

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.sums import COUNT
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.statement_values import Values, extrapolated, holds, symbols
from tests.theory.tied_mixtures import random_mixture

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
@pytest.mark.parametrize(("theta", "variance"), [(0.7, 0.4), (0.3, 1.6), (1.4, 1.0), (0.2, 0.9)])
def test_the_curve_and_the_descent(theta: float, variance: float) -> None:
    curve, decrease, positive, _, slope, *_ = derive("unknown-variance", None).statement.conclusions
    r, before = em(theta, variance)
    m, after = em(r, before)
    names, h = symbols("unknown-variance"), 1e-4
    rise = (divergence(r + h, 1 - (r + h) ** 2) - divergence(r - h, 1 - (r - h) ** 2)) / (2 * h)
    values = {names["m"]: m, names["v'"]: after, names["r"]: r, names["KL'"]: rise}
    for conclusion in (curve, decrease, positive, slope):
        assert holds(conclusion, values, 1e-7), conclusion
    assert not holds(curve, {**values, names["v'"]: after + 1e-3}, 1e-7)
    assert not holds(slope, {**values, names["KL'"]: rise + 1e-3}, 1e-7)


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


def trajectory(mixture: Mixture, theta: Array, steps: int) -> list[tuple[Mixture, Array]]:
    points = [(mixture, theta)]
    for _ in range(steps):
        points.append(step(*points[-1]))
    return points


@pytest.mark.statement("unknown-weights")
@pytest.mark.parametrize("radius", [0.02, 0.8])
def test_theta_contracts_with_the_weights_at_hand(radius: float) -> None:
    """The smaller start meets the condition on it; both converge."""
    mixture = random_mixture(3, 3)
    mixture = Mixture(np.array([0.9, 0.06, 0.04]), mixture.maps, mixture.nodes, mixture.mass)
    points = trajectory(mixture, radius * np.array([0.6, 0.8]), 60)
    r, sigma, moved = (sympy.Function(name, nonnegative=True) for name in ("r", "sigma", "D"))
    names, conclusions = symbols("unknown-weights"), derive("unknown-weights", None).statement.conclusions
    limit = next(part for conclusion in conclusions for part in conclusion.atoms(sympy.Limit))
    radii = [float(np.linalg.norm(theta)) for _, theta in points]
    whole = sum(radius**2 for radius in radii)
    series = {part: whole * (3 if part.has(COUNT) else 1) for one in conclusions for part in one.atoms(sympy.Sum)}
    condition = 24 * radius**2 * np.exp(radius**2) <= mixture.sigma**3
    assert condition == (radius == 0.02)
    for n in (0, 1, 5, 40):
        values: Values = {
            names["t"]: n,
            names["d"]: 2,
            names["σ_∞"]: points[-1][0].sigma,
            r(0): radii[0],
            r(n): radii[n],
            r(n + 1): radii[n + 1],
            sigma(0): mixture.sigma,
            sigma(n): points[n][0].sigma,
            moved(n): float(np.abs(points[n][0].weights - mixture.weights).sum()),
            limit: 1 - points[-1][0].sigma ** 2,
            names["b"]: 4 * whole,
            **series,
        }
        for conclusion in conclusions:
            assert holds(conclusion, values, 1e-9, 3), conclusion
        assert n < 5 or not holds(conclusions[1], {**values, r(n): radii[0]}, 1e-9, 3)
        assert n == 40 or not holds(conclusions[0], {**values, r(n + 1): radii[n]}, 1e-9, 3)
    # Later steps are rounding errors of the cubature.
    assert radii[13] / radii[12] <= 1 - points[-1][0].sigma ** 2 + 1e-3
