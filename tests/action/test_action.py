"""The scripts and definitions that other people's CI uses: as they are, and run from a clone as other people do."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from emtheory.numerics.level import REQUIRED
from emtheory.reports.commands.check import PROBLEM_MATCHER
from tests.house.clone import bare_environment, clone, variables

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


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone, with what is not committed yet committed in it."""
    folder = clone(tmp_path_factory.mktemp("source") / "emtheory")
    git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "add", "--all"], check=True, timeout=60)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "now"], check=True, timeout=60)
    subprocess.run([*git, "tag", "v9.9.9"], check=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def installed(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables of a shell with an environment in which the clone is installed."""
    folder = tmp_path_factory.mktemp("installed")
    settings = variables(bare_environment(folder / "environment"))
    assert shell(f"python -m pip install {source}", folder, settings).returncode == 0
    return settings


def shell(script: str, folder: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does."""
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A repository with claims, one of them false."""
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "good.claims.toml").write_text("schema = 1\n" + CLAIM.format("good", "spectral_gap == 7/100"))
    (folder / "bad.claims.toml").write_text("schema = 1\n" + CLAIM.format("bad", "spectral_gap == 8/100"))
    return folder


@pytest.mark.long
def test_the_action(source: Path, paper: Path, tmp_path: Path) -> None:
    action = yaml.safe_load((source / "action.yml").read_text(encoding="utf-8"))
    settings = variables(bare_environment(tmp_path / "environment"), GITHUB_ACTION_PATH=str(source))
    settings |= {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    inputs = {name: each.get("default", "") for name, each in action["inputs"].items()} | {"badge": "badge.json"}
    steps: list[dict[str, Any]] = [step for step in action["runs"]["steps"] if "run" in step]
    assert len(steps) == 2
    for step in steps:
        given = {name: filled(text, inputs) for name, text in step.get("env", {}).items()}
        result = shell(step["run"], paper, settings | given)
        assert result.returncode == (1 if given else 0), result
    assert "2 claims checked: 1 as expected, 1 failed" in result.stdout
    matcher = Path(result.stderr.partition("::add-matcher::")[2].strip())
    assert matcher.is_relative_to(tmp_path / "environment")  # what ran is what the action installed
    assert json.loads(matcher.read_text(encoding="utf-8"))["problemMatcher"]
    assert "| FAIL | `bad` |" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert json.loads((paper / "badge.json").read_text(encoding="utf-8"))["color"] == "red"


def filled(text: str, inputs: dict[str, str]) -> str:
    for name, value in inputs.items():
        text = text.replace(f"${{{{ inputs.{name} }}}}", value)
    assert "${{" not in text
    return text


@pytest.mark.long
def test_the_hook(source: Path, paper: Path, installed: dict[str, str]) -> None:
    """pre-commit has pip install a clone, and runs ``entry`` with the files that match."""
    (hook,) = yaml.safe_load((source / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["language"] == "python"
    good, bad = (shell(f"{hook['entry']} {file}.claims.toml", paper, installed) for file in ("good", "bad"))
    assert (good.returncode, bad.returncode) == (0, 1), (good, bad)


@pytest.mark.long
@pytest.mark.parametrize("ci", ["github", "gitlab"])
def test_the_job_that_init_writes(source: Path, installed: dict[str, str], tmp_path: Path, ci: str) -> None:
    folder, checkout = tmp_path / "paper", tmp_path / "checkout"
    made = shell(f"emtheory init {folder} --ci {ci} --from git+file://{source}@v9.9.9", tmp_path, installed)
    assert made.returncode == 0, made
    name = ".github/workflows/claims.yml" if ci == "github" else ".gitlab-ci.yml"
    job = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    if ci == "github":
        lines = [step["run"] for step in job["jobs"]["claims"]["steps"] if "run" in step]
    else:
        lines = job["claims"]["script"]
    shutil.copytree(folder, checkout)
    fresh = variables(bare_environment(tmp_path / "fresh"), GITHUB_STEP_SUMMARY=str(tmp_path / "summary.md"))
    for line in lines:
        done = shell(line, checkout, fresh)
        assert done.returncode == 0, done
    assert "4 claims checked: 4 as expected" in done.stdout
    assert (checkout / "claims.xml").stat().st_size > 0
    if ci == "gitlab":
        return
    # Installed from a clone on this machine, which CI cannot have, it writes no job and asks for a place.
    again = shell(f"emtheory init {tmp_path / 'again'} --ci {ci}", tmp_path, fresh)
    assert again.returncode == 0, again
    assert "no CI job was written" in again.stdout
    assert not (tmp_path / "again" / name).exists()
