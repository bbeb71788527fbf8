"""What may stand in a statement: it is parsed, walked through by an allow-list, and never evaluated as code."""

import ast
import operator
import re
from functools import lru_cache

from flint import arb
from flint.utils.flint_exceptions import DomainError

from .balls import ANY, FALLING, RISING, UNIT, jet, up_to
from .forms import Form, constant, factors_of, keys, plain, used, used_in
from .reading import INFINITY, NOT_COVERED, OutcomeError, number, require

FUNCTIONS = {
    "abs": (abs, lambda _: UNIT),
    "sqrt": (lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt())),
    "exp": (lambda x: x.exp(), lambda x: x.exp()),
    "log": (lambda x: x.log(), lambda x: 1 / x),
    "cos": (lambda x: x.cos(), lambda x: -x.sin()),
    "sin": (lambda x: x.sin(), lambda x: x.cos()),
}
"""Name → the function and its derivative, of balls."""


def apply(box, name, form):
    """Return a function of a form; near radius 0 and far out with the power of the small variable in it."""
    if name == "abs":
        return absolute(box, form)
    (top, n), (bottom, m) = box.without_small(form.top), box.without_small(form.bottom)
    rest, n = Form(box, top, bottom), n - m  # The form is the rest times the n-th power of the small variable.
    if name == "exp" and n:
        return exponential_near_zero(box, form) if n > 0 else exponential_far_out(box, form, rest, n)
    if name == "exp" and constant(form) == 0:
        return box.form(1)
    if name == "sqrt" and (root := root_of_square(box, form)) is not None:
        return absolute(box, root)
    if n and name == "log":
        return apply(box, name, rest) + logarithm_of_small(box) * n
    if n and name == "sqrt" and n % 2 == 0:
        return apply(box, name, rest) * box.small ** (n // 2)
    closed = name != "exp" and box.is_closed(form)
    found = box.generator(key_of(name, form), function_of(box, name, form), closed=closed, of=form)
    if name == "sqrt" and form.bottom.is_constant() and not form.bottom.is_zero():
        box.relations.append((found * found * form.bottom.leading_coefficient()).top - form.top)
    return found


def function_of(box, name, form):
    """Return the jet of a function of a form."""
    (centre, ball, slopes), (function, derivative) = box.jet(form), FUNCTIONS[name]
    if name == "sqrt" and not ball >= 0 and box.signs(form) <= RISING:  # A ball around [0, x] may reach below 0.
        ball = ball.nonnegative_part()
    return jet(function(centre), function(ball), [derivative(ball) * slope for slope in slopes])


def absolute(box, form):
    """Return the absolute value: of each factor by itself, so that both sides of a statement have the same ones."""
    signs = box.signs(form)
    if form.bottom.is_zero():
        return form  # It has no value.
    if not {-1, 1} <= signs:
        return form * (1 if signs <= RISING else -1)
    (content, top), (other, bottom) = factors_of(form.top), factors_of(form.bottom)
    found = box.form(abs(content / other))
    for factor, n in (*top, *((each, -i) for each, i in bottom)):
        one, signs = Form(box, factor), box.polynomial_signs(factor)
        if {-1, 1} <= signs and n % 2:
            centre, ball, slopes = box.jet(one)
            found_jet = abs(centre), up_to(ball), [UNIT * each for each in slopes]
            one = box.generator(key_of("abs", one), found_jet, closed=box.is_closed(one), of=one)
            box.nonnegative |= used_in(one)
        found *= (one if signs <= RISING or n % 2 == 0 or {-1, 1} <= signs else one * -1) ** n
    return found


def key_of(name, form):
    """Return the key of the generator that is a function of a form."""
    return name, *keys(form)


def root_of_square(box, form):
    """Return a form of which another, without common factors, is the square, or None."""
    if form.bottom.is_zero():
        return None
    form, common = plain(form), form.top.gcd(form.bottom)
    try:
        return Form(box, (form.top / common).sqrt(), (form.bottom / common).sqrt())
    except DomainError:
        return None


def logarithm_of_small(box):
    """Return the logarithm of the small variable, which has to cancel, or to be the sign of infinity."""
    centre, _, slopes = box.jet(box.small)
    unknown = [slope * arb.pos_inf() if slope != 0 else slope for slope in slopes]
    found = box.generator(("log", "small"), (centre.log(), arb(0, arb.pos_inf()), unknown), closed=True)
    box.unbounded |= used_in(found)
    return found


def exponential_near_zero(box, form):
    """Return e^x = 1 + x + x²/2 + x³/6 e^ξ, with ξ between 0 and x, where x vanishes at an edge."""
    rest = box.generator(key_of("exp", form), arb(0).union(box.range(form)).exp(), of=form)
    return form**3 * rest / 6 + form**2 / 2 + form + 1


def exponential_far_out(box, form, rest, n):
    """Return e^x, x the rest times the n-th power of the small variable, n < 0: it is infinite, or falls.

    Where it falls it is the 4n-th power of the small variable times what is bounded.
    """
    if box.range(rest) > 0:
        inverse = apply(box, "exp", form * -1)
        return Form(box, inverse.bottom, inverse.top)
    require(box.range(rest) < 0, "exponentials far out that are not seen to rise or to fall", NOT_COVERED)
    # Of y = −x, which is at least `least`, y⁴e^{−y} is largest at 4, or there.
    slowest = -box.range(rest).upper()
    least_y = slowest * box.range(box.small).upper() ** n
    at = arb(4) if least_y < 4 else least_y
    largest = (at / slowest) ** 4 * (-at).exp()
    found = box.generator(key_of("exp", form), up_to(largest), of=form)
    box.nonzero |= used(found.top)
    return found * box.small ** (-4 * n)


def least(box, forms, side=1):
    """Return the least of forms, or with side −1 the largest."""
    first, *others = forms
    for other in others:
        gap = (first - other) * side
        signs = box.signs(gap)
        if signs <= FALLING:
            continue
        first = other if signs <= RISING else (first + other - apply(box, "abs", gap) * side) / 2
    return first


def smallest_eigenvalue(box, a, b, d):
    """Return that of a symmetric matrix, (a + d)/2 − √(x² + y²), x = (a − d)/2, y = b.

    The slopes of that root are at most 1 anywhere.
    """
    (p, x, slopes), (q, y, others) = box.jet((a - d) / 2), box.jet(b)
    at, norm = ((u * u + w * w).nonnegative_part().sqrt() for u, w in ((p, q), (x, y)))
    one, two = (z / norm if norm > 0 else UNIT for z in (x, y))
    root = jet(at, norm, [one * u + two * w for u, w in zip(slopes, others, strict=True)])
    return (a + d) / 2 - box.generator(("root", *(key_of("", form) for form in (a, b, d))), root)


EXTREMES = {"min": 1, "max": -1}
"""Name → the side of `least`."""
RESERVED = {"k", "d", "pi", "inf", *FUNCTIONS, *EXTREMES}
"""Names that no variable has."""
VARIABLE = re.compile("[A-Za-z][A-Za-z0-9]{0,30}")
"""The name of one. All quantities, also those that are not known here, have an underscore in theirs."""

OPERATORS = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "Pow": operator.pow,
}
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


