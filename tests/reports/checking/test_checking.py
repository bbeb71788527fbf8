"""Checks side by side, with a limit of time or memory, and with a cache."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.processes import Answer
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.reports.checking import cache, checking, claim_processes, kept
from emtheory.reports.checking.checking import Checked, check_claims
from emtheory.reports.checking.effort import Effort
from emtheory.reports.decide import claim as claim_module
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim

THREE = ("1/2", "3/10", "1/5")
SLOW = Claim("slow", "worst_convexity_radius > 1/10", k=(5,), weights="linear", line=7)
FAST = [Claim(f"fast-{n}", f"spectral_gap > 7/100 - 1/{n}", weights=THREE, line=n) for n in range(1, 9)]
PLACE = Path("some.toml")


def no_warning(text: str) -> NoReturn:
    pytest.fail(text)


def check(claims: list[Claim], effort: Effort) -> list[Checked]:
    return list(check_claims([(PLACE, claim) for claim in claims], effort, no_warning))


def test_the_order_and_the_verdicts_do_not_depend_on_the_number_of_processes() -> None:
    alone, together = check(FAST, Effort()), check(FAST, Effort(jobs=2))
    assert [c.claim.id for c in together] == [claim.id for claim in FAST]
    for one, other in zip(alone, together, strict=True):
        first, second = one.record.as_json(), other.record.as_json()
        del first["seconds"], second["seconds"]
        assert first == second


def test_a_claim_that_takes_too_long_is_inconclusive_and_the_others_go_on() -> None:
    start = time.monotonic()
    first, slow, last = check([FAST[0], SLOW, FAST[1]], Effort(timeout=0.5))
    assert time.monotonic() - start < 60
    assert first.record.ok
    assert last.record.ok
    assert slow.record.verdict == "inconclusive"
    assert "not decided within 0.5 s (--timeout)" in slow.record.reason
    assert slow.record.line == 7


def test_a_claim_that_needs_too_much_memory_is_inconclusive() -> None:
    claim = Claim("greedy", "kl_divergence > 0", k=(3,), radius="1")
    effort = Effort(timeout=60)

    lost = Answer()
    lost.settle(error=MemoryError())
    judged = claim_processes.outcome_of(claim, lost, effort)
    assert judged.verdict.outcome == "inconclusive"
    assert "it needs too much memory" in judged.verdict.reason
    assert not judged.lasting


def test_the_time_of_a_box_begins_when_a_worker_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    class Begins(Future[object]):
        def result(self, timeout: float | None = None) -> object:
            told.append("a worker has begun")
            return super().result(timeout)

    @contextmanager
    def crew(*_: object) -> Iterator[object]:
        def submit(*_: object, **__: object) -> Future[object]:
            answer = Begins()
            answer.set_result(2)
            return answer

        yield submit

    def check_claim(claim: Claim, *_: object) -> str:
        told.append(claim.id)
        return claim.id

    monkeypatch.setattr(claim_processes, "crew", crew)
    monkeypatch.setattr(claim_processes, "check_claim", check_claim)
    assert list(claim_processes.checked_by_workers(FAST[:2], [True, True], Effort(jobs=2, timeout=9.0)))
    assert told == ["a worker has begun", "fast-1", "a worker has begun", "fast-2"]


WITHOUT_VALUE = Claim("x", "sublinear_constant > 0", weights=THREE, line=3)


@pytest.mark.parametrize("effort", [Effort(), Effort(jobs=2)])
def test_a_claim_without_value_is_an_error_of_its_own(effort: Effort) -> None:
    first, wrong, last = check([FAST[0], WITHOUT_VALUE, FAST[1]], effort)
    assert first.record.ok
    assert last.record.ok
    assert (wrong.record.error, wrong.record.verdict, wrong.record.ok) == (2, "inconclusive", False)
    assert wrong.record.reason.startswith("column 1: sublinear_constant")


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (ZeroDivisionError("matrix is numerically singular"), 3, "internal error (ZeroDivisionError: matrix is"),
        (RecursionError("too deep"), 3, "internal error (RecursionError: too deep)"),
        (KeyError("x"), 3, "internal error (KeyError: 'x')"),
        (InputError("column 1: division by zero"), 2, "column 1: division by zero"),
        (CannotAnswerError("not today"), None, "not today"),
        (LostProcessError(9), None, "the process was lost"),
        (MemoryError(), None, "the process was lost: it needs too much memory"),
    ],
)
def test_whatever_goes_wrong_with_a_claim_ends_no_check_of_others(
    error: Exception, status: int | None, reason: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    true, wrong = Claim("true", "1 < 2", weights=THREE), Claim("wrong", "2 < 3", weights=THREE)
    original = claim_module.decide_claim

    def decide_claim(claim: Claim, *arguments: object, **options: object) -> Verdict:
        if claim.id == "wrong":
            raise error
        return original(claim, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(claim_module, "decide_claim", decide_claim)
    first, failed, last = check([true, wrong, replace(true, id="last")], Effort(cache=folder))
    assert first.record.ok
    assert last.record.ok
    assert (failed.record.error, failed.record.level, failed.record.ok) == (status, None, False)
    assert failed.record.reason.startswith(reason)
    monkeypatch.undo()
    assert check([wrong], Effort(cache=folder))[0].record.ok  # What went wrong is not kept.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of claims that are decided, not read from the cache."""
    decided: list[str] = []
    original = checking.check_claim

    def check_claim(claim: Claim, effort: Effort) -> object:
        decided.append(claim.id)
        return original(claim, effort)

    monkeypatch.setattr(checking, "check_claim", check_claim)
    return decided


