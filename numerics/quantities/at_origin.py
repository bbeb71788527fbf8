"""Quantities of the weights alone: the spectrum of A, what EM does at the origin, and Lloyd's radius."""

from emtheory.numerics.quantity import FREQUENCY, Argument, Quantity

QUANTITIES = (
    Quantity(
        "dft_modulus",
        "|π̂_m|",
        {
            "exact": "any_point.exact_values:dft_modulus",
            "mp": "any_point.mp_values:dft_modulus",
            "float": "any_point.float_values:dft_modulus",
        },
        arguments=(FREQUENCY,),
    ),
    Quantity(
        "spectral_gap",
        "σ_min(A)² on the simplex span = min |π̂_m|² over m = 1..k−1",
        {
            "exact": "any_point.exact_values:spectral_gap",
            "mp": "any_point.mp_values:spectral_gap",
            "float": "any_point.float_values:spectral_gap",
        },
    ),
    Quantity(
        "contraction_factor",
        "1 − spectral_gap, the spectral radius of the EM Jacobian at 0",
        {
            "exact": "any_point.exact_values:contraction_factor",
            "mp": "any_point.mp_values:contraction_factor",
            "float": "any_point.float_values:contraction_factor",
        },
    ),
    Quantity(
        "lloyd_radius",
        "R_0 of Proposition 1 = √(k/(k−1)) E max(Z_1..Z_k)",
        {
            "ball": "any_point.ball_values:lloyd_radius",
            "mp": "any_point.mp_values:lloyd_radius",
            "float": "any_point.float_values:lloyd_radius",
        },
    ),
    Quantity(
        "sublinear_constant",
        "lim t² KL_t on the simplex, for uniform weights",
        {"exact": "any_point.exact_values:sublinear_constant"},
    ),
    Quantity(
        "contraction_bound",
        "proved bound on sup (1 − β_m) over all ‖θ‖ ≤ radius, in every direction and dimension",
        {
            "exact": "any_point.exact_values:contraction_bound",
            "ball": "any_point.ball_values:contraction_bound",
            "mp": "any_point.mp_values:contraction_bound",
        },
        arguments=(Argument("radius", "nonnegative", "radius of the ball"),),
    ),
)
