"""EM off the simplex: enclosed, in double precision, and in the full space without the identity; they must agree."""

import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.any_point.ball_values import exact_amplitudes
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.samples.population_em import population_em
from emtheory.numerics.trajectories import ball_amplitudes, float_amplitudes
from emtheory.numerics.trajectories.ball_amplitudes import AmplitudeBall, ball_of, em_step
from emtheory.numerics.trajectories.float_amplitudes import limiting_ratio, population_trajectory
from tests.numerics.brute_force import brute_force
from tests.tiers import examples, first_every_day

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
LEAVING = make_case(4, "1/2,1/4,1/8,1/8", radius=Fraction(1))
PERIODIC = make_case(4, "linear", amplitudes=[Fraction(0), Fraction(3, 2)])


@pytest.mark.parametrize("case", [FOUR, LEAVING], ids=["amplitudes", "simplex"])
def test_trajectory_is_that_of_em_in_the_full_space(case: Case) -> None:
    full = population_em(case, 4)
    for point, expected in zip(population_trajectory(case), full.amplitudes, strict=False):
        np.testing.assert_allclose(point.amplitudes, expected, atol=1e-8)


def test_a_point_of_the_trajectory_by_brute_force() -> None:
    point, exact = next(population_trajectory(FOUR)), brute_force(FOUR)
    assert point.divergence == pytest.approx(exact.kl, abs=1e-9)
    np.testing.assert_allclose(point.factors, 1 - exact.posterior_power[1:3], atol=1e-9)
    assert point.pl_ratio == pytest.approx(exact.gradient_square / 2 / exact.kl, rel=1e-8)
    assert point.norm_ratio == pytest.approx(np.linalg.norm(exact.update) / math.hypot(0.9, 0.4), abs=1e-9)


def count_steps(case: Case, eps: float) -> int:
    return next(step for step, point in enumerate(population_trajectory(case)) if point.divergence <= eps)


@pytest.mark.parametrize(("case", "eps"), [(FOUR, "1/1000"), (LEAVING, "1/500"), (PERIODIC, "1/100")])
def test_steps_agree_between_routes(case: Case, eps: str) -> None:
    certified, observed = (
        evaluate("iterations_to_kl", case, {"eps": Fraction(eps)}, 10, route) for route in ("ball", "float")
    )
    assert certified.level is Level.CERTIFIED
    assert observed.level is Level.OBSERVED
    assert certified.midpoint == observed.midpoint == count_steps(case, float(Fraction(eps))) > 2


@examples(5)
@given(
    parts=st.lists(st.integers(1, 9), min_size=4, max_size=4),
    amplitudes=st.lists(st.fractions("1/10", 2, max_denominator=10), min_size=2, max_size=2),
    offset=st.tuples(st.floats(-0.7, 0.7), st.floats(-0.7, 0.7)),
)
def test_a_step_maps_the_ball_into_the_ball(
    parts: list[int], amplitudes: list[Fraction], offset: tuple[float, float]
) -> None:
    """Also where ∇²ℓ is small and a ball of radius 0.01 shrinks little: members' images lie within the image."""
    case = make_case(4, [str(Fraction(part, sum(parts))) for part in parts], amplitudes=amplitudes)
    with arb_precision(100):
        centre = tuple(a.mid() for a in exact_amplitudes(case))
        image, _ = em_step(case.weights, AmplitudeBall(centre, flint.arb(0.01)), 25.0)
        member = tuple((c + 0.01 * shift).mid() for c, shift in zip(centre, offset, strict=True))
        inner, _ = em_step(case.weights, AmplitudeBall(member, flint.arb(0)), 25.0)
        distance = sum(((a - b) * (a - b) for a, b in zip(image.centre, inner.centre, strict=True)), start=flint.arb(0))
        assert distance.sqrt() < image.radius


def test_without_the_jacobian_errors_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(100):
        start, near = ball_of([flint.arb(0.9, 0.01), flint.arb(0.4)]), ball_of([flint.arb(0.909), flint.arb(0.4)])
        exact = em_step(FOUR.weights, near, 30.0)[0]

        def covers() -> bool:
            image = em_step(FOUR.weights, start, 30.0)[0]
            gap = [a - b for a, b in zip(image.centre, exact.centre, strict=True)]
            return bool(sum((x * x for x in gap), start=flint.arb(0)).sqrt() <= image.radius)

        assert covers()
        monkeypatch.setattr(ball_amplitudes, "_least_curvature", lambda *_: flint.arb(1))
        assert not covers()


@pytest.mark.parametrize("case", first_every_day(1, [PERIODIC, FOUR]), ids=["one frequency", "both"])
def test_measured_rate_is_the_exact_one(case: Case) -> None:
    exact, measured = (evaluate("asymptotic_rate", case, {}, 10, route) for route in ("exact", "float"))
    assert exact.level is Level.EXACT
    assert abs(measured.midpoint - exact.midpoint) < Fraction(1, 10**5)


def test_what_cannot_be_decided_or_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    kl = Fraction(next(population_trajectory(FOUR)).divergence)
    with pytest.raises(CannotAnswerError, match=r"after 0 steps KL = .* cannot be told from eps"):
        float_amplitudes.steps_to_kl(FOUR, kl)
    monkeypatch.setattr(float_amplitudes, "MAX_STEPS", 5)
    with pytest.raises(CannotAnswerError, match="more than 5 steps"):
        float_amplitudes.steps_to_kl(FOUR, Fraction(1, 10**9))
    with pytest.raises(CannotAnswerError, match="not settled after 5 steps"):
        limiting_ratio(FOUR, 1e-9)
    with pytest.raises(InputError, match="away from the origin"):
        next(population_trajectory(make_case(4, "linear", amplitudes=[Fraction(0), Fraction(0)])))
    with pytest.raises(CannotAnswerError, match="at the origin the exact route answers"):
        evaluate("iterations_to_kl", make_case(4, "linear", radius=Fraction(0)), {"eps": Fraction(1)}, route="ball")
