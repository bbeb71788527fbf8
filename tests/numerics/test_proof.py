"""Every quantity with a search in it: what the ball route answers is proved anew, and slightly wrong twins are not."""

from dataclasses import replace
from fractions import Fraction

import pytest

from emtheory.numerics.case import Case, make_case
from emtheory.numerics.evaluate import evaluate, has_proof, prove
from emtheory.numerics.quantities import QUANTITIES

TWO = make_case(2, "4/5,1/5")
REQUESTS = [
    ("strong_convexity_radius", make_case(4, "0.97,0.01,0.01,0.01"), {"fraction": Fraction(3, 4)}),
    ("pl_constant", TWO, {"radius": Fraction(1)}),
    ("worst_contraction_factor", TWO, {"radius": Fraction(1)}),
    ("contraction_radius", TWO, {"factor": Fraction("0.6405")}),
    ("pl_radius", TWO, {"constant": Fraction("0.3595")}),
    ("iterations_to_kl", TWO.at_radius(Fraction(1)), {"eps": Fraction(1, 1000)}),
]


@pytest.mark.parametrize(("name", "case", "arguments"), REQUESTS, ids=[name for name, _, _ in REQUESTS])
def test_answers_are_proved_and_twins_are_not(name: str, case: Case, arguments: dict[str, Fraction]) -> None:
    found = evaluate(name, case, arguments, 5, "ball")
    assert prove(name, case, arguments, found)
    lower, upper = Fraction(found.lower), Fraction(found.upper)
    step = max(upper - lower, Fraction(1)) if name == "iterations_to_kl" else 2 * (upper - lower)
    for shift in (-step, step):
        assert not prove(name, case, arguments, replace(found, lower=lower + shift, upper=upper + shift))


def test_every_quantity_with_a_search_is_there() -> None:
    assert {name for name in QUANTITIES if has_proof(name)} == {name for name, _, _ in REQUESTS}
