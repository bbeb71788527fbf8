"""Quantities at a point θ, on the simplex or off it."""

from emtheory.numerics.quantity import FREQUENCY, Argument, Quantity, in_room


def _at_point(name: str, meaning: str, *arguments: Argument) -> Quantity:
    routes = in_room("any_point", name, "exact", "ball", "mp", "float")
    form = f"any_point.expressions:{name}"
    return Quantity(name, meaning, routes, needs_point=True, arguments=arguments, form=form)


QUANTITIES = (
    _at_point("log_partition", "$Λ(θ) = E log ∑_j π_j exp⟨X, R^j θ⟩$"),
    _at_point("kl_divergence", "$KL(N(0, I) ‖ p_θ)$ in nats"),
    _at_point("posterior_power", "$β_m(θ) = E|γ̂_m|²$", FREQUENCY),
    _at_point("hessian_min_eigenvalue", "$λ_{min}(∇²ℓ(θ))$ on the simplex span"),
    _at_point("pl_ratio", "$½‖∇ℓ(θ)‖² / KL$"),
)
