"""The report as PDF: formulas keep every sign, text stays text, and the same input gives the same bytes."""

import re
from pathlib import Path
from typing import Any

import pytest
import typst

from emtheory.reports.catalogue.selected import report_entries
from emtheory.reports.pdf.document import report_pdf, typst_source
from emtheory.reports.pdf.mathematics import prose
from emtheory.reports.report.layout import part_names
from emtheory.theory.derivations import derive
from tests.reports.conftest import Run
from tests.reports.render.test_html import undecided
from tests.theory.prose.test_catalogue import ALL

HOSTILE = '#panic("run") $x$ $y^$ \\ " ] [ *bold* `code` // /* @ref <label> = h'
SQUARE = "<rect width='9' height='9' fill='currentColor'/>"
SVG = f"<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'>{SQUARE}</svg>"


def claim(**others: Any) -> dict[str, Any]:
    given = {"title": HOSTILE, "derivation": None, "statement": HOSTILE, "cases": HOSTILE, "verdict": "refuted"}
    side = {"expression": HOSTILE, "lower": "0", "upper": "1"}
    witness = {"rigorous": True, "comparison": HOSTILE, "place": HOSTILE, "values": [side]}
    return given | {"margin": None, "witness": witness, "commands": [HOSTILE]} | others


def document() -> dict[str, Any]:
    summary = {"as_expected": 1, "statements": 1, "verdicts": {"proved": 1}, "claims": 1, "controls": 0}
    parts = {part: [] for part in ("disproofs", "instances", "hypotheses", "corrected", "controls")}
    entry = {"id": "one", "ok": True, "group": HOSTILE, "title": "$|π̂_m|² > 0$", "verdict": "proved"}
    entry |= {"level": "proved", "status": "ok"}
    entry |= {"reason": HOSTILE, "source": HOSTILE, "quote": HOSTILE, "reading": HOSTILE, "problems": [HOSTILE]}
    entry |= parts | {"correction": "", "claims": [claim(), claim(derivation="dft-general")]}
    return {
        "summary": summary | {"controls_refuted": 0},
        "left_out": ["numbers", "laws"],
        "own": False,
        "about": None,
        "figures": {"decay": f"KL, $π̂_m$ {HOSTILE}"},
        "pending": [],
        "entries": [entry],
        "derivations": [{"name": "dft", "k": None, "title": HOSTILE, "conclusion": HOSTILE}],
    }


def test_text_is_data_and_the_same_input_gives_the_same_bytes() -> None:
    made = report_pdf(document(), {"decay": SVG})  # it would not compile if a text were markup
    assert made.startswith(b"%PDF")
    with pytest.raises(typst.TypstError, match="run"):
        typst.compile(b'#panic("run")')
    assert report_pdf(document(), {"decay": SVG}) == made
    source = typst_source(document(), ["decay"])
    assert "#outline" in source
    bar = 'class("normal",|)'
    assert f"${bar}hat(pi)_(m){bar}^(2)>0$" in source.replace(" ", "")


def test_formulas_and_one_that_loses_a_sign_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [text for text in ALL if "#raw(" in prose(text)] == []
    assert prose("for $θ ≠ 0$ and more") == '#"for ";$theta != 0$#" and more";'
    assert prose("costs $5, or 6") == '#"costs $5, or 6";'
    assert prose("$unknown$") == '#"$unknown$";'
    monkeypatch.setattr("emtheory.reports.pdf.mathematics.latex_to_typst", lambda _: "$ x $")
    assert prose("$x + t$") == '#raw("x+t");'
    assert prose("$x$") == "$x$"


def test_pdf_is_part_of_a_report_and_asked_for_before_anything_is_computed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "report.pdf" in part_names()
    monkeypatch.setattr("emtheory.numerics.errors.find_spec", lambda name: None if name in ("typst", "tylax") else True)
    run("report", "--pdf", "--out", tmp_path / "r").assert_one_line_error(2, "python -m pip install typst tylax")


@pytest.mark.long
def test_what_is_read_begins_with_the_answers_and_has_under_sixty_pages() -> None:
    given = undecided(report_entries())
    for entry in given["entries"]:
        entry["ok"] = True
    given["derivations"] = [derive("descent", None).as_json()]
    pages = len(re.findall(rb"/Type\s*/Page\b", report_pdf(given, {})))
    assert 20 < pages < 60
    source = typst_source(given, [])
    assert source.index("Is the main theorem true?") < source.index("#outline") < source.index("Lemma 1")
    assert "Not settled" not in source
    assert "Must be refuted" not in source
    assert "Derivations" not in source
    given["entries"][0]["ok"] = False
    assert "Not settled in this run." in typst_source(given, [])
