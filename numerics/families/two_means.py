"""The family ``two-means``: two normals in one dimension, fitted by two with opposite means and one variance."""

from fractions import Fraction

from emtheory.numerics.alias import BOX_FORM, DIVIDED, Alias, aliased, of_model, placed
from emtheory.numerics.family import Family, Variable
from emtheory.numerics.quantity import Argument, Quantity

_KNOWN, _WEIGHT, _VARIANCE, _BOTH = (f"two-means{fitted}" for fitted in ("", "-weight", "-variance", "-both"))
"""The models, by what is fitted besides θ."""
_HALF = Fraction(1, 2)
"""The weight of balanced components."""
_STEPS = Argument("t", "steps", "number of steps, an integer from 0")
_START = Argument("start", "extended", "where EM starts, a number or inf"), _STEPS
_FROM = Argument("start", "rational", "θ to start from, a number"), _STEPS
"""Of iterates with the weight fitted."""


def _orbit(name: str, meaning: str, model: str, parameter: str) -> Quantity:
    """A parameter after some steps from any start, infinity included."""
    alias = Alias(model, (f"em_iterate({parameter})",), start="theta")
    routes = {route: ("limits.orbits:route", alias, route) for route in ("exact", "ball", "mp", "float")}
    return Quantity(name, meaning, routes, arguments=_START, form=("limits.orbits:box_form", alias))


_QUANTITIES = (
    aliased(
        "em_map",
        "$M(θ) = E[X tanh(θX/v + a)]$, one step of population EM from $θ$",
        Alias(_KNOWN, ("em_map(theta)",), tail="limits.orbits:em_map_tail"),
    ),
    aliased(
        "em_map_derivative",
        "$M′(θ) = E[X² sech²(θX/v + a)]/v$",
        Alias(_KNOWN, ("em_jacobian(theta, theta)",), tail="limits.orbits:em_map_derivative_tail"),
    ),
    aliased(
        "kl_divergence",
        "KL of the truth from the fit, in nats",
        Alias(_KNOWN, ("kl_divergence",), tail="limits.orbits:kl_divergence_tail"),
    ),
    _orbit(
        "em_iterate",
        "$θ$ after $t$ steps of population EM; from infinity the first leads to $M(∞) = E|X|$",
        _KNOWN,
        "theta",
    ),
    aliased(
        "fixed_point_count",
        "number of $θ$ from low to high with $M(θ) = θ$",
        Alias(_KNOWN, ("fixed_point_count",)),
        Argument("low", "lower", "lower end, a number or -inf"),
        Argument("high", "upper", "upper end, a number or inf"),
        routes=("ball", "float"),
        others={"exact": "limits.basins:fixed_point_count"},
        needs_point=False,
    ),
    Quantity(
        "basin_boundary",
        "infimum of the starts from which EM converges to the largest fixed point; −∞ if all do",
        {
            "exact": "limits.basins:exact_boundary",
            "ball": "limits.basins:basin_boundary",
            "float": "limits.basins:basin_boundary_float",
        },
    ),
    aliased(
        "weight_map",
        "$E[½(1 + tanh(θX/v + a))]$, the weight after one step of population EM that fits it, too",
        Alias(_WEIGHT, ("em_map(fit_weight)",)),
    ),
    aliased(
        "variance_map",
        "$E X² − M(θ)²$, the variance after one step of population EM that fits it, too",
        Alias(_VARIANCE, ("em_map(fit_variance)",)),
    ),
    _orbit(
        "location_scale_iterate",
        "$θ$ after $t$ steps of population EM that fits the variance, too, from the variance of the fit",
        _VARIANCE,
        "theta",
    ),
    _orbit(
        "location_scale_variance",
        "the variance after $t$ steps of population EM that fits it, too, from the variance of the fit",
        _VARIANCE,
        "fit_variance",
    ),
    *(
        aliased(
            name,
            f"{what} after $t$ steps of population EM that fits {which}, too, from {whose} of the fit",
            Alias(model, (f"em_iterate({parameter})",), start="theta"),
            *_FROM,
            needs_point=False,
        )
        for name, what, which, whose, model, parameter in (
            ("fitted_iterate", "$θ$", "the weight", "the weight", _WEIGHT, "theta"),
            ("fitted_weight_iterate", "the weight", "it", "the weight", _WEIGHT, "fit_weight"),
            ("jointly_fitted_iterate", "$θ$", "weight and variance", "those", _BOTH, "theta"),
            ("jointly_fitted_weight", "the weight", "weight and variance", "those", _BOTH, "fit_weight"),
            ("jointly_fitted_variance", "the variance", "weight and variance", "those", _BOTH, "fit_variance"),
        )
    ),
    Quantity(
        "fitted_boundary",
        "a start $θ$ at which the limit of EM that fits the weight, too, changes from the truth's mirror image to the "
        "truth, the weight to start from being that of the fit",
        {"ball": "limits.basins:fitted_boundary", "float": "limits.basins:fitted_boundary_float"},
    ),
    Quantity(
        "spurious_threshold",
        "the weight w = W₀ = W above 1/2 at which the two fixed points below 0 merge and vanish, for a known weight",
        {"ball": "limits.tangency:spurious_threshold", "float": "limits.tangency:spurious_threshold_float"},
        form="limits.tangency:SPURIOUS_THRESHOLD",
    ),
    Quantity(
        "separation_needed",
        "separation at which the relative error of $θ$ after $t$ steps from infinity falls below the error given, the "
        "only one if the fit is balanced",
        {"ball": "limits.crossing:separation_needed", "float": "limits.crossing:separation_needed_float"},
        arguments=(
            Argument("t", "count", "number of steps, an integer from 1"),
            Argument("error", "positive", "relative error"),
        ),
    ),
)


