"""How the basic functions of a mixture behave in each coordinate: where they are analytic, and how smooth at 0.

Each is a mean E h(z) over exponents z_j = log π_j + y_j, h a polynomial of degree N in the posterior probabilities.
With c = 1/cos b, Σ_j |γ_j| ≤ c wherever all Im z_j lie in an interval of length 2b < π, as after a common shift
|Σ e^{z_l}| ≥ cos b Σ |e^{z_l}|. Hence |h| ≤ A c^N there (docs/error-bounds.md).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.intervals.point_forms import BasicFunction
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND

RIGHT_ANGLE = 1.5
"""Below π/2, where the bounds are infinite: the widest strip that is considered."""

RIGHT_ANGLE_OUTER = 1.55
"""Below π/2, too: up to here derivatives are estimated from."""

_TRIED = tuple(RIGHT_ANGLE * i / 30 for i in range(6, 31))
"""Values of b among which the best is taken; the bound holds for each."""


@dataclass(frozen=True)
class Bounds:
    """Bounds for some of the basic functions together. `degree`: N: 2 for β_m and means of it, 4 with couplings."""

    degree: int

    @property
    def real(self) -> float:
        """A bound on sup|h| for real exponents."""
        return 1.0 if self.degree == 2 else MOMENT_BOUND

    def strip(self, half_range: flint.arb) -> flint.arb:
        """A bound on |h| where the Im z_j vary by at most 2b.

        Of t_mn = Σ_± (E|γ̂_{m±n}|² − 4 Re E[γ̂_{m±n}γ̂_m*γ̂_{±n}*]) + 6 E|γ̂_m|²|γ̂_n|² it is
        2(c² + 4c³) + 6c⁴ ≤ 16c⁴.
        """
        return (1 if self.degree == 2 else 16) / half_range.cos() ** self.degree

    def log_square(self, angle: flint.arb, dimension: int) -> flint.arb:
        """A bound on the mean for a variance v with |Im log v| ≤ angle, as in `numerics.arithmetic.chebyshev`."""
        return self.real / angle.cos() ** (flint.arb(dimension) / 2)

    def square_derivative(self, order: int, dimension: int, squared_half_range: Fraction) -> flint.arb:
        """A bound on |f^{(n)}|/n! in the variance v ≥ 0 of a Gaussian in q dimensions.

        ∂f/∂v = ½ E Δh, the mean of (ω·∇)^{2n}h over the unit sphere is (2n)! Γ(q/2)/(4ⁿ n! Γ(n + q/2)) Δⁿh, and by
        Cauchy's estimate |(ω·∇)^{2n}h| ≤ (2n)! M(b)(κ/b)^{2n}, κ half the range of the exponents of a unit vector. So
        it is at most (2κ²/b²)ⁿ (q/2)(q/2 + 1)⋯(q/2 + n − 1) M(b), for every b < π/2.

        `order`, `dimension`, `squared_half_range`: n, q and κ².
        """
        best = min(_TRIED, key=lambda b: -2 * order * math.log(b) - self.degree * math.log(math.cos(b)))
        b = flint.arb(best)
        return _heat_bound(order, dimension, squared_half_range, b) * self.strip(b)


@dataclass(frozen=True)
class Multiplied:
    """Bounds for 2KL = Σ_m v_m ∫_0^1 β_m(uv) du together with functions that `plain` bounds.

    The means over [0, 1] have the bounds of β_m, in each coordinate.

    `plain`: bounds of the other functions, and so of β_m; `total`: Σ_m v_m at the upper ends of the tile.
    """

    plain: Bounds
    total: Fraction

    def strip(self, half_range: flint.arb) -> flint.arb:
        """A bound where the Im z_j vary by at most 2b: v is real there."""
        return self.plain.strip(half_range) * self._at_least_one(flint.arb(1))

    def log_square(self, angle: flint.arb, dimension: int) -> flint.arb:
        """A bound on an ellipse with the ends of the interval of log v_m as foci, and the angle b as half its height.

        Half its width is a, a² = b² + h² with h half the interval, so |v_m| grows by at most e^{a − h} ≤ e^b in it.
        """
        return self.plain.log_square(angle, dimension) * self._at_least_one(angle.exp())

    def square_derivative(self, order: int, dimension: int, squared_half_range: Fraction) -> flint.arb:
        """A bound on |f^{(n)}|/n! in v_m: by Leibniz's rule Σv times that of β_m, and that of the order below."""
        same, lower = (self.plain.square_derivative(n, dimension, squared_half_range) for n in (order, order - 1))
        return same.max(flint.arb(to_fmpq(self.total)) * same + lower)

    def _at_least_one(self, growth: flint.arb) -> flint.arb:
        return (flint.arb(to_fmpq(self.total)) * growth).max(flint.arb(1))


@dataclass(frozen=True)
class Divided:
    """Bounds for functions less their first n terms at the origin, divided by vⁿ, v = r².

    They are divided differences f[0, …, 0, v], means of f^{(n)}/n! over [0, v].

    `plain`: bounds of the functions themselves; `times`: n, at least 1; `dimension`, `squared_half_range`: q and κ².
    """

    plain: Bounds
    times: int
    dimension: int
    squared_half_range: Fraction

    def strip(self, half_range: flint.arb) -> flint.arb:
        """A bound where the Im z_j vary by at most 2b: of f^{(n)}/n!, by Cauchy's estimate in what is left of π/2."""
        wider = (half_range + RIGHT_ANGLE_OUTER) / 2
        growth = _heat_bound(self.times, self.dimension, self.squared_half_range, wider - half_range)
        return growth * self.plain.strip(wider)

    def square_derivative(self, order: int, dimension: int, squared_half_range: Fraction) -> flint.arb:
        """A bound on the derivative of this order divided by its factorial: that of f of an order higher by n."""
        return self.plain.square_derivative(order + self.times, dimension, squared_half_range)


def _heat_bound(order: int, dimension: int, squared_half_range: Fraction, b: flint.arb) -> flint.arb:
    """(2κ²/b²)ⁿ (q/2)(q/2 + 1)⋯(q/2 + n − 1): what |f^{(n)}|/n! in a variance is to sup|h| in a strip wider by b."""
    rising = flint.arb(1)
    for i in range(order):
        rising *= flint.arb(dimension) / 2 + i
    return (2 * flint.arb(to_fmpq(squared_half_range)) / (b * b)) ** order * rising


def bounds_for(functions: Sequence[BasicFunction]) -> Bounds:
    """Return the bounds that hold for all of these functions, none of them divided or multiplied."""
    return Bounds(4 if any(len(function.frequencies) == 2 for function in functions) else 2)
