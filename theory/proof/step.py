"""The steps of a derivation: what each says, what it rests on, and by which rule the program may check it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import sympy
from sympy.logic.boolalg import Boolean

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.formula import HYPOTHESES, related
from emtheory.theory.theorems import THEOREMS

__all__ = [
    "PLACE",
    "Kind",
    "Rule",
    "Step",
    "assumption",
    "citation",
    "combination",
    "definition",
    "equation",
    "induction",
    "inequality",
    "instance",
    "monotone",
    "prose",
]

Kind = Literal["definition", "assumption", "equation", "inequality", "theorem", "prose"]
Rule = Literal["", "sign", "combination", "monotone", "instance", "induction"]

PLACE = sympy.Symbol("place", real=True)
"""Stands in `monotone` for what the increasing expression is applied to."""


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes
    ----------
    kind
        A ``definition`` introduces the name on the left; an ``assumption`` is the premise of an implication. An
        ``equation`` and an ``inequality`` are to be proved by the program. A ``theorem`` cites one of
        `emtheory.theory.theorems` and ``prose`` is an argument in words: what they conclude, if it is a formula, the
        program takes from them.
    explanation
        For the reader.
    formula
        What is said; None for words without a formula.
    label
        Its name among the steps, by which others use it.
    given
        Labels of the earlier steps that it uses. Their equations are applied from left to right, in this order.
    under
        Names of the hypotheses that it uses, from `emtheory.theory.proof.formula.HYPOTHESES`.
    theorem
        Name of the theorem that is cited.
    rule
        How an inequality is proved: by the sign of the difference of its sides, as a combination of others, by an
        increasing expression applied to both sides of another, by induction, or as an instance of another, as an
        equation may be too.
    domain
        Symbol → interval, for symbols that are not variables of the statement.
    multipliers
        For a combination: label → factor of the relation of that label, not negative if it is an inequality. For the
        other rules: the steps they use.
    expression
        For the rule ``monotone``, an expression that increases in `PLACE`; for ``induction``, the factor of the
        inequality itself.
    at
        For the rule ``instance``, symbol → the value it is given; for ``induction``, the counter and where it starts.
    within
        Labels of the inequalities that show values to be in their domains, or factors not to be negative, where their
        signs do not.
    discharging
        Labels of the assumptions that an argument in words does away with, by cases or by contradiction.
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

    def __post_init__(self) -> None:
        unknown = [name for name in self.under if name not in HYPOTHESES]
        if unknown:
            raise DerivationError(f"no hypothesis {unknown[0]!r}; there are {', '.join(HYPOTHESES)}")

    @property
    def relational(self) -> bool:
        """Whether it is a relation between two sides."""
        return isinstance(self.formula, sympy.Rel)

    @property
    def lhs(self) -> sympy.Basic | None:
        """The left side of a relation, else None."""
        return self.formula.lhs if isinstance(self.formula, sympy.Rel) else None

    @property
    def rhs(self) -> sympy.Basic | None:
        """The right side of a relation, else None."""
        return self.formula.rhs if isinstance(self.formula, sympy.Rel) else None

    @property
    def uses(self) -> tuple[str, ...]:
        """Labels of all steps that it uses."""
        return (*self.given, *(label for label, _ in self.multipliers), *self.within)


def definition(
    explanation: str, name: sympy.Basic, value: sympy.Basic, *, label: str = "", under: tuple[str, ...] = ()
) -> Step:
    """Make a step that introduces a name; every later formula with the name is checked with the value in its place."""
    return Step("definition", explanation, sympy.Eq(name, value, evaluate=False), label, under=under)


def equation(
    explanation: str,
    lhs: sympy.Basic,
    rhs: sympy.Basic,
    *,
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
) -> Step:
    """Make a step lhs = rhs, which follows by algebra from definitions and the equations given."""
    return Step("equation", explanation, sympy.Eq(lhs, rhs, evaluate=False), label, given, under)


def inequality(
    explanation: str,
    lhs: sympy.Expr,
    relation: str,
    rhs: sympy.Expr,
    *,
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
    domain: Mapping[sympy.Symbol, sympy.Set] | None = None,
) -> Step:
    """Make a step that follows from the sign of the difference of its sides on the whole domain.

    Parameters
    ----------
    explanation, label, given, under
        As for `Step`.
    lhs, relation, rhs
        The inequality; the relation is one of ``< <= > >=``, and has to be strict if that can be proved.
    domain
        Symbol → interval, beside those of the statement's variables.
    """
    formula = related(lhs, relation, rhs)
    return Step("inequality", explanation, formula, label, given, under, rule="sign", domain=_items(domain))


def _items(domain: Mapping[sympy.Symbol, sympy.Set] | None) -> tuple[tuple[sympy.Symbol, sympy.Set], ...]:
    return tuple(sorted((domain or {}).items(), key=str))


def combination(
    explanation: str,
    lhs: sympy.Expr,
    relation: str,
    rhs: sympy.Expr,
    multipliers: Mapping[str, sympy.Expr | int],
    *,
    within: tuple[str, ...] = (),
    domain: Mapping[sympy.Symbol, sympy.Set] | None = None,
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
) -> Step:
    """Make a step that is exactly the sum of earlier relations times factors, which for inequalities are not negative.

    Parameters
    ----------
    explanation, label, given, under
        As for `Step`.
    lhs, relation, rhs
        The relation; an inequality is strict if and only if one that is strict has a positive factor.
    multipliers
        Label of an inequality or equation → its factor. A chain a ≤ b ≤ c is the case of two factors 1.
    within
        Labels of inequalities that show factors not to be negative, where their signs do not.
    domain
        Symbol → interval, beside those of the statement's variables.
    """
    items = tuple((name, sympy.sympify(factor)) for name, factor in multipliers.items())
    kind: Kind = "equation" if relation == "==" else "inequality"
    return Step(
        kind,
        explanation,
        related(lhs, relation, rhs),
        label,
        given,
        under,
        rule="combination",
        multipliers=items,
        within=within,
        domain=_items(domain),
    )


def monotone(
    explanation: str,
    lhs: sympy.Expr,
    relation: str,
    rhs: sympy.Expr,
    increasing: sympy.Expr,
    of: str,
    *,
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
) -> Step:
    """Make a step that applies an increasing expression to both sides of an earlier inequality.

    Parameters
    ----------
    explanation, label, given, under
        As for `Step`.
    lhs, relation, rhs
        The new inequality.
    increasing
        An expression in `PLACE`, built from sums, factors that are not negative, expectations, and increasing
        functions.
    of
        Label of the inequality.
    """
    return Step(
        "inequality",
        explanation,
        related(lhs, relation, rhs),
        label,
        given,
        under,
        rule="monotone",
        multipliers=((of, sympy.S.One),),
        expression=increasing,
    )


def induction(
    explanation: str,
    lhs: sympy.Expr,
    relation: str,
    rhs: sympy.Expr,
    counter: sympy.Symbol,
    factor: sympy.Expr,
    multipliers: Mapping[str, sympy.Expr | int],
    *,
    within: tuple[str, ...] = (),
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
) -> Step:
    """Make a step for all t = 0, 1, …: the inequality at t + 1 is a combination of itself at t and of earlier ones.

    Parameters
    ----------
    explanation, label, given, under
        As for `Step`.
    lhs, relation, rhs
        The inequality; at 0 it has to follow by the sign of the difference of its sides.
    counter
        t.
    factor
        Its factor in the combination, not negative.
    multipliers
        Label of another relation → its factor.
    within
        Labels of inequalities that show factors not to be negative, where their signs do not.
    """
    items = tuple((name, sympy.sympify(value)) for name, value in multipliers.items())
    return Step(
        "inequality",
        explanation,
        related(lhs, relation, rhs),
        label,
        given,
        under,
        rule="induction",
        multipliers=items,
        within=within,
        expression=sympy.sympify(factor),
        at=((counter, sympy.S.Zero),),
    )


def instance(
    explanation: str,
    formula: sympy.Rel,
    of: str,
    at: Mapping[sympy.Symbol, sympy.Expr],
    *,
    within: tuple[str, ...] = (),
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
) -> Step:
    """Make a step that gives variables of an earlier relation a value.

    Parameters
    ----------
    explanation, label, given, under
        As for `Step`.
    formula
        The new relation.
    of
        Label of the earlier one.
    at
        Symbol → value, in the symbol's domain.
    within
        Labels of inequalities that show it to be there, where its sign does not.
    """
    kind: Kind = "equation" if isinstance(formula, sympy.Eq) else "inequality"
    return Step(
        kind,
        explanation,
        formula,
        label,
        given,
        under,
        rule="instance",
        multipliers=((of, sympy.S.One),),
        within=within,
        at=tuple((name, sympy.sympify(value)) for name, value in at.items()),
    )


def assumption(explanation: str, formula: Boolean, *, label: str) -> Step:
    """Make the premise of an implication: what uses it holds under it."""
    return Step("assumption", explanation, formula, label)


def citation(
    theorem: str,
    explanation: str,
    formula: Boolean | None = None,
    *,
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
) -> Step:
    """Make a step that cites a theorem, the explanation saying what for and why its hypotheses hold."""
    if theorem not in THEOREMS:
        raise DerivationError(f"no theorem {theorem!r}; there are {', '.join(THEOREMS)}")
    return Step("theorem", explanation, formula, label, given, under, theorem)


def prose(
    explanation: str,
    formula: Boolean | None = None,
    *,
    label: str = "",
    given: tuple[str, ...] = (),
    under: tuple[str, ...] = (),
    discharging: tuple[str, ...] = (),
) -> Step:
    """Make a step that is an argument in words."""
    return Step("prose", explanation, formula, label, given, under, discharging=discharging)
