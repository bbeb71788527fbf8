"""From the text of a statement to its tree, by an allow-list over Python's syntax tree. Nothing is ever evaluated."""

import ast
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import InputError
from emtheory.numerics.families import find_family
from emtheory.numerics.family import SEPARATOR
from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports.language.expression import (
    INFINITY,
    OPERATORS,
    SYMBOLS,
    UNARY,
    VARIADIC,
    Call,
    Comparison,
    Expression,
    Number,
    Operation,
    Symbol,
    subexpressions,
)
from emtheory.theory.near_miss import near_misses

MAX_LENGTH = 2000
"""Characters of a statement. A choice: the longest of the catalogue has about a hundred, and time and memory grow with
the length, Python's own parser included."""
MAX_PARENTHESES = 50
"""Open at once. A choice, well below the 200 at which Python's own parser gives up with a message of its own."""
MAX_DEPTH = 150
"""Of operations within each other, so also summands of a sum: what walks the tree calls itself once or twice a level,
and Python's limit of a thousand calls is reached between 400 and 600."""

_FOREIGN = re.compile(r"[^A-Za-z0-9_.,()+\-*/<>=! ]")
_REPLACEMENTS = dict(zip("^≤≥≠π×·−÷", ("**", "<=", ">=", "!=", "pi", "*", "*", "-", "/"), strict=True))
_OPERATIONS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.USub: "neg",
}
_COMPARISONS: dict[type[ast.AST], str] = dict(
    zip((ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq), OPERATORS, strict=True)
)


@dataclass(frozen=True)
class _Source:
    """A text, the variables it may use besides `SYMBOLS`, the family of its quantities, and if ``inf`` may stand."""

    text: str
    variables: Collection[str]
    family: str = ""
    infinite: bool = False

    def of(self, node: ast.expr) -> str:
        return self.text[node.col_offset : node.end_col_offset]


def parse_statement(text: str, variables: Collection[str] = (), family: str = "") -> Comparison:
    """Return the comparison that `text` states.

    Parameters
    ----------
    text
        At most 2,000 characters, e.g. ``0 < spectral_gap <= dft_modulus(m=1)**2``. Decimals are exact.
    variables
        Names that it may use besides `SYMBOLS`: those that ``for_all`` ranges over.
    family
        Name of the family whose quantities it is about; of the tied mixtures if it is empty.

    Raises
    ------
    InputError
        If it is anything but a comparison in the statement language; the message names the column.
    """
    body, source = _tree(text, "statement", variables, family)
    if not isinstance(body, ast.Compare):
        raise _error(1, f"a statement compares with {' '.join(OPERATORS)}, e.g. spectral_gap > 1/10")
    operators = []
    for operator in body.ops:
        if type(operator) not in _COMPARISONS:
            raise _error(1, f"only the comparisons {' '.join(OPERATORS)} are part of the statement language")
        operators.append(_COMPARISONS[type(operator)])
    sides = (body.left, *body.comparators)
    operands = tuple(_build(side, source, 0) for side in sides)
    return Comparison(operands, tuple(operators), tuple(map(source.of, sides)))


def parse_expression(text: str, variables: Collection[str] = ()) -> Expression:
    """Return the expression that `text` is.

    Parameters
    ----------
    text
        At most 2,000 characters, e.g. ``1 - U - V``. Decimals are exact.
    variables
        Names that it may use besides `SYMBOLS`.

    Raises
    ------
    InputError
        If it is anything but an expression in the statement language; the message names the column.
    """
    body, source = _tree(text, "expression", variables)
    return _build(body, source, 0)


def _tree(text: str, what: str, variables: Collection[str], family: str = "") -> tuple[ast.expr, _Source]:
    """The syntax tree of a text, and the text in which it has its columns."""
    text = re.sub(r"\s", " ", text)
    _check_text(text, what)
    # In parentheses a text may start with a blank, and the offsets of the tree are columns counted from 1.
    enclosed = f"({text})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(enclosed, mode="eval").body, _Source(enclosed, variables, family)
    except SyntaxError as error:
        noun = "a comparison" if what == "statement" else "an expression"
        raise _error(min((error.offset or 1) - 1, len(text)), f"this is not {noun} ({error.msg})") from None
    except (ValueError, RecursionError, MemoryError):
        raise InputError(f"the {what} is nested too deeply or has a number with too many digits") from None


def _check_text(text: str, what: str) -> None:
    if not text.strip():
        example = "a comparison such as spectral_gap > 1/10" if what == "statement" else "one such as 1 - W"
        raise InputError(f"the {what} is empty: write {example}")
    if len(text) > MAX_LENGTH:
        raise InputError(f"the {what} has {len(text)} characters; at most {MAX_LENGTH} are accepted")
    foreign = _FOREIGN.search(text)
    if foreign:
        replacement = _REPLACEMENTS.get(foreign[0])
        hint = f"write {replacement}" if replacement else "it is not part of the statement language"
        raise _error(foreign.start() + 1, f"character {foreign[0]!r}: {hint}")
    depth = 0
    for column, character in enumerate(text, start=1):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            raise _error(column, "this closing parenthesis was never opened")
        if depth > MAX_PARENTHESES:
            raise _error(column, f"more than {MAX_PARENTHESES} nested parentheses")
    if depth:
        raise _error(len(text), f"{depth} parentheses are not closed")


