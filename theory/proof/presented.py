"""How a derivation shows itself: as text, LaTeX, JSON values, and HTML for notebooks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import chain
from textwrap import wrap

import sympy

from emtheory.theory.mathml import mathml
from emtheory.theory.proof.formula import HYPOTHESES, Proposition
from emtheory.theory.proof.rules import Evidence
from emtheory.theory.proof.step_parts import Step
from emtheory.theory.proof.step_text import (
    basis,
    formula_text,
    how_checked,
    rests_on,
    step_document,
    step_item,
    step_latex,
    step_text,
)
from emtheory.theory.prose.latex import latex
from emtheory.theory.prose.markup import markup
from emtheory.theory.prose.unicode_text import plain

_WIDTH = 110
"""Of the lines of a derivation's head; formulas in steps have their own."""
_MARGIN = 11
"""Columns before what a line of the head says."""


def _entry(title: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a part of the head, the title before the first."""
    for text in texts:
        for line in wrap(plain(text), _WIDTH - _MARGIN, break_long_words=False, break_on_hyphens=False):
            yield f"  {title:{_MARGIN - 2}}{line}"
            title = ""


_LATEX_ENVIRONMENTS = (
    r"\ifdefined\theorem\else\newtheorem{theorem}{Theorem}\fi",
    r"\ifdefined\proof\else\newenvironment{proof}{\par\noindent\emph{Proof.}}{\hfill$\square$\par}\fi",
)
"""Those of the document that a derivation is put into, made where it has none."""


@dataclass(frozen=True, repr=False)
class Presented:
    """The parts of a derivation and how they are presented; `emtheory.theory.proof.derivation.Derivation` checks them.

    `source` says where the paper says it, or what follows from what, and `scope` in which generality it was proved; `k`
    is None if it is for every k; `evidence` has one entry a step, None for what needs no check.
    """

    name: str
    title: str
    statement: Proposition
    source: str
    scope: str
    k: int | None
    steps: tuple[Step, ...]
    evidence: tuple[Evidence | None, ...] = field(init=False)

    @property
    def general(self) -> bool:
        """Whether it is for every k."""
        return self.k is None

    @property
    def number(self) -> str:
        """The number of components, for the reader."""
        return "every k" if self.k is None else f"k = {self.k}"

    @property
    def rests_on(self) -> Mapping[str, int]:
        """How many steps there are of each kind, theorems counted once each."""
        return rests_on(self.steps)

    @property
    def basis(self) -> str:
        """What it rests on, in a line: the program, cited theorems, and words."""
        return basis(self.steps)

    @property
    def conclusion(self) -> str:
        """What it says under the conditions of its statement, on one line."""
        return "; ".join(self.statement.said) or self.statement.text

    def as_text(self) -> str:
        """Return the derivation as plain text."""
        statement = self.statement
        lines = [f"{plain(self.title)} ({self.number})"]
        for title, texts in (
            ("", [statement.quantified]),
            *chain.from_iterable(
                (("if", [", ".join(names)]), ("then" if statement.variables or names else "", said))
                for names, said in statement.grouped
            ),
            ("where", [statement.legend]),
            ("note", [statement.note]),
            ("source", [self.source]),
            ("scope", [self.scope]),
            ("basis", [basis(self.steps)]),
        ):
            lines += _entry(title, [text for text in texts if text])
        for number, evidence in enumerate(self.evidence, start=1):
            lines += step_text(self.steps, number, evidence)
        return "\n".join(line.rstrip() for line in lines)

    def as_latex(self) -> str:
        """Return the derivation as a theorem and its proof in LaTeX, a fragment that needs amsmath and amssymb."""
        statement = self.statement
        number = "every $k$" if self.k is None else f"$k = {self.k}$"
        said = [latex(text) for text in dict.fromkeys((statement.text, statement.legend, statement.note)) if text]
        rest = (("Source", self.source), ("Scope", self.scope), ("Basis", self.basis))
        steps = zip(self.steps, self.evidence, strict=True)
        lines = [
            *_LATEX_ENVIRONMENTS,
            rf"\begin{{theorem}}[{{{latex(self.title)} ({number})}}]",
            *(f"{text[:1].upper()}{text[1:]}." for text in said),
            r"\end{theorem}",
            *(rf"\emph{{{name}:}} {latex(text)}." for name, text in rest),
            r"\begin{proof}",
            r"\leavevmode",
            r"\begin{enumerate}",
            *(step_item(step, how_checked(self.steps, step, evidence)) for step, evidence in steps),
            r"\end{enumerate}",
            r"\end{proof}",
        ]
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """Return the derivation as in ``derive --json``."""
        statement = self.statement
        return {
            "schema": 1,
            "name": self.name,
            "title": self.title,
            "statement": statement.text,
            "conclusion": self.conclusion,
            "formal": {
                "variables": [
                    {
                        "name": sympy.sstr(variable.symbol),
                        "domain": sympy.sstr(variable.domain),
                        "meaning": variable.meaning,
                        "exists": variable.exists,
                    }
                    for variable in statement.variables
                ],
                "hypotheses": [{"name": name, "meaning": HYPOTHESES[name]} for name in statement.hypotheses],
                "conclusions": [formula_text(conclusion) for conclusion in statement.conclusions],
                "grounds": [list(names) for names in statement.grounds],
                "note": statement.note,
            },
            "source": self.source,
            "scope": self.scope,
            "basis": basis(self.steps),
            "rests_on": dict(self.rests_on),
            "k": self.k,
            "general": self.general,
            "steps": [step_document(self.steps, number, found) for number, found in enumerate(self.evidence, start=1)],
        }

    def __repr__(self) -> str:
        return self.as_text()

    def _repr_html_(self) -> str:
        statement = self.statement
        said = "<br>".join(map(markup, dict.fromkeys(filter(None, (statement.text, statement.legend, statement.note)))))
        head = f"<strong>{markup(self.title)}</strong> ({escape(self.number)})<br>{said}"
        foot = f"Source: {self.source}. Scope: {self.scope} Basis: {basis(self.steps)}."
        return f"<p>{head}</p><ol>{''.join(self._items())}</ol><p><small>{markup(foot)}</small></p>"

    def _items(self) -> Iterator[str]:
        for step, evidence in zip(self.steps, self.evidence, strict=True):
            drawn = mathml(step_latex(step)) if step.formula is not None else ""
            formula = f'<div style="math-style:normal">{drawn}</div>' if drawn else ""
            how = how_checked(self.steps, step, evidence)
            yield f"<li>{markup(step.explanation)} <em>[{escape(how)}]</em>{formula}</li>"
