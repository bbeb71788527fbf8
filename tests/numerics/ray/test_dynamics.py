"""The radius recursion against EM in the full space, and on recursions whose answers are known."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import CannotAnswerError, OutOfReachError
from emtheory.numerics.ray import dynamics
from emtheory.numerics.ray.dynamics import keeps_simplex, limiting_factor, require_simplex_kept, steps_to
from tests.numerics.brute_force import brute_force
from tests.tiers import examples

RESOLUTION = Fraction(1, 10**9)


@pytest.mark.parametrize(
    ("k", "weights", "kept"),
    [
        (2, "3/4,1/4", True),
        (3, "1/2,3/10,1/5", True),
        (4, "uniform", True),
        (4, "one-heavy:3/5", True),
        (4, "linear", False),
        (4, "3/8,1/8,3/8,1/8", False),
    ],
)
def test_simplex_is_kept_where_the_update_stays_on_the_ray(k: int, weights: str, kept: bool) -> None:
    """R commutes with EM, so the images of the vertices form a regular simplex if all β_m are equal."""
    case = make_case(k, weights, radius=Fraction(1))
    assert keeps_simplex(case) is kept
    powers = brute_force(case).posterior_power[1:]
    assert bool(np.ptp(powers) < 1e-10) is kept


def test_leaving_the_simplex_is_refused() -> None:
    require_simplex_kept(make_case(4, "one-heavy:3/5", radius=Fraction(1)))
    for case in (
        make_case(4, "linear", radius=Fraction(1)),
        make_case(4, "one-heavy:3/5", amplitudes=[Fraction(1), Fraction(1)]),
    ):
        with pytest.raises(CannotAnswerError, match="leaves the regular simplex"):
            require_simplex_kept(case)


@examples(40)
@given(st.fractions(Fraction(1, 100), Fraction(99, 100)), st.fractions(Fraction(1, 10**12), Fraction(2)))
def test_steps_of_a_constant_factor(power: Fraction, eps: Fraction) -> None:
    """β constant and KL = r²: the smallest t with (1 − β)^{2t} ≤ eps, counted one by one."""
    expected, square = 0, Fraction(1)
    while square > eps:
        square *= (1 - power) ** 2
        expected += 1
    if abs(square / eps - 1) > RESOLUTION and abs(square / (1 - power) ** 2 / eps - 1) > RESOLUTION:
        assert steps_to(Fraction(1), lambda _: power, lambda r: r**2, eps, RESOLUTION) == expected


@pytest.mark.parametrize("eps", ["1/100", "1/100000", "1e-9"])
def test_steps_of_a_sublinear_recursion(eps: str) -> None:
    """β = r²/2, KL = r⁴/8: a search that predicted a geometric decay must not step over the answer."""
    radius, expected = 1.0, 0
    while radius**4 / 8 > float(Fraction(eps)):
        radius *= 1 - radius**2 / 2
        expected += 1
    found = steps_to(Fraction(1), lambda r: r**2 / 2, lambda r: r**4 / 8, Fraction(eps), RESOLUTION)
    assert found == expected


def test_a_count_far_out_of_reach_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[Fraction] = []
    monkeypatch.setattr(dynamics, "MAX_STEPS", 300)

    def power(radius: Fraction) -> Fraction:
        steps.append(radius)
        return radius**2 / 2

    with pytest.raises(OutOfReachError, match="more than 300 steps"):
        steps_to(Fraction(1), power, lambda r: r**4 / 8, Fraction(1, 10**30), RESOLUTION)
    assert len(steps) < 100


def test_undecidable_and_endless_counts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotAnswerError, match="after 1 steps KL agrees with eps"):
        steps_to(Fraction(1), lambda _: Fraction(1, 2), lambda r: r**2, Fraction(1, 4), RESOLUTION)
    monkeypatch.setattr(dynamics, "MAX_STEPS", 300)
    with pytest.raises(CannotAnswerError, match="more than 300 steps"):
        steps_to(Fraction(1), lambda _: Fraction(1, 2**40), lambda r: r**2, Fraction(1, 2), RESOLUTION)
    with pytest.raises(CannotAnswerError, match="after 0 steps KL is not told from 0"):
        steps_to(Fraction(1), lambda _: Fraction(1, 2), lambda r: Fraction(0), Fraction(1, 4), RESOLUTION)
    with pytest.raises(CannotAnswerError, match="the rate may be sublinear"):
        limiting_factor(Fraction(1), lambda r: r**2 / 2, Fraction(1, 10**9))
