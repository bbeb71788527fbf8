"""How a quantity at a point is followed over intervals of radii: as a form, from basic functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.intervals.basic_functions import BasicFunction
from emtheory.numerics.intervals.taylor_form import TaylorForm

Source = Callable[[BasicFunction], TaylorForm]
"""What gives the basic functions their forms on a cell."""


@dataclass(frozen=True)
class RayForm:
    """The recipe of a quantity.

    `functions`: (case, arguments) ↦ the basic functions that it is made of; `form`: (case, arguments, radius, source) ↦
    its form; raises as `form_functions.apply_to_forms` does; `covers`: case ↦ whether it can be followed there.
    """

    functions: Callable[[Case, Mapping[str, Fraction]], Sequence[BasicFunction]]
    form: Callable[[Case, Mapping[str, Fraction], TaylorForm, Source], TaylorForm]
    covers: Callable[[Case], bool] = lambda _: True
