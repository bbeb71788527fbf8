"""A statement on one box of several variables, at stated parameters: no search, the same answer every time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.operations import as_interval
from emtheory.numerics.intervals.taylor_form import TaylorForm, constant, signs_of
from emtheory.numerics.level import Level
from emtheory.reports.decide.boxes.cell import BoxCell, Sides
from emtheory.reports.decide.boxes.expression_forms import links_by
from emtheory.reports.decide.boxes.family_forms import FamilyForms, FamilyProblem
from emtheory.reports.decide.boxes.forms import BoxForms, BoxProblem, Memo, precision_bits
from emtheory.reports.decide.boxes.part_forms import PartForms
from emtheory.reports.decide.boxes.reach import is_stepwise
from emtheory.reports.decide.boxes.tail_forms import FamilyTailForms, SimplexTailForms, TailForms
from emtheory.reports.decide.edges.amplitude_edge import AmplitudeEdgeForms
from emtheory.reports.decide.edges.edge import ATTEMPTS as EXACT_TERMS
from emtheory.reports.decide.edges.edge import EdgeForms, OddEdgeForms
from emtheory.reports.decide.edges.family_edge import FamilyEdgeForms, family_edges
from emtheory.reports.decide.edges.heavy_edge import HeavyEdgeForms
from emtheory.reports.decide.edges.known_bounds import KnownBounds
from emtheory.reports.decide.edges.touching import TouchingForms
from emtheory.reports.decide.point import FIRST_DIGITS, decide_once
from emtheory.reports.decide.verdict import ANYTHING, Finding, Link, answer
from emtheory.reports.language.expression import Comparison


@dataclass(frozen=True)
class Examined:
    """A statement on a box, whether all assumptions hold on all of it, and what each variable adds to the width.

    `margin`: by how much what is open holds in the middle, if the forms tell that it does.
    """

    finding: Finding
    inside: bool
    spread: tuple[float, ...]
    margin: float | None = None


def decide_cell(problem: BoxProblem | FamilyProblem, cell: BoxCell, memo: Memo) -> Examined:
    """Decide a statement for every point of a box where the assumptions hold.

    InputError if the statement certainly has no value somewhere on the box, and the assumptions hold on all of it.
    """
    case = problem.question.place(problem.case, cell.centre)
    texts = problem.question.comparison.texts
    forms = _forms(problem, cell, memo)
    spread = [0.0] * len(cell.sides)
    inside = True
    with arb_precision(precision_bits(cell.digits)):
        for assumption in problem.question.local_assumptions:
            links, widths, reason, _ = _links(forms, assumption)
            premise = Finding(case, assumption.texts, links, reason, cell.digits, box=cell)
            if premise.holds is False:
                return Examined(Finding(case, texts, (), "", cell.digits, box=cell, premises=(premise,)), True, ())
            if premise.holds is None:
                inside = False
                spread = [max(pair) for pair in zip(spread, widths, strict=True)]
        try:
            links, widths, reason, margin = _links(forms, problem.question.comparison)
        except InputError as error:
            if inside:
                raise
            links, widths, reason, margin = (), [0.0] * len(spread), str(error), None
    spread = [max(pair) for pair in zip(spread, widths, strict=True)]
    if not reason and any(link.holds is None for link in links):
        reason = f"not decided with {cell.digits} digits"
    finding = Finding(case, texts, links, reason, cell.digits, box=cell)
    return Examined(finding, inside, tuple(spread), margin)


def _forms(problem: BoxProblem | FamilyProblem, cell: BoxCell, memo: Memo) -> BoxForms | FamilyForms:
    if isinstance(problem, FamilyProblem):
        return FamilyTailForms(cell, problem) if cell.tail else FamilyForms(cell, problem)
    return SimplexTailForms(cell, problem, memo) if cell.tail else BoxForms(cell, problem, memo)


def _links(
    forms: BoxForms | FamilyForms, comparison: Comparison
) -> tuple[tuple[Link, ...], Sequence[float], str, float | None]:
    """The links, what each variable adds to the width of open ones, what failed, and by how much they hold if known."""
    unknown = [0.0] * len(forms.cell.sides)
    try:
        if isinstance(forms, TailForms):
            links, differences = forms.links(comparison)
        else:
            touching = None if isinstance(forms, BoxForms) else TouchingForms(forms).links(comparison)
            links, differences = touching or links_by(forms.form, comparison)
    except CannotAnswerError as error:
        if forms.cell.tail or is_stepwise(forms.problem.question):
            return (), unknown, str(error), None
        links = _at_edge(forms, comparison)
        return links, _beside_the_edge(forms, unknown), "" if links else str(error), None
    if any(link.holds is None for link in links) and not (forms.cell.tail or is_stepwise(forms.problem.question)):
        links = _at_edge(forms, comparison, links)
    undecided = [(link, form) for link, form in zip(links, differences, strict=True) if link.holds is None]
    if undecided and _is_heavy(forms):
        return links, _beside_the_edge(forms, unknown), "", None
    widths = [_widths(form, forms.cell.sides) for _, form in undecided]
    if undecided:
        widths.append(forms.unsloped)
    fails = any(link.holds is False for link in links)
    margins = [None] if forms.cell.tail or fails else [_margin(*each) for each in undecided]
    margin = None if None in margins else min((each for each in margins if each is not None), default=0.0)
    return links, [max(each) for each in zip(unknown, *widths, strict=True)], "", margin


def _margin(link: Link, form: TaylorForm) -> float | None:
    """How far the sides of a link are apart in the middle of the box, if the form of their difference says it holds."""
    middle = constant(form.coefficients[0], form.domain)
    values = middle.range
    return float(values.lower.max(-values.upper).max(0)) if answer(link.operator, signs_of(middle)) else None


def _is_heavy(forms: BoxForms | FamilyForms) -> bool:
    """Whether a weight is nearly 1 on all of the window, so that what is open there touches where it is 1."""
    if isinstance(forms, FamilyForms):
        return False
    edge, window = HeavyEdgeForms(forms), forms.cell.window
    return edge.applies and edge.is_near(window)


def _beside_the_edge(forms: BoxForms | FamilyForms, unknown: list[float]) -> list[float]:
    """Where a weight is 1 it is in other variables that boxes are bisected."""
    if not _is_heavy(forms):
        return unknown
    sides = forms.cell.sides.items()
    names = forms.problem.question.parameters
    return [0.0 if high == 1 and name in names else float(high - low) for name, (low, high) in sides]


def _holds_at_zero(forms: BoxForms | FamilyForms, comparison: Comparison) -> bool:
    """Whether the radius is the only variable, and a comparison holds at 0 itself."""
    if isinstance(forms, FamilyForms) or list(forms.cell.sides) != ["radius"]:
        return False
    try:
        return decide_once(comparison, forms.problem.case.at_radius(Fraction(0)), FIRST_DIGITS).holds is True
    except (CannotAnswerError, InputError):
        return False


def _at_edge(forms: BoxForms | FamilyForms, comparison: Comparison, links: Sequence[Link] = ()) -> tuple[Link, ...]:
    """The links, with those that hold where sides touch at an edge or inside, or else on many parts of the cell.

    None are given where the sides have no forms; then all of them if they hold, at the edge too if it belongs, or none.
    """
    result = list(links) or [
        Link(operator, ANYTHING, ANYTHING, None, Level.CERTIFIED, None) for operator in comparison.operators
    ]
    for edge in _ways(forms, comparison, inside=bool(links)):
        if not edge.applies or not (links or edge.is_open or _holds_at_zero(forms, comparison)):
            continue
        for i, sides in enumerate(comparison.pairs):
            distance = edge.distance(*sides) if result[i].holds is None else None
            result[i] = result[i] if distance is None else replace(result[i], holds=True, distance=distance)
    return tuple(result) if links or all(link.holds for link in result) else ()


def _ways(
    forms: BoxForms | FamilyForms, comparison: Comparison, *, inside: bool
) -> Sequence[EdgeForms | TouchingForms | KnownBounds | FamilyEdgeForms | PartForms]:
    """The ways to look at a statement where its sides may touch, or on parts, inside too if they have forms there."""
    if isinstance(forms, FamilyForms):
        return [*([TouchingForms(forms)] if inside else ()), KnownBounds(forms), *family_edges(forms)]
    near_zero = [*(EdgeForms(forms, terms) for terms in EXACT_TERMS), OddEdgeForms(forms), AmplitudeEdgeForms(forms)]
    edges = [each for each in near_zero if each.applies]
    if inside and not (edges and _may_touch(forms, comparison)):
        return [HeavyEdgeForms(forms), PartForms.of(forms)]
    return [HeavyEdgeForms(forms), *edges]


def _may_touch(forms: BoxForms, comparison: Comparison) -> bool:
    """Whether sides seem to be equal at the end of the cell that is nearest to the point 0."""
    others = forms.problem.question.parameters
    lower = {name: ends if name in others else 2 * (ends[0],) for name, ends in forms.cell.sides.items()}
    try:
        links, _ = links_by(replace(forms, cell=replace(forms.cell, sides=lower)).form, comparison)
    except (CannotAnswerError, InputError):  # What is divided by the radius has no value at 0.
        return True
    differences = (link.difference for link in links)
    return any(each is not None and each.lower <= 0 <= each.upper for each in differences)


def _widths(form: TaylorForm, sides: Sides) -> list[float]:
    """How far the value may be from that at the centre, along each variable."""
    slopes = map(as_interval, form.coefficients[1:])
    return [
        max(abs(float(slope.lower)), abs(float(slope.upper))) * float(upper - lower) / 2
        for slope, (lower, upper) in zip(slopes, sides.values(), strict=True)
    ]
