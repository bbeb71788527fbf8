"""Sums of products of many real numbers by products of integers: several times as fast as in balls.

A ball product keeps the relative accuracy of every term; here each number is n/2^p with one bound for the errors of
all, which is right where the terms are added up anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import flint


@dataclass(frozen=True)
class FixedPoint:
    """Numbers x_i with |x_i − n_i/2^bits| ≤ error for each i; the error is an exact number, or infinite."""

    numbers: list[flint.fmpz]
    bits: int
    error: flint.arb

    @cached_property
    def size(self) -> flint.arb:
        """A bound on every |x_i|."""
        length = flint.fmpz_poly(self.numbers).height_bits()  # |n_i| < 2^length
        return (flint.arb((1, length - self.bits)) + self.error).upper()

    @cached_property
    def weight(self) -> flint.arb:
        """Σ |n_i|/2^bits."""
        return sum(map(abs, self.numbers), start=flint.fmpz(0)) * unit(self.bits)


def fixed_point(values: Sequence[flint.arb], bits: int) -> FixedPoint:
    """Round balls down to `bits` places behind the point; what is not finite makes the error infinite."""
    scale = flint.arb((1, bits))
    floors = [(value * scale).mid().floor().unique_fmpz() for value in values]
    numbers = [number for number in floors if number is not None]
    if len(numbers) < len(floors):
        return FixedPoint([flint.fmpz(0)] * len(values), bits, flint.arb.pos_inf())
    radius = flint.arb_poly(values)(1).rad()  # that of a sum is at least the sum of the radii, and found at once
    if not radius <= unit(bits):
        radius = max(value.rad() for value in values)
    return FixedPoint(numbers, bits, (radius + unit(bits)).upper())


def unit(bits: int) -> flint.arb:
    """2^−bits, exactly."""
    return flint.arb((1, -bits))


def strided_sums(
    kernel: FixedPoint, values: FixedPoint, start: int, stride: int, count: int
) -> tuple[list[flint.fmpz], flint.arb]:
    """Return 2^bits Σ_j kernel_j·values_{start + i·stride + j}, i = 0..count − 1, and a bound on the sums' errors.

    What lies behind the last value is 0. One product of polynomials is made for each phase of the stride, as only every
    stride-th coefficient is wanted. With x̂ and ŷ for the rounded numbers the error is at most Σ|x − x̂||y| + Σ|x̂||y −
    ŷ|, and 2^−bits for the places that are dropped.
    """
    length, bits = len(kernel.numbers), kernel.bits
    total = flint.fmpz_poly([])
    for phase in range(min(stride, length)):
        part = kernel.numbers[phase::stride][::-1]
        behind = start + phase
        others = values.numbers[behind : behind + (count + len(part)) * stride : stride]
        product = flint.fmpz_poly(part) * flint.fmpz_poly(others)
        total += product.right_shift(len(part) - 1)
    sums = [total[i] >> bits for i in range(count)]
    error = length * kernel.error * values.size + kernel.weight * values.error + unit(bits)
    return sums, error.upper()


def balls(numbers: Sequence[flint.fmpz], bits: int, error: flint.arb) -> list[flint.arb]:
    """Return balls of a radius, a bound on the error of each, around n/2^bits."""
    scale, radius = unit(bits), flint.arb(0, error.upper())
    return [number * scale + radius for number in numbers]
