"""The letters of statements on samples."""

import itertools
import math
from dataclasses import replace

import numpy as np
from scipy.stats import chi2
from scipy.stats import norm as norm_law

from tests.theory.derivations.outside.models import Model, on, pairs, plane, slopes
from tests.theory.derivations.outside.population import norm
from tests.theory.derivations.outside.reading import Letters, outside, reading

POINTS = np.random.default_rng(0).normal(size=(30, 2))
EVEN = np.concatenate([POINTS[:15], -POINTS[:15]])
CROSS = 2**0.5 * np.concatenate([np.eye(2), -np.eye(2)]) + 0.005
"""Four points with S = I nearly, and a small mean."""

HEAVY = plane((0.6, 0.2, 0.2))
R = 0.15
EASY = on(np.random.default_rng(3).uniform(-1.7, 1.7, (3000, 2)), plane((0.8, 0.1, 0.1)))
"""Of which all premises of sample-contraction and sample-limit hold."""


def sample(model: Model, scale: float = 1.0, shift: float = 0.0) -> Model:
    return on(scale * EVEN + shift, model)


def third(m: Model, points: np.ndarray) -> np.ndarray:
    """Third cumulants under the weights of the U_jᵀx, a tensor for each x."""
    images = np.einsum("jap,na->njp", m.maps, points)
    off = images - np.einsum("j,njp->np", m.weights, images)[:, None]
    return np.einsum("j,nja,njb,njc->nabc", m.weights, off, off, off)


def constants(m: Model) -> dict[str, float]:
    """λ, ω and T of a sample for the ball of radius R."""
    second = np.einsum("n,na,nb->ab", m.mass, m.nodes, m.nodes)
    growth = m.mass * (np.exp(8 * R**2 * np.sum(m.nodes**2, axis=1) / 3) - 1)
    omega = np.linalg.eigvalsh(np.einsum("n,na,nb->ab", growth, m.nodes, m.nodes))[-1] / R**2
    T = norm(np.einsum("n,nabc->abc", m.mass, third(m, m.nodes)))
    return {"lambda": max(1.0, float(np.linalg.eigvalsh(second)[-1])), "omega": float(omega), "T": T, "R": R}


def limit(m: Model) -> np.ndarray:
    theta = m.theta
    for _ in range(400):
        theta = m.step(theta)
    return theta


@reading(
    "posterior-curvature", on(np.array([[0.7, -1.2]]), plane()), on(np.eye(2)[:1], plane((0.01, 0.99), (0.5, 0.0)))
)
@reading("sample-curvature", sample(HEAVY), sample(plane()), on(np.array([[1.0, 0.5]]), plane(theta=(0.1, 0.0))))
def _(m: Model) -> Letters:
    x = m.nodes[0]
    inner = m.maps @ m.h @ x

    def variance(s: float) -> float:
        share = m.posterior(s * m.theta)[0]
        return float(share @ inner**2 - (share @ inner) ** 2)

    def at(radius: float) -> float:
        return float(m.h @ slopes(m.step, radius * m.theta / m.r) @ m.h)

    knots, shares = np.polynomial.legendre.leggauss(6)
    form, mean_form = at(0.1), float(shares @ [at(0.05 * (1 + s)) for s in knots]) / 2
    v, along = inner - m.weights @ inner, m.maps @ m.theta @ x
    mean = float(m.weights @ (v**2 * (along - m.weights @ along)))
    letters = {"c": variance, "c_3": lambda s: mean, "w": 2 * norm(x) * m.r}
    letters |= {"q": lambda r: form, "h": lambda r: mean_form, "‖Au‖²": norm(m.a @ m.h) ** 2}
    return {**letters, **constants(m), "r": 0.1}


