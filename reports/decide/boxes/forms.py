"""The sides of a statement as mean value forms on a box of several variables."""

import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any

from emtheory.numerics import evaluate as quantities
from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.precision import working_bits
from emtheory.numerics.boxes.interpolation import Square, interpolate, largest_near_zero
from emtheory.numerics.boxes.mixture import Mixture
from emtheory.numerics.boxes.tile import Tile
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.numerics.intervals.interval import Interval, from_ball, from_enclosure
from emtheory.numerics.intervals.operations import PI, Value, as_interval
from emtheory.numerics.intervals.point_forms import BasicFunction, at_amplitudes, functions_of, on_ray
from emtheory.numerics.intervals.taylor_form import TaylorForm
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import INTEGERS
from emtheory.numerics.simplex_point.moments import frequency_groups
from emtheory.reports.decide.boxes.cell import BoxCell, Sides
from emtheory.reports.decide.boxes.expression_forms import ExpressionForms, Form, MeanValueForms
from emtheory.reports.decide.boxes.reach import expression_of, has_amplitudes
from emtheory.reports.decide.boxes.vanishing import Vanishing, range_over, vanishing
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import arguments_of, case_of
from emtheory.reports.language.expression import (
    AMPLITUDE,
    ONE,
    ZERO,
    Call,
    Comparison,
    Expression,
    Number,
    Symbol,
    calls_of,
    rewritten,
)
from emtheory.reports.language.span import Point
from emtheory.reports.language.varying_weights import CLOSED_FORMS, WeightChart, chart_of


def corner(call: Call, sides: Sides, side: int) -> Point:
    """Return where a monotone quantity is lowest (side −1) or highest; whole numbers are rounded outwards."""
    quantity, found = find_quantity(call.quantity), {name: ends[0] for name, ends in sides.items()}
    kinds = {argument.name: argument.kind for argument in quantity.arguments}
    for name, symbol in (*call.arguments, ("radius", Symbol("radius"))):
        if name in quantity.monotone and isinstance(symbol, Symbol) and symbol.name in sides:
            upper = quantity.monotone[name] == side
            end = sides[symbol.name][upper]
            found[symbol.name] = (
                end if kinds.get(name) not in INTEGERS else Fraction(ceil(end) if upper else floor(end))
            )
    return found


Memo = MutableMapping[object, Any]
"""What cells of one statement and case share: tiles and constants."""

_GUARD_BITS = 160
"""What the arithmetic of a statement may cost."""
_SLACK = 2.0**-40
"""Around a log-ratio that does not vary, which may be 0."""
_PLACES = (Fraction(1, 2), Fraction(2, 5), Fraction(5, 9))
"""Where in the box a mixture is taken for all others, in turn for each variable: at one of them no weights, and no
amplitudes, are equal that need not be."""


def accuracy_of(digits: int) -> float:
    """L, when errors are to be about e^{−L}."""
    return digits * math.log(10)


def precision_bits(digits: int) -> int:
    """Arb's precision for forms to so many digits."""
    return working_bits(accuracy_of(digits)) + _GUARD_BITS


@dataclass(frozen=True)
class BoxProblem:
    """What stays the same on all cells.

    `question`, `case`: what is asked, for which `emtheory.reports.decide.boxes.reach.is_followed` holds, and one of its
    cases; `mixture`: the mixtures of the box; `chart`: how their weights vary, or None; `functions`: the basic
    functions that the statement and its assumptions are made of.
    """

    question: Question
    case: Case
    mixture: Mixture
    chart: WeightChart | None
    functions: tuple[BasicFunction, ...]

    @property
    def amplitudes(self) -> bool:
        """Whether the point is given by amplitudes."""
        return self.mixture.amplitudes

    @property
    def weights(self) -> tuple[Expression, ...]:
        """Those of all components."""
        return self.chart.weights if self.chart else tuple(map(Number, self.mixture.case.weights))

    def written_out(self, *sides: Expression) -> tuple[Expression, ...]:
        """Return sides with quantities of the weights in closed form, and pl_ratio in β_m and KL."""
        plain = tuple(rewritten(side, lambda part: self._ratio if part == Call("pl_ratio") else None) for side in sides)
        comparison = Comparison((*plain, plain[-1]), ("==",) * len(plain), ("",) * (len(plain) + 1))
        return self.question.in_closed_form(comparison, self.case.k).operands[: len(plain)]

    @property
    def _ratio(self) -> Expression:
        """Σ_m ‖θ_m‖²β_m²/(2KL), with the part θ_m of the point that belongs to the frequency m."""
        case = self.mixture.case
        total: Expression = ZERO
        for group in [[m] for m in case.frequencies] if self.amplitudes else frequency_groups(case):
            share = Number(Fraction(sum(map(case.multiplicity, group)), case.k - 1))
            square = Symbol(f"{AMPLITUDE}{group[0]}") ** 2 if self.amplitudes else share
            total = total + square * Call("posterior_power", (("m", Number(Fraction(group[0]))),)) ** 2
        half = Fraction(1, 2) * (ONE if self.amplitudes else Symbol("radius") ** 2)
        return total * half / Call("kl_divergence")


