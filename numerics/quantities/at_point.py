"""Quantities at a point θ, on the simplex or off it."""

from emtheory.numerics.quantity import FREQUENCY, Quantity, in_room

QUANTITIES = (
    Quantity(
        "log_partition",
        "$Λ(θ) = E log ∑_j π_j exp⟨X, R^j θ⟩$",
        in_room("any_point", "log_partition", "exact", "ball", "mp", "float"),
        needs_point=True,
        form="any_point.expressions:log_partition",
    ),
    Quantity(
        "kl_divergence",
        "$KL(N(0, I) ‖ p_θ)$ in nats",
        in_room("any_point", "kl_divergence", "exact", "ball", "mp", "float"),
        needs_point=True,
        form="any_point.expressions:kl_divergence",
    ),
    Quantity(
        "posterior_power",
        "$β_m(θ) = E|γ̂_m|²$",
        in_room("any_point", "posterior_power", "exact", "ball", "mp", "float"),
        needs_point=True,
        arguments=(FREQUENCY,),
        form="any_point.expressions:posterior_power",
    ),
    Quantity(
        "hessian_min_eigenvalue",
        "$λ_{min}(∇²ℓ(θ))$ on the simplex span",
        in_room("any_point", "hessian_min_eigenvalue", "exact", "ball", "mp", "float"),
        needs_point=True,
        form="any_point.expressions:hessian_min_eigenvalue",
    ),
    Quantity(
        "pl_ratio",
        "$½‖∇ℓ(θ)‖² / KL$",
        in_room("any_point", "pl_ratio", "exact", "ball", "mp", "float"),
        needs_point=True,
        form="any_point.expressions:pl_ratio",
    ),
)
