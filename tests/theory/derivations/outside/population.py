"""The letters of statements on the population, each by its definition."""

from dataclasses import replace

import numpy as np

from tests.theory.derivations.outside.models import Model, pairs, plane, slopes, space, transform, turns
from tests.theory.derivations.outside.reading import READINGS, Letters, outside, reading

__all__ = ["READINGS", "norm"]

SMALL = plane(theta=(0.06, -0.03))
ORBIT = 12


def norm(vector: np.ndarray) -> float:
    return float(np.linalg.norm(vector))


@reading("contraction-bound", SMALL, plane(), plane((0.7, 0.3), theta=(1.2, -1.6)), pairs((0.3, 0.4)))
def _(m: Model) -> Letters:
    aw, gw = norm(m.a @ m.h) ** 2, float(m.h @ m.b(m.theta) @ m.h)
    sizes = {"alpha": 0.3, "r": m.r, "D": 2, "rho": 1.1 * m.r, "sigma": m.sigma}
    return {**sizes, "‖Aw‖²": aw, "E‖Gw‖²": gw, "‖w‖²": float(m.h @ m.h)}


@reading("convexity-radius", SMALL, plane(), pairs((0.3, 0.4)))
def _(m: Model) -> Letters:
    e, hessian = m.theta / m.r, m.hessian(m.theta)
    form, image = float(e @ hessian @ e), float(e @ m.b(m.theta) @ e)
    least = float(np.linalg.eigvalsh(hessian)[0])
    return {"r": m.r, "sigma": m.sigma, "c": 0.5, "λ_min(∇²ℓ)": least, "⟨e|∇²ℓ(θ)e⟩": form, "E‖Ge‖²": image}


@reading("pl-inequality", SMALL, plane())
def _(m: Model) -> Letters:
    ball = [s * m.r * np.array([np.cos(a), np.sin(a)]) for a in np.linspace(0, 6, 12) for s in (0, 0.5, 1)]
    least = min(float(np.linalg.eigvalsh(m.b(point))[0]) for point in ball)
    square = norm(m.gradient(m.theta)) ** 2
    return {"rho": m.r, "b": least, "sigma": m.sigma, "KL": m.kl(m.theta), "‖∇ℓ‖²": square, "‖θ‖²": m.r**2}


@reading("descent", plane((0.7, 0.2, 0.1), theta=(0.06, -0.03)), SMALL, plane((0.6, 0.3, 0.1), theta=(-0.3, 0.9)))
def _(m: Model) -> Letters:
    points = m.orbit(ORBIT)
    kl, ratio = [], []
    for point in points:
        kl.append(m.kl(point))
        ratio.append(norm(m.gradient(point)) ** 2 / 2 / kl[-1])
    epsilon = kl[0] * 0.999 if m.r > 0.1 else kl[3] * 0.9
    return {"t": 3, "KL": lambda t: kl[int(t)], "mu": min(*ratio, 0.999), "epsilon": epsilon}


@reading("global-convergence", plane(), SMALL)
def _(m: Model) -> Letters:
    points = m.orbit(ORBIT)
    modulus = float(abs(transform(m.weights)))
    functions = {"r": lambda t: norm(points[int(t)]), "x": lambda m, t: points[int(t)][0]}
    return {"t": 3, "sigma": modulus, "m": 0, "p": [modulus], **functions}


@reading("gradient-em", plane(), SMALL, plane((0.9, 0.06, 0.04)))
def _(m: Model) -> Letters:
    points = [m.theta]
    for _ in range(ORBIT):
        points.append(points[-1] - 1.5 * m.gradient(points[-1]))
    return {"t": ORBIT - 1, "sigma": m.sigma, "s": 1.5, "D": 2, "R": lambda t: norm(points[int(t)]) ** 2}


