"""Population EM converges linearly from every start under the DFT condition."""

import sympy

from emtheory.theory.derivation import Derivation, Statement, citation, equation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("EM converges linearly from every start", 0, general=True)


def derive_general() -> Derivation:
    """Derive linear convergence from every start, the asymptotic factor and that 0 is the only stationary point."""
    m, j, n = (component(name) for name in "mjn")
    amplitude, beta, free = family("rho"), family("beta"), family("g", positive=True)
    steps = (
        prose(
            "Statement stein-identity: a step of EM multiplies the component of frequency m by 1 − β_m, "
            "β_m = E|γ̂_m|² in [0, 1]."
        ),
        equation(
            "What ‖θ‖² = Σ_m ρ_m² loses in a step is Σ_m β_m(2 − β_m)ρ_m², never negative: ‖M(θ)‖ ≤ ‖θ‖ for every θ, "
            "and iterates remain in the ball of their start. Divergence is impossible.",
            total(amplitude[m] ** 2 - ((1 - beta[m]) * amplitude[m]) ** 2, m),
            total(beta[m] * (2 - beta[m]) * amplitude[m] ** 2, m),
        ),
        prose(
            "Statement contraction-bound: β_m(θ) ≥ e^{−‖θ‖²}|π̂_m|². On the ball of the start every frequency "
            "contracts by at most 1 − e^{−‖θ_0‖²} min |π̂_m|² < 1 if no π̂_m vanishes: ‖θ_t‖ tends to 0 "
            "geometrically, whatever θ_0."
        ),
        citation(
            "dominated convergence",
            "|γ̂_m|² ≤ 1 is continuous in θ, so β_m is, and β_m(θ_t) → β_m(0) = |π̂_m|² as θ_t → 0: in the limit ρ_m "
            "shrinks by the factor 1 − |π̂_m|² a step, and the slowest excited frequency decides: "
            "‖θ_{t+1}‖/‖θ_t‖ → 1 − min |π̂_m|².",
        ),
        equation(
            "On the complement of the simplex R = I: γ̂_0 = Σ_j γ_j = 1, so β_0 = 1 and one step reaches 0 there. The "
            "exponents do not see the complement: nothing depends on d.",
            total(free[j] / total(free[n], n), j),
            sympy.S.One,
        ),
        prose(
            "⟨θ, ∇ℓ(θ)⟩ = ⟨θ, B(θ)θ⟩ ≥ e^{−‖θ‖²}‖Aθ‖² > 0 for θ ≠ 0 if A is invertible: the origin is the only "
            "stationary point of ℓ and its global minimum; there are no spurious ones."
        ),
    )
    return Derivation(
        name="global-convergence",
        title=STATEMENT.title,
        statement="‖θ_t‖ → 0 geometrically from every θ_0 if no π̂_m vanishes; ‖θ_{t+1}‖/‖θ_t‖ → 1 − min |π̂_m|²",
        source="not in the paper; the exact identity and the bound on B",
        scope="every k, any weights with no π̂_m = 0, any d, every start",
        k=None,
        steps=steps,
    )
