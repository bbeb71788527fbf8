"""Quantities over all directions of a sphere or ball, covered for k ≤ 5 and searched beyond, and over the simplex ray.

Over the ray they are proposed by searches, then proved.
"""

from collections.abc import Mapping

from emtheory.numerics.quantity import CONSTANT, FACTOR, FRACTION, Argument, Quantity, Reference

_SPHERE = Argument("radius", "nonnegative", "norm of θ")


def _over_directions(name: str, meaning: str, argument: Argument, exact: str = "") -> Quantity:
    routes: Mapping[str, Reference] = {
        "exact": f"any_point.exact_values:{exact or name}",
        "ball": ("directions.covered:by_cover", name),
        "float": ("directions.searched:by_search", name),
    }
    return Quantity(name, meaning, routes, arguments=(argument,), searched=True)


def _over_ray(name: str, meaning: str, argument: Argument, **exact: Reference) -> Quantity:
    scanned = {route: ("ray.scan:by", route, name) for route in ("mp", "float")}
    routes: Mapping[str, Reference] = {**exact, "ball": ("ray.ball_values:by_search", name), **scanned}
    return Quantity(name, meaning, routes, arguments=(argument,), proof=("ray.ball_values:prover", name))


QUANTITIES = (
    _over_directions(
        "worst_direction_contraction_factor",
        "$sup max_m (1 − β_m)$ over all directions with $‖θ‖$ the radius",
        _SPHERE,
        "worst_contraction_factor",
    ),
    _over_directions(
        "worst_direction_min_eigenvalue", "$min λ_{min}(∇²ℓ)$ over all directions with $‖θ‖$ the radius", _SPHERE
    ),
    _over_directions(
        "worst_contraction_radius",
        "supremum of the $ρ$ with $max_m (1 − β_m)$ at most the factor in all directions up to $ρ$",
        FACTOR,
    ),
    _over_directions(
        "worst_pl_radius",
        "supremum of the $ρ$ with a PL ratio of at least the constant in all directions up to $ρ$",
        CONSTANT,
    ),
    _over_directions(
        "worst_convexity_radius",
        "supremum of the $ρ$ with $λ_{min}(∇²ℓ)$ at least that fraction of the gap in all directions up to $ρ$",
        FRACTION,
        "strong_convexity_radius",
    ),
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
