"""The standalone verifier shares nothing with the project, accepts true certificates and rejects forged ones."""

import ast
import json
import subprocess
import sys
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

import flint
import pytest

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import make_case
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.simplex_point import ball_posterior
from emtheory.reports.certificates import verify as standalone
from emtheory.reports.certificates.certify import certify, keep_certificate, verifier_text
from emtheory.reports.cli import main
from emtheory.reports.decide.verify import verify
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import FORGERIES, Forgery, forged, sealed
from tests.reports.certificates.tampering import changes

THREE = ("1/2", "3/10", "1/5")
CLAIMS = {
    "exact": Claim("exact", "spectral_gap == 7/100 < dft_modulus(m=1)", weights=THREE),
    "roots": Claim("roots", "dft_modulus(m=1) > dft_modulus(m=2) > 0", k=(5, 8), weights="linear"),
    "point": Claim("point", "0 < kl_divergence < pi/20", weights=THREE, radius="1", d=4),
    "curved": Claim("curved", "hessian_min_eigenvalue > spectral_gap", k=(4,), weights="linear", radius="1"),
    "many": Claim("many", "hessian_min_eigenvalue < 0 < pl_ratio", k=(1000,), weights="one-heavy:0.99", radius="2.64"),
    "witness": Claim("witness", "posterior_power(m=1) >= 9/25", k=(2,), weights=("4/5", "1/5"), radius="1/2"),
    "steps": Claim("steps", "iterations_to_kl(eps=1/100) <= 40", weights=THREE, radius="1"),
    "lloyd": Claim("lloyd", "lloyd_radius < 1.2", k=(2, 3, 4), weights="linear"),
    "interval": Claim("interval", "kl_divergence > 0", weights=THREE, for_all={"radius": ("1/8", "1/4")}),
    "tight": Claim("tight", "kl_divergence <= radius**2/2", k=(2,), weights=("4/5", "1/5"),
                   for_all={"radius": ("0", "1/2")}),
    "family": Claim("family", "contraction_factor == 1 - ((k*W - 1)/(k - 1))**2", k=(3, 4), weights="one-heavy:W",
                    for_all={"W": ("1/100", "99/100")}),
    "sample": Claim("sample", "samples_needed(eps=1/1000, delta=1/20, radius=1/10) <= 6400", weights="one-heavy:4/5"),
}  # fmt: skip
LONG = {
    "extremum": Claim("extremum", "worst_contraction_factor(radius=1/4) < 1", weights=THREE),
    "ratio": Claim("ratio", "pl_constant(radius=1) > spectral_gap/2", weights=THREE),
    "convex": Claim("convex", "strong_convexity_radius > exp(exp(k))", weights=THREE),
    "ray": Claim("ray", "hessian_min_eigenvalue > spectral_gap", weights=THREE, for_all={"radius": ("1/4", "6")}),
    "box": Claim("box", "posterior_power(m=1) > (2*W - 1)**2/2", k=(2,), weights=("W", "1-W"),
                 for_all={"W": ("3/5", "4/5"), "radius": ("1/4", "1")}),
}  # fmt: skip


@pytest.fixture(scope="session")
def certificates() -> dict[str, dict[str, Any]]:
    """The certificates of `CLAIMS`."""
    return {name: certify(claim, verify(claim)) for name, claim in CLAIMS.items()}


def outcome(folder: Path, text: str) -> str:
    """What the verifier says of a file with this text."""
    path = folder / "certificate.json"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return " ".join(standalone.outcome_of(path))


def test_it_imports_nothing_but_the_standard_library_and_flint() -> None:
    nodes = list(ast.walk(ast.parse(verifier_text())))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "." * node.level for node in nodes if isinstance(node, ast.ImportFrom)]
    foreign = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
    called = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert foreign == {"flint"}
    assert called.isdisjoint({"eval", "exec", "compile", "__import__"})


