import csv
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import parse

from emtheory.numerics.errors import InputError
from emtheory.reports.catalogue.layout import part_names
from emtheory.reports.catalogue.numbers import SETTINGS
from emtheory.reports.catalogue.report import write_report
from emtheory.reports.catalogue.stages import Scope
from emtheory.reports.certificates.certificate import certificate_name
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.laws.plan import Family, LawGrid
from emtheory.theory.claim import Claim, Entry

HOSTILE = "<script>alert(1)</script> ]]> `|` & \x00\x1b[31m \ud800 </style>\u202e"
HOSTILE_ID = f"false {HOSTILE}".replace("\ud800", "")
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202e]")

TRUE = Entry(
    id="true-one",
    title="|π̂_m|² of (1/2, 3/10, 1/5)",
    source="a test",
    quote="A sentence.",
    reading="As it stands.",
    claims=(
        Claim(id="gap", statement="spectral_gap == 7/100", weights=("1/2", "3/10", "1/5")),
        Claim(id="dft", derivation="dft", k=(2, 3)),
    ),
    universal=False,
    hypotheses=(Claim(id="positive", statement="spectral_gap > 0", weights="linear"),),
    controls=(Claim(id="wrong", statement="spectral_gap == 8/100", weights=("1/2", "3/10", "1/5"), expect="refuted"),),
)
FALSE = Entry(
    id="false-one",
    title=HOSTILE,
    source=HOSTILE,
    quote=HOSTILE,
    reading=HOSTILE,
    claims=(
        Claim(
            id=HOSTILE_ID,
            title=HOSTILE,
            statement="posterior_power(m=1) == posterior_power(m=2)",
            k=(4,),
            weights=("1/2", "1/4", "1/8", "1/8"),
            radius="0",
        ),
        Claim(id="also true", statement="k == 3"),
    ),
    expected="refuted",
    correction=HOSTILE,
    corrected=(Claim(id="right", statement="k < 4"),),
    controls=(Claim(id="control", statement="k > 3"),),
    depends=("true-one",),
    other_reading_of="true-one",
)


LAWS = LawGrid(
    families=(Family("one-heavy:99/100", (8, 16, 32, 64), (8, 16)),),
    factor_ks="2,8",
    factor_radii="1,2",
    drift_ratios=(Fraction(1, 2), Fraction(1)),
    drift_radii="1,2",
    direction_radii=(Fraction(1),),
    worst_cases=((3, "linear"), (6, "linear")),
)


def silent(_: str) -> None:
    pass


@dataclass
class Report:
    folder: Path
    code: ExitCode
    lines: list[str]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    @property
    def content(self) -> Any:
        return json.loads(self.text("report.json"))


def write(folder: Path, entries: Sequence[Entry], **options: Any) -> Report:
    lines: list[str] = []
    scope = Scope(SETTINGS[:1], LAWS, jobs=2, **options)
    return Report(folder, write_report(folder, entries, scope, lines.append), lines)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return write(tmp_path_factory.mktemp("one") / "report", (TRUE, FALSE))


