"""CONTRIBUTING followed to the letter, in a copy of the project: what is added in a file is everywhere."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FAMILY = (ROOT / "docs" / "families.md").read_text(encoding="utf-8")
"""The page with a worked example, a family in one file."""


def shown(language: str) -> list[str]:
    """The blocks of code on that page."""
    return re.findall(rf"```{language}\n(.*?)```", FAMILY, re.DOTALL)


ADDED = tomllib.loads(Path(__file__).with_name("added.toml").read_text(encoding="utf-8"))
ADDED |= {"numerics/families/scaled.py": shown("python")[0], "numerics/families/scaled.toml": shown("toml")[-2]}
ADDED |= {"scaled.claims.toml": shown("toml")[-1], "counted.claims.toml": shown("toml")[0]}
LINE = "| `toy-mean` | Is the mean of N(0, I) zero? | it is |\n"
HEAD = "| name | asks | finds |\n| --- | --- | --- |\n"

PAGES = """\
import sys
from emtheory.reports.catalogue import pages
from emtheory.reports.cli import main
from emtheory.reports.proofs import measured
from emtheory.theory.derivations import derive
toy = [derive("toy-spread", None)]
pages._derivations = lambda entries: toy if any(entry.id == "toy-spread" for entry in entries) else []
pages._conclusion = lambda _: toy[0].conclusion
measured._derivations = lambda: iter(())
sys.exit(main(["claims", "--docs", "docs"]))
"""
"""Without the other derivations, which take a minute and a half: `test_derivations` compares those on the pages."""

COMMITTER = ("-c", "user.name=A Contributor", "-c", "user.email=contributor@example.org")
"""Who commits the additions: a machine for tests may not have said who uses it."""

LONGEST = 1500
"""Seconds that a command may take: the everyday tests take three minutes on two processors, and have one here."""

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the additions."""
    copy = tmp_path_factory.mktemp("copy") / "project"
    left_out = shutil.ignore_patterns(".*cache", ".venv", "__pycache__", ".git", ".hypothesis")
    shutil.copytree(ROOT, copy, symlinks=True, ignore=left_out)
    if (known := ROOT / ".mypy_cache").exists():  # What is not changed need not be checked again.
        shutil.copytree(known, copy / ".mypy_cache")
    for name, text in ADDED.items():
        (copy / name).write_text(text, encoding="utf-8")
    page = copy / "docs" / "experiments.md"
    text = page.read_text(encoding="utf-8")
    assert HEAD in text
    page.write_text(text.replace(HEAD, HEAD + LINE), encoding="utf-8")
    execute(copy, "-c", PAGES)
    run(copy, "quantities", "--docs", "docs")
    for command in (("init", "--quiet"), ("add", "--all"), (*COMMITTER, "commit", "--quiet", "--message", "toys")):
        subprocess.run(["git", *command], cwd=copy, check=True, timeout=60)
    return copy


def run(project: Path, *arguments: str, code: int = 0) -> str:
    program = "import sys; from emtheory.reports.cli import main; sys.exit(main())"
    return execute(project, "-c", program, *arguments, code=code)


def execute(project: Path, *arguments: str, code: int = 0) -> str:
    variables = {"PYTHONPATH": str(project), "XDG_CACHE_HOME": str(project / ".cache")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=project,
        env=inherited | variables,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def test_the_lemma_is_derived_listed_and_documented(project: Path) -> None:
    assert Path(execute(project, "-c", "import emtheory; print(emtheory.__file__)").strip()).is_relative_to(project)
    assert "toy-spread" in run(project, "claims")
    assert "checked" in run(project, "derive", "toy-spread", "--general")
    page = (project / "docs" / "statements-beyond-the-paper.md").read_text(encoding="utf-8")
    assert "toy_spread > radius**2" in page
    assert '## Derivation <a id="derivation-toy-spread"></a>`toy-spread`' in page


def checked(project: Path, claims: str, *options: str) -> list[str]:
    """The verdicts on a file of claims; the certificates of these are replayed."""
    folder = f"made-{claims}"
    found = json.loads(run(project, "check", claims, "--json", "--certificates", folder, *options))
    assert "accepted" in run(project, "replay", folder)
    return [claim["verdict"] for claim in found["claims"]]


def test_the_quantity_is_computed_by_its_routes_and_certified_over_all_radii(project: Path) -> None:
    assert "toy_spread" in run(project, "quantities")
    for route, level in (("auto", "exact"), ("ball", "certified")):
        options = ("--k", "3", "--weights", "linear", "--radius", "2", "--route", route, "--json")
        answer = json.loads(run(project, "evaluate", "toy_spread", *options))
        assert (float(answer["value"]), answer["level"]) == (6.0, level)
    assert checked(project, "toy.claims.toml") == ["certified"]


def test_the_family_of_the_page_is_computed(project: Path) -> None:
    place = ("--family", "scaled", "--theta", "1", "--scale", "2", "--digits", "15", "--json")
    ball, other = (json.loads(run(project, "evaluate", "em_map", *place, "--route", each)) for each in ("ball", "mp"))
    assert ball["level"] == "certified"
    assert ball["value"][:15] == other["value"][:15]
    assert checked(project, "scaled.claims.toml") == ["certified", "refuted"]
    assert checked(project, "counted.claims.toml", "--select", "one-*") == ["certified"]


def test_the_format_is_written_and_replaced_and_the_experiment_runs(project: Path) -> None:
    for _ in range(2):  # a second report knows the file as its own
        run(project, "report", "--out", "made-report", "--select", "toy-*", "--quick")
        assert (project / "made-report" / "verdicts.txt").read_text() == "toy-spread: proved\n"
    assert "the mean is 0" in run(project, "simulate", "--experiment", "toy-mean")


def test_the_checks_pass(project: Path) -> None:
    modules = [name for name in ADDED if name.endswith(".py")]
    execute(project, "-m", "ruff", "check", *modules)
    execute(project, "-m", "ruff", "format", "--check", *modules)
    execute(project, "-m", "mypy")


def test_the_everyday_tests_pass(project: Path) -> None:
    """All of them, since nobody has a list of those that look through what there is, which an addition could break."""
    execute(project, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not long")
