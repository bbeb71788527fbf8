"""Random models of data that are no mixtures of normals, and brute force in NumPy: panels between kinks, or sums."""

import math
import random
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model

KINDS = ("laplace", "uniform", "logistic", "exponential", "poisson", "binomial", "mixed", "counts")
MIXED = {"mixed": ("laplace", "uniform", "logistic", "exponential", "normal"), "counts": ("poisson", "binomial")}
"""Data of which components are of several kinds, for fits by normals and by Poisson laws."""
PARTS = 5
_TRIALS = 7
_GAUSS = np.polynomial.legendre.leggauss(24)


def random_kind(seed: int) -> tuple[MixtureModel, dict[str, Fraction]]:
    """Two or three components of the data of one kind and of the fit, whose parameters are free, at a point."""
    rng = random.Random(seed)  # noqa: S311  # Models, not keys.
    kind = KINDS[seed % len(KINDS)]
    fitted = {"counts": "poisson"}.get(kind, kind if kind in KINDS[3:6] else "normal")
    place: dict[str, Fraction] = {}
    parameters: dict[str, Any] = {}
    fit = []
    weights = _weights(rng, rng.choice([2, 2, 3]))
    for index, weight in enumerate(weights):
        name = f"q{index}"
        domain = {"normal": "real", "binomial": "unit"}.get(fitted, "positive")
        parameters[name] = domain
        place[name] = Fraction(rng.randint(1, 9), 10) * (1 if domain == "unit" else 3 if fitted == "poisson" else 2)
        law = {
            "normal": f"normal({name}, {rng.choice(['1', '3/2', '2'])})",
            "binomial": f"binomial({_TRIALS}, {name})",
        }.get(fitted, f"{fitted}({name})")
        fit.append({"weight": str(weight), "x": law})
    data = [
        {"weight": str(weight), "x": _law(rng, kind)}
        for weight in _weights(rng, 2 if kind in MIXED else rng.choice([1, 2]))
    ]
    table = {"data": data, "fit": fit, "estimate": list(parameters), "parameters": parameters}
    return read_model(f"{kind}-{seed}", table), place


def _weights(rng: random.Random, count: int) -> list[Fraction]:
    cuts = sorted(rng.sample(range(1, PARTS), count - 1))
    return [Fraction(b - a, PARTS) for a, b in zip([0, *cuts], [*cuts, PARTS], strict=True)]


def _law(rng: random.Random, kind: str) -> str:
    first, second = Fraction(rng.randint(-15, 15), 10), Fraction(rng.randint(4, 15), 10)
    match kind if kind not in MIXED else rng.choice(MIXED[kind]):
        case "normal" | "laplace" | "logistic" as own:
            return f"{own}({first}, {second})"
        case "uniform":
            return f"uniform({first}, {first + second})"
        case "exponential":
            return f"exponential({second})"
        case "poisson":
            return f"poisson({3 * second})"
        case _:
            return f"binomial({_TRIALS}, {second / 2})"


def brute_force(model: MixtureModel, place: Mapping[str, Fraction]) -> dict[str, float]:
    """Log-likelihood, minus entropy of the data, and masses, first and second moments of the fit's components."""
    values = {each.symbol: float(place[each.name]) for each in model.parameters}

    def numbers(component: Any) -> tuple[str, float, list[float]]:
        (law,) = component.laws
        return law.kind, float(component.weight.subs(values)), [float(a.subs(values)) for a in law.arguments]

    data, fit = [numbers(each) for each in model.data], [numbers(each) for each in model.fit]
    kinds = {kind for kind, _, _ in data}
    if kinds <= {*MIXED["counts"]}:
        x, cells = np.arange(0.0, 120.0 if "poisson" in kinds else _TRIALS + 1), np.ones(1)
    else:
        kinks = sorted({end for kind, _, (a, *more) in data for end in _kinks(kind, a, *more)})
        edges = np.unique(np.concatenate([np.linspace(a, b, 200) for a, b in pairwise(kinks)]))
        half = np.diff(edges)[:, None] / 2
        x, cells = (edges[:-1, None] + half * (1 + _GAUSS[0])).ravel(), (half * _GAUSS[1]).ravel()
    truth = sum(weight * _density(name, x, *own) for name, weight, own in data) * cells
    parts = [weight * _density(name, x, *own) for name, weight, own in fit]
    whole = np.maximum(sum(parts), 1e-300)
    own = sum(weight * _density(name, x, *arguments) for name, weight, arguments in data)
    found = {"log_likelihood": float((truth * np.log(whole)).sum())}
    found["negentropy"] = float((truth * np.log(np.maximum(own, 1e-300))).sum())
    for j, part in enumerate(parts):
        for name, power in (("mass", 0), ("first", 1), ("square", 2)):
            found[f"{name}_{j}"] = float((truth * part / whole * x**power).sum())
    return found


def _kinks(kind: str, a: float, b: float = 0.0) -> tuple[float, ...]:
    if kind == "uniform":
        return a, b
    return (0.0, 45 / a) if kind == "exponential" else (a - 45 * b, a, a + 45 * b)


def _density(kind: str, x: Any, a: float, b: float = 0.0) -> Any:  # noqa: PLR0911  # A law a line.
    match kind:
        case "normal":
            return np.exp(-((x - a) ** 2) / (2 * b)) / math.sqrt(2 * math.pi * b)
        case "laplace":
            return np.exp(-abs(x - a) / b) / (2 * b)
        case "logistic":
            scaled = np.exp(-abs(x - a) / b)
            return scaled / (b * (1 + scaled) ** 2)
        case "uniform":
            return ((a <= x) & (x <= b)) / (b - a)
        case "exponential":
            return a * np.exp(-a * x) * (x >= 0)
        case "poisson":
            return np.exp(x * math.log(a) - a - np.array([math.lgamma(n + 1) for n in x]))
    return np.array([math.comb(int(a), int(n)) for n in x]) * b**x * (1 - b) ** np.maximum(a - x, 0)