def make_problem(question: Question, case: Case) -> BoxProblem:
    """Prepare a question for boxes."""
    chart = None if question.weights is None else chart_of(question.weights, case.k)
    spans = question.spans
    places = [case]
    for turn in range(len(_PLACES)):
        with suppress(InputError):  # Where assumptions cut the box, the weights may be none.
            parts = (*_PLACES[turn:], *_PLACES[:turn])
            point = {
                name: span.lower + part * (1 if span.upper is None else span.upper - span.lower)
                for (name, span), part in zip(spans.items(), parts, strict=False)
            }
            places.append(question.at(case, point))
    amplitudes = has_amplitudes(question, case)
    generic = max(places, key=lambda place: (len(place.classes), len(frequency_groups(place))))
    mixture = Mixture(generic, chart.exponents if chart else (), amplitudes)
    comparisons = (question.comparison, *question.local_assumptions)
    calls = [call for each in comparisons for call in calls_of(each) if find_quantity(call.quantity).form]
    needed = [f for call in calls for f in functions_of(expression_of(call, case), generic, amplitudes=amplitudes)]
    return BoxProblem(question, case, mixture, chart, tuple(dict.fromkeys(needed)))


@dataclass(frozen=True)
class MixtureForms(ExpressionForms[Form]):
    """Forms of expressions on mixtures, of a kind that recipes of quantities know by its operations.

    The memo is shared by cells and added to.
    """

    problem: BoxProblem
    memo: Memo

    def _symbol(self, name: str) -> Form:
        if name in self.cell.sides:
            return self.variable(name)
        case = self.problem.case
        if name == "radius":
            return self._number(rational(case.radius or Fraction(0)))
        return self._number(PI if name == "pi" else rational(case.k if name == "k" else case.d))

    def _quantity(self, call: Call) -> Form:
        if call.quantity in CLOSED_FORMS and self.problem.chart is not None:
            return self.form(self.problem.written_out(call)[0])
        if find_quantity(call.quantity).monotone:
            return self._number(self._between_corners(call))
        if is_constant(call):
            return self._number(value_of(call, self.problem, self.cell.digits, self.memo))
        source, case = self.basic_functions.__getitem__, self.problem.mixture.case
        if self.problem.amplitudes:
            point = at_amplitudes(case, [self._amplitude(m) for m in case.frequencies], source)
        else:
            radius = self.form(Symbol("radius"))
            point = on_ray(case, self._applied("*", [radius, radius]), source)
        result: Form = expression_of(call, self.problem.case)(point)
        return result

    def _between_corners(self, call: Call) -> Value:
        """The range of a monotone quantity on the cell, from its values at two corners."""
        lowest, highest = (
            value_of(call, self.problem, self.cell.digits, self.memo, corner(call, self.cell.sides, side))
            for side in (-1, 1)
        )
        low, high = as_interval(lowest), as_interval(highest)
        self.unsloped[:] = [max(old, float((high - low).upper)) for old in self.unsloped]
        return lowest if lowest == highest else Interval(low.lower, high.upper, Level.CERTIFIED)

    def _amplitude(self, m: int) -> Form:
        name = f"{AMPLITUDE}{m}"
        if name in self.cell.sides:
            return self.variable(name)
        return self._number(rational(fixed_amplitude(self.problem.case, m - 1)))

    @property
    @abstractmethod
    def basic_functions(self) -> Mapping[BasicFunction, Form]:
        """The forms of all that the statement is made of."""

    def _squares(self, squares: Sequence[Square]) -> Iterator[Form]:
        """The coordinates of a tile that are squares of the radius or of amplitudes, or their logarithms."""
        for name, square in zip(point_variables(self.problem), squares, strict=True):
            if square.varies:
                value = self.variable(name)
                form = self._applied("*", [value, value])
                yield form if square.near_zero else self._applied("log", [form])


