import math
import pickle
from fractions import Fraction

import pytest

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.closed_form import pi_power
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level


def enclosure(lower: Fraction | float, upper: Fraction | float, level: Level = Level.SUPPORTED) -> Enclosure:
    return Enclosure(lower, upper, level, "mp")


def test_levels_are_ordered_from_weak_to_strong() -> None:
    assert min(Level.EXACT, Level.OBSERVED, Level.CERTIFIED) is Level.OBSERVED
    assert [str(level) for level in sorted(Level)] == ["observed", "supported", "certified", "exact"]
    assert [level for level in Level if enclosure(Fraction(0), Fraction(1), level).rigorous] == [
        Level.CERTIFIED,
        Level.EXACT,
    ]


def test_empty_intervals_and_truth_values_are_errors() -> None:
    with pytest.raises(ValueError, match="empty enclosure"):
        enclosure(Fraction(1), Fraction(0))
    with pytest.raises(ValueError, match="empty enclosure"):
        enclosure(math.nan, math.nan)
    with pytest.raises(TypeError, match="no truth value"):
        bool(enclosure(Fraction(0), Fraction(0)))


def test_midpoints() -> None:
    assert enclosure(Fraction(1), Fraction(2)).midpoint == Fraction(3, 2)
    assert enclosure(math.inf, math.inf).midpoint == math.inf
    assert enclosure(-math.inf, -math.inf).midpoint == -math.inf
    assert enclosure(Fraction(1), math.inf).midpoint == math.inf


@pytest.mark.parametrize(
    ("lower", "upper", "digits"),
    [("0.99995", "1.00005", 4), ("-1.00005", "-0.99995", 4), ("-1", "1", 0), ("0", "1", 0), ("3", "3", 2000)],
)
def test_digits_are_counted_against_the_smaller_end(lower: str, upper: str, digits: int) -> None:
    interval = enclosure(Fraction(lower), Fraction(upper))
    held = [n for n in (*range(1, 10), 2000) if interval.has_digits(n)]
    assert max(held, default=0) == (digits if digits != 4 else 3)
    assert not enclosure(Fraction(1), math.inf).has_digits(1)
    assert enclosure(math.inf, math.inf).has_digits(50)


def test_what_is_exact_stays_so_in_another_process() -> None:
    exact = exact_enclosure(pi_power(-1, rational(2)), 40)
    sent = pickle.loads(pickle.dumps(exact))  # noqa: S301 - our own
    assert sent == exact
    assert (sent.exact - pi_power(-1, rational(2))).sign == 0


def test_numbers_are_placed_and_compared_with_exact_ones_of_any_kind() -> None:
    third = Enclosure(Fraction(33, 100), Fraction(34, 100), Level.CERTIFIED, "ball")
    assert (f"{third:>8.1f}|{third:8.1f}|{third:*<6.1f}|{third:^6.0f}") == "     0.3|     0.3|0.3***|  0   "
    for wrong in ("8", "08.1f", ">.1f", "8.1d", "=8.1f"):
        with pytest.raises(ValueError, match="format"):
            format(third, wrong)
    assert third < "7/20"
    assert third > "0.3"
    with pytest.raises(CannotAnswerError, match="overlap"):
        _ = third < "1/3"
    for inexact in (0.5, "x", None, True):
        with pytest.raises(InputError):
            _ = third < inexact
