"""What the kernel says of claims, and the levels that follow, in checks and in the report; Rocq itself is played."""

from pathlib import Path
from typing import NoReturn

import pytest

import emtheory
from emtheory.reports.catalogue.entry import EntryVerdict, entry_verdicts
from emtheory.reports.catalogue.examination import examine_statement, examined
from emtheory.reports.kernel.check import seen
from emtheory.reports.kernel.files import RocqFiles
from emtheory.reports.kernel.rocq_program import NotProvedError, Receipt
from emtheory.reports.report.layout import entry_document
from emtheory.theory.claim import Claim, Entry
from tests.reports.conftest import Run

TWO = ("4/5", "1/5")
EXACT = Claim("exact", "spectral_gap == 9/25", k=(2,), weights=TWO)
FALSE = Claim("false", "spectral_gap == 8/25", k=(2,), weights=TWO)
LLOYD = Claim("lloyd", "lloyd_radius < 1", k=(2,), weights=TWO)


@pytest.fixture(autouse=True)
def accepted(monkeypatch: pytest.MonkeyPatch) -> list[RocqFiles]:
    """What was shown to Rocq, which accepts everything."""
    shown: list[RocqFiles] = []

    def accept(files: RocqFiles) -> Receipt:
        shown.append(files)
        return Receipt("8.20.1", {"classical real numbers": 4}, 1.0)

    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", accept)
    monkeypatch.setattr("emtheory.reports.checking.checking.rocq_version", lambda: "8.20.1")
    return shown


def _refuse(files: RocqFiles) -> NoReturn:
    raise NotProvedError(f"not accepted: {len(files.proof)} characters")


def _judged(*claims: Claim, expected: str = "holds") -> EntryVerdict:
    entry = Entry("entry", "title", "source", "quote", "reading", claims, universal=False, expected=expected)
    (verdict,) = entry_verdicts((entry,), [examined(claim, examine_statement(claim, True), 0) for claim in claims])
    return verdict


def test_what_is_said_of_a_claim(monkeypatch: pytest.MonkeyPatch, accepted: list[RocqFiles]) -> None:
    assert seen(EXACT, refuted=False) == {"outcome": "accepted", "reason": "Rocq 8.20.1, 4 axioms"}
    assert seen(FALSE, refuted=True)["outcome"] == "accepted"
    assert ["~" in files.statement.splitlines()[-1] for files in accepted] == [False, True]
    assert seen(LLOYD, refuted=False)["outcome"] == "not exported"
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", _refuse)
    assert seen(EXACT, refuted=False)["outcome"] == "not accepted"


def test_an_entry_is_in_the_kernel_if_all_its_claims_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert entry_document(_judged(EXACT))["level"] == "kernel"
    assert entry_document(_judged(EXACT))["foundations"] == ["kernel"]
    assert entry_document(_judged(EXACT, LLOYD))["level"] == "proved"
    assert entry_document(_judged(EXACT, LLOYD))["foundations"] == ["kernel", "standalone verifier"]
    document = entry_document(_judged(LLOYD, FALSE, expected="refuted"))
    assert (document["verdict"], document["level"]) == ("refuted", "kernel")
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", _refuse)
    assert entry_document(_judged(EXACT))["level"] == "proved"


def test_the_kernel_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepted: list[RocqFiles]) -> None:
    for version, asked in (("8.20.1", 2), ("8.20.1", 2), ("9.0.0", 4)):
        monkeypatch.setattr("emtheory.reports.checking.checking.rocq_version", lambda version=version: version)
        results = emtheory.check(EXACT, FALSE, LLOYD, require="kernel", cache=tmp_path)
        assert [(each.level, each.is_weak) for each in results] == [*[("kernel", False)] * 2, ("proved", True)]
        assert "not seen by the kernel: lloyd_radius: no export" in results["lloyd"].reason
        assert len(accepted) == asked
    assert emtheory.check(EXACT)["exact"].level == "proved"
    other = Claim("other", "spectral_gap == 9/25 + 0", k=(2,), weights=TWO)
    with monkeypatch.context() as refusing:
        refusing.setattr("emtheory.reports.kernel.check.check_files", _refuse)
        assert emtheory.check(other, require="kernel", cache=tmp_path)["other"].level == "proved"
    assert emtheory.check(other, require="kernel", cache=tmp_path)["other"].level == "kernel"


def test_without_rocq_nothing_is_decided(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("PATH", "")
    run("report", "--kernel", "--quick", "--out", "nowhere").assert_one_line_error(4, "apt-get install coq")
    assert not Path("nowhere").exists()
