"""The standalone verifier shares nothing with the project, accepts true certificates and rejects forged ones."""

import ast
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib import resources
from pathlib import Path
from random import Random
from typing import Any

import flint
import pytest

from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.simplex_point import ball_partition
from emtheory.reports.certificates.certificate import certify, keep_certificate, verifier_files
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.language.expression import SYMBOLS, UNARY, VARIADIC
from emtheory.reports.proofs.layers import code_lines
from emtheory.theory.claim import Claim
from tests.reports.certificates import forgeries
from tests.reports.certificates.forgeries import FORGERIES, changed, changes, forged, is_refused, outcome, sealed
from tests.reports.conftest import Run
from tests.tiers import first_every_day

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
    "below": Claim("below", "posterior_power(m=1) < 99/100", k=(4,), weights="one-heavy:4/5",
                   for_all={"radius": ("1", "2")}),
    "tight": Claim("tight", "kl_divergence <= radius**2/2", k=(2,), weights=("4/5", "1/5"),
                   for_all={"radius": ("0", "1/2")}),
    "family": Claim("family", "contraction_factor == 1 - ((k*W - 1)/(k - 1))**2", k=(3, 4), weights="one-heavy:W",
                    for_all={"W": ("1/100", "99/100")}),
    "far": Claim("far", "499/1000 < kl_divergence/radius**2 < posterior_power(m=1)/2", weights=THREE, radius="2048"),
    "sample": Claim("sample", "samples_needed(eps=1/1000, delta=1/20, radius=1/10) <= 6400", weights="one-heavy:4/5")
}  # fmt: skip


Certificates = dict[str, dict[str, Any]]


@pytest.fixture(scope="session")
def certificates() -> Certificates:
    """The certificates of `CLAIMS`."""
    return {name: certify(claim, decide_claim(claim)) for name, claim in CLAIMS.items()}


def modules() -> dict[str, str]:
    """The verifier's modules: what it has besides is data."""
    return {name: text for name, text in verifier_files().items() if name.endswith(".py")}


def test_it_imports_nothing_but_the_standard_library_and_flint() -> None:
    nodes = [(file, node) for file, text in modules().items() for node in ast.walk(ast.parse(text))]
    names = [alias.name for _, node in nodes if isinstance(node, ast.Import) for alias in node.names]
    origins = [(file, node.module or "", node.level) for file, node in nodes if isinstance(node, ast.ImportFrom)]
    inner = [(Path(file).parents[level - 1], name.replace(".", "/")) for file, name, level in origins if level]
    assert {(folder / f"{name}.py").as_posix() for folder, name in inner} <= modules().keys()
    names += [name for _, name, level in origins if not level]
    foreign = {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)
    called = {node.func.id for _, node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    # Data in Parquet files are read where another library is, and only there.
    assert foreign == {"flint", "pyarrow"}
    assert {file for file, name, _ in origins if name == "pyarrow"} == {"given/files.py"}
    assert called.isdisjoint({"eval", "exec", "compile", "__import__"})


def test_it_runs_alone(tmp_path: Path, certificates: Certificates) -> None:
    """Beside a certificate, where a module `emtheory` that fails stands first on the path, and leaves nothing there."""
    claim = CLAIMS["exact"]
    keep_certificate(tmp_path, claim, certificates["exact"])
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "emtheory.py").write_text("raise SystemExit('the project is imported')")
    before = sorted(tmp_path.rglob("*"))
    command = [sys.executable, "verify", "exact.json"]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "path")}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("accepted     exact.json: 1 cell, 1 part")
    # Python itself may keep the code of the file that it runs.
    kept = {tmp_path / "verify" / "__pycache__", *(tmp_path / "verify" / "__pycache__").glob("__main__.*")}
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in kept] == before


def test_it_comes_with_the_package_and_is_written_to_be_read() -> None:
    """Files of less than 300 lines, at most 4,382 lines of code in all."""
    assert (resources.files("emtheory.reports.certificates") / "verify" / "__main__.py").is_file()
    texts = modules()
    assert max(text.count("\n") for text in texts.values()) < 300
    assert 500 < sum(map(code_lines, texts.values())) <= 4382


