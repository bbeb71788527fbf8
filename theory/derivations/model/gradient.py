"""EM is gradient descent on −E log p_θ(X) with unit step."""

import sympy
from sympy import Derivative, Subs

from emtheory.theory.derivation import Derivation, Statement, citation, equation, prose
from emtheory.theory.mixture import (
    columns,
    em_integrand,
    exponents,
    free_weights,
    generic_partition,
    generic_posterior,
    log_partition_integrand,
    posterior,
)
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("EM is gradient descent with unit step", 12, general=True)


def derive(k: int) -> Derivation:
    """Derive ∇Λ = M, hence M(θ) = θ − ∇ℓ(θ), for a given k ≥ 2."""
    weights, maps = free_weights(k), rotations(k)
    y = sympy.symbols(f"y_:{k}", real=True)
    data_square, mean_square = sympy.symbols("q s", positive=True)
    a, b = sympy.symbols(f"a_:{k}", real=True), sympy.symbols(f"b_:{k}", real=True)
    t = sympy.Symbol("t", real=True)
    line = [start + t * slope for start, slope in zip(a, b, strict=True)]
    h, x = columns(k - 1, "h", "x")
    gamma = free_weights(k, "gamma")
    inner, h_square = sympy.symbols("c u", real=True)
    loss = (mean_square + 2 * t * inner + t**2 * h_square) / 2 - log_partition_integrand(weights, line)
    densities = [sympy.exp(-(data_square - 2 * value + mean_square) / 2) for value in y]
    steps = (
        equation(
            "p_θ(x)/φ(x) = e^{−s/2} Σ_j π_j e^{y_j} with y_j = ⟨x, U_jθ⟩, q = ‖x‖², s = ‖θ‖²; so "
            "ℓ(θ) − ℓ(0) = −E log p_θ/φ = ‖θ‖²/2 − Λ(θ).",
            sympy.Add(*(p * f for p, f in zip(weights, densities, strict=True))) / sympy.exp(-data_square / 2),
            sympy.exp(-mean_square / 2) * sympy.exp(log_partition_integrand(weights, y)),
        ),
        equation(
            "Along θ + th the exponents are a_j + t b_j with b_j = ⟨x, U_jh⟩ = ⟨U_jᵀx, h⟩: "
            "the derivative of the integrand of Λ is Σ_j γ_j b_j = ⟨Σ_j γ_j U_jᵀx, h⟩.",
            Derivative(log_partition_integrand(weights, line), t),
            sympy.Add(*(g * slope for g, slope in zip(posterior(weights, line), b, strict=True))),
        ),
        equation(
            "For U_j = R^j in coordinates: Σ_j γ_j⟨x, U_jh⟩ = ⟨Σ_j γ_jU_jᵀx, h⟩, the component of the integrand of M.",
            sympy.Add(*(g * value for g, value in zip(gamma, exponents(maps, h, x), strict=True))),
            (em_integrand(gamma, maps, x).T * h)[0],
        ),
        equation(
            "The loss ‖θ + th‖²/2 − log Σ_j π_j e^{y_j}, with s = ‖θ‖², c = ⟨θ, h⟩, u = ‖h‖², has at t = 0 the slope "
            "⟨θ, h⟩ − ⟨m(x; θ), h⟩: the gradient step of unit length, θ − ∇ℓ, is M(θ).",
            Subs(Derivative(loss, t), t, 0),
            inner - sympy.Add(*(g * slope for g, slope in zip(posterior(weights, a), b, strict=True))),
        ),
    )
    return Derivation(
        name="gradient",
        title=STATEMENT.title,
        statement="∇Λ(θ) = M(θ), so M(θ) = θ − ∇ℓ(θ)",
        source="Section 3 of the paper (EM is gradient descent with step 1)",
        scope=f"k = {k}, any weights, any orthogonal maps, any d, at every observation x: for every sample and, "
        "since the gradient is bounded by ‖x‖, which is integrable, for the population",
        k=k,
        steps=steps,
    )


def derive_general() -> Derivation:
    """Derive M(θ) = θ − ∇ℓ(θ) for every k, any weights, orthogonal maps and dimension."""
    j, i, t = component("j"), component("i"), sympy.Symbol("t", real=True)
    weights, y, a, b = family("pi", positive=True), family("y"), family("a"), family("b")
    data_square, mean_square = sympy.symbols("q s", positive=True)
    inner, h_square = sympy.symbols("c u", real=True)
    along = sympy.log(generic_partition(weights, lambda n: a[n] + t * b[n], j))
    slope = total(generic_posterior(weights, lambda n: a[n] + t * b[n], i) * b[i], i)
    densities = total(weights[j] * sympy.exp(-(data_square - 2 * y[j] + mean_square) / 2), j)
    loss = (mean_square + 2 * t * inner + t**2 * h_square) / 2 - along
    steps = (
        equation(
            "p_θ(x)/φ(x) = e^{−s/2} Σ_j π_j e^{y_j} with y_j = ⟨x, U_jθ⟩, q = ‖x‖² and s = ‖θ‖² = ‖U_jθ‖², as U_j is "
            "orthogonal; so ℓ(θ) − ℓ(0) = −E log p_θ/φ = ‖θ‖²/2 − Λ(θ).",
            densities / sympy.exp(-data_square / 2),
            sympy.exp(-mean_square / 2) * generic_partition(weights, lambda n: y[n], j),
        ),
        equation(
            "Along θ + th the exponents are a_j + t b_j with b_j = ⟨x, U_jh⟩. The derivative of the integrand of Λ is "
            "Σ_j γ_j b_j.",
            Derivative(along, t),
            slope,
        ),
        prose("⟨x, U_jh⟩ = ⟨U_jᵀx, h⟩, so Σ_j γ_j b_j = ⟨Σ_j γ_j U_jᵀx, h⟩: the integrand of M, by linearity."),
        equation(
            "The loss ‖θ + th‖²/2 − log Σ_j π_j e^{y_j}, with c = ⟨θ, h⟩ and u = ‖h‖², has at t = 0 the slope "
            "⟨θ, h⟩ − ⟨m(x; θ), h⟩ for every h: its gradient is θ − m(x; θ), at every observation x.",
            Subs(Derivative(loss, t), t, 0),
            inner - total(generic_posterior(weights, lambda n: a[n], i) * b[i], i),
        ),
        prose("Averaging over a sample: θ − ∇ℓ_n(θ) = M_n(θ) for every data set."),
        citation(
            "dominated convergence",
            "The derivative is at most ‖x‖‖h‖ for every θ, which is integrable, so the expectation may be "
            "differentiated under the integral: θ − ∇ℓ(θ) = M(θ).",
        ),
    )
    return Derivation(
        name="gradient",
        title=STATEMENT.title,
        statement="∇Λ(θ) = M(θ), so M(θ) = θ − ∇ℓ(θ)",
        source="Section 3 of the paper (EM is gradient descent with step 1)",
        scope="every k, any positive weights, any orthogonal maps, any d, every θ; samples and population",
        k=None,
        steps=steps,
    )