def test_a_second_check_reads_the_cache(folder: Path, counted: list[str]) -> None:
    first = check(FAST, Effort(cache=folder))
    assert len(counted) == len(FAST)
    second = check(FAST, Effort(cache=folder))
    assert len(counted) == len(FAST)
    assert [c.record for c in first] == [c.record for c in second]
    assert [c.verdict is None for c in second] == [True] * len(FAST)
    assert [path for path in folder.rglob("*") if path.suffix != ".json" and not path.is_dir()] == []


def test_changed_code_or_digits_decide_anew(folder: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    check([FAST[0]], Effort(cache=folder))
    check([FAST[0]], Effort(cache=folder, digits_max=50))
    monkeypatch.setattr(checking, "code_fingerprint", lambda *_: "other code")
    check([FAST[0]], Effort(cache=folder))
    assert len(counted) == 3


def test_another_name_title_or_line_is_the_same_claim(folder: Path, counted: list[str]) -> None:
    check([FAST[0]], Effort(cache=folder))
    (found,) = check([Claim("new", FAST[0].statement, weights=THREE, title="t", line=99)], Effort(cache=folder))
    assert len(counted) == 1
    assert (found.record.id, found.record.line) == ("new", 99)


def test_evidence_is_kept_with_the_claim_as_it_is_written(folder: Path, tmp_path: Path, counted: list[str]) -> None:
    check([FAST[0]], Effort(cache=folder))
    wanted = [Effort(cache=folder, page=True), Effort(cache=folder, certificates=tmp_path)]
    (made,) = check([FAST[0]], wanted[0])  # Without evidence what is kept does not do.
    assert len(counted) == 2
    (kept_one,) = check([FAST[0]], wanted[1])
    assert len(counted) == 2
    assert made.evidence == kept_one.evidence
    assert json.loads((tmp_path / f"{FAST[0].id}.json").read_text()) == made.evidence["certificate"]
    (renamed,) = check([replace(FAST[0], id="new", title="t")], wanted[0])
    assert (len(counted), renamed.evidence["document"]["title"]) == (3, "t")


def damage(path: Path, how: str) -> None:
    entry = json.loads(path.read_text())
    match how:
        case "empty":
            path.write_text("")
        case "truncated":
            path.write_text(path.read_text()[:-20])
        case "binary":
            path.write_bytes(b"\xff\x00" * 50)
        case "nested":
            path.write_text("[" * 100_000)
        case "verdict":
            entry["content"]["record"]["verdict"] = "certified"
            path.write_text(json.dumps(entry))
        case "other key":
            entry["key"] = "0" * 64
            path.write_text(json.dumps(entry))
        case "list":
            path.write_text("[]")
        case "folder":
            path.unlink()
            path.mkdir()


@pytest.mark.parametrize("how", ["empty", "truncated", "binary", "nested", "verdict", "other key", "list", "folder"])
def test_a_damaged_entry_is_not_believed(folder: Path, counted: list[str], how: str) -> None:
    (good,) = check([FAST[0]], Effort(cache=folder))
    (path,) = folder.rglob("*.json")
    damage(path, how)
    warnings: list[str] = []
    (again,) = check_claims([(PLACE, FAST[0])], Effort(cache=folder), warnings.append)
    assert again.record.verdict == good.record.verdict == "proved"
    assert len(counted) == 2
    assert len(warnings) == 1
    assert "damaged and not used" in warnings[0]


def test_an_entry_moved_to_another_claim_is_not_believed(folder: Path) -> None:
    true, false = Claim("a", "spectral_gap == 7/100", weights=THREE), Claim("b", "spectral_gap == 8/100", weights=THREE)
    check([true], Effort(cache=folder))
    (path,) = folder.rglob("*.json")
    other = cache.entry_path(folder, false, checking.code_fingerprint("theory", "numerics", "reports"), None)
    other.parent.mkdir(exist_ok=True)
    os.link(path, other)
    warnings: list[str] = []
    (checked,) = check_claims([(PLACE, false)], Effort(cache=folder), warnings.append)
    assert checked.record.verdict == "refuted"
    assert len(warnings) == 1


def test_what_a_timeout_leaves_open_is_not_kept(folder: Path) -> None:
    check([SLOW], Effort(cache=folder, timeout=0.2))
    assert list(folder.rglob("*.json")) == []


def test_a_cache_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (checked,) = check([FAST[0]], Effort(cache=tmp_path / "new" / "deep"))
    assert checked.record.ok
    (checked,) = check([FAST[0]], Effort(cache=tmp_path / "file"))
    assert checked.record.ok


def test_the_cache_is_where_the_platform_keeps_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert kept.default_folder() == Path("/somewhere/emtheory")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert kept.default_folder() == Path.home() / ".cache" / "emtheory"


@pytest.mark.long
def test_two_checks_at_once_share_a_cache(folder: Path) -> None:
    claims = [Claim(f"c{n}", f"spectral_gap > 7/100 - 1/{n}", weights=THREE) for n in range(1, 60)]
    running = check_claims([(PLACE, claim) for claim in claims], Effort(cache=folder, jobs=2), no_warning)
    other = check_claims([(PLACE, claim) for claim in claims], Effort(cache=folder, jobs=2), no_warning)
    for one, two in zip(running, other, strict=True):
        assert one.record.verdict == two.record.verdict == "proved"
    assert len(list(folder.rglob("*.json"))) == len(claims)


@pytest.mark.long
def test_ctrl_c_stops_the_workers_promptly(tmp_path: Path) -> None:
    path = tmp_path / "slow.toml"
    table = '[[claim]]\nid = "{}"\nstatement = "spectral_gap > 0"\nk = {}\nweights = "linear"\n'
    path.write_text("schema = 1\n" + table.format("a", 65536) + table.format("b", 65535) + table.format("c", 2))
    command = [sys.executable, "-c", "import sys; from emtheory.reports.cli import main; sys.exit(main())"]
    command += ["check", str(path), "--no-cache", "--jobs", "2"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=heed_interrupts)  # noqa: PLW1509
    time.sleep(5)
    start = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=20)
    assert running.returncode == 130
    assert time.monotonic() - start < 10
    assert b"Traceback" not in errors


