"""Formulas that people write: text to Python's syntax tree, checked and bounded, and exact numbers. Nothing is run."""

import ast
import re
import warnings
from fractions import Fraction

from emtheory.theory.errors import InputError, TextError

MAX_LENGTH = 2000
"""Characters of a formula. A choice: the longest of the catalogue has about a hundred, and time and memory grow with
the length, Python's own parser included."""
MAX_PARENTHESES = 50
"""Open at once. A choice, well below the 200 at which Python's own parser gives up with a message of its own."""
MAX_DEPTH = 150
"""Of operations within each other, so also summands of a sum: what walks the tree calls itself once or twice a level,
and Python's limit of a thousand calls is reached between 400 and 600."""
MAX_DIGITS = 1000
"""The longest number accepted, in characters; it also bounds the exponent of a decimal."""

_FOREIGN = re.compile(r"[^A-Za-z0-9_.,()+\-*/<>=! ]")
_REPLACEMENTS = dict(zip("^≤≥≠π×·−÷", ("**", "<=", ">=", "!=", "pi", "*", "*", "-", "/"), strict=True))
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,6}))?")
_RATIO = re.compile(r"[+-]?[0-9]+/[0-9]+")


def syntax_tree(text: str, what: str, noun: str, example: str) -> tuple[ast.expr, str]:
    """Return the syntax tree of a formula, and the text in which it has its columns.

    InputError if it is no formula; a `TextError` where that has a column.

    `text`: at most 2,000 characters. `what`, `noun`, `example`: how messages name it, such as ``statement``; what it
    should be, such as ``a comparison``; and how to write one.
    """
    text = re.sub(r"\s", " ", text)
    _check_text(text, what, example)
    # In parentheses a text may start with a blank, and the offsets of the tree are columns counted from 1.
    enclosed = f"({text})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(enclosed, mode="eval").body, enclosed
    except SyntaxError as error:
        raise TextError(min((error.offset or 1) - 1, len(text)), f"this is not {noun} ({error.msg})") from None
    except (ValueError, RecursionError, MemoryError):
        raise InputError(f"the {what} is nested too deeply or has a number with too many digits") from None


def written(node: ast.expr, text: str) -> str:
    """Return how a part of a tree was written, cut if it is long; `text` is what `syntax_tree` returned with it."""
    return text[node.col_offset : node.end_col_offset][:40]


def number_of(node: ast.Constant, text: str) -> Fraction:
    """Return the exact number that a part of a tree is; `text` is what `syntax_tree` returned with it."""
    if isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        try:
            return parse_rational(text[node.col_offset : node.end_col_offset])
        except InputError as error:
            raise TextError(node.col_offset, str(error)) from None
    raise TextError(node.col_offset, f"{written(node, text)!r} is not an exact number: write 3, 0.3, 1e-6 or 3/10")


def parse_rational(text: str, what: str = "number") -> Fraction:
    """Return the exact value of `text`.

    `text`: an integer, a decimal (``0.3`` is 3/10 exactly, ``1e-6`` too) or a ratio of integers (``1/2``); `what`: how
    an error names the value. InputError if `text` is none of these, is longer than 1000 characters, or has an exponent
    beyond ±1000.
    """
    text = text.strip()
    if len(text) > MAX_DIGITS:
        raise InputError(f"{what} {text[:12]}… has {len(text)} characters; at most {MAX_DIGITS} are accepted")
    if _RATIO.fullmatch(text):
        numerator, denominator = text.split("/")
        if int(denominator) == 0:
            raise InputError(f"{what} {text!r} divides by zero")
        return Fraction(int(numerator), int(denominator))
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise InputError(f"{what} {text!r} is not an exact number: write 3, 0.3, 1e-6 or 3/10")
    if match[1] and abs(int(match[1])) > MAX_DIGITS:
        raise InputError(f"{what} {text!r} has an exponent beyond ±{MAX_DIGITS}")
    return Fraction(text)


def _check_text(text: str, what: str, example: str) -> None:
    if not text.strip():
        raise InputError(f"the {what} is empty: write {example}")
    if len(text) > MAX_LENGTH:
        raise InputError(f"the {what} has {len(text)} characters; at most {MAX_LENGTH} are accepted")
    foreign = _FOREIGN.search(text)
    if foreign:
        replacement = _REPLACEMENTS.get(foreign[0])
        hint = f"write {replacement}" if replacement else "it is not part of the statement language"
        raise TextError(foreign.start() + 1, f"character {foreign[0]!r}: {hint}")
    depth = 0
    for column, character in enumerate(text, start=1):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            raise TextError(column, "this closing parenthesis was never opened")
        if depth > MAX_PARENTHESES:
            raise TextError(column, f"more than {MAX_PARENTHESES} nested parentheses")
    if depth:
        raise TextError(len(text), f"{depth} parentheses are not closed")
