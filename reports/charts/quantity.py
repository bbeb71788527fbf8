"""A quantity as a curve, with the value that was asked for marked on it.

Against the radius where the quantity is about a point or a ball; else against its frequency; else against k, where the
weights are a family. In a family of mixtures, against its point, or the first of its other variables.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from operator import itemgetter
from typing import Any

from emtheory.numerics.arithmetic.constant import Constant
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.families import find_family
from emtheory.numerics.quantities import find_quantity
from emtheory.reports.progress import progress
from emtheory.reports.render.chart import STEPS, Chart, Placed, curve_of, even, row_of, weakest
from emtheory.reports.render.panels import Panel

_DIGITS = 6, 3
"""Of the values on the curve, fewer where there are no more. A choice: a figure shows three."""

_MOST_K = 16
"""Values of k on a curve. A choice: from there on they are spaced by equal factors."""

_LEAST_RANGE = 8
"""The curve over k reaches to twice the k asked for, but to this at least. A choice: two or three points are none."""

_BESIDE_ORIGIN = Fraction(2)
"""The curve over the radius ends at twice the radius asked for; here where that is the origin. A choice."""

Place = tuple[Fraction | int, Callable[[int], Enclosure]]
"""An abscissa, and the function that evaluates there to so many digits."""

Axis = tuple[str, Fraction | int, list[Place]]
"""What is varied, its value that was asked for, and the places on it."""


Evaluated = Any
"""An `emtheory.Answer`, which is made on the floor above."""


def quantity_chart(answer: Evaluated, route: str) -> Chart:
    """Return the chart of a quantity around an answer, by the route asked for; InputError if nothing can be varied."""
    name, here, places = (_family_axis if answer.case.family else _axis)(answer, route)
    points: list[Placed] = []
    missing = 0
    with progress(len(places), "points") as advance:
        for place, value_at in places:
            value = _value(value_at)
            advance()
            if value is None or math.isinf(value.midpoint):
                missing += 1
                continue
            points.append((place, value))
    label = f"{len(points)} points, {weakest(value for _, value in points)}"
    curves = [curve_of(label, points)]
    if not math.isinf(answer.enclosure.midpoint):
        curves.append(curve_of(f"asked for: {answer.value[:12]}, {answer.level}", [(here, answer.enclosure)], 1))
    told = sorted([*points, (here, answer.enclosure)], key=itemgetter(0))
    rows = [row_of(value, **{name: str(place)}) for place, value in told]
    remarks = [f"{missing} of {len(places)} points have no finite value that is known to 3 digits"] if missing else []
    panel = Panel(_title(answer, name), _AXES.get(name, name), answer.quantity, tuple(curves))
    return Chart([panel], rows, remarks)


_AXES = {"radius": "radius ‖θ‖", "m": "frequency m", "k": "components k"}


def _family_axis(answer: Evaluated, route: str) -> Axis:
    """Vary the point of a family, to both sides of the origin; for what has none the first other variable."""
    case, arguments = answer.case, dict(answer.arguments)
    family, values = find_family(case.family), dict(case.parameters)
    quantity = find_quantity(family.full_name(answer.quantity))
    name = family.point if quantity.needs_point and family.point else family.used_by(quantity)[0]
    here = values[name]
    if isinstance(here, Constant):
        raise InputError(f"plot: {name} = {here} is drawn at fractions only")
    last = 2 * abs(here) or _BESIDE_ORIGIN
    first = -last if quantity.needs_point else Fraction(0)

    def at(value: Fraction) -> Callable[[int], Enclosure]:
        place = replace(case, parameters=tuple((values | {name: value}).items()))
        return lambda digits: evaluate(quantity.name, place, arguments, digits, route)

    return name, here, [(value, at(value)) for value in even(first, last)]


def _axis(answer: Evaluated, route: str) -> Axis:
    """Return what is varied, its value that was asked for, and the others with the means to evaluate there."""
    quantity, arguments, case = find_quantity(answer.quantity), dict(answer.arguments), answer.case

    def at(place: Case, **changed: Fraction) -> Callable[[int], Enclosure]:
        return lambda digits: evaluate(quantity.name, place, arguments | changed, digits, route)

    if quantity.needs_point:
        squared = case.squared_radius
        root = case.radius if case.radius is not None else Fraction(math.sqrt(squared)).limit_denominator(10**9)
        scales = even(Fraction(0), Fraction(2))
        if not root:
            return "radius", root, [(r, at(case.at_radius(r))) for r in even(root, _BESIDE_ORIGIN)]
        return "radius", root, [(scale * root, at(_scaled(case, scale))) for scale in scales]
    if quantity.radius_is_argument:
        radius = arguments["radius"]
        return "radius", radius, [(r, at(case, radius=r)) for r in even(Fraction(0), 2 * radius or _BESIDE_ORIGIN)]
    if any(argument.kind == "frequency" for argument in quantity.arguments):
        frequencies = range(1, case.k) if case.k <= STEPS else case.frequencies[:STEPS]
        return "m", arguments["m"], [(m, at(case, m=Fraction(m))) for m in frequencies]
    cases = list(_other_cases(case, answer.weights))
    if not cases:
        raise InputError(
            f"plot: {answer.quantity} depends on the weights only; name a family, such as one-heavy:1/2, "
            "to draw it against k"
        )
    return "k", case.k, [(other.k, at(other)) for other in cases]


def _scaled(case: Case, scale: Fraction) -> Case:
    if case.radius is not None:
        return case.at_radius(scale * case.radius)
    return replace(case, amplitudes=tuple(scale * amplitude for amplitude in case.amplitudes or ()))


def _other_cases(case: Case, weights: str) -> Iterator[Case]:
    """Yield the family's mixtures for other k, and the one asked for; none if the weights are no family."""
    if not weights.strip()[:1].isalpha():
        return
    last = max(2 * case.k, _LEAST_RANGE)
    ratio = (last / 2) ** (1 / (_MOST_K - 1))
    sizes = range(2, last + 1) if last <= _MOST_K else (round(2 * ratio**i) for i in range(_MOST_K))
    for k in sorted({*sizes, case.k}):
        try:
            yield make_case(k, weights, max(case.d, k - 1))
        except InputError:  # a difference set is not there for every k
            continue


def _value(value_at: Callable[[int], Enclosure]) -> Enclosure | None:
    for digits in _DIGITS:
        try:
            return value_at(digits)
        except (CannotAnswerError, InputError):  # at an end of the range there may be no value
            continue
    return None


def _title(answer: Evaluated, varied: str) -> str:
    case = answer.case
    arguments = [f"{name} = {value}" for name, value in answer.arguments if name != varied]
    if case.family:
        given = [f"{name} = {value}" for name, value in case.parameters if name != varied]
        return ", ".join([case.subject, *given, *arguments])
    parts = [*([] if varied == "k" else [f"k = {case.k}"]), f"weights {answer.weights[:40]}", *arguments]
    if varied == "radius" and case.amplitudes is not None:
        parts.append(f"along amplitudes {', '.join(map(str, case.amplitudes))}"[:60])
    return ", ".join(parts)
