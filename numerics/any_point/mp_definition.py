"""KL and moments of the posterior from their definition in mpmath: the trapezoidal rule in few directions.

Exponents at the nodes, posteriors and their transforms are summed as they stand, to any precision: the witness for
points off the simplex, and for two and three components on it.
"""

import math
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.laplace import real
from emtheory.numerics.simplex_point.moments import Array, FourierMoments

_MAX_NODES = 100_000
"""Some ten seconds: in two directions for forty digits, in three for six."""


class DefinedMoments(FourierMoments):
    """Moments of γ̂ from posteriors at nodes, shape (k, nodes), their masses, and `roots`, j ↦ e^{2πi j/k}."""

    def __init__(self, posteriors: Array, masses: Array, roots: Array) -> None:
        places = np.arange(len(roots))
        self._masses, self._transform = masses, cache(lambda m: roots[m * places % len(roots)] @ posteriors)

    def power(self, m: int) -> Any:
        """E|γ̂_m|² = β_m."""
        return self._mean(self._transform(m), self._transform(-m))

    def triple(self, m: int, n: int) -> Any:
        """Re E[γ̂_{m+n} γ̂_m* γ̂_n*]."""
        return self._mean(self._transform(m + n), self._transform(-m), self._transform(-n))

    def quadruple(self, m: int, n: int) -> Any:
        """E[|γ̂_m|² |γ̂_n|²]."""
        return self._mean(*(self._transform(f) for f in (m, -m, n, -n)))

    def _mean(self, *factors: Array) -> Any:
        return (math.prod(factors) @ self._masses).real


def defined(context: Any, case: Case, accuracy: float) -> tuple[Any, DefinedMoments]:
    """Return KL and the moments to about e^{−accuracy}, at any point but the origin; CannotAnswerError if too dear."""
    angles = [2 * context.pi * j / case.k for j in range(case.k)]
    waves = []
    for m, square in zip(case.frequencies, case.squared_amplitudes, strict=True):
        parts = (context.cos, context.sin)[: case.multiplicity(m)] if square else ()
        waves += [[context.sqrt(real(context, square)) * part(m * angle) for angle in angles] for part in parts]
    reach = math.sqrt(2 * accuracy + 2 * len(waves) * math.log(accuracy))
    steps = [_step(float(max(wave) - min(wave)), accuracy) for wave in waves]
    if math.prod(2 * reach / step + 2 for step in steps) > _MAX_NODES:
        raise CannotAnswerError(f"the definition would be summed over more than {_MAX_NODES} nodes")
    axes = [_axis(context, wave, step, reach, accuracy % 1) for wave, step in zip(waves, steps, strict=True)]
    prior, half = [real(context, weight) for weight in case.weights], real(context, case.squared_radius) / 2
    masses, posteriors, divergence = [], [], context.zero
    for nodes in product(*axes):
        mass = math.prod(mass for mass, _ in nodes)
        joint = [math.prod(factors) for factors in zip(prior, *(factors for _, factors in nodes), strict=True)]
        total = sum(joint)
        divergence += mass * (half - context.log(total))
        masses.append(mass)
        posteriors.append([each / total for each in joint])
    roots = np.array([context.expj(angle) for angle in angles], dtype=object)
    return divergence, DefinedMoments(np.array(posteriors, dtype=object).T, np.array(masses, dtype=object), roots)


def _step(spread: float, accuracy: float) -> float:
    """Return the step for so wide exponents: Σ_j π_j e^{y_j} has no zero where phases are less than π apart."""
    strip = min(math.sqrt(2 * accuracy), 3.0 / spread)
    return 2 * math.pi * strip / (accuracy + strip**2 / 2 + 4)


def _axis(context: Any, wave: list[Any], step: float, reach: float, offset: float) -> list[tuple[Any, list[Any]]]:
    """Masses h φ(z) and what the e^{y_j} gain at the nodes; offsets put those of two accuracies in different places."""
    last = math.ceil(reach / step)
    nodes = [context.mpf(step) * (i + context.mpf(offset)) for i in range(-last - 1, last + 1)]
    return [(context.mpf(step) * context.npdf(z), [context.exp(w * z) for w in wave]) for z in nodes]
