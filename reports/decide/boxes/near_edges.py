"""Points near the edges of a box: where sides nearly touch at an edge, a false constant fails close to it only."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product

from emtheory.numerics.arithmetic.rational import Bound
from emtheory.reports.decide.boxes.search import Search
from emtheory.reports.decide.verdict import Finding
from emtheory.reports.language.expression import ORDERS
from emtheory.reports.language.span import Point, Span

Shares = Mapping[str, Fraction]
"""Variable → place between the ends of its span, from 0 to 1."""

_FIRST, _SECOND = Fraction(1, 2**6), Fraction(1, 2**10)
"""Distances from an edge, as shares of the width, that show whether sides touch there."""
_CLOSER = 3
"""How much nearer the sides are at the second of them where they do: four times in the first power, with some room."""
_NEARER = tuple(Fraction(1, 2**power) for power in (10, 15, 20, 26, 32))
"""Shares of the width at which such an edge is looked at: what is left of a constant's error needs at most so few."""
_STEPS = tuple(Fraction(1, 2**power) for power in range(2, 8))
"""Steps, as shares of the widths, by which the other variables go to where the sides are nearest at an edge."""
_CORNERS = (Fraction(0), Fraction(1))
"""Where the other variables are besides, all of them alike."""
_DIGITS = 30
"""Of the sides there: twice as many as they agree in at most."""


def refuted_near_edges(search: Search, spans: Mapping[str, Span]) -> Finding | None:
    """Return a finding near an edge that refutes the statement, or None.

    Parameters
    ----------
    search
        Decides at a point.
    spans
        The box.
    """
    for name, is_upper in product(spans, (False, True)):
        if spans[name].is_single or (is_upper and spans[name].upper is None):
            continue
        others = {other: Fraction(1, 2) for other in spans if other != name}
        looked = [
            _found(search, spans, {**others, name: _from(share, is_upper=is_upper)}) for share in (_FIRST, _SECOND)
        ]
        failing = next((each for each in looked if each is not None and each.holds is False), None)
        if failing is None and _draws_near(looked):
            failing = next(_failing(search, spans, name, others, is_upper=is_upper), None)
        if failing is not None:
            return failing
    return None


def _failing(
    search: Search, spans: Mapping[str, Span], name: str, others: Shares, *, is_upper: bool
) -> Iterator[Finding]:
    """Yield what refutes the statement: on the way to where the sides are nearest, and from there to the edge."""
    middle = _found(search, spans, {**others, name: _from(_SECOND, is_upper=is_upper)})
    best, least = others, None if middle is None else _least_distance(middle)
    for step, other, sign in product(_STEPS, others, (-1, 1)):
        tried = {**best, other: best[other] + sign * step}
        found = _found(search, spans, {**tried, name: _from(_SECOND, is_upper=is_upper)})
        if found is not None and found.holds is False:
            yield found
        distance = None if found is None else _least_distance(found)
        if distance is not None and (least is None or distance < least):
            best, least = tried, distance
    for share, beside in product(_NEARER, (best, *(dict.fromkeys(others, end) for end in _CORNERS))):
        found = _found(search, spans, {**beside, name: _from(share, is_upper=is_upper)})
        if found is not None and found.holds is False:
            yield found


def _found(search: Search, spans: Mapping[str, Span], shares: Shares) -> Finding | None:
    point: Point = {name: _at(spans[name], shares[name]) for name in spans}
    return search.at_point(point, _DIGITS) if all(point[name] in spans[name] for name in spans) else None


def _from(share: Fraction, *, is_upper: bool) -> Fraction:
    return 1 - share if is_upper else share


def _at(span: Span, share: Fraction) -> Fraction:
    return span.lower + share * ((span.lower + 1 if span.upper is None else span.upper) - span.lower)


def _least_distance(found: Finding) -> Bound | None:
    return min((link.distance for link in found.links if link.distance is not None), default=None)


def _draws_near(looked: list[Finding | None]) -> bool:
    """Whether sides that are told apart at both points are much nearer at the second, or not told apart there."""
    first, second = looked
    if first is None or second is None or not first.links or len(first.links) != len(second.links):
        return False
    for before, after in zip(first.links, second.links, strict=True):
        if after.operator not in ORDERS:
            continue
        if after.holds is None or (
            before.distance is not None and after.distance is not None and _CLOSER * after.distance <= before.distance
        ):
            return True
    return False
