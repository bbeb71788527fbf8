"""The statement language: comparisons of expressions over quantities, as an immutable tree.

A statement is data. `emtheory.reports.language.parser` makes the tree,
`emtheory.reports.decide.point` gives it a value.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from operator import add, mul, sub, truediv
from typing import cast

from emtheory.numerics.arithmetic.constant import Real
from emtheory.numerics.names import short_name
from emtheory.numerics.quantities import find_quantity

ORDERS = ("<", "<=", ">", ">=")
OPERATORS = (*ORDERS, "==", "!=")
SYMBOLS = ("k", "d", "radius", "pi")
INFINITY = "inf"
"""What an argument that may be infinite is then."""
AMPLITUDE = "amplitude_"
"""Followed by a frequency, the name of an amplitude that ``for_all`` ranges over."""

BINARY = ("+", "-", "*", "/", "**")
UNARY = ("abs", "sqrt", "log", "exp", "cos", "sin")
VARIADIC = ("min", "max")


class _Arithmetic:
    """Expressions are put together as they are read, such as 1 - 2*x; how is said at `operation`."""

    def __add__(self, other: "Part") -> "Expression":
        return operation("+", self, other)

    def __sub__(self, other: "Part") -> "Expression":
        return operation("-", self, other)

    def __rsub__(self, other: "Part") -> "Expression":
        return operation("-", other, self)

    def __mul__(self, other: "Part") -> "Expression":
        return operation("*", self, other)

    def __rmul__(self, other: "Part") -> "Expression":
        return operation("*", other, self)

    def __truediv__(self, other: "Part") -> "Expression":
        return operation("/", self, other)

    def __pow__(self, other: "Part") -> "Expression":
        return operation("**", self, other)

    def __neg__(self) -> "Expression":
        return operation("-", 0, self)


@dataclass(frozen=True)
class Number(_Arithmetic):
    """An exact number."""

    value: Fraction
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Symbol(_Arithmetic):
    """One of `SYMBOLS`, or a variable that ``for_all`` ranges over."""

    name: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Call(_Arithmetic):
    """A quantity with its arguments, each a constant expression."""

    quantity: str
    arguments: tuple[tuple[str, "Expression"], ...] = ()
    column: int = field(default=0, compare=False)

    @property
    def label(self) -> str:
        """The name of the quantity for people."""
        return short_name(self.quantity)


@dataclass(frozen=True)
class Operation(_Arithmetic):
    """One of ``+ - * / ** neg``, `UNARY` and `VARIADIC`, applied to its operands."""

    name: str
    operands: tuple["Expression", ...]
    column: int = field(default=0, compare=False)


Expression = Number | Symbol | Call | Operation
Part = Expression | _Arithmetic | Fraction | int
"""What an expression is put together from."""

ZERO, ONE, TWO = (Number(Fraction(value)) for value in range(3))
_OF_NUMBERS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub, "*": mul, "/": truediv}


def operation(name: str, left: Part, right: Part) -> Expression:
    """Return an operation without terms that are zero and factors that are one; of numbers, a number."""
    first, second = _written(left), _written(right)
    if (
        isinstance(first, Number)
        and isinstance(second, Number)
        and name in _OF_NUMBERS
        and (name, second) != ("/", ZERO)
    ):
        return Number(_OF_NUMBERS[name](first.value, second.value))
    neutral = ZERO if name in ("+", "-") else ONE
    if second == neutral:
        return first
    if first == neutral and name in ("+", "*"):
        return second
    if (name == "*" and ZERO in (first, second)) or (name == "/" and first == ZERO):
        return ZERO
    return Operation("neg", (second,)) if (name, first) == ("-", ZERO) else Operation(name, (first, second))


def _written(part: Part) -> Expression:
    return Number(Fraction(part)) if isinstance(part, Fraction | int) else cast("Expression", part)


def rewritten(expression: Expression, rule: Callable[[Expression], Expression | None]) -> Expression:
    """Return an expression with others in place of parts, those for which a rule gives one, the outermost first."""
    found = rule(expression)
    if found is not None or not isinstance(expression, Operation):
        return expression if found is None else found
    return replace(expression, operands=tuple(rewritten(operand, rule) for operand in expression.operands))


@dataclass(frozen=True)
class Comparison:
    """A chain such as 0 < a <= b: operands[0] operators[0] operands[1] operators[1] and so on.

    `operands`: two or more expressions; `operators`: one fewer of `OPERATORS`; `texts`: the operands as they were
    written.
    """

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]
    texts: tuple[str, ...] = field(compare=False)

    @property
    def pairs(self) -> Iterator[tuple[str, Expression, Expression]]:
        """Each operator, with the operands to the left and right of it."""
        for operator, (left, right) in zip(self.operators, pairwise(self.operands), strict=True):
            yield operator, left, right

    def rewritten(self, rule: Callable[[Expression], Expression | None]) -> "Comparison":
        """Return the comparison with its operands `rewritten`."""
        return replace(self, operands=tuple(rewritten(operand, rule) for operand in self.operands))


def subexpressions(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and everything in it, arguments of quantities included."""
    yield expression
    if isinstance(expression, Operation):
        for operand in expression.operands:
            yield from subexpressions(operand)
    elif isinstance(expression, Call):
        for _, value in expression.arguments:
            yield from subexpressions(value)


