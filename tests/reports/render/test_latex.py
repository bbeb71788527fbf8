"""LaTeX compiles as it is."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.catalogue.examination import derivation_task
from emtheory.reports.checking.tasks import Task
from emtheory.reports.render.latex import prose_latex, standalone
from emtheory.reports.render.report_latex import render_latex
from emtheory.theory.derivations import derive, names, statement_of
from tests.programs import installed
from tests.reports.conftest import Run
from tests.reports.render.test_html import catalogue_page
from tests.reports.report.small_report import FALSE, TRUE, write

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
    run("derive", "descent", "--standalone").assert_one_line_error(2, "add --format latex")
    listed = run("claims", "--latex", "--select", "lemma-*").out
    assert listed.count(r"\begin{statement}") == len(run("claims", "--select", "lemma-*").out.splitlines()) - 2
    assert run("claims", "--latex", "--standalone", "--select", "lemma-1").out.startswith(r"\documentclass")
    run("claims", "--standalone").assert_one_line_error(2, "add --latex")
    run("claims", "--latex", "--json").assert_one_line_error(2, "leave --json")


@pytest.mark.long
def test_a_report_compiles_whatever_its_texts_hold(tmp_path: Path, pdflatex: str) -> None:
    report = write(tmp_path / "report", (TRUE, FALSE), quick=True)
    text = report.text("report.tex")
    assert text.count(r"\begin{proof}[Verdict: refuted]") == 1
    assert text.count(r"\begin{proof}[Verdict: proved]") == 1
    assert compiled(pdflatex, tmp_path, text).startswith(b"%PDF")
    about = {"title": "Ours_", "authors": ["A & B"], "reference": "10 %", "scope": "$θ$ #", "models": []}
    own = render_latex(report.content | {"own": True, "about": about}, {})
    assert r"\title{Ours\_, checked}" in own
    assert compiled(pdflatex, tmp_path, own).startswith(b"%PDF")
    with pytest.raises(AssertionError):
        compiled(pdflatex, tmp_path, standalone(r"\[x_{\undefined}\]"))


@pytest.mark.long
def test_statements_and_derivations_compile_all_together_and_their_page_stays_small(
    run: Run, tmp_path: Path, pdflatex: str, done: Callable[[Task], Any]
) -> None:
    made = [derive(name, None if (s := statement_of(name)).general else s.smallest_k) for name in names()]
    fragments = [run("claims", "--latex").out, *(derivation.as_latex() for derivation in made)]
    assert compiled(pdflatex, tmp_path, standalone("\n\n".join(fragments))).startswith(b"%PDF")
    page = catalogue_page([done(derivation_task(derivation.name, derivation.k)) for derivation in made])
    # Of at most 3 MB; evidence, derivations for one k beside these, numbers and figures are the rest.
    assert len(page.encode()) < MOST_BYTES
