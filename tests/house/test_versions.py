"""What people copy: versions are those of the changelog, and nothing is installed by a name that may be anyone's."""

import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = [*(ROOT / "reports").rglob("*.py"), *(ROOT / "numerics").rglob("*.py"), ROOT / "action.yml"]

INSTALL = re.compile(r"\bpip install\b([^\n]*)")
BY_NAME = re.compile(r"(?:^|[\s'\"])emtheory(?:\[[^\]]*\])?(?:[=<>!~]|$|[\s'\"`](?!@))")
SHOWN = re.compile(r"(?:emtheory[@-]v?|rev: v)(\d+\.\d+\.\d+)")


def released() -> str:
    """The latest release in the changelog."""
    found = re.search(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def test_versions_are_those_of_the_changelog() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == released()
    shown = {path: set(SHOWN.findall(path.read_text(encoding="utf-8"))) for path in PAGES}
    assert {path: versions for path, versions in shown.items() if versions - {released()}} == {}
    assert any(shown.values())


def test_nothing_is_installed_by_its_bare_name() -> None:
    found = {path: INSTALL.findall(path.read_text(encoding="utf-8")) for path in (*PAGES, *SOURCES)}
    assert any(found.values())
    assert [(path, rest) for path, each in found.items() for rest in each if BY_NAME.search(rest)] == []


@pytest.mark.parametrize(
    ("command", "by_name"),
    [
        ("emtheory==0.2.0", True),
        ("'emtheory[cluster]'", True),
        ("--quiet emtheory # now", True),
        ("'.[cluster]'", False),
        ('"emtheory @ git+https://HOST/OWNER/emtheory@v0.2.0"', False),
        ("./vendor/emtheory-0.2.0.whl", False),
    ],
)
def test_an_installation_by_name_is_seen(command: str, by_name: bool) -> None:
    assert bool(BY_NAME.search(f" {command}")) == by_name


def test_the_citation_is_of_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == released()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["title"].partition(":")[0], citation["license"]) == (project["name"], project["license"])


def test_a_release_is_built_and_checked_before_it_can_be_published() -> None:
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    build, publish = job["jobs"]["build"], job["jobs"]["publish"]
    assert job["permissions"] == {"contents": "read"}
    assert 'make dist TAG="$GITHUB_REF_NAME"' in [step.get("run") for step in build["steps"]]
    assert (publish["needs"], publish["environment"]) == ("build", "release")
    assert publish["permissions"] == {"id-token": "write"}
    assert "run" not in " ".join(key for step in publish["steps"] for key in step)


def test_another_tag_builds_nothing() -> None:
    found = subprocess.run(
        [ROOT / ".ci" / "dist", sys.executable, "v9.9.9"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr == f"the tag v9.9.9 is not v{released()}, the version in pyproject.toml\n"


@pytest.mark.long
def test_the_sdist_is_whole(tmp_path: Path) -> None:
    """A wheel of what is in the sdist alone has the same files as one of the tree."""
    build = [sys.executable, "-m", "hatchling", "build"]
    subprocess.run([*build, "-d", tmp_path / "dist", "-t", "sdist", "-t", "wheel"], cwd=ROOT, check=True, timeout=120)
    (sdist,) = (tmp_path / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    subprocess.run([*build, "-d", tmp_path / "again", "-t", "wheel"], cwd=source, check=True, timeout=120)
    names = [set(ZipFile(next((tmp_path / each).glob("*.whl"))).namelist()) for each in ("dist", "again")]
    assert names[0] == names[1]
