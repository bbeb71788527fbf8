"""Quantities over the radii of the simplex ray: proposed by searches, then proved."""

from emtheory.numerics.quantity import CONSTANT, FACTOR, FRACTION, Argument, Quantity

QUANTITIES = (
    Quantity(
        "strong_convexity_radius",
        "supremum of the $ρ$ with $λ_{min}(∇²ℓ)$ at least that fraction of the gap along the simplex ray up to $ρ$",
        {
            "exact": "ray.exact_values:strong_convexity_radius",
            "ball": "ray.ball_convexity_radius:strong_convexity_radius",
            "mp": "ray.mp_values:strong_convexity_radius",
            "float": "ray.float_values:strong_convexity_radius",
        },
        arguments=(FRACTION,),
        proof="ray.ball_convexity_radius:prove_strong_convexity_radius",
    ),
    Quantity(
        "contraction_radius",
        "supremum of the $ρ$ with $max_m (1 − β_m)$ at most the factor along the simplex ray up to $ρ$",
        {
            "ball": "ray.ball_radii:contraction_radius",
            "mp": "ray.mp_values:contraction_radius",
            "float": "ray.float_values:contraction_radius",
        },
        arguments=(FACTOR,),
        proof="ray.ball_radii:prove_contraction_radius",
    ),
    Quantity(
        "pl_radius",
        "supremum of the $ρ$ with a PL ratio of at least the constant along the simplex ray up to $ρ$",
        {"ball": "ray.ball_radii:pl_radius", "mp": "ray.mp_values:pl_radius", "float": "ray.float_values:pl_radius"},
        arguments=(CONSTANT,),
        proof="ray.ball_radii:prove_pl_radius",
    ),
    Quantity(
        "pl_constant",
        "infimum of the PL ratio over $0 < ‖θ‖$ up to the radius on the simplex ray",
        {
            "ball": "ray.ball_extrema:pl_constant",
            "mp": "ray.mp_values:pl_constant",
            "float": "ray.float_values:pl_constant",
        },
        arguments=(Argument("radius", "positive", "end of the ray"),),
        proof="ray.ball_extrema:prove_pl_constant",
    ),
    Quantity(
        "worst_contraction_factor",
        "$sup max_m (1 − β_m)$ over $‖θ‖$ up to the radius on the simplex ray",
        {
            "exact": "ray.exact_values:worst_contraction_factor",
            "ball": "ray.ball_extrema:worst_contraction_factor",
            "mp": "ray.mp_values:worst_contraction_factor",
            "float": "ray.float_values:worst_contraction_factor",
        },
        arguments=(Argument("radius", "nonnegative", "end of the ray"),),
        proof="ray.ball_extrema:prove_worst_contraction_factor",
    ),
)
