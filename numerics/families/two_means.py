"""The family ``two-means``: two normals in one dimension, fitted by two with opposite means and one variance."""

from fractions import Fraction

from emtheory.numerics.family import Divided, Expansion, Family, Variable
from emtheory.numerics.quantity import Argument, Quantity, in_room

_ROOM = "two_means"
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

_QUANTITIES = (
    Quantity(
        "em_map",
        "$M(θ) = E[X tanh(θX/v + a)]$, one step of population EM from $θ$",
        in_room(_ROOM, "em_map", "exact", "ball", "mp", "float"),
        needs_point=True,
        form="two_means.box_forms:EM_MAP",
    ),
    Quantity(
        "em_map_derivative",
        "$M′(θ) = E[X² sech²(θX/v + a)]/v$",
        in_room(_ROOM, "em_map_derivative", "exact", "ball", "mp", "float"),
        needs_point=True,
        form="two_means.box_forms:EM_MAP_DERIVATIVE",
    ),
    Quantity(
        "kl_divergence",
        "KL of the truth from the fit, in nats",
        in_room(_ROOM, "kl_divergence", "exact", "ball", "mp", "float"),
        needs_point=True,
        form="two_means.box_forms:KL_DIVERGENCE",
    ),
    Quantity(
        "em_iterate",
        "$θ$ after $t$ steps of population EM; from infinity the first leads to $M(∞) = E|X|$",
        in_room(_ROOM, "em_iterate", "exact", "ball", "mp", "float"),
        arguments=_START,
        form="two_means.box_forms:EM_ITERATE",
    ),
    Quantity(
        "fixed_point_count",
        "number of $θ$ from low to high with $M(θ) = θ$",
        in_room(_ROOM, "fixed_point_count", "exact", "ball", "float"),
        arguments=(
            Argument("low", "extended", "lower end, a number or -inf"),
            Argument("high", "extended", "upper end, a number or inf"),
        ),
        form="two_means.box_forms:FIXED_POINT_COUNT",
    ),
    Quantity(
        "basin_boundary",
        "infimum of the starts from which EM converges to the largest fixed point; −∞ if all do",
        in_room(_ROOM, "basin_boundary", "exact", "ball", "float"),
    ),
    Quantity(
        "weight_map",
        "$E[½(1 + tanh(θX/v + a))]$, the weight after one step of population EM that fits it, too",
        in_room(_ROOM, "weight_map", "ball", "mp", "float"),
        needs_point=True,
        form="two_means.box_forms:WEIGHT_MAP",
    ),
    Quantity(
        "variance_map",
        "$E X² − M(θ)²$, the variance after one step of population EM that fits it, too",
        in_room(_ROOM, "variance_map", "ball", "mp", "float"),
        needs_point=True,
        form="two_means.box_forms:VARIANCE_MAP",
    ),
    Quantity(
        "location_scale_iterate",
        "$θ$ after $t$ steps of population EM that fits the variance, too, from the variance of the fit",
        in_room(_ROOM, "location_scale_iterate", "ball", "mp", "float"),
        arguments=_START,
        form="two_means.box_forms:LOCATION_SCALE_ITERATE",
    ),
    Quantity(
        "location_scale_variance",
        "the variance after $t$ steps of population EM that fits it, too, from the variance of the fit",
        in_room(_ROOM, "location_scale_variance", "ball", "mp", "float"),
        arguments=_START,
        form="two_means.box_forms:LOCATION_SCALE_VARIANCE",
    ),
    Quantity(
        "fitted_iterate",
        "$θ$ after $t$ steps of population EM that fits the weight, too, from the weight of the fit",
        in_room(_ROOM, "fitted_iterate", "ball", "mp", "float"),
        arguments=_FROM,
    ),
    Quantity(
        "fitted_weight_iterate",
        "the weight after $t$ steps of population EM that fits it, too, from the weight of the fit",
        in_room(_ROOM, "fitted_weight_iterate", "ball", "mp", "float"),
        arguments=_FROM,
    ),
    Quantity(
        "jointly_fitted_iterate",
        "$θ$ after $t$ steps of population EM that fits weight and variance, too, from those of the fit",
        in_room(_ROOM, "jointly_fitted_iterate", "ball", "mp", "float"),
        arguments=_FROM,
    ),
    Quantity(
        "jointly_fitted_weight",
        "the weight after $t$ steps of population EM that fits weight and variance, too, from those of the fit",
        in_room(_ROOM, "jointly_fitted_weight", "ball", "mp", "float"),
        arguments=_FROM,
    ),
    Quantity(
        "jointly_fitted_variance",
        "the variance after $t$ steps of population EM that fits weight and variance, too, from those of the fit",
        in_room(_ROOM, "jointly_fitted_variance", "ball", "mp", "float"),
        arguments=_FROM,
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
        form="two_means.box_forms:SPURIOUS_THRESHOLD",
    ),
    Quantity(
        "separation_needed",
        "separation at which the relative error of $θ$ after $t$ steps from infinity falls below the error given, the "
        "only one if the fit is balanced",
        {
            "ball": "two_means.separation:separation_needed",
            "float": "two_means.separation:separation_needed_float",
        },
        arguments=(
            Argument("t", "count", "number of steps, an integer from 1"),
            Argument("error", "positive", "relative error"),
        ),
    ),
)


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
    quantities=_QUANTITIES,
    # Where fit and truth have the same weights, or the fit is balanced, and v = 1, μ is a fixed point: M(θ) − μ =
    # (θ − μ) ∫ M′.
    divided=(
        Divided(
            "em_map",
            "theta",
            "separation",
            "two_means.box_forms:EM_MAP_DIVIDED",
            ((("fit_weight", "truth_weight"), ("fit_weight", _HALF)), _UNIT),
        ),
    ),
    expansions=(
        _expansion("em_map", divisor="fit_variance"),
        _expansion("em_map_derivative", _UNIT),
        _expansion("kl_divergence", (("separation", Fraction(0)),), _UNIT),
    ),
)
