"""Quantities over the radii of the simplex ray: proposed by searches, then proved."""

from emtheory.numerics.quantity import CONSTANT, FACTOR, FRACTION, Argument, Quantity, in_modules


def _over_ray(name: str, meaning: str, argument: Argument, module: str, **exact: str) -> Quantity:
    """A quantity whose ball route and its proof are in a module of the room."""
    ball = f"ray.{module}"
    routes = in_modules(name, **exact, ball=ball, mp="ray.mp_values", float="ray.float_values")
    return Quantity(name, meaning, routes, arguments=(argument,), proof=f"{ball}:prove_{name}")


QUANTITIES = (
    _over_ray(
        "strong_convexity_radius",
        "supremum of the $ρ$ with $λ_{min}(∇²ℓ)$ at least that fraction of the gap along the simplex ray up to $ρ$",
        FRACTION,
        "ball_convexity_radius",
        exact="ray.exact_values",
    ),
    _over_ray(
        "contraction_radius",
        "supremum of the $ρ$ with $max_m (1 − β_m)$ at most the factor along the simplex ray up to $ρ$",
        FACTOR,
        "ball_radii",
    ),
    _over_ray(
        "pl_radius",
        "supremum of the $ρ$ with a PL ratio of at least the constant along the simplex ray up to $ρ$",
        CONSTANT,
        "ball_radii",
    ),
    _over_ray(
        "pl_constant",
        "infimum of the PL ratio over $0 < ‖θ‖$ up to the radius on the simplex ray",
        Argument("radius", "positive", "end of the ray"),
        "ball_extrema",
    ),
    _over_ray(
        "worst_contraction_factor",
        "$sup max_m (1 − β_m)$ over $‖θ‖$ up to the radius on the simplex ray",
        Argument("radius", "nonnegative", "end of the ray"),
        "ball_extrema",
        exact="ray.exact_values",
    ),
)
