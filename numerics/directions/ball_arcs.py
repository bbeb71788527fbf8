"""β_m and λ_min(∇²ℓ) over whole arcs of directions on a sphere ‖θ‖ = r, for two frequencies (k = 4 and 5).

Up to maps that leave ℓ unchanged a point is a pair of squared amplitudes x + y = r², and τ = log(x/y) runs over the
line. For complex τ with |Im τ| = a < π/2 the phases of x and y have opposite signs and a as their difference, so the
Gaussian densities of the two planes, now complex, are in modulus at most (cos a)^{−1} together: expectations of
bounded functions of the exponents are analytic there, with that bound, and Chebyshev models of them have proved
errors. Near the axes, where τ is infinite, bounds on derivatives take over (docs/error-bounds.md, section 12).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.any_point.ball_product_rule import log_partition, tensor_posterior_moments
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.case import Case
from emtheory.numerics.directions import ball_tables
from emtheory.numerics.directions.ball_tables import Point
from emtheory.numerics.errors import InputError
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND

COUPLING_SLOPE = 74
"""Bound on |∂t_mn/∂x| + |∂t_mn/∂y|, halves of sixth cumulants (docs/error-bounds.md, section 12): all that is said of
what lies between points rests on it."""
_FINER = 5.0
"""So much more accurate values at the nodes are than the model: with n nodes it is 2n times as far off as they are,
which for n < 74 is less than its own error."""
_PLANE = 2
"""Dimensions that count in the bound (cos a)^{−dimension/2}: the densities of both planes are at most 1/cos a
together."""


@dataclass(frozen=True)
class Moments:
    """β_1, β_2 and the couplings t_11, t_12, t_22, enclosed at all points of a set of (x, y) = (ρ_1², ρ_2²)."""

    x: flint.arb
    y: flint.arb
    powers: tuple[flint.arb, flint.arb]
    couplings: tuple[flint.arb, flint.arb, flint.arb]

    @classmethod
    def of(cls, x: flint.arb, y: flint.arb, five: Sequence[flint.arb]) -> "Moments":
        """Return the moments from β_1, β_2, t_11, t_12, t_22."""
        first, second, one, mixed, two = five
        return cls(x, y, (first, second), (one, mixed, two))

    @property
    def five(self) -> tuple[flint.arb, ...]:
        """β_1, β_2, t_11, t_12, t_22."""
        return *self.powers, *self.couplings

    def smallest_power(self) -> flint.arb:
        """Return a ball around all values of min_m β_m."""
        return self.powers[0].min(self.powers[1])

    def smallest_eigenvalue(self, simple: int) -> flint.arb:
        """Return a ball around all values of λ_min; the first `simple` of the β_m are tangential eigenvalues."""
        first = self.powers[0] + self.x * self.couplings[0]
        second = self.powers[1] + self.y * self.couplings[2]
        half = (first - second) / 2
        square = half * half + self.x * self.y * self.couplings[1] * self.couplings[1]
        result = (first + second) / 2 - _root(square)
        for power in self.powers[:simple]:
            result = result.min(power)
        return result


@dataclass(frozen=True)
class Sphere:
    """The directions of a sphere of square r² > 0, by the parameter τ; InputError if k is not 4 or 5.

    Moments are known to about e^{−accuracy}.
    """

    case: Case
    square: flint.arb
    accuracy: float

    def __post_init__(self) -> None:
        require_two_frequencies(self.case)

    def models(self, window: tuple[Fraction, Fraction]) -> list[Model]:
        """Model the five moments on a range of τ; the error of values is to be small beside that of interpolation."""
        grid = make_grid(MOMENT_BOUND, _PLANE, (flint.arb(0), flint.arb(1)), window, self.accuracy)
        there = moments_at_all(self.case, [self.point(tau) for tau in grid.axis.points], self.accuracy + _FINER)
        return [grid.model(sample) for sample in zip(*(each.five for each in there), strict=True)]

    def over(self, models: Sequence[Model], left: Fraction, right: Fraction) -> Moments:
        """Return the moments on a part, in τ, of a window whose five moments `models` gave."""
        start = models[0].position(left)
        end = start if left == right else models[0].position(right)
        five = [model.between(start, end) for model in models]
        x, y = (a.union(b) for a, b in zip(*(self.point(to_arb(tau)) for tau in (left, right)), strict=True))
        return Moments.of(x, y, five)

    def moments(self, x: flint.arb, y: flint.arb) -> Moments:
        """Return the moments at a point."""
        return moments_at(self.case, x, y, self.accuracy + _FINER)

    def axis(self, first: bool) -> Moments:
        """Return the moments at (r², 0), or at (0, r²)."""
        return self.moments(self.square, flint.arb(0)) if first else self.moments(flint.arb(0), self.square)

    def end(self, axis: Moments, limit: Fraction) -> Moments:
        """Return the moments on all of the arc from an axis to |τ| = limit.

        There the small coordinate is at most δ = r²/(1 + e^limit), couplings differ from those on the axis by at most
        `COUPLING_SLOPE`·δ, and powers follow by the mean value theorem from dβ_m/dx = (t_m1 − t_m2)/2, dy = −dx.
        """
        width = self.point(to_arb(-limit))[0].upper()
        couplings = tuple(t + flint.arb(0, (COUPLING_SLOPE * width).upper()) for t in axis.couplings)
        sign = 1 if axis.x < axis.y else -1
        slopes = (couplings[0] - couplings[1]) * sign / 2, (couplings[1] - couplings[2]) * sign / 2
        powers = (power.union(power + width * slope) for power, slope in zip(axis.powers, slopes, strict=True))
        x, y = axis.x.union(axis.x + sign * width), axis.y.union(axis.y - sign * width)
        return Moments.of(x, y, (*powers, *couplings))

    def point(self, tau: flint.arb) -> tuple[flint.arb, flint.arb]:
        """Return x = r²/(1 + e^{−τ}) and y = r²/(1 + e^τ)."""
        return self.square / (1 + (-tau).exp()), self.square / (1 + tau.exp())


def moments_at(case: Case, x: flint.arb, y: flint.arb, accuracy: float) -> Moments:
    """Return the moments at ρ_1² and ρ_2², wide balls perhaps; otherwise as `moments_at_all`."""
    return moments_at_all(case, [(x, y)], accuracy)[0]


def moments_at_all(case: Case, points: Sequence[Point], accuracy: float) -> list[Moments]:
    """Return the moments at balls (ρ_1², ρ_2²), not both 0, for k = 4, 5, to e^{−accuracy}, or CannotAnswerError."""
    result = []
    for (x, y), known in zip(points, ball_tables.moments(case.weights, points, accuracy), strict=True):
        if known is None:
            found = tensor_posterior_moments(case.weights, [x.sqrt(), y.sqrt()], accuracy, 4)
            known = [found.power(1), found.power(2), *(found.coupling(m, n) for m, n in ((1, 1), (1, 2), (2, 2)))]  # noqa: PLW2901
        result.append(Moments.of(x, y, known))
    return result


def log_partition_at(case: Case, x: flint.arb, y: flint.arb, accuracy: float) -> flint.arb:
    """Return Λ at ρ_1² and ρ_2²; otherwise as `moments_at`."""
    known = ball_tables.log_partition(case.weights, (x, y), accuracy)
    return log_partition(case.weights, [x.sqrt(), y.sqrt()], accuracy) if known is None else known


def require_two_frequencies(case: Case) -> None:
    """Raise InputError if k is not 4 or 5."""
    if len(case.frequencies) != 2:
        raise InputError(f"k = {case.k}: all directions are compared for k = 4 and 5, which have two frequencies")


def _root(square: flint.arb) -> flint.arb:
    """Return a ball around the roots of the non-negative numbers of a ball; all numbers if that is unbounded."""
    if not square.is_finite():
        return flint.arb(0, flint.arb.pos_inf())
    lower, upper = square.lower(), square.upper()
    return (lower.sqrt() if lower > 0 else flint.arb(0)).union(upper.sqrt() if upper > 0 else flint.arb(0))