_OF_THETA = (
    ("em_jacobian", "em_jacobian(theta, theta)", "$M′(θ)$, by the name that it has for every model"),
    ("em_rate", "em_rate", "$|M′(θ)|$"),
    ("log_likelihood", "log_likelihood", "$E log p$, nats"),
    ("score", "score(theta)", "the slope of $E log p$ in $θ$"),
    ("observed_information", "observed_information(theta, theta)", "minus the second derivative of $E log p$ in $θ$"),
    ("complete_information", "complete_information(theta, theta)", "minus that of the surrogate $Q(·|θ)$, at $θ$"),
)
"""Names, what they are in the model, and meanings of what every model has."""
_NAMED = (*_QUANTITIES, *(aliased(name, meaning, Alias(_KNOWN, (quantity,))) for name, quantity, meaning in _OF_THETA))
_VARIABLES = (
    Variable("theta", "the mean θ of the fit", "real"),
    Variable("separation", "the mean μ of the data's first component", "nonnegative"),
    Variable("truth_weight", "its weight W₀", "probability", _HALF),
    Variable("fit_weight", "the weight W of the fit's first component", "inner probability", _HALF),
    Variable("fit_variance", "the variance v of both components of the fit", "positive", Fraction(1)),
)
_ALL = (
    *(placed(each, _VARIABLES) if each.needs_point else each for each in _NAMED),
    *(placed(each, _VARIABLES) for each in of_model(_KNOWN, ("theta",), 2, {each.name for each in _NAMED})),
)
_ALIASES = tuple((each.name, each.form[1]) for each in _ALL if each.form and each.form[0] == BOX_FORM)
"""Of what is followed over boxes as in its model."""

FAMILY = Family(
    name="two-means",
    meaning="data W₀ N(μ, 1) + (1 − W₀) N(−μ, 1), fit W N(θ, v) + (1 − W) N(−θ, v)",
    variables=_VARIABLES,
    point="theta",
    quantities=_ALL,
    identities=(DIVIDED, _ALIASES),
    series=("limits.expansion:expansions",),
)
