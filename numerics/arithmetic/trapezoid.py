"""The trapezoidal rule on the line: its proved error in a strip, and the largest step for a wanted accuracy.

If g is analytic for |Im u| < v, tends to 0 uniformly as |Re u| → ∞ there, and ∫|g(x + iy)|dx ≤ M for every |y| < v,
then |h Σ g(c + ih) − ∫g| ≤ 2M/(e^{2πv/h} − 1) for every offset c and step h (Trefethen and Weideman, SIAM Review 56
(2014) 385-458, Theorem 5.1).
"""

import math
from collections.abc import Callable

import flint
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_CANDIDATES = 40
"""Angles tried. Fewer would give a shorter step than possible, more take time in every plan; the error is bounded for
any."""


def discretisation_error(edge: flint.arb, strip: flint.arb | float, step: flint.arb) -> flint.arb:
    """Return the bound 2M/(e^{2πv/h} − 1), rounded up.

    M bounds the integral of |g| along every line of the strip of half-width v.
    """
    return (2 * edge / (2 * flint.arb.pi() * strip / step).expm1()).upper()


def widest_step(
    accuracy: float, loss: Callable[[Floats], Floats], angle: float, curvature: float = math.inf
) -> tuple[float, float, float]:
    """Choose the strip that allows the largest step h: return h, a and b (the error is bounded for whatever is chosen).

    The strip is v = a + b with log M = loss(a) + curvature·b², a up to `angle`; the curvature is infinite where there
    is no b. For each a the step 2π(a + b)/(L + log M) is largest where curvature·b(2a + b) = L + loss(a); the error is
    to be about e^{−L}.
    """
    angles: Floats = angle / _CANDIDATES * np.arange(1.0, _CANDIDATES + 1)
    costs = accuracy + loss(angles)
    if math.isinf(curvature):
        steps = angles / costs
        best = int(np.argmax(steps))
        return 2 * math.pi * float(steps[best]), float(angles[best]), 0.0
    shifts = np.sqrt(angles**2 + costs / curvature) - angles
    steps = (angles + shifts) / (costs + curvature * shifts**2)
    best = int(np.argmax(steps))
    return 2 * math.pi * float(steps[best]), float(angles[best]), float(shifts[best])
