"""Where on the simplex ray a function first falls below a bound: proposed by a search, to be proved by others."""

import math
from collections.abc import Callable
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.ray.search import first_crossing, scan_end, scan_radii

_FEW, _MANY = 20, 80
"""Radii that a search tries: what lies between two of them and is missed makes the proof fail, not the answer wrong."""
_GUARD_DIGITS = 4
"""Beyond those wanted, to which the crossing is enclosed: with a relative half-width of 10^{−digits−4} three more
digits are right, which are printed."""


def proposed_and_proved(
    propose: Callable[[int], Enclosure], is_proved: Callable[[Enclosure], bool]
) -> tuple[Enclosure, bool]:
    """Search at few radii; if that is not proved, at many; return what was found, and whether it is proved."""
    found = propose(_FEW)
    if is_proved(found):
        return found, True
    other = propose(_MANY)
    same = other.lower <= found.upper and found.lower <= other.upper
    return other, not same and is_proved(other)


def propose_crossing(
    case: Case,
    scan: Callable[[Fraction], float],
    precise: Callable[[Fraction], Fraction],
    tail: Fraction,
    digits: int,
    beyond: str,
    count: int,
) -> Enclosure:
    """Enclose the first radius at which a function is negative; both ends are infinite if the search finds none.

    It is given in double precision (`scan`) and to all digits that locating the crossing takes, and is certainly
    positive from `tail` on, for the reason `beyond`; `count` radii are tried.
    """
    radii = scan_radii(min(scan_end(case), float(tail)), count)
    found = first_crossing(scan, precise, radii, Fraction(1, 10 ** (digits + _GUARD_DIGITS + 3)))
    if found is None:
        note = f"by models up to radius {float(tail):.6g}, by {beyond} beyond"
        return Enclosure(math.inf, math.inf, Level.CERTIFIED, "ball", note=note)
    width = found.radius / 10 ** (digits + _GUARD_DIGITS)
    return Enclosure(found.radius - width, found.radius + width, Level.CERTIFIED, "ball")
