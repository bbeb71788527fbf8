"""Every command that the README and the pages on commands show is run, and prints what they show (times apart)."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from emtheory.reports.cli import main
from tests.tiers import first_every_day

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = ("tutorial.md", "sweeps.md", "certify-data.md", "npmle.md")
PAGES = README + "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in COMMANDS)
BLOCKS = re.findall(r"```console\n\$ (emtheory [^\n]*)\n(.*?)```", PAGES, flags=re.DOTALL)
SECONDS = re.compile(r"[0-9.]+(?:e-[0-9]+)? s\b")


@pytest.mark.parametrize(("command", "shown"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_the_readme_shows_what_a_command_prints(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # What other tests have decided is not known here.
    assert main(shlex.split(command)[1:]) == 0
    assert SECONDS.sub("# s", capsys.readouterr().out) == SECONDS.sub("# s", shown)


def test_the_readme_names_what_there_is() -> None:
    assert {command.split()[1] for command, _ in BLOCKS} >= {"evaluate", "check", "derive"}
    ci = [line.split()[:2] for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()]
    for command in re.findall(r"^make [\w-]+", README, flags=re.MULTILINE):
        assert command.split() in ci
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).is_file(), target


@pytest.mark.parametrize(
    "page", first_every_day(3, ["README.md", "docs/certify-data.md", "docs/npmle.md", "docs/certify-fit.md"])
)
def test_the_python_sessions(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / page), module_relative=False)
    assert failed == 0
    assert tried > 0
