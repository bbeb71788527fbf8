"""The gradient function on cells, as polynomials with bounds of all that they leave out.

On a cube of half-width hσ around c, with t = c + hσs and s in [−1, 1]^m, each E(x, t) is a product over coordinates of
Σ_k e^{−u²/2} He_k(u) (hs)^k/k!, u = (x − c)/σ, and the k-th coefficient is at most e^{−u²/4} h^k (e/k)^{k/2}. On
a box of half-width η around s, p(s + d) ≤ p(s) + max over |d_a| ≤ η of ⟨g, d⟩ + ½⟨d, Hd⟩, and a bound of the third
derivatives over the cell times η³/6. Proofs: section 19 of docs/error-bounds.md.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import flint
import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.ball_arrays import BallArray, matrix_product
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import (
    EXPONENTIAL_ERROR,
    SLACK,
    TINY,
    UNIT,
    FloatArray,
    exponential,
    rounding_factor,
)
from emtheory.numerics.npmle.problem import Problem, Ratios, exponent_error

STRETCH = 2.0**-16
"""What cells are wider than they have to be, in units of σ, so that those whose centres are rounded still touch."""
_BITS = 64
"""Of bounds of what is left out."""
_EXPONENTS_KNOWN = 1 + 2.0**-9
"""Times this, an exponential whose exponent is rounded is an upper bound."""
_FURTHER = 100
"""Terms of a tail that are added one by one; those after them are no more than the last."""


@dataclass(frozen=True)
class Basis:
    """How functions are expanded: half-width h of cells in units of σ, terms a coordinate, and the number of these."""

    half_width: float
    order: int
    m: int

    @property
    def h(self) -> float:
        """The half-width of what is covered, in units of σ, rounded upwards."""
        return self.half_width + STRETCH

    @cached_property
    def left_out(self) -> tuple[float, float]:
        """Bounds of what is left out of E(x, t) e^{u²/4} and of its second derivatives by s."""
        with arb_precision(_BITS):
            h, e = flint.arb(self.h), flint.arb(1).exp()
            sizes = [flint.arb(1)] + [h**k * (e / k).sqrt() ** k for k in range(1, self.order + _FURTHER)]
            end = sizes[-1] * _FURTHER**2
            whole = sum(((1 + k * k) * size for k, size in enumerate(sizes)), start=end)
            value, second = (
                self.m
                * whole ** (self.m - 1)
                * sum((k**power * sizes[k] for k in range(self.order, len(sizes))), start=end)
                for power in (0, 2)
            )
            return float(value.upper()) * SLACK, float(second.upper()) * SLACK


def basis_for(half_width: float, m: int, tolerance: float) -> Basis:
    """Return the shortest basis that leaves out at most `tolerance`."""
    order = 3
    while Basis(half_width, order, m).left_out[0] > tolerance:
        order += 1
    return Basis(half_width, order, m)


@dataclass(frozen=True, eq=False)
class Polynomials:
    """D + 1, times e^{−offset}, on C cells: Σ c[…, k_1, …, k_m] s_1^{k_1}…s_m^{k_m} on [−1, 1]^m.

    `centres`: of the cells, C × m; `coefficients`: C × order × … × order; `left_out`: bounds of what is not in the
    polynomials, one a cell; `left_out_second`: the same for second derivatives by s; `basis`: what the expansion is
    made of.
    """

    centres: FloatArray
    coefficients: BallArray
    left_out: FloatArray
    left_out_second: FloatArray
    basis: Basis


def expand(
    problem: Problem,
    ratios: Ratios,
    basis: Basis,
    centres: FloatArray,
    near: NDArray[np.intp],
    far: tuple[float, float],
) -> Polynomials:
    """Return the polynomials of cells whose centres differ in the last coordinate only."""
    points, shift = problem.points[near], ratios.shift[near]
    steps = [((points[:, a] - centres[0, a]) * problem.scale)[None, :] for a in range(problem.m - 1)]
    steps.append((points[:, -1] - centres[:, -1:]) * problem.scale)
    q = sum(np.square(step) for step in steps) / 2
    e = exponential(shift - q)
    lost = e * (exponent_error(q, abs(shift), problem.m) + EXPONENTIAL_ERROR) * SLACK + TINY
    weights = ratios.alpha[near] * BallArray(e, lost)
    last = weights[None] * _powers(steps[-1], basis)
    coefficients = _sums([_powers(step, basis)[:, 0] for step in steps[:-1]], last)
    halved = exponential(shift - q / 2) * _EXPONENTS_KNOWN + TINY
    size = (halved @ ratios.alpha.magnitude[near]) * SLACK**2 + TINY
    value, second = basis.left_out
    return Polynomials(
        centres, coefficients, (size * value + far[0]) * SLACK + TINY, (size * second + far[1]) * SLACK + TINY, basis
    )


def _powers(steps: FloatArray, basis: Basis) -> BallArray:
    """Return He_k(u) h^k/k! for k below the order, along a new first axis: F_{k+1} = (hu F_k − h² F_{k−1})/(k + 1)."""
    u = BallArray(steps, 4 * UNIT * abs(steps)) * _exact(basis.h)
    square = _exact(basis.h) * _exact(basis.h)
    found = [BallArray(np.ones_like(steps), np.zeros_like(steps)), u]
    for k in range(1, basis.order - 1):
        part = BallArray(np.array(1 / (k + 1)), np.array(UNIT / (k + 1)))
        found.append((u * found[k] - square * found[k - 1]) * part)
    return BallArray(np.stack([each.mid for each in found]), np.stack([each.rad for each in found]))


def _sums(others: list[BallArray], last: BallArray) -> BallArray:
    """Return Σ_i of products of powers (order × K, one array a coordinate; the last order × C × K), cells first."""
    order, cells, size = last.mid.shape
    if not others:
        sums = last.sum(2)
        return BallArray(sums.mid.T, sums.rad.T)
    lead = others[0]
    for other in others[1:]:
        product = lead[:, None, :] * other[None, :, :]
        lead = BallArray(*(each.reshape(len(lead.mid) * order, size) for each in (product.mid, product.rad)))
    flat = BallArray(*(each.reshape(order * cells, size).T for each in (last.mid, last.rad)))  # K = 0 far from all.
    product = matrix_product(lead, flat)
    shape = (*(order for _ in others), order, cells)
    return BallArray(*(np.moveaxis(each.reshape(shape), -1, 0) for each in (product.mid, product.rad)))


def _exact(value: float) -> BallArray:
    return BallArray(np.array(value), np.array(0.0))


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
