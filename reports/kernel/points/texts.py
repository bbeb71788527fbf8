"""What Rocq is told of a statement about few components, and of the cells on which bounds on quantities decide it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import comment, library
from emtheory.reports.kernel.points.cells import Cell, Tree
from emtheory.reports.kernel.terms import (
    conjunction,
    enclosed,
    introduced,
    number,
    quantified,
    relations,
    term,
    variable,
)
from emtheory.reports.language.expression import ONE, Call, Comparison, Expression, Operation, Symbol

QUANTITIES = frozenset({"dft_modulus", "spectral_gap", "contraction_factor"})
"""Of two and of three components: there is one frequency, up to reflection."""


def written_out(comparison: Comparison, weights: Sequence[Expression]) -> Comparison:
    """Return a statement with the quantities of two or three weights written out."""

    def value(expression: Expression) -> Expression | None:
        match expression:
            case Call("dft_modulus"):
                return Operation("sqrt", (_gap(weights),))
            case Call("spectral_gap"):
                return _gap(weights)
            case Call("contraction_factor"):
                return ONE - _gap(weights)
        return None

    return comparison.rewritten(value)


def _gap(weights: Sequence[Expression]) -> Expression:
    """Return |π̂_1|²: (w − v)² for two weights, (u − v)(u − w) + (v − w)² for three."""
    first, second, *others = weights
    if not others:
        return (first - second) ** 2
    return (first - second) * (first - others[0]) + (second - others[0]) ** 2


_UNFOLDED = "unfold contraction_factor, spectral_gap, dft_modulus;"


class Texts(ABC):
    """What is written of a statement about few components: the statement, and lemmas on its cells.

    `values` are the variables, and the radius, that are numbers here, `names` the others in Rocq, `symbols` k and d;
    `definitions` and `lemmas` name the texts of the folder ``rocq`` that a statement and a proof begin with, after
    those on the density.
    """

    symbols: Mapping[str, Fraction]
    definitions: str
    lemmas: tuple[str, ...]

    def __init__(
        self,
        question: Question,
        weights: Sequence[Expression],
        quantities: Sequence[str],
        values: Mapping[str, Fraction],
    ) -> None:
        self.question, self.expressions, self.quantities, self.values = question, weights, quantities, values
        self.names = [variable(name) for name in question.spans if name not in values]
        self.radius = self._leaf(Symbol("radius"))
        self.weights = [term(weight, self._leaf) for weight in weights]
        self.case_terms = " ".join([*self.weights, self.radius])

    def _leaf(self, part: Symbol | Call) -> str:
        if isinstance(part, Call):
            terms = " ".join(self.weights) if part.quantity in QUANTITIES else self.case_terms
            return f"({part.quantity} {terms})"
        values = {**self.symbols, **self.values}
        return number(values[part.name]) if part.name in values else variable(part.name)

    @property
    def _binder(self) -> str:
        return f"({' '.join(self.names)} : R)" if self.names else ""

    @property
    def applied(self) -> str:
        """The statement, as it is called."""
        return " ".join(["holds", *self.names])

    @property
    def said(self) -> str:
        """What the statement says of the variables, that the integrals converge included."""
        integrals = (each for name in self.quantities for each in self.integrals(name))
        return conjunction([*integrals, *relations(self.question.comparison, self._leaf)])

    def statement(self, title: str, claim: str) -> str:
        """Return the definitions and the claim."""
        return "\n".join(
            [
                comment(title),
                *map(library, ("density_definitions", self.definitions)),
                f"Definition holds {self._binder} : Prop :=\n  {self.said}.\n",
                f"Definition claim : Prop := {claim}.\n",
            ]
        )

    def lemma(self, name: str, cell: Cell, proposition: str) -> str:
        """Return the lemma that a proposition, the statement called or written out, holds on a cell."""
        domain = [
            (variable(name), f"{number(low)} <= {variable(name)} <= {number(high)}")
            for name, (low, high) in cell.box.items()
            if name not in self.values
        ]
        steps = [step for quantity in self.quantities for step in self.bound(quantity, cell)]
        goals = f"repeat match goal with |- _ /\\ _ => split end; first [assumption | lra | {enclosed()}]"
        return "\n".join(
            [
                f"Lemma {name} : {quantified(domain, proposition)}.",
                f"Proof.\n  {introduced(domain)}",
                *(f"  {step}" for step in steps),
                "  try unfold holds.",
                *(
                    f"  set ({each}_value := {each} {self.case_terms}) in *. clearbody {each}_value."
                    for each in self.quantities
                ),
                f"  {_UNFOLDED} {goals}.",
                "Qed.\n",
            ]
        )

    def beginning(self) -> str:
        """Return the lemmas that a proof begins with."""
        return "\n".join(map(library, ("density_lemmas", *self.lemmas)))

    @abstractmethod
    def integrals(self, quantity: str) -> tuple[str, ...]:
        """Return propositions: the integrals that define a quantity converge."""

    @abstractmethod
    def bound(self, quantity: str, cell: Cell) -> list[str]:
        """Return the steps that lead to bounds on a quantity in a cell, and to what `integrals` says."""


def glue(tree: Tree, numbers: Iterator[int], depth: int) -> list[str]:
    """Return the steps that lead from the domain to its cells, whose lemmas have these numbers from left to right."""
    pad = "  " * depth
    if isinstance(tree, Cell):
        return [f"{pad}apply cell_{next(numbers)}; lra."] if tree.box else [f"{pad}apply cell_{next(numbers)}."]
    name = variable(tree.name)
    cut = f"{pad}destruct (Rle_or_lt {name} {number(tree.at)}) as [{{0}}|{{0}}].".format(f"H{name}_{depth}")
    return [
        cut,
        f"{pad}{{",
        *glue(tree.below, numbers, depth + 1),
        f"{pad}}}",
        f"{pad}{{",
        *glue(tree.above, numbers, depth + 1),
        f"{pad}}}",
    ]
