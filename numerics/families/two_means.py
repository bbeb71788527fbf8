"""The family ``two-means``: two normals in one dimension, fitted by two with opposite means and one variance."""

from fractions import Fraction

from emtheory.numerics.alias import Alias, aliased
from emtheory.numerics.family import Divided, Expansion, Family, Variable
from emtheory.numerics.quantity import Argument, Quantity

_KNOWN, _WEIGHT, _VARIANCE, _BOTH = (f"two-means{fitted}" for fitted in ("", "-weight", "-variance", "-both"))
"""The models, by what is fitted besides θ."""
_HALF = Fraction(1, 2)
"""The weight of balanced components."""
_START = (
    Argument("start", "extended", "where EM starts, a number or inf"),
    Argument("t", "steps", "number of steps, an integer from 0"),
)
_FROM = (
    Argument("start", "rational", "θ to start from, a number"),
    Argument("t", "steps", "number of steps, an integer from 0"),
)
"""Of iterates with the weight fitted."""


def _float(name: str) -> dict[str, str]:
    return {"float": f"two_means.float_values:{name}"}


def _of_point(name: str, meaning: str, alias: Alias, *routes: str, exact: str = "") -> Quantity:
    """A quantity at θ."""
    others = _float(name) | ({"exact": exact} if exact else {})
    return aliased(name, meaning, alias, routes=(*routes, "ball", "mp"), others=others)


def _orbit(name: str, meaning: str, model: str, parameter: str, exact: str = "") -> Quantity:
    """A parameter after some steps from any start, infinity included."""
    alias = Alias(model, (f"em_iterate({parameter})",), start="theta")
    routes = {route: ("two_means.orbits:route", alias, parameter, route) for route in ("ball", "mp")}
    form = ("two_means.orbits:box_form", alias, parameter)
    exactly = {"exact": exact} if exact else {}
    return Quantity(name, meaning, exactly | routes | _float(name), arguments=_START, form=form)


def _fitted(name: str, meaning: str, model: str, parameter: str) -> Quantity:
    """A parameter after some steps with the weight fitted, too."""
    alias = Alias(model, (f"em_iterate({parameter})",), start="theta")
    return aliased(name, meaning, alias, *_FROM, routes=("ball", "mp"), others=_float(name), needs_point=False)