def heed_interrupts() -> None:
    """A shell that runs the tests in the background has SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


BOX = Claim(
    "box",
    "posterior_power(m=1) >= (2*W-1)**2/2",
    k=(2,),
    weights="one-heavy:W",
    for_all={"W": ("7/10", "9/10"), "radius": ("1/4", "1/2")},
)


def test_a_box_cut_up_for_processes_has_the_same_verdict_and_certificate(tmp_path: Path) -> None:
    """With a timeout all pieces go to other processes."""
    texts, found = [], []
    for name, effort in {"here": Effort(), "there": Effort(jobs=2, timeout=60)}.items():
        (tmp_path / name).mkdir()
        (checked,) = check([BOX], replace(effort, certificates=tmp_path / name))
        texts.append((tmp_path / name / "box.json").read_bytes())
        found.append(replace(checked.record, seconds=0.0))
    assert found[0] == found[1]
    assert found[0].verdict == "certified"
    assert texts[0] == texts[1]


def test_a_box_that_takes_too_long_is_inconclusive() -> None:
    start = time.monotonic()
    # It takes minutes, as its sides come within one per cent of each other.
    close = replace(
        BOX,
        statement="hessian_min_eigenvalue >= 0.8657*spectral_gap",
        k=(3,),
        for_all={"W": ("2/5", "4/5"), "radius": ("0", "3")},
    )
    (checked,) = check([close], Effort(jobs=2, timeout=0.3))
    assert checked.record.verdict == "inconclusive"
    assert "not decided within 0.3 s (--timeout)" in checked.record.reason
    assert time.monotonic() - start < 20
