"""Taylor models of a function on many boxes at once.

On box i the function is at ξ ∈ [−1, 1]^n the value of a polynomial, ± error[i]. Everything is done box by box with the
four operations of IEEE arithmetic and in a fixed order, so that it does not matter which boxes are together, or on
which machine. Where nothing is known the error is infinite.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from itertools import combinations, product

import flint
import numpy as np

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray, rounding_factor
from emtheory.numerics.taylor_models.space import Space

_PARTS = {1: 64, 2: 8, 3: 4}
"""Parts of each variable, on which the quadratic part of a polynomial is bounded."""
_LOSS = rounding_factor(64)
"""Of sums and products with fewer roundings in a row than 64, relative to the sum of moduli."""


@dataclass(frozen=True)
class TaylorModels:
    """One polynomial, and its error, for each box.

    Attributes
    ----------
    coefficients
        Of shape (terms, boxes).
    error
        Of shape (boxes,): at least |f − polynomial| on each.
    space
        What the terms are.
    """

    coefficients: FloatArray
    error: FloatArray
    space: Space

    def __add__(self, other: "TaylorModels") -> "TaylorModels":
        coefficients = self.coefficients + other.coefficients
        error = self.error + other.error + UNIT * total(abs(coefficients))
        return cleaned(coefficients, error * SLACK + TINY, self.space)

    def __neg__(self) -> "TaylorModels":
        return TaylorModels(-self.coefficients, self.error, self.space)

    def __sub__(self, other: "TaylorModels") -> "TaylorModels":
        return self + -other

    def __mul__(self, other: "TaylorModels") -> "TaylorModels":
        a, b = self.coefficients, other.coefficients
        result = np.zeros_like(a)
        for factor, targets in zip(b, self.space.products, strict=True):
            result[targets] += a[: len(targets)] * factor
        sizes, others = (self._by_degree(abs(each)) for each in (a, b))
        # Of the other factor from each degree on; what of the first one meets these leaves the space.
        rest = _added_up(others[::-1])[::-1]
        size, of_other = total(sizes), rest[0]
        beyond = total(sizes[1:] * rest[:0:-1])
        error = self.error * (of_other + other.error) + size * other.error + beyond + _LOSS * size * of_other
        return cleaned(result, error * SLACK + TINY, self.space)

    def scaled(self, factor: FloatArray, error: FloatArray | float = 0.0) -> "TaylorModels":
        """Multiply by a number for each box.

        Parameters
        ----------
        factor, error
            The numbers, of shape (boxes,), and how far they may be off.
        """
        coefficients = self.coefficients * factor
        size = total(abs(self.coefficients))
        off = self.error * (abs(factor) + error) + size * error + UNIT * total(abs(coefficients))
        return cleaned(coefficients, off * SLACK + TINY, self.space)

    @property
    def start(self) -> FloatArray:
        """The constant terms."""
        result: FloatArray = self.coefficients[0]
        return result

    @property
    def change(self) -> "TaylorModels":
        """The models less their constant terms."""
        coefficients = self.coefficients.copy()
        coefficients[0] = 0.0
        return TaylorModels(coefficients, self.error, self.space)

    def reach(self) -> FloatArray:
        """Bound |f − constant term| on each box."""
        result: FloatArray = (total(abs(self.coefficients[1:])) + self.error) * SLACK
        return result

    def spread(self) -> FloatArray:
        """For each variable how much it moves the polynomial, of shape (variables, boxes); no bound."""
        weights = np.array(self.space.exponents, dtype=np.float64)
        return np.stack([total(abs(self.coefficients) * column[:, None]) for column in weights.T])

    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Return lower and upper bounds on each box.

        The quadratic part is bounded on parts of the box, by its value and slopes in the middle of each.
        """
        n, parts = self.space.variables, _PARTS[self.space.variables]
        half = 1 / parts
        places = _centres(n)
        c = self.coefficients
        squares = {(i, j): c[self.space.term(i, j)] for i in range(n) for j in range(i, n)}
        value = c[0] + total(c[1 + i] * places[i] for i in range(n))
        value = value + total(each * (places[i] * places[j]) for (i, j), each in squares.items())
        slopes = total(
            abs(c[1 + i] + total(squares[min(i, j), max(i, j)] * ((1 + (i == j)) * places[j]) for j in range(n)))
            for i in range(n)
        )
        mixed = total([abs(squares[pair]) for pair in combinations(range(n), 2)] or [np.zeros_like(c[0])])
        rest = total([self.error, *abs(c[1 + n + len(squares) :])])
        rest = (rest + _LOSS * 4 * total(abs(c[: 1 + n + len(squares)]))) * SLACK + TINY
        zero = (self.error == 0) & (c == 0).all(axis=0)
        ends = []
        for sign in (1, -1):
            turned = total(np.maximum(-sign * squares[i, i], 0.0) for i in range(n)) + mixed
            least = np.min(sign * value - half * slopes, axis=0) - half * half * turned
            ends.append(np.where(zero, 0.0, np.nextafter(least - rest, -np.inf)))
        return _without_nan(ends[0]), -_without_nan(ends[1])

    def _by_degree(self, sizes: FloatArray) -> FloatArray:
        if self.space.variables == 1:
            return sizes
        starts = [self.space.degrees.index(degree) for degree in range(self.space.order + 1)]
        return np.stack([total(sizes[a:b]) for a, b in zip(starts, [*starts[1:], len(sizes)], strict=True)])


