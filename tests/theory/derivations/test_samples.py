"""Estimates on samples: the maximum of the likelihood itself, on random data, against the bounds and limits."""

import mpmath
import numpy as np
import pytest
import sympy

from emtheory.theory.derivations import derive
from tests.theory.derivations.statement_values import symbols


@pytest.mark.statement("hyperbolic-bounds")
def test_bounds_on_hyperbolic_functions() -> None:
    u = symbols("hyperbolic-bounds")["u"]
    with mpmath.workdps(40):
        for conclusion in derive("hyperbolic-bounds", None).statement.conclusions:
            left, right = (sympy.lambdify(u, side, "mpmath") for side in conclusion.args)
            assert conclusion.rel_op == "<="
            assert all(left(mpmath.mpf(at)) <= right(mpmath.mpf(at)) for at in (0, 0.01, 0.4, 1, 1.7, 2.5, 9))
            # Equal at 0 and no further than the next term of the series.
            assert abs(left(mpmath.mpf("0.01")) - right(mpmath.mpf("0.01"))) < 1e-6


@pytest.mark.statement("symmetric-sample")
@pytest.mark.long
def test_the_limits_for_the_line_and_the_plane() -> None:
    generator = np.random.default_rng(11)
    *_, line, plane = derive("symmetric-sample", None).statement.conclusions
    y = symbols("symmetric-sample")["y"]
    for law, n, trials, d in ((line, 2000, 600, 1), (plane, 1000, 400, 2)):
        points = generator.normal(size=(trials, n, d))
        theta = np.full((trials, d), 0.5)
        for _ in range(300 if d == 1 else 250):
            along = np.einsum("tnd,td->tn", points, theta)
            theta = np.einsum("tnd,tn->td", points, np.tanh(along)) / n
        zero = np.linalg.eigvalsh(np.einsum("tnd,tne->tde", points, points) / n)[:, -1] <= 1
        scaled = np.where(zero, 0, np.sqrt(n) * np.sum(theta**2, axis=1))
        for bound in (0.0, 0.8, 1.5, 2.5):
            assert np.mean(scaled <= bound) == pytest.approx(float(law.rhs.subs(y, bound)), abs=0.07)
    # Of a Wishart matrix the Bartlett decomposition: no need for the points.
    many, n = 20000, 2000
    first, second = np.sqrt(generator.chisquare(n, many)), np.sqrt(generator.chisquare(n - 1, many))
    a, b = first**2, first * generator.normal(size=many)
    c = second**2 + (b / first) ** 2
    largest = ((a + c) / 2 + np.hypot((a - c) / 2, b)) / n
    for bound in (0.0, 1.0, 2.0):
        assert np.mean(np.sqrt(n) * (largest - 1) <= bound) == pytest.approx(float(plane.rhs.subs(y, bound)), abs=0.02)
