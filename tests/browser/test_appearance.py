"""The report in a browser, opened from disk: how it looks, on paper and on every width, and whom it lets in."""

from typing import Any

import pytest

from tests.browser.conftest import DESK, TABLET, TELEPHONE, Shown

pytestmark = pytest.mark.long


def serious(shown: Shown, every: int = 1) -> list[tuple[str, str]]:
    """Return what the accessibility checker finds: the rule and one place; in the dark, of contrast.

    All is open, but of articles, which are alike, only `every` so many are left.
    """
    from axe_playwright_python.sync_playwright import Axe

    shown.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    shown.page.evaluate(
        """(every) => [...document.querySelectorAll("article")].filter((_, number) => number % every).forEach(
          (article) => article.remove())""",
        every,
    )
    found = Axe().run(shown.page).response["violations"]
    shown.page.emulate_media(color_scheme="dark")
    found += Axe().run(shown.page, options={"runOnly": ["color-contrast"]}).response["violations"]
    shown.page.emulate_media(color_scheme="light")
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


def test_without_script_all_is_open(show: Any) -> None:
    bare = show(java_script_enabled=False)
    assert bare.page.locator("form.filters").is_hidden()
    assert bare.page.locator("article .body").first.is_visible()
    bare.page.locator(".corrections a").first.click()
    assert 0 <= bare.page.locator("#false-one").bounding_box()["y"] < DESK[1]


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


def test_the_accessibility_checker_finds_what_cannot_be_read_in_the_dark_and_nothing_else(show: Any) -> None:
    assert serious(show("statements/false-one.html", bypass_csp=True)) == []
    shown = show(bypass_csp=True)
    assert serious(shown) == []
    shown.page.add_style_tag(content="@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }")
    assert {rule for rule, _ in serious(shown)} == {"color-contrast"}


def test_the_catalogue_is_accessible_and_its_graph_fits(show: Any) -> None:
    shown = show("catalogue", bypass_csp=True)
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
    assert serious(shown, 40) == []


@pytest.mark.parametrize("which", ["index.html", "many", "catalogue"])
def test_nothing_is_cut_at_any_width(show: Any, which: str) -> None:
    page = show(which, TELEPHONE).page
    # The statements are alike; the others hold what there is.
    page.evaluate("for (const fold of [...document.querySelectorAll('details')].slice(0, 40)) fold.open = true")
    for width, height in (TELEPHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
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
