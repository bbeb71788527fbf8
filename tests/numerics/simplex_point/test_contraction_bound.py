"""The proved bound: its routes against each other and a search, and against the certified truth."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.simplex_point.contraction_bound import factor_ball
from emtheory.theory.derivations.rates.contraction_bound import ALPHA, DIMENSION, RADIUS, log_factor
from tests.tiers import examples


def bound(k: int, weights: str, radius: str, route: str = "auto", digits: int = 20) -> tuple[Fraction, Fraction]:
    found = evaluate("contraction_bound", make_case(k, weights), {"radius": Fraction(radius)}, digits, route)
    assert isinstance(found.lower, Fraction)
    assert isinstance(found.upper, Fraction)
    return found.lower, found.upper


@examples(15)
@given(st.integers(1, 200), st.fractions(Fraction(1, 100), 30, max_denominator=100))
def test_the_parameter_is_the_best(dimension: int, radius: Fraction) -> None:
    """Against SciPy's search over log α of the expression that the derivation proves."""
    values = {RADIUS: float(radius), DIMENSION: dimension}

    def loss(log_alpha: float) -> float:
        a = 2.718281828459045**log_alpha
        return -float(log_factor(ALPHA).subs(values | {ALPHA: a}))

    best = -minimize_scalar(loss, bounds=(-20, 10), method="bounded", options={"maxiter": 60}).fun
    with arb_precision(100):
        assert float(factor_ball(dimension, radius).log()) == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("k", "radius"), [(2, "1/3"), (3, "5"), (40, "1e-6"), (100, "2.64"), (7, "1000")])
def test_balls_contain_what_mpmath_computes(k: int, radius: str) -> None:
    lower, upper = bound(k, "one-heavy:3/5", radius, "ball")
    coarse, fine = bound(k, "one-heavy:3/5", radius, "mp")
    assert coarse <= lower <= upper <= fine
    assert upper - lower < Fraction(1, 10**20)


@pytest.mark.parametrize(("k", "weights"), [(3, "1/2,3/10,1/5"), (16, "one-heavy:9/10")])
@pytest.mark.parametrize("radius", ["1/4", "4"])
def test_the_truth_is_below(k: int, weights: str, radius: str) -> None:
    case = make_case(k, weights)
    worst = evaluate("worst_contraction_factor", case, {"radius": Fraction(radius)}, 10)
    assert worst.level == Level.CERTIFIED
    assert worst.upper < bound(k, weights, radius)[0] < 1


def test_without_the_dft_condition_it_is_one() -> None:
    assert bound(4, "uniform", "2") == (Fraction(1), Fraction(1))
