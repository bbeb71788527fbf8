"""The action, the hook and the job of `emtheory init`, run from a clone as other people's CI does it."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house.clone import bare_environment, clone, variables

pytestmark = pytest.mark.long

CLAIM = 'schema = 1\n[[claim]]\nid = "{}"\nstatement = "spectral_gap == {}"\nk = 3\nweights = [0.5, 0.3, 0.2]\n'


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
    (folder / "good.claims.toml").write_text(CLAIM.format("good", "7/100"))
    (folder / "bad.claims.toml").write_text(CLAIM.format("bad", "8/100"))
    return folder


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


def test_the_hook(source: Path, paper: Path, installed: dict[str, str]) -> None:
    """pre-commit has pip install a clone, and runs ``entry`` with the files that match."""
    (hook,) = yaml.safe_load((source / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["language"] == "python"
    good, bad = (shell(f"{hook['entry']} {file}.claims.toml", paper, installed) for file in ("good", "bad"))
    assert (good.returncode, bad.returncode) == (0, 1), (good, bad)


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
