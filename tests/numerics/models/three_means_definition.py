"""Three means by the definition, on a grid of the line: densities, Bayes' rule, means, and nothing of the routes."""

from copy import copy
from fractions import Fraction
from typing import Any

import numpy as np

PLACES = ("first", "second", "third")


class Sums:
    """The quantities at one law and one fit.

    Parameters
    ----------
    values
        Variable of the family → its value as text.
    """

    def __init__(self, values: dict[str, str]) -> None:
        self.numbers = {name: float(Fraction(text)) for name, text in values.items()}
        self.x = np.arange(-22, 29, 1 / 50)
        self.truth = self.density("truth_")
        self.mass = self.truth / 50

    def parts(self, prefix: str, moved: dict[str, float]) -> Any:
        given = self.numbers | moved
        weights = [given.get(f"{prefix}{name}_weight", 1 / 3) for name in ("first", "second")]
        weights.append(1 - sum(weights))
        means = [given.get(f"{prefix}{name}_mean", 0.0) for name in PLACES]
        pairs = zip(weights, means, strict=True)
        return np.array([w * np.exp(-((self.x - m) ** 2) / 2) / np.sqrt(2 * np.pi) for w, m in pairs])

    def density(self, prefix: str, **moved: float) -> Any:
        return self.parts(prefix, moved).sum(axis=0)

    def em_map(self, j: int) -> float:
        posterior = self.parts("", {})[j] / self.density("")
        return float(self.mass @ (posterior * self.x) / (self.mass @ posterior))

    def log_likelihood(self, **moved: float) -> float:
        return float(self.mass @ np.log(self.density("", **moved)))

    def kl_divergence(self) -> float:
        return float(self.mass @ np.log(self.truth)) - self.log_likelihood()

    def score(self, j: int) -> float:
        posterior = self.parts("", {})[j] / self.density("")
        return float(self.mass @ (posterior * (self.x - self.numbers[f"{PLACES[j]}_mean"])))

    def at_limit(self) -> "Sums":
        """EM from the means until it stays."""
        here = self
        for _ in range(3000):
            moved = {f"{name}_mean": here.em_map(j) for j, name in enumerate(PLACES)}
            step = max(abs(moved[name] - here.numbers[name]) for name in moved)
            here = here.moved(moved)
            if step < 1e-13:
                break
        return here

    def moved(self, means: dict[str, float]) -> "Sums":
        other = copy(self)
        other.numbers = self.numbers | means
        return other

    def hessian(self) -> Any:
        """Of the likelihood in the means, by differences."""
        h, rows = 1e-3, np.zeros((3, 3))
        for i, first in enumerate(PLACES):
            for j, second in enumerate(PLACES):
                for a in (-1, 1):
                    for b in (-1, 1):
                        moved = {f"{first}_mean": self.numbers[f"{first}_mean"] + a * h}
                        moved[f"{second}_mean"] = moved.get(f"{second}_mean", self.numbers[f"{second}_mean"]) + b * h
                        rows[i, j] += a * b * self.log_likelihood(**moved) / (4 * h * h)
        return rows