@outside(
    "sample-limit",
    "orthogonal maps",
    "$U_j = 13V_j/10$ with orthogonal $V_j$, $S = 11I/10$",
    on(1.1**0.5 * CROSS, replace(HEAVY, maps=1.3 * HEAVY.maps)),
)
@reading("sample-contraction", sample(HEAVY, 1.0, 0.01), EASY)
@reading("sample-limit", on(CROSS, HEAVY), on(CROSS, plane((0.95, 0.03, 0.02))), EASY)
def _(m: Model) -> Letters:
    theta = 0.1 * m.theta / m.r
    fixed, found, mean = limit(m), constants(m), norm(m.mass @ m.nodes)
    slope = found["R"] * found["T"] + (1 - m.sigma**2) * (found["lambda"] + found["omega"] * R**2)
    orbit = [theta]
    for _ in range(30):
        orbit.append(m.step(orbit[-1]))
    gap = 1 - m.sigma**2
    cubic = [-gap * found["omega"] / 3, -found["T"] / 2, 1 - gap * found["lambda"], -1.002 * m.sigma * mean]
    roots = [float(root.real) for root in np.roots(cubic) if abs(root.imag) < 1e-9 and root.real > 0]
    apart = [norm(point - fixed) for point in orbit]
    letters = {"sigma": m.sigma, "s": float(np.linalg.norm(m.a, 2)), "‖x̄‖": mean, "x": 1.001 * mean, "t": 25}
    names = {"‖∇M_n(θ)‖": float(np.linalg.norm(slopes(m.step, theta), 2)), "‖M_n(θ)‖": norm(m.step(R * theta / 0.1))}
    fixed_names = {"r": norm(fixed), "z": norm(m.a @ fixed), "r_1": min(roots, default=norm(fixed)), "rho": 0.1}
    rates = {"p": 1.001 * slope, "gamma": 0.999 - slope}
    return {**letters, **found, **names, **fixed_names, **rates, "D": lambda t: apart[int(t)]}


@reading("sample-mean", sample(plane(), 1.2, 0.1), sample(plane(), 1.0, 0.3))
@reading("degenerate-sample", sample(plane(), 1.2, 0.1), sample(plane(), 1.0, 0.3))
def _(m: Model) -> Letters:
    population = replace(m, nodes=plane().nodes, mass=plane().mass)
    return estimate(m, population)


def estimate(m: Model, population: Model) -> Letters:
    """Of the maximum on a sample, beside the population's map."""
    fixed = limit(m)
    r = norm(fixed)
    ball = [s * 2.5 * np.array([np.cos(a), np.sin(a)]) for a in np.linspace(0, 6, 20) for s in (0.2, 0.5, 0.8, 1.0)]
    W = max(norm(m.step(point) - population.step(point)) for point in [*ball, fixed])
    u = fixed / max(r, 1e-12)
    apart = [u @ (slopes(m.step, s * fixed) - slopes(population.step, s * fixed)) @ u for s in np.linspace(0, 1, 9)]
    letters = {"S": float(m.mass @ np.linalg.norm(m.nodes, axis=1)), "W": W, "rho": 2.5, "sigma": m.sigma, "n": 30}
    more = {"D": 2, "x": norm(m.mass @ m.nodes), "eta": max(0.0, *apart), "KL": m.kl(fixed)}
    return {**letters, **more, "r": r}


for name in ("sample-mean", "degenerate-sample"):
    outside(name, "normal data", "a sample of $N(0, 2I)$ as large as the population", plane())(
        lambda m: estimate(replace(m, nodes=2**0.5 * m.nodes), replace(m, nodes=2**0.5 * m.nodes))
    )


@reading("sample-net", plane())
def _(m: Model) -> Letters:
    y = np.einsum("nj,jap,na->np", m.posterior(m.theta), m.maps, m.nodes) @ m.h
    s = 0.5
    moment = float(m.mass @ np.exp(s * (y - m.mass @ y)))
    return {"D": 2, "s": s, "c": 1 - 2 * s**2, "m": moment, "rho": 1.0}


