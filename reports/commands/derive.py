"""`emtheory derive`: a symbolic derivation, step by step."""

import json
import textwrap

import click
import sympy
from sympy.printing.str import StrPrinter

from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.derivation import as_document, basis, how_checked, step_latex
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.derivation import Derivation, DerivationError, Step
from emtheory.theory.derivations import derive

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
