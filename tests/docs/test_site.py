"""The site of the docs builds without a warning, shows formulas, and loads nothing from elsewhere."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.long


def test_the_site(tmp_path: Path, browser: Any) -> None:
    """Built once, from a copy of what it is built from and a report beside it."""
    folder, site = tmp_path / "copy", tmp_path / "site"
    for name in ("docs", "emtheory", "theory", "numerics", "reports"):
        shutil.copytree(ROOT / name, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", folder)
    (folder / "report" / "statements").mkdir(parents=True)
    (folder / "report" / "index.html").write_text("<p>The report.", encoding="utf-8")
    (folder / "report" / "statements" / "lemma-1.html").write_text("<p>One statement.", encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", site]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stderr
    pages_and_reference_are_there(site)
    formulas_are_mathml_and_nothing_is_loaded_from_elsewhere(site)
    formulas_in_words_and_indented_ones_are_typeset_and_code_is_not(site)
    read_from_disk_it_searches_and_keys_reach_what_scrolls(site, browser)


def pages_and_reference_are_there(site: Path) -> None:
    for page in (ROOT / "docs").glob("*.md"):
        assert (site / f"{page.stem}.html").exists()
    reference = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for name in ("evaluate", "check", "trajectory", "simulate", "Claim"):
        assert f">{name}<" in reference or f'name">{name}' in reference, name
    assert "Correct significant digits" in reference  # from a docstring
    assert (site / "schemas" / "evaluate.schema.json").exists()
    assert (site / "report" / "statements" / "lemma-1.html").exists()
    assert 'href="../report/index.html"' in reference


def formulas_are_mathml_and_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    page = (site / "statements-beyond-the-paper.html").read_text(encoding="utf-8")
    assert page.count("<math") > 100
    assert "$$" not in page
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|img|iframe)[^>]*src="https?:[^"]*"', text) == [], path
        assert re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="https?:[^"]*"', text) == [], path


def formulas_in_words_and_indented_ones_are_typeset_and_code_is_not(site: Path) -> None:
    page = (site / "error-bounds.html").read_text(encoding="utf-8")
    assert "e<sup>−e<sup>u</sup> t</sup>" in page
    assert "Σπ<sub>j</sub>²" in page
    assert page.count('<div class="formula"><math') > 10
    words = re.sub(r"<(code|math|head|nav)\b.*?</\1>|<[^>]*>", "", page, flags=re.DOTALL)
    assert re.findall(r"\w\^\{|\w_\{", words) == []
    tutorial = (site / "tutorial.html").read_text(encoding="utf-8")
    assert "language-console highlight" in tutorial
    assert 'class="formula"' not in tutorial


def read_from_disk_it_searches_and_keys_reach_what_scrolls(site: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((site / "benchmarks.html").as_uri(), wait_until="load")
    page.wait_for_selector(".md-typeset__scrollwrap")
    unreached = """() => [...document.querySelectorAll(".md-content *")].filter((part) => part.tabIndex !== 0 &&
        part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX === "auto").length"""
    assert page.locator(".md-typeset__scrollwrap[tabindex='0']").count() > 5
    assert page.evaluate(unreached) == 0
    page.goto((site / "statements-theorems.html").as_uri(), wait_until="load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(unreached) == 0
    box, results = page.locator("[data-md-component=search-query]"), page.locator(".md-search-result__item a")
    for _ in range(60):  # What is typed before the search's script has started is lost.
        box.blur()
        box.fill("lloyd")
        page.wait_for_timeout(1000)
        if results.count() > 1:
            break
    assert "lloyd" in (results.nth(1).get_attribute("href") or "")
    assert [url for url in requests if not url.startswith("file:")] == []
    page.close()
