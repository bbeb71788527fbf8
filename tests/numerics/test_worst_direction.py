from fractions import Fraction

import pytest

from numerics.case import make_case
from numerics.enclosure import Level
from numerics.errors import InputError
from numerics.worst_direction import directions, worst

CASE = make_case(4, "1/2,1/4,1/8,1/8")


def test_directions_have_the_norm_and_run_from_one_frequency_to_the_other() -> None:
    found = directions(CASE, Fraction(1, 2), 4)
    assert all(sum(a**2 for a in direction.amplitudes) == Fraction(1, 4) for direction in found)
    assert found[0].amplitudes == (Fraction(1, 2), 0)
    assert found[-1].amplitudes == (0, Fraction(1, 2))
    assert all(direction.eigenvalue.level == Level.CERTIFIED for direction in found[1:-1])


def test_near_the_origin_every_direction_has_the_spectral_gap() -> None:
    # |π̂_1|² = 5/32 and |π̂_2|² = 1/16, by hand.
    for direction in directions(CASE, Fraction(1, 1000), 2, 6):
        assert float(direction.eigenvalue.midpoint) == pytest.approx(1 / 16, abs=1e-3)
        assert direction.factor == pytest.approx(15 / 16, abs=1e-3)


def test_the_worst_direction_is_worse_than_the_simplex() -> None:
    # Amplitudes of the simplex are in the ratio √2 : 1, u = 0.318.
    found = directions(CASE, Fraction(1), 8)
    flattest = worst(found, lambda direction: direction.eigenvalue)
    simplex = min(found, key=lambda direction: abs(direction.amplitudes[0] ** 2 - 2 * direction.amplitudes[1] ** 2))
    assert flattest.eigenvalue.upper < simplex.eigenvalue.lower
    assert flattest.eigenvalue.lower == min(direction.eigenvalue.lower for direction in found)


def test_two_frequencies_and_a_radius_are_needed() -> None:
    with pytest.raises(InputError, match="k = 6"):
        directions(make_case(6, "linear"), Fraction(1), 4)
    with pytest.raises(InputError, match="positive"):
        directions(CASE, Fraction(0), 4)
