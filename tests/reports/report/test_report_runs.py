"""Reports that are quick, empty, malformed, not as expected, or not to be written."""

from pathlib import Path

import pytest
from defusedxml.ElementTree import parse

from emtheory.numerics.errors import InputError
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.report.run import write_report
from emtheory.reports.report.stages import Scope
from emtheory.theory.claim import Claim, Entry
from tests.reports.report.small_report import TRUE, Page, silent, write

pytestmark = pytest.mark.usefixtures("no_workers")


def test_a_quick_report_leaves_out_what_no_verdict_depends_on(tmp_path: Path) -> None:
    instance = Claim(id="instance", statement="k == 4")
    general = Claim(id="general", derivation="descent", general=True, k=())
    entry = Entry("proved", "", "", "", "", (general,), instances=(instance,))
    made = write(tmp_path / "report", (entry,), quick=True, explored=())
    assert made.code == ExitCode.OK
    assert (made.content["quick"], made.content["mutation"], made.content["numbers"]) == (True, None, [])
    assert made.content["laws"] is None
    assert made.content["entries"][0]["verdict"] == "proved"
    assert made.lines == []
    assert made.content["left_out"] == ["instances", "mutants", "numbers", "laws", "figures"]
    assert made.content["pending"] == []
    page = Page(made.text("index.html"))
    assert not page.open
    assert "A quick run" in made.text("index.html")
    assert not list((made.folder / "figures").iterdir())
    assert not list((made.folder / "data").iterdir())


def test_foreign_folders_and_empty_or_malformed_catalogues_are_refused_before_anything_is_computed(
    tmp_path: Path,
) -> None:
    assert write_report(tmp_path / "report", (), Scope(), silent) == ExitCode.NOTHING_SELECTED
    broken = Entry("broken", "", "", "", "", (Claim(id="c", statement="no_such_quantity > 0"),))
    with pytest.raises(RuntimeError, match="no_such_quantity"):
        write_report(tmp_path / "report", (broken,), Scope(), silent)
    assert not list(tmp_path.iterdir())
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(InputError, match="not empty"):
        write_report(tmp_path, (TRUE,), Scope(), silent)


def test_unexpected_outcomes_show(tmp_path: Path) -> None:
    entries = (
        Entry("refuted", "", "", "", "", (Claim(id="c", statement="k > 3"),)),
        Entry("not-refuted", "", "", "", "", (Claim(id="c", statement="k == 3"),), expected="refuted"),
        Entry("open", "", "", "", "", (Claim(id="c", statement="log(2) == 0 * lloyd_radius + log(2)"),)),
    )
    result = write(tmp_path / "report", entries, quick=True)
    assert result.code == ExitCode.REFUTED
    assert [entry["ok"] for entry in result.content["entries"]] == [False] * 3
    assert result.content["summary"]["as_expected"] == 0
    suite = parse(result.folder / "junit.xml").getroot()[0]
    problems = {(case.get("classname"), case[1].tag) for case in suite if case.get("name") == "statement"}
    assert problems == {("refuted", "failure"), ("not-refuted", "failure"), ("open", "error")}
    assert result.text("index.html").count(">not as expected<") == 3
