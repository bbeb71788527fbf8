import math
import re
from fractions import Fraction

import pytest

from emtheory.reports.kernel.files import NotExportedError, comment
from emtheory.reports.kernel.terms import number, relations, variable
from emtheory.reports.kernel.turns import COSINE, turns
from emtheory.reports.language.parser import parse_statement


def written(text: str, variables: tuple[str, ...] = ()) -> tuple[str, ...]:
    return relations(parse_statement(text, variables), lambda part: variable(getattr(part, "name", "quantity")))


def test_numbers_are_written_exactly() -> None:
    assert [number(value) for value in (3, Fraction(3, 10), Fraction(-3, 10), -2)] == [
        "3",
        "(3 / 10)",
        "(- 3 / 10)",
        "(- 2)",
    ]


def test_functions_bear_their_names_in_rocq() -> None:
    text = "sqrt(abs(W)) + exp(-W) == log(min(2, W, pi)) * cos(W) / max(W, 1)"
    assert written(text, ("W",)) == (
        "((sqrt (Rabs W)) + (exp (- W))) = (((ln (Rmin (Rmin 2 W) PI)) * (cos W)) / (Rmax W 1))",
    )


def test_powers_are_integers_or_roots() -> None:
    assert written("W**-2 != W**(1/2)", ("W",)) == ("(/ (W ^ 2)) <> (sqrt W)",)
    with pytest.raises(NotExportedError, match="exponent 1/3"):
        written("W**(1/3) < 1", ("W",))
    with pytest.raises(NotExportedError, match="exponent is no number"):
        written("2**W < 4", ("W",))


def test_a_variable_cannot_be_mistaken_for_a_name_of_rocq() -> None:
    assert [variable(name) for name in ("radius", "W", "R", "PI", "exp")] == [
        "radius",
        "W",
        "var_R",
        "var_PI",
        "var_exp",
    ]


@pytest.mark.parametrize(
    "text", ["*) Axiom a : False. (*", 'a "b', "a\n*)\nQed.", "((* **)", "(*)", "x" * 5000, "*", "("]
)
def test_a_text_cannot_leave_its_comment(text: str) -> None:
    inside = re.fullmatch(r"\(\* (.*) \*\)", comment(text))
    assert inside is not None
    assert not re.search(r'\(\*|\*\)|"|\n', inside[1])


@pytest.mark.parametrize("k", range(2, 10))
def test_polynomials_are_cosines_and_sines(k: int) -> None:
    parts, angle = turns(k), 2 * math.pi / k
    at = {COSINE: math.cos(angle)}
    assert abs(parts.minimal.subs(at)) < 1e-12
    assert abs(parts.cofactor.subs(at)) > 1e-6  # or it would not follow that the other factor vanishes
    for n in range(k):
        assert float(parts.cosines[n].subs(at)) == pytest.approx(math.cos(n * angle), abs=1e-12)
        assert float(parts.sines[n].subs(at)) * math.sin(angle) == pytest.approx(math.sin(n * angle), abs=1e-12)