_QUANTITIES = (
    _of_point(
        "em_map",
        "$M(θ) = E[X tanh(θX/v + a)]$, one step of population EM from $θ$",
        Alias(_KNOWN, ("em_map(theta)",), tail="two_means.tails:em_map_tail"),
        exact="two_means.exact_values:em_map",
    ),
    _of_point(
        "em_map_derivative",
        "$M′(θ) = E[X² sech²(θX/v + a)]/v$",
        Alias(_KNOWN, ("em_jacobian(theta, theta)",), tail="two_means.tails:em_map_derivative_tail"),
        "exact",
    ),
    _of_point(
        "kl_divergence",
        "KL of the truth from the fit, in nats",
        Alias(_KNOWN, ("kl_divergence",), tail="two_means.tails:kl_divergence_tail"),
        "exact",
    ),
    _orbit(
        "em_iterate",
        "$θ$ after $t$ steps of population EM; from infinity the first leads to $M(∞) = E|X|$",
        _KNOWN,
        "theta",
        exact="two_means.exact_values:em_iterate",
    ),
    Quantity(
        "fixed_point_count",
        "number of $θ$ from low to high with $M(θ) = θ$",
        {
            "exact": "two_means.exact_values:fixed_point_count",
            "ball": "two_means.fixed_points:fixed_point_count",
            **_float("fixed_point_count"),
        },
        arguments=(
            Argument("low", "extended", "lower end, a number or -inf"),
            Argument("high", "extended", "upper end, a number or inf"),
        ),
        form="two_means.fixed_points:FIXED_POINT_COUNT",
    ),
    Quantity(
        "basin_boundary",
        "infimum of the starts from which EM converges to the largest fixed point; −∞ if all do",
        {
            "exact": "two_means.exact_values:basin_boundary",
            "ball": "two_means.fixed_points:basin_boundary",
            **_float("basin_boundary"),
        },
    ),
    _of_point(
        "weight_map",
        "$E[½(1 + tanh(θX/v + a))]$, the weight after one step of population EM that fits it, too",
        Alias(_WEIGHT, ("em_map(fit_weight)",)),
    ),
    _of_point(
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
    _fitted(
        "fitted_iterate",
        "$θ$ after $t$ steps of population EM that fits the weight, too, from the weight of the fit",
        _WEIGHT,
        "theta",
    ),
    _fitted(
        "fitted_weight_iterate",
        "the weight after $t$ steps of population EM that fits it, too, from the weight of the fit",
        _WEIGHT,
        "fit_weight",
    ),
    _fitted(
        "jointly_fitted_iterate",
        "$θ$ after $t$ steps of population EM that fits weight and variance, too, from those of the fit",
        _BOTH,
        "theta",
    ),
    _fitted(
        "jointly_fitted_weight",
        "the weight after $t$ steps of population EM that fits weight and variance, too, from those of the fit",
        _BOTH,
        "fit_weight",
    ),
    _fitted(
        "jointly_fitted_variance",
        "the variance after $t$ steps of population EM that fits weight and variance, too, from those of the fit",
        _BOTH,
        "fit_variance",
    ),
    Quantity(
        "fitted_boundary",
        "a start $θ$ at which the limit of EM that fits the weight, too, changes from the truth's mirror image to the "
        "truth, the weight to start from being that of the fit",
        {
            "ball": "two_means.fitted_boundary:fitted_boundary",
            "float": "two_means.fitted_boundary:fitted_boundary_float",
        },
    ),
    Quantity(
        "spurious_threshold",
        "the weight w = W₀ = W above 1/2 at which the two fixed points below 0 merge and vanish, for a known weight",
        {"ball": "two_means.tangency:spurious_threshold", "float": "two_means.float_values:spurious_threshold"},
        form="two_means.threshold_curve:SPURIOUS_THRESHOLD",
    ),
    Quantity(
        "separation_needed",
        "separation at which the relative error of $θ$ after $t$ steps from infinity falls below the error given, the "
        "only one if the fit is balanced",
        {"ball": "two_means.separation:separation_needed", "float": "two_means.separation:separation_needed_float"},
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
_OF_EVERY_MODEL = tuple(aliased(name, meaning, Alias(_KNOWN, (quantity,))) for name, quantity, meaning in _OF_THETA)

_UNIT = (("fit_variance", Fraction(1)),)
"""The variance that the data have."""


def _expansion(quantity: str, *conditions: tuple[tuple[str, Fraction]], divisor: str = "") -> Expansion:
    """Near θ = 0."""
    coefficients, rest = (f"two_means.expansion:{quantity}_{part}" for part in ("coefficients", "rest"))
    return Expansion(quantity, "theta", coefficients, rest, conditions, divisor)


FAMILY = Family(
    name="two-means",
    meaning="data W₀ N(μ, 1) + (1 − W₀) N(−μ, 1), fit W N(θ, v) + (1 − W) N(−θ, v)",
    variables=(
        Variable("theta", "the mean θ of the fit", "real"),
        Variable("separation", "the mean μ of the data's first component", "nonnegative"),
        Variable("truth_weight", "its weight W₀", "probability", _HALF),
        Variable("fit_weight", "the weight W of the fit's first component", "inner probability", _HALF),
        Variable("fit_variance", "the variance v of both components of the fit", "positive", Fraction(1)),
    ),
    point="theta",
    quantities=(*_QUANTITIES, *_OF_EVERY_MODEL),
    # Where fit and truth have the same weights, or the fit is balanced, and v = 1, μ is a fixed point: M(θ) − μ =
    # (θ − μ) ∫ M′.
    divided=(
        Divided(
            "em_map",
            "theta",
            "separation",
            ("models.touching:packaged_identity", _KNOWN, "em_map", "theta", "separation"),
            ((("fit_weight", "truth_weight"), ("fit_weight", _HALF)), _UNIT),
        ),
    ),
    expansions=(
        _expansion("em_map", divisor="fit_variance"),
        _expansion("em_map_derivative", _UNIT),
        _expansion("kl_divergence", (("separation", Fraction(0)),), _UNIT),
    ),
)
