"""Quantities over the radii of the simplex ray: proposed by searches, then proved."""

from collections.abc import Mapping

from emtheory.numerics.quantity import CONSTANT, FACTOR, FRACTION, Argument, Quantity, Reference


def _over_ray(name: str, meaning: str, argument: Argument, **exact: Reference) -> Quantity:
    scanned = {route: ("ray.scan:by", route, name) for route in ("mp", "float")}
    routes: Mapping[str, Reference] = {**exact, "ball": ("ray.ball_values:by_search", name), **scanned}
    return Quantity(name, meaning, routes, arguments=(argument,), proof=("ray.ball_values:prover", name))


QUANTITIES = (
    _over_ray(
        "strong_convexity_radius",
        "supremum of the $ρ$ with $λ_{min}(∇²ℓ)$ at least that fraction of the gap along the simplex ray up to $ρ$",
        FRACTION,
        exact="any_point.exact_values:strong_convexity_radius",
    ),
    _over_ray(
        "contraction_radius",
        "supremum of the $ρ$ with $max_m (1 − β_m)$ at most the factor along the simplex ray up to $ρ$",
        FACTOR,
    ),
    _over_ray(
        "pl_radius",
        "supremum of the $ρ$ with a PL ratio of at least the constant along the simplex ray up to $ρ$",
        CONSTANT,
    ),
    _over_ray(
        "pl_constant",
        "infimum of the PL ratio over $0 < ‖θ‖$ up to the radius on the simplex ray",
        Argument("radius", "positive", "end of the ray"),
    ),
    _over_ray(
        "worst_contraction_factor",
        "$sup max_m (1 − β_m)$ over $‖θ‖$ up to the radius on the simplex ray",
        Argument("radius", "nonnegative", "end of the ray"),
        exact="any_point.exact_values:worst_contraction_factor",
    ),
)
