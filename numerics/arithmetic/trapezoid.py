"""The trapezoidal rule on the line: its proved error in a strip, and the largest step for a wanted accuracy.

If g is analytic for |Im u| < v, tends to 0 uniformly as |Re u| → ∞ there, and ∫|g(x + iy)|dx ≤ M for every |y| < v,
then |h Σ g(c + ih) − ∫g| ≤ 2M/(e^{2πv/h} − 1) for every offset c and step h (Trefethen and Weideman, SIAM Review 56
(2014) 385-458, Theorem 5.1).
"""

from collections.abc import Callable

import flint
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_CANDIDATES = 40
"""Values tried for each part of the strip. Fewer would give a shorter step than possible, more take time in every plan;
the error is bounded for any."""


def discretisation_error(edge: flint.arb, strip: flint.arb | float, step: flint.arb) -> flint.arb:
    """Return the bound 2M/(e^{2πv/h} − 1), rounded up.

    Parameters
    ----------
    edge
        M, a bound on the integral of |g| along every line of the strip.
    strip
        v, the half-width of the strip.
    step
        h, positive.
    """
    return (2 * edge / (2 * flint.arb.pi() * strip / step).expm1()).upper()


def widest_step(
    accuracy: float, loss: Callable[[Floats, Floats], Floats], angle: float, shift: float = 0.0
) -> tuple[float, float, float]:
    """Choose the strip that allows the largest step (only a choice: the error is bounded for whatever is chosen).

    Parameters
    ----------
    accuracy
        L: the error is to be about e^{−L}.
    loss
        log M as a function of the two parts of the strip v = angle + shift.
    angle, shift
        The largest values of the two parts to consider.

    Returns
    -------
    tuple
        The step and the two parts of the strip.
    """
    angles = np.linspace(angle / _CANDIDATES, angle, _CANDIDATES)[:, np.newaxis]
    shifts = np.linspace(0.0, shift, _CANDIDATES)[np.newaxis, :]
    steps = 2 * np.pi * (angles + shifts) / (accuracy + loss(angles, shifts))
    row, column = np.unravel_index(np.argmax(steps), steps.shape)
    return float(steps[row, column]), float(angles[row, 0]), float(shifts[0, column])
