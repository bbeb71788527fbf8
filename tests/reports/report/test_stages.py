"""Reports that are made in stages, and again from what is kept; and reports on claims of a user's files."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from defusedxml import ElementTree

from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.report import run as report_module
from emtheory.reports.report.numbers import explore
from emtheory.reports.report.own import own_entries
from emtheory.reports.report.run import write_report
from emtheory.reports.report.stages import VERDICTS, Scope, Stage, first_read, plan_stages
from emtheory.theory.claim import Claim, Entry
from emtheory.theory.claims import PAPER, catalogue, sources
from tests.reports.conftest import Run
from tests.reports.report.small_report import Page, silent

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


def test_an_interruption_leaves_all_verdicts_and_another_run_completes_them(
    stages: tuple[Path, Path, list[str]],
) -> None:
    first, out, lines = stages
    assert lines[0].startswith(f"{out / 'index.html'}: all verdicts after ")
    document = read(first)
    assert (document["pending"], document["ok"]) == (["instances", "mutants"], False)
    assert [entry["verdict"] for entry in document["entries"]] == ["proved"] * 3
    assert [entry["status"] for entry in document["entries"]] == ["pending", "pending", "ok"]
    assert [claim["verdict"] for claim in document["entries"][0]["instances"]] == ["pending"] * 2
    assert (document["summary"]["as_expected"], document["summary"]["pending"]) == (1, 2)
    page = (first / "index.html").read_text(encoding="utf-8")
    assert "This report is not complete" in page
    assert "refresh" not in page
    assert page.count("Still being computed.") == 1
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
    names = {entry.id for entry in first}
    assert names.issuperset(name for answer in overview.answers for name in answer.rests_on)
    assert all(names.issuperset(entry.depends) for entry in first)
    assert first_read(entries[1:]) == []
    stages, _ = plan_stages(entries, Scope(quick=True, jobs=1))
    begun = [(stage.name, stage.parts) for stage in stages[:2]]
    assert begun == [("first verdicts", ()), ("all verdicts", (VERDICTS,))]
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
def test_a_second_run_reuses_all_and_gives_the_same(stages: tuple[Path, Path, list[str]], tmp_path: Path) -> None:
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


FILE = """\
schema = 1
title = "A paper of <b>ours</b>"
authors = ["A. Author", "B. Author"]
paper = "arXiv 0000.00000"
setup = "$k$ components with weights $π$."

[[claim]]
id = "Rate 3"
title = "The factor is 93/100"
quote = "EM contracts."
reading = "By $1 − σ²$."
chapter = "Rates"
statement = "contraction_factor == 93/100"
k = 3
weights = ["1/2", "3/10", "1/5"]

[[claim]]
id = "everywhere"
statement = "posterior_power(m=1) > {bound}"
k = 3
weights = "one-heavy:3/5"
for_all = {{ radius = [0, 1] }}

[[claim]]
id = "step"
chapter = "Rates"
statement = "em_map > theta"
family = "two-means"
separation = 1
truth_weight = "1/2"
fit_weight = "1/2"
theta = "1/2"

