import csv
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from emtheory.reports.certificates.certificate import certificate_name
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.render import html
from emtheory.reports.report.layout import PDF, part_names
from tests.reports.conftest import Run
from tests.reports.report.small_report import FALSE, HOSTILE_ID, TRUE, Page, Report, write

TEMPLATES = Path(html.__file__).parent / "templates"
SCHEMA = Path(__file__).parents[3] / "docs" / "schemas" / "report.schema.json"
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202e]")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A quick one, in which is what is in every report."""
    return write(tmp_path_factory.mktemp("quick") / "report", (TRUE, FALSE), quick=True)


def test_the_document_is_valid_by_its_schema(report: Report) -> None:
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(report.content)


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
    assert not {"link", "iframe", "img", "object"} & page.tags
    scripts = re.findall("<script[^>]*>", report.text("index.html"))
    assert scripts == ["<script>"]
    assert not {name for name in page.attributes if name.startswith("on")}
    anchors = {link[1:] for link in page.links if link.startswith("#")}
    assert anchors
    assert anchors <= set(page.ids)
    others = [link for link in page.links if not link.startswith("#")]
    for link in others:
        assert link.startswith("https://arxiv.org/") or (report.folder / link.partition("#")[0]).is_file()
    assert {"math", "svg", "details"} <= page.tags
    text = report.text("index.html")
    assert text.count("<article") == text.count("<details open><summary><h4>") == 2
    assert "<form class=filters role=search aria-label=Statements hidden>" in text


