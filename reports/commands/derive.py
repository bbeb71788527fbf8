"""`emtheory derive`: a symbolic derivation, step by step."""

import json
import textwrap

import click
import sympy
from sympy.printing.str import StrPrinter

from emtheory.numerics.errors import InputError
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.derivations import derive
from emtheory.theory.proof.derivation import Derivation, DerivationError, Evidence
from emtheory.theory.proof.formula import HYPOTHESES
from emtheory.theory.proof.notation import line
from emtheory.theory.proof.step import Step
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
    statement = derivation.statement
    lines = [
        f"{derivation.title} ({derivation.number})",
        f"  {statement.text}",
        *([f"  where   {statement.legend}"] if statement.legend else []),
        *([f"  note    {statement.note}"] if statement.note else []),
        f"  source  {derivation.source}",
        f"  scope   {derivation.scope}",
        f"  basis   {derivation.basis}",
    ]
    for number, (step, evidence) in enumerate(zip(derivation.steps, derivation.evidence, strict=True), start=1):
        lines += ["", f"{number}. {step.explanation} [{how_checked(derivation, step, evidence)}]"]
        lines += [f"     {line}" for line in _equation(step)]
    return "\n".join(line.rstrip() for line in lines)


def how_checked(derivation: Derivation, step: Step, evidence: Evidence | None) -> str:
    """Say what a step rests on: the program, a cited theorem, or the reader; and on which steps and hypotheses."""
    if evidence is not None:
        how = f"checked by {evidence.method}"
        how += f", and at {evidence.points} exact points" if evidence.points else ""
    else:
        how = f"cites {step.theorem}" if step.theorem else step.kind
    numbers = {other.label: number for number, other in enumerate(derivation.steps, start=1) if other.label}
    uses = [str(numbers[label]) for label in dict.fromkeys(step.uses)]
    return "; ".join(
        [
            how,
            *([f"uses {', '.join(uses)}"] if uses else []),
            *([f"under: {', '.join(step.under)}"] if step.under else []),
        ]
    )


def as_latex(derivation: Derivation) -> str:
    """Return the derivation as a fragment of LaTeX."""
    items = [
        f"\\item {_escaped(step.explanation)}" + (f"\n  \\[{step_latex(step)}\\]" if step.formula is not None else "")
        for step in derivation.steps
    ]
    head = f"% {derivation.title}, {derivation.number}\n% Scope: {' '.join(derivation.scope.split())}"
    return "\n".join([head, "\\begin{enumerate}", *items, "\\end{enumerate}"])


def as_json(derivation: Derivation) -> str:
    """Return the derivation as a JSON document."""
    return json.dumps(as_document(derivation), indent=2)


def as_document(derivation: Derivation) -> dict[str, object]:
    """Return the derivation as JSON values."""
    statement = derivation.statement
    steps = [
        {
            "number": number,
            "kind": step.kind,
            "explanation": step.explanation,
            "theorem": THEOREMS[step.theorem] if step.theorem else None,
            "lhs": None if step.lhs is None else sympy.sstr(step.lhs),
            "rhs": None if step.rhs is None else sympy.sstr(step.rhs),
            "relation": step.formula.rel_op if step.relational and step.formula is not None else None,
            "latex": step_latex(step),
            "checked": None if evidence is None else {"method": evidence.method, "points": evidence.points},
            "how": how_checked(derivation, step, evidence),
            "label": step.label or None,
            "uses": list(step.uses),
            "under": list(step.under),
        }
        for number, (step, evidence) in enumerate(zip(derivation.steps, derivation.evidence, strict=True), start=1)
    ]
    return {
        "schema": 1,
        "name": derivation.name,
        "title": derivation.title,
        "statement": statement.text,
        "formal": {
            "variables": [
                {
                    "name": sympy.sstr(variable.symbol),
                    "domain": sympy.sstr(variable.domain),
                    "meaning": variable.meaning,
                }
                for variable in statement.variables
            ],
            "hypotheses": [{"name": name, "meaning": HYPOTHESES[name]} for name in statement.hypotheses],
            "conclusions": [sympy.sstr(conclusion) for conclusion in statement.conclusions],
            "note": statement.note,
        },
        "source": derivation.source,
        "scope": derivation.scope,
        "basis": derivation.basis,
        "rests_on": dict(derivation.rests_on),
        "k": derivation.k,
        "general": derivation.general,
        "steps": steps,
    }


def step_latex(step: Step) -> str:
    """Return the formula of a step in LaTeX, without delimiters; empty for a step in words."""
    if step.formula is None:
        return ""
    if step.lhs is None:
        return str(sympy.latex(step.formula))
    return f"{sympy.latex(step.lhs)} {_LATEX[step.formula.rel_op]} {sympy.latex(step.rhs)}"


_LATEX = {"==": "=", "<=": r"\leq", ">=": r"\geq", "<": "<", ">": ">", "!=": r"\neq"}


def _equation(step: Step) -> list[str]:
    """Two-dimensional notation where it fits a terminal, else each side as wrapped text."""
    if step.formula is None:
        return []
    drawn = sympy.pretty(step.formula, wrap_line=False).splitlines()
    if max(map(len, drawn)) <= MAX_WIDTH:
        return list(drawn)
    printer = _RowPrinter()
    relation = "" if step.lhs is None else step.formula.rel_op.replace("==", "=")
    formula = f"{printer.doprint(step.lhs)} {relation} {printer.doprint(step.rhs)}" if relation else line(step.formula)
    return textwrap.wrap(formula, MAX_WIDTH, subsequent_indent="  ", break_long_words=False)


class _RowPrinter(StrPrinter):  # type: ignore[misc]
    def _print_MatrixBase(self, matrix: sympy.MatrixBase) -> str:
        rows = (", ".join(map(self._print, matrix.row(i))) for i in range(matrix.rows))
        return f"[{', '.join(f'[{row}]' for row in rows)}]"


def _escaped(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(special.get(c, f"\\{c}" if c in "#$%&_{}" else c) for c in text)
