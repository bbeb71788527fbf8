"""The theorem's bounds from their formulas in doubles, with SciPy's distributions: for many components the only witness
beside the standalone verifier."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import chi2

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.sample_theorem.shells import shell, top_rate, walls

DELTA = 0.05


def contraction(weights: list[float], d: int, n: int) -> float:
    """The least of the bounds on ‖θ̂‖ from starts within the inner ball (docs/error-bounds.md, derivations)."""
    span, gap = len(weights) - 1, min(abs(np.fft.fft(weights))[1:] ** 2)
    mean = math.sqrt(chi2.isf(3 * DELTA / 4, d) / n)
    spread = (1 + math.sqrt(span / n) + math.sqrt(2 * math.log(20 / DELTA) / n)) ** 2
    third = 2 * (1 - gap) * math.sqrt(span * (span + 2) * (span + 4) / (n * DELTA / 10))
    found = []
    for divisor in (5, 7, 10, 14, 20):
        square = gap / (divisor * (span + 2))
        single, double = 1 - 16 * square / 3, 1 - 32 * square / 3
        power = -span / 2 - 2
        variance = span * (span + 2) * (double**power - 2 * single**power + 1)
        growth = (single ** (-span / 2 - 1) - 1 + math.sqrt(variance / (n * DELTA / 20))) / square

        def excess(r: float, growth: float = growth) -> float:
            loss = (1 - gap) * (spread + growth * r**2 / 3) + third * r / 2
            return r * (1 - loss) - math.sqrt(gap) * mean

        rate = (1 - gap) * (spread + growth * square) + third * math.sqrt(square)
        if rate < 1 and excess(math.sqrt(square)) > 0:
            found.append(brentq(excess, 0, math.sqrt(square), xtol=1e-15))
    return min(found)


@pytest.mark.parametrize(
    ("weights", "d", "n"), [("3/5,1/10,1/10,1/10,1/10", 4, 10**8), ("1/2,1/4,1/8,1/16,1/16", 9, 10**9)]
)
def test_contraction_of_five_components(weights: str, d: int, n: int) -> None:
    case = make_case(5, weights, d)
    arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(0)}
    found = evaluate("sample_error_bound", case, arguments, 8, "ball")
    assert float(found) == pytest.approx(contraction([float(weight) for weight in case.weights], d, n), rel=1e-6)


@pytest.mark.long
def test_shells_of_four_components_add_up() -> None:
    """The sum of Ne^{−nI} from the recorded rates, over all shells from the outermost in, is where δ is passed."""
    case, n = make_case(4, "1/2,1/4,1/8,1/8"), 30
    arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(5)}
    found = float(evaluate("sample_error_bound", case, arguments, 5, "ball"))
    total, radii = math.exp(-n * float(top_rate(3))), walls(case.weights, wide=False)
    outer = next(radii)
    for inner in radii:
        with arb_precision(80):
            total += sum(
                count * math.exp(-n * (low + high) / 2)
                for count, low, high, _ in shell(case.weights, outer, wide=False).rates
            )
        if total > DELTA:
            break
        outer = inner
    assert found == pytest.approx(float(outer), rel=1e-9)
