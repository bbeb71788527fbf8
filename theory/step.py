"""One step of a derivation: what it says, and how it is checked.

An equation is checked twice: symbolically, by bringing the difference of the sides to exactly 0, and, as a control of
the simplifications this takes, by evaluating each side on its own at exact rational points. With sums over a symbolic
number of components (`emtheory.theory.sums`) it is checked for every k, and the points have k = 2, 3 and 4. What
algebra cannot do is written out: a step may cite a standard theorem, argue in prose, or state an inequality whose proof
it gives and whose instances are tested; `Step.kind` says which.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import sympy

from emtheory.theory.cyclotomic import reduce_expression
from emtheory.theory.errors import DerivationError
from emtheory.theory.sums import COUNT, cleared
from emtheory.theory.theorems import THEOREMS

Kind = Literal["definition", "equation", "inequality", "theorem", "prose"]

POINTS = 3
INEQUALITY_POINTS = 60
COUNTS = (2, 3, 4)
"""Numbers of components at which steps with a symbolic one are evaluated."""

DIGITS = 50
TOLERANCE = sympy.Rational(1, 10**30)


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    kind
        A ``definition`` introduces the name on the left. An ``equation`` lhs = rhs, between expressions or matrices of
        equal shape, is to be proved by the program. An ``inequality`` lhs ≤ rhs has its proof in the explanation, and
        instances of it are tested. A ``theorem`` cites one of `emtheory.theory.theorems`; ``prose`` is an argument.
    explanation
        For the reader.
    lhs, rhs
        The sides, None for a theorem or prose. They may be unevaluated (products of matrices, expectations, sums):
        that is how they are shown, and the check evaluates them.
    theorem
        Name of the theorem that is cited.
    """

    kind: Kind
    explanation: str
    lhs: sympy.Basic | None = None
    rhs: sympy.Basic | None = None
    theorem: str = ""


@dataclass(frozen=True)
class Evidence:
    """How a step was checked: what brought lhs − rhs to 0, and at how many exact points both sides agreed.

    The method of an inequality is ``instances``: points are all that was tested.
    """

    method: str
    points: int


def definition(explanation: str, name: sympy.Basic, value: sympy.Basic) -> Step:
    """Make a step that introduces a name."""
    return Step("definition", explanation, name, value)


def equation(explanation: str, lhs: sympy.Basic, rhs: sympy.Basic) -> Step:
    """Make a step that has to be proved."""
    return Step("equation", explanation, lhs, rhs)


def inequality(explanation: str, lhs: sympy.Expr, rhs: sympy.Expr) -> Step:
    """Make a step lhs ≤ rhs for all values in (0, 1) of its symbols; the explanation is its proof."""
    return Step("inequality", explanation, lhs, rhs)


def citation(theorem: str, explanation: str) -> Step:
    """Make a step that cites a theorem, the explanation saying what for and why its hypotheses hold."""
    if theorem not in THEOREMS:
        raise DerivationError(f"no theorem {theorem!r}; there are {', '.join(THEOREMS)}")
    return Step("theorem", explanation, theorem=theorem)


def prose(explanation: str) -> Step:
    """Make a step that is an argument in words."""
    return Step("prose", explanation)


def check(step: Step) -> Evidence | None:
    """Check one step.

    Returns
    -------
    Evidence or None
        None for a definition, theorem or prose.

    Raises
    ------
    DerivationError
        If an equation is false, cannot be brought to 0 = 0, or has the same expression on both sides; if an inequality
        fails at a point or is an equality at all of them.
    """
    if step.kind not in ("equation", "inequality") or step.lhs is None or step.rhs is None:
        return None
    if step.lhs == step.rhs:
        raise DerivationError(f"both sides are the same expression ({step.explanation})")
    checked = _check_equation if step.kind == "equation" else _check_inequality
    return checked(step.lhs, step.rhs, step.explanation)


