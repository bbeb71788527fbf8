"""Two components: the objective is strictly convex for all weights but at one point."""

import sympy
from sympy import Derivative

from emtheory.theory.derivation import Derivation, Statement, definition, equation, prose
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import exponents, free_weights, log_partition_integrand, posterior
from emtheory.theory.simplex import rotations

STATEMENT = Statement("two components: strict convexity everywhere", 2)


def derive(k: int) -> Derivation:
    """Derive ∇²ℓ(r) = E[X²(γ_0 − γ_1)²] for k = 2, d = 1."""
    r, x, tau = sympy.symbols("r x tau", real=True)
    weights = free_weights(k)
    y = exponents(rotations(k), sympy.ImmutableMatrix([r]), sympy.ImmutableMatrix([x]))
    first, second = posterior(weights, y)
    steps = (
        definition(
            "τ = γ_0 − γ_1 = tanh(rx + a) with tanh a = π_0 − π_1; the exponents are ±rx.",
            tau,
            first - second,
        ),
        equation(
            "The second derivative of the integrand of Λ in r is x²(1 − τ²),",
            Derivative(log_partition_integrand(weights, y), (r, 2)),
            x**2 * (1 - (first - second) ** 2),
        ),
        equation(
            "and E X² = 1, so ∇²ℓ = 1 − E X²(1 − τ²) is the expectation of a square:",
            Expectation(x**2, (x,)),
            sympy.S.One,
        ),
        equation("∇²ℓ(r) = E X²τ².", x**2 - x**2 * (1 - tau**2), (x * tau) ** 2),
        prose(
            "τ vanishes at one x at most, except for r = 0 and π_0 = π_1, where it vanishes everywhere: ∇²ℓ(r) > 0 "
            "for all other radii and weights, and ∇²ℓ(0) = (π_0 − π_1)². Along the complement of the line ℓ is ‖θ‖²/2."
        ),
    )
    return Derivation(
        name="convexity-two",
        title=STATEMENT.title,
        statement="k = 2: ∇²ℓ(r) = E[X² tanh²(rX + a)] > 0 unless r = 0 and π_0 = π_1",
        source="not in the paper, which has strong convexity near the origin only",
        scope="k = 2, all weights, every radius, any d",
        k=k,
        steps=steps,
    )
