"""The definition in mpmath against balls off the simplex, and against the Laplace form on it."""

from fractions import Fraction

import pytest

from emtheory.numerics.any_point import mp_definition
from emtheory.numerics.any_point.expressions import EXPRESSIONS
from emtheory.numerics.any_point.mp_definition import DefinedMoments, defined
from emtheory.numerics.arithmetic.precision import mp_context
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point.laplace import (
    expected_log_sum,
    multiprecision,
    posterior_moments,
    real,
    working_bits,
)
from tests.tiers import first_every_day

LINE = make_case(4, "1/2,1/4,1/8,1/8", amplitudes=["0", "1"])
PLANE = make_case(5, "linear", amplitudes=["1/2", "0"])


@pytest.mark.parametrize(("case", "digits"), [(LINE, 30)], ids=["k=4"])
@pytest.mark.parametrize("name", EXPRESSIONS)
def test_routes_that_share_nothing_agree_off_the_simplex(case: Case, digits: int, name: str) -> None:
    arguments = {"m": Fraction(2)} if name == "posterior_power" else {}
    mp, ball = (evaluate(name, case, arguments, digits, route) for route in ("mp", "ball"))
    assert mp.has_digits(digits)
    assert mp.lower <= ball.upper
    assert ball.lower <= mp.upper
    assert abs(mp.midpoint / ball.midpoint - 1) < Fraction(1, 10**digits)


@pytest.mark.parametrize("k", first_every_day(0, [3]))
def test_the_laplace_form_has_the_moments_of_the_definition(k: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its formula for couplings, in cumulants, too; with one root of unity wrong nothing would be right."""
    case = make_case(k, "linear", radius=Fraction(3, 4))
    with mp_context(working_bits(40.0, 4)) as context:

        def far_off() -> list[float]:
            divergence, moments = defined(context, case, 40.0)
            laplace = posterior_moments(multiprecision(context), case, 4, 40.0)
            kl = real(context, case.squared_radius) / 2 - expected_log_sum(multiprecision(context), case, 40.0)
            pairs = [(divergence, kl), (moments.power(1), laplace.power(1))]
            pairs.append((moments.coupling(1, 1), laplace.coupling(1, 1)))
            return [float(abs(one / other - 1)) for one, other in pairs]

        assert max(far_off()) < 1e-13
        triple = DefinedMoments.triple
        monkeypatch.setattr(DefinedMoments, "triple", lambda self, m, n: triple(self, m, n) * 1.001)
        assert far_off()[2] > 1e-5


def test_too_many_nodes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mp_definition, "_MAX_NODES", 10)
    with pytest.raises(CannotAnswerError, match="more than 10 nodes"):
        evaluate("kl_divergence", LINE, {}, 10, "mp")
