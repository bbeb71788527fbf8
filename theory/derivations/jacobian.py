"""The Jacobian of the EM operator at the origin."""

import sympy
from sympy import Derivative, ImmutableMatrix, MatMul, Subs

from theory.derivation import Derivation, definition, equation
from theory.derivations import STATEMENTS
from theory.fourier import circulant, eigenvalue, eigenvectors, matrix_a
from theory.gaussian_moments import Expectation
from theory.mixture import columns, covariance, free_weights, posterior
from theory.simplex import rotations

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
        title=STATEMENTS["jacobian"].title,
        statement="J_M(0) = I − AᵀA, with eigenvalues 1 − |π̂_m|²",
        source="Lemma 5 of the paper (Hessian at the origin)",
        scope=f"k = {k}, d = {k - 1}, {'all' if symbolic else 'the linear (π_j ∝ j + 1)'} weights; "
        "step 2 for any orthogonal maps and d, step 3 for U_j = R^j (on the complement M vanishes, as A = I there)",
        k=k,
        steps=steps,
    )


def _linear_weights(k: int) -> tuple[sympy.Rational, ...]:
    return tuple(sympy.Rational(2 * (j + 1), k * (k + 1)) for j in range(k))
