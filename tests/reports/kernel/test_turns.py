import math

import pytest
import sympy

from emtheory.reports.kernel.turns import COSINE, turn_lemmas, turns


@pytest.mark.parametrize("k", range(2, 10))
def test_polynomials_are_cosines_and_sines(k: int) -> None:
    parts, angle = turns(k), 2 * math.pi / k
    at = {COSINE: math.cos(angle)}
    assert abs(parts.minimal.subs(at)) < 1e-12
    assert abs(parts.cofactor.subs(at)) > 1e-6  # or it would not follow that the other factor vanishes
    for n in range(k):
        assert float(parts.cosines[n].subs(at)) == pytest.approx(math.cos(n * angle), abs=1e-12)
        assert float(parts.sines[n].subs(at)) * math.sin(angle) == pytest.approx(math.sin(n * angle), abs=1e-12)


@pytest.mark.parametrize(("k", "degree"), [(2, 1), (3, 1), (5, 2), (7, 3), (8, 2), (12, 2)])
def test_the_minimal_polynomial_has_half_the_totient_as_its_degree(k: int, degree: int) -> None:
    assert sympy.degree(turns(k).minimal, COSINE) == degree == max(1, sympy.totient(k) // 2)


def test_every_part_has_a_lemma() -> None:
    text = turn_lemmas(turns(5))
    assert [f"Lemma part_5_{n} :" in text for n in range(6)] == [True] * 5 + [False]
    assert "Lemma root_5 : (1 * c_5 ^ 2 + (1 / 2) * c_5 ^ 1 + (- 1 / 4)) = 0." in text
