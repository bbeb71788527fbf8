"""Random claims about random models of every kind, and whether they are true, by sums (`model_by_sums`)."""

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from scipy import optimize

from tests.numerics.models.model_by_sums import POSITIVE, REAL, TRIALS, UNIT, Affine, At, Law, Written, logs, total

MEANS = ("normal", "laplace", "logistic")
LINE, OTHERS = ("line", "laplace", "logistic", "uniform", "mixed"), ("exponential", "poisson", "binomial")
KINDS = (*LINE, "plane", "space", "regression", *OTHERS)
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
            lambda z: float(np.exp((r := logs(model.fit, [np.array([2.0])], z.place)) - total(r))[1, 0]) + z.place[p],
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
        return parameter("r", UNIT if fitted == "binomial" else POSITIVE, low, high)

    span = {"exponential": (0.5, 3), "poisson": (0.6, 4), "binomial": (0.15, 0.85)}.get(fitted, (-1.75, 1.75))

    def fit_law(s: int, tied: Affine | None, sign: int) -> Law:
        if fitted in ("exponential", "poisson"):
            return Law(fitted, (rate(*span),))
        if fitted == "binomial":
            return Law("binomial", ({"": Fraction(TRIALS)}, rate(*span)))
        if kind == "regression" and s == 0:
            return Law("normal", ({}, {"": Fraction(1)}))
        own = (
            {p: sign * c for p, c in tied.items()}
            if tied
            else rng.choice([lambda: parameter("m", REAL, *span), lambda: number(*span)])()
        )
        variance = rng.choice([lambda: shared, lambda: {"": Fraction(1)}, lambda: parameter("v", POSITIVE, 0.5, 2)])()
        return Law("normal", ({}, variance), (own,)) if kind == "regression" else Law("normal", (own, variance))

    def data_law(s: int) -> Law:
        own = kind if kind != "mixed" else rng.choice(["laplace", "logistic", "uniform", "normal", "exponential"])
        free = rng.random() < 0.4 and (kind != "regression" or s > 0)
        if own in OTHERS:
            argument = (
                parameter("k", UNIT if own == "binomial" else POSITIVE, *span)
                if free and own == fitted
                else number(max(span[0], 0.25), span[1])
            )
            if own == "binomial":
                argument = argument if "" not in argument else {"": Fraction(rng.randint(2, 8), 10)}
                return Law(own, ({"": Fraction(TRIALS)}, argument))
            return Law(own, (argument,))
        centre = parameter("t", REAL, -1.25, 1.25) if free else number(-1.5, 1.5)
        if own == "uniform":
            return Law(own, (centre, {**centre, "": centre.get("", Fraction(0)) + Fraction(rng.randint(5, 16), 8)}))
        if kind == "regression":
            return Law("normal", ({}, {"": Fraction(1)}), (centre,) if s else ())
        spread = parameter("s", POSITIVE, 0.5, 1.5) if rng.random() < 0.2 else number(0.5, 1.5)
        return Law(own if own in MEANS else "normal", (centre, spread))

    shared = parameter("u", POSITIVE, 0.5, 2) if rng.random() < 0.3 and fitted == "normal" else {"": Fraction(1)}
    count = 2 if len(observed) == 3 else rng.choice([2, 2, 3])
    if rng.random() < 0.5:
        cuts = sorted(rng.sample(range(1, 8), count - 1))
        weights: list[Affine] = [{"": Fraction(b - a, 8)} for a, b in zip([0, *cuts], [*cuts, 8], strict=True)]
    else:
        w = parameter("w", UNIT, 0.15, 0.85)
        (name,) = w
        weights = [{name: Fraction(1, count - 1)} for _ in range(count - 1)] + [{"": Fraction(1), name: Fraction(-1)}]
    tied = parameter("m", REAL, *span) if fitted == "normal" and count == 2 and rng.random() < 0.4 else None
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
