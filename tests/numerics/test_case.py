from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import MAX_DIMENSION, Case, make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.weights import difference_set, is_difference_set, parse_weights
from tests.numerics.brute_force import brute_force, span_basis, start


@pytest.mark.parametrize("k", [2, 3, 8])
def test_amplitudes_of_the_simplex_are_projections_of_its_vertex(k: int) -> None:
    case = make_case(k, "uniform", radius=Fraction(3, 2))
    vertex = 1.5 * span_basis(k)[0][0]
    planes = [vertex[2 * m - 2 : 2 * m] for m in case.frequencies]
    np.testing.assert_allclose([float(s) for s in case.squared_amplitudes], [p @ p for p in planes], atol=1e-14)
    assert case.squared_radius == Fraction(9, 4)
    assert sum(case.multiplicity(m) for m in case.frequencies) == k - 1


def test_amplitudes_of_a_simplex_are_recognised() -> None:
    simplex = make_case(5, "linear", amplitudes=[Fraction(1), Fraction(1)])
    assert simplex.on_simplex
    assert simplex.squared_radius == 2  # radius √2, which no rational radius could say
    assert simplex.squared_amplitudes == (1, 1)
    assert not make_case(5, "linear", amplitudes=[Fraction(1), Fraction(1) + Fraction(1, 10**60)]).on_simplex
    assert make_case(5, "linear", amplitudes=[Fraction(0), Fraction(0)]).on_simplex
    assert not make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1)]).on_simplex  # dim 2 and 1: ρ_1² = 2ρ_2²
    assert make_case(3, "linear", amplitudes=[Fraction(7)]).on_simplex


def test_classes_group_equal_weights() -> None:
    case = make_case(4, "1/3,1/6,1/3,1/6")
    assert dict(case.classes) == {Fraction(1, 3): (0, 2), Fraction(1, 6): (1, 3)}
    assert list(case.frequencies) == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"d": MAX_DIMENSION + 1}, "d = 1000001 is out of range"),
        ({"radius": Fraction(-1, 2)}, "radius -1/2 is negative"),
        ({"amplitudes": []}, "0 amplitudes were given, and k = 3 has frequencies m = 1..1"),
        ({"amplitudes": [Fraction(-1)]}, "amplitude -1 is negative"),
    ],
)
def test_bad_cases_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        make_case(3, "uniform", **arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)


def test_lists_and_families() -> None:
    third = Fraction(1, 3)
    assert parse_weights("1/2, 0.3,0.2", 3) == (Fraction(1, 2), Fraction(3, 10), Fraction(1, 5))
    assert parse_weights(["1/2", "3/10", "1/5"], 3) == (Fraction(1, 2), Fraction(3, 10), Fraction(1, 5))
    assert parse_weights("uniform", 3) == (third, third, third)
    assert parse_weights("one-heavy:0.6", 3) == (Fraction(3, 5), Fraction(1, 5), Fraction(1, 5))
    assert parse_weights("geometric:1/2", 3) == (Fraction(4, 7), Fraction(2, 7), Fraction(1, 7))
    assert parse_weights("geometric:2", 3) == (Fraction(1, 7), Fraction(2, 7), Fraction(4, 7))
    assert parse_weights("linear", 3) == (Fraction(1, 6), third, Fraction(1, 2))
    heavy, light = Fraction(1, 5), Fraction(1, 10)
    assert parse_weights("difference-set:3/5", 7) == (light, heavy, heavy, light, heavy, light, light)


@given(st.integers(2, 40), st.fractions("1/50", "49/50"), st.sampled_from(["one-heavy", "geometric"]))
def test_families_have_positive_weights_with_sum_one(k: int, parameter: Fraction, family: str) -> None:
    if family == "geometric":
        parameter = parameter.limit_denominator(50)
    weights = parse_weights(f"{family}:{parameter}", k)
    assert len(weights) == k
    assert min(weights) > 0
    assert sum(weights) == 1
    if family == "geometric":
        assert all(b == a * parameter for a, b in pairwise(weights))


def counts_of_differences(members: frozenset[int], k: int) -> set[int]:
    """Independent of the module's: every ordered pair, residue by residue."""
    return {sum((a - b) % k == r for a, b in product(members, repeat=2)) for r in range(1, k)}


KNOWN = {7, 11, 13, 19, 21, 23, 31, 43, 47, 57, 59, 67, 71, 73, 79, 83, 91}


@pytest.mark.parametrize("k", [7, 21, 31, 57])
def test_every_set_found_is_a_difference_set(k: int) -> None:
    members = difference_set(k)
    assert 1 < len(members) < k - 1
    assert len(counts_of_differences(members, k)) == 1
    assert is_difference_set(members, k)
    # One member fewer leaves (n − 1)(n − 2) differences, never a multiple of k − 1 for these sizes n.
    assert not is_difference_set(members - {max(members)}, k)


def test_where_none_is_found_the_error_says_so() -> None:
    for k in {*range(2, 100)} - KNOWN:
        with pytest.raises(InputError, match=f"modulo {k} was found"):
            difference_set(k)


def test_sets_that_are_none_are_rejected() -> None:
    assert not is_difference_set(frozenset({1, 2, 3}), 7)
    assert not is_difference_set(frozenset({0, 1}), 4)
    assert is_difference_set(frozenset({0}), 5)


@pytest.mark.parametrize(
    ("weights", "k", "message"),
    [
        ("1/2," + "9" * 400, 2, "sum to about 1 + 1e+400, not to 1"),
        (f"1/2,0.5{'0' * 65}1", 2, "sum to about 1 + 1e-67, not to 1"),
        ("0.3333333333,0.3333333333,0.3333333333", 3, "sum to 9999999999/10000000000"),
        ("uniform", 65537, "k = 65537 is out of range"),
        ("one-heavy", 3, "needs the weight of component 0"),
        ("one-heavy:x", 3, "one-heavy parameter 'x' is not an exact number"),
        ("geometric:0", 3, "geometric ratio 0 is not positive"),
        ("geometric:12345/6789", 3000, "take a ratio with fewer digits or a smaller k"),
        ("inf", 2, "unknown weight family 'inf'"),
        ("", 2, "weight '' is not an exact number"),
    ],
)
def test_bad_weights_are_refused(weights: str, k: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_weights(weights, k)
    assert message in str(caught.value)


CASES = [
    make_case(2, "3/4,1/4", radius=Fraction(3, 2)),
    make_case(3, "1/2,3/10,1/5", radius=Fraction(1)),
    make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1, 3)]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"k={case.k}")
def test_derivatives_agree_with_finite_differences(case: Case) -> None:
    theta, eps, h = start(case), 1e-4, 0.2 if case.k < 4 else 0.36
    here = brute_force(case, theta, h)
    ahead, behind = ([brute_force(case, theta + sign * eps * e, h) for e in np.eye(case.k - 1)] for sign in (1, -1))
    gradient = [(a.kl - b.kl) / (2 * eps) for a, b in zip(ahead, behind, strict=True)]
    jacobian = np.array([(a.update - b.update) / (2 * eps) for a, b in zip(ahead, behind, strict=True)])
    np.testing.assert_allclose(gradient, theta - here.update, atol=1e-7)
    np.testing.assert_allclose(np.eye(case.k - 1) - jacobian, here.hessian, atol=1e-7)
    assert here.gradient_square == pytest.approx(np.dot(gradient, gradient), abs=1e-6)
