import csv
import json
import math
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from fractions import Fraction
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import flint
import pytest
from jsonschema import Draft202012Validator

from emtheory.numerics.fingerprint import package_fingerprint
from emtheory.numerics.sweep.cell import compute
from emtheory.reports.certificates.certificate import certificate_name
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.laws import table
from emtheory.reports.laws.figures import simplex_drifts
from emtheory.reports.laws.plan import Family, LawGrid, lloyd_ball, plan_laws
from emtheory.reports.render import html
from emtheory.reports.report.layout import PDF, part_names
from emtheory.reports.tables.sweep_table import line_of
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
    counts = {"statements": 2, "as_expected": 2, "refuted_as_expected": 1, "controls": 2, "controls_refuted": 2}
    counts |= {"refuted_of_summary": 1, "refuted_beyond": 0, "refuted_in_one_reading": 1}
    assert counts.items() <= report.content["summary"].items()
    assert (true["other_readings"], false["other_readings"]) == (["false-one"], ["true-one"])


def expect_links_to_lead_somewhere(page: Page, folder: Path) -> None:
    anchors = {link[1:] for link in page.links if link.startswith("#")}
    assert set() < anchors <= set(page.ids)
    files = [link.partition("#")[0] for link in page.links if not link.startswith(("#", "https://arxiv.org/"))]
    assert [name for name in files if not (folder / name).is_file()] == []


def test_the_page_is_well_formed_and_self_contained(report: Report) -> None:
    page = Page(report.text("index.html"))
    assert len(page.ids) == len(set(page.ids))
    assert not {"link", "iframe", "img", "object"} & page.tags
    assert re.findall("<script[^>]*>", report.text("index.html")) == ["<script>"]
    assert not {name for name in page.attributes if name.startswith("on")}
    expect_links_to_lead_somewhere(page, report.folder)
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
    assert len(page.ids) == len(set(page.ids))
    assert "derivation-gradient-3" in page.ids
    expect_links_to_lead_somewhere(page, report.folder / "statements")


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
    assert (result.code, result.out.splitlines()[-1]) == (0, "8 certificates: 8 accepted, 0 not")


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
    assert (complete.code, complete.content["ok"]) == (ExitCode.OK, True)
    assert complete.content["pending"] == complete.content["left_out"] == []
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


PUBLISHED = Path(__file__).parents[2] / "reference" / "expected_max_normal.csv"

SMALL = LawGrid((Family("one-heavy:3/5", (4,), (4,), (4,)),), "2", "1", (Fraction(1, 2),), "1/2", (), ())


def _line(k: int, quantity: str, value: float, weights: str = "w", **arguments: str) -> dict[str, Any]:
    cell = {"k": k, "d": k - 1, "weights": weights, "quantity": quantity, "arguments": arguments, "level": "certified"}
    return cell | dict.fromkeys(("value", "lower", "upper"), repr(float(value)))


def published_maxima() -> dict[int, float]:
    """E max of k normal variables, as it is published."""
    with PUBLISHED.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {int(row["k"]): float(row["expected_max"]) for row in rows}


def test_the_rows_are_those_of_the_sweep() -> None:
    cells = plan_laws(SMALL)["laws"].values()
    (row,) = table.law_rows(line_of(cell, compute(cell, package_fingerprint())) for cell in cells)
    # (4·3/5 − 1)²/9 = 49/225, and by Proposition 1 and E max = 1.02938 of four normals, R_0 = √(4/3)·1.02938.
    assert table.number(row, "spectral_gap") == pytest.approx(49 / 225)
    assert table.number(row, "lloyd_radius") == pytest.approx(math.sqrt(4 / 3) * 1.0293753730)
    assert table.number(row, "strong_convexity_radius") == math.inf
    assert 0 < (table.bound_over_truth(row) or 0) < 1


def test_the_ball_just_holds_lloyds_simplex() -> None:
    maxima = published_maxima()
    for k in (2, 5, 10):
        assert 0 < float(lloyd_ball(k)) - math.sqrt(k / (k - 1)) * maxima[k] <= 1e-3


def test_laws_put_into_the_rows_are_found() -> None:
    lines = []
    for k in (8, 16, 64, 256):
        lines.append(_line(k, "lloyd_radius", 2 * math.sqrt(2 * math.log(k)) - 1))
        lines.append(_line(k, "worst_contraction_factor", 1 - 0.5 * k**-0.25, radius="1"))
        lines.append(_line(k, "contraction_bound", 1 - 0.25 * k**-2.0, radius="1"))
        lines.append(_line(k, "strong_convexity_radius", 1.5 + 3 / k, fraction="1/2"))
    fits = {str(fit["law"]): fit for fit in table.law_fits(table.law_rows(lines))}
    slopes = {law.split(" is ")[0]: float(str(fit["slope"])) for law, fit in fits.items()}
    assert slopes == {
        "$R_0 = a + b √(2 log k)$": pytest.approx(2),
        "1 − worst factor": pytest.approx(-0.25),
        "1 − contraction bound": pytest.approx(-2),
        "radius of $λ_{min}$ at least half the gap": pytest.approx(3),
    }


