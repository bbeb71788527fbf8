"""A statement with logarithms or exponentials over an interval: exactly, by the signs of slopes and of values at ends.

Where left − right has the sign of a sum of logarithms whose derivative is algebraic, the zeros of the derivative cut
the interval into pieces on which the sum rises or falls, so that its values at the ends, or its limits there, tell its
signs in between.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from emtheory.numerics.algebra.decomposition import Range, samples
from emtheory.numerics.algebra.log_sum import LogSum
from emtheory.numerics.algebra.point import sign_at
from emtheory.numerics.algebra.polynomial import Polynomial, constant, constant_value, key
from emtheory.numerics.algebra.quotient import Quotient, from_polynomial, inverse
from emtheory.numerics.algebra.real_root import Coordinate, ends
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.level import Level
from emtheory.reports.decide.exact.findings import (
    proof,
    refutation_at,
    refutation_beside,
    refutation_everywhere,
    without_value,
)
from emtheory.reports.decide.exact.problem import AlgebraicProblem, holds
from emtheory.reports.decide.verdict import Finding, answer
from emtheory.reports.language.algebraic import Place
from emtheory.reports.language.expression import Expression, Operation, subexpressions

KERNELS = ("log", "exp")
_STEPS = 60
"""Points that approach an end, each at half the distance, at which a sign is looked for. A choice: a value that is not
seen after so many is at 10⁻¹⁸ of the piece from its end."""


_Ends = tuple[Coordinate | None, Coordinate | None]
"""Of a cell; None for an infinite one."""
_Signs = tuple[set[int], Level]


@dataclass(frozen=True, eq=False)
class _Linear:
    """Σ coefficient · kernel + rest, where each kernel is a logarithm or exponential as it is written."""

    coefficients: Mapping[Operation, Quotient]
    rest: Quotient

    def plus(self, other: "_Linear") -> "_Linear":
        coefficients = dict(self.coefficients)
        for kernel, value in other.coefficients.items():
            coefficients[kernel] = coefficients[kernel] + value if kernel in coefficients else value
        return _Linear(coefficients, self.rest + other.rest)

    def times(self, factor: Quotient) -> "_Linear":
        return _Linear({kernel: value * factor for kernel, value in self.coefficients.items()}, self.rest * factor)


def side_and_sum(left: Expression, right: Expression, place: Place) -> tuple[int, LogSum | None]:
    """Return a sign s and a sum S such that left − right has the sign of s·S at a place, or s itself where S is None.

    InputError if one has no value there; CannotAnswerError if the difference is not of that kind.
    """
    difference = _linear(left - right, place)
    kernels = {kernel: value for kernel, value in difference.coefficients.items() if value.sign(place.sign_of)}
    if not kernels:
        return difference.rest.sign(place.sign_of), None
    (first, leading), *others = kernels.items()
    side = leading.sign(place.sign_of)
    rest = difference.rest * inverse(leading, place.sign_of)
    if all(kernel.name == "log" for kernel in kernels):
        terms = [(Fraction(1), place.value(first.operands[0]))]
        for kernel, value in others:
            terms.append((_rational(value * inverse(leading, place.sign_of)), place.value(kernel.operands[0])))
        return side, LogSum(terms, rest)
    return _exponentials(kernels, difference.rest, place)


def _exponentials(kernels: Mapping[Operation, Quotient], rest: Quotient, place: Place) -> tuple[int, LogSum | None]:
    """The sign of a·e^r + b·e^t, t = 0 for the rest, is that of a, or, if b has the other, of a·(r − t − log(−b/a))."""
    terms = [(value, place.value(kernel.operands[0])) for kernel, value in kernels.items()]
    if rest.sign(place.sign_of):
        terms.append((rest, _number(0, place)))
    if len(terms) > 2 or any(kernel.name != "exp" for kernel in kernels):
        raise CannotAnswerError("more than two exponentials, or beside logarithms")
    (first, exponent), *others = terms
    side = first.sign(place.sign_of)
    if not others or others[0][0].sign(place.sign_of) == side:
        return side, None
    ((second, other),) = others
    return side, LogSum([(Fraction(-1), -second * inverse(first, place.sign_of))], exponent - other)


def has_kernel(expression: Expression) -> bool:
    """Whether a logarithm or an exponential stands in an expression."""
    return any(isinstance(part, Operation) and part.name in KERNELS for part in subexpressions(expression))


def _linear(expression: Expression, place: Place) -> _Linear:
    if not has_kernel(expression):
        return _Linear({}, place.value(expression))
    if not isinstance(expression, Operation):
        raise CannotAnswerError("a quantity that is not algebraic in the variables")
    if expression.name in KERNELS:
        if expression.name == "log" and place.value(expression.operands[0]).sign(place.sign_of) <= 0:
            raise InputError(f"column {expression.column}: log of a number that is not positive")
        return _Linear({expression: _number(1, place)}, _number(0, place))
    return _combined(expression.name, [_linear(operand, place) for operand in expression.operands], place)


def _combined(name: str, operands: list[_Linear], place: Place) -> _Linear:
    first, second = operands[0], operands[-1]
    if name == "neg":
        return first.times(_number(-1, place))
    if name in ("+", "-"):
        return first.plus(second if name == "+" else second.times(_number(-1, place)))
    if name == "*" and not (first.coefficients and second.coefficients):
        return first.times(second.rest) if first.coefficients else second.times(first.rest)
    if name == "/" and not second.coefficients:
        return first.times(inverse(second.rest, place.sign_of))
    raise CannotAnswerError(f"{name} of a logarithm or exponential")


def _number(value: int, place: Place) -> Quotient:
    return from_polynomial(constant(place.ring, Fraction(value)))


def _rational(value: Quotient) -> Fraction:
    above, below = value.numerator.polynomial, value.denominator.polynomial
    numbers = [None if part is None else constant_value(part) for part in (above, below)]
    if numbers[0] is None or numbers[1] is None:
        raise CannotAnswerError("logarithms whose coefficients are not in a rational proportion")
    return numbers[0] / numbers[1]


@dataclass(frozen=True, eq=False)
class _Difference:
    """left − right on a cell: the sign of side·total, which rises where slope is 1; no total where side is the sign."""

    side: int
    total: LogSum | None = None
    slope: int = 0


def decide_by_slopes(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    """Decide a statement in one variable; None if it has more, or the values at the ends of some piece are not known.

    InputError if the statement has no value somewhere in the domain; CannotAnswerError if the statement is not of this
    kind.
    """
    if problem.assumptions or len(problem.ranges) > 1 or problem.base is not None:
        return None
    if not problem.ranges:
        has_log = any(map(has_kernel, problem.comparison.operands))
        return _of_numbers(problem) if has_log and not problem.question.counts else None
    known: dict[str, Polynomial] = {}
    while True:
        fresh: dict[str, Polynomial] = {}
        cells: list[tuple[Coordinate, list[_Difference]]] = []
        for sample in samples(list(known.values()), list(problem.ranges.values())):
            if deadline is not None and time.monotonic() > deadline:
                return None
            (place,) = sample.point or ()
            cells.append((place, _differences(problem, place, known, fresh, inside=sample.full)))
        if not fresh:
            return _conclusion(problem, cells)
        known |= fresh


def _of_numbers(problem: AlgebraicProblem) -> Finding | None:
    """Decide a statement about numbers in which logarithms add up to 0; None if none do: balls tell others apart.

    That log 2 + log 3 − log 6 is 0 shows in 2 · 3/6 being 1 (`LogSum`), at any value of a variable not in it.
    """
    anywhere = replace(problem, ranges={"": Range(Fraction(0), Fraction(0))}, constants={}, known={})
    differences = _differences(anywhere, Fraction(0), {}, {}, inside=False)
    if all(each.total is None for each in differences):
        return None
    signs, levels = zip(*(_signs(anywhere, each, Fraction(0), (None, None)) for each in differences), strict=True)
    if {0} not in signs:
        return None
    shown = proof if holds(problem.comparison, tuple(map(min, signs))) else refutation_everywhere
    return shown(problem, signs, min(levels))


def _differences(
    problem: AlgebraicProblem,
    at: Coordinate,
    known: dict[str, Polynomial],
    fresh: dict[str, Polynomial],
    *,
    inside: bool,
) -> list[_Difference]:
    """Each link's difference at a sample; polynomials asked for that are not known are added to `fresh`."""

    def sign_of_factor(polynomial: Polynomial) -> int:
        if key(polynomial) not in known:
            fresh[key(polynomial)] = polynomial
        return sign_at(polynomial, (at,))

    place = problem.place(sign_of_factor)
    try:
        found = [side_and_sum(left, right, place) for _, left, right in problem.comparison.pairs]
    except InputError as error:
        raise without_value(error, problem, (at,)) from None
    if inside:
        # Cuts where the logarithms add up to 0, at which the sum may vanish by algebra alone.
        for _, total in found:
            if total is not None:
                total.product(place.sign_of).sign(place.sign_of)
    return [
        _Difference(side, total, total.slope(place.sign_of) if inside and total is not None else 0)
        for side, total in found
    ]


