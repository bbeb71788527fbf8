"""Groups as matrices made by NumPy, at random weights; EM for weights and covariances by quadrature."""

from itertools import pairwise

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, dihedral_mixture, gaussian_nodes, orthogonal_mixture
from tests.theory.derivations.statement_values import Values, holds, symbols


def said(name: str, conclusion: int, **values: float) -> bool:
    """Whether a conclusion of the statement for every k holds, its symbols having these values."""
    formula = derive(name, None).statement.conclusions[conclusion]
    named = {str(symbol): symbol for symbol in formula.free_symbols}
    return holds(formula, {named[label]: value for label, value in values.items() if label in named})


def random_weights(seed: int, number: int) -> Array:
    return np.random.default_rng(seed).dirichlet(np.ones(number))


ROOTS = {n: np.exp(2j * np.pi * np.arange(n) / n) for n in range(2, 13)}


@pytest.mark.long
@pytest.mark.statement("group-dihedral")
@pytest.mark.parametrize("n", [5])
def test_the_singular_values_of_a_dihedral_group(n: int) -> None:
    weights = random_weights(n, 2 * n)
    P, Q = abs(weights[:n] @ ROOTS[n]), abs(weights[n:] @ ROOTS[n])
    A = dihedral_mixture(weights).matrix_a
    assert np.linalg.svd(A)[1] == pytest.approx([P + Q, abs(P - Q)])
    assert abs(np.linalg.det(A)) == pytest.approx(abs(P**2 - Q**2))
    x, y = weights[:n] @ ROOTS[n].real, weights[:n] @ ROOTS[n].imag
    u, v = weights[n:] @ ROOTS[n].real, weights[n:] @ ROOTS[n].imag
    map_of_parts = derive("group-dihedral", None).statement.conclusions[0].rhs
    values = {str(symbol): value for symbol, value in zip(sympy.symbols("x y u v"), (x, y, u, v), strict=True)}
    found = map_of_parts.xreplace({symbol: values[str(symbol)] for symbol in map_of_parts.free_symbols})
    assert np.array(found, dtype=float) == pytest.approx(A)


@pytest.mark.statement("group-dihedral")
@pytest.mark.parametrize("n", [2, 7])
def test_equal_weights_on_rotations_and_reflections_leave_a_line_to_em(n: int) -> None:
    p = random_weights(n, n) / 2
    mixture = dihedral_mixture(np.concatenate([p, p]))
    axis = np.array([0.0, 1.0])
    assert mixture.matrix_a @ axis == pytest.approx(np.zeros(2), abs=1e-12)
    image = mixture.step(0.7 * axis)
    assert image[0] == pytest.approx(0, abs=1e-10)
    assert 0 < image[1] < 0.7
    # Every element of Klein's four group keeps the axis, whatever the weights.
    other = dihedral_mixture(random_weights(3, 2 * n))
    assert (abs(other.step(0.7 * axis)[0]) > 1e-3) == (n > 2)
    doubled = 2 * p @ ROOTS[n] ** 2
    values = {"q": mixture.quartic(axis), "s": p.sum(), "c_2": doubled.real, "s_2": doubled.imag}
    assert said("group-dihedral", 4, **values)
    assert not said("group-dihedral", 4, **{**values, "c_2": values["c_2"] + 0.5})
    assert values["q"] == pytest.approx((1 + abs(doubled) ** 2) / 2)


UNITS = np.array([np.eye(2), [[1j, 0], [0, -1j]], [[0, 1], [-1, 0]], [[0, 1j], [1j, 0]]])
"""1, i, j and k as complex matrices."""


def acting(matrix: Array) -> Array:
    """Multiplication from the left by a quaternion that is a complex matrix, on R⁴."""
    products = np.einsum("ab,rbc->rac", matrix, UNITS)
    return np.real(np.einsum("rac,sac->sr", products, UNITS.conj())) / 2


def dicyclic(n: int) -> Array:
    """ζ^a for 0 ≤ a < 2n, then ζ^a j."""
    circle = np.array([np.diag([z, z.conjugate()]) for z in np.exp(1j * np.pi * np.arange(2 * n) / n)])
    return np.array([acting(g) for g in (*circle, *(circle @ UNITS[2]))])


@pytest.mark.long
@pytest.mark.statement("group-dicyclic")
@pytest.mark.parametrize("n", [5])
def test_a_of_a_dicyclic_group_is_a_multiple_of_an_orthogonal_map(n: int) -> None:
    weights = random_weights(n, 4 * n)
    roots = np.exp(1j * np.pi * np.arange(2 * n) / n)
    P, Q = weights[: 2 * n] @ roots, weights[2 * n :] @ roots
    A = np.einsum("j,jab->ab", weights, dicyclic(n))
    assert pytest.approx((abs(P) ** 2 + abs(Q) ** 2) * np.eye(4)) == A.T @ A
    first = [P.real, P.imag, Q.real, Q.imag]
    assert first == pytest.approx(A[:, 0])
    quaternion = derive("group-dicyclic", None).statement.conclusions[0].rhs[:, 0]
    values = dict(zip("xyuv", first, strict=True))
    found = quaternion.xreplace({symbol: values[str(symbol)] for symbol in quaternion.free_symbols})
    assert np.array(found, dtype=float).ravel() == pytest.approx(first)


