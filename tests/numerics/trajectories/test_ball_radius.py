"""Steps and iterates of population EM against the operator by its definition, and one way to follow them by another."""

import math
from fractions import Fraction
from itertools import islice

import flint
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emtheory.numerics.any_point.ball_values import exact_amplitudes
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.samples.population_em import population_em
from emtheory.numerics.trajectories import ball_amplitudes, ball_radius, float_amplitudes
from emtheory.numerics.trajectories.ball_amplitudes import AmplitudeBall, ball_of, em_step
from emtheory.numerics.trajectories.ball_radius import ray_step
from emtheory.numerics.trajectories.float_amplitudes import limiting_ratio, population_trajectory
from emtheory.numerics.trajectories.iterates import Iterate, _enclosed, _on_the_simplex, iterates
from emtheory.numerics.trajectories.out_of_reach import steps_above
from tests.numerics.brute_force import brute_force, start
from tests.tiers import examples


@pytest.mark.parametrize(("k", "weights", "radius"), [(2, "4/5,1/5", "3/2"), (3, "uniform", "1")])
def test_against_the_operator_by_definition(k: int, weights: str, radius: str) -> None:
    case = make_case(k, weights, radius=Fraction(radius))
    theta, steps, eps = start(case), 0, Fraction(1, 1000)
    while (value := brute_force(case, theta)).kl > float(eps):
        theta, steps = np.asarray(value.update), steps + 1
    found = evaluate("iterations_to_kl", case, {"eps": eps}, 10, "ball")
    assert found.lower == found.upper == steps


def test_neighbouring_targets_are_told_apart() -> None:
    """KL after one step, to 20 digits either side: one step suffices for the larger target only."""
    case = make_case(2, "4/5,1/5", radius=Fraction(1))
    power = evaluate("posterior_power", case, {"m": Fraction(1)}, 60, "ball").midpoint
    kl = evaluate("kl_divergence", case.at_radius(1 - Fraction(power)), {}, 40, "ball").midpoint
    above, below = (Fraction(kl) * (1 + sign * Fraction(1, 10**20)) for sign in (1, -1))
    assert evaluate("iterations_to_kl", case, {"eps": above}, 5, "ball").upper == 1
    assert evaluate("iterations_to_kl", case, {"eps": below}, 5, "ball").lower == 2


def test_an_undecided_comparison_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(2, "4/5,1/5", radius=Fraction(1))
    kl = evaluate("kl_divergence", case, {}, 40, "ball").midpoint
    monkeypatch.setattr(ball_radius, "_ACCURACIES", (30.0, 60.0))
    with pytest.raises(CannotAnswerError, match="cannot be told"):
        evaluate("iterations_to_kl", case, {"eps": Fraction(kl)}, 5, "ball")


def test_a_factor_that_almost_vanishes() -> None:
    """1 − β is at most 5·10^−19 on the way: early on its ball contains 0, which must not end in a number."""
    case = make_case(2, ["0." + 20 * "9", "1e-20"], radius=Fraction(1))
    assert evaluate("iterations_to_kl", case, {"eps": Fraction("1e-50")}, 5, "ball").upper == 2


def test_rounding_of_the_quadratures_point_counts_as_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """r² = 1 is exact here, but x = 4/3, at whose centre KL is taken, is rounded."""
    case = make_case(4, "uniform", radius=Fraction(1))
    monkeypatch.setattr(ball_radius, "kl_at", lambda *_: flint.arb(1))
    with arb_precision(64):
        logarithm, _ = ball_radius._excess(case, Fraction(1), 30.0)(0)
        x = flint.arb(flint.fmpq(4, 3))
    power = evaluate("posterior_power", case, {"m": Fraction(1)}, 5, "ball").lower
    # dKL/dx = β(k − 1)/2k.
    assert logarithm.rad() > 0.37 * float(power) * x.rad() > 0


UNIFORM = make_case(3, "uniform", radius=Fraction(1))