@reading("asymptotic-factor", plane((0.6, 0.3, 0.1), theta=(0.6, -0.3)))
def _(m: Model) -> Letters:
    points, p = m.orbit(40), float(abs(transform(m.weights)) ** 2)
    beta = [m.power(s * point) for point in points[:4] for s in np.linspace(0.02, 1, 12)]
    factors = [1 - m.power(point) for point in points[:20]] + [1 - p]
    off = max(abs(each - p) for each in beta)
    kl = [m.kl(point) for point in points]
    r = [norm(point) for point in points]
    letters = {"t": 1, "sigma": p**0.5, "a": min(factors), "b": max(factors), "c": 0.1, "delta": off}
    functions = {"r": lambda t: r[int(t)], "KL": lambda t: kl[int(t)], "Q": lambda t: p * r[int(t)] ** 2 / 2}
    return {**letters, **functions, "S": lambda t: r[int(t)] ** 2, "T": lambda t: 0.0}


@reading("stein-identity", plane(), SMALL)
@reading("jacobian", plane())
@reading("hessian", plane())
@reading("gradient", plane())
def _(m: Model) -> Letters:
    h, e, theta = m.h, m.e, m.theta
    J, f = slopes(m.step, 0 * theta), np.array([1, 1j])
    p = abs(transform(m.weights)) ** 2
    complex_parts = {
        "⟨f_m|θ⟩": f @ theta,
        "⟨f_m|M(θ)⟩": f @ m.step(theta),
        "⟨f_m|h⟩": f @ h,
        "⟨f_m|J_M(0)h⟩": f @ J @ h,
    }
    b = m.posterior(theta) * 1.0
    inner = m.nodes @ (m.maps @ h).T
    variance = float(m.mass @ (np.sum(b * inner**2, axis=1) - np.sum(b * inner, axis=1) ** 2))
    return {
        "⟨h|M(θ)⟩": h @ m.step(theta),
        "⟨M(θ)|h⟩": h @ m.step(theta),
        "⟨h|θ⟩": h @ theta,
        "⟨θ|h⟩": h @ theta,
        "⟨∇ℓ(θ)|h⟩": m.gradient(theta) @ h,
        "⟨h|B(θ)θ⟩": h @ m.b(theta) @ theta,
        "⟨h|B(0)h⟩": h @ m.b(0 * theta) @ h,
        "‖Ah‖²": norm(m.a @ h) ** 2,
        "‖h‖²": float(h @ h),
        "⟨h|∇²ℓ(sθ)h⟩": h @ m.hessian(theta) @ h,
        "⟨h|∇²ℓ(0)h⟩": h @ m.hessian(0 * theta) @ h,
        "V": variance,
        "whole": variance,
        "⟨e|h⟩": e @ h,
        "⟨Ae|Ah⟩": e @ m.a.T @ m.a @ h,
        "⟨e|J_M(0)h⟩": e @ J @ h,
        "|π̂_m|²": p,
        "beta_m": m.power(theta),
        **{name: value.real for name, value in complex_parts.items()},
    }


@reading("stationary-point", SMALL, plane())
def _(m: Model) -> Letters:
    slope = m.theta @ m.gradient(m.theta)
    square = float(m.masses(m.theta) @ np.sum((m.maps @ m.theta) ** 2, axis=1))
    nodes, mass = np.polynomial.legendre.leggauss(14)
    points = [(s, s * m.theta) for s in (nodes + 1) / 2]
    whole = float(mass @ [point @ m.gradient(point) / s for s, point in points]) / 2
    numbers = {"r": m.r, "D": 2, "S": square, "F": slope, "S'": norm(m.step(m.theta)) ** 2, "d": 2, "whole": whole}
    return {**numbers, "f": lambda r: slope, "KL": lambda r: m.kl(m.theta)}


