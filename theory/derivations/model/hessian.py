"""The Hessian of the objective: a posterior covariance, and AᵀA at the origin."""

import sympy
from sympy import Derivative, Interval, Rational, Subs, oo

from emtheory.theory.fourier import matrix_a
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.mixture import (
    columns,
    covariance,
    exponents,
    free_weights,
    generic_partition,
    generic_posterior,
    log_partition_integrand,
    posterior,
)
from emtheory.theory.proof.derivation import Derivation, Statement, in_coordinates
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, citation, combination, definition, equation, inequality, prose
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("the Hessian of the objective is at most I, and AᵀA at the origin", 5, general=True)

_CURVATURE, _AT_ORIGIN = sympy.symbols("⟨h|∇²ℓ(θ)h⟩ ⟨h|∇²ℓ(0)h⟩", real=True)
_SQUARE, _IMAGE = sympy.symbols("‖h‖² ‖Ah‖²", nonnegative=True)
_T = sympy.Symbol("t", real=True)
_I, _J, _N = (component(name) for name in "ijn")
_WEIGHTS, _A, _B, _C = family("pi", positive=True), family("a"), family("b"), family("c")


def derive(k: int) -> Derivation:
    """Derive ∇²ℓ = I − E Cov_γ ⪯ I and ∇²ℓ(0) = AᵀA for a given k ≥ 2."""
    steps = _coordinate_steps(k)
    return Derivation(
        name="hessian",
        title=STATEMENT.title,
        statement=in_coordinates(
            steps,
            "along θ + th the exponents are a_j + t b_j, b_j = ⟨x, U_jh⟩: ⟨h, ∇²ℓ(θ)h⟩ = ‖h‖² − E Var_γ(b) ≤ ‖h‖², and "
            "∇²ℓ(0) = AᵀA",
        ),
        source="Lemma 5 of the paper (strong convexity near the origin)",
        scope=f"k = {k}, any weights; the variance for any orthogonal maps, d and θ, the origin for U_j = R^j, "
        f"d = {k - 1}",
        k=k,
        steps=steps,
    )


def _coordinate_steps(k: int) -> tuple[Step, ...]:
    weights, gamma = free_weights(k), free_weights(k, "gamma")
    a, b = sympy.symbols(f"a_:{k}", real=True), sympy.symbols(f"b_:{k}", real=True)
    line = [start + _T * slope for start, slope in zip(a, b, strict=True)]
    h, x = columns(k - 1, "h", "x")
    along_h = exponents(rotations(k), h, x)
    A, column = sympy.MatrixSymbol("A", k - 1, k - 1), sympy.MatrixSymbol("h", k - 1, 1)
    pairs = [(i, j) for i in range(k) for j in range(k)]
    return (
        definition("A = Σ_j π_j R^j.", A, matrix_a(weights)),
        definition("A direction.", column, h),
        equation(
            "Along θ + th the exponents are a_j + t b_j with b_j = ⟨x, U_jh⟩. The second derivative of the integrand "
            "of Λ at t = 0 is the variance of b under the posterior; so ⟨h, ∇²ℓ h⟩ = ‖h‖² − E Var_γ(b).",
            Subs(Derivative(log_partition_integrand(weights, line), (_T, 2)), _T, 0),
            covariance(posterior(weights, a), b, b),
        ),
        equation(
            "The variance is half the mean of (b_i − b_j)², not negative: Λ is convex and ∇²ℓ ⪯ I. A unit step is 1/L, "
            "so every step lowers ℓ by at least ‖∇ℓ‖²/2.",
            covariance(gamma, b, b),
            Rational(1, 2) * sympy.Add(*(gamma[i] * gamma[j] * (b[i] - b[j]) ** 2 for i, j in pairs)),
        ),
        equation(
            "At the origin γ = π; for U_j = R^j Gaussian moments give E Var_π(b) = ‖h‖² − ‖Ah‖². Hence ∇²ℓ(0) = AᵀA.",
            sympy.ImmutableMatrix([[Expectation(sympy.expand(covariance(weights, along_h, along_h)), tuple(x))]]),
            column.T * column - column.T * A.T * A * column,
        ),
    )


