"""The table behind the page's interactive figure: what holds at each place of its sliders, all of it certified."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.trajectories.ball_radius import followed

_KS = (2, 3, 4, 8, 32, 500)
"""A choice: at the last one convexity ends, and it takes a few seconds."""
_WEIGHTS = ("uniform", *(f"one-heavy:{text}" for text in ("3/5", "7/10", "4/5", "9/10", "99/100")))
"""EM keeps the simplex with all of them, so that its radius tells all."""
EXPLORED: Sequence[tuple[int, str]] = tuple(product(_KS, _WEIGHTS))
"""Places of the sliders for k and weights."""

RADII = tuple(map(Fraction, ("1/4", "1/2", "1", "3/2", "2", "3", "4")))
"""Places of the slider for the start."""

_STEPS = 20
"""Followed, at most."""
_LEAST = Fraction(1, 10**9)
"""Below this KL no more steps are shown."""
_DIGITS = 4
"""Of the numbers shown, all of them right to a unit of the last."""


def explore(k: int, weights: str) -> dict[str, object]:
    """Return what holds for one k and weights as JSON values: numbers are decimal text, rounded from enclosures.

    ``gap`` is σ² = min |π̂_m|², ``gamma`` a radius within which the likelihood is proved to be strongly convex,
    ``convexity`` the radius up to which it is convex, and for each of ``starts`` the ``bound`` on the factor within
    that radius, ``beta`` (alike for every m), the ``factor`` 1 − β of the first step, and ``kl`` after each step;
    ``limit`` is the factor near 0. CannotAnswerError if something cannot be certified to the digits shown.
    """
    case = make_case(k, weights)
    gap = evaluate("spectral_gap", case, digits=_DIGITS)
    with arb_precision(64):
        gamma = Enclosure(*ball_bounds((flint.arb(to_fmpq(Fraction(gap.midpoint))) / 10).sqrt()), gap.level, "ball")
    starts = []
    for radius in RADII:
        steps = followed(case.at_radius(radius), _STEPS, _LEAST, _DIGITS)
        factor = steps[0][1]
        bound = evaluate("contraction_bound", case, {"radius": radius}, digits=_DIGITS)
        starts.append(
            {
                "radius": str(radius),
                "bound": _text(bound),
                "factor": _text(factor),
                "beta": _text(replace(factor, lower=1 - factor.upper, upper=1 - factor.lower)),
                "kl": [_text(kl) for kl, _ in steps],
            }
        )
    return {
        "k": k,
        "weights": weights,
        "gap": _text(gap),
        "limit": _text(evaluate("contraction_factor", case, digits=_DIGITS)),
        "gamma": _text(gamma),
        "convexity": _text(evaluate("strong_convexity_radius", case, digits=_DIGITS)),
        "starts": starts,
    }


def _text(value: Enclosure) -> str:
    if value.level < Level.CERTIFIED:
        raise RuntimeError(f"{value} is not certified")
    return decimal_text(value.midpoint, _DIGITS)
