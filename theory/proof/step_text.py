"""A step of a derivation for the reader: as text for a terminal, as LaTeX, and as JSON values."""

import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.str import StrPrinter

from emtheory.theory.proof.notation import line
from emtheory.theory.proof.rules import Evidence
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.prose.formula import NotationError
from emtheory.theory.prose.latex import escaped, latex
from emtheory.theory.prose.unicode_text import plain
from emtheory.theory.sums import WHOLE
from emtheory.theory.theorems import THEOREMS

_WORD = re.compile(r"[A-Za-z]{2,}")
_SUFFIX = re.compile(r"([^_]+)_((?:[^\W_]|[+−∞])+)")
"""A name whose subscript is all that follows its only underscore."""


def formula_latex(expression: sympy.Basic) -> str:
    """Return a formula in LaTeX that needs amsmath and amssymb, in ASCII; the imaginary unit is upright."""
    return str(_LatexPrinter({"imaginary_unit": "ri"}).doprint(expression))


class TermsAsStored:
    """A printer with it leaves sums as they are that have an integral without symbols.

    To order their terms SymPy would compute every such integral in each of them anew, by quadrature.
    """

    def _as_ordered_terms(self, expression: sympy.Expr, order: str | None = None) -> Any:
        if any(part.is_number for part in expression.atoms(sympy.Integral)):
            return expression.args
        return super()._as_ordered_terms(expression, order)  # type: ignore[misc]  # of the printer


class _LatexPrinter(TermsAsStored, LatexPrinter):  # type: ignore[misc]
    def _deal_with_super_sub(self, string: str, style: str = "plain") -> str:
        if not string.isascii() or re.search(r"[^\w^]", string) or string.count("_") > 1:
            return _term(string)
        name, supers, subs = self._split_super_sub(string)
        # What SymPy knows, Greek letters above all, comes with a backslash; a word is no product of its letters.
        base = rf"\mathrm{{{name}}}" if _WORD.fullmatch(name) else name
        above = f"^{{{' '.join(supers)}}}" if supers else ""
        below = f"_{{{' '.join(subs)}}}" if subs else ""
        return f"{base}{above}{below}"

    def _print_Sum(self, part: sympy.Sum) -> str:
        if any(upper not in WHOLE for _, _, upper in part.limits):
            return str(super()._print_Sum(part))
        indices = " ".join(self._print(index) for index, *_ in part.limits)
        return rf"\sum_{{{indices}}} {self.parenthesize(part.function, PRECEDENCE['Mul'], strict=True)}"

    def _hprint_Function(self, func: str) -> Any:
        if func.isascii():
            return super()._hprint_Function(func)
        return _term(func)


def _term(name: str) -> str:
    whole = _SUFFIX.fullmatch(name)
    notation = f"{whole[1]}_{{{whole[2]}}}" if whole else name.replace("_min", "_{min}")
    try:
        return latex(f"${notation}$").strip("$")
    except NotationError:
        return rf"\text{{{escaped(name)}}}"


MAX_WIDTH = 110
"""Columns of a formula."""

_BASIS = (
    ("equations", "equations checked by machine"),
    ("inequalities", "inequalities decided by machine"),
    ("prose", "arguments in words"),
)


def rests_on(steps: Sequence[Step]) -> Mapping[str, int]:
    """Return how many steps there are of each kind, theorems counted once each."""
    kinds: Counter[str] = Counter(step.kind for step in steps)
    return {
        "equations": kinds["equation"],
        "inequalities": kinds["inequality"],
        "theorems": len({step.theorem for step in steps if step.theorem}),
        "prose": kinds["prose"],
        "definitions": kinds["definition"],
    }


