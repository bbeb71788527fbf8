"""The quantities of a model by brute force in NumPy and SciPy.

Nothing is shared with the engine but the text of a model: densities are written out here, EM's step is a root of the
derivative of Q, derivatives are quotients of differences, and sums run over nodes of quadratures of their own.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product
from typing import Any

import numpy as np
from scipy import optimize

Place = Mapping[str, float]
Affine = Mapping[str, Fraction]
"""Name of a parameter → its coefficient; "" is for the constant."""
_GAUSS = np.polynomial.legendre.leggauss(16)
TRIALS = 6
REAL, POSITIVE, UNIT = "real", "positive", "unit"


@dataclass(frozen=True)
class Law:
    """A kind, and its arguments; the mean of a normal law may have slopes in earlier coordinates."""

    kind: str
    arguments: tuple[Affine, ...]
    slopes: tuple[Affine, ...] = ()

    def text(self, observed: Sequence[str]) -> str:
        first, *others = map(written, self.arguments)
        sloped = [f"({written(slope)})*{x}" for slope, x in zip(self.slopes, observed, strict=False)]
        return f"{self.kind}({', '.join([' + '.join([first, *sloped]), *others])})"

    def log_density(self, x: Sequence[Any], s: int, place: Mapping[str, Any]) -> Any:  # noqa: PLR0911  # A law a line.
        a, b = [*(at(each, place) for each in self.arguments), 0][:2]
        y, mean = x[s], a + sum(at(slope, place) * z for slope, z in zip(self.slopes, x, strict=False))
        match self.kind:
            case "normal":
                return -((y - mean) ** 2) / (2 * b) - np.log(2 * np.pi * b) / 2
            case "laplace":
                return -abs(y - a) / b - np.log(2 * b)
            case "logistic":
                return -abs(y - a) / b - np.log(b) - 2 * np.log1p(np.exp(-abs(y - a) / b))
            case "uniform":
                return np.where((a <= y) & (y <= b), -np.log(b - a), -np.inf)
            case "exponential":
                return np.where(y >= 0, np.log(a) - a * y, -np.inf)
            case "poisson":
                return y * np.log(a) - a - np.array([math.lgamma(n + 1) for n in y])
        choose = np.array([math.log(math.comb(TRIALS, int(n))) for n in y])
        return choose + y * np.log(b) + (TRIALS - y) * np.log(1 - b)


def written(form: Affine) -> str:
    return " + ".join(f"({c})" if not name else f"({c})*{name}" for name, c in form.items()) or "0"


def at(form: Affine, place: Mapping[str, Any]) -> Any:
    return sum((float(c) * place[name] if name else float(c) for name, c in form.items()), 0.0)


Parts = tuple[tuple[Affine, tuple[Law, ...]], ...]


@dataclass(frozen=True)
class Written:
    """A model: components of data and fit as weights and laws, and each parameter with its domain and its range."""

    name: str
    observed: tuple[str, ...]
    data: Parts
    fit: Parts
    estimate: tuple[str, ...]
    domains: Mapping[str, str]
    ranges: Mapping[str, tuple[float, float]]

    def table(self) -> dict[str, Any]:
        def components(parts: Parts) -> list[dict[str, str]]:
            return [
                {
                    "weight": written(w),
                    **{x: law.text(self.observed) for x, law in zip(self.observed, laws, strict=True)},
                }
                for w, laws in parts
            ]

        return {
            "observed": [*self.observed],
            "data": components(self.data),
            "fit": components(self.fit),
            "estimate": [*self.estimate],
            "parameters": {**self.domains},
        }


def logs(parts: Parts, x: Sequence[Any], place: Mapping[str, Any]) -> Any:
    """The log of weight times density of each component at nodes."""
    return np.array(
        [
            np.log(at(w, place) + 0 * x[0]) + sum(law.log_density(x, s, place) for s, law in enumerate(laws))
            for w, laws in parts
        ]
    )


def total(rows: Any) -> Any:
    top = np.max(rows.real, axis=0)
    return top + np.log(np.exp(rows - top).sum(axis=0))


@dataclass(frozen=True)
class At:
    """A model at a point: its quantities by sums over nodes."""

    model: Written
    place: Place
    scale: float = 1.0

    @cached_property
    def nodes(self) -> tuple[list[Any], Any]:
        """Coordinates and weights that sum up the data's law."""
        found = [self._of(float(at(w, self.place)), laws) for w, laws in self.model.data]
        return [np.concatenate([x[s] for x, _ in found]) for s in range(len(found[0][0]))], np.concatenate(
            [w for _, w in found]
        )

    def _of(self, weight: float, laws: Sequence[Law]) -> tuple[list[Any], Any]:
        size = len(laws)
        kind = laws[0].kind
        if kind in ("poisson", "binomial"):
            points = product(range(90 if kind == "poisson" else TRIALS + 1), repeat=size)
            grid = [np.array(each, dtype=float) for each in zip(*points, strict=True)]
            return grid, weight * np.exp(sum(law.log_density(grid, s, self.place) for s, law in enumerate(laws)))
        if self._kinks or kind != "normal":
            low, high = self._ends(laws[0])
            pieces = [low, *(each for each in self._kinks if low < each < high), high]
            edges = np.unique(np.concatenate([np.linspace(*ends, int(160 * self.scale)) for ends in pairwise(pieces)]))
            half = np.diff(edges)[:, None] / 2
            y = (edges[:-1, None] + half * (1 + _GAUSS[0])).ravel()
            return [y], weight * (half * _GAUSS[1]).ravel() * np.exp(laws[0].log_density([y], 0, self.place))
        line = np.linspace(-8.5, 8.5, 2 * int({1: 400, 2: 50, 3: 18}[size] * self.scale) + 1)
        grid = [each.ravel() for each in np.meshgrid(*[line] * size, indexing="ij")]
        density = np.exp(-sum(z**2 for z in grid) / 2) * ((line[1] - line[0]) / math.sqrt(2 * math.pi)) ** size
        x: list[Any] = []
        for law, z in zip(laws, grid, strict=True):
            mean, variance = (at(each, self.place) for each in law.arguments)
            sloped = sum(at(b, self.place) * each for b, each in zip(law.slopes, x, strict=False))
            x.append(mean + sloped + math.sqrt(variance) * z)
        return x, weight * density

    def _ends(self, law: Law) -> tuple[float, float]:
        """What is outside of the law is less than roundings."""
        a, b = [*(float(at(each, self.place)) for each in law.arguments), 0.0][:2]
        if law.kind == "normal":
            return a - 9 * math.sqrt(b), a + 9 * math.sqrt(b)
        if law.kind == "exponential":
            return 0.0, 45 / a
        return (a, b) if law.kind == "uniform" else (a - 45 * b, a + 45 * b)

    @cached_property
    def _kinks(self) -> list[float]:
        """Where a density of the data on a line is not smooth, or ends."""
        found = set()
        for _, (law, *_) in self.model.data:
            if law.kind not in ("normal", "poisson", "binomial"):
                found |= {*self._ends(law), float(at(law.arguments[0], self.place)) if law.kind == "laplace" else 0.0}
        return sorted(found)

    @cached_property
    def posteriors(self) -> Any:
        rows = logs(self.model.fit, self.nodes[0], self.place)
        return np.exp(rows - total(rows))

    def log_likelihood(self) -> float:
        x, w = self.nodes
        return float(w @ total(logs(self.model.fit, x, self.place)))

    def kl_divergence(self) -> float:
        x, w = self.nodes
        return float(w @ total(logs(self.model.data, x, self.place))) - self.log_likelihood()

    def gradient(self, new: Place) -> Any:
        """∂Q/∂η′ at η′, by imaginary steps."""
        x, w = self.nodes
        h = 1e-30
        return np.array(
            [
                (w * self.posteriors * logs(self.model.fit, x, {**new, p: new[p] + h * 1j})).sum().imag / h
                for p in self.model.estimate
            ]
        )

    @cached_property
    def step(self) -> Place:
        """EM's step: where ∂Q = 0, found in coordinates in which a domain is the whole line."""
        names = self.model.estimate
        into = {REAL: float, POSITIVE: math.log, UNIT: lambda p: math.log(p / (1 - p))}
        back = {REAL: lambda u: u, POSITIVE: np.exp, UNIT: lambda u: 1 / (1 + np.exp(-u))}
        domains = [self.model.domains[p] for p in names]

        def new(u: Any) -> dict[str, float]:
            # A step of the search may go astray, to a variance of 0.
            inside = np.clip(u, -30, 30)
            return {**self.place, **{p: float(back[d](x)) for p, d, x in zip(names, domains, inside, strict=True)}}

        start = [into[d](self.place[p]) for p, d in zip(names, domains, strict=True)]
        found = optimize.root(lambda u: self.gradient(new(u)), start, tol=1e-13)
        value = new(found.x)
        # Far out the derivative is nearly 0, too.
        if np.abs(self.gradient(value)).max() > 1e-9 or np.abs(found.x).max() > 12:
            raise ArithmeticError("no root is found")
        return value

    def moved(self, **changes: float) -> "At":
        return At(self.model, {**self.place, **{p: self.place[p] + d for p, d in changes.items()}}, self.scale)

    def slope(self, of: Callable[["At"], Any], q: str) -> Any:
        """A derivative, by differences of fourth order."""
        h = 2e-3 * min(1.0, abs(self.place[q]) if self.model.domains[q] != REAL else 1.0)
        near, far = (of(self.moved(**{q: n * h})) - of(self.moved(**{q: -n * h})) for n in (1, 2))
        return (8 * near - far) / (12 * h)

    def jacobian(self) -> Any:
        names = self.model.estimate
        return np.array([self.slope(lambda each: np.array([each.step[p] for p in names]), q) for q in names]).T

    def information(self) -> Any:
        """−∂² of E log p: the derivative of the score, which is ∂Q at η′ = η."""
        return -np.array([self.slope(lambda each: each.gradient(each.place), q) for q in self.model.estimate])

    def complete(self) -> Any:
        def of(each: "At") -> Any:
            return self.gradient(each.place)

        return -np.array([self.slope(of, q) for q in self.model.estimate])

    def score(self, p: str) -> float:
        return float(self.slope(At.log_likelihood, p))

    def iterated(self, t: int) -> Place:
        here = self
        for _ in range(t):
            here = At(self.model, here.step, self.scale)
        return here.place

    def mean(self, x: Sequence[int], posteriors: Sequence[int]) -> float:
        """E[x^a γ^b]."""
        nodes, w = self.nodes
        powers = (each**a for each, a in zip(nodes, x, strict=True))
        return float((w * math.prod(powers) * math.prod(self.posteriors[j] for j in posteriors)).sum())
