"""∇²ℓ near the origin: slopes and remainders against quadrature, and the bounds on cumulants that they come from."""

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point import ball_values
from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.ray import ball_hessian_origin
from emtheory.numerics.ray.ball_hessian_origin import REMAINDER, SLOPE, Block, convex_up_to, origin_blocks
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND
from emtheory.numerics.simplex_point.origin_expansion import Expansion
from tests.numerics.brute_force import brute_force, coupling_terms
from tests.tiers import examples

posteriors = st.lists(st.floats(-4, 4), min_size=2, max_size=8).map(lambda y: np.exp(y) / np.sum(np.exp(y)))


@given(posterior=posteriors, m=st.integers(1, 7), n=st.integers(1, 7))
def test_the_cumulant_is_bounded(posterior: np.ndarray, m: int, n: int) -> None:
    k = len(posterior)
    transform = np.fft.ifft(posterior) * k
    assert abs(coupling_terms(transform, m % k, n % k)) <= MOMENT_BOUND


def test_half_of_the_bound_on_the_cumulant_would_be_wrong() -> None:
    """Two equal components: the fourth cumulant of a sign is −2."""
    assert coupling_terms(np.array([1, 0]), 1, 1) == 2 > MOMENT_BOUND / 2


def eigenvalues(case: Case, slope: bool) -> np.ndarray:
    """Those of H(0), or of H(0) + xD, at the case's x = s²."""
    x = float(case.squared_radius * case.k / (case.k - 1)) if slope else 0.0
    with arb_precision(128):
        matrices = [
            np.diag(np.array(block.powers, dtype=float)) + x * np.array(block.slopes, dtype=float)
            for block in origin_blocks(case)
        ]
    return np.concatenate([np.linalg.eigvalsh(matrix) for matrix in matrices])


@examples(25)
@given(parts=st.lists(st.integers(1, 30), min_size=2, max_size=4), radius=st.fractions("1/10", 2, max_denominator=10))
def test_slope_and_remainder_are_bounds(parts: list[int], radius: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts], radius=radius)
    x = float(radius**2 * case.k / (case.k - 1))
    exact = brute_force(case).hessian_eigenvalues
    # By Weyl the eigenvalues are as near as the matrices; each of one side is compared with the nearest of the other.
    for slope, bound in ((False, SLOPE * x), (True, REMAINDER * x**2)):
        distance = np.abs(np.subtract.outer(exact, eigenvalues(case, slope)))
        assert max(distance.min(axis=0).max(), distance.min(axis=1).max()) <= bound + 1e-8


@pytest.mark.parametrize("weights", ["1/2,3/10,1/5", "2/5,3/10,1/5,1/10"])
def test_what_is_left_is_of_second_order(weights: str) -> None:
    left = []
    for radius in (Fraction(1, 20), Fraction(1, 40)):
        case = make_case(weights.count(",") + 1, weights, radius=radius)
        left.append(brute_force(case).hessian_eigenvalues[0] - eigenvalues(case, slope=True).min())
    assert left[0] / left[1] == pytest.approx(2**4, rel=0.2)


def test_the_smallest_excess_counts_though_its_centre_is_not_the_smallest() -> None:
    """Powers are balls: the second may be 0.4005, from which a slope of −9/2 leads below 0.4 at once."""
    falling = [[flint.arb(-SLOPE if i == j else 0) for j in range(2)] for i in range(2)]
    block = Block((1, 2), (flint.arb(0.5), flint.arb(0.5005, 0.1)), falling)
    reached = block.exceeds_up_to(flint.arb(0.4))
    assert 0 < reached < 0.001 / SLOPE


@pytest.mark.parametrize("k", [2, 3, 4, 50])
def test_uniform_weights_are_convex_near_the_origin(k: int) -> None:
    case = make_case(k, "uniform")
    with arb_precision(128):
        end = convex_up_to(case)
        by_slope = min(block.exceeds_up_to(flint.arb(0)) for block in origin_blocks(case))
    assert end > (20 if k == 50 else 1) * by_slope > 0
    for part in (1, 8):
        radius = (Fraction(float(end)) * (k - 1) / (k * part)).limit_denominator(10**4)
        assert ball_values.hessian_min_eigenvalue(case.at_radius(radius), 5).lower > 0


def test_what_falls_is_not_convex_near_the_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the slope of β_1 negative, or the remainder large, no x would be found."""
    expand = ball_hessian_origin.power_expansion
    for slope, remainder in ((-1, 1), (1, 10**60)):

        def changed(case: Case, order: int, m: int, slope: int = slope, remainder: int = remainder) -> Expansion:
            found = expand(case, order, m)
            first, second, *others = found.coefficients
            return Expansion((first, rational(Fraction(slope)) * second, *others), found.remainder * remainder)

        monkeypatch.setattr(ball_hessian_origin, "power_expansion", changed)
        with arb_precision(128):
            assert convex_up_to(make_case(3, "uniform")) == 0
