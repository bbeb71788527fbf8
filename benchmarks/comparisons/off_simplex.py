"""Points off the simplex: certified product rules beside scrambled Sobol points and plain Monte Carlo.

Only the ball route proves its error. For k = 64 nothing is proved: there the float route's Sobol points are run until
they have three digits.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.caches import evaluated
from benchmarks.comparison import Comparison, Scale, Side
from benchmarks.truth import digits_right
from emtheory.numerics.any_point.sampled import estimate
from emtheory.numerics.case import Case, make_case

POINTS = 2**18
MORE = 3
"""Digits by which the truth is known better: in four dimensions a product rule has not fifteen more."""


def monte_carlo(case: Case, points: int) -> float:
    """KL from the definition, with independent normal coordinates for each frequency."""
    normals = np.random.default_rng(0).standard_normal((len(case.frequencies), 2, points))
    angles = 2 * np.pi * np.outer(range(case.k), case.frequencies) / case.k
    scale = np.sqrt([float(square) for square in case.squared_amplitudes])
    exponents = np.einsum("jm,mn->jn", scale * np.cos(angles), normals[:, 0])
    exponents += np.einsum("jm,mn->jn", scale * np.sin(angles), normals[:, 1])
    weights = np.array([float(weight) for weight in case.weights])
    return float((float(case.squared_radius) / 2 - np.log(weights @ np.exp(exponents))).mean())


def sobol(case: Case, digits: int) -> float:
    return estimate(case, lambda found: found.divergence, digits).value


def measured(scale: Scale) -> Iterator[Comparison]:
    four = make_case(4, "2/5,3/10,1/5,1/10", amplitudes="9/10,2/5")
    for digits in {"tiny": (4,), "quick": (10,), "full": (10, 15, 30)}[scale]:
        yield _beside(four, digits, 2 if scale == "tiny" else 4)
    if scale == "full":
        for digits in (8, 10):
            yield _beside(make_case(5, "linear", amplitudes="9/10,2/5"), digits, 4)
        values = [f"{3 * m}/{4 * m * m}" for m in range(1, 33)]
        many = make_case(64, "linear", amplitudes=",".join(values))
        sides = (
            Side("Sobol points to 3 digits", partial(sobol, many, 3)),
            Side("Monte Carlo", partial(monte_carlo, many, POINTS // 8)),
        )
        yield Comparison("KL, k = 64, amplitudes falling like 1/m", sides, clock="wall")


def _beside(case: Case, digits: int, few: int) -> Comparison:
    right = digits_right("kl_divergence", case, digits, more=MORE)
    sides = (
        Side("ball route, certified", partial(evaluated, "kl_divergence", case, {}, digits, "ball"), right),
        Side(f"scrambled Sobol points to {few} digits", partial(sobol, case, few), right),
        Side("Monte Carlo", partial(monte_carlo, case, POINTS), right),
    )
    return Comparison(f"KL, k = {case.k}, off the simplex, {digits} digits", sides)
