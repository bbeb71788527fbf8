"""What quantities name must be there, and be what they say."""

from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from emtheory.numerics.family import BoxForm
from emtheory.numerics.level import ROUTES
from emtheory.numerics.names import SEPARATOR
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.quantity import Quantity, resolve


def takes(function: Callable[..., Any], *names: str) -> bool:
    """Whether a function has these parameters, or hands on all arguments that it is given by name."""
    *taken, last = signature(function).parameters.values()
    given = [parameter.name for parameter in taken]
    return names[: len(given)] == (*given,) if last.kind is last.VAR_KEYWORD else names == (*given, last.name)


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=lambda quantity: quantity.name)
def test_what_a_quantity_names_takes_its_arguments(quantity: Quantity) -> None:
    names = [argument.name for argument in quantity.arguments]
    assert quantity.routes.keys() <= ROUTES.keys()
    for reference in quantity.routes.values():
        assert takes(resolve(reference), "case", "digits", *names)
    if quantity.proof:
        assert takes(resolve(quantity.proof), "case", "found", *names)
    if quantity.form and SEPARATOR in quantity.name:
        assert isinstance(resolve(quantity.form), BoxForm)
    elif quantity.form:
        assert quantity.needs_point
        assert takes(resolve(quantity.form), "at", *names)
