"""How far a height keeps a bound, and how low it falls, enclosed: proposed by searches that prove nothing, then proved.

A first crossing is proved by the height on both sides of it, and that it exceeds the bound up to there; an infimum by a
point at which the height is that small, and that it exceeds the lower end on the whole ray. `prove` searches for
nothing; a verifier needs only it.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.algebraic import Algebraic
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.ball_heights import Height, height_of
from emtheory.numerics.ray.dynamics import keeps_simplex, rounded
from emtheory.numerics.ray.heights import FACTORS, HEIGHTS, bound_of, ends
from emtheory.numerics.ray.scan import Ray, Source, scan_end, scan_radii
from emtheory.numerics.simplex_point.far_out import exceeded_beyond

_FEW, _MANY = 20, 80
"""Radii that a search tries: what lies between two of them and is missed makes the proof fail, not the answer wrong."""
_GUARD_DIGITS = 4
"""Beyond those wanted, to which what is found is enclosed: with a relative half-width of 10^{−digits−4} three more
digits are right, which are printed."""
_SOURCE = Source("ball", Level.CERTIFIED, ball_values)


def crossing(name: str, case: Case, digits: int, **argument: Fraction) -> Enclosure:
    """Sup of the radii up to which the height of a quantity keeps its bound; `inf` if it is proved always to."""
    height, bound, ray = height_of(HEIGHTS[name], case), bound_of(name, case, *argument.values()), Ray(case, _SOURCE)

    def propose(count: int) -> Enclosure:
        if height.sign(bound) < 0:
            return _found(Fraction(0), Fraction(0), note="below the bound for small radii")
        low, high = bound.enclose(digits + 12)
        middle, tail = (low + high) / 2, _far_out(name, case, high)
        radii = scan_radii(min(scan_end(case), float(tail)), count)
        tolerance = Fraction(1, 10 ** (digits + _GUARD_DIGITS + 3))
        found = ray.crossing(HEIGHTS[name], middle, digits + 12, radii, tolerance)
        if found is None:
            note = f"by models up to radius {float(tail):.6g}, by {height.beyond} beyond"
            return Enclosure(math.inf, math.inf, Level.CERTIFIED, "ball", note=note)
        width = found.radius / 10 ** (digits + _GUARD_DIGITS)
        return _found(found.radius - width, found.radius + width)

    found, is_proved = proposed_and_proved(propose, lambda found: _crosses(name, case, height, bound, found))
    if not is_proved:
        place = "no crossing was found" if found.upper == math.inf else f"a crossing near {float(found.upper):.6g}"
        raise CannotAnswerError(f"{place}, but it was not proved that the bound is kept up to there")
    return found


def extremum(name: str, case: Case, digits: int, radius: Fraction) -> Enclosure:
    """Inf of the height of a quantity on (0, radius], or one minus it."""
    if radius == 0:
        raise CannotAnswerError("at radius 0 the exact route answers")
    height, ray = height_of(HEIGHTS[name], case), Ray(case, _SOURCE)

    def propose(count: int) -> Enclosure:
        lowest = ray.lowest(HEIGHTS[name], radius, digits + 12, count, Fraction(1, 10 ** (digits + 8)))
        at = min(rounded(lowest.radius, 4 * (digits + 8)), radius)
        least = _height(name, case, at, digits + 8)[1]
        margin = (min(least, 1 - least) if name in FACTORS else least) / 10 ** (digits + _GUARD_DIGITS)
        note = f"attained near radius {float(at):.6g}" if at else "attained at or approached towards radius 0"
        return _mirrored(name, _found(least - margin, least + margin, at, note))

    found, is_proved = proposed_and_proved(propose, lambda found: _is_least(name, case, height, found, radius))
    if not is_proved:
        raise CannotAnswerError("the smallest value found on the ray was not proved to be the smallest")
    return found


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


def by_search(name: str) -> Callable[..., Enclosure]:
    """Return the function for a quantity over the ray: (case, digits, argument) ↦ enclosure."""
    return partial(crossing if name.endswith("_radius") else extremum, name)


def prover(name: str) -> Callable[..., bool]:
    """Return the function that says whether an enclosure is certainly right: (case, enclosure, argument) ↦ bool."""

    def proved(case: Case, found: Enclosure, **argument: Fraction) -> bool:
        height, (value,) = height_of(HEIGHTS[name], case), argument.values()
        if name.endswith("_radius"):
            return _crosses(name, case, height, bound_of(name, case, value), found)
        return _is_least(name, case, height, found, value)

    return proved


def _crosses(name: str, case: Case, height: Height, bound: Algebraic, found: Enclosure) -> bool:
    """Whether the height crosses its bound first within an enclosure, or never if both ends are infinite.

    The radius 0 needs a height that starts below the bound.
    """
    if not 0 <= found.lower <= found.upper:
        return False
    sign = height.sign(bound)
    if found.upper == 0 or sign <= 0:
        return bool(found.upper == 0 and sign < 0)
    digits = _digits(found.lower, found.upper)
    low, high = bound.enclose(digits + 4)
    if found.lower == math.inf:
        return height.exceeds(high, _far_out(name, case, high), None)
    if not (isinstance(found.lower, Fraction) and isinstance(found.upper, Fraction)):
        return False
    margin = _height(name, case, found.lower, digits if low else 1)[0] - high
    falls = _height(name, case, found.upper, digits if low else 1)[1] < low
    return falls and margin > 0 and height.exceeds(high, found.lower, margin)


def _is_least(name: str, case: Case, height: Height, found: Enclosure, radius: Fraction) -> bool:
    """Whether the infimum on (0, radius] is within an enclosure, at whose `at` the height is at most its upper end."""
    least = _mirrored(name, found)
    lower, upper = Fraction(least.lower), Fraction(least.upper)
    if least.at is None or not 0 <= least.at <= radius:
        return False
    if _height(name, case, least.at, _digits(lower, upper))[1] > upper:
        return False
    # No height here is ever negative.
    return lower <= 0 or height.exceeds(lower, radius, min(upper - lower, lower))


def _mirrored(name: str, found: Enclosure) -> Enclosure:
    """One minus an enclosure, of the quantity that is that of its height."""
    return replace(found, lower=1 - found.upper, upper=1 - found.lower) if name in FACTORS else found


def _found(lower: Fraction, upper: Fraction, at: Fraction | None = None, note: str = "") -> Enclosure:
    return Enclosure(lower, upper, Level.CERTIFIED, "ball", note=note, at=at)


def _far_out(name: str, case: Case, bound: Fraction) -> Fraction:
    """A radius from which on the height of a quantity exceeds a bound."""
    return exceeded_beyond(HEIGHTS[name], case, bound, alike=keeps_simplex(case))


def _height(name: str, case: Case, radius: Fraction, digits: int) -> tuple[Fraction, Fraction]:
    return ends(ball_values, HEIGHTS[name], case, radius, digits)


def _digits(lower: Fraction | float, upper: Fraction | float) -> int:
    """Digits of a height that resolve its change over an interval."""
    if isinstance(lower, float) or isinstance(upper, float) or lower == upper or upper <= 0:
        return 20
    return math.ceil(smallness((upper - lower) / upper) / math.log(10)) + 8
