"""The plugin as users meet it: pytest is run on a folder with claims files."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest
from defusedxml import ElementTree

from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.quantity import resolve
from emtheory.reports.kernel.rocq_program import Receipt

pytest_plugins = ["pytester"]

CLAIMS = Path(__file__).with_name("plugin.toml").read_text(encoding="utf-8")


class Outcome(NamedTuple):
    """Exit status and both streams of a run of pytest."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    (pytester.path / "some.claims.toml").write_text(CLAIMS)
    pytester.makeini("[pytest]\naddopts = --strict-markers\nfilterwarnings = error\n")
    return pytester.path


@pytest.fixture(scope="module", autouse=True)
def modules_are_loaded() -> None:
    """Runs of pytest in this process forget the modules they load, and NumPy cannot be loaded twice."""
    for quantity in QUANTITIES.values():
        for reference in quantity.routes.values():
            resolve(reference)
    import_module("emtheory.reports.decide.claim")


@pytest.fixture
def run_pytest(pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]) -> Run:
    def invoke(*arguments: str) -> Outcome:
        result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)
        capsys.readouterr()  # what it printed is in the result already
        return Outcome(int(result.ret), result.stdout.str(), result.stderr.str())

    return invoke


def in_process_of_its_own(folder: Path, *arguments: str) -> Outcome:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    return Outcome(result.returncode, result.stdout, result.stderr)


def test_each_claim_is_a_test_with_the_text_of_the_checker_for_a_failure(folder: Path, run_pytest: Run) -> None:
    result = run_pytest("-v")
    assert result.code == 1
    told = ("some.claims.toml::rate PASSED", "some.claims.toml:9: spectral_gap > 8/100", "spectral_gap in [0.07, 0.07]")
    told += ("emtheory: 5 claims checked, 4 as expected", "1 failed, 4 passed")
    assert [part for part in told if part not in result.out] == []
    assert "Traceback" not in result.out + result.err


def test_selection(folder: Path, run_pytest: Run) -> None:
    for arguments, selected in (
        (("-m", "emtheory_proved and not emtheory_control"), ["rate", "wrong", "enclosed"]),
        (("some.claims.toml::rate",), ["rate"]),
        (("-m", "not emtheory"), []),
    ):
        result = run_pytest("--collect-only", "-q", *arguments)
        assert [line.split("::")[1] for line in result.out.splitlines() if "::" in line] == selected


@pytest.mark.long
def test_side_by_side_with_a_junit_report(folder: Path) -> None:
    result = in_process_of_its_own(folder, "-n", "2", "--junit-xml", "report.xml")
    assert result.code == 1
    assert "emtheory: 5 claims checked, 4 as expected" in result.out
    cases = {case.get("name"): case for case in ElementTree.parse(folder / "report.xml").iter("testcase")}
    assert set(cases) == {"rate", "wrong", "control", "enclosed", "lloyd"}
    properties = {item.get("name"): item.get("value") for item in cases["rate"].iter("property")}
    assert properties == {"emtheory_verdict": "proved", "level": "proved", "margin": "0"}
    assert "spectral_gap > 8/100" in (cases["wrong"].find("failure").text or "")


def test_a_malformed_or_empty_file_is_an_error(folder: Path, run_pytest: Run) -> None:
    for content, message in (
        ("schema = 1\n", "the file has no [[claim]]"),
        (CLAIMS.replace("spectral_gap == 7", "spectral_gapp == 7"), "did you mean spectral_gap?"),
    ):
        (folder / "some.claims.toml").write_text(content)
        result = run_pytest()
        assert (result.code, message in result.out, "Traceback" in result.out) == (2, True, False), result.out


def test_a_kernel_can_be_required(folder: Path, run_pytest: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rocq is played: it accepts what it is shown; Lloyd's radius has no export."""
    accepted = Receipt("8.20.1", {"classical real numbers": 4}, 1.0)
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", lambda files: accepted)
    (folder / "pytest.ini").write_text("[pytest]\nemtheory_require = kernel\n")
    result = run_pytest("-v", "-k", "rate or lloyd or control")
    told = [f"some.claims.toml::{each}" for each in ("rate PASSED", "control PASSED", "lloyd FAILED")]
    told.append("not seen by the kernel")
    assert (result.code, [part for part in told if part not in result.out]) == (1, [])


def test_evidence_that_is_too_weak_fails(folder: Path, run_pytest: Run) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nemtheory_require = proved\n")
    result = run_pytest("-k", "lloyd or rate")
    assert "1 failed, 1 passed" in result.out
    assert "required proved" in result.out
    (folder / "pytest.ini").write_text("[pytest]\nemtheory_require = likely\n")
    result = run_pytest()
    assert result.code == 4
    assert "valid are kernel, proved, certified, supported, observed" in result.err


def test_an_inconclusive_claim_and_one_without_a_value_fail(folder: Path, run_pytest: Run) -> None:
    text = CLAIMS.replace("spectral_gap == 7/100", "log(exp(1)) == 1").replace("lloyd_radius", "sublinear_constant")
    (folder / "some.claims.toml").write_text(text)
    result = run_pytest("-k", "rate or lloyd")
    told = ("2 failed", "OPEN rate  inconclusive", "claim 'lloyd': column 1: sublinear_constant")
    assert [part for part in told if part not in result.out] == []


def test_nothing_of_the_checker_is_loaded_without_a_claims_file(tmp_path: Path) -> None:
    heavy = {"sympy", "mpmath", "flint", "numpy", "pydantic", "click"}
    heavy |= {"emtheory.theory", "emtheory.reports.checking", "emtheory.numerics.evaluate"}
    (tmp_path / "test_modules.py").write_text(
        "import sys\n"
        "def test_modules():\n"
        f"    assert not {heavy} & set(sys.modules)\n"
        "    assert 'emtheory.reports.pytest_plugin' in sys.modules\n"
    )
    # The other plugins of this environment import some of these themselves.
    result = in_process_of_its_own(tmp_path, "-p", "no:hypothesispytest")
    assert result.code == 0, result.out
    assert "emtheory:" not in result.out, result.out
