"""Models in log s² of E exp(−s²Z²/2) = (1 + s²)^{−1/2}, whose values are known everywhere.

The strip that is chosen allows the largest step, beside a search over many strips.
"""

import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic import chebyshev
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.trapezoid import widest_step
from tests.tiers import examples

WHOLE = (Fraction(0), Fraction(1))


def exact(t: flint.arb) -> flint.arb:
    return (1 + t.exp()).rsqrt()


def model(accuracy: float, interval: tuple[Fraction, Fraction] = WHOLE) -> Model:
    """A model on t ∈ [−1, 2]; h = exp(−y²/2) is at most 1, in one dimension."""
    grid = make_grid(1.0, 1, (flint.arb(-1), flint.arb(2)), interval, accuracy)
    return grid.model([exact(t) for t in grid.axis.points])


@examples(30)
@given(
    accuracy=st.sampled_from([2.0, 7.0, 40.0, 120.0]),
    ends=st.tuples(st.integers(0, 64), st.integers(0, 64)).map(sorted),
    inner=st.integers(0, 16),
)
def test_ranges_contain_all_values(accuracy: float, ends: list[int], inner: int) -> None:
    left, right = (Fraction(end, 64) for end in ends)
    with arb_precision(400):
        found = model(accuracy).over(left, right)
        point = left + (right - left) * Fraction(inner, 16)
        assert found.contains(exact(3 * flint.arb(flint.fmpq(point.numerator, point.denominator)) - 1))
        assert model(accuracy).error.rad() < 2 * flint.arb(-accuracy).exp()


def test_ranges_shrink_to_the_values() -> None:
    with arb_precision(400):
        found = model(120.0, (Fraction(1, 4), Fraction(1, 2))).over(Fraction(3, 8), Fraction(3, 8))
        assert found.overlaps(exact(flint.arb(0.125)))
        assert found.rad() < 1e-50


def test_the_interpolation_error_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chebyshev, "_MOST", 3)
    with arb_precision(200):
        coarse = model(-4.0)
        wrong = Model(coarse.left, coarse.right, coarse.polynomial, flint.arb(0), coarse.slope_error)
        assert coarse.over(Fraction(0), Fraction(0)).contains(exact(flint.arb(-1)))
        assert not wrong.over(Fraction(0), Fraction(0)).overlaps(exact(flint.arb(-1)))


@pytest.mark.parametrize("curvature", [0.02, 1.0, 50.0, math.inf])
@pytest.mark.parametrize("degree", [0, 4])
def test_no_strip_allows_a_step_that_is_much_larger(curvature: float, degree: int) -> None:
    accuracy, angle = 50.0, 1.5

    def loss(a: np.ndarray) -> np.ndarray:
        return -degree * np.log(np.cos(a))

    step, a, b = widest_step(accuracy, loss, angle, curvature)
    assert 0 < a <= angle
    assert b >= 0
    cost = curvature * b**2 if b else 0.0
    assert step == pytest.approx(2 * math.pi * (a + b) / (accuracy + float(loss(np.array(a))) + cost))
    angles = np.linspace(0.005, angle, 300)[:, np.newaxis]
    shifts = np.linspace(0, 0 if math.isinf(curvature) else 60, 2000)
    costs = np.zeros(1) if math.isinf(curvature) else curvature * shifts**2
    best = (2 * math.pi * (angles + shifts[: len(costs)]) / (accuracy + loss(angles) + costs)).max()
    assert 0.998 * best < step < 1.002 * best
