"""The letters of statements on other kinds of EM: fitted weights and covariances, and any tying."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from tests.theory.derivations.outside.models import Model, pairs, plane, slopes, space, transform
from tests.theory.derivations.outside.population import ORBIT, SMALL, norm
from tests.theory.derivations.outside.reading import Letters, outside, reading

BOUND = 3.0
"""Of functions that are said to be bounded near 0."""

VERTEX = (2 / 3) ** 0.5, 0.0, (1 / 3) ** 0.5
EVEN = (0.25, 0.25, 0.25, 0.25)


def vertex(radius: float, weights: tuple[float, ...] = EVEN) -> Model:
    """Four components, θ on the ray of a vertex."""
    return space(weights, tuple(radius * part for part in VERTEX))


def to_zero(
    step: Callable[[float], float], kl: Callable[[float], float], power: int, sizes: tuple[float, float]
) -> Any:
    """The limits of t·r^power and of t^(1 + 2/power)·KL on a line, from one step and KL at two radii, r and 2r."""
    small, double = sizes
    growth, height = (
        (4 * found(small) - found(double)) / 3
        for found in (lambda s: step(s) ** -power - s**-power, lambda s: kl(s) / s ** (power + 2))
    )
    return 1 / growth, height * growth ** (-1 - 2 / power)


def bounded(value: float) -> float:
    return max(-BOUND, min(BOUND, value))


def off_ray(m: Model, line: bool = True) -> Model:
    return replace(m, theta=m.r * np.array([0.0, 0.0, 1.0] if line else [0.96, 0.0, 0.28]))


def uneven(m: Model) -> Model:
    return replace(m, weights=np.array([0.4, 0.3, 0.1, 0.2]))


def covariant(m: Model, theta: np.ndarray, covariance: np.ndarray) -> float:
    """−E log of the density of the fit, up to a constant."""
    inverse = np.linalg.inv(covariance)
    off = m.nodes[:, None] - m.maps @ theta
    terms = m.weights * np.exp(-((off @ inverse) * off).sum(axis=-1) / 2)
    return float(-m.mass @ np.log(terms.sum(axis=1)) + np.log(np.linalg.det(covariance)) / 2)


@reading("covariance-convexity", plane(theta=(0.02, -0.01)))
def _(m: Model) -> Letters:
    sigma, W = np.diag([1.004, 0.997]), 0.1 * np.array([[0.5, 0.2], [0.2, -0.3]])
    values = [covariant(m, m.theta + t * m.h, sigma + t * W) for t in (-1e-3, 0, 1e-3)]
    second = (values[0] - 2 * values[1] + values[2]) / 1e-6
    return {"sigma": m.sigma, "‖θ‖": m.r, "‖Σ−I‖": 0.004, "‖h‖": norm(m.h), "‖W‖": norm(W), "KL''": second}


def scaled_step(m: Model, v: float, theta: np.ndarray) -> tuple[np.ndarray, float]:
    """θ and the common variance after a step."""
    small = replace(m, nodes=m.nodes / v**0.5, maps=m.maps / v**0.5)
    gamma = m.mass[:, None] * small.posterior(theta)
    form = np.einsum("j,jap,jaq->pq", gamma.sum(axis=0), m.maps, m.maps)
    new = np.linalg.solve(form, np.einsum("jap,ja->p", m.maps, gamma.T @ m.nodes))
    left = np.sum((m.nodes[:, None] - m.maps @ new) ** 2, axis=2)
    return new, float(np.sum(gamma * left) / m.nodes.shape[1])


@reading("covariance-descent", vertex(0.6))
@reading("unknown-covariance", vertex(0.3), plane((0.5, 0.5), theta=(0.3, 0.0)))
def _(m: Model) -> Letters:
    r, D, k = m.r, float(len(m.theta)), len(m.weights)
    e = m.theta / r

    def along(s: float) -> float:
        return covariant(m, s * e, (1 - s**2 / D) * np.eye(len(e)))

    new, v = scaled_step(m, 1 - r**2 / D, m.theta)
    step, q, kl = norm(new), 1 / (k - 1), along(r) - covariant(m, 0 * e, np.eye(len(e))) + np.log(m.weights.sum()) * 0
    slope = (along(r + 1e-4) - along(r - 1e-4)) / 2e-4
    kl -= 0 if m.weights.sum() == 1 else np.log(m.weights.sum())
    functions = {
        "M": lambda size, r: {D: step}[size],
        "KL": lambda size, r: {D: kl}[size],
        "e": lambda D, r: bounded((step / r - 1 + r**2 * (q - 1 / D)) / r**4),
        "f": lambda D, r: bounded((kl / r**4 - q / 4 + 1 / (4 * D)) / r**2),
        "g": lambda r: bounded((step / r - 1 + r**4 * (k - 2) * q**2 / 2) / r**6),
        "h": lambda r: bounded((kl / r**6 - (k - 2) * q**2 / 12) / r**2),
    }
    first, power = (7, 4) if k - 1 == D else (3, 2)
    rates = to_zero(
        lambda s: norm(scaled_step(m, 1 - s**2 / D, s * e)[0]), lambda s: along(s) - along(0.0), power, (0.1, 0.2)
    )
    limits = dict(zip((first, first + 1), rates, strict=True))
    return {"k": k, "D": D, "r": r, "m": step, "v'": v, "KL'": slope, **functions, "limits": limits}


for name in ("covariance-descent", "unknown-covariance"):
    outside(name, "uniform weights", "weights 2/5, 3/10, 1/10, 1/5", uneven(vertex(0.4)))(_)
    outside(name, "simplex", "$θ$ off the rays of the vertices", off_ray(vertex(0.3), name == "unknown-covariance"))(_)


@outside("covariance-descent", "unknown covariance", "the covariance is $I$ in every step", vertex(0.6))
def _(m: Model) -> Letters:
    return {"D": 3.0, "k": 4, "r": m.r, "m": norm(m.step(m.theta)), "v'": 1.0}


@outside("unknown-covariance", "unknown covariance", "the covariance is $I$ in every step", vertex(0.3))
def _(m: Model) -> Letters:
    step = norm(m.step(m.theta))
    return {"k": 4, "D": 3.0, "r": m.r, "M": lambda D, r: step, "g": lambda r: bounded((step / r - 1) / r**6)}


@reading("simplex-step", vertex(0.3), vertex(0.9))
def _(m: Model) -> Letters:
    s, step = m.r, norm(m.step(m.theta))
    rest = bounded((step / s - 1 + s**2 / 3 - s**4 / 9) / s**6)
    return {"k": 4, "s": s, "N": lambda s: step, "e": lambda s: rest}


outside("simplex-step", "uniform weights", "weights 2/5, 3/10, 1/10, 1/5", uneven(vertex(0.3)))(_)
outside("simplex-step", "simplex", "$θ$ off the rays of the vertices", off_ray(vertex(0.2)))(_)


def limits_along(m: Model) -> dict[int, float]:
    """Of t·r² and t²·KL from starts along θ, the last two conclusions of three."""
    e = m.theta / m.r
    rates = to_zero(lambda s: norm(m.step(s * e)), lambda s: m.from_data(s * e), 2, (0.05, 0.1))
    return dict(zip((2, 3), rates, strict=True))


@reading("kl-expansion", vertex(0.3))
def _(m: Model) -> Letters:
    kl = m.from_data(m.theta)
    functions = {"KL": lambda r: kl, "e": lambda r: bounded((kl / r**4 - 1 / 12) / r**2)}
    return {"k": 4, "r": m.r, **functions, "limits": limits_along(m)}


outside("kl-expansion", "uniform weights", "weights 2/5, 3/10, 1/10, 1/5", uneven(vertex(0.3)))(_)
outside("kl-expansion", "simplex", "$θ$ off the rays of the vertices", off_ray(vertex(0.15)))(_)


@reading("two-fitted-weights", plane((0.7, 0.3), theta=(0.4, 0.0)))
@reading("three-fitted-weights", plane((0.4, 0.35, 0.25), theta=(0.15, 0.1)))
@reading("triangle-step", plane((0.4, 0.35, 0.25), theta=(0.15, 0.1)), plane())
def with_weights(m: Model) -> Letters:
    return fitted(m, lambda model, theta: model.masses(theta))


def fitted(m: Model, renewed: Callable[[Model, np.ndarray], np.ndarray]) -> Letters:
    points, models = [m.theta], [m]
    for _ in range(ORBIT):
        models.append(replace(models[-1], weights=renewed(models[-1], points[-1])))
        points.append(models[-2].step(points[-1]))
    sums = np.cumsum([0.0] + [norm(point) ** 2 for point in points])
    pi = [transform(model.weights) for model in models]
    even = replace(m, weights=np.full(len(m.weights), 1 / len(m.weights)))
    functions = {"r": lambda t: norm(points[int(t)]), "sigma": lambda t: abs(pi[int(t)]), "D": lambda t: sums[int(t)]}
    letters = {"t": 4, "k": len(m.weights), **functions, "r'": norm(points[1]), "σ'": abs(pi[1])}
    products = {"⟨π̂|π̂'⟩": (pi[0] * pi[1].conj()).real, "beta": m.power(m.theta), "q": even.power(m.theta)}
    return letters | products | {"symbols": {"r": m.r, "sigma": abs(pi[0])}}


for name, start in {
    "two-fitted-weights": plane((0.7, 0.3), theta=(0.4, 0.0)),
    "three-fitted-weights": plane((0.4, 0.35, 0.25), theta=(0.15, 0.1)),
    "triangle-step": plane((0.4, 0.35, 0.25), theta=(0.15, 0.1)),
}.items():
    outside(name, "unknown weights", "each step makes the weights equal", start)(
        lambda m: fitted(m, lambda model, theta: np.full(len(m.weights), 1 / len(m.weights)))
    )


@outside("weight-change", "unknown weights", "each step makes the weights equal", SMALL)
def _(m: Model) -> Letters:
    return {"C": np.abs(1 / 3 - m.weights).sum(), "k": 3, "r": m.r}


@outside("unknown-weights", "unknown weights", "each step makes the weights equal", plane((0.8, 0.15, 0.05), (0.06, 0)))
def _(m: Model) -> Letters:
    letters = fitted(m, lambda model, theta: np.full(3, 1 / 3))
    return {**letters, "D": lambda t: np.abs(1 / 3 - m.weights).sum()}


@reading("unknown-variance", plane((0.5, 0.5), theta=(0.3, 0.0)))
def _(m: Model) -> Letters:
    """On the line: the first coordinate."""
    line = replace(m, maps=m.maps[:, :1, :1], nodes=m.nodes[:, :1], theta=m.theta[:1])
    r = line.r
    along = lambda s: covariant(line, np.array([s]), np.array([[1 - s**2]]))  # noqa: E731
    new, v = scaled_step(line, 1 - r**2, line.theta)
    kl = along(r) - covariant(line, np.zeros(1), np.eye(1))
    step = abs(float(new[0]))
    functions = {
        "M": lambda r: step,
        "KL": lambda r: kl,
        "e": lambda r: bounded((step / r - 1 + 2 * r**6 / 3) / r**8),
        "f": lambda r: bounded((kl / r**8 - 1 / 12) / r**2),
    }
    slope = (along(r + 1e-4) - along(r - 1e-4)) / 2e-4
    rates = to_zero(
        lambda s: abs(float(scaled_step(line, 1 - s**2, np.array([s]))[0][0])),
        lambda s: along(s) - along(0.0),
        6,
        (0.1, 0.2),
    )
    limits = dict(zip((7, 8), rates, strict=True))
    return {"m": step, "r": r, "v'": v, "KL'": slope, **functions, "limits": limits}


outside("unknown-variance", "symmetric pair", "weights 7/10 and 3/10", plane((0.7, 0.3), theta=(0.3, 0.0)))(_)


@outside("unknown-variance", "unknown variance", "the variance is 1 in every step", plane((0.5, 0.5), theta=(0.3, 0.0)))
def _(m: Model) -> Letters:
    return {"m": norm(m.step(m.theta)), "r": m.r, "v'": 1.0}


@reading("tied-convergence", plane())
def _(m: Model) -> Letters:
    gamma = m.mass[:, None] * m.posterior(m.theta)
    p = gamma.sum(axis=0)
    mean = gamma[:, 0] @ m.nodes / p[0]
    mu = m.maps[0] @ m.theta
    return {"p": p[0], "‖m‖²": mean @ mean, "pi": m.weights[0], "‖μ‖²": mu @ mu}


@outside("tied-convergence", "free means", "means $100θ$, $θ$ and $−θ$", plane((0.1, 0.45, 0.45), theta=(0.5, 0.0)))
def _(m: Model) -> Letters:
    tied = replace(m, maps=np.array([100.0, 1.0, -1.0])[:, None, None] * np.eye(2))
    squares = [1e4 * norm(point) ** 2 for point in tied.orbit(2)]
    return {"pi": 0.1, "t": 1, "q": lambda t: squares[int(t)]}


@reading("linear-tying", plane((0.6, 0.3, 0.1)))
def _(m: Model) -> Letters:
    J = slopes(m.step, 0 * m.theta)
    images = m.maps @ m.e
    u = np.linalg.eig(J)[1][:, 0].real
    factor = 1 - float(u @ J @ u)
    letters = {
        "k": 3,
        "pi": m.weights,
        "s": [float(image @ each @ (J @ m.h)) for image, each in zip(images, m.maps, strict=False)],
    }
    squares = {"‖Au‖²": norm(m.a @ u) ** 2, "⟨u|Nu⟩": m.weights @ np.sum((m.maps @ u) ** 2, axis=1)}
    return letters | squares | {"c": m.products(m.e, m.h), "lambda": factor}


def degenerate(m: Model, matched: bool) -> Letters:
    """Along θ; the divergence with the covariance I − r²T if it is matched."""
    u, r = m.theta / m.r, m.r
    images = m.maps @ u
    c = images @ images.T
    T = np.einsum("j,ja,jb->ab", m.weights, images, images)
    q, C = float(m.weights @ c**2 @ m.weights), float(m.weights @ c**3 @ m.weights)
    four = np.einsum("j,ja,jb,jc,jd->abcd", m.weights, *[images] * 4)
    pairs_of = np.einsum("ab,cd->abcd", T, T)
    four = four - pairs_of - pairs_of.transpose(0, 2, 1, 3) - pairs_of.transpose(0, 3, 2, 1)
    K = float(np.sum(four**2))
    scalar = m.from_data(0 * u) + covariant(m, m.theta, (1 - r**2 / 2) * np.eye(2)) - covariant(m, 0 * u, np.eye(2))
    kl = m.from_data(m.theta)
    letters = {"k": 6, "d": 2, "r": r, "pi": m.weights, "c": c, "q": q, "C": C, "K": K, "KL": lambda r: kl}
    letters |= {"‖T‖_F": norm(T), "limits": {4 + number: value for number, value in limits_along(m).items()}}
    functions = {"KL_v": lambda r: scalar, "f": lambda r: bounded((scalar / r**4 - q / 4 + 1 / 8) / r**2)}
    letters |= functions | {"e": lambda r: bounded((kl / r**4 - q / 4) / r**2)}
    if matched:
        kl = m.from_data(0 * u) + covariant(m, m.theta, np.eye(2) - r**2 * T) - covariant(m, 0 * u, np.eye(2))
        letters |= {"KL": lambda r: kl, "e": lambda r: bounded((kl / r**6 - C / 12 - K * r**2 / 48) / r**4)}
    return letters


def turned(m: Model) -> Model:
    return replace(m, theta=m.theta[::-1].copy())


for name in ("degenerate-directions", "matched-covariance"):
    letters = partial(degenerate, matched=name == "matched-covariance")
    reading(name, pairs((0.0, 0.5 if name == "matched-covariance" else 0.3)))(letters)
    outside(name, "annihilated direction", "$u$ with $Au ≠ 0$", turned(pairs((0.0, 0.3))))(letters)


@outside("covariance-convexity", "orthogonal maps", "$U_0 = 50$, $U_1 = −50$, $Σ = 19/20$", plane((0.51, 0.49)))
def _(m: Model) -> Letters:
    line = replace(m, maps=50 * m.maps[:, :1, :1], nodes=m.nodes[:, :1])
    values = [covariant(line, np.array([t]), np.array([[0.95]])) for t in (-1e-4, 0, 1e-4)]
    second = (values[0] - 2 * values[1] + values[2]) / 1e-8
    return {"sigma": 1.0, "‖θ‖": 0.0, "‖Σ−I‖": 0.05, "‖h‖": 1.0, "‖W‖": 0.0, "KL''": second}


@outside("tied-convergence", "$q_F ≤ ∑_n l_{jn}²$ for all $j$", "$q_F = 100$, above the squares", plane())
def _(m: Model) -> Letters:
    """F of all three: a = θ'."""
    square = norm(m.step(m.theta)) ** 2
    return {"k": 3, "q_F": 100.0, "a_F": square, "e_F": float(-np.log(m.masses(m.theta).max()))}
