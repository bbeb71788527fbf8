"""Where a statement may fail: a search proposes points of its domain, and each is decided by itself.

It looks at points spread over the domain, close to its ends and far out, and where an expression of the statement has a
zero; and from those where the sides are relatively nearest it goes to where they are nearer still.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from emtheory.numerics.errors import InputError
from emtheory.numerics.names import SEPARATOR
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.decide.claim_parts import constant
from emtheory.reports.decide.verdict import Finding, Link
from emtheory.reports.language.expression import VARIADIC, Call, Comparison, Operation, calls_of, subexpressions
from emtheory.reports.language.span import Point, Span, points

Decide = Callable[[Point, int], Finding | None]
"""The statement at a point, with quantities to so many digits at most; None where it is not asked."""

_DIGITS, _MORE_DIGITS = 6, 30
"""Of quantities at a point, and where sides agree in so many."""
_MOST, _MOST_SLOW = 160, 40
"""Points looked at, and of quantities of which one may take long. Choices."""
_SOUGHT_AT_EACH = ("fixed_point_count", "spurious_threshold")
"""Quantities for which all fixed points are sought at each point, as over a box."""
_MOST_OF_GRIDS = 12
"""Points looked at where quantities are sums over grids in several coordinates: then with few digits only."""
_COST = 3
"""Of a point at which sides are told apart with more digits, in points."""
_NEAREST, _FARTHEST = -32.0, 24.0
"""Powers of 2: how near to an end of an interval, as a part of it, and how far out it is looked. A radius of 2²⁴ shows
whether sides that tend to each other like 1/r differ by some millionths there."""
_DESCENTS = {1: 3, 2: 2}
"""From how many of the nearest points, for a number of variables; from one of more. A choice."""
_FIRST_STEP, _LAST_STEP = 1.0, 2.0**-28
"""Of a descent, in powers of 2 of the distance to the nearer end."""
_FROM_END = 5.0
"""Power of 2 of the distance from which a descent goes on where it begins at an end. A choice."""
_ROUNDS, _GAIN = 5, 0.95
"""A descent ends where sides are not nearer by a twentieth after so many rounds: at a smooth minimum."""
_FAR_APART = 1.0
"""Relative distance of sides beyond which no descent begins in several variables. A choice."""
_FAR = Fraction(10) ** 300
"""Distances that are all alike."""
_SHORT = (1, 10, 100, 1000)
"""Denominators of fractions that are tried in place of a longer one."""
_DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12)
"""Of coordinates that are tried where a descent ends."""
_PLACES = (Fraction(0), Fraction(1), Fraction(2), Fraction(5))
"""Beyond the lower end, at which an expression shows whether it is linear."""


def refuted_somewhere(comparison: Comparison, spans: Mapping[str, Span], decide: Decide) -> Finding | None:
    """Return a finding at a point that refutes a statement, or None if none was found.

    InputError if the statement has no value at one of the points that every domain is sampled at.
    """
    calls = calls_of(comparison)
    on_grids = any(find_quantity(call.quantity).on_grid for call in calls)
    slow = on_grids or any(map(_is_slow, calls))
    most = _MOST_OF_GRIDS if on_grids else _MOST_SLOW if slow else _MOST
    search = _Search(spans, decide, most, _DIGITS if on_grids else _MORE_DIGITS)
    looked: list[tuple[float, Point]] = []
    for point, usual in _starts(comparison, spans, dense=len(spans) == 1 and not slow):
        try:
            nearness = search.nearness(point)
        except InputError:
            if usual:
                raise
            continue
        if search.refuting is not None:
            return search.shortened(point)
        if nearness:  # Where sides are equal they cannot be nearer.
            looked.append((nearness, point))
    if on_grids:  # However many points were looked at: at a truth, or by symmetry, sides are known exactly.
        search.left, middle = max(search.left, 1), {name: span.middle for name, span in spans.items()}
        if search.fails_at(middle):
            return search.shortened(middle)
    for nearness, start in _nearest(looked, spans):
        end = _descent(search, start, nearness)
        if search.refuting is None:
            end = next((short for short in _short_ones(end, spans) if search.fails_at(short)), end)
        if search.refuting is not None:
            return search.shortened(end)
    return None


@dataclass
class _Search:
    """What is looked at, and what was found; `left` points may still be, where sides agree with `more_digits`."""

    spans: Mapping[str, Span]
    decide: Decide
    left: int
    more_digits: int = _MORE_DIGITS
    refuting: Finding | None = None

    def nearness(self, point: Point) -> float | None:
        """How near the sides are at a point if the statement holds there; None if that is not known."""
        if self.left <= 0 or not all(value in self.spans[name] for name, value in point.items()):
            return None
        self.left -= 1
        found = self.decide(point, _DIGITS)
        if found is not None and found.holds is None and found.links and self.more_digits > _DIGITS:
            self.left -= _COST
            found = self.decide(point, self.more_digits)
        if found is None or not found.links:
            return None
        if found.holds is False:
            self.refuting = found
            return None
        return min(map(_apart, found.links))

    def fails_at(self, point: Point) -> bool:
        """Whether the statement fails at a point, where it may have no value."""
        try:
            self.nearness(point)
        except InputError:
            return False
        return self.refuting is not None

    def shortened(self, point: Point) -> Finding | None:
        """What refutes the statement, at a point with shorter fractions if it fails there, too."""
        for name, value in point.items():
            for denominator in _SHORT:
                short = value.limit_denominator(denominator)
                if short == value:
                    break
                tried = {**point, name: short}
                found = self.decide(tried, _DIGITS) if short in self.spans[name] else None
                if found is not None and found.holds is False:
                    point, self.refuting = tried, found
                    break
        return self.refuting


def _starts(comparison: Comparison, spans: Mapping[str, Span], *, dense: bool) -> Iterator[tuple[Point, bool]]:
    """Points to look at, and whether they are those at which every statement must have a value."""
    middle = {name: span.middle for name, span in spans.items()}
    for point in points(spans):
        yield point, True
    for pair in combinations(spans, 2):
        for name, other in (pair, pair[::-1]):  # A fit's parameter at the truth's, where sides often touch.
            yield {**middle, name: middle[other]}, False
    yield middle, False  # Boxes are put around a truth.
    for name, span in spans.items():
        if span.is_single:
            continue
        for value in (*_zeros(comparison, name, span), *_column(span, dense=dense)):
            yield {**middle, name: value}, False


def _column(span: Span, *, dense: bool) -> Iterator[Fraction]:
    """Values towards the ends of an interval, and far out."""
    step = 2 if dense else 6
    for power in range(-step, int(_NEAREST), -step):
        yield _placed(span, power)
    for power in range(step, int(_FARTHEST if span.upper is None else -_NEAREST), step if span.upper else step // 2):
        yield _placed(span, power)


def _zeros(comparison: Comparison, name: str, span: Span) -> Iterator[Fraction]:
    """Zeros of expressions that are linear in one variable: there absolute values and minima have their kinks."""
    parts = [part for operand in comparison.operands for part in subexpressions(operand)]
    variadic = [part for part in parts if isinstance(part, Operation) and part.name in VARIADIC]
    parts += [left - right for each in variadic for left, right in combinations(each.operands, 2)]
    for part in dict.fromkeys(parts):
        if not isinstance(part, Operation):
            continue
        values = [value for at in _PLACES if (value := constant(part, {name: span.lower + at})) is not None]
        if len(values) < len(_PLACES):
            continue
        slope = values[1] - values[0]
        if slope and all(value - values[0] == slope * place for value, place in zip(values, _PLACES, strict=True)):
            yield span.lower - values[0] / slope


def _nearest(looked: Sequence[tuple[float, Point]], spans: Mapping[str, Span]) -> list[tuple[float, Point]]:
    """The points where sides are nearest: in one variable, nearer than at both neighbours."""
    if len(spans) == 1:
        (name,) = spans
        row = sorted(looked, key=lambda each: each[1][name])
        heights = [math.inf, *(nearness for nearness, _ in row), math.inf]
        looked = [each for i, each in enumerate(row) if heights[i] >= each[0] <= heights[i + 2]]
    else:
        looked = [each for each in looked if each[0] < _FAR_APART]
    return sorted(looked, key=lambda each: each[0])[: _DESCENTS.get(len(spans), 1)]


def _descent(search: _Search, start: Point, nearness: float) -> Point:
    """Go to where sides are nearer, by ever smaller steps; return where that ends, or the point that refutes."""
    point, step, before = start, _FIRST_STEP, [math.inf] * _ROUNDS
    while step >= _LAST_STEP and search.left > 0 and 0 < nearness <= _GAIN * before[-_ROUNDS]:
        before.append(nearness)
        best = nearness
        for name, sign in ((name, sign) for name in search.spans for sign in (-1, 1)):
            span = search.spans[name]
            if span.is_single:
                continue
            power = _power(span, point[name])
            if abs(power) >= -_NEAREST and (
                power < 0 or span.upper is not None
            ):  # From an end it goes into the middle.
                power = math.copysign(_FROM_END, power)
            tried = {**point, name: _placed(span, power + sign * step)}
            try:
                found = search.nearness(tried)
            except InputError:
                continue
            if search.refuting is not None:
                return tried
            if found is not None and found < best:
                best, following = found, tried
        if best < nearness:
            nearness, point = best, following
        else:
            step /= 2
    return point


def _short_ones(point: Point, spans: Mapping[str, Span]) -> Iterator[Point]:
    """Points nearby with short coordinates: a statement may fail at one of these only."""
    tried = []
    for denominator in _DENOMINATORS:
        short = {name: value.limit_denominator(denominator) for name, value in point.items()}
        if short not in tried and all(value in spans[name] for name, value in short.items()):
            tried.append(short)
            yield short


def _power(span: Span, value: Fraction) -> float:
    """Where a value is between the ends: log₂ of its distance to the nearer end, negative near the lower one."""
    if span.upper is None:
        distance = value - span.lower
        return math.log2(distance) if distance else _NEAREST
    share = (value - span.lower) / (span.upper - span.lower)
    nearer = min(share, 1 - share)
    power = math.log2(2 * nearer) if nearer else _NEAREST
    return power if share <= Fraction(1, 2) else -power


def _placed(span: Span, power: float) -> Fraction:
    """The inverse of `_power`, no nearer to an end and no farther out than is looked."""
    power = min(max(power, _NEAREST), _FARTHEST if span.upper is None else -_NEAREST)
    if span.upper is None:
        return span.lower + _exponential(power)
    share = _exponential(-abs(power)) / 2
    return span.lower + (span.upper - span.lower) * (share if power <= 0 else 1 - share)


def _exponential(power: float) -> Fraction:
    """2^power, to nine digits."""
    whole = math.floor(power)
    return Fraction(round(2 ** (power - whole + 30)), 2**30) * Fraction(2) ** whole


def _apart(link: Link) -> float:
    """How far sides are apart: |log| of their quotient if they have the same sign, else their distance."""
    if link.holds is None:
        return 0.0
    # Fractions may be beyond floats.
    if any(abs(end) == math.inf for end in (link.left.lower, link.left.upper, link.right.lower, link.right.upper)):
        return math.inf
    left, right = (Fraction(side.lower + side.upper) / 2 for side in (link.left, link.right))
    if left * right > 0:
        return math.log1p(min(abs(left - right) / min(abs(left), abs(right)), _FAR))
    return float(min(abs(left - right), _FAR))


def _is_slow(call: Call) -> bool:
    quantity = find_quantity(call.quantity)
    quick = quantity.form or quantity.always_exact or quantity.any_count
    return not quick or quantity.name.rpartition(SEPARATOR)[2] in _SOUGHT_AT_EACH
