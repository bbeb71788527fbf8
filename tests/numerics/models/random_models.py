"""Random mixtures of normals in one and two coordinates, with parameters in their domains and brute force in NumPy."""

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.reading import read_model

Place = Mapping[str, Fraction]


def random_model(seed: int) -> tuple[MixtureModel, dict[str, Fraction]]:
    """A model and a point: two or three components, means and variances free, tied or known, weights fitted or not."""
    rng = random.Random(seed)  # noqa: S311  # Models, not keys.
    size = 2 if rng.random() < 0.25 else 1
    observed = ["x", "y"][:size]
    parameters: dict[str, Any] = {}
    place: dict[str, Fraction] = {}

    def name(prefix: str, domain: str, low: int, high: int) -> str:
        label = f"{prefix}{len(parameters)}_"
        parameters[label] = domain
        place[label] = Fraction(rng.randint(low, high), 10)
        return label

    components = rng.choice([2, 2, 3])
    shared = name("v", "positive", 5, 25) if rng.random() < 0.3 else None
    tied = name("t", "real", -20, 20) if size == 1 and components == 2 and rng.random() < 0.4 else None
    if rng.random() < 0.5:
        weights = [str(Fraction(part, 10)) for part in _parts(rng, 10, components)]
    else:
        free = [name("w", "unit", 1, 4) for _ in range(components - 1)]
        if components == 3:
            for label in free:
                place[label] = Fraction(rng.randint(1, 4), 10)
        weights = [*free, "1 - " + " - ".join(free)]
    fit = []
    for index, weight in enumerate(weights):
        component = {"weight": weight}
        for coordinate in observed:
            signed = tied if index == 0 else f"-{tied}"
            mean = signed if tied else name("m", "real", -25, 25)
            variance = shared or (name("s", "positive", 4, 25) if rng.random() < 0.4 else str(rng.choice([1, 2])))
            if coordinate == "y" and rng.random() < 0.4:
                mean = f"{mean}*x"
            component[coordinate] = f"normal({mean}, {variance})"
        fit.append(component)
    data = []
    for part in _parts(rng, 6, rng.choice([1, 2, 3])):
        component = {"weight": str(Fraction(part, 6))}
        for coordinate in observed:
            mean = str(Fraction(rng.randint(-15, 15), 10))
            if coordinate == "y" and rng.random() < 0.4:
                mean = f"{mean}*x"
            component[coordinate] = f"normal({mean}, {Fraction(rng.randint(4, 20), 10)})"
        data.append(component)
    table = {"observed": observed, "data": data, "fit": fit, "estimate": list(parameters), "parameters": parameters}
    return read_model(f"random-{seed}", table), place


def _parts(rng: random.Random, whole: int, count: int) -> list[int]:
    cuts = sorted(rng.sample(range(1, whole), count - 1))
    return [b - a for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]


def brute_force(model: MixtureModel, place: Place) -> dict[str, float]:
    """Log-likelihood, posterior masses and first moments of components by a fine grid, densities written out here."""
    values = {each.symbol: float(place[each.name]) for each in model.parameters}
    size = len(model.observed)
    line = np.linspace(-24, 24, 4801 if size == 1 else 961)
    grid = [line] if size == 1 else list(np.meshgrid(line, line, indexing="ij"))
    cell = float(line[1] - line[0]) ** size

    def density(components: Any) -> list[Any]:
        found = []
        for component in components:
            total = float(component.weight.subs(values)) * np.ones_like(grid[0])
            for s, law in enumerate(component.laws):
                mean, variance = law.arguments
                slope = float(mean.diff(model.coordinates[0]).subs(values)) if s else 0.0
                start = float(mean.subs(dict.fromkeys(model.coordinates, 0)).subs(values))
                center, spread = start + slope * grid[0], float(variance.subs(values))
                total = total * np.exp(-((grid[s] - center) ** 2) / (2 * spread)) / np.sqrt(2 * np.pi * spread)
            found.append(total)
        return found

    truth, fit = sum(density(model.data)), density(model.fit)
    whole = sum(fit)
    result = {"log_likelihood": float((truth * np.log(np.maximum(whole, 1e-300))).sum() * cell)}
    for j, part in enumerate(fit):
        posterior = part / np.maximum(whole, 1e-300)
        result[f"mass_{j}"] = float((truth * posterior).sum() * cell)
        result[f"first_{j}"] = float((truth * posterior * grid[0]).sum() * cell)
        result[f"square_{j}"] = float((truth * posterior * grid[0] * grid[-1]).sum() * cell)
    return result
