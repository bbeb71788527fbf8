"""A real browser for the report: Chromium from the system, driven by Playwright, which brings none of its own."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.render.html import render_html, statement_pages
from emtheory.theory.derivations import derive
from tests.reports.render.test_html import catalogue_page
from tests.reports.render.test_number_tables import ROW
from tests.reports.report.small_report import FALSE, TRUE, Report, write

MANY = 500


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield started
        started.close()


def chromium() -> str:
    """Return where Chromium is; as root on Debian it is installed if it is missing, said aloud."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and shutil.which("apt-get") and os.geteuid() == 0:
        print("no chromium here: apt-get install chromium")
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], check=True, timeout=600)
        found = shutil.which("chromium")
    if found is None:
        pytest.fail("the tests of the page need Chromium: apt-get install chromium")
    return found


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
