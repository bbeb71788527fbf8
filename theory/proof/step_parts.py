"""What a step of a derivation says, what it rests on, and by which rule the program may check it."""

from dataclasses import dataclass, field
from typing import Any, Literal

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.formula import HYPOTHESES
from emtheory.theory.proof.notation import line

Kind = Literal["definition", "assumption", "condition", "equation", "inequality", "theorem", "prose"]
Rule = Literal[
    "",
    "sign",
    "combination",
    "monotone",
    "instance",
    "induction",
    "cases",
    "quoted",
    "meant",
    "limit",
    "positive",
    "either",
    "all",
]

PLACE = sympy.Symbol("place", real=True)
"""Stands in `emtheory.theory.proof.step.monotone` for what the increasing expression is applied to."""

LATER = sympy.Function("later", positive=True)
"""Stands in `emtheory.theory.proof.step.limit` for what a place stands for, one step later."""


@dataclass(frozen=True)
class Quotation:
    """A conclusion of another derivation, and values of its variables, each with the set that it has to be in.

    The conditions that it is under are given with the variables for all of which each is supposed, and names here with
    those that they stand for there, where these are defined. `of` and `number` are that derivation and the place of
    the conclusion in it.
    """

    conclusion: Boolean
    values: tuple[tuple[sympy.Basic, sympy.Expr, sympy.Set], ...]
    conditions: tuple[tuple[Boolean, tuple[sympy.Symbol, ...]], ...] = ()
    named: tuple[tuple[sympy.Basic, str], ...] = ()
    of: Any = field(default=None, compare=False, repr=False)
    number: int = 0


@dataclass(frozen=True)
class Step:
    """One step.

    A `kind` ``definition`` introduces the name on the left; an ``assumption`` is the premise of an implication, a
    ``condition`` what is supposed, of all values of some names. An ``equation`` and an ``inequality`` are to be proved
    by the program, by a `rule` (`emtheory.theory.proof.step` has their makers). A ``theorem`` cites one of
    `emtheory.theory.theorems` and ``prose`` is an argument in words: what they conclude, if it is a formula, the
    program takes from them.

    `label`: its name among the steps, by which others use it; `given`: labels of the earlier steps that it uses, whose
    equations are applied from left to right, in this order; `under`: hypotheses that it uses, of
    `emtheory.theory.proof.formula.HYPOTHESES`; `domain`: symbol → interval, for symbols that are not variables of the
    statement; `multipliers`: label → factor for a combination, else the steps a rule uses; `expression`: what
    increases in `PLACE`, the factor of an inequality in its own induction, the points at which a mean is looked at, or
    the variables that a condition is for all of; `at`: symbol → the value it is given, the counter and its start, or
    what a name stands for; `within`: labels of the inequalities that show values to be in their domains, or factors
    not to be negative, where their signs do not; `lacks`: what no rule is for, of an argument in words; `discharging`:
    labels of the assumptions that it does away with.
    """

    kind: Kind
    explanation: str
    formula: Boolean | None = None
    label: str = ""
    given: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    theorem: str = ""
    rule: Rule = ""
    domain: tuple[tuple[sympy.Symbol, sympy.Set], ...] = ()
    multipliers: tuple[tuple[str, sympy.Expr], ...] = ()
    expression: sympy.Expr | None = None
    at: tuple[tuple[sympy.Symbol, sympy.Expr], ...] = ()
    within: tuple[str, ...] = ()
    discharging: tuple[str, ...] = ()
    quotation: Quotation | None = None
    lacks: str = ""

    def __post_init__(self) -> None:
        unknown = [name for name in self.under if name not in HYPOTHESES]
        if unknown:
            raise DerivationError(f"no hypothesis {unknown[0]!r}; there are {', '.join(HYPOTHESES)}")

    @property
    def hypotheses(self) -> frozenset[str]:
        """The hypotheses that it uses itself; a condition is one, by its formula."""
        if self.kind != "condition":
            return frozenset(self.under)
        every = ", ".join(f"${line(name)}$" for name in self.over)
        return frozenset({f"${line(self.formula)}${f' for all {every}' if every else ''}"})

    @property
    def over(self) -> tuple[sympy.Symbol, ...]:
        """The variables for all of which a condition is supposed."""
        return self.expression.args if self.kind == "condition" and self.expression is not None else ()

    @property
    def names(self) -> tuple[tuple[sympy.Symbol, sympy.Expr], ...]:
        """What it says that names stand for."""
        return self.at if self.rule in ("meant", "positive") else ()

    @property
    def values(self) -> tuple[tuple[sympy.Symbol, sympy.Expr], ...]:
        """What it gives to variables in their place."""
        return () if self.names else self.at

    @property
    def relational(self) -> bool:
        """Whether it is a relation between two sides."""
        return isinstance(self.formula, sympy.Rel)

    @property
    def lhs(self) -> Any:
        """The left side of a relation, else None."""
        return self.formula.lhs if isinstance(self.formula, sympy.Rel) else None

    @property
    def rhs(self) -> Any:
        """The right side of a relation, else None."""
        return self.formula.rhs if isinstance(self.formula, sympy.Rel) else None

    @property
    def uses(self) -> tuple[str, ...]:
        """Labels of all steps that it uses."""
        return (*self.given, *(label for label, _ in self.multipliers), *self.within)
