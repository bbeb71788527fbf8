"""Random claims about random models of every kind, and whether they are true, by brute force in NumPy and SciPy.

Nothing is shared with the engine but the text of a model: densities are written out here, EM's step is a root of the
derivative of Q, derivatives are quotients of differences, and sums run over nodes of quadratures of their own.
"""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
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
MEANS = ("normal", "laplace", "logistic")
LINE, OTHERS = ("line", "laplace", "logistic", "uniform", "mixed"), ("exponential", "poisson", "binomial")
KINDS = (*LINE, "plane", "space", "regression", *OTHERS)
_GAUSS = np.polynomial.legendre.leggauss(16)
_TRIALS = 6
_REAL, _POSITIVE, _UNIT = "real", "positive", "unit"


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
        choose = np.array([math.log(math.comb(_TRIALS, int(n))) for n in y])
        return choose + y * np.log(b) + (_TRIALS - y) * np.log(1 - b)


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


def _total(rows: Any) -> Any:
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
            points = product(range(90 if kind == "poisson" else _TRIALS + 1), repeat=size)
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
        return np.exp(rows - _total(rows))

    def log_likelihood(self) -> float:
        x, w = self.nodes
        return float(w @ _total(logs(self.model.fit, x, self.place)))

    def kl_divergence(self) -> float:
        x, w = self.nodes
        return float(w @ _total(logs(self.model.data, x, self.place))) - self.log_likelihood()

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
        into = {_REAL: float, _POSITIVE: math.log, _UNIT: lambda p: math.log(p / (1 - p))}
        back = {_REAL: lambda u: u, _POSITIVE: np.exp, _UNIT: lambda u: 1 / (1 + np.exp(-u))}
        domains = [self.model.domains[p] for p in names]

        def new(u: Any) -> dict[str, float]:
            return {**self.place, **{p: float(back[d](each)) for p, d, each in zip(names, domains, u, strict=True)}}

        start = [into[d](self.place[p]) for p, d in zip(names, domains, strict=True)]
        found = optimize.root(lambda u: self.gradient(new(u)), start, tol=1e-13)
        value = new(found.x)
        if np.abs(self.gradient(value)).max() > 1e-9:
            raise ArithmeticError("no root is found")
        return value

    def moved(self, **changes: float) -> "At":
        return At(self.model, {**self.place, **{p: self.place[p] + d for p, d in changes.items()}}, self.scale)

    def slope(self, of: Callable[["At"], Any], q: str) -> Any:
        """A derivative, by differences of fourth order."""
        h = 2e-3 * min(1.0, abs(self.place[q]) if self.model.domains[q] != _REAL else 1.0)
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


Quantity = tuple[str, Callable[[At], float]]


def quantities(model: Written, rng: random.Random) -> Iterator[Quantity]:
    """What may be asked of a model, in its words and as a function of the model at a point."""
    names = model.estimate
    p, q = rng.choice(names), rng.choice(names)
    i, j = names.index(p), names.index(q)
    one = f"({p})" if len(names) > 1 else rng.choice(["", f"({p})"])
    yield f"em_map{one}", lambda z: z.step[p]
    yield f"em_map{one} - {p}", lambda z: z.step[p] - z.place[p]
    yield f"em_iterate({p}, t=2)", lambda z: z.iterated(2)[p]
    yield f"em_jacobian({p}, {q})", lambda z: z.jacobian()[i, j]
    yield "em_rate", lambda z: max(abs(np.linalg.eigvals(z.jacobian())))
    yield "log_likelihood", At.log_likelihood
    yield "kl_divergence", At.kl_divergence
    yield f"score({p})", lambda z: z.score(p)
    yield f"observed_information({p}, {q})", lambda z: z.information()[i, j]
    yield f"complete_information({p}, {q})", lambda z: z.complete()[i, j]
    yield "hessian_min_eigenvalue", lambda z: np.linalg.eigvalsh(z.information())[0]
    yield "hessian_max_eigenvalue", lambda z: np.linalg.eigvalsh(z.information())[-1]
    yield f"abs(em_map({p}) - {p}) + kl_divergence", lambda z: abs(z.step[p] - z.place[p]) + z.kl_divergence()
    yield (
        f"max(em_map({p}), {p})*em_rate",
        lambda z: max(z.step[p], z.place[p]) * max(abs(np.linalg.eigvals(z.jacobian()))),
    )
    yield f"exp(-kl_divergence)*(1 + em_map({p})**2)", lambda z: math.exp(-z.kl_divergence()) * (1 + z.step[p] ** 2)
    if set(model.observed) == {"x"}:
        yield (
            f"posterior(j=1, x=2) + {p}",
            lambda z: float(np.exp((r := logs(model.fit, [np.array([2.0])], z.place)) - _total(r))[1, 0]) + z.place[p],
        )


