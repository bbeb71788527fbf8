"""The paper's matrix A and its eigenvalues."""

import sympy
from sympy import ImmutableMatrix, MatAdd, MatMul, MatPow

from emtheory.theory.derivation import Derivation, Statement, citation, definition, equation, prose
from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root, matrix_a
from emtheory.theory.mixture import free_weights
from emtheory.theory.simplex import basis, rotation
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("A = Σ π_j R^j and its eigenvalues", 12, general=True)


def derive(k: int) -> Derivation:
    """Derive spectrum, normality and invertibility of A = Σ_j π_j R^j for a given k ≥ 2."""
    weights = free_weights(k)
    R, A, H = rotation(k), matrix_a(weights), basis(k)
    identity = ImmutableMatrix.eye(k - 1)
    powers = [identity, *(MatPow(R, j) for j in range(1, k))]
    C, F = circulant(weights), eigenvectors(k)
    correlations = [sympy.Add(*(weights[j] * weights[(j + s) % k] for j in range(k))) for s in range(k)]
    steps = (
        definition("H: the orthonormal basis of the hyperplane, as rows.", sympy.MatrixSymbol("H", *H.shape), H),
        definition("R: the rotation of the simplex in this basis.", sympy.MatrixSymbol("R", *R.shape), R),
        equation("A = Σ_j π_j R^j.", MatAdd(*(p * power for p, power in zip(weights, powers, strict=True))), A),
        equation("The rows of H are orthonormal.", MatMul(H, H.T), identity),
        equation("H carries the circulant C = Σ_j π_j P^j of the weights to A,", MatMul(A, H), MatMul(H, C)),
        equation("and the transposed circulant to Aᵀ.", MatMul(A.T, H), MatMul(H, C.T)),
        equation(
            "The columns f_m = (e^{−2πi jm/k})_j, m = 1, …, k−1, of F are eigenvectors of C with eigenvalues π̂_m; "
            "hence A H f_m = H C f_m = π̂_m H f_m.",
            MatMul(C, F),
            MatMul(F, sympy.diag(*(eigenvalue(weights, m) for m in range(1, k)))),
        ),
        equation(
            "Cᵀ, hence Aᵀ, has the same eigenvectors and the conjugate eigenvalues: A is normal, its singular values "
            "are the |π̂_m|.",
            MatMul(C.T, F),
            MatMul(F, sympy.diag(*(eigenvalue(weights, -m) for m in range(1, k)))),
        ),
        equation(
            "The f_m have sum zero, so they lie in the hyperplane, where H is an isometry: the H f_m are not zero.",
            MatMul(ImmutableMatrix.ones(1, k), F),
            ImmutableMatrix.zeros(1, k - 1),
        ),
        equation(
            "They are orthogonal and k − 1 in number: a basis of eigenvectors.",
            MatMul(eigenvectors(k, conjugate=True).T, F),
            k * identity,
        ),
        equation(
            "CᵀC is the circulant of the autocorrelation a_s = Σ_j π_j π_(j+s); hence AᵀA = H CᵀC Hᵀ = Σ_s a_s R^s.",
            MatMul(C.T, C),
            circulant(correlations),
        ),
        equation(
            "On the complement of the simplex, where R = I, A is Σ_j π_j = 1.",
            sympy.Add(*weights, evaluate=False),
            sympy.S.One,
        ),
    )
    return Derivation(
        name="matrix-a",
        title=STATEMENT.title,
        statement="A H f_m = π̂_m H f_m; A is invertible if and only if π̂_m ≠ 0 for m = 1, …, k−1; σ_min(A) = min |π̂_m|",
        source="Lemma 3 of the paper (A is invertible)",
        scope=f"k = {k}, any real weights with sum 1, any d ≥ k − 1",
        k=k,
        steps=steps,
    )


def derive_general() -> Derivation:
    """Derive spectrum, normality and invertibility of A = Σ_j π_j R^j for every k."""
    i, j, m, n = (component(name) for name in "ijmn")
    weights = family("pi", positive=True)
    steps = (
        prose(
            "The simplex's span is a copy of the sum-zero hyperplane of R^k on which R is the cyclic shift P "
            "(statement simplex), so A is the circulant Σ_j π_jP^j there. Its eigenvectors f_1, …, f_{k−1} are an "
            "orthogonal basis of the hyperplane (statement dft)."
        ),
        equation(
            "A f_m = π̂_m f_m,",
            total(weights[j] * generic_root(-(i - j) * m), j),
            total(weights[j] * generic_root(j * m), j) * generic_root(-i * m),
        ),
        equation(
            "and Aᵀ f_m, with R^{−j} in place of R^j, is the conjugate of π̂_m times f_m.",
            total(weights[j] * generic_root(-(i + j) * m), j),
            total(weights[j] * generic_root(-j * m), j) * generic_root(-i * m),
        ),
        citation(
            "spectral theorem",
            "A and Aᵀ are diagonal in the same orthogonal basis, so A is normal, its singular values are the |π̂_m|, "
            "and A is invertible if and only if none of them vanishes; σ_min(A) = min |π̂_m| over m = 1, …, k−1.",
        ),
        equation(
            "On the complement of the simplex R = I and A is Σ_j π_j = 1: invertible whatever the weights.",
            total(weights[j] / total(weights[n], n), j),
            sympy.S.One,
        ),
    )
    return Derivation(
        name="matrix-a",
        title=STATEMENT.title,
        statement="A f_m = π̂_m f_m; A is invertible if and only if π̂_m ≠ 0 for m = 1, …, k−1; σ_min(A) = min |π̂_m|",
        source="Lemma 3 of the paper (A is invertible)",
        scope="every k ≥ 2, any weights with sum 1, any d ≥ k − 1",
        k=None,
        steps=steps,
    )
