"""The definition in mpmath against balls off the simplex, and against the Laplace form on it."""

from fractions import Fraction

import pytest

from emtheory.numerics.any_point import mp_definition
from emtheory.numerics.any_point.expressions import EXPRESSIONS
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate

LINE = make_case(4, "1/2,1/4,1/8,1/8", amplitudes=["0", "1"])


@pytest.mark.parametrize(("case", "digits"), [(LINE, 30)], ids=["k=4"])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_routes_that_share_nothing_agree_off_the_simplex(case: Case, digits: int, name: str) -> None:
    arguments = {"m": Fraction(2)} if name == "posterior_power" else {}
    mp, ball = (evaluate(name, case, arguments, digits, route) for route in ("mp", "ball"))
    assert mp.has_digits(digits)
    assert mp.lower <= ball.upper
    assert ball.lower <= mp.upper
    assert abs(mp.midpoint / ball.midpoint - 1) < Fraction(1, 10**digits)


def test_too_many_nodes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp_definition, "_MAX_NODES", 10)
    with pytest.raises(CannotAnswerError, match="more than 10 nodes"):
        evaluate("kl_divergence", LINE, {}, 10, "mp")
