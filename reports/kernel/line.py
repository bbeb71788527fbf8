"""Statements about two components at a point, over radii, or over boxes of radius and weight.

Bounds on the integrals that define the quantities are proved by CoqInterval on each cell, and the cells are glued.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.reports.certificates.certificate import value_of
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.evaluation import arguments_of, calls_of
from emtheory.reports.kernel.cells import MAX_RADIUS, RANGES, Cell, LineProblem, cells_of, plan
from emtheory.reports.kernel.files import NotExportedError, RocqFiles, library
from emtheory.reports.kernel.line_texts import LineTexts, glue
from emtheory.reports.kernel.spans import domain_of, introduced, quantified
from emtheory.reports.kernel.terms import number
from emtheory.reports.kernel.weights import weight_expressions_of
from emtheory.reports.language.expression import Comparison

QUANTITIES = frozenset(RANGES)
"""What can be exported for two components at a point."""

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}


def line_files(question: Question, title: str, *, refuted: bool = False) -> RocqFiles:
    """Return the export of a statement about two components.

    Parameters
    ----------
    question
        The claim, for k = 2.
    title
        What stands above the claim, as a comment.
    refuted
        Whether it is to be exported that the statement is false.

    Raises
    ------
    NotExportedError
        If the statement or its domain is beyond what is exported; the message names what.
    """
    case = question.cases[0]
    _check(question, case)
    weights = weight_expressions_of(question, case)
    quantities = tuple(dict.fromkeys(call.quantity for call in calls_of(question.comparison)))
    fixed = {} if "radius" in question.spans else {"radius": case.radius or Fraction(0)}
    texts = LineTexts(question, weights, quantities, fixed)
    problem = LineProblem(question.comparison, quantities, weights[0], fixed.get("radius"))
    if refuted:
        return _refutation(texts, problem, title)
    tree = plan(problem, {name: (span.lower, span.top) for name, span in question.spans.items()})
    cells = cells_of(tree)
    domain = domain_of(question)
    proof = [
        library("line_lemmas"),
        *(texts.lemma(f"cell_{index}", cell, texts.applied) for index, cell in enumerate(cells)),
        "Theorem checked : claim.",
        f"Proof.\n  unfold claim. {introduced(domain)}",
        *glue(tree, iter(range(len(cells))), 1),
        "Qed.\n",
    ]
    return RocqFiles(texts.statement(title, quantified(domain, texts.applied)), "\n".join(proof))


def _refutation(texts: LineTexts, problem: LineProblem, title: str) -> RocqFiles:
    """Return the files that say that a statement fails at a point, the first one where bounds show it."""
    question = texts.question
    for case in question.places(question.cases[0]):
        point = {name: value_of(name, case) for name in question.spans}
        for link in _opposites(problem.comparison):
            opposite = replace(problem, comparison=link)
            try:
                cell = plan(opposite, {name: (value, value) for name, value in point.items()})
            except NotExportedError:
                continue
            if isinstance(cell, Cell):
                return _failing(texts, link, cell, {**texts.values, **point}, title)
    raise NotExportedError("no point was found at which bounds show that the statement is false")


def _opposites(comparison: Comparison) -> Iterator[Comparison]:
    """Yield the opposite of each link of a chain."""
    for index, operator in enumerate(comparison.operators):
        if operator in _OPPOSITE:
            pair = slice(index, index + 2)
            yield Comparison(comparison.operands[pair], (_OPPOSITE[operator],), comparison.texts[pair])


def _failing(texts: LineTexts, link: Comparison, cell: Cell, values: Mapping[str, Fraction], title: str) -> RocqFiles:
    """Return the files on a point at which the opposite of a link holds."""
    question = texts.question
    domain = domain_of(question)
    names = " ".join(name for name, _ in domain)
    inside = "".join(f"{hypothesis} /\\ " for _, hypothesis in domain)
    there = LineTexts(
        replace(question, comparison=link), weight_expressions_of(question, question.cases[0]), texts.quantities, values
    )
    numbers = [number(values[name]) for name in question.spans]
    proof = [
        library("line_lemmas"),
        there.lemma("opposite", cell, there.said),
        "Theorem checked : claim.",
        "Proof.\n  unfold claim.",
        *(f"  exists {value}." for value in numbers),
        *("  split; [lra|]." for _ in domain),
        "  unfold holds. intros H. assert (O := opposite).",
        "  repeat match goal with H : _ /\\ _ |- _ => destruct H end.",
        "  first [lra | contradiction].",
        "Qed.\n",
    ]
    claim = f"exists {names} : R, {inside}~ {texts.applied}" if names else f"~ {texts.applied}"
    return RocqFiles(texts.statement(title, claim), "\n".join(proof))


def _check(question: Question, case: Case) -> None:
    """Raise NotExportedError that names what is not exported."""
    if question.assumptions:
        raise NotExportedError("assumptions that tie variables together have no export")
    if case.d != 1:
        raise NotExportedError(f"d = {case.d}: two components are exported on a line, d = 1")
    if case.radius is None:
        raise NotExportedError("amplitudes have no export: give the radius")
    for call in calls_of(question.comparison):
        arguments_of(call, case)
    domain_of(question)
    top = question.spans["radius"].top if "radius" in question.spans else case.radius
    if top > MAX_RADIUS:
        raise NotExportedError(f"a radius of {top}: the export goes up to {MAX_RADIUS}")
