"""The report in a browser, opened from disk: how it looks, on paper and on every width, and whom it lets in."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import DESK, TABLET, TELEPHONE, Shown

pytestmark = pytest.mark.long


def serious(shown: Shown, every: int = 1) -> list[tuple[str, str]]:
    """Return what the accessibility checker finds: the rule and one place; in the dark, of contrast.

    All is open, but that of articles, which are alike, only `every` so many are.
    """
    from axe_playwright_python.sync_playwright import Axe

    shown.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    shown.page.evaluate(
        """(every) => [...document.querySelectorAll("article")].filter((_, number) => number % every).forEach(
          (article) => article.querySelectorAll("details").forEach((fold) => { fold.open = false }))""",
        every,
    )
    found = Axe().run(shown.page).response["violations"]
    shown.page.emulate_media(color_scheme="dark")
    found += Axe().run(shown.page, options={"runOnly": ["color-contrast"]}).response["violations"]
    shown.page.emulate_media(color_scheme="light")
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


def test_without_script_all_is_open_and_a_print_has_what_is_shown(show: Any) -> None:
    bare = show(java_script_enabled=False)
    assert bare.page.locator("form.filters").is_hidden()
    assert bare.page.locator("article .body").first.is_visible()
    linked = show("catalogue", java_script_enabled=False).page
    linked.locator(".overview a[href='#lemma-5']").click()
    assert 0 <= linked.locator("#lemma-5").bounding_box()["y"] < DESK[1]
    whole = show("catalogue")
    sheets = [len(re.findall(rb"/Type\s*/Page\b", whole.page.pdf(format="A4")))]
    whole.page.get_by_role("button", name="Open all").click()
    sheets.append(len(re.findall(rb"/Type\s*/Page\b", whole.page.pdf(format="A4"))))
    assert 3 < sheets[0] < 15
    assert sheets[1] > 60


def test_no_formula_is_wider_than_a_sheet(show: Any) -> None:
    shown = show("catalogue")
    cut = """() => [...document.querySelectorAll(".derivation li > div")]
        .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.textContent.slice(0, 80))"""
    shown.page.emulate_media(media="print")
    shown.page.set_viewport_size({"width": 718, "height": 1000})  # A4 within its margins
    shown.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    # One that is wider, on a page of its own, too.
    shown.page.evaluate("document.querySelector('.derivation li > div math').innerHTML += '<mi>x</mi>'.repeat(120)")
    assert len(shown.page.evaluate(cut)) == 1
    shown.page.emulate_media(media="screen")
    shown.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown.page.emulate_media(media="print")
    shown.page.set_viewport_size({"width": 718, "height": 1000})
    assert shown.page.evaluate(cut) == []
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 718


@pytest.mark.parametrize("name", ["index.html", "statements/false-one.html"])
def test_the_accessibility_checker_finds_nothing_serious(show: Any, name: str) -> None:
    assert serious(show(name, bypass_csp=True)) == []


def test_what_cannot_be_read_in_the_dark_is_found(show: Any) -> None:
    shown = show(bypass_csp=True)
    shown.page.add_style_tag(content="@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }")
    assert {rule for rule, _ in serious(shown)} == {"color-contrast"}


def test_the_whole_catalogue_is_accessible_and_its_graph_fits(show: Any) -> None:
    shown = show("catalogue", bypass_csp=True)
    assert serious(shown, 4) == []
    # Every title stands within its box, and no drawing is wider than what it stands in.
    torn = shown.page.evaluate(
        """() => [...document.querySelectorAll("svg.graph a")].filter((node) => {
          const box = node.querySelector("rect").getBoundingClientRect();
          return [...node.querySelectorAll("text")].some((line) => {
            const text = line.getBoundingClientRect();
            return text.left < box.left || text.right > box.right || text.bottom > box.bottom;
          });
        }).map((node) => node.textContent)"""
    )
    assert torn == []
    wide = """() => [...document.querySelectorAll("svg.graph")]
        .filter((drawn) => drawn.parentElement.scrollWidth > drawn.parentElement.clientWidth).length"""
    assert shown.page.locator("svg.graph").count() > 5
    assert shown.page.evaluate(wide) == 0
    shown.page.set_viewport_size({"width": TELEPHONE[0], "height": TELEPHONE[1]})
    assert shown.page.evaluate(wide) > 0


@pytest.mark.parametrize("which", ["index.html", "many", "catalogue"])
def test_nothing_is_cut_at_any_width(show: Any, which: str, tmp_path: Path) -> None:
    page = show(which, TELEPHONE).page
    # Five hundred statements are alike; the others hold what there is.
    page.evaluate("for (const fold of [...document.querySelectorAll('details')].slice(0, 100)) fold.open = true")
    for width in (TELEPHONE, TABLET, DESK):
        page.set_viewport_size({"width": width[0], "height": width[1]})
        expect_nothing_cut(page, width, which, tmp_path)


def expect_nothing_cut(page: Any, width: tuple[int, int], which: str, tmp_path: Path) -> None:
    shot = tmp_path / f"{width[0]}.png"
    page.screenshot(path=shot, full_page=which == "index.html")
    assert shot.stat().st_size > 10_000
    assert page.evaluate("document.documentElement.scrollWidth") <= width[0]
    # What is wider than the page stands in a box that scrolls and can be reached by the keyboard; tables never do.
    cut = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((part) =>
          part.getBoundingClientRect().right > innerWidth + 1 &&
          (part.matches("table, table *:not(thead, thead *)") ||
            !part.closest("details:not([open]), .scroll[tabindex='0'], .derivation div[tabindex='0']"))
        ).map((part) => part.outerHTML.slice(0, 200))"""
    )
    assert cut == []
    assert page.locator("table.numbers").count() == (2 if which == "many" else 0)
