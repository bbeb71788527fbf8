"""A statement on many parts of a cell at once, by forms in double precision: where those on the cell are too wide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from emtheory.numerics.boxes import part_form
from emtheory.numerics.boxes.part_form import PARTS, PartForm
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.intervals.point_forms import BasicFunction
from emtheory.reports.decide.boxes.forms import BoxForms, MixtureForms, shared_tile
from emtheory.reports.decide.boxes.vanishing import vanishing
from emtheory.reports.decide.claim_parts import constant
from emtheory.reports.language.expression import ORDERS, Expression, difference_inside


@dataclass(frozen=True)
class PartForms(MixtureForms[PartForm]):
    """Forms of expressions on mixtures on all parts of a cell."""

    is_open = True
    """It holds on all of the cell."""

    @classmethod
    def of(cls, forms: BoxForms) -> "PartForms":
        """Return the forms on the parts of the cell of others."""
        return cls(forms.cell, forms.problem, forms.memo)

    @property
    def applies(self) -> bool:
        """Whether the statement has models on the window, where no weight vanishes."""
        problem, cell = self.problem, self.cell
        wide = any(lower < upper for lower, upper in cell.sides.values())
        has_parts = wide and not cell.tail and bool(problem.functions) and len(cell.sides) in PARTS
        return has_parts and (problem.amplitudes or vanishing(problem.chart, problem.case.k, cell.window) is None)

    def distance(self, operator: str, left: Expression, right: Expression) -> Fraction | None:
        """Return a lower bound of how far the sides are apart, if their comparison holds; None says nothing."""
        inside = difference_inside(left, right) if operator in ORDERS else None
        try:
            with np.errstate(all="ignore"):
                form = self.form(left) - self.form(right) if inside is None else self.form(inside)
                below, above = -form.whole.upper, form.whole.lower
        except (CannotAnswerError, InputError):
            return None
        apart = {"<": below, "<=": below, ">": above, ">=": above, "!=": np.maximum(below, above)}.get(operator)
        least = -np.inf if apart is None else float(np.min(apart))
        return Fraction(least) if least > 0 or (least == 0 and operator in ("<=", ">=")) else None

    def variable(self, name: str) -> PartForm:
        """Return the form of a variable of the box on the parts."""
        return self._variables[name]

    @cached_property
    def _variables(self) -> Mapping[str, PartForm]:
        return dict(zip(self.cell.sides, part_form.variables(list(self.cell.sides.values())), strict=True))

    def _number(self, value: Value) -> PartForm:
        return part_form.number(value, len(self.cell.sides))

    def _applied(self, name: str, operands: Sequence[PartForm]) -> PartForm:
        return part_form.apply(name, operands)

    def _raised(self, base: PartForm, exponent: Expression) -> PartForm:
        count = constant(exponent)
        if count is None:
            return part_form.to_variable_power(base, self.form(exponent))
        return part_form.to_power(base, count)

    @cached_property
    def basic_functions(self) -> Mapping[BasicFunction, PartForm]:
        """The forms of the models on a tile."""
        tile, squares = shared_tile(self.problem, self.cell, self.memo)
        chart = self.problem.chart
        ratios = [self.form(ratio) for ratio in (chart.ratios if chart else ())]
        return part_form.on_parts(tile, [*ratios, *self._squares(squares)])
