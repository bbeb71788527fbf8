"""EM by quadrature and cubature of its definition, for any tying, and simplices by NumPy, against the statements."""

from collections.abc import Callable
from itertools import chain, combinations, pairwise, product

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture, cyclic_mixture, gaussian_nodes, transform
from tests.theory.derivations.outside.models import Model, slopes
from tests.theory.derivations.statement_values import Values, assert_sharp, holds, symbols

X = np.linspace(-14, 14, 701)
STEP = 1e-4
FIT = np.array([0.35, -0.8, 1.3, 0.7])
"""Weight of the first component, the two means, and the variance that both share."""


def density(x: Array, eta: Array) -> Array:
    """Weight times density, a column a component."""
    w, first, second, v = eta
    each = [np.exp(-((x - m) ** 2) / (2 * v)) / np.sqrt(2 * np.pi * v) for m in (first, second)]
    return np.stack([w * each[0], (1 - w) * each[1]], axis=1)


def law(well_specified: bool) -> Array:
    """Masses of the data at the nodes: the fit's own, or a mixture of other widths."""
    values = density(X, FIT).sum(axis=1) if well_specified else density(X, np.array([0.5, -2.0, 0.5, 1.6])).sum(axis=1)
    return np.asarray(values * (X[1] - X[0]))


def likelihood(eta: Array, mass: Array) -> float:
    return float(mass @ np.log(density(X, eta).sum(axis=1)))


def surrogate(new: Array, eta: Array, mass: Array) -> float:
    terms = density(X, eta)
    gamma = terms / terms.sum(axis=1, keepdims=True)
    return float(mass @ np.sum(gamma * np.log(density(X, new)), axis=1))


def em(eta: Array, mass: Array) -> Array:
    terms = density(X, eta)
    gamma = mass[:, None] * terms / terms.sum(axis=1, keepdims=True)
    weights = gamma.sum(axis=0)
    means = (X @ gamma) / weights
    variance = sum(float(gamma[:, j] @ (X - means[j]) ** 2) for j in range(2))
    return np.array([weights[0], *means, variance])


def slope(function: Callable[[Array], float], at: Array, direction: Array) -> float:
    return float((function(at + STEP * direction) - function(at - STEP * direction)) / (2 * STEP))


def stopped(mass: Array) -> Array:
    eta = FIT
    for _ in range(2000):
        eta = em(eta, mass)
    return eta


def values(eta: Array, mass: Array, e: Array, h: Array) -> Values:
    """Everything in the statement, by differences; the Jacobian is multiplied by I_c as it stands."""
    symbol = {
        name: sympy.Symbol(name, real=True) for name in ("Q", "ℓ", "∂ℓ", "∂Q", "∂ℓ(η*)", "I_o", "I_c", "I_m", "K")
    }
    new = eta + 0.3 * e
    complete = np.array(
        [
            [-slope(lambda a, v=v: slope(lambda b: surrogate(b, eta, mass), a, v), eta, u) for v in np.eye(4)]
            for u in np.eye(4)
        ]
    )
    jacobian = np.stack([(em(eta + STEP * u, mass) - em(eta - STEP * u, mass)) / (2 * STEP) for u in np.eye(4)], axis=1)
    terms = density(X, eta)
    gamma = terms / terms.sum(axis=1, keepdims=True)
    along, across = (
        (np.log(density(X, eta + STEP * d)) - np.log(density(X, eta - STEP * d))) / (2 * STEP) for d in (e, h)
    )
    spread = np.sum(gamma * along * across, axis=1) - np.sum(gamma * along, axis=1) * np.sum(gamma * across, axis=1)
    numbers = {
        "Q": surrogate(new, eta, mass) - surrogate(eta, eta, mass),
        "ℓ": likelihood(new, mass) - likelihood(eta, mass),
        "∂ℓ": slope(lambda a: likelihood(a, mass), eta, e),
        "∂Q": slope(lambda a: surrogate(a, eta, mass), eta, e),
        "∂ℓ(η*)": slope(lambda a: likelihood(a, mass), eta, e),
        "I_o": -slope(lambda a: slope(lambda b: likelihood(b, mass), a, h), eta, e),
        "I_c": float(e @ complete @ h),
        "I_m": float(mass @ spread),
        "K": float(e @ complete @ jacobian @ h),
    }
    return {symbol[name]: number for name, number in numbers.items()}


DIRECTIONS = [np.array([0.2, -0.5, 0.4, 0.3]), np.array([-0.1, 0.7, 0.2, -0.4])]


@pytest.mark.statement("general-em")
def test_every_conclusion_holds_where_its_hypotheses_do_and_its_opposite_does_not() -> None:
    ascent, score, louis, rate, truth = derive("general-em", None).statement.conclusions
    misfit, own = law(well_specified=False), law(well_specified=True)
    places = [(FIT, misfit), (stopped(misfit), misfit), (FIT, own)]
    found = {
        i: [values(*place, e, h) for e, h in zip(DIRECTIONS, DIRECTIONS[::-1], strict=True)]
        for i, place in enumerate(places)
    }
    for conclusion, where in (
        (ascent, (0, 1, 2)),
        (score, (0, 1, 2)),
        (louis, (0, 1, 2)),
        (rate, (1, 2)),
        (truth, (2,)),
    ):
        assert_sharp([conclusion], [case for i in where for case in found[i]], 1e-5)
    # Away from fixed points the Jacobian is another, and on other data the score is not 0.
    assert not all(holds(rate, case, 1e-2) for case in found[0])
    assert not all(holds(truth, case, 1e-2) for case in found[0])


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


DIFFERENCE = 2e-2


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
    for i, a in enumerate(DIFFERENCE * np.eye(3)):
        gradient[i] = (8 * (value(*a) - value(*-a)) - value(*2 * a) + value(*-2 * a)) / (12 * DIFFERENCE)
        for j, b in enumerate(DIFFERENCE * np.eye(3)):
            hessian[i, j] = sum(
                c * (value(*s * (a + b)) - value(*s * (a - b)) - value(*s * (b - a)) + value(*-s * (a + b)))
                for s, c in ((1, 4 / 3), (2, -1 / 12))
            ) / (4 * DIFFERENCE**2)
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
