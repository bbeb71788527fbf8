"""Points off the simplex whose Gram matrix is a simplex's plus one of low rank: conditioning on the latter.

With σ² the least ρ_m²/n_m (n_m = 2, or 1 for m = k/2, the dimensions of frequency m) the exponents are those of the
simplex with ρ_m² = n_m σ² plus independent Gaussians at the frequencies where ρ_m² is larger. Given the latter, y'_j(x)
with x standard normal in q dimensions, the posterior is that of the simplex with weights ∝ π_j e^{y'_j(x)}, so that Λ,
β_m and the couplings are averages over x of what one dimension gives. The average is a trapezoidal rule on a lattice.
The error stated is an estimate: twice the difference from a finer and wider one, on other nodes, and the error that
they were made for.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point import float_laplace
from emtheory.numerics.simplex_point.moments import HessianMoments, Number

Floats = npt.NDArray[np.float64]

_WORK = {0: 500_000, 2: 200_000, 4: 25_000}
"""Nodes times components, by the degree of the moments: a minute or two."""
_MOST_DIGITS = 11
"""Most digits that a lattice aims for: with the guard digits these are the 13 that one-dimensional rules in doubles
give."""
_GUARD_DIGITS = 2
"""The lattice aims so far below the digits wanted; this aim is part of the error stated."""
_FINER, _WIDER = 0.8, 1.15
"""Step and reach of the second lattice in units of the first one's. Their difference shows the first one's error only
if all is changed; the second has (1.15/0.8)^q times as many nodes in q dimensions."""
_OFFSET = 0.3
"""Of the finer lattice, in steps: its nodes are then not those of the other, of which 0 is one."""
_ROUNDING = 1e-12
"""Part of the error stated, relative to the value, or absolute if that is below 1: what doubles lose on the simplex and
in sums."""
_NEGLIGIBLE = 1e-12
"""Relative size of what is beyond the simplex only by rounding."""
_LEAST_WEIGHT = Fraction(1, 10**80)
"""Takes the place of weights that are smaller after tilting, or have underflowed to zero, which a case does not admit:
far below what the rounding of the others hides."""


@dataclass(frozen=True, eq=False)
class Conditioned(HessianMoments):
    """Averages over the low-rank part: KL, and β_m for m = 0..⌊k/2⌋ and t_mn for m, n ≥ 1, if asked for, or 0."""

    k: int
    divergence: float
    powers: Floats
    couplings: Floats

    def power(self, m: int) -> float:
        """β_m, for any m."""
        return float(self.powers[min(m % self.k, -m % self.k)])

    def coupling(self, m: int, n: int) -> Number:
        """t_mn."""
        return self.couplings[m - 1, n - 1]


def conditioned(
    case: Case, quantity: Callable[[Conditioned], float], digits: int, degree: int
) -> tuple[float, float, int]:
    """Return a quantity's value at a point off the simplex, its estimated error, and the nodes of the finer lattice.

    The degree of the posterior moments that it needs is 0 (only KL), 2 or 4. What double precision cannot give is not
    tried; CannotAnswerError if the rank is too high for the nodes allowed, or some amplitude is zero.
    """
    split = _split(case)
    if not split.radius:
        raise CannotAnswerError("a frequency without amplitude leaves no simplex to condition on")
    aim, found = min(digits, _MOST_DIGITS), None
    while True:
        reach, step = _lattice(split, aim)
        count = _nodes_about(split.rank, _WIDER * reach / (_FINER * step))
        if count * case.k > _WORK[degree]:
            break
        coarse, fine = (
            quantity(_average(case, split, _nodes(split.rank, *lattice), degree))
            for lattice in ((reach, step, 0.0), (_WIDER * reach, _FINER * step, _OFFSET))
        )
        error = 2 * abs(coarse - fine) + 10.0 ** -(aim + _GUARD_DIGITS) + _ROUNDING * max(1.0, abs(fine))
        found = fine, error, round(count)
        # Aims are absolute: a small value needs more.
        missing = math.log10(found[1] / abs(fine)) + digits if fine else math.inf
        if missing <= 0 or aim == _MOST_DIGITS:
            break
        aim = min(_MOST_DIGITS, aim + math.ceil(min(missing, _MOST_DIGITS)))
    if found is None:
        raise CannotAnswerError(f"conditioning on the rank {split.rank} beyond a simplex takes {count:.0f} nodes")
    return found


@dataclass(frozen=True, eq=False)
class _Split:
    """Radius of the simplex, and what is beyond it as exponents y' = xᵀ directions, shape (q, k)."""

    radius: Fraction
    directions: Floats

    @property
    def rank(self) -> int:
        return len(self.directions)


