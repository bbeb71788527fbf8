"""The EM operator, from the surrogate that the M-step maximises."""

import sympy
from sympy import ImmutableMatrix

from emtheory.theory.derivation import Derivation, Statement, definition, equation, prose
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import columns, em_integrand, exponents, free_weights, generic_posterior, posterior
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the EM operator M(θ) from the surrogate it maximises", 12, general=True)


def derive(k: int) -> Derivation:
    """Derive M(θ) = E Σ_j γ_j U_jᵀ X for a given k ≥ 2."""
    weights, gamma = free_weights(k), free_weights(k, "gamma")
    maps = rotations(k)
    theta, x, target = columns(k - 1, "theta", "x", "m")
    y = sympy.symbols(f"y_:{k}", real=True)
    data_square, mean_square = sympy.symbols("q s", positive=True)
    log_densities = [-(data_square - 2 * value + mean_square) / 2 for value in y]
    image = em_integrand(gamma, maps, x)
    at_origin = em_integrand(weights, maps, x)
    steps = (
        definition(
            "E-step: the posterior, with exponents y_j = ⟨x, U_jθ⟩.",
            ImmutableMatrix(sympy.symbols(f"gamma_:{k}")),
            ImmutableMatrix(posterior(weights, y)),
        ),
        equation(
            "It is Bayes' rule for the densities exp(−‖x − U_jθ‖²/2): with q = ‖x‖² and s = ‖θ‖² = ‖U_jθ‖² "
            "the norms cancel.",
            ImmutableMatrix(posterior(weights, log_densities)),
            ImmutableMatrix(posterior(weights, y)),
        ),
        equation(
            "M-step: the surrogate Σ_j γ_j log φ(x − U_jθ'), up to a constant, is linear in the exponents y_j of θ' "
            "apart from s = ‖θ'‖², because the γ_j sum to 1.",
            sympy.Add(*(g * value for g, value in zip(gamma, log_densities, strict=True))),
            -(data_square + mean_square) / 2 + sympy.Add(*(g * value for g, value in zip(gamma, y, strict=True))),
        ),
        equation(
            "The linear part is ⟨m, θ'⟩ with m = Σ_j γ_j U_jᵀ x.",
            sympy.Add(*(g * value for g, value in zip(gamma, exponents(maps, theta, x), strict=True))),
            sympy.Add(*(a * b for a, b in zip(image, theta, strict=True))),
        ),
        equation(
            "Completing the square: after taking expectations, θ' = E m is the only maximiser.",
            -_square(theta) / 2 + (target.T * theta)[0],
            _square(target) / 2 - _square(theta - target) / 2,
        ),
        equation(
            "The origin is a fixed point: there γ = π, and E Σ_j π_j U_jᵀ X = 0.",
            at_origin.applyfunc(lambda entry: Expectation(entry, tuple(x))),
            ImmutableMatrix.zeros(k - 1, 1),
        ),
    )
    return Derivation(
        name="em-operator",
        title=STATEMENT.title,
        statement="M(θ) = E Σ_j γ_j(X; θ) U_jᵀ X",
        source="Section 3 of the paper (the EM update with tied means)",
        scope=f"k = {k}, any weights; steps 4 and 6 for U_j = R^j in d = {k - 1}, the others for any orthogonal maps",
        k=k,
        steps=steps,
    )


def _square(vector: ImmutableMatrix) -> sympy.Expr:
    return sympy.Add(*(entry**2 for entry in vector))


def derive_general() -> Derivation:
    """Derive M(θ) = E Σ_j γ_j U_jᵀ X for every k, any weights and orthogonal maps."""
    j, n = component("j"), component("n")
    weights, y, free = family("pi", positive=True), family("y"), family("g", positive=True)
    theta, target = family("theta"), family("m")
    data_square, mean_square = sympy.symbols("q s", positive=True)

    def log_density(index: sympy.Symbol) -> sympy.Expr:
        return -(data_square - 2 * y[index] + mean_square) / 2

    def gamma(index: sympy.Symbol) -> sympy.Expr:
        return free[index] / total(free[n], n)

    steps = (
        equation(
            "E-step: Bayes' rule for the densities exp(−‖x − U_jθ‖²/2). With q = ‖x‖² and s = ‖θ‖² = ‖U_jθ‖² the norms "
            "cancel, and γ_j is proportional to π_j e^{y_j}, y_j = ⟨x, U_jθ⟩.",
            generic_posterior(weights, log_density, j),
            generic_posterior(weights, lambda index: y[index], j),
        ),
        equation(
            "M-step: the surrogate Σ_j γ_j log φ(x − U_jθ'), up to a constant, is linear in the exponents y_j of θ' "
            "apart from s = ‖θ'‖², because the γ_j sum to 1.",
            total(gamma(j) * log_density(j), j),
            -(data_square + mean_square) / 2 + total(gamma(j) * y[j], j),
        ),
        prose("Σ_j γ_j⟨x, U_jθ'⟩ = ⟨m, θ'⟩ with m = Σ_j γ_jU_jᵀx, and E m exists since ‖m‖ ≤ ‖x‖."),
        equation(
            "Completing the square, in any number of coordinates: −‖θ'‖²/2 + ⟨E m, θ'⟩ = ‖E m‖²/2 − ‖θ' − E m‖²/2, so "
            "θ' = E m is the only maximiser.",
            total(-(theta[j] ** 2) / 2 + target[j] * theta[j], j),
            total(target[j] ** 2 / 2 - (theta[j] - target[j]) ** 2 / 2, j),
        ),
        prose("At θ = 0 the posterior is π, and E Σ_j π_jU_jᵀX = 0 because E X = 0: the origin is a fixed point."),
    )
    return Derivation(
        name="em-operator",
        title=STATEMENT.title,
        statement="M(θ) = E Σ_j γ_j(X; θ) U_jᵀ X",
        source="Section 3 of the paper (the EM update with tied means)",
        scope="every k, any positive weights, any orthogonal maps, any d",
        k=None,
        steps=steps,
    )
