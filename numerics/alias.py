"""Quantities of models, and those of models that come with the package under the names that a family has for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from emtheory.numerics.family import Variable
from emtheory.numerics.names import ELSEWHERE, SEPARATOR
from emtheory.numerics.quantity import Argument, Quantity, Reference

_STEPS = Argument("t", "steps", "number of steps, an integer from 0")
_WITHIN = Argument("within", "positive", "distance in the largest coordinate", Fraction(1, 100))
_LOW = Argument("low", "lower", "lower end, a number or -inf")
_HIGH = Argument("high", "upper", "upper end, a number or inf")
_ENDS = Argument("low", "rational", "lower end"), Argument("high", "rational", "upper end")
_SIZE = Argument("n", "size", "number of points")
_DELTA = Argument("delta", "probability", "probability of a sample for which it may fail")
_COMPONENT = Argument("j", "steps", "which component of the fit, from 0")
_THERE = "the parameter at the only stationary point nearby"
_DEVIATION = "bound on $|M_n − M|$ on an interval, for $n$ points, with probability $1 − δ$"

KINDS: Sequence[tuple[str, int, str, tuple[Argument, ...]]] = (
    ("em_map", 1, "the parameter after one step of population EM", ()),
    ("em_jacobian", 2, "derivative of the first parameter after one step of EM in the second", ()),
    ("em_rate", 0, "spectral radius of EM's Jacobian in the estimated parameters", ()),
    ("log_likelihood", 0, "$E log p$, nats", ()),
    ("kl_divergence", 0, "KL of the data from the fit, nats", ()),
    ("score", 1, "derivative of $E log p$", ()),
    ("observed_information", 2, "$−∂² E log p$", ()),
    (
        "complete_information",
        2,
        "minus the second derivatives of EM's $Q$ in its first argument, where both are the same",
        (),
    ),
    ("hessian_min_eigenvalue", 0, "$λ_{min}$ of the observed information", ()),
    ("hessian_max_eigenvalue", 0, "$λ_{max}$ of the observed information", ()),
    ("em_iterate", 1, "the parameter after $t$ steps of population EM", (_STEPS,)),
    ("posterior", 0, "$γ_j$ at an observation", ()),
    ("stationary_point", 1, _THERE, (_WITHIN,)),
    ("local_maximum", 1, f"{_THERE}, a strict local maximum of $E log p$", (_WITHIN,)),
    ("kl_at_local_maximum", 0, "KL of the data from the fit there, nats", (_WITHIN,)),
    ("fixed_point_count", 0, "number of fixed points in an interval", (_LOW, _HIGH)),
    ("sample_deviation", 0, _DEVIATION, (*_ENDS, _SIZE, _DELTA)),
)
"""Quantities of every model: what they are called, of how many estimated parameters they are, what they are, and their
arguments, but for those of `posterior`: a component, and the coordinates of an observation."""
OF_ONE_PARAMETER = ("fixed_point_count", "sample_deviation")
"""What does not depend on the estimated parameter, and is of one."""
_NONNEGATIVE = ("kl_divergence", "kl_at_local_maximum", "em_rate")
"""Kinds of which Gibbs's inequality, or the definition, says that they are at least 0 wherever they have a value."""
_PLACES = {"real": "rational", "positive": "positive", "inner probability": "probability"} | dict.fromkeys(
    ("nonnegative", "probability"), "nonnegative"
)
"""Kind of a variable → kind of an argument."""

BOX_FORM, DIVIDED = "models.aliases:box_form", "models.aliases:divided"
"""References to how an alias is followed over boxes, and to what is known of several where sides touch."""


@dataclass(frozen=True)
class Alias:
    """What a quantity of a family is in a model.

    `quantities`: full names there, one, or one for each value, from 1 on, of the argument ``component``; `sign`: −1 of
    what is the negative of it; `start`: the parameter that the argument ``start`` gives in place of a variable;
    `tail`: reference to how it is followed to infinity, as `emtheory.numerics.family.BoxForm` says.
    """

    model: str
    quantities: tuple[str, ...]
    sign: int = 1
    start: str = ""
    tail: str = ""


def aliased(
    name: str,
    meaning: str,
    alias: Alias,
    *arguments: Argument,
    routes: Sequence[str] = ("exact", "ball", "mp", "float"),
    others: Mapping[str, Reference] | None = None,
    needs_point: bool = True,
) -> Quantity:
    """Return the quantity of a family.

    `routes`, `others`, `needs_point`: its routes that are those of the model, further ones, and whether it depends on
    the point.
    """
    return Quantity(
        name,
        meaning,
        {route: ("models.aliases:route", alias, route) for route in routes} | dict(others or {}),
        needs_point=needs_point,
        arguments=arguments,
        form=(BOX_FORM, alias),
    )


def quantities_of(
    estimate: Sequence[str], observed: Sequence[str], components: int
) -> Iterator[tuple[str, tuple[str, ...], Quantity]]:
    """Yield the quantities of a model, with no routes yet: the kind of each, and the parameters in its name."""
    for kind, size, meaning, arguments in KINDS:
        if kind in OF_ONE_PARAMETER and len(estimate) > 1:
            continue
        own = arguments
        if kind == "posterior":
            places = (Argument(name, "rational", "coordinate of the observation") for name in observed)
            own = (replace(_COMPONENT, most=components - 1), *places)
        for names in product(estimate, repeat=size):
            full = f"{kind}({', '.join(names)})" if names else kind
            yield kind, names, Quantity(full, meaning, {}, needs_point=kind not in OF_ONE_PARAMETER, arguments=own)


def of_model(model: str, estimate: Sequence[str], components: int, taken: Collection[str]) -> Iterator[Quantity]:
    """Yield the quantities of a model by the names that they have for every model, but for those that are taken."""
    for _, _, each in quantities_of(estimate, ("x",), components):
        if each.name not in taken:
            alias = Alias(model, (each.name,))
            yield aliased(each.name, each.meaning, alias, *each.arguments, needs_point=each.needs_point)


def is_nonnegative(quantity: str) -> bool:
    """Return whether a quantity of a family is at least 0 wherever it has a value."""
    return quantity.rpartition(SEPARATOR)[2] in _NONNEGATIVE


def placed(quantity: Quantity, variables: Sequence[Variable]) -> Quantity:
    """Return a quantity at a point which takes variables as arguments, too: ``em_map(theta, truth_weight=1)``."""
    places = (
        Argument(f"{ELSEWHERE}{each.name}", _PLACES[each.kind], f"{each.name} in this quantity alone", optional=True)
        for each in variables
        if each.kind in _PLACES
    )
    return replace(quantity, arguments=(*quantity.arguments, *places))
