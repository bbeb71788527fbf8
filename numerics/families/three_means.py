"""The family ``three-means``: up to three normals on a line, fitted by three with free means and given weights."""

from collections.abc import Mapping
from fractions import Fraction

from emtheory.numerics.family import Family, Variable
from emtheory.numerics.quantity import Argument, Quantity, in_room

_ROOM = "collinear"
_THIRD, _ORIGIN = Fraction(1, 3), Fraction(0)
"""Defaults: equal weights, and data from one normal."""
_COMPONENT = Argument("component", "count", "which component of the fit, 1, 2 or 3")


def _with_mp(name: str) -> Mapping[str, str]:
    """The routes of what needs second derivatives."""
    return {**in_room(_ROOM, name, "ball", "float"), "mp": f"{_ROOM}.mp_maximum:{name}"}


_QUANTITIES = (
    Quantity(
        "em_map",
        "$M_j = E[γ_j X]/E[γ_j]$, a component's mean after one step of population EM",
        in_room(_ROOM, "em_map", "ball", "mp", "float"),
        needs_point=True,
        arguments=(_COMPONENT,),
        form="collinear.box_forms:EM_MAP",
    ),
    Quantity(
        "gradient",
        "$E[γ_j(X − θ_j)]$, the derivative of the expected log-likelihood: gradient EM adds it, as part of its rate",
        in_room(_ROOM, "gradient", "ball", "mp", "float"),
        needs_point=True,
        arguments=(_COMPONENT,),
        form="collinear.box_forms:GRADIENT",
    ),
    Quantity(
        "kl_divergence",
        "KL of the truth from the fit, in nats",
        in_room(_ROOM, "kl_divergence", "ball", "mp", "float"),
        needs_point=True,
        form="collinear.box_forms:KL_DIVERGENCE",
    ),
    Quantity(
        "hessian_max_eigenvalue",
        "$λ_{max}$ of the Hessian of the expected log-likelihood in the means: negative where it is concave",
        _with_mp("hessian_max_eigenvalue"),
        needs_point=True,
        form="collinear.box_forms:HESSIAN",
    ),
    Quantity(
        "local_maximum",
        "$θ_j$ at the one stationary point within 1/100 of the means given, a strict local maximum of the expected "
        "log-likelihood",
        _with_mp("local_maximum"),
        needs_point=True,
        arguments=(_COMPONENT,),
    ),
    Quantity(
        "kl_at_local_maximum",
        "KL of the truth from the fit at that local maximum, in nats",
        _with_mp("kl_at_local_maximum"),
        needs_point=True,
    ),
)

FAMILY = Family(
    name="three-means",
    meaning="data: a mixture of N(mᵢ, 1), i = 1, 2, 3, fit: one of N(θⱼ, 1), j = 1, 2, 3, means free, weights given",
    variables=(
        Variable("first_mean", "the mean θ₁ of the fit", "real"),
        Variable("second_mean", "the mean θ₂ of the fit", "real"),
        Variable("third_mean", "the mean θ₃ of the fit", "real"),
        Variable("first_weight", "the weight of θ₁", "inner probability", _THIRD),
        Variable("second_weight", "the weight of θ₂; that of θ₃ is the rest", "inner probability", _THIRD),
        Variable("truth_first_mean", "the mean m₁ of the data", "real", _ORIGIN),
        Variable("truth_second_mean", "the mean m₂ of the data", "real", _ORIGIN),
        Variable("truth_third_mean", "the mean m₃ of the data", "real", _ORIGIN),
        Variable("truth_first_weight", "the weight of m₁", "probability", _THIRD),
        Variable("truth_second_weight", "the weight of m₂; that of m₃ is the rest", "probability", _THIRD),
    ),
    point="first_mean",
    quantities=_QUANTITIES,
)
