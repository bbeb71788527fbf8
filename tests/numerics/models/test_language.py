"""What models may say beyond components one by one: orbits, vectors in d dimensions, and quantities elsewhere."""

import json
from pathlib import Path
from typing import Any

import flint
import numpy as np
import pytest

import emtheory
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.mixtures.reading import read_model
from tests.numerics.models.test_known_values import TIED, TWO_MEANS

WORKED = Path(__file__).resolve().parents[3] / "examples" / "models"
PLACE = {"theta": "e1 - e2/2", "mu": "3/2*e1 + 1/4*e2"}


def any_dimension(dimension: Any = "d") -> emtheory.Model:
    return emtheory.Model(
        data=[{"weight": "1/2", "mean": "mu"}, {"weight": "1/2", "mean": "-mu"}],
        fit=[{"weight": "w", "mean": "theta"}, {"weight": "1 - w", "mean": "-theta"}],
        estimate=["theta"],
        parameters={"theta": "vector", "mu": "vector", "w": {"domain": "unit", "default": "1/2"}},
        dimension=dimension,
    )


def test_the_plane_alone_has_no_coordinate_across() -> None:
    plane, whole = any_dimension(2), any_dimension()
    assert plane.parameters == ("theta_1", "theta_2", "mu_1", "mu_2", "w")
    values = [each.evaluate("em_map(theta_1)", at=PLACE, digits=8).value for each in (plane, whole)]
    assert values[0] == values[1]
    assert plane.evaluate("log_likelihood", at=PLACE, digits=6).level == "certified"
    with pytest.raises(emtheory.InputError, match="unknown name 'log_likelihood'"):
        whole.evaluate("log_likelihood", at=PLACE)
    with pytest.raises(emtheory.InputError, match=r"theta_3 = 1 is not 0"):
        whole.evaluate("em_rate", at={**PLACE, "theta_3": 1})


@pytest.mark.long
def test_three_vectors_are_written_in_three_coordinates() -> None:
    """Against Gauss–Hermite nodes in space; across it the Jacobian of one mean is E[γ(1 − γ)]/E γ."""
    model = emtheory.Model(
        data=[{"weight": "1/2", "mean": "mu"}, {"weight": "1/2", "mean": "-mu"}],
        fit=[{"weight": "1/2", "mean": "theta"}, {"weight": "1/2", "mean": "eta"}],
        estimate=["theta", "eta"],
        parameters={"theta": "vector", "eta": "vector", "mu": "vector"},
        dimension="d",
    )
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    z = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"))
    mass = np.einsum("i,j,k->ijk", weights, weights, weights) / (2 * np.pi) ** 1.5
    mu, theta, eta = np.array([1 / 2, 0, 1]), np.array([1, 0, 0]), np.array([-1, 1 / 2, 0])
    total, moved, across = 0.0, 0.0, 0.0
    for sign in (1, -1):
        x = z + sign * mu[:, None, None, None]
        gap = np.tensordot(theta - eta, x, 1) - (theta @ theta - eta @ eta) / 2
        posterior = 1 / (1 + np.exp(-gap))
        total += float((mass * posterior).sum())
        moved += float((mass * posterior * x[2]).sum())
        across += float((mass * posterior * (1 - posterior)).sum())
    at = {"theta": "e1", "eta": "e2/2 - e1", "mu": "e1/2 + e3"}
    for quantity, value, route in (
        ("em_map(theta_3)", moved / total, "float"),
        ("em_jacobian(theta_4, theta_4)", across / total, "ball"),
    ):
        assert float(model.evaluate(quantity, at=at, digits=4, route=route)) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1", r"theta: column 1: a vector is wanted, such as t\*e1"),
        ("e1*e2", r"theta: column \d: a vector is wanted"),
        ("1/e1", r"theta: column \d: a vector is wanted"),
        ("e1 + e3", "theta: e3 is beyond reach: vectors are in the span of e1, e2"),
    ],
)
def test_what_is_no_vector_says_so(value: str, message: str) -> None:
    claim = emtheory.Claim("a", "em_rate < 1", k=(), family=any_dimension().text, values={**PLACE, "theta": value})
    with pytest.raises(emtheory.InputError, match=message):
        decide_claim(claim)