@reading("sample-hessian", on(np.array([[0.7, -1.2]]), plane((0.5, 0.5))), on(np.array([[0.7, -1.2]]), plane()))
def _(m: Model) -> Letters:
    x, gamma = m.nodes[0], m.posterior(m.theta)[0]
    images = np.einsum("jap,a->jp", m.maps, x)
    off = images - gamma @ images
    return {"m": 0, "x": norm(x), "f": norm(np.einsum("j,ja,jb->ab", gamma, off, off))}


@outside("sample-hessian", "normal data", "$X ~ N(0, I/16)$, $S = I$", plane())
def _(m: Model) -> Letters:
    small = replace(m, nodes=m.nodes / 4)
    return {"eta": float(np.linalg.eigvalsh(slopes(m.step, 0 * m.theta) - slopes(small.step, 0 * m.theta))[-1])} | {
        "lambda": 1.0,
        "w": 0.0,
    }


@reading("sample-shells", sample(plane()), sample(plane((0.5, 0.5)), 0.5))
@reading("sample-steps", sample(plane()), sample(plane((0.5, 0.5)), 0.5))
def _(m: Model) -> Letters:
    points, t = m.orbit(20), 2
    loss = [m.loss(point) for point in points]
    steps = np.cumsum([0.0] + [norm(b - a) ** 2 for a, b in itertools.pairwise(points)])
    along = float((points[t] - points[t + 1]) @ points[t] / norm(points[t]))
    functions = {"Q": lambda t: steps[int(t)], "ℓ_n": lambda t: loss[int(t)], "x": lambda t: norm(points[int(t)])}
    lows = {"F": lambda t: 2 * (loss[int(t)] - loss[20]), "a": lambda t: along}
    return {"t": t, "b": 0.99 * max(along, 0), "v": 0.0, "c": 1.0, "symbols": {"k": 0.0}, **functions, **lows}


@outside("sample-shells", "normal data", "$X ~ N(0, 100I)$", plane())
def _(m: Model) -> Letters:
    """In ten samples of twenty points, in each of which a fixed point is beyond √(2D)."""
    generator = np.random.default_rng(1)
    far = [norm(limit(on(10 * generator.normal(size=(20, 2)), m))) > 2 for _ in range(10)]
    return {"P_0": float(np.mean(far)), "D": 2, "n": 20}


@reading("sample-tails", plane())
def _(m: Model) -> Letters:
    n, share = 50, 0.1
    variance = float(m.mass @ m.nodes[:, 0] ** 2)
    moment = float(m.mass @ np.sum(third(m, m.nodes) ** 2, axis=(1, 2, 3))) / n
    tail = float(chi2.sf(chi2.isf(share, 2) / variance, 2))
    return {"P_1": tail, "delta_1": share, "D": 2, "n": n, "sigma": m.sigma, "E‖T‖²": moment}


@reading("degenerate-law", sample(plane()))
def _(m: Model) -> Letters:
    theta = m.theta
    images = m.maps @ theta
    a, S = m.a @ theta, np.einsum("n,na,nb->ab", m.mass, m.nodes, m.nodes)
    off = images - a
    C, Z, mean = np.einsum("j,ja,jb->ab", m.weights, off, off), S - np.eye(2), m.mass @ m.nodes
    y = m.nodes @ images.T
    first, second = y @ m.weights, y**2 @ m.weights
    L = np.log(np.exp(y) @ m.weights)
    rest = norm(C) ** 2 / 4 + float(m.mass @ (L + first**2 / 2 - first - second / 2))
    letters = {"Δ": m.r**2 / 2 - float(m.mass @ L), "e": rest, "‖x̄‖²": mean @ mean, "‖Z‖²": norm(Z) ** 2, "n": 30}
    return letters | {
        "‖Aθ−x̄‖²": norm(a - mean) ** 2,
        "‖C−Z‖²": norm(C - Z) ** 2,
        "‖θ‖": m.r,
        "‖Aθ‖²": a @ a,
        "⟨Aθ|CAθ⟩": a @ C @ a,
        "‖C‖²": norm(C) ** 2,
    }


