"""The Jacobian of the EM operator at the origin."""

import sympy
from sympy import Derivative, ImmutableMatrix, Interval, MatMul, MatrixSymbol, Subs, oo

from emtheory.theory.fourier import circulant, eigenvalue, eigenvectors, generic_root, matrix_a
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import columns, covariance, free_weights, generic_posterior, posterior
from emtheory.theory.proof.derivation import Derivation, Statement, in_coordinates
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, citation, combination, definition, equation, prose
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the Jacobian of M at the origin is I − AᵀA", 10, general=True)

LARGEST_SYMBOLIC_K = 5

_JACOBIAN, _INNER, _IMAGES = sympy.symbols("⟨e|J_M(0)h⟩ ⟨e|h⟩ ⟨Ae|Ah⟩", real=True)
_T = sympy.Symbol("t", real=True)
_I, _J, _N, _M = (component(name) for name in "ijnm")
_WEIGHTS, _A, _B, _C = family("pi", positive=True), family("a"), family("b"), family("c")


def derive(k: int) -> Derivation:
    """Derive J_M(0) = I − AᵀA and its eigenvalues 1 − |π̂_m|² for a given k ≥ 2."""
    symbolic = k <= LARGEST_SYMBOLIC_K
    steps = _coordinate_steps(k, free_weights(k) if symbolic else _linear_weights(k))
    return Derivation(
        name="jacobian",
        title=STATEMENT.title,
        statement=in_coordinates(
            steps,
            "along θ = th the exponents are t b_j and a_j is a coordinate of U_jᵀx: J_M(0) = I − AᵀA; on the columns "
            "f_m of F I − CᵀC, C the circulant of the weights, has the eigenvalues 1 − |π̂_m|²",
        ),
        source="Lemma 5 of the paper (Hessian at the origin)",
        scope=f"k = {k}, d = {k - 1}, {'all' if symbolic else 'the linear (π_j ∝ j + 1)'} weights; "
        "the derivative for any orthogonal maps and d, the rest for U_j = R^j (on the complement M vanishes, as A = I "
        "there)",
        k=k,
        steps=steps,
    )


def _coordinate_steps(k: int, weights: tuple[sympy.Expr, ...]) -> tuple[Step, ...]:
    h, x = columns(k - 1, "h", "x")
    a, b = sympy.symbols(f"a_:{k}", real=True), sympy.symbols(f"b_:{k}", real=True)
    A, C, F = MatrixSymbol("A", k - 1, k - 1), MatrixSymbol("C", k, k), MatrixSymbol("F", k, k - 1)
    column = MatrixSymbol("h", k - 1, 1)
    image = sympy.Add(*(g * value for g, value in zip(posterior(weights, [_T * v for v in b]), a, strict=True)))
    turned = [U.T * x for U in rotations(k)]
    along_h = [sympy.expand((vector.T * h)[0]) for vector in turned]
    slopes = [covariance(weights, [vector[i] for vector in turned], along_h) for i in range(k - 1)]
    powers = [eigenvalue(weights, m) * eigenvalue(weights, -m) for m in range(1, k)]
    return (
        definition("A = Σ_j π_j R^j,", A, matrix_a(weights)),
        definition("the circulant C = Σ_j π_j P^j,", C, circulant(weights)),
        definition("F with the columns f_m = (e^{−2πi jm/k})_j,", F, eigenvectors(k)),
        definition("and a direction.", column, h),
        equation(
            "Along θ = th the exponents are t b_j with b_j = ⟨U_jᵀx, h⟩; let a_j be a coordinate of U_jᵀx. "
            "Differentiating the integrand Σ_j γ_ja_j of that coordinate of M under the expectation "
            "(the derivative is at most 2‖x‖²‖h‖) gives at the origin the covariance of a and b under π.",
            Subs(Derivative(image, _T), _T, 0),
            covariance(weights, a, b),
        ),
        equation(
            "Its expectation for U_j = R^j, by E X_aX_b = δ_ab: J_M(0) h = (I − AᵀA) h.",
            ImmutableMatrix([Expectation(slope, tuple(x)) for slope in slopes]),
            column - A.T * A * column,
        ),
        equation(
            "With A H = H C (statement matrix-a), the eigenvalues are those of I − CᵀC on the f_m: 1 − |π̂_m|².",
            F - C.T * C * F,
            MatMul(F, sympy.diag(*(1 - power for power in powers)).as_immutable()),
        ),
    )


def _linear_weights(k: int) -> tuple[sympy.Rational, ...]:
    return tuple(sympy.Rational(2 * (j + 1), k * (k + 1)) for j in range(k))


