from fractions import Fraction

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.numerics.ray.ball_values import proposed_and_proved

WIDTH = Fraction(1, 40)
"""Of a dip on [0, 1] that a search at twenty radii steps over."""


def _dip(radius: Fraction) -> Fraction:
    return 1 - max(Fraction(0), 1 - abs(radius - Fraction(21, 40)) / WIDTH)


def _lowest(count: int) -> Enclosure:
    value = min(_dip(Fraction(i, count)) for i in range(count + 1))
    return Enclosure(value, value, Level.CERTIFIED, "ball")


def _is_lowest(found: Enclosure) -> bool:
    return found.lower == 0


def test_a_dip_between_few_radii_is_found_at_many() -> None:
    assert not _is_lowest(_lowest(20))
    found, is_proved = proposed_and_proved(_lowest, _is_lowest)
    assert is_proved
    assert found.lower == 0


def test_what_is_not_proved_is_not_tried_twice() -> None:
    tried = []

    def is_proved(found: Enclosure) -> bool:
        tried.append(found)
        return False

    assert not proposed_and_proved(lambda _: _lowest(20), is_proved)[1]
    assert len(tried) == 1
