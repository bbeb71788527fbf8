"""`emtheory derive`: a symbolic derivation, step by step."""

import json
import textwrap
from collections import Counter

import click
import sympy
from sympy.printing.str import StrPrinter

from emtheory.numerics.errors import InputError
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.derivation import Derivation, DerivationError, Evidence, Step
from emtheory.theory.derivations import derive
from emtheory.theory.theorems import THEOREMS

MAX_WIDTH = 110


def run(statement: str, k: int | None, form: str) -> ExitCode:
    """Derive (for every k if it is None), print in the form text, latex or json, and return the exit status.

    Raises
    ------
    InputError
        If there is no such derivation.
    """
    try:
        derivation = derive(statement, k)
    except DerivationError as error:
        click.echo(f"emtheory: error: the derivation fails: {error}", err=True)
        return ExitCode.REFUTED
    except ValueError as error:
        raise InputError(str(error)) from None
    click.echo({"text": as_text, "latex": as_latex, "json": as_json}[form](derivation))
    return ExitCode.OK


def as_text(derivation: Derivation) -> str:
    """Return the derivation as plain text."""
    lines = [
        f"{derivation.title} ({derivation.number})",
        f"  {derivation.statement}",
        f"  source  {derivation.source}",
        f"  scope   {derivation.scope}",
        *([f"  basis   {basis(derivation)}"] if derivation.general else []),
    ]
    for number, (step, evidence) in enumerate(zip(derivation.steps, derivation.evidence, strict=True), start=1):
        lines += ["", f"{number}. {step.explanation} [{how_checked(step, evidence)}]"]
        lines += [f"     {line}" for line in _equation(step)]
    return "\n".join(line.rstrip() for line in lines)


_BASIS = (
    ("equation", "equations checked by machine"),
    ("inequality", "inequalities proved in words, and tested"),
    ("prose", "arguments in words"),
)


def basis(derivation: Derivation) -> str:
    """Say in a line what a derivation rests on: the program, cited theorems, and words."""
    kinds: Counter[str] = Counter(step.kind for step in derivation.steps)
    theorems = dict.fromkeys(step.theorem for step in derivation.steps if step.theorem)
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


def as_latex(derivation: Derivation) -> str:
    """Return the derivation as a fragment of LaTeX."""
    items = [
        f"\\item {_escaped(step.explanation)}" + (f"\n  \\[{step_latex(step)}\\]" if step.lhs is not None else "")
        for step in derivation.steps
    ]
    head = f"% {derivation.title}, {derivation.number}\n% Scope: {' '.join(derivation.scope.split())}"
    return "\n".join([head, "\\begin{enumerate}", *items, "\\end{enumerate}"])


def as_json(derivation: Derivation) -> str:
    """Return the derivation as a JSON document."""
    return json.dumps(as_document(derivation), indent=2)


def as_document(derivation: Derivation) -> dict[str, object]:
    """Return the derivation as JSON values."""
    steps = [
        {
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
        for number, (step, evidence) in enumerate(zip(derivation.steps, derivation.evidence, strict=True), start=1)
    ]
    return {
        "schema": 1,
        "name": derivation.name,
        "title": derivation.title,
        "statement": derivation.statement,
        "source": derivation.source,
        "scope": derivation.scope,
        "basis": basis(derivation),
        "k": derivation.k,
        "general": derivation.general,
        "steps": steps,
    }


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
