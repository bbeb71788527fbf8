"""Quantities of models against the other routes of the program, and statements on boxes with their wrong twins."""

from collections.abc import Mapping
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
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


def of_model(
    text: str, quantity: str, place: Mapping[str, Fraction], digits: int = 30, **arguments: Fraction
) -> Enclosure:
    family = family_of(text)
    return evaluate(family.full_name(quantity), family.case(place), arguments, digits)


def test_the_tied_simplex_in_the_plane_agrees_with_its_own_route() -> None:
    radius = Fraction(1)
    place = {"a": radius, "b": Fraction(0)}
    tied = make_case(3, "1/2,3/10,1/5", None, radius)
    for own, quantity in (("kl_divergence", "kl_divergence"), ("hessian_min_eigenvalue", "hessian_min_eigenvalue")):
        found, other = of_model(TIED, own, place), evaluate(quantity, tied, {}, 30)
        assert found.lower <= other.upper
        assert other.lower <= found.upper
        assert found.has_digits(30)
    step, power = of_model(TIED, "em_map(a)", place), evaluate("posterior_power", tied, {"m": Fraction(1)}, 30)
    assert step.lower <= radius * (1 - power.lower)
    assert radius * (1 - power.upper) <= step.upper


def test_the_rate_of_a_full_mixture_at_the_truth() -> None:
    """Five free parameters: two eigenvalues are 0, as EM keeps the first two moments of the data."""
    full = read_model(
        "full",
        {
            "data": [{"weight": "1/3", "x": "normal(1, 2)"}, {"weight": "2/3", "x": "normal(-1, 1)"}],
            "fit": [{"weight": "w", "x": "normal(a, v)"}, {"weight": "1 - w", "x": "normal(b, u)"}],
            "estimate": ["w", "a", "b", "v", "u"],
            "parameters": {"w": "unit", "a": "real", "b": "real", "v": "positive", "u": "positive"},
        },
    ).text
    place = {"w": Fraction(1, 3), "a": Fraction(1), "b": Fraction(-1), "v": Fraction(2), "u": Fraction(1)}
    found = of_model(full, "em_rate", place, 12)
    near = evaluate(family_of(full).full_name("em_rate"), family_of(full).case(place), {}, 5, "float")
    assert found.has_digits(12)
    assert near.lower <= found.midpoint <= near.upper
    assert of_model(full, "kl_divergence", place).exact is not None


@pytest.mark.parametrize("theta", [Fraction(10**4), Fraction(10) ** 40])
def test_far_out_posteriors_are_signs(theta: Fraction) -> None:
    """As θ → ∞ the map tends to E|X|, and θ³ times its derivative to ∫ u² sech² u du = π²/6 times the density at 0."""
    place = {"theta": theta, "mu": Fraction(1)}
    step, rate = of_model(TWO_MEANS, "em_map(theta)", place), of_model(TWO_MEANS, "em_rate", place, 20)
    with mpmath.workdps(60):
        limit = mpmath.sqrt(2 / mpmath.pi) * mpmath.exp(-0.5) + mpmath.erf(1 / mpmath.sqrt(2))
        slope = mpmath.pi**2 / 6 * mpmath.npdf(1)
    assert step.level == rate.level == Level.CERTIFIED
    assert abs(float(step.midpoint) - limit) < 20 / float(theta) ** 2 + 1e-15
    assert abs(float(rate.midpoint * theta**3) - slope) < 20 / float(theta) ** 2 + 1e-15


