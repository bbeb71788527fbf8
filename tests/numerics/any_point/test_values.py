"""The mp and float routes against values by definition (k = 2, 3, 4), and against each other."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from tests.numerics.brute_force import BruteForce, brute_force
from tests.tiers import examples

CASES = {
    "k=2 heavy": make_case(2, "3/4,1/4", radius=Fraction(3, 2)),
    "k=3 one light, wide": make_case(3, "one-heavy:1/10", radius=Fraction(5, 2)),
    "k=4 paired": make_case(4, "3/8,1/8,3/8,1/8", radius=Fraction(5, 4)),
}
BOTH = pytest.mark.parametrize("route", ["mp", "float"])


@cache
def reference(name: str) -> BruteForce:
    return brute_force(CASES[name])


def value(name: str, case: Case, route: str, **arguments: int) -> float:
    given_ = {key: Fraction(argument) for key, argument in arguments.items()}
    return float(evaluate(name, case, given_, digits=11, route=route).midpoint)


@BOTH
@pytest.mark.parametrize("name", CASES)
def test_every_quantity_is_what_its_definition_gives(name: str, route: str) -> None:
    case, expected = CASES[name], reference(name)
    assert value("log_partition", case, route) == pytest.approx(expected.log_partition, abs=5e-12)
    assert value("kl_divergence", case, route) == pytest.approx(expected.kl, abs=5e-12)
    powers = [value("posterior_power", case, route, m=m) for m in range(1, case.k)]
    np.testing.assert_allclose(powers, expected.posterior_power[1:], atol=5e-12)
    smallest = value("hessian_min_eigenvalue", case, route)
    assert smallest == pytest.approx(expected.hessian_eigenvalues[0], abs=2e-10)
    relative = 1e-10 + 1e-15 / expected.kl  # the reference loses digits to cancellation in KL
    ratio = expected.gradient_square / 2 / expected.kl
    assert value("pl_ratio", case, route) == pytest.approx(ratio, rel=relative)


RANDOM_CASES = st.builds(
    lambda terms, radius: make_case(len(terms), [str(Fraction(term, sum(terms))) for term in terms], radius=radius),
    st.lists(st.integers(1, 9), min_size=2, max_size=6),
    st.fractions(Fraction(1, 100), Fraction(6), max_denominator=100),
)


@given(RANDOM_CASES, st.data())
def test_transforms_by_summation_agree_with_the_exact_route(case: Case, data: st.DataObject) -> None:
    plain = make_case(case.k, [str(weight) for weight in case.weights])
    m = data.draw(st.integers(1, case.k - 1))
    for name, arguments in [("dft_modulus", {"m": m}), ("spectral_gap", {}), ("contraction_factor", {})]:
        exact = value(name, plain, "exact", **arguments)
        assert value(name, plain, "float", **arguments) == pytest.approx(exact, abs=1e-15)
        if exact:
            assert value(name, plain, "mp", **arguments) == pytest.approx(exact, rel=1e-14)
        else:
            with pytest.raises(CannotAnswerError, match="the value may be zero"):
                value(name, plain, "mp", **arguments)


@examples(20)
@given(RANDOM_CASES)
def test_float_keeps_the_laws(case: Case) -> None:
    """KL ≥ 0, β in [0, 1], λ_min ≤ min β ≤ 1, and ½‖∇ℓ‖² ≤ KL because ∇²ℓ ⪯ I."""
    kl = value("kl_divergence", case, "float")
    powers = [value("posterior_power", case, "float", m=m) for m in case.frequencies]
    assert kl > -1e-14
    assert min(powers) >= -1e-13
    assert max(powers) <= 1 + 1e-13
    if case.k > 2:  # for k = 2 there is no tangential direction
        assert value("hessian_min_eigenvalue", case, "float") <= min(powers[: (case.k - 1) // 2]) + 1e-12
    gradient_square = sum(
        power**2 * float(square) for power, square in zip(powers, case.squared_amplitudes, strict=True)
    )
    assert gradient_square / 2 <= kl + 1e-14


def test_uniform_weights_very_near_the_origin() -> None:
    """KL = r⁴/(4(k−1)) + O(r⁶): at r = 10⁻¹⁰ forty digits cancel and the relative remainder is of order 10⁻²⁰."""
    k = 7
    case = make_case(k, "uniform", radius=Fraction(1, 10**10))
    kl = Fraction(evaluate("kl_divergence", case, digits=16, route="mp").midpoint)
    assert abs(kl * 4 * (k - 1) * 10**40 - 1) < Fraction(1, 10**15)
    power = Fraction(evaluate("posterior_power", case, {"m": Fraction(1)}, digits=16, route="mp").midpoint)
    assert abs(power * (k - 1) * 10**20 - 1) < Fraction(1, 10**15)


@pytest.mark.parametrize(
    ("name", "k", "weights", "radius"),
    [
        ("pl_ratio", 3, "linear", "3/1000"),
        ("pl_ratio", 57, "difference-set:9/10", "9/250000"),
        ("log_partition", 4, "112500000/112500001,1/450000004,3/900000008,3/900000008", "37/20"),
    ],
)
def test_what_cancellation_costs_double_precision_is_in_its_interval(
    name: str, k: int, weights: str, radius: str
) -> None:
    case = make_case(k, weights, radius=Fraction(radius))
    float_answer, certified = (evaluate(name, case, {}, 8, route) for route in ("float", "ball"))
    assert float_answer.lower <= certified.lower
    assert certified.upper <= float_answer.upper
    assert not float_answer.has_digits(11)
