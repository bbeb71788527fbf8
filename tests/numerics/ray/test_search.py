"""Searches on functions whose extrema and crossings are known."""

import math
from fractions import Fraction

import pytest

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.ray.dynamics import Value
from emtheory.numerics.ray.scan import first_crossing, minimum, scan_radii

TOLERANCE = Fraction(1, 10**20)
RADII = scan_radii(3.0, 40)


@pytest.mark.parametrize(
    ("precise", "root"),
    [
        (lambda r: (1 - r) * (2 - r), Fraction(1)),  # Only the first one counts,
        (lambda r: RADII[0] / 10 - r, RADII[0] / 10),  # and one before the first radius is not taken for 0.
    ],
)
def test_the_first_crossing_is_found(precise: Value, root: Fraction) -> None:
    found = first_crossing(lambda r: float(precise(r)), precise, RADII, TOLERANCE)
    assert found is not None
    assert abs(found.radius - root) <= found.error <= 2 * root * TOLERANCE


def test_no_crossing_and_no_start() -> None:
    assert first_crossing(lambda r: 1.0, lambda r: Fraction(1), RADII, TOLERANCE) is None
    at_once = first_crossing(lambda r: -float(r), lambda r: -(r**2), RADII, TOLERANCE)
    assert at_once is not None
    assert (at_once.radius, at_once.value, at_once.error) == (0, 0, 0)


def test_a_scan_that_the_accurate_function_contradicts_is_refused() -> None:
    with pytest.raises(CannotAnswerError, match="disagree about the sign"):
        first_crossing(lambda r: 1 - float(r), lambda r: Fraction(1), RADII, TOLERANCE)
    with pytest.raises(CannotAnswerError, match="disagree about the sign"):
        first_crossing(lambda r: 1 - float(r), lambda r: Fraction(-1), RADII, TOLERANCE)


def test_minimum_at_the_ends() -> None:
    rising = minimum(float, lambda r: 1 + r, RADII, TOLERANCE)
    assert (rising.radius, rising.value) == (RADII[0], 1 + RADII[0])
    falling = minimum(lambda r: -float(r), lambda r: 5 - r, RADII, TOLERANCE)
    assert (falling.radius, falling.value) == (3, 2)


def test_noise_instead_of_a_minimum_is_refused() -> None:
    def noise(r: Fraction) -> Fraction:
        return 1 - Fraction(math.sin(1e9 * float(r)) / 1000)

    with pytest.raises(CannotAnswerError, match="not located"):
        minimum(lambda r: 1 + (float(r) - 1.5) ** 2, noise, RADII, TOLERANCE)
