"""Population EM's iterates to the digits wanted: amplitudes, KL, factors, PL ratio, distance from the simplex.

Off the simplex the amplitudes are carried along as a ball that provably contains them (`ball_amplitudes`);
the values are enclosures over that ball. Where EM keeps the simplex and there are many directions, the radius is
carried along to more digits than are shown, and the level is `supported`. Elsewhere several trajectories in double
precision, each on Sobol points of its own, give Student intervals, level `observed`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import flint

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.any_point.ball_values import exact_amplitudes
from emtheory.numerics.any_point.expressions import leading_divergence
from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_arb
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import keeps_simplex, rounded
from emtheory.numerics.samples.estimate import student
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND
from emtheory.numerics.trajectories.ball_amplitudes import AmplitudeBall, ball_of, divergence, em_step, norm
from emtheory.numerics.trajectories.float_amplitudes import population_trajectory

MAX_DIRECTIONS = 5
"""For enclosures: k ≤ 6, or few amplitudes that are not zero."""
MAX_DIGITS = 30
"""A choice: in balls lattices grow with a high power of the digits, and every iterate needs one."""
_GUARD_DIGITS = 4
"""Beyond those wanted, at the start; smaller values later have fewer, which their intervals show."""
_SPARE = 8.0
"""Accuracy for what a trajectory loses; up to six digits it is then all in double precision."""
_TRAJECTORIES = 6
"""On Sobol points."""
_CARRIED_DIGITS = 15
"""Beyond those shown, where the error of the radius is not enclosed."""


@dataclass(frozen=True)
class Iterate:
    """An iterate of population EM: the amplitudes ρ_m, m = 1..⌊k/2⌋, KL, and ½‖∇ℓ‖²/KL.

    The factors are the 1 − β_m by which the next step multiplies the amplitudes; the distance is that of the amplitudes
    from those of the nearest regular simplex.
    """

    amplitudes: tuple[Enclosure, ...]
    divergence: Enclosure
    factors: tuple[Enclosure, ...]
    pl_ratio: Enclosure
    simplex_distance: Enclosure


def iterates(case: Case, digits: int) -> Iterator[Iterate]:
    """Yield the iterates of population EM from the case's point, without end.

    The digits, 1 to 30, are about how many of each value are wanted at the start; small values later have fewer, which
    their intervals show. InputError if there is no point, it is the origin, or the digits are out of range;
    CannotAnswerError if there are too many components, or an error has outgrown the values.
    """
    if not case.has_point or case.squared_radius == 0:
        raise InputError("the trajectory needs a starting point away from the origin")
    if not 1 <= digits <= MAX_DIGITS:
        raise InputError(f"digits = {digits} is out of range: 1 to {MAX_DIGITS} for a trajectory")
    directions = sum(case.multiplicity(m) for m in case.frequencies if case.squared_amplitudes[m - 1])
    if directions <= MAX_DIRECTIONS:
        return _enclosed(case, digits)
    if case.on_simplex and keeps_simplex(case):
        return _on_the_simplex(case, digits)
    return _sampled(case)


def _enclosed(case: Case, digits: int) -> Iterator[Iterate]:
    accuracy = (digits + _GUARD_DIGITS) * math.log(10) + _SPARE
    bits = working_bits(2 * accuracy)
    with arb_precision(bits):
        state = ball_of(exact_amplitudes(case))
    while True:
        # Precision is scoped: not held while the caller has the iterate.
        with arb_precision(bits):
            image, powers = em_step(case.weights, state, accuracy)
            iterate = _enclosures(case, state, powers, accuracy)
        yield iterate
        state = image


def _enclosures(case: Case, state: AmplitudeBall, powers: list[flint.arb], accuracy: float) -> Iterate:
    """Return all values over a ball, on which β_m changes by 3(‖ρ‖ + e)e at most: ∂β_m/∂ρ_n = ρ_n t_mn, |t_mn| ≤ 3."""
    size, box = norm(state.centre), state.box()
    change = flint.arb(0, (MOMENT_BOUND * (size + state.radius) * state.radius).upper())
    everywhere = [power + change for power in powers]
    middle = replace(case, radius=None, amplitudes=tuple(ball_bounds(c.mid())[0] for c in state.centre))
    kl = divergence(case.weights, state, accuracy + smallness(leading_divergence(middle)))
    # Products: python-flint's square of a ball that contains zero is not a number.
    gradient = sum((p * rho * p * rho for p, rho in zip(everywhere, box, strict=True)), start=flint.arb(0))
    unit = [to_arb(Fraction(case.multiplicity(m), case.k - 1)).sqrt() for m in case.frequencies]
    along = sum((rho * u for rho, u in zip(box, unit, strict=True)), start=flint.arb(0))
    away = [rho - along * u for rho, u in zip(box, unit, strict=True)]
    square = sum((entry * entry for entry in away), start=flint.arb(0))
    return Iterate(
        tuple(_enclosure(rho) for rho in box),
        _enclosure(kl),
        tuple(_enclosure(1 - power) for power in everywhere),
        _enclosure(gradient / (2 * kl)),
        _nothing(Level.CERTIFIED) if len(box) == 1 else _enclosure(square.nonnegative_part().sqrt()),
    )


def _enclosure(ball: flint.arb) -> Enclosure:
    if not ball.is_finite():
        raise CannotAnswerError("the error has outgrown the values: ask for more digits")
    return Enclosure(*ball_bounds(ball), Level.CERTIFIED, "ball")


def _nothing(level: Level) -> Enclosure:
    return Enclosure(Fraction(0), Fraction(0), level, "ball")


def _on_the_simplex(case: Case, digits: int) -> Iterator[Iterate]:
    carried = digits + _CARRIED_DIGITS
    shares = [Fraction(case.multiplicity(m), case.k - 1) for m in case.frequencies]
    square = case.squared_radius
    while True:
        with arb_precision(working_bits(carried * math.log(10))):
            radius = rounded(ball_bounds(to_arb(square).sqrt())[0], 4 * carried)
            amplitudes = [to_arb(square * share).sqrt() for share in shares]
            rho = tuple(replace(_enclosure(amplitude), level=Level.SUPPORTED) for amplitude in amplitudes)
        there = case.at_radius(radius)
        power = ball_values.posterior_power(there, carried, m=Fraction(1))
        factor = replace(power, lower=1 - power.upper, upper=1 - power.lower, level=Level.SUPPORTED)
        kl, ratio = (value(there, digits + 2) for value in (ball_values.kl_divergence, ball_values.pl_ratio))
        yield Iterate(
            rho,
            replace(kl, level=Level.SUPPORTED),
            (factor,) * len(shares),
            replace(ratio, level=Level.SUPPORTED),
            _nothing(Level.SUPPORTED),
        )
        image = (1 - Fraction(power.midpoint)) * radius
        square = image * image


def _sampled(case: Case) -> Iterator[Iterate]:
    seeds = range(_TRAJECTORIES)
    for points in zip(*(population_trajectory(case, seed) for seed in seeds), strict=True):

        def interval(values: Sequence[float]) -> Enclosure:
            mean = student(values, seeds)
            return Enclosure(Fraction(mean.low), Fraction(mean.high), Level.OBSERVED, "float")

        yield Iterate(
            tuple(map(interval, zip(*(point.amplitudes.tolist() for point in points), strict=True))),
            interval([point.divergence for point in points]),
            tuple(map(interval, zip(*(point.factors.tolist() for point in points), strict=True))),
            interval([point.pl_ratio for point in points]),
            interval([point.simplex_distance for point in points]),
        )
