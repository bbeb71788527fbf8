"""The `mp` route: mpmath at any precision, level `supported`.

Each value is computed at two resolutions with different steps, ranges and offsets. Their difference, which is about
the error of the coarser, and the error that the finer aims at are given as the error of the finer: an estimate, and
said to be one. The difference alone is not enough: both may cut a series after the same term.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from emtheory.numerics.any_point.expressions import EXPRESSIONS, leading_divergence, point_in
from emtheory.numerics.any_point.mp_definition import defined
from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.arithmetic.rational import log_of, smallness
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.numerics.simplex_point import laplace
from emtheory.numerics.simplex_point.contraction_bound import factor_mp
from emtheory.numerics.simplex_point.moments import frequency_groups
from emtheory.numerics.simplex_point.reach import squared_spread

_GUARD_DIGITS = 5
"""The coarser resolution aims at so many digits beyond those asked for, and must agree with the finer in all but
one."""
_MAX_ATTEMPTS = 6
"""Accuracies that are tried, each at least a fifth above the last, and doubled where a value is not told from zero:
then it may be zero."""
_MAX_RADIAL_SIZE = 40
"""Largest radial Hessian matrix that is worth its quadratic number of moments in multiprecision."""

Compute = Callable[[Any, float], Any]
"""(mpmath context, accuracy L) → value with an error of about e^{−L}."""


def dft_modulus(case: Case, digits: int, m: Fraction) -> Enclosure:
    """|π̂_m| by summing the transform."""
    return _refine(lambda context, accuracy: abs(_transforms(context, case, [int(m)])[0]), digits)


def spectral_gap(case: Case, digits: int) -> Enclosure:
    """Min over m ≠ 0 of |π̂_m|² by summing the transform."""
    return _refine(lambda context, accuracy: _gap(context, case), digits)


def contraction_factor(case: Case, digits: int) -> Enclosure:
    """1 − spectral gap."""
    return _refine(lambda context, accuracy: 1 - _gap(context, case), digits)


def lloyd_radius(case: Case, digits: int) -> Enclosure:
    """√(k/(k−1)) E max(Z_1..Z_k) by the trapezoidal rule."""

    def radius(context: Any, accuracy: float) -> Any:
        scale = context.sqrt(context.mpf(case.k) / (case.k - 1))
        return scale * laplace.expected_maximum(context, case.k, accuracy)

    return _refine(radius, digits)


def _value(name: str, case: Case, digits: int, **arguments: Fraction) -> Enclosure:
    """By the Laplace form at a regular simplex of a radius from 1e−125 to 300, elsewhere by the definition."""
    if case.on_simplex:
        squared_spread(case, "mp")
    if name == "hessian_min_eigenvalue" and len(frequency_groups(case)) > _MAX_RADIAL_SIZE:
        raise CannotAnswerError(f"more than {_MAX_RADIAL_SIZE} frequencies that differ; the float route can answer")

    def compute(context: Any, accuracy: float) -> Any:
        real, numbers = partial(laplace.real, context), laplace.multiprecision(context)

        def least(rows: Sequence[Sequence[Any]], others: Sequence[Any]) -> Any:
            # mpmath's eigsy returns a bare number for a 1 × 1 matrix.
            matrix = context.matrix(rows)
            return min([*others, *(context.eigsy(matrix, eigvals_only=True) if matrix.rows > 1 else matrix)])

        def root(square: Fraction) -> Any:
            return context.sqrt(real(square))

        if case.on_simplex:
            at = point_in(
                case,
                real,
                root,
                least,
                lambda: real(case.squared_radius) / 2 - laplace.expected_log_sum(numbers, case, accuracy),
                lambda degree: laplace.posterior_moments(numbers, case, degree, accuracy),
            )
        else:
            divergence, moments = defined(context, case, accuracy)
            at = point_in(case, real, root, least, lambda: divergence, lambda _: moments)
        return EXPRESSIONS[name](at, **arguments)

    # Below the size of KL two resolutions may agree on a divergence of nothing but ‖θ‖²/2; and of k factors each may be
    # off.
    small = smallness(leading_divergence(case)) if name in ("kl_divergence", "pl_ratio") else 0.0
    small += math.log(case.k)
    return _refine(
        compute, digits, 2 if case.on_simplex and name not in ("log_partition", "kl_divergence") else 0, small
    )


log_partition, kl_divergence, posterior_power, hessian_min_eigenvalue, pl_ratio = (
    partial(_value, name) for name in EXPRESSIONS
)


def contraction_bound(case: Case, digits: int, radius: Fraction) -> Enclosure:
    """1 − b·spectral_gap with the largest b that derivation `contraction-bound` allows."""
    return _refine(lambda context, _: 1 - _gap(context, case) * factor_mp(context, case.k - 1, radius), digits)


def _transforms(context: Any, case: Case, frequencies: Iterable[int]) -> list[Any]:
    roots = [context.expjpi(context.mpf(2 * j) / case.k) for j in range(case.k)]
    weights = [laplace.real(context, weight) for weight in case.weights]
    return [context.fsum(weight * roots[j * m % case.k] for j, weight in enumerate(weights)) for m in frequencies]


def _gap(context: Any, case: Case) -> Any:
    distinct = [group[0] for group in frequency_groups(case)]
    return min(abs(transform) ** 2 for transform in _transforms(context, case, distinct))


def _refine(compute: Compute, digits: int, degree: int = 0, small: float = 0.0) -> Enclosure:
    """Raise the accuracy until two resolutions agree to the digits wanted."""
    target = (digits + _GUARD_DIGITS) * math.log(10)
    accuracy = target + small + 3
    for _ in range(_MAX_ATTEMPTS):
        finer = 1.07 * accuracy + 2.37
        intended = Fraction(2) ** math.floor(-finer / math.log(2))
        coarse, fine = (_evaluate(compute, level, degree) for level in (accuracy, finer))
        error = abs(fine - coarse) + intended
        if fine and error * 10 ** (digits + _GUARD_DIGITS - 1) <= abs(fine):
            floor = abs(fine) / 10 ** (digits + _GUARD_DIGITS + 2)
            spread = error + floor
            return Enclosure(fine - spread, fine + spread, Level.SUPPORTED, "mp")
        # A small value needs the accuracy it loses to cancellation; if none is left, double.
        lost = log_of(error) - log_of(abs(fine)) + target if fine else accuracy
        accuracy += max(lost, 0.2 * accuracy)
    raise CannotAnswerError(f"two resolutions still differ in the first {digits} digits; the value may be zero")


def _evaluate(compute: Compute, accuracy: float, degree: int) -> Fraction:
    with mp_context(laplace.working_bits(accuracy, degree)) as context:
        value = context.mpf(compute(context, accuracy))
        sign, mantissa, exponent, _ = value._mpf_
        magnitude: Fraction = int(mantissa) * Fraction(2) ** exponent
        return -magnitude if sign else magnitude
