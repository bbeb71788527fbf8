"""Numbers as papers print them, rounded, or cut off where they end in ``…``: the interval that the truth is then in."""

import ast
import re
from dataclasses import dataclass
from decimal import Decimal

from emtheory.theory.errors import InputError
from emtheory.theory.inexact import shown

_DECIMAL = re.compile(r"([+-]?)(\d{1,1000})(?:\.(\d{1,1000}))?(?:[eE]([+-]?\d{1,3}))?(…|\.\.\.)?")
_LONGEST = 4000
"""Characters of a statement: of a longer one that is refused anyway nothing is read."""


@dataclass(frozen=True)
class Published:
    """The interval from `low` to `high` in which a printed number is right, `without` one end or None."""

    low: Decimal
    high: Decimal
    without: Decimal | None = None


def published_interval(text: object) -> Published:
    """Return where ``0.1048`` or ``0.1048…`` is right to its last digit; InputError if it is no decimal."""
    found = _DECIMAL.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise InputError(f"{shown(text)} is no decimal such as '0.1048' or '0.10483905…'")
    sign, whole, places, exponent, cut = found.groups()
    last = int(exponent or 0) - len(places or "")
    number = int(f"{sign}{whole}{places or ''}")
    if not cut:
        return Published(_decimal(10 * number - 5, last - 1), _decimal(10 * number + 5, last - 1))
    here, beyond = _decimal(number, last), _decimal(number - 1 if sign == "-" else number + 1, last)
    return Published(min(here, beyond), max(here, beyond), beyond)


def as_chain(statement: str) -> str:
    """Return ``matches(q, "0.1048…")`` as the chain it stands for, others as they are; InputError if malformed."""
    if len(statement) > _LONGEST or not statement.lstrip().startswith("matches"):
        return statement
    text = statement.strip()
    try:
        called = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # What reads statements says what is wrong.
        return statement
    match called:
        case ast.Call(func=ast.Name(id="matches"), args=[value, ast.Constant(value=str(number))], keywords=[]):
            printed, said = published_interval(number), str(ast.get_source_segment(text, value))
        case _:
            raise InputError("matches takes an expression and a decimal in quotes: matches(kl_divergence, '0.1048…')")
    if not isinstance(value, ast.Name | ast.Call | ast.BinOp):
        said = f"({said})"
    below, above = ("<" if end == printed.without else "<=" for end in (printed.low, printed.high))
    return f"{printed.low:f} {below} {said} {above} {printed.high:f}"


def _decimal(number: int, exponent: int) -> Decimal:
    """A number times a power of ten, exactly: operations on decimals would round."""
    return Decimal((int(number < 0), tuple(map(int, str(abs(number)))), exponent))
