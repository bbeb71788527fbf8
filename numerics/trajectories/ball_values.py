"""Quantities of EM's trajectory, enclosed: on the ray by one recursion, elsewhere in the amplitudes."""

from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import MAX_STEPS, keeps_simplex
from emtheory.numerics.simplex_point.lattice import squared_spread
from emtheory.numerics.trajectories import ball_amplitudes, ball_radius


def iterations_to_kl(case: Case, digits: int, eps: Fraction) -> Enclosure:
    """Steps of population EM, its trajectory enclosed; an integer."""
    if case.on_simplex and keeps_simplex(case):
        squared_spread(case, "ball")
        steps = Fraction(ball_radius.steps_to_kl(case, eps))
    else:
        steps = Fraction(ball_amplitudes.steps_to_kl(case, eps))
    return Enclosure(steps, steps, Level.CERTIFIED, "ball")


def prove_iterations_to_kl(case: Case, found: Enclosure, eps: Fraction) -> bool:
    """Whether the number of steps is certainly right; the enclosure must be one integer of at most MAX_STEPS."""
    steps = Fraction(found.lower)
    proper = found.lower == found.upper and steps.denominator == 1 and 0 <= steps <= MAX_STEPS
    return proper and ball_radius.prove_steps(case, int(steps), eps)
