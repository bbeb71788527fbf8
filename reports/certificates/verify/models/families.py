"""The families of mixtures that have names of their own: their definitions, and what their quantities are."""

from collections import namedtuple

Family = namedtuple("Family", "table aliases")
"""A definition, and quantity → the parameters estimated, what it is for every model, and names of parameters."""

THETA, WEIGHT, VARIANCE = "theta", "fit_weight", "fit_variance"
MEANS = "first_mean", "second_mean", "third_mean"
PLAIN = "kl_divergence", "log_likelihood", "em_rate"


def law(weight, mean, variance="1"):
    """Return a component as it is written in a model."""
    return {"weight": weight, "x": f"normal({mean}, {variance})"}


def rest(one, two):
    """Return what is left of 1."""
    return f"1 - {one} - {two}"


def unit(default):
    """Return a parameter between 0 and 1."""
    return {"domain": "unit", "default": default}


TWO_MEANS = {
    "data": [law("truth_weight", "separation"), law("1 - truth_weight", "-separation")],
    "fit": [law(WEIGHT, THETA, VARIANCE), law(f"1 - {WEIGHT}", f"-{THETA}", VARIANCE)],
    "estimate": [THETA],
    "parameters": {
        THETA: "real",
        "separation": "real",
        "truth_weight": unit("1/2"),
        WEIGHT: unit("1/2"),
        VARIANCE: {"domain": "positive", "default": "1"},
    },
}

TWO_ALIASES = {name: ((THETA,), name, ()) for name in PLAIN}
TWO_ALIASES |= {name: ((THETA,), name, (THETA,)) for name in ("em_map", "score", "em_iterate", "fixed_point_count")}
TWO_ALIASES |= {name: ((THETA,), name, (THETA,) * 2) for name in ("observed_information", "complete_information")}
TWO_ALIASES |= dict.fromkeys(("em_jacobian", "em_map_derivative"), ((THETA,), "em_jacobian", (THETA,) * 2))
TWO_ALIASES["separation_needed"] = (THETA,), "separation_needed", ()
TWO_ALIASES |= {
    "weight_map": ((THETA, WEIGHT), "em_map", (WEIGHT,)),
    "variance_map": ((THETA, VARIANCE), "em_map", (VARIANCE,)),
    "fitted_iterate": ((THETA, WEIGHT), "em_iterate", (THETA,)),
    "fitted_weight_iterate": ((THETA, WEIGHT), "em_iterate", (WEIGHT,)),
    "location_scale_iterate": ((THETA, VARIANCE), "em_iterate", (THETA,)),
    "location_scale_variance": ((THETA, VARIANCE), "em_iterate", (VARIANCE,)),
    "jointly_fitted_iterate": ((THETA, WEIGHT, VARIANCE), "em_iterate", (THETA,)),
    "jointly_fitted_weight": ((THETA, WEIGHT, VARIANCE), "em_iterate", (WEIGHT,)),
    "jointly_fitted_variance": ((THETA, WEIGHT, VARIANCE), "em_iterate", (VARIANCE,)),
}

THREE_MEANS = {
    "data": [
        law("truth_first_weight", "truth_first_mean"),
        law("truth_second_weight", "truth_second_mean"),
        law(rest("truth_first_weight", "truth_second_weight"), "truth_third_mean"),
    ],
    "fit": [
        law("first_weight", MEANS[0]),
        law("second_weight", MEANS[1]),
        law(rest("first_weight", "second_weight"), MEANS[2]),
    ],
    "estimate": list(MEANS),
    "parameters": dict.fromkeys(MEANS, "real")
    | {name: unit("1/3") for name in ("first_weight", "second_weight", "truth_first_weight", "truth_second_weight")}
    | {f"truth_{name}": {"domain": "real", "default": "0"} for name in MEANS},
}

THREE_ALIASES = {name: (MEANS, name, ()) for name in (*PLAIN, "kl_at_local_maximum")}
THREE_ALIASES |= {name: (MEANS, name, MEANS) for name in ("em_map", "local_maximum")}
THREE_ALIASES["gradient"] = MEANS, "score", MEANS  # As the variance is 1.
THREE_ALIASES["hessian_max_eigenvalue"] = MEANS, "curvature_max_eigenvalue", ()
"""An argument `component` chooses among names; the last one is of the Hessian of E log p, minus the information."""

FAMILIES = {"two-means": Family(TWO_MEANS, TWO_ALIASES), "three-means": Family(THREE_MEANS, THREE_ALIASES)}
