"""Maxima of the likelihood of samples where A is singular, from the definition of the likelihood."""

import numpy as np
import pytest
from scipy.special import erf

from tests.theory.derivations.samples.on_samples import conclusions
from tests.theory.derivations.statement_values import holds, named


@pytest.mark.statement("degenerate-maximum")
def test_maxima_are_as_seldom_near_as_said() -> None:
    law, n, scale = conclusions("degenerate-maximum")[3], 4000, 0.02
    generator = np.random.default_rng(8)
    near = 0
    for _ in range(400):
        points = generator.normal(size=(n, 1))
        # The maximum of two equal weights on a line: r = mean of x tanh(rx), 0 if the mean of x² is at most 1.
        squares, r = float(np.mean(points**2)), 0.5
        for _ in range(40 if squares > 1 else 0):
            slope = float(np.mean(points**2 / np.cosh(r * points) ** 2))
            r -= (r - float(np.mean(points * np.tanh(r * points)))) / (1 - slope)
        near += squares <= 1 or np.sqrt(n) * r**2 <= scale
    (chance,) = [side for side in law.args if side.has(type(law.lhs)) and side == law.lhs]
    said = {**named("degenerate-maximum", {"d": 1, "q": 1.0, "s": scale})}
    assert float((1 + erf(3 * scale / 2)) / 2) == pytest.approx(float(law.rhs.subs(said)), rel=1e-12)
    assert holds(law, {**said, chance: near / 400 - 3 * 0.5 / 20}, 0)
    assert not holds(law, {**said, chance: near / 400 + 0.12}, 0)
