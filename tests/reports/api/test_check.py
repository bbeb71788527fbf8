"""`emtheory.check`: what it takes, what comes out, and what it refuses."""

import json
import re
import warnings
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory import Claim, InputError, NothingSelectedError, check, evaluate
from emtheory.reports.cli import main
from tests.reports.conftest import Result

Run = Callable[..., Result]
ROOT = Path(__file__).parents[3]
THREE = ("1/2", "3/10", "1/5")
RATE = Claim("rate", "contraction_factor == 93/100", weights=THREE)
WRONG = Claim("wrong", "contraction_factor < 93/100", weights=THREE)


def test_the_documented_options_and_variables_exist(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    main(["check", "--help"])
    helped = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    written = set(re.findall(r"^\| `(--.*?)\|", page, flags=re.MULTILINE))
    documented = {option for cell in written for option in re.findall(r"--[a-z][a-z-]+", cell)}
    assert documented <= helped
    assert helped - documented <= {"--help"}


def documented() -> list[str]:
    """Return the examples of claims, each as a file."""
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    return [text if text.startswith("schema") else f"schema = 1\n{text}" for text in examples]


def test_the_documented_claims_hold(tmp_path: Path) -> None:
    decided = [text for text in documented() if "sharpen = " not in text]
    assert len(decided) > 1
    for number, text in enumerate(decided):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert check(path).ok


@pytest.mark.long
def test_the_documented_constant_is_found(run: Run, tmp_path: Path) -> None:
    (text,) = (text for text in documented() if "sharpen = " in text)
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (found,) = json.loads(run("sharpen", tmp_path / "a.toml", "--digits", "3", "--json").out)["claims"]
    assert Fraction(found["lower"]) <= Fraction("0.81614") <= Fraction(found["upper"])


def test_results_by_order_and_by_id() -> None:
    results = check(RATE, WRONG)
    assert len(results) == 2
    assert [record.id for record in results] == ["rate", "wrong"]
    text = repr(results)
    assert text.startswith("ok   rate   proved ")
    assert "left     contraction_factor in [0.93, 0.93]" in text
    assert text.endswith("2 claims checked: 1 as expected, 1 failed, 0 inconclusive")
    with pytest.raises(KeyError):
        results["nothing"]


def test_a_limit_of_digits_counts() -> None:
    near = Claim("near", f"lloyd_radius > {evaluate('lloyd_radius', 6, 'uniform').value[:22]}", k=(6,))
    assert check(near).ok
    assert check(near, digits_max=5)["near"].verdict == "inconclusive"


def test_a_damaged_cache_is_told_where_the_verb_is_called(tmp_path: Path) -> None:
    check(RATE, cache=tmp_path)
    for entry in tmp_path.rglob("*.json"):
        entry.write_text("{")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert check(RATE, cache=tmp_path).ok
    assert [warning.filename for warning in told] == [__file__]


def test_agreement_with_the_command(run: Run) -> None:
    result = run("check", ROOT / "examples" / "claims.toml", "--json", "--no-cache", "--select", "rate-*")
    found = json.loads(result.out)
    said = json.loads(json.dumps(check(ROOT / "examples" / "claims.toml", select="rate-*").as_json()))
    for claim in (*found["claims"], *said["claims"]):
        del claim["seconds"]
    assert said == found


def test_errors() -> None:
    with pytest.raises(InputError, match="the id is used twice"):
        check(RATE, RATE)
    with pytest.raises(InputError, match="the id is used twice"):
        check([RATE, RATE])
    with pytest.raises(InputError, match=r"require = 'prooved' is not one of kernel, proved, certified"):
        check(RATE, require="prooved")
    with pytest.raises(InputError, match="cannot be read"):
        check("no-such.toml")
    for nothing in (check, lambda: check(RATE, select=["other"]), lambda: check([])):
        with pytest.raises(NothingSelectedError):
            nothing()
