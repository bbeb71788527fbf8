"""Population EM in the amplitudes, ρ_m ← (1 − β_m)ρ_m, in double precision, from any point and for any k.

It is exact in the sense of the theory (one recursion for each frequency); the expectations come from a lattice
where the exponents vary in few directions, else from a fixed set of Sobol points, the same in every step.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from emtheory.numerics.any_point.float_values import lattice_averages
from emtheory.numerics.any_point.sampled import COPIES, copies, dimensions
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import MAX_STEPS, keeps_simplex
from emtheory.numerics.ray.scan import by
from emtheory.numerics.samples.simplex import FloatArray

_ROUNDING = 1e-15
"""Of KL on a lattice, whose sum is that of doubles below 1."""
_MAX_DIRECTIONS = 4
"""For a lattice: in more a point takes seconds to minutes, and a trajectory has many points."""
_EXPONENTS = 18
"""Binary logarithm of the exponents in each copy of the Sobol points: a fraction of a second a step."""


@dataclass(frozen=True, eq=False)
class TrajectoryPoint:
    """One iterate: the amplitudes ρ_m, m = 1..⌊k/2⌋, KL with an indication of its error, and ½‖∇ℓ‖²/KL.

    The factors are the 1 − β_m by which the next step multiplies each amplitude; the distance is that of the amplitudes
    from those of the nearest regular simplex.
    """

    amplitudes: FloatArray
    divergence: float
    divergence_error: float
    factors: FloatArray
    pl_ratio: float
    simplex_distance: float

    @property
    def next_amplitudes(self) -> FloatArray:
        """The amplitudes after a step."""
        return self.factors * self.amplitudes

    @property
    def norm_ratio(self) -> float:
        """‖θ_{t+1}‖/‖θ_t‖."""
        return float(np.linalg.norm(self.next_amplitudes) / np.linalg.norm(self.amplitudes))


def population_trajectory(case: Case, seed: int = 0) -> Iterator[TrajectoryPoint]:
    """Yield the iterates of population EM from the case's point, without end; InputError at the origin, which rests."""
    if not case.has_point or case.squared_radius == 0:
        raise InputError("the trajectory needs a starting point away from the origin")
    while True:
        point = _evaluate(case, seed)
        yield point
        case = replace(case, radius=None, amplitudes=tuple(Fraction(float(a)) for a in point.next_amplitudes))


def steps_to_kl(case: Case, eps: Fraction) -> int:
    """Count steps until KL ≤ eps; CannotAnswerError if a KL cannot be told from eps or the steps are too many."""
    target = float(eps)
    for step, point in zip(range(MAX_STEPS), population_trajectory(case), strict=False):
        if abs(point.divergence - target) <= point.divergence_error:
            raise CannotAnswerError(f"after {step} steps KL = {point.divergence:.6g} cannot be told from eps")
        if point.divergence <= target:
            return step
    raise CannotAnswerError(f"more than {MAX_STEPS} steps are needed")


def limiting_ratio(case: Case, tolerance: float) -> float:
    """Return lim ‖θ_{t+1}‖/‖θ_t‖, measured to a tolerance; CannotAnswerError if not settled after 20,000 steps."""
    ratios: list[float] = []
    for point in population_trajectory(case):
        ratios.append(point.norm_ratio)
        if len(ratios) >= 3:
            last, previous = ratios[-1] - ratios[-2], ratios[-2] - ratios[-3]
            # Successive changes shrink by a factor q; what follows the last is at most about q/(1 − q) times it.
            q = abs(last / previous) if previous else 0.0
            if q < 1 and abs(last) * max(q / (1 - q), 1) <= tolerance:
                return ratios[-1]
        if len(ratios) == MAX_STEPS or math.isclose(point.amplitudes.max(), 0, abs_tol=1e-100):
            break
    raise CannotAnswerError(f"the ratio has not settled after {len(ratios)} steps: the rate may be sublinear")


def _evaluate(case: Case, seed: int) -> TrajectoryPoint:
    divergence, error, powers = _expectations(case, seed)
    rho = np.array([math.sqrt(square) for square in case.squared_amplitudes])
    ray = np.array([math.sqrt(square) for square in case.at_radius(Fraction(1)).squared_amplitudes])
    gradient = float(np.sum((powers * rho) ** 2))
    return TrajectoryPoint(
        amplitudes=rho,
        divergence=divergence,
        divergence_error=error,
        factors=1 - powers,
        pl_ratio=gradient / 2 / divergence,
        simplex_distance=float(np.linalg.norm(rho - (rho @ ray) * ray)),
    )


def _expectations(case: Case, seed: int) -> tuple[float, float, FloatArray]:
    """KL, its error, and β_m for all m."""
    if len(dimensions(case)) <= _MAX_DIRECTIONS and (lattices := lattice_averages(case, 2)):
        one, other = lattices
        error = abs(one.divergence - other.divergence) + _ROUNDING
        return (one.divergence + other.divergence) / 2, error, (one.powers + other.powers)[1:] / 2
    found = copies(case, _EXPONENTS - math.ceil(math.log2(case.k)), seed=seed)
    divergence, *powers = found.mean(axis=0)
    # Six standard errors: a Student variable of sixteen copies exceeds that once in forty thousand times.
    return float(divergence), 6 * float(np.std(found[:, 0], ddof=1)) / math.sqrt(COPIES), np.array(powers)


_TOLERANCE = Fraction(1, 10**6)
"""To which the limit of the factor is measured: what double precision gives with room."""


def iterations_to_kl(case: Case, digits: int, eps: Fraction) -> Enclosure:
    """Steps of population EM, iterated."""
    if not (case.on_simplex and keeps_simplex(case)):
        steps = Fraction(steps_to_kl(case, eps))
        return Enclosure(steps, steps, Level.OBSERVED, "float")
    return by("float", "iterations_to_kl")(case, digits, eps)


def asymptotic_rate(case: Case, digits: int) -> Enclosure:
    """Limit of the factor of population EM, measured on its trajectory."""
    if not (case.on_simplex and keeps_simplex(case)):
        ratio = Fraction(limiting_ratio(case, float(_TOLERANCE)))
        return Enclosure(ratio - _TOLERANCE, ratio + _TOLERANCE, Level.OBSERVED, "float", note="measured")
    return by("float", "asymptotic_rate")(case, digits)
