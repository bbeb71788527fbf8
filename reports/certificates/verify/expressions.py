"""What may stand in a statement: it is parsed, walked through by an allow-list, and never evaluated as code."""

import ast
import operator
import re
from functools import lru_cache

from flint import arb

from .balls import ANY, FALLING, RISING
from .forms import constant
from .functions import FUNCTIONS, apply, least
from .outcomes import NOT_COVERED, OutcomeError, require
from .reading import INFINITY, number

EXTREMES = {"min": 1, "max": -1}
"""Name → the side of `least`."""
RESERVED = {"k", "d", "pi", "inf", *FUNCTIONS, *EXTREMES}
"""Names that no variable has."""
VARIABLE = re.compile("[A-Za-z][A-Za-z0-9]{0,30}")
"""The name of one. All quantities, also those that are not known here, have an underscore in theirs."""

OPERATORS = {"Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv}
COMPARE = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}
HOLDS = {"<": {-1}, "<=": FALLING, ">": {1}, ">=": RISING, "==": {0}, "!=": {-1, 1}, "": ANY, "never": set()}
"""Comparison → the signs of left − right with which it holds."""
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@lru_cache(maxsize=4096)
def parse(text):
    """Return the text on one line and its tree."""
    line = "(" + re.sub(r"\s", " ", text.strip()) + ")"
    require(line.isascii() and len(line) < 2003, f"claim: {text[:40]!r} is not a statement")
    return line, ast.parse(line, mode="eval").body


def names_in(text):
    """Return the names in an expression."""
    return {node.id for node in ast.walk(parse(text)[1]) if isinstance(node, ast.Name)}


def names_in_arguments(text):
    """Return the names in arguments of quantities."""
    words = [node for node in ast.walk(parse(text)[1]) if isinstance(node, ast.keyword)]
    return {node.id for word in words for node in ast.walk(word) if isinstance(node, ast.Name)}


def comparison(text):
    """Return the line of a statement, the nodes that it compares, and the signs between them."""
    line, body = parse(text)
    require(isinstance(body, ast.Compare), f"claim: {text[:40]!r} is no comparison")
    return line, [body.left, *body.comparators], [COMPARE[type(sign).__name__] for sign in body.ops]


def evaluate(place, text, node, quantity):
    """Return the form that an expression, a node of the tree of a text, is at a place that gives variables theirs.

    `quantity` leads from a place, a name and its arguments to a form.
    """

    def value(part):
        return evaluate(place, text, part, quantity)

    source = text[node.col_offset : node.end_col_offset]
    match node:
        case ast.Constant(value=int() | float()) if source[:1] in ".0123456789":
            return place.form(number(source))
        case ast.Name("radius"):
            return place.radius
        case ast.Name("pi"):
            return place.generator(("pi",), arb.pi(), closed=True)
        case ast.Name(name) if name in place.names:
            return place.names[name]
        case ast.Name(name) if name in place.quantities:
            return quantity(place, name, (), {})
        case ast.Call(ast.Name(name), names, words) if name in place.quantities and {type(each) for each in names} <= {
            ast.Name
        }:
            given = {word.arg: argument(place, word.value, value) for word in words}
            require(len(given) == len(words), "claim: an argument stands twice")
            return quantity(place, name, tuple(each.id for each in names), given)
        case ast.Call(ast.Name(name), [_, _, *_] as parts, []) if name in EXTREMES:
            return least(place, [value(part) for part in parts], EXTREMES[name])
        case ast.Call(ast.Name(name), [part], []) if name in FUNCTIONS:
            return apply(place, name, value(part))
        case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, part):
            return value(part) * (-1 if isinstance(sign, ast.USub) else 1)
        case ast.BinOp(left, ast.Pow(), right):
            return raised(place, value(left), value(right))
        case ast.BinOp(left, sign, right):
            return OPERATORS[type(sign).__name__](value(left), value(right))
    unknown = re.match("[a-z]+_[a-z_]+", source)
    require(not unknown, f"the quantity {unknown and unknown[0]}", NOT_COVERED)
    raise OutcomeError("rejected", f"claim: {source[:40]!r} is not part of a statement")


def no_quantity(_, name, *__):
    """Refuse a quantity where there is to be none."""
    raise OutcomeError(NOT_COVERED, f"the quantity {name} in weights, parameters or assumptions")


def sides_of(text, nodes, quantity):
    """Return what leads from a place to the forms of expressions, which it keeps."""

    def sides(place):
        for node in nodes:
            key = text, node.col_offset
            if key not in place.sides:
                place.sides[key] = place.form(evaluate(place, text, node, quantity))
        return [place.sides[text, node.col_offset] for node in nodes]

    return sides


def argument(place, node, value):
    """Return the form of an argument, which may be infinite."""
    match node:
        case ast.Name("inf"):
            return place.form(INFINITY)
        case ast.UnaryOp(ast.USub(), ast.Name("inf")):
            return place.form(-INFINITY)
    return value(node)


def raised(place, base, exponent):
    """Return a power: of an integer exponent exactly, of another one by exp and log."""
    n = constant(exponent)
    if n is not None and n.q == 1:
        return base ** int(n)
    return apply(place, "exp", apply(place, "log", base) * exponent)