def test_thousands_of_steps_cost_no_more_quadratures(monkeypatch: pytest.MonkeyPatch) -> None:
    """With uniform weights KL_t ~ (k − 1)/(16t²)."""
    moments, counts = ball_radius.ray_moments, []
    for eps in ("1e-6", "1e-8"):
        made: list[int] = []
        monkeypatch.setattr(ball_radius, "ray_moments", lambda *a, made=made: made.append(1) or moments(*a))
        steps = ball_radius.steps_to_kl(UNIFORM, Fraction(eps))
        assert abs(steps - (2 / 16 / float(Fraction(eps))) ** 0.5) < 1
        counts.append(len(made))
    assert counts[0] < 70
    assert counts[1] < 1.3 * counts[0]


def test_a_step_of_the_model_is_that_of_a_quadrature(monkeypatch: pytest.MonkeyPatch) -> None:
    with arb_precision(128):
        by_model = ray_step(UNIFORM, 0.01, 24.0)
        monkeypatch.setattr(ball_radius, "_model", lambda *_: None)
        by_quadrature = ray_step(UNIFORM, 0.01, 24.0)
        for x in (flint.arb("1.5"), flint.arb("0.3"), flint.arb("0.0107")):
            (power, image), (other, other_image) = by_model(x), by_quadrature(x)
            assert power.overlaps(other)
            assert image.overlaps(other_image)
            assert 0 < power.rad() < 1e-7
            assert power.mid() != other.mid()


def test_a_step_holds_for_all_of_a_ball_and_the_error_does_not_grow() -> None:
    with arb_precision(128):
        step = ray_step(UNIFORM, 0.01, 24.0)
        x = flint.arb("0.5", "0.01")
        _, image = step(x)
        for end in (x.lower(), x.upper()):
            assert image.contains(step(end)[1].mid())
        assert not step(x.mid())[1].contains(step(x.upper())[1].mid())  # the error of x has to be carried along
        assert image.rad() / image.mid() < x.rad() / x.mid()


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


@pytest.mark.parametrize(("case", "eps"), [(FOUR, "1/1000"), (PERIODIC, "1/100")])
def test_steps_agree_between_routes(case: Case, eps: str) -> None:
    certified, observed = (
        evaluate("iterations_to_kl", case, {"eps": Fraction(eps)}, 10, route) for route in ("ball", "float")
    )
    assert certified.level is Level.CERTIFIED
    assert observed.level is Level.OBSERVED
    assert certified.midpoint == observed.midpoint == count_steps(case, float(Fraction(eps))) > 2


RADIUS = 2.0**-16


@examples(5)
@given(
    parts=st.lists(st.integers(1, 9), min_size=4, max_size=4),
    amplitudes=st.lists(st.fractions("1/10", 2, max_denominator=10), min_size=2, max_size=2),
    offset=st.tuples(st.floats(-0.7, 0.7), st.floats(-0.7, 0.7)),
)
@example([7, 1, 1, 1], [Fraction(1, 10)] * 2, (0.7, 0.7))
def test_a_step_maps_the_ball_into_the_ball(
    parts: list[int], amplitudes: list[Fraction], offset: tuple[float, float]
) -> None:
    """Also where ∇²ℓ is small, or nearly 9/25 in every direction: members' images lie within the image of a ball."""
    case = make_case(4, [str(Fraction(part, sum(parts))) for part in parts], amplitudes=amplitudes)
    with arb_precision(100):
        centre = tuple(a.mid() for a in exact_amplitudes(case))
        image, _ = em_step(case.weights, AmplitudeBall(centre, flint.arb(RADIUS)), 25.0)
        member = tuple((c + RADIUS * shift).mid() for c, shift in zip(centre, offset, strict=True))
        inner, _ = em_step(case.weights, AmplitudeBall(member, flint.arb(0)), 25.0)
        distance = sum(((a - b) * (a - b) for a, b in zip(image.centre, inner.centre, strict=True)), start=flint.arb(0))
        assert distance.sqrt() < image.radius < 2 * RADIUS


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


def test_measured_rate_is_the_exact_one() -> None:
    exact, measured = (evaluate("asymptotic_rate", PERIODIC, {}, 10, route) for route in ("exact", "float"))
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


KEPT = make_case(5, "one-heavy:1/2", radius=Fraction(3, 4))


