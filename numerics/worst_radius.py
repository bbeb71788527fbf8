"""Up to which radius a bound holds in all directions, for two frequencies: the ball is covered, not only its sphere.

Near the origin the bounds on derivatives suffice. Beyond, spherical shells are proved one after another: models in
the direction (`ball_directions`) on a few spheres give, for a range of directions, balls around the values at the
Chebyshev points of t = log r², and these a model in t that holds for all of them (docs/error-bounds.md, section 12).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from numerics.algebraic import ball_bounds
from numerics.ball_chebyshev import Grid, Model, make_grid
from numerics.ball_directions import MOMENT_BOUND, Moments, Sphere
from numerics.ball_partition import to_fmpq
from numerics.balls import working_bits
from numerics.case import Case
from numerics.errors import CannotAnswerError, InputError
from numerics.precision import arb_precision
from numerics.spectrum import smallest_frequency, squared_modulus

Height = Callable[[Moments], flint.arb]

_ORIGIN_SLOPE = Fraction(9, 2)
"""By at most this times r² do min β_m and λ_min differ from min |π̂_m|²."""
_WIDTH = 4
"""Range of τ that is modelled at once."""
_FARTHEST = 40
_WIDEST = Fraction(1)
_THINNEST = Fraction(1, 100)
_NARROWEST = Fraction(1, 512)
_PROBES = tuple(Fraction(i, 4) for i in range(-16, 17))


@dataclass(frozen=True)
class WorstRadius:
    """Bounds on the largest radius up to which something holds in all directions.

    Attributes
    ----------
    holds
        It holds for all θ with ‖θ‖ ≤ holds: proved.
    fails
        At this radius, rounded up to a multiple of 2^−30, is a point where it certainly does not.
    amplitudes
        ρ_1, ρ_2 of that point, in double precision.
    """

    holds: Fraction
    fails: Fraction
    amplitudes: tuple[float, float]


def convexity_radius(case: Case, bound: Fraction, largest: Fraction, tolerance: Fraction) -> WorstRadius:
    """Return up to where λ_min(∇²ℓ) > bound in all directions; parameters as for `contraction_radius`."""
    simple = sum(case.multiplicity(m) == 2 for m in case.frequencies)
    return _radius(case, lambda there: there.smallest_eigenvalue(simple), bound, largest, tolerance)


def contraction_radius(case: Case, factor: Fraction, largest: Fraction, tolerance: Fraction) -> WorstRadius:
    """Return up to where EM's factor max_m (1 − β_m) stays below `factor` in all directions.

    Parameters
    ----------
    case
        k = 4 or 5; its point is not used.
    factor
        The bound.
    largest
        Where the search ends.
    tolerance
        Largest relative distance of the two radii.

    Raises
    ------
    InputError
        If k is not 4 or 5, or the bound does not hold near the origin.
    CannotAnswerError
        If no direction is found in which the bound fails up to `largest`, or the radii do not come close enough.
    """
    return _radius(case, Moments.smallest_power, 1 - factor, largest, tolerance)


def _radius(case: Case, height: Height, bound: Fraction, largest: Fraction, tolerance: Fraction) -> WorstRadius:
    with arb_precision(working_bits(60.0)):
        gap = ball_bounds(squared_modulus(case.weights, smallest_frequency(case.weights)).ball() - to_fmpq(bound))[0]
        if gap <= 0:
            raise InputError("the bound does not hold with certainty near the origin: there it is min |π̂_m|²")
        holds = Fraction(math.floor(2**20 * gap / (2 * _ORIGIN_SLOPE)), 2**20)  # r²
        width, failure = _WIDEST, None
        while failure is None or failure[0] > holds * (1 + tolerance) ** 2:
            end = min(_scaled(holds, width), largest**2 if failure is None else failure[0])
            margin, worst = _probe(case, height, bound, end)
            if margin < 0:
                failure = end, worst
            elif margin > 0 and shell_exceeds(case, height, bound, (holds, end), margin):
                holds = end
                if holds == largest**2:
                    raise CannotAnswerError(f"the bound holds in all directions up to {float(largest):g}")
                continue
            width /= 2
            if width < tolerance / 4:
                raise CannotAnswerError(f"it holds up to {float(holds) ** 0.5:.6g}; just beyond it is undecided")
        radius = Fraction(math.isqrt(int(holds * 2**60)), 2**30)
        beyond = Fraction(math.isqrt(int(failure[0] * 2**60)) + 1, 2**30)
        return WorstRadius(radius, beyond, failure[1])


def _probe(case: Case, height: Height, bound: Fraction, square: Fraction) -> tuple[float, tuple[float, float]]:
    """Return the least certain excess at some directions, negative if there is certainly none, and where that is."""
    sphere = Sphere(case, flint.arb(to_fmpq(square)), 12.0)
    points = [
        sphere.axis(True),
        sphere.axis(False),
        *(sphere.moments(*sphere.point(flint.arb(t))) for t in map(to_fmpq, _PROBES)),
    ]
    found = [(height(there) - to_fmpq(bound), there) for there in points]
    excess, worst = min(found, key=lambda pair: float(pair[0].mid()))
    margin = float(excess.lower()) if excess > 0 else float(excess.upper()) if excess < 0 else 0.0
    return margin, (math.sqrt(float(worst.x.mid())), math.sqrt(float(worst.y.mid())))


def _scaled(square: Fraction, width: Fraction) -> Fraction:
    """About r²e^width, a short fraction."""
    return Fraction(math.ceil(2**20 * float(square) * math.exp(width)), 2**20)


def shell_exceeds(
    case: Case, height: Height, bound: Fraction, squares: tuple[Fraction, Fraction], margin: float
) -> bool:
    """Whether a height certainly exceeds the bound for all r² in an interval, in all directions; False: not proved.

    Parameters
    ----------
    case, height, bound
        The mixture, the function of the moments and the number to exceed.
    squares
        The interval of r², its ends positive.
    margin
        About the smallest excess, which says how accurate models must be.
    """
    accuracy = math.log((1 + float(squares[1])) / margin) + 3
    lower, upper = (flint.arb(to_fmpq(square)) for square in squares)
    span, whole = (lower.log(), upper.log()), (Fraction(0), Fraction(1))
    grid = make_grid(MOMENT_BOUND, case.k - 1, span, whole, accuracy)
    spheres = [Sphere(case, t.exp(), accuracy + 3) for t in grid.points()]
    shell = _Shell(grid, spheres, height, bound)
    below, above = shell.limit(first=False), shell.limit(first=True)
    if below is None or above is None:
        return False
    return all(shell.window_exceeds(Fraction(left)) for left in range(-below, above, _WIDTH))


@dataclass(frozen=True)
class _Shell:
    grid: Grid
    spheres: Sequence[Sphere]
    height: Height
    bound: Fraction

    def limit(self, first: bool) -> int | None:
        """Return a |τ| beyond which the height exceeds the bound on the side of an axis; None if none is found."""
        axes = [sphere.axis(first) for sphere in self.spheres]
        for limit in range(_WIDTH, _FARTHEST, _WIDTH):
            ends = [sphere.end(axis, Fraction(limit)) for sphere, axis in zip(self.spheres, axes, strict=True)]
            if self.exceeds(ends):
                return limit
        return None

    def window_exceeds(self, start: Fraction) -> bool:
        """Whether the height exceeds the bound on a window of directions, by dividing it."""
        models = [sphere.models((start, start + _WIDTH)) for sphere in self.spheres]
        pending = [(start, start + _WIDTH)]
        while pending:
            left, right = pending.pop()
            if self.exceeds(self._over(models, left, right)):
                continue
            if right - left < _NARROWEST:
                return False
            middle = (left + right) / 2
            pending += [(left, middle), (middle, right)]
        return True

    def _over(self, models: Sequence[Sequence[Model]], left: Fraction, right: Fraction) -> list[Moments]:
        return [sphere.over(part, left, right) for sphere, part in zip(self.spheres, models, strict=True)]

    def exceeds(self, moments: Sequence[Moments]) -> bool:
        """Whether it does on the shell for all directions that moments on the spheres are given for."""
        samples = zip(*((*there.powers, *there.couplings) for there in moments), strict=True)
        models = [self.grid.model(sample) for sample in samples]
        shares = [part / self.spheres[0].square for part in (moments[0].x, moments[0].y)]
        pending = [(Fraction(0), Fraction(1))]
        while pending:
            left, right = pending.pop()
            if self._exceeds_between(models, shares, left, right):
                continue
            middle = (left + right) / 2
            # Where the middle alone is undecided, the range of directions is too wide.
            if right - left < _THINNEST or not self._exceeds_between(models, shares, middle, middle):
                return False
            pending += [(left, middle), (middle, right)]
        return True

    def _exceeds_between(
        self, models: Sequence[Model], shares: Sequence[flint.arb], left: Fraction, right: Fraction
    ) -> bool:
        length = self.grid.end - self.grid.start
        low, high = ((self.grid.start + to_fmpq(part) * length).exp() for part in (left, right))
        x, y = (low.union(high) * share for share in shares)
        first, second, *couplings = (model.over(left, right) for model in models)
        there = Moments(x, y, (first, second), (couplings[0], couplings[1], couplings[2]))
        return bool(self.height(there) > to_fmpq(self.bound))
