"""Population EM on the simplex ray, enclosed: KL step by step, and the number of steps until KL ≤ eps, also off it.

A step is x ↦ (1 − β(x))² x for x = s² = r²k/(k − 1). Few take a quadrature each. Where there will be many, β is
modelled as a function of t = log x on all of the way (`emtheory.numerics.arithmetic.chebyshev`): that takes as many
quadratures as the model has points, however many steps there are. By the mean value theorem a step t ↦ t + 2 log(1 − β)
multiplies the error of t by 1 − 2β'/(1 − β), which is below 1 where β rises: errors do not grow. Near the origin an
expansion serves.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.any_point.ball_product_rule import ray_moments
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb, to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Model, make_grid
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import MAX_STEPS, first_below, keeps_simplex, require_simplex_kept
from emtheory.numerics.simplex_point.ball_partition import kl_at, power_sum, weight_counts
from emtheory.numerics.simplex_point.laplace import DOUBLES, posterior_moments
from emtheory.numerics.simplex_point.origin_expansion import (
    HIGHEST_ORDER,
    expansion_reach,
    expansion_value,
    mean_power_expansion,
    power_expansion,
    sufficient_order,
)
from emtheory.numerics.simplex_point.reach import squared_spread
from emtheory.numerics.trajectories import ball_amplitudes

_SLOPE = flint.fmpq(3, 2)
"""Bound on |dβ/dx| (docs/error-bounds.md, section 12)."""
_CURVATURE = flint.fmpq(37, 2)
"""Bound on |d²β/dx²| (section 12): near the origin the slope is about that at the origin."""
_FLOAT_ACCURACY = 12.0
"""Of β in double precision, with which steps are only counted beforehand."""
_BITS_PER_POINT = 2
"""A model's polynomial loses log_2(1 + √2) = 1.3 bits for each point, to cancellation among powers of x."""

_ABOVE = 1 + 1e-9
"""The model reaches a little beyond the start, which as a double is rounded."""

Step = Callable[[flint.arb], tuple[flint.arb, flint.arb]]
"""x ↦ balls around β(x) and around x after a step."""


def ray_step(case: Case, end: float, accuracy: float) -> Step:
    """Return the function that makes a step to about e^{−accuracy}; its cost depends on `end`, about the least x."""
    series = power_expansion(case, HIGHEST_ORDER, 1)
    initial_slope = abs(series.coefficients[1].ball())
    ratio = flint.fmpq(case.k - 1, case.k)
    model = _model(case, max(end, expansion_reach(accuracy)), accuracy)

    def step(x: flint.arb) -> tuple[flint.arb, flint.arb]:
        if not x > 0 or sufficient_order(x, accuracy):
            power = expansion_value(series, x)
        elif model is not None and model.covers(x):
            return model.step(x)
        else:
            at_centre: flint.arb = ray_moments(case, x.mid() * ratio, accuracy, 2).power(1)
            slope = flint.arb(_SLOPE).min(initial_slope + x.abs_upper() * _CURVATURE)
            power = at_centre + slope * flint.arb(0, x.rad())
        factor = 1 - power
        return power, x * factor * factor

    return step


@dataclass(frozen=True)
class _PowerModel:
    """β as a function of t = log x for start ≤ t ≤ end, which are exact.

    Polynomials in powers are evaluated at exact points, with so many more bits as these cancel.
    """

    start: flint.arb
    end: flint.arb
    model: Model
    bits: int

    def covers(self, x: flint.arb) -> bool:
        """Whether all of a positive ball certainly lies where the model holds."""
        t = x.log()
        return bool(t >= self.start and t <= self.end)

    def step(self, x: flint.arb) -> tuple[flint.arb, flint.arb]:
        """Return balls around β and the next x for every x of a ball that the model covers."""
        with arb_precision(flint.ctx.prec + self.bits):
            t, scale = x.log(), 2 / (self.end - self.start)
            centre = t.mid()
            power = self.model.at((centre - self.start) * scale - 1)
            # Of β in t, for all t of the ball.
            slope = self.model.slopes((t - self.start) * scale - 1) * scale
            away = t - centre
            everywhere = power + slope * away
            image = centre + 2 * (-power).log1p() + (1 - 2 * slope / (1 - everywhere)) * away
            return everywhere, image.exp()


