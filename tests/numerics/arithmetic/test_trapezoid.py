"""The strip that is chosen allows the largest step, beside a search over many strips."""

import math

import numpy as np
import pytest

from emtheory.numerics.arithmetic.trapezoid import widest_step


@pytest.mark.parametrize("curvature", [0.02, 1.0, 50.0, math.inf])
@pytest.mark.parametrize("degree", [0, 4])
def test_no_strip_allows_a_step_that_is_much_larger(curvature: float, degree: int) -> None:
    accuracy, angle = 50.0, 1.5

    def loss(a: np.ndarray) -> np.ndarray:
        return -degree * np.log(np.cos(a))

    step, a, b = widest_step(accuracy, loss, angle, curvature)
    assert 0 < a <= angle
    assert b >= 0
    cost = curvature * b**2 if b else 0.0
    assert step == pytest.approx(2 * math.pi * (a + b) / (accuracy + float(loss(np.array(a))) + cost))
    angles = np.linspace(0.005, angle, 300)[:, np.newaxis]
    shifts = np.linspace(0, 0 if math.isinf(curvature) else 60, 2000)
    costs = np.zeros(1) if math.isinf(curvature) else curvature * shifts**2
    best = (2 * math.pi * (angles + shifts[: len(costs)]) / (accuracy + loss(angles) + costs)).max()
    assert 0.998 * best < step < 1.002 * best