def _build(node: ast.expr, source: _Source, depth: int) -> Expression:
    column = node.col_offset
    if depth > MAX_DEPTH:
        raise _error(column, f"operations are nested more than {MAX_DEPTH} deep")
    match node:
        case ast.Constant():
            return Number(_number(node, source), column)
        case ast.Name(id=name):
            return _name(name, source, column)
        case ast.Call(func=ast.Name(id=name)):
            return _call(node, name, source, depth)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _build(operand, source, depth + 1)
        case ast.UnaryOp() | ast.BinOp() if type(node.op) in _OPERATIONS:
            parts = (node.operand,) if isinstance(node, ast.UnaryOp) else (node.left, node.right)
            operands = tuple(_build(part, source, depth + 1) for part in parts)
            return Operation(_OPERATIONS[type(node.op)], operands, column)
    raise _error(column, f"{source.of(node)[:40]!r} is not part of the statement language")


def _name(name: str, source: _Source, column: int) -> Expression:
    if name in source.variables or (name in SYMBOLS and (name == "pi" or not source.family)):
        return Symbol(name, column)
    if name == INFINITY and source.infinite:
        return Symbol(name, column)
    if quantity := _quantity(name, source):
        return Call(quantity, (), column)
    raise _unknown(name, column, source)


def _quantity(name: str, source: _Source) -> str:
    """The full name of a quantity; nothing if there is none of that name."""
    if source.family:
        name = find_family(source.family).full_name(name)
    return name if name in QUANTITIES else ""


def _number(node: ast.Constant, source: _Source) -> Fraction:
    if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        try:
            return parse_rational(source.of(node))
        except InputError as error:
            raise _error(node.col_offset, str(error)) from None
    raise _error(node.col_offset, f"{source.of(node)[:40]!r} is not an exact number: write 3, 0.3, 1e-6 or 3/10")


def _call(node: ast.Call, name: str, source: _Source, depth: int) -> Expression:
    column = node.col_offset
    if quantity := _quantity(name, source):
        if node.args:
            names = ", ".join(f"{argument.name}=…" for argument in QUANTITIES[quantity].arguments)
            raise _error(column, f"arguments of a quantity are given by name: {name}({names})")
        return Call(quantity, _arguments(node, quantity, source, depth), column)
    if name not in UNARY and name not in VARIADIC:
        raise _unknown(name, column, source)
    if node.keywords or (len(node.args) != 1 if name in UNARY else len(node.args) < 2):
        takes = "one value" if name in UNARY else "two or more values"
        raise _error(column, f"{name} takes {takes}")
    return Operation(name, tuple(_build(argument, source, depth + 1) for argument in node.args), column)


def _arguments(node: ast.Call, quantity: str, source: _Source, depth: int) -> tuple[tuple[str, Expression], ...]:
    kinds = {argument.name: argument.kind for argument in QUANTITIES[quantity].arguments}
    valid = list(kinds)
    arguments: dict[str, Expression] = {}
    for keyword in node.keywords:
        column = keyword.col_offset
        if keyword.arg not in valid:
            takes = f"takes {', '.join(valid)}" if valid else "takes no arguments"
            raise _error(column, f"{quantity} has no argument {str(keyword.arg)[:40]!r}; it {takes}")
        if keyword.arg in arguments:
            raise _error(column, f"the argument {keyword.arg} is given twice")
        within = replace(source, infinite=kinds[keyword.arg] == "extended")
        value = _build(keyword.value, within, depth + 1)
        if any(isinstance(part, Call) for part in subexpressions(value)):
            raise _error(column, f"the argument {keyword.arg} must be an exact constant, without quantities")
        arguments[keyword.arg] = value
    return tuple(arguments.items())


def _unknown(name: str, column: int, source: _Source) -> InputError:
    prefix = f"{source.family}{SEPARATOR}" if source.family else ""
    quantities = [each.removeprefix(prefix) for each in QUANTITIES if each.startswith(prefix)]
    quantities = [each for each in quantities if SEPARATOR not in each]
    known = (*quantities, *(() if prefix else SYMBOLS), *UNARY, *VARIADIC, *source.variables)
    hint = near_misses(name, known, "'emtheory quantities' lists the quantities")
    return _error(column, f"unknown name {name[:60]!r}{hint}")


def _error(column: int, message: str) -> InputError:
    return InputError(f"column {column}: {message}")
