"""What is not negative is positive where it is not 0: of sums, and of means of what is continuous in a normal number.

A sum of terms that are not negative is 0 only where all of them are; the mean of a continuous function f ≥ 0 of a
normal number, whose density is positive everywhere, only if f is 0 at every point. Where the terms, or the values of f
at some points, vanish, what the premise says not to be 0 has to vanish, too: in the radical of their ideal.
"""

from collections.abc import Mapping

import sympy

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.cases import vanishes_with
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.vectors import DATA, STANDARD, Inner, Unit
from emtheory.theory.proof.rules import Evidence, gap
from emtheory.theory.proof.sign import NONNEGATIVE, POSITIVE_ONLY, Domain, possible_signs

_ODD = (sympy.tanh, sympy.sinh, sympy.Abs)
"""Functions that are 0 at 0 and nowhere else."""
_CONTINUOUS = (sympy.exp, sympy.tanh, sympy.sinh, sympy.cosh, sympy.Abs)


def positive_unless(
    relation: sympy.Rel,
    premise: sympy.Rel,
    meanings: Mapping[sympy.Basic, sympy.Basic],
    points: tuple[sympy.Expr, ...],
    under: tuple[str, ...],
    domain: Domain,
) -> Evidence:
    """Prove that a sum, or a mean, of what is not negative is positive, as else what the premise says not to be 0 is.

    A mean is over one number ⟨X, e⟩ with ‖e‖ = 1, looked at in points; DerivationError if it does not follow.
    """
    if relation.rel_op not in ("<", ">") or premise.rel_op not in ("<", ">", "!="):
        raise DerivationError("it is about what is positive because something is not 0")
    size = gap(relation).size
    terms = _at_points(size, meanings, points, under, domain) if isinstance(size, Mean) else sympy.Add.make_args(size)
    if not isinstance(size, Mean) and (meanings or points or under):
        raise DerivationError("there is no mean to be looked at in points")
    for term in terms:
        if not possible_signs(term, domain) <= NONNEGATIVE:
            raise DerivationError(f"{term} may be negative")
    zeros = tuple(_zero(term, domain) for term in terms)
    if not vanishes_with(premise.lhs - premise.rhs, zeros):
        raise DerivationError("all terms may be 0 under this premise")
    for number in range(len(points)):
        if vanishes_with(premise.lhs - premise.rhs, (*zeros[:number], *zeros[number + 1 :])):
            raise DerivationError(f"the point {points[number]} is not needed")
    return Evidence("what is not negative is 0 nowhere", 0)


def _at_points(
    mean: Mean,
    meanings: Mapping[sympy.Basic, sympy.Basic],
    points: tuple[sympy.Expr, ...],
    under: tuple[str, ...],
    domain: Domain,
) -> tuple[sympy.Expr, ...]:
    """Return the values of what a mean is of at points; an error if 0 there would say nothing of the mean."""
    value, random = mean.args
    if len(random) != 1 or {*meanings} != {*random}:
        raise DerivationError("a mean has to be over one name, whose meaning is given")
    (name,) = random
    meaning = meanings[name]
    vectors = [part for part in getattr(meaning, "args", ()) if part not in (DATA, STANDARD)]
    if not isinstance(meaning, Inner) or [type(part) for part in vectors] != [Unit]:
        raise DerivationError(f"{meaning} is no coordinate of the data")
    if under != (("normal data",) if DATA in meaning.args else ()):
        raise DerivationError("a mean is positive by the law of normal data only")
    # A number of a normal law is of every sign, whatever its name says.
    if not isinstance(name, sympy.Symbol) or name.is_nonnegative or name.is_nonpositive or not name.is_real:
        raise DerivationError(f"{name} is not any real number")
    free = {**domain, name: sympy.Interval(-sympy.oo, sympy.oo)}
    if not _is_continuous(value, free):
        raise DerivationError(f"{value} is not seen to be continuous")
    if not possible_signs(value, free) <= NONNEGATIVE:
        raise DerivationError(f"{value} may be negative")
    if not all(point.is_real for point in points):
        raise DerivationError("points of a line are real")
    return tuple(value.xreplace({name: point}) for point in points)


def _is_continuous(value: sympy.Expr, domain: Domain) -> bool:
    """Whether it is built from what is continuous on the whole line, without quotients by what may be 0."""
    if value.is_Atom:
        return True
    if value.is_Pow:
        whole = value.exp.is_Integer and (value.exp > 0 or possible_signs(value.base, domain) == POSITIVE_ONLY)
        return bool(whole) and _is_continuous(value.base, domain)
    return (value.is_Add or value.is_Mul or isinstance(value, _CONTINUOUS)) and all(
        _is_continuous(part, domain) for part in value.args
    )


def _zero(term: sympy.Expr, domain: Domain) -> sympy.Expr:
    """Return what vanishes where a term does, without powers, positive factors and functions that are 0 at 0 only."""
    if term.is_Mul:
        return sympy.Mul(*(_zero(part, domain) for part in term.args))
    if term.is_Pow and term.exp.is_Integer and term.exp > 0:
        return _zero(term.base, domain)
    if isinstance(term, _ODD):
        return _zero(term.args[0], domain)
    return sympy.S.One if possible_signs(term, domain) == POSITIVE_ONLY else term
