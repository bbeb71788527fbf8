"""Differences of expressions that are linear in logarithms or in one exponential, brought to a sum of logarithms."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.algebra.log_sum import LogSum
from emtheory.numerics.algebra.polynomial import constant, constant_value
from emtheory.numerics.algebra.quotient import Quotient, from_polynomial, inverse
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.language.algebraic import Place
from emtheory.reports.language.expression import Expression, Operation, subexpressions

KERNELS = ("log", "exp")


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
    """a·e^r + b·e^t, the rest being the second term with t = 0 where there is but one exponential.

    Where a and b have different signs it has the sign of a·(r − t − log(−b/a)), and otherwise that of a.
    """
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
