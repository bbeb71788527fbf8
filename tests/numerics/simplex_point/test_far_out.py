"""Far out on the simplex ray: the bounds hold, half of them would not, and nothing jumps where quadrature ends."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point.far_out import at_radius
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


@pytest.mark.parametrize("weight", ["1/2", "4/5", "99/100"])
@pytest.mark.parametrize("radius", [400, 5000])
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
