"""Iterates of the EM map of two means from any start, infinity included, and how they depend on every variable."""

import math
from collections.abc import Mapping

import flint

from emtheory.numerics.two_means.model import (
    Parameters,
    Slopes,
    em_map,
    em_map_slopes,
    first_step,
    first_step_slope,
)

MAX_STEPS = 10_000
"""A choice: each takes milliseconds."""

PARAMETERS = ("separation", "truth_weight", "fit_weight")


def iterate(p: Parameters, accuracy: float, start: flint.arb | float, steps: int) -> flint.arb:
    """Enclose θ after some steps; from ±∞ the first of them leads to ±E|X|.

    Parameters
    ----------
    p
        Its θ is not used.
    accuracy
        L of each step.
    start
        A ball, or plus or minus infinity as a float.
    steps
        t ≥ 0, and at least 1 from infinity.
    """
    theta, left = _begin(p, start, steps)
    for _ in range(left):
        theta = em_map(p.at(theta), accuracy)
    return theta


def iterate_slopes(p: Parameters, accuracy: float, start: flint.arb | float, steps: int) -> Slopes:
    """Enclose the derivatives of `iterate` in μ, both weights and the start, over all parameters of the balls.

    θ_{t+1} = M(θ_t) has the derivative M′(θ_t)·θ_t′ + ∂M, and θ_t is enclosed by the mean value theorem from its value
    at the centres, so that the width of the balls does not grow with t more than the iterates do.

    Parameters
    ----------
    p, accuracy, start, steps
        As for `iterate`.
    """
    centre = Parameters(p.theta, p.separation.mid(), p.truth_weight.mid(), p.fit_weight.mid())
    around = {name: getattr(p, name) - getattr(centre, name) for name in PARAMETERS}
    if isinstance(start, flint.arb):
        around["start"] = start - start.mid()
    middle, left = _begin(centre, start.mid() if isinstance(start, flint.arb) else start, steps)
    slopes = _first_slopes(p, start)
    reach = first_step(p.separation).upper()
    everywhere = (-reach).union(reach)
    for step in range(left):
        theta = middle + sum((slopes[name] * around[name] for name in slopes), start=flint.arb(0))
        if step or not isinstance(start, flint.arb):
            theta = theta.intersection(everywhere)  # |M| ≤ E|X|
        partial = em_map_slopes(p.at(theta), accuracy)
        slopes = {
            name: partial["theta"] * slope + (partial[name] if name in PARAMETERS else 0)
            for name, slope in slopes.items()
        }
        middle = em_map(centre.at(middle), accuracy)
    return slopes


def _begin(p: Parameters, start: flint.arb | float, steps: int) -> tuple[flint.arb, int]:
    """The first finite θ, and how many steps are left from there."""
    if isinstance(start, flint.arb):
        return start, steps
    return math.copysign(1, start) * first_step(p.separation), steps - 1


def _first_slopes(p: Parameters, start: flint.arb | float) -> Mapping[str, flint.arb]:
    zero = dict.fromkeys(PARAMETERS, flint.arb(0))
    if isinstance(start, flint.arb):
        return zero | {"start": flint.arb(1)}
    return zero | {"separation": math.copysign(1, start) * first_step_slope(p.separation)}
