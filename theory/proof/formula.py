"""What is proved: a conjunction of relations for all values of its variables, under named hypotheses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean
from sympy.matrices.expressions.sets import MatrixSet

from emtheory.theory.proof.notation import line
from emtheory.theory.toml_text import words

POSITIVE = sympy.Interval.open(0, sympy.oo)
REAL = sympy.Interval(-sympy.oo, sympy.oo)
UNIT = sympy.Interval(0, 1)

HYPOTHESES: Mapping[str, str] = words(Path(__file__).with_name("hypotheses.toml"))
"""Name → what is assumed of things that are not numbers; a step says which ones it uses."""

_IMPLIED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "cyclic maps": frozenset({"orthogonal maps", "rotation"}),
        "orthogonal maps": frozenset({"linear tying"}),
        "simplex": frozenset({"orthogonal maps"}),
        "uniform weights": frozenset({"weights"}),
        "free means": frozenset({"linear tying"}),
        "normal mixture": frozenset({"finite mixture"}),
        "normal data": frozenset({"rotation-invariant data", "centred data"}),
    }
)
"""Hypothesis → others that it is a case of."""


def with_implied(hypotheses: Iterable[str]) -> frozenset[str]:
    """Return hypotheses and all that they are cases of."""
    found = frozenset(hypotheses)
    more = found.union(*(_IMPLIED.get(name, frozenset()) for name in found))
    return found if more == found else with_implied(more)


LONGEST = 1500
"""Characters of the conclusions beyond which nobody reads them on one line."""


@dataclass(frozen=True)
class Variable:
    """A quantified variable: a symbol, or the name of a family, in the set of its values.

    The meaning is for the reader: the proof knows only its domain and its definition, if it has one. If it `exists`,
    there is such a number, given those before it, with which the conclusions hold for all that come after, rather than
    for each.
    """

    symbol: sympy.Basic
    domain: sympy.Set
    meaning: str = ""
    exists: bool = False


@dataclass(frozen=True)
class Proposition:
    """For all values of the variables, under the hypotheses, each of the conclusions; a note claims nothing.

    `grounds`: the hypotheses of each conclusion: those of the model, and those of one case that its derivation finds it
    to rest on; never given by hand, and empty before it is derived. `exist_under`: name, of a number or a function →
    hypotheses without which there is no such thing; what is said of it is said under them.
    """

    conclusions: tuple[Boolean, ...]
    variables: tuple[Variable, ...] = ()
    hypotheses: tuple[str, ...] = ()
    note: str = ""
    grounds: tuple[tuple[str, ...], ...] = ()
    exist_under: Mapping[Any, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        named = (*self.hypotheses, *chain(*self.exist_under.values()))
        unknown = [name for name in named if name not in HYPOTHESES]
        if unknown:
            raise ValueError(f"no hypothesis {unknown[0]!r}; there are {', '.join(HYPOTHESES)}")

    @property
    def formula(self) -> Boolean:
        """The conclusions as one SymPy formula."""
        return sympy.And(*self.conclusions, evaluate=False)

    @property
    def domains(self) -> Mapping[sympy.Basic, sympy.Set]:
        """Variable → domain."""
        return {variable.symbol: variable.domain for variable in self.variables}

    @property
    def intervals(self) -> Mapping[sympy.Basic, sympy.Interval]:
        """Variable → interval that contains its domain, for those that range over numbers."""
        return intervals(self.domains)

    @property
    def quantified(self) -> str:
        """The variables with their domains and quantifiers, and which functions are positive, on one line."""
        runs = groupby(self.variables, key=attrgetter("exists"))
        said = [f"{'there is' if exists else 'for all'} {', '.join(map(_membership, named))}" for exists, named in runs]
        values = sorted((part for part in self.formula.atoms(AppliedUndef) if part.is_positive), key=str, reverse=True)
        # Of each function the value that is written with letters alone.
        least = {part.func: part for part in sorted(values, key=lambda part: all(a.is_Symbol for a in part.args))}
        positive = ", ".join(f"${line(part)} > 0$" for part in sorted(least.values(), key=str))
        return ", ".join([*said, f"where {positive}"] if positive else said)

    @property
    def said(self) -> tuple[str, ...]:
        """The conclusions, a formula each; what would fill pages in coordinates is left to the steps."""
        found = tuple(f"${line(conclusion)}$" for conclusion in self.conclusions)
        if len("; ".join(found)) > LONGEST:
            return (f"{len(found)} formulas in coordinates, which the steps write out",)
        return found

    @property
    def text(self) -> str:
        """The statement on one line, in the notation of `emtheory.theory.prose.formula`."""
        if not self.conclusions:
            return self.note
        if len(self.said) < len(self.conclusions):
            return "; ".join(self.said)
        parts = "; ".join(
            f"if {', '.join(names)}: {'; '.join(said)}" if names else "; ".join(said) for names, said in self.grouped
        )
        if not self.variables:
            return parts
        return f"{self.quantified}{', ' if parts.startswith('if ') else ': '}{parts}"

    @property
    def grouped(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Runs of conclusions that rest on the same hypotheses: these, and what is said under them."""
        if len(self.said) < len(self.conclusions) or not self.grounds:
            return ((self.hypotheses, self.said),)
        pairs = zip(self.grounds, self.said, strict=True)
        return tuple((names, tuple(said for _, said in run)) for names, run in groupby(pairs, key=itemgetter(0)))

    @property
    def legend(self) -> str:
        """What the names stand for."""
        return "; ".join(f"${line(v.symbol)}$ is {v.meaning}" for v in self.variables if v.meaning)


