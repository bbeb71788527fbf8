"""Far out ∇²ℓ tends to I: both bounds hold, are needed in this size, and give a radius that holds from there on."""

import math
from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import far_out
from emtheory.numerics.simplex_point.far_out import exceeded_beyond, expected_maximum, pair_bound
from tests.tiers import examples


def largest_curvature(case: Case, radius: Fraction) -> float:
    """λ_max(∇²Λ)·s, from an enclosure of λ_min(∇²ℓ)."""
    smallest = evaluate("hessian_min_eigenvalue", case.at_radius(radius), {}, 8, "ball").midpoint
    return (1 - float(smallest)) * deviation(case, radius)


def deviation(case: Case, radius: Fraction) -> float:
    return float(radius) * math.sqrt(case.k / (case.k - 1))


def concavity_bound(case: Case, s: float) -> flint.arb:
    logarithms = [(flint.arb(to_fmpq(weight)).log(), len(members)) for weight, members in case.classes.items()]
    return far_out.concavity_bound(far_out.prior_of(logarithms), expected_maximum(case.k, 30.0), flint.arb(s))


@examples(20)
@given(
    parts=st.lists(st.integers(1, 10**4), min_size=2, max_size=5), radius=st.fractions("1/10", 20, max_denominator=20)
)
def test_both_bounds_hold(parts: list[int], radius: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    value = largest_curvature(case, radius)
    assert value < pair_bound(case.k)
    assert value < concavity_bound(case, deviation(case, radius))


@pytest.mark.parametrize("weights", ["uniform", "one-heavy:1/2", "one-heavy:0.99"])
def test_many_components(weights: str) -> None:
    case = make_case(200, weights)
    for radius in (Fraction(3), Fraction(12)):
        assert largest_curvature(case, radius) < concavity_bound(case, deviation(case, radius))


def test_half_of_either_bound_would_be_wrong() -> None:
    three = make_case(3, "uniform")
    assert largest_curvature(three, Fraction(20)) > concavity_bound(three, 20.0) / 2
    two = make_case(2, "999/1000,1/1000")
    assert largest_curvature(two, Fraction(2)) > pair_bound(2) / 2


@pytest.mark.parametrize(("k", "weights"), [(2, "4/5,1/5"), (4, "linear"), (64, "one-heavy:1/2"), (1000, "uniform")])
@pytest.mark.parametrize("threshold", ["0", "1/2"])
def test_beyond_the_radius_the_threshold_is_exceeded(k: int, weights: str, threshold: str) -> None:
    case = make_case(k, weights)
    for name in ("hessian_min_eigenvalue", "pl_ratio", "posterior_power"):
        start, m = exceeded_beyond(name, case, Fraction(threshold)), Fraction(1)
        for radius in (start, 2 * start):
            value = evaluate(name, case.at_radius(radius), {"m": m} if name == "posterior_power" else {}, 5, "ball")
            assert value.lower > Fraction(threshold)


def test_the_radius_grows_slowly_with_the_number_of_components() -> None:
    for case, most in ((make_case(1000, "uniform"), 7), (make_case(64, "one-heavy:1/2"), 8)):
        assert exceeded_beyond("hessian_min_eigenvalue", case, Fraction(0)) < most
