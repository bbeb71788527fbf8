"""Samples: the Fisher information at θ = 0, and the likelihood in directions where it vanishes."""

import sympy
from sympy import Derivative, Subs

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, prose
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the Fisher information, and n^{−1/4} where it vanishes", 0, general=True)

T = sympy.Symbol("t", real=True)


def derive_general() -> Derivation:
    """Derive I(0) = AᵀA, and the quadratic model in r² along u with Au = 0."""
    return Derivation(
        name="fisher-information",
        title=STATEMENT.title,
        statement="the Fisher information at θ = 0 is AᵀA = ∇²ℓ(0); if A is invertible, √n θ̂ → N(0, (AᵀA)^{−1}) and "
        "2n KL → χ²_d; along u with Au = 0 the likelihood depends on η = r² to first order, with information q/2, and "
        "√n η̂ → max(0, N(0, 2/q)): ‖θ̂‖ is of order n^{−1/4}",
        source="not in the paper, whose finite-sample theorem bounds the error of EM's iterates",
        scope="every k, all weights, any orthogonal maps, any d. The score, the information and the model in η are "
        "derived; the limit theorems are cited, not proved here",
        k=None,
        steps=(*_score_steps(), *_limit_steps(), *_degenerate_steps()),
    )


def _log_ratio() -> sympy.Expr:
    """log p_{th}(x)/φ(x) for weights p_j/Σp, with b_j = ⟨x, U_jh⟩ and s = ‖h‖²."""
    j, n = component("j"), component("n")
    weights, b = family("p", positive=True), family("b")
    square = sympy.Symbol("s", positive=True)
    mass = total(weights[n], n)
    return sympy.log(total(weights[j] * sympy.exp(T * b[j]), j) / mass) - T**2 * square / 2


def _score_steps() -> tuple[Step, ...]:
    i, j, n = component("i"), component("j"), component("n")
    weights, b = family("p", positive=True), family("b")
    mass = total(weights[n], n)
    return (
        equation(
            "The score at θ = 0 along h is Σ_jπ_jb_j = ⟨x, Ah⟩ (weights are written p_j/Σp).",
            Subs(Derivative(_log_ratio(), T), T, 0),
            total(weights[j] * b[j], j) / mass,
        ),
        equation(
            "Its square is Σ_ij π_iπ_j b_ib_j, whose expectation, with E b_ib_j = c_ij = ⟨U_ih, U_jh⟩, is ‖Ah‖²: the "
            "Fisher information is AᵀA, which is ∇²ℓ(0) (statement hessian).",
            (total(weights[j] * b[j], j) / mass) ** 2,
            total(weights[i] * weights[j] * b[i] * b[j], i, j) / mass**2,
        ),
    )


def _limit_steps() -> tuple[Step, ...]:
    n, sigma, z = sympy.symbols("n sigma z", positive=True)
    return (
        citation(
            "maximum likelihood",
            "θ = 0 is interior and, when A is invertible, the only θ with p_θ = p_0 (KL > 0 elsewhere, statement "
            "contraction-bound): √n θ̂ tends in law to N(0, (AᵀA)^{−1}).",
        ),
        equation(
            "In the direction of a singular value σ of A, θ̂ ≈ z/(σ√n) with z standard normal and KL ≈ σ²θ̂²/2, so "
            "2n KL ≈ z²; the sum over d directions is χ²_d, with mean d, for all weights.",
            2 * n * Subs(sigma**2 * z**2 / 2, z, z / (sigma * sympy.sqrt(n))),
            z**2,
        ),
        citation("Wilks' theorem", "The likelihood ratio has the same limit."),
    )


def _degenerate_steps() -> tuple[Step, ...]:
    j, n = component("j"), component("n")
    weights, b = family("p", positive=True), family("b")
    square = sympy.Symbol("s", positive=True)
    mass = total(weights[n], n)
    eigenvalue, size, eta, delta, quartic = sympy.symbols("lambda n eta Delta q", positive=True)
    z = sympy.Symbol("z", real=True)
    model = sympy.sqrt(size) * eta * delta - size * eta**2 * quartic / 4
    return (
        equation(
            "The second derivative at t = 0 is Σπb² − (Σπb)² − s. Along u with Au = 0, ‖u‖ = 1, it is xᵀTx − 1, "
            "T = Σ_jπ_j(U_ju)(U_ju)ᵀ: log p_{ru}/φ = r²(xᵀTx − 1)/2 + O(r³).",
            Subs(Derivative(_log_ratio(), (T, 2)), T, 0),
            total(weights[j] * b[j] ** 2, j) / mass - total(weights[j] * b[j], j) ** 2 / mass**2 - square,
        ),
        equation(
            "For an eigenvalue λ of T, with trace 1, λ(z² − 1)/2 has mean 0 and variance λ²/2: the score in η = r² "
            "has the variance q/2, q = Σλ² = ‖T‖_F² > 0.",
            sympy.ImmutableMatrix(
                [Expectation(eigenvalue * (z**2 - 1) / 2, (z,)), Expectation((eigenvalue * (z**2 - 1) / 2) ** 2, (z,))]
            ),
            sympy.ImmutableMatrix([0, eigenvalue**2 / 2]),
        ),
        citation(
            "local asymptotic normality",
            "In η ≥ 0 of order n^{−1/2} the log-likelihood ratio of n points is √n η Δ − n η² q/4 up to o(1), Δ "
            "normal with variance q/2; the term of order r³ = η^{3/2} has mean 0, so that its sum is of order n^{1/2 "
            "− 3/4}.",
        ),
        equation(
            "Its maximum on η ≥ 0 is at η̂ = max(0, 2Δ/(q√n)),",
            Subs(Derivative(model, eta), eta, 2 * delta / (quartic * sympy.sqrt(size))),
            sympy.S.Zero,
        ),
        equation(
            "and √n η̂ is the positive part of a normal variable with the variance (2/q)² q/2 = 2/q.",
            Expectation((2 * z * sympy.sqrt(quartic / 2) / quartic) ** 2, (z,)),
            2 / quartic,
        ),
        prose("r̂ = √η̂ is of order n^{−1/4}, in place of n^{−1/2}. For uniform weights on the simplex q = 1/(k − 1)."),
    )
