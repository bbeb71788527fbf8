"""Positivity on a whole interval: shown for functions that are positive, never for one that is not."""

from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.chebyshev import Model
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.ray import ball_positive
from emtheory.numerics.ray.ball_positive import Over, certainly_positive
from tests.tiers import examples

CELLS = [(Fraction(i, 3), Fraction(i + 1, 3)) for i in range(3)]


def parabola(centre: Fraction, height: Fraction, asked: list[float]) -> ball_positive.Over:
    """Models of (x − centre)² + height with an error of e^{−L} that is really there."""

    def build(cell: tuple[Fraction, Fraction], accuracy: float) -> Over:
        asked.append(accuracy)
        left, right = cell
        middle, half = (left + right) / 2 - centre, (right - left) / 2
        coefficients = [middle**2 + height, 2 * middle * half, half**2]
        error = flint.arb(-accuracy).exp()
        polynomial = flint.arb_poly([flint.arb(flint.fmpq(c.numerator, c.denominator)) for c in coefficients])
        return Model(left, right, polynomial - error, flint.arb(0, error), flint.arb(0)).over

    return build


@examples(30)
@given(centre=st.fractions(0, 1, max_denominator=1000), exponent=st.integers(1, 25))
def test_a_narrow_dip_decides(centre: Fraction, exponent: int) -> None:
    """The dip of depth 10^−e and width 10^{−e/2} is seen on either side of zero, by finer models near it only."""
    height = Fraction(1, 10**exponent)
    with arb_precision(400):
        asked: list[float] = []
        assert certainly_positive(parabola(centre, height, asked), CELLS, 2.31 * exponent + 3)
        assert not certainly_positive(parabola(centre, -height, []), CELLS, 2.31 * exponent + 3)
    assert asked.count(7.0) <= len(CELLS)
    assert len(asked) < 25


def test_a_model_too_coarse_proves_nothing() -> None:
    with arb_precision(200):
        assert not certainly_positive(parabola(Fraction(1, 2), Fraction(1, 10**9), []), CELLS, 15.0)


def test_every_cell_counts() -> None:
    with arb_precision(200):
        build = parabola(Fraction(1, 6), -Fraction(1, 10**4), [])
        assert certainly_positive(build, CELLS[1:], 20.0)
        assert not certainly_positive(build, CELLS, 20.0)


def test_undecided_pieces_cover_what_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    def over(left: Fraction, right: Fraction) -> flint.arb:
        return flint.arb(1) if right <= Fraction(2, 5) or left >= Fraction(3, 5) else flint.arb(0, 1)

    pieces = ball_positive._undecided(over, (Fraction(0), Fraction(1)))
    assert len(pieces) == 1
    assert pieces[0][0] <= Fraction(2, 5)
    assert pieces[0][1] >= Fraction(3, 5)
