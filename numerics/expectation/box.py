"""Means over a box of parameters, with their derivatives in these, in intervals over the nodes of the same rule.

Nodes are standard normal coordinates z, which do not depend on parameters: x = m + √v z does, and so data and fit are
differentiated alike. At each node log-ratios and observations are enclosed by their value at the centre and their
slopes over the box, posteriors by monotony, and ∂γ_j = γ_j Σ_i γ_i ∂(l_j − l_i). The rule's error is bounded by
majorants: in the strip a posterior is at most sec(arc/2), and polynomials have their coefficients' moduli.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add, mul

import flint
import numpy as np

from emtheory.numerics.arithmetic.ball_arrays import BallArray
from emtheory.numerics.arithmetic.rounding import SLACK
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.form import Exponents, Form, form_program
from emtheory.numerics.expectation.nodes import Part, batches, part_of
from emtheory.numerics.expectation.other_boxes import other_box
from emtheory.numerics.expectation.polynomials import combined, folded, moment, scaled
from emtheory.numerics.expectation.program import Dual, constant, dual_arithmetic, variables
from emtheory.numerics.expectation.rule_errors import RuleErrors
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import NORMAL, MixtureModel


@dataclass(frozen=True)
class Box:
    """A box of parameters.

    `centre`, `hull`: name → the parameter at the centre, and all over the box, as balls; `moving`: names of those in
    which derivatives are wanted; `vanishing`: components of the fit whose weights are any from 0 to those given, with
    which nothing moves.
    """

    centre: Mapping[str, flint.arb]
    hull: Mapping[str, flint.arb]
    moving: tuple[str, ...]
    vanishing: tuple[int, ...] = ()

    @cached_property
    def radii(self) -> tuple[float, ...]:
        """How far each moving parameter is from the centre at most."""
        return tuple(float((self.hull[name] - self.centre[name]).abs_upper()) * SLACK for name in self.moving)


@dataclass(frozen=True)
class BoxMeans:
    """What was wanted of one law over a box.

    `means`: Mean → its values and derivatives; `weights`, `log_slopes`: of each component of the data: its weight, and
    the derivatives of E log Σ_j e^{l_j} over it if they were wanted.
    """

    means: Mapping[Mean, Dual]
    weights: tuple[Dual, ...]
    log_slopes: tuple[tuple[flint.arb, ...], ...] = ()


def box_expectations(
    model: MixtureModel, wanted: Sequence[Mean], box: Box, accuracy: float, *, log: bool = False
) -> BoxMeans:
    """Enclose means and their derivatives over a box.

    `accuracy`: L; the errors of the rule are about e^{−L}; `log`: whether derivatives of E log Σ_j e^{l_j} are wanted,
    too. CannotAnswerError as `emtheory.numerics.expectation.point.expectations`.
    """
    if any(law.kind != NORMAL for each in model.data for law in each.laws):
        if box.vanishing:
            raise CannotAnswerError("a weight of the fit may be 0, for which only data that are normal are followed")
        return BoxMeans(*other_box(model, wanted, box.hull, box.moving, accuracy, log=log))
    one = constant(flint.arb(1), len(box.moving))
    rows = [(Term(mean, flint.arb(1), one),) for mean in wanted]
    values, weights, log_slopes = _over_components(model, rows, box, accuracy, log=log)
    return BoxMeans(dict(zip(wanted, values, strict=True)), weights, log_slopes)


@dataclass(frozen=True)
class Term:
    """A mean with a coefficient in the parameters.

    `mean`: the mean; `centre`, `hull`: its coefficient at the centre of a box, and all over it.
    """

    mean: Mean
    centre: flint.arb
    hull: Dual


def box_sums(model: MixtureModel, rows: Sequence[Sequence[Term]], box: Box, accuracy: float) -> list[Dual]:
    """Enclose sums of means with coefficients and their derivatives over a box.

    What is multiplied by the same posteriors is one polynomial in the observation, in which much may cancel that does
    not in the sum of the means.
    """
    if all(law.kind == NORMAL for each in model.data for law in each.laws):
        return _over_components(model, rows, box, accuracy)[0]
    wanted = tuple(dict.fromkeys(term.mean for row in rows for term in row))
    means = box_expectations(model, wanted, box, accuracy).means
    zero = constant(flint.arb(0), len(box.moving))
    return [reduce(add, (term.hull * means[term.mean] for term in row), zero) for row in rows]


def _over_components(
    model: MixtureModel, rows: Sequence[Sequence[Term]], box: Box, accuracy: float, *, log: bool = False
) -> tuple[list[Dual], tuple[Dual, ...], tuple[tuple[flint.arb, ...], ...]]:
    """The sums, the weights of the data's components, and the derivatives of E log Σ_j e^{l_j} over each of them."""
    program, count = form_program(model), len(box.moving)
    centres = program.forms(box.centre)
    hulls = program.forms(variables(box.hull, box.moving), dual_arithmetic(count))
    groups = [
        (r, posteriors, [term for term in row if term.mean.posteriors == posteriors])
        for r, row in enumerate(rows)
        for posteriors in dict.fromkeys(term.mean.posteriors for term in row)
    ]
    summed = [(posteriors, terms) for _, posteriors, terms in groups if posteriors]
    # Components that are exactly alike are looked at once.
    first = [next(i for i, other in enumerate(hulls) if other.is_like(hull)) for hull in hulls]
    curved = [c for c, hull in enumerate(hulls) if first[c] == c and hull.active and (summed or log)]
    if box.vanishing and any(first[c] == c and not hull.active for c, hull in enumerate(hulls)):
        raise CannotAnswerError("a weight of the fit may be 0 where posteriors are constant")
    degree = max((sum(term.mean.x) for _, terms in summed for term in terms), default=0)
    most = max((len(posteriors) for posteriors, _ in summed), default=0)
    parts = [_part(centres[c], hulls[c], summed, degree, most, accuracy) for c in curved]
    with np.errstate(all="ignore"):
        sums, logs = _sums(parts, [posteriors for posteriors, _ in summed], box, log=log)
    bounds = {c: (RuleErrors(part, count), place) for place, (c, part) in enumerate(zip(curved, parts, strict=True))}
    totals = [constant(flint.arb(0), count)] * len(rows)
    log_slopes = []
    for c, hull in enumerate(hulls):
        exact, spot, number = _Exact(hull, count), bounds.get(first[c]), 0
        for r, posteriors, terms in groups:
            if posteriors and spot is not None:
                value = spot[0].around(number, posteriors, sums[number], spot[1])
                number += 1
            else:
                value = exact.mean(combined(hull, [(t.hull, t.mean) for t in terms], exact.one), posteriors)
            totals[r] += hull.weight * value
        if log:
            varying = exact.fixed_log_slopes() if spot is None else spot[0].around_log(logs, spot[1])
            log_slopes.append(tuple(map(add, exact.reference.slopes, varying)))
    return totals, tuple(hull.weight for hull in hulls), tuple(log_slopes)


