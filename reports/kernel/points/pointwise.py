"""Statements about two or three components at a point, over radii, or over boxes of radius and weight.

Bounds on the quantities are proved on each cell, and the cells are glued.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import partial
from types import MappingProxyType

from emtheory.numerics.case import Case
from emtheory.reports.certificates.certificate import value_of
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.kernel.files import NotExportedError, RocqFiles
from emtheory.reports.kernel.points import line_texts, plane_texts
from emtheory.reports.kernel.points.cells import Cell, Problem, Tree, cells_of, plan
from emtheory.reports.kernel.points.line_texts import LineTexts
from emtheory.reports.kernel.points.plane_texts import PlaneTexts
from emtheory.reports.kernel.points.texts import Texts, glue, written_out
from emtheory.reports.kernel.terms import domain_of, introduced, number, quantified, weight_expressions_of
from emtheory.reports.language.expression import Comparison, calls_of

QUANTITIES: Mapping[int, frozenset[str]] = MappingProxyType(
    {2: frozenset(line_texts.RANGES), 3: frozenset(plane_texts.QUANTITIES)}
)
"""Number of components → what can be exported for them at a point."""

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!="}
_MAX_RADIUS = {2: line_texts.MAX_RADIUS, 3: plane_texts.MAX_RADIUS}


def pointwise_files(question: Question, title: str, *, refuted: bool = False) -> RocqFiles:
    """Return the export of a statement about two or three components, or of its being false, at one k of `QUANTITIES`.

    NotExportedError names what of the statement or its domain is beyond what is exported.
    """
    case = question.cases[0]
    _check(question, case)
    if case.k == 2:
        return _refutation(question, title, None) if refuted else _proof(question, title, *_planned(question, None))
    if not refuted:
        return _proof(question, title, *_quickest(question))
    *coarser, finest = plane_texts.GRIDS
    for grid in coarser:
        with suppress(NotExportedError):
            return _refutation(question, title, grid)
    return _refutation(question, title, finest)


def _quickest(question: Question) -> tuple[Texts, Tree]:
    """Return what a statement is proved by with the least work, on one of the grids; NotExportedError if on none."""
    best, least = None, 0
    for grid in plane_texts.GRIDS:
        if best is not None and grid.work >= least:
            break
        with suppress(NotExportedError):
            planned = _planned(question, grid)
            work = len(cells_of(planned[1])) * grid.work
            best, least = (planned, work) if best is None or work < least else (best, least)
    return _planned(question, plane_texts.GRIDS[-1]) if best is None else best


def _stated(
    question: Question, grid: plane_texts.Grid | None, values: Mapping[str, Fraction] = MappingProxyType({})
) -> tuple[Texts, Problem]:
    """Return what Rocq is told of a statement, and what is to be bounded, with some variables as numbers."""
    case = question.cases[0]
    weights = weight_expressions_of(question, case)
    comparison = written_out(question.comparison, weights)
    quantities = tuple(dict.fromkeys(call.quantity for call in calls_of(comparison)))
    fixed = {} if "radius" in question.spans else {"radius": case.radius or Fraction(0)}
    if grid is None:
        texts: Texts = LineTexts(question, weights, quantities, {**fixed, **values})
        problem_of = partial(line_texts.line_problem, comparison, quantities, weights[0])
    else:
        texts = PlaneTexts(question, weights, quantities, {**fixed, **values}, grid)
        problem_of = partial(plane_texts.plane_problem, grid, comparison, quantities, weights)
    return texts, problem_of({**texts.symbols, **fixed})


def _planned(question: Question, grid: plane_texts.Grid | None) -> tuple[Texts, Tree]:
    texts, problem = _stated(question, grid)
    return texts, plan(problem, {name: (span.lower, span.top) for name, span in question.spans.items()})


def _proof(question: Question, title: str, texts: Texts, tree: Tree) -> RocqFiles:
    """Return the files that say that a statement holds on its domain."""
    cells = cells_of(tree)
    domain = domain_of(question)
    proof = [
        texts.beginning(),
        *(texts.lemma(f"cell_{index}", cell, texts.applied) for index, cell in enumerate(cells)),
        "Theorem checked : claim.",
        f"Proof.\n  unfold claim. {introduced(domain)}",
        *glue(tree, iter(range(len(cells))), 1),
        "Qed.\n",
    ]
    return RocqFiles(texts.statement(title, quantified(domain, texts.applied)), "\n".join(proof))


def _refutation(question: Question, title: str, grid: plane_texts.Grid | None) -> RocqFiles:
    """Return the files that say that a statement fails at a point, the first one where bounds show it."""
    _, problem = _stated(question, grid)
    weights = weight_expressions_of(question, question.cases[0])
    for case in question.places(question.cases[0]):
        point = {name: value_of(name, case) for name in question.spans}
        for link in _opposites(question.comparison):
            opposite = replace(problem, comparison=written_out(link, weights))
            try:
                cell = plan(opposite, {name: (value, value) for name, value in point.items()})
            except NotExportedError:
                continue
            if isinstance(cell, Cell):
                return _failing(question, link, cell, point, title, grid)
    raise NotExportedError("no point was found at which bounds show that the statement is false")


def _opposites(comparison: Comparison) -> Iterator[Comparison]:
    """Yield the opposite of each link of a chain."""
    for index, operator in enumerate(comparison.operators):
        if operator in _OPPOSITE:
            pair = slice(index, index + 2)
            yield Comparison(comparison.operands[pair], (_OPPOSITE[operator],), comparison.texts[pair])


def _failing(
    question: Question,
    link: Comparison,
    cell: Cell,
    point: Mapping[str, Fraction],
    title: str,
    grid: plane_texts.Grid | None,
) -> RocqFiles:
    """Return the files on a point at which the opposite of a link holds."""
    texts, _ = _stated(question, grid)
    there, _ = _stated(replace(question, comparison=link), grid, point)
    domain = domain_of(question)
    names = " ".join(name for name, _ in domain)
    inside = "".join(f"{hypothesis} /\\ " for _, hypothesis in domain)
    numbers = [number(point[name]) for name in question.spans]
    proof = [
        there.beginning(),
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
    if case.d != case.k - 1:
        raise NotExportedError(f"d = {case.d}: {case.k} components are exported in d = {case.k - 1}")
    if case.radius is None:
        raise NotExportedError("amplitudes have no export: give the radius")
    for call in calls_of(question.comparison):
        arguments_of(call, case)
    domain_of(question)
    top = question.spans["radius"].top if "radius" in question.spans else case.radius
    if top > _MAX_RADIUS[case.k]:
        raise NotExportedError(f"a radius of {top}: the export goes up to {_MAX_RADIUS[case.k]}")