def no_quantity(_, name, *__):
    """Refuse a quantity where there is to be none."""
    raise OutcomeError(NOT_COVERED, f"the quantity {name} in weights, parameters or assumptions")


def evaluate(place, text, node, quantity=no_quantity):
    """Return the form that an expression, a node of the tree of a text, is at a place that gives variables theirs.

    A place has `names`, what makes a `form` of a number, and a `function` of forms by name. `quantity` leads from a
    place, a name and its arguments to a form.
    """

    def value(part):
        return evaluate(place, text, part, quantity)

    source = text[node.col_offset : node.end_col_offset]
    match node:
        case ast.Constant(value=int() | float()) if source[:1] in ".0123456789":
            return place.form(number(source))
        case ast.Name(name) if name in place.names:
            return place.names[name]
        case ast.Name("pi"):
            return place.generator(("pi",), arb.pi(), closed=True)
        case ast.Name("radius") if place.quantities:
            return place.radius
        case ast.Name(name) if name in place.quantities:
            return quantity(place, name, (), {})
        case ast.Call(ast.Name(name), names, words) if name in place.quantities and {type(each) for each in names} <= {
            ast.Name
        }:
            given = {word.arg: argument(place, word.value, value) for word in words}
            require(len(given) == len(words), "claim: an argument stands twice")
            return quantity(place, name, tuple(each.id for each in names if isinstance(each, ast.Name)), given)
        case ast.Call(ast.Name(name), [_, _, *_] as parts, []) if name in EXTREMES:
            return least(place, [value(part) for part in parts], EXTREMES[name])
        case ast.Call(ast.Name(name), [part], []) if name in FUNCTIONS:
            return place.function(name, value(part))
        case ast.UnaryOp(ast.USub() | ast.UAdd() as sign, part):
            return value(part) * (-1 if isinstance(sign, ast.USub) else 1)
        case ast.BinOp(left, sign, right):
            return OPERATORS[type(sign).__name__](value(left), value(right))
    unknown = re.match("[a-z]+_[a-z_]+", source)
    require(not unknown, f"the quantity {unknown and unknown[0]}", NOT_COVERED)
    raise OutcomeError("rejected", f"claim: {source[:40]!r} is not part of a statement")


def form_of(place, text):
    """Return the form that an expression without quantities is at a place."""
    return evaluate(place, *parse(str(text)))


def add_shorthands(place, texts):
    """Add to the names of a place, in any order, those that stand for expressions in what is known there."""
    for _ in texts:
        for name, text in texts.items():
            if name not in place.names and names_in(str(text)) <= {*place.names, *RESERVED}:
                place.names[name] = form_of(place, text)


def sides_of(text, nodes, quantity=no_quantity):
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
