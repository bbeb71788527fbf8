"""Sums in fixed point: beside exact ones, and with each part of their error needed."""

from fractions import Fraction

import flint
import pytest

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.fixed_point import FixedPoint, balls, fixed_point, strided_sums
from emtheory.numerics.arithmetic.precision import arb_precision

KERNEL = [Fraction(i * i % 23 - 11, 7 + i) for i in range(10)]
VALUES = [Fraction(i**3 % 41 - 20, 11 + i) for i in range(40)]


def exact(start: int, stride: int, count: int) -> list[Fraction]:
    padded = VALUES + [Fraction(0)] * 100
    return [
        sum((a * b for a, b in zip(KERNEL, padded[start + i * stride :], strict=False)), Fraction(0))
        for i in range(count)
    ]


def numbers(values: list[Fraction], bits: int, radius: float = 0.0) -> FixedPoint:
    return fixed_point([flint.arb(to_fmpq(value)) + flint.arb(radius, radius) for value in values], bits)


@pytest.mark.parametrize(("start", "stride", "count"), [(0, 1, 31), (3, 3, 9), (2, 17, 5), (39, 1, 4)])
def test_sums_contain_the_exact_ones(start: int, stride: int, count: int) -> None:
    for bits in (4, 60):
        with arb_precision(200):
            sums, error = strided_sums(numbers(KERNEL, bits), numbers(VALUES, bits), start, stride, count)
            for ball, truth in zip(balls(sums, bits, error), exact(start, stride, count), strict=True):
                assert ball.contains(to_fmpq(truth))
                assert ball.rad() < 1e3 * 2.0**-bits


@pytest.mark.parametrize(
    ("kernel", "values"),
    [
        pytest.param(Fraction(1, 3), Fraction(3), id="of the kernel"),
        pytest.param(Fraction(3), Fraction(1, 3), id="of the values"),
        pytest.param(Fraction(1, 4), Fraction(3, 4), id="of the sums"),
    ],
)
def test_every_part_of_the_error_is_needed(kernel: Fraction, values: Fraction) -> None:
    left, right = numbers([kernel] * 4, 2), numbers([values] * 4, 2)
    truth = to_fmpq(4 * kernel * values if values != Fraction(3, 4) else kernel * values)
    if values == Fraction(3, 4):
        left, right = numbers([kernel], 2), numbers([values], 2)
    sums, error = strided_sums(left, right, 0, 1, 1)
    assert balls(sums, 2, error)[0].contains(truth)
    exact_left, exact_right = (FixedPoint(part.numbers, 2, flint.arb(0)) for part in (left, right))
    sums, error = strided_sums(exact_left, exact_right, 0, 1, 1)
    inside = balls(sums, 2, error)[0].contains(truth)
    if values == Fraction(3, 4):
        assert inside
        assert not balls(sums, 2, flint.arb(0))[0].contains(truth)
    else:
        assert not inside


def test_what_is_not_finite_has_no_bound() -> None:
    found = fixed_point([flint.arb(1), flint.arb.nan()], 10)
    assert not found.error.is_finite()
