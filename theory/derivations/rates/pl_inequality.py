"""The Polyak-Łojasiewicz inequality from the exact identity, with its constant."""

import sympy
from sympy import Integral, Rational

from emtheory.theory.derivation import Derivation, Statement, citation, equation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the PL inequality and its constant", 0, general=True)


def derive_general() -> Derivation:
    """Derive ½‖∇ℓ‖² ≥ b² KL, b the smallest eigenvalue of B on the ball, and that it fails if A is singular."""
    i = component("i")
    t, u = sympy.symbols("t u", positive=True)
    q, r, least = sympy.symbols("q r b", positive=True)
    eigenvalues, x = family("beta", positive=True), family("x")
    steps = (
        prose(
            "Statement stein-identity: ∇ℓ(θ) = B(θ)θ with 0 ⪯ B(θ) ⪯ I. So d/dt ℓ(tθ) = ⟨∇ℓ(tθ), θ⟩ = t⟨θ, B(tθ)θ⟩ "
            "is at most t‖θ‖², and KL = ℓ(θ) − ℓ(0)."
        ),
        equation("KL is at most the integral of t‖θ‖² over [0, 1], with u = ‖θ‖².", Integral(t * u, (t, 0, 1)), u / 2),
        citation("spectral theorem", "B(θ) is symmetric: let β_i be its eigenvalues and x_i the coordinates of θ."),
        equation(
            "‖Bθ‖² − b²‖θ‖² = Σ_i (β_i − b)(β_i + b)x_i², not negative if b ≤ β_i for every i.",
            total(eigenvalues[i] ** 2 * x[i] ** 2, i) - least**2 * total(x[i] ** 2, i),
            total((eigenvalues[i] - least) * (eigenvalues[i] + least) * x[i] ** 2, i),
        ),
        prose(
            "Hence ½‖∇ℓ(θ)‖² ≥ ½b²‖θ‖² ≥ b² KL(θ) on ‖θ‖ ≤ ρ, b the least eigenvalue of B there. Statement "
            "contraction-bound: b ≥ e^{−ρ²} σ_min(A)², so μ = e^{−2ρ²} σ_min(A)⁴ is a PL constant on the ball of "
            "radius ρ, positive for every ρ if A is invertible."
        ),
        equation(
            "If Au = 0, KL(ru) = q r⁴/4 + O(r⁶) with gradient q r³ + O(r⁵) along u and, as ℓ is smooth, O(r³) in "
            "all: the ratio of the leading terms along u is 2q r², which tends to 0 with r, so there is no PL "
            "constant.",
            Rational(1, 2) * (q * r**3) ** 2 / Integral(q * t**3, (t, 0, r)),
            2 * q * r**2,
        ),
    )
    return Derivation(
        name="pl-inequality",
        title=STATEMENT.title,
        statement="½‖∇ℓ(θ)‖² ≥ b² KL(θ) for ‖θ‖ ≤ ρ, b = min over the ball of λ_min(B) ≥ e^{−ρ²} σ_min(A)²",
        source="Lemma 1 of the paper (local PL inequality), with its constant",
        scope="every k, any weights, any orthogonal maps, any d, any ρ",
        k=None,
        steps=steps,
    )
