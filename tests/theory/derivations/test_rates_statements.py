"""The statements on rates at random cases: population EM by cubature of its definition, and what is said of it."""

from collections.abc import Iterable, Iterator
from math import inf

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from emtheory.theory.proof.mean import Mean
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.outside.models import Model, plane
from tests.theory.derivations.outside.population import READINGS
from tests.theory.derivations.outside.reading import values_of
from tests.theory.derivations.statement_values import Values, assert_sharp, named, symbols
from tests.theory.tied_mixtures import (
    cyclic_mixture,
    dihedral_mixture,
    power,
    random_mixture,
    trajectory,
    transform,
)

TRIANGLE = np.tile([0.25, 0.15, 0.1], 2)
"""Equal weights on rotations and reflections of a triangle: A annihilates the second axis."""


def read(name: str, models: Iterable[Model]) -> Iterator[Values]:
    conclusions = sympy.And(*derive(name, None).statement.conclusions, evaluate=False)
    letters = READINGS[name][0][1]
    return (values_of(conclusions, letters(model)) for model in models)


def arbitrary(generator: np.random.Generator, components: int, radius: float) -> Model:
    """Random weights and orthogonal maps; θ of a radius, and a random vector."""
    mixture = random_mixture(generator, components)
    theta, h, e = generator.normal(size=(3, 2))
    return Model(
        mixture.weights, mixture.maps, mixture.nodes, mixture.mass, radius * theta / np.linalg.norm(theta), h, e
    )


def contraction_bound() -> Iterator[Values]:
    generator = np.random.default_rng(1)
    sizes = [(components, radius) for components in (2, 3, 4) for radius in (0.1, 0.5, 1.0, 2.0)]
    return read("contraction-bound", (arbitrary(generator, *size) for size in sizes))


def convexity_radius() -> Iterator[Values]:
    generator = np.random.default_rng(2)
    return read("convexity-radius", (arbitrary(generator, 3, radius) for radius in (0.05, 0.1, 0.2, 0.5, 1.0)))


def sidak_bound() -> Iterator[Values]:
    starts = [(0.6 * radius, 0.8 * radius) for radius in (0.2, 0.6, 1.5)]
    return read("sidak-bound", (plane(w, start) for w in ((0.5, 0.3, 0.2), (0.8, 0.15, 0.05)) for start in starts))


def secant_bound() -> Iterator[Values]:
    """Also near 5, where both sides differ least."""
    for z in (0.0, 0.1, 1.0, 2.5, 4.0, 4.9, 5.0, 5.2, 6.0, 9.5, 30.0):
        yield named("secant-bound", {"z": z})


def pl_inequality() -> Iterator[Values]:
    generator = np.random.default_rng(4)
    degenerate, u = dihedral_mixture(TRIANGLE), np.array([0.0, 1.0])

    def third_order(r: float) -> float:
        return float(np.linalg.norm(r * u - degenerate.step(r * u)) / r**3)

    for radius in (0.3, 0.7, 1.0):
        mixture = random_mixture(generator, 3)
        theta = radius * np.array([0.8, 0.6])
        gradient = theta - mixture.step(theta)
        angles = np.linspace(0, 2 * np.pi, 24)
        ball = [s * radius * np.array([np.cos(a), np.sin(a)]) for a in angles for s in (0.0, 0.25, 0.5, 0.75, 1.0)]
        yield named(
            "pl-inequality",
            {
                "rho": radius,
                "b": float(min(np.linalg.eigvalsh(mixture.second_moment(point))[0] for point in ball)),
                "sigma": mixture.sigma,
                "‖θ‖²": radius**2,
                "KL": mixture.divergence(theta),
                "‖∇ℓ‖²": float(gradient @ gradient),
                "c": max(third_order(r) for r in np.linspace(0.05, 1, 20)),
                "r": radius,
                "D": 2.0,
                "KL(ru)": degenerate.divergence(radius * u),
                "‖∇ℓ(ru)‖²": (third_order(radius) * radius**3) ** 2,
            },
        )


def descent() -> Iterator[Values]:
    KL, t = sympy.Function("KL", positive=True), symbols("descent")["t"]
    mixture = cyclic_mixture(np.array([0.6, 0.3, 0.1]))
    for start in (np.array([0.5, 0.2]), np.array([-0.3, 0.9])):
        points = trajectory(mixture, start, 12)
        constant = float(np.exp(-2 * start @ start)) * mixture.sigma**4
        for n, point in enumerate(points):
            yield {
                t: n,
                KL(n): mixture.divergence(point),
                KL(0): mixture.divergence(start),
                **named("descent", {"mu": constant, "epsilon": mixture.divergence(start) * 0.999}),
            }


