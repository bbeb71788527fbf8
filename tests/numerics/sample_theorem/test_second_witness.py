"""The theorem's bounds from their formulas in doubles, with SciPy's distributions: for many components the only witness
beside the standalone verifier, and what no bound may be weaker than."""

import math
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.sample_theorem.shells import shell, top_rate, walls

DELTA = 0.05


class Contraction(NamedTuple):
    """What the theorem for large samples says: bounds on ‖θ̂‖ and KL, and a number of steps."""

    norm: float
    kl: float
    steps: float


def contraction(weights: list[float], d: int, n: int, delta: float = DELTA, start: float = 0) -> Contraction | None:
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
        if rate >= 1 or excess(ball, largest) <= 0:
            continue
        r, first, begin = float(brentq(excess, 0, ball, (math.sqrt(gap),), xtol=1e-15)), 0.0, start
        if start >= ball:
            high = 3 * start**2 / span
            found_at = minimize_scalar(lambda a: -log_factor(span, start, a), bounds=(0, high), method="bounded")
            decrease = gap * math.exp(-found_at.fun)
            error, begin = net_error(span, n, start, decrease * ball / 20 / span, delta / 20, spread), ball
            if error >= 0.9 * decrease * (ball - mean):
                continue
            first = math.log((ball - mean) / 10 / start) / math.log1p(-decrease)
        image = math.sqrt(gap) * r
        second = math.log(image / (begin + r)) / math.log(rate)
        kl = image**2 / 2 + 2 * image * r**2 / 3 + r**4 / 4
        found.append(Contraction(r, kl, math.ceil(first) + max(1, math.ceil(second))))
    return min(found, default=None)


def log_factor(span: int, radius: float, a: float) -> float:
    """The logarithm of what `contraction_bound` is the largest of."""
    return span / 2 * math.log((1 + 2 * a) / (1 + a) ** 2) - radius**2 / ((1 + a) * (1 + 2 * a))


def net_error(span: int, n: int, radius: float, step: float, share: float, spread: float) -> float:
    """How far apart M_n and M are on a ball at most, by the lesser of the two bounds on moments."""
    count = span * math.log(41 * (1 + 2 * radius / step)) - math.log(share)
    deviation, square = math.sqrt(2 * (1 + radius**2) * count / n), count / (2 * span * n)
    if square < 0.49:
        deviation = min(deviation, (count / n - span * math.log1p(-2 * square)) / math.sqrt(square))
    return deviation * 20 / 19 + step * span * (spread + 1)


@pytest.mark.parametrize(
    ("weights", "d", "n"), [("3/5,1/10,1/10,1/10,1/10", 4, 10**8), ("1/2,1/4,1/8,1/16,1/16", 9, 10**9)]
)
def test_contraction_of_five_components(weights: str, d: int, n: int) -> None:
    case = make_case(5, weights, d)
    arguments = {"n": Fraction(n), "delta": Fraction(1, 20), "radius": Fraction(0)}
    found = evaluate("sample_error_bound", case, arguments, 8, "ball")
    other = contraction([float(weight) for weight in case.weights], d, n)
    assert other is not None
    assert float(found) == pytest.approx(other.norm, rel=1e-6)


GRID = list(
    product((2, 3, 5, 7), ("0.99", "0.9", "0.8", "0.55"), (0, 3), (4, 6, 40, 10**5), ("1/100", "1/3"), ("0", "1"))
)
"""k, the weight of one, d − D, n as a multiple of D²/σ⁴, δ and the radius of starts."""


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.long) for part in range(1, 7))])
def test_no_bound_is_weaker_than_that_of_contraction(part: int) -> None:
    """Wherever that says something: the less is taken of it, of shells and of what holds for all weights."""
    said = far = 0
    for k, heavy, more, scale, delta, start in GRID[part::7]:
        rest = 1 - Fraction(heavy)
        others = [rest] if k == 2 else [2 * rest / 3, *[rest / 3 / (k - 2)] * (k - 2)]
        weights = [Fraction(heavy), *others]
        gap = min(abs(np.fft.fft([float(each) for each in weights]))[1:] ** 2)
        n, d = round(scale * 50 * (k - 1) ** 2 / gap**2), k - 1 + more
        old = contraction([float(each) for each in weights], d, n, float(Fraction(delta)), float(start))
        if old is None:
            continue
        given = {"n": Fraction(n), "delta": Fraction(delta), "radius": Fraction(start)}
        case = make_case(k, weights, d)
        norm, kl, steps = (
            float(evaluate(name, case, given, 10).upper)
            for name in ("sample_error_bound", "sample_kl_bound", "steps_needed")
        )
        assert norm <= old.norm * (1 + 1e-6)
        assert kl <= old.kl * (1 + 1e-6)
        assert steps <= old.steps
        said, far = said + 1, far + (start != "0")
    assert said > 30
    assert far > 5


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
