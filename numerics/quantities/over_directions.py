"""Quantities over all directions of a sphere or ball: covered for k ≤ 5, searched beyond."""

from emtheory.numerics.quantity import CONSTANT, FACTOR, FRACTION, Argument, Quantity

_SPHERE = Argument("radius", "nonnegative", "norm of θ")

QUANTITIES = (
    Quantity(
        "worst_direction_contraction_factor",
        "$sup max_m (1 − β_m)$ over all directions with $‖θ‖$ the radius",
        {
            "exact": "directions.exact_values:worst_direction_contraction_factor",
            "ball": "directions.covered:worst_direction_contraction_factor",
            "float": "directions.searched:worst_direction_contraction_factor",
        },
        arguments=(_SPHERE,),
        searched=True,
    ),
    Quantity(
        "worst_direction_min_eigenvalue",
        "$min λ_{min}(∇²ℓ)$ over all directions with $‖θ‖$ the radius",
        {
            "exact": "directions.exact_values:worst_direction_min_eigenvalue",
            "ball": "directions.covered:worst_direction_min_eigenvalue",
            "float": "directions.searched:worst_direction_min_eigenvalue",
        },
        arguments=(_SPHERE,),
        searched=True,
    ),
    Quantity(
        "worst_contraction_radius",
        "supremum of the $ρ$ with $max_m (1 − β_m)$ at most the factor in all directions up to $ρ$",
        {
            "exact": "directions.exact_values:worst_contraction_radius",
            "ball": "directions.covered:worst_contraction_radius",
            "float": "directions.searched:worst_contraction_radius",
        },
        arguments=(FACTOR,),
        searched=True,
    ),
    Quantity(
        "worst_pl_radius",
        "supremum of the $ρ$ with a PL ratio of at least the constant in all directions up to $ρ$",
        {
            "exact": "directions.exact_values:worst_pl_radius",
            "ball": "directions.covered:worst_pl_radius",
            "float": "directions.searched:worst_pl_radius",
        },
        arguments=(CONSTANT,),
        searched=True,
    ),
    Quantity(
        "worst_convexity_radius",
        "supremum of the $ρ$ with $λ_{min}(∇²ℓ)$ at least that fraction of the gap in all directions up to $ρ$",
        {
            "exact": "ray.exact_values:strong_convexity_radius",
            "ball": "directions.covered:worst_convexity_radius",
            "float": "directions.searched:worst_convexity_radius",
        },
        arguments=(FRACTION,),
        searched=True,
    ),
)