def _part(
    centre: Form,
    hull: Form,
    groups: Sequence[tuple[tuple[int, ...], Sequence[Term]]],
    degree: int,
    posteriors: int,
    accuracy: float,
) -> Part:
    """A component with the polynomial of each group, of which passive coordinates have been integrated."""
    one = constant(flint.arb(1), len(hull.weight.slopes))
    polynomials = tuple(
        (
            folded(combined(centre, [(t.centre, t.mean) for t in terms], flint.arb(1)), centre),
            folded(combined(hull, [(t.hull, t.mean) for t in terms], one), hull),
        )
        for _, terms in groups
    )
    return part_of(centre, hull, polynomials, degree, posteriors, accuracy)


def _sums(
    parts: Sequence[Part], groups: Sequence[tuple[int, ...]], box: Box, *, log: bool
) -> tuple[list[BallArray], BallArray]:
    """Sums over all nodes, with a column for each component: of what groups are wanted, and of slopes of logs."""
    rows, size = 1 + len(box.moving), len(parts)
    found = [BallArray(np.zeros((rows, size)), np.zeros((rows, size))) for _ in groups]
    logs = BallArray(np.zeros((rows - 1, size)), np.zeros((rows - 1, size)))
    for columns, nodes in batches(parts, box.radii, box.vanishing) if parts else ():
        for number, posteriors in enumerate(groups):
            _add(found[number], columns, nodes.sums(number, posteriors))
        if log:
            _add(logs, columns, nodes.log_slopes())
    return found, logs


def _add(total: BallArray, columns: list[int], more: BallArray) -> None:
    """Add to some columns, in place."""
    sums = total[:, columns] + more
    total.mid[:, columns], total.rad[:, columns] = sums.mid, sums.rad


@dataclass(frozen=True)
class _Exact:
    """What needs no nodes of a component: moments, and posteriors that no coordinate changes."""

    hull: Form
    count: int

    def mean(self, polynomial: Mapping[Exponents, Dual], posteriors: tuple[int, ...]) -> Dual:
        """E p(z) γ^b, where posteriors do not vary."""
        plain = reduce(add, (scaled(c, moment(e)) for e, c in polynomial.items() if moment(e)), self._zero)
        return reduce(mul, (self._posteriors[j] for j in posteriors), plain)

    @property
    def one(self) -> Dual:
        """1."""
        return constant(flint.arb(1), self.count)

    def fixed_log_slopes(self) -> tuple[flint.arb, ...]:
        """The derivatives of E log Σ_i e^{l_i − l_0} where posteriors do not vary."""
        ratios = [each.get((), self._zero) for each in self.hull.ratios]
        pairs = list(zip(self._posteriors[1:], ratios, strict=True))
        return tuple(sum((w.value * r.slopes[p] for w, r in pairs), flint.arb(0)) for p in range(self.count))

    @property
    def reference(self) -> Dual:
        """E l_0."""
        return reduce(add, (scaled(c, moment(e)) for e, c in self.hull.reference.items() if moment(e)), self._zero)

    @property
    def _zero(self) -> Dual:
        return constant(flint.arb(0), self.count)

    @cached_property
    def _posteriors(self) -> list[Dual]:
        arithmetic = dual_arithmetic(self.count)
        terms = [self.one, *(arithmetic.functions["exp"](each.get((), self._zero)) for each in self.hull.ratios)]
        total = reduce(add, terms)
        return [term / total for term in terms]