@reading("sidak-bound", plane(), plane((0.8, 0.15, 0.05), theta=(0.2, -0.1)))
def _(m: Model) -> Letters:
    y = m.maps @ m.theta @ np.array([0.7, -1.2])
    gamma = m.weights * np.exp(y) / (m.weights @ np.exp(y))
    letters = {"Omega": np.ptp(y), "TV(γ|π)": np.abs(gamma - m.weights).sum() / 2, "k": len(y), "r": m.r}
    transforms = {"sigma": abs(transform(m.weights)), "|γ̂_m|": abs(transform(gamma)), "β_m": m.power(m.theta)}
    return letters | transforms


@reading("convexity-heavy", plane((0.9, 0.06, 0.04), theta=(0.3, 0.2)))
def _(m: Model) -> Letters:
    difference = np.sum(((m.maps - m.maps[0]) @ m.h) ** 2, axis=1)
    S = float(m.weights @ difference / m.weights[0])
    return {"r": m.r, "S": S, "⟨h|∇²ℓ(sθ)h⟩": float(m.h @ m.hessian(m.theta) @ m.h)}


@reading("convexity-three", plane(theta=(0.03, 0.04)), plane(theta=(0.9, 0.6)), plane(theta=(2.4, 1.8), count=60))
@reading("convexity-three", plane((1 / 3,) * 3, theta=(0.3, 0.3)))
def _(m: Model) -> Letters:
    e, hessian, gamma = m.theta / m.r, m.hessian(m.theta), m.posterior(m.theta)
    pair = gamma[:, 0] * gamma[:, 1] + gamma[:, 0] * gamma[:, 2] + gamma[:, 1] * gamma[:, 2]
    eigenvalues = {"λ_min": np.linalg.eigvalsh(hessian)[0], "λ_0": np.linalg.eigvalsh(m.hessian(0 * e))[0]}
    letters = {"r": m.r, "β": m.power(m.theta), "∂²ℓ/∂r²": e @ hessian @ e, "whole": m.mass @ (1 - 6 * pair) ** 2}
    return letters | eigenvalues | {f"π_{j}": m.weights[j] for j in range(3)}


@reading("necessity", space(theta=(0.03, -0.02, 0.15)))
def of_slow_orbit(m: Model) -> Letters:
    points = m.orbit(ORBIT)
    r, kl = [norm(point) for point in points], [m.kl(point) for point in points]
    slow = [abs(point[2]) for point in points]
    t, quick = 8, max((point[:2] @ point[:2]) / (4 * point[2] ** 4) for point in points)
    functions = {
        "r": lambda t: r[int(t)],
        "R": lambda t: r[int(t)] ** 2,
        "KL": lambda t: kl[int(t)],
        "beta": lambda t: m.power(points[int(t)], 2),
        "rho": lambda t: slow[int(t)],
    }
    return {"t": t, "k": 4, "D": 3, "V": quick, "C": 1e5, **functions}


@reading("sublinear-rate", space(theta=(0.03, -0.02, 0.15)))
def _(m: Model) -> Letters:
    letters = of_slow_orbit(m)
    return {**letters, "S": lambda t: letters["rho"](t) ** 2}


@reading("convexity-two", plane((0.7, 0.3), theta=(0.2, 0.0)))
def _(m: Model) -> Letters:
    a, x = float(np.arctanh(m.weights[0] - m.weights[1])), m.nodes[:, 0]
    H = lambda r: m.hessian(np.array([r, 0.0]))[0, 0]  # noqa: E731
    return {"a": a, "r": m.r, "H": H, "whole": m.mass @ (x**2 * np.tanh(a + 0.2 * x) ** 2)}


@reading("sample-divergence", plane(), SMALL)
def _(m: Model) -> Letters:
    means = np.einsum("nj,jap,p->na", m.posterior(m.theta), m.maps, m.theta) - m.a @ m.theta
    return {"e": lambda s: m.mass @ np.sum(means**2, axis=1), "r": m.r, "z": norm(m.a @ m.theta), "KL": m.kl(m.theta)}


