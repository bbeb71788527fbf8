"""The statements on rates at random cases: population EM by cubature of its definition, and what is said of it."""

from collections.abc import Iterator
from math import inf

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.statement_values import Values, assert_sharp, named, symbols
from tests.theory.tied_mixtures import (
    cyclic_mixture,
    dihedral_mixture,
    power,
    random_mixture,
    trajectory,
    transform,
)
from tests.tiers import first_every_day

TRIANGLE = np.tile([0.25, 0.15, 0.1], 2)
"""Equal weights on rotations and reflections of a triangle: A annihilates the second axis."""


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
        }


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
        mixture = cyclic_mixture(np.array([1 / k] * k), 20)
        u = np.eye(k - 1)[0]
        yield quartic("kl-expansion", mixture, u, 1 / (k - 1), {names["k"]: k})


def degenerate_directions() -> Iterator[Values]:
    """Along the axis that A annihilates."""
    names = symbols("degenerate-directions")
    mixture, u = dihedral_mixture(TRIANGLE, 20), np.array([0.0, 1.0])
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


def limits(name: str) -> list[sympy.Limit]:
    conclusions = sympy.And(*derive(name, None).statement.conclusions, evaluate=False)
    return sorted(conclusions.atoms(sympy.Limit), key=str)


def asymptotic_factor() -> Iterator[Values]:
    """Four components, slowest frequency 2, and the same from a start that has frequency 1 only."""
    name, weights = "asymptotic-factor", np.array([1 / 2, 1 / 4, 1 / 8, 1 / 8])
    mixture = cyclic_mixture(weights, 12)
    radius, slow, rest = (
        sympy.Function("r", positive=True),
        sympy.Function("S", positive=True),
        sympy.Function("T", nonnegative=True),
    )
    divergence, form = sympy.Function("KL", positive=True), sympy.Function("Q", nonnegative=True)
    moduli = {m: abs(transform(weights, m)) ** 2 for m in (1, 2)}
    for start, slowest in ((np.array([0.3, 0.2, 0.5]), 2), (np.array([0.7, -0.4, 0.0]), 1)):
        points = trajectory(mixture, start, 60)
        amplitudes = {1: [point[:2] @ point[:2] for point in points], 2: [point[2] ** 2 for point in points]}
        factors = {m: [1 - power(mixture, point, m) for point in points[:20]] + [1 - moduli[m]] for m in (1, 2)}
        excited = {m for m in (1, 2) if amplitudes[m][0] > 0}
        deviation = max(
            abs(power(mixture, s * point, m) - moduli[m])
            for m in excited
            for point in points[:4]
            for s in np.linspace(0.02, 1, 12)
        )
        kl = {n: mixture.divergence(points[n]) for n in (1, 3, 6, 59, 60)}
        quadratic = {n: sum(moduli[m] * amplitudes[m][n] for m in excited) / 2 for n in kl}
        ratios = {
            radius: np.linalg.norm(points[60]) / np.linalg.norm(points[59]),
            form: kl[60] / quadratic[60],
            divergence: kl[60] / kl[59],
        }
        for n in (1, 3, 6):
            yield {
                symbols(name)["t"]: n,
                radius(n): float(np.linalg.norm(points[n])),
                radius(n + 1): float(np.linalg.norm(points[n + 1])),
                slow(0): amplitudes[slowest][0],
                rest(0): amplitudes[3 - slowest][0] if len(excited) > 1 else 0.0,
                divergence(n): kl[n],
                form(n): quadratic[n],
                **{limit: float(ratios[key]) for limit, key in zip(limits(name), key_of(limits(name)), strict=True)},
                **named(
                    name,
                    {
                        "sigma": float(np.sqrt(moduli[slowest])),
                        "a": min(factors[slowest]),
                        "b": max(max(factors[m]) for m in excited),
                        "c": max(factors[3 - slowest]),
                        "delta": deviation,
                    },
                ),
            }


def key_of(found: list[sympy.Limit]) -> list[sympy.FunctionClass]:
    """Which of the three ratios each limit is of."""
    radius, form = sympy.Function("r", positive=True), sympy.Function("Q", nonnegative=True)
    divergence = sympy.Function("KL", positive=True)
    return [radius if limit.has(radius) else form if limit.has(form) else divergence for limit in found]


CASES = {
    "asymptotic-factor": (asymptotic_factor, 2e-3),
    "kl-expansion": (kl_expansion, 2e-2),
    "necessity": (necessity, 1e-9),
    "pl-inequality": (pl_inequality, 1e-9),
    "secant-bound": (secant_bound, 0),
    "degenerate-directions": (degenerate_directions, 2e-2),
}

COMPONENTS = {"degenerate-directions": 6, "necessity": 4}


@pytest.mark.statement(*CASES)
@pytest.mark.parametrize("name", first_every_day(5, list(CASES)))
def test_every_conclusion_holds_and_its_opposite_does_not(name: str) -> None:
    cases, tolerance = CASES[name]
    assert_sharp(derive(name, None).statement.conclusions, list(cases()), tolerance, COMPONENTS.get(name))
