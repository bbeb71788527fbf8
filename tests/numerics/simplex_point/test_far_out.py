"""Far out on the simplex ray bounds hold, are needed in this size, and nothing jumps where quadrature ends."""

import itertools
import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize_scalar

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.ray.dynamics import keeps_simplex
from emtheory.numerics.simplex_point import far_out
from emtheory.numerics.simplex_point.contraction_bound import factor_ball
from emtheory.numerics.simplex_point.far_out import at_radius, exceeded_beyond, expected_maximum, pair_bound
from emtheory.theory.derivations.rates.contraction_bound import ALPHA, DIMENSION, RADIUS, log_factor
from tests.tiers import examples

QUANTITIES = ("log_partition", "kl_divergence", "posterior_power", "hessian_min_eigenvalue", "pl_ratio")


def arguments(quantity: str) -> dict[str, Fraction]:
    return {"m": Fraction(1)} if quantity == "posterior_power" else {}


@examples(10)
@given(
    parts=st.lists(st.integers(1, 10**4), min_size=2, max_size=6), radius=st.fractions("1/2", 60, max_denominator=20)
)
def test_the_bounds_hold_at_every_radius(parts: list[int], radius: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts], radius=radius)
    for quantity in QUANTITIES:
        value = evaluate(quantity, case, arguments(quantity), 12, "ball")
        with arb_precision(80):
            ball = at_radius(quantity, case)
        if not ball.is_finite():
            assert quantity == "pl_ratio"  # Its divisor is not told from 0 so near.
            continue
        assert float(ball.lower()) <= float(value.upper)
        assert float(value.lower) <= float(ball.upper())


def two_components(weight: float, radius: float) -> tuple[float, float]:
    """Λ and β of two components from their definitions, with X on the line; at radii that no route reaches."""
    shift = math.log(weight / (1 - weight)) / 2

    def mean(function: object, width: float) -> float:
        def integrand(x: float) -> float:
            return float(function(x) * math.exp(-x * x / 2) / math.sqrt(2 * math.pi))  # type: ignore[operator]

        ends = [-12.0, *(-shift / radius + each * width / radius for each in (-40, -5, -1, 0, 1, 5, 40)), 12.0]
        return sum(quad(integrand, *pair, epsabs=1e-14, limit=200)[0] for pair in itertools.pairwise(ends))

    def log_sum(x: float) -> float:
        return float(np.logaddexp(math.log(weight) + radius * x, math.log(1 - weight) - radius * x))

    return mean(log_sum, 1.0), 1 - mean(lambda x: 1 / math.cosh(min(abs(radius * x + shift), 300.0)) ** 2, 1.0)


@pytest.mark.parametrize(("weight", "radius"), [("1/2", 400), ("99/100", 5000)])
def test_values_beyond_quadrature_are_those_of_the_definitions(weight: str, radius: int) -> None:
    case = make_case(2, f"one-heavy:{weight}", radius=Fraction(radius))
    partition, power = two_components(float(Fraction(weight)), float(radius))
    for quantity, value in (("log_partition", partition), ("posterior_power", power)):
        found = evaluate(quantity, case, arguments(quantity), 3)
        assert float(found.lower) - 1e-10 * radius <= value <= float(found.upper) + 1e-10 * radius
        assert found.upper - found.lower < Fraction(1, 100)


def test_a_little_less_than_the_constants_would_be_wrong() -> None:
    # For two components Λ = R_0r − H + D/r − …, and β = 1 − R_0/r + D/r³ − ….
    case, radius, lloyd = make_case(2, "999/1000,1/1000", radius=Fraction(80)), 80, math.sqrt(2 / math.pi)
    with arb_precision(80):
        partition, power = (at_radius(quantity, case) for quantity in ("log_partition", "posterior_power"))
    excess = float(partition.upper() - partition.lower())
    value = float(evaluate("log_partition", case, {}, 15).midpoint) - lloyd * radius - (math.log(999e-6) / 2)
    assert 0.9 * excess < value < excess
    rise = float(evaluate("posterior_power", case, arguments("posterior_power"), 15).midpoint) - 1 + lloyd / radius
    assert 0.2 * float(power.upper() - power.lower()) < rise < float(power.upper() - power.lower())


def test_more_digits_than_the_bounds_give_are_refused() -> None:
    with pytest.raises(CannotAnswerError, match="digits"):
        evaluate("hessian_min_eigenvalue", make_case(3, "linear", radius=Fraction(1000)), {}, 10)


def test_the_tail_bound_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(160):
        truth = 1 / flint.arb.pi().sqrt()
        monkeypatch.setattr(far_out.math, "sqrt", lambda _: 2.0)  # integrates over [−2, 2] only
        assert expected_maximum(2, 60).contains(truth)
        monkeypatch.setattr(far_out, "tail", lambda *_: flint.arb(0))
        assert not expected_maximum(2, 60).overlaps(truth)


