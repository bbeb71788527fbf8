"""Where on the simplex ray a function first falls below a bound: proposed by a search, to be proved by others."""

import math
from collections.abc import Callable
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.ray.search import first_crossing, scan_end, scan_radii

_SCAN = 60
"""Radii that are tried; a crossing between two of them that is missed makes the proof fail, not the answer wrong."""
_GUARD_DIGITS = 4
"""Beyond those wanted, to which the crossing is enclosed: with a relative half-width of 10^{−digits−4} three more
digits are right, which are printed."""


def propose_crossing(
    case: Case,
    scan: Callable[[Fraction], float],
    precise: Callable[[Fraction], Fraction],
    tail: Fraction,
    digits: int,
    beyond: str,
) -> Enclosure:
    """Enclose the first radius at which a function is negative; both ends are infinite if the search finds none.

    Parameters
    ----------
    case
        The mixture.
    scan, precise
        The function in double precision, and to all digits that locating the crossing takes.
    tail
        A radius from which on the function certainly is positive.
    digits
        Of the crossing.
    beyond
        For the note: why it is positive from there on.
    """
    radii = scan_radii(min(scan_end(case), float(tail)), _SCAN)
    found = first_crossing(scan, precise, radii, Fraction(1, 10 ** (digits + _GUARD_DIGITS + 3)))
    if found is None:
        note = f"by models up to radius {float(tail):.6g}, by {beyond} beyond"
        return Enclosure(math.inf, math.inf, Level.CERTIFIED, "ball", note=note)
    width = found.radius / 10 ** (digits + _GUARD_DIGITS)
    return Enclosure(found.radius - width, found.radius + width, Level.CERTIFIED, "ball")
