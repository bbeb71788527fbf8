"""A report that is written in stages, and made again from what is kept."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.report import run as report_module
from emtheory.reports.report.numbers import explore
from emtheory.reports.report.run import write_report
from emtheory.reports.report.stages import VERDICTS, Scope, Stage, first_read, plan_stages
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import PAPER, catalogue, sources
from tests.reports.report.small_report import silent

WEIGHTS = ("1/2", "3/10", "1/5")
GAP, WRONG = (Claim(f"base/{number}", f"spectral_gap == {number}/100", weights=WEIGHTS) for number in (7, 8))
INSTANCE, NET = Claim("base/instance", "spectral_gap > 0", weights="linear"), "covering-number"
INSTANCES = (INSTANCE, Claim("base/net", derivation=NET, general=True, k=()))
BASE = Entry("base", "It has instances", "a test", "A sentence.", "As it stands.", (GAP,), universal=False,
             instances=INSTANCES, controls=(WRONG,))  # fmt: skip
SIMPLEX = Claim("above/simplex", derivation="simplex")
ABOVE = Entry("above", "It rests on another", "a test", "", "", (SIMPLEX,), universal=False, depends=("base",))
ALONE = Entry("alone", "It rests on nothing", "a test", "", "", (Claim("alone/k", "k == 3"),), universal=False)
ENTRIES = BASE, ABOVE, ALONE


def scope(cache: Path | None = None) -> Scope:
    # Numbers, laws and figures take longer; the stages are the same without them.
    return Scope(selected=True, jobs=1, cache=cache)


def write(out: Path, tell: Callable[[str], None], cache: Path | None = None) -> dict[str, Any]:
    assert write_report(out, ENTRIES, scope(cache), tell) == ExitCode.OK
    return read(out)


def read(out: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((out / "report.json").read_bytes())
    return document


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str]]:
    """The report that an interruption after the first stage leaves, that of another run, and what the first told."""
    folder = tmp_path_factory.mktemp("stages")
    out, first, cache = (folder / name for name in ("report", "first", "cache"))
    lines: list[str] = []

    def interrupt(line: str) -> NoReturn:
        lines.append(line)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(out, ENTRIES, scope(cache), interrupt)
    assert sorted(path.name for path in folder.iterdir()) == ["cache", "report"]
    shutil.copytree(out, first)
    # The four claims of the first stage are kept; how much of the later ones was done in time is open.
    assert write(out, silent, cache)["run"]["reused"] >= 4
    return first, out, lines


def test_an_interruption_leaves_all_verdicts_as_not_complete_and_another_run_completes_them(
    stages: tuple[Path, Path, list[str]],
) -> None:
    first, out, lines = stages
    assert lines[0].startswith(f"{out / 'index.html'}: all verdicts after ")
    document = read(first)
    assert document["pending"] == ["instances", "mutants"]
    assert not document["ok"]
    assert [entry["verdict"] for entry in document["entries"]] == ["proved"] * 3
    assert [entry["status"] for entry in document["entries"]] == ["pending", "pending", "ok"]
    assert [claim["verdict"] for claim in document["entries"][0]["instances"]] == ["pending"] * 2
    assert (document["summary"]["as_expected"], document["summary"]["pending"]) == (1, 2)
    page = (first / "index.html").read_text(encoding="utf-8")
    assert "This report is not complete" in page
    assert page.count("Still being computed.") == 1
    assert "refresh" not in page
    assert "**This report is not complete:**" in (first / "report.md").read_text(encoding="utf-8")
    document = read(out)
    assert (document["pending"], document["ok"]) == ([], True)
    assert [entry["status"] for entry in document["entries"]] == ["ok"] * 3
    assert document["mutation"]["mutants"] > 5
    assert "not complete" not in (out / "index.html").read_text(encoding="utf-8")
    names = {path.name for path in (first / "certificates").iterdir()}
    assert {path.name for path in (out / "certificates").iterdir()} - names == {"base.instance.json", "base.net.json"}


def test_what_the_first_screen_rests_on_is_decided_first_and_nothing_is_said_of_the_others() -> None:
    entries = catalogue(PAPER)
    first = first_read(entries)
    assert 10 < len(first) < len(entries) / 3
    overview = sources()[PAPER].overview
    assert overview is not None
    names = {entry.id for entry in first}
    assert names.issuperset(name for answer in overview.answers for name in answer.rests_on)
    assert all(names.issuperset(entry.depends) for entry in first)
    assert first_read(entries[1:]) == []
    stages, _ = plan_stages(entries, Scope(quick=True, jobs=1))
    assert [(stage.name, stage.parts) for stage in stages[:2]] == [
        ("first verdicts", ()),
        ("all verdicts", (VERDICTS,)),
    ]
    assert len(stages[0].tasks) < len(stages[1].tasks) / 2
    explored = [task.arguments[0] for task in stages[-1].tasks if task.function is explore]
    assert (min(explored), max(explored)) == (2, 32)


def without_run_data(out: Path) -> dict[str, str]:
    texts = {str(path.relative_to(out)): path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file()}
    document = json.loads(texts["report.json"])
    assert document.pop("run")["seconds"] >= 0
    texts["report.json"] = json.dumps(document)
    marks = r"<!-- run data: begin -->.*<!-- run data: end -->"
    return {name: re.sub(marks, "", text, flags=re.DOTALL) for name, text in texts.items()}


@pytest.mark.usefixtures("no_workers")
def test_a_second_run_reuses_everything_and_gives_the_same(
    stages: tuple[Path, Path, list[str]], tmp_path: Path
) -> None:
    cache, lines = tmp_path / "cache", list[str]()
    cold = write(tmp_path / "cold", silent, cache)
    warm = write(tmp_path / "warm", lines.append, cache)
    assert (cold["run"]["reused"], lines) == (0, [])
    assert warm["run"]["reused"] > 8
    assert without_run_data(tmp_path / "warm") == without_run_data(tmp_path / "cold") == without_run_data(stages[1])
    assert warm["run"]["claims"] == cold["run"]["claims"]


@pytest.mark.long
def test_a_file_put_into_the_folder_meanwhile_is_not_lost(tmp_path: Path) -> None:
    out = tmp_path / "report"

    def annotate(_: str) -> None:
        (out / "notes.txt").write_text("mine")

    with pytest.raises(InputError, match=r"notes\.txt"):
        write_report(out, ENTRIES, scope(), annotate)
    assert (out / "notes.txt").read_text() == "mine"
    assert read(out)["pending"]


@pytest.mark.usefixtures("no_workers")
def test_a_report_with_a_lost_part_is_not_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = report_module.wait_for

    def lose(stage: Stage, start: Any) -> list[str]:
        return original(stage, start) + [task.name for task in stage.tasks[:1] if "mutants" in stage.parts]

    monkeypatch.setattr(report_module, "wait_for", lose)
    with pytest.raises(CannotAnswerError, match="mutants of base/7"):
        write_report(tmp_path / "report", ENTRIES, scope(), silent)
    assert not (tmp_path / "report").exists()
