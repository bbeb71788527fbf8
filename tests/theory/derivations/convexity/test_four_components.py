"""Four components on a simplex: the Hessian from differences of M by cubature, and means over a line by quadrature."""

from collections.abc import Iterator

import numpy as np
import pytest
from scipy.integrate import quad

from emtheory.theory.derivations import derive
from tests.theory.derivations.statement_values import Values, assert_sharp, named
from tests.theory.tied_mixtures import cyclic_mixture

WEIGHTS = (
    (0.94, 0.02, 0.02, 0.02),
    (0.499, 0.499, 0.001, 0.001),
    (0.3, 1e-6, 0.5, 0.2),
)


def four_components(name: str) -> Iterator[Values]:
    """Radii on both sides of √63/4, and directions in which the weights are degenerate."""
    generator, step = np.random.default_rng(3), 1e-3
    for weights in WEIGHTS:
        mixture = cyclic_mixture(np.array(weights), 20)
        for r in (0.1, 1.98, 1.99):
            theta = r * np.array([np.sqrt(2 / 3), 0, np.sqrt(1 / 3)])
            slopes = [mixture.step(theta + step * e) - mixture.step(theta - step * e) for e in np.eye(3)]
            hessian = np.eye(3) - np.array(slopes) / (2 * step)
            a, b = generator.normal(size=2)
            h = np.array([a, 0, np.sqrt(2) * b])
            values = {"r": r, "a": a, "b": b, "⟨h|∇²ℓ(θ)h⟩": float(h @ hessian @ h)}
            yield named(name, values | {"λ_min": float(min(np.linalg.eigvalsh((hessian + hessian.T) / 2)))}, 4)


def secant_mean(name: str) -> Iterator[Values]:
    """Also at the shift near which the second moment comes nearest to its bound."""
    means = [conclusion.lhs for conclusion in derive(name, None).statement.conclusions]
    for kappa in (0.2, 1.75, 30.0):
        for shift in (0.0, float(np.sqrt(2 + 1.5 / kappa))):

            def integrand(x: float, power: int, scale: float = np.sqrt(3 * kappa) / 2, shift: float = shift) -> float:
                density = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
                return float(density * x**power / np.cosh(scale * (x + shift)) ** 2)

            found = [quad(integrand, -9, 9, args=(power,), points=(-shift,), limit=200)[0] for power in (0, 2)]
            yield named(name, {"κ": kappa, "e": shift}) | dict(zip(means, found, strict=True))


CASES = {
    "secant-mean": (secant_mean, None),
    "convexity-four": (four_components, 4),
}


@pytest.mark.long
@pytest.mark.statement(*CASES)
@pytest.mark.parametrize("name", CASES)
def test_every_conclusion_holds_and_its_opposite_does_not(name: str) -> None:
    cases, k = CASES[name]
    assert_sharp(derive(name, k).statement.conclusions, list(cases(name)), 1e-4)
