"""The report in a browser, opened from disk: what it does, how it looks at every width, and whom it lets in."""

from typing import Any

import pytest

from tests.browser.conftest import DESK, MANY, TABLET, TELEPHONE, Shown

pytestmark = pytest.mark.long


def test_it_opens_from_disk_without_requests_errors_or_running_other_text(show: Any) -> None:
    shown = show()
    assert shown.said == []
    assert [url for url in shown.requests if not url.startswith("file:")] == []
    assert len(shown.requests) == 1
    assert (
        "<script>alert(1)</script>" in shown.page.locator("article[data-verdict=refuted] summary h4").first.inner_text()
    )
    assert shown.page.locator("article script").count() == 0
    shown.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))"
    )
    assert shown.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in shown.said)


def test_statements_are_closed_and_open_by_mouse_key_and_link(show: Any) -> None:
    shown = show()
    assert shown.open_articles() == []
    summary = shown.page.locator("article > details > summary").first
    summary.click()
    assert shown.open_articles() == ["true-one"]
    summary.focus()
    shown.page.keyboard.press("Enter")
    assert shown.open_articles() == []
    shown.page.locator(".corrections a").first.click()
    assert shown.open_articles() == ["false-one"]
    shown.page.keyboard.press("Tab")
    shown.page.get_by_role("button", name="Open all").click()
    assert shown.open_articles() == []
    shown.page.get_by_role("button", name="Open all").click()
    assert len(shown.open_articles()) == 2


def test_an_address_opens_what_it_names(show: Any) -> None:
    assert show(fragment="#false-one").open_articles() == ["false-one"]
    claim = show(fragment="#claim-gap")
    assert claim.open_articles() == ["true-one"]
    assert claim.page.locator("#claim-gap").is_visible()
    derivation = show(fragment="#derivation-gradient-3")
    assert derivation.page.locator("#derivation-gradient-3 ol").is_visible()


def test_every_heading_statement_and_claim_has_a_link_to_itself(show: Any) -> None:
    shown = show()
    lost = shown.page.eval_on_selector_all(
        ":is(.permalink, h4 > a)", "links => links.map(a => a.hash.slice(1)).filter(id => !document.getElementById(id))"
    )
    assert lost == []
    headings = "main :is(h2, h3, h4)"
    bare = shown.page.eval_on_selector_all(
        f"{headings}, .claims tbody tr:not(.explanation)",
        """parts => parts.map(part => part.closest(".heading, summary, tr") ?? part)
            .filter(part => !part.parentElement.querySelector(":is(.permalink, h4 > a)")).length""",
    )
    assert bare == 0
    assert shown.page.locator(headings).count() > 10


def test_filters_and_search_by_mouse_and_keyboard(crowd: Shown) -> None:
    page = crowd.page
    refuted = page.locator("button[data-verdict=refuted]")
    refuted.click()
    assert refuted.get_attribute("aria-pressed") == "true"
    assert crowd.shown_articles() == MANY // 2
    assert page.locator("form.filters output").inner_text() == f"{MANY // 2} of {MANY} shown"
    page.keyboard.press("Space")
    assert crowd.shown_articles() == MANY
    page.get_by_role("searchbox").focus()
    page.keyboard.type("sentence12")
    # 12, and 120 to 129, of which 12 is the best match.
    assert crowd.shown_articles() == 11
    assert page.locator(".results a").first.get_attribute("href") == "#true-12"
    page.get_by_role("searchbox").fill("no such words")
    assert crowd.shown_articles() == 0
    assert page.locator("section.chapter:not([hidden])").count() == 0
    page.get_by_role("searchbox").fill("")
    sources = page.locator("select[aria-label='Source to show']")
    sources.select_option(index=1)
    assert crowd.shown_articles() == MANY // 10
    refuted.click()
    assert crowd.shown_articles() == MANY // 20
    sources.select_option(index=0)
    refuted.click()
    page.get_by_role("searchbox").fill("no such words")
    page.evaluate("location.hash = '#true-40'")
    page.wait_for_function("document.querySelectorAll('article:not([hidden])').length > 1")
    assert crowd.open_articles() == ["true-40"]


def test_what_is_asked_for_stays_in_the_address_for_links_reloading_and_back(crowd: Shown) -> None:
    page = crowd.page
    page.locator(".contents a", has_text="Search").click()
    page.keyboard.type("sentence12")
    page.locator("button[data-verdict=refuted]").click()
    wanted = 5
    assert crowd.shown_articles() == wanted
    address = page.url
    assert address.endswith("#q=sentence12&verdict=refuted")
    page.locator(".results a").first.click()
    assert page.url.endswith("#false-121")
    assert crowd.open_articles() == ["false-121"]
    page.go_back()
    assert (page.url, crowd.shown_articles()) == (address, wanted)
    page.go_back()
    assert page.get_by_role("searchbox").input_value() == "sentence12"
    assert crowd.shown_articles() == 11
    page.goto("about:blank")
    page.goto(address)
    assert crowd.shown_articles() == wanted
    assert page.get_by_role("searchbox").input_value() == "sentence12"
    page.go_back()
    page.go_forward()
    assert crowd.shown_articles() == wanted