def random_model(seed: int) -> Written:
    """Two or three components of the fit, with parameters that are free, tied, known or shared with the data."""
    rng = random.Random(seed)  # noqa: S311  # Models, not keys.
    kind = KINDS[seed % len(KINDS)]
    fitted = kind if kind in OTHERS else "normal"
    observed = ("x", "y", "z")[
        : {"plane": 2, "regression": 2, "space": 3}.get(
            kind, rng.choice([1, 1, 2]) if kind in ("poisson", "binomial") else 1
        )
    ]
    domains: dict[str, str] = {}
    ranges: dict[str, tuple[float, float]] = {}

    def parameter(prefix: str, domain: str, low: float, high: float) -> Affine:
        name = f"{prefix}{len(domains)}_"
        domains[name], ranges[name] = domain, (low, high)
        return {name: Fraction(1)}

    def number(low: float, high: float) -> Affine:
        return {"": Fraction(rng.randint(round(low * 8), round(high * 8)), 8)}

    def rate(low: float, high: float) -> Affine:
        return parameter("r", _UNIT if fitted == "binomial" else _POSITIVE, low, high)

    span = {"exponential": (0.5, 3), "poisson": (0.6, 4), "binomial": (0.15, 0.85)}.get(fitted, (-1.75, 1.75))

    def fit_law(s: int, tied: Affine | None, sign: int) -> Law:
        if fitted in ("exponential", "poisson"):
            return Law(fitted, (rate(*span),))
        if fitted == "binomial":
            return Law("binomial", ({"": Fraction(_TRIALS)}, rate(*span)))
        if kind == "regression" and s == 0:
            return Law("normal", ({}, {"": Fraction(1)}))
        own = (
            {p: sign * c for p, c in tied.items()}
            if tied
            else rng.choice([lambda: parameter("m", _REAL, *span), lambda: number(*span)])()
        )
        variance = rng.choice([lambda: shared, lambda: {"": Fraction(1)}, lambda: parameter("v", _POSITIVE, 0.5, 2)])()
        return Law("normal", ({}, variance), (own,)) if kind == "regression" else Law("normal", (own, variance))

    def data_law(s: int) -> Law:
        own = kind if kind != "mixed" else rng.choice(["laplace", "logistic", "uniform", "normal", "exponential"])
        free = rng.random() < 0.4 and (kind != "regression" or s > 0)
        if own in OTHERS:
            argument = (
                parameter("k", _UNIT if own == "binomial" else _POSITIVE, *span)
                if free and own == fitted
                else number(max(span[0], 0.25), span[1])
            )
            if own == "binomial":
                argument = argument if "" not in argument else {"": Fraction(rng.randint(2, 8), 10)}
                return Law(own, ({"": Fraction(_TRIALS)}, argument))
            return Law(own, (argument,))
        centre = parameter("t", _REAL, -1.25, 1.25) if free else number(-1.5, 1.5)
        if own == "uniform":
            return Law(own, (centre, {**centre, "": centre.get("", Fraction(0)) + Fraction(rng.randint(5, 16), 8)}))
        if kind == "regression":
            return Law("normal", ({}, {"": Fraction(1)}), (centre,) if s else ())
        spread = parameter("s", _POSITIVE, 0.5, 1.5) if rng.random() < 0.2 else number(0.5, 1.5)
        return Law(own if own in MEANS else "normal", (centre, spread))

    shared = parameter("u", _POSITIVE, 0.5, 2) if rng.random() < 0.3 and fitted == "normal" else {"": Fraction(1)}
    count = 2 if len(observed) == 3 else rng.choice([2, 2, 3])
    if rng.random() < 0.5:
        cuts = sorted(rng.sample(range(1, 8), count - 1))
        weights: list[Affine] = [{"": Fraction(b - a, 8)} for a, b in zip([0, *cuts], [*cuts, 8], strict=True)]
    else:
        w = parameter("w", _UNIT, 0.15, 0.85)
        (name,) = w
        weights = [{name: Fraction(1, count - 1)} for _ in range(count - 1)] + [{"": Fraction(1), name: Fraction(-1)}]
    tied = parameter("m", _REAL, *span) if fitted == "normal" and count == 2 and rng.random() < 0.4 else None
    fit = tuple(
        (w, tuple(fit_law(s, tied, 1 - 2 * (n % 2)) for s in range(len(observed)))) for n, w in enumerate(weights)
    )
    used = {
        p
        for w, laws in fit
        for form in (w, *(a for law in laws for a in (*law.arguments, *law.slopes)))
        for p in form
        if p
    }
    if not used:
        return random_model(seed + len(KINDS))
    estimate = tuple(p for p in domains if p in used and rng.random() < 0.75) or (min(used),)
    for p in [p for p in domains if p not in used]:
        del domains[p], ranges[p]
    shares = rng.choice([[1], [Fraction(1, 4), Fraction(3, 4)]])
    data = tuple(({"": Fraction(c)}, tuple(data_law(s) for s in range(len(observed)))) for c in shares)
    return Written(f"{kind}-{seed}", observed, data, fit, estimate, domains, ranges)


