"""Claims: the sides of each statement over its domain, and the witness of those that are refuted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.reports.checking.check_text import shorten
from emtheory.reports.decide.domain import Question, read_claim
from emtheory.reports.decide.point import decide_once
from emtheory.reports.progress import progress
from emtheory.reports.render.chart import Chart, Placed, curve_of, even, row_of
from emtheory.reports.render.panels import Curve, Panel
from emtheory.theory.claim import Claim

_DIGITS = 6, 3
"""Of the sides, fewer where there are no more. A choice: a figure shows three."""

_MOST_K = 16
"""Values of k that a statement on many is drawn at. A choice: a figure shows no more."""

_FAR = Fraction(10)
"""Where the axis of a variable without an upper end ends, above its lower end. A choice: most has happened by then."""


class Decided(NamedTuple):
    """A claim, the verdict on it in a word, and the witness against it as JSON has it, if there is one."""

    claim: Claim
    verdict: str
    witness: Mapping[str, Any] | None


@dataclass(frozen=True)
class _Axis:
    """A variable that is drawn along, the places on it, and what the others are meanwhile, in words."""

    name: str
    places: Sequence[tuple[Fraction | int, Case]]
    others: str


def claims_chart(decided: Sequence[Decided]) -> Chart:
    """Return the chart of claims: a panel for each variable of each."""
    panels: list[Panel] = []
    rows: list[dict[str, object]] = []
    remarks: list[str] = []
    with progress(len(decided), "claims drawn", alike=False) as advance:
        for each in decided:
            if each.claim.statement:
                for axis in _axes(each, question := read_claim(each.claim)):
                    panel, data = _drawn(each, question, axis)
                    panels.append(panel)
                    rows += data
            else:
                remarks.append(f"{each.claim.id}: a derivation has no sides to draw")
            advance()
    return Chart(panels, rows, remarks)


def _axes(decided: Decided, question: Question) -> Iterator[_Axis]:
    """Yield an axis for each real variable, through the witness or the middle, or one over k if there is none."""
    witness = decided.witness or {}
    if not question.spans:
        step = -(-len(question.cases) // _MOST_K)
        # A model has no k: all of its parameters are values, which the title gives.
        others = ", ".join(f"{name} = {value}" for name, value in decided.claim.values.items())
        name = "" if decided.claim.family else "k"
        yield _Axis(name, [(case.k, case) for case in question.cases[::step]], others)
        return
    case = next((case for case in question.cases if case.k == witness.get("k")), question.cases[0])
    found = {name: _witnessed(name, witness) for name in question.spans}
    centre = {name: span.middle if (value := found[name]) is None else value for name, span in question.spans.items()}
    for name, span in question.spans.items():
        others = ", ".join(f"{other} = {centre[other]}" for other in centre if other != name)
        varied = f"k = {case.k}" if len(question.cases) > 1 else ""
        places = []
        for value in even(span.lower, span.lower + _FAR if span.upper is None else span.upper)[::2]:
            if value in span:
                try:
                    places.append((value, question.at(case, centre | {name: value})))
                except InputError:  # the weights are none there
                    continue
        yield _Axis(name, places, ", ".join(filter(None, (varied, others))))


def _witnessed(name: str, witness: Mapping[str, Any]) -> Fraction | None:
    """Return a variable's value at the witness, if that is a rational number."""
    value = witness.get(name)
    if name.startswith("amplitude_") and witness.get("amplitudes"):
        value = witness["amplitudes"][int(name.removeprefix("amplitude_")) - 1]
    try:
        return None if value is None else parse_rational(str(value), name)
    except InputError:  # a root, told in words
        return None


def _drawn(decided: Decided, question: Question, axis: _Axis) -> tuple[Panel, list[dict[str, object]]]:
    texts = question.comparison.texts
    curves: list[list[Placed]] = [[] for _ in texts]
    for place, case in axis.places:
        for curve, side in zip(curves, _sides(question, case), strict=False):
            curve.append((place, side))
    # Sides may be equal: the first is a line with markers, and the others are dashed upon it.
    drawn = [
        curve_of(shorten(text), points, i, predicted=i > 0)
        for i, (text, points) in enumerate(zip(texts, curves, strict=True))
    ]
    drawn += _witness_curves(decided, axis.name, len(texts))
    title = f"{decided.claim.id}: {decided.verdict}"
    panel = Panel(f"{title} ({axis.others})" if axis.others else title, axis.name, "both sides", tuple(drawn))
    rows = [
        row_of(side, claim=decided.claim.id, variable=axis.name, at=str(place), side=text)
        for text, points in zip(texts, curves, strict=True)
        for place, side in points
    ]
    return panel, rows


def _sides(question: Question, case: Case) -> Sequence[Enclosure]:
    """Return the sides of the statement at a point; none where they have no value."""
    for digits in _DIGITS:
        try:
            links = decide_once(question.comparison, case, digits).links
        except InputError:
            return ()
        if links:
            return (links[0].left, *(link.right for link in links))
    return ()


def _witness_curves(decided: Decided, name: str, colour: int) -> Iterator[Curve]:
    witness = decided.witness
    place = None if witness is None else _witnessed(name, witness)
    if witness is None or place is None:
        return
    label = "witness" if witness["rigorous"] else "witness, not rigorous"
    low, high = (np.array([float(witness[side][end]) for side in ("left", "right")]) for end in ("lower", "upper"))
    yield Curve(label, np.full(2, float(place)), (low + high) / 2, low, high, colour=colour)
