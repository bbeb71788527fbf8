"""Where to put the nodes of the one-dimensional rules: steps and ranges for a wanted accuracy e^{−L}.

Both rules are trapezoidal rules on the line for functions analytic in a strip |Im| < v, whose error decays like
e^{−2πv/h}. These choices decide how accurate a route is, not whether what it says is true: the ball route adds proved
errors for the nodes it took, the other routes estimate theirs from two choices of L.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError

STRIP = 1.4
"""Half-width of the strip used, below π/2 where the bound |ψ(u+iv)| ≤ ψ(u + log cos v) ends."""


SMALLEST_SQUARE, LARGEST_SQUARE = Fraction(1, 10**250), Fraction(2 * 300**2)
"""Range of s² in which planning in double precision neither underflows nor overflows; radius 300 for every k."""


@dataclass(frozen=True)
class Lattice:
    """Nodes u = left, left + step, … ≤ right, and y = sz = −reach..reach around each with `inner_step`."""

    left: float
    right: float
    step: float
    inner_step: float
    reach: float


def squared_spread(case: Case, route: str) -> Fraction:
    """Return s² = r²k/(k−1), the variance of the i.i.d. exponents at a regular simplex.

    CannotAnswerError if the point is none, or is the origin, or its radius is beyond what nodes are planned for.
    """
    if not case.on_simplex:
        raise CannotAnswerError(f"the {route} route covers regular simplices; these amplitudes are not one's")
    square = case.squared_radius * case.k / (case.k - 1)
    if square == 0:
        raise CannotAnswerError(f"the {route} route needs a positive radius; at the origin the exact route answers")
    if not SMALLEST_SQUARE <= square <= LARGEST_SQUARE:
        raise CannotAnswerError(f"the {route} route covers radii from about 1e-125 to 300")
    return square


def plan(s: float, accuracy: float, largest_weight: float, degree: int) -> Lattice:
    """Choose nodes for errors of about e^{−accuracy} in moments up to a degree (0: E log S alone), given max π_j."""
    outer_loss = max(degree, 1) * -math.log(math.cos(STRIP))
    strip = min(STRIP, s * math.sqrt(2 * accuracy))
    inner_step = 2 * math.pi * strip / (accuracy + strip**2 / (2 * s**2))
    spread = s * math.sqrt(2 * accuracy)
    # Up to a factor of about k the integrands are at most E min(1, e^{n(u+sZ)}), n = 1 for E log S and 2 for moments
    # of the posterior, which is below 2exp(−u²/2s²) down to u = −ns² and 2exp(nu + n²s²/2) beyond.
    power = 2 if degree else 1
    left = spread if spread <= power * s**2 else accuracy / power + power * s**2 / 2
    if not degree:
        left = max(left, accuracy)
    # P(u) ≤ ψ(u + log max π) ≤ P(sZ < −x) + exp(−e^{u + log max π − x}), against e^{degree·u}.
    right = spread - math.log(largest_weight) + math.log(accuracy + degree * math.log(accuracy))
    return Lattice(-left, right, 2 * math.pi * STRIP / (accuracy + outer_loss), inner_step, spread)
