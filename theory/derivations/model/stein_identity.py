"""The exact identity M(θ) = (I − B(θ))θ, from Stein's lemma."""

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, Subs

from emtheory.theory.derivation import Derivation, Statement, citation, definition, equation, prose
from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root
from emtheory.theory.mixture import columns, free_weights, generic_posterior, posterior
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("M(θ) = (I − B(θ))θ with B = E GᵀG", 5, general=True)


def derive(k: int) -> Derivation:
    """Derive M(θ) = (I − B(θ))θ with B = E GᵀG, G = Σ_j γ_j U_j, and 0 ⪯ B ⪯ I, for a given k ≥ 2."""
    weights, gamma = free_weights(k), free_weights(k, "gamma")
    x, s, t = sympy.symbols("x s t", real=True)
    u, c = sympy.symbols(f"u_:{k}", real=True), sympy.symbols(f"c_:{k}", real=True)
    responsibilities = ImmutableMatrix(posterior(weights, [x * a + b for a, b in zip(u, c, strict=True)]))
    density = sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi)
    slopes = responsibilities.applyfunc(lambda g: Derivative(g, x))
    mean_slope = sympy.Add(*(g * a for g, a in zip(responsibilities, u, strict=True)))
    maps, (theta,) = rotations(k), columns(k - 1, "theta")
    G = sum((g * U for g, U in zip(gamma, maps, strict=True)), ImmutableMatrix.zeros(k - 1))
    drift = sum(
        (g * U.T * (U * theta - G * theta) for g, U in zip(gamma, maps, strict=True)), ImmutableMatrix.zeros(k - 1, 1)
    )
    gram = [[s if i == j else sympy.Symbol(f"c_{min(i, j)}{max(i, j)}", real=True) for j in range(k)] for i in range(k)]
    pairs = [(i, j) for i in range(k) for j in range(k)]
    image_square = sympy.Add(*(gamma[i] * gamma[j] * gram[i][j] for i, j in pairs))
    F, C = eigenvectors(k), circulant(gamma)
    powers = [eigenvalue(gamma, m) * eigenvalue(gamma, -m) for m in range(1, k)]
    steps = (
        definition(
            "As a function of one coordinate x of the observation the exponents are x u_j + c_j: "
            "u_j is that coordinate of U_jθ, c_j collects the others.",
            ImmutableMatrix(sympy.symbols(f"gamma_:{k}")),
            responsibilities,
        ),
        equation(
            "Divergence identity. γ_jφ vanishes at infinity, so the integral of the left side is 0: "
            "E[γ_jX] = E[∂γ_j], Stein's lemma.",
            responsibilities.applyfunc(lambda g: Derivative(g * density, x)),
            MatMul(density, slopes - x * responsibilities),
        ),
        equation(
            "The derivative of the posterior; over all coordinates, ∇γ_j = γ_j(U_jθ − Gθ) with G = Σ_l γ_l U_l.",
            slopes,
            ImmutableMatrix([g * (a - mean_slope) for g, a in zip(responsibilities, u, strict=True)]),
        ),
        equation(
            "M(θ) = E Σ_j U_jᵀγ_jX = E Σ_j U_jᵀ∇γ_j = E Σ_j γ_jU_jᵀ(U_jθ − Gθ), which is θ − E GᵀGθ; "
            "here for U_j = R^j.",
            drift,
            theta - G.T * G * theta,
        ),
        equation(
            "The same for any orthogonal maps, against any vector h = θ: with c_ij = ⟨U_iθ, U_jθ⟩, c_ii = s = ‖θ‖², "
            "Σ_j γ_j⟨U_jθ, U_jθ − Gθ⟩ = ‖θ‖² − ‖Gθ‖². Polarising in θ gives the identity of matrices.",
            sympy.Add(*(gamma[j] * (s - sum(gamma[i] * gram[j][i] for i in range(k))) for j in range(k))),
            s - image_square,
        ),
        equation(
            "I − GᵀG is positive semidefinite: ‖θ‖² − ‖Gθ‖² is the mean of ‖U_iθ − U_jθ‖²/2 = s − c_ij. As "
            "⟨θ, GᵀGθ⟩ = ‖Gθ‖² ≥ 0 too, 0 ⪯ B(θ) ⪯ I.",
            s - image_square,
            sympy.Add(*(gamma[i] * gamma[j] * (s - gram[i][j]) for i, j in pairs)),
        ),
        equation(
            "In frequency (U_j = R^j): GᵀG multiplies the component m by |γ̂_m|², so P_mM(θ) = (1 − E|γ̂_m|²) P_mθ.",
            MatMul(C.T, C, F),
            MatMul(F, sympy.diag(*powers)),
        ),
        equation(
            "Along tθ the exponents are t⟨x, U_jθ⟩; at t = 0 the posterior is π, so G = A and B(0) = AᵀA.",
            ImmutableMatrix([Subs(g, t, 0) for g in posterior(weights, [t * value for value in c])]),
            ImmutableMatrix(weights),
        ),
    )
    return Derivation(
        name="stein-identity",
        title=STATEMENT.title,
        statement="M(θ) = (I − B(θ))θ, B(θ) = E[G(X; θ)ᵀG(X; θ)], 0 ⪯ B(θ) ⪯ I, B(0) = AᵀA",
        source="not in the paper; Stein's lemma applied to its EM operator",
        scope=f"k = {k}, any weights, any orthogonal maps, any d, every θ; steps 4 and 7 are the case U_j = R^j. "
        "That the boundary term vanishes is read off: 0 < γ_j < 1 and φ decays",
        k=k,
        steps=steps,
    )


