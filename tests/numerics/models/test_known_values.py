"""Models against other routes of the program, statements on boxes with wrong twins, and what is exact of models."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

import emtheory
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.models.family import family_of
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.mixtures.reading import read_model

TWO_MEANS = read_model(
    "two-means",
    {
        "data": [{"weight": "p", "x": "normal(mu, 1)"}, {"weight": "1 - p", "x": "normal(-mu, 1)"}],
        "fit": [{"weight": "w", "x": "normal(theta, v)"}, {"weight": "1 - w", "x": "normal(-theta, v)"}],
        "estimate": ["theta"],
        "parameters": {
            "theta": "real",
            "mu": "real",
            "v": {"domain": "positive", "default": "1"},
            "p": {"domain": "unit", "default": "1/2"},
            "w": {"domain": "unit", "default": "1/2"},
        },
    },
).text
TIED = read_model(
    "simplex",
    {
        "observed": ["x", "y"],
        "data": [{"weight": "1", "x": "normal(0, 1)", "y": "normal(0, 1)"}],
        "fit": [
            {"weight": "1/2", "x": "normal(a, 1)", "y": "normal(b, 1)"},
            {"weight": "3/10", "x": "normal(-a/2 - sqrt(3)/2*b, 1)", "y": "normal(sqrt(3)/2*a - b/2, 1)"},
            {"weight": "1/5", "x": "normal(-a/2 + sqrt(3)/2*b, 1)", "y": "normal(-sqrt(3)/2*a - b/2, 1)"},
        ],
        "estimate": ["a", "b"],
        "parameters": {"a": "real", "b": "real"},
    },
).text


def of_model(text: str, quantity: str, place: Mapping[str, Fraction], digits: int = 30) -> Enclosure:
    family = family_of(text)
    return evaluate(family.full_name(quantity), family.case(place), {}, digits)


def test_the_tied_simplex_in_the_plane_agrees_with_its_own_route() -> None:
    radius = Fraction(1)
    place = {"a": radius, "b": Fraction(0)}
    tied = make_case(3, "1/2,3/10,1/5", None, radius)
    for quantity in ("kl_divergence", "hessian_min_eigenvalue"):
        found, other = of_model(TIED, quantity, place, 15), evaluate(quantity, tied, {}, 15)
        assert found.lower <= other.upper
        assert other.lower <= found.upper
        assert found.has_digits(15)
    step, power = of_model(TIED, "em_map(a)", place), evaluate("posterior_power", tied, {"m": Fraction(1)}, 30)
    assert step.lower <= radius * (1 - power.lower)
    assert radius * (1 - power.upper) <= step.upper


def test_far_out_posteriors_are_signs() -> None:
    """As θ → ∞ the map tends to E|X|, and θ³ times its derivative to ∫ u² sech² u du = π²/6 times the density at 0."""
    theta = Fraction(10) ** 40
    place = {"theta": theta, "mu": Fraction(1)}
    step, rate = of_model(TWO_MEANS, "em_map(theta)", place), of_model(TWO_MEANS, "em_rate", place, 20)
    with mpmath.workdps(60):
        limit = mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-0.5) + mpmath.erf(1 / mpmath.sqrt(2))
        slope = mpmath.pi**2 / 6 * mpmath.npdf(1)
    assert step.level == rate.level == Level.CERTIFIED
    assert abs(float(step.midpoint) - limit) < 20 / float(theta) ** 2 + 1e-15
    assert abs(float(rate.midpoint * theta**3) - slope) < 20 / float(theta) ** 2 + 1e-15


def laplace(x: mpmath.mpf) -> mpmath.mpf:
    return mpmath.exp(-abs(x - 1)) / 2


@pytest.mark.parametrize(
    ("laws", "densities", "ends"),
    [
        (
            ("uniform(mu - 2, mu + 1)", "uniform(-mu - 1, mu)"),
            (lambda x: mpmath.mpf(-1 < x < 2) / 3, lambda x: mpmath.mpf(-2 < x < 1) / 3),
            (-2, -1, 1, 2),
        ),
        (("laplace(mu, 1)", "normal(0, 1)"), (laplace, mpmath.npdf), (-90, -30, -10, 0, 1, 10, 30, 90)),
    ],
)
def test_kl_of_mixtures_with_kinks(laws: tuple[str, str], densities: Any, ends: tuple[int, ...]) -> None:
    data = [{"weight": weight, "x": law} for weight, law in zip(("1/3", "2/3"), laws, strict=True)]
    fit = [{"weight": "1/2", "x": "normal(theta, 1)"}, {"weight": "1/2", "x": "normal(-theta, 1)"}]
    table = {"data": data, "fit": fit, "estimate": ["theta"], "parameters": {"theta": "real", "mu": "real"}}
    text = read_model("kinks", table).text

    def integrand(x: mpmath.mpf) -> mpmath.mpf:
        p = densities[0](x) / 3 + 2 * densities[1](x) / 3
        q = (mpmath.npdf(x, 1.5, 1) + mpmath.npdf(x, -1.5, 1)) / 2
        return p * mpmath.log(p / q) if p else mpmath.mpf(0)

    with mpmath.workdps(25):
        value = mpmath.quad(integrand, ends)
        found = of_model(text, "kl_divergence", {"theta": Fraction(3, 2), "mu": Fraction(1)}, 12)
        assert abs(float(found.midpoint) - value) < 1e-11
    assert found.level == Level.CERTIFIED
    for bound, outcome in ((2, "certified"), (1, "refuted")):
        for_all = {"theta": ("3/2", "25/16"), "mu": ("1", "33/32")}
        claim = Claim("c", f"kl_divergence <= {bound}*{float(value)}", k=(), family=text, for_all=for_all)
        assert decide_claim(claim).outcome == outcome


@pytest.mark.parametrize(
    ("statement", "for_all", "verdict"),
    [
        ("abs(em_map(theta) - mu) <= 1/2*abs(theta - mu)", {"theta": ("1", "2"), "mu": ("3/2", "2")}, "certified"),
        ("abs(em_map(theta) - mu) <= 1/20*abs(theta - mu)", {"theta": ("1", "2"), "mu": ("3/2", "2")}, "refuted"),
        ("kl_divergence <= (theta - mu)**2/2", {"theta": ("9/10", "11/10"), "mu": ("1", "11/10")}, "certified"),
        ("kl_divergence <= (theta - mu)**2/4", {"theta": ("9/10", "11/10"), "mu": ("1", "11/10")}, "refuted"),
        ("em_map(theta) <= theta*(1 + mu**2)", {"theta": ("0", "1/8"), "mu": ("7/8", "1")}, "certified"),
        ("em_map(theta) <= theta*(1 + 99/100*mu**2)", {"theta": ("0", "1/8"), "mu": ("7/8", "1")}, "refuted"),
        ("fixed_point_count(low=1/2, high=inf) == 1", {"mu": ("1", "11/10")}, "certified"),
        ("fixed_point_count(low=-inf, high=inf) == 1", {"mu": ("1", "11/10")}, "refuted"),
        ("em_iterate(theta, t=3) >= 9/10*mu", {"theta": ("1", "3/2"), "mu": ("6/5", "5/4")}, "certified"),
    ],
)
def test_statements_on_boxes(statement: str, for_all: dict[str, tuple[str, str]], verdict: str) -> None:
    claim = Claim("c", statement, k=(), family=TWO_MEANS, for_all=for_all)
    found = decide_claim(claim)
    assert found.outcome == verdict, found.reason


def test_a_narrow_component_is_found() -> None:
    """Against sums on a line where its scale is a hundred steps: quadratures that do not look there do not see it."""
    table = {
        "data": [{"weight": 1, "x": "normal(0, 1)"}],
        "fit": [{"weight": "1/2", "x": "normal(-1, v)"}, {"weight": "1/2", "x": "normal(1, 1)"}],
        "estimate": ["v"],
        "parameters": {"v": "positive"},
    }
    family = family_of(read_model("narrow", table).text)
    scale = 1e-3
    z = np.linspace(-37, 37, 7401)  # The narrow component has no weight beyond.
    x = scale * z - 1
    rest = np.exp(-((x - 1) ** 2) / 2) * scale * np.exp(z**2 / 2)
    weights = np.exp(-(x**2) / 2) / (1 + rest)
    expected = scale**2 * float((weights * z**2).sum() / weights.sum())
    for route in ("ball", "mp"):
        found = evaluate(family.full_name("em_map(v)"), family.case({"v": Fraction(1, 10**6)}), {}, 8, route)
        assert float(found.lower) == pytest.approx(expected, rel=1e-6)
    # A quotient of means is not bounded by bounds of these.
    endless = decide_claim(Claim("c", "fixed_point_count(low=1, high=inf) == 1", k=(), family=family.name))
    assert "give an interval with finite ends" in endless.reason


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
    assert (Fraction(found.lower), Fraction(found.upper)) == 2 * (Fraction(value),)


@pytest.mark.long
@pytest.mark.parametrize(
    ("weight", "statement", "outcome"),
    [
        ("1/2", "abs(em_map - truth) <= 9/10*abs(theta - truth)", "certified"),
        ("3/5", "abs(em_map - truth) <= 9/10*abs(theta - truth)", "refuted"),
        ("1/2", "em_map != truth + 1/20", "certified"),
        ("1/2", "em_map != truth", "refuted"),  # In the middle only.
    ],
)
def test_a_balanced_fit_rests_at_slopes_whatever_their_weights_are(weight: str, statement: str, outcome: str) -> None:
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
    ranges = {"theta": ("49/50", "51/50")}
    claim = emtheory.Claim("c", statement, k=(), family=model.text, values={"truth": "1"}, for_all=ranges)
    assert decide_claim(claim).outcome == outcome
    if statement == "em_map != truth":
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
