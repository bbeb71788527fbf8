"""Steps that are not enough, counted by bounds, against trajectories that are followed."""

from fractions import Fraction
from itertools import islice

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.trajectories.iterates import iterates
from emtheory.numerics.trajectories.out_of_reach import steps_above
from tests.tiers import first_every_day

CASES: list[tuple[int, str, dict[str, str]]] = [
    (3, "uniform", {"radius": "1/4"}),
    # None vanishes, and the slower is slow enough.
    (3, "34/100,33/100,33/100", {"radius": "1/4"}),
    # One frequency vanishes, and the other, which falls fast, is bounded as it starts.
    (4, "3/10,1/5,3/10,1/5", {"amplitudes": "1/4,1/20"}),
]


@pytest.mark.parametrize(("k", "weights", "point"), first_every_day(2, CASES))
def test_as_many_steps_leave_kl_above_the_target(k: int, weights: str, point: dict[str, str]) -> None:
    case, kl = make_case(k, weights, **point), Fraction(14, 10**6)  # type: ignore[arg-type]
    followed = []
    for iterate in islice(iterates(case, 4), 100):
        followed.append(iterate)
        if iterate.divergence.upper <= kl:
            break
    taken = len(followed) - 1
    assert 50 < taken < 99
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
    near, far = make_case(3, "uniform", radius="1/4"), make_case(3, "uniform", radius=2)
    assert steps_above(near, next(iterates(near, 4)), Fraction(1)) == 0
    assert steps_above(far, next(iterates(far, 4)), Fraction(1, 10**9)) == 0
