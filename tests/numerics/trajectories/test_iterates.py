"""Iterates of population EM against brute force, against finer ones, and one way to compute them against the other.

Steps that are not enough, counted by bounds, against trajectories that are followed.
"""

from fractions import Fraction
from itertools import islice

import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.level import Level
from emtheory.numerics.trajectories.iterates import Iterate, _enclosed, _on_the_simplex, iterates
from emtheory.numerics.trajectories.out_of_reach import steps_above

FOUR = make_case(4, "2/5,3/10,1/5,1/10", amplitudes=[Fraction(9, 10), Fraction(2, 5)])
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
    case, kl = make_case(3, weights, radius="1/4"), Fraction(14, 10**6)
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
    near, far = (make_case(3, "uniform", radius=radius) for radius in ("1/4", 2))
    assert steps_above(near, next(iterates(near, 4)), Fraction(1)) == 0
    assert steps_above(far, next(iterates(far, 4)), Fraction(1, 10**9)) == 0
