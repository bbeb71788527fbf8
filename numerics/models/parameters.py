"""The parameters of a case as numbers of an arithmetic: fractions, and formulas such as √2."""

from collections.abc import Mapping
from typing import Any

from emtheory.numerics.arithmetic.constant import Constant, Real
from emtheory.numerics.expectation.program import BALLS, Arithmetic, compiled


def numbers_of(values: Mapping[str, Real], arithmetic: Arithmetic = BALLS) -> dict[str, Any]:
    """Return the numbers that parameters are."""
    return {name: _number(value, arithmetic) for name, value in values.items()}


def _number(value: Real, arithmetic: Arithmetic) -> Any:
    if isinstance(value, Constant):
        return compiled((value.expression,))({}, arithmetic)[0]
    return arithmetic.number(value)
