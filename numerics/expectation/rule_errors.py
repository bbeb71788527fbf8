"""Errors of the rule over a box of parameters, by majorants.

In the strip a posterior is at most sec(arc/2) and polynomials have their coefficients' moduli, so that
|∂(x^a γ^b)| ≤ (|∂x^a| + |b| |x^a| max |∂(l_i − l_j)|) sec^{|b|+1}(arc/2).
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import flint

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.expectation.form import Exponents
from emtheory.numerics.expectation.nodes import Part
from emtheory.numerics.expectation.polynomials import (
    Majorant,
    largest_of,
    majorant_of,
    multiplied,
    slopes_of,
    values_of,
)
from emtheory.numerics.expectation.program import Dual, constant


@dataclass(frozen=True)
class RuleErrors:
    """Errors of sums over the nodes of one component, with derivatives in `count` parameters."""

    part: Part
    count: int

    def around(self, number: int, posteriors: tuple[int, ...], sums: BallArray, column: int) -> Dual:
        """Return E p γ^b with its derivatives: their sums, of which it is one column, and the errors."""
        polynomial = self.part.polynomials[number][1]
        own = majorant_of(values_of(polynomial))
        errors = [self._error(own)]
        for p, steepest in enumerate(self._steepest):
            plain = self._error(majorant_of(slopes_of(polynomial, p)))
            errors.append(plain + len(posteriors) * self._error(multiplied(own, steepest)))
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
    def _steepest(self) -> list[Majorant]:
        """Bounds of |∂(l_i − l_j)| over all pairs."""
        pairs = self.part.hull.differences_with(constant(flint.arb(0), self.count))
        return [largest_of(majorant_of(slopes_of(each, p)) for each in pairs) for p in range(self.count)]

    def _error(self, majorant: Majorant) -> float:
        return sum(coefficient * self._rule[e] for e, coefficient in majorant.items())

    @cached_property
    def _rule(self) -> dict[Exponents, float]:
        return {e: float(error.upper()) * SLACK for e, error in self.part.errors.items()}


def _ball(sums: BallArray, place: tuple[int, int], error: Any) -> flint.arb:
    middle, radius = float(sums.mid[place]), (float(sums.rad[place]) + error * SLACK) * SLACK
    known = math.isfinite(middle) and math.isfinite(radius)
    return flint.arb(middle, radius) if known else flint.arb(0, math.inf)