def largest_curvature(case: Case, radius: Fraction) -> float:
    """λ_max(∇²Λ)·s, from an enclosure of λ_min(∇²ℓ)."""
    smallest = evaluate("hessian_min_eigenvalue", case.at_radius(radius), {}, 8, "ball").midpoint
    return (1 - float(smallest)) * deviation(case, radius)


def deviation(case: Case, radius: Fraction) -> float:
    return float(radius) * math.sqrt(case.k / (case.k - 1))


def concavity_bound(case: Case, s: float) -> flint.arb:
    logarithms = [(flint.arb(to_fmpq(weight)).log(), len(members)) for weight, members in case.classes.items()]
    return far_out.concavity_bound(far_out.prior_of(logarithms), expected_maximum(case.k, 30.0), flint.arb(s))


@examples(10)
@given(
    parts=st.lists(st.integers(1, 10**4), min_size=2, max_size=5), radius=st.fractions("1/10", 20, max_denominator=20)
)
def test_both_bounds_hold(parts: list[int], radius: Fraction) -> None:
    case = make_case(len(parts), [str(Fraction(part, sum(parts))) for part in parts])
    value = largest_curvature(case, radius)
    assert value < pair_bound(case.k)
    assert value < concavity_bound(case, deviation(case, radius))


def test_half_of_either_bound_would_be_wrong() -> None:
    three = make_case(3, "uniform")
    assert largest_curvature(three, Fraction(20)) > concavity_bound(three, 20.0) / 2
    two = make_case(2, "999/1000,1/1000")
    assert largest_curvature(two, Fraction(2)) > pair_bound(2) / 2


@pytest.mark.parametrize(("k", "weights"), [(2, "4/5,1/5"), (4, "linear"), (1000, "uniform")])
@pytest.mark.parametrize("threshold", ["0", "1/2"])
def test_beyond_the_radius_the_threshold_is_exceeded(k: int, weights: str, threshold: str) -> None:
    case = make_case(k, weights)
    for name in ("hessian_min_eigenvalue", "pl_ratio", "posterior_power"):
        start, m = exceeded_beyond(name, case, Fraction(threshold), alike=keeps_simplex(case)), Fraction(1)
        for radius in (start, 2 * start):
            value = evaluate(name, case.at_radius(radius), {"m": m} if name == "posterior_power" else {}, 5, "ball")
            assert value.lower > Fraction(threshold)


def bound(k: int, weights: str, radius: str, route: str = "auto", digits: int = 20) -> tuple[Fraction, Fraction]:
    found = evaluate("contraction_bound", make_case(k, weights), {"radius": Fraction(radius)}, digits, route)
    assert isinstance(found.lower, Fraction)
    assert isinstance(found.upper, Fraction)
    return found.lower, found.upper


@examples(15)
@given(st.integers(1, 200), st.fractions(Fraction(1, 100), 30, max_denominator=100))
def test_the_parameter_is_the_best(dimension: int, radius: Fraction) -> None:
    """Against SciPy's search over log α of the expression that the derivation proves."""
    values = {RADIUS: float(radius), DIMENSION: dimension}

    def loss(log_alpha: float) -> float:
        a = 2.718281828459045**log_alpha
        return -float(log_factor(ALPHA).subs(values | {ALPHA: a}))

    best = -minimize_scalar(loss, bounds=(-20, 10), method="bounded", options={"maxiter": 60}).fun
    with arb_precision(100):
        assert float(factor_ball(dimension, radius).log()) == pytest.approx(best, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("k", "radius"), [(2, "1/3"), (40, "1e-6"), (100, "2.64"), (7, "1000")])
def test_balls_contain_what_mpmath_computes(k: int, radius: str) -> None:
    lower, upper = bound(k, "one-heavy:3/5", radius, "ball")
    coarse, fine = bound(k, "one-heavy:3/5", radius, "mp")
    assert coarse <= lower <= upper <= fine
    assert upper - lower < Fraction(1, 10**20)


@pytest.mark.parametrize(("k", "weights", "radius"), [(3, "1/2,3/10,1/5", "4"), (16, "one-heavy:9/10", "1/4")])
def test_the_truth_is_below(k: int, weights: str, radius: str) -> None:
    case = make_case(k, weights)
    worst = evaluate("worst_contraction_factor", case, {"radius": Fraction(radius)}, 10)
    assert worst.level == Level.CERTIFIED
    assert worst.upper < bound(k, weights, radius)[0] < 1


def test_without_the_dft_condition_it_is_one() -> None:
    assert bound(4, "uniform", "2") == (Fraction(1), Fraction(1))
