"""The Jacobian of the EM operator at the origin."""

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, Subs

from emtheory.theory.derivation import Derivation, Statement, citation, definition, equation, prose
from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root, matrix_a
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import columns, covariance, free_weights, generic_posterior, posterior
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the Jacobian of M at the origin is I − AᵀA", 10, general=True)

LARGEST_SYMBOLIC_K = 5


def derive(k: int) -> Derivation:
    """Derive J_M(0) = I − AᵀA and its eigenvalues 1 − |π̂_m|² for a given k ≥ 2."""
    symbolic = k <= LARGEST_SYMBOLIC_K
    weights = free_weights(k) if symbolic else _linear_weights(k)
    maps = rotations(k)
    h, x = columns(k - 1, "h", "x")
    a, b = sympy.symbols(f"a_:{k}", real=True), sympy.symbols(f"b_:{k}", real=True)
    t = sympy.Symbol("t", real=True)
    A = matrix_a(weights)
    image = sympy.Add(*(g * value for g, value in zip(posterior(weights, [t * v for v in b]), a, strict=True)))
    turned = [U.T * x for U in maps]
    along_h = [sympy.expand((vector.T * h)[0]) for vector in turned]
    slopes = [covariance(weights, [vector[i] for vector in turned], along_h) for i in range(k - 1)]
    C, F = circulant(weights), eigenvectors(k)
    powers = [eigenvalue(weights, m) * eigenvalue(weights, -m) for m in range(1, k)]
    steps = (
        definition("A = Σ_j π_j R^j.", sympy.MatrixSymbol("A", k - 1, k - 1), A),
        equation(
            "Along θ = th the exponents are t b_j with b_j = ⟨U_jᵀx, h⟩; let a_j be a coordinate of U_jᵀx. "
            "Differentiating the integrand Σ_j γ_ja_j of that coordinate of M under the expectation "
            "(the derivative is at most 2‖x‖²‖h‖) gives at the origin the covariance of a and b under π.",
            Subs(Derivative(image, t), t, 0),
            covariance(weights, a, b),
        ),
        equation(
            "Its expectation for U_j = R^j, by E X_aX_b = δ_ab: J_M(0) h = (I − AᵀA) h.",
            ImmutableMatrix([Expectation(slope, tuple(x)) for slope in slopes]),
            MatMul(ImmutableMatrix.eye(k - 1) - A.T * A, h),
        ),
        equation(
            "With A H = H C (statement matrix-a), the eigenvalues are those of I − CᵀC on the f_m: 1 − |π̂_m|².",
            MatMul(ImmutableMatrix.eye(k) - C.T * C, F),
            MatMul(F, sympy.diag(*(1 - power for power in powers))),
        ),
    )
    return Derivation(
        name="jacobian",
        title=STATEMENT.title,
        statement="J_M(0) = I − AᵀA, with eigenvalues 1 − |π̂_m|²",
        source="Lemma 5 of the paper (Hessian at the origin)",
        scope=f"k = {k}, d = {k - 1}, {'all' if symbolic else 'the linear (π_j ∝ j + 1)'} weights; "
        "step 2 for any orthogonal maps and d, step 3 for U_j = R^j (on the complement M vanishes, as A = I there)",
        k=k,
        steps=steps,
    )


def _linear_weights(k: int) -> tuple[sympy.Rational, ...]:
    return tuple(sympy.Rational(2 * (j + 1), k * (k + 1)) for j in range(k))


def derive_general() -> Derivation:
    """Derive J_M(0) = I − AᵀA and its eigenvalues for every k, any weights and dimension."""
    i, j, n, m = (component(name) for name in "ijnm")
    weights, a, b, c = family("pi", positive=True), family("a"), family("b"), family("c")
    s, t = sympy.symbols("s t", real=True)

    def share(index: sympy.Symbol) -> sympy.Expr:
        return weights[index] / total(weights[n], n)

    image = total(generic_posterior(weights, lambda component: t * b[component], j) * a[j], j)
    steps = (
        equation(
            "Along θ = th the exponents are t b_j with b_j = ⟨U_jᵀx, h⟩; let a_j = ⟨U_jᵀx, e⟩ for any vector e. The "
            "derivative of ⟨e, m(x; th)⟩ = Σ_j γ_ja_j at t = 0 is the covariance of a and b under π.",
            Subs(Derivative(image, t), t, 0),
            total(share(j) * a[j] * (b[j] - total(share(i) * b[i], i)), j),
        ),
        citation("dominated convergence", "The derivative is at most 2‖x‖²‖e‖‖h‖ for every t, which is integrable."),
        prose(
            "E⟨X, u⟩⟨X, v⟩ = ⟨u, v⟩, so E a_jb_l = c_jl = ⟨U_je, U_lh⟩, c_jj = ⟨e, h⟩ = s as the U_j are orthogonal, "
            "and Σ_jl π_jπ_l c_jl = ⟨Ae, Ah⟩."
        ),
        equation(
            "⟨e, J_M(0)h⟩ = ⟨e, h⟩ − ⟨Ae, Ah⟩ for all e and h: J_M(0) = I − AᵀA.",
            total(share(j) * (s - total(share(i) * c[j, i], i)), j),
            s - total(share(i) * share(j) * c[j, i], i, j),
        ),
        equation(
            "For U_j = R^j: A multiplies frequency m by π̂_m and Aᵀ by its conjugate, so the eigenvalues of J_M(0) are "
            "1 − |π̂_m|², and 0 on the complement of the simplex, where A = I.",
            1 - total(share(j) * generic_root(j * m), j) * total(share(i) * generic_root(-i * m), i),
            1 - total(share(i) * share(j) * generic_root((j - i) * m), i, j),
        ),
    )
    return Derivation(
        name="jacobian",
        title=STATEMENT.title,
        statement="J_M(0) = I − AᵀA, with eigenvalues 1 − |π̂_m|²",
        source="Lemma 5 of the paper (Hessian at the origin)",
        scope="every k, any positive weights, any d; steps 1 to 4 for any orthogonal maps",
        k=None,
        steps=steps,
    )
