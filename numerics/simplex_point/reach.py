"""The range of exponents at regular simplices for which nodes of the one-dimensional rules are planned."""

from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError

SMALLEST_SQUARE, LARGEST_SQUARE = Fraction(1, 10**250), Fraction(2 * 300**2)
"""Range of s² in which planning in double precision neither underflows nor overflows; radius 300 for every k."""


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