def basis(steps: Sequence[Step]) -> str:
    """Say in a line what steps rest on: the program, cited theorems, and words."""
    counts = rests_on(steps)
    theorems = dict.fromkeys(step.theorem for step in steps if step.theorem)
    parts = [f"{how}: {counts[kind]}" for kind, how in _BASIS if counts[kind]]
    conditions = sum(step.kind == "condition" for step in steps)
    parts += [f"conditions on constants and names: {conditions}"] if conditions else []
    return "; ".join([*parts, *([f"cited: {', '.join(theorems)}"] if theorems else [])])


def how_checked(steps: Sequence[Step], step: Step, evidence: Evidence | None) -> str:
    """Say what a step rests on: the program, a cited theorem, or the reader; on which steps and hypotheses.

    `steps`, `step`, `evidence`: all steps of the derivation, whose numbers are told; one of them, and how it was
    checked.
    """
    if evidence is not None:
        points = f"{evidence.points} exact {'point' if evidence.points == 1 else 'points'}"
        how = f"checked by {evidence.method}{f', at {points}' if evidence.points else ''}"
    else:
        how = f"cites {step.theorem}" if step.theorem else step.kind
        how += f": no rule for {step.lacks}" if step.lacks else ""
    numbers = {other.label: number for number, other in enumerate(steps, start=1) if other.label}
    uses = [str(numbers[label]) for label in dict.fromkeys(step.uses)]
    return "; ".join(
        [
            how,
            *([f"uses {', '.join(uses)}"] if uses else []),
            *([f"under: {', '.join(step.under)}"] if step.under else []),
        ]
    )


def step_text(steps: Sequence[Step], number: int, evidence: Evidence | None) -> list[str]:
    """Return the lines of a step, numbered from 1, and of how it was checked."""
    step = steps[number - 1]
    head = f"{number}. {plain(step.explanation)} [{how_checked(steps, step, evidence)}]"
    return ["", head, *(f"     {drawn}" for drawn in _equation(step))]


def step_item(step: Step, how: str) -> str:
    """Return a step, and how it was checked, as an item of a list in LaTeX."""
    formula = f"\n  \\[{step_latex(step)}\\]" if step.formula is not None else ""
    return rf"\item {latex(step.explanation)} \emph{{[{latex(how)}]}}{formula}"


def step_document(steps: Sequence[Step], number: int, evidence: Evidence | None) -> dict[str, object]:
    """Return a step, numbered from 1, and how it was checked as JSON values."""
    step = steps[number - 1]
    return {
        "number": number,
        "kind": step.kind,
        "explanation": step.explanation,
        "theorem": THEOREMS[step.theorem] if step.theorem else None,
        "lhs": None if step.lhs is None else formula_text(step.lhs),
        "rhs": None if step.rhs is None else formula_text(step.rhs),
        "relation": step.formula.rel_op if step.formula is not None and step.lhs is not None else None,
        "latex": step_latex(step),
        "checked": None if evidence is None else {"method": evidence.method, "points": evidence.points},
        "how": how_checked(steps, step, evidence),
        "label": step.label or None,
        "uses": list(step.uses),
        "under": list(step.under),
    }


def step_latex(step: Step) -> str:
    """Return the formula of a step in LaTeX, without delimiters; empty for a step in words."""
    if step.formula is None:
        return ""
    if step.lhs is None:
        return formula_latex(step.formula)
    return f"{formula_latex(step.lhs)} {_LATEX[step.formula.rel_op]} {formula_latex(step.rhs)}"


_LATEX = {"==": "=", "<=": r"\leq", ">=": r"\geq", "<": "<", ">": ">", "!=": r"\neq"}


def _equation(step: Step) -> list[str]:
    if step.formula is None:
        return []
    formula = plain(f"${line(step.formula)}$")
    return textwrap.wrap(formula, MAX_WIDTH, subsequent_indent="  ", break_long_words=False)


def formula_text(expression: sympy.Basic) -> str:
    """Return an expression or formula as SymPy writes it on a line."""
    return str(_TextPrinter().doprint(expression))


class _TextPrinter(TermsAsStored, StrPrinter):  # type: ignore[misc]
    """Of what JSON documents have."""
