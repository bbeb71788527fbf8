from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.errors import InputError
from emtheory.numerics.weights import difference_set, is_difference_set, parse_weights
from tests.tiers import first_every_day


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


@pytest.mark.parametrize("k", first_every_day(12, sorted(KNOWN)))
def test_every_set_found_is_a_difference_set(k: int) -> None:
    members = difference_set(k)
    assert 1 < len(members) < k - 1
    assert len(counts_of_differences(members, k)) == 1
    assert is_difference_set(members, k)
    # One member fewer leaves (n − 1)(n − 2) differences, never a multiple of k − 1 for these sizes n.
    assert not is_difference_set(members - {max(members)}, k)


@pytest.mark.parametrize("k", sorted({*range(2, 100)} - KNOWN))
def test_where_none_is_found_the_error_says_so(k: int) -> None:
    with pytest.raises(InputError, match=f"modulo {k} was found"):
        difference_set(k)


def test_sets_that_are_none_are_rejected() -> None:
    assert not is_difference_set(frozenset({1, 2, 3}), 7)
    assert not is_difference_set(frozenset({0, 1}), 4)
    assert is_difference_set(frozenset({0}), 5)


@pytest.mark.parametrize(
    ("weights", "k", "message"),
    [
        ("1/2,1/3", 2, "the weights sum to 5/6, not to 1"),
        ("1/2," + "9" * 400, 2, "sum to about 1 + 1e+400, not to 1"),
        (f"1/2,0.5{'0' * 65}1", 2, "sum to about 1 + 1e-67, not to 1"),
        ("0.3333333333,0.3333333333,0.3333333333", 3, "sum to 9999999999/10000000000"),
        ("1/2,1/2", 3, "2 weights were given for k = 3"),
        ("3/2,-1/2", 2, "weight -1/2 of component 1 is not positive"),
        ("1,0", 2, "weight 0 of component 1 is not positive"),
        ("uniform", 1, "k = 1 is out of range"),
        ("uniform", 65537, "k = 65537 is out of range"),
        ("uniform:1/2", 3, "takes no parameter"),
        ("one-heavy", 3, "needs the weight of component 0"),
        ("one-heavy:", 3, "needs the weight of component 0"),
        ("one-heavy:1", 3, "not strictly between 0 and 1"),
        ("one-heavy:x", 3, "one-heavy parameter 'x' is not an exact number"),
        ("geometric:0", 3, "geometric ratio 0 is not positive"),
        ("geometric:-1", 3, "geometric ratio -1 is not positive"),
        ("geometric:12345/6789", 3000, "take a ratio with fewer digits or a smaller k"),
        ("difference-set:1/2", 8, "no perfect difference set modulo 8"),
        ("difference-set:0", 7, "not strictly between 0 and 1"),
        ("Uniform!", 3, "unknown weight family 'Uniform!'"),
        ("unifrom", 3, "unknown weight family 'unifrom': did you mean uniform"),
        ("nan,nan", 2, "weight 'nan' is not an exact number"),
        ("inf", 2, "unknown weight family 'inf'"),
        ("1/0,1", 2, "divides by zero"),
        ("", 2, "weight '' is not an exact number"),
    ],
)
def test_bad_weights_are_refused(weights: str, k: int, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_weights(weights, k)
    assert message in str(caught.value)
