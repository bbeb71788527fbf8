"""Periodic posteriors: the period by sampling, the quotient by the quadrature that knows nothing of it."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point.ball_values import off_simplex
from emtheory.numerics.any_point.exact_values import posterior_period, quotient
from emtheory.numerics.any_point.expressions import hessian_min_eigenvalue
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from tests.numerics.brute_force import brute_force, span_basis, start

ALTERNATING = make_case(4, "1/8,3/8,1/8,3/8", amplitudes=[Fraction(0), Fraction(11, 10)])
SIX = make_case(6, "1/12,1/6,1/4,1/12,1/6,1/4", amplitudes=[Fraction(0), Fraction(1), Fraction(0)])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    k = draw(st.sampled_from((2, 3, 4, 6, 8, 12)))
    period = draw(st.sampled_from([g for g in range(1, k + 1) if k % g == 0]))
    parts = draw(st.lists(st.integers(1, 3), min_size=period, max_size=period)) * (k // period)
    spacing = draw(st.integers(1, k // 2))
    amplitudes = [Fraction(1 + m % 3 if m % spacing == 0 else 0) for m in range(1, k // 2 + 1)]
    return make_case(k, [str(Fraction(part, sum(parts))) for part in parts], amplitudes=amplitudes)


@given(case=cases(), seed=st.integers(0, 10**6))
def test_the_posterior_has_this_period_and_no_smaller_one(case: Case, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((3, case.k - 1))
    maps, theta = span_basis(case.k)[1], start(case)
    joint = np.array([float(w) * np.exp(x @ (u @ theta)) for w, u in zip(case.weights, maps, strict=True)])
    gamma = joint / joint.sum(axis=0)
    periods = [g for g in range(1, case.k + 1) if case.k % g == 0 and np.allclose(np.roll(gamma, -g, axis=0), gamma)]
    assert posterior_period(case) == periods[0]


@pytest.mark.parametrize("name", ["kl_divergence", "pl_ratio"])
def test_the_quotient_has_the_same_density(name: str) -> None:
    assert posterior_period(SIX) == 3
    whole, part = (evaluate(name, case, {}, 9, "ball") for case in (SIX, quotient(SIX, 3)))
    assert part.lower < whole.upper
    assert whole.lower < part.upper


def test_frequencies_that_vanish_have_exactly_no_power() -> None:
    powers = [evaluate("posterior_power", SIX, {"m": Fraction(m)}, 8) for m in range(1, 6)]
    assert [power.level is Level.EXACT for power in powers] == [True, False, True, False, True]
    assert [power.upper == 0 for power in powers] == [True, False, True, False, True]
    reference = brute_force(ALTERNATING)
    assert abs(reference.posterior_power[1]) < 1e-12 < reference.posterior_power[2]
    assert evaluate("posterior_power", ALTERNATING, {"m": Fraction(1)}).upper == 0


def test_the_smallest_eigenvalue_is_then_zero() -> None:
    assert abs(brute_force(ALTERNATING).hessian_eigenvalues[0]) < 1e-9
    for case, level in ((ALTERNATING, Level.EXACT), (SIX, Level.CERTIFIED)):
        smallest = evaluate("hessian_min_eigenvalue", case)
        assert (smallest.lower, smallest.upper, smallest.level) == (0, 0, level)
        with arb_precision(80):
            assert 0 in hessian_min_eigenvalue(off_simplex(case, 20.0))
    nearly = make_case(4, "1/8,3/8,1/8,3/8", amplitudes=[Fraction(1, 100), Fraction(11, 10)])
    assert evaluate("hessian_min_eigenvalue", nearly, {}, 5).level is Level.CERTIFIED
    assert evaluate("hessian_min_eigenvalue", nearly, {}, 5).upper != 0