def test_theorems_are_named_where_they_are_used() -> None:
    """Each that is listed, in the files that the list names and in no others."""
    texts = modules()
    listed = dict(re.findall(r"^(T[0-9]+) (.*?)(?=^T[0-9]|\Z)", texts.pop("__init__.py"), re.MULTILINE | re.DOTALL))
    used = {theorem: {name for name, text in texts.items() if f"({theorem})" in text} for theorem in listed}
    assert used == {theorem: set(re.findall(r"[a-z/]+\.py", text)) for theorem, text in listed.items()}
    cited = {theorem for text in texts.values() for theorem in re.findall(r"\((T[0-9]+)\)", text)}
    assert cited == listed.keys() == {f"T{n}" for n in range(1, len(listed) + 1)}


def test_true_certificates_are_accepted(tmp_path: Path, certificates: Certificates) -> None:
    for name in CLAIMS:
        assert outcome(tmp_path, sealed(certificates[name])).startswith("accepted"), name


def test_the_least_sample_by_shells_is_that_of_the_program(tmp_path: Path) -> None:
    """Where the rates decide, of which both have their own enclosures; one point more or less is refused."""
    least = 1175
    statement = f"samples_needed(eps=1/100, delta=1/20, radius=1) == {least}"
    claim = Claim("least", statement, k=(2,), weights="uniform", d=4)
    document = certify(claim, decide_claim(claim))
    assert outcome(tmp_path, sealed(document)).startswith("accepted")
    for other in (least - 1, least + 1):
        text = json.dumps(document).replace(str(least), str(other))
        assert is_refused(tmp_path, sealed(json.loads(text)))


def test_forgeries_are_rejected(tmp_path: Path, certificates: Certificates) -> None:
    documents = [certificates[name] for name in ("interval", "point", "exact", "family")]
    for forgery in FORGERIES:
        texts = [text for document in documents if (text := forged(document, forgery, Random(1)))]
        assert texts
        assert all(is_refused(tmp_path, text) for text in texts), forgery.__name__


@pytest.mark.parametrize("name", first_every_day(4, [name for name in CLAIMS if name != "family"]))
def test_a_value_wrong_by_a_hundred_thousandth(name: str, tmp_path: Path, certificates: Certificates) -> None:
    """Each of those recorded, as a number without width: what contains it is no proof that it is right."""
    texts = list(forgeries.wrong_values(certificates[name]))
    assert texts
    assert all(outcome(tmp_path, text).startswith("rejected") for text in texts)


NAMES = (*UNARY, *VARIADIC, *SYMBOLS, *(name for name in QUANTITIES if "." not in name), "amplitude_1", "em_map")


def test_a_variable_is_not_called_like_something_else(tmp_path: Path, certificates: Certificates) -> None:
    """Whether the verifier knows what is called so or not; another name that is free will do."""
    text = json.dumps(certificates["family"])
    for name in ("V", *NAMES):
        other = json.loads(text.replace('"W"', f'"{name}"').replace("*W", f"*{name}").replace(":W", f":{name}"))
        assert outcome(tmp_path, sealed(other)).startswith("accepted") is (name == "V"), name


@pytest.mark.long
def test_hundreds_of_forgeries_are_rejected(tmp_path: Path, certificates: Certificates) -> None:
    chance, count = Random(2506), 0
    # What algebra proves (`tight`) is true on wider domains, too, and so is its certificate.
    names = [name for name in CLAIMS if name not in ("curved", "many", "tight")]
    while count < 400:
        document, forgery = certificates[chance.choice(names)], chance.choice(FORGERIES)
        text = forged(document, forgery, chance)
        if text is not None:
            count += 1
            assert is_refused(tmp_path, text), f"{forgery.__name__}: {text[:400]}"


