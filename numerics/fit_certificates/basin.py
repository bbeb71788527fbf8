"""A ball around a stationary point from which EM on given data provably converges to it.

Along a segment from the point EM comes as far as the mean of its derivative's norm allows. At every place of the
segment that norm is at most the one on a smaller ball, so that what counts is the mean over balls of growing radius.

In coordinates y (`stationary`) EM's map M has at η the derivative C⁻¹ (∂c(η′)ᵀ V(η) ∂c(η)), η′ = M(η), where C is the
complete information at η′ with the posteriors at η. With V semidefinite, ‖∂c(η′)ᵀV∂c(η)‖ is at most the larger of
‖∂c(·)ᵀV∂c(·)‖ at η′ and at η (Cauchy and Schwarz). So if on a ball |y| ≤ ρ

    q = sup ‖Xᵀ∂c(η′)ᵀ V̂ ∂c(η′)X‖ / inf C/I < 1,

where V̂ is at least V(η) at every η of the ball (`Reach`), M takes every η of the ball about the point that lies in it
nearer to the point by the factor q: along a segment from the point, M cannot leave the ball before its end.
"""

from collections.abc import Callable
from dataclasses import dataclass

import flint
import numpy as np

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.arithmetic.rounding import SLACK, FloatArray
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.fit_certificates.family import Family
from emtheory.numerics.fit_certificates.stationary import Stationary, around, floats, largest_row, pencil
from emtheory.numerics.fit_certificates.statistics import BITS, Reach, pulled, shifted, statistics

Factor = Callable[[float], float]
"""An upper bound of the norm of EM's derivative on the ball of a radius around a point, if EM stays in the ball."""

_RADII = tuple(float(f"{2.0 ** (exponent / 4):.3g}") for exponent in range(24, -81, -1))
"""Of balls that are tried, the largest first, by halving their number."""
_SHELLS = 4
"""Balls of a radius and of parts of it, over which the mean is taken. A choice: each goes once through the data."""


@dataclass(frozen=True)
class Basin:
    """|M(y) − y*| ≤ factor |y − y*| for |y − y*| ≤ radius, in Euclid's norm."""

    radius: float
    factor: float


def prove_basin(factor_on: Factor, radius: float) -> Basin:
    """Return the factor on a ball; CannotAnswerError if EM is not shown to come nearer everywhere on it."""
    whole, worst = 0.0, 0.0
    for shell in range(1, _SHELLS + 1):
        whole += factor_on(radius * shell / _SHELLS * SLACK)
        worst = max(worst, whole / shell * SLACK)
        if not worst < 1:
            raise CannotAnswerError("EM is not shown to contract around the fit")
    return Basin(radius, worst)


def search_basin(factor_on: Factor, rate: float) -> Basin | None:
    """Return a ball, as large as its proof allows, on which EM contracts by at most (1 + rate)/2 a step, or None.

    The rate is EM's at the point, or more.
    """
    best, low, high = None, 0, len(_RADII) if rate < 1 else 0
    while low < high:
        middle = (low + high) // 2
        try:
            found = prove_basin(factor_on, _RADII[middle])
        except CannotAnswerError:
            found = None
        if found is None or found.factor > (1 + rate) / 2:
            low = middle + 1
        else:
            best, high = found, middle
    return best


def factor_near(point: Stationary, rows: FloatArray) -> Factor:
    """Return the bound around a stationary point of any mixture."""
    return lambda radius: _factor(point, rows, radius)


def _factor(point: Stationary, rows: FloatArray, radius: float) -> float:
    """Return an upper bound of the norm of EM's derivative on a ball that EM maps into itself."""
    family, basis = point.family, point.basis
    with arb_precision(BITS):
        p = basis.nrows()
        reach = (radius + point.error * p**0.5 * SLACK) * SLACK
        centre = family.centre
        box = around(centre, basis, reach, ball=True)
        slopes, near = family.slopes(box), family.slopes(centre)
        found = statistics(family, rows, family.coefficients(centre), _reach(family, slopes * basis, reach))
        first, _ = shifted(found, family)
        inside = -(basis.transpose() * family.curvature(box, first) * basis)
        size, shares = (flint.arb(reach) * (1 + point.complete_error)) ** 2, first[:: family.shape[1]]
        masses = [(mass / size, here / mass) for mass, here in zip(point.masses, shares, strict=True)]
        least = family.least_curvature(masses, box)
        least = (least * (1 - point.complete_error)).max(1 - largest_row(inside - 1))
        size = _norm(near * basis, (slopes - near) * basis, found.covariance)
        if any(shift != 0 for shift in family.shifts):
            left = pulled(near, family) * basis, pulled(slopes - near, family) * basis
            size = (size * _norm(*left, found.covariance)).sqrt()
        factor = size / least
        if not (least > 0 and factor.is_finite()):
            raise CannotAnswerError("EM is not shown to contract around the fit")
        return float(factor.upper()) * SLACK


def _reach(family: Family, slopes: flint.arb_mat, radius: float) -> Reach:
    """How far exponents change on the ball: by the mean value theorem as much as ∂c X on it allows."""
    k, q = family.shape
    entries = slopes.tolist()
    mid = np.array([[float(x.mid()) for x in row] for row in entries])
    spread = np.array([[float(x.rad()) for x in row] for row in entries]) * SLACK + abs(mid) * 2.0**-50
    return Reach(radius, mid.reshape(k, q, -1), spread.reshape(k, q, -1))


def _norm(slopes: flint.arb_mat, change: flint.arb_mat, covariance: flint.arb_mat) -> flint.arb:
    """An upper bound of ‖(S + Δ)ᵀV(S + Δ)‖, where S is exact, nearly, and Δ in a box around 0."""
    whole = slopes.transpose() * covariance * slopes
    near = floats(whole)
    if not np.isfinite(near).all():
        raise CannotAnswerError("the means over the data are not bounded on the ball")
    _, vectors = np.linalg.eigh(near)
    turn = flint.arb_mat(vectors.tolist())
    largest = pencil(turn.transpose() * whole * turn, turn.transpose() * turn)[-1].max(flint.arb(0))
    rest = largest_row(change.transpose() * covariance * change)
    return ((largest.upper().sqrt() + rest.upper().sqrt()) ** 2).upper()
