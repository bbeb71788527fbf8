"""Population EM on the simplex ray, enclosed: the number of steps until KL ≤ eps."""

from collections.abc import Callable
from fractions import Fraction

import flint

from emtheory.numerics.any_point.ray_rule import ray_moments
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision, working_bits
from emtheory.numerics.arithmetic.rational import smallness
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.dynamics import first_below, require_simplex_kept
from emtheory.numerics.simplex_point.ball_near_origin import HIGHEST_ORDER, expansion_value, sufficient_order
from emtheory.numerics.simplex_point.ball_partition import kl_at
from emtheory.numerics.simplex_point.origin_expansion import mean_power_expansion, power_expansion

_SLOPE = flint.fmpq(3, 2)
"""Bound on |dβ/dx|, x = s² (docs/error-bounds.md, section 12)."""
_CURVATURE = flint.fmpq(37, 2)
"""Bound on |d²β/dx²| (section 12): near the origin the slope is about that at the origin."""
_ACCURACIES = (24.0, 60.0, 120.0)
"""L that are tried in turn: the first one, 4e−11, suffices unless the KL after some step is as near to eps; what 1e−52
leaves open is given up."""


def steps_to_kl(case: Case, eps: Fraction) -> int:
    """Return the first t with KL(θ_t) ≤ eps, proved.

    KL decreases at every step, so only the steps of a search need it. The recursion is r² ← (1 − β)² r². Quadrature is
    done at the centre of the ball around x = s² = r²k/(k − 1); its radius enters by |dβ/dx| ≤ min(3/2, |β'(0)| + 37x/2)
    and dKL/d(r²) = β/2 ≤ 1/2. Near the origin expansions, which hold for every x of a ball, take its place.

    Raises
    ------
    CannotAnswerError
        If EM leaves the simplex, too many steps are needed, or some KL cannot be told from eps.
    """
    require_simplex_kept(case)
    for accuracy in _ACCURACIES:
        with arb_precision(working_bits(accuracy + smallness(eps))):
            steps = first_below(_excess(case, eps, accuracy))
        if steps is not None:
            return steps
    raise CannotAnswerError("KL after some step cannot be told from eps")


def prove_steps(case: Case, steps: int, eps: Fraction) -> bool:
    """Whether `steps` is certainly the first t with KL(θ_t) ≤ eps, as KL decreases; False means not proved.

    Parameters
    ----------
    case
        The mixture with its point on a simplex that EM keeps.
    steps
        Not negative.
    eps
        The divergence to reach, positive.

    Raises
    ------
    CannotAnswerError
        If EM leaves the simplex, or tables would be too large.
    """
    require_simplex_kept(case)
    for accuracy in _ACCURACIES:
        with arb_precision(working_bits(accuracy + smallness(eps))):
            excess = _excess(case, eps, accuracy)
            if excess(steps)[0] <= 0 and (steps == 0 or excess(steps - 1)[0] > 0):
                return True
    return False


def _excess(case: Case, eps: Fraction, accuracy: float) -> Callable[[int], tuple[flint.arb, flint.arb]]:
    """Return step ↦ balls around log(KL/eps) and −2 log(1 − β) there; the trajectory is extended as needed."""
    ratio = flint.fmpq(case.k, case.k - 1)
    small = accuracy + smallness(eps)
    series, mean_series = power_expansion(case, HIGHEST_ORDER, 1), mean_power_expansion(case, HIGHEST_ORDER)
    initial_slope = abs(series.coefficients[1].ball())
    squares = [flint.arb(to_fmpq(case.squared_radius))]
    powers: list[flint.arb] = []

    def power(square: flint.arb) -> flint.arb:
        x = square * ratio
        if not x > 0 or sufficient_order(x, accuracy):
            return expansion_value(series, x)
        at_centre: flint.arb = ray_moments(case, square.mid(), accuracy, 2).power(1)
        slope = flint.arb(_SLOPE).min(initial_slope + x.abs_upper() * _CURVATURE)
        return at_centre + slope * flint.arb(0, x.rad())

    def divergence(square: flint.arb) -> flint.arb:
        x = square * ratio
        if not x > 0 or sufficient_order(x, small):
            return square / 2 * expansion_value(mean_series, x)
        return kl_at(case, x.mid().sqrt(), small) + flint.arb(0, x.rad()) / (2 * ratio)

    def excess(step: int) -> tuple[flint.arb, flint.arb]:
        while len(powers) <= step:
            powers.append(power(squares[-1]))
            factor = 1 - powers[-1]
            squares.append(squares[-1] * factor * factor)
        return (divergence(squares[step]) / to_fmpq(eps)).log(), -2 * (1 - powers[step]).log()

    return excess