def test_vectors_follow_what_for_all_ranges_over() -> None:
    def outcome(statement: str, **keys: Any) -> str:
        values = {"theta": "t*e1 + 0*e2", "mu": "(1 + 1)*e1"}
        claim = emtheory.Claim("a", statement, k=(), family=any_dimension().text, values=values, **keys)
        return decide_claim(claim).outcome

    for_all = {"t": ("1", "2")}
    assert outcome("theta_1 == t", for_all=for_all) == "certified"
    assert outcome("abs(em_map(theta_1) - mu_1) <= abs(theta_1 - mu_1)/4", for_all=for_all) == "certified"
    assert outcome("abs(em_map(theta_1) - mu_1) <= abs(theta_1 - mu_1)/100", for_all=for_all) == "refuted"
    twice = emtheory.Claim("a", "em_rate < 1", k=(), family=any_dimension().text, values={**PLACE, "theta_1": "1"})
    with pytest.raises(emtheory.InputError, match="theta_1 is given, and so is theta"):
        decide_claim(twice)
    with pytest.raises(emtheory.InputError, match="for_all theta_3: it is 0"):
        outcome("em_map(theta_1) < t", for_all={**for_all, "theta_3": ("0", "1")})


def test_an_orbit_is_its_components_written_out() -> None:
    triangle = emtheory.models(WORKED / "orbits.toml")["triangle"]
    given, written = (read_model("m", _table(text)) for text in (triangle.text, TIED))
    for mine, yours in zip(given.fit, written.fit, strict=True):
        assert mine.weight == yours.weight
        assert all((a.arguments[0] - b.arguments[0]).expand() == 0 for a, b in zip(mine.laws, yours.laws, strict=True))
    table = _table(triangle.text)
    maps = [[["1", "0"], ["0", "1"]], table["fit"]["generator"], [["-1/2", "sqrt(3)/2"], ["-sqrt(3)/2", "-1/2"]]]
    table["fit"] = {**{key: value for key, value in table["fit"].items() if key != "generator"}, "maps": maps}
    assert read_model("m", table).fit == given.fit


def _table(text: str) -> dict[str, Any]:
    return {key: value for key, value in json.loads(text).items() if key != "name"}


def test_a_quantity_is_asked_for_at_other_parameters() -> None:
    model = emtheory.Model.from_text(TWO_MEANS)
    here, there = {"theta": "7/10", "mu": "6/5"}, {"theta": "7/10", "mu": 2}
    for moved, plain in (("em_map(theta, mu=2)", "em_map"), ("em_iterate(t=2, mu=2)", "em_iterate(t=2)")):
        assert model.evaluate(moved, at=here, digits=12).value == model.evaluate(plain, at=there, digits=12).value
    assert model.evaluate("em_map(theta, theta=6/5)", at=here).level == "exact"
    for text, message in (
        ("em_map(nu=2)", "has no argument 'nu'; it takes no arguments but parameters: theta"),
        ("em_map(v=-1)", "at v = -1 must be positive"),
        ("em_map(mu=em_rate)", "without quantities"),
        ("em_iterate(t=sqrt(2))", "is not a rational number"),
    ):
        with pytest.raises(emtheory.InputError, match=message):
            model.evaluate(text, at=here)


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("em_map(mu=mu + 1/10) > em_map", "certified"),
        ("em_map(mu=mu + s) > em_map + s", "refuted"),
        ("abs(em_map(theta, mu=2) - mu) <= abs(theta - mu)", "refuted"),
    ],
)
def test_statements_with_quantities_elsewhere(statement: str, outcome: str) -> None:
    """By the identity at theta = mu the last one would hold, if it were asked where the claim is."""
    for_all = {"theta": ("1/2", "1"), **({"s": ("1/4", "1/2")} if "s)" in statement else {})}
    values = {"mu": "1"}
    claim = emtheory.Claim("a", statement, k=(), family=TWO_MEANS, values=values, for_all=for_all)
    assert decide_claim(claim).outcome == outcome


def test_what_leaves_its_domain_elsewhere_is_not_decided() -> None:
    """Formulas are simplified for parameters in their domains: v stands as √(v²) here."""
    model = emtheory.Model(
        data=[{"weight": "1/2", "x": "normal(1, 1)"}, {"weight": "1/2", "x": "normal(-1, 1)"}],
        fit=[{"weight": "1/2", "x": f"normal({sign}theta*sqrt(v**2), 1)"} for sign in ("", "-")],
        estimate=["theta"],
        parameters={"theta": "real", "v": "positive"},
    )

    form = find_quantity(f"{model.text}.em_map(theta)").form
    balls = {"theta": flint.arb(1), "v": flint.arb(1)}
    assert form.value(balls, 20.0, {"at v": flint.arb(1, 0.5)}).is_finite()
    for ask in (form.value, form.slopes):
        with pytest.raises(emtheory.CannotAnswerError, match=r"v = .* is not all in its domain"):
            ask(balls, 20.0, {"at v": flint.arb(1, 1.5)})
