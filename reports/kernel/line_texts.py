"""What Rocq is told of a statement about two components, and of the cells on which bounds on integrals decide it."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.cells import REACH, TAIL, Cell, Tree
from emtheory.reports.kernel.files import comment, library
from emtheory.reports.kernel.spans import introduced, quantified
from emtheory.reports.kernel.terms import conjunction, number, relations, term, variable
from emtheory.reports.language.expression import Call, Expression, Number, Symbol

_INTEGRAND = {"posterior_power": "power_integrand", "kl_divergence": "divergence_integrand"}
_LEMMA = {"posterior_power": "power", "kl_divergence": "divergence"}


class LineTexts:
    """What is written of a statement about two components: the statement, and lemmas on its cells.

    Attributes
    ----------
    question, weights, quantities
        The claim, the terms of both weights, and the quantities that the statement has.
    values
        The variables, and the radius, that are numbers here.
    names
        The other variables, in Rocq.
    """

    def __init__(
        self,
        question: Question,
        weights: Sequence[Expression],
        quantities: Sequence[str],
        values: Mapping[str, Fraction],
    ) -> None:
        self.question, self.quantities, self.values = question, quantities, values
        self.names = [variable(name) for name in question.spans if name not in values]
        self.radius = self._leaf(Symbol("radius"))
        self.weights = [term(weight, self._leaf) for weight in weights]
        odds = weights[0].value / (1 - weights[0].value) if isinstance(weights[0], Number) else None
        self.odds = f"(1 / (1 / {self.weights[0]} - 1))" if odds is None else number(odds)
        self.case_terms = f"{self.weights[0]} {self.weights[1]} {self.radius}"

    def _leaf(self, part: Symbol | Call) -> str:
        if isinstance(part, Call):
            return f"({part.quantity} {self.case_terms})"
        values = {"k": Fraction(2), "d": Fraction(1), **self.values}
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
        integrals = [f"converges ({_INTEGRAND[name]} {self.case_terms})" for name in self.quantities]
        return conjunction([*integrals, *relations(self.question.comparison, self._leaf)])

    def statement(self, title: str, claim: str) -> str:
        """Return the definitions and the claim."""
        return "\n".join(
            [
                comment(title),
                library("line_definitions"),
                f"Definition holds {self._binder} : Prop :=\n  {self.said}.\n",
                f"Definition claim : Prop := {claim}.\n",
            ]
        )

    def lemma(self, name: str, cell: Cell, proposition: str) -> str:
        """Return the lemma that a statement holds on a cell.

        Parameters
        ----------
        name
            Of the lemma.
        cell
            Where, and the bounds that decide it there.
        proposition
            The statement, as it is called or written out.
        """
        domain = [
            (variable(name), f"{number(low)} <= {variable(name)} <= {number(high)}")
            for name, (low, high) in cell.box.items()
            if name not in self.values
        ]
        steps = [step for quantity in self.quantities for step in self._bound(quantity, cell)]
        goals = "repeat split; first [assumption | lra | interval with (i_prec 80)]"
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
                f"  {goals}.",
                "Qed.\n",
            ]
        )

    def _bound(self, name: str, cell: Cell) -> list[str]:
        """Return the steps that lead to bounds on one quantity."""
        kind = _LEMMA[name]
        first, second = self.weights
        low, high = cell.bounds[name]
        bits = max(30, cell.slack.denominator.bit_length() + 20)
        sizes = ("1", "0") if name == "posterior_power" else (f"({self.radius} ^ 2 / 2)", self.radius)
        tail = " ".join(sizes)
        power = name == "posterior_power"
        form = f"power_form {self.odds} {self.radius}" if power else f"divergence_form {self.case_terms}"
        extra = f"{self.odds} {self.radius}" if power else self.radius
        condition = f"{self.odds} * {second} = {first}" if power else f"{first} + {second} = 1"
        radius = "" if power else " ltac:(first [lra | interval])"
        return [
            f"assert (I_{kind} : {number(low)} <= RInt ({form}) (- {REACH}) {REACH} <= {number(high)})",
            f"  by (unfold {kind}_form; integral with (i_prec {bits}, i_fuel 2000, i_degree {_degree(cell.slack)})).",
            f"assert (T_{kind} : beyond {REACH} {tail} <= {number(TAIL)}) by (unfold beyond; interval).",
            f"assert (O_{kind} : {condition}) by first [field; lra | lra].",
            f"destruct ({kind}_bounds {first} {second} {extra} {REACH} _ _",
            f"  ltac:(lra) ltac:(lra) O_{kind}{radius} ltac:(lra) I_{kind}) as [C_{kind} B_{kind}].",
            f"assert (V_{kind} : {number(low - TAIL)} <= {name} {self.case_terms} <= {number(high + TAIL)}) by lra.",
            f"clear I_{kind} T_{kind} O_{kind} B_{kind}.",
        ]


def _degree(slack: Fraction) -> int:
    """Return the degree of the polynomials in an integral: more for sharper bounds."""
    return 5 if slack >= Fraction(1, 10**4) else 10


def glue(tree: Tree, numbers: Iterator[int], depth: int) -> list[str]:
    """Return the steps that lead from the domain to its cells.

    Parameters
    ----------
    tree
        The cells.
    numbers
        Those of their lemmas, from left to right.
    depth
        Of the text's indentation.
    """
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
