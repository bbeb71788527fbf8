"""The bounds for all weights in double precision, by SciPy's laws and roots."""

import math
from fractions import Fraction

import numpy as np

from emtheory.numerics.sample_theorem.choices import (
    EVERYWHERE,
    LARGEST_RATE,
    OPERATOR_MESH,
    ROUNDS,
    SPHERE_MESH,
    Question,
)
from emtheory.numerics.simplex_point.contraction_bound import factor_ball


def operator_error(question: Question, step: float, share: float, spread: float) -> float | None:
    """ε of the nets, or None if there are too few points."""
    n, span = float(question.n), question.span
    logarithm = span * math.log(float(1 + 2 / SPHERE_MESH) * (1 + 2 * float(question.radius) / step)) - math.log(share)
    s = math.sqrt(logarithm / (2 * span * n))
    if s >= LARGEST_RATE:
        return None
    deviation = (logarithm / n - span * math.log1p(-2 * s * s)) / s
    return deviation / float(1 - SPHERE_MESH) + step * span * (spread + 1)


def anywhere(question: Question, delta: float) -> tuple[float, float] | None:
    """Bounds on ‖θ̂‖ and KL in the span that hold but with the probability delta, or None."""
    from scipy.optimize import brentq  # noqa: PLC0415
    from scipy.stats import chi2  # noqa: PLC0415

    n, span = float(question.n), question.span
    shares = {event: float(share) * delta for event, share in EVERYWHERE.items()}
    largest = math.sqrt(2 * span)
    if n * span * (1 - math.log(2)) / 2 <= -math.log(shares["top"]):
        return None
    mean = math.sqrt(float(chi2.isf(shares["mean"], span)) / n)
    spread = (1 + math.sqrt(span / n) + math.sqrt(2 * math.log(1 / shares["spread"]) / n)) ** 2
    whole = Question(question.case, question.n, question.delta, Fraction(largest))
    error = operator_error(whole, float(OPERATOR_MESH) / math.sqrt(n), shares["net"], spread)
    radius = largest
    if error is not None:
        cubic = brentq(lambda r: r**3 - (span + 2 * r * r) * error, 0, largest + 3 * error + 1, xtol=1e-300, rtol=1e-14)
        radius = min(largest, float(cubic))
        gap = float(np.min(np.abs(np.fft.fft([float(weight) for weight in question.case.weights])[1:]) ** 2))
        for _ in range(ROUNDS):
            radius = min(radius, error / max(gap * float(factor_ball(span, Fraction(radius))), 1e-300))
    moments = np.cumprod([span + 2.0 * i for i in range(span + 2)])
    root = radius
    for share in [shares["change"]] * 4 + [shares["last"]]:
        terms = [
            math.comb(span, m) * math.factorial(m + 1) * (4 * radius) ** m * math.sqrt(moments[m + 1])
            for m in range(1, span + 1)
        ]
        excess = spread - 1 + math.fsum(terms) / math.sqrt(n * share)
        for _ in range(ROUNDS):
            factor = math.sqrt(span + 2 * radius * radius)
            root = mean + factor * (mean + excess)
            radius = min(radius, math.sqrt(factor * root))
    if radius >= largest:
        return None
    factor = math.sqrt(span + 2 * radius * radius)
    image = (1 + factor) * root
    return radius, min(image**2 / 2 + 2 * image * factor * root / 3 + (factor * root) ** 2 / 4, radius**2 / 2)