def derive_general() -> Derivation:
    """Derive M(θ) = (I − B(θ))θ and 0 ⪯ B ⪯ I for every k, any weights, orthogonal maps and dimension."""
    i, j, n, m = (component(name) for name in "ijnm")
    x, s, t = sympy.symbols("x s t", real=True)
    weights, u, c = family("pi", positive=True), family("u"), family("c")
    free = family("g", positive=True)

    def gamma(index: sympy.Symbol) -> sympy.Expr:
        return free[index] / total(free[n], n)

    def responsibility(index: sympy.Symbol) -> sympy.Expr:
        return generic_posterior(weights, lambda component: x * u[component] + c[component], index)

    density = sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi)
    mean_square = total(gamma(i) * gamma(j) * c[i, j], i, j)
    steps = (
        equation(
            "As a function of one coordinate x of the observation the exponents are x u_j + c_j, where u_j is that "
            "coordinate of U_jθ. The derivative of γ_jφ is φ times ∂γ_j − xγ_j.",
            Derivative(responsibility(j) * density, x),
            density * (Derivative(responsibility(j), x) - x * responsibility(j)),
        ),
        citation(
            "Stein's lemma",
            "E[γ_jX] = E[∇γ_j]: γ_j is smooth with 0 < γ_j < 1, and by the next step its gradient is at most 2‖θ‖.",
        ),
        equation(
            "∂γ_j = γ_j(u_j − Σ_l γ_lu_l): over all coordinates ∇γ_j = γ_j(U_jθ − Gθ) with G = Σ_l γ_lU_l.",
            Derivative(responsibility(j), x),
            responsibility(j) * (u[j] - total(responsibility(i) * u[i], i)),
        ),
        prose(
            "Against any vector h: ⟨h, M(θ)⟩ = E Σ_j γ_j⟨U_jh, X⟩ = E Σ_j ⟨U_jh, ∇γ_j⟩ = E Σ_j γ_j⟨U_jh, U_jθ − Gθ⟩. "
            "Write c_jl = ⟨U_jh, U_lθ⟩; c_jj = ⟨h, θ⟩ = s for every j because U_j is orthogonal, and "
            "⟨Gh, Gθ⟩ = Σ_jl γ_jγ_l c_jl."
        ),
        equation(
            "Hence ⟨h, M(θ)⟩ = ⟨h, θ⟩ − E⟨Gh, Gθ⟩ for every h, that is M(θ) = θ − E[GᵀG]θ.",
            total(gamma(j) * (s - total(gamma(i) * c[j, i], i)), j),
            s - total(gamma(j) * gamma(i) * c[j, i], i, j),
        ),
        equation(
            "With h = θ, s = ‖θ‖²: ‖θ‖² − ‖Gθ‖² is the mean of s − c_ij = ‖U_iθ − U_jθ‖²/2, not negative, so GᵀG ⪯ "
            "I; and GᵀG ⪰ 0. Both survive the expectation: 0 ⪯ B(θ) ⪯ I.",
            s - mean_square,
            total(gamma(i) * gamma(j) * (s - c[i, j]), i, j),
        ),
        equation(
            "For U_j = R^j, G acts on the eigenvectors of R of frequency m as γ̂_m = Σ_j γ_j e^{2πijm/k}, so GᵀG = "
            "G*G as |γ̂_m|²: P_mM(θ) = (1 − E|γ̂_m|²) P_mθ.",
            total(gamma(j) * generic_root(j * m), j) * total(gamma(i) * generic_root(-i * m), i),
            total(gamma(i) * gamma(j) * generic_root((j - i) * m), i, j),
        ),
        equation(
            "At θ = 0 the exponents vanish and the posterior is π: G = A, B(0) = AᵀA.",
            Subs(generic_posterior(weights, lambda component: t * c[component], j), t, 0),
            weights[j] / total(weights[n], n),
        ),
    )
    return Derivation(
        name="stein-identity",
        title=STATEMENT.title,
        statement="M(θ) = (I − B(θ))θ, B(θ) = E[G(X; θ)ᵀG(X; θ)], 0 ⪯ B(θ) ⪯ I, B(0) = AᵀA",
        source="not in the paper; Stein's lemma applied to its EM operator",
        scope="every k, any positive weights, any orthogonal maps, any d, every θ",
        k=None,
        steps=steps,
    )
