"""The Laplace form in double precision: digits kept at small and large radius, many components, refusals.

The plans: the ranges cover the tails, the steps shrink with the accuracy, extreme points are refused.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.simplex_point.laplace import (
    DOUBLES,
    FULL_ACCURACY,
    MAX_SPREAD,
    expected_log_sum,
    posterior_moments,
)
from emtheory.numerics.simplex_point.lattice import Lattice, plan, squared_spread
from tests.numerics.brute_force import brute_force, coupling_terms
from tests.numerics.two_components import two_components


def spread_of(case: Case) -> float:
    """s = r√(k/(k−1)), the standard deviation of the exponents."""
    return math.sqrt(case.squared_radius * case.k / (case.k - 1))


RADII = ["1/1000", "1/50", "1/20", "1/10", "1/2", "2", "8", "40"]


@pytest.mark.parametrize("radius", RADII)
def test_two_components_at_every_scale(radius: str) -> None:
    """Windows of the inner rule apart (small radius) and shared (large): thirteen digits either way."""
    case = make_case(2, "3/4,1/4", radius=Fraction(radius))
    expected = two_components(case, 20)
    found = expected_log_sum(DOUBLES, case, FULL_ACCURACY)
    assert found == pytest.approx(float(expected.log_partition), rel=1e-14, abs=5e-16)
    power = float(posterior_moments(DOUBLES, case, 2, FULL_ACCURACY).power(1))
    assert power == pytest.approx(float(expected.posterior_power), rel=2e-13)


def test_both_kinds_of_windows_are_used() -> None:
    spreads = [spread_of(make_case(2, "3/4,1/4", radius=Fraction(radius))) for radius in RADII]
    lattices = [plan(s, FULL_ACCURACY, 0.75, 0) for s in spreads]
    assert {lattice.step > 2 * lattice.reach for lattice in lattices} == {True, False}


def test_halving_the_accuracy_changes_little_and_something() -> None:
    case = make_case(3, "linear", radius=Fraction(1))
    full, half = expected_log_sum(DOUBLES, case, FULL_ACCURACY), expected_log_sum(DOUBLES, case, 18.0)
    assert full != half
    assert half == pytest.approx(full, abs=1e-6)


def test_many_components_against_sampling() -> None:
    """k = 1000: the mean of log Σ π_j e^{sZ_j} over 4000 draws, within five standard errors."""
    case = make_case(1000, "one-heavy:1/2", radius=Fraction(3))
    draws = 3 * np.sqrt(1000 / 999) * np.random.default_rng(7).standard_normal((4000, 1000))
    pi = np.array([float(weight) for weight in case.weights])
    sample = np.log(np.exp(draws) @ pi)
    assert abs(expected_log_sum(DOUBLES, case, FULL_ACCURACY) - sample.mean()) < 5 * sample.std() / np.sqrt(4000)


def test_moments_of_many_components_against_sampling() -> None:
    case = make_case(200, "one-heavy:9/10", radius=Fraction(5, 2))
    draws = spread_of(case) * np.random.default_rng(8).standard_normal((20000, 200))
    joint = np.exp(draws) * np.array([float(weight) for weight in case.weights])
    transform = np.fft.fft(joint / joint.sum(axis=1, keepdims=True), axis=1)
    computed = posterior_moments(DOUBLES, case, 4, FULL_ACCURACY)
    for sample, value in [
        (np.abs(transform[:, 3]) ** 2, computed.power(3)),
        (coupling_terms(transform.T, 3, 5), computed.coupling(3, 5)),
    ]:
        assert abs(value - sample.mean()) < 5 * sample.std() / np.sqrt(20000)


def test_too_large_a_radius_is_refused() -> None:
    with pytest.raises(CannotAnswerError, match=f"ends at radius {MAX_SPREAD:g}"):
        expected_log_sum(DOUBLES, make_case(2, "uniform", radius=Fraction(150)), FULL_ACCURACY)


def test_large_radius_is_the_expected_maximum() -> None:
    """Λ(r) = s E max_j (Z_j + log π_j/s) + o(1): at r = 60 within log k of √2·60·E max of two normals."""
    case = make_case(2, "uniform", radius=Fraction(60))
    assert abs(expected_log_sum(DOUBLES, case, FULL_ACCURACY) - 60 * np.sqrt(2) / np.sqrt(np.pi)) < np.log(2)


def test_rounded_steps_keep_the_cancellation() -> None:
    """KL of order 10⁻⁷ keeps eight digits: its error is that of the unit roundoff, not of the nodes' positions."""
    case = make_case(3, "uniform", radius=Fraction(1, 25))
    kl = float(case.squared_radius) / 2 - expected_log_sum(DOUBLES, case, FULL_ACCURACY)
    assert kl == pytest.approx(brute_force(case).kl, abs=2e-15)


SPREADS = st.floats(1e-8, 100)
ACCURACIES = st.floats(20, 2000)
DEGREES = st.sampled_from([0, 2, 4])


@given(SPREADS, ACCURACIES, st.floats(1e-4, 1), DEGREES)
def test_tails_are_below_the_accuracy(s: float, accuracy: float, largest: float, degree: int) -> None:
    lattice = plan(s, accuracy, largest, degree)
    power = 2 if degree else 1
    # Left: E min(1, e^{n(u+sZ)}) ≤ P(Z > −u/2s) + e^{nu/2}, and where the exponential moment is smaller, that.
    moment = -power * lattice.left - power**2 * s**2 / 2
    gaussian = (lattice.left / s) ** 2 / 2
    assert max(moment, gaussian) >= accuracy * (1 - 1e-12)
    assert lattice.reach == pytest.approx(s * math.sqrt(2 * accuracy))
    # Right: with the Gaussian's tail given away, what is left of exp(−e^u) beats e^{degree·u}.
    height = math.exp(lattice.right - lattice.reach) * largest
    assert height - degree * math.log(height) >= accuracy * (1 - 1e-12) - degree * math.log(2)


@given(SPREADS, ACCURACIES, DEGREES)
def test_more_accuracy_means_finer_steps_and_wider_ranges(s: float, accuracy: float, degree: int) -> None:
    coarse, fine = plan(s, accuracy, 0.5, degree), plan(s, 1.1 * accuracy, 0.5, degree)
    assert fine.step < coarse.step
    assert fine.inner_step < coarse.inner_step
    assert fine.reach > coarse.reach
    assert fine.left < coarse.left
    assert fine.right > coarse.right
    assert isinstance(coarse, Lattice)


def test_squared_spread_is_the_variance_of_the_exponents() -> None:
    case = make_case(4, "linear", radius=Fraction(3))
    assert squared_spread(case, "mp") == 12  # 9 · 4/3: differences of exponents have variance 2s² = 2·9·(1 + 1/3)
    assert squared_spread(make_case(2, "uniform", radius=Fraction(300)), "ball") == 2 * 300**2  # As messages say.


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"amplitudes": [Fraction(1), Fraction(1)]}, "not one's"),
        ({"radius": Fraction(0)}, "needs a positive radius"),
        ({"radius": Fraction(1, 10**130)}, "covers radii from about 1e-125 to 300"),
        ({"radius": Fraction(10**4)}, "covers radii from about 1e-125 to 300"),
    ],
)
def test_points_beyond_the_plans_are_refused(point: dict[str, object], message: str) -> None:
    with pytest.raises(CannotAnswerError, match=message):
        squared_spread(make_case(4, "linear", **point), "float")  # type: ignore[arg-type]