def _split(case: Case) -> _Split:
    dimensions = [case.multiplicity(m) for m in case.frequencies]
    level = min(square / n for square, n in zip(case.squared_amplitudes, dimensions, strict=True))
    radius = Fraction(math.sqrt(level * (case.k - 1)))
    waves = []
    for m, n, square in zip(case.frequencies, dimensions, case.squared_amplitudes, strict=True):
        beyond = float(square - level * n)
        if beyond > _NEGLIGIBLE * float(case.squared_radius):
            angles = 2 * np.pi * m * np.arange(case.k) / case.k
            waves += [math.sqrt(beyond) * wave(angles) for wave in (np.cos, np.sin)[:n]]
    return _Split(radius, np.array(waves).reshape(-1, case.k))


def _lattice(split: _Split, digits: int) -> tuple[float, float]:
    """Return reach and step for an error of about e^{−L}, L a little above the digits wanted.

    The logarithm of Σ π_j e^{y_j} is analytic while the phases of its terms differ by less than π: for |Im x| below π/2
    over the largest |y'_j| with |x| = 1. A Gaussian on the strip |Im x| < a gives the error e^{a²/2 − 2πa/h}.
    """
    accuracy = (digits + _GUARD_DIGITS) * math.log(10)
    reach = math.sqrt(2 * (accuracy + split.rank))
    steepest = float(np.max(np.linalg.norm(split.directions, axis=0)))  # 0 for a simplex up to rounding
    strip = min(math.pi / 2 / steepest, reach) if steepest else reach
    return reach, 2 * math.pi * strip / (accuracy + strip**2 / 2)


def _nodes_about(rank: int, steps: float) -> float:
    """How many lattice points there are in a ball whose radius is so many steps."""
    volume: float = math.pi ** (rank / 2) / math.gamma(rank / 2 + 1)
    return volume * steps**rank


def _nodes(rank: int, reach: float, step: float, offset: float) -> Iterator[tuple[Floats, float]]:
    """Yield nodes of the lattice within reach of 0 and their weights."""
    most = math.ceil(reach / step)
    line = step * (np.arange(-most, most + 1) + offset)
    for x in map(np.array, product(line.tolist(), repeat=rank)):
        if x @ x <= reach**2:
            yield x, float((step / math.sqrt(2 * math.pi)) ** rank * np.exp(-x @ x / 2))


def _average(case: Case, split: _Split, nodes: Iterable[tuple[Floats, float]], degree: int) -> Conditioned:
    half = case.k // 2
    prior = np.array([float(weight) for weight in case.weights])
    log_partition, powers, couplings = (
        0.0,
        np.zeros(half + 1 if degree else 0),
        np.zeros((half, half) if degree > 2 else 0),
    )
    for x, weight in nodes:
        shift = x @ split.directions
        scale = float(shift.max())
        joint = prior * np.exp(shift - scale)
        tilted = replace(case, weights=_exact(joint / joint.sum()), amplitudes=None, radius=split.radius)
        log_partition += weight * (math.log(joint.sum()) + scale + float_laplace.expected_log_sum(tilted))
        if degree:
            moments = float_laplace.float_posterior_moments(tilted, degree)
            powers += weight * np.array([1.0, *moments.power_vector(case.frequencies)])
            if degree > 2:
                couplings += weight * np.array(moments.coupling_matrix(case.frequencies), dtype=float)
    return Conditioned(case.k, float(case.squared_radius) / 2 - log_partition, powers, couplings)


def _exact(weights: Floats) -> tuple[Fraction, ...]:
    """Rationals with sum 1; what the largest takes is below its rounding."""
    exact = [max(Fraction(weight), _LEAST_WEIGHT) for weight in weights.tolist()]
    largest = int(np.argmax(weights))
    exact[largest] += 1 - sum(exact, Fraction(0))
    return tuple(exact)