def global_convergence() -> Iterator[Values]:
    names = symbols("global-convergence")
    component, norm = sympy.Function("x", real=True), sympy.Function("r", nonnegative=True)
    factor, m = sympy.Function("beta", nonnegative=True), names["m"]
    mixture = cyclic_mixture(np.array([0.6, 0.3, 0.1]))
    modulus = float(abs(transform(mixture.weights, 1)))
    start = np.array([0.9, -0.4])
    points = trajectory(mixture, start, 30)
    generator = np.random.default_rng(5)
    for n in (1, 4, 9):
        length, first = float(np.linalg.norm(points[n])), float(np.linalg.norm(start))
        yield {
            names["t"]: n,
            component(m, n): length,
            component(m, 0): first,
            norm(n): length,
            norm(0): first,
            names["p"][m]: modulus,
            names["sigma"]: modulus,
            **{component(index, n): float(generator.normal()) for index in range(3)},
            **{factor(index, n): power(mixture, points[n], index) for index in range(3)},
        }


def necessity() -> Iterator[Values]:
    """Weights with π̂_2 = 0 on four components, so that the third coordinate is that of frequency 2."""
    beta, radius, amplitude = (
        sympy.Function(name, **{sign: True})
        for name, sign in (("beta", "nonnegative"), ("r", "positive"), ("rho", "positive"))
    )
    partial = sympy.Function("S", nonnegative=True)
    names = symbols("necessity")
    mixture = cyclic_mixture(np.array([0.4, 0.3, 0.1, 0.2]), 16)
    rotation = mixture.maps[1]
    eigenvector = np.linalg.svd(rotation + np.eye(3))[2][-1]
    points = trajectory(mixture, 0.3 * np.array([0.3, 0.2, -0.1]) + 0.25 * eigenvector, 60)
    radii = [float(np.linalg.norm(point)) for point in points]
    squares, roots = (c.lhs for c in derive("necessity", None).statement.conclusions if c.has(sympy.Sum))
    divergence = sympy.Function("KL", positive=True)
    # The sum grows by about the same when the number of steps doubles: there is no limit.
    grows = sum(r**2 for r in radii[30:]) > 0.3 * sum(r**2 for r in radii[15:30])
    kl = [mixture.divergence(point) for point in points]
    grows_too = sum(np.sqrt(kl[30:])) > 0.3 * sum(np.sqrt(kl[15:30]))
    for n in (1, 5, 20, 50):
        yield {
            names["t"]: n,
            beta(n): power(mixture, points[n], 2),
            radius(n): radii[n],
            amplitude(n): abs(float(points[n] @ eigenvector)),
            amplitude(0): abs(float(points[0] @ eigenvector)),
            partial(n): sum(r**2 for r in radii[:n]),
            squares: inf if grows else 0.0,
            roots: inf if grows_too else 0.0,
            radius(0): radii[0],
            divergence(n): kl[n],
            names["D"]: 3.0,
            names["W"]: 4 * max(radii) ** 2,
        }


def convexity_two() -> Iterator[Values]:
    """k = 2 on a line: H from second differences of ℓ by Gauss-Hermite quadrature of its definition."""
    names, curvature = symbols("convexity-two", 2), sympy.Function("H", real=True)
    nodes, mass = np.polynomial.hermite_e.hermegauss(120)
    mass = mass / mass.sum()

    def loss(r: float, a: float) -> float:
        weights = np.exp([a, -a]) / (np.exp(a) + np.exp(-a))
        return float(r**2 / 2 - mass @ np.log(weights[0] * np.exp(r * nodes) + weights[1] * np.exp(-r * nodes)))

    step = 1e-3
    (mean,) = derive("convexity-two", 2).statement.conclusions[0].rhs.atoms(Mean)
    for r, a in ((0.0, 0.4), (0.7, 0.0), (1.3, -0.8)):

        def second_difference(at: float, a: float = a) -> float:
            return (loss(at + step, a) - 2 * loss(at, a) + loss(at - step, a)) / step**2

        tangent = mass @ (nodes**2 * np.tanh(r * nodes + a) ** 2)
        yield {
            names["r"]: r,
            names["a"]: a,
            curvature(names["r"]): second_difference(r),
            curvature(0): second_difference(0.0),
            mean: float(tangent),
        }