@outside("degenerate-law", "normal data", "$X ~ N(0, 4I)$", replace(plane(), nodes=2 * plane().nodes))
@reading("degenerate-law", plane())
def _(m: Model) -> Letters:
    images = m.maps @ m.theta
    a = m.a @ m.theta
    C = np.einsum("j,ja,jb->ab", m.weights, images - a, images - a)
    y = m.nodes @ images.T
    off = y - (y @ m.weights)[:, None]
    fourth = off**4 @ m.weights - 3 * (off**2 @ m.weights) ** 2
    return {"E(κ_4)": m.mass @ fourth, "⟨Aθ|CAθ⟩": a @ C @ a, "‖C‖²": norm(C) ** 2}


def cubes(m: Model, u: np.ndarray) -> np.ndarray:
    """∑π_j⟨U_ju, x⟩²(U_j − A)ᵀx of each point."""
    moved = np.einsum("jab,na->njb", m.maps - m.a, m.nodes)
    return np.einsum("j,nj,njb->nb", m.weights, (m.nodes @ (m.maps @ u).T) ** 2, moved)


@reading("degenerate-maximum", on(POINTS, pairs((0.1, 0.2))), on(0.8 * POINTS, pairs((0.1, 0.1))))
def _(m: Model) -> Letters:
    u, theta = np.array([0.0, 1.0]), m.theta
    c = m.nodes @ (m.maps @ u).T
    f = float(u @ m.hessian(theta) @ u)
    tau = norm(m.mass @ cubes(m, u))
    square = np.sum(m.nodes**2, axis=1)
    letters = {"f": f, "Z": float(m.mass @ (c**2 @ m.weights)) - 1, "tau": tau, "m_4": m.mass @ square**2, "r": m.r}
    # Of the means of thirty points, from one.
    law = pairs()
    one = (law.nodes @ (law.maps @ u).T) ** 2 @ law.weights - 1
    limits = {2: float(law.mass @ one**2) / 30, 3: float(law.mass @ np.sum(cubes(law, u) ** 2, axis=1)) / 30}
    q = float(m.weights @ ((m.maps @ u) @ (m.maps @ u).T) ** 2 @ m.weights)
    return letters | {"d": 2, "n": 30, "q": q, "limits": limits}


@outside("degenerate-maximum", "normal data", "$X ~ N(0, 4I)$", pairs())
def _(m: Model) -> Letters:
    u = np.array([0.0, 1.0])
    c = 4 * (m.nodes @ (m.maps @ u).T) ** 2 @ m.weights - 1
    mean = float(m.mass @ c)
    q = float(m.weights @ ((m.maps @ u) @ (m.maps @ u).T) ** 2 @ m.weights)
    return {"n": 30, "whole": (float(m.mass @ c**2) - mean**2) / 30 + mean**2, "q": q}


@reading("symmetric-sample", on(1.2 * POINTS, plane((0.5, 0.5), theta=(0.3, 0.1))))
def _(m: Model) -> Letters:
    theta = limit(m)
    r = norm(theta)
    values, vectors = np.linalg.eigh(np.einsum("n,na,nb->ab", m.mass, m.nodes, m.nodes))
    along, top = m.nodes @ (theta / r), m.nodes @ vectors[:, -1]
    moments = {"m_4": m.mass @ along**4, "m_6": m.mass @ along**6, "e_4": m.mass @ top**4}
    return {"r": r, "L": float(values[-1] - 1), **moments}


outside(
    "symmetric-sample", "symmetric pair", "weights 4/5 and 1/5", on(0.4 * POINTS + 0.3, plane((0.8, 0.2), (0.3, 0.1)))
)(_)


