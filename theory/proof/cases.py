"""One of several cases holds where some polynomials vanish: decided by ideals of polynomials.

Where the equations used hold, one of several conjunctions of equations holds, if every product of one polynomial from
each conjunction vanishes there. A polynomial f vanishes wherever others do, in complex numbers even, if and only if 1
is in the ideal of these and of 1 − zf, z a new variable (Hilbert's Nullstellensatz in the form of Rabinowitsch; D. Cox,
J. Little and D. O'Shea, Ideals, Varieties, and Algorithms, §4.2); whether it is, a Gröbner basis says.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any, TypeVar

import sympy
from sympy.logic.boolalg import Boolean
from sympy.polys.polyerrors import BasePolynomialError

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.formula import turned
from emtheory.theory.proof.identity import opaque
from emtheory.theory.proof.rules import Evidence, gap
from emtheory.theory.proof.step_parts import Step

Polynomials = tuple[sympy.Expr, ...]

_Part = TypeVar("_Part")


def cases(explanation: str, formula: Boolean, of: Sequence[str], **more: Any) -> Step:
    """Make a step that says which cases there are where earlier equations between polynomials hold.

    The formula is a disjunction of conjunctions of equations, one of either may stand for itself; all of the labelled
    equations have to be needed. Otherwise as for `Step`.
    """
    multipliers = tuple((name, sympy.S.One) for name in of)
    return Step("equation", explanation, formula, rule="cases", multipliers=multipliers, **more)


def alternatives_of(formula: Boolean | None) -> tuple[tuple[sympy.Eq, ...], ...]:
    """Return the equations of each case; DerivationError for what is no disjunction of conjunctions of equations."""
    found = tuple(_joined(part, sympy.And) for part in _joined(formula, sympy.Or))
    wrong = [part for alternative in found for part in alternative if not isinstance(part, sympy.Eq)]
    if wrong:
        raise DerivationError(f"cases are conjunctions of equations, not {wrong[0]}")
    return found


def _joined(formula: Boolean | None, by: type[Boolean]) -> tuple[Boolean, ...]:
    return formula.args if isinstance(formula, by) else (formula,)


@lru_cache(maxsize=4096)
def divided(vanishing: Polynomials, alternatives: tuple[Polynomials, ...]) -> Evidence:
    """Prove that where some polynomials vanish all of one of several conjunctions do.

    They have rational coefficients in symbols, and in what is opaque to algebra. It is an error if none of them need
    hold; if they do without one of the polynomials, or of the conjunctions; or if one is said with an equation more
    than it takes.
    """
    vanishing, alternatives = _named(vanishing, alternatives)
    if not _cover(vanishing, alternatives):
        raise DerivationError("the equations used do not lead to one of the cases")
    for fewer in _with_one_less(vanishing):
        if _cover(fewer, alternatives):
            raise DerivationError("an equation that is used is not needed for the cases")
    for fewer_cases in _with_one_less(alternatives):
        if _cover(vanishing, fewer_cases):
            raise DerivationError("a case need not be named: the others are all there are")
    for alternative in alternatives:
        for number, fewer in enumerate(_with_one_less(alternative)):
            if vanishes_with(alternative[number], fewer):
                raise DerivationError("an equation of a case follows from the others in it")
    return Evidence("radical membership by Gröbner bases", 0)


def in_either_case(formula: Boolean, said: Sequence[Boolean], assumed: Sequence[Boolean]) -> Evidence:
    """Check that what several steps say is the formula, and that one of their assumptions holds, or else it itself."""
    if any(turned(each) != turned(formula) for each in said):
        raise DerivationError("a case does not say this")
    both = (*assumed, formula)[:2]
    if not len(assumed) == len(said) <= 2 or any(getattr(each, "rel_op", "==") in ("==", "!=") for each in both):
        raise DerivationError("cases are told apart by one inequality")
    one, other = map(gap, both)
    if sympy.expand(one.size + other.size) != 0 or (one.strict and other.strict):
        raise DerivationError(f"there are other cases than {', '.join(map(str, both))}")
    return Evidence("cases", 0)


def _named(
    vanishing: Polynomials, alternatives: tuple[Polynomials, ...]
) -> tuple[Polynomials, tuple[Polynomials, ...]]:
    """Put symbols for what is opaque, in all of them the same."""
    flat = iter(opaque(*vanishing, *(part for alternative in alternatives for part in alternative)))
    return tuple(next(flat) for _ in vanishing), tuple(tuple(next(flat) for _ in one) for one in alternatives)


def _with_one_less(parts: tuple[_Part, ...]) -> list[tuple[_Part, ...]]:
    return [(*parts[:number], *parts[number + 1 :]) for number in range(len(parts))]


def _cover(vanishing: Polynomials, alternatives: tuple[Polynomials, ...]) -> bool:
    """Whether every product of one polynomial from each alternative vanishes; without any, whether none is needed."""
    return all(vanishes_with(sympy.Mul(*choice), vanishing) for choice in product(*alternatives))


def vanishes_with(polynomial: sympy.Expr, others: Polynomials) -> bool:
    """Whether a polynomial vanishes at all complex common zeros of others."""
    z = sympy.Dummy("z")
    system = [*others, 1 - z * polynomial]
    symbols = sorted({symbol for part in system for symbol in part.free_symbols} - {z}, key=str)
    try:
        basis = sympy.groebner(system, z, *symbols, order="grevlex", domain="QQ")
    except BasePolynomialError as error:
        raise DerivationError("cases are told apart by polynomials with rational coefficients only") from error
    return bool(basis.exprs == [1])