@reading("sample-moments", plane(), plane((0.95, 0.03, 0.02), (0.06, -0.03)))
def _(m: Model) -> Letters:
    g, h, e = m.theta, m.h, m.theta / m.r
    y = np.einsum("nj,jap,na->np", m.posterior(g), m.maps, m.nodes) @ h
    q = float(g @ m.step(g) / m.r**2)
    a, rest = float(e @ h), h - (e @ h) * e
    parts = {"p": 1, "q": q, "zeta": max(q * (1 - q), 0) ** 0.5, "a": a, "b": norm(rest)}
    return {"s": norm(h), "r": m.r, "m": m.step(g) @ h, "G": m.mass @ np.exp(y), **parts}


@reading("weight-change", plane(), SMALL)
def _(m: Model) -> Letters:
    return {"C": np.abs(m.masses(m.theta) - m.weights).sum(), "k": 3, "r": m.r}


@reading("matrix-a", plane())
def _(m: Model) -> Letters:
    modulus = [1.0, abs(transform(m.weights)), abs(transform(m.weights, 2))]
    values = {"|det(A)|": abs(np.linalg.det(m.a)), "σ_min(A)": m.sigma, "min_m": lambda j: min(modulus)}
    return values | {"|π̂|": lambda j: modulus[int(j)], "k": 3, "m": 1}


@reading("fisher-information", plane())
def _(m: Model) -> Letters:
    score = slopes(lambda t: np.log(m.densities(t * m.h, m.nodes).sum(axis=1)), np.zeros(1))[:, 0]
    return {"k": 3, "pi": m.weights, "I_hh": m.mass @ score**2, "c": m.products(m.h, m.h)}


@reading("data-law", plane())
def _(m: Model) -> Letters:
    J, law = slopes(m.step, 0 * m.theta), np.einsum("n,na,nb->ab", m.mass, m.nodes - m.mass @ m.nodes, m.nodes)
    inner = (m.maps @ m.e) @ law @ (m.maps @ m.h).T
    letters = {"k": 3, "pi": m.weights, "s": np.diag(inner), "m": inner, "⟨e|J_M(0)h⟩": m.e @ J @ m.h}
    return letters | {"n": m.products(m.e, m.h), "⟨e|h⟩": m.e @ m.h, "c": law[0, 0]}


@reading("covariance-blocks", plane())
def _(m: Model) -> Letters:
    """Slopes of a step that fits θ, the covariance and the weights, from the data's law N(0, I)."""
    W, omega = np.array([[0.5, 0.2], [0.2, -0.3]]), np.array([0.2, -0.3, 0.1])

    def step(t: np.ndarray) -> np.ndarray:
        weights, inverse = m.weights + t[0] * omega, np.linalg.inv(np.eye(2) + t[0] * W)
        off = m.nodes[:, None] - m.maps @ (t[0] * m.h)
        terms = weights * np.exp(-((off @ inverse) * off).sum(axis=-1) / 2)
        gamma = m.mass[:, None] * terms / terms.sum(axis=1, keepdims=True)
        form = np.einsum("j,jap,jaq->pq", gamma.sum(axis=0), m.maps, m.maps)
        theta = np.linalg.solve(form, np.einsum("jap,ja->p", m.maps, gamma.T @ m.nodes))
        left = m.nodes[:, None] - m.maps @ theta
        return np.concatenate(
            [theta, np.tensordot(gamma[..., None] * left, left, ((0, 1), (0, 1))).ravel(), gamma.sum(axis=0)]
        )

    found = slopes(step, np.zeros(1))[:, 0]
    letters = {"k": 3, "j": 0, "pi": m.weights, "omega": omega, "tau": found[6:], "S_ef": found[3]}
    return letters | {"c": m.products(m.e, m.h), "⟨e|h⟩": m.e @ m.h, "⟨e|t⟩": m.e @ found[:2]}


