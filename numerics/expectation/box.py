"""Means over a box of parameters, with their derivatives in these, in intervals over the nodes of the same rule.

Nodes are standard normal coordinates z, which do not depend on parameters: x = m + √v z does, and so data and fit are
differentiated alike. At each node log-ratios and observations are enclosed by their value at the centre and their
slopes over the box, posteriors by monotony, and ∂γ_j = γ_j Σ_i γ_i ∂(l_j − l_i). The rule's error is bounded by
majorants: in the strip a posterior is at most sec(arc/2), and polynomials have their coefficients' moduli.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, reduce
from itertools import product
from operator import add, mul

import flint
import numpy as np

from emtheory.numerics.arithmetic.ball_arrays import BallArray, from_arb, hull_of, weighted_sum
from emtheory.numerics.arithmetic.exponential import EXPONENTIAL_ERROR, exponential
from emtheory.numerics.arithmetic.rounding import SLACK, FloatArray
from emtheory.numerics.expectation.dual import Dual, constant, dual_arithmetic, variables
from emtheory.numerics.expectation.form import Exponents, Form, Numbers, form_program
from emtheory.numerics.expectation.grid import Task, lines
from emtheory.numerics.expectation.other_boxes import other_box
from emtheory.numerics.expectation.point import polynomial_of
from emtheory.numerics.expectation.polynomials import (
    Majorant,
    largest_of,
    majorant_of,
    moment,
    multiplied,
    scaled,
    slopes_of,
    values_of,
)
from emtheory.numerics.expectation.rule import absolute_moment, masses
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import NORMAL, MixtureModel

_LARGEST_EXPONENT = 690.0
"""Of e^x: beyond it one posterior is none."""


@dataclass(frozen=True)
class Box:
    """A box of parameters.

    Attributes
    ----------
    centre, hull
        Name → the parameter at the centre, and all over the box, as balls.
    moving
        Names of those in which derivatives are wanted.
    """

    centre: Mapping[str, flint.arb]
    hull: Mapping[str, flint.arb]
    moving: tuple[str, ...]

    @cached_property
    def radii(self) -> tuple[float, ...]:
        """How far each moving parameter is from the centre at most."""
        return tuple(float((self.hull[name] - self.centre[name]).abs_upper()) * SLACK for name in self.moving)


@dataclass(frozen=True)
class BoxMeans:
    """What was wanted of one law over a box.

    Attributes
    ----------
    means
        Mean → its values and derivatives.
    weights, log_slopes
        Of each component of the data: its weight, and the derivatives of E log Σ_j e^{l_j} over it if they were wanted.
    """

    means: Mapping[Mean, Dual]
    weights: tuple[Dual, ...]
    log_slopes: tuple[tuple[flint.arb, ...], ...] = ()


def box_expectations(
    model: MixtureModel, wanted: Sequence[Mean], box: Box, accuracy: float, *, log: bool = False, of_data: bool = False
) -> BoxMeans:
    """Enclose means and their derivatives over a box.

    Parameters
    ----------
    model, wanted, box
        The model, which means, and where.
    accuracy
        L: the errors of the rule are about e^{−L}.
    log
        Whether derivatives of E log Σ_j e^{l_j} are wanted, too.
    of_data
        Whether posteriors and log densities are those of the data's own components.

    Raises
    ------
    CannotAnswerError
        As `emtheory.numerics.expectation.point.expectations`.
    """
    if any(law.kind != NORMAL for each in model.data for law in each.laws):
        return BoxMeans(*other_box(model, wanted, box.hull, box.moving, accuracy, log=log, of_data=of_data))
    program, count = form_program(model, of_data=of_data), len(box.moving)
    centres = program.forms(box.centre)
    hulls = program.forms(variables(box.hull, box.moving), dual_arithmetic(count))
    zero = constant(flint.arb(0), count)
    most = max((len(mean.posteriors) for mean in wanted), default=0)
    totals = dict.fromkeys(wanted, zero)
    log_slopes = []
    for centre, hull in zip(centres, hulls, strict=True):
        nodes = _Nodes(box, centre, hull, most, _degree(wanted), accuracy)
        for mean in wanted:
            totals[mean] += hull.weight * nodes.mean(mean)
        if log:
            log_slopes.append(nodes.log_slopes())
    return BoxMeans(totals, tuple(hull.weight for hull in hulls), tuple(log_slopes))


def _degree(wanted: Sequence[Mean]) -> int:
    return max((sum(mean.x) for mean in wanted), default=0)


Powers = dict[Exponents, tuple[BallArray, tuple[BallArray, ...]]]
"""A polynomial in passive coordinates: exponents → coefficient at each node, with its derivatives."""


@dataclass(frozen=True)
class _Nodes:
    """The nodes for one component of the data, and what is known at them.

    Attributes
    ----------
    box, centre, hull
        The box, and the form at its centre and, with derivatives, over it.
    posteriors, degree, accuracy
        The most posteriors that are multiplied, the degree in x, and L.
    """

    box: Box
    centre: Form
    hull: Form
    posteriors: int
    degree: int
    accuracy: float

    @cached_property
    def _values(self) -> Form:
        """The hull without derivatives."""
        hull = self.hull
        return Form(hull.weight.value, (), {}, tuple(map(values_of, hull.ratios)), hull.active, hull.size)

    @cached_property
    def _rule(self) -> tuple[tuple[FloatArray, ...], FloatArray, dict[Exponents, flint.arb]]:
        """The active coordinates of the nodes, their weights, and the errors."""
        top = self.degree + max((sum(e) for ratio in self.hull.ratios for e in ratio), default=0)
        size = len(self.hull.active)
        exponents = tuple(e for e in product(range(top + 1), repeat=size) if sum(e) <= top)
        found, errors = lines(Task(self._values, exponents, self.posteriors + 1), self.accuracy)
        parts = [_line(line.rule.step, line.rule.count, flint.ctx.prec) for line in found]
        sizes = [len(nodes) for nodes, _ in parts]
        outer = [np.repeat([line.outer[t] for line in found], sizes) for t in range(size - 1)]
        weights = np.concatenate([weight for _, weight in parts])
        if size > 1:
            weights = weights * np.repeat([float(line.mass) for line in found], sizes)
        return (*outer, np.concatenate([nodes for nodes, _ in parts])), weights, errors

    def _at(self, polynomial: Numbers) -> BallArray:
        """A polynomial in active coordinates, with balls for coefficients, at the nodes."""
        nodes = self._rule[0]
        total = BallArray(np.zeros_like(nodes[0]), np.zeros_like(nodes[0]))
        for e, coefficient in polynomial.items():
            term = from_arb(coefficient)
            for z, power in zip(nodes, e, strict=True):
                for _ in range(power):
                    term = term * BallArray(z, np.zeros(()))
            total = total + term
        return total

    def _centred(self, centre: Numbers, hull: Numbers) -> tuple[BallArray, tuple[BallArray, ...]]:
        """A polynomial over the box by its values at the centre and its slopes, and these slopes."""
        slopes = tuple(self._at(slopes_of(hull, p)) for p in range(len(self.box.moving)))
        value = self._at(centre)
        for slope, radius in zip(slopes, self.box.radii, strict=True):
            value = value.widened(slope.magnitude * radius)
        return value, slopes

    @cached_property
    def _ratios(self) -> Mapping[tuple[int, int], tuple[BallArray, tuple[BallArray, ...]]]:
        """(i, j) → l_i − l_j at the nodes, with its derivatives, for i > j."""
        zero = constant(flint.arb(0), len(self.box.moving))
        centres, hulls = ({}, *self.centre.ratios), ({}, *self.hull.ratios)
        found = {}
        for i in range(1, len(centres)):
            for j in range(i):
                exponents = {**centres[i], **centres[j]}
                middle = {e: centres[i].get(e, flint.arb(0)) - centres[j].get(e, flint.arb(0)) for e in exponents}
                around = {e: hulls[i].get(e, zero) - hulls[j].get(e, zero) for e in exponents}
                found[i, j] = self._centred(middle, around)
        return found

    def _ratio(self, i: int, j: int) -> tuple[BallArray, tuple[BallArray, ...]]:
        if i > j:
            return self._ratios[i, j]
        value, slopes = self._ratios[j, i]
        return -value, tuple(-slope for slope in slopes)

    @cached_property
    def _posteriors(self) -> tuple[tuple[BallArray, tuple[BallArray, ...]], ...]:
        """γ_j at the nodes, with its derivatives."""
        count = len(self.hull.ratios) + 1
        values = []
        for j in range(count):
            others = [self._ratio(i, j)[0] for i in range(count) if i != j]
            above = sum((_exponential(each.upper, up=True) for each in others), np.float64(1.0)) * SLACK
            below = sum((_exponential(each.lower, up=False) for each in others), np.float64(1.0)) / SLACK
            values.append(hull_of(np.asarray(1 / (above * SLACK)), np.minimum(SLACK / below, 1.0)))
        found = []
        for j in range(count):
            slopes = []
            for p in range(len(self.box.moving)):
                parts = [values[i] * self._ratio(j, i)[1][p] for i in range(count) if i != j]
                slopes.append(values[j] * reduce(add, parts))
            found.append((values[j], tuple(slopes)))
        return tuple(found)

    @cached_property
    def _observation(self) -> tuple[Powers, ...]:
        """The coordinates of the observation, as polynomials in passive coordinates."""
        result = []
        for centre, hull in zip(self.centre.observation, self.hull.observation, strict=True):
            keys = {self._split(e)[1] for e in hull}
            powers: Powers = {}
            for passive in keys:
                middle = {self._split(e)[0]: value for e, value in centre.items() if self._split(e)[1] == passive}
                around = {self._split(e)[0]: value for e, value in hull.items() if self._split(e)[1] == passive}
                powers[passive] = self._centred(middle, around)
            result.append(powers)
        return tuple(result)

    def _split(self, e: Exponents) -> tuple[Exponents, Exponents]:
        active = self.hull.active
        return tuple(e[s] for s in active), tuple(power for s, power in enumerate(e) if s not in active)

    def mean(self, mean: Mean) -> Dual:
        """E[x^a γ^b] over this component, with its derivatives."""
        exact = polynomial_of(self.hull, mean, constant(flint.arb(1), len(self.box.moving)))
        if not mean.posteriors:
            return reduce(add, (scaled(c, moment(e)) for e, c in exact.items() if moment(e)), self._zero)
        if not self.hull.active:
            return self._constant_posteriors(mean, exact)
        flat = np.ones_like(self._rule[0][0])
        one = BallArray(flat, np.zeros_like(flat)), tuple(BallArray(0 * flat, 0 * flat) for _ in self.box.moving)
        powers: Powers = {(0,) * (self.hull.size - len(self.hull.active)): one}
        for coordinate, power in zip(self._observation, mean.x, strict=True):
            for _ in range(power):
                powers = _times(powers, coordinate)
        factor = reduce(_product, (self._posteriors[j] for j in mean.posteriors))
        total = self._zero
        for passive, coefficient in powers.items():
            if moment(passive):
                value, slopes = _product(coefficient, factor)
                part = Dual(weighted_sum(self._rule[1], value), tuple(weighted_sum(self._rule[1], s) for s in slopes))
                total += scaled(part, moment(passive))
        return self._with_errors(total, exact, len(mean.posteriors))

    def log_slopes(self) -> tuple[flint.arb, ...]:
        """The derivatives of E log Σ_j e^{l_j} = E l_0 + E log Σ_i e^{l_i − l_0}."""
        plain = reduce(add, (scaled(c, moment(e)) for e, c in self.hull.reference.items() if moment(e)), self._zero)
        if not self.hull.ratios:
            return plain.slopes
        if not self.hull.active:
            weights = self._fixed_posteriors
            ratios = [each.get((), self._zero) for each in self.hull.ratios]
            return tuple(
                plain.slopes[p]
                + sum((w.value * r.slopes[p] for w, r in zip(weights[1:], ratios, strict=True)), flint.arb(0))
                for p in range(len(self.box.moving))
            )
        found = []
        for p, slope in enumerate(plain.slopes):
            parts = [self._posteriors[i][0] * self._ratio(i, 0)[1][p] for i in range(1, len(self.hull.ratios) + 1)]
            total = weighted_sum(self._rule[1], reduce(add, parts))
            error = sum((self._error(majorant_of(slopes_of(ratio, p))) for ratio in self.hull.ratios), flint.arb(0))
            found.append(slope + total + flint.arb(0, error.upper()))
        return tuple(found)

    @property
    def _zero(self) -> Dual:
        return constant(flint.arb(0), len(self.box.moving))

    @cached_property
    def _fixed_posteriors(self) -> list[Dual]:
        """Posteriors that no coordinate changes."""
        arithmetic = dual_arithmetic(len(self.box.moving))
        one = constant(flint.arb(1), len(self.box.moving))
        terms = [one, *(arithmetic.functions["exp"](each.get((), self._zero)) for each in self.hull.ratios)]
        total = reduce(add, terms)
        return [term / total for term in terms]

    def _constant_posteriors(self, mean: Mean, exact: Mapping[Exponents, Dual]) -> Dual:
        plain = reduce(add, (scaled(c, moment(e)) for e, c in exact.items() if moment(e)), self._zero)
        return reduce(mul, (self._fixed_posteriors[j] for j in mean.posteriors), plain)

    def _with_errors(self, total: Dual, exact: Mapping[Exponents, Dual], count: int) -> Dual:
        """Add the errors of the rule: |∂(x^a γ^b)| ≤ (|∂x^a| + b |x^a| max |∂(l_i − l_j)|) sec^{b+1}(arc/2)."""
        own = self._passive(majorant_of(values_of(exact)))
        value = total.value + flint.arb(0, self._error(own).upper())
        slopes = []
        for p, slope in enumerate(total.slopes):
            steep = largest_of(majorant_of(slopes_of(each, p)) for each in self._pairs)
            error = self._error(self._passive(majorant_of(slopes_of(exact, p)))) + count * self._error(
                multiplied(own, steep)
            )
            slopes.append(slope + flint.arb(0, error.upper()))
        return Dual(value, tuple(slopes))

    @cached_property
    def _pairs(self) -> tuple[Numbers, ...]:
        return self.hull.differences_with(self._zero)

    def _passive(self, majorant: Majorant) -> Majorant:
        """A majorant in active coordinates: the others have their moments."""
        result: dict[Exponents, flint.arb] = {}
        for e, coefficient in majorant.items():
            active, passive = self._split(e)
            value = coefficient * math.prod((absolute_moment(power) for power in passive), start=flint.arb(1))
            result[active] = result.get(active, flint.arb(0)) + value
        return result

    def _error(self, majorant: Majorant) -> flint.arb:
        errors = self._rule[2]
        return sum((coefficient * errors[e] for e, coefficient in majorant.items()), flint.arb(0))


@lru_cache(maxsize=512)
def _line(step: float, count: int, bits: int) -> tuple[FloatArray, FloatArray]:
    """Nodes, which are exact, and weights to the nearest doubles."""
    nodes: FloatArray = np.arange(-count, count + 1, dtype=np.float64) * step
    return nodes, np.array([float(mass) for mass in masses(step, count, bits)])


def _exponential(values: FloatArray, *, up: bool) -> FloatArray:
    """Bounds of e^x from above, infinite for large x, or from below."""
    powers = exponential(np.minimum(values, _LARGEST_EXPONENT))
    if not up:
        return powers * (1 - 2 * EXPONENTIAL_ERROR)
    bounds: FloatArray = powers * (1 + 2 * EXPONENTIAL_ERROR) + math.exp(-_LARGEST_EXPONENT)
    bounds[values > _LARGEST_EXPONENT] = math.inf
    return bounds


def _product(
    left: tuple[BallArray, tuple[BallArray, ...]], right: tuple[BallArray, tuple[BallArray, ...]]
) -> tuple[BallArray, tuple[BallArray, ...]]:
    slopes = tuple(a * right[0] + left[0] * b for a, b in zip(left[1], right[1], strict=True))
    return left[0] * right[0], slopes


def _times(left: Powers, right: Powers) -> Powers:
    result: Powers = {}
    for (first, a), (second, b) in product(left.items(), right.items()):
        e = tuple(map(add, first, second))
        value, slopes = _product(a, b)
        if e in result:
            value, slopes = result[e][0] + value, tuple(map(add, result[e][1], slopes))
        result[e] = value, slopes
    return result