def test_the_drift_is_the_angle_between_the_step_and_the_simplex() -> None:
    powers = {"1": "0.25", "2": "0.5"}
    lines = (_line(4, "posterior_power", float(value), "geometric:1/2", m=m) for m, value in powers.items())
    (row,) = simplex_drifts([line | {"radius": "1"} for line in lines])
    # After the step (√2·3/4, 1/2); its angle to (√2, 1): cos = (3/2 + 1/2)/(√3 √(9/8 + 1/4)).
    cosine = 2 / math.sqrt(3 * (9 / 8 + 1 / 4))
    assert row["drift"] == pytest.approx(math.sqrt(1 - cosine**2))


def test_the_interval_is_students() -> None:
    # x̄ = 1, ȳ = 4/3, Sxx = 2: slope 1, residuals 1/3·(1, −2, 1), s² = 2/3; t_{0.975} with 1 degree of freedom 12.706.
    fit = table.fit_line([0, 1, 2], [1 / 3 + 1 / 3, 4 / 3 - 2 / 3, 7 / 3 + 1 / 3])
    assert fit.slope == pytest.approx(1)
    assert fit.high - fit.slope == pytest.approx(12.7062 * math.sqrt(2 / 3 / 2), rel=1e-4)
    assert fit.residual == pytest.approx(2 / 3)


def test_a_band_holds_and_a_narrower_one_does_not() -> None:
    points = {x: tuple((3 * x**2 + x) * Fraction(1 + sign * 1e-9) for sign in (-1, 1)) for x in (1, 2, 5, 9)}
    lower, upper = (Fraction(end) for end in table.band(points, lambda x: x**2))
    values = [Fraction(3 * x**2 + x, x**2) for x in points]
    assert lower <= min(values)
    assert max(values) <= upper
    # Four digits: a thousandth less on either side is false.
    assert lower * Fraction(1001, 1000) > min(values)
    assert upper * Fraction(999, 1000) < max(values)
    # Wide enclosures and laws with an error widen it.
    lower, upper = table.band({1: (Fraction(9, 10), Fraction(11, 10))}, lambda _: flint.arb(1, 0.25))
    assert Fraction(lower) <= Fraction(72, 100)
    assert Fraction(upper) >= Fraction(11, 10) / Fraction(3, 4)


def rows(quantity: str, values: dict[int, float], level: str = "certified", **arguments: str) -> list[dict[str, Any]]:
    return [_line(k, quantity, value, **arguments) | {"level": level} for k, value in values.items()]


def bands_of(lines: Iterable[dict[str, Any]], samples: Iterable[dict[str, Any]] = ()) -> dict[str, table.Band]:
    return {each.value: each for each in table.law_bands(table.law_rows(lines), table.sample_rows(samples))}


def test_lloyds_radius_by_published_numbers() -> None:
    radii = {k: math.sqrt(k / (k - 1)) * value for k, value in published_maxima().items() if k > 1}
    (one,) = bands_of(rows("lloyd_radius", radii)).values()
    ratios = [radius / math.sqrt(2 * math.log(k)) for k, radius in radii.items()]
    assert float(one.lower) <= min(ratios) <= float(one.lower) * 1.001
    assert float(one.upper) * 0.999 <= max(ratios) <= float(one.upper) < 1


def test_only_certified_rows_have_a_band() -> None:
    values = {k: 1.0 + k for k in (8, 16, 32, 64)}
    assert set(bands_of(rows("lloyd_radius", values))) == {"$R_0$"}
    assert bands_of(rows("lloyd_radius", values, "observed")) == {}
    assert bands_of([*rows("lloyd_radius", values), *rows("lloyd_radius", {128: 3.0}, "observed")]) == {}
    assert bands_of(rows("lloyd_radius", dict(list(values.items())[:3]))) == {}


def test_infinite_radii_are_left_out_and_exponents_are_those_of_fits() -> None:
    lines = rows("strong_convexity_radius", {k: 1.5 + 1 / k for k in (16, 32, 64, 128)}, fraction="1/2")
    infinite = dict.fromkeys(("value", "lower", "upper"), "inf")
    lines.append(rows("strong_convexity_radius", {8: 1.0}, fraction="1/2")[0] | infinite)
    factors = rows("worst_contraction_factor", {k: 1 - 0.5 * k**-0.25 for k in (8, 16, 32, 64)}, radius="1")
    needed = rows("samples_needed", {k: 40.0 * k**2 for k in (2, 4, 8, 16)})
    bands = bands_of([*lines, *factors], needed)
    radius = bands["radius of $λ_{min}$ at least half the gap"]
    assert (radius.law, radius.points) == ("1", "16, 32, 64, 128")
    assert (float(radius.lower), float(radius.upper)) == (pytest.approx(1.5 + 1 / 128, abs=1e-3), 1.563)
    assert bands["1 − worst factor, in $k$"].law == "$k^{−0.25}$"
    assert bands["points needed, in $k$"].law == "$k^{2}$"
    assert (bands["points needed, in $k$"].lower, bands["points needed, in $k$"].upper) == ("40", "40")
