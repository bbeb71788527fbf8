"""How a quantity at a point is followed over intervals of radii: as a Taylor form, from basic functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.intervals.basic_functions import BasicFunction
from emtheory.numerics.intervals.interval import from_ball
from emtheory.numerics.intervals.operations import Value
from emtheory.numerics.intervals.taylor_form import ZERO, Domain, TaylorForm
from emtheory.numerics.level import Level
from emtheory.numerics.simplex_point.origin_expansion import Expansion

Source = Callable[[BasicFunction], TaylorForm]
"""What gives the basic functions their forms on a cell."""


@dataclass(frozen=True)
class RayForm:
    """The recipe of a quantity.

    Attributes
    ----------
    functions
        (case, arguments) ↦ the basic functions that it is made of.
    form
        (case, arguments, radius, source) ↦ its Taylor form; raises as `form_functions.apply_to_forms` does.
    covers
        Case ↦ whether it can be followed there.
    """

    functions: Callable[[Case, Mapping[str, Fraction]], Sequence[BasicFunction]]
    form: Callable[[Case, Mapping[str, Fraction], TaylorForm, Source], TaylorForm]
    covers: Callable[[Case], bool] = lambda _: True


def expansion_form(expansion: Expansion, case: Case, domain: Domain) -> TaylorForm:
    """Return an expansion in s² = r²k/(k − 1) about the origin as a form in r.

    Parameters
    ----------
    expansion
        In x = s², valid for every x ≥ 0.
    case
        Gives k, by which x and r² differ.
    domain
        The cell, whose centre is the origin.
    """
    ratio = Fraction(case.k, case.k - 1)
    order = len(expansion.coefficients)
    coefficients: list[Value] = []
    for i, value in enumerate(expansion.coefficients):
        coefficients += [rational(ratio**i) * value, ZERO]
    bound = flint.arb(to_fmpq(expansion.remainder * ratio**order)).upper()
    return TaylorForm((*coefficients, from_ball(flint.arb(0, bound), Level.CERTIFIED)), domain)
