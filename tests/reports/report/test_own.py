"""Reports on claims of a user's files: what is theirs on the page, and nothing of the catalogue."""

import json
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

from emtheory.reports.report.own import own_entries
from emtheory.theory.claim import Claim
from emtheory.theory.claims import catalogue
from tests.reports.conftest import Run
from tests.reports.report.small_report import Page

pytestmark = pytest.mark.usefixtures("no_workers")


FILE = """\
schema = 1
title = "A paper of <b>ours</b>"
authors = ["A. Author", "B. Author"]
paper = "arXiv 0000.00000"
setup = "$k$ components with weights $π$."

[[claim]]
id = "Rate 3"
title = "The factor is 93/100"
quote = "EM contracts."
reading = "By $1 − σ²$."
chapter = "Rates"
statement = "contraction_factor == 93/100"
k = 3
weights = ["1/2", "3/10", "1/5"]

[[claim]]
id = "everywhere"
statement = "posterior_power(m=1) > {bound}"
k = 3
weights = "one-heavy:3/5"
for_all = {{ radius = [0, 1] }}

[[claim]]
id = "step"
chapter = "Rates"
statement = "em_map > theta"
family = "two-means"
separation = 1
truth_weight = "1/2"
fit_weight = "1/2"
theta = "1/2"

[[claim]]
id = "control"
statement = "spectral_gap > 0"
k = 3
weights = "uniform"
expect = "refuted"
"""


SHARPEN = 'sharpen = { constant = "c", side = "largest", between = ["0", "1"] }'


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    file = tmp_path / "my-claims.toml"
    file.write_text(FILE.format(bound="1/10"), encoding="utf-8")
    return file


def report(run: Run, file: Path, *options: object) -> tuple[Any, Path]:
    out = file.parent / "report"
    return run("report", file, "--out", out, "--no-cache", "--jobs", "1", *options), out


def test_the_page_is_about_the_claims_of_the_file_and_nothing_of_the_catalogue(run: Run, claims: Path) -> None:
    result, out = report(run, claims)
    assert result.code == 0, result.err
    page = (out / "index.html").read_text(encoding="utf-8")
    Page(page)
    for text in ("A paper of &lt;b>ours&lt;/b>", "A. Author, B. Author", "arXiv 0000.00000", "EM contracts."):
        assert text in page
    everything = "".join(path.read_text(encoding="utf-8") for path in out.rglob("*") if path.suffix in {".html", ".md"})
    for ours in ("overspecified", "2506.11850", "the catalogue", "--source", *(entry.id for entry in catalogue())):
        assert f"{ours}" not in everything.replace("overspecified Gaussian mixtures, checked by emtheory", ""), ours
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert document["own"]
    assert [(each["id"], each["group"], each["verdict"], each["ok"]) for each in document["entries"]] == [
        ("rate-3", "Rates", "proved", True),
        ("step", "Rates", "certified", True),
        ("everywhere", "Claims", "certified", True),
        ("control", "Claims", "refuted", True),
    ]
    assert document["entries"][2]["source"].endswith("my-claims.toml:17")


def test_bad_files_are_told_in_a_line_and_nothing_is_written(run: Run, claims: Path) -> None:
    text = claims.read_text(encoding="utf-8")
    for old, new, message in (
        ('title = "A', 'titel = "A', "unknown key 'titel': did you mean title"),
        ('authors = ["A. Author", "B. Author"]', "authors = [1]", "authors.0"),
        ('factor == 93/100"', f'factor >= c"\n{SHARPEN}', "the statement has a free constant, c"),
    ):
        claims.write_text(text.replace(old, new), encoding="utf-8")
        result, out = report(run, claims)
        assert (result.code, message in result.err, out.exists()) == (2, True, False), result.err


def test_what_fails_and_a_claim_without_value_are_told_and_the_others_reported(run: Run, claims: Path) -> None:
    text = FILE.format(bound="9/10").replace("contraction_factor ==", "sublinear_constant ==")
    claims.write_text(text, encoding="utf-8")
    result, out = report(run, claims, "--quick")
    assert result.code == 2
    assert "emtheory: error: claim 'Rate 3': column 1: sublinear_constant" in result.err
    suite = ElementTree.fromstring((out / "junit.xml").read_bytes())
    (failed,) = suite.iter("failure")
    assert "posterior_power" in (failed.text or ""), failed.attrib
    assert "Not as expected" in (out / "index.html").read_text(encoding="utf-8")
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    verdicts = {entry["id"]: entry["verdict"] for entry in document["entries"]}
    assert verdicts == {"rate-3": "inconclusive", "step": "certified", "everywhere": "refuted", "control": "refuted"}
    assert not document["ok"]


def test_ids_become_names_that_differ(tmp_path: Path) -> None:
    ids = ["A b", "a-b", "…", "?", "../x"]
    entries = own_entries([(tmp_path, Claim(each, "k == 3")) for each in ids])
    assert [entry.id for entry in entries] == ["a-b", "a-b-2", "claim", "claim-2", "x"]
    assert [entry.claims[0].id for entry in entries] == ids


def test_check_writes_the_same_page_as_one_file_that_links_to_no_other(
    run: Run, claims: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both do without what draws.
    monkeypatch.setattr("emtheory.numerics.errors.find_spec", lambda name: None)
    page = claims.with_name("page.html")
    assert run("check", claims, "--html", page, "--no-cache").code == 0
    _, out = report(run, claims, "--quick")
    alone, beside = Page(page.read_text(encoding="utf-8")), Page((out / "index.html").read_text(encoding="utf-8"))
    assert [link for link in alone.links if not link.startswith("#")] == []
    assert set(alone.ids) == set(beside.ids)
    for known in (False, True):
        assert ("cached" in run("check", claims, "--html", page).out) is known
        assert set(Page(page.read_text(encoding="utf-8")).ids) == set(beside.ids)
    run("check", claims, "--html", claims.parent / "no" / "page.html").assert_one_line_error(2, "there is no folder")
