"""What quantities name must be there, and be what they say."""

from inspect import signature

import pytest

from emtheory.numerics.family import BoxForm
from emtheory.numerics.intervals.ray_form import RayForm
from emtheory.numerics.level import ROUTES
from emtheory.numerics.names import SEPARATOR
from emtheory.numerics.quantities import QUANTITIES
from emtheory.numerics.quantity import Quantity, resolve


@pytest.mark.parametrize("quantity", QUANTITIES.values(), ids=lambda quantity: quantity.name)
def test_what_a_quantity_names_takes_its_arguments(quantity: Quantity) -> None:
    names = [argument.name for argument in quantity.arguments]
    assert quantity.routes.keys() <= ROUTES.keys()
    for reference in quantity.routes.values():
        taken = [*signature(resolve(reference)).parameters]
        # Of a model's quantity under another name the model's own is given the arguments.
        of_model = isinstance(reference, tuple) and taken == ["case", "digits", "arguments"]
        assert of_model or taken == ["case", "digits", *names]
    if quantity.proof:
        assert [*signature(resolve(quantity.proof)).parameters] == ["case", "found", *names]
    if quantity.form and SEPARATOR in quantity.name:
        assert isinstance(resolve(quantity.form), BoxForm)
    elif quantity.form:
        assert quantity.needs_point
        assert isinstance(resolve(quantity.form), RayForm)
