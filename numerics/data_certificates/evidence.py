"""What is certified of EM on given data: a ball that it contracts, its fixed points, the likelihood there.

`search` finds what `prove` then shows; a verifier calls `prove` alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from emtheory.numerics.case import Case
from emtheory.numerics.data_certificates.basin import Basin, prove_basin, search_basin
from emtheory.numerics.data_certificates.complement import Complement, make_complement
from emtheory.numerics.data_certificates.contraction import Contraction, prove_contraction, search_contraction
from emtheory.numerics.data_certificates.fixed_point import FixedPoint, distinct, prove_fixed_point
from emtheory.numerics.data_certificates.log_likelihood import log_likelihood
from emtheory.numerics.data_certificates.points import Points, make_points
from emtheory.numerics.data_certificates.search_fixed_points import candidates, fixed_point_near
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.samples.posterior_sums import Workers, alone
from emtheory.numerics.samples.sample_em import Sample
from emtheory.numerics.samples.simplex import FloatArray

Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, eq=False)
class Data:
    """Checked data, prepared: what the posteriors see of them, and the rest."""

    sample: Sample
    points: Points
    complement: Complement


def prepare(case: Case, sample: Sample) -> Data:
    """Prepare checked data; CannotAnswerError if they are beyond what can be certified."""
    points = make_points(case, sample)
    return Data(sample, points, make_complement(sample, points.span))


@dataclass(frozen=True, eq=False)
class Located:
    """A fixed point with all that is certified about it: `point` on the span, and `complement` where it is beyond.

    `basin`: a ball from which EM converges to it, or None; not sought where a larger one is known; `log_likelihood`:
    ends of an enclosure of the mean log-likelihood there.
    """

    point: FixedPoint
    basin: Basin | None
    log_likelihood: Interval
    complement: Complement

    @cached_property
    def box(self) -> tuple[Interval, ...]:
        """Ends of its coordinates in all d dimensions."""
        centres = [*self.point.near, *self.complement.mean]
        errors = [*(self.point.error for _ in self.point.near), *self.complement.error]
        pairs = [(Fraction(float(x)), Fraction(float(error))) for x, error in zip(centres, errors, strict=True)]
        return tuple((x - error, x + error) for x, error in pairs)

    def is_within(self, radius: Fraction) -> bool:
        """Whether the whole box is in the ball around the origin."""
        return sum(max(abs(lower), abs(upper)) ** 2 for lower, upper in self.box) <= radius**2


@dataclass(frozen=True, eq=False)
class Evidence:
    """A ball that EM maps into itself and contracts, or None, and fixed points: the one in the ball is the first."""

    contraction: Contraction | None
    fixed_points: tuple[Located, ...]


Seed = tuple[FloatArray, Fraction | None]
"""Where a fixed point is, about, and the radius of a ball around it from which EM converges to it, if there is one."""


def prove(
    data: Data, radius: Fraction | None, cells: Collection[str], seeds: Sequence[Seed], share: Workers = alone
) -> Evidence:
    """Return what follows for data from what a search has found.

    CannotAnswerError if something does not follow; the message says what.

    Parameters
    ----------
    data
        As `prepare` returns them.
    radius, cells
        Of a ball around the origin that EM contracts, and names of cells that cover it; or None.
    seeds
        Where fixed points are.
    share
        Who does the work.
    """
    contraction = None
    if radius is not None:
        contraction = prove_contraction(data.points, data.complement, radius, cells, share)
        if not contraction.works:
            raise CannotAnswerError(f"EM is not shown to contract the ball of radius {radius} into itself")
    located = []
    for near, basin in seeds:
        point = prove_fixed_point(data.points, near, share)
        if point is None:
            raise CannotAnswerError("there is no proof of a fixed point where one is said to be")
        located.append(_located(data, point, prove_basin(data.points, point, basin, share), share))
    if len(distinct([each.point for each in located])) < len(located):
        raise CannotAnswerError("fixed points are not told apart")
    if radius is not None and not (located and located[0].is_within(radius)):
        raise CannotAnswerError("the fixed point in the ball is not located")
    return Evidence(contraction, tuple(located))


def search(data: Data, radius: Fraction, share: Workers = alone) -> tuple[Evidence, str]:
    """Find and prove what there is: of the ball asked for, or if that does not work of a smaller one, and why.

    CannotAnswerError if exponents are too large for double precision.

    Parameters
    ----------
    data
        As `prepare` returns them.
    radius
        Of the ball around the origin.
    share
        Who does the work.
    """
    contraction, reason = search_contraction(data.points, data.complement, radius, share)
    starts = [fixed_point_near(data.points, np.zeros(data.points.span), share)]
    starts += candidates(data.points, data.sample, float(radius), share)
    proved = distinct([point for start in starts if (point := prove_fixed_point(data.points, start, share))])
    located = [_located(data, point, None, share) for point in proved]
    alone = [] if contraction is None else [each for each in located if each.is_within(contraction.radius)]
    if contraction is not None and not alone:
        contraction, reason = None, reason or "the fixed point in the ball could not be located"
    others = [
        replace(each, basin=search_basin(data.points, each.point, share)) for each in located if each not in alone
    ]
    return Evidence(contraction, (*alone, *others)), reason


def _located(data: Data, point: FixedPoint, basin: Basin | None, share: Workers) -> Located:
    return Located(point, basin, log_likelihood(data.points, data.complement, point, share), data.complement)
