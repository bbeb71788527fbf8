"""A chart's coefficients at given parameters: numbers in place of expressions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, product
from typing import Any

import flint
import sympy

from emtheory.numerics.expectation.coordinates import Chart, Image, Polynomial, charts, images, parity
from emtheory.numerics.expectation.program import BALLS, Arithmetic, Program, compiled
from emtheory.theory.mixtures.model import MixtureModel

Exponents = tuple[int, ...]
Numbers = Mapping[Exponents, Any]
"""Exponents of z → coefficient, a number."""


@dataclass(frozen=True)
class Form:
    """A component of the data at given parameters.

    `weight`, `observation`, `reference`, `ratios`: as in `Chart`, with numbers for expressions; the exponents of ratios
    are those of active coordinates only; `active`, `size`: the active coordinates, and the number of all.
    """

    weight: Any
    observation: tuple[Numbers, ...]
    reference: Numbers
    ratios: tuple[Numbers, ...]
    active: tuple[int, ...]
    size: int

    def is_like(self, other: "Form") -> bool:
        """Return whether all but the weight is exactly that of another one, and so are its means."""
        own = (self.active, self.observation, self.reference, self.ratios)
        return own == (other.active, other.observation, other.reference, other.ratios)

    @cached_property
    def mirror(self) -> tuple[int, ...] | None:
        """Signs of the active coordinates, the first −1, with which ratios are the same; None if there are none."""
        used = [e for ratio in self.ratios for e in ratio]
        signs = ((-1, *others) for others in product((-1, 1), repeat=len(self.active) - 1))
        return next((each for each in signs if all(parity(e, each) == 1 for e in used)), None)

    def is_odd(self, e: Exponents) -> bool:
        """Return whether z^e changes its sign with the mirror, so that its mean with posteriors is 0."""
        return self.mirror is not None and parity(e, self.mirror) < 0

    @cached_property
    def differences(self) -> tuple[Numbers, ...]:
        """l_i − l_j for every pair, of which the signs do not matter."""
        return self.differences_with(flint.arb(0))

    def differences_with(self, zero: Any) -> tuple[Numbers, ...]:
        """Return l_i − l_j for every pair, for numbers of any arithmetic."""
        none: Numbers = {}
        return tuple(
            {e: second.get(e, zero) - first.get(e, zero) for e in {**first, **second}}
            for first, second in combinations((none, *self.ratios), 2)
        )


@dataclass(frozen=True)
class FormProgram:
    """How the forms of all components of the data follow from the parameters.

    `charts`: the components; `images`: for each of them the earlier one of which it is an image, if any; `program`: of
    all their coefficients, one after the other.
    """

    charts: tuple[Chart, ...]
    images: tuple[Image | None, ...]
    program: Program

    def forms(self, values: Mapping[str, Any], arithmetic: Arithmetic = BALLS) -> tuple[Form, ...]:
        """Return the forms at given parameters."""
        numbers = iter(self.program(values, arithmetic))

        def polynomial(given: Polynomial, active: Exponents | None = None) -> Numbers:
            return {e if active is None else tuple(e[s] for s in active): next(numbers) for e in given}

        return tuple(
            Form(
                weight=next(numbers),
                observation=tuple(polynomial(each) for each in chart.observation),
                reference=polynomial(chart.reference),
                ratios=tuple(polynomial(each, chart.active) for each in chart.ratios),
                active=chart.active,
                size=len(chart.observation),
            )
            for chart in self.charts
        )


@lru_cache(maxsize=64)
def form_program(model: MixtureModel) -> FormProgram:
    """Return the program of a model's forms."""
    found = charts(model)
    coefficients: list[sympy.Expr] = []
    for chart in found:
        coefficients.append(chart.weight)
        for polynomial in (*chart.observation, chart.reference, *chart.ratios):
            coefficients.extend(polynomial.values())
    return FormProgram(found, images(found), compiled(coefficients))


def bound(number: Any) -> flint.arb:
    """Return an upper bound of a number's modulus."""
    return abs(flint.arb(number)).upper()
