"""The statement language: comparisons of expressions over quantities, as an immutable tree.

A statement is data. `emtheory.reports.language.parser` makes the tree,
`emtheory.reports.decide.evaluation` gives it a value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

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


@dataclass(frozen=True)
class Number:
    """An exact number."""

    value: Fraction
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Symbol:
    """One of `SYMBOLS`, or a variable that ``for_all`` ranges over."""

    name: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Call:
    """A quantity with its arguments, each a constant expression."""

    quantity: str
    arguments: tuple[tuple[str, "Expression"], ...] = ()
    column: int = field(default=0, compare=False)

    @property
    def label(self) -> str:
        """The name of the quantity for people."""
        return short_name(self.quantity)


@dataclass(frozen=True)
class Operation:
    """One of ``+ - * / ** neg``, `UNARY` and `VARIADIC`, applied to its operands."""

    name: str
    operands: tuple["Expression", ...]
    column: int = field(default=0, compare=False)


Expression = Number | Symbol | Call | Operation


@dataclass(frozen=True)
class Comparison:
    """A chain such as 0 < a <= b: operands[0] operators[0] operands[1] operators[1] and so on.

    `operands`: two or more expressions; `operators`: one fewer of `OPERATORS`; `texts`: the operands as they were
    written.
    """

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]
    texts: tuple[str, ...] = field(compare=False)


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


def depends_on_point(expression: Expression) -> bool:
    """Whether the value depends on the point: through a quantity that needs one, the radius or an amplitude."""
    return any(
        (isinstance(part, Call) and find_quantity(part.quantity).needs_point)
        or (isinstance(part, Symbol) and (part.name == "radius" or part.name.startswith(AMPLITUDE)))
        for part in subexpressions(expression)
    )


def difference_inside(left: Expression, right: Expression) -> Expression | None:
    """Return left − right taken into the minimum or maximum that one of the sides is; None if neither is one.

    max(a, c) − c = max(a − c, 0) has the exact end 0 where enclosures of max(a, c) and c are rounded.
    """
    if isinstance(left, Operation) and left.name in VARIADIC:
        return Operation(left.name, tuple(_difference(operand, right) for operand in left.operands), left.column)
    if isinstance(right, Operation) and right.name in VARIADIC:
        inner = tuple(_difference(operand, left) for operand in right.operands)
        return Operation("neg", (Operation(right.name, inner, right.column),))
    return None


def _difference(left: Expression, right: Expression) -> Expression:
    if left == right:
        return Number(Fraction(0))
    return Operation("-", (left, right))
