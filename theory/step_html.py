"""A step of a derivation for a notebook: formulas in MathML, no scripts and no colours of its own."""

from html import escape

from emtheory.theory.mathml import mathml
from emtheory.theory.step import Evidence, Step
from emtheory.theory.step_text import how_checked, step_latex


def step_html(step: Step, evidence: Evidence | None) -> str:
    """Return a step as an item of a list."""
    formula = mathml(step_latex(step)) if step.lhs is not None else ""
    return f"<li>{escape(step.explanation)} <em>[{escape(how_checked(step, evidence))}]</em>{formula}</li>"
