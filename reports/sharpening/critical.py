"""The constant at which a statement changes from true to false, at one case and at the worst of a domain.

Nothing here is evidence: it only proposes constants, of which the ones beside are then decided.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.point import decide_at, evaluate_expression, evaluate_quantities
from emtheory.reports.language.expression import (
    ONE,
    ZERO,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    rewritten,
    varies,
)
from emtheory.reports.language.span import Point, points
from emtheory.theory.claim import LARGEST

_DIGITS = 15
"""Of quantities and differences."""
_STARTS = 3
"""Places from which a worse one is sought."""
_STEPS = 400
"""Cases that are looked at from one start."""
_DENOMINATORS = tuple(10**power for power in range(2, 16))
"""Of the coordinates of a witness: the shortest with which it is one."""
_NOWHERE = 1e300
"""In place of a constant where there is none: finite, since places are compared by differences."""


@dataclass(frozen=True)
class Proposal:
    """A place, and the constant at which the statement becomes false there."""

    point: Point
    case: Case
    constant: float


@dataclass(frozen=True)
class Landscape:
    """The critical constant of a statement over a domain: the place where it is worst bounds the best constant."""

    question: Question
    comparison: Comparison
    constant: str
    side: str
    between: tuple[Fraction, Fraction]
    deadline: float | None = None

    @property
    def is_late(self) -> bool:
        """Whether the time is up."""
        return self.deadline is not None and time.monotonic() > self.deadline

    @property
    def sign(self) -> int:
        """1 where the least critical constant is the best one, −1 where the greatest is."""
        return 1 if self.side == LARGEST else -1

    def at(self, case: Case) -> float | None:
        """Return the critical constant of a case; None if there is no value, an assumption fails, or time is up."""
        if self.is_late:
            return None
        try:
            if not all(decide_at(each, case, _DIGITS).holds for each in self.question.local_assumptions):
                return None
            values = evaluate_quantities(self.comparison, case, _DIGITS)
            pairs = self.comparison.pairs
            margins = [left - right if operator in (">", ">=") else right - left for operator, left, right in pairs]

            def excess(constant: float) -> float:
                """By how much the weakest link holds."""
                there = (substituted(margin, self.constant, Fraction(constant)) for margin in margins)
                return min(float(evaluate_expression(each, case, _DIGITS, values).midpoint) for each in there)

            inner, outer = map(float, self.between if self.side == LARGEST else reversed(self.between))
            if excess(inner) < 0:
                return inner
            if excess(outer) >= 0:
                return outer
            from scipy.optimize import brentq

            return float(brentq(excess, inner, outer, xtol=1e-15, rtol=1e-14))
        except (InputError, CannotAnswerError):
            return None

    def at_point(self, case: Case, point: Point) -> float | None:
        """Return the critical constant of a case at a point; None if there is none."""
        proposal = self._proposal(case, point) if self._inside(point) else None
        return None if proposal is None else proposal.constant

    def worst(self, case: Case, starts: Sequence[Point] = ()) -> Proposal | None:
        """Return the place that bounds the constant most, as far as it is found from some starts; None without any."""
        found = [self._proposal(case, point) for point in (*starts, *points(self.question.spans))]
        known = sorted((each for each in found if each is not None), key=lambda each: self.sign * each.constant)
        if not known or not self.question.spans:
            return known[0] if known else None
        refined = [each for start in known[:_STARTS] for each in self._descended(case, start)]
        return min((*known, *refined), key=lambda each: self.sign * each.constant)

    def witness(self, case: Case, worst: Proposal, beyond: Fraction) -> Iterator[Proposal]:
        """Yield places near the worst one with ever longer coordinates, whose critical constant is not that far out."""
        for most in _DENOMINATORS:
            point = {name: value.limit_denominator(most) for name, value in worst.point.items()}
            near = self._proposal(case, point) if self._inside(point) else None
            if near is not None and self.sign * near.constant < self.sign * beyond:
                yield near
        yield worst

    def _descended(self, case: Case, start: Proposal) -> Iterator[Proposal]:
        spans = self.question.spans
        names = [name for name, span in spans.items() if not span.is_single]
        ends = [
            (float(spans[name].lower), math.inf if spans[name].upper is None else float(spans[name].top))
            for name in names
        ]
        if not names:
            return
        best = start

        def objective(coordinates: Sequence[float]) -> float:
            nonlocal best
            point = dict(start.point) | {name: Fraction(float(x)) for name, x in zip(names, coordinates, strict=True)}
            proposal = self._proposal(case, point) if self._inside(point) else None
            if proposal is None:
                return _NOWHERE
            if self.sign * proposal.constant < self.sign * best.constant:
                best = proposal
            return self.sign * proposal.constant

        origin = [float(start.point[name]) for name in names]
        from scipy.optimize import minimize

        minimize(
            objective,
            origin,
            method="Nelder-Mead",
            bounds=ends,
            options={"maxfev": _STEPS, "xatol": 1e-9, "fatol": 1e-14},
        )
        yield best

    def _proposal(self, case: Case, point: Point) -> Proposal | None:
        try:
            place = self.question.at(case, point)
        except InputError:
            return None
        constant = self.at(place)
        return None if constant is None else Proposal(point, place, constant)

    def _inside(self, point: Point) -> bool:
        return all(point[name] in span for name, span in self.question.spans.items())


def substituted(expression: Expression, name: str, value: Fraction) -> Expression:
    """Return an expression with a number in place of a symbol."""
    return rewritten(expression, lambda part: Number(value) if part == Symbol(name) else None)


def monotonicity(comparison: Comparison, constant: str, side: str) -> list[Comparison]:
    """Return a statement a link, to show that all fail beyond a constant that does; InputError without such a slope."""
    result = []
    for operator, left, right in comparison.pairs:
        if operator in ("==", "!="):
            raise InputError(f"sharpen: a constant in a comparison by {operator} has no best value")
        slope = _slope(left - right, constant)
        # What must not be negative has to fall with a constant whose largest value is sought.
        falls = (operator in (">", ">=")) == (side == LARGEST)
        result.append(Comparison((slope, ZERO), ("<=" if falls else ">=",), (f"slope in {constant}", "0")))
    return result


def _slope(expression: Expression, constant: str) -> Expression:
    if expression == Symbol(constant):
        return ONE
    if not isinstance(expression, Operation) or not varies(expression, (constant,)):
        if varies(expression, (constant,)):
            raise InputError(f"sharpen: the constant {constant!r} stands in an argument of a quantity")
        return ZERO
    rule = _RULES.get(expression.name)
    if rule is None:
        raise InputError(f"sharpen: the constant {constant!r} stands in {expression.name}, which need not have a slope")
    return rule(expression, *(_slope(operand, constant) for operand in expression.operands))


def _of_power(power: Operation, base_slope: Expression, exponent_slope: Expression) -> Expression:
    base, exponent = power.operands
    by_base = exponent * base ** (exponent - 1) * base_slope
    return by_base + (power * Operation("log", (base,)) * exponent_slope if exponent_slope != ZERO else ZERO)


_RULES: Mapping[str, Callable[..., Expression]] = {
    "neg": lambda value, slope: -slope,
    "+": lambda value, left, right: left + right,
    "-": lambda value, left, right: left - right,
    "*": lambda value, left, right: left * value.operands[1] + value.operands[0] * right,
    "/": lambda value, above, below: (above - value * below) / value.operands[1],
    "**": _of_power,
    "exp": lambda value, slope: value * slope,
    "log": lambda value, slope: slope / value.operands[0],
    "sqrt": lambda value, slope: slope / (2 * value),
    "sin": lambda value, slope: Operation("cos", value.operands) * slope,
    "cos": lambda value, slope: -Operation("sin", value.operands) * slope,
}
"""Operation → its slope, from itself and the slopes of its operands."""
