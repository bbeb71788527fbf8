"""The report as PDF: formulas keep every sign, text stays text, and the same input gives the same bytes."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typst

from emtheory.reports.catalogue.selected import report_entries
from emtheory.reports.pdf.document import figure_pdf, report_pdf, typst_source
from emtheory.reports.pdf.mathematics import displayed, on_the_line, prose, signs_of_latex, signs_of_typst
from emtheory.reports.report.layout import part_names
from emtheory.theory.derivations import derive, names, statement_of
from emtheory.theory.proof.step_text import step_latex
from tests.reports.render.test_html import undecided
from tests.reports.render.test_number_tables import ROW
from tests.theory.prose.test_catalogue import ALL

Run = Callable[..., Any]

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
    entry = {"group": HOSTILE, "title": "$|π̂_m|² > 0$", "verdict": "proved", "level": "proved", "status": "ok"}
    entry |= {"reason": HOSTILE, "source": HOSTILE, "quote": HOSTILE, "reading": HOSTILE, "problems": [HOSTILE]}
    entry |= parts | {"correction": "", "claims": [claim()]}
    steps = [{"explanation": "With $θ$,", "how": "prose", "latex": r"\frac{1}{2} \leq \hat{\pi}_{m}"}]
    derivation = {"title": "a", "k": None, "statement": HOSTILE, "source": "b", "scope": "c", "basis": "d"}
    return {
        "summary": summary | {"controls_refuted": 0},
        "left_out": ["numbers", "laws"],
        "own": False,
        "about": None,
        "figures": {"decay": f"KL, $π̂_m$ {HOSTILE}"},
        "pending": [],
        "entries": [entry],
        "derivations": [derivation | {"steps": steps}],
    }


def test_text_is_data_and_the_same_input_gives_the_same_bytes() -> None:
    made = report_pdf(document(), {"decay": SVG})  # it would not compile if a text were markup
    assert made.startswith(b"%PDF")
    assert report_pdf(document(), {"decay": SVG}) == made
    source = typst_source(document(), ["decay"])
    assert "#outline" in source
    assert "#formula($ 1/2 <= hat(pi)_(m) $)" in source
    assert "$|hat(pi)_(m)|^(2)>0$" in source.replace(" ", "")


def test_tables_of_numbers_and_laws() -> None:
    fit = {"law": "$e^a k^b$", "weights": HOSTILE, "intercept": "-0.5122", "slope": "0.9948", "low": "0.9", "high": "1"}
    laws = {
        "rows": [],
        "fits": [fit | {"residual": "0.0065", "points": 4}],
        "worst": [],
        "confidence": 0.95,
        "samples": [],
    }
    laws["bands"] = [
        dict.fromkeys(("value", "law", "weights", "points", "beyond"), HOSTILE) | {"lower": "1.5", "upper": "2"}
    ]
    laws |= {name: {"k": 3, "weights": "linear", "rows": []} for name in ("dimension", "direction")}
    given = document() | {"numbers": [ROW], "laws": laws, "left_out": []}
    assert report_pdf(given, {}).startswith(b"%PDF")
    source = typst_source(given, [])
    for shown in ("0.84", '#"–";', "[0.8, 0.9] misses it", "-0.5122", "[0.9, 1]", "EM in double precision, "):
        assert shown in source
    assert "too slow" not in source
    for missing in ("numbers", "laws"):
        for why in ("left_out", "pending"):
            title = {"numbers": "Exact and observed factors", "laws": "Fitted laws"}[missing]
            assert title in source
            assert title not in typst_source(given | {why: [missing], missing: None}, [])


def test_markup_would_be_seen() -> None:
    with pytest.raises(typst.TypstError, match="run"):
        typst.compile(b'#panic("run")')


def test_figures_are_pages_of_their_size() -> None:
    made = figure_pdf(SVG)
    assert made.startswith(b"%PDF")
    found = re.search(rb"/MediaBox ?\[ ?0 0 ([0-9.]+) ([0-9.]+)", made)
    assert found is not None
    assert [float(found[i]) for i in (1, 2)] == pytest.approx([22.5, 15])  # 30 × 20 pixels in points


def test_formulas() -> None:
    assert prose("for $θ ≠ 0$ and more") == '#"for ";$theta != 0$#" and more";'
    assert prose("costs $5, or 6") == '#"costs $5, or 6";'
    assert prose("$unknown$") == '#"$unknown$";'
    assert displayed(r"x^{2} \leq \mathbb{E}\left[y\right]") == "#formula($ x^(2) <= EE [ y ] $)"
    assert displayed("é") == '#raw("é")'


def test_a_formula_that_loses_a_sign_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emtheory.reports.pdf.mathematics.latex_to_typst", lambda _: "$ x $")
    assert displayed("x + lost") == '#raw("x + lost")'
    assert displayed("x") == "#formula($ x $)"


@pytest.mark.parametrize(
    ("formula", "line"),
    [
        ("a + b", "a + b"),
        ("frac(a, b) x", " (a \\/ b)  x"),
        ("e^(frac(1 + frac(a, 2), f(x, y)))", "e^( ((1 +  (a \\/ 2) ) \\/ (f(x, y))) )"),
        ('mat(delim: "[", a, frac(b, c); (d), e) x', "[ a,  (b \\/ c) ; (d), e] x"),
        ("frac(a, b", "frac(a, b"),  # the converter is not trusted
    ],
)
def test_fractions_and_matrices_on_the_line(formula: str, line: str) -> None:
    assert on_the_line(formula) == line
    assert signs_of_typst(line) == signs_of_typst(formula) or formula == "frac(a, b"


def height(latex: str, width: str) -> float:
    """Return the height of a formula on paper of some width, a line apart."""
    head = typst_source(document(), []).partition("#align(center)")[0]
    paper = f'#set page(paper: "a4", width: {width}, height: auto, margin: 5mm, numbering: none)\n'
    made: Any = typst.compile(f"{head}{paper}{displayed(latex)}".encode())
    found = re.search(rb"/MediaBox ?\[ ?0 0 [0-9.]+ ([0-9.]+)", made)
    assert found is not None
    return float(found[1])


def test_wide_formulas_are_broken_at_signs_and_at_last_written_on_the_line() -> None:
    terms = " + ".join(rf"\frac{{a_{{{i}}}}}{{b + c}}" for i in range(12))
    fraction, matrix = rf"\frac{{{terms}}}{{d}}", rf"\left[\begin{{matrix}}{terms}\\{terms}\end{{matrix}}\right]"
    for formula in (f"x = {terms}", fraction, f"y = {matrix}"):
        assert height(formula, "80mm") > 1.5 * height(formula, "600mm"), formula
    assert height("x = y", "80mm") == height("x = y", "600mm")


def test_signs_are_counted() -> None:
    latex = r"\left[\begin{matrix}a & b\\b_{10} & \varphi\end{matrix}\right] \mathbb{E}"
    counted = Counter({"a": 1, "b": 2, "1": 1, "0": 1, "phi": 1, "E": 1})
    assert signs_of_latex(latex) == counted
    assert signs_of_typst('mat(delim: "[", a, b; b_(10), phi.alt) EE') == counted


def test_pdf_is_part_of_a_report_and_asked_for_before_anything_is_computed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "report.pdf" in part_names()
    monkeypatch.setattr("emtheory.numerics.errors.find_spec", lambda name: None if name in ("typst", "tylax") else True)
    run("report", "--pdf", "--out", tmp_path / "r").assert_one_line_error(2, "python -m pip install typst tylax")


@pytest.mark.long
def test_every_formula_of_the_catalogue_is_typeset() -> None:
    assert [text for text in ALL if "#raw(" in prose(text)] == []
    # The page reads all of them; every third by these letters, as typesetting takes a second each.
    for name in names()[::3]:
        statement = statement_of(name)
        for step in derive(name, None if statement.general else statement.smallest_k).steps:
            assert step.formula is None or "#raw(" not in displayed(step_latex(step)), step_latex(step)


@pytest.mark.long
def test_a_report_with_pdf(run: Run, tmp_path: Path) -> None:
    options = ("--select", "uniform-dft", "--quick", "--jobs", "1", "--no-cache", "--pdf", "--out", tmp_path / "report")
    for _ in range(2):  # the second time it is replaced
        assert run("report", *options).code == 0
        assert (tmp_path / "report" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))["entries"]


def test_what_is_read_begins_with_the_answers_and_has_under_sixty_pages() -> None:
    given = undecided(report_entries())
    for entry in given["entries"]:
        entry["ok"] = True
    given["derivations"] = [derive("descent", None).as_json()]
    pages = len(re.findall(rb"/Type\s*/Page\b", report_pdf(given, {}, whole=False)))
    assert 20 < pages < 60
    source = typst_source(given, [], whole=False)
    assert source.index("Is the main theorem true?") < source.index("#outline") < source.index("Lemma 1")
    assert "Not settled" not in source
    assert "Must be refuted" not in source
    assert "Derivations" not in source
    whole = typst_source(given, [])
    assert "Must be refuted" in whole
    assert "Derivations" in whole
    given["entries"][0]["ok"] = False
    assert "Not settled in this run." in typst_source(given, [], whole=False)
