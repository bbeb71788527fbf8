"""The simplex among all directions: λ_min(∇²ℓ) and EM's factor over the sphere ‖θ‖ = r, for two frequencies.

For k = 4 (and 5) a point is, up to maps that leave ℓ unchanged, a pair of amplitudes: r((1 − u²), 2u)/(1 + u²) with
0 ≤ u ≤ 1 runs over a quarter of a circle and is rational for rational u. Values at the directions are rigorous; that
the worst of them is the worst of all is not, but it bounds the worst of all from one side.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from numerics.case import Case
from numerics.enclosure import Enclosure
from numerics.errors import InputError
from numerics.evaluate import evaluate


@dataclass(frozen=True)
class Direction:
    """A direction in the amplitudes, and what EM does there.

    Attributes
    ----------
    amplitudes
        ρ_1, ρ_2 of norm r.
    eigenvalue
        λ_min(∇²ℓ).
    smallest_power
        min_m β_m; the factor is 1 minus that.
    """

    amplitudes: tuple[Fraction, ...]
    eigenvalue: Enclosure
    smallest_power: Enclosure

    @property
    def factor(self) -> float:
        """max_m (1 − β_m)."""
        return 1 - float(self.smallest_power.midpoint)


def directions(case: Case, radius: Fraction, count: int, digits: int = 8) -> tuple[Direction, ...]:
    """Evaluate at count + 1 directions, from frequency 1 alone to frequency 2 alone.

    Raises
    ------
    InputError
        If k is not 4 or 5, or the radius is not positive.
    """
    if len(case.frequencies) != 2:
        raise InputError(f"k = {case.k}: directions are compared for k = 4 and 5, which have two frequencies")
    if radius <= 0:
        raise InputError(f"radius {radius} must be positive")
    return tuple(_at(case, _point(Fraction(i, count), radius), digits) for i in range(count + 1))


def worst(found: tuple[Direction, ...], height: Callable[[Direction], Enclosure]) -> Direction:
    """Return the direction at which a quantity is smallest among those found."""
    return min(found, key=lambda direction: height(direction).midpoint)


def _point(u: Fraction, radius: Fraction) -> tuple[Fraction, Fraction]:
    scale = radius / (1 + u**2)
    return (1 - u**2) * scale, 2 * u * scale


def _at(case: Case, amplitudes: tuple[Fraction, ...], digits: int) -> Direction:
    there = replace(case, radius=None, amplitudes=amplitudes)
    powers = [evaluate("posterior_power", there, {"m": Fraction(m)}, digits) for m in case.frequencies]
    eigenvalue = evaluate("hessian_min_eigenvalue", there, {}, digits)
    return Direction(amplitudes, eigenvalue, min(powers, key=lambda power: power.midpoint))