def random_place(model: Written, seed: int) -> dict[str, Fraction]:
    """A point of a model's parameters."""
    rng = random.Random(f"place {seed}")  # noqa: S311
    return {p: Fraction(round(rng.uniform(*ends) * 40), 40) for p, ends in model.ranges.items()}


@dataclass(frozen=True)
class RandomClaim:
    """A statement about a model, where it is made, and whether it is true."""

    model: Written
    statement: str
    values: Mapping[str, str]
    for_all: Mapping[str, tuple[str, str]]
    is_true: bool


def random_claims(seed: int) -> list[RandomClaim]:
    """A true claim and a slightly wrong twin, at a point or on a box; none where brute force does not settle it."""
    model, rng = random_model(seed), random.Random(f"claims {seed}")  # noqa: S311
    text, of = rng.choice([*quantities(model, rng)])
    moving = rng.sample(sorted(model.domains), min(len(model.domains), rng.choice([0, 1, 1, 2])))
    small = len(model.observed) > 1
    place, box = {}, {}
    for p, (low, high) in model.ranges.items():
        width = (high - low) * rng.choice([0.02, 0.06, 0.2, 0.5][: 2 if small else 4])
        start = Fraction(round((low + rng.random() * (high - low - width)) * 200), 200)
        place[p] = start
        if p in moving:
            box[p] = start, start + max(Fraction(1, 200), Fraction(round(width * 200), 200))
    fixed = {p: float(c) for p, c in place.items()}

    def value(where: Sequence[float], scale: float = 1.0) -> float:
        return float(of(At(model, {**fixed, **dict(zip(box, map(float, where), strict=True))}, scale)))

    lines = [np.linspace(float(a), float(b), {0: 1, 1: 7, 2: 4}[len(box)] if not small else 3) for a, b in box.values()]
    points = [*product(*lines)]
    try:
        seen = [value(point) for point in points]
        least, largest = (_extreme(value, points, seen, lines, sign) for sign in (1, -1))
        if largest - least > 1e6 or abs(value(points[0], 0.8) - seen[0]) > 1e-7 * (1 + abs(seen[0])):
            return []
    except (ArithmeticError, ValueError, np.linalg.LinAlgError):
        return []
    scale = max(largest - least, 2e-4, 2e-3 * abs(least))
    room = Fraction(scale * rng.choice([0.4, 0.1, 0.02])).limit_denominator(10**6) + Fraction(1, 10**5)
    low, high = (Fraction(each).limit_denominator(10**7) for each in (least, largest))
    values = {p: str(c) for p, c in place.items() if p not in box}
    for_all = {p: (str(a), str(b)) for p, (a, b) in box.items()}
    above, below = rng.choice([">", ">="]), rng.choice(["<", "<="])
    pairs = [
        (f"{text} {above} {low - room}", f"{text} {above} {low + room}"),
        (f"{text} {below} {high + room}", f"{text} {below} {high - room}"),
        (f"{low - room} {below} {text} {below} {high + room}", f"{low - room} {below} {text} {below} {high - room}"),
        (f"{text} != {high + room}", f"{text} == {low - room}"),
        (f"abs({text} - ({high + 2 * room})) {above} {room}", f"abs({text} - ({high + 2 * room})) {above} {3 * room}"),
    ]
    true, false = rng.choice(pairs)
    return [RandomClaim(model, each, values, for_all, truth) for each, truth in ((true, True), (false, False))]


def _extreme(value: Callable[[Sequence[float]], float], points: Any, seen: Any, lines: Any, sign: int) -> float:
    """The least value, or the largest, by a search from the best point of a grid."""
    best = int(np.argmin([sign * each for each in seen]))
    if not lines or len(seen) == 3 ** len(lines):
        return float(seen[best])
    bounds = [(line[0], line[-1]) for line in lines]
    found = optimize.minimize(
        lambda z: sign * value(z), points[best], bounds=bounds, method="L-BFGS-B", options={"maxiter": 4}
    )
    return float(sign * min(found.fun, sign * seen[best]))