def _model(case: Case, lowest: float, accuracy: float) -> _PowerModel | None:
    """Return a model down to x = `lowest`, or None if it would take more quadratures than there are steps."""
    highest = float(case.squared_radius * case.k / (case.k - 1))
    if not 0 < lowest < highest:
        return None
    start, end = flint.arb(lowest).log().mid(), flint.arb(_ABOVE * highest).log().mid()
    grid = make_grid(1.0, case.k - 1, (start, end), (Fraction(0), Fraction(1)), accuracy)
    if not _takes_more_steps(case, grid.axis.count, lowest):
        return None
    bits = _BITS_PER_POINT * grid.axis.count
    ratio = flint.fmpq(case.k - 1, case.k)
    with arb_precision(flint.ctx.prec + bits):
        points = grid.axis.points
    values = [ray_moments(case, t.exp() * ratio, accuracy, 2).power(1) for t in points]
    with arb_precision(flint.ctx.prec + bits):
        return _PowerModel(start, end, grid.model(values), bits)


def _takes_more_steps(case: Case, count: int, lowest: float) -> bool:
    """Whether after so many steps x seems to be above `lowest` still, in double precision."""
    ratio = case.k / (case.k - 1)
    radius = math.sqrt(case.squared_radius)
    for _ in range(count):
        try:
            there = case.at_radius(Fraction(radius))
            radius *= 1 - posterior_moments(DOUBLES, there, 2, _FLOAT_ACCURACY).power(1)
        except CannotAnswerError:
            return False
        if radius * radius * ratio <= lowest:
            return False
    return True


_MARGIN = 0.9
"""Of the least x that KL is wanted at: the last step ends a little below it."""
_ACCURACIES = (24.0, 60.0, 120.0)
"""L that are tried in turn: the first one, 4e−11, suffices unless the KL after some step is as near to eps; what 1e−52
leaves open is given up."""


def steps_to_kl(case: Case, eps: Fraction) -> int:
    """Return the first t with KL(θ_t) ≤ eps, proved.

    KL decreases at every step, so only the steps of a search need it. Its quadrature is done at the centre of the ball
    around x = s² = r²k/(k − 1); its radius enters by dKL/d(r²) = β/2. Near the origin expansions, which hold for every
    x of a ball, take its place. CannotAnswerError if EM leaves the simplex, too many steps are needed, or some KL
    cannot be told from eps.
    """
    require_simplex_kept(case)
    for accuracy in _ACCURACIES:
        with arb_precision(working_bits(accuracy + smallness(eps))):
            steps = first_below(_excess(case, eps, accuracy))
        if steps is not None:
            return steps
    raise CannotAnswerError("KL after some step cannot be told from eps")


def prove_steps(case: Case, steps: int, eps: Fraction) -> bool:
    """Whether `steps` is certainly the first t with KL(θ_t) ≤ eps, as KL decreases; False means not proved."""
    require_simplex_kept(case)
    for accuracy in _ACCURACIES:
        with arb_precision(working_bits(accuracy + smallness(eps))):
            excess = _excess(case, eps, accuracy)
            if excess(steps)[0] <= 0 and (steps == 0 or excess(steps - 1)[0] > 0):
                return True
    return False


