"""The Hessian of the objective: a posterior covariance, and AᵀA at the origin."""

import sympy
from sympy import Derivative, Rational, Subs

from emtheory.theory.derivation import Derivation, Statement, citation, definition, equation, prose
from emtheory.theory.fourier import matrix_a
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import (
    columns,
    covariance,
    exponents,
    free_weights,
    generic_partition,
    generic_posterior,
    log_partition_integrand,
    posterior,
)
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the Hessian of the objective is at most I, and AᵀA at the origin", 5, general=True)


def derive(k: int) -> Derivation:
    """Derive ∇²ℓ = I − E Cov_γ ⪯ I and ∇²ℓ(0) = AᵀA for a given k ≥ 2."""
    weights, gamma = free_weights(k), free_weights(k, "gamma")
    a, b = sympy.symbols(f"a_:{k}", real=True), sympy.symbols(f"b_:{k}", real=True)
    t = sympy.Symbol("t", real=True)
    line = [start + t * slope for start, slope in zip(a, b, strict=True)]
    h, x = columns(k - 1, "h", "x")
    along_h = exponents(rotations(k), h, x)
    A = matrix_a(weights)
    pairs = [(i, j) for i in range(k) for j in range(k)]
    steps = (
        definition("A = Σ_j π_j R^j.", sympy.MatrixSymbol("A", k - 1, k - 1), A),
        equation(
            "Along θ + th the exponents are a_j + t b_j with b_j = ⟨x, U_jh⟩. The second derivative of the integrand "
            "of Λ at t = 0 is the variance of b under the posterior; so ⟨h, ∇²ℓ h⟩ = ‖h‖² − E Var_γ(b).",
            Subs(Derivative(log_partition_integrand(weights, line), (t, 2)), t, 0),
            covariance(posterior(weights, a), b, b),
        ),
        equation(
            "The variance is half the mean of (b_i − b_j)², not negative: Λ is convex and ∇²ℓ ⪯ I. A unit step is 1/L, "
            "so every step lowers ℓ by at least ‖∇ℓ‖²/2.",
            covariance(gamma, b, b),
            Rational(1, 2) * sympy.Add(*(gamma[i] * gamma[j] * (b[i] - b[j]) ** 2 for i, j in pairs)),
        ),
        equation(
            "At the origin γ = π; for U_j = R^j Gaussian moments give E Var_π(b) = ‖h‖² − ‖Ah‖². Hence ∇²ℓ(0) = AᵀA.",
            Expectation(sympy.expand(covariance(weights, along_h, along_h)), tuple(x)),
            (h.T * h)[0] - (h.T * A.T * A * h)[0],
        ),
    )
    return Derivation(
        name="hessian",
        title=STATEMENT.title,
        statement="⟨h, ∇²ℓ(θ)h⟩ = ‖h‖² − E Var_γ⟨X, U_jh⟩ ≤ ‖h‖², ∇²ℓ(0) = AᵀA",
        source="Lemma 5 of the paper (strong convexity near the origin)",
        scope=f"k = {k}, any weights; steps 2 and 3 for any orthogonal maps, d and θ, "
        f"step 4 for U_j = R^j, d = {k - 1}",
        k=k,
        steps=steps,
    )


def derive_general() -> Derivation:
    """Derive ∇²ℓ = I − E Cov_γ ⪯ I and ∇²ℓ(0) = AᵀA for every k, any weights, orthogonal maps and dimension."""
    i, j, n = (component(name) for name in "ijn")
    weights, a, b, c = family("pi", positive=True), family("a"), family("b"), family("c")
    free = family("g", positive=True)
    s, t = sympy.symbols("s t", real=True)

    def gamma(index: sympy.Symbol) -> sympy.Expr:
        return generic_posterior(weights, lambda component: a[component], index)

    def share(index: sympy.Symbol) -> sympy.Expr:
        return free[index] / total(free[n], n)

    along = sympy.log(generic_partition(weights, lambda component: a[component] + t * b[component], j))
    steps = (
        equation(
            "Along θ + th the exponents are a_j + t b_j with b_j = ⟨x, U_jh⟩. The second derivative of the integrand "
            "of Λ at t = 0 is the variance of b under the posterior.",
            Subs(Derivative(along, (t, 2)), t, 0),
            total(gamma(j) * b[j] * (b[j] - total(gamma(i) * b[i], i)), j),
        ),
        citation(
            "dominated convergence",
            "The variance is at most ‖x‖²‖h‖², which is integrable and does not depend on θ: Λ may be differentiated "
            "twice under the expectation, ⟨h, ∇²ℓ(θ)h⟩ = ‖h‖² − E Var_γ(b), and ∇²ℓ is continuous in θ.",
        ),
        equation(
            "The variance is half the mean of (b_i − b_j)², not negative: Λ is convex and ∇²ℓ ⪯ I.",
            total(share(j) * b[j] * (b[j] - total(share(i) * b[i], i)), j),
            Rational(1, 2) * total(share(i) * share(j) * (b[i] - b[j]) ** 2, i, j),
        ),
        prose(
            "At the origin γ = π. E⟨X, u⟩⟨X, v⟩ = ⟨u, v⟩, so E b_jb_l = c_jl = ⟨U_jh, U_lh⟩, and c_jj = ‖h‖² = s as "
            "the U_j are orthogonal; Σ_jl π_jπ_l c_jl = ‖Ah‖² with A = Σ_j π_jU_j."
        ),
        equation(
            "E Var_π(b) = ‖h‖² − ‖Ah‖² for every h: ∇²ℓ(0) = AᵀA.",
            total(share(j) * (s - total(share(i) * c[j, i], i)), j),
            s - total(share(i) * share(j) * c[j, i], i, j),
        ),
        citation(
            "continuity of eigenvalues",
            "∇²ℓ is continuous and λ_min(∇²ℓ(0)) = σ_min(A)². If A is invertible, λ_min(∇²ℓ) stays above σ_min(A)²/2 "
            "on some ball ‖θ‖ ≤ γ, γ > 0: strong convexity near the origin. If it is not, λ_min(∇²ℓ(0)) = 0.",
        ),
    )
    return Derivation(
        name="hessian",
        title=STATEMENT.title,
        statement="⟨h, ∇²ℓ(θ)h⟩ = ‖h‖² − E Var_γ⟨X, U_jh⟩ ≤ ‖h‖², ∇²ℓ(0) = AᵀA",
        source="Lemma 5 of the paper (strong convexity near the origin)",
        scope="every k, any positive weights, any orthogonal maps, any d",
        k=None,
        steps=steps,
    )
