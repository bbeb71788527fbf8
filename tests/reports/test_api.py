import doctest
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory import reports
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports import check, evaluate
from emtheory.reports.checking.selection import NothingSelectedError
from emtheory.reports.cli import main
from emtheory.theory.claim import Claim

ROOT = Path(__file__).parent.parent.parent
THREE = ("1/2", "3/10", "1/5")
RATE = Claim("rate", "contraction_factor == 93/100", weights=THREE)
WRONG = Claim('<wrong> & "x"', "contraction_factor < 93/100", weights=THREE)


def test_the_documented_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "api.md"), module_relative=False)
    assert failed == 0
    assert tried >= 12


def test_the_documented_options_and_variables_exist(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    main(["check", "--help"])
    helped = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    written = set(re.findall(r"^\| `(--.*?)\|", page, flags=re.MULTILINE))
    documented = {option for cell in written for option in re.findall(r"--[a-z][a-z-]+", cell)}
    assert documented <= helped
    assert helped - documented <= {"--help"}


def test_the_documented_claim_holds(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    (tmp_path / "a.toml").write_text(example)
    assert check(tmp_path / "a.toml").ok


def test_importing_the_package_imports_nothing_else() -> None:
    code = "import sys, emtheory; print([m for m in ('emtheory.numerics', 'sympy', 'click') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = reports.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [check(RATE), check(RATE)["rate"], evaluate("spectral_gap", 3, "linear")], ids=type)
def test_results_have_no_truth_value(value: object) -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(value)


def test_results_show_themselves() -> None:
    results = check(RATE, WRONG)
    assert len(results) == 2
    text = repr(results)
    assert text.startswith("ok   rate  proved  margin 0")
    assert "left     contraction_factor in [0.93, 0.93]" in text
    assert text.endswith("2 claims checked: 1 as expected, 1 failed, 0 inconclusive")
    table = results._repr_html_()
    assert "<wrong>" not in table
    assert "&lt;wrong&gt; &amp; &quot;x&quot;" in table
    assert table.count("<tr>") == 3
    answer = evaluate("spectral_gap", 3, THREE)
    assert "in [0.07, 0.07]" in answer._repr_html_()
    with pytest.raises(KeyError):
        results["nothing"]


def test_required_evidence_counts() -> None:
    pi = Claim("pi", "3 < exp(log(pi))")
    assert check(pi).ok
    assert not check(pi, require="proved").ok


def test_exact_numbers_in_any_form() -> None:
    values = {evaluate("kl_divergence", 3, THREE, radius=r, digits=12).value for r in ("1/2", "0.5", Fraction(1, 2))}
    assert len(values) == 1
    assert evaluate("pl_constant", 2, "4/5,1/5", radius=1, digits=5).level == "certified"
    assert evaluate("kl_divergence", 2, "uniform", amplitudes=[1], digits=5).lower is not None


def test_errors() -> None:
    with pytest.raises(InputError, match="did you mean"):
        evaluate("spectral_gapp", 3, "linear")
    for inexact in (0.1, float("nan"), True, None, "nan"):
        with pytest.raises(InputError, match=r"not an exact number|needs the argument"):
            evaluate("dft_modulus", 3, "linear", m=inexact)  # type: ignore[arg-type]
    with pytest.raises(CannotAnswerError):
        evaluate("lloyd_radius", 6, "linear", route="exact")
    with pytest.raises(InputError, match="the id is used twice"):
        check(RATE, RATE)
    with pytest.raises(NothingSelectedError):
        check()
    with pytest.raises(NothingSelectedError):
        check(RATE, select=["other"])
