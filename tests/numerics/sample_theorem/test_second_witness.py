"""The theorem's bound from its formulas in doubles, with SciPy's distributions: for many components the only witness
beside the standalone verifier."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate

DELTA = 0.05


def contraction(weights: list[float], d: int, n: int, delta: float = DELTA) -> float:
    """The least of the bounds on ‖θ̂‖, from the inner ball or by nets from farther starts (docs/finite-samples.md)."""
    span, moduli = len(weights) - 1, abs(np.fft.fft(weights))[1:]
    gap, largest, found = min(moduli) ** 2, max([*moduli, float(d > span)]), []
    mean = math.sqrt(chi2.isf(3 * delta / 4, d) / n)
    spread = (1 + math.sqrt(span / n) + math.sqrt(2 * math.log(20 / delta) / n)) ** 2
    third = 2 * (1 - gap) * math.sqrt(span * (span + 2) * (span + 4) / (n * delta / 10))
    for divisor in (5, 7, 10, 14, 20):
        square = gap / (divisor * (span + 2))
        single, double, ball = 1 - 16 * square / 3, 1 - 32 * square / 3, math.sqrt(square)
        power = -span / 2 - 2
        variance = span * (span + 2) * (double**power - 2 * single**power + 1)
        growth = (single ** (-span / 2 - 1) - 1 + math.sqrt(variance / (n * delta / 20))) / square

        def excess(r: float, slope: float, growth: float = growth) -> float:
            loss = (1 - gap) * (spread + growth * r**2 / 3) + third * r / 2
            return r * (1 - loss) - slope * mean

        rate = (1 - gap) * (spread + growth * square) + third * ball
        if rate < 1 and excess(ball, largest) > 0:
            found.append(float(brentq(excess, 0, ball, (math.sqrt(gap),), xtol=1e-15)))
    return min(found)


@pytest.mark.parametrize(
    ("weights", "d", "n"), [("3/5,1/10,1/10,1/10,1/10", 4, 10**8), ("1/2,1/4,1/8,1/16,1/16", 9, 10**9)]
)
def test_contraction_of_five_components(weights: str, d: int, n: int) -> None:
    case = make_case(5, weights, d)
    arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(0)}
    found = evaluate("sample_error_bound", case, arguments, 8, "ball")
    other = contraction([float(weight) for weight in case.weights], d, n)
    assert float(found) == pytest.approx(other, rel=1e-6)
