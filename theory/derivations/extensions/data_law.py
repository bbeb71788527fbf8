"""Data that are not N(0, I): the Jacobian of EM at the origin depends on their covariance only."""

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, Subs

from emtheory.theory.derivation import Derivation, Statement, citation, equation, prose
from emtheory.theory.fourier import matrix_a
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import columns, covariance, free_weights
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the Jacobian at the origin for data of any law", 3, general=True)

_FORMULA = (
    "for every centred law with covariance Σ, J_M(0) = Σ_j π_j U_jᵀΣU_j − AᵀΣA; for Σ = cI it is c(I − AᵀA), and the "
    "origin attracts if c(1 − σ²) < 1 and repels if c(1 − σ²) > 1, σ = σ_min(A)"
)
SOURCE = "not in the paper; its next check 2 and failure signature 3"


def derive_general() -> Derivation:
    """Derive the Jacobian for every k, any orthogonal maps and any law with second moments."""
    j, n = component("j"), component("n")
    weights, a, b = family("pi", positive=True), family("a"), family("b")
    t, scale, loss = sympy.symbols("t c sigma", positive=True)
    mass = total(weights[n], n)
    partition = total(weights[n] * sympy.exp(t * b[n]), n)
    centre = total(weights[n] * b[n], n) / mass
    steps = (
        equation(
            "With b_j = ⟨x, U_jh⟩ and a_j = ⟨x, U_je⟩, e a unit vector: the slope of Σγ_ja_j, a coordinate of the "
            "integrand of M, along θ = th at t = 0 is the covariance of a and b under π.",
            Subs(Derivative(total(weights[j] * sympy.exp(t * b[j]) * a[j], j) / partition, t), t, 0),
            total(weights[j] * a[j] * (b[j] - centre), j) / mass,
        ),
        equation(
            "It is quadratic in x, so that only second moments enter: E a_jb_n = ⟨U_je, ΣU_nh⟩.",
            total(weights[j] * a[j] * (b[j] - centre), j) / mass,
            total(weights[j] * a[j] * b[j], j) / mass - total(weights[j] * weights[n] * a[j] * b[n], j, n) / mass**2,
        ),
        citation("dominated convergence", "The slope for other t is at most 2‖x‖²‖h‖, integrable for second moments."),
        prose(
            "Term by term ⟨e, (Σ_jπ_jU_jᵀΣU_j − AᵀΣA)h⟩. For Σ = cI the maps cancel, U_jᵀU_j = I, and c(I − AᵀA) is "
            "left, a symmetric matrix with eigenvalues c(1 − σ_i²), σ_i the singular values of A."
        ),
        equation(
            "With c above the threshold 1/(1 − σ²) the largest one exceeds 1, by c(1 − σ²) − 1.",
            scale * (1 - loss**2) - 1,
            (1 - loss**2) * (scale - 1 / (1 - loss**2)),
        ),
        citation(
            "Hurwitz' theorem",
            "All eigenvalues below 1 in modulus: the powers of J_M(0) tend to 0 geometrically, and the origin "
            "attracts.",
        ),
        prose(
            "One above 1: ∇²ℓ(0) = I − J_M(0) has a negative eigenvalue, so ℓ is below ℓ(0) at points near its "
            "eigenvector; EM never raises ℓ (statement hessian), and from there it does not return to the origin."
        ),
    )
    return Derivation(
        name="data-law",
        title=STATEMENT.title,
        statement=_FORMULA,
        source=SOURCE,
        scope="every k, all weights, any orthogonal maps, any d, every centred law of the data with second moments",
        k=None,
        steps=steps,
    )


def derive(k: int) -> Derivation:
    """Derive the same with U_j = R^j and d = k − 1 in coordinates, for data X = LZ with any lower triangular L."""
    d = k - 1
    weights, maps, A = free_weights(k), rotations(k), matrix_a(free_weights(k))
    h, z = columns(d, "h", "z")
    L = ImmutableMatrix(d, d, lambda i, j: sympy.Symbol(f"L_{i}{j}", real=True) if j <= i else sympy.S.Zero)
    sigma, identity = L * L.T, ImmutableMatrix.eye(d)
    scale = sympy.Symbol("c", positive=True)
    turned = [U.T * L * z for U in maps]
    b = [sympy.expand((vector.T * h)[0]) for vector in turned]
    slopes = [covariance(weights, [vector[i] for vector in turned], b) for i in range(d)]
    mean = sum((p * U.T * sigma * U for p, U in zip(weights, maps, strict=True)), ImmutableMatrix.zeros(d))
    steps = (
        equation(
            "The covariance of the vectors U_jᵀX and the exponents b_j under π, averaged over X = LZ, Σ = LLᵀ.",
            ImmutableMatrix([Expectation(sympy.expand(slope), tuple(z)) for slope in slopes]),
            MatMul(mean - A.T * sigma * A, h),
        ),
        equation(
            "Isotropic data, L = √c I.",
            (mean - A.T * sigma * A).subs(
                {L[i, j]: sympy.sqrt(scale) if i == j else 0 for i in range(d) for j in range(i + 1)}
            ),
            MatMul(scale, identity - A.T * A),
        ),
    )
    return Derivation(
        name="data-law",
        title=STATEMENT.title,
        statement=_FORMULA,
        source=SOURCE,
        scope=f"k = {k}, d = {d}, U_j = R^j, all weights; the integrand is quadratic, so the law of Z does not matter "
        "beyond E Z = 0 and E ZZᵀ = I",
        k=k,
        steps=steps,
    )
