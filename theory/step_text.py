"""A step of a derivation for the reader: as text for a terminal, as LaTeX, and as JSON values."""

import textwrap
from collections import Counter
from collections.abc import Sequence

import sympy
from sympy.printing.str import StrPrinter

from emtheory.theory.step import Evidence, Step
from emtheory.theory.theorems import THEOREMS

MAX_WIDTH = 110
"""Columns of a formula that is drawn in two dimensions."""

_BASIS = (
    ("equation", "equations checked by machine"),
    ("inequality", "inequalities proved in words, and tested"),
    ("prose", "arguments in words"),
)


def basis(steps: Sequence[Step]) -> str:
    """Say in a line what steps rest on: the program, cited theorems, and words."""
    kinds: Counter[str] = Counter(step.kind for step in steps)
    theorems = dict.fromkeys(step.theorem for step in steps if step.theorem)
    parts = [f"{how}: {kinds[kind]}" for kind, how in _BASIS if kinds[kind]]
    return "; ".join([*parts, *([f"cited: {', '.join(theorems)}"] if theorems else [])])


def how_checked(step: Step, evidence: Evidence | None) -> str:
    """Say what a step rests on: the program, a cited theorem, or the reader."""
    if step.theorem:
        return f"cites {step.theorem}"
    if evidence is None:
        return step.kind
    if step.kind == "inequality":
        return f"proof in words, tested at {evidence.points} points"
    return f"checked by {evidence.method}, and at {evidence.points} exact points"


def step_text(number: int, step: Step, evidence: Evidence | None) -> list[str]:
    """Return the lines of a numbered step."""
    head = f"{number}. {step.explanation} [{how_checked(step, evidence)}]"
    return ["", head, *(f"     {line}" for line in _equation(step))]


def step_document(number: int, step: Step, evidence: Evidence | None) -> dict[str, object]:
    """Return a numbered step as JSON values."""
    return {
        "number": number,
        "kind": step.kind,
        "explanation": step.explanation,
        "theorem": THEOREMS[step.theorem] if step.theorem else None,
        "lhs": None if step.lhs is None else sympy.sstr(step.lhs),
        "rhs": None if step.rhs is None else sympy.sstr(step.rhs),
        "latex": step_latex(step),
        "checked": None if evidence is None else {"method": evidence.method, "points": evidence.points},
        "how": how_checked(step, evidence),
    }


def step_item(step: Step) -> str:
    """Return a step as an item of a list in LaTeX."""
    formula = f"\n  \\[{step_latex(step)}\\]" if step.lhs is not None else ""
    return f"\\item {_escaped(step.explanation)}{formula}"


def step_latex(step: Step) -> str:
    """Return the formula of a step in LaTeX, without delimiters; empty for a step in words."""
    if step.lhs is None:
        return ""
    relation = r"\leq" if step.kind == "inequality" else "="
    return f"{sympy.latex(step.lhs)} {relation} {sympy.latex(step.rhs)}"


def _equation(step: Step) -> list[str]:
    """Two-dimensional notation where it fits a terminal, else each side as wrapped text."""
    if step.lhs is None:
        return []
    relate = sympy.Le if step.kind == "inequality" else sympy.Eq
    drawn = sympy.pretty(relate(step.lhs, step.rhs, evaluate=False), wrap_line=False).splitlines()
    if max(map(len, drawn)) <= MAX_WIDTH:
        return list(drawn)
    printer = _RowPrinter()
    formula = f"{printer.doprint(step.lhs)} {'<=' if step.kind == 'inequality' else '='} {printer.doprint(step.rhs)}"
    return textwrap.wrap(formula, MAX_WIDTH, subsequent_indent="  ", break_long_words=False)


class _RowPrinter(StrPrinter):  # type: ignore[misc]
    def _print_MatrixBase(self, matrix: sympy.MatrixBase) -> str:
        rows = (", ".join(map(self._print, matrix.row(i))) for i in range(matrix.rows))
        return f"[{', '.join(f'[{row}]' for row in rows)}]"


def _escaped(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(special.get(c, f"\\{c}" if c in "#$%&_{}" else c) for c in text)
