"""The scripts and definitions that other people's CI uses."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from emtheory.numerics.level import REQUIRED
from emtheory.reports.commands.check import PROBLEM_MATCHER

ROOT = Path(__file__).parent.parent.parent
FAILED, WRONG = (each["pattern"] for each in json.loads(PROBLEM_MATCHER.read_text())["problemMatcher"])
CLAIM = '[[claim]]\nid = "{}"\nstatement = "{}"\nk = 3\nweights = [0.5, 0.3, 0.2]\n'


def act(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    summary = str(folder / "summary.md")
    names = {f"EMTHEORY_{name.upper()}": value for name, value in inputs.items()}
    return subprocess.run(
        [ROOT / "action" / "check.sh"],
        cwd=folder,
        env={**os.environ, "PATH": path, "GITHUB_STEP_SUMMARY": summary, **names},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "claims.toml").write_text("schema = 1\n" + CLAIM.format("true", "spectral_gap == 7/100"))
    (tmp_path / "false.claims.toml").write_text("schema = 1\n\n" + CLAIM.format("false", "spectral_gap == 8/100"))
    return tmp_path


def test_the_action_checks_and_summarises_and_the_problem_matcher_finds_what_failed(folder: Path) -> None:
    good = act(folder, paths="a b/claims.toml\n", junit="junit.xml", badge="badge.json")
    assert good.returncode == 0, good
    assert good.stderr == f"::add-matcher::{PROBLEM_MATCHER}\n"
    assert (folder / "junit.xml").exists()
    bad = act(folder, badge="badge.json")
    assert bad.returncode == 1
    assert json.loads((folder / "badge.json").read_text())["message"] == "1 of 2 as expected"
    summary = (folder / "summary.md").read_text()
    assert summary.count("### emtheory check") == 2  # it is appended to what other steps wrote
    assert "| FAIL | `false` | refuted | 0.01 |" in summary
    assert "2 claims checked: 1 as expected, 1 failed" in bad.stdout
    lines = bad.stdout.splitlines()
    start = next(n for n, line in enumerate(lines) if re.match(FAILED[0]["regexp"], line))
    place = re.match(FAILED[1]["regexp"], lines[start + 1])
    assert place is not None
    assert place.groups() == ("false.claims.toml", "3")
    assert act(folder, arguments="--deselect false\n--no-cache", require="proved").returncode == 0
    assert act(folder, lock="claims.lock").returncode == 2
    assert act(folder, paths="$(touch x)", require="`touch x`").returncode == 2
    assert not (folder / "x").exists()


def test_the_problem_matcher_finds_file_and_line_of_what_is_malformed(folder: Path) -> None:
    (folder / "false.claims.toml").write_text("schema = 1\n\n" + CLAIM.format("false", "spectral_gapp == 8/100"))
    errors = act(folder).stderr.splitlines()
    matches = [re.match(WRONG[0]["regexp"], line) for line in errors]
    assert [match.groups()[:2] for match in matches if match] == [("false.claims.toml", "3")]


def test_hostile_text_stays_text_in_the_summary(folder: Path) -> None:
    (folder / "bad.claims.toml").write_text(
        'schema = 1\n[[claim]]\nid = "| <b> `x`"\nk = 3\nweights = "linear"\nstatement = """spectral_gap\n== 8/100"""\n'
    )
    assert act(folder, paths="bad.claims.toml").returncode == 1
    lines = (folder / "summary.md").read_text().splitlines()
    (row,) = (line for line in lines if line.startswith("| FAIL"))
    assert row.startswith("| FAIL | `` \\| <b> `x` `` |")
    block = lines[lines.index(row) :]
    assert all(line == "" or line.startswith(("    ", "|", "**")) for line in block)


def test_the_definitions_name_what_exists() -> None:
    action = (ROOT / "action.yml").read_text()
    script = (ROOT / "action" / "check.sh").read_text()
    assert "action/check.sh" in action
    assert yaml.safe_load(action)["inputs"]["require"]["default"] == REQUIRED
    assert set(re.findall(r"EMTHEORY_\w+", action)) == set(re.findall(r"EMTHEORY_\w+", script))
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text()
    assert "entry: emtheory check" in hook
    pattern = re.search(r"files: (.*)", hook)
    assert pattern is not None
    assert re.search(pattern[1], "paper/some.claims.toml")
    assert not re.search(pattern[1], "pyproject.toml")
