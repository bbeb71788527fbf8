"""Proofs of what searches propose: whether an enclosure of a quantity with a search in it is certainly right.

Nothing here searches, so that a verifier need not trust a search: it calls `prove` with the enclosure that was found.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.quantity import Arguments
from emtheory.numerics.ray.ball_convexity_radius import prove_strong_convexity_radius
from emtheory.numerics.ray.ball_extrema import prove_pl_constant, prove_worst_contraction_factor
from emtheory.numerics.ray.ball_radii import prove_contraction_radius, prove_pl_radius
from emtheory.numerics.ray.dynamics import MAX_STEPS
from emtheory.numerics.trajectories.ball_radius import prove_steps


def prove_iterations_to_kl(case: Case, found: Enclosure, eps: Fraction) -> bool:
    """Whether the number of steps is certainly right; the enclosure must be one integer of at most MAX_STEPS."""
    steps = Fraction(found.lower)
    proper = found.lower == found.upper and steps.denominator == 1 and 0 <= steps <= MAX_STEPS
    return proper and prove_steps(case, int(steps), eps)


PROOFS: Mapping[str, Callable[..., bool]] = MappingProxyType(
    {
        "strong_convexity_radius": prove_strong_convexity_radius,
        "pl_constant": prove_pl_constant,
        "worst_contraction_factor": prove_worst_contraction_factor,
        "contraction_radius": prove_contraction_radius,
        "pl_radius": prove_pl_radius,
        "iterations_to_kl": prove_iterations_to_kl,
    }
)
"""Quantity → (case, enclosure, its arguments by name) ↦ whether the enclosure is proved."""


def prove(name: str, case: Case, arguments: Arguments, found: Enclosure) -> bool:
    """Whether an enclosure found by the ball route is certainly right; False means not proved.

    Parameters
    ----------
    name
        One of `PROOFS`.
    case, arguments
        What the quantity was asked for, defaults filled in.
    found
        The enclosure. Wider ends are as right; `at` must be kept where the route gave it.

    Raises
    ------
    CannotAnswerError
        If a value needed in between has no rigorous route.
    """
    return PROOFS[name](case, found, **arguments)
