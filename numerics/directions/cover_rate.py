"""Up to which radius EM keeps a rate in all directions, for two frequencies: second-order bounds over a cover.

A point is (q, p): q = ‖θ‖² and p, the share of frequency 1 in it. On a rectangle the couplings differ from those at
the centre by at most a constant times its size, and they are the slopes of β_m, so that one evaluation bounds β_m and
the mean of Σ w_mβ_m on all of it to second order. Rectangles are halved until the bound is certain, nearest to the
origin first (docs/error-bounds.md, section 12).
"""

import heapq
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.directions.ball_arcs import (
    COUPLING_SLOPE,
    Moments,
    log_partition_at,
    moments_at,
    require_two_frequencies,
)
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus

FARTHEST = Fraction(8)
"""Where the search for a failure ends, a choice: the lattices of quadrature grow with the radius."""
_MAX_PATCHES = 8_000
"""Evaluations at most, a quadrature each: the limit on time."""
_MEAN_SLOPE = 0.75
"""Bound on the slope in q of the mean of b = Σ w_mβ_m over [0, q]: half of that of b, |b'| ≤ 3/2."""
_BITS = 120
"""Precision in force: patches that decide eight digits need errors of about e^{−42}, which is 60 bits, and sums over
lattices as many again."""
_LEAST_ACCURACY = 2.0
"""L on patches so large that their width hides any error: quadrature is planned for a positive one."""
_ROOT_BITS = 60
"""Binary places to which radii, the roots of proved squares, are rounded outwards: far below every tolerance."""
_PROBED = 4
"""A patch that is so many times smaller than the tolerance and undecided is taken for one near a failure, which is then
looked for just beyond it. Earlier the size of the patch alone may leave it undecided; later costs patches."""


@dataclass(frozen=True)
class WorstRadius:
    """Bounds on the largest radius up to which something holds in all directions, the lower one proved.

    It certainly fails at some point of the upper radius, a multiple of 2^−60, near the given ρ_1, ρ_2 (in double
    precision).
    """

    holds: Fraction
    fails: Fraction
    amplitudes: tuple[float, float]


@dataclass(frozen=True)
class Patch:
    """All points with ‖θ‖² = q and ρ_1² = pq in a rectangle of (q, p), given by its centre and half-widths."""

    square: Fraction
    share: Fraction
    half_square: Fraction
    half_share: Fraction

    @property
    def size(self) -> Fraction:
        """What |Δx| + |Δy|, x = pq and y = (1 − p)q, are from the centre to a point of it at most."""
        return self.half_square + 2 * self.square * self.half_share

    def halves(self) -> tuple["Patch", "Patch"]:
        """Cut the side that contributes more to the size."""
        q, p, dq, dp = self.square, self.share, self.half_square, self.half_share
        if dq >= 2 * q * dp:
            return Patch(q - dq / 2, p, dq / 2, dp), Patch(q + dq / 2, p, dq / 2, dp)
        return Patch(q, p - dp / 2, dq, dp / 2), Patch(q, p + dp / 2, dq, dp / 2)


@dataclass(frozen=True)
class Rates:
    """What rates are made of, at a point or on all of a patch: p, β_1, β_2, and the mean 2KL/q.

    This is that of b = pβ_1 + (1 − p)β_2 over the ray from the origin.
    """

    share: flint.arb
    powers: tuple[flint.arb, flint.arb]
    mean: flint.arb


Excess = Callable[[Rates], flint.arb]
"""By how much a rate exceeds its bound."""


def contraction_radius(case: Case, factor: Fraction, tolerance: Fraction) -> WorstRadius:
    """Return up to where EM's factor max_m (1 − β_m) stays below `factor` in all directions.

    k is 4 or 5, the factor more than that at the origin, and the tolerance the largest relative distance of the radii.
    CannotAnswerError if no failure is found up to `FARTHEST`, or too many patches are needed.
    """
    bound = to_fmpq(1 - factor)
    _require_start(case, 1 - factor)
    return first_failure(case, lambda there: there.powers[0].min(there.powers[1]) - bound, tolerance)


def pl_radius(case: Case, constant: Fraction, tolerance: Fraction) -> WorstRadius:
    """Return up to where pl_ratio = Σ w_mβ_m²/(2KL/q) exceeds `constant`; otherwise as `contraction_radius`.

    Its limits at the origin are means of the |π̂_m|², the least of which is the gap; the constant is less than that.
    """
    _require_start(case, constant)
    exact = to_fmpq(constant)

    def excess(there: Rates) -> flint.arb:
        first, second = (power * power for power in there.powers)
        return second + there.share * (first - second) - exact * there.mean

    return first_failure(case, excess, tolerance)


