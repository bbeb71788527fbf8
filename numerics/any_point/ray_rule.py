"""Moments and divergence on the simplex ray by the faster of two rules: the product rule or the Laplace form."""

import flint

from emtheory.numerics.any_point.ball_product_rule import TensorMoments, log_partition, tensor_posterior_moments
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.ball_partition import kl_at
from emtheory.numerics.simplex_point.ball_posterior import ball_posterior_moments
from emtheory.numerics.simplex_point.moments import PosteriorMoments

_LARGEST_PLANE = 24.0, 5.0
"""Accuracy and radius up to which a rule in the plane, for three components, beats the Laplace form (measured)."""
_LARGEST_FINE = 33.0, 1.1
"""The same for second moments alone: beyond, rounding errors of doubles count."""


def ray_moments(case: Case, square: flint.arb, accuracy: float, degree: int) -> TensorMoments | PosteriorMoments:
    """Return the moments of the posterior on the simplex ray at r² > 0, up to degree 2 or 4, to about e^{−accuracy}."""
    if _is_product_faster(case.k, square, accuracy, degree):
        return tensor_posterior_moments(case.weights, [square.sqrt()], accuracy, degree)
    return ball_posterior_moments(case, _spread(case, square), accuracy, degree)


def ray_divergence(case: Case, square: flint.arb, accuracy: float) -> flint.arb:
    """Return KL on the simplex ray at r² > 0, to about e^{−accuracy}."""
    if _is_product_faster(case.k, square, accuracy):
        return square / 2 - log_partition(case.weights, [square.sqrt()], accuracy)
    return kl_at(case, _spread(case, square), accuracy)


def _is_product_faster(k: int, square: flint.arb, accuracy: float, degree: int = 0) -> bool:
    limits = (_LARGEST_PLANE, _LARGEST_FINE) if degree == 2 else (_LARGEST_PLANE,)
    return k == 2 or (k == 3 and any(accuracy <= most and square < radius * radius for most, radius in limits))


def _spread(case: Case, square: flint.arb) -> flint.arb:
    return (square * flint.fmpq(case.k, case.k - 1)).sqrt()