@reading("free-means", plane())
def _(m: Model) -> Letters:
    """Two free means in the plane; a coordinate of each."""
    weights = m.weights[:2] / m.weights[:2].sum() * m.weights.sum()
    free = replace(m, weights=weights, maps=np.array([np.kron(row, np.eye(2)) for row in np.eye(2)]))
    J, h = slopes(free.step, np.zeros(4)), np.array([1, 0, -2, 0.0])
    v = J @ h
    letters = {"k": 2, "d": 2, "j": 0, "pi": weights, "h": h[::2], "v": v[::2], "w": (J @ v)[::2], "tr(J)": np.trace(J)}
    return letters | {"c": 1.0}


@reading("covariance-hessian", plane(), replace(pairs(), h=np.array([0.8, 0.6])))
def _(m: Model) -> Letters:
    w = np.array([0.7, -0.2])

    def loss(t: float) -> float:
        variance = 1 + t * w
        off = m.nodes[:, None] - m.maps @ (t * m.h)
        terms = m.weights * np.exp(-(off**2 / variance).sum(axis=2) / 2) / np.sqrt(variance.prod())
        return float(-m.mass @ np.log(terms.sum(axis=1)))

    H = (loss(1e-3) + loss(-1e-3) - 2 * loss(0)) / 1e-6
    a = m.a @ m.h
    return {"k": 3, "H": H + 1e-9, "d": 2, "a": a, "w": w, "sigma": m.sigma, "‖h‖": norm(m.h), "‖W‖": norm(w)}


@reading("unknown-weights", plane(), SMALL)
@reading("lost-rate", plane(), SMALL, plane((0.35, 0.33, 0.32)), plane((0.35, 0.33, 0.32), theta=(1.2, 0.3)))
def _(m: Model) -> Letters:
    """EM that fits the weights, too."""
    points, fitted, change = [m.theta], [m], [0.0]
    for _ in range(ORBIT):
        new = replace(fitted[-1], weights=fitted[-1].masses(points[-1]))
        change.append(change[-1] + np.abs(new.weights - fitted[-1].weights).sum())
        points.append(fitted[-1].step(points[-1]))
        fitted.append(new)
    functions = {"r": lambda t: norm(points[int(t)]), "sigma": lambda t: fitted[int(t)].sigma}
    return {"t": ORBIT - 1, "k": 3, "d": 2, "b": 1.0, **functions, "D": lambda t: change[int(t)]}


@reading("approximate-maps", plane())
def _(m: Model) -> Letters:
    near = m.maps @ turns(np.array([0.1, -0.2, 0.05]))
    delta = [np.linalg.norm(each, 2) for each in m.maps - near]
    rho = float(np.linalg.svd(np.einsum("j,jab->ab", m.weights, near))[1][-1])
    return {"k": 3, "pi": m.weights, "delta": delta, "Delta": max(delta), "sigma": m.sigma, "rho": rho}


@reading("spectral-mean", plane(), plane((0.4, 0.3, 0.1, 0.15, 0.05)))
def _(m: Model) -> Letters:
    k = len(m.weights)
    p = np.abs([transform(m.weights, j) for j in range(k)]) ** 2
    e = [0, *(p[1:] - p[1:].min())]
    return {"k": k, "pi": m.weights, "p": p, "m": 1, "sigma": p[1:].min() ** 0.5, "e": e, "e_m": max(e)}


@reading("em-operator", plane())
@reading("gradient", plane())
def _(m: Model) -> Letters:
    x, y = np.array([0.7, -0.4]), m.maps @ m.theta @ np.array([0.7, -0.4])
    n = np.sum((m.maps @ m.theta) ** 2, axis=1)
    gamma = m.weights * np.exp(y - n / 2)
    gamma = gamma / gamma.sum()
    mean = np.einsum("j,jap,a->p", gamma, m.maps, x)
    off = gamma @ np.sum((x - m.maps @ m.theta) ** 2, axis=1)
    entry = np.einsum("n,na,j,jap->p", m.mass, m.nodes, m.weights, m.maps)[0]
    letters = {"k": 3, "j": 0, "pi": m.weights, "y": y, "n": n, "‖x‖²": x @ x, "whole": entry}
    return letters | {"‖θ‖²": m.r**2, "Q(θ')": -off / 2, "⟨m|θ'⟩": mean @ m.theta}