def first_failure(case: Case, excess: Excess, tolerance: Fraction) -> WorstRadius:
    """Enclose the largest radius up to which `excess`, for rates of a point or all points of a patch, is positive.

    Otherwise as `contraction_radius`.
    """
    require_two_frequencies(case)
    half = Fraction(1, 2)
    pending = [_entry(Patch(FARTHEST**2 / 2, half, FARTHEST**2 / 2, half))]
    failure: tuple[Fraction, Fraction] | None = None
    evaluated = 0
    with arb_precision(_BITS):
        while pending:
            holds, *_, patch = heapq.heappop(pending)
            if failure and failure[0] <= holds * (1 + tolerance) ** 2:
                break
            if evaluated == _MAX_PATCHES:
                known = f"{_MAX_PATCHES} patches show that it holds in all directions up to {float(holds) ** 0.5:.6g}"
                raise CannotAnswerError(f"{known}; what lies beyond is undecided")
            if COUPLING_SLOPE * patch.size**2 < 2:
                evaluated += 1
                if excess(rates(case, patch)[1]) > 0:
                    continue
                if patch.size * _PROBED < tolerance * holds:
                    beyond = Patch(holds * (1 + tolerance), patch.share, Fraction(0), patch.size)
                    if excess(rates(case, beyond)[0]) < 0:
                        failure = beyond.square, beyond.share
            for part in patch.halves():
                heapq.heappush(pending, _entry(part))
    if failure is None:
        raise CannotAnswerError(f"the bound holds in all directions up to {FARTHEST}; beyond it is undecided")
    return enclosed_radius(holds, *failure)


def rates(case: Case, patch: Patch) -> tuple[Rates, Rates]:
    """Return what is known at the centre of a patch, and on all of it; both about as accurate as its size allows."""
    accuracy = max(_LEAST_ACCURACY, -math.log(COUPLING_SLOPE * float(patch.size) ** 2 / 32))
    q, p = (to_arb(value) for value in (patch.square, patch.share))
    x, y = q * p, q * (1 - p)
    found = moments_at(case, x, y, accuracy)
    mean = 1 - 2 * log_partition_at(case, x, y, accuracy - float(q.log().mid())) / q
    centre = Rates(p, found.powers, mean)
    return centre, _on_patch(centre, found, patch)


def _on_patch(centre: Rates, found: Moments, patch: Patch) -> Rates:
    """Extend what is known at the centre by the mean value theorem.

    ∂β_m/∂x = t_m1/2 and ∂β_m/∂y = t_m2/2. For the mean B, ∂B/∂p = β_1 − β_2 and ∂B/∂q = (b − B)/q.
    """
    dq, dp = (flint.arb(0, to_fmpq(half)) for half in (patch.half_square, patch.half_share))
    q, p = to_arb(patch.square) + dq, centre.share + dp
    drift = flint.arb(0, to_fmpq(COUPLING_SLOPE * patch.size / 2))
    t11, t12, t22 = (coupling + drift for coupling in found.couplings)
    first, second = (
        power + dq * (t + p * (s - t)) / 2 + dp * q * (s - t) / 2
        for power, s, t in zip(centre.powers, (t11, t12), (t12, t22), strict=True)
    )
    along = centre.mean + dp * (first - second)
    mean = along + dq * _MEAN_SLOPE
    if q > 0:
        slope = (second + p * (first - second) - mean) / q
        mean = along + dq * slope if slope.abs_upper() < _MEAN_SLOPE else mean
    return Rates(p, (first, second), mean)


def _entry(patch: Patch) -> tuple[Fraction, Fraction, Fraction, Patch]:
    """What orders the patches, nearest to the origin first; no two have the same place."""
    return patch.square - patch.half_square, patch.share, patch.square, patch


def _require_start(case: Case, bound: Fraction) -> None:
    gap = smallest_squared_modulus(case.weights)
    if not gap.enclose(20)[0] > bound:
        raise InputError("the bound does not hold with certainty near the origin: there it is min |π̂ₘ|²")


def enclosed_radius(holds: Fraction, square: Fraction, share: Fraction | float) -> WorstRadius:
    """Return the radii from their squares, rounded outwards, and ρ_1² as a share of the larger."""
    below, above = (math.isqrt(math.floor(value * 4**_ROOT_BITS)) for value in (holds, square))
    unit = Fraction(1, 2**_ROOT_BITS)
    return WorstRadius(below * unit, (above + 1) * unit, (math.sqrt(square * share), math.sqrt(square * (1 - share))))
