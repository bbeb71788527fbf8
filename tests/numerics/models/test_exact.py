"""What is exact of models: where EM rests, at the truth, and at other parameters that are no fractions."""

from fractions import Fraction

import mpmath
import pytest

import emtheory
from emtheory.numerics.alias import Alias
from emtheory.numerics.case import Case
from emtheory.numerics.errors import InputError
from emtheory.numerics.models.aliases import route
from emtheory.reports.decide.claim import decide_claim
from tests.numerics.models.test_known_values import TWO_MEANS

SCALES = emtheory.Model(
    data=[{"weight": "1/2", "x": "normal(mu, 1)"}, {"weight": "1/2", "x": "normal(-mu, 1)"}],
    fit=[{"weight": "w", "x": "normal(theta, v)"}, {"weight": "1 - w", "x": "normal(-theta, v)"}],
    estimate=["theta", "v"],
    parameters={"theta": "real", "v": "positive", "mu": "real", "w": {"domain": "unit", "default": "1/2"}},
)
AT_REST = {"theta": "0", "mu": "1/2", "v": "5/4"}


@pytest.mark.parametrize(
    ("quantity", "place", "value"),
    [
        ("em_iterate(theta, t=1000)", {"theta": "0", "mu": "1/2", "v": "1"}, "0"),
        ("em_iterate(v, t=1000)", {"theta": "0", "mu": "1/2", "v": "1"}, "5/4"),
        ("em_iterate(v, t=0)", {"theta": "0", "mu": "1/2", "v": "1"}, "1"),
        # E (2γ − 1)² of weights w and 1 − w is (2w − 1)², and E x² = v.
        ("em_rate", AT_REST, "1"),
        ("em_rate", AT_REST | {"w": "1/4"}, "3/4"),
        ("stationary_point(theta)", AT_REST | {"theta": "1/1000", "w": "1/3"}, "0"),
        ("stationary_point(v)", AT_REST | {"theta": "1/1000", "w": "1/3"}, "5/4"),
    ],
)
def test_where_em_rests_numbers_are_exact(quantity: str, place: dict[str, str], value: str) -> None:
    found = SCALES.evaluate(quantity, at=place)
    assert found.lower is not None
    assert found.upper is not None
    assert (Fraction(found.lower), Fraction(found.upper)) == 2 * (Fraction(value),)


@pytest.mark.long
@pytest.mark.parametrize(("weight", "outcome"), [("1/2", "certified"), ("3/5", "refuted")])
def test_a_balanced_fit_rests_at_slopes_whatever_their_weights_are(weight: str, outcome: str) -> None:
    """It is its own image when y changes its sign, so that only the mean of the data and their image matters."""
    table = {"weight": weight, "y": "normal(theta*x, 1)"}, {"weight": f"1 - {weight}", "y": "normal(-theta*x, 1)"}
    laws = {"weight": "7/10", "y": "normal(truth*x, 1)"}, {"weight": "3/10", "y": "normal(-truth*x, 1)"}
    model = emtheory.Model(
        observed=["x", "y"],
        data=[{"x": "normal(0, 1)", **each} for each in laws],
        fit=[{"x": "normal(0, 1)", **each} for each in table],
        estimate=["theta"],
        parameters={"theta": "real", "truth": "real"},
    )
    statement = "abs(em_map - truth) <= 9/10*abs(theta - truth)"
    ranges = {"theta": ("9/10", "11/10")}
    claim = emtheory.Claim("c", statement, k=(), family=model.text, values={"truth": "1"}, for_all=ranges)
    assert decide_claim(claim).outcome == outcome
    if outcome == "certified":
        at = {"theta": "1", "truth": "1"}
        assert (model.evaluate("em_map", at=at).level, model.evaluate("score", at=at).value) == ("exact", "0")
        assert model.evaluate("kl_divergence", at=at, digits=4).lower.startswith("0.0")


def test_an_iterate_near_a_fixed_point_0_keeps_its_digits() -> None:
    """There M(θ, v) = θ·E x²/v + O(θ³)."""
    near = SCALES.evaluate("em_iterate(theta, t=1)", at={"theta": "1/1000000", "mu": "1/2", "v": "1"}, digits=12)
    assert Fraction(5, 4) - Fraction(1, 10**11) < Fraction(near.value) * 10**6 < Fraction(5, 4)


@pytest.mark.parametrize(
    ("statement", "values", "outcome"),
    [
        ("kl_divergence(mu=theta) <= 0", {"mu": "1"}, "certified"),
        ("kl_divergence(mu=theta, v=2) <= 0", {"mu": "1"}, "refuted"),
        ("kl_divergence == 0", {"mu": "theta"}, "certified"),
        ("em_map(theta, mu=2) == theta", {"mu": "theta"}, "refuted"),
        ("em_map(theta, mu=1/sqrt(2)) >= em_map(theta)", {"mu": "1"}, "refuted"),
        ("score(theta) >= 0", {"mu": "theta"}, "certified"),
        # A number may stand for a parameter.
        ("abs(em_map(theta) - mu) <= 9/10*abs(theta - mu)", {"mu": "1"}, "certified"),
        ("abs(em_map(theta) - 1) <= abs(theta - 1)/20", {"mu": "1"}, "refuted"),
    ],
)
def test_at_the_truth_itself_statements_are_decided(statement: str, values: dict[str, str], outcome: str) -> None:
    claim = emtheory.Claim("c", statement, k=(), family=TWO_MEANS, values=values, for_all={"theta": ("1/2", "3/2")})
    assert decide_claim(claim).outcome == outcome


def test_other_parameters_may_be_irrational() -> None:
    found = SCALES.evaluate("em_map(theta, mu=sqrt(2))", at={"theta": "1", "mu": "1", "v": "1"}, digits=15)
    with mpmath.workdps(20):
        root = mpmath.sqrt(2)
        value = mpmath.quad(lambda x: x * mpmath.tanh(x) * mpmath.npdf(x, root), [-9, -3, 0, 2, 5, 11])
        assert abs(value - mpmath.mpf(found.value)) < 1e-14
    with pytest.raises(InputError, match="must be between 0 and 1"):
        SCALES.evaluate("em_map(theta, w=sqrt(2))", at={"theta": "1", "mu": "1", "v": "1"})


def test_a_name_that_the_package_does_not_have_is_an_error() -> None:
    for alias in (Alias("two-means", ("em_mapp(theta)",)), Alias("two-meanz", ("em_map(theta)",))):
        with pytest.raises(InputError, match="is no"):
            route(alias, "ball")(Case((), 1), 10)