def _conclusion(problem: AlgebraicProblem, cells: Sequence[tuple[Coordinate, list[_Difference]]]) -> Finding | None:
    """Put together what is known of each cell: points, and the pieces between them."""
    (whole,) = problem.ranges.values()
    operators = problem.comparison.operators
    found: list[set[int]] = [set() for _ in operators]
    levels: list[list[Level]] = []
    for index, (at, differences) in enumerate(cells):
        before = cells[index - 1][0] if index else whole.lower
        after = cells[index + 1][0] if index + 1 < len(cells) else whole.upper
        known = [_signs(problem, difference, at, (before, after)) for difference in differences]
        if not all(answer(operator, signs) for operator, (signs, _) in zip(operators, known, strict=True)):
            return _refutation(problem, at, (before, after), known)
        for seen, (signs, _) in zip(found, known, strict=True):
            seen.update(signs)
        levels.append([level for _, level in known])
    # What rises from an exact 0 over a piece, or falls to one, has its sign at the other end of it, too.
    shared = [[max(near) for near in zip(*levels[max(0, i - 1) : i + 2], strict=True)] for i in range(len(levels))]
    return proof(problem, found, min(min(each) for each in shared))


def _refutation(problem: AlgebraicProblem, at: Coordinate, cell: _Ends, known: Sequence[_Signs]) -> Finding | None:
    """A point of a cell where the statement fails; None if it is not known to, or no such point is found."""
    if isinstance(at, Fraction):
        places = (at, *_towards(at, cell[0]), *_towards(at, cell[1])) if cell else (at,)
        (name,) = problem.ranges
        whole = problem.question.spans[name]
        refuted = (refutation_at(problem, (place,)) for place in places if place in whole)
        return next((finding for finding in refuted if finding is not None), None)
    signs = tuple(min(each) for each, _ in known)
    return None if holds(problem.comparison, signs) else refutation_beside(problem, (at,), signs)


