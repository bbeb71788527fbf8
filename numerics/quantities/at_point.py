"""Quantities of the weights alone (the spectrum of A, EM at the origin, Lloyd's radius), and those at a point θ."""

from emtheory.numerics.quantity import FREQUENCY, Argument, Quantity, in_room


def _at_point(name: str, meaning: str, *arguments: Argument) -> Quantity:
    routes = in_room("any_point", name, "exact", "ball", "mp", "float")
    form = f"any_point.expressions:{name}"
    return Quantity(name, meaning, routes, needs_point=True, arguments=arguments, form=form)


QUANTITIES = (
    Quantity(
        "dft_modulus", "$|π̂_m|$", in_room("any_point", "dft_modulus", "exact", "mp", "float"), arguments=(FREQUENCY,)
    ),
    Quantity(
        "spectral_gap",
        "$σ_{min}(A)²$ on the simplex span, $min |π̂_m|²$ over $m = 1…k−1$",
        in_room("any_point", "spectral_gap", "exact", "mp", "float"),
    ),
    Quantity(
        "contraction_factor",
        "one minus the spectral gap, the spectral radius of the EM Jacobian at 0",
        in_room("any_point", "contraction_factor", "exact", "mp", "float"),
    ),
    Quantity(
        "lloyd_radius",
        "$R_0 = √(k/(k−1)) E max(Z_1…Z_k)$ of Proposition 1",
        in_room("any_point", "lloyd_radius", "exact", "ball", "mp", "float"),
        any_count=True,
    ),
    Quantity(
        "lloyd_second_eigenvalue",
        "the largest eigenvalue below 1 of the derivative of Lloyd's map at its simplex, for $k ≥ 3$",
        {
            "ball": "any_point.lloyd_values:lloyd_second_eigenvalue",
            "float": "any_point.lloyd_values:lloyd_second_eigenvalue_float",
        },
        any_count=True,
    ),
    Quantity(
        "sublinear_constant",
        "$lim t² KL_t$ on the simplex, for uniform weights",
        in_room("any_point", "sublinear_constant", "exact"),
    ),
    Quantity(
        "contraction_bound",
        "proved bound on $sup (1 − β_m)$ over all $‖θ‖$ up to the radius, in every direction and dimension",
        in_room("any_point", "contraction_bound", "exact", "ball", "mp"),
        arguments=(Argument("radius", "nonnegative", "radius of the ball"),),
    ),
    _at_point("log_partition", "$Λ(θ) = E log ∑_j π_j exp⟨X, R^j θ⟩$"),
    _at_point("kl_divergence", "$KL(N(0, I) ‖ p_θ)$ in nats"),
    _at_point("posterior_power", "$β_m(θ) = E|γ̂_m|²$", FREQUENCY),
    _at_point("hessian_min_eigenvalue", "$λ_{min}(∇²ℓ(θ))$ on the simplex span"),
    _at_point("pl_ratio", "$½‖∇ℓ(θ)‖² / KL$"),
)
