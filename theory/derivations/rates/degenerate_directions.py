"""Directions that A annihilates: KL is of fourth order there and EM sublinear, with an exact constant."""

import sympy
from sympy import Derivative, Limit, Rational, Subs

from emtheory.theory.derivation import Derivation, Statement, Step, citation, definition, equation, prose
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("KL and EM along directions that A annihilates", 0, general=True)

RADIUS, QUARTIC = sympy.symbols("r q", positive=True)


def derive_general() -> Derivation:
    """Derive KL(ru) = q r⁴/4 + O(r⁶) for Au = 0, and r_t² ~ 1/(2qt), KL_t ~ 1/(16 q t²)."""
    return Derivation(
        name="degenerate-directions",
        title=STATEMENT.title,
        statement="if Au = 0 and ‖u‖ = 1, KL(ru) = q r⁴/4 + O(r⁶), q = Σ_ij π_iπ_j⟨U_iu, U_ju⟩² = ‖T‖_F² in [1/d, 1], "
        "T = Σ_j π_j (U_ju)(U_ju)ᵀ; where EM stays on the line of u, r_t² ~ 1/(2qt) and KL_t ~ 1/(16qt²)",
        source="not in the paper, whose weights are not degenerate; open question 3",
        scope="every k, all weights, any orthogonal maps, any d, every u with Au = 0",
        k=None,
        steps=(*_cumulant_steps(), *_moment_steps(), *_divergence_steps(), *_rate_steps()),
    )


def _cumulant_steps() -> tuple[Step, ...]:
    t = sympy.Symbol("t", real=True)
    m = sympy.symbols("m_1:5", real=True)
    mean = 1 + sympy.Add(*(t**n * value / sympy.factorial(n) for n, value in enumerate(m, start=1)))
    centred = mean.subs(m[0], 0)
    return (
        definition(
            "m_n = Σ_j π_j y_j^n with y_j = ⟨X, U_ju⟩, so that Σ_j π_j e^{ty_j} = 1 + t m_1 + t² m_2/2 + … Here "
            "m_1 = ⟨X, Au⟩ = 0.",
            sympy.Symbol("m_1"),
            sympy.S.Zero,
        ),
        equation(
            "Second, third and fourth derivative of log Σ_j π_j e^{ty_j} at t = 0, with m_1 = 0.",
            sympy.ImmutableMatrix([Subs(Derivative(sympy.log(centred), (t, n)), t, 0) for n in (2, 3, 4)]),
            sympy.ImmutableMatrix([m[1], m[2], m[3] - 3 * m[1] ** 2]),
        ),
    )


def _moment_steps() -> tuple[Step, ...]:
    i, j = component("i"), component("j")
    weights, correlation = family("pi", positive=True), family("c")
    z, w = sympy.symbols("z w", real=True)
    c = sympy.Symbol("c", real=True)
    first, second = z, c * z + sympy.sqrt(1 - c**2) * w
    mass = total(weights[i], i)
    overlap = total(weights[i] * weights[j] * correlation[i, j] ** 2, i, j)
    return (
        equation(
            "y_j is standard normal, and a pair y_i, y_j has the covariance c = ⟨U_iu, U_ju⟩: it is distributed as z, "
            "cz + √(1−c²)w. Hence E y_j² = 1, E y_j³ = 0, E y_j⁴ = 3 and E y_i²y_j² = 1 + 2c².",
            sympy.ImmutableMatrix(
                [Expectation(p, (z, w)) for p in (first**2, first**3, first**4, (first * second) ** 2)]
            ),
            sympy.ImmutableMatrix([1, 0, 3, 1 + 2 * c**2]),
        ),
        equation(
            "Averaged over the components (weights written π_j/Σπ): E(m_4 − 3m_2²) = −6q with q = Σ_ij π_iπ_j c_ij².",
            total(3 * weights[j], j) / mass
            - 3 * total(weights[i] * weights[j] * (1 + 2 * correlation[i, j] ** 2), i, j) / mass**2,
            -6 * overlap / mass**2,
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    i, j = component("i"), component("j")
    weights, a, b = family("pi", positive=True), family("a"), family("b")
    eigenvalue, d = sympy.symbols("lambda d", positive=True)
    second, fourth = sympy.symbols("mu_2 kappa_4", real=True)
    return (
        citation(
            "Taylor's theorem",
            "The n-th derivative is a cumulant of y under the posterior, at most C max|y_j|^n, which is integrable; "
            "odd ones have expectation 0 at t = 0 as X and −X have the same law: what is left out of Λ is O(r⁶).",
        ),
        equation(
            "KL(ru) = r²/2 − Λ, where Λ = r² E m_2/2 + r⁴ E(m_4 − 3m_2²)/24: the second order cancels.",
            Subs(
                RADIUS**2 / 2 - (RADIUS**2 * second / 2 + RADIUS**4 * fourth / 24), (second, fourth), (1, -6 * QUARTIC)
            ),
            QUARTIC * RADIUS**4 / 4,
        ),
        equation(
            "q = ‖T‖_F²: for each pair of coordinates, a_j and b_j those of U_ju, the square of the entry Σ_j "
            "π_ja_jb_j of T is Σ_ij π_iπ_j (a_ia_j)(b_ib_j); summed over all pairs, ⟨U_iu, U_ju⟩² appears.",
            total(weights[j] * a[j] * b[j], j) ** 2,
            total(weights[i] * weights[j] * a[i] * a[j] * b[i] * b[j], i, j),
        ),
        equation(
            "T is positive semidefinite with trace Σ_j π_j‖U_ju‖² = 1. Summed over its d eigenvalues this is "
            "Σ(λ − 1/d)² = q − 1/d ≥ 0, and q ≤ (Σλ)² = 1.",
            (eigenvalue - 1 / d) ** 2,
            eigenvalue**2 - 2 * eigenvalue / d + 1 / d**2,
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    t, e = sympy.symbols("t e", positive=True)
    divergence = QUARTIC * RADIUS**4 / 4
    next_radius = RADIUS * (1 - QUARTIC * RADIUS**2 - e * RADIUS**4)
    return (
        equation(
            "Along the line of u the gradient of ℓ is q r³ + O(r⁵).",
            Derivative(divergence, RADIUS),
            QUARTIC * RADIUS**3,
        ),
        equation(
            "So a step of EM is r → r(1 − q r² − e r⁴), bounded e, where the line is invariant: 1/r² grows by 2q in "
            "the limit r → 0.",
            Limit(1 / next_radius**2 - 1 / RADIUS**2, RADIUS, 0),
            2 * QUARTIC,
        ),
        citation("Stolz–Cesàro theorem", "a_t = 1/r_t² has a_{t+1} − a_t → 2q, so r_t² ~ 1/(2qt)."),
        equation(
            "At r_t² = 1/(2qt) the divergence is 1/(16qt²).",
            Subs(divergence, RADIUS, sympy.sqrt(1 / (2 * QUARTIC * t))),
            Rational(1, 16) / (QUARTIC * t**2),
        ),
        prose(
            "Whether or not the line is invariant, no factor holds near the origin: J_M(0)u = (I − AᵀA)u = u, so "
            "‖M^t(θ)‖ ≤ C f^t‖θ‖ with f < 1 for all small θ would give, differentiated at 0, 1 = ‖J^tu‖ ≤ C f^t."
        ),
    )
