"""Four components: EM keeps the regular simplex if and only if three weights are equal."""

from collections.abc import Sequence

import sympy
from sympy import Derivative, ImmutableMatrix

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, prose
from emtheory.theory.fourier import eigenvalue
from emtheory.theory.mixture import posterior

STATEMENT = Statement("four components: which weights keep the simplex", 4, smallest_k=4)

K = 4
U, D, E = sympy.symbols("u D E", real=True)
DIFFERENCE = (D**2 + E**2 - (2 * U - 1) ** 2) / 2
"""f at the weights, in u = π_0 + π_2, D = π_0 − π_2, E = π_1 − π_3."""


def derive(k: int) -> Derivation:
    """Derive the expansion of β_1 − β_2 on the simplex in its radius, and where it vanishes; k is 4."""
    return Derivation(
        name="simplex-classification",
        title=STATEMENT.title,
        statement="k = 4: |π̂_1| = |π̂_2| if and only if (π_0 − π_2)² + (π_1 − π_3)² = (π_0 + π_2 − π_1 − π_3)²; then "
        "β_1 − β_2 = −3(π_0 − π_2)²(π_1 − π_3)² s⁴ + O(s⁶), so that EM keeps the simplex at all small radii if and "
        "only if three weights are equal",
        source="not in the paper, whose critical path takes it for granted that the simplex is kept",
        scope="k = 4, all weights, s² = 4r²/3; that three equal weights suffice is statement flat-spectrum",
        k=k,
        steps=(*_expansion_steps(), *_solution_steps()),
    )


def _laplacian(polynomial: sympy.Expr, gamma: Sequence[sympy.Symbol]) -> sympy.Expr:
    """Σ_l ∂²/∂y_l² of a polynomial in the posterior, by ∂_lγ_j = γ_j(δ_jl − γ_l)."""

    def slope(value: sympy.Expr, index: int) -> sympy.Expr:
        changes = [g * (int(j == index) - gamma[index]) for j, g in enumerate(gamma)]
        return sympy.Add(*(sympy.diff(value, g) * change for g, change in zip(gamma, changes, strict=True)))

    return sympy.expand(sympy.Add(*(slope(slope(polynomial, index), index) for index in range(len(gamma)))))


def _expansion_steps() -> tuple[Step, ...]:
    gamma = sympy.symbols(f"gamma_:{K}", real=True)
    y, weights = sympy.symbols(f"y_:{K}", real=True), sympy.symbols(f"pi_:{K}", positive=True)
    responsibilities = posterior(weights, y)
    apart = [sympy.Add(*(gamma[j] * gamma[(j + s) % K] for j in range(K))) for s in (1, 2)]
    difference = apart[0] - apart[1]
    first = _laplacian(difference, gamma) / 2
    second = _laplacian(first, gamma) / 2
    rest = 1 - U
    chart = dict(zip(gamma, ((U + D) / 2, (rest + E) / 2, (U - D) / 2, (rest - E) / 2), strict=True))
    at_weights = [sympy.expand(value.xreplace(chart)) for value in (difference, first, second)]
    remainder = -3 * D**2 * E**2
    quotients = [_quotient(at_weights[1]), _quotient(at_weights[2] - remainder)]
    powers = [eigenvalue(gamma, m) * eigenvalue(gamma, -m) for m in (1, 2)]
    return (
        equation(
            "|γ̂_1|² − |γ̂_2|² = 2f, f = Σγ_jγ_{j+1} − Σγ_jγ_{j+2}; so β_1 − β_2 = 2E f.",
            powers[0] - powers[1],
            2 * difference,
        ),
        equation(
            "∂γ_j/∂y_l = γ_j(δ_jl − γ_l), which makes derivatives of polynomials in γ polynomials in γ.",
            ImmutableMatrix(K, K, lambda j, n: Derivative(responsibilities[j], y[n])),
            ImmutableMatrix(K, K, lambda j, n: responsibilities[j] * (int(j == n) - responsibilities[n])),
        ),
        citation(
            "Taylor's theorem",
            "With independent exponents y_j = sZ_j, d/d(s²) E f = ½E Δf, Δ = Σ_l∂²/∂y_l² (heat equation). At s = 0 the "
            "posterior is π: E f = f(π) + s²(½Δf)(π) + ½s⁴((½Δ)²f)(π) + O(s⁶).",
        ),
        equation(
            "At the weights, with u = π_0 + π_2, D = π_0 − π_2, E = π_1 − π_3: f is a quadratic form.",
            at_weights[0],
            DIFFERENCE,
        ),
        equation("½Δf is a multiple of f,", at_weights[1], sympy.Mul(DIFFERENCE, quotients[0], evaluate=False)),
        equation(
            "and (½Δ)²f is −3D²E² up to a multiple of f. So where f = 0, β_1 − β_2 = 2 · ½s⁴ · (−3D²E²) + O(s⁶).",
            at_weights[2],
            sympy.Add(remainder, sympy.Mul(DIFFERENCE, quotients[1], evaluate=False)),
        ),
    )


def _quotient(polynomial: sympy.Expr) -> sympy.Expr:
    return sympy.div(sympy.Poly(polynomial, E, D, U), sympy.Poly(DIFFERENCE, E, D, U))[0].as_expr()


def _solution_steps() -> tuple[Step, ...]:
    p = sympy.symbols(f"pi_:{K}", positive=True)

    def form(w: Sequence[sympy.Expr]) -> sympy.Expr:
        return ((w[0] - w[2]) ** 2 + (w[1] - w[3]) ** 2 - (w[0] + w[2] - w[1] - w[3]) ** 2) / 2

    return (
        equation(
            "So f = 0 and D E = 0 are necessary. D = 0, π_2 = π_0: f factors, and one of π_1, π_3 equals π_0,",
            form((p[0], p[1], p[0], p[3])),
            2 * (p[1] - p[0]) * (p[0] - p[3]),
        ),
        equation(
            "and likewise for E = 0, π_3 = π_1: three weights are equal.",
            form((p[0], p[1], p[2], p[1])),
            2 * (p[0] - p[1]) * (p[1] - p[2]),
        ),
        prose("Conversely three equal weights are one special one, D = {j}: statement flat-spectrum."),
    )
