"""Derivations as numbered equations, each checked by the program when the derivation is made.

A step is checked twice: symbolically, by bringing the difference of the sides to exactly 0, and, as a control of the
simplifications this takes, by evaluating each side on its own at exact rational points.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import sympy

from theory.cyclotomic import reduce_expression

__all__ = ["Derivation", "DerivationError", "Evidence", "Step", "check", "definition", "equation"]

POINTS = 3
DIGITS = 50
TOLERANCE = sympy.Rational(1, 10**30)


class DerivationError(ValueError):
    """A step of a derivation is not true, or says nothing."""


@dataclass(frozen=True)
class Step:
    """One equation lhs = rhs between expressions or matrices of equal shape.

    A definition introduces the name on the left; an equation is to be proved. Sides may be unevaluated
    (products of matrices, expectations): that is how they are shown, and the check evaluates them.
    """

    kind: Literal["definition", "equation"]
    explanation: str
    lhs: sympy.Basic
    rhs: sympy.Basic


@dataclass(frozen=True)
class Evidence:
    """How an equation was checked: what brought lhs − rhs to 0, and at how many exact points both sides agreed."""

    method: str
    points: int


@dataclass(frozen=True)
class Derivation:
    """A statement and the checked steps that prove it; making one checks every step.

    Attributes
    ----------
    name, title, statement, source
        Identifier, headline, the proved formula, and where the paper says it (or what follows from what).
    scope
        What was proved in which generality, and what the reader must add.
    k
        Number of components.
    steps
        The numbered steps; step n is ``steps[n − 1]``.
    evidence
        One entry a step, None for a definition.

    Raises
    ------
    DerivationError
        If a step fails its check; the message names derivation and step.
    """

    name: str
    title: str
    statement: str
    source: str
    scope: str
    k: int
    steps: tuple[Step, ...]
    evidence: tuple[Evidence | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", tuple(self._checked()))

    def _checked(self) -> Iterator[Evidence | None]:
        for number, step in enumerate(self.steps, start=1):
            try:
                yield check(step)
            except DerivationError as error:
                raise DerivationError(f"{self.name}, k = {self.k}, step {number}: {error}") from error


def definition(explanation: str, name: sympy.Basic, value: sympy.Basic) -> Step:
    """Make a step that introduces a name."""
    return Step("definition", explanation, name, value)


def equation(explanation: str, lhs: sympy.Basic, rhs: sympy.Basic) -> Step:
    """Make a step that has to be proved."""
    return Step("equation", explanation, lhs, rhs)


def check(step: Step) -> Evidence | None:
    """Check one step.

    Returns
    -------
    Evidence or None
        None for a definition, which needs none.

    Raises
    ------
    DerivationError
        If an equation is false, cannot be brought to 0 = 0, or has the same expression on both sides.
    """
    if step.kind == "definition":
        return None
    if step.lhs == step.rhs:
        raise DerivationError(f"both sides are the same expression ({step.explanation})")
    lhs, rhs = _evaluate(step.lhs), _evaluate(step.rhs)
    if lhs.shape != rhs.shape:
        raise DerivationError(f"the sides have different shapes ({step.explanation})")
    pairs = list(zip(lhs, rhs, strict=True))
    points = _points(step.lhs.free_symbols | step.rhs.free_symbols)
    for point in points:
        if not all(_agree(left.xreplace(point), right.xreplace(point)) for left, right in pairs):
            raise DerivationError(f"the sides differ at {point} ({step.explanation})")
    needed = {_vanishing_method(left - right) for left, right in pairs}
    if None in needed:
        raise DerivationError(f"the difference of the sides could not be brought to 0 ({step.explanation})")
    return Evidence(next(method for method in reversed([*METHODS]) if method in needed), len(points))


METHODS: Mapping[str, Callable[[sympy.Expr], sympy.Expr]] = MappingProxyType(
    {
        "expansion": sympy.expand,
        "roots of unity": reduce_expression,
        "common denominator": lambda difference: sympy.expand(sympy.together(difference).as_numer_denom()[0]),
    }
)


def _vanishing_method(difference: sympy.Expr) -> str | None:
    """Name the first, cheapest method that brings the difference to 0."""
    return next((name for name, method in METHODS.items() if method(difference) == 0), None)


def _evaluate(side: sympy.Basic) -> sympy.MatrixBase:
    """Evaluate a side; a scalar becomes a 1 × 1 matrix."""
    value = side.doit()
    if isinstance(value, sympy.MatrixExpr):
        value = value.as_explicit()
    return value if isinstance(value, sympy.MatrixBase) else sympy.ImmutableMatrix([[value]])


def _points(symbols: set[sympy.Symbol]) -> list[dict[sympy.Symbol, sympy.Rational]]:
    """Scattered rationals in (0, 1): powers of a primitive root modulo 257, over another prime."""
    names = sorted(symbols, key=str)
    count = POINTS if names else 1
    return [
        {name: sympy.Rational(pow(3, 7 + i * count + n, 257), 263) for i, name in enumerate(names)}
        for n in range(count)
    ]


def _agree(left: sympy.Expr, right: sympy.Expr) -> bool:
    if left.is_Rational and right.is_Rational:
        return bool(left == right)
    left, right = left.evalf(DIGITS), right.evalf(DIGITS)
    return bool(abs(left - right) <= TOLERANCE * (1 + abs(left)))
