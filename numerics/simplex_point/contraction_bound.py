"""The proved bound on EM's factor over a ball of any radius (derivation `contraction-bound`), at its best parameter.

B(θ) ⪰ b AᵀA for ‖θ‖ ≤ r with b = ((1+2α)/(1+α)²)^{D/2} exp(−r²/((1+α)(1+2α))) for every α ≥ 0, D = k − 1 the dimension
of the means' span. d log b/dα vanishes where Dα(1+α)(1+2α) = r²(3+4α), which has one positive root.
"""

from fractions import Fraction
from typing import Any

import flint


def stationarity(dimension: int, radius: Fraction) -> tuple[Fraction, ...]:
    """Coefficients of 2Dα³ + 3Dα² + (D − 4r²)α − 3r², constant first; its signs change once."""
    square = radius**2
    return -3 * square, dimension - 4 * square, Fraction(3 * dimension), Fraction(2 * dimension)


def factor_ball(dimension: int, radius: Fraction) -> flint.arb:
    """Return a ball around the largest b, at Arb's precision in force; b = 1 for radius 0."""
    if not radius:
        return flint.arb(1)
    coefficients = [flint.fmpq(c.numerator, c.denominator) for c in stationarity(dimension, radius)]
    # Pairs of root and multiplicity, which the library's stubs do not know; real roots have imaginary part 0.
    roots: list[Any] = flint.fmpq_poly(coefficients).complex_roots()
    alpha: flint.arb = next(root.real for root, _ in roots if root.imag == 0 and root.real > 0)
    square = flint.arb(flint.fmpq(radius.numerator, radius.denominator)) ** 2
    shape = ((1 + 2 * alpha) / (1 + alpha) ** 2).log() * dimension / 2
    log_factor: flint.arb = shape - square / ((1 + alpha) * (1 + 2 * alpha))
    return log_factor.exp()


def factor_mp(context: Any, dimension: int, radius: Fraction) -> Any:
    """Return the largest b for D = k − 1 and a radius, to the precision of an mpmath context."""
    if not radius:
        return context.one
    square = context.mpf(radius.numerator) ** 2 / radius.denominator**2
    coefficients = [context.mpf(c.numerator) / c.denominator for c in reversed(stationarity(dimension, radius))]
    # (1 + 2α)/(3 + 4α) ≥ 1/3, so α(1 + α) is at most 3r²/D, and at least two thirds of that. The cubic is convex:
    # Newton's steps from above decrease to the root, and each doubles the number of correct bits.
    largest = 3 * square / dimension
    alpha = 2 * largest / (1 + context.sqrt(1 + 4 * largest))
    for _ in range(context.prec.bit_length() + 3):
        value, slope = context.polyval(coefficients, alpha, derivative=True)
        alpha -= value / slope
    shape = context.log((1 + 2 * alpha) / (1 + alpha) ** 2) * dimension / 2
    return context.exp(shape - square / ((1 + alpha) * (1 + 2 * alpha)))
