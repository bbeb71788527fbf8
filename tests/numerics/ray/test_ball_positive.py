"""∇²ℓ near the origin: slopes and remainders against quadrature, and the bounds on cumulants that they come from.

How far an expansion at the origin keeps its sign.
"""

from fractions import Fraction

import flint
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.chebyshev import Model
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.directions.cover_convexity import _ORIGIN_SLOPE
from emtheory.numerics.ray import ball_hessian_origin, ball_positive
from emtheory.numerics.ray.ball_hessian_origin import convex_up_to, positive_up_to
from emtheory.numerics.ray.ball_positive import Over, certainly_positive
from emtheory.numerics.simplex_point.moments import MOMENT_BOUND, frequency_groups
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus, squared_modulus
from tests.numerics.brute_force import brute_force, coupling_terms
from tests.tiers import examples

posteriors = st.lists(st.floats(-4, 4), min_size=2, max_size=8).map(lambda y: np.exp(y) / np.sum(np.exp(y)))


@given(posterior=posteriors, m=st.integers(1, 7), n=st.integers(1, 7))
def test_the_cumulant_is_bounded(posterior: np.ndarray, m: int, n: int) -> None:
    k = len(posterior)
    transform = np.fft.ifft(posterior) * k
    assert abs(coupling_terms(transform, m % k, n % k)) <= MOMENT_BOUND


@examples(15)
@given(
    parts=st.lists(st.integers(1, 30), min_size=2, max_size=4),
    radius=st.fractions("1/100", "1/20", max_denominator=100),
    share=st.fractions(0, 1, max_denominator=10),
)
def test_what_is_left_of_the_smallest_eigenvalue_is_enclosed(
    parts: list[int], radius: Fraction, share: Fraction
) -> None:
    """(λ_min − c)/x at one x against the definition, and from 0 on up to it no more than that."""
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts], radius=radius)
    x = radius**2 * case.k / (case.k - 1)
    bound = share * Fraction(smallest_squared_modulus(case.weights).enclose(20)[0])
    with arb_precision(128):
        there = flint.arb(to_fmpq(x))
        smallest = ball_hessian_origin._smallest_of(case, frequency_groups(case), rational(bound))
        at, over = smallest(there, there), smallest(flint.arb(0).union(there), there)
    expected = (min(brute_force(case).hessian_eigenvalues) - float(bound)) / float(x)
    assert float(at.lower()) - 1e-8 / float(x) <= expected <= float(at.upper()) + 1e-8 / float(x)
    assert float(over.lower()) <= expected + 1e-8 / float(x)


@examples(25)
@given(parts=st.lists(st.integers(1, 30), min_size=2, max_size=4), radius=st.fractions("1/10", 2, max_denominator=10))
def test_eigenvalues_leave_the_origin_no_faster_than_is_said(parts: list[int], radius: Fraction) -> None:
    """By Weyl the eigenvalues are as near as the matrices; each is compared with the nearest of the other side."""
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    exact = brute_force(case.at_radius(radius)).hessian_eigenvalues
    origin = [float(sum(squared_modulus(case.weights, m).enclose(20)) / 2) for m in range(1, case.k)]
    distance = np.abs(np.subtract.outer(exact, origin))
    assert max(distance.min(axis=0).max(), distance.min(axis=1).max()) <= float(_ORIGIN_SLOPE * radius**2) + 1e-8


def test_a_bound_that_fails_at_once_is_not_said_to_hold() -> None:
    """β falls at first for weights 4/5 and 1/5, from the gap 9/25."""
    with arb_precision(128):
        assert convex_up_to(make_case(2, "4/5,1/5"), Fraction(9, 25)) == 0
        assert convex_up_to(make_case(2, "4/5,1/5"), Fraction(35, 100)) > 0


COEFFICIENTS = st.lists(st.fractions(-5, 5, max_denominator=1000), max_size=3)


def ball(value: Fraction, radius: float = 0.0) -> flint.arb:
    return flint.arb(to_fmpq(value), radius)


@given(value=st.fractions("1/1000000", 1), others=COEFFICIENTS, remainder=st.integers(0, 500), part=st.fractions(0, 1))
def test_positive_even_with_the_worst_remainder(
    value: Fraction, others: list[Fraction], remainder: int, part: Fraction
) -> None:
    terms = [value, *others]
    with arb_precision(120):
        end = positive_up_to([ball(term) for term in terms], flint.arb(remainder))
        assert end > 0
        point = part * Fraction(end.mid().str(40, radius=False))
    lowest = sum((term * point**i for i, term in enumerate(terms)), Fraction(0)) - remainder * point ** len(terms)
    assert lowest > 0


def test_a_vanishing_slope_does_not_end_it_at_a_tiny_value() -> None:
    """10^−30 + 0·x + x²/10 − 400x³ is positive up to 1/4000, however well the slope is known."""
    with arb_precision(160):
        terms = [ball(Fraction(1, 10**30)), flint.arb(0, 1e-40), ball(Fraction(1, 10))]
        assert positive_up_to(terms, flint.arb(400)) > 1 / 9000


def test_nothing_is_claimed_without_a_positive_value() -> None:
    with arb_precision(60):
        for value in (flint.arb(0), flint.arb(-1), flint.arb(0, 1), flint.arb("nan")):
            assert positive_up_to([value, flint.arb(1)], flint.arb(1)) == 0
        assert positive_up_to([flint.arb(1), flint.arb("nan")], flint.arb(1)) == 0


CELLS = [(Fraction(i, 3), Fraction(i + 1, 3)) for i in range(3)]


def parabola(centre: Fraction, height: Fraction, asked: list[float]) -> ball_positive.Over:
    """Models of (x − centre)² + height with an error of e^{−L} that is really there."""

    def build(cell: tuple[Fraction, Fraction], accuracy: float) -> Over:
        asked.append(accuracy)
        left, right = cell
        middle, half = (left + right) / 2 - centre, (right - left) / 2
        coefficients = [middle**2 + height, 2 * middle * half, half**2]
        error = flint.arb(-accuracy).exp()
        polynomial = flint.arb_poly([flint.arb(flint.fmpq(c.numerator, c.denominator)) for c in coefficients])
        return Model(left, right, polynomial - error, flint.arb(0, error), flint.arb(0)).over

    return build


@examples(30)
@given(centre=st.fractions(0, 1, max_denominator=1000), exponent=st.integers(1, 25))
def test_a_narrow_dip_decides(centre: Fraction, exponent: int) -> None:
    """The dip of depth 10^−e and width 10^{−e/2} is seen on either side of zero, by finer models near it only."""
    height = Fraction(1, 10**exponent)
    with arb_precision(400):
        asked: list[float] = []
        assert certainly_positive(parabola(centre, height, asked), CELLS, 2.31 * exponent + 3)
        assert not certainly_positive(parabola(centre, -height, []), CELLS, 2.31 * exponent + 3)
    assert asked.count(7.0) <= len(CELLS)
    assert len(asked) < 25


def test_coarse_models_prove_nothing_and_every_cell_counts() -> None:
    with arb_precision(200):
        assert not certainly_positive(parabola(Fraction(1, 2), Fraction(1, 10**9), []), CELLS, 15.0)
        build = parabola(Fraction(1, 6), -Fraction(1, 10**4), [])
        assert certainly_positive(build, CELLS[1:], 20.0)
        assert not certainly_positive(build, CELLS, 20.0)
