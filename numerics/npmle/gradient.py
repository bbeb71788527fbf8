"""How large the gradient function is anywhere: so far at most is the likelihood from the largest of all mixtures.

For every mixing distribution Q, by Jensen's inequality, n⁻¹ Σ log(p_Q(x_i)/p̂(x_i)) ≤ log n⁻¹ Σ p_Q(x_i)/p̂(x_i), which
is log ∫ (D + 1) dQ ≤ log(1 + sup D).
"""

from dataclasses import dataclass

import flint
import numpy as np

from emtheory.numerics.arithmetic.exponential import exponential
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import FloatArray
from emtheory.numerics.npmle.cover import Cover, make_cover
from emtheory.numerics.npmle.extrema import Bounded
from emtheory.numerics.npmle.polynomials import Basis, basis_for
from emtheory.numerics.npmle.problem import Mixing, Problem
from emtheory.numerics.npmle.ratios import ratios

_HALF_WIDTHS = {1: 0.25, 2: 0.25, 3: 0.5}
"""Of cells, by dimension, in units of σ. A choice: narrower ones are more, wider ones need more terms."""
_LOST = {1: 1e-17, 2: 1e-14, 3: 1e-6}
"""What a series may leave out, and points far away, relative to D + 1. A choice: less than the gaps asked for."""
_MOST_BOXES = 20_000_000
"""That are looked at. A choice: a minute or two."""
_SMALLEST = 2.0**-26
"""Half-width of boxes that are not halved any more: rounding errors are larger than what is left."""


@dataclass(frozen=True, eq=False)
class GradientBound:
    """What is known of the largest value of D + 1: it is between e^offset times `lower` and `upper`."""

    offset: float
    lower: float
    upper: float

    @property
    def gap(self) -> flint.arb:
        """A ball around log(1 + sup D), of which the upper end bounds how far the fit is from the best."""
        with arb_precision(128):
            return flint.arb(self.upper).log() + flint.arb(self.offset)


def gradient_cover(problem: Problem, mixing: Mixing, moved: float = 0.0) -> Cover:
    """Return the cover with the gradient function of a mixing distribution; errors are those of what it calls."""
    lost = _LOST[problem.m]
    basis: Basis = basis_for(_HALF_WIDTHS[problem.m], problem.m, lost)
    return make_cover(problem, ratios(problem, mixing, moved), basis, lost)


def bound_gradient(problem: Problem, mixing: Mixing, tolerance: float) -> GradientBound:
    """Bound the largest value of the gradient function over all of R^m.

    CannotAnswerError if the data are too far apart, or the fit too far from them.
    """
    cover = gradient_cover(problem, mixing)
    offset = cover.ratios.offset
    # Σ w_j D(θ_j) = 0, so that D is not negative at some atom; and D + 1 is at least a_i at x_i.
    lower = max(float(cover.ratios.least.max()), float(exponential(np.array([-offset]))[0]) * (1 - 2.0**-40))
    upper, seen = cover.elsewhere, 0
    for polynomials in cover.polynomials():
        bounded = Bounded(polynomials)
        boxes = bounded.whole()
        while len(boxes):
            local = bounded.local(boxes)
            seen += len(boxes)
            lower = max(lower, float(local.centre.max()))
            is_open = local.upper > lower * (1 + tolerance)
            if seen > _MOST_BOXES or boxes.half_width < _SMALLEST:
                is_open[:] = False
            upper = max(upper, float(local.upper[~is_open].max(initial=0.0)))
            boxes = boxes[is_open].halved()
    return GradientBound(offset, lower, max(upper, lower))


@dataclass(frozen=True, eq=False)
class Envelope:
    """Boxes that cover the data, by centres (B × m) and half-width, with bounds of D over each."""

    centres: FloatArray
    half_width: float
    lower: FloatArray
    upper: FloatArray


def envelope(problem: Problem, mixing: Mixing, most: int) -> Envelope | None:
    """Return bounds of D on boxes of one size that cover the data; None for fits so bad that D is beyond doubles.

    Parameters
    ----------
    problem, mixing
        The data, and any mixing distribution.
    most
        Boxes, if there are no more cells than that.
    """
    cover = gradient_cover(problem, mixing)
    if cover.ratios.offset:
        return None
    halvings, parts = 0, []
    while len(cover.cells) * 2 ** ((halvings + 1) * problem.m) <= most:
        halvings += 1
    for polynomials in cover.polynomials():
        bounded = Bounded(polynomials)
        boxes = bounded.whole()
        for _ in range(halvings):
            boxes = boxes.halved()
        local = bounded.local(boxes)
        centres = polynomials.centres[boxes.cells] + boxes.centres * (cover.basis.h / problem.scale)
        parts.append((centres, local.lower - 1, local.upper - 1))
    centres, lower, upper = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Envelope(centres, cover.basis.h / problem.scale / 2**halvings, lower, upper)
