"""Simplices by NumPy: circulants and singular values, degenerate weights of four, and Λ by differences of cubature."""

from itertools import product

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.statement_values import Values, holds
from tests.theory.tied_mixtures import cyclic_mixture, transform


def vertices(k: int) -> Array:
    """Unit vectors of R^k, projected and scaled, as columns."""
    projected = np.eye(k) - 1 / k
    return projected / np.linalg.norm(projected[:, 0])


@pytest.mark.statement("simplex")
@pytest.mark.parametrize("k", [3, 8])
def test_the_shift_is_a_rotation_of_the_regular_simplex(k: int) -> None:
    V, P = vertices(k), np.roll(np.eye(k), 1, axis=0)
    assert pytest.approx(np.where(np.eye(k) == 1, 1, -1 / (k - 1))) == V.T @ V
    assert pytest.approx(np.roll(V, -1, axis=1)) == P @ V
    assert np.linalg.matrix_power(P, k) == pytest.approx(np.eye(k))
    assert not np.allclose(np.linalg.matrix_power(P, k - 1), np.eye(k))


@pytest.mark.statement("dft")
@pytest.mark.parametrize("k", [2, 7])
def test_squared_moduli_are_cosine_sums_of_the_autocorrelation(k: int) -> None:
    weights = np.random.default_rng(k).dirichlet(np.ones(k))
    correlation = np.array([weights @ np.roll(weights, -s) for s in range(k)])
    for m in range(k):
        cosines = np.cos(2 * np.pi * m * np.arange(k) / k)
        assert abs(transform(weights, m)) ** 2 == pytest.approx(correlation @ cosines)
        assert abs(transform(np.full(k, 1 / k), m)) == pytest.approx(float(m == 0), abs=1e-12)


@pytest.mark.statement("simplex-classification")
def test_the_cases_are_all_there_are() -> None:
    """Every vector of four weights with the denominator 14, one by one."""
    premises, alternatives = derive("simplex-classification", 4).statement.conclusions[3].args
    names = (*sympy.symbols("u D E", real=True), *sympy.symbols("pi_:4", positive=True))
    zeros, cases = (sympy.lambdify(names, part) for part in (premises, alternatives))
    whole = 14
    compositions = [(a, b, c, whole - a - b - c) for a, b, c in product(range(1, whole), repeat=3) if a + b + c < whole]
    meeting = 0
    for parts in compositions:
        p = [sympy.Rational(part, whole) for part in parts]
        at = (p[0] + p[2], p[0] - p[2], p[1] - p[3], *p)
        three_equal = max(parts.count(part) for part in parts) >= 3
        assert bool(zeros(*at)) == three_equal == bool(cases(*at))
        meeting += three_equal
    assert meeting == 4 * len([n for n in range(1, 5) if 3 * n < whole])


STEP = 2e-2


def log_partition(mixture: Mixture, theta: Array) -> float:
    return float(mixture.mass @ np.log(np.exp(mixture.nodes @ (mixture.maps @ theta).T) @ mixture.weights))


def means(mixture: Mixture, theta: Array, expression: sympy.Expr, m: int, n: int) -> float:
    """The mean of an expression in the transforms of the posterior, by their names."""
    gamma = mixture.posterior(theta)
    index = {"m": m, "−m": -m, "n": n, "−n": -n, "m+n": m + n, "−m−n": -m - n, "m−n": m - n, "n−m": n - m}
    index |= {"2m": 2 * m, "−2m": -2 * m}
    names = sorted((name for name in expression.free_symbols if str(name).startswith("γ̂_")), key=str)
    values = [transform(gamma, index[str(name).removeprefix("γ̂_")]) for name in names]
    return float(mixture.mass @ np.real(sympy.lambdify(names, expression)(*values)))


@pytest.mark.long
@pytest.mark.statement("amplitude-derivatives")
def test_derivatives_at_random_amplitudes() -> None:
    weights, m, n = np.array([0.5, 0.25, 0.15, 0.1]), 1, 2
    mixture = cyclic_mixture(weights, 20)
    first, mixed, own, entry, diagonal, tangential, radial = derive("amplitude-derivatives", None).statement.conclusions
    plane, line = np.eye(3)[:2], np.eye(3)[2]
    u, v, rho = 0.3, 0.4, 0.45
    theta = u * plane[0] + v * plane[1] + rho * line

    def value(*shift: float) -> float:
        return log_partition(mixture, theta + shift[0] * plane[0] + shift[1] * plane[1] + shift[2] * line)

    gradient, hessian = np.zeros(3), np.zeros((3, 3))
    for i, a in enumerate(STEP * np.eye(3)):
        gradient[i] = (8 * (value(*a) - value(*-a)) - value(*2 * a) + value(*-2 * a)) / (12 * STEP)
        for j, b in enumerate(STEP * np.eye(3)):
            hessian[i, j] = sum(
                c * (value(*s * (a + b)) - value(*s * (a - b)) - value(*s * (b - a)) + value(*-s * (a + b)))
                for s, c in ((1, 4 / 3), (2, -1 / 12))
            ) / (4 * STEP**2)
    radius = np.hypot(u, v)
    outward, across = np.array([u, v, 0]) / radius, np.array([-v, u, 0.0])
    along = np.array([outward, [0.0, 0.0, 1.0]])
    slope, curvature = along @ gradient, along @ hessian @ along.T
    squares = np.array([radius, rho])
    first_derivatives = slope / (2 * squares)
    second = (curvature - np.diag(2 * first_derivatives)) / (4 * np.outer(squares, squares))
    names = {
        str(variable.symbol): variable.symbol for variable in derive("amplitude-derivatives", None).statement.variables
    }
    beta = next(symbol for symbol in first.free_symbols if str(symbol) == "β_m")
    gamma = mixture.posterior(theta)
    values: Values = {
        names["ρ_m"]: radius,
        names["ρ_n"]: rho,
        names["Λ_m"]: first_derivatives[0],
        names["Λ_mn"]: second[0, 1],
        names["Λ_mm"]: second[0, 0],
        names["∂²ℓ/∂ρ_m∂ρ_n"]: -curvature[0, 1],
        names["∂²ℓ/∂ρ_m²"]: 1 - curvature[0, 0],
        beta: float(mixture.mass @ np.abs(transform(gamma, m)) ** 2),
    }
    for conclusion in (mixed, own):
        (mean,) = conclusion.rhs.atoms(Mean)
        values = {**values, mean: means(mixture, theta, mean.args[0], m, n)}
        assert abs(values[mean]) > 0.05
    for conclusion in (first, mixed, own, entry, diagonal):
        assert holds(conclusion, values, 1e-4), conclusion
    assert not holds(mixed, {**values, names["Λ_mn"]: -second[0, 1]}, 1e-4)
    assert not holds(own, {**values, names["Λ_mm"]: second[0, 0] + 0.01}, 1e-4)
    assert tangential.rhs.has(beta)
    assert (np.eye(3) - hessian) @ across == pytest.approx(values[beta] * across, abs=1e-4)
    values |= {names["u"]: u, names["v"]: v}
    image = np.array(radial.rhs.subs(values), dtype=float)[:, 0]
    assert (np.eye(3) - hessian) @ [u, v, 0] == pytest.approx(image, abs=1e-4)
    assert abs(image[2]) > 1e-3