def intervals(domains: Mapping[sympy.Basic, sympy.Set]) -> Mapping[sympy.Basic, sympy.Interval]:
    """Return the intervals that contain the domains of those names that range over numbers."""
    return {
        name: sympy.Interval(domain.inf, domain.sup) if isinstance(domain, sympy.Range) else domain
        for name, domain in domains.items()
        if isinstance(domain, sympy.Interval | sympy.Range)
    }


def related(lhs: sympy.Basic, relation: str, rhs: sympy.Basic) -> Boolean:
    """Return ``lhs relation rhs``, unevaluated.

    `lhs`, `rhs`: the sides; `relation`: one of ``== <= < >= > !=``.
    """
    return sympy.Rel(lhs, rhs, relation, evaluate=False)


def provided(conclusion: Boolean, *premises: Boolean) -> Boolean:
    """Return the implication that a conclusion holds where all premises do, unevaluated."""
    premise = premises[0] if len(premises) == 1 else sympy.And(*premises, evaluate=False)
    return sympy.Implies(premise, conclusion, evaluate=False)


def sides(relation: sympy.Rel) -> tuple[sympy.Expr, str, sympy.Expr]:
    """Return the left side, the sign and the right side of a relation."""
    return relation.lhs, relation.rel_op, relation.rhs


def turned(formula: Boolean | None) -> object:
    """Return what says an inequality from the smaller side, so that a ≤ b and b ≥ a are the same; else the formula."""
    if isinstance(formula, sympy.Rel) and formula.rel_op in ("<", "<=", ">", ">="):
        return (formula.lts, formula.gts, formula.rel_op in ("<", ">"))
    return formula


def assumed_domain(symbol: sympy.Basic) -> sympy.Set:
    """Return the set that a symbol's assumptions restrict it to."""
    if symbol.is_positive:
        return POSITIVE
    return sympy.Interval(0, sympy.oo) if symbol.is_nonnegative else REAL


def _membership(variable: Variable) -> str:
    name, domain = line(variable.symbol), variable.domain
    if isinstance(domain, sympy.Range) and domain.stop is sympy.oo:
        return f"integer ${name} ≥ {domain.start}$"
    if isinstance(domain, MatrixSet):
        return f"${name} ∈ ℝ^{{{'×'.join(map(line, domain.shape))}}}$"
    if not isinstance(domain, sympy.Interval):
        return f"${name} ∈ {line(domain)}$"
    lower, upper = domain.start, domain.end
    if lower == -sympy.oo and upper is sympy.oo:
        return f"${name} ∈ ℝ$"
    left = "" if lower == -sympy.oo else f"{line(lower)} {'<' if domain.left_open else '≤'} "
    right = "" if upper is sympy.oo else f" {'<' if domain.right_open else '≤'} {line(upper)}"
    return f"${name} {'>' if domain.left_open else '≥'} {line(lower)}$" if not right else f"${left}{name}{right}$"
