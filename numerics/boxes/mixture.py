"""A family of mixtures over a box: its coordinates, and the basic functions at one place.

The coordinates are log-ratios of weights, if these vary, and the square of the radius, or of each amplitude, that
varies, near 0 as it is and elsewhere as a logarithm.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import mul

import flint

from emtheory.numerics.any_point.ball_product_rule import log_partition, ray_moments, tensor_posterior_moments
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.boxes.bounds import Divided, bounds_for
from emtheory.numerics.case import Case
from emtheory.numerics.intervals.point_forms import MEAN_POWER, TWICE_DIVERGENCE, BasicFunction, mean_power
from emtheory.numerics.simplex_point.moments import FourierMoments, PosteriorMoments
from emtheory.numerics.simplex_point.origin_expansion import PowerSum, coefficient_polynomials
from emtheory.numerics.weights import Weights

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

        Parameters
        ----------
        functions
            Which.
        ratios
            The ℓ_i.
        squares
            The square of the radius, or those of all amplitudes; not all zero.
        accuracy
            L: the errors are about e^{−L}.
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
            shift = shift.max(abs((flint.arb(to_fmpq(rounded[row])) / value).log()).upper())
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