def values(iterate: Iterate) -> list[Enclosure]:
    return [*iterate.amplitudes, iterate.divergence, *iterate.factors, iterate.pl_ratio, iterate.simplex_distance]


def overlap(first: Enclosure, second: Enclosure) -> bool:
    return first.lower <= second.upper and second.lower <= first.upper


def test_finer_iterates_lie_in_coarser_ones() -> None:
    for coarse, fine in islice(zip(iterates(FOUR, 2), iterates(FOUR, 6), strict=False), 2):
        for wide, narrow in zip(values(coarse), values(fine), strict=True):
            assert wide.level is Level.CERTIFIED
            assert overlap(wide, narrow)
            assert narrow.upper - narrow.lower < 1e-5


def test_the_radius_carried_along_agrees_with_the_ball_of_amplitudes() -> None:
    for proved, carried in islice(zip(_enclosed(KEPT, 3), _on_the_simplex(KEPT, 10), strict=False), 5):
        for one, other in zip(values(proved), values(carried), strict=True):
            assert one.upper - one.lower < 1e-6
            assert one.lower <= other.midpoint <= one.upper or one.lower == other.midpoint == 0
            assert (one.level, other.level) == (Level.CERTIFIED, Level.SUPPORTED)


@pytest.mark.parametrize(
    ("case", "digits", "message"),
    [
        (make_case(4, "linear"), 6, "away from the origin"),
        (make_case(4, "linear", radius=Fraction(0)), 6, "away from the origin"),
        (FOUR, 0, "digits = 0 is out of range"),
        (FOUR, 31, "digits = 31 is out of range"),
    ],
)
def test_bad_requests(case: Case, digits: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        iterates(case, digits)


@pytest.mark.long
def test_trajectories_on_sobol_points_against_enclosed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(6, "linear", radius=Fraction(1))
    certified = list(islice(iterates(case, 3), 2))
    monkeypatch.setattr("emtheory.numerics.trajectories.iterates.MAX_DIRECTIONS", 4)
    monkeypatch.setattr("emtheory.numerics.trajectories.float_amplitudes._EXPONENTS", 12)
    for truth, found in zip(certified, iterates(case, 3), strict=False):
        assert found.divergence.level is Level.OBSERVED
        pairs = [(found.divergence, truth.divergence), (found.pl_ratio, truth.pl_ratio)]
        pairs += zip((*found.amplitudes, *found.factors), (*truth.amplitudes, *truth.factors), strict=True)
        for value, enclosure in pairs:
            assert abs(value.midpoint - enclosure.midpoint) <= value.upper - value.lower + Fraction(1, 10**12)
            assert value.upper - value.lower < Fraction(1, 20) * value.midpoint


@pytest.mark.parametrize("weights", ["uniform", "34/100,33/100,33/100"])
def test_as_many_steps_leave_kl_above_the_target(weights: str) -> None:
    """The second has a frequency that is slow enough, and none that vanishes."""
    case, kl = make_case(3, weights, radius="1/4"), Fraction(5, 10**5)
    followed = []
    for iterate in islice(iterates(case, 4), 100):
        followed.append(iterate)
        if iterate.divergence.upper <= kl:
            break
    taken = len(followed) - 1
    assert 20 < taken < 99
    # A step lowers the amplitude by about a third of what is allowed for.
    assert taken / 5 < steps_above(case, followed[0], kl) < taken


def test_a_target_ten_thousand_times_smaller_takes_a_hundred_times_the_steps_of_degenerate_weights_only() -> None:
    def ratio(weights: str) -> float:
        case = make_case(3, weights, radius="1/8")
        start = next(iterates(case, 4))
        near, far = (steps_above(case, start, Fraction(1, 10**power)) for power in (10, 14))
        return far / near

    assert 60 < ratio("uniform") < 160
    assert ratio("one-heavy:3/5") < 3


def test_nothing_is_said_of_a_target_that_is_reached_or_of_points_far_away() -> None:
    near, far = (make_case(3, "uniform", radius=radius) for radius in ("1/4", 2))
    assert steps_above(near, next(iterates(near, 4)), Fraction(1)) == 0
    assert steps_above(far, next(iterates(far, 4)), Fraction(1, 10**9)) == 0