def convexity_three() -> Iterator[Values]:
    """k = 3 in the plane: the Hessian from differences of M and of ℓ, both by cubature of their definitions."""
    step, generator = 1e-3, np.random.default_rng(4)
    (mean,) = derive("convexity-three", 3).statement.conclusions[0].atoms(Mean)
    for r in (0.05, 0.4, 0.9, 1.0, 1.7, 3.0):
        weights = generator.dirichlet(np.ones(3)) if r != 0.4 else np.ones(3) / 3
        mixture = cyclic_mixture(weights, 60)
        u = np.array([np.cos(7 * r), np.sin(7 * r)])

        def hessian(theta: Array, mixture: Mixture = mixture) -> Array:
            columns = [mixture.step(theta + step * e) - mixture.step(theta - step * e) for e in np.eye(2)]
            return np.eye(2) - np.array(columns) / (2 * step)

        near = [mixture.divergence((r + n * step) * u) for n in (-1, 0, 1)]
        gamma = mixture.posterior(r * u)
        pairs = gamma[:, 0] * gamma[:, 1] + gamma[:, 1] * gamma[:, 2] + gamma[:, 2] * gamma[:, 0]
        yield named(
            "convexity-three",
            {
                "r": r,
                "∂²ℓ/∂r²": (near[0] - 2 * near[1] + near[2]) / step**2,
                "β": float(1 - mixture.step(r * u) @ u / r),
                "λ_min": float(min(np.linalg.eigvalsh(hessian(r * u)))),
                "λ_0": float(min(np.linalg.eigvalsh(hessian(np.zeros(2))))),
                **{f"π_{j}": float(weights[j]) for j in range(3)},
            },
            3,
        ) | {mean: float(mixture.mass @ (1 - 6 * pairs) ** 2)}


def quartic(name: str, mixture: Mixture, u: Array, quartic_constant: float, values: Values) -> Values:
    """Values that the expansion of KL and its rates speak about, on the line of u."""
    r = sympy.Symbol("r", positive=True)
    divergence, rest = sympy.Function("KL", real=True), sympy.Function("e", real=True)
    at = 0.2
    # The bounded remainder, from twice the distance.
    remainder = (mixture.divergence(2 * at * u) - quartic_constant * (2 * at) ** 4 / 4) / (2 * at) ** 6
    points = trajectory(mixture, 0.3 * u, 4000)
    rates = [conclusion for conclusion in derive(name, None).statement.conclusions if conclusion.has(sympy.Limit)]
    growth = (np.linalg.norm(points[4000]) ** -2 - np.linalg.norm(points[2000]) ** -2) / 2000
    return {
        r: at,
        divergence(r): mixture.divergence(at * u),
        rest(r): remainder,
        rates[0].lhs: float(1 / growth),
        rates[1].lhs: float(mixture.divergence(points[4000]) * np.linalg.norm(points[4000]) ** -4 / growth**2),
        **values,
    }


def kl_expansion() -> Iterator[Values]:
    names = symbols("kl-expansion")
    for k in (2, 3):
        mixture = cyclic_mixture(np.array([1 / k] * k), 60)
        u = np.eye(k - 1)[0]
        yield quartic("kl-expansion", mixture, u, 1 / (k - 1), {names["k"]: k})


def degenerate_directions() -> Iterator[Values]:
    """Along the axis that A annihilates."""
    names = symbols("degenerate-directions")
    mixture, u = dihedral_mixture(TRIANGLE), np.array([0.0, 1.0])
    images = mixture.maps @ u
    inner = images @ images.T
    constant = mixture.quartic(u)
    matrix = np.einsum("j,ja,jb->ab", mixture.weights, images, images)
    yield quartic(
        "degenerate-directions",
        mixture,
        u,
        constant,
        {
            names["q"]: constant,
            names["d"]: 2,
            names["‖T‖_F"]: float(np.linalg.norm(matrix)),
            **{names["pi"][i]: mixture.weights[i] for i in range(6)},
            **{names["c"][i, j]: inner[i, j] for i in range(6) for j in range(6)},
        },
    )


CASES = {
    "contraction-bound": (contraction_bound, None, 1e-9),
    "convexity-radius": (convexity_radius, None, 1e-9),
    "convexity-two": (convexity_two, 2, 1e-5),
    "convexity-three": (convexity_three, 3, 1e-4),
    "degenerate-directions": (degenerate_directions, None, 2e-2),
    "descent": (descent, None, 1e-9),
    "global-convergence": (global_convergence, None, 2e-3),
    "kl-expansion": (kl_expansion, None, 2e-2),
    "necessity": (necessity, None, 1e-9),
    "pl-inequality": (pl_inequality, None, 1e-9),
    "secant-bound": (secant_bound, None, 0),
    "sidak-bound": (sidak_bound, None, 1e-9),
}
SLOW = ("degenerate-directions", "kl-expansion")
"""For the long tier: limits along small radii."""

COMPONENTS = {"degenerate-directions": 6, "global-convergence": 3, "necessity": 4, "sidak-bound": 3}


@pytest.mark.statement(*CASES)
@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.long] * (name in SLOW)) for name in CASES])
def test_every_conclusion_holds_and_its_opposite_does_not(name: str) -> None:
    cases, k, tolerance = CASES[name]
    assert_sharp(derive(name, k).statement.conclusions, list(cases()), tolerance, COMPONENTS.get(name))