@outside("sample-mean", "weights", "weights 3/2 and −1/2 on the line, $X = 1$", plane((1.5, -0.5), (1.0, 0.0)))
def _(m: Model) -> Letters:
    return {"S": 1.0, "r": norm(limit(on(np.array([[1.0, 0.0]]), m)))}


@outside("sample-hessian", "weights", "weights 3/2 and −1/2, $⟨x, θ⟩ = −1/2$", plane((1.5, -0.5), (1.0, 0.0)))
def _(m: Model) -> Letters:
    x = np.array([-0.5, 0.3])
    gamma = on(x[None], m).posterior(m.theta)[0]
    off = m.maps @ x - gamma @ (m.maps @ x)
    return {"m": 0, "x": norm(x), "f": norm(np.einsum("j,ja,jb->ab", gamma, off, off))}


@outside("sample-steps", "weights", "weights 3/2 and −1/2 on the line, $X = 1$", plane((1.5, -0.5), (1.3, 0.0)))
def _(m: Model) -> Letters:
    one = on(np.array([[1.0, 0.0]]), m)
    points = one.orbit(30)
    loss = [one.loss(point) for point in points]
    square, along = norm(points[1] - points[0]) ** 2, float(points[0][0] - points[1][0])
    letters = {"t": 0, "Q": lambda t: square, "ℓ_n": lambda t: loss[int(t)]}
    steps = {"x": lambda t: points[int(t)][0], "F": lambda t: 2 * (loss[int(t)] - min(loss)), "a": lambda t: along}
    return letters | steps | {"b": 0.99 * along, "v": 0.0, "c": 1.0, "symbols": {"k": 0.0}}


@outside("degenerate-maximum", "annihilated direction", "$Au ≠ 0$", on(EVEN, pairs((0.0, 0.001))))
def _(m: Model) -> Letters:
    u = np.array([1.0, 0.0])
    m = replace(m, nodes=EVEN * (1.02 / (m.mass @ ((EVEN @ (m.maps @ u).T) ** 2 @ m.weights))) ** 0.5)
    c = m.nodes @ (m.maps @ u).T
    f = float(m.mass @ (1 - c**2 @ m.weights + (c @ m.weights) ** 2))
    tau = norm(m.mass @ cubes(m, u))
    square = np.sum(m.nodes**2, axis=1)
    return {"f": f, "Z": float(m.mass @ (c**2 @ m.weights)) - 1, "tau": tau, "m_4": m.mass @ square**2, "r": 1e-6}


