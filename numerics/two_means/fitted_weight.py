"""EM with the weight fitted along with θ: (θ, W) ↦ (E[X tanh(θX + a)], E γ), γ = ½(1 + tanh(θX + a)), in balls.

With the variance fitted, too, that of the step is E X² − θ², θ being the new one.

The truth (μ, W₀) is a fixed point, and so is its mirror image (−μ, 1 − W₀), which is the same density; the map commutes
with (θ, W) ↦ (−θ, 1 − W). A box around the truth on which the map contracts, in a weighted maximum norm, is a part of
its basin: an orbit that enters it tends to the truth (docs/error-bounds.md, section 15).
"""

import math
from dataclasses import dataclass, replace

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.two_means.case import TwoMeans
from emtheory.numerics.two_means.expectation import XS, XT, Integrand, T
from emtheory.numerics.two_means.model import Parameters, Slopes, sides

S = Integrand(sech=1)
"""sech²."""
MAX_STEPS = 2000
"""Of an orbit, after which it is not known where it goes. A choice: seconds."""
_REGION_ACCURACY = 15.0
"""L of derivatives over boxes."""
_HALVINGS = 24
"""Sizes of the box that are tried, from half of μ on."""


@dataclass(frozen=True)
class Region:
    """Half-widths in θ and W of a box around the truth on which EM contracts."""

    theta: flint.arb
    weight: flint.arb


def weight_map(p: Parameters, accuracy: float) -> flint.arb:
    """W′ = E[½(1 + tanh(sX + a))], s = θ/v: the mean posterior probability."""
    return (1 + sides(p, (T,), accuracy).mean(T)) / 2


def weight_map_slopes(p: Parameters, accuracy: float) -> Slopes:
    """The derivatives of W′ in every variable."""
    found = sides(p, (T, S, XS), accuracy)
    return {
        "theta": found.mean(XS) / (2 * p.fit_variance),
        "separation": found.shifted((p.slope, S)) / 2,
        "truth_weight": found.contrast(T) / 2,
        "fit_weight": p.offset_slope * found.mean(S) / 2,
        "fit_variance": -p.slope * found.mean(XS) / (2 * p.fit_variance),
    }


def step(p: Parameters, accuracy: float, *, scale: bool = False) -> Parameters:
    """Return the law and the fit after one step.

    Parameters
    ----------
    p, accuracy
        The law and the fit, and L.
    scale
        Whether the variance is fitted, too.
    """
    found = sides(p, (XT, T), accuracy)
    after = replace(p, theta=found.mean(XT), fit_weight=(1 + found.mean(T)) / 2)
    return replace(after, fit_variance=p.second_moment - after.theta**2) if scale else after


def orbit(p: Parameters, accuracy: float, steps: int, *, scale: bool = False) -> Parameters:
    """Return the law and the fit after some steps.

    Parameters
    ----------
    p, accuracy, steps
        The law and the fit, L of each step, and their number.
    scale
        Whether the variance is fitted, too.
    """
    for _ in range(steps):
        p = step(p, accuracy, scale=scale)
    return p


def region(p: TwoMeans) -> Region:
    """Return a box around the truth that is shown to be in its basin, at Arb's precision in force.

    Parameters
    ----------
    p
        The law; its fit is not used.

    Raises
    ------
    CannotAnswerError
        If there is none that is seen, as for μ = 0.
    """
    truth = replace(p, theta=p.separation, fit_weight=p.truth_weight).balls()
    if not (p.separation > 0 and 0 < p.truth_weight < 1):
        raise CannotAnswerError("the limit is followed for μ > 0 and weights of the data between 0 and 1 only")
    ratio = _ratio(_jacobian(truth))
    weight = flint.arb(to_fmpq(p.separation / 2)) * ratio
    inside = flint.arb(to_fmpq(min(p.truth_weight, 1 - p.truth_weight))) / 2
    size = min(weight, inside, key=float) / ratio
    for _ in range(_HALVINGS):
        half = Region(size.mid(), (size * ratio).mid())
        box = replace(
            truth,
            theta=truth.theta + flint.arb(0, half.theta),
            fit_weight=truth.fit_weight + flint.arb(0, half.weight),
        )
        rows = _jacobian(box)
        scaled = flint.arb(half.weight / half.theta)
        sums = (abs(rows[0][0]) + abs(rows[0][1]) * scaled, abs(rows[1][0]) / scaled + abs(rows[1][1]))
        if all(each < 1 for each in sums):
            return half
        size /= 2
    raise CannotAnswerError("no box around the truth is shown to be in its basin")


def side(p: TwoMeans, accuracy: float, basin: Region) -> int:
    """Return 1 if EM from the fit tends to the truth, −1 if to its mirror image, 0 if that is not seen.

    Parameters
    ----------
    p
        The law, and the fit to start from.
    accuracy
        L of each step.
    basin
        A box that `region` gave.
    """
    balls = p.balls()
    mu, weight = balls.separation, balls.truth_weight
    for _ in range(MAX_STEPS):
        for sign, place in ((1, weight), (-1, 1 - weight)):
            near = abs(balls.theta - sign * mu) < basin.theta
            if near and abs(balls.fit_weight - place) < basin.weight:
                return sign
        if balls.theta.contains(0) and balls.fit_weight.contains(flint.arb(1) / 2):
            return 0
        try:
            balls = step(balls, accuracy)
        except CannotAnswerError:
            return 0
    return 0


def _jacobian(p: Parameters) -> list[list[flint.arb]]:
    """The derivatives of (M, W′) in (θ, W)."""
    found = sides(p, (Integrand(2, 0, 1), XS, S), _REGION_ACCURACY)
    slope, first = p.offset_slope, found.mean(XS)
    return [[found.mean(Integrand(2, 0, 1)), slope * first], [first / 2, slope * found.mean(S) / 2]]


def _ratio(rows: list[list[flint.arb]]) -> flint.arb:
    """The ratio of widths in W and θ for which the norm of the Jacobian is least: that of an eigenvector of |J|."""
    (a, b), (c, d) = [[abs(float(entry.mid())) for entry in row] for row in rows]
    if not (b and c):
        return flint.arb(1)
    largest = (a + d) / 2 + math.hypot((a - d) / 2, math.sqrt(b * c))
    return flint.arb((largest - a) / b)
