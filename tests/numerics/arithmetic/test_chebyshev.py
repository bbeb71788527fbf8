"""Models in log s² of E exp(−s²Z²/2) = (1 + s²)^{−1/2}, whose values are known everywhere.

The strip that is chosen allows the largest step, beside a search over many strips.
"""

from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic import chebyshev
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.arithmetic.precision import arb_precision
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


def test_the_interpolation_error_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chebyshev, "_MOST", 3)
    with arb_precision(200):
        coarse = model(-4.0)
        wrong = Model(coarse.left, coarse.right, coarse.polynomial, flint.arb(0), coarse.slope_error)
        assert coarse.over(Fraction(0), Fraction(0)).contains(exact(flint.arb(-1)))
        assert not wrong.over(Fraction(0), Fraction(0)).overlaps(exact(flint.arb(-1)))