def derive_general() -> Derivation:
    """Derive J_M(0) = I − AᵀA and its eigenvalues for every k, any weights and dimension."""
    return Derivation(
        name="jacobian",
        title=STATEMENT.title,
        statement=_statement(),
        source="Lemma 5 of the paper (Hessian at the origin)",
        scope="every k, any positive weights, any d; the first conclusion for any orthogonal maps",
        k=None,
        steps=(*_slope_steps(), *_eigenvalue_steps()),
    )


def _share(index: sympy.Symbol) -> sympy.Expr:
    return _WEIGHTS[index] / total(_WEIGHTS[_N], _N)


def _statement() -> Proposition:
    real = Interval(-oo, oo)
    return Proposition(
        variables=(
            Variable(_JACOBIAN, real),
            Variable(_INNER, real),
            Variable(_IMAGES, real),
            Variable(_WEIGHTS, Interval.open(0, oo), "the weights"),
            Variable(_M, sympy.Range(0, oo), "a frequency"),
            Variable(_EIGENVALUE, real, "the eigenvalue of J_M(0) at frequency m"),
        ),
        hypotheses=("orthogonal maps", "normal data", "weights", "cyclic maps"),
        conclusions=(
            related(_JACOBIAN, "==", _INNER - _IMAGES),
            related(
                _EIGENVALUE,
                "==",
                1 - total(_share(_I) * _share(_J) * generic_root((_J - _I) * _M), _I, _J),
            ),
        ),
        note="for all vectors e and h: J_M(0) = I − AᵀA; the double sum is |π̂_m|², weights written π_j/Σπ, and the "
        "cyclic maps are for it only",
    )


_EIGENVALUE = sympy.Symbol("λ_m", real=True)


def _slope_steps() -> tuple[Step, ...]:
    image = total(generic_posterior(_WEIGHTS, lambda component: _T * _B[component], _J) * _A[_J], _J)
    covariance_of_both = total(_share(_J) * _A[_J] * (_B[_J] - total(_share(_I) * _B[_I], _I)), _J)
    random = (_A, _B)
    return (
        equation(
            "Along θ = th the exponents are t b_j with b_j = ⟨U_jᵀx, h⟩; let a_j = ⟨U_jᵀx, e⟩ for any vector e. The "
            "derivative of ⟨e, m(x; th)⟩ = Σ_j γ_ja_j at t = 0 is the covariance of a and b under π.",
            Subs(Derivative(image, _T), _T, 0),
            covariance_of_both,
            label="slope",
        ),
        citation(
            "dominated convergence",
            "The derivative is at most 2‖x‖²‖e‖‖h‖ for every t, which is integrable.",
            related(_JACOBIAN, "==", Mean(covariance_of_both, random)),
            label="Jacobian",
            given=("slope",),
            under=("orthogonal maps",),
        ),
        prose(
            "E⟨X, u⟩⟨X, v⟩ = ⟨u, v⟩, so E a_jb_l = c_jl = ⟨U_je, U_lh⟩, and c_jj = ⟨e, h⟩ as the U_j are orthogonal:",
            related(
                Mean(covariance_of_both, random),
                "==",
                total(_share(_J) * (_INNER - total(_share(_I) * _C[_J, _I], _I)), _J),
            ),
            label="moments",
            under=("normal data", "orthogonal maps"),
        ),
        prose(
            "Σ_jl π_jπ_l c_jl = ⟨Ae, Ah⟩.",
            related(_IMAGES, "==", total(_share(_I) * _share(_J) * _C[_J, _I], _I, _J)),
            label="images",
            under=("weights",),
        ),
        combination(
            "⟨e, J_M(0)h⟩ = ⟨e, h⟩ − ⟨Ae, Ah⟩ for all e and h: J_M(0) = I − AᵀA.",
            _JACOBIAN,
            "==",
            _INNER - _IMAGES,
            {"Jacobian": 1, "moments": 1, "images": 1},
        ),
    )


def _eigenvalue_steps() -> tuple[Step, ...]:
    return (
        prose(
            "For U_j = R^j: A multiplies frequency m by π̂_m and Aᵀ by its conjugate; on the complement of the simplex "
            "A = I and the eigenvalue is 0.",
            related(
                _EIGENVALUE,
                "==",
                1 - total(_share(_J) * generic_root(_J * _M), _J) * total(_share(_I) * generic_root(-_I * _M), _I),
            ),
            label="eigenvalue",
            under=("cyclic maps",),
        ),
        combination(
            "So the eigenvalues of J_M(0) are 1 − |π̂_m|².",
            _EIGENVALUE,
            "==",
            1 - total(_share(_I) * _share(_J) * generic_root((_J - _I) * _M), _I, _J),
            {"eigenvalue": 1},
        ),
    )
