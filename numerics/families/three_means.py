"""The family ``three-means``: up to three normals on a line, fitted by three with free means and given weights."""

from fractions import Fraction

from emtheory.numerics.alias import Alias, aliased, of_model, placed
from emtheory.numerics.family import Family, Variable
from emtheory.numerics.quantity import Argument, Quantity

_MODEL = "three-means"
_MEANS = ("first_mean", "second_mean", "third_mean")
_THIRD, _ORIGIN = Fraction(1, 3), Fraction(0)
"""Defaults: equal weights, and data from one normal."""
_COMPONENT = Argument("component", "count", "which component of the fit, 1, 2 or 3")
_WITHIN = Argument("within", "positive", "distance from each of the means given", Fraction(1, 100))


def _each(name: str, meaning: str, quantity: str, *arguments: Argument) -> Quantity:
    """A quantity of one component."""
    alias = Alias(_MODEL, tuple(f"{quantity}({mean})" for mean in _MEANS))
    return aliased(name, meaning, alias, _COMPONENT, *arguments)


_VARIABLES = (
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
)
_NAMED = (
    _each("em_map", "$M_j = E[γ_j X]/E[γ_j]$, a component's mean after one step of population EM", "em_map"),
    _each(
        "gradient",
        "$E[γ_j(X − θ_j)]$, the derivative of the expected log-likelihood: gradient EM adds it, as part of its rate",
        "score",
    ),
    aliased("kl_divergence", "KL of the truth from the fit, in nats", Alias(_MODEL, ("kl_divergence",))),
    aliased("em_rate", "spectral radius of EM's Jacobian in the means", Alias(_MODEL, ("em_rate",))),
    aliased("log_likelihood", "E log p, in nats", Alias(_MODEL, ("log_likelihood",))),
    aliased(
        "hessian_max_eigenvalue",
        "$λ_{max}$ of the Hessian of the expected log-likelihood in the means: negative where it is concave",
        Alias(_MODEL, ("hessian_min_eigenvalue",), sign=-1),
        routes=("ball", "mp", "float"),
    ),
    _each(
        "local_maximum",
        "$θ_j$ at the one stationary point near the means given, a strict local maximum of the expected log-likelihood",
        "local_maximum",
        _WITHIN,
    ),
    aliased(
        "kl_at_local_maximum",
        "KL of the truth from the fit at that local maximum, in nats",
        Alias(_MODEL, ("kl_at_local_maximum",)),
        _WITHIN,
    ),
)


FAMILY = Family(
    name=_MODEL,
    meaning="data: a mixture of N(mᵢ, 1), i = 1, 2, 3, fit: one of N(θⱼ, 1), j = 1, 2, 3, means free, weights given",
    variables=_VARIABLES,
    point="first_mean",
    quantities=tuple(
        placed(each, _VARIABLES) for each in (*_NAMED, *of_model(_MODEL, _MEANS, 3, {each.name for each in _NAMED}))
    ),
)
