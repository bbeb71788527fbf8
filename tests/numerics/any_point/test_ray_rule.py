"""The two rules on the simplex ray enclose the same numbers, and either side of the limits has the faster one."""

import flint
import pytest

from emtheory.numerics.any_point import ball_product_rule
from emtheory.numerics.any_point.ball_product_rule import ray_divergence, ray_moments
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case

PLACES = [("1/3,2/3", 60, 3.0), ("1/2,1/3,1/6", 20, 2.0), ("1/2,1/3,1/6", 26, 2.0), ("1/2,1/3,1/6", 20, 6.0)]


@pytest.mark.parametrize(("weights", "accuracy", "radius"), PLACES)
def test_both_rules_agree(weights: str, accuracy: float, radius: float, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(len(weights.split(",")), weights)
    square = flint.arb(radius) ** 2
    found = {}
    with arb_precision(200):
        for product in (False, True):
            monkeypatch.setattr(ball_product_rule, "_is_product_faster", lambda *_, product=product: product)
            moments = ray_moments(case, square, accuracy, 4)
            found[product] = [moments.power(1), moments.coupling(1, 1), ray_divergence(case, square, accuracy)]
        for one, other in zip(found[False], found[True], strict=True):
            assert one.overlaps(other)
            assert not (one + flint.arb(-accuracy + 8).exp()).overlaps(other)


def test_the_faster_rule_is_taken() -> None:
    chosen = [ball_product_rule._is_product_faster(len(w.split(",")), flint.arb(r) ** 2, a) for w, a, r in PLACES]
    assert chosen == [True, True, False, False]
    assert [ball_product_rule._is_product_faster(3, flint.arb(r) ** 2, 30, n) for r, n in ((1, 2), (1, 4), (2, 2))] == [
        True,
        False,
        False,
    ]
