"""Three components in the plane in Rocq: sums over the cells of a grid, by a checker that is proved correct there."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from emtheory.reports.decide.domain import Question
from emtheory.reports.kernel.files import library
from emtheory.reports.kernel.points.cells import Bounds, Cell
from emtheory.reports.kernel.points.plane_sums import SCALE, Grid, ends_of, masses
from emtheory.reports.kernel.points.texts import Texts
from emtheory.reports.kernel.terms import number
from emtheory.reports.language.expression import Expression


class PlaneTexts(Texts):
    """What is written of a statement about three components, by sums on a grid."""

    symbols: Mapping[str, Fraction] = MappingProxyType({"k": Fraction(3), "d": Fraction(2)})
    definitions = "plane_definitions"
    lemmas = ("plane_lemmas", "interval_lemmas", "plane_checker")

    def __init__(
        self,
        question: Question,
        weights: Sequence[Expression],
        quantities: Sequence[str],
        values: Mapping[str, Fraction],
        grid: Grid,
    ) -> None:
        super().__init__(question, weights, quantities, values)
        self.grid = grid

    def beginning(self) -> str:
        """Return the lemmas that a proof begins with, those on the grid included."""
        return "\n".join([super().beginning(), *_grid_lemmas(self.grid), library("plane_grid")])

    def integrals(self, quantity: str) -> tuple[str, ...]:
        """Return the propositions that the inner integrals and the outer one converge."""
        case = self.case_terms
        return f"(forall x, converges (inner_integrand {case} x))", f"converges (outer_integrand {case})"

    def bound(self, quantity: str, cell: Cell) -> list[str]:
        """Return the steps that lead to a lower bound."""
        low, high = cell.bounds[quantity]
        symbols = {**self.symbols, **self.values}
        box = {name: ends for name, ends in cell.box.items() if name not in self.values}
        weights, radius = ends_of(self.expressions, box, symbols)
        hulls = " ".join(_hull(ends) for ends in (*weights, radius))
        case, inside = self.case_terms, "ltac:(apply in_hull; [lia|lia|first [lra|interval]])"
        positive = " ".join(["ltac:(first [lra|interval])"] * 3)
        return [
            f"destruct (on_grid {case} {hulls} {low.numerator} {low.denominator}",
            f"  {positive} {' '.join([inside] * 4)} ltac:(lia) ltac:(vm_compute; reflexivity))",
            "  as [C_inner [C_outer B]].",
            f"assert (V : {number(low)} <= {quantity} {case} <= {number(high)}) by lra. clear B.",
        ]


def _hull(ends: Bounds) -> str:
    low, high = ends
    return f"(hull {low.numerator} {low.denominator} {high.numerator} {high.denominator})"


def _grid_lemmas(grid: Grid) -> list[str]:
    """Return the definition of a grid and the lemma that its cells have the masses that are said."""
    shares, step = masses(grid), grid.step
    heavy = [
        f"Lemma heavy_{index} : heavy {SCALE} {step} {index} {share}.\nProof. by_integral. Qed."
        for index, share in enumerate(shares)
    ]
    listed = "; ".join(map(str, (*reversed(shares), *shares)))
    steps = [f"exact (heavy_reflected _ _ _ _ heavy_{index})" for index in reversed(range(grid.half))]
    steps += [f"exact heavy_{index}" for index in range(grid.half)]
    return [
        "Ltac by_integral := split; [lra|unfold density; integral with (i_prec 40, i_degree 6, i_fuel 100)].",
        *heavy,
        f"Definition scale : Z := {SCALE}.\nDefinition step : Z := {step}.\nDefinition start : Z := - {grid.half}.",
        f"Definition masses_of_grid : list Z := [{listed}]%Z.",
        "Lemma grid_is_heavy : masses scale step start masses_of_grid.",
        "Proof.",
        *(f"  split; [{step}|]." for step in steps),
        "  exact Logic.I.",
        "Qed.\n",
    ]
