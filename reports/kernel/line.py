"""Statements about two components at a point, over radii, or over boxes of radius and weight.

Bounds on the integrals that define the quantities are proved by CoqInterval on each cell, and the cells are glued.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.evaluation import arguments_of, calls_of
from emtheory.reports.kernel.cells import MAX_RADIUS, RANGES, REACH, TAIL, Cell, LineProblem, Tree, cells_of, plan
from emtheory.reports.kernel.files import NotExportedError, RocqFiles, comment, library
from emtheory.reports.kernel.spans import domain_of, introduced, quantified
from emtheory.reports.kernel.terms import conjunction, number, relations, term, variable
from emtheory.reports.kernel.weights import weight_expressions_of
from emtheory.reports.language.expression import Call, Expression, Number, Symbol

QUANTITIES = frozenset(RANGES)
"""What can be exported for two components at a point."""

_INTEGRAND = {"posterior_power": "power_integrand", "kl_divergence": "divergence_integrand"}
_LEMMA = {"posterior_power": "power", "kl_divergence": "divergence"}


def line_files(question: Question, title: str, *, refuted: bool = False) -> RocqFiles:
    """Return the export of a statement about two components.

    Parameters
    ----------
    question
        The claim, for k = 2.
    title
        What stands above the claim, as a comment.
    refuted
        Whether it is to be exported that the statement is false.

    Raises
    ------
    NotExportedError
        If the statement or its domain is beyond what is exported; the message names what.
    """
    case = question.cases[0]
    _check(question, case)
    if refuted:
        raise NotExportedError("that a statement at a point or over a domain is false has no export")
    weights = weight_expressions_of(question, case)
    calls = calls_of(question.comparison)
    quantities = tuple(dict.fromkeys(call.quantity for call in calls))
    radius = None if "radius" in question.spans else case.radius
    problem = LineProblem(question.comparison, quantities, weights[0], radius)
    tree = plan(problem, {name: (span.lower, span.top) for name, span in question.spans.items()})
    text = _Texts(question, case, weights, quantities, radius)
    return RocqFiles(text.statement(title), text.proof(tree))


def _check(question: Question, case: Case) -> None:
    """Raise NotExportedError that names what is not exported."""
    if question.assumptions:
        raise NotExportedError("assumptions that tie variables together have no export")
    if case.d != 1:
        raise NotExportedError(f"d = {case.d}: two components are exported on a line, d = 1")
    if case.radius is None:
        raise NotExportedError("amplitudes have no export: give the radius")
    for call in calls_of(question.comparison):
        arguments_of(call, case)
    domain_of(question)
    top = question.spans["radius"].top if "radius" in question.spans else case.radius
    if top > MAX_RADIUS:
        raise NotExportedError(f"a radius of {top}: the export goes up to {MAX_RADIUS}")


class _Texts:
    """The two files, from what is common to them."""

    def __init__(
        self,
        question: Question,
        case: Case,
        weights: Sequence[Expression],
        quantities: Sequence[str],
        radius: Fraction | None,
    ) -> None:
        self.question, self.case, self.quantities = question, case, quantities
        self.names = [variable(name) for name in question.spans]
        self.radius = variable("radius") if radius is None else number(radius)
        self.weights = [term(weight, self._leaf) for weight in weights]
        odds = weights[0].value / (1 - weights[0].value) if isinstance(weights[0], Number) else None
        self.odds = f"(1 / (1 / {self.weights[0]} - 1))" if odds is None else number(odds)
        self.case_terms = f"{self.weights[0]} {self.weights[1]} {self.radius}"

    def _leaf(self, part: Symbol | Call) -> str:
        if isinstance(part, Call):
            return f"({part.quantity} {self.case_terms})"
        fixed = {"k": "2", "d": "1"}
        if part.name in fixed:
            return fixed[part.name]
        return self.radius if part.name == "radius" else variable(part.name)

    @property
    def _binder(self) -> str:
        return f"({' '.join(self.names)} : R)" if self.names else ""

    @property
    def _applied(self) -> str:
        return " ".join(["holds", *self.names])

    def statement(self, title: str) -> str:
        """Return the definitions and the claim."""
        integrals = [f"converges ({_INTEGRAND[name]} {self.case_terms})" for name in self.quantities]
        body = conjunction([*integrals, *relations(self.question.comparison, self._leaf)])
        claimed = quantified(domain_of(self.question), self._applied)
        return "\n".join(
            [
                comment(title),
                library("line_definitions"),
                f"Definition holds {self._binder} : Prop :=\n  {body}.\n",
                f"Definition claim : Prop := {claimed}.\n",
            ]
        )

    def proof(self, tree: Tree) -> str:
        """Return the lemmas on the cells, and the theorem."""
        cells = cells_of(tree)
        lemmas = [self._cell(index, cell) for index, cell in enumerate(cells)]
        return "\n".join(
            [
                library("line_lemmas"),
                *lemmas,
                "Theorem checked : claim.",
                f"Proof.\n  unfold claim. {introduced(domain_of(self.question))}",
                *_glue(tree, iter(range(len(cells))), 1),
                "Qed.\n",
            ]
        )

    def _cell(self, index: int, cell: Cell) -> str:
        """Return the lemma that the statement holds on a cell."""
        domain = [
            (variable(name), f"{number(low)} <= {variable(name)} <= {number(high)}")
            for name, (low, high) in cell.box.items()
        ]
        steps = [step for name in self.quantities for step in self._bound(name, cell)]
        goals = "repeat split; first [assumption | lra | interval with (i_prec 80)]"
        return "\n".join(
            [
                f"Lemma cell_{index} : {quantified(domain, self._applied)}.",
                f"Proof.\n  {introduced(domain)}",
                *(f"  {step}" for step in steps),
                "  unfold holds.",
                *(
                    f"  set ({name}_value := {name} {self.case_terms}) in *. clearbody {name}_value."
                    for name in self.quantities
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


def _glue(tree: Tree, numbers: Iterator[int], depth: int) -> list[str]:
    """Return the steps that lead from the domain to its cells."""
    pad = "  " * depth
    if isinstance(tree, Cell):
        return [f"{pad}apply cell_{next(numbers)}; lra."] if tree.box else [f"{pad}apply cell_{next(numbers)}."]
    name = variable(tree.name)
    cut = f"{pad}destruct (Rle_or_lt {name} {number(tree.at)}) as [{{0}}|{{0}}].".format(f"H{name}_{depth}")
    return [
        cut,
        f"{pad}{{",
        *_glue(tree.below, numbers, depth + 1),
        f"{pad}}}",
        f"{pad}{{",
        *_glue(tree.above, numbers, depth + 1),
        f"{pad}}}",
    ]
