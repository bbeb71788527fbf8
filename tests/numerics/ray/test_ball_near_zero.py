"""How far an expansion at the origin keeps its sign."""

from fractions import Fraction

import flint
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.ray.ball_hessian_origin import positive_up_to

COEFFICIENTS = st.lists(st.fractions(-5, 5, max_denominator=1000), max_size=3)


def ball(value: Fraction, radius: float = 0.0) -> flint.arb:
    return flint.arb(to_fmpq(value), radius)


@given(value=st.fractions("1/1000000", 1), others=COEFFICIENTS, remainder=st.integers(0, 500), part=st.fractions(0, 1))
def test_positive_even_with_the_worst_remainder(
    value: Fraction, others: list[Fraction], remainder: int, part: Fraction
) -> None:
    terms = [value, *others]
    with arb_precision(120):
        end = positive_up_to([ball(term) for term in terms], flint.arb(remainder))
        assert end > 0
        point = part * Fraction(end.mid().str(40, radius=False))
    lowest = sum((term * point**i for i, term in enumerate(terms)), Fraction(0)) - remainder * point ** len(terms)
    assert lowest > 0


@given(value=st.fractions("1/1000000", 1), slope=st.fractions(-5, 5), curvature=st.integers(1, 200))
def test_not_much_shorter_than_the_root_of_a_parabola(value: Fraction, slope: Fraction, curvature: int) -> None:
    with arb_precision(120):
        d, c = ball(value), ball(slope)
        root = (c + (c * c + 4 * curvature * d).sqrt()) / (2 * curvature)
        end = positive_up_to([d, c], flint.arb(curvature))
        assert end < root or end >= 1
        assert end > root.min(flint.arb(1)) / 5


def test_a_vanishing_slope_does_not_end_it_at_a_tiny_value() -> None:
    """10^−30 + 0·x + x²/10 − 400x³ is positive up to 1/4000, however well the slope is known."""
    with arb_precision(160):
        terms = [ball(Fraction(1, 10**30)), flint.arb(0, 1e-40), ball(Fraction(1, 10))]
        assert positive_up_to(terms, flint.arb(400)) > 1 / 9000


def test_nothing_is_claimed_without_a_positive_value() -> None:
    with arb_precision(60):
        for value in (flint.arb(0), flint.arb(-1), flint.arb(0, 1), flint.arb("nan")):
            assert positive_up_to([value, flint.arb(1)], flint.arb(1)) == 0
        assert positive_up_to([flint.arb(1), flint.arb("nan")], flint.arb(1)) == 0