def test_only_the_pages_own_script_may_run(report: Report) -> None:
    for name in ("index.html", "statements/true-one.html"):
        text = report.text(name)
        (script,) = re.findall("<script>(.*)</script>", text, flags=re.DOTALL)
        digest = b64encode(sha256(script.encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in unescape(text)


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def texts(value: Any) -> Iterator[str]:
    """Yield all that a document says: its keys, texts and numbers."""
    match value:
        case dict():
            yield from (text for pair in value.items() for part in pair for text in texts(part))
        case list():
            yield from (text for part in value for text in texts(part))
        case _:
            yield str(value)


def shown(page: str) -> set[str]:
    """Return the numbers that a page shows, outside of figures and data of the run."""
    page = re.sub(r"<!-- run data.*run data: end -->", "", page, flags=re.DOTALL)
    page = re.sub(r"<(svg|style|script)\b.*?</\1>", "", page.partition("<body>")[2], flags=re.DOTALL)
    return numbers(unescape(re.sub("<[^>]*>", " ", page)))


def test_every_number_on_the_page_is_in_the_document(report: Report) -> None:
    page, document = report.text("index.html"), report.content
    said = set().union(*map(numbers, texts(document)))
    # What the page's own words hold, such as the number of the paper.
    words = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.html.j2"))
    assert shown(page) - said - numbers(words) == set()
    assert len(shown(page)) > 30
    assert shown(page.replace("</h2>", " 8675309</h2>")) - said - numbers(words) == {"8675309"}


def test_each_statement_has_a_page_of_its_own(report: Report) -> None:
    page = Page(report.text("statements/true-one.html"))
    assert not page.open
    assert len(page.ids) == len(set(page.ids))
    assert "derivation-gradient-3" in page.ids
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        else:
            assert (report.folder / "statements" / link.partition("#")[0]).is_file()


HOSTILE = (
    *("index.html", "statements/false-one.html", "report.md", "report.tex", "junit.xml", "report.json"),
    f"certificates/{certificate_name(HOSTILE_ID)}",
)
"""Files of a report with what the catalogue says of the hostile statement."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_stays_text(report: Report, name: str) -> None:
    text = report.text(name)
    assert not UNSAFE.search(text)
    assert "alert(1)" in text
    if not name.endswith(("json", "tex")):
        assert not re.search(r"(?<!\\)<script(?!>\"use strict\";)", text)


def test_every_claim_has_a_certificate_that_replays(report: Report, run: Run) -> None:
    files = sorted(path.name for path in (report.folder / "certificates").glob("*.json"))
    linked = [name for entry in report.content["entries"] for name in entry["certificates"].values()]
    assert files == sorted(linked)
    assert len(files) == 8
    result = run("replay", report.folder / "certificates")
    assert result.code == 0
    assert result.out.endswith("8 certificates: 8 accepted, 0 not\n")


def expect_the_mutation_score(complete: Report) -> None:
    score = complete.content["mutation"]
    assert score["by_change"]["control"] == {"mutants": 2, "refuted": 2}
    assert score["by_change"]["step"]["mutants"] == score["by_change"]["step"]["refuted"] > 5
    assert score["mutants"] == score["refuted"] + len(score["survivors"]) > 20
    assert score["not_implied"] == score["mutants"] - score["implied"]
    assert f"Of {score['not_implied']} mutants" in complete.text("index.html")
    assert f"{score['mutants']} mutants: {score['refuted']} refuted" in complete.text("report.md")


def expect_numbers_beside_the_floating_cross_check(complete: Report) -> None:
    (row,) = complete.content["numbers"]
    # π = (7/10, 3/10): π̂_1 = 2/5, so the factor is 1 − 4/25.
    assert row["quantities"]["contraction_factor"]["value"] == "0.84"
    assert float(row["floating"]["population_factor"]) == pytest.approx(0.84, abs=1e-5)
    assert float(row["floating"]["low"]) < 0.84 < float(row["floating"]["high"])


def expect_figures_with_their_data_and_laws_with_their_tables(complete: Report) -> None:
    figures = {path.stem for path in (complete.folder / "figures").iterdir()}
    assert figures == {path.stem for path in (complete.folder / "data").iterdir()}
    assert {"decay", "profile", "share", "samples", "radii", "bound", "contraction-factor", "simplex-drift"} == figures
    for name in figures:
        rows = list(csv.DictReader(complete.text(f"data/{name}.csv").splitlines()))
        assert len(rows) > 3
        assert "seconds" not in rows[0]
        assert f'href="data/{name}.csv"' in complete.text("index.html")
        assert f"(data/{name}.csv)" in complete.text("report.md")
    # What its caption says of the share that is left rests on both bounds.
    assert "0.8157 ≤ c ≤ 0.8165" in complete.text("figures/share.svg")
    laws = complete.content["laws"]
    assert "$R_0 = a + b √(2 log k)$" in {fit["law"] for fit in laws["fits"]}
    assert {(band["value"], band["law"]) for band in laws["bands"]} >= {("$R_0$", "$√(2 log k)$")}
    plane, searched = laws["worst"]
    assert (plane["level"], searched["level"]) == ("certified", "observed")
    assert float(searched["worst_factor"]) > float(searched["simplex_factor"]) + 0.05


@pytest.mark.long
def test_a_complete_report_has_what_a_quick_one_leaves_out(tmp_path: Path, run: Run) -> None:
    """All in one test, as such a report takes half a minute."""
    complete = write(tmp_path / "complete", (TRUE, FALSE))
    assert {path.name for path in complete.folder.iterdir()} == {*part_names()} - {PDF}
    assert complete.code == ExitCode.OK
    assert complete.content["pending"] == complete.content["left_out"] == []
    assert complete.content["ok"]
    expect_the_mutation_score(complete)
    expect_numbers_beside_the_floating_cross_check(complete)
    expect_figures_with_their_data_and_laws_with_their_tables(complete)
    test_the_document_is_valid_by_its_schema(complete)
    test_the_page_is_well_formed_and_self_contained(complete)
    test_every_number_on_the_page_is_in_the_document(complete)
    test_each_statement_has_a_page_of_its_own(complete)
    test_every_claim_has_a_certificate_that_replays(complete, run)
    for name in HOSTILE:
        test_hostile_text_stays_text(complete, name)
