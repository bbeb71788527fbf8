"""A model that a user wrote down as a family: its parameters are the variables, its quantities those of every model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from emtheory.numerics.alias import placed, quantities_of
from emtheory.numerics.arithmetic.constant import real_number
from emtheory.numerics.expectation.integrals import KINKED
from emtheory.numerics.family import Family, Variable
from emtheory.numerics.models.ball_values import ball
from emtheory.numerics.models.box_forms import box_form
from emtheory.numerics.models.elsewhere import moved_form, routed
from emtheory.numerics.models.exact_values import exact
from emtheory.numerics.models.expansions import expansions
from emtheory.numerics.models.float_values import float_value
from emtheory.numerics.models.mp_values import mp
from emtheory.numerics.models.touching import identities
from emtheory.numerics.quantity import Quantity
from emtheory.theory.mixtures.expression import formula_text
from emtheory.theory.mixtures.model import POSITIVE, REAL, UNIT, ZERO, MixtureModel
from emtheory.theory.mixtures.reading import model_of

_KINDS = {REAL: "real", POSITIVE: "positive", UNIT: "inner probability", ZERO: "zero"}
"""Domain of a parameter → kind of a variable."""


@lru_cache(maxsize=64)
def family_of(text: str) -> Family:
    """Return the family of a model; InputError if the text is no model."""
    model = model_of(text)
    variables = tuple(
        Variable(each.name, f"parameter {each.name} of {model.name}", _KINDS[each.domain], default)
        for each in model.parameters
        for default in [None if each.default is None else real_number(each.default, "default")]
    )
    return Family(
        name=text,
        meaning=model.title or model.name,
        variables=variables,
        point=model.estimate[0] if len(model.estimate) == 1 else "",
        quantities=tuple(_quantities(model, variables)),
        dependent=tuple((name, formula_text(value)) for name, value in model.dependent),
        identities=(identities, model),
        series=(expansions, model),
        vectors=model.vectors,
    )


def _quantities(model: MixtureModel, variables: Sequence[Variable]) -> Iterator[Quantity]:
    one = len(model.observed) == 1 and not any(law.kind in KINKED for each in model.data for law in each.laws)
    for kind, names, each in quantities_of(model.estimate, model.observed, len(model.fit)):
        if kind == "log_likelihood" and not (model.space is None or model.space.is_one):
            continue  # It depends on the dimension.
        routes = {route: partial(routed, function, kind, names) for route, function in _ROUTES.items()}
        form = moved_form(model, box_form(model, kind, names))
        yield placed(replace(each, routes=routes, form=form, on_grid=not one), variables)


_ROUTES = {"exact": exact, "ball": ball, "mp": mp, "float": float_value}
"""Route → its function, of a kind of quantity and the parameters in its name."""
