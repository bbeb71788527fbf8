"""The reference is itself checked, by finite differences of its own definitions and by published special cases.

The reference for k = 2 is itself checked: against adaptive quadrature and at another number of digits.
"""

from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import Case, make_case
from tests.numerics.brute_force import brute_force, start

CASES = [
    make_case(2, "3/4,1/4", radius=Fraction(3, 2)),
    make_case(3, "1/2,3/10,1/5", radius=Fraction(1)),
    make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1, 3)]),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"k={case.k}")
def test_derivatives_agree_with_finite_differences(case: Case) -> None:
    theta, eps, h = start(case), 1e-4, 0.2 if case.k < 4 else 0.36
    here = brute_force(case, theta, h)
    ahead, behind = ([brute_force(case, theta + sign * eps * e, h) for e in np.eye(case.k - 1)] for sign in (1, -1))
    gradient = [(a.kl - b.kl) / (2 * eps) for a, b in zip(ahead, behind, strict=True)]
    jacobian = np.array([(a.update - b.update) / (2 * eps) for a, b in zip(ahead, behind, strict=True)])
    np.testing.assert_allclose(gradient, theta - here.update, atol=1e-7)
    np.testing.assert_allclose(np.eye(case.k - 1) - jacobian, here.hessian, atol=1e-7)
    assert here.gradient_square == pytest.approx(np.dot(gradient, gradient), abs=1e-6)