def test_it_runs_alone(tmp_path: Path, certificates: dict[str, dict[str, Any]]) -> None:
    """In a folder of its own, by Python without the project: `-I` leaves out the folder and the environment."""
    claim = CLAIMS["exact"]
    keep_certificate(tmp_path, claim, json.dumps(certificates["exact"]))
    block = "import sys, runpy; sys.modules['emtheory'] = None; del sys.argv[0]; runpy.run_path(sys.argv[0], {}, 'x')"
    block = block.replace("'x'", "'__main__'")
    command = [sys.executable, "-I", "-c", block, "verify.py", "exact.json"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("accepted     exact.json: 1 cell, 1 part")


def test_it_comes_with_the_package() -> None:
    assert (resources.files("emtheory.reports.certificates") / "verify.py").is_file()


@pytest.mark.parametrize("name", CLAIMS)
def test_true_certificates_are_accepted(name: str, tmp_path: Path, certificates: dict[str, dict[str, Any]]) -> None:
    assert outcome(tmp_path, sealed(certificates[name])).startswith("accepted")


@pytest.mark.long
@pytest.mark.parametrize("name", LONG)
def test_more_true_certificates_are_accepted(name: str, tmp_path: Path) -> None:
    assert outcome(tmp_path, sealed(certify(LONG[name], verify(LONG[name])))).startswith("accepted")


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_forgeries_are_rejected(forgery: Forgery, tmp_path: Path, certificates: dict[str, dict[str, Any]]) -> None:
    documents = [certificates[name] for name in ("interval", "point", "exact", "family")]
    texts = [forged(document, forgery, Random(1)) for document in documents]
    assert any(texts)
    for text in texts:
        assert text is None or outcome(tmp_path, text).startswith(("rejected", "bad"))


@pytest.mark.long
def test_a_thousand_forgeries_are_rejected(tmp_path: Path, certificates: dict[str, dict[str, Any]]) -> None:
    chance, count = Random(2506), 0
    names = [name for name in CLAIMS if name not in ("curved", "many")]
    while count < 1000:
        document, forgery = certificates[chance.choice(names)], chance.choice(FORGERIES)
        text = forged(document, forgery, chance)
        if text is not None:
            count += 1
            assert outcome(tmp_path, text).startswith(("rejected", "bad")), f"{forgery.__name__}: {text[:400]}"


@pytest.mark.long
def test_what_is_changed_anywhere_shows_or_is_still_true(
    tmp_path: Path, certificates: dict[str, dict[str, Any]]
) -> None:
    """Every leaf of a certificate, changed under a fingerprint that fits: nothing that decides may change."""
    free = (
        "versions",
        "claim.id",
        "digits",
        "window",
        "stretch",
        "quantities.0.at",
        "power",
        "difference",
        "fingerprint",
    )
    free += ("quantities: ", "quantities.0.lower", "quantities.0.upper", "margin: digit", "margin: longer", "expect")
    free += ("claim.expect", "without fingerprint", "claim: without expect", ".assumptions")
    accepted = []
    for label, changed in changes(certificates["point"]):
        text = sealed(changed) if isinstance(changed, dict) and "claim" in changed else json.dumps(changed)
        if outcome(tmp_path, text).startswith("accepted") and not any(name in label for name in free):
            accepted.append(label)
    # A recorded side may be as wide as it likes, as long as it is true.
    assert [label for label in accepted if ".left" not in label and ".right" not in label] == []


def test_a_wrong_bound_in_the_project_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With a rule six times too coarse and no errors added, the project certifies what is false."""
    plan = ball_posterior.plan_outer

    def coarse(*arguments: Any) -> Any:
        rule = plan(*arguments)
        return replace(rule, step=6 * rule.step, first=rule.first // 6, count=rule.count // 6 + 2)

    monkeypatch.setattr(ball_posterior, "plan_outer", coarse)
    monkeypatch.setattr(ball_posterior, "discretisation", lambda *_: flint.arb(0))
    monkeypatch.setattr(ball_posterior, "missing_mass", lambda *_: flint.arb(0))
    claim = Claim("false", "posterior_power(m=1) > 7/20", weights=THREE, radius="1")
    verdict = verify(claim)
    assert verdict.outcome == "certified"
    assert outcome(tmp_path, sealed(certify(claim, verdict))).startswith("rejected the statement fails")


@pytest.mark.parametrize(
    ("name", "m", "k", "weights", "radius"),
    [
        ("posterior_power", 1, 3, "1/2,3/10,1/5", "1"),
        ("kl_divergence", None, 4, "1/2,1/4,1/8,1/8", "3/2"),
        ("hessian_min_eigenvalue", None, 4, "1/2,1/4,1/8,1/8", "1"),
        ("hessian_min_eigenvalue", None, 6, "one-heavy:9/10", "2"),
        ("pl_ratio", None, 2, "4/5,1/5", "7"),
        ("log_partition", None, 5, "linear", "1/20"),
        ("lloyd_radius", None, 7, "uniform", None),
    ],
)
def test_enclosures_agree_with_those_of_the_project(
    name: str, m: int | None, k: int, weights: str, radius: str | None
) -> None:
    project = make_case(k, weights, radius=radius)
    written = {"weights": weights} | ({} if radius is None else {"radius": radius})
    found = evaluate(name, project, {} if m is None else {"m": Fraction(m)}, 12)
    with arb_precision(200):
        place = standalone.Place(standalone.Case(written, k), {}, 40)
        mine = place.range(place.quantity(name, {} if m is None else {"m": flint.fmpq(m)}))
        theirs = [flint.arb(standalone.number(str(end))) for end in (found.lower, found.upper)]
        assert mine.overlaps(theirs[0].union(theirs[1]))
        assert mine.rad() < 1e-10


@pytest.mark.parametrize(("k", "amplitudes"), [(4, "1/20,0"), (4, "0,2"), (3, "3/2"), (5, "0,1")])
def test_log_partitions_off_the_simplex_agree_with_those_of_the_project(k: int, amplitudes: str) -> None:
    project = make_case(k, "linear", amplitudes=amplitudes)
    for name in ("log_partition", "kl_divergence"):
        found = evaluate(name, project, {}, 12)
        with arb_precision(130):
            place = standalone.Place(
                standalone.Case({"weights": "linear", "amplitudes": amplitudes.split(",")}, k), {}, 20
            )
            mine = place.range(place.quantity(name, {}))
            theirs = [flint.arb(standalone.number(str(end))) for end in (found.lower, found.upper)]
            assert mine.overlaps(theirs[0].union(theirs[1]))
            assert 0 < mine.rad() < 1e-8


def test_moments_are_numbers_where_a_node_has_a_transform_around_zero() -> None:
    """A ball around zero to an integer power is not a number for the library; with like weights γ̂_1 is 0 at 0."""
    with arb_precision(120):
        found = standalone.Posterior(2, [(standalone.HALF, (0, 1))], flint.arb(1) / 3, 14).named("b", 1)
        assert found.is_finite()
        assert found.rad() < 1e-5


@pytest.mark.parametrize("name", [("b", 1), ("B",), ("t", 1, 1)])
@pytest.mark.parametrize(
    ("k", "box"),
    [
        pytest.param(2, {"W": ("3/5", "13/20"), "radius": ("1/2", "11/20")}, marks=pytest.mark.long),
        (3, {"W": ("3/5", "13/20"), "radius": ("0", "1/20")}),
        (5, {"W": ("3/5", "3/5"), "radius": ("1", "11/10")}),
    ],
)
def test_functions_on_boxes_contain_their_values(
    k: int, box: dict[str, tuple[str, str]], name: tuple[Any, ...]
) -> None:
    case = standalone.Case({"weights": "one-heavy:W"}, k)
    ends = {variable: tuple(map(standalone.number, each)) for variable, each in box.items()}
    with arb_precision(150):
        place = standalone.Place(case, ends, 4)
        ball = place.range(place.mean(*name))
        for part in (flint.fmpq(1, 7), flint.fmpq(5, 6)):
            point = {variable: low + (high - low) * part for variable, (low, high) in ends.items()}
            there = standalone.Place(case, {at: (x, x) for at, x in point.items()}, 30)
            assert ball.contains(there.range(there.mean(*name)).mid())
            assert ball.rad() < 1


@pytest.mark.parametrize(
    ("statement", "k", "box", "holds"),
    [
        ("posterior_power(m=1) >= 4/5 * spectral_gap", 2, {"W": ("1/2", "11/20"), "radius": ("0", "1/8")}, True),
        (
            "posterior_power(m=1) <= spectral_gap + radius**2/2",
            2,
            {"W": ("1/2", "11/20"), "radius": ("0", "1/8")},
            False,
        ),
        ("kl_divergence <= 3/8 * radius**4", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, True),
        ("kl_divergence >= 3/8 * radius**4", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, False),
        ("posterior_power(m=1) <= 9/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, True),
        ("posterior_power(m=1) <= 7/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/20")}, False),
        ("hessian_min_eigenvalue >= 23/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/40")}, True),
        ("hessian_min_eigenvalue >= 25/8 * radius**2", 2, {"W": ("1/2", "1/2"), "radius": ("0", "1/40")}, False),
        ("exp(radius) - radius <= exp(558/1000 * radius**2)", 3, {"radius": ("0", "1/8")}, True),
        ("exp(radius) - radius <= exp(499/1000 * radius**2)", 3, {"radius": ("0", "1/8")}, False),
        ("exp(-radius) <= 1 - radius + radius**2/2", 3, {"radius": ("0", "1/2")}, True),
        ("exp(-radius) >= 1 - radius + radius**2/2", 3, {"radius": ("0", "1/2")}, False),
        ("posterior_power(m=1) == posterior_power(m=2)", 3, {"radius": ("0", "1/8")}, True),
        ("posterior_power(m=1) == posterior_power(m=2)", 5, {"radius": ("0", "1/8")}, False),
        ("radius <= 2 * radius**2", 3, {"radius": ("0", "1/8")}, False),
        ("radius >= 2 * radius**2", 3, {"radius": ("0", "1/8")}, True),
        ("posterior_power(m=1) <= spectral_gap + radius", 3, {"radius": ("0", "1/8")}, True),
        ("posterior_power(m=1) - spectral_gap < radius", 3, {"radius": ("0", "1/8")}, False),
        ("kl_divergence <= radius**2/2", 3, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, True),
        ("kl_divergence <= radius**2/2 - 1/8*radius", 2, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, False),
        ("posterior_power(m=1) >= 1 - 1/radius", 2, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, True),
        ("posterior_power(m=1) >= 1 - 1/radius**2", 2, {"W": ("3/5", "4/5"), "radius": ("8", "inf")}, False),
        ("hessian_min_eigenvalue >= exp(-radius**2)", 3, {"radius": ("8", "inf")}, True),
        ("posterior_power(m=1) == posterior_power(m=2)", 5, {"radius": ("40", "inf")}, False),
        ("posterior_power(m=1) == hessian_min_eigenvalue", 3, {"radius": ("8", "inf")}, False),
    ],
)
def test_statements_near_the_origin_and_far_out(
    statement: str, k: int, box: dict[str, tuple[str, str]], holds: bool
) -> None:
    """Sides that touch at radius 0, or for large radii: true statements are shown, and near misses are not."""
    case = standalone.Case({"weights": "one-heavy:W" if "W" in box else "linear"}, k)
    ends = {variable: tuple(map(standalone.number, each)) for variable, each in box.items()}
    text, tree = standalone.parse(statement)
    operator = standalone.COMPARE[type(tree.ops[0]).__name__]

    def sides(place: Any) -> list[Any]:
        return [place.evaluate(text, tree.left), place.evaluate(text, tree.comparators[0])]

    with nullcontext() if holds else pytest.raises(standalone.OutcomeError):
        standalone.prove(case, [operator], ends, sides, goals=(7,))


def test_what_is_true_and_not_decided_is_not_rejected() -> None:
    case = standalone.Case({"weights": "linear"}, 3)
    text, tree = standalone.parse("exp(log(1 + radius)) >= 1 + radius")
    ends = {"radius": (standalone.number("0"), standalone.number("1/8"))}
    with pytest.raises(standalone.OutcomeError) as caught:
        standalone.prove(
            case, [">="], ends, lambda place: [place.evaluate(text, tree.left), place.radius + 1], goals=(7,)
        )
    assert caught.value.args[0] == "not covered"


@pytest.mark.parametrize(
    "text", ["1/(1 - 1)", "0 * (1/(1 - 1))", "(1/(1 - 1))**0", "0 * log(0)", "min(0, 1/(1 - 1))", "0 * sqrt(-1)"]
)
def test_what_has_no_value_has_no_sign(text: str) -> None:
    place = standalone.Place(standalone.Case({}, 2), {}, 7)
    assert place.signs(place.evaluate(*standalone.parse(text))) == {-1, 0, 1}


@pytest.mark.parametrize(("text", "signs"), [("exp(0) - 1", {0}), ("exp(0) - 2", {-1}), ("exp(1/10**9) - 1", {1})])
def test_the_exponential_of_zero_is_one(text: str, signs: set[int]) -> None:
    place = standalone.Place(standalone.Case({}, 2), {}, 30)
    assert place.signs(place.evaluate(*standalone.parse(text))) == signs


def test_a_variable_is_not_taken_for_a_root_of_unity() -> None:
    """c⁴ + c³ + c² + c + 1 vanishes for c = e^{2πi/5} and for no real c."""
    case = standalone.Case({"weights": "linear"}, 5)
    for c in (("0", "1/8"), ("1/8", "1/8")):
        place = standalone.Place(case, {"c": tuple(map(standalone.number, c))}, 7)
        for factor in ("dft_modulus(m=1)**2", "(dft_modulus(m=1)**2 - dft_modulus(m=1)**2 + 1)"):
            text = f"{factor} * (c**4 + c**3 + c**2 + c + 1)"
            assert place.signs(place.evaluate(*standalone.parse(text))) == {1}


@pytest.mark.parametrize("name", ["B", "b", "h", "root", "square", "slope", "eigenvalue"])
def test_a_variable_is_not_taken_for_what_a_quantity_is_made_of(name: str) -> None:
    case = standalone.Case({"weights": "one-heavy:1/2"}, 3)
    with arb_precision(100):
        for radius in ("1", "1"), ("0", "1/8"), ("8", "inf"):
            ends = {
                "radius": tuple(map(standalone.number, radius)),
                name: (standalone.ONE / 2000, standalone.ONE / 1000),
            }
            place = standalone.Place(case, ends, 7)
            for text in (
                "posterior_power(m=1) - {}",
                "2 * kl_divergence - {} * radius**2",
                "hessian_min_eigenvalue - {}",
            ):
                assert 1 in place.signs(place.evaluate(*standalone.parse(text.format(name))))


@pytest.mark.parametrize(
    "text",
    [
        "asymptotic_rate",
        "sample_kl_bound(n=3/2, delta=1/20, radius=1)",
        "sample_kl_bound(n=10, delta=2, radius=1)",
        "sample_error_bound(n=0, delta=1/20, radius=1)",
        "iterations_to_kl(eps=0)",
        "posterior_power(m=3/2)",
        "dft_modulus(m=4)",
        "contraction_bound(radius=-1)",
        "contraction_bound(radius=pi)",
        "spectral_gap(m=1)",
        "posterior_power(m=W)",
        "radius",
        "().__class__",
    ],
)
def test_what_is_no_quantity_has_no_value(text: str) -> None:
    """At amplitudes that are all 0, from where EM does not move."""
    place = standalone.Place(standalone.Case({"weights": "linear", "amplitudes": ["0", "0"]}, 4), {}, 7)
    with pytest.raises((standalone.OutcomeError, TypeError)):
        place.evaluate(*standalone.parse(text))


FALSE = {
    "tight": ("radius**2/2", "radius**2/9", {}),
    "interval": ("> 0", "> radius**2/9", {}),
    "sample": ("<= 6400", "<= 6300", {"lower": "6300", "upper": "6300"}),
    "steps": ("<= 40", "<= 1", {"lower": "1", "upper": "1"}),
    "lloyd": ("< 1.2", "< 1.18", {}),
    "curved": ("> spectral_gap", "> 20 * spectral_gap", {}),
    "witness": (">= 9/25", ">= 1/2", {}),
    "roots": ("dft_modulus(m=2) > 0", "dft_modulus(m=2) > 1/6", {}),
    "family": ("**2", "**4", {}),
}  # fmt: skip
"""Of a claim: a part of its statement, what makes it false, and what is then recorded of quantities."""


@pytest.mark.parametrize("name", FALSE)
def test_false_twins_with_fitting_records_are_rejected(
    name: str, tmp_path: Path, certificates: dict[str, dict[str, Any]]
) -> None:
    old, new, ends = FALSE[name]
    document = deepcopy(certificates[name])
    document["claim"]["statement"] = document["claim"]["statement"].replace(old, new)
    assert document["claim"] != certificates[name]["claim"]
    for cell in (cell for case in document["cases"] for cell in case["cells"]):
        for quantity in cell["quantities"]:
            quantity.update(ends)
        for each in cell["comparisons"]:
            each.update({side: {"lower": "-inf", "upper": "inf"} for side in ("left", "right")})
            each.update(comparison=each["comparison"].replace(old, new), margin=None)
    document |= {"margin": None}
    assert outcome(tmp_path, sealed(document)).startswith("rejected")


def test_what_is_not_covered_is_named(tmp_path: Path, certificates: dict[str, dict[str, Any]]) -> None:
    document = certificates["exact"]
    other = document | {"claim": document["claim"] | {"family": "two-means"}}
    assert outcome(tmp_path, sealed(other)) == "not covered the family two-means, which is not one of tied mixtures"
    sampled = Claim("sampled", "abs(sample_mean_norm(n=10, seed=1)) >= 0", weights=THREE).statement
    cases = deepcopy(document["cases"])
    cases[0]["cells"][0]["comparisons"] = [document["cases"][0]["cells"][0]["comparisons"][0] | {"comparison": sampled}]
    other = document | {"claim": document["claim"] | {"statement": sampled}, "cases": cases}
    assert outcome(tmp_path, sealed(other)) == "not covered the quantity sample_mean_norm"
    cases[0]["cells"][0]["quantities"] = [deepcopy(certificates["point"]["cases"][0]["cells"][0]["quantities"][0])]
    cases[0]["cells"][0]["quantities"][0]["quantity"] = "sample_mean_norm"
    assert outcome(tmp_path, sealed(other)) == "not covered the quantity sample_mean_norm"
    other = document | {"claim": document["claim"] | {"assume": ["k > 2"]}}
    assert outcome(tmp_path, sealed(other)) == "not covered assumptions"


def test_command(tmp_path: Path, certificates: dict[str, dict[str, Any]], capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("exact", "lloyd"):
        keep_certificate(tmp_path, CLAIMS[name], json.dumps(certificates[name]))
    assert main(["verify", str(tmp_path)]) == 0
    assert "2 certificates: 2 accepted" in capsys.readouterr().out
    (tmp_path / "exact.json").write_text(json.dumps(certificates["exact"] | {"margin": "1"}))
    assert main(["verify", str(tmp_path), "--json"]) == 1
    (found, _) = json.loads(capsys.readouterr().out)["certificates"]
    assert found["reason"] == "fingerprint: it is not that of the content"
    derived = Claim("derived", derivation="simplex", k=(2,))
    keep_certificate(tmp_path, derived, json.dumps(certify(derived, verify(derived))))
    assert main(["verify", str(tmp_path / "derived.json")]) == 4
    assert "1 not covered: derivations" in capsys.readouterr().out
    (tmp_path / "other.json").write_text("{}")
    assert main(["verify", str(tmp_path / "other.json")]) == 2
    assert main(["verify", str(tmp_path / "missing.json")]) == 2
    (tmp_path / "empty").mkdir()
    assert main(["verify", str(tmp_path / "empty")]) == 5


def test_what_holds_by_the_range_of_a_quantity_is_not_covered(tmp_path: Path) -> None:
    claim = Claim(
        id="range", statement="kl_divergence >= 0", k=(3,), weights="one-heavy:3/5", for_all={"radius": ("0", "3")}
    )
    verdict = verify(claim)
    assert verdict.outcome == "proved"
    assert outcome(tmp_path, sealed(certify(claim, verdict))).startswith("not covered")
