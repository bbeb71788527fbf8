"""The reports that the tests in a browser look at."""

import json
from pathlib import Path

import pytest

from emtheory.reports.render.html import render_html, statement_pages
from emtheory.theory.derivations import derive
from tests.reports.render.test_html import catalogue_page
from tests.reports.render.test_number_tables import ROW
from tests.reports.report.small_report import FALSE, TRUE, Report, write

MANY = 500


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report on a catalogue of hostile texts."""
    return write(tmp_path_factory.mktemp("browser") / "report", (TRUE, FALSE), quick=True)


@pytest.fixture(scope="session")
def many(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with 500 statements, each resting on the one before, every second refuted, and with tables of numbers."""
    document = report.content
    entries = []
    for number in range(MANY):
        entry = json.loads(json.dumps(document["entries"][number % 2]).replace("-one", f"-{number}"))
        below = [f"{('true', 'false')[(number - 1) % 2]}-{number - 1}"] if number % 10 else []
        entries.append(entry | {"quote": f"Sentence{number}.", "other_readings": [], "depends": below, "broken": []})
        for part in ("claims", "controls", "corrected", "hypotheses"):
            for claim in entry[part]:
                claim["id"] += f"-{number}"
    folder = tmp_path_factory.mktemp("many")
    names = [entry["id"] for entry in entries]
    sources = [
        source | {"here": len(own), "entries": own, "verdicts": {}}
        for source, own in zip(document["sources"], (names[: MANY // 10], names[MANY // 10 :]), strict=False)
    ]
    row = ROW | {"floating": ROW["floating"] | {"n": 5000, "seeds": [1, 2]}}  # type: ignore[operator]
    names = ("decay", "profile", "share", "samples")
    drawn = dict.fromkeys(names, "<svg width='540pt' height='9pt' viewBox='0 0 540 9'></svg>")
    made = document | {"entries": entries, "sources": sources, "left_out": ["laws"], "numbers": [row] * 3}
    made["figures"] = dict.fromkeys(drawn, "What it shows.")
    (folder / "index.html").write_text(render_html(made, drawn), encoding="utf-8")
    (folder / "statements").mkdir()
    for name, page in list(statement_pages(made).items())[:1]:
        (folder / "statements" / name).write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on all that is said of the paper, before anything is decided, with three derivations."""
    folder = tmp_path_factory.mktemp("catalogue")
    made = [derive(name, k).as_json() for name, k in (("descent", None), ("dft", None), ("matrix-a", 3))]
    (folder / "index.html").write_text(catalogue_page(made), encoding="utf-8")
    return folder