def _signs(problem: AlgebraicProblem, difference: _Difference, at: Coordinate, cell: _Ends) -> _Signs:
    """The signs of a difference on a sample's cell, all three if that is not known; exact where algebra tells them."""
    if difference.total is None:
        return {difference.side}, Level.EXACT
    if not difference.slope:
        place = problem.place(partial(_sign_of_factor, at))
        sign = difference.side * difference.total.sign_at(at, place.sign_of)
        return {sign}, Level.CERTIFIED if sign else Level.EXACT
    at_ends = [_sign_at_end(problem, difference.total, end, side) for end, side in zip(cell, (1, -1), strict=True)]
    least, most = at_ends if difference.slope > 0 else at_ends[::-1]
    if least is not None and least >= 0:
        return {difference.side}, Level.CERTIFIED if least else Level.EXACT
    if most is not None and most <= 0:
        return {-difference.side}, Level.CERTIFIED if most else Level.EXACT
    return {-1, 0, 1}, Level.CERTIFIED


def _sign_at_end(problem: AlgebraicProblem, total: LogSum, at: Coordinate | None, side: int) -> int | None:
    """The sign of the limit at the lower end of a piece, side 1, or the upper one, −1; None if it is not known."""
    if at is None:
        return None if side > 0 else total.sign_of_limit(None, side)
    place: Place = problem.place(partial(_sign_of_factor, at))
    there = total.at_end(place.sign_of)
    if there is not None:
        return there.sign_at(at, place.sign_of)
    return total.sign_of_limit(at, side) if isinstance(at, Fraction) else None


def _sign_of_factor(at: Coordinate, polynomial: Polynomial) -> int:
    return sign_at(polynomial, (at,))


def _towards(at: Coordinate, end: Coordinate | None) -> Iterator[Fraction]:
    """Points from a rational sample towards an end of its cell."""
    (start, _) = ends(at)
    for step in range(1, _STEPS):
        if end is None:
            yield start + 2**step
        else:
            limit = ends(end)[0 if start < ends(end)[0] else 1]
            yield limit + (start - limit) / 2**step
