"""The letters of more statements: conditions that name numbers, any mixture, and simplices of many vertices."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tests.theory.derivations.outside.models import Model, pairs, plane, slopes, space, transform
from tests.theory.derivations.outside.population import norm
from tests.theory.derivations.outside.reading import Letters, outside


@outside("free-means", "free means", "means $U_jθ$, $U_j$ rotations", plane())
def _(m: Model) -> Letters:
    moved = m.maps @ slopes(m.step, 0 * m.theta) @ m.h
    return {"k": 3, "j": 1, "pi": m.weights, "h": (m.maps @ m.h)[:, 0], "v": moved[:, 0]}


@outside("descent", "$μ·KL(t) ≤ g(t)/2$ for all $t$", "$μ = 9/10$, above all $g(t)/2KL(t)$", plane())
def _(m: Model) -> Letters:
    kl = [m.kl(point) for point in m.orbit(1)]
    return {"t": 1, "KL": lambda t: kl[int(t)], "mu": 0.9}


@outside(
    "necessity", "vanishing transform", "weights 2/5, 3/10, 1/5, 1/10", space((0.4, 0.3, 0.2, 0.1), (0.0, 0.0, 0.05))
)
def _(m: Model) -> Letters:
    return {"t": 0, "k": 4, "r": lambda t: m.r, "beta": lambda t: m.power(m.theta, 2)}


@outside(
    "sublinear-rate", "vanishing transform", "weights 3/5, 1/10, 1/5, 1/10", space((0.6, 0.1, 0.2, 0.1), (0, 0, 0.02))
)
@outside(
    "sublinear-rate",
    "cyclic maps",
    "$U_j = −R^j$ for $j = 1, 3$, $R^j$ for the others",
    replace(space(theta=(0, 0, 0.02)), maps=space().maps * np.array([1, -1, 1, -1])[:, None, None]),
)
def _(m: Model) -> Letters:
    squares = [point @ point for point in m.orbit(10)]
    letters = {"t": 10, "k": 4, "D": 3, "V": 0.5, "R": lambda t: squares[int(t)]}
    return letters | {"S": lambda t: m.theta[2] ** 2}


@outside(
    "sublinear-rate",
    "$T(t) ≤ V·k·S(t)²$ for all $t$",
    "$V = 1/2$, $T(0) = (87/500)²$, $S(0) = 1/20000$, weights 499/1000 twice, 1/1000 twice",
    space((0.499, 0.499, 0.001, 0.001), (0.174, 0.0, 5e-5**0.5)),
)
def _(m: Model) -> Letters:
    """$S$ falls while $T$ does, and that is soon."""
    point = m.orbit(10)[-1]
    letters = {"t": 10, "k": 4, "V": 0.5, "R": lambda t: float(point @ point if t else m.theta @ m.theta)}
    return letters | {"S": lambda t: m.theta[2] ** 2}


@outside(
    "degenerate-directions",
    "invariant line",
    "the maps $diag(±1, ±1)$, weights 1/4, $u$ neither axis nor diagonal",
    plane(theta=(0.955, 0.2966)),
)
def _(m: Model) -> Letters:
    """EM turns to the diagonal, where $q$ is least."""
    maps = np.array([[[i, 0], [0, j]] for i in (1.0, -1.0) for j in (1.0, -1.0)])
    other = replace(m, weights=np.full(4, 0.25), maps=maps)
    products = other.products(m.theta, m.theta) / m.r**2
    end = other.orbit(400)[-1]
    return {"q": float(np.mean(products**2)), "whole": 400 * float(end @ end)}


@outside(
    "lost-rate",
    "orthogonal maps",
    "maps 10 and −5 on the line, $θ_0 = 3/10$, the first weight any of 199 $w$",
    plane(theta=(0.3, 0.0)),
)
def _(m: Model) -> Letters:
    """From each of these weights σ³ is above the bound at some step, by 3 and more."""
    found = []
    for w in np.arange(0.005, 1, 0.005):
        at = replace(m, weights=np.array([w, 1 - w]), maps=np.array([10.0, -5.0])[:, None, None] * np.eye(2))
        sides = []
        for _ in range(40):
            sides.append((at.sigma**3, 16 * at.r**2 * np.exp(at.r**2)))
            at = replace(at, weights=at.masses(at.theta), theta=at.step(at.theta))
        found.append(max(sides, key=lambda pair: pair[0] - pair[1]))
    return {"sides": (2, *min(found, key=lambda pair: pair[0] - pair[1]))}


@outside("stationary-point", "linear tying", "all $L_j$ have a common kernel", plane(theta=(0.0, 0.5)))
def _(m: Model) -> Letters:
    flat = replace(m, maps=m.maps * np.array([1.0, 0.0]))
    return {"sides": (2, 0.0, m.theta @ flat.gradient(m.theta))}


@outside("covariance-hessian", "$σ²·‖h‖² ≤ ∑_i a_i²$", "$σ = 1$", plane())
def _(m: Model) -> Letters:
    return {"H": norm(m.a @ m.h) ** 2 + 0.25, "sigma": 1.0, "‖h‖": norm(m.h), "‖W‖": 0.5**0.5}


def frequencies(m: Model) -> Letters:
    """Four components: φ and ψ at one step, and what it makes of r."""
    small, large = sorted((1, 2), key=lambda n: abs(transform(m.weights, n)))
    phi, psi = 1 - m.power(m.theta, small), 1 - m.power(m.theta, large)
    r = [m.r, norm(m.step(m.theta))]
    return {"t": 0, "r": lambda t: r[int(t)], "phi": phi, "psi": psi}


@outside(
    "asymptotic-factor",
    "$φ_m ≤ b$ for all $m$",
    "$b$ below the $φ_m$, above the $ψ_m$",
    space((0.5, 0.25, 0.125, 0.125), (0.1, 0, 0.1)),
)
def _(m: Model) -> Letters:
    letters = frequencies(m)
    assert letters["psi"] < letters["phi"]
    return letters | {"b": letters["psi"]}


@outside(
    "asymptotic-factor",
    "$ψ_m ≤ b$ for all $m$",
    "$b$ below the $ψ_m$, above the $φ_m$",
    space((0.5, 0.25, 0.125, 0.125), (0.3, 0.2, 2.5)),
)
def _(m: Model) -> Letters:
    letters = frequencies(m)
    assert letters["phi"] < letters["psi"]
    return letters | {"b": letters["phi"]}


@outside("asymptotic-factor", "$p_m − δ ≤ β(m, s)$ for all $m$, $s$", "$δ = 0$ and $β < p$", plane((0.9, 0.06, 0.04)))
@outside("asymptotic-factor", "$β(m, s) ≤ δ + p_m$ for all $m$, $s$", "$δ = 0$ and $β > p$", plane((0.36, 0.33, 0.31)))
def _(m: Model) -> Letters:
    p = float(abs(transform(m.weights)) ** 2)
    return {"t": 0, "sigma": p**0.5, "delta": 0.0, "KL": lambda t: m.kl(m.theta), "Q": lambda t: p * m.r**2 / 2}


@outside("linear-tying", "weights", "weights whose sum is 3", plane((0.95, 0.03, 0.02)))
def _(m: Model) -> Letters:
    """λ of N⁻¹AᵀA, N = 3I."""
    return {"lambda": float(np.linalg.eigvalsh(9 * m.a.T @ m.a / 3)[-1])}


@outside("linear-tying", "$32·K·(a(t)² + b(t)²) ≤ 1 − f$ for all $t$", "$a(0) = 5$, $b(0) = 0$", pairs((0.0, 5.0)))
def _(m: Model) -> Letters:
    points = m.orbit(1)
    f = 1 - float(np.linalg.svd(m.a)[1][0]) ** 2
    return {"t": 1, "f": f, "a": lambda t: abs(points[int(t)][1]), "b": lambda t: abs(points[int(t)][0])}


@outside("lost-rate", "path of starts", "all starts are the same, $r(w, 0) = 1/100$", plane(theta=(0.01, 0.0)))
def _(m: Model) -> Letters:
    return {"t": 0, "k": 3, "w": 0.5, "r": lambda w, t: m.r, "sigma": lambda w, t: m.sigma}


@outside("lost-rate", "unknown weights", "each step makes the larger weight 7/10", plane((0.5, 0.5), theta=(0.02, 0.0)))
def _(m: Model) -> Letters:
    """From weights w and 1 − w, 3/10 ≤ w ≤ 7/10: σ = 2/5 at the second step, wherever it starts."""
    new = replace(m, weights=np.array([0.7, 0.3]))
    return {"t": 1, "k": 2, "w": 0.5, "r": lambda w, t: norm(m.step(m.theta)), "sigma": lambda w, t: new.sigma}


LINE, MASS = np.polynomial.hermite_e.hermegauss(40)
MASS /= MASS.sum()


@outside(
    "general-em", "finite mixture", "the density $e^{−(x − θ)}$ for $x ≥ θ$, of the data's law for $θ = 0$", plane()
)
def _(m: Model) -> Letters:
    nodes, mass = np.polynomial.laguerre.laggauss(20)
    return {"∂ℓ(η*)": float(mass @ slopes(lambda t: -(nodes - t[0]), np.zeros(1))[:, 0])}


@outside("general-em", "well specified", "$X ~ N(0, 2I)$", plane())
def _(m: Model) -> Letters:
    return {"∂ℓ(η*)": float(m.h @ replace(m, nodes=2**0.5 * m.nodes).gradient(m.theta))}


@outside("general-em", "inner M-step", "the M-step ends at $θ ≤ 0$, where the slope is positive", plane())
def _(m: Model) -> Letters:
    """Means θ and θ + 1 of normal data of mean 3: EM is 0 near 0, so that J = 0."""
    x = LINE + 3
    gamma = 1 / (1 + 0.7 / 0.3 * np.exp(0.5 - x))
    assert MASS @ (x - gamma) > 0
    return {"I_c": 1.0, "I_o": 1 - float(MASS @ (gamma * (1 - gamma))), "K": 0.0}


def landscape(nodes: np.ndarray, log: Callable[[np.ndarray], np.ndarray]) -> Letters:
    """F and P of two components on the line; `log`: of the density of a component, by its standardised coordinate."""
    mu, S, weights = np.array([0.5, -0.4]), np.array([1.2, 0.8]), np.array([0.6, 0.4])

    def density(x: np.ndarray, u: float) -> np.ndarray:
        scale = np.sqrt(S + 2 * u * (S - 1))
        return np.exp(log((x[:, None] - (1 + u) * mu) / scale)) @ (weights / scale)

    F = slopes(lambda u: np.array([-MASS @ np.log(density(nodes, u[0]))]), np.zeros(1))[0, 0]
    score = slopes(lambda t: np.log(density(nodes + t[0], 0)) + (nodes + t[0]) ** 2 / 2, np.zeros(1))[:, 0]
    return {"F": float(F), "P": float(MASS @ score**2)}


@outside("normal-landscape", "normal data", "$X ~ N(0, 2)$", plane())
def _(m: Model) -> Letters:
    return landscape(2**0.5 * LINE, lambda z: -(z**2) / 2)


@outside("normal-landscape", "normal mixture", "components with the density $1/(2 cosh^2)$, scaled", plane())
def _(m: Model) -> Letters:
    return landscape(LINE, lambda z: -2 * np.log(np.cosh(z)))


@outside("normal-landscape", "fitted covariance", "the covariance is $2I$ in every step", plane())
def _(m: Model) -> Letters:
    """δ of one component, as ‖μ‖ tends to 0."""
    return {"sides": (4, float(np.linalg.norm(2 * np.eye(2) - np.eye(2), 2)), 0.0)}


@outside("normal-landscape", "$c ≤ E[q]$", "$c = 50$", plane())
def _(m: Model) -> Letters:
    """The fit N(0, 1/2): q = X²."""
    kl = float(MASS @ (LINE**2 - LINE**2 / 2)) + np.log(0.5) / 2
    return {"c": 50.0, "KL": kl, "lambda": 0.5}


def scores(weights: np.ndarray, s: float) -> tuple[np.ndarray, np.ndarray]:
    """Standard normal z_j, and posteriors on a simplex, where the exponents are s·z_j up to what is common."""
    z = np.random.default_rng(4).normal(size=(4000, len(weights)))
    terms = weights * np.exp(s * z)
    return z, terms / terms.sum(axis=1, keepdims=True)


@outside("convexity-end", "normal data", "$X = 1000v_0$, $k = 200$", plane())
def _(m: Model) -> Letters:
    y = 500 * np.eye(200)[0]
    gamma = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
    return {"k": 200, "W": 0.005, "s": 0.5, "G": float(gamma @ gamma)}


@outside("convexity-end", "weights", "$k = 200$, weights whose sum is 1/100, 9/1000 the first", plane())
def _(m: Model) -> Letters:
    _, gamma = scores(0.01 * np.array([0.9, *[0.1 / 199] * 199]), 0.5)
    return {"k": 200, "W": 0.009, "s": 0.5, "G": float(np.mean(np.sum(gamma**2, axis=1)))}


def heavy(first: float, rest: float, scale: float) -> Letters:
    """Ten components at radius 1/100; `scale` that of the data."""
    s = (10 / 9) ** 0.5
    z, gamma = scores(np.array([first, *[rest] * 9]), 0.01 * s * scale)
    along = scale * s * (z - z.mean(axis=1, keepdims=True))
    variance = np.sum(gamma * along**2, axis=1) - np.sum(gamma * along, axis=1) ** 2
    return {"k": 10, "W": first, "r": 0.01, "λ_e": 1 - float(variance.mean())}


outside("convexity-equal", "weights", "$k = 10$, weights whose sum is 3, 9/10 the first", plane())(
    lambda m: heavy(0.9, 2.1 / 9, 1.0)
)
outside("convexity-equal", "normal data", "$k = 10$, $X ~ N(0, 9I)$", plane())(lambda m: heavy(0.5, 0.5 / 9, 3.0))


@outside(
    "convexity-heavy", "simplex", "$U_0 = 1$, $U_1 = U_2 = −1$ on the line", plane((0.95, 0.025, 0.025), (0.05, 0.0))
)
@outside(
    "convexity-equal",
    "simplex",
    "$k = 10$, $U_0 = 1$, the others $−1$ on the line",
    plane((0.5, *[1 / 18] * 9), (0.01, 0.0)),
)
def _(m: Model) -> Letters:
    k = len(m.weights)
    line = replace(m, maps=np.array([1, *[-1] * (k - 1)])[:, None, None] * np.eye(2)).hessian(m.theta)[0, 0]
    letters = {"k": k, "W": m.weights[0], "r": m.r, "s": m.r * (k / (k - 1)) ** 0.5}
    return letters | {"λ_e": line, "⟨h|∇²ℓ(sθ)h⟩": line}


@outside("convexity-end", "simplex", "all $U_j = I$, $k = 10^{10}$", plane())
def _(m: Model) -> Letters:
    """The posterior is $π$."""
    return {"k": 10**10, "W": 0.7, "s": 4.0, "G": 0.7**2 + 0.3**2 / (10**10 - 1)}


@outside("degenerate-law", "orthogonal rays", "$U_0 = I$, $U_1 = −I$ in the plane, equal weights", plane())
def _(m: Model) -> Letters:
    """$√nθ̂_1² ≤ 1/20$ at $n = 400$: $T_t = ttᵀ$, and $T$ is that of the first axis."""
    points = np.random.default_rng(7).normal(size=(300, 400, 2))
    theta = np.random.default_rng(8).normal(size=(300, 1, 2)) / 4
    for _ in range(400):
        along = np.tanh((points * theta).sum(axis=2, keepdims=True))
        theta = (points * along).mean(axis=1, keepdims=True)
    return {"y": 0.05, "q": 1.0, "whole": float(np.mean(20 * theta[:, 0, 0] ** 2 <= 0.05))}