[[claim]]
id = "control"
statement = "spectral_gap > 0"
k = 3
weights = "uniform"
expect = "refuted"
"""


SHARPEN = 'sharpen = { constant = "c", side = "largest", between = ["0", "1"] }'


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    file = tmp_path / "my-claims.toml"
    file.write_text(FILE.format(bound="1/10"), encoding="utf-8")
    return file


def reported(run: Run, file: Path, *options: object) -> tuple[Any, Path]:
    out = file.parent / "report"
    return run("report", file, "--out", out, "--no-cache", "--jobs", "1", *options), out


@pytest.mark.usefixtures("no_workers")
def test_the_page_is_about_the_claims_of_the_file_and_nothing_of_the_catalogue(run: Run, claims: Path) -> None:
    result, out = reported(run, claims)
    assert result.code == 0, result.err
    page = Page((out / "index.html").read_text(encoding="utf-8"))
    for text in ("A paper of <b>ours</b>", "A. Author, B. Author", "arXiv 0000.00000", "EM contracts."):
        assert text in page.text
    assert "\nA. Author, B. Author\n" in (out / "report.md").read_text(encoding="utf-8")
    everything = "".join(path.read_text(encoding="utf-8") for path in out.rglob("*") if path.suffix in {".html", ".md"})
    for ours in ("overspecified", "2506.11850", "the catalogue", "--source", *(entry.id for entry in catalogue())):
        assert f"{ours}" not in everything.replace("overspecified Gaussian mixtures, checked by emtheory", ""), ours
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert (document["own"], document["ok"]) == (True, True)
    assert [(each["id"], each["group"], each["verdict"]) for each in document["entries"]] == [
        ("rate-3", "Rates", "proved"),
        ("step", "Rates", "certified"),
        ("everywhere", "Claims", "certified"),
        ("control", "Claims", "refuted"),
    ]
    assert document["entries"][2]["source"].endswith("my-claims.toml:17")


@pytest.mark.usefixtures("no_workers")
def test_bad_files_are_told_in_a_line_and_nothing_is_written(run: Run, claims: Path) -> None:
    text = claims.read_text(encoding="utf-8")
    for old, new, message in (
        ('title = "A', 'titel = "A', "unknown key 'titel': did you mean title"),
        ('authors = ["A. Author", "B. Author"]', "authors = [1]", "authors.0"),
        ('factor == 93/100"', f'factor >= c"\n{SHARPEN}', "the statement has a free constant, c"),
    ):
        claims.write_text(text.replace(old, new), encoding="utf-8")
        result, out = reported(run, claims)
        assert (result.code, message in result.err, out.exists()) == (2, True, False), result.err


@pytest.mark.usefixtures("no_workers")
def test_what_fails_and_a_claim_without_value_are_told_and_the_others_reported(run: Run, claims: Path) -> None:
    claims.write_text(FILE.format(bound="9/10").replace("contraction_factor ==", "sublinear_constant =="), "utf-8")
    result, out = reported(run, claims, "--quick")
    assert result.code == 2
    assert "error: claim 'Rate 3': column 1: sublinear_constant" in result.err
    suite = ElementTree.fromstring((out / "junit.xml").read_bytes())
    (failed,) = suite.iter("failure")
    assert "posterior_power" in (failed.text or ""), failed.attrib
    assert "Not as expected" in (out / "index.html").read_text(encoding="utf-8")
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    verdicts = {entry["id"]: entry["verdict"] for entry in document["entries"]}
    assert verdicts == {"rate-3": "inconclusive", "step": "certified", "everywhere": "refuted", "control": "refuted"}
    assert not document["ok"]


@pytest.mark.usefixtures("no_workers")
def test_ids_become_names_that_differ(tmp_path: Path) -> None:
    ids = ["A b", "a-b", "…", "?", "../x"]
    entries = own_entries([(tmp_path, Claim(each, "k == 3")) for each in ids])
    assert [entry.id for entry in entries] == ["a-b", "a-b-2", "claim", "claim-2", "x"]
    assert [entry.claims[0].id for entry in entries] == ids


@pytest.mark.usefixtures("no_workers")
def test_check_writes_the_same_page_as_one_file(run: Run, claims: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Both do without what draws.
    monkeypatch.setattr("emtheory.numerics.errors.find_spec", lambda name: None)
    page = claims.with_name("page.html")
    assert run("check", claims, "--html", page, "--no-cache").code == 0
    _, out = reported(run, claims, "--quick")
    alone, beside = Page(page.read_text(encoding="utf-8")), Page((out / "index.html").read_text(encoding="utf-8"))
    assert [link for link in alone.links if not link.startswith("#")] == []
    assert set(alone.ids) == set(beside.ids)
    for known in (False, True):
        assert ("cached" in run("check", claims, "--html", page).out) is known
        assert set(Page(page.read_text(encoding="utf-8")).ids) == set(beside.ids)