def calls_of(comparison: Comparison) -> tuple[Call, ...]:
    """Return the different quantities of a statement in order of appearance."""
    parts = (part for operand in comparison.operands for part in subexpressions(operand))
    return tuple(dict.fromkeys(part for part in parts if isinstance(part, Call)))


def formula_text(expression: Expression, point: Mapping[str, Real]) -> str:
    """Return an expression without quantities as text, with the values of its variables in their place."""
    text = _formula(expression, point)
    return text[1:-1] if isinstance(expression, Operation) and text.startswith("(") else text


def _formula(expression: Expression, point: Mapping[str, Real]) -> str:
    match expression:
        case Number(value):
            return str(value) if value.denominator == 1 and value >= 0 else f"({value})"
        case Symbol(name):
            given = point.get(name)
            if given is None:
                return name
            return _formula(Number(given), point) if isinstance(given, Fraction) else f"({given})"
        case Operation("neg", (operand,)):
            return f"(-{_formula(operand, point)})"
        case Operation(name, (left, right)) if name in BINARY:
            return f"({_formula(left, point)}{name}{_formula(right, point)})"
        case Operation(name, operands):
            return f"{name}({', '.join(formula_text(each, point) for each in operands)})"
    raise ValueError("a quantity in a formula")


def is_constant(expression: Expression) -> bool:
    """Whether the expression contains no quantity."""
    return not any(isinstance(part, Call) for part in subexpressions(expression))


def varies(expression: Expression, names: Collection[str]) -> bool:
    """Whether a variable stands in an expression."""
    return any(isinstance(part, Symbol) and part.name in names for part in subexpressions(expression))


def depends_on_point(expression: Expression) -> bool:
    """Whether the value depends on the point: through a quantity that needs one, the radius or an amplitude."""
    return any(
        (isinstance(part, Call) and find_quantity(part.quantity).needs_point)
        or (isinstance(part, Symbol) and (part.name == "radius" or part.name.startswith(AMPLITUDE)))
        for part in subexpressions(expression)
    )


def difference_inside(left: Expression, right: Expression) -> Expression | None:
    """Return left − right taken into the minimum or maximum that one of the sides is; None if neither is one.

    max(a, c) − c = max(a − c, 0) has the exact end 0 where enclosures of max(a, c) and c are rounded. |a| is
    max(a, −a).
    """
    left, right = _as_maximum(left), _as_maximum(right)
    if isinstance(left, Operation) and left.name in VARIADIC:
        return Operation(left.name, tuple(_difference(operand, right) for operand in left.operands), left.column)
    if isinstance(right, Operation) and right.name in VARIADIC:
        inner = tuple(_difference(operand, left) for operand in right.operands)
        return Operation("neg", (Operation(right.name, inner, right.column),))
    return None


def _as_maximum(expression: Expression) -> Expression:
    if not isinstance(expression, Operation) or expression.name != "abs":
        return expression
    (inner,) = expression.operands
    return Operation("max", (inner, Operation("neg", (inner,))), expression.column)


def _difference(left: Expression, right: Expression) -> Expression:
    return ZERO if left == right else Operation("-", (left, right))
