"""Up to which radius ∇²ℓ exceeds a bound in all directions, for two frequencies: the ball is covered, not its sphere.

Near the origin the bounds on derivatives suffice. Beyond, spherical shells are proved one after another: models in
the direction (`ball_arcs`) on a few spheres give, for a range of directions, balls around the values at the
Chebyshev points of t = log r², and these a model in t that holds for all of them (docs/error-bounds.md, section 12).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Grid, Model, make_grid
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.case import Case
from emtheory.numerics.directions.ball_arcs import Moments, Sphere, require_two_frequencies
from emtheory.numerics.directions.cover_rate import FARTHEST, WorstRadius, enclosed_radius
from emtheory.numerics.directions.cover_sphere import Height, eigenvalue_height
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus

_ORIGIN_SLOPE = Fraction(9, 2)
"""By at most this times r² does λ_min fall below min |π̂_m|²."""
_WIDTH = 4
"""Range of τ that is modelled at once."""
_LARGEST_TAU = 40
"""Windows reach so far; beyond, a direction is within e^{−20} of an axis."""
_WIDEST = Fraction(1)
"""The shell tried first is as wide as this in log r²: one whose proof fails is halved, so that too wide costs tries and
too narrow costs shells."""
_THINNEST = Fraction(1, 100)
"""Pieces of a shell, in its parameter, are not divided below this: then it is the range of directions that is too
wide."""
_NARROWEST = Fraction(1, 512)
"""Ranges of τ are not divided below this: then the shell is made thinner."""
_PROBES = tuple(Fraction(i, 4) for i in range(-16, 17))
"""The τ at which, and on the axes, a failure is looked for: they share x and y from 1 : 55 to 55 : 1. A narrower
failure is met by a shell that cannot be proved, not by a wrong answer."""


def convexity_radius(case: Case, fraction: Fraction, tolerance: Fraction) -> WorstRadius:
    """Return up to where λ_min(∇²ℓ) > fraction·gap in all directions, gap = min |π̂_m|² being its value at the origin.

    The fraction is less than 1, k is 4 or 5, and the tolerance the largest relative distance of the two radii.
    CannotAnswerError if the bound does not certainly hold near the origin, no direction is found in which it fails up
    to `FARTHEST`, or the radii do not come close enough.
    """
    require_two_frequencies(case)
    height = eigenvalue_height(case)
    with arb_precision(working_bits(60.0)):
        gap = smallest_squared_modulus(case.weights).ball()
        bound = gap * to_fmpq(fraction)
        excess = ball_bounds(gap - bound)[0]
        if excess <= 0:
            raise CannotAnswerError(
                "the smallest eigenvalue starts at its bound: whether it keeps it in all directions is undecided"
            )
        holds = Fraction(math.floor(2**20 * excess / (2 * _ORIGIN_SLOPE)), 2**20)  # r²
        width = _WIDEST
        while True:
            beyond = holds * (1 + tolerance) ** 2
            margin, share = _probe(case, height, bound, beyond)
            if margin < 0:
                return enclosed_radius(holds, beyond, share)
            end = min(Fraction(math.ceil(2**20 * float(holds) * math.exp(width)), 2**20), FARTHEST**2)  # r²e^width
            margin, _ = _probe(case, height, bound, end)
            if margin > 0 and shell_exceeds(case, height, bound, (holds, end), margin):
                holds = end
                if holds == FARTHEST**2:
                    raise CannotAnswerError(f"the bound holds in all directions up to {FARTHEST}; beyond is undecided")
            else:
                width /= 2
                if width < tolerance / 16:
                    raise CannotAnswerError(f"it holds up to {float(holds) ** 0.5:.6g}; just beyond it is undecided")


def _probe(case: Case, height: Height, bound: flint.arb, square: Fraction) -> tuple[float, float]:
    """Return the least certain excess at some directions, negative if there is certainly none, and ρ_1²/r² there."""
    sphere = Sphere(case, to_arb(square), 12.0)
    points = [
        sphere.axis(True),
        sphere.axis(False),
        *(sphere.moments(*sphere.point(flint.arb(t))) for t in map(to_fmpq, _PROBES)),
    ]
    found = [(height(there) - bound, there) for there in points]
    excess, worst = min(found, key=lambda pair: float(pair[0].mid()))
    margin = float(excess.lower()) if excess > 0 else float(excess.upper()) if excess < 0 else 0.0
    return margin, float((worst.x / sphere.square).mid())


def shell_exceeds(
    case: Case, height: Height, bound: flint.arb, squares: tuple[Fraction, Fraction], margin: float
) -> bool:
    """Whether a height, by about a margin, is proved above the bound for all r² > 0 of an interval and directions."""
    accuracy = math.log((1 + float(squares[1])) / margin) + 3
    lower, upper = (to_arb(square) for square in squares)
    span, whole = (lower.log(), upper.log()), (Fraction(0), Fraction(1))
    grid = make_grid(MOMENT_BOUND, case.k - 1, span, whole, accuracy)
    spheres = [Sphere(case, t.exp(), accuracy + 3) for t in grid.axis.points]
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
    bound: flint.arb

    def limit(self, first: bool) -> int | None:
        """Return a |τ| beyond which the height exceeds the bound on the side of an axis; None if none is found."""
        axes = [sphere.axis(first) for sphere in self.spheres]
        for limit in range(_WIDTH, _LARGEST_TAU, _WIDTH):
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
        models = [self.grid.model(sample) for sample in zip(*(there.five for there in moments), strict=True)]
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
        axis = self.grid.axis
        low, high = ((axis.lower + to_fmpq(part) * (axis.upper - axis.lower)).exp() for part in (left, right))
        x, y = (low.union(high) * share for share in shares)
        there = Moments.of(x, y, [model.over(left, right) for model in models])
        return bool(self.height(there) > self.bound)