@dataclass(frozen=True)
class BoxForms(MixtureForms[TaylorForm], MeanValueForms):
    """Mean value forms of expressions on mixtures."""

    @cached_property
    def basic_functions(self) -> Mapping[BasicFunction, TaylorForm]:
        """The forms of the models on a tile, and of what weights that vanish add."""
        chart, vanishing = self.problem.chart, self.vanishing
        tile, squares = shared_tile(self.problem, self._tiled, self.memo, vanishing)
        chart = chart if vanishing is None else vanishing.chart
        coordinates = [self.form(ratio) for ratio in (chart.ratios if chart else ())]
        for each in () if vanishing is None else vanishing.constants:
            coordinates.append(self._number(from_ball(each, Level.CERTIFIED)))
        forms: Mapping[BasicFunction, TaylorForm] = tile.forms([*coordinates, *self._squares(squares)])
        if vanishing is None:
            return forms
        radius = self.form(Symbol("radius"))
        return {function: vanishing.around(function, form, radius) for function, form in forms.items()}

    @cached_property
    def vanishing(self) -> Vanishing | None:
        """What weights tend to 0 on the cell, on the simplex."""
        return None if self.problem.amplitudes else vanishing(self.problem.chart, self.problem.case.k, self.cell.sides)

    @property
    def _tiled(self) -> BoxCell:
        """The cell, with a window on which weights do not vanish unless they do on the cell itself."""
        problem, window = self.problem, self.cell.window
        if problem.amplitudes or vanishing(problem.chart, problem.case.k, window) is None:
            return self.cell
        own = {name: self.cell.sides[name] for name in problem.question.parameters if name in window}
        return replace(self.cell, window={**window, **own})


def is_constant(call: Call) -> bool:
    """Whether a quantity is the same at all points, or at all points of a ray."""
    quantity = find_quantity(call.quantity)
    return quantity.constant_on_ray or not quantity.needs_point


def value_of(call: Call, problem: BoxProblem, digits: int, memo: Memo, point: Point | None = None) -> Value:
    """Return the value of a quantity that is constant, or that at a point."""
    key = call, digits, *(point or {}).items()
    if key not in memo:
        case = problem.case.at_radius(Fraction(1)) if find_quantity(call.quantity).constant_on_ray else problem.case
        case = case if point is None else problem.question.at(case, point)
        arguments = arguments_of(call, case)
        memo[key] = quantities.evaluate(call.quantity, case_of(call, case), arguments, digits)
    enclosure: Enclosure = memo[key]
    return from_enclosure(enclosure) if enclosure.exact is None else enclosure.exact


def shared_tile(
    problem: BoxProblem, cell: BoxCell, memo: Memo, vanishing: Vanishing | None = None
) -> tuple[Tile, tuple[Square, ...]]:
    """Return the models of a cell's window, with the ranges of squares, which all cells share."""
    key = (tuple(cell.window.items()), cell.digits)
    if key not in memo:
        memo[key] = make_tile(problem, cell.window, accuracy_of(cell.digits), vanishing)
    result: tuple[Tile, tuple[Square, ...]] = memo[key]
    return result


def make_tile(
    problem: BoxProblem, window: Sides, accuracy: float, vanishing: Vanishing | None = None
) -> tuple[Tile, tuple[Square, ...]]:
    """Model the basic functions on a window, at Arb's precision in force."""
    chart = problem.chart if vanishing is None else vanishing.chart
    ratios = [ratio_range(problem, ratio, window) for ratio in (chart.ratios if chart else ())]
    mixture = problem.mixture if vanishing is None else replace(problem.mixture, exponents=vanishing.chart.exponents)
    if vanishing is not None:
        ratios += [_around(as_interval(from_ball(each, Level.CERTIFIED))) for each in vanishing.constants]
    squares = []
    names = point_variables(problem)
    ranges = [window.get(name, 2 * (fixed_amplitude(problem.case, index),)) for index, name in enumerate(names)]
    total = sum((upper**2 for _, upper in ranges), Fraction(0))
    for index, (lower, upper) in enumerate(ranges):
        reach = largest_near_zero(mixture, problem.functions, index, accuracy, total)
        near_zero = lower < upper and (upper <= reach or lower == 0)
        squares.append(Square(lower**2, upper**2, near_zero))
    return interpolate(mixture, problem.functions, ratios, squares, accuracy), tuple(squares)


def ratio_range(problem: BoxProblem, ratio: Expression, window: Sides) -> tuple[float, float]:
    """Return binary numbers around all values of a log-ratio of weights."""
    return _around(range_over(ratio, problem.case.k, window))


def _around(values: Interval) -> tuple[float, float]:
    lower, upper = float(values.lower) - _SLACK, float(values.upper) + _SLACK
    return math.nextafter(lower, -math.inf), math.nextafter(upper, math.inf)


def point_variables(problem: BoxProblem) -> list[str]:
    """Return the names of the radius, or of all amplitudes."""
    if not problem.amplitudes:
        return ["radius"]
    return [f"{AMPLITUDE}{m}" for m in problem.case.frequencies]


def fixed_amplitude(case: Case, index: int) -> Fraction:
    """Return an amplitude, or the radius, that does not vary."""
    if case.amplitudes is not None:
        return case.amplitudes[index]
    return case.radius or Fraction(0)
