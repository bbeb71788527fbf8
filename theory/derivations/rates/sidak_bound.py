"""A second bound on the contraction factor: total variation of the posterior, and Šidák's inequality."""

import sympy
from sympy import Integral

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, inequality, prose

STATEMENT = Statement("a bound on the contraction factor by total variation", 0, general=True)


def derive_general() -> Derivation:
    """Derive β_m(θ) ≥ (σ²/4) erf(σ/(2√2 r))^k, σ = |π̂_m|, r = ‖θ‖."""
    return Derivation(
        name="sidak-bound",
        title=STATEMENT.title,
        statement="TV(γ, π) ≤ tanh(Ω/4), Ω the oscillation of the exponents; |γ̂_m| ≥ |π̂_m| − 2 tanh(Ω/4); "
        "β_m(θ) ≥ (σ²/4) erf(σ/(2√2 r))^k, σ = |π̂_m|, r = ‖θ‖",
        source="not in the paper; weaker than statement contraction-bound, by a different way",
        scope="every k, all weights, U_j = R^j, any d, every θ ≠ 0",
        k=None,
        steps=(*_variation_steps(), *_probability_steps()),
    )


def _variation_steps() -> tuple[Step, ...]:
    p, growth = sympy.symbols("p E", positive=True)
    largest = p * growth**2 / (p * growth**2 + 1 - p)
    return (
        prose(
            "TV(γ, π) = γ(S) − p, S the components with γ_j > π_j and p = π(S). As γ_j ∝ π_je^{y_j} and the y_j "
            "differ by at most Ω, the odds γ(S)/(1 − γ(S)) are at most e^Ω p/(1 − p): with E = e^{Ω/2}, γ(S) ≤ "
            "pE²/(pE² + 1 − p)."
        ),
        equation(
            "tanh(Ω/4) = (E − 1)/(E + 1) exceeds this bound on γ(S) − p by a square: TV(γ, π) ≤ tanh(Ω/4).",
            (growth - 1) / (growth + 1) - (largest - p),
            (growth - 1) * (1 - p * (growth + 1)) ** 2 / ((growth + 1) * (1 + p * (growth**2 - 1))),
        ),
        prose(
            "|γ̂_m − π̂_m| ≤ Σ_j|γ_j − π_j| = 2 TV(γ, π), the characters having modulus 1: |γ̂_m| ≥ |π̂_m| − 2 tanh(Ω/4)."
        ),
    )


def _probability_steps() -> tuple[Step, ...]:
    x, a, r = sympy.symbols("x a r", positive=True)
    y = sympy.Symbol("y", real=True)
    return (
        inequality(
            "tanh x ≤ x for x ≥ 0: both are 0 at 0, and the slope 1 − tanh² x is at most 1.", sympy.tanh(x), "<", x
        ),
        prose("If all |y_j| ≤ σ/2, then Ω ≤ σ, 2 tanh(Ω/4) ≤ Ω/2 ≤ σ/2, and |γ̂_m|² ≥ σ²/4."),
        equation(
            "Each y_j = ⟨X, U_jθ⟩ is normal with variance r², so P(|y_j| ≤ a) = erf(a/(√2 r)).",
            Integral(sympy.exp(-(y**2) / (2 * r**2)) / (r * sympy.sqrt(2 * sympy.pi)), (y, -a, a)),
            sympy.erf(a / (sympy.sqrt(2) * r)),
        ),
        citation(
            "Šidák's inequality",
            "The y_j are jointly normal and centred: P(all |y_j| ≤ σ/2) ≥ erf(σ/(2√2 r))^k, and β_m = E|γ̂_m|² is at "
            "least σ²/4 times that. It decreases in r, so it holds on the ball.",
        ),
    )