def halves(variance: float, n: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """θ̂² and 2n KL for equal weights on the line, in samples of n points: the maximum on a grid."""
    points = np.random.default_rng(5).normal(size=(count, n)) * variance**0.5
    grid = np.linspace(0, 1.5, 76)
    value = np.array([np.log(np.cosh(s * points)).mean(axis=1) - s**2 / 2 for s in grid])
    best = grid[np.argmax(value, axis=0)]
    nodes, mass = np.polynomial.hermite_e.hermegauss(40)
    kl = grid**2 / 2 - np.log(np.cosh(np.multiply.outer(grid, nodes))) @ (mass / mass.sum())
    return best**2, 2 * n * kl[np.argmax(value, axis=0)]


@outside("fisher-information", "invertible A", "weights 1/2 and 1/2 on the line", plane())
def _(m: Model) -> Letters:
    """G(n, y) at n = 400 for y = 1/100."""
    return {"d": 1.0, "y": 0.01, "whole": float(np.mean(halves(1.0, 400, 200)[1] <= 0.01))}


@outside("sample-mean", "invertible A", "weights 1/2 and 1/2 on the line", plane())
def _(m: Model) -> Letters:
    """E(n) at n = 400, about 1/2."""
    return {"d": 1, "whole": float(np.mean(halves(1.0, 400, 200)[1]))}


@outside("symmetric-sample", "normal data", "$X ~ N(0, 4)$", plane())
def _(m: Model) -> Letters:
    """H(n, 1, y) at n = 400 for y = 1."""
    found = float(np.mean(400**0.5 * halves(4.0, 400, 50)[0] <= 1))
    return {"d": 1, "y": 1.0, "whole": found, "F": lambda d, y: norm_law.cdf(y / 2**0.5)}


def premises(sigma: float) -> dict[str, float]:
    """The letters of finite-sample for ten billion points in the plane, by its formulas."""
    n, D, part = 10**10, 2, 0.0125
    R = 0.99 * sigma / (5 * (2 + D)) ** 0.5
    q = float(chi2.isf(part, D))
    base, more = (1 - 16 * R**2 / 3) ** -(1 + D / 2), (1 - 32 * R**2 / 3) ** -(2 + D / 2)
    v = D * (D + 2) * (more - 2 * (1 - 16 * R**2 / 3) ** -(2 + D / 2) + 1)
    omega = (base - 1 + (v / (n * part)) ** 0.5) / R**2
    lam = (1 + (D / n) ** 0.5 + (2 * math.log(1 / part) / n) ** 0.5) ** 2
    T = 2 * (1 - sigma**2) * (D * (D + 2) * (D + 4) / (n * part)) ** 0.5
    gamma = 1 - R * T - (1 - sigma**2) * (lam + omega * R**2) - 1e-4
    x = (q / n) ** 0.5
    r_1 = 1.1 * x * sigma / (1 - (1 - sigma**2) * lam)
    letters = {"n": n, "D": D, "sigma": sigma, "s": sigma, "R": R, "lambda": lam, "T": T, "omega": omega, "q": q}
    return letters | {f"delta_{i}": part for i in range(1, 6)} | {"gamma": gamma, "r_1": r_1}


def tending(m: Model) -> Letters:
    """How likely θ̂ is beyond r_1 among so many points, to first order at 0, or 1 where EM is slower than is said.

    The letters of sample-ball, too.
    """
    letters = premises(m.sigma)
    n, tau, nu, a, kappa = letters["n"], 1e-6, 0.1, 1e-3, 1e-5
    J = slopes(m.step, 0 * m.theta)
    gain = norm(np.linalg.solve(np.eye(2) - J, m.step(0 * m.theta) + m.a.T @ np.eye(2)[0] / m.weights.sum()))
    beyond = float(chi2.sf(n * letters["r_1"] ** 2 / gain**2 / (m.mass @ m.nodes[:, 0] ** 2), 2))
    ball = [s * np.array([np.cos(t), np.sin(t)]) for s in (0.1, 0.4, 0.7, 1.0) for t in np.linspace(0, 6, 12)]
    p = max(norm(m.step(point)) / norm(point) for point in ball) + 0.01
    net = 2 * math.log((1 + 2 / nu) * (1 + 2 / tau)) - math.log(0.0125)
    error = 2 * tau * (1 + letters["lambda"]) + (kappa + net / n) / a / (1 - nu)
    moment = float(m.mass @ np.exp(a * (m.nodes @ m.h)))
    more = {"m": moment, "kappa": kappa, "rho": 1.0, "p": p, "a": a, "tau": tau, "nu": nu, "epsilon": error}
    slow = float(np.linalg.norm(J, 2)) > 1 - letters["gamma"]
    return {**letters, **more, "P": 1.0 if slow else beyond}


for name in ("finite-sample", "sample-ball"):
    reading(name, plane((0.6, 0.2, 0.2)), plane((0.98, 0.01, 0.01)))(tending)


@outside("sample-shells", "weights", "weights 3/2 and −1/2 on the line, $X = 1$", plane((1.5, -0.5), (1.3, 0.0)))
def _(m: Model) -> Letters:
    one = on(np.array([[1.0, 0.0]]), m)
    points = one.orbit(1)
    loss = [one.loss(point) for point in points]
    return {"t": 1, "Q": lambda t: norm(points[1] - points[0]) ** 2, "ℓ_n": lambda t: loss[int(t)]}
