"""Errors of the rule over a box of parameters, by majorants.

In the strip a posterior is at most sec(arc/2) and polynomials have their coefficients' moduli, so that
|∂(x^a γ^b)| ≤ (|∂x^a| + |b| |x^a| max |∂(l_i − l_j)|) sec^{|b|+1}(arc/2).
"""

import math
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import flint

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.expectation.dual import Dual, constant
from emtheory.numerics.expectation.form import Exponents
from emtheory.numerics.expectation.nodes import Part
from emtheory.numerics.expectation.polynomials import (
    Majorant,
    added,
    largest_of,
    majorant_of,
    multiplied,
    slopes_of,
    values_of,
)
from emtheory.numerics.expectation.rule import absolute_moment
from emtheory.theory.mixtures.means import Mean


@dataclass(frozen=True)
class RuleErrors:
    """Errors of sums over the nodes of one component, with derivatives in `count` parameters."""

    part: Part
    count: int

    def around(self, mean: Mean, sums: BallArray, column: int) -> Dual:
        """Return a mean with its derivatives: their sums, one column of these, and the errors."""
        value, plain, steep = self._of_power(mean.x)
        errors = [value, *(a + len(mean.posteriors) * b for a, b in zip(plain, steep, strict=True))]
        whole, *slopes = (_ball(sums, (row, column), error) for row, error in enumerate(errors))
        return Dual(whole, tuple(slopes))

    def around_log(self, sums: BallArray, column: int) -> list[flint.arb]:
        """Return the derivatives of E log Σ_i e^{l_i − l_0}."""
        errors = (
            sum(self._error(majorant_of(slopes_of(ratio, p))) for ratio in self.part.hull.ratios)
            for p in range(self.count)
        )
        return [_ball(sums, (p, column), error) for p, error in enumerate(errors)]

    @cached_property
    def _powers(self) -> dict[tuple[int, ...], tuple[float, list[float], list[float]]]:
        return {}

    def _of_power(self, x: tuple[int, ...]) -> tuple[float, list[float], list[float]]:
        """The errors of x^a, of its derivatives, and of x^a max |∂(l_i − l_j)|, times posteriors."""
        if x not in self._powers:
            coordinates = [self._coordinates[s] for s, power in enumerate(x) for _ in range(power)]
            one: Majorant = {(0,) * self.part.hull.size: 1.0}
            own = reduce(multiplied, (value for value, _ in coordinates), one)
            plain = []
            for p in range(self.count):
                total: Majorant = {}
                for i, (_, slopes) in enumerate(coordinates):
                    others = [value for j, (value, _) in enumerate(coordinates) if j != i]
                    total = added(total, reduce(multiplied, others, slopes[p]))
                plain.append(self._error(self._active(total)))
            active = self._active(own)
            steep = [self._error(multiplied(active, each)) for each in self._steepest]
            self._powers[x] = self._error(active), plain, steep
        return self._powers[x]

    @cached_property
    def _coordinates(self) -> list[tuple[Majorant, list[Majorant]]]:
        return [
            (majorant_of(values_of(each)), [majorant_of(slopes_of(each, p)) for p in range(self.count)])
            for each in self.part.hull.observation
        ]

    @cached_property
    def _steepest(self) -> list[Majorant]:
        """Bounds of |∂(l_i − l_j)| over all pairs."""
        pairs = self.part.hull.differences_with(constant(flint.arb(0), self.count))
        return [largest_of(majorant_of(slopes_of(each, p)) for each in pairs) for p in range(self.count)]

    def _active(self, majorant: Majorant) -> Majorant:
        """A majorant in active coordinates: the others have their moments."""
        result: dict[Exponents, float] = {}
        active = self.part.hull.active
        for e, coefficient in majorant.items():
            moments = (_moment(power) for s, power in enumerate(e) if s not in active)
            own = tuple(e[s] for s in active)
            result[own] = result.get(own, 0.0) + coefficient * math.prod(moments)
        return result

    def _error(self, majorant: Majorant) -> float:
        return sum(coefficient * self._rule[e] for e, coefficient in majorant.items())

    @cached_property
    def _rule(self) -> dict[Exponents, float]:
        return {e: float(error.upper()) * SLACK for e, error in self.part.errors.items()}


def _moment(power: int) -> float:
    return float(absolute_moment(power).upper()) * SLACK if power else 1.0


def _ball(sums: BallArray, place: tuple[int, int], error: Any) -> flint.arb:
    middle, radius = float(sums.mid[place]), (float(sums.rad[place]) + error * SLACK) * SLACK
    known = math.isfinite(middle) and math.isfinite(radius)
    return flint.arb(middle, radius) if known else flint.arb(0, math.inf)