def ray(r: float) -> tuple[float, float, float]:
    """On the ray of the simplex of four."""
    return (r * (2 / 3) ** 0.5, 0.0, r * (1 / 3) ** 0.5)


@reading("convexity-four", space((0.25,) * 4, ray(0.3)), space(theta=ray(1.0)))
@reading("convexity-square", space((0.25,) * 4, ray(0.3)), space(theta=ray(1.0)))
def four(m: Model) -> Letters:
    hessian, gamma, h = m.hessian(m.theta), m.posterior(m.theta), m.h
    products = np.stack([m.nodes @ h, m.nodes @ (h * [0, 0, -1]) + h[0] * m.nodes[:, 1]], axis=1)
    products = np.concatenate([products, products - 2 * h[0] * m.nodes[:, :2]], axis=1)
    variance = np.sum(gamma * products**2, axis=1) - np.sum(gamma * products, axis=1) ** 2
    letters = {"r": m.r, "a": h[0], "b": h[2] / 2**0.5, "⟨h|∇²ℓ(θ)h⟩": float(h @ hessian @ h)}
    return letters | {"whole": float(m.mass @ variance), "λ_min": np.linalg.eigvalsh(hessian)[0]}


@outside("convexity-square", "cyclic maps", "$U_j = R^j$, but $U_0$ another rotation", space(theta=ray(1.0)))
def _(m: Model) -> Letters:
    """In the plane that R turns."""
    first = np.eye(3)
    first[:2, :2] = turns(np.array([1.0]))[0]
    return four(replace(m, maps=np.concatenate([first[None], m.maps[1:]])))


@outside("convexity-four", "cyclic maps", "$U_j = R^jP$, $P$ the projection to the ray", space(theta=ray(1.0)))
def _(m: Model) -> Letters:
    """What the maps take to 0 changes nothing."""
    along = m.theta / m.r
    return four(replace(m, maps=m.maps @ np.outer(along, along), h=np.array([1.0, 0.0, -(2**0.5)])))


for _name in ("convexity-square", "convexity-four"):
    outside(_name, "simplex", "uniform weights, $Rθ = −θ$", space((0.25,) * 4, (0.0, 0.0, 1.0)))(
        lambda m: four(replace(m, h=np.array([1.0, 0.0, 0.0])))
    )


@reading("secant-mean", plane())
def _(m: Model) -> Letters:
    """At κ = 7/2 and e = 0, of the first conclusion."""
    mean = float(m.mass @ np.cosh((3 * 3.5) ** 0.5 / 2 * m.nodes[:, 0]) ** -2)
    return {"κ": 3.5, "e": 0.0, "limits": {1: mean}}


@reading("secant-mean", plane())
def _(m: Model) -> Letters:
    """At κ = 7/4, and a shift near which the second moment comes nearest to its bound."""
    kappa, e, x = 1.75, (2 + 1.5 / 1.75) ** 0.5, m.nodes[:, 0]
    squares = np.cosh((3 * kappa) ** 0.5 / 2 * (x + e)) ** -2
    return {"κ": kappa, "e": e, "limits": {1: m.mass @ squares, 2: m.mass @ (x**2 * squares)}}


@reading("secant-bound", *(plane(theta=(z, 0.0)) for z in (0.0, 0.1, 2.5, 4.9, 5.0, 5.2, 30.0)))
def _(m: Model) -> Letters:
    """Also near 5, where both sides differ least."""
    return {"z": m.theta[0]}
