"""Posteriors and observations at the nodes of a rule, with derivatives over a box of parameters.

All components of the data stand side by side in one array, and so do all derivatives: a number with its derivatives is
a row for its value and one for each slope, with a column for each node.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, reduce
from itertools import accumulate, product
from operator import add, mul
from typing import Any

import flint
import numpy as np

from emtheory.numerics.arithmetic.ball_arrays import BallArray, common, hull_of, jet_product, weighted_sums
from emtheory.numerics.arithmetic.rounding import (
    EXPONENTIAL_ERROR,
    SLACK,
    TINY,
    FloatArray,
    exponential,
    rounding_factor,
)
from emtheory.numerics.expectation.form import Exponents, Form, Numbers
from emtheory.numerics.expectation.grid import Task, lines
from emtheory.numerics.expectation.polynomials import slopes_of, values_of
from emtheory.numerics.expectation.program import Dual
from emtheory.numerics.expectation.rule import masses

_LARGEST_EXPONENT = 690.0
"""Of e^x: beyond it one posterior is none."""
_LARGEST_ARRAY = 2_000_000
"""Numbers in an array at most, beyond which nodes are taken in turn. A choice: tens of megabytes."""
_ROUNDINGS = 32
"""In a row, where a polynomial of degree 2 in three coordinates is evaluated, at most."""


@dataclass(frozen=True)
class Part:
    """A component of the data, the nodes for it and their weights: z, and the errors of the rule for each z^e.

    `centre`, `hull`: its form in the middle of the box, and with derivatives over it; `polynomials`: what is multiplied
    by posteriors and summed: each in the middle of the box, and with derivatives over it, in active coordinates;
    `places`, `weights`: the active coordinates at the nodes, exact numbers, and the weights to the nearest doubles;
    `errors`: of z^e times posteriors.
    """

    centre: Form
    hull: Form
    polynomials: tuple[tuple[Numbers, Mapping[Exponents, Dual]], ...]
    places: tuple[FloatArray, ...]
    weights: FloatArray
    errors: Mapping[Exponents, flint.arb]

    def between(self, start: int, end: int) -> "Part":
        """Return some of the nodes."""
        places = tuple(each[start:end] for each in self.places)
        return replace(self, places=places, weights=self.weights[start:end])


def part_of(
    centre: Form,
    hull: Form,
    polynomials: tuple[tuple[Numbers, Mapping[Exponents, Dual]], ...],
    degree: int,
    posteriors: int,
    accuracy: float,
) -> Part:
    """Choose nodes for a component with an active coordinate, for up to such a degree and so many posteriors, and L."""
    values = Form(hull.weight.value, (), {}, tuple(map(values_of, hull.ratios)), hull.active, hull.size)
    top = degree + max((sum(e) for ratio in hull.ratios for e in ratio), default=0)
    size = len(hull.active)
    exponents = tuple(e for e in product(range(top + 1), repeat=size) if sum(e) <= top)
    found, errors = lines(Task(values, exponents, posteriors + 1), accuracy)
    tables = [_line(line.rule.step, line.rule.count, flint.ctx.prec) for line in found]
    sizes = [len(nodes) for nodes, _ in tables]
    outer = [np.repeat([line.outer[t] for line in found], sizes) for t in range(size - 1)]
    weights = np.concatenate([weight for _, weight in tables])
    if size > 1:
        weights = weights * np.repeat([float(line.mass) for line in found], sizes)
    return Part(centre, hull, polynomials, (*outer, np.concatenate([nodes for nodes, _ in tables])), weights, errors)


@lru_cache(maxsize=512)
def _line(step: float, count: int, bits: int) -> tuple[FloatArray, FloatArray]:
    """Nodes, which are exact, and weights to the nearest doubles."""
    nodes: FloatArray = np.arange(-count, count + 1, dtype=np.float64) * step
    return nodes, np.array([float(mass) for mass in masses(step, count, bits)])


@dataclass(frozen=True)
class Nodes:
    """Nodes of some components of the data, which are summed over for each of them.

    `parts`, `radii`: the components, and how far each parameter that moves is from the centre at most; `vanishing`:
    components of the fit whose weights are any from 0 to those by which l_i is known.
    """

    parts: Sequence[Part]
    radii: tuple[float, ...]
    vanishing: tuple[int, ...] = ()

    @cached_property
    def _weights(self) -> tuple[FloatArray, list[int]]:
        """Those of all nodes, and where those of each component start."""
        *starts, _ = accumulate((len(part.weights) for part in self.parts), initial=0)
        return np.concatenate([part.weights for part in self.parts]), starts

    @cached_property
    def _rows(self) -> tuple[BallArray, BallArray]:
        """l_i − l_0 for all i, and the polynomials."""
        blocks = [_evaluated(part, list(_polynomials(part, len(self.radii)))) for part in self.parts]
        mid, rad = (np.concatenate(each, axis=-1) for each in zip(*blocks, strict=True))
        shape = (-1, 1 + len(self.radii), mid.shape[-1])
        jets, count = BallArray(mid.reshape(shape), rad.reshape(shape)), len(self.parts[0].hull.ratios)
        return jets[:count], self._over_box(jets[count:])

    def _over_box(self, jets: BallArray) -> BallArray:
        """Values in the middle, widened by slopes times how far the box reaches."""
        widths = np.einsum("p,...pn->...n", np.array(self.radii), jets.magnitude[..., 1:, :])
        jets.rad[..., 0, :] = (jets.rad[..., 0, :] + widths) * SLACK
        return jets

    @cached_property
    def _ratios(self) -> tuple[BallArray, BallArray]:
        """l_i − l_j for all i and j: in the middle, and with derivatives over the box."""
        jets, count = self._rows[0], len(self.parts[0].hull.ratios) + 1
        zero = np.zeros((1, *jets.mid.shape[1:]))
        mid, rad = np.concatenate([zero, jets.mid]), np.concatenate([zero, jets.rad])
        found = BallArray(mid[:, None], rad[:, None]) - BallArray(mid[None], rad[None])
        for i in range(count):
            found.mid[i, i], found.rad[i, i] = 0.0, 0.0
        middle = BallArray(found.mid[:, :, 0], found.rad[:, :, 0].copy())
        return middle, self._over_box(found)

    @cached_property
    def _posteriors(self) -> tuple[BallArray, BallArray]:
        """γ_j, a row for each: in the middle, and over the box."""
        middle, hull = self._ratios
        return self._by_monotony(middle), self._by_monotony(hull[:, :, 0])

    def _by_monotony(self, ratios: BallArray) -> BallArray:
        """γ_j from l_i − l_j."""
        largest, least = _exponential(ratios.upper, up=True), _exponential(ratios.lower, up=False)
        for j in self.vanishing:
            largest[:, j], least[j] = math.inf, 0.0
            least[j, j] = 1 - 2 * EXPONENTIAL_ERROR
        above, below = largest.sum(0) * SLACK**2, least.sum(0) / SLACK
        return hull_of(1 / above, np.minimum(SLACK / below, 1.0))

    @cached_property
    def _products(self) -> dict[tuple[int, ...], BallArray]:
        return {}

    def _product(self, posteriors: tuple[int, ...]) -> BallArray:
        """γ^b and ∂γ^b = γ^b Σ_{i<j} (b_j γ_i − b_i γ_j) ∂(l_j − l_i), where the coefficients of pairs hardly vary."""
        if posteriors not in self._products:
            centre, gamma = self._posteriors
            powers = np.bincount(posteriors, minlength=len(gamma.mid))[:, None]
            shares = _exact(np.where(powers > 0, 0.5, 1.0))  # Pairs of factors are met twice.
            rates = [
                ((gamma * _exact(powers[j]) - gamma[j] * _exact(powers)) * shares)[:, None] * self._ratios[1][j, :, 1:]
                for j in dict.fromkeys(posteriors)
            ]
            middle, value = (reduce(mul, [each[j] for j in posteriors])[None] for each in (centre, gamma))
            rate = reduce(add, rates).sum(0)
            value = common(value, middle.widened(np.einsum("p,pn->n", np.array(self.radii), (value * rate).magnitude)))
            slopes = value * rate
            self._products[posteriors] = BallArray(
                np.concatenate([value.mid, slopes.mid]), np.concatenate([value.rad, slopes.rad])
            )
        return self._products[posteriors]

    def sums(self, number: int, posteriors: tuple[int, ...]) -> BallArray:
        """Σ p γ^b for one of the polynomials with its derivatives, for each component."""
        return weighted_sums(jet_product(self._rows[1][number], self._product(posteriors)), *self._weights)

    def log_slopes(self) -> BallArray:
        """Σ Σ_i γ_i ∂(l_i − l_0), for each component."""
        return weighted_sums((self._posteriors[1][:, None] * self._ratios[1][:, 0, 1:]).sum(0), *self._weights)


def batches(
    parts: Sequence[Part], radii: tuple[float, ...], vanishing: tuple[int, ...] = ()
) -> Iterator[tuple[list[int], Nodes]]:
    """Yield numbers of components with nodes of theirs: all at once, or in turn if they are very many."""
    most = max(_LARGEST_ARRAY // ((len(parts[0].hull.ratios) + 1) ** 2 * (1 + len(radii))), 1)
    if sum(len(part.weights) for part in parts) <= most:
        yield list(range(len(parts))), Nodes(parts, radii, vanishing)
        return
    for c, part in enumerate(parts):
        for start in range(0, len(part.weights), most):
            yield [c], Nodes([part.between(start, start + most)], radii, vanishing)


def _polynomials(part: Part, count: int) -> Iterator[Numbers]:
    """In active coordinates, one after the other, each followed by its derivatives."""
    for centre, hull in (*zip(part.centre.ratios, part.hull.ratios, strict=True), *part.polynomials):
        yield centre
        yield from (slopes_of(hull, p) for p in range(count))


def _evaluated(part: Part, polynomials: Sequence[Numbers]) -> tuple[FloatArray, FloatArray]:
    """Values of polynomials with balls for coefficients at the nodes, a row for each."""
    terms = sorted({e for each in polynomials for e in each})
    mid, rad = np.zeros((2, len(polynomials), len(terms)))
    for row, each in enumerate(polynomials):
        for e, coefficient in each.items():
            column = terms.index(e)
            mid[row, column] = middle = float(coefficient.mid())
            rad[row, column] = float((coefficient - middle).abs_upper()) * SLACK + TINY
    spread = rad + rounding_factor(_ROUNDINGS) * abs(mid)
    places = np.ones((len(terms), len(part.weights)))
    for row, e in enumerate(terms):
        for z, power in zip(part.places, e, strict=True):
            for _ in range(power):
                places[row] *= z
    # A product of matrices would be spread over threads, which wait for each other where processes share processors.
    value, off = (np.einsum("rt,tn->rn", *each) for each in ((mid, places), (spread, abs(places))))
    return value, off * SLACK + TINY


def _exact(numbers: Any) -> BallArray:
    """Small integers and halves as balls."""
    return BallArray(np.asarray(numbers, dtype=np.float64), np.zeros(np.shape(numbers)))


def _exponential(values: FloatArray, *, up: bool) -> FloatArray:
    """Bounds of e^x from above, infinite for large x, or from below."""
    powers = exponential(np.minimum(values, _LARGEST_EXPONENT))
    if not up:
        return powers * (1 - 2 * EXPONENTIAL_ERROR)
    bounds: FloatArray = powers * (1 + 2 * EXPONENTIAL_ERROR) + math.exp(-_LARGEST_EXPONENT)
    bounds[values > _LARGEST_EXPONENT] = math.inf
    return bounds
