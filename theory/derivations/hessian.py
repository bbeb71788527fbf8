"""The Hessian of the objective: a posterior covariance, and AᵀA at the origin."""

import sympy
from sympy import Derivative, Rational, Subs

from theory.derivation import Derivation, definition, equation
from theory.derivations import STATEMENTS
from theory.fourier import matrix_a
from theory.gaussian_moments import Expectation
from theory.mixture import columns, covariance, exponents, free_weights, log_partition_integrand, posterior
from theory.simplex import rotations


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
        title=STATEMENTS["hessian"].title,
        statement="⟨h, ∇²ℓ(θ)h⟩ = ‖h‖² − E Var_γ⟨X, U_jh⟩ ≤ ‖h‖², ∇²ℓ(0) = AᵀA",
        source="Lemma 5 of the paper (strong convexity near the origin)",
        scope=f"k = {k}, any weights; steps 2 and 3 for any orthogonal maps, d and θ, "
        f"step 4 for U_j = R^j, d = {k - 1}",
        k=k,
        steps=steps,
    )
