"""How EM converges, with any weights: the statements at trajectories by cubature of EM's definition."""

from collections.abc import Iterator

import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.cubature_em import Array, Mixture
from tests.theory.derivations.statement_values import Values, assert_sharp, named, symbols
from tests.theory.tied_mixtures import cyclic_mixture, power, random_mixture, trajectory, transform


def limits(name: str) -> list[sympy.Limit]:
    conclusions = sympy.And(*derive(name, None).statement.conclusions, evaluate=False)
    return sorted(conclusions.atoms(sympy.Limit), key=str)


def dimension(mixture: Mixture, theta: Array) -> float:
    means = mixture.maps @ theta
    return float(np.linalg.matrix_rank(means - means[0], tol=1e-9))


def stationary_point() -> Iterator[Values]:
    """Dimensions 1 and 2; the last case is the tightest: equal weights on two signs."""
    r = symbols("stationary-point")["r"]
    form, divergence = sympy.Function("f", real=True)(r), sympy.Function("KL", real=True)(r)
    path = derive("stationary-point", None).statement.conclusions[-1].rhs
    nodes, mass = np.polynomial.legendre.leggauss(14)
    generator = np.random.default_rng(11)
    for seed, components in enumerate((2, 2, 3, 4, 5, 2)):
        mixture = random_mixture(seed, components, 1 if seed == 5 else 2, 60)
        theta = generator.normal(size=mixture.maps.shape[1])
        for radius in (0.1, 0.6, 1.4):
            point = radius * theta / np.linalg.norm(theta)
            slopes = [float(s * point @ (s * point - mixture.step(s * point))) / s for s in (nodes + 1) / 2]
            yield {
                r: radius,
                path: float(mass @ slopes) / 2,
                form: float(point @ (point - mixture.step(point))),
                divergence: mixture.divergence(point),
                **named(
                    "stationary-point",
                    {
                        "D": max(1.0, dimension(mixture, point)),
                        "S": radius**2,
                        "F": float(point @ (point - mixture.step(point))),
                        "d": len(theta),
                    },
                ),
                sympy.Symbol("S'", real=True): float(np.sum(mixture.step(point) ** 2)),
            }


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


def sublinear_rate() -> Iterator[Values]:
    """Four components, of whose transforms the second vanishes; near 0, with a little of the other frequency."""
    name = "sublinear-rate"
    mixture = cyclic_mixture(np.array([0.4, 0.3, 0.1, 0.2]), 12)
    points = trajectory(mixture, np.array([0.03, -0.02, 0.15]), 200)
    square, slow = sympy.Function("R", positive=True), sympy.Function("S", positive=True)
    divergence = sympy.Function("KL", positive=True)
    norms = [float(point @ point) for point in points]
    kl = {n: mixture.divergence(points[n]) for n in range(0, 201, 10)}
    # From the first half; the second half is to obey it.
    early = range(0, 101, 10)
    constant = 1.2 * max(max(1 / ((1 + n) * norms[n]), 1 / ((1 + n) ** 2 * kl[n]), n**2 * kl[n]) for n in early)
    for n in (0, 10, 50, 150, 200):
        yield {
            symbols(name)["t"]: n,
            square(n): norms[n],
            square(0): norms[0],
            slow(0): float(points[0][2] ** 2),
            divergence(n): kl[n],
            **named(
                name,
                {
                    "D": 3.0,
                    "W": 32 * float(points[0][2] ** 2),
                    "V": max(float((p[:2] @ p[:2]) / (4 * p[2] ** 4)) for p in points),
                    "C": constant,
                },
            ),
        }


CASES = {
    "asymptotic-factor": (asymptotic_factor, 2e-3),
    "stationary-point": (stationary_point, 1e-9),
    "sublinear-rate": (sublinear_rate, 1e-9),
}


@pytest.mark.statement(*CASES)
@pytest.mark.parametrize("name", CASES)
def test_every_conclusion_holds_and_its_opposite_does_not(name: str) -> None:
    cases, tolerance = CASES[name]
    conclusions = derive(name, None).statement.conclusions
    assert_sharp(conclusions, list(cases()), tolerance, 4 if name == "sublinear-rate" else None)
