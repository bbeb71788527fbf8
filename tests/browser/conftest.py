"""The reports that the tests in a browser look at, and how they are opened."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.render.html import render_html, statement_pages
from emtheory.theory.derivations import derive
from tests.reports.render.test_pages import ROW, catalogue_page
from tests.reports.report.small_report import FALSE, TRUE, Report, write

MANY = 160
TELEPHONE, TABLET, DESK = (390, 844), (820, 1100), (1440, 900)


class Shown:
    """A page that is open, and what the browser said about it."""

    def __init__(
        self, browser: Any, file: Path, width: tuple[int, int] = DESK, fragment: str = "", **options: Any
    ) -> None:
        self.context = browser.new_context(viewport={"width": width[0], "height": width[1]}, **options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri() + fragment)

    def open_articles(self) -> list[str]:
        found: list[str] = self.page.eval_on_selector_all(
            "article > details[open] .body", "bodies => bodies.map(body => body.id)"
        )
        return found

    def shown_articles(self) -> int:
        count: int = self.page.locator("article:not([hidden])").count()
        return count


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report on a catalogue of hostile texts."""
    return write(tmp_path_factory.mktemp("browser") / "report", (TRUE, FALSE), quick=True)


@pytest.fixture(scope="session")
def many(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with many statements, each resting on the one before, every second refuted, and with tables of numbers."""
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


@pytest.fixture
def show(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open a page of the report on hostile texts, or that of the `catalogue` or of `many` statements, until the end."""
    opened: list[Shown] = []

    def open_page(name: str = "index.html", width: tuple[int, int] = DESK, fragment: str = "", **options: Any) -> Shown:
        if name in ("catalogue", "many"):
            folder, name = request.getfixturevalue(name), "index.html"
        else:
            folder = request.getfixturevalue("report").folder
        opened.append(Shown(browser, folder / name, width, fragment, **options))
        return opened[-1]

    yield open_page
    for shown in opened:
        shown.context.close()


@pytest.fixture
def crowd(show: Any) -> Shown:
    shown: Shown = show("many")
    return shown
