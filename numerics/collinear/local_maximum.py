"""A strict local maximum of the expected log-likelihood in the means, near means that are given.

Newton's method from there proposes it; Krawczyk's test shows that the box of half-width `NEAR` around the given means
has exactly one stationary point, and a narrow box inside the first one where it is; there the Hessian is negative
definite. EM never lowers the likelihood, so a strict local maximum attracts every start near enough.
"""

import math
from dataclasses import replace
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.arithmetic.krawczyk import has_one_zero, newton_step
from emtheory.numerics.collinear.model import Law, gradient, hessian, kl_divergence
from emtheory.numerics.errors import CannotAnswerError

NEAR = Fraction(1, 100)
"""Half-width of the box around the means that are given. A choice: where the likelihood bends little, as it does in the
direction in which two means of one cluster part, the test does not succeed on much larger ones."""
_STEPS = 40
"""Of Newton's method, more than it takes from nearby."""
_WIDE_ACCURACY = 20.0
"""L of derivatives over boxes, whose width matters more."""


def local_maximum(law: Law, accuracy: float) -> list[flint.arb]:
    """Enclose the means of the local maximum in the box around those of the fit, at Arb's precision in force.

    Parameters
    ----------
    law
        The data and the fit, of exact numbers or narrow balls.
    accuracy
        L: the enclosures are about e^{−L} wide.

    Raises
    ------
    CannotAnswerError
        If a test fails: there is no stationary point nearby, or it is not shown to be the only one or a maximum.
    """
    given = law.fit.means
    near = flint.arb(to_fmpq(NEAR)).lower()
    box = [mean + flint.arb(0, near) for mean in given]
    if not _is_only_one(law, list(given), box, min(accuracy, _WIDE_ACCURACY)):
        raise CannotAnswerError(f"no single stationary point is shown within {NEAR} of the means: begin nearer to it")
    point = _refined(law, [mean.mid() for mean in given], accuracy)
    width = (-flint.arb(accuracy)).exp().upper() * 100
    narrow = [mean + flint.arb(0, width) for mean in point]
    inside = all(around.contains(each) for around, each in zip(box, narrow, strict=True))
    if not (inside and _is_only_one(law, point, narrow, accuracy)):
        raise CannotAnswerError("the stationary point is not enclosed to so many digits")
    negative = [[-entry for entry in row] for row in hessian(_at(law, narrow), _WIDE_ACCURACY)]
    if not smallest_eigenvalue(negative, _WIDE_ACCURACY) > 0:
        raise CannotAnswerError("the stationary point near these means is not shown to be a strict local maximum")
    return narrow


def kl_at_local_maximum(law: Law, accuracy: float) -> flint.arb:
    """Enclose KL(truth ‖ fit) there, by the mean value theorem from the centre of the box.

    Parameters
    ----------
    law, accuracy
        As for `local_maximum`.
    """
    box = local_maximum(law, accuracy)
    centre = [each.mid() for each in box]
    slopes = gradient(_at(law, box), _WIDE_ACCURACY)
    moves = (slope * (each - middle) for slope, each, middle in zip(slopes, box, centre, strict=True))
    return kl_divergence(_at(law, centre), accuracy) - sum(moves, start=flint.arb(0))


def _is_only_one(law: Law, centre: list[flint.arb], box: list[flint.arb], accuracy: float) -> bool:
    place = _at(law, centre)
    values = gradient(place, accuracy + math.log(100))
    near = flint.arb_mat(hessian(place, _WIDE_ACCURACY))
    wide = flint.arb_mat(hessian(_at(law, box), _WIDE_ACCURACY))
    return has_one_zero(centre, box, values, near, wide)


def _refined(law: Law, point: list[flint.arb], accuracy: float) -> list[flint.arb]:
    reached = _WIDE_ACCURACY
    for _ in range(_STEPS):
        place = _at(law, point)
        try:
            step = newton_step(gradient(place, reached + 3), flint.arb_mat(hessian(place, _WIDE_ACCURACY)))
        except ZeroDivisionError:
            break
        point = [(each - move).mid() for each, move in zip(point, step, strict=True)]
        if all(abs(move) < (-flint.arb(reached)).exp() * 10 for move in step):
            if reached >= accuracy:
                return point
            reached = min(accuracy, 2 * reached)
    raise CannotAnswerError("Newton's method does not converge to a stationary point near these means")


def _at(law: Law, means: list[flint.arb]) -> Law:
    return replace(law, fit=replace(law.fit, means=tuple(means)))
