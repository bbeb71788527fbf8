"""Balls with derivatives in several variables: what follows from them by arithmetic has its derivatives, too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import flint

from emtheory.numerics.arithmetic.arb import power, sign_over, to_fmpq
from emtheory.numerics.expectation.program import Arithmetic


@dataclass(frozen=True)
class Dual:
    """A number and its derivatives, all over a box.

    `value`, `slopes`: enclosures of the values and of each derivative on the box.
    """

    value: flint.arb
    slopes: tuple[flint.arb, ...]

    def __add__(self, other: "Dual") -> "Dual":
        return Dual(self.value + other.value, tuple(a + b for a, b in zip(self.slopes, other.slopes, strict=True)))

    def __neg__(self) -> "Dual":
        return Dual(-self.value, tuple(-slope for slope in self.slopes))

    def __sub__(self, other: "Dual") -> "Dual":
        return Dual(self.value - other.value, tuple(a - b for a, b in zip(self.slopes, other.slopes, strict=True)))

    def __mul__(self, other: "Dual") -> "Dual":
        pairs = zip(self.slopes, other.slopes, strict=True)
        return Dual(self.value * other.value, tuple(a * other.value + self.value * b for a, b in pairs))

    def __truediv__(self, other: "Dual") -> "Dual":
        value = self.value / other.value
        pairs = zip(self.slopes, other.slopes, strict=True)
        return Dual(value, tuple((a - value * b) / other.value for a, b in pairs))

    def chained(self, value: flint.arb, slope: flint.arb) -> "Dual":
        """Return a function of the number, by its value and its derivative there."""
        return Dual(value, tuple(slope * each for each in self.slopes))


def constant(value: flint.arb, count: int) -> Dual:
    """Return a number that does not vary."""
    return Dual(value, (flint.arb(0),) * count)


def variables(values: Mapping[str, flint.arb], moving: Sequence[str]) -> Mapping[str, Dual]:
    """Return numbers of which some are the variables."""
    return {
        name: Dual(value, tuple(flint.arb(int(name == other)) for other in moving)) for name, value in values.items()
    }


def dual_arithmetic(count: int) -> Arithmetic:
    """Return the arithmetic of such numbers."""
    functions: Mapping[str, Callable[[Dual], Dual]] = {
        "exp": lambda x: x.chained(x.value.exp(), x.value.exp()),
        "log": lambda x: x.chained(x.value.log(), 1 / x.value),
        "sqrt": lambda x: x.chained(x.value.sqrt(), 1 / (2 * x.value.sqrt())),
        "cos": lambda x: x.chained(x.value.cos(), -x.value.sin()),
        "sin": lambda x: x.chained(x.value.sin(), x.value.cos()),
        "erf": lambda x: x.chained(x.value.erf(), 2 * (-x.value * x.value).exp() / flint.arb.pi().sqrt()),
        "Abs": lambda x: x.chained(abs(x.value), sign_over(x.value)),
        "sign": lambda x: x.chained(
            sign_over(x.value), flint.arb(0, flint.arb.pos_inf() if x.value.contains(0) else 0)
        ),
    }
    return Arithmetic(
        number=lambda value: constant(flint.arb(to_fmpq(value)), count),
        pi=lambda: constant(flint.arb.pi(), count),
        power=lambda x, n: x.chained(power(x.value, n), n * power(x.value, n - 1)),
        functions=functions,
    )
