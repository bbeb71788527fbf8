"""The DFT condition is necessary: a vanishing π̂_m excludes every exponential rate, from every start that excites it."""

import sympy
from sympy import Derivative

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, inequality, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the DFT condition is necessary for an exponential rate", 0, general=True)


def derive_general() -> Derivation:
    """Derive β_m(θ) ≤ k‖θ‖² where π̂_m = 0, hence Σ_t ‖θ_t‖² = ∞ if P_mθ_0 ≠ 0."""
    return Derivation(
        name="necessity",
        title=STATEMENT.title,
        statement="if π̂_m = 0 then β_m(θ) ≤ k‖θ‖², and Σ_t ‖θ_t‖² = ∞ for population EM from every θ_0 with P_mθ_0 ≠ "
        "0: no exponential rate, nor any power of t better than t^{−1/2}",
        source="not in the paper, which leaves open whether its condition on the weights is necessary (question 3)",
        scope="every k, all weights with π̂_m = 0, U_j = R^j, any d; every start with a component of frequency m",
        k=None,
        steps=(*_slope_steps(), *_product_steps()),
    )


def _slope_steps() -> tuple[Step, ...]:
    j, n = component("j"), component("n")
    weights, character, y = family("pi", positive=True), family("chi"), family("y")
    t = sympy.Symbol("t", real=True)
    terms = weights[j] * sympy.exp(t * y[j])
    partition = total(weights[n] * sympy.exp(t * y[n]), n)

    def mean(values: sympy.Expr) -> sympy.Expr:
        return total(terms * values, j) / partition

    centre = sympy.Symbol("c", real=True)
    return (
        equation(
            "Along tθ, with y_j = ⟨X, U_jθ⟩, the transform Σ_j γ_jχ_j has the slope Σγχy − ΣγχΣγy, the covariance of χ "
            "and y under the posterior. The same holds for real and imaginary part of χ_j = e^{2πimj/k}.",
            Derivative(total(terms * character[j], j) / partition, t),
            mean(character[j] * y[j]) - mean(character[j]) * mean(y[j]),
        ),
        equation(
            "It is Σ_j γ_jχ_j(y_j − c), where c = Σγy,",
            mean(character[j] * (y[j] - centre)),
            mean(character[j] * y[j]) - mean(character[j]) * centre,
        ),
        citation(
            "Jensen's inequality",
            "at most Σγ|y − c| ≤ √(Σγ(y − c)²) in modulus, as |χ_j| = 1; and the variance is at most the second "
            "moment:",
        ),
        equation(
            "so the slope is at most max_j |y_j| for every t.",
            mean((y[j] - centre) ** 2),
            mean(y[j] ** 2) - mean(y[j]) ** 2 + (mean(y[j]) - centre) ** 2,
        ),
        prose(
            "At t = 0 the transform is π̂_m = 0, so |γ̂_m(X; θ)| ≤ max_j |y_j| at t = 1, and "
            "β_m(θ) = E|γ̂_m|² ≤ Σ_j E y_j² = k‖θ‖²."
        ),
    )


def _product_steps() -> tuple[Step, ...]:
    x = sympy.Symbol("x", positive=True)
    return (
        prose(
            "P_mθ_{t+1} = (1 − β_m(θ_t)) P_mθ_t (statement stein-identity), and 0 ≤ β_m ≤ 1. Also β_m < 1 for finite "
            "θ, since γ has no zeros, so ρ_m(t) = ‖P_mθ_t‖ stays positive."
        ),
        inequality(
            "−log(1 − x/2) ≤ x on [0, 1]: both are 0 at x = 0, and the slope 1/(2 − x) of the left side is at most 1.",
            -sympy.log(1 - x / 2),
            "<",
            x,
            domain={x: sympy.Interval.Lopen(0, 1)},
        ),
        prose(
            "Were Σ_t ‖θ_t‖² finite, k‖θ_t‖² would be at most 1/2 from some t_0 on, and, with x = 2k‖θ_t‖², log "
            "ρ_m(t) ≥ log ρ_m(t_0) − 2k Σ ‖θ_t‖² would be bounded below, although ρ_m(t) ≤ ‖θ_t‖ → 0. So the sum is "
            "infinite. An exponential rate ‖θ_t‖ ≤ C f^t, or ‖θ_t‖ ≤ C t^{−a} with a > 1/2, would make it finite."
        ),
    )
