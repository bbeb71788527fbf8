"""Lines over one to three standard normal coordinates on which a form is summed, with a proved bound of the error.

Coordinates are taken in turn: the rule of one is chosen for given nodes of those before it, and its error bounded over
shells of those after it, whose real integrals are summed next. In a shell far out a narrow strip does, as there is
little of the normal law in it. So |∂(l_i − l_j)| is bounded where it matters, and no case is special.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import flint

from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.form import Exponents, Form, bound
from emtheory.numerics.expectation.rule import (
    LARGEST_ARC,
    LineRule,
    absolute_moment,
    choose_rule,
    line_errors,
    mass_moments,
    masses,
    reach,
    tail_moments,
    with_step,
)

_SHELL = 0.5
"""Width of the shells over which slopes are bounded."""
_ARC = 2.4
"""The arc of strips that are chosen by shells: of a width that costs little more than the best one."""
MAX_LINES = 200_000
"""A choice: minutes."""
_ACCURACY_STEP = 0.5
"""Lines of nearly one L have one rule."""
_ROOM = (1.0, 4.0)
"""Beyond what is aimed at, in which the cut is."""
_LEAST_ACCURACY = 3.0
"""L on lines whose own weight is below the error that is aimed at."""

Outer = tuple[float, ...]
"""Nodes of the coordinates before the one at hand."""


@dataclass(frozen=True)
class Task:
    """What is integrated.

    `form`: the component of the data; for boxes of parameters with balls; `exponents`: the products z^e of active
    coordinates that are wanted; `secants`: the most posteriors that are multiplied.
    """

    form: Form
    exponents: tuple[Exponents, ...]
    secants: int

    @property
    def degree(self) -> int:
        """The largest exponent of one coordinate."""
        return max((max(e, default=0) for e in self.exponents), default=0)


def slope(task: Task, outer: Outer, inner: Sequence[float], cut: float) -> flint.arb:
    """Bound |∂(l_i − l_j)| in the coordinate after `outer`, up to `cut`, where those after it are up to `inner`."""
    s = len(outer)
    largest = flint.arb(0)
    for difference in task.form.differences:
        fixed, spread = flint.arb(0), flint.arb(0)
        for e, coefficient in difference.items():
            if not e[s]:
                continue
            rest = [t for t in range(len(e)) if t != s and e[t]]
            if e[s] > 1:
                spread += 2 * bound(coefficient) * cut
            elif not rest:
                fixed += coefficient
            elif rest[0] < s:
                fixed += coefficient * outer[rest[0]]
            else:
                spread += bound(coefficient) * inner[rest[0] - s - 1]
        largest = largest.max((abs(fixed) + spread).upper())
    return largest


@dataclass(frozen=True)
class Line:
    """A line on which the last active coordinate runs.

    `outer`: where the other active coordinates are; `mass`: the product of their weights h φ(z); `rule`: of the last
    one.
    """

    outer: Outer
    mass: flint.arb
    rule: LineRule


def lines(
    task: Task, accuracy: float, outer: Outer = (), mass: flint.arb | None = None
) -> tuple[list[Line], dict[Exponents, flint.arb]]:
    """Return lines that sum up a form, and for each z^e that is wanted a bound of the error.

    Of two nodes of the first coordinate that are mirrored by signs with which ratios stay the same one has the weight
    of both: what is even is summed, and `Form.is_odd` tells what is 0.

    `outer`, `mass`: of lines through given nodes of the first coordinates: errors are then of the sum over the others,
    and for the exponents of these. CannotAnswerError if too many nodes are needed.
    """
    mass = flint.arb(1) if mass is None else mass
    s = len(outer)
    if s == len(task.form.active) - 1:
        rule, tails = _line_rule(task, outer, accuracy)
        return [Line(outer, mass, rule)], {e[s:]: tails[e[s]] for e in task.exponents}
    rule, errors = _shell_rule(task, outer, accuracy)
    found: list[Line] = []
    table = masses(rule.step, rule.count, flint.ctx.prec)
    halved = s == 0 and task.form.mirror is not None
    for n in range(0 if halved else -rule.count, rule.count + 1):
        node, weight = n * rule.step, table[n + rule.count] * (2 if halved and n else 1)
        # Lines through a node have the weight of the normal density there.
        left_over = max(accuracy - node * node / 2, _LEAST_ACCURACY)
        own, inner = lines(task, left_over, (*outer, node), mass * weight)
        found += own
        if len(found) > MAX_LINES:
            raise CannotAnswerError(f"the quadrature would need more than {MAX_LINES} lines")
        for e in errors:
            errors[e] += weight * abs(flint.arb(node)) ** e[0] * inner[e[1:]]
    return found, errors


def _line_rule(task: Task, outer: Outer, accuracy: float) -> tuple[LineRule, tuple[flint.arb, ...]]:
    """The rule of the last coordinate, and for each power of it the error, tails included."""
    far = _rounded_up(accuracy, _ACCURACY_STEP)
    for room in _ROOM:
        steep = _rounded_up(_float(slope(task, outer, (), reach(far) + room)), 0.0)
        rule, errors = _line_table(far, steep, task.secants, task.degree, flint.ctx.prec)
        if rule.cut <= reach(far) + room:
            return rule, errors
    raise CannotAnswerError("no rule is found on a line")


@lru_cache(maxsize=4096)
def _line_table(
    accuracy: float, steep: float, secants: int, degree: int, bits: int
) -> tuple[LineRule, tuple[flint.arb, ...]]:
    """A rule for all lines of such slopes, with its errors; `bits` is the precision in force."""
    rule = choose_rule(accuracy, steep, secants)
    errors = line_errors(rule, flint.arb(steep) * rule.half_strip, secants, degree)
    tails = tail_moments(flint.arb(rule.cut), degree)
    return rule, tuple((error + tail).upper() for error, tail in zip(errors, tails, strict=True))


def _rounded_up(value: float, unit: float) -> float:
    """A number not below, one of few: a multiple of the unit, or of five binary digits."""
    if unit:
        return math.ceil(value / unit) * unit
    if not value > 0 or math.isinf(value):
        return value
    bits = 5 - math.frexp(value)[1]
    return math.ldexp(math.ceil(math.ldexp(value * (1 + 2.0**-50), bits)), -bits)


def _shell_rule(task: Task, outer: Outer, accuracy: float) -> tuple[LineRule, dict[Exponents, flint.arb]]:
    """The rule of a coordinate that others follow, and its error for the powers of it and of those."""
    s, size = len(outer), len(task.form.active)
    far = reach(accuracy)
    shells = list(_shells(task, s, size, far))
    step, widest = math.inf, math.sqrt(2 * accuracy) + 1
    strips = []
    for shell in shells:
        steep = _float(slope(task, outer, [high for _, high in shell], far + 1))
        strip = min(_ARC / steep, widest) if steep > 0 else widest
        loss = strip**2 / 2 - task.secants * math.log(math.cos(min(strip * steep, LARGEST_ARC) / 2))
        needed = max(accuracy - sum(low**2 for low, _ in shell) / 2 + loss, 1.0) + 1
        strips.append(strip)
        step = min(step, 2 * math.pi * strip / needed)
    rule = with_step(step, widest, accuracy)
    errors = dict.fromkeys({e[s:] for e in task.exponents}, flint.arb(0))
    for shell, strip in zip(shells, strips, strict=True):
        arc = slope(task, outer, [high for _, high in shell], rule.cut) * strip
        lines = line_errors(replace(rule, half_strip=strip), arc, task.secants, task.degree)
        for e in errors:
            errors[e] += math.prod((_shell_moment(shell[t], e[t + 1]) for t in range(size - s - 1)), start=lines[e[0]])
    own, inner = tail_moments(flint.arb(rule.cut), task.degree), tail_moments(flint.arb(far), task.degree)
    sums = mass_moments(rule.step, rule.count, task.degree, flint.ctx.prec)
    for e in errors:
        moments = [absolute_moment(power) for power in e]
        errors[e] += own[e[0]] * math.prod(moments[1:], start=flint.arb(1))
        # Once where shells end, and once more where the sum over nodes is to be one of integrals over the whole space.
        for t in range(1, len(e)):
            others = math.prod((moments[u] for u in range(1, len(e)) if u != t), start=inner[e[t]])
            errors[e] += (moments[0] + sums[e[0]]) * others
    return rule, errors


def _shells(task: Task, s: int, size: int, far: float) -> Iterator[tuple[tuple[float, float], ...]]:
    """Products of shells of the coordinates after s, of one shell each on which slopes do not depend."""
    crossing = {t for d in task.form.differences for e in d if e[s] for t in range(s + 1, size) if e[t]}
    count = math.ceil(far / _SHELL)
    edges = [(i * far / count, (i + 1) * far / count) for i in range(count)]
    yield from product(*(edges if t in crossing else [(0.0, far)] for t in range(s + 1, size)))


def _shell_moment(shell: tuple[float, float], power: int) -> flint.arb:
    """Bound E|Z|^e over a shell of moduli."""
    low, high = shell
    return (flint.arb(high) ** power * (flint.arb(low) / flint.arb(2).sqrt()).erfc()).min(absolute_moment(power))


def _float(value: flint.arb) -> float:
    """A number not much below, which only chooses steps; CannotAnswerError if there is none."""
    number = float(value.upper())
    if not math.isfinite(number):
        what = "a variance may be 0, or a weight; in reach are ranges that begin above"
        raise CannotAnswerError(f"the densities' ratios have no bounds there: {what}")
    return number
