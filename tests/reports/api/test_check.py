"""`emtheory.check`: what it takes, what comes out, and what it refuses."""

import re
import warnings
from pathlib import Path

import pytest

from emtheory import Claim, InputError, NothingSelectedError, check
from emtheory.reports.cli import main

ROOT = Path(__file__).parents[3]
THREE = ("1/2", "3/10", "1/5")
RATE = Claim("rate", "contraction_factor == 93/100", weights=THREE)


def test_the_documented_options_and_variables_exist(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    main(["check", "--help"])
    helped = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
    written = set(re.findall(r"^\| `(--.*?)\|", page, flags=re.MULTILINE))
    documented = {option for cell in written for option in re.findall(r"--[a-z][a-z-]+", cell)}
    assert documented <= helped
    assert helped - documented <= {"--help"}


@pytest.mark.long
def test_the_documented_claims_hold(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)
    files = [text if text.startswith("schema") else f"schema = 1\n{text}" for text in examples]
    decided = [text for text in files if "sharpen = " not in text]
    assert len(decided) > 1
    for number, text in enumerate(decided):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        assert check(path).ok


def test_a_damaged_cache_is_told_where_the_verb_is_called(tmp_path: Path) -> None:
    check(RATE, cache=tmp_path)
    for entry in tmp_path.rglob("*.json"):
        entry.write_text("{")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert check(RATE, cache=tmp_path).ok
    assert [warning.filename for warning in told] == [__file__]


def test_errors() -> None:
    with pytest.raises(InputError, match="the id is used twice"):
        check(RATE, RATE)
    with pytest.raises(InputError, match=r"require = 'prooved' is not one of kernel, proved, certified"):
        check(RATE, require="prooved")
    with pytest.raises(InputError, match="cannot be read"):
        check("no-such.toml")
    for nothing in (check, lambda: check(RATE, select=["other"]), lambda: check([])):
        with pytest.raises(NothingSelectedError):
            nothing()