@pytest.mark.statement("group-dicyclic")
@pytest.mark.parametrize("n", [3])
def test_equal_weights_on_opposite_elements_make_a_vanish(n: int) -> None:
    p, q = random_weights(n, 2 * n).reshape(2, n)
    mixture = orthogonal_mixture(np.concatenate([p, p, q, q]) / 2, dicyclic(n), 2)
    assert mixture.matrix_a == pytest.approx(np.zeros((4, 4)), abs=1e-12)
    first, second = p @ ROOTS[n], q @ ROOTS[n]
    parts = {"c_1": first.real, "s_1": first.imag, "c_2": second.real, "s_2": second.imag}
    for direction in np.linalg.qr(np.random.default_rng(n).normal(size=(4, 4)))[0]:
        values = {"q": mixture.quartic(direction), "s": p.sum(), "s'": q.sum(), **parts}
        assert said("group-dicyclic", 5, **values)
        assert not said("group-dicyclic", 5, **{**values, "s": q.sum() + 0.1})


SIGNS = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
ENDS = np.array([[0.505, 0.005, 0.27, 0.22], [0.7, 0.1, 0.15, 0.05]])


def four(theta: Array, weights: Array, nodes: Array, mass: Array) -> tuple[Array, Array]:
    """A step for means (±a, ±b) from its definition."""
    gamma = weights * np.exp(nodes @ (SIGNS * theta).T)
    gamma *= mass[:, None] / gamma.sum(axis=1, keepdims=True)
    return np.sum(gamma @ SIGNS * nodes, axis=0), gamma.sum(axis=0)


@pytest.mark.long
@pytest.mark.statement("lost-rate")
def test_between_two_starts_one_loses_the_rate() -> None:
    """By bisection between the ends of a path, on which A is invertible."""
    slow, far = derive("lost-rate", None).statement.conclusions
    names, nodes = symbols("lost-rate"), gaussian_nodes(2, 14)
    r, sigma = (sympy.Function(name, nonnegative=True) for name in ("r", "sigma"))

    def path(share: float, steps: int) -> list[tuple[float, float, float]]:
        theta, weights, found = np.array([0.1, 0.8]), (1 - share) * ENDS[0] + share * ENDS[1], []
        for _ in range(steps):
            alpha, beta = weights @ SIGNS
            found.append((float(np.linalg.norm(theta)), min(abs(alpha), abs(beta)), float(alpha * beta)))
            theta, weights = four(theta, weights, *nodes)
        return found

    def near(radius: float, least: float) -> bool:
        return 32 * radius**2 * np.exp(radius**2) <= least**3

    ends = [path(float(share), 70) for share in (0, 1)]
    assert all(near(*run[-1][:2]) for run in ends)
    assert ends[0][-1][2] < 0 < ends[1][-1][2]
    assert all(weights @ signs > 0.01 for weights in ENDS for signs in SIGNS.T)
    low, high = 0.0, 1.0
    for _ in range(9):
        middle = (low + high) / 2
        low, high = (low, middle) if path(middle, 80)[-1][2] > 0 else (middle, high)
    run = path(high, 101)
    for n in (0, 20, 100):
        values: Values = {names["t"]: n, names["d"]: 2, names["w"]: high, r(0): run[0][0], sigma(0): run[0][1]}
        values |= {r(n): run[n][0], sigma(n): run[n][1]}
        values |= {r(names["w"], n): run[n][0], sigma(names["w"], n): run[n][1]}
        assert holds(slow, values, 0.0, 4)
        assert holds(far, values, 0.0, 4)
    assert run[100][1] < 0.02
    # From the ends it stays above a number, and what is said of the start between is wrong there.
    assert ends[1][-1][1] > 0.3
    at = {r(names["w"], 1): ends[0][-1][0], sigma(names["w"], 1): ends[0][-1][1], names["t"]: 1}
    assert not holds(far, at, 0.0, 4)


NODES, MASS = gaussian_nodes(2, 40)
STEP = 1e-4


def logarithms(weights: Array, means: Array, covariances: Array, nodes: Array = NODES) -> Array:
    """Of π_jN(μ_j, S_j) over N(0, I) at the nodes."""
    away = nodes[:, None, :] - means
    forms = np.einsum("nja,jab,njb->nj", away, np.linalg.inv(covariances), away)
    return np.log(weights) - np.linalg.slogdet(covariances)[1] / 2 - forms / 2 + np.sum(nodes**2, axis=1)[:, None] / 2


def divergence(weights: Array, means: Array, covariances: Array, nodes: Array = NODES, mass: Array = MASS) -> float:
    return -float(mass @ np.log(np.exp(logarithms(weights, means, covariances, nodes)).sum(axis=1)))


