"""Every sign vector that polynomials take on a box is taken at a sample; the truth is looked at on a grid."""

from fractions import Fraction
from itertools import pairwise, product

import flint
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from emtheory.numerics.algebra.bernstein import bernstein_coefficients, sign_on_open_box
from emtheory.numerics.algebra.decomposition import Range, samples
from emtheory.numerics.algebra.point import sign_at
from emtheory.numerics.algebra.polynomial import Polynomial, at, constant, constant_value, ring_of
from emtheory.numerics.algebra.real_root import compared, ends, real_roots, simplest_between
from tests.tiers import examples

PLANE = ring_of(("x", "y"))
UNIT = Range(Fraction(0), Fraction(1))
GRID = [Fraction(i, 12) for i in range(13)]


def _sum(terms: list[tuple[int, int, int]]) -> Polynomial:
    x, y = PLANE.gens()
    return sum((c * x**i * y**j for i, j, c in terms), constant(PLANE, Fraction(0)))


polynomials = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-3, 3)), min_size=1, max_size=4).map(
    _sum
)


def vectors(some: list[Polynomial]) -> set[tuple[int, ...]]:
    found = set()
    for sample in samples([p for p in some if p != 0], [UNIT, UNIT]):
        found.add(tuple(sign_at(p, sample.point) for p in some))
    return found


@given(st.lists(polynomials, min_size=1, max_size=2))
@examples(60)
def test_no_sign_vector_is_missed_in_the_plane(some: list[Polynomial]) -> None:
    assert {tuple(sign_at(p, place) for p in some) for place in product(GRID, GRID)} <= vectors(some)


def test_a_circle_and_a_line_that_touch_at_an_irrational_point() -> None:
    x, y = PLANE.gens()
    circle, line = x * x + y * y - 1, (x + y) ** 2 - 2
    assert (0, 0) in vectors([circle, line])  # at x = y = √(1/2)
    assert (0, 1) not in vectors([circle, line])


def test_isolated_zeros_are_found() -> None:
    x, y = PLANE.gens()
    assert vectors([(3 * x - 1) ** 2 + (3 * y - 2) ** 2]) == {(0,), (1,)}
    assert vectors([(2 * x * x - 1) ** 2 + (3 * y * y - 2) ** 2]) == {(0,), (1,)}


def test_an_end_that_is_open_or_infinite_has_no_sample() -> None:
    x, y = PLANE.gens()
    ranges = [Range(Fraction(0), None, open_lower=True), Range(Fraction(0), Fraction(1), open_upper=True)]
    some = [x, x - 100, y - 1]
    found = {tuple(sign_at(p, sample.point) for p in some) for sample in samples(some, ranges) if sample.point}
    assert found == {(1, -1, -1), (1, 0, -1), (1, 1, -1)}


def test_in_three_variables_open_cells_are_all_there() -> None:
    space = ring_of(("x", "y", "z"))
    x, y, z = space.gens()
    some = [x * x + y * y + z * z - 1, x + y + z - 1]
    full = [s.point for s in samples(some, [UNIT] * 3) if s.full and s.point]
    assert {tuple(sign_at(p, point) for p in some) for point in full} == {(-1, -1), (-1, 1), (1, 1)}


@given(polynomials, st.lists(st.sampled_from(GRID), min_size=4, max_size=4, unique=True))
@examples(100)
def test_bernstein_coefficients_enclose_the_values(polynomial: Polynomial, marks: list[Fraction]) -> None:
    box = ((min(marks[:2]), max(marks[:2])), (min(marks[2:]), max(marks[2:])))
    coefficients = bernstein_coefficients(polynomial, box)
    for corner in product(*box):
        value = constant_value(at(polynomial, dict(enumerate(corner))))
        assert min(coefficients) <= value <= max(coefficients)
    sign = sign_on_open_box(polynomial, box)
    places = product(*([low + (high - low) * i / 7 for i in range(1, 7)] for low, high in box))
    inside = {sign_at(polynomial, place) for place in places}
    assert sign is None or inside == {sign}


def test_with_a_number_for_the_first_variable() -> None:
    ring = ring_of(("c", "x"))
    c, x = ring.gens()
    (root,) = (each for each in real_roots([flint.fmpq_poly([-2, 0, 1])]) if ends(each)[0] > 0)
    found = {
        sign_at(x - c, sample.point)
        for sample in samples([x - c], [Range(Fraction(1), Fraction(2))], root)
        if sample.point
    }
    assert found == {-1, 0, 1}
    assert sign_on_open_box(x - c, ((Fraction(3, 2), Fraction(2)),), root) == 1
    assert sign_on_open_box(x - c, ((Fraction(1), Fraction(7, 5)),), root) == -1
    assert sign_on_open_box(x - c, ((Fraction(1), Fraction(2)),), root) is None
    assert sign_on_open_box(c**2 - 2 + 0 * x, ((Fraction(1), Fraction(2)),), root) == 0


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
    assert root.sign_of((X * X - 2) * (X - 7)) == 0
    convergent = flint.fmpq(886731088897, 627013566048)  # of √2, and above it by about 9·10⁻²⁵
    assert root.sign_of(X - convergent) == -1
    assert root.text("W") == "the root of W**2 - 2 between 1.41421356237 and 1.41421356238"


def test_roots_of_several_polynomials_are_told_apart_and_ordered() -> None:
    assert len(real_roots([X * X - 2, (X * X - 2) * (X - 1), X * X - 3])) == 5
    ordered = real_roots([X * X - 2, X - 1, X * X * X - 3])
    for i, left in enumerate(ordered):
        for j, right in enumerate(ordered):
            assert compared(left, right) == (i > j) - (i < j)


@given(numbers, numbers)
def test_the_simplest_fraction_between_two(lower: Fraction, upper: Fraction) -> None:
    assume(lower < upper)
    found = simplest_between(lower, upper)
    assert lower < found < upper
    for denominator in range(1, found.denominator):
        first = (lower * denominator).__floor__() + 1
        assert Fraction(first, denominator) >= upper
    assert simplest_between(None, lower) < lower < simplest_between(lower, None)
