"""Quantities at a point θ, on the simplex or off it."""

from emtheory.numerics.quantity import FREQUENCY, Quantity

QUANTITIES = (
    Quantity(
        "log_partition",
        "Λ(θ) = E log Σ_j π_j exp⟨X, R^j θ⟩",
        {
            "exact": "any_point.exact_values:log_partition",
            "ball": "any_point.ball_values:log_partition",
            "mp": "any_point.mp_values:log_partition",
            "float": "any_point.float_values:log_partition",
        },
        needs_point=True,
        form="intervals.quantity_forms:LOG_PARTITION",
    ),
    Quantity(
        "kl_divergence",
        "KL(N(0,I) ‖ p_θ) in nats",
        {
            "exact": "any_point.exact_values:kl_divergence",
            "ball": "any_point.ball_values:kl_divergence",
            "mp": "any_point.mp_values:kl_divergence",
            "float": "any_point.float_values:kl_divergence",
        },
        needs_point=True,
        form="intervals.quantity_forms:KL_DIVERGENCE",
    ),
    Quantity(
        "posterior_power",
        "β_m(θ) = E|γ̂_m|²",
        {
            "exact": "any_point.exact_values:posterior_power",
            "ball": "any_point.ball_values:posterior_power",
            "mp": "any_point.mp_values:posterior_power",
            "float": "any_point.float_values:posterior_power",
        },
        needs_point=True,
        arguments=(FREQUENCY,),
        form="intervals.quantity_forms:POSTERIOR_POWER",
    ),
    Quantity(
        "hessian_min_eigenvalue",
        "λ_min(∇²ℓ(θ)) on the simplex span",
        {
            "exact": "any_point.exact_values:hessian_min_eigenvalue",
            "ball": "any_point.ball_values:hessian_min_eigenvalue",
            "mp": "any_point.mp_values:hessian_min_eigenvalue",
            "float": "any_point.float_values:hessian_min_eigenvalue",
        },
        needs_point=True,
        form="intervals.quantity_forms:HESSIAN_MIN_EIGENVALUE",
    ),
    Quantity(
        "pl_ratio",
        "½‖∇ℓ(θ)‖² / KL",
        {
            "exact": "any_point.exact_values:pl_ratio",
            "ball": "any_point.ball_values:pl_ratio",
            "mp": "any_point.mp_values:pl_ratio",
            "float": "any_point.float_values:pl_ratio",
        },
        needs_point=True,
        form="intervals.quantity_forms:PL_RATIO",
    ),
)
