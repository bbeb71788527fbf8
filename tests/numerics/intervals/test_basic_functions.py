"""The basic functions of the ray are told apart as far as the weights tell them apart."""

from emtheory.numerics.case import make_case
from emtheory.numerics.intervals.point_forms import coupling, power


def test_frequencies_that_weights_do_not_tell_apart_share_a_function() -> None:
    heavy = make_case(7, "one-heavy:1/2")
    assert len({power(heavy, m) for m in range(1, 7)}) == 1
    assert len({power(make_case(7, "linear"), m) for m in range(1, 7)}) == 3
    assert coupling(heavy, 1, 3) == coupling(heavy, 3, 1)
