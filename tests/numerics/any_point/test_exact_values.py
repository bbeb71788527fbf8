"""What algebra or a proof decides."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from tests.numerics.brute_force import brute_force
from tests.tiers import examples

ORIGIN = make_case(4, "linear", radius=Fraction(0))
AWAY = ORIGIN.at_radius(Fraction(1))


def exact(name: str, case: Case, **arguments: Fraction) -> Fraction:
    enclosure = evaluate(name, case, arguments, route="exact")
    assert enclosure.level is Level.EXACT
    return Fraction(enclosure.midpoint)


def test_values_at_the_origin_are_those_of_the_definition() -> None:
    reference = brute_force(ORIGIN)
    assert exact("kl_divergence", ORIGIN) == exact("log_partition", ORIGIN) == 0
    assert float(exact("hessian_min_eigenvalue", ORIGIN)) == pytest.approx(reference.hessian_eigenvalues[0], abs=1e-12)
    for m in (1, 2, 3):
        assert float(exact("posterior_power", ORIGIN, m=Fraction(m))) == pytest.approx(
            reference.posterior_power[m], abs=1e-12
        )
    assert exact("iterations_to_kl", ORIGIN, eps=Fraction(1, 10)) == 0


def test_nothing_is_claimed_away_from_the_origin() -> None:
    for name, arguments in [
        ("kl_divergence", {}),
        ("log_partition", {}),
        ("hessian_min_eigenvalue", {}),
        ("posterior_power", {"m": Fraction(1)}),
        ("pl_ratio", {}),
        ("iterations_to_kl", {"eps": Fraction(1)}),
    ]:
        with pytest.raises(CannotAnswerError, match="no closed form is known"):
            evaluate(name, AWAY, arguments, route="exact")
    with pytest.raises(CannotAnswerError, match="for a positive radius"):
        evaluate("worst_contraction_factor", make_case(3, "linear"), {"radius": Fraction(1)}, route="exact")


def test_undefined_values_are_input_errors() -> None:
    for name in ("pl_ratio", "asymptotic_rate"):
        with pytest.raises(InputError, match=f"{name} is 0/0 at the origin"):
            evaluate(name, ORIGIN)
    with pytest.raises(InputError, match="uniform weights only"):
        evaluate("sublinear_constant", make_case(3, "linear"))


@pytest.mark.parametrize("k", [3])
def test_sublinear_constant_is_the_limit_of_the_recursion(k: int) -> None:
    """r ← (1 − r²/(k−1)) r with KL = r⁴/(4(k−1)): t² KL_t tends to (k−1)/16."""
    radius, steps = 0.5, 200_000
    for _ in range(steps):
        radius -= radius**3 / (k - 1)
    limit = steps**2 * radius**4 / (4 * (k - 1))
    assert float(exact("sublinear_constant", make_case(k, "uniform"))) == pytest.approx(limit, rel=1e-3)


def test_strong_convexity_radius_where_it_is_proved() -> None:
    for weights in ("3/4,1/4", "uniform"):
        infinite = evaluate("strong_convexity_radius", make_case(2, weights))
        assert (infinite.level, infinite.lower, infinite.upper) == (Level.EXACT, math.inf, math.inf)
        assert "k = 2" in infinite.note
    assert exact("strong_convexity_radius", make_case(3, "linear"), fraction=Fraction(11, 10)) == 0
    for case, fraction in [(make_case(3, "linear"), 0), (make_case(2, "3/4,1/4"), 1), (make_case(3, "uniform"), 2)]:
        with pytest.raises(CannotAnswerError):
            evaluate("strong_convexity_radius", case, {"fraction": Fraction(fraction)}, route="exact")


@examples(30)
@given(st.fractions(Fraction(1, 100), Fraction(99, 100)), st.floats(0.01, 20))
def test_two_components_are_convex_everywhere(heavy: Fraction, radius: float) -> None:
    case = make_case(2, f"one-heavy:{heavy}", radius=Fraction(radius))
    assert float(evaluate("hessian_min_eigenvalue", case, route="float").upper) > 0


def test_asymptotic_rate_is_that_of_the_excited_frequencies() -> None:
    weights = "1/2,1/4,1/8,1/8"  # |π̂_1|² = 5/32, |π̂_2|² = 1/16
    both = make_case(4, weights, amplitudes=[Fraction(1), Fraction(1)])
    assert exact("asymptotic_rate", both) == Fraction(15, 16)
    assert exact("asymptotic_rate", make_case(4, weights, amplitudes=[Fraction(1), Fraction(0)])) == Fraction(27, 32)
    assert exact("asymptotic_rate", make_case(4, weights, amplitudes=[Fraction(0), Fraction(1)])) == Fraction(15, 16)
    assert exact("asymptotic_rate", make_case(3, "uniform", radius=Fraction(1))) == 1
    assert exact("asymptotic_rate", make_case(4, weights, radius=Fraction(1))) == Fraction(15, 16)