def slopes(
    weights: Array, means: Array, covariances: Array, nodes: Array = NODES, mass: Array = MASS, pull: float = 2
) -> Values:
    """The slope of KL by differences, E‖∇ log(p/φ)‖² by the definition of the gradient, and the distance."""

    def at(u: float) -> float:
        return divergence(weights, (1 + u) * means, covariances + pull * u * (covariances - np.eye(2)), nodes, mass)

    def height(moved: Array) -> Array:
        return np.log(np.exp(logarithms(weights, means, covariances, moved)).sum(axis=1))

    gradient = [(height(nodes + STEP * e) - height(nodes - STEP * e)) / (2 * STEP) for e in np.eye(2)]
    names = symbols("normal-landscape")
    return {
        names["F"]: (at(STEP) - at(-STEP)) / (2 * STEP),
        sympy.Symbol("P", real=True): float(mass @ np.sum(np.square(gradient), axis=0)),
        names["δ"]: float(
            np.linalg.norm(means, axis=1).sum() + np.linalg.norm(covariances - np.eye(2), axis=(1, 2)).sum()
        ),
    }


def fits() -> list[tuple[Array, Array, Array]]:
    """Weights, means and covariances: known, common and multiples of I, own and full; and means all 0."""
    generator = np.random.default_rng(2)
    found = []
    for k, own in ((2, False), (3, True)):
        roots = generator.normal(size=(k if own else 1, 2, 2)) * 0.4
        covariances = np.broadcast_to(0.8 * np.eye(2) + roots @ roots.transpose(0, 2, 1), (k, 2, 2))
        found.append((generator.dirichlet(np.ones(k)), generator.normal(size=(k, 2)), covariances))
    weights, means, _ = found[0]
    known, multiple = np.array([np.eye(2)] * 2), np.array([1.3 * np.eye(2)] * 2)
    return [*found, (weights, means, known), (weights, means, multiple), (weights, 0 * means, multiple)]


@pytest.mark.statement("normal-landscape")
def test_divergence_rises_by_the_mean_square_of_the_gradient() -> None:
    law, rises, *_ = derive("normal-landscape", None).statement.conclusions
    for weights, means, covariances in fits():
        values = slopes(weights, means, covariances)
        assert holds(law, values, 1e-4)
        assert holds(rises, values, 0)
        assert values[law.lhs] > 1e-3
        # Only the covariances that are not I tell this direction from others.
        other = slopes(weights, means, covariances, pull=1)
        assert holds(law, other, 1e-3) == bool(np.all(covariances == np.eye(2)))
    weights, means, covariances = fits()[0]
    truth = slopes(weights, 0 * means, np.array([np.eye(2)] * 2))
    assert holds(law, truth, 1e-6)
    assert not holds(rises.args[1], truth, 0)


def em(weights: Array, maps: Array, theta: Array, covariance: Array) -> tuple[Array, Array]:
    """A step for θ and a full covariance: the M-step by alternating between the two until nothing moves."""
    terms = np.exp(logarithms(weights, maps @ theta, np.array([covariance] * len(weights))))
    gamma = MASS[:, None] * terms / terms.sum(axis=1, keepdims=True)
    for _ in range(200):
        precision = np.linalg.inv(covariance)
        normal = np.einsum("j,jab,ac,jcd->bd", gamma.sum(axis=0), maps, precision, maps)
        theta = np.linalg.solve(normal, np.einsum("jab,ac,jc->b", maps, precision, gamma.T @ NODES))
        away = NODES[:, None, :] - maps @ theta
        moved = np.tensordot(gamma[..., None] * away, away, ((0, 1), (0, 1)))
        settled = np.abs(moved - covariance).max() < 1e-13
        covariance = moved
        if settled:
            break
    return theta, covariance


@pytest.mark.statement("normal-landscape")
def test_a_full_covariance_is_found_from_far_starts() -> None:
    *_, least, limit = derive("normal-landscape", None).statement.conclusions
    generator, names = np.random.default_rng(3), symbols("normal-landscape")
    weights, maps = np.array([0.85, 0.15]), generator.normal(size=(2, 2, 2))
    theta, covariance = np.array([2.0, 1.5]), np.array([[2.5, 0.9], [0.9, 0.6]])
    both = [(theta, covariance)]
    for _ in range(60):
        both.append(em(weights, maps, *both[-1]))
    heights = [divergence(weights, maps @ theta, np.array([S] * 2)) for theta, S in both]
    assert all(after < before + 1e-12 for before, after in pairwise(heights))
    for (_, S), height in zip(both, heights, strict=True):
        # Two points are at most that near to N(0, 1): its mean square distance from ±√(2/π).
        values = {names["c"]: 1 - 2 / np.pi, names["KL"]: height, names["lambda"]: np.linalg.eigvalsh(S)[0]}
        assert holds(least, values, 0)
        assert not holds(least, {**values, names["lambda"]: 0.01}, 0)
    theta, S = both[-1]
    distance = float(np.linalg.norm(maps @ theta, axis=1).sum() + 2 * np.linalg.norm(S - np.eye(2)))
    assert holds(limit, {limit.lhs: distance}, 1e-3)