def test_the_search_is_ranked_knows_symbols_and_forgives_typos(show: Any) -> None:
    shown = show("catalogue")
    page = shown.page

    def best(words: str) -> list[str]:
        page.get_by_role("searchbox").fill(words)
        found: list[str] = page.locator(".results a").evaluate_all("links => links.map(link => link.hash.slice(1))")
        return found

    assert best("PL")[0] == "lemma-1"
    assert best("kullback leibler") == best("KL") != []
    assert best("gamma_j") == best("γ_j") != []
    assert "simplex-geometry" not in best("PL")
    assert best("gamma") == best("γ") != []
    assert best("pihat_m") == best("pi_hat_m") == best("π̂_m") != best("beta_m") == best("β_m") != []
    assert best("π̂_m") != []
    assert best("lojasiewics")[0] == "lemma-1"
    assert "for łojasiewicz" in page.locator("form.filters output").inner_text()
    assert best("qqqqqq") == []
    page.locator("h1").click()
    page.keyboard.press("/")
    assert page.get_by_role("searchbox").evaluate("box => box === document.activeElement")
    page.get_by_role("searchbox").fill("lemma")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator(".results a").nth(1)
    assert second.evaluate("link => link === document.activeElement")
    page.keyboard.press("Enter")
    assert shown.open_articles() == [(second.get_attribute("href") or "")[1:]]


@pytest.mark.parametrize("width", [TELEPHONE, DESK], ids=["telephone", "desk"])
def test_symbols_explain_themselves(show: Any, width: tuple[int, int]) -> None:
    shown = show("catalogue", width, has_touch=width == TELEPHONE)
    page = shown.page
    knowl = page.locator("#knowl")
    assert knowl.is_hidden()
    # Every symbol of the first screen is explained below it.
    unknown = page.evaluate(
        """() => [...document.querySelectorAll(".overview math :is(mi, msub)")].filter((part) =>
            !pointedAt(part) && /[A-Za-zα-ωΑ-Ω]/.test(part.textContent)
            && !["log", "min", "e"].includes(part.textContent))
            .map((part) => part.outerHTML)"""
    )
    assert unknown == []
    formula = page.locator(".overview math", has_text="π^m").first
    if width == TELEPHONE:
        formula.tap()
    else:
        formula.locator("mi", has_text="π").first.hover()
    assert "Fourier transform of the weights" in knowl.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width[0]
    page.keyboard.press("Escape")
    assert knowl.is_hidden()


def test_sliders_look_up_certified_numbers_by_mouse_and_keyboard(show: Any) -> None:
    shown = show(fragment="#explore")
    page = shown.page
    table = page.evaluate("JSON.parse(document.getElementById('explorer').dataset.table)")
    rows = [dict(zip(table["names"], row, strict=True)) for row, _ in table["rows"]]
    first = dict(zip(table["of_starts"], table["rows"][0][1][-1], strict=True))

    def value(name: str) -> str:
        text: str = page.locator(f"#explorer [data-shown={name}]").inner_text()
        return text

    # The sliders' middle places are the last of two.
    assert value("limit") == rows[-1]["limit"]
    page.locator("#explorer input").first.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert [value(name) for name in ("gap", "factor", "beta", "bound", "kl")] == [
        rows[0]["gap"], first["factor"], first["beta"], first["bound"], first["kl"][0]
    ]  # fmt: skip
    assert page.locator("#explorer input").nth(1).get_attribute("aria-valuetext") == "9/10 on one, the rest equal"
    drawn = page.locator("#explorer svg")
    points = drawn.locator("circle").evaluate_all("points => points.map(point => Number(point.getAttribute('cy')))")
    assert points == sorted(points)
    assert len(points) == sum(float(kl) >= 1e-9 for kl in first["kl"])
    assert (drawn.get_attribute("aria-label") or "").startswith(f"KL against steps of EM: {first['kl'][0]} at the")
    assert shown.said == []


def test_the_graph_lights_what_a_statement_rests_on(crowd: Shown) -> None:
    page = crowd.page
    graph = page.locator("section[aria-labelledby=graph] svg").first
    graph.locator("[data-node=true-12]").focus()
    lit = graph.locator("a.lit").evaluate_all("nodes => nodes.map(node => node.dataset.node).sort()")
    assert lit == sorted(f"{('true', 'false')[number % 2]}-{number}" for number in range(10, 20))
    assert graph.locator("path.lit").count() == 9
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#true-12'")
    assert crowd.open_articles() == ["true-12"]
    assert graph.locator("a.lit").count() == 0 or page.evaluate("document.activeElement.dataset.node") == "true-12"


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
