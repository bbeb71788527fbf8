"""Statements as algebra: values of expressions, and how they compare, where signs of polynomials are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import add, mul, neg, sub

from emtheory.numerics.algebra.polynomial import Polynomial, Ring, constant_value, factored
from emtheory.numerics.algebra.quotient import Quotient, from_algebraic, from_polynomial, inverse, power, root
from emtheory.numerics.arithmetic.algebraic import Algebraic
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.reports.language.expression import VARIADIC, Expression, Number, Operation, Symbol, varies

Constant = Callable[[Expression], Algebraic]
"""Gives the value of an expression without variables; InputError or CannotAnswerError if it has none that is known."""

_ARITHMETIC: Mapping[str, Callable[..., Quotient]] = {"+": add, "-": sub, "*": mul, "neg": neg}


@dataclass(frozen=True)
class Place:
    """Where expressions are evaluated: a point, or a cell on which the polynomials asked for have constant signs.

    `ring`: of polynomials in the variables; `sign_of_factor`: the sign of an irreducible polynomial there; `constant`:
    what evaluates parts without variables; `order`: the first variable of the ring is 2cos(2π/order); None if it is one
    of the statement; `known`: polynomials that are known already, which have the same value at every place; they are
    added to.
    """

    ring: Ring
    sign_of_factor: Callable[[Polynomial], int]
    constant: Constant
    order: int | None = None
    known: dict[Expression, Quotient] = field(default_factory=dict, compare=False, repr=False)

    def sign_of(self, polynomial: Polynomial) -> int:
        """Return the sign of any polynomial there."""
        value = constant_value(polynomial)
        if value is not None:
            return (value > 0) - (value < 0)
        unit, factors = factored(polynomial)
        sign = 1 if unit > 0 else -1
        for factor, exponent in factors:
            sign *= self.sign_of_factor(factor) ** (2 - exponent % 2)
        return sign

    def value(self, expression: Expression) -> Quotient:
        """Return the value of an expression.

        InputError if it has none there; CannotAnswerError if it is not algebraic, or of too high a degree.
        """
        names: Mapping[str, int] = {name: index for index, name in enumerate(self.ring.names())}
        return self._value(expression, names)

    def sign(self, left: Expression, right: Expression) -> int:
        """Return the sign of left − right; raises as `value` does.

        Operands of a minimum or maximum are compared with the other side, and not with each other.
        """
        for side, other, turn in ((left, right, 1), (right, left, -1)):
            if isinstance(side, Operation) and side.name in VARIADIC:
                signs = [self.sign(operand, other) for operand in side.operands]
                return turn * (min(signs) if side.name == "min" else max(signs))
        return (self.value(left) - self.value(right)).sign(self.sign_of)

    def _value(self, expression: Expression, names: Mapping[str, int]) -> Quotient:
        if not _is_polynomial(expression):
            return self._evaluated(expression, names, self._value)
        if expression not in self.known:
            self.known[expression] = self._whole(expression, names)
        return self.known[expression]

    def _whole(self, expression: Expression, names: Mapping[str, int]) -> Quotient:
        return self._evaluated(expression, names, self._whole)

    def _evaluated(
        self, expression: Expression, names: Mapping[str, int], operand: Callable[..., Quotient]
    ) -> Quotient:
        """Evaluate an expression, whose operands `operand` evaluates."""
        if isinstance(expression, Symbol) and expression.name in names:
            return from_polynomial(self.ring.gens()[names[expression.name]])
        if not varies(expression, names):
            return from_algebraic(self.constant(expression), self.ring, self.sign_of, self.order)
        if not isinstance(expression, Operation):
            raise CannotAnswerError("a quantity that is not algebraic in the variables")
        if expression.name == "**":
            base, exponent = expression.operands
            value = None if varies(exponent, names) else self.constant(exponent).value
            if value is None:
                raise CannotAnswerError("a power whose exponent is not a rational constant is not algebraic")
            return self._located(lambda: power(operand(base, names), value, self.sign_of), expression)
        operands = [operand(each, names) for each in expression.operands]
        return self._located(lambda: self._combined(expression.name, operands), expression)

    def _combined(self, name: str, operands: list[Quotient]) -> Quotient:
        first, *others = operands
        if name in _ARITHMETIC:
            return _ARITHMETIC[name](first, *others)
        if name in ("/", "sqrt"):
            return root(first, self.sign_of) if name == "sqrt" else first * inverse(others[0], self.sign_of)
        if name == "abs":
            return -first if first.sign(self.sign_of) < 0 else first
        if name not in VARIADIC:
            raise CannotAnswerError(f"{name} is not algebraic")
        side = 1 if name == "max" else -1
        for other in others:
            first = other if (other - first).sign(self.sign_of) == side else first
        return first

    def _located(self, compute: Callable[[], Quotient], expression: Operation) -> Quotient:
        try:
            return compute()
        except InputError as error:
            message = str(error)
            at_column = message if message.startswith("column ") else f"column {expression.column}: {message}"
            raise InputError(at_column if expression.column else message) from None


def _is_polynomial(expression: Expression) -> bool:
    """Whether the value does not depend on signs, as it is made of variables and numbers by + − × and such."""
    if not isinstance(expression, Operation):
        return True
    first, last = expression.operands[0], expression.operands[-1]
    if expression.name in ("+", "-", "*", "neg"):
        return _is_polynomial(first) and _is_polynomial(last)
    if expression.name in ("**", "/"):
        is_count = isinstance(last, Number) and last.value.denominator == 1 and last.value >= 0
        return is_count and _is_polynomial(first)
    return expression.name in ("cos", "sin")
