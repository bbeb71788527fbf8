from fractions import Fraction

import numpy as np
import pytest

from emtheory.numerics.case import MAX_DIMENSION, make_case
from emtheory.numerics.errors import InputError
from tests.numerics.brute_force import span_basis


@pytest.mark.parametrize("k", [2, 3, 4, 5, 8])
def test_amplitudes_of_the_simplex_are_projections_of_its_vertex(k: int) -> None:
    case = make_case(k, "uniform", radius=Fraction(3, 2))
    vertex = 1.5 * span_basis(k)[0][0]
    planes = [vertex[2 * m - 2 : 2 * m] for m in case.frequencies]
    np.testing.assert_allclose([float(s) for s in case.squared_amplitudes], [p @ p for p in planes], atol=1e-14)
    assert case.squared_radius == Fraction(9, 4)
    assert sum(case.multiplicity(m) for m in case.frequencies) == k - 1


def test_amplitudes_of_a_simplex_are_recognised() -> None:
    simplex = make_case(5, "linear", amplitudes=[Fraction(1), Fraction(1)])
    assert simplex.on_simplex
    assert simplex.squared_radius == 2  # radius √2, which no rational radius could say
    assert simplex.squared_amplitudes == (1, 1)
    assert not make_case(5, "linear", amplitudes=[Fraction(1), Fraction(1) + Fraction(1, 10**60)]).on_simplex
    assert make_case(5, "linear", amplitudes=[Fraction(0), Fraction(0)]).on_simplex
    assert not make_case(4, "linear", amplitudes=[Fraction(1), Fraction(1)]).on_simplex  # dim 2 and 1: ρ_1² = 2ρ_2²
    assert make_case(3, "linear", amplitudes=[Fraction(7)]).on_simplex


def test_classes_group_equal_weights() -> None:
    case = make_case(4, "1/3,1/6,1/3,1/6")
    assert dict(case.classes) == {Fraction(1, 3): (0, 2), Fraction(1, 6): (1, 3)}
    assert list(case.frequencies) == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"d": 1}, "d = 1 is out of range: a regular simplex with k = 3 vertices needs 2 ≤ d"),
        ({"d": MAX_DIMENSION + 1}, "d = 1000001 is out of range"),
        ({"radius": Fraction(1), "amplitudes": [Fraction(1)]}, "not both"),
        ({"radius": Fraction(-1, 2)}, "radius -1/2 is negative"),
        ({"amplitudes": []}, "0 amplitudes were given, and k = 3 has frequencies m = 1..1"),
        ({"amplitudes": [Fraction(1), Fraction(1)]}, "2 amplitudes were given"),
        ({"amplitudes": [Fraction(-1)]}, "amplitude -1 is negative"),
    ],
)
def test_bad_cases_are_refused(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        make_case(3, "uniform", **arguments)  # type: ignore[arg-type]
    assert message in str(caught.value)
