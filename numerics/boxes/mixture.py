"""A family of mixtures over a box: its coordinates, and the basic functions at one place and as they behave in each.

The coordinates are log-ratios of weights, if these vary, and the square of the radius, or of each amplitude, that
varies, near 0 as it is and elsewhere as a logarithm.

Each basic function is a mean E h(z) over exponents z_j = log π_j + y_j, h a polynomial of degree N in the posterior
probabilities. With c = 1/cos b, Σ_j |γ_j| ≤ c wherever all Im z_j lie in an interval of length 2b < π, as after a
common shift |Σ e^{z_l}| ≥ cos b Σ |e^{z_l}|. Hence |h| ≤ A c^N there (docs/error-bounds.md): by that it is known where
they are analytic, and how smooth at 0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import mul

import flint

from emtheory.numerics.any_point.ball_product_rule import log_partition, ray_moments, tensor_posterior_moments
from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.intervals.point_forms import MEAN_POWER, TWICE_DIVERGENCE, BasicFunction, mean_power
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND, FourierMoments, PosteriorMoments
from emtheory.numerics.simplex_point.origin_expansion import PowerSum, coefficient_polynomials
from emtheory.numerics.weights import Weights

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
        """A bound on |h| where the Im z_j vary by at most 2b: of t_mn it is 2(c² + 4c³) + 6c⁴ ≤ 16c⁴."""
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
        return same.max(to_arb(self.total) * same + lower)

    def _at_least_one(self, growth: flint.arb) -> flint.arb:
        return (to_arb(self.total) * growth).max(flint.arb(1))


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
    return (2 * to_arb(squared_half_range) / (b * b)) ** order * rising


def bounds_for(functions: Sequence[BasicFunction]) -> Bounds:
    """Return the bounds that hold for all of these functions, none of them divided or multiplied."""
    return Bounds(4 if any(len(function.frequencies) == 2 for function in functions) else 2)


_WEIGHT_BITS = 96
"""Weights at a place are rounded to so many binary digits; what that moves is bounded."""

_TWICE = 1.0
"""More than log 2."""


@dataclass(frozen=True)
class Mixture:
    """What does not vary over a box, and how the weights follow from coordinates.

    `case`: the mixture at some place of the box, told apart from others as far as most of them are; `exponents`: one
    row for each component: log π_j = Σ_i exponents[j][i]·ℓ_i + the same for all j. Empty if weights are fixed;
    `amplitudes`: whether the point is given by amplitudes, and not by a radius.
    """

    case: Case
    exponents: tuple[tuple[int, ...], ...] = ()
    amplitudes: bool = False

    def half_range(self, coordinate: int) -> Fraction:
        """Half the range of the coefficients of a log-ratio."""
        column = [row[coordinate] for row in self.exponents]
        return Fraction(max(column) - min(column), 2)

    def dimension(self, index: int) -> int:
        """Of the Gaussian whose variance is the square of the radius, or of an amplitude."""
        return self.case.multiplicity(index + 1) if self.amplitudes else self.case.k - 1

    def squared_half_range(self) -> Fraction:
        """A bound on the square of half the range of the exponents of a unit vector."""
        return Fraction(1) if self.amplitudes else Fraction(self.case.k, 2 * (self.case.k - 1))

    def values(
        self,
        functions: Sequence[BasicFunction],
        ratios: Sequence[flint.arb],
        squares: Sequence[flint.arb],
        accuracy: float,
    ) -> list[flint.arb]:
        """Enclose basic functions at one place.

        CannotAnswerError if a lattice would be too large.

        `functions`: which. `ratios`: the ℓ_i. `squares`: the square of the radius, or those of all amplitudes; not all
        zero. `accuracy`: L: the errors are about e^{−L}.
        """
        weights, shift = self._weights(ratios)
        times = max((function.divided for function in functions), default=0)
        if times:
            finer = accuracy + times * max(0.0, -float(squares[0].log().mid()))
            plain = [replace(function, divided=0) for function in functions]
            values = self._values(plain, weights, squares, finer)
            terms = [self._first_terms(function, times, weights, squares[0]) for function in plain]
            # On the strip where the Im z_j vary by at most 2, with room for a derivative.
            bounds = Divided(bounds_for(plain), times, self.case.k - 1, self.squared_half_range())
            off = flint.arb(0, (bounds.strip(flint.arb(1)) * shift).upper())
            return [(value - each) / squares[0] ** times + off for value, each in zip(values, terms, strict=True)]
        # By Cauchy's estimate in the strip where the Im z_j vary by at most 2: |∂h| ≤ M per unit of log π.
        bound = bounds_for(functions).strip(flint.arb(1))
        if TWICE_DIVERGENCE in functions:
            bound = bound * sum(squares, start=flint.arb(0)).max(flint.arb(1))
        off = flint.arb(0, (bound * shift).upper())
        return [value + off for value in self._values(functions, weights, squares, accuracy)]

    def _first_terms(self, function: BasicFunction, count: int, weights: Weights, square: flint.arb) -> flint.arb:
        """The sum of the first terms at the origin, in s² = r²k/(k − 1)."""
        k = self.case.k
        x, total = square * flint.fmpq(k, k - 1), flint.arb(0)
        roots = [flint.acb(flint.fmpq(2 * j, k)).exp_pi_i() for j in range(k)]
        sums: dict[PowerSum, flint.acb] = {}
        for polynomial in reversed(coefficient_polynomials(k, function.frequencies, count)):
            for a, f in {factor for monomial in polynomial for factor in monomial} - sums.keys():
                terms = (to_fmpq(weight**a) * roots[f * j % k] for j, weight in enumerate(weights))
                sums[a, f] = sum(terms, start=flint.acb(0))
            value = flint.acb(0)
            for monomial, coefficient in polynomial.items():
                value += reduce(mul, (sums[factor] for factor in monomial), flint.acb(to_fmpq(coefficient)))
            total = value.real + x * total
        return total

    def _values(
        self, functions: Sequence[BasicFunction], weights: Weights, squares: Sequence[flint.arb], accuracy: float
    ) -> list[flint.arb]:
        degree = 4 if any(len(function.frequencies) == 2 for function in functions) else 2
        known = {}
        if MEAN_POWER in functions:
            known[MEAN_POWER] = mean_power(Case(weights, self.case.d), squares[0], accuracy)
        if TWICE_DIVERGENCE in functions:
            amplitudes = [square.sqrt() for square in squares]
            total = sum(squares, start=flint.arb(0))
            known[TWICE_DIVERGENCE] = total - 2 * log_partition(weights, amplitudes, accuracy + _TWICE)
        if len(functions) > len(known):
            moments = self._moments(weights, squares, accuracy, degree)
            for function in functions:
                match function.frequencies:
                    case (m,):
                        known[function] = moments.power(m)
                    case (m, n):
                        known[function] = moments.coupling(m, n)
        return [known[function] for function in functions]

    def _weights(self, ratios: Sequence[flint.arb]) -> tuple[Weights, flint.arb]:
        """Rational weights near the place, and by how much their logarithms may be off."""
        if not self.exponents:
            return self.case.weights, flint.arb(0)
        logs = [
            sum((c * ratio for c, ratio in zip(row, ratios, strict=True)), start=flint.arb(0)) for row in self.exponents
        ]
        parts = [log.exp() for log in logs]
        total = sum(parts, start=flint.arb(0))
        exact = {row: part / total for row, part in zip(self.exponents, parts, strict=True)}
        rounded = {row: _rounded(value) for row, value in exact.items()}
        # What is missing to 1 goes to the heaviest class, evenly.
        heaviest = max(rounded, key=lambda row: rounded[row] * self.exponents.count(row))
        missing = 1 - sum((rounded[row] for row in self.exponents), Fraction(0))
        rounded[heaviest] += missing / self.exponents.count(heaviest)
        shift = flint.arb(0)
        for row, value in exact.items():
            shift = shift.max(abs((to_arb(rounded[row]) / value).log()).upper())
        return tuple(rounded[row] for row in self.exponents), shift

    def _moments(
        self, weights: Weights, squares: Sequence[flint.arb], accuracy: float, degree: int
    ) -> "FourierMoments | PosteriorMoments":
        if self.amplitudes:
            return tensor_posterior_moments(weights, [square.sqrt() for square in squares], accuracy, degree)
        return ray_moments(Case(weights, self.case.d), squares[0], accuracy, degree)


def _rounded(value: flint.arb) -> Fraction:
    """A positive rational number nearby."""
    mantissa, exponent = (value.mid() * flint.arb(2) ** _WEIGHT_BITS).floor().mid().man_exp()
    return max(Fraction(int(mantissa)) * Fraction(2) ** int(exponent), Fraction(1)) / (1 << _WEIGHT_BITS)
