"""Forms of quantities of two means over boxes, by name, with balls for the variables."""

from collections.abc import Mapping
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.families import find_family
from emtheory.numerics.family import BoxForm
from emtheory.numerics.quantity import resolve

NAMES = ("theta", "separation", "truth_weight", "fit_weight", "fit_variance")


def form_of(quantity: str) -> BoxForm:
    """The form of a quantity."""
    form: BoxForm = resolve(next(each.form for each in find_family("two-means").quantities if each.name == quantity))
    return form


def ball(value: Fraction) -> flint.arb:
    """A rational as a ball."""
    return flint.arb(to_fmpq(value))


def balls(values: tuple[str, ...], width: Fraction = Fraction(0), **shift: Fraction) -> Mapping[str, flint.arb]:
    """The variables, each from its value on over a width."""
    ends = {name: Fraction(text) + shift.get(name, 0) for name, text in zip(NAMES, values, strict=True)}
    return {name: ball(end).union(ball(end + width)) for name, end in ends.items()}