def derive_general() -> Derivation:
    """Derive ∇²ℓ = I − E Cov_γ ⪯ I and ∇²ℓ(0) = AᵀA for every k, any weights, orthogonal maps and dimension."""
    real = Interval(-oo, oo)
    return Derivation(
        name="hessian",
        title=STATEMENT.title,
        statement=Proposition(
            variables=(
                Variable(_CURVATURE, real),
                Variable(_AT_ORIGIN, real),
                Variable(_SQUARE, Interval(0, oo)),
                Variable(_IMAGE, Interval(0, oo)),
                Variable(_WEIGHTS, Interval.open(0, oo), "the weights"),
            ),
            hypotheses=("orthogonal maps", "normal data", "weights"),
            conclusions=(
                related(_CURVATURE, "==", _SQUARE - Mean(_variance(), (_A, _B))),
                related(_CURVATURE, "<=", _SQUARE),
                related(_AT_ORIGIN, "==", _IMAGE),
            ),
            note="for every vector h; the mean is of the variance of b_j = ⟨X, U_jh⟩ under the posterior of the "
            "exponents a_j = ⟨X, U_jθ⟩; A = Σ_j π_jU_j, so ∇²ℓ(θ) ⪯ I and ∇²ℓ(0) = AᵀA",
        ),
        source="Lemma 5 of the paper (strong convexity near the origin)",
        scope="every k, any positive weights, any orthogonal maps, any d",
        k=None,
        steps=(*_variance_steps(), *_origin_steps()),
    )


def _gamma(index: sympy.Symbol) -> sympy.Expr:
    return generic_posterior(_WEIGHTS, lambda component: _A[component], index)


def _variance() -> sympy.Expr:
    return total(_gamma(_J) * _B[_J] * (_B[_J] - total(_gamma(_I) * _B[_I], _I)), _J)


def _variance_steps() -> tuple[Step, ...]:
    along = sympy.log(generic_partition(_WEIGHTS, lambda component: _A[component] + _T * _B[component], _J))
    pairs = Rational(1, 2) * total(_gamma(_I) * _gamma(_J) * (_B[_I] - _B[_J]) ** 2, _I, _J)
    random = (_A, _B)
    return (
        equation(
            "Along θ + th the exponents are a_j + t b_j with b_j = ⟨x, U_jh⟩. The second derivative of the integrand "
            "of Λ at t = 0 is the variance of b under the posterior.",
            Subs(Derivative(along, (_T, 2)), _T, 0),
            _variance(),
            label="slope",
        ),
        citation(
            "dominated convergence",
            "The variance is at most ‖x‖²‖h‖², which is integrable and does not depend on θ: Λ may be differentiated "
            "twice under the expectation, and ∇²ℓ is continuous in θ.",
            related(_CURVATURE, "==", _SQUARE - Mean(_variance(), random)),
            label="curvature",
            given=("slope",),
            under=("orthogonal maps", "normal data"),
        ),
        equation("The variance is half the mean of (b_i − b_j)²,", _variance(), pairs, label="pairs"),
        equation(
            "so the curvature is",
            _CURVATURE,
            _SQUARE - Mean(pairs, random),
            given=("curvature", "pairs"),
            label="by pairs",
        ),
        inequality("where the mean is not negative:", 0, "<=", Mean(pairs, random), label="sign"),
        combination("Λ is convex and ∇²ℓ ⪯ I.", _CURVATURE, "<=", _SQUARE, {"by pairs": -1, "sign": 1}),
    )


def _origin_steps() -> tuple[Step, ...]:
    mass = total(_WEIGHTS[_N], _N)
    weight = _WEIGHTS[_J] / mass

    def share(index: sympy.Symbol) -> sympy.Expr:
        return _WEIGHTS[index] / mass

    overlap = total(share(_I) * share(_J) * _C[_J, _I], _I, _J)
    return (
        prose(
            "At the origin γ = π. E⟨X, u⟩⟨X, v⟩ = ⟨u, v⟩, so E b_jb_l = c_jl = ⟨U_jh, U_lh⟩, and c_jj = ‖h‖² as the "
            "U_j "
            "are orthogonal (weights are written π_j/Σπ):",
            related(
                _AT_ORIGIN,
                "==",
                _SQUARE - total(weight * (_SQUARE - total(share(_I) * _C[_J, _I], _I)), _J),
            ),
            label="origin",
            under=("normal data", "orthogonal maps"),
        ),
        prose(
            "Σ_jl π_jπ_l c_jl = ‖Ah‖² with A = Σ_j π_jU_j.",
            related(_IMAGE, "==", overlap),
            label="image",
            under=("weights",),
        ),
        combination("For every h ∇²ℓ(0) = AᵀA.", _AT_ORIGIN, "==", _IMAGE, {"origin": 1, "image": -1}),
        citation(
            "continuity of eigenvalues",
            "∇²ℓ is continuous and λ_min(∇²ℓ(0)) = σ_min(A)². If A is invertible, λ_min(∇²ℓ) stays above σ_min(A)²/2 "
            "on some ball ‖θ‖ ≤ γ, γ > 0: strong convexity near the origin. If it is not, λ_min(∇²ℓ(0)) = 0.",
        ),
    )
