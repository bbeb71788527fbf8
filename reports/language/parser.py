"""From the text of a statement to its tree, by an allow-list over Python's syntax tree. Nothing is ever evaluated."""

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from emtheory.numerics.alias import OF_ONE_PARAMETER
from emtheory.numerics.families import find_family
from emtheory.numerics.names import ELSEWHERE, SEPARATOR, is_model, short_name
from emtheory.numerics.quantities import QUANTITIES, find_quantity
from emtheory.numerics.quantity import INFINITE
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
from emtheory.theory.errors import TextError
from emtheory.theory.near_miss import near_misses
from emtheory.theory.syntax import MAX_DEPTH, number_of, syntax_tree, written

_DESCRIBED = {
    "statement": ("a comparison", "a comparison such as spectral_gap > 1/10"),
    "quantity": ("a quantity", "one such as em_rate"),
    "expression": ("an expression", "one such as 1 - W"),
}
"""Kind of a text → what it should be, and how to write one."""
_OPERATIONS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.USub: "neg",
}
_SHOWN = 9
"""Variants of a quantity that a message lists: those of three parameters, two by two. A choice."""
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

    `text`: at most 2,000 characters, e.g. ``0 < spectral_gap <= dft_modulus(m=1)**2``. Decimals are exact; `variables`:
    names that it may use besides `SYMBOLS`: those that ``for_all`` ranges over; `family`: name of the family whose
    quantities it is about; of the tied mixtures if it is empty. InputError if it is anything but a comparison in the
    statement language; the message names the column.
    """
    body, source = _tree(text, "statement", variables, family)
    if not isinstance(body, ast.Compare):
        joined = "; for and, write a claim for each, or a chain 0 < a < b" if isinstance(body, ast.BoolOp) else ""
        raise TextError(1, f"a statement compares with {' '.join(OPERATORS)}, e.g. spectral_gap > 1/10{joined}")
    operators = []
    for operator in body.ops:
        if type(operator) not in _COMPARISONS:
            raise TextError(1, f"only the comparisons {' '.join(OPERATORS)} are part of the statement language")
        operators.append(_COMPARISONS[type(operator)])
    sides = (body.left, *body.comparators)
    operands = tuple(_build(side, source, 0) for side in sides)
    return Comparison(operands, tuple(operators), tuple(map(source.of, sides)))


def parse_expression(text: str, variables: Collection[str] = ()) -> Expression:
    """Return the expression that `text` is.

    `text`: at most 2,000 characters, e.g. ``1 - U - V``. Decimals are exact. InputError if it is anything but an
    expression in the statement language; the message names the column.
    """
    body, source = _tree(text, "expression", variables)
    return _build(body, source, 0)


def parse_quantity(text: str, family: str) -> Call:
    """Return the quantity of a family that a text asks for, such as ``em_iterate(theta, t=3)``.

    InputError if it is anything else; the message names the column.
    """
    body, source = _tree(text, "quantity", (), family)
    if isinstance(body, ast.Name) and not _variants(body.id, family):
        raise _unknown(body.id, 1, source)
    call = _build(body, source, 0)
    if not isinstance(call, Call):
        raise TextError(1, f"{text[:40]!r} is no quantity: one such as em_rate is wanted")
    return call


def _tree(text: str, what: str, variables: Collection[str], family: str = "") -> tuple[ast.expr, _Source]:
    """The syntax tree of a text, and the text in which it has its columns."""
    noun, example = _DESCRIBED[what]
    tree, enclosed = syntax_tree(text, what, noun, example)
    return tree, _Source(enclosed, variables, family)


def _build(node: ast.expr, source: _Source, depth: int) -> Expression:
    column = node.col_offset
    if depth > MAX_DEPTH:
        raise TextError(column, f"operations are nested more than {MAX_DEPTH} deep")
    match node:
        case ast.Constant():
            return Number(number_of(node, source.text), column)
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
    raise TextError(column, f"{written(node, source.text)!r} is not part of the statement language")


def _name(name: str, source: _Source, column: int) -> Expression:
    if name in source.variables or (name in SYMBOLS and (name == "pi" or not source.family)):
        return Symbol(name, column)
    if name == INFINITY and source.infinite:
        return Symbol(name, column)
    if source.family and name in (dependent := dict(find_family(source.family).dependent)):
        return parse_expression(dependent[name], source.variables)
    if quantity := _quantity(name, (), source, column):
        return Call(quantity, (), column)
    raise _unknown(name, column, source)


def _quantity(name: str, given: Sequence[ast.expr], source: _Source, column: int) -> str:
    """The full name of a quantity, whose first arguments may name parameters; nothing if there is none of that name."""
    variants = _variants(name, source.family)
    if not variants:
        return ""
    prefix = f"{source.family}{SEPARATOR}" if source.family else ""
    if not given and (len(variants) == 1 or name in variants):
        return f"{prefix}{name if name in variants else variants[0]}"
    wanted = f"{name}({', '.join(written(each, source.text) for each in given)})"
    if wanted in variants and given:
        return f"{prefix}{wanted}"
    if given and (variants == [name] or not all(isinstance(each, ast.Name) for each in given)):
        names = [f"{each.name}=…" for each in find_quantity(f"{prefix}{variants[0]}").arguments if not each.optional]
        if variants == [name] and not names:
            raise TextError(column, f"{name} takes no arguments")
        if variants != [name]:
            names.insert(0, variants[0].removeprefix(f"{name}(").removesuffix(")"))
        raise TextError(column, f"arguments of a quantity are given by name: {name}({', '.join(names)})")
    hint = near_misses(wanted, variants) or f": one is {variants[0]}"
    problem = f"{wanted} is not known" if given else f"{name} of which estimated parameters?"
    listed = f": valid are {', '.join(variants)}" if len(variants) <= _SHOWN else hint
    raise TextError(column, f"{problem}{listed}")


def _variants(name: str, family: str) -> list[str]:
    """The quantities called `name`, each for other parameters."""
    if not family:
        return [name] if name in QUANTITIES else []
    return [each.name for each in find_family(family).quantities if each.name.partition("(")[0] == name]


def _call(node: ast.Call, name: str, source: _Source, depth: int) -> Expression:
    column = node.col_offset
    if quantity := _quantity(name, node.args, source, column):
        return Call(quantity, _arguments(node, quantity, source, depth), column)
    if name not in UNARY and name not in VARIADIC:
        raise _unknown(name, column, source)
    if node.keywords or (len(node.args) != 1 if name in UNARY else len(node.args) < 2):
        takes = "one value" if name in UNARY else "two or more values"
        raise TextError(column, f"{name} takes {takes}")
    return Operation(name, tuple(_build(argument, source, depth + 1) for argument in node.args), column)


def _arguments(node: ast.Call, quantity: str, source: _Source, depth: int) -> tuple[tuple[str, Expression], ...]:
    kinds = {argument.name: argument.kind for argument in find_quantity(quantity).arguments}
    arguments: dict[str, Expression] = {}
    for keyword in node.keywords:
        column = keyword.col_offset
        name = str(keyword.arg)
        if name not in kinds:
            name = f"{ELSEWHERE}{name}"  # A parameter of a model, given to this quantity alone.
        if name not in kinds:
            own = [each for each in kinds if not each.startswith(ELSEWHERE)]
            takes = f"takes {', '.join(own)}" if own else "takes no arguments"
            places = [each.removeprefix(ELSEWHERE) for each in kinds if each.startswith(ELSEWHERE)]
            takes += f" but parameters: {', '.join(places)}" if places else ""
            raise TextError(column, f"{short_name(quantity)} has no argument {str(keyword.arg)[:40]!r}; it {takes}")
        if name in arguments:
            raise TextError(column, f"the argument {keyword.arg} is given twice")
        within = replace(source, infinite=kinds[name] in INFINITE)
        value = _build(keyword.value, within, depth + 1)
        if any(isinstance(part, Call) for part in subexpressions(value)):
            raise TextError(column, f"the argument {keyword.arg} must be an exact constant, without quantities")
        arguments[name] = value
    return tuple(arguments.items())


def _unknown(name: str, column: int, source: _Source) -> TextError:
    if name == "inf":
        return TextError(column, "inf is no number: ends of for_all, low, high and start alone may be infinite")
    if is_model(source.family) and name in OF_ONE_PARAMETER:
        otherwise = "name one in estimate, and give the others values as parameters that are not estimated"
        return TextError(column, f"{name} is there for models that estimate one parameter: {otherwise}")
    if source.family:
        quantities = [each.name.partition("(")[0] for each in find_family(source.family).quantities]
    else:
        quantities = [*(each for each in QUANTITIES if SEPARATOR not in each), *SYMBOLS]
    known = tuple(dict.fromkeys((*quantities, *UNARY, *VARIADIC, *source.variables)))
    otherwise = "'emtheory quantities' lists the quantities"
    hint = near_misses(name, known, f"valid are {', '.join(known)}" if is_model(source.family) else otherwise)
    return TextError(column, f"unknown name {name[:60]!r}{hint}")