def _check_equation(lhs: sympy.Basic, rhs: sympy.Basic, explanation: str) -> Evidence:
    left_side, right_side = _evaluate(lhs), _evaluate(rhs)
    if left_side.shape != right_side.shape:
        raise DerivationError(f"the sides have different shapes ({explanation})")
    number = 0
    for left_values, right_values, point in _instances(lhs, rhs):
        number += 1
        if not all(_agree(left, right) for left, right in zip(left_values, right_values, strict=True)):
            raise DerivationError(f"the sides differ at {point} ({explanation})")
    needed = {_vanishing_method(left - right) for left, right in zip(left_side, right_side, strict=True)}
    if None in needed:
        raise DerivationError(f"the difference of the sides could not be brought to 0 ({explanation})")
    return Evidence(next(method for method in reversed([*METHODS]) if method in needed), number)


def _check_inequality(lhs: sympy.Basic, rhs: sympy.Basic, explanation: str) -> Evidence:
    points = _points(lhs.free_symbols | rhs.free_symbols, INEQUALITY_POINTS)
    gaps = [(rhs - lhs).doit().xreplace(point).evalf(DIGITS) for point in points]
    for gap, point in zip(gaps, points, strict=True):
        if not gap >= -TOLERANCE:
            raise DerivationError(f"the inequality fails at {point} ({explanation})")
    if not max(gaps) > TOLERANCE:
        raise DerivationError(f"the sides are equal at every point tested ({explanation})")
    return Evidence("instances", len(points))


METHODS: Mapping[str, Callable[[sympy.Expr], sympy.Expr]] = MappingProxyType(
    {
        "expansion": sympy.expand,
        "roots of unity": reduce_expression,
        "common denominator": lambda difference: sympy.expand(sympy.together(difference).as_numer_denom()[0]),
        "sums over components": cleared,
    }
)


def _instances(
    lhs: sympy.Basic, rhs: sympy.Basic
) -> Iterator[tuple[list[sympy.Expr], list[sympy.Expr], dict[sympy.Basic, sympy.Rational]]]:
    """Yield both sides' entries at exact points, and the point."""
    generic = COUNT in lhs.free_symbols | rhs.free_symbols
    for count in COUNTS if generic else (COUNT,):
        sides = [side.subs(COUNT, count) for side in (lhs, rhs)] if generic else [lhs, rhs]
        values = [_evaluate(side) for side in sides]
        for point in _points(_symbols(values if generic else sides), 1 if generic else POINTS):
            left, right = ([entry.xreplace(point) for entry in value] for value in values)
            yield left, right, point | ({COUNT: sympy.Integer(count)} if generic else {})


def _vanishing_method(difference: sympy.Expr) -> str | None:
    """Name the first, cheapest method that brings the difference to 0."""
    return next((name for name, method in METHODS.items() if method(difference) == 0), None)


def _evaluate(side: sympy.Basic) -> sympy.MatrixBase:
    """Evaluate a side; a scalar becomes a 1 × 1 matrix."""
    value = side.doit()
    if isinstance(value, sympy.MatrixExpr):
        value = value.as_explicit()
    return value if isinstance(value, sympy.MatrixBase) else sympy.ImmutableMatrix([[value]])


def _symbols(sides: Sequence[sympy.Basic]) -> set[sympy.Basic]:
    """Return what has to be given a value: symbols, and members of families but not the families' names."""
    members = {member for side in sides for member in side.atoms(sympy.Indexed)}
    labels = {member.base.label for member in members}
    return members | {symbol for side in sides for symbol in side.free_symbols - labels if symbol.is_Symbol}


def _points(symbols: set[sympy.Basic], number: int) -> list[dict[sympy.Basic, sympy.Rational]]:
    """Scattered rationals in (0, 1), for integers 1 to 7: powers of a primitive root modulo 257, over another prime."""
    names = sorted(symbols, key=str)
    count = number if names else 1
    return [{name: _value(name, pow(3, 7 + i * count + n, 257)) for i, name in enumerate(names)} for n in range(count)]


def _value(name: sympy.Basic, scattered: int) -> sympy.Rational:
    return sympy.Integer(1 + scattered % 7) if name.is_integer else sympy.Rational(scattered, 263)


def _agree(left: sympy.Expr, right: sympy.Expr) -> bool:
    if left.is_Rational and right.is_Rational:
        return bool(left == right)
    left, right = left.evalf(DIGITS), right.evalf(DIGITS)
    return bool(abs(left - right) <= TOLERANCE * (1 + abs(left)))
