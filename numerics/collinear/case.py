"""The variables of the family ``three-means`` in a case, as exact numbers and as balls."""

from dataclasses import dataclass
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.case import Case
from emtheory.numerics.collinear.expectation import Mixture
from emtheory.numerics.errors import InputError

PLACES = ("first", "second", "third")
"""Of the components: variables are ``first_mean``, ``first_weight`` and so on, for the data with ``truth_`` before."""
COMPONENTS = len(PLACES)
"""Of the fit, and of the data at most."""


@dataclass(frozen=True)
class Components:
    """Weights and means of one mixture, exactly."""

    weights: tuple[Fraction, ...]
    means: tuple[Fraction, ...]

    def balls(self) -> Mixture:
        """Return the narrowest balls around them at Arb's precision in force."""
        weights, means = ([flint.arb(to_fmpq(number)) for number in each] for each in (self.weights, self.means))
        return Mixture(tuple(weights), tuple(means))


@dataclass(frozen=True)
class ThreeMeans:
    """The law of the data and the fit."""

    truth: Components
    fit: Components


def three_means(case: Case) -> ThreeMeans:
    """Read the variables of a case; InputError if weights leave less than nothing for the third component."""
    values = case.rationals
    means = tuple(values.get(f"{name}_mean", Fraction(0)) for name in PLACES)
    truth = tuple(values[f"truth_{name}_mean"] for name in PLACES)
    p = ThreeMeans(
        Components(_with_rest(values["truth_first_weight"], values["truth_second_weight"]), truth),
        Components(_with_rest(values["first_weight"], values["second_weight"]), means),
    )
    if p.fit.weights[2] == 0:
        raise InputError("first_weight + second_weight = 1 leaves nothing for the third component of the fit")
    return p


def checked_component(component: Fraction) -> int:
    """Return the index of a component, from 0; InputError for one that is not there."""
    if not 1 <= component <= COMPONENTS:
        raise InputError(f"component = {component} is not an integer from 1 to {COMPONENTS}")
    return int(component) - 1


def _with_rest(first: Fraction, second: Fraction) -> tuple[Fraction, ...]:
    if first + second > 1:
        raise InputError(f"weights {first} + {second} = {first + second} are more than 1")
    return first, second, 1 - first - second
