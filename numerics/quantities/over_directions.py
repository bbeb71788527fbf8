"""Quantities over all directions of a sphere or ball: covered for k ≤ 5, searched beyond."""

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
)
