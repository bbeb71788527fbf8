"""Iterates of the EM map of two means from any start, infinity included, and how they depend on every variable.

With the variance fitted, too, the M-step makes v = E X² − θ², θ being the new one: from the second step on all depends
on θ, which is followed in the same way.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

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

PARAMETERS = ("separation", "truth_weight", "fit_weight", "fit_variance")


def iterate(p: Parameters, accuracy: float, start: flint.arb | float, steps: int, *, scale: bool = False) -> flint.arb:
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
    scale
        Whether the variance is fitted along with θ, from that of the fit on.
    """
    theta, left = _begin(p, start, steps)
    for step in range(left):
        fitted = scale and (step or left < steps)
        theta = em_map((_scaled(p, theta) if fitted else p).at(theta), accuracy)
    return theta


def iterate_slopes(
    p: Parameters, accuracy: float, start: flint.arb | float, steps: int, *, scale: bool = False
) -> Slopes:
    """Enclose the derivatives of `iterate` in μ, both weights, v and the start, over all parameters of the balls.

    θ_{t+1} = M(θ_t) has the derivative M′(θ_t)·θ_t′ + ∂M, and θ_t is enclosed by the mean value theorem from its value
    at the centres, so that the width of the balls does not grow with t more than the iterates do.

    Parameters
    ----------
    p, accuracy, start, steps, scale
        As for `iterate`.
    """
    centre = replace(p, **{name: getattr(p, name).mid() for name in PARAMETERS})
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
        fitted = scale and (step or left < steps)
        partial = dict(em_map_slopes((_scaled(p, theta) if fitted else p).at(theta), accuracy))
        if fitted:
            by_variance = partial.pop("fit_variance")
            partial["theta"] -= 2 * theta * by_variance
            partial["separation"] += 2 * p.separation * by_variance
        slopes = {name: partial["theta"] * slope + partial.get(name, 0) for name, slope in slopes.items()}
        middle = em_map((_scaled(centre, middle) if fitted else centre).at(middle), accuracy)
    return slopes


def fitted_variance(p: Parameters, accuracy: float, start: flint.arb | float, steps: int) -> flint.arb:
    """Enclose the variance after some steps with it fitted along with θ: E X² − θ² after the first.

    Parameters
    ----------
    p, accuracy, start, steps
        As for `iterate`.
    """
    if not steps:
        return p.fit_variance
    return _scaled(p, iterate(p, accuracy, start, steps, scale=True)).fit_variance


def fitted_variance_slopes(p: Parameters, accuracy: float, start: flint.arb | float, steps: int) -> Slopes:
    """Enclose its derivatives, as `iterate_slopes`.

    Parameters
    ----------
    p, accuracy, start, steps
        As for `iterate`.
    """
    if not steps:
        return {"fit_variance": flint.arb(1)}
    theta = iterate(p, accuracy, start, steps, scale=True)
    slopes = {name: -2 * theta * slope for name, slope in iterate_slopes(p, accuracy, start, steps, scale=True).items()}
    return slopes | {"separation": slopes["separation"] + 2 * p.separation}


def variance_map(p: Parameters, accuracy: float) -> flint.arb:
    """E X² − M(θ)², the variance after one step from (θ, v)."""
    return _scaled(p, em_map(p, accuracy)).fit_variance


def variance_map_slopes(p: Parameters, accuracy: float) -> Slopes:
    """The derivatives of it in every variable."""
    theta = em_map(p, accuracy)
    slopes = {name: -2 * theta * slope for name, slope in em_map_slopes(p, accuracy).items()}
    return slopes | {"separation": slopes["separation"] + 2 * p.separation}


def _scaled(p: Parameters, theta: flint.arb) -> Parameters:
    """The fit with the variance of the M-step that made θ: E[γ(X − θ)² + (1 − γ)(X + θ)²], where E[X(2γ − 1)] = θ."""
    return replace(p, fit_variance=p.second_moment - theta * theta)


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
