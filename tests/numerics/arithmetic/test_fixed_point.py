"""Sums in fixed point: beside exact ones, and with each part of their error needed."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import flint
import mpmath
import pytest

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.fixed_point import FixedPoint, balls, fixed_point, strided_sums
from emtheory.numerics.arithmetic.precision import arb_precision, mp_context
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.evaluate import evaluate

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


@pytest.mark.parametrize(("kernel", "values"), [(Fraction(1, 3), Fraction(3)), (Fraction(3), Fraction(1, 3))])
def test_the_errors_of_the_kernel_and_of_the_values_are_needed(kernel: Fraction, values: Fraction) -> None:
    left, right, truth = numbers([kernel] * 4, 2), numbers([values] * 4, 2), to_fmpq(4 * kernel * values)
    sums, error = strided_sums(left, right, 0, 1, 1)
    assert balls(sums, 2, error)[0].contains(truth)
    exact_left, exact_right = (FixedPoint(part.numbers, 2, flint.arb(0)) for part in (left, right))
    sums, error = strided_sums(exact_left, exact_right, 0, 1, 1)
    assert not balls(sums, 2, error)[0].contains(truth)


def test_the_error_of_the_sums_is_needed() -> None:
    truth = flint.fmpq(3, 16)
    sums, error = strided_sums(numbers([Fraction(1, 4)], 2), numbers([Fraction(3, 4)], 2), 0, 1, 1)
    assert balls(sums, 2, error)[0].contains(truth)
    assert not balls(sums, 2, flint.arb(0))[0].contains(truth)


def test_what_is_not_finite_has_no_bound() -> None:
    found = fixed_point([flint.arb(1), flint.arb.nan()], 10)
    assert not found.error.is_finite()


CASE = make_case(3, "1/2,3/10,1/5", radius=Fraction(1))


def divergence(digits: int, route: str = "mp") -> Enclosure:
    return evaluate("kl_divergence", CASE, digits=digits, route=route)


def test_contexts_restore_what_they_found() -> None:
    before = (mpmath.mp.prec, flint.ctx.prec)
    with arb_precision(333):
        assert flint.ctx.prec == 333
        with arb_precision(77):
            assert flint.ctx.prec == 77
        assert flint.ctx.prec == 333
    with mp_context(555) as context:
        assert context.prec == 555
        assert mpmath.mp.prec == before[0]
        assert context.mpf(1) / 3 != mpmath.mpf(1) / 3
    with pytest.raises(RuntimeError, match="inside"), arb_precision(99):
        raise RuntimeError("inside")
    assert (mpmath.mp.prec, flint.ctx.prec) == before


def test_threads_at_different_digits_get_the_same_as_alone() -> None:
    digits = [8, 15] * 2
    alone = {n: divergence(n) for n in set(digits)}
    sequential = {n: evaluate("spectral_gap", make_case(7, "linear"), digits=n) for n in set(digits)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(divergence, digits))
        gaps = list(pool.map(lambda n: evaluate("spectral_gap", make_case(7, "linear"), digits=n), digits))
    for n, value, gap in zip(digits, together, gaps, strict=True):
        assert (value.lower, value.upper) == (alone[n].lower, alone[n].upper)
        assert (gap.lower, gap.upper) == (sequential[n].lower, sequential[n].upper)