class Page(HTMLParser):
    """The tags, links and ids of a page; an unclosed or misplaced end tag is an error."""

    VOID = frozenset({"meta", "br", "mspace"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id" and value:
                self.ids.append(value)
            if name in ("href", "src", "xlink:href") and value:
                self.links.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_writes_what_it_says_and_exits_by_expectation(report: Report) -> None:
    assert sorted(path.name for path in report.folder.iterdir()) == sorted(part_names())
    assert report.code == ExitCode.OK
    assert report.content["pending"] == report.content["left_out"] == []
    assert report.content["ok"]


def test_verdicts_and_witness(report: Report) -> None:
    true, false = report.content["entries"]
    assert (true["verdict"], true["ok"]) == ("proved", True)
    assert (false["verdict"], false["level"], false["ok"]) == ("refuted", "proved", True)
    witness = false["claims"][0]["witness"]
    # |π̂_1|² = (1/2 − 1/8)² + (1/4 − 1/8)² = 5/32 and |π̂_2|² = (1/2 − 1/4 + 1/8 − 1/8)² = 1/16, by hand.
    assert [side["lower"] for side in witness["values"]] == ["0.15625", "0.0625"]
    assert [side["upper"] for side in witness["values"]] == ["0.15625", "0.0625"]
    assert witness["rigorous"]
    assert false["claims"][0]["commands"] == [
        f"emtheory evaluate posterior_power --k 4 --weights 1/2,1/4,1/8,1/8 --radius 0 --set m={m}" for m in (1, 2)
    ]
    summary = report.content["summary"]
    assert (summary["statements"], summary["as_expected"], summary["refuted_as_expected"]) == (2, 2, 1)
    assert (summary["controls"], summary["controls_refuted"]) == (2, 2)
    assert (summary["refuted_of_summary"], summary["refuted_beyond"], summary["refuted_in_one_reading"]) == (1, 0, 1)
    assert (true["other_readings"], false["other_readings"]) == (["false-one"], ["true-one"])


def test_the_page_is_well_formed_and_self_contained(report: Report) -> None:
    page = Page(report.text("index.html"))
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert not {"script", "link", "iframe", "img", "object"} & page.tags
    assert not {name for name in page.attributes if name.startswith("on")}
    anchors = {link[1:] for link in page.links if link.startswith("#")}
    assert anchors
    assert anchors <= set(page.ids)
    others = [link for link in page.links if not link.startswith("#")]
    for link in others:
        assert link.startswith("https://arxiv.org/") or (report.folder / link).is_file()
    assert {"math", "svg", "details"} <= page.tags


def test_the_page_shows_witness_command_and_derivation(report: Report) -> None:
    text = report.text("index.html")
    assert "emtheory evaluate posterior_power --k 4" in text
    assert "<code>posterior_power(m=1) == posterior_power(m=2)</code>" in text
    assert "π̂<sub>m</sub>" in text
    assert 'id="derivation-dft-3"' in text


@pytest.mark.parametrize(
    "name", ["index.html", "report.md", "junit.xml", "report.json", f"certificates/{certificate_name(HOSTILE_ID)}"]
)
def test_hostile_text_stays_text(report: Report, name: str) -> None:
    text = report.text(name)
    assert not UNSAFE.search(text)
    assert "alert(1)" in text
    if not name.endswith("json"):
        assert not re.search(r"(?<!\\)<script", text)


def test_junit_has_a_case_for_each_entry_and_claim(report: Report) -> None:
    suite = parse(report.folder / "junit.xml").getroot()[0]
    assert suite.get("tests") == str(2 + 8)
    assert (suite.get("failures"), suite.get("errors")) == ("0", "0")
    assert {case.get("classname") for case in suite} == {"true-one", "false-one"}


def test_every_claim_has_a_certificate_that_replays(report: Report, run: Callable[..., Any]) -> None:
    files = sorted(path.name for path in (report.folder / "certificates").glob("*.json"))
    linked = [name for entry in report.content["entries"] for name in entry["certificates"].values()]
    assert files == sorted(linked)
    assert len(files) == 8
    result = run("replay", report.folder / "certificates")
    assert result.code == 0
    assert result.out.endswith("8 certificates: 8 accepted, 0 not\n")


def test_the_mutation_score_stands_in_the_report(report: Report) -> None:
    score = report.content["mutation"]
    assert score["by_change"]["control"] == {"mutants": 2, "refuted": 2}
    assert score["by_change"]["step"]["mutants"] == score["by_change"]["step"]["refuted"] > 5
    assert score["mutants"] == score["refuted"] + len(score["survivors"]) > 20
    assert f"Of {score['mutants'] - score['implied']} mutants" in report.text("index.html")
    assert f"{score['mutants']} mutants: {score['refuted']} refuted" in report.text("report.md")


def test_what_is_false_stands_at_the_top_with_what_rests_on_what(report: Report) -> None:
    summary = report.text("index.html").split("What a verdict means")[0]
    assert re.search(r'<table class="corrections">.*#false-one.*alert\(1\)', summary, flags=re.DOTALL)
    assert 'class="graph"' in summary
    assert report.content["entries"][1]["broken"] == []


def test_a_quick_report_leaves_out_what_no_verdict_depends_on(tmp_path: Path) -> None:
    instance = Claim(id="instance", statement="k == 4")
    general = Claim(id="general", derivation="descent", general=True, k=())
    entry = Entry("proved", "", "", "", "", (general,), instances=(instance,))
    made = write(tmp_path / "report", (entry,), quick=True)
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


def test_numbers_beside_the_floating_cross_check(report: Report) -> None:
    (row,) = report.content["numbers"]
    # π = (7/10, 3/10): π̂_1 = 2/5, so the factor is 1 − 4/25.
    assert row["quantities"]["contraction_factor"]["value"] == "0.84"
    assert float(row["floating"]["population_factor"]) == pytest.approx(0.84, abs=1e-5)
    assert float(row["floating"]["low"]) < 0.84 < float(row["floating"]["high"])


def test_every_figure_has_its_data_and_the_laws_their_tables(report: Report) -> None:
    figures = {path.stem for path in (report.folder / "figures").iterdir()}
    assert figures == {path.stem for path in (report.folder / "data").iterdir()}
    assert {"decay", "profile", "radii", "bound", "contraction-factor", "simplex-drift"} == figures
    for name in figures:
        rows = list(csv.DictReader(report.text(f"data/{name}.csv").splitlines()))
        assert len(rows) > 3
        assert "seconds" not in rows[0]
        assert f'href="data/{name}.csv"' in report.text("index.html")
        assert f"(data/{name}.csv)" in report.text("report.md")
    laws = report.content["laws"]
    assert "R_0 = a + b √(2 log k)" in {fit["law"] for fit in laws["fits"]}
    assert {row["complement_after"] for row in laws["dimension"]["rows"]} == {"0"}
    assert {row["complement_before"] for row in laws["dimension"]["rows"]} == {"0", "0.5"}
    (direction,) = laws["direction"]["rows"]
    assert float(direction["worst_eigenvalue"]) < float(direction["simplex_eigenvalue"])
    assert direction["level"] == "certified"
    plane, searched = laws["worst"]
    assert plane["level"] == "certified"
    assert float(plane["worst_factor"]) == pytest.approx(float(plane["simplex_factor"]), abs=1e-3)
    assert searched["level"] == "observed"
    assert float(searched["worst_factor"]) > float(searched["simplex_factor"]) + 0.05


def test_uniform_weights_keep_the_simplex(report: Report) -> None:
    rows = csv.DictReader(report.text("data/simplex-drift.csv").splitlines())
    drifts = {(row["ratio"], row["radius"]): float(row["drift"]) for row in rows}
    assert drifts["1", "1"] == pytest.approx(0, abs=1e-8)
    assert drifts["1/2", "1"] > 0.01


def without_run_data(report: Report, name: str) -> str:
    text = report.text(name)
    if name.endswith(".json") and not name.startswith("certificates"):
        document = json.loads(text)
        assert document.pop("run")["seconds"] > 0
        return json.dumps(document)
    return re.sub(r"<!-- run data: begin -->.*<!-- run data: end -->", "", text, flags=re.DOTALL)


def test_same_input_same_bytes(report: Report, tmp_path: Path) -> None:
    again = write(tmp_path / "again", (TRUE, FALSE))
    names = sorted(str(path.relative_to(report.folder)) for path in report.folder.rglob("*") if path.is_file())
    assert names == sorted(str(path.relative_to(again.folder)) for path in again.folder.rglob("*") if path.is_file())
    for name in names:
        assert without_run_data(report, name) == without_run_data(again, name), name


def test_refuses_a_foreign_folder_before_it_computes(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(InputError, match="not empty"):
        write_report(tmp_path, (TRUE,), Scope(), silent)


def test_an_empty_catalogue_is_no_pass(tmp_path: Path) -> None:
    assert write_report(tmp_path / "report", (), Scope(), silent) == ExitCode.NOTHING_SELECTED
    assert not (tmp_path / "report").exists()


def test_a_malformed_catalogue_is_an_internal_error_before_anything_is_computed(tmp_path: Path) -> None:
    broken = Entry("broken", "", "", "", "", (Claim(id="c", statement="no_such_quantity > 0"),))
    with pytest.raises(RuntimeError, match="no_such_quantity"):
        write_report(tmp_path / "report", (broken,), Scope(), silent)
    assert not list(tmp_path.iterdir())


def test_unexpected_outcomes_show(tmp_path: Path) -> None:
    entries = (
        Entry("refuted", "", "", "", "", (Claim(id="c", statement="k > 3"),)),
        Entry("not-refuted", "", "", "", "", (Claim(id="c", statement="k == 3"),), expected="refuted"),
        Entry("open", "", "", "", "", (Claim(id="c", statement="log(2) == 0 * lloyd_radius + log(2)"),)),
    )
    result = write(tmp_path / "report", entries)
    assert result.code == ExitCode.REFUTED
    assert [entry["ok"] for entry in result.content["entries"]] == [False] * 3
    assert result.content["summary"]["as_expected"] == 0
    suite = parse(result.folder / "junit.xml").getroot()[0]
    problems = {(case.get("classname"), case[1].tag) for case in suite if case.get("name") == "statement"}
    assert problems == {("refuted", "failure"), ("not-refuted", "failure"), ("open", "error")}
    assert result.text("index.html").count(">not as expected<") == 3
