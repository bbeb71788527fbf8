"""Tied mixtures from their definition, with any weights, matrices and data, and changes by which a hypothesis fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.theory.cubature_em import Array, gaussian_nodes

Change = Callable[["Model"], "Model"]
STEP = 1e-4
SAMPLE = 100
"""No more points are of a sample, and more of a rule of cubature."""


@dataclass(frozen=True)
class Model:
    """Weights (k), matrices L_j (k × d × p), points of the data with their masses, θ, and two vectors."""

    weights: Array
    maps: Array
    nodes: Array
    mass: Array
    theta: Array
    h: Array
    e: Array

    def densities(self, theta: Array, nodes: Array) -> Array:
        """π_jφ(x − L_jθ)/φ(x), at each point."""
        means = self.maps @ theta
        return self.weights * np.exp(nodes @ means.T - np.sum(means**2, axis=1) / 2)

    def posterior(self, theta: Array) -> Array:
        terms = self.densities(theta, self.nodes)
        whole = terms.sum(axis=1, keepdims=True)
        if not (whole > 0).all():
            raise ValueError("the density is not positive at some point, and there is no posterior")
        return np.asarray(terms / whole)

    def masses(self, theta: Array) -> Array:
        """E γ_j: the weights after a step that fits them."""
        return self.mass @ self.posterior(theta)

    def step(self, theta: Array) -> Array:
        """The θ' at which E ∑ γ_j‖X − L_jθ'‖² is least."""
        gamma = self.mass[:, None] * self.posterior(theta)
        form = np.einsum("j,jap,jaq->pq", gamma.sum(axis=0), self.maps, self.maps)
        return np.linalg.solve(form, np.einsum("jap,ja->p", self.maps, gamma.T @ self.nodes))

    def gradient(self, theta: Array) -> Array:
        """∇ℓ, ℓ = −E log of the density of the fit."""
        gamma = self.mass[:, None] * self.posterior(theta)
        residual = gamma.sum(axis=0)[:, None] * (self.maps @ theta) - gamma.T @ self.nodes
        return np.einsum("jap,ja->p", self.maps, residual)

    def hessian(self, theta: Array) -> Array:
        return slopes(self.gradient, theta)

    def kl(self, theta: Array) -> float:
        """KL of the fit from N(0, I)."""
        nodes, mass = gaussian_nodes(self.maps.shape[1], 40 if self.maps.shape[1] < 3 else 20)
        return float(-mass @ np.log(self.densities(theta, nodes).sum(axis=1)))

    def from_data(self, theta: Array) -> float:
        """KL of the fit from the data's law, which is normal."""
        mean = self.mass @ self.nodes
        law = np.einsum("n,na,nb->ab", self.mass, self.nodes - mean, self.nodes - mean)
        apart = np.trace(law) - len(law) - np.log(np.linalg.det(law)) + mean @ mean
        return float(apart / 2 - self.mass @ np.log(self.densities(theta, self.nodes).sum(axis=1)))

    def loss(self, theta: Array) -> float:
        """ℓ(θ) − ℓ(0)."""
        return float(-self.mass @ np.log(self.densities(theta, self.nodes).sum(axis=1) / self.weights.sum()))

    def b(self, theta: Array) -> Array:
        """B(θ) = E GᵀG."""
        means = np.tensordot(self.posterior(theta), self.maps, 1)
        return np.tensordot(self.mass[:, None, None] * means, means, ((0, 1), (0, 1)))

    def power(self, theta: Array, m: int = 1) -> float:
        """β_m(θ)."""
        return float(self.mass @ np.abs(transform(self.posterior(theta), m)) ** 2)

    def orbit(self, steps: int, length: float = 1.0) -> list[Array]:
        points = [self.theta]
        for _ in range(steps):
            points.append(points[-1] + length * (self.step(points[-1]) - points[-1]))
        return points

    @property
    def a(self) -> Array:
        return np.einsum("j,jap->ap", self.weights, self.maps)

    @property
    def sigma(self) -> float:
        return float(np.linalg.svd(self.a)[1][-1])

    @property
    def r(self) -> float:
        return float(np.linalg.norm(self.theta))

    def products(self, e: Array, h: Array) -> Array:
        """⟨L_ie, L_jh⟩."""
        return np.asarray((self.maps @ e) @ (self.maps @ h).T)


def slopes(function: Callable[[Array], Array], at: Array, step: float = STEP) -> Array:
    columns = [(function(at + step * e) - function(at - step * e)) / (2 * step) for e in np.eye(len(at))]
    return np.stack(columns, axis=-1)


def transform(probabilities: Array, m: int = 1) -> Array:
    k = probabilities.shape[-1]
    return np.asarray(probabilities @ np.exp(2j * np.pi * m * np.arange(k) / k))


def turns(angles: Array) -> Array:
    return np.array([[[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]] for a in angles])


def plane(
    weights: tuple[float, ...] = (0.5, 0.3, 0.2), theta: tuple[float, float] = (0.6, -0.3), count: int = 40
) -> Model:
    """Powers of the rotation by 2π/k, of normal data."""
    maps = turns(2 * np.pi * np.arange(len(weights)) / len(weights))
    vectors = np.array(theta), np.array([0.8, 0.6]), np.array([0.28, 0.96])
    return Model(np.array(weights), maps, *gaussian_nodes(2, count), *vectors)