def followed(case: Case, steps: int, least: Fraction, digits: int) -> list[tuple[Enclosure, Enclosure]]:
    """Return KL and the factor 1 − β of the next step at the start and after each step, all to so many digits.

    CannotAnswerError if EM leaves the simplex, tables would be too large, or the error outgrows the values.

    `case`: the mixture with its point, not the origin, on a simplex that EM keeps; `steps`: at most; `least`: positive:
    no more steps are followed once KL is below; `digits`: significant digits that each enclosure has.
    """
    require_simplex_kept(case)
    for accuracy in _ACCURACIES:
        found: list[tuple[Enclosure, Enclosure]] = []
        with arb_precision(working_bits(accuracy + smallness(least))):
            at = _trajectory(case, least, accuracy)
            while len(found) <= steps and not (found and found[-1][0].upper < least):
                kl, power = at(len(found))
                if not (kl.is_finite() and power.is_finite()):
                    break
                one, factor = (Enclosure(*ball_bounds(ball), Level.CERTIFIED, "ball") for ball in (kl, 1 - power))
                if not (one.has_digits(digits) and factor.has_digits(digits)):
                    break
                found.append((one, factor))
            else:
                return found
    raise CannotAnswerError("the error has outgrown the values")


def _excess(case: Case, eps: Fraction, accuracy: float) -> Callable[[int], tuple[flint.arb, flint.arb]]:
    """Return step ↦ balls around log(KL/eps) and −2 log(1 − β) there."""
    at = _trajectory(case, eps, accuracy)

    def excess(step: int) -> tuple[flint.arb, flint.arb]:
        kl, power = at(step)
        return (kl / to_fmpq(eps)).log(), -2 * (1 - power).log()

    return excess


def _trajectory(case: Case, eps: Fraction, accuracy: float) -> Callable[[int], tuple[flint.arb, flint.arb]]:
    """Return step ↦ balls around KL and β there, good while KL is not much below eps; extended as needed."""
    ratio = flint.fmpq(case.k, case.k - 1)
    small = accuracy + smallness(eps)
    mean_series = mean_power_expansion(case, HIGHEST_ORDER)
    take_step = ray_step(case, _square_at(case, float(eps)), accuracy)
    squares = [to_arb(case.squared_radius) * ratio]
    powers: list[flint.arb] = []

    def divergence(x: flint.arb, power: flint.arb) -> flint.arb:
        if not x > 0 or sufficient_order(x, small):
            return x / (2 * ratio) * expansion_value(mean_series, x)
        return kl_at(case, x.mid().sqrt(), small) + power / (2 * ratio) * flint.arb(0, x.rad())

    def at(step: int) -> tuple[flint.arb, flint.arb]:
        while len(powers) <= step:
            power, image = take_step(squares[-1])
            powers.append(power)
            squares.append(image)
        return divergence(squares[step], powers[step]), powers[step]

    return at


def _square_at(case: Case, eps: float) -> float:
    """Return an x a little below that at which KL is eps: gx/2 + x²(k − 1)/(4k²), g = Σπ_j² − 1/k, is hardly less."""
    half = float(flint.arb(power_sum(weight_counts(case)) - flint.fmpq(1, case.k))) / 2
    quadratic = (case.k - 1) / (4 * case.k**2)
    return eps and _MARGIN * 2 * eps / (half + math.sqrt(half * half + 4 * quadratic * eps))


def iterations_to_kl(case: Case, digits: int, eps: Fraction) -> Enclosure:
    """Steps of population EM, its trajectory enclosed; an integer."""
    if case.on_simplex and keeps_simplex(case):
        squared_spread(case, "ball")
        steps = Fraction(steps_to_kl(case, eps))
    else:
        steps = Fraction(ball_amplitudes.steps_to_kl(case, eps))
    return Enclosure(steps, steps, Level.CERTIFIED, "ball")


def prove_iterations_to_kl(case: Case, found: Enclosure, eps: Fraction) -> bool:
    """Whether the number of steps is certainly right; the enclosure must be one integer of at most MAX_STEPS."""
    steps = Fraction(found.lower)
    proper = found.lower == found.upper and steps.denominator == 1 and 0 <= steps <= MAX_STEPS
    return proper and prove_steps(case, int(steps), eps)
