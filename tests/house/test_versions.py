"""What people copy: versions are those of the changelog, and nothing is installed by a name that may be anyone's."""

import re
import tomllib
from pathlib import Path

import pytest

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
    "command", ["emtheory", "emtheory==0.2.0", "'emtheory[cluster]'", "--quiet emtheory # now", '"emtheory>=0.2"']
)
def test_an_installation_by_name_is_seen(command: str) -> None:
    assert BY_NAME.search(f" {command}")


@pytest.mark.parametrize(
    "command",
    [
        ".",
        "'.[cluster]'",
        '"emtheory @ git+https://HOST/OWNER/emtheory@v0.2.0"',
        '"git+https://HOST/OWNER/emtheory@v0.2.0"',
        "./vendor/emtheory-0.2.0.whl",
    ],
)
def test_other_installations_are_not(command: str) -> None:
    assert not BY_NAME.search(f" {command}")
