"""Means tied by any matrices, and free means: EM from its definition by cubature, against the statements."""

from itertools import chain, combinations, pairwise, product

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, gaussian_nodes
from tests.theory.derivations.outside.models import Model, slopes
from tests.theory.derivations.statement_values import Values, holds, symbols


def mixture(weights: Array, maps: Array) -> Model:
    """Means tied by any matrices; θ, h and e of a model are not looked at."""
    zero = np.zeros(maps.shape[2])
    return Model(weights, maps, *gaussian_nodes(maps.shape[1], 30), zero, zero, zero)


def tied(seed: int, k: int, d: int, p: int) -> Model:
    generator = np.random.default_rng(seed)
    return mixture(generator.dirichlet(np.ones(k)), generator.normal(size=(k, d, p)))


def free(weights: tuple[float, ...], d: int) -> Model:
    return mixture(np.array(weights), np.array([np.kron(row, np.eye(d)) for row in np.eye(len(weights))]))


def form(model: Model) -> Array:
    return np.einsum("j,jap,jaq->pq", model.weights, model.maps, model.maps)


def split(model: Model, theta: Array) -> tuple[float, float]:
    """Norms, in the inner product of N, of the part in the kernel of A and of the rest."""
    root = np.linalg.cholesky(form(model)).T
    kernel = np.linalg.svd(model.a @ np.linalg.inv(root))[2][np.linalg.matrix_rank(model.a) :]
    moved = root @ theta
    inside = kernel.T @ (kernel @ moved)
    return float(np.linalg.norm(inside)), float(np.linalg.norm(moved - inside))


def cubic(model: Model, J: Array, radius: float) -> float:
    """The largest ‖M(θ) − Jθ‖/‖θ‖³ that random θ in the ball show, and a half more."""
    generator, root = np.random.default_rng(1), np.linalg.cholesky(form(model)).T
    found = 0.0
    for _ in range(60):
        theta = generator.normal(size=len(J))
        theta *= radius * generator.uniform(0.3, 1) / np.linalg.norm(root @ theta)
        found = max(found, np.linalg.norm(root @ (model.step(theta) - J @ theta)) / np.linalg.norm(root @ theta) ** 3)
    return 1.5 * found


@pytest.mark.statement("linear-tying")
@pytest.mark.parametrize("model", [tied(7, 3, 1, 2), free((0.6, 0.3, 0.1), 1)])
def test_no_rate_beyond_the_square_root(model: Model) -> None:
    size = model.maps.shape[2]
    J, conclusion = slopes(model.step, np.zeros(size), 1e-3), derive("linear-tying", None).statement.conclusions[-1]
    below = [root for root in np.linalg.eigvals(J).real if root < 1 - 1e-6]
    f = max([0.0, *below])
    kernel = np.linalg.svd(model.a)[2][-1]
    radius = 0.05
    K = cubic(model, J, radius)
    theta = kernel / split(model, kernel)[0] * min(radius, np.sqrt((1 - f) / (32 * K))) * 0.9
    theta = theta + 0.1 * np.linalg.norm(theta) * np.ones(size)
    kept, other = sympy.Function("a", positive=True), sympy.Function("b", nonnegative=True)
    first = split(model, theta)
    assert first[1] <= first[0]
    names = symbols("linear-tying")
    steps = 40
    for n in range(1, steps + 1):
        theta = model.step(theta)
        a, b = split(model, theta)
        assert 32 * K * (a**2 + b**2) <= 1 - f
        values = {names["t"]: n, names["K"]: K, kept(0): first[0], other(0): first[1], kept(n): a, other(n): b}
        assert holds(conclusion, values, 1e-9)
        assert holds(derive("linear-tying", None).statement.conclusions[-3], {**values, names["f"]: f}, 1e-9)
    assert a < first[0]
    assert b < 0.1 * a


FREE, SINGULAR = free((0.5, 0.3, 0.2), 1), tied(8, 4, 1, 3)
"""Of these two no map is injective."""


def masses(model: Model, theta: Array) -> tuple[Array, Array]:
    """E γ_j and the means m_j = E[γ_jX]/E γ_j."""
    gamma = model.mass[:, None] * model.posterior(theta)
    return gamma.sum(axis=0), gamma.T @ model.nodes / gamma.sum(axis=0)[:, None]


@pytest.mark.statement("tied-convergence")
def test_no_component_loses_its_mass_and_none_stays_far_away() -> None:
    upper, lower, shrinks, _, group, *_ = derive("tied-convergence", None).statement.conclusions
    names, generator = symbols("tied-convergence"), np.random.default_rng(4)
    for model, scale in product((tied(1, 3, 2, 2), free((0.6, 0.4), 2), FREE), (0.3, 5.0)):
        k, _, size = model.maps.shape
        theta = scale * generator.normal(size=size)
        theta /= max(1.0, np.linalg.norm(model.maps @ theta, axis=1).max() / 6)
        mass, new = masses(model, theta)
        after = model.step(theta)
        for j in range(k):
            values: Values = {
                names["p"]: mass[j],
                names["‖m‖²"]: float(new[j] @ new[j]),
                names["pi"]: model.weights[j],
                names["‖μ‖²"]: float(np.sum((model.maps[j] @ theta) ** 2)),
            }
            assert all(holds(said, values, 1e-9) for said in (upper, lower, shrinks)), (model, theta)
        for members in chain.from_iterable(combinations(range(k), size) for size in range(1, k + 1)):
            rows = np.concatenate([np.zeros((1, size)), *(model.maps[j] for j in range(k) if j not in members)])
            rest = np.linalg.pinv(rows) @ rows @ after
            ends, parts = (np.sum((model.maps[list(members)] @ u) ** 2, axis=1) for u in (after, rest))
            first = -np.log(max(mass[list(members)]))
            values = {names["q_F"]: min(ends), names["e_F"]: first, names["a_F"]: max(parts)}
            assert holds(group, values, 1e-9, len(members)), (model, theta, members)


@pytest.mark.statement("tied-convergence")
@pytest.mark.parametrize("model", [FREE, SINGULAR])
def test_all_starts_lead_to_zero_if_no_map_is_injective(model: Model) -> None:
    *_, own, _, level, limit = derive("tied-convergence", None).statement.conclusions
    names, theta = symbols("tied-convergence"), np.random.default_rng(9).normal(size=model.maps.shape[2])
    theta *= 6 / np.linalg.norm(model.maps @ theta, axis=1).max()
    entropies, squares = [], []
    for _ in range(600):
        entropies.append(np.sort(-np.log(masses(model, theta)[0])))
        squares.append(np.sum((model.maps @ theta) ** 2, axis=1))
        theta = model.step(theta)
    bound = max(float((after - before / 2).max()) for before, after in pairwise(entropies))
    assert bound < 6
    e, q = (sympy.Function(name, nonnegative=True) for name in "eq")
    for n in (1, 2, 5, 40):
        for j, weight in enumerate(model.weights):
            values = {names["t"]: n, names["B"]: bound, e(0): entropies[0][j], e(n): entropies[n][j]}
            assert holds(level, values, 1e-12)
            if model is FREE:
                moved = {names["t"]: n, names["pi"]: weight, q(0): squares[0][j], q(n): squares[n][j]}
                assert holds(own, moved, 1e-12)
    assert holds(limit, {limit.lhs: float(np.linalg.norm(model.maps @ theta, axis=1).max())}, 0.2)
    assert squares[0].max() > 30
