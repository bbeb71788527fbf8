"""Claims with a free constant, with numbers in its place."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from emtheory.numerics.arithmetic.rational import parse_rational
from emtheory.numerics.errors import InputError
from emtheory.numerics.quantities import QUANTITIES
from emtheory.reports.language.expression import AMPLITUDE, SYMBOLS, UNARY, VARIADIC
from emtheory.theory.claim import HOLDS, Claim, FreeConstant


def ends(claim: Claim) -> Sequence[Claim]:
    """Return a claim with each end of the interval in place of its free constant; itself if it has none.

    InputError if the constant has another meaning, does not stand in the statement, or its interval is empty.
    """
    if claim.sharpen is None:
        return [claim]
    free = claim.sharpen
    if claim.expect != HOLDS:
        raise InputError(f"sharpen: a best constant is sought of what holds: leave out expect = {claim.expect!r}")
    taken = (*SYMBOLS, *UNARY, *VARIADIC, *QUANTITIES, *claim.for_all)
    if free.constant in taken or free.constant.startswith(AMPLITUDE):
        raise InputError(f"sharpen: {free.constant!r} has another meaning: call the constant c")
    if not _word(free).search(claim.statement):
        raise InputError(f"sharpen: the constant {free.constant!r} does not stand in the statement")
    if any(_word(free).search(text) for text in claim.assume):
        raise InputError(f"sharpen: the constant {free.constant!r} stands in an assumption")
    lower, upper = between(free)
    return [with_constant(claim, lower), with_constant(claim, upper)]


def between(free: FreeConstant) -> tuple[Fraction, Fraction]:
    """Return the interval in which a constant is sought; InputError if it is empty."""
    lower, upper = (parse_rational(end, "sharpen between") for end in free.between)
    if not lower < upper:
        raise InputError(f"sharpen: between [{lower}, {upper}] there is no room for a constant")
    return lower, upper


def with_constant(claim: Claim, value: Fraction, suffix: str = "") -> Claim:
    """Return a claim with a number in place of its free constant."""
    if claim.sharpen is None:
        raise ValueError("the claim has no free constant")
    statement = _word(claim.sharpen).sub(f"({value})", claim.statement)
    return replace(claim, id=f"{claim.id}{suffix}", statement=statement, sharpen=None)


def _word(free: FreeConstant) -> "re.Pattern[str]":
    return re.compile(rf"(?<![A-Za-z0-9_]){free.constant}(?![A-Za-z0-9_])")
