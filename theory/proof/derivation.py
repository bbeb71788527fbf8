"""Derivations: numbered steps that lead to a statement, all checked by the program when the derivation is made.

Beside each step by its rule, the whole is checked: a step uses earlier steps only; every formula is used, by another
step or as a conclusion; the conclusions of the statement are formulas of steps, letter by letter; the steps use exactly
the hypotheses of the statement; and its variables are those of its conclusions, on domains their symbols allow.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from emtheory.theory.errors import DerivationError
from emtheory.theory.proof.check import check
from emtheory.theory.proof.formula import (
    HYPOTHESES,
    POSITIVE,
    REAL,
    UNIT,
    Proposition,
    Variable,
    assumed_domain,
    provided,
    related,
    sides,
)
from emtheory.theory.proof.made import once
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.notation import line
from emtheory.theory.proof.presented import Presented
from emtheory.theory.proof.quoted import at_values
from emtheory.theory.proof.rules import Evidence
from emtheory.theory.proof.step_parts import Quotation, Step
from emtheory.theory.proof.structure import defined_by, grounds, leads_to, variables_of
from emtheory.theory.toml_text import words

__all__ = ["POSITIVE", "REAL", "UNIT", "Derivation", "DerivationError", "Evidence", "Proposition", "Statement"]
__all__ += ["Variable", "check", "in_coordinates", "made", "provided", "related", "sides"]

IN_WORDS: Mapping[str, str] = words(Path(__file__).parents[1] / "derivations/in_words.toml")
"""For each derivation what no rule is for, of its steps in words in their order."""


@dataclass(frozen=True)
class Statement:
    """A statement that can be derived, in the module of this name, that of a file.

    `title`: its headline; `largest_k`: the largest k that the derivation for one k handles in seconds; 0 if there is
    only the one for every k; `general`: whether there is a derivation for every k; `smallest_k`: the smallest k of the
    derivation for one k.
    """

    module: str
    title: str
    largest_k: int = 0
    general: bool = True
    smallest_k: int = 2

    @property
    def shown(self) -> tuple[int | None, ...]:
        """The derivations that stand for all: that for every k (None), and that for 3, or the k that is nearest."""
        small = min(max(3, self.smallest_k), self.largest_k)
        return (*([None] if self.general else []), *([small] if self.largest_k else []))

    def derivation(
        self,
        *,
        source: str,
        scope: str,
        steps: tuple[Step, ...],
        k: int | None = None,
        statement: Proposition | None = None,
        **said: Any,
    ) -> "Derivation":
        """Make, and so check, the derivation with this headline, of the name of the file.

        `source`, `scope`, `steps`, `k`: as for `Derivation`; `statement`, `said`: what is derived, or what it is made
        of: conclusions, variables, hypotheses and note of a `Proposition`.
        """
        name = self.module.rpartition(".")[2].replace("_", "-")
        reasons = iter(IN_WORDS.get(name, "").split("; "))
        steps = tuple(replace(step, lacks=next(reasons, "")) if step.kind == "prose" else step for step in steps)
        return Derivation(name, self.title, statement or Proposition(**said), source, scope, k, steps)


@dataclass(frozen=True, repr=False)
class Derivation(Presented):
    """A statement and the checked steps that prove it; making one checks it.

    DerivationError if a step fails its check or the steps do not lead to the statement; the message names derivation
    and step.
    """

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", tuple(self._checked()))
        if not self.statement.conclusions:
            return
        try:
            leads_to(self.steps, self.statement)
            found = grounds(self.steps, self.statement)
            object.__setattr__(self, "statement", replace(self.statement, grounds=found))
        except DerivationError as error:
            raise DerivationError(f"{self.name}, {self.number}: {error}") from error

    def _checked(self) -> Iterator[Evidence | None]:
        for number, step in enumerate(self.steps, start=1):
            try:
                yield check(step, self.steps[: number - 1], self.statement.domains)
            except DerivationError as error:
                raise DerivationError(f"{self.name}, {self.number}, step {number}: {error}") from error

    def quoted(
        self,
        explanation: str,
        number: int,
        values: Mapping[str, sympy.Expr],
        premises: tuple[str, ...] = (),
        *,
        label: str,
        within: tuple[str, ...] = (),
    ) -> Step:
        """Make a step of another derivation that says what a conclusion of this one says at values of its variables.

        It uses the hypotheses that this conclusion rests on. DerivationError if a variable has no value, or a value is
        for what is no variable, is defined here, or only said to exist.

        `explanation`, `number`, `values`, `premises`, `label`, `within`: number of the conclusion, from 0; name of a
        variable, or of a function at its arguments → what is put in its place, in its domain, one for each in the
        conclusion, perhaps for others of the statement: what stands for a name that is defined here is itself a name,
        which stands for nothing else; labels of earlier steps whose formulas are the conclusion's premises, and
        conditions, letter by letter; the others are as for `Step`.
        """
        conclusion, domains = self.statement.conclusions[number], self.statement.domains
        grounds = self.statement.grounds[number]
        supposed = tuple(
            (s.formula, s.over) for s in self.steps if s.kind == "condition" and s.hypotheses <= {*grounds}
        )
        formulas = (conclusion, *(formula for formula, _ in supposed))
        functions = {part for formula in formulas for part in formula.atoms(AppliedUndef)}
        # With numbers in place of functions, integrals and relations would be evaluated.
        bare = dict.fromkeys(functions, any_number := sympy.Dummy())
        free = functions.union(*(formula.xreplace(bare).free_symbols for formula in formulas)) - {any_number}
        names = {str(name): name for name in (*domains, *free)}
        means = {str(name) for step in self.steps for name, meaning in step.names if meaning.has(Mean)}
        fixed = {
            name: values[name]
            for name in means & values.keys()
            if not _counters(name, values) <= values[name].free_symbols
        }
        defined = {step.lhs for step in self.steps if step.kind == "definition"}
        defined.update(name for step in self.steps if step.quotation for name, _ in step.quotation.named)
        named = {name for name in defined if str(name) in values}
        for complaint, wrong in (
            ("has no value for", {str(name) for name in free} - values.keys()),
            ("has no variable", values.keys() - names.keys()),
            ("does not say of each", {str(v.symbol) for v in self.statement.variables if v.exists} & values.keys()),
            ("is not of the same point in", {name for name, value in fixed.items() if _is_name(value)}),
            ("defines", {str(name) for name in named if not self._names_it(name, values, grounds)}),
        ):
            if wrong:
                raise DerivationError(f"what is quoted {complaint} {', '.join(sorted(wrong))}")
        _same_functions({names[name]: sympy.sympify(value) for name, value in values.items()})
        quotation = Quotation(
            conclusion,
            tuple(
                (names[name], value, domains.get(names[name], assumed_domain(names[name])))
                for name, value in values.items()
            ),
            supposed,
            tuple((values[str(name)], f"{line(name)} of {self.name}") for name in sorted(named, key=str)),
            self,
            number,
        )
        _, said = at_values(quotation)
        return Step(
            "equation" if isinstance(said, sympy.Eq) else "inequality",
            explanation,
            said,
            label,
            under=tuple(name for name in grounds if name in HYPOTHESES),
            rule="quoted",
            multipliers=tuple((premise, sympy.S.One) for premise in premises),
            within=within,
            quotation=quotation,
        )

    def _names_it(self, name: sympy.Basic, values: Mapping[str, sympy.Expr], grounds: tuple[str, ...]) -> bool:
        """Whether what stands for a defined name is one itself, of all that values depend on; perhaps at a next step.

        It may not be said to be of fewer signs, but for what is not negative by a conclusion on the same grounds.
        """
        value = values[str(name)]
        plain = [part.as_coeff_Add() for part in _places(value)]
        symbols = [symbol for number, symbol in plain if symbol.is_Symbol and number in (0, 1)]
        wider = getattr(name, "is_complex", False) and (name.is_integer or not value.is_integer)
        said = zip(self.statement.conclusions, self.statement.grounds, strict=True)
        shown = any(related(0, "<=", name) == conclusion and {*own} <= {*grounds} for conclusion, own in said)
        own = sympy.Interval(0, sympy.oo) if shown else assumed_domain(name)
        wider = wider and (own.is_subset(assumed_domain(value)) or not value.is_extended_real)
        return bool(
            wider and _is_name(value) and len({*symbols}) == len(plain) and _counters(str(name), values) <= {*symbols}
        )


def _is_name(value: sympy.Expr) -> bool:
    return bool(value.is_Symbol or isinstance(value, AppliedUndef | sympy.Indexed))


def _counters(name: str, values: Mapping[str, sympy.Expr]) -> set[sympy.Basic]:
    """Return what the values of all other names are numbered by, as by t for θ_t."""
    others = [sympy.sympify(value) for key, value in values.items() if key != name]
    families = ((other, part) for other in others for part in other.atoms(AppliedUndef, sympy.Indexed))
    return {s for other, part in families for each in _places(part) for s in each.free_symbols & other.free_symbols}


def _places(value: sympy.Expr) -> tuple[sympy.Expr, ...]:
    found: tuple[sympy.Expr, ...] = value.indices if isinstance(value, sympy.Indexed) else value.args
    return found


def _same_functions(values: Mapping[sympy.Basic, sympy.Expr]) -> None:
    """Check that what is put in place of f(0) is what stands for f(t), at 0; an error if it is something else."""
    for name, value in values.items():
        if not isinstance(name, AppliedUndef) or not all(part.is_Symbol for part in name.args):
            continue
        here = [values.get(part, part) for part in name.args]
        for other, said in values.items():
            if isinstance(other, AppliedUndef) and other.func == name.func and all(part.is_Symbol for part in here):
                there = [part.xreplace(dict(values)) for part in other.args]
                if said != value.xreplace(dict(zip(here, there, strict=True))):
                    raise DerivationError(f"{other} and {name} are not values of one function: {said} and {value}")


def made(derive_general: Callable[[], Derivation]) -> Derivation:
    """Return, checked, what `derive_general` of a module of `emtheory.theory.derivations` gives; it is called once."""
    found: Derivation = once(derive_general)
    return found


def in_coordinates(steps: tuple[Step, ...], note: str) -> Proposition:
    """Return what equations for one k say, but those that a label keeps; what steps do not define is quantified."""
    said = tuple(step.formula for step in steps if step.kind == "equation" and not step.label)
    defined = defined_by(steps)
    free = sorted({symbol for formula in said for symbol in variables_of(formula)} - defined, key=str)
    variables = tuple(Variable(symbol, assumed_domain(symbol)) for symbol in free)
    return Proposition(said, variables, tuple(dict.fromkeys(name for step in steps for name in step.under)), note)