@pytest.mark.long
def test_what_is_changed_shows_or_is_still_true(tmp_path: Path, certificates: Certificates) -> None:
    """Every leaf of a certificate, changed under a fingerprint that fits: nothing that decides may change."""
    free = (
        *("versions", "claim.id", "digits", "window", "stretch", "quantities.0.at", "power", "difference", "expect"),
        *("fingerprint", "quantities: ", "quantities.0.lower", "quantities.0.upper", "margin: digit", "margin: longer"),
        *("claim.expect", "without fingerprint", "claim: without expect", ".assumptions"),
    )
    accepted = []
    for label, other in changes(certificates["point"]):
        text = sealed(other) if isinstance(other, dict) and "claim" in other else json.dumps(other)
        if outcome(tmp_path, text).startswith("accepted") and not any(name in label for name in free):
            accepted.append(label)
    # A recorded side may be as wide as it likes, as long as it is true.
    assert [label for label in accepted if ".left" not in label and ".right" not in label] == []


def test_a_wrong_bound_in_the_project_is_caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With a rule six times too coarse and no errors added, the project certifies what is false."""
    plan = ball_partition.plan_outer

    def coarse(*arguments: Any) -> Any:
        rule = plan(*arguments)
        return replace(rule, step=6 * rule.step, first=rule.first // 6, count=rule.count // 6 + 2)

    monkeypatch.setattr(ball_partition, "plan_outer", coarse)
    monkeypatch.setattr(ball_partition, "discretisation", lambda *_: flint.arb(0))
    monkeypatch.setattr(ball_partition, "missing_mass", lambda *_: flint.arb(0))
    claim = Claim("false", "posterior_power(m=1) > 7/20", weights=THREE, radius="1")
    verdict = decide_claim(claim)
    assert verdict.outcome == "certified"
    assert outcome(tmp_path, sealed(certify(claim, verdict))).startswith("rejected the statement fails")


FALSE = {
    "tight": ("radius**2/2", "radius**2/9", {}),
    "interval": ("> 0", "> radius**2/9", {}),
    "sample": ("<= 6400", "<= 6300", {"lower": "6300", "upper": "6300"}),
    "steps": ("<= 40", "<= 1", {"lower": "1", "upper": "1"}),
    "lloyd": ("< 1.2", "< 1.18", {}),
    "curved": ("> spectral_gap", "> 20 * spectral_gap", {}),
    "far": ("499/1000", "49962/100000", {}),
    "witness": (">= 9/25", ">= 1/2", {}),
    "roots": ("dft_modulus(m=2) > 0", "dft_modulus(m=2) > 1/6", {}),
    "family": ("**2", "**4", {})
}  # fmt: skip
"""Of a claim: a part of its statement, what makes it false, and what is then recorded of quantities."""


def test_false_twins_with_fitting_records_are_rejected(tmp_path: Path, certificates: Certificates) -> None:
    for name, change in FALSE.items():
        assert outcome(tmp_path, sealed(forgeries.twin(certificates[name], *change))).startswith("rejected"), name


def test_what_is_not_covered_is_named(tmp_path: Path, certificates: Certificates) -> None:
    document = certificates["exact"]
    link = document["cases"][0]["cells"][0]["comparisons"][0]
    sampled = "abs(sample_mean_norm(n=10, seed=1)) >= 0"
    for parts, said in (
        ({"claim": {"family": "four-means", "k": [], "weights": "uniform"}, "cases.0.k": 0}, "the family four-means"),
        (
            {"claim.statement": sampled, "cases.0.cells.0.comparisons": [link | {"comparison": sampled}]},
            "the quantity sample_mean_norm",
        ),
        ({"claim.assume": ["spectral_gap > 0"]}, "the quantity spectral_gap in weights, parameters or assumptions"),
    ):
        assert outcome(tmp_path, sealed(changed(document, parts))) == f"not covered {said}"


def test_command(tmp_path: Path, certificates: Certificates, run: Run) -> None:
    for name in ("exact", "lloyd"):
        keep_certificate(tmp_path, CLAIMS[name], certificates[name])
    assert "2 certificates: 2 accepted" in run("verify", tmp_path).out
    (tmp_path / "exact.json").write_text(json.dumps(certificates["exact"] | {"margin": "1"}))
    (found,) = run("verify", tmp_path / "exact.json", "--json").document(1)["certificates"]
    assert found["reason"] == "fingerprint: it is not that of the content"
    derived = Claim("derived", derivation="simplex", k=(2,))
    keep_certificate(tmp_path, derived, certify(derived, decide_claim(derived)))
    (tmp_path / "empty").mkdir()
    for name, code in {"derived.json": 4, "missing.json": 2, "empty": 5}.items():
        assert run("verify", tmp_path / name).code == code


def ray(weights: str, low: str, high: str, *assume: str) -> dict[str, Any]:
    """A domain of radii."""
    given = tuple(weights.split(","))
    return {"k": (len(given),), "weights": given, "for_all": {"radius": (low, high)}, "assume": assume}


TWINS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "large": ("log_partition/radius >= 0.29265512", "0.2944", ray("4/5,1/5", "1", "inf")),
    "far": ("radius*(1 - posterior_power(m=1)) <= 1.0395919", "1.0333", ray("7/10,3/20,3/20", "0", "inf")),
    "logs": ("log(kl_divergence) - 2*log(radius) <= -0.69159805", "-0.69459", ray("3/5,2/5", "1/10", "inf")),
    "parseval": ("dft_modulus(m=1)**2 + dft_modulus(m=2)**2 + dft_modulus(m=3)**2 == 7/18", "7/19",
                 {"k": (4,), "weights": ("1/2", "1/12", "1/4", "1/6")}),
    "all-zero": ("posterior_power(m=1) + kl_divergence == 5/32", "5/33",
                 {"k": (4,), "weights": ("1/2", "1/4", "1/8", "1/8"), "amplitudes": ("0", "0")}),
    "half-open": ("3*radius - radius**2 < 9/4", "7/4", ray("1/2,3/10,1/5", "0", "1", "radius < 1")),
    "origin": ("pl_ratio > 29/100", "31/100", ray("7/10,3/20,3/20", "0", "1/4", "radius > 0")),
    "size": ("sample_kl_bound(n=N, delta=1/20, radius=1/20) <= 1/2000", "1/9999",
             {"k": (3,), "weights": "one-heavy:4/5", "for_all": {"N": ("20000", "30000")}}),
    "rays": ("worst_contraction_factor(radius=1/2) <= 9/10", "1/2",
             {"k": (3,), "weights": "one-heavy:W", "for_all": {"W": ("3/4", "4/5")}}),
    "convex": ("strong_convexity_radius(fraction=9/10) >= W/4", "2*W",
               {"k": (4,), "weights": "one-heavy:W", "for_all": {"W": ("17/20", "9/10")}}),
    "everywhere": ("posterior_power(m=1) >= 1/20", "1/3", {"k": (4,), "weights": ("1/2", "1/4", "1/8", "1/8"),
                   "for_all": {"amplitude_1": ("0", "1/8"), "amplitude_2": ("0", "1/8")}}),
    "assumption": ("1 - U - V + 0*spectral_gap >= 1/5", "3/10", {"k": (3,), "weights": ("U", "V", "1 - U - V"),
                   "assume": ("U + V <= 3/4",), "for_all": {"U": ("1/4", "1/2"), "V": ("1/4", "1/2")}})
}  # fmt: skip
"""Claims that what is known far out, near open ends, or of all values decides, or with what varies; false ones."""


@pytest.mark.parametrize("name", first_every_day(len(TWINS) - 1, sorted(TWINS, key=lambda name: name == "convex")))
def test_claims_are_told_from_what_is_slightly_off(tmp_path: Path, name: str) -> None:
    statement, wrong, given = TWINS[name]
    claim = Claim(name, statement, **given)
    document = certify(claim, decide_claim(claim))
    assert outcome(tmp_path, sealed(document)).startswith("accepted"), document["verdict"]
    other = forgeries.twin(document, f" {statement.split()[-1]}", f" {wrong}", {})
    assert outcome(tmp_path, sealed(other)).startswith(("rejected", "not decided"))