def space(weights: tuple[float, ...] = (0.4, 0.3, 0.1, 0.2), theta: tuple[float, ...] = (0.3, 0.2, 0.5)) -> Model:
    """Powers of the rotation of the regular simplex of four vertices: by a quarter in a plane, and −1 on a line."""
    maps = np.zeros((4, 3, 3))
    maps[:, :2, :2] = turns(np.pi / 2 * np.arange(4))
    maps[:, 2, 2] = [1, -1, 1, -1]
    vectors = np.array(theta), np.array([0.6, 0.0, 0.8]), np.array([0.0, 0.28, 0.96])
    return Model(np.array(weights), maps, *gaussian_nodes(3, 16), *vectors)


def pairs(theta: tuple[float, float] = (0.0, 0.4)) -> Model:
    """Rotations and reflections of a triangle with equal weights in pairs: A annihilates the second axis."""
    angles = 2 * np.pi / 3 * np.arange(3)
    maps = np.concatenate([turns(angles), turns(angles) @ np.diag([1.0, -1.0])])
    vectors = np.array(theta), np.array([0.0, 1.0]), np.array([0.28, 0.96])
    return Model(np.tile([0.25, 0.15, 0.1], 2), maps, *gaussian_nodes(2, 40), *vectors)


def on(points: Array, model: Model) -> Model:
    """The same with data that are given."""
    return replace(model, nodes=points, mass=np.full(len(points), 1 / len(points)))


def _scaled(factor: float) -> Change:
    return lambda model: replace(model, nodes=factor * model.nodes)


def _times(factor: float) -> Change:
    return lambda model: replace(model, weights=factor * model.weights)


def _signed(*weights: float) -> Change:
    """On a sample alone: a density that is negative somewhere has no means under a normal law."""

    def changed(model: Model) -> Model:
        if len(model.nodes) > SAMPLE:
            raise ValueError("no sample")
        return replace(model, weights=np.array(weights))

    return changed


def _mapped(factor: float) -> Change:
    return lambda model: replace(model, maps=factor * model.maps)


def _replaced(*matrices: Array) -> Change:
    """The first maps are others."""
    return lambda model: replace(model, maps=np.concatenate([np.array(matrices), model.maps[len(matrices) :]]))


def _at(point: Callable[[Model], Array]) -> Change:
    return lambda model: on(point(model)[None], model)


def _undecided(model: Model) -> Array:
    """Where all posteriors are equal."""
    means, logs = model.maps @ model.theta, np.log(model.weights)
    return np.linalg.lstsq(means[1:] - means[0], logs[0] - logs[1:], rcond=None)[0]


def _even(model: Model) -> Model:
    sizes = np.sqrt(1e4 + 2 * np.log(len(model.weights) * model.weights) / model.r**2)
    return replace(model, maps=sizes[:, None, None] * np.eye(len(model.theta)))


CASES: Mapping[str, Mapping[str, Change]] = {
    "normal data": {
        "$X ~ N(0, 2I)$": _scaled(2**0.5),
        "$X ~ N(0, 9I)$": _scaled(3),
        "$X ~ N(0, 100I)$": _scaled(10),
        "$X ~ N(0, I/2)$": _scaled(0.5**0.5),
        "$X ~ N(m, I)$, $m_i = 2$": lambda model: replace(model, nodes=model.nodes + 2),
        "$X$ is where all $γ_j$ are equal": _at(_undecided),
    },
    "centred data": {"$X ~ N(m, I)$, $m_i = 2$": lambda model: replace(model, nodes=model.nodes + 2)},
    "weights": {
        "weights whose sum is 3": _times(3),
        "weights whose sum is 2": _times(2),
        "weights whose sum is 1/2": _times(0.5),
        "weights 3/2, −1/4, −1/4, on points where the density is positive": _signed(1.5, -0.25, -0.25),
    },
    "orthogonal maps": {
        "$U_j = 2V_j$ with orthogonal $V_j$": _mapped(2),
        "$U_j = V_j/2$ with orthogonal $V_j$": _mapped(0.5),
        "$U_j = 4V_j$ with orthogonal $V_j$": _mapped(4),
        "$U_j = V_j/10$ with orthogonal $V_j$": _mapped(0.1),
        "$U_0 = 3I$, the others orthogonal": _replaced(3 * np.eye(2)),
        "$U_0 = 5I$, the others orthogonal": _replaced(5 * np.eye(2)),
        "$U_0 = 3I$ and $U_1 = U_2 = 0$": _replaced(3 * np.eye(2), 0 * np.eye(2), 0 * np.eye(2)),
        "$U_j$ multiples of $I$ with which all $γ_j$ are nearly equal": _even,
    },
    "cyclic maps": {
        "$U_j = R^j$, but $U_0$ another rotation": _replaced(turns(np.array([1.0]))[0]),
        "$U_j = 2R^j$": _mapped(2),
        "$U_j = R^j/2$": _mapped(0.5),
        "$U_0 = I$, $U_1 = U_2 = −I$": _replaced(np.eye(2), -np.eye(2), -np.eye(2)),
    },
}
"""Hypothesis → what is the case in place of it → the model in which it is."""
