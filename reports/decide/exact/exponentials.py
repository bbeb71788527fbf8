"""A statement with exponentials of rational functions over an interval, by the signs of sums of them.

Every side is brought to a quotient of sums Σ p_i e^{t_i}, whose signs on the interval follow from those of slopes with
ever fewer terms (`emtheory.numerics.algebra.exp_sum`).
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import flint

from emtheory.numerics.algebra.decomposition import Range
from emtheory.numerics.algebra.exp_sum import ExpSum, Piece, Place, exp_sum, pieces, poles, rational
from emtheory.numerics.algebra.rational_function import RationalFunction, number
from emtheory.numerics.algebra.real_root import Coordinate, compared, simplest_between
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.reports.decide.exact.findings import proof, refutation_at, refutation_beside
from emtheory.reports.decide.exact.problem import AlgebraicProblem
from emtheory.reports.decide.verdict import Finding, answer
from emtheory.reports.language.expression import Expression, Number, Operation, Symbol, varies

_OPERATIONS = ("neg", "+", "-", "*", "/", "exp")
"""Those that lead from sums of exponentials to others; of others only rational values are followed."""
_LARGEST_DEGREE = 24
"""Of polynomials to begin with: their degrees double with each term."""


@dataclass(frozen=True)
class _Quotient:
    """A sum over another one, and all sums that were divided by."""

    above: ExpSum
    below: ExpSum
    divisors: tuple[ExpSum, ...] = ()


@dataclass(frozen=True)
class _Signs:
    """The signs of a sum on a domain, and numbers at which it has them."""

    whole: Range
    total: ExpSum

    @property
    def by_place(self) -> Iterator[tuple[int, Place]]:
        """Each sign, with a number where it is seen."""
        whole = self.whole
        if not self.total.terms:
            yield 0, simplest_between(whole.lower, whole.upper)
            return
        if whole.lower is None:
            raise CannotAnswerError("an interval without a lower end")
        if any(map(self._is_inside, poles(self.total))):
            raise CannotAnswerError("a sum with a pole")
        found: Sequence[Piece] = pieces(self.total, whole.lower, whole.upper)
        for piece in found:
            yield piece.sign, piece.inside
        for before, after in pairwise(found):
            at = after.lower
            yield self.total.sign_around(at) if isinstance(at, Fraction) or before.sign == after.sign else 0, at
        for end, is_open in ((whole.lower, whole.open_lower), (whole.upper, whole.open_upper)):
            if end is not None and not is_open:
                yield self.total.sign_at(end), end

    def _is_inside(self, at: Coordinate) -> bool:
        lower, upper = self.whole.lower, self.whole.upper
        below = lower is not None and compared(at, lower) < (1 if self.whole.open_lower else 0)
        above = upper is not None and compared(at, upper) > (-1 if self.whole.open_upper else 0)
        return not (below or above)


def decide_by_exponentials(problem: AlgebraicProblem, deadline: float | None) -> Finding | None:
    """Decide a statement in one variable; None if it has more, or some sign is not seen.

    CannotAnswerError if the statement is not of this kind, or a sum may be 0 without a change of sign.
    """
    if problem.assumptions or len(problem.ranges) != 1 or problem.base is not None:
        return None
    ((_, whole),) = problem.ranges.items()
    found: list[set[int]] = []
    exact = True
    for operator, left, right in problem.comparison.pairs:
        if deadline is not None and time.monotonic() > deadline:
            return None
        difference = _converted(left - right, problem)
        for divisor in difference.divisors:
            _only_sign(whole, divisor)
        turn = _only_sign(whole, difference.below)
        places = [(turn * sign, at) for sign, at in _Signs(whole, difference.above).by_place]
        failing = [(sign, at) for sign, at in places if not answer(operator, {sign})]
        if failing:
            return _refuted(problem, failing)
        found.append({sign for sign, _ in places})
        exact = exact and not difference.above.terms
    return proof(problem, found, Level.EXACT if exact else Level.CERTIFIED)


def _refuted(problem: AlgebraicProblem, failing: Sequence[tuple[int, Place]]) -> Finding | None:
    """The finding at a rational number where a link fails; of one that fails at others only, beside the first."""
    refuted = (refutation_at(problem, (at,)) for _, at in failing if isinstance(at, Fraction))
    found = next((finding for finding in refuted if finding is not None), None)
    if found is not None or len(problem.comparison.operators) > 1 or any(isinstance(at, Fraction) for _, at in failing):
        return found
    sign, at = failing[0]
    return refutation_beside(problem, (at,), (sign,), Level.CERTIFIED)


def _only_sign(whole: Range, divisor: ExpSum) -> int:
    signs = {sign for sign, _ in _Signs(whole, divisor).by_place}
    if len(signs) > 1 or 0 in signs:
        raise CannotAnswerError("a divisor that may be 0")
    return signs.pop()


def _converted(expression: Expression, problem: AlgebraicProblem) -> _Quotient:
    if not isinstance(expression, Operation) and not varies(expression, problem.ranges):
        return _whole(rational(number(_value(expression, problem))))
    if isinstance(expression, Symbol):
        return _whole(rational(RationalFunction(flint.fmpq_poly([0, 1]), flint.fmpq_poly([1]))))
    if not isinstance(expression, Operation):
        raise CannotAnswerError("a quantity that is no sum of exponentials")
    if expression.name == "**":
        base, exponent = expression.operands
        if varies(exponent, problem.ranges):
            raise CannotAnswerError("a power that varies")
        return _power(_converted(base, problem), _value(exponent, problem))
    if expression.name not in _OPERATIONS:
        return _whole(rational(number(_value(expression, problem))))
    operands = [_converted(operand, problem) for operand in expression.operands]
    return _combined(expression.name, operands)


def _combined(name: str, operands: Sequence[_Quotient]) -> _Quotient:
    first, second = operands[0], operands[-1]
    divisors = first.divisors + (second.divisors if len(operands) > 1 else ())
    match name:
        case "neg":
            return _Quotient(-first.above, first.below, divisors)
        case "exp":
            return _Quotient(exp_sum([(number(Fraction(1)), _function(first))]), _ONE, divisors)
        case "*":
            return _Quotient(first.above * second.above, first.below * second.below, divisors)
        case "/":
            divisors = (*divisors, second.above)
            return _reduced(_Quotient(first.above * second.below, first.below * second.above, divisors))
        case "+" | "-":
            other = -second.above if name == "-" else second.above
            if not (first.below + -second.below).terms:
                return _Quotient(first.above + other, first.below, divisors)
            return _Quotient(first.above * second.below + other * first.below, first.below * second.below, divisors)
    raise ValueError(name)


def _reduced(value: _Quotient) -> _Quotient:
    """What is divided by one term only has its factors divided."""
    if not value.below.terms:
        raise CannotAnswerError("a division by zero")
    if len(value.below.terms) > 1:
        return value
    ((factor, exponent),) = value.below.terms
    return _Quotient(exp_sum([(p.over(factor), t - exponent) for p, t in value.above.terms]), _ONE, value.divisors)


def _power(base: _Quotient, exponent: Fraction) -> _Quotient:
    if exponent.denominator > 1 or abs(exponent) > _LARGEST_DEGREE:
        raise CannotAnswerError("a power of exponentials that is no small integer")
    result = _whole(_ONE)
    for _ in range(abs(int(exponent))):
        result = _combined("*", [result, base])
        _require(result)
    return _combined("/", [_whole(_ONE), result]) if exponent < 0 else result


def _function(value: _Quotient) -> RationalFunction:
    """A quotient without exponentials as a rational function."""
    if not all(exponent.is_zero for total in (value.above, value.below) for _, exponent in total.terms):
        raise CannotAnswerError("an exponential of an exponential")
    above, below = (each.terms[0][0] if each.terms else number(Fraction(0)) for each in (value.above, value.below))
    return above.over(below)


def _require(value: _Quotient) -> None:
    parts = [part for total in (value.above, value.below) for part in total.parts]
    if any(max(part.above.degree(), part.below.degree()) > _LARGEST_DEGREE for part in parts):
        raise CannotAnswerError(f"polynomials of a degree beyond {_LARGEST_DEGREE} beside exponentials")


def _value(expression: Expression, problem: AlgebraicProblem) -> Fraction:
    if isinstance(expression, Number):
        return expression.value
    if varies(expression, problem.ranges):
        raise CannotAnswerError("a function of what varies that is no exponential")
    value = problem.constant(expression).value
    if value is None:
        raise CannotAnswerError("a constant that is not rational beside exponentials")
    return value


def _whole(total: ExpSum) -> _Quotient:
    return _Quotient(total, _ONE)


_ONE = rational(number(Fraction(1)))
