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
from emtheory.numerics.expectation.dual import Dual, constant, dual_arithmetic, variables
from emtheory.numerics.expectation.form import Form, form_program
from emtheory.numerics.expectation.nodes import Part, batches, part_of
from emtheory.numerics.expectation.other_boxes import other_box
from emtheory.numerics.expectation.point import polynomial_of
from emtheory.numerics.expectation.polynomials import moment, scaled
from emtheory.numerics.expectation.rule_errors import RuleErrors
from emtheory.theory.mixtures.means import Mean
from emtheory.theory.mixtures.model import NORMAL, MixtureModel


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
    exact = [_Exact(hull, count) for hull in hulls]
    posterior = [mean for mean in wanted if mean.posteriors]
    curved = [c for c, hull in enumerate(hulls) if hull.active and (posterior or log)]
    degree = max((sum(mean.x) for mean in posterior), default=0)
    most = max((len(mean.posteriors) for mean in posterior), default=0)
    parts = [part_of(centres[c], hulls[c], degree, most, accuracy) for c in curved]
    with np.errstate(all="ignore"):
        sums, logs = _sums(parts, posterior, box, log=log)
    bounds = [RuleErrors(part, count) for part in parts]
    totals = {}
    for mean in wanted:
        own = [each.mean(mean) for each in exact] if not mean.posteriors else [each.fixed(mean) for each in exact]
        for place, c in enumerate(curved if mean.posteriors else []):
            own[c] = bounds[place].around(mean, sums[mean], place)
        totals[mean] = reduce(add, (hull.weight * each for hull, each in zip(hulls, own, strict=True)))
    log_slopes = []
    for c, each in enumerate(exact if log else []):
        spot = curved.index(c) if c in curved else None
        varying = each.fixed_log_slopes() if spot is None else bounds[spot].around_log(logs, spot)
        log_slopes.append(tuple(map(add, each.reference.slopes, varying)))
    return BoxMeans(totals, tuple(hull.weight for hull in hulls), tuple(log_slopes))


def _sums(
    parts: Sequence[Part], wanted: Sequence[Mean], box: Box, *, log: bool
) -> tuple[dict[Mean, BallArray], BallArray]:
    """Sums over all nodes, with a column for each component: of what means are wanted, and of slopes of logs."""
    rows, size = 1 + len(box.moving), len(parts)
    found = {mean: BallArray(np.zeros((rows, size)), np.zeros((rows, size))) for mean in wanted}
    logs = BallArray(np.zeros((rows - 1, size)), np.zeros((rows - 1, size)))
    for columns, nodes in batches(parts, box.radii) if parts else ():
        for mean, total in found.items():
            _add(total, columns, nodes.sums(mean))
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

    def mean(self, mean: Mean) -> Dual:
        """E x^a."""
        polynomial = polynomial_of(self.hull, mean, constant(flint.arb(1), self.count))
        return reduce(add, (scaled(c, moment(e)) for e, c in polynomial.items() if moment(e)), self._zero)

    def fixed(self, mean: Mean) -> Dual:
        """E x^a γ^b where posteriors do not vary; else 0, in place of which there are sums."""
        if self.hull.active:
            return self._zero
        return reduce(mul, (self._posteriors[j] for j in mean.posteriors), self.mean(mean))

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
        arithmetic, one = dual_arithmetic(self.count), constant(flint.arb(1), self.count)
        terms = [one, *(arithmetic.functions["exp"](each.get((), self._zero)) for each in self.hull.ratios)]
        total = reduce(add, terms)
        return [term / total for term in terms]
