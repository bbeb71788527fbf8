"""How quantities of a model are followed over boxes: by values in balls, and derivatives of the same expressions."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import flint

from emtheory.numerics.arithmetic.arb import sign_over
from emtheory.numerics.expectation.program import dual_arithmetic, variables
from emtheory.numerics.family import BoxForm
from emtheory.numerics.models.ball_values import Arguments, as_ball, component_of, posterior_program, value_over
from emtheory.numerics.models.evaluation import (
    Balls,
    box_of,
    dual_values,
    is_narrow,
    law_of_data,
    log_likelihood_slopes,
)
from emtheory.numerics.models.iterates import checked_steps, iterate_over
from emtheory.numerics.models.targets import scalar_target
from emtheory.theory.mixtures.model import MixtureModel

Slopes = Mapping[str, flint.arb]

_WHOLE = (
    "hessian_min_eigenvalue",
    "hessian_max_eigenvalue",
    "stationary_point",
    "local_maximum",
    "kl_at_local_maximum",
    "fixed_point_count",
    "sample_deviation",
)
"""What is asked on the whole box, for want of derivatives."""


def box_form(model: MixtureModel, kind: str, names: tuple[str, ...]) -> BoxForm:
    """Return how a quantity is followed."""
    whole = kind in _WHOLE or (kind == "em_rate" and len(model.estimate) > 1)
    return BoxForm(partial(_value, model, kind, names), None if whole else partial(_slopes, model, kind, names))


def own_values(model: MixtureModel, balls: Mapping[str, Any]) -> Balls:
    """Return the parameters among all variables of a statement."""
    return {each.name: balls[each.name] for each in model.parameters if each.name in balls}


def _value(
    model: MixtureModel, kind: str, names: tuple[str, ...], balls: Mapping[str, Any], accuracy: float, own: Arguments
) -> flint.arb:
    values = own_values(model, balls)
    if kind == "em_iterate" and not is_narrow(values):
        return iterate_over(model, values, checked_steps(own["t"]), accuracy)[names[0]].value
    return value_over(model, kind, names, values, accuracy, own)


def _slopes(
    model: MixtureModel, kind: str, names: tuple[str, ...], balls: Mapping[str, Any], accuracy: float, own: Arguments
) -> Slopes:
    values = own_values(model, balls)
    box = box_of(values)
    if kind == "log_likelihood":
        return log_likelihood_slopes(model, values)
    if kind == "kl_divergence":
        of_data, of_fit = (log_likelihood_slopes(law, values) for law in (law_of_data(model, values), model))
        return {name: slope - of_fit[name] for name, slope in of_data.items()}
    if kind == "em_iterate":
        dual = iterate_over(model, values, checked_steps(own["t"]), accuracy)[names[0]]
        return dict(zip(box.moving, dual.slopes, strict=True))
    if kind == "posterior":
        place = {name: as_ball(own[name]) for name in model.observed}
        moving = (*box.moving, *(name for name, value in place.items() if not value.is_exact()))
        found = posterior_program(model, component_of(own["j"]))(
            variables({**values, **place}, moving), dual_arithmetic(len(moving))
        )[0]
        return dict(zip(moving, found.slopes, strict=True))
    if kind == "em_rate":
        (name,) = model.estimate
        dual = dual_values(model, scalar_target(model, "em_jacobian", name, name), box)[0]
        sign = sign_over(dual.value)
        return {name: sign * slope for name, slope in zip(box.moving, dual.slopes, strict=True)}
    dual = dual_values(model, scalar_target(model, kind, *names), box)[0]
    return dict(zip(box.moving, dual.slopes, strict=True))