def total(rows: Iterable[FloatArray]) -> FloatArray:
    """Add arrays one after the other, whatever their shapes."""
    if isinstance(rows, np.ndarray):
        last: FloatArray = _added_up(rows)[-1]
        return last
    return reduce(lambda known, row: known + row, rows)


def _added_up(rows: FloatArray) -> FloatArray:
    """Sums of the first rows, of one more each time, in this order for however many boxes."""
    result: FloatArray = np.add.accumulate(rows, axis=0)
    return result


def cleaned(coefficients: FloatArray, error: FloatArray, space: Space) -> TaylorModels:
    """Return models, with an infinite error where a number has no finite value."""
    known = np.isfinite(error) & np.isfinite(coefficients).all(axis=0)
    if known.all():
        return TaylorModels(coefficients, error, space)
    return TaylorModels(np.where(known, coefficients, 0.0), np.where(known, error, np.inf), space)


def constants(values: FloatArray, error: FloatArray, space: Space) -> TaylorModels:
    """Return the models of a number for each box."""
    coefficients = np.zeros((len(space.exponents), len(values)))
    coefficients[0] = values
    return cleaned(coefficients, error, space)


def variables(sides: Sequence[tuple[Fraction, Fraction]], index: int, space: Space) -> TaylorModels:
    """Return the models of a variable.

    Parameters
    ----------
    sides
        Its interval on each box.
    index, space
        Which of the variables of the space it is.
    """
    middles, halves = [(low + high) / 2 for low, high in sides], [(high - low) / 2 for low, high in sides]
    coefficients = np.zeros((len(space.exponents), len(sides)))
    coefficients[0], coefficients[1 + index] = (np.array([float(x) for x in each]) for each in (middles, halves))
    error = UNIT * (abs(coefficients[0]) + abs(coefficients[1 + index]))
    return TaylorModels(coefficients, error * SLACK + TINY, space)


def double(ball: flint.arb) -> tuple[float, float]:
    """Return a double near a ball, and how far all numbers of the ball are from it at most."""
    middle = float(ball.mid())
    off = abs(ball - flint.arb(middle)).upper()
    return middle, 0.0 if off == 0 else float(np.nextafter(float(off), np.inf))


def doubles(function: Callable[[flint.arb], flint.arb], values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Evaluate a function in Arb at doubles; return doubles and their errors, infinite where there is no value."""
    pairs = [double(function(flint.arb(value))) for value in values.tolist()]
    middles, errors = (np.array(each, dtype=np.float64) for each in zip(*pairs, strict=True))
    known = np.isfinite(middles) & np.isfinite(errors)
    return np.where(known, middles, 0.0), np.where(known, errors, np.inf)


def of_rational(value: Fraction) -> tuple[float, float]:
    """Return the double nearest to a rational number, and how far it is off at most."""
    return double(flint.arb(to_fmpq(value)))


@cache
def _centres(variables: int) -> FloatArray:
    """The middles of the parts of [−1, 1]^n, exact, of shape (n, parts, 1)."""
    parts = _PARTS[variables]
    axis = [(2 * i + 1) / parts - 1 for i in range(parts)]
    return np.array(list(product(axis, repeat=variables))).T[:, :, None]


def _without_nan(lower: FloatArray) -> FloatArray:
    return np.where(np.isnan(lower), -np.inf, lower)
