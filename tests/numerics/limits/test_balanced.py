"""Balanced fits for every separation: the integral by which docs/error-bounds.md bounds a step, and what follows."""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family

FAMILY = find_family("two-means")
STEP = 1 / 256
X = np.arange(0, 14, STEP) + STEP / 2
NORMAL = np.exp(-(X**2) / 2) / np.sqrt(2 * np.pi)


def quotient(excess: float, mu: float) -> float:
    """(M(θ) − μ)/(θ − μ) at θ = (1 + excess)μ as that integral; sinh and cosh are divided before they overflow."""
    theta, u = (1 + excess) * mu, abs(excess) * mu * X
    inner = -np.exp(u - theta * X) * np.expm1(-2 * u) / (1 + np.exp(-2 * theta * X)) / u
    return float(2 * STEP * np.exp(-(mu**2) / 2) * np.sum(X**2 * NORMAL * inner))


@pytest.mark.parametrize(("theta", "mu"), [("1/2", "3/2"), ("3", "3/2"), ("1/10", "1/5")])
def test_the_quotient_is_that_of_the_map(theta: str, mu: str) -> None:
    case = FAMILY.case({"theta": Fraction(theta), "separation": Fraction(mu)})
    found = evaluate("two-means.em_map", case, {}, 15, "ball").midpoint
    expected = (found - Fraction(mu)) / (Fraction(theta) - Fraction(mu))
    assert quotient(float(Fraction(theta) / Fraction(mu) - 1), float(Fraction(mu))) == pytest.approx(
        float(expected), rel=1e-9
    )