@pytest.mark.parametrize(
    ("laws", "kinks"),
    [
        (("uniform(mu - 2, mu + 1)", "uniform(-mu - 1, mu)"), (-2, -1, 1, 2)),
        (("laplace(mu, 1)", "normal(0, 1)"), (0, 1)),
    ],
)
def test_kl_of_mixtures_with_kinks(laws: tuple[str, str], kinks: tuple[int, ...]) -> None:
    data = [{"weight": weight, "x": law} for weight, law in zip(("1/3", "2/3"), laws, strict=True)]
    fit = [{"weight": "1/2", "x": "normal(theta, 1)"}, {"weight": "1/2", "x": "normal(-theta, 1)"}]
    table = {"data": data, "fit": fit, "estimate": ["theta"], "parameters": {"theta": "real", "mu": "real"}}
    text = read_model("kinks", table).text

    def density(law: str, x: mpmath.mpf) -> mpmath.mpf:
        kind, _, rest = law.partition("(")
        first, second = (_number(each) for each in rest.rstrip(")").split(", "))
        if kind == "laplace":
            return mpmath.exp(-abs(x - first) / second) / (2 * second)
        return mpmath.npdf(x, first, second) if kind == "normal" else mpmath.mpf(first < x < second) / (second - first)

    def integrand(x: mpmath.mpf) -> mpmath.mpf:
        p = density(laws[0], x) / 3 + 2 * density(laws[1], x) / 3
        q = (mpmath.npdf(x, 1.5, 1) + mpmath.npdf(x, -1.5, 1)) / 2
        return p * mpmath.log(p / q) if p else mpmath.mpf(0)

    with mpmath.workdps(25):
        ends = kinks if laws[0].startswith("uniform") else (-90, -30, -10, *kinks, 10, 30, 90)
        value = mpmath.quad(integrand, ends)
        found = of_model(text, "kl_divergence", {"theta": Fraction(3, 2), "mu": Fraction(1)}, 12)
        assert abs(float(found.midpoint) - value) < 1e-11
    assert found.level == Level.CERTIFIED
    for bound, outcome in ((2, "certified"), (1, "refuted")):
        for_all = {"theta": ("3/2", "25/16"), "mu": ("1", "33/32")}
        claim = Claim("c", f"kl_divergence <= {bound}*{float(value)}", k=(), family=text, for_all=for_all)
        assert decide_claim(claim).outcome == outcome


def _number(text: str) -> mpmath.mpf:
    return {"mu": 1, "-mu": -1, "1/2": mpmath.mpf(1) / 2, "mu - 2": -1, "mu + 1": 2, "-mu - 1": -2}.get(
        text
    ) or mpmath.mpf(text)


@pytest.mark.parametrize(
    ("statement", "for_all", "verdict"),
    [
        ("em_map(theta) >= 4/5*theta", {"theta": ("1/2", "3/2"), "mu": ("6/5", "3/2")}, "certified"),
        ("em_map(theta) >= 19/20*theta", {"theta": ("1/2", "3/2"), "mu": ("6/5", "3/2")}, "refuted"),
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


@pytest.mark.parametrize("v", ["1/1000000"])
def test_a_narrow_component_is_found(v: str) -> None:
    """Against sums on a line where its scale is a hundred steps: quadratures that do not look there do not see it."""
    table = {
        "data": [{"weight": 1, "x": "normal(0, 1)"}],
        "fit": [{"weight": "1/2", "x": "normal(-1, v)"}, {"weight": "1/2", "x": "normal(1, 1)"}],
        "estimate": ["v"],
        "parameters": {"v": "positive"},
    }
    family = family_of(read_model("narrow", table).text)
    scale = float(Fraction(v)) ** 0.5
    z = np.linspace(-37, 37, 7401)  # The narrow component has no weight beyond.
    x = scale * z - 1
    rest = np.exp(-((x - 1) ** 2) / 2) * scale * np.exp(z**2 / 2)
    weights = np.exp(-(x**2) / 2) / (1 + rest)
    expected = scale**2 * float((weights * z**2).sum() / weights.sum())
    for route in ("ball", "mp"):
        found = evaluate(family.full_name("em_map(v)"), family.case({"v": Fraction(v)}), {}, 8, route)
        assert float(found.lower) == pytest.approx(expected, rel=1e-6)
