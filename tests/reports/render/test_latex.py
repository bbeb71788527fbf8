"""LaTeX compiles as it is, PDF keeps every sign, and values for papers are rounded correctly, whatever their size."""

import re
import subprocess
from collections.abc import Callable
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.reports.catalogue.examination import derivation_task
from emtheory.reports.catalogue.selected import report_entries
from emtheory.reports.checking.tasks import Task
from emtheory.reports.pdf.document import report_pdf, typst_source
from emtheory.reports.pdf.mathematics import prose
from emtheory.reports.render.latex import check_command_name, latex_command, prose_latex, standalone
from emtheory.reports.render.report_latex import render_latex
from emtheory.reports.report.layout import part_names
from emtheory.theory.derivations import derive, names, statement_of
from tests.programs import installed
from tests.reports.conftest import Run
from tests.reports.render.test_pages import catalogue_page, undecided
from tests.reports.report.small_report import FALSE, TRUE, write
from tests.theory.prose.test_catalogue import ALL
from tests.tiers import examples

MOST_BYTES = 2_200_000


@pytest.fixture(scope="module")
def pdflatex() -> str:
    return installed("pdflatex")


def compiled(program: str, folder: Path, text: str) -> bytes:
    """Compile a document; the log is shown if that fails."""
    (folder / "a.tex").write_text(text, encoding="utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "a.tex"]
    result = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout[-3000:]
    return (folder / "a.pdf").read_bytes()


def test_prose_and_words() -> None:
    assert prose_latex("EM contracts if $|π̂_m| > 0$, 5 % & {more}") == (
        r"EM contracts if $|\hat{\pi}_{m}|>0$, 5 \% \& \{more\}"
    )
    assert prose_latex(r"\input{x} $unknown$ _") == r"\textbackslash{}input\{x\} \$unknown\$ \_"
    assert prose_latex("π = (1/2) ≤ x², π̂ₘ; Šidák") == (r"$\pi$ = (1/2) $\leq$ x$^{2}$, $\hat{\pi}$$_{m}$; Šidák")


def test_the_commands(run: Run) -> None:
    fragment = run("derive", "descent", "--format", "latex").out
    document = run("derive", "descent", "--format", "latex", "--standalone").out
    assert fragment.strip() in document
    assert fragment.index(r"\begin{theorem}[") < fragment.index(r"\end{theorem}") < fragment.index(r"\begin{proof}")
    assert document.startswith(r"\documentclass")
    listed = run("claims", "--latex", "--select", "lemma-*").out
    assert listed.count(r"\begin{statement}") == len(run("claims", "--select", "lemma-*").out.splitlines()) - 2
    assert run("claims", "--latex", "--standalone", "--select", "lemma-1").out.startswith(r"\documentclass")


@pytest.mark.long
def test_a_report_compiles_whatever_its_texts_hold(tmp_path: Path, pdflatex: str) -> None:
    report = write(tmp_path / "report", (TRUE, FALSE), quick=True)
    text = report.text("report.tex")
    assert text.count(r"\begin{proof}[Verdict: refuted]") == 1
    assert text.count(r"\begin{proof}[Verdict: proved]") == 1
    assert compiled(pdflatex, tmp_path, text).startswith(b"%PDF")
    about = {"title": "\n\nOurs_", "authors": ["A &\n\nB"], "reference": "10 %", "scope": "$θ$ #", "models": []}
    own = render_latex(report.content | {"own": True, "about": about}, {})
    assert r"\title{Ours\_, checked}" in own
    assert compiled(pdflatex, tmp_path, own).startswith(b"%PDF")
    with pytest.raises(AssertionError):
        compiled(pdflatex, tmp_path, standalone(r"\[x_{\undefined}\]"))


@pytest.mark.long
def test_all_statements_and_derivations_compile(
    run: Run, tmp_path: Path, pdflatex: str, done: Callable[[Task], Any]
) -> None:
    made = [derive(name, None if (s := statement_of(name)).general else s.smallest_k) for name in names()]
    fragments = [run("claims", "--latex").out, *(derivation.as_latex() for derivation in made)]
    assert compiled(pdflatex, tmp_path, standalone("\n\n".join(fragments))).startswith(b"%PDF")
    page = catalogue_page([done(derivation_task(derivation.name, derivation.k)) for derivation in made])
    # Of at most 3 MB; evidence, derivations for one k beside these, numbers and figures are the rest.
    assert len(page.encode()) < MOST_BYTES


def shown(lower: Any, upper: Any, digits: int, level: Level = Level.CERTIFIED) -> str:
    text = latex_command("x", Enclosure(lower, upper, level, "ball"), digits, "it")
    assert text.startswith(r"\newcommand{\x}{\ensuremath{")
    assert text.endswith("}}% it")
    return text.removeprefix(r"\newcommand{\x}{\ensuremath{").removesuffix("}}% it")


def test_numbers_of_any_size() -> None:
    for value, digits, text in (
        (Fraction(15, 16), 8, "0.9375"),
        (Fraction(51001, 100000), 3, "0.510"),
        (Fraction(-51001, 100000), 3, "-0.510"),
        (Fraction(20001, 10000), 3, "2.00"),
        (Fraction(123456, 1), 3, "123000"),
        (Fraction(1, 3 * 10**9), 3, r"3.33 \cdot 10^{-10}"),
        (Fraction(0), 3, "0"),
        (inf, 3, r"\infty"),
        (-inf, 3, r"-\infty"),
    ):
        assert shown(value, value, digits) == text


@examples(100)
@given(st.fractions(min_value=-1000, max_value=1000), st.integers(1, 12))
def test_a_rounded_number_is_within_half_a_unit_of_its_last_digit(value: Fraction, digits: int) -> None:
    text = shown(value, value, digits)
    mantissa, _, exponent = text.partition(r" \cdot 10^{")
    scale = Fraction(10) ** int(exponent.rstrip("}") or 0)
    error = abs(Fraction(mantissa) * scale - value)
    assert error <= abs(value) * Fraction(1, 2) * Fraction(10) ** (1 - digits)


def test_an_interval_that_rounds_either_way_has_more_digits_or_none() -> None:
    half = Fraction(25, 100)
    narrow = Fraction(1, 10**9)
    assert shown(half - narrow, half - narrow / 2, 1) == "0.2"
    assert shown(half - narrow, half + narrow, 1) == "0.25"
    with pytest.raises(CannotAnswerError, match="does not round to 1 digits for sure"):
        shown(half - Fraction(1, 10), half + Fraction(1, 10), 1)


def test_the_command(run: Run) -> None:
    case = ("evaluate", "kl_divergence", "--k", "3", "--weights", "1/2,3/10,1/5", "--radius", "1", "--digits", "5")
    result = run(*case, "--latex", r"\klAtOne")
    assert result.out == (
        r"\newcommand{\klAtOne}{\ensuremath{0.10484}}"
        "% kl_divergence, k = 3, weights = 1/2,3/10,1/5, radius = 1: certified\n"
    )
    run(*case, "--latex", "x", "--json").assert_one_line_error(2, "choose one")
    for name in ("", "k2", "a b", r"\\x", "x}", "é", "x" * 61):
        with pytest.raises(InputError, match="letters only"):
            check_command_name(name)


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


def test_pdf_is_asked_for_before_anything_is_computed(
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
