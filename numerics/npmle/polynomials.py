"""The gradient function on cells, as polynomials with bounds of all that they leave out.

On a cube of half-width hσ around c, with t = c + hσs and s in [−1, 1]^m, each E(x, t) is a product over coordinates of
Σ_k e^{−u²/2} He_k(u) (hs)^k/k!, u = (x − c)/σ, and the k-th coefficient is at most e^{−u²/4} h^k (e/k)^{k/2}. Proofs:
section 19 of docs/error-bounds.md.
"""

from dataclasses import dataclass
from functools import cached_property

import flint
import numpy as np
from numpy.typing import NDArray

from emtheory.numerics.arithmetic.ball_arrays import BallArray, matrix_product
from emtheory.numerics.arithmetic.exponential import EXPONENTIAL_ERROR, exponential
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, TINY, UNIT, FloatArray
from emtheory.numerics.npmle.problem import Problem
from emtheory.numerics.npmle.ratios import Ratios, exponent_error

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
        lead = BallArray(product.mid.reshape(-1, size), product.rad.reshape(-1, size))
    flat = BallArray(last.mid.reshape(-1, size).T, last.rad.reshape(-1, size).T)
    product = matrix_product(lead, flat)
    shape = (*(order for _ in others), order, cells)
    return BallArray(*(np.moveaxis(each.reshape(shape), -1, 0) for each in (product.mid, product.rad)))


def _exact(value: float) -> BallArray:
    return BallArray(np.array(value), np.array(0.0))
