"""Bounds of polynomials on boxes of their cells, by Taylor's formula of the second order.

On a box of half-width η around s, p(s + d) ≤ p(s) + max over |d_a| ≤ η of ⟨g, d⟩ + ½⟨d, Hd⟩, and a bound of the third
derivatives over the cell times η³/6.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.rounding import SLACK, FloatArray, rounding_factor
from emtheory.numerics.npmle.polynomials import Polynomials

_BLOCK = 2**21
"""Coefficients that are gathered at a time, about."""


@dataclass(frozen=True, eq=False)
class Boxes:
    """Boxes of one half-width η: the cell of each among those of some polynomials, and its centre s there (B × m)."""

    cells: NDArray[np.intp]
    centres: FloatArray
    half_width: float

    def __len__(self) -> int:
        return len(self.cells)

    def __getitem__(self, key: NDArray[np.intp] | NDArray[np.bool_] | slice) -> "Boxes":
        return Boxes(self.cells[key], self.centres[key], self.half_width)

    def halved(self) -> "Boxes":
        """Return the 2^m halves in all coordinates of each box."""
        m, half = self.centres.shape[1], self.half_width / 2
        corners = half * np.array(list(product((-1.0, 1.0), repeat=m)))
        centres = (self.centres[:, None] + corners).reshape(-1, m)
        return Boxes(np.repeat(self.cells, len(corners)), centres, half)


@dataclass(frozen=True, eq=False)
class Local:
    """Of each box bounds of p over it, at its centre, and of each entry of its Hessian by s over it (B × m × m)."""

    upper: FloatArray
    lower: FloatArray
    centre: FloatArray
    hessian: FloatArray
    hessian_error: FloatArray


@dataclass(frozen=True, eq=False)
class Bounded:
    """Polynomials with what bounds of them over boxes are made of."""

    polynomials: Polynomials

    @cached_property
    def _errors(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Of values, slopes and second derivatives by rounding, and bounds of third derivatives by (1, …, 1)."""
        c = self.polynomials.coefficients
        cells, m, order = len(c.mid), c.mid.ndim - 1, c.mid.shape[1]
        degree = np.indices((order,) * m).sum(axis=0).ravel()
        size = abs(c.mid).reshape(cells, -1)
        rounded = rounding_factor(order**m + 3 * m * order + 8) * size + c.rad.reshape(cells, -1)
        falling = (np.ones_like(degree), degree, degree * (degree - 1))
        value, slope, second = ((rounded @ each) * SLACK**2 for each in falling)
        third = ((size + c.rad.reshape(cells, -1)) @ (degree * (degree - 1) * (degree - 2))) * SLACK**2
        return value, slope, second, third

    def whole(self) -> Boxes:
        """Return the cells as boxes."""
        cells = len(self.polynomials.centres)
        return Boxes(np.arange(cells), np.zeros((cells, self.polynomials.centres.shape[1])), 1.0)

    def local(self, boxes: Boxes) -> Local:
        """Return bounds over boxes."""
        step = max(1, _BLOCK // self.polynomials.coefficients.mid[0].size)
        parts = [self._local(boxes[first : first + step]) for first in range(0, len(boxes), step)]
        names = ("upper", "lower", "centre", "hessian", "hessian_error")
        return Local(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def _local(self, boxes: Boxes) -> Local:
        value, slopes, hessian = self._jet(boxes)
        lost, lost_slope, lost_second, third = (each[boxes.cells] for each in self._errors)
        eta = boxes.half_width
        left_out = self.polynomials.left_out[boxes.cells]
        error = (lost + lost_slope * eta + lost_second * eta**2 / 2 + third * eta**3 / 6 + left_out) * SLACK
        rise, fall = _largest_quadratic(slopes, hessian, eta), _largest_quadratic(-slopes, -hessian, eta)
        tiny = 8 * 2.0**-53 * abs(value)
        upper = value + (rise * SLACK + error + tiny) * SLACK
        lower = value - (fall * SLACK + error + tiny) * SLACK
        centre = value - (lost + left_out + tiny) * SLACK
        spread = (lost_second + third * eta + self.polynomials.left_out_second[boxes.cells]) * SLACK
        return Local(upper, lower, centre, hessian, spread)

    def _jet(self, boxes: Boxes) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return values, slopes and Hessians at the centres, rounded."""
        coefficients = self.polynomials.coefficients.mid[boxes.cells]
        m, order = boxes.centres.shape[1], self.polynomials.basis.order
        k = np.arange(order)
        tables = []
        for a in range(m):
            s = boxes.centres[:, a : a + 1]
            powers = np.concatenate([np.ones_like(s), np.multiply.accumulate(np.repeat(s, order - 1, 1), axis=1)], 1)
            first = np.zeros_like(powers)
            first[:, 1:] = powers[:, :-1] * k[1:]
            second = np.zeros_like(powers)
            second[:, 2:] = powers[:, :-2] * (k[2:] * (k[2:] - 1))
            tables.append((powers, first, second))
        value = _contract(coefficients, [tables[a][0] for a in range(m)])
        slopes = np.stack([_contract(coefficients, [tables[b][int(a == b)] for b in range(m)]) for a in range(m)], 1)
        hessian = np.empty((len(boxes), m, m))
        for a, b in product(range(m), repeat=2):
            if a <= b:
                orders = [int(c == a) + int(c == b) for c in range(m)]
                hessian[:, a, b] = hessian[:, b, a] = _contract(coefficients, [tables[c][orders[c]] for c in range(m)])
        return value, slopes, hessian


def _contract(coefficients: FloatArray, factors: list[FloatArray]) -> FloatArray:
    """Return Σ c[b, k_1, …, k_m] Π f_a[b, k_a] for each b."""
    for factor in reversed(factors):
        shape = (len(factor), *(1 for _ in range(coefficients.ndim - 2)), factor.shape[1])
        coefficients = (coefficients * factor.reshape(shape)).sum(axis=-1)
    return coefficients


def _largest_quadratic(slopes: FloatArray, hessian: FloatArray, eta: float) -> FloatArray:
    """Bound max over |d_a| ≤ η of ⟨g, d⟩ + ½⟨d, Hd⟩, for each b: coordinates one by one, mixed terms at most."""
    size, bend = abs(slopes), np.diagonal(hessian, axis1=1, axis2=2)
    inside = size < -bend * eta
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        peak = np.where(inside, np.square(size) / (-2 * bend), size * eta + bend * eta**2 / 2)
    mixed = (abs(hessian) * (1 - np.eye(hessian.shape[1]))).sum(axis=(1, 2))
    result: FloatArray = peak.sum(axis=1) + mixed * eta**2 / 2
    return result
