from fractions import Fraction

import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.exact.findings import over
from emtheory.reports.kernel.points.texts import QUANTITIES, written_out
from emtheory.reports.language.expression import Number
from emtheory.theory.claim import Claim


@pytest.mark.parametrize("name", sorted(QUANTITIES))
@pytest.mark.parametrize("weights", [("4/5", "1/5"), ("1/2", "3/10", "1/5")])
def test_what_is_written_out_has_the_same_value(name: str, weights: tuple[str, ...]) -> None:
    k, call = len(weights), f"{name}(m=1)" if name == "dft_modulus" else name
    question = read_claim(Claim("some", f"{call} > 0", k=(k,), weights=weights))
    side = written_out(question.comparison, [Number(Fraction(weight)) for weight in weights]).operands[0]
    found = over(side, {}, lambda part: pytest.fail(f"{part} is left"))
    exact = evaluate(name, make_case(k, weights), {"m": Fraction(1)} if name == "dft_modulus" else {}, 20)
    assert float(found.lower) == pytest.approx(float(exact.lower), abs=1e-15)
    assert found.lower <= exact.upper
    assert exact.lower <= found.upper
