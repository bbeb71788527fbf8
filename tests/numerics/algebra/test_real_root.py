from fractions import Fraction
from itertools import pairwise

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.algebra.real_root import RealRoot, compared, ends, real_roots, simplest_between
from tests.tiers import examples

X = flint.fmpq_poly([0, 1])
numbers = st.fractions(-3, 3, max_denominator=9)


@given(st.lists(numbers, min_size=1, max_size=5), st.lists(st.integers(2, 7), max_size=3))
@examples(100)
def test_roots_of_products_are_those_of_the_factors(rationals: list[Fraction], squares: list[int]) -> None:
    polynomial = flint.fmpq_poly([1])
    for number in rationals:
        polynomial *= X - flint.fmpq(number.numerator, number.denominator)
    for square in squares:
        polynomial *= X * X - square
    known = {float(number) for number in rationals} | {side * square**0.5 for square in squares for side in (-1, 1)}
    found = real_roots([polynomial])
    assert [float(sum(ends(root)) / 2) for root in found] == pytest.approx(sorted(known))
    assert all(ends(left)[1] < ends(right)[0] for left, right in pairwise(found))


def test_signs_at_a_root_are_exact() -> None:
    (root,) = (each for each in real_roots([X * X - 2]) if ends(each)[0] > 0)
    assert isinstance(root, RealRoot)
    assert root.sign_of((X * X - 2) * (X - 7)) == 0
    convergent = flint.fmpq(886731088897, 627013566048)  # of √2, and above it by about 9·10⁻²⁵
    assert root.sign_of(X - convergent) == -1
    assert root.text("W") == "the root of W**2 - 2 between 1.41421356237 and 1.41421356238"


def test_the_same_root_of_two_polynomials_is_one() -> None:
    assert len(real_roots([X * X - 2, (X * X - 2) * (X - 1), X * X - 3])) == 5


def test_order() -> None:
    ordered = real_roots([X * X - 2, X - 1, X * X * X - 3])
    for i, left in enumerate(ordered):
        for j, right in enumerate(ordered):
            assert compared(left, right) == (i > j) - (i < j)


@given(numbers, numbers)
def test_the_simplest_fraction_between_two(lower: Fraction, upper: Fraction) -> None:
    if lower >= upper:
        return
    found = simplest_between(lower, upper)
    assert lower < found < upper
    for denominator in range(1, found.denominator):
        first = (lower * denominator).__floor__() + 1
        assert Fraction(first, denominator) >= upper


@given(numbers)
def test_beyond_a_number(number: Fraction) -> None:
    assert simplest_between(number, None) > number
    assert simplest_between(None, number) < number
