"""The Hessian of the objective: a posterior covariance, and AᵀA at the origin."""

import sympy
from sympy import Derivative, MatAdd, MatMul, Subs
from sympy.matrices import MatrixSet

from emtheory.theory.fourier import matrix_a
from emtheory.theory.mixture import free_weights, generic_partition, generic_posterior, log_partition_integrand
from emtheory.theory.proof.at import At
from emtheory.theory.proof.common import integrable
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector, second_moments
from emtheory.theory.proof.step import Step, combination, equation, inequality, instance, meant
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.simplex import rotations
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "the Hessian of the objective is at most $I$, and $AᵀA$ at the origin", 5)

_I, _J, _L = component("i"), component("j"), component("l")
_WEIGHTS, _ALONG_THETA, _ALONG_H, _GRAM = family("pi", positive=True), family("a"), family("b"), family("q")
_G, _NORM = family("g", positive=True), family("n")
_S, _T = sympy.symbols("s t", real=True)
_SQUARE, _THETA_SQUARE = sympy.symbols("‖h‖² ‖θ‖²", nonnegative=True)
_INNER = sympy.Symbol("⟨θ|h⟩", real=True)
_HALF_SQUARE = sympy.Function("N", real=True)(_S, _T)
_FORM, _FORM_AT_ORIGIN, _A_SQUARE = sympy.symbols("⟨h|∇²ℓ(sθ)h⟩ ⟨h|∇²ℓ(0)h⟩ ‖Ah‖²", real=True)
_VARIANCE = sympy.Symbol("V", real=True)
_MOVED_SQUARE = _S**2 * _THETA_SQUARE + 2 * _S * _T * _INNER + _T**2 * _SQUARE
"""‖sθ + th‖²."""

_NAMES = {
    _ALONG_THETA[_J]: Inner(DATA, Image(_J, Vector("θ"))),
    _ALONG_H[_J]: Inner(DATA, Image(_J, Vector("h"))),
    _SQUARE: Inner(Vector("h"), Vector("h")),
    _GRAM[_I, _J]: Inner(Image(_I, Vector("h")), Image(_J, Vector("h"))),
}
_RANDOM = (_ALONG_THETA, _ALONG_H)
_MASS = total(_G[_L], _L)
_MEAN = total(_G[_I] * _ALONG_H[_I], _I) / _MASS
POSTERIOR_VARIANCE = Mean(total(_G[_J] / _MASS * (_ALONG_H[_J] - _MEAN) ** 2, _J), (_G, _ALONG_H))
"""The mean of the variance of the b_j under the posterior g_j/∑g."""


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(Variable(_SQUARE, sympy.Interval(0, sympy.oo), "the square of any vector"),),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_FORM, _FORM_AT_ORIGIN), ("weights", "orthogonal maps")),
        conclusions=(
            related(_FORM, "==", _SQUARE - _VARIANCE),
            related(_FORM, "<=", _SQUARE),
            related(_FORM_AT_ORIGIN, "==", _A_SQUARE),
            related(_FORM, "==", _SQUARE - POSTERIOR_VARIANCE),
        ),
        note="at every point $sθ$; $V$ is the mean of the variance of the $⟨X, U_jh⟩$ under the posterior "
        "there; $∇²ℓ ⪯ I$ and $∇²ℓ(0) = AᵀA$, so that $ℓ$ is strongly convex near 0 if $A$ is invertible",
        source="Lemma 5 of the paper (strong convexity near the origin)",
        scope="every $k$, any positive weights, any orthogonal maps, any $d$",
        steps=(*_variance_steps(), *_origin_steps()),
    )


def _gamma(index: sympy.Symbol, scale: sympy.Expr = _S) -> sympy.Expr:
    """γ_index at sθ."""
    return generic_posterior(_WEIGHTS, lambda other: scale * _ALONG_THETA[other], index)


def _share(index: sympy.Symbol) -> sympy.Expr:
    return _WEIGHTS[index] / total(_WEIGHTS[_L], _L)


def _form(scale: sympy.Expr) -> tuple[sympy.Expr, sympy.Expr]:
    """⟨h, ∇²ℓ h⟩ at sθ, first what comes from ‖·‖²/2, then from Λ."""
    return At(Derivative(_HALF_SQUARE, (_T, 2)), (_S, _T), (scale, 0)), _curvature(Mean(_integrand(scale), _RANDOM))


def _integrand(scale: sympy.Expr) -> sympy.Expr:
    return sympy.log(generic_partition(_WEIGHTS, lambda other: scale * _ALONG_THETA[other] + _T * _ALONG_H[other], _J))


def _curvature(value: sympy.Expr) -> sympy.Expr:
    return Subs(Derivative(value, (_T, 2)), _T, 0)


def _variance(scale: sympy.Expr) -> sympy.Expr:
    mean = total(_gamma(_I, scale) * _ALONG_H[_I], _I)
    return total(_gamma(_J, scale) * (_ALONG_H[_J] - mean) ** 2, _J)


def _variance_steps() -> tuple[Step, ...]:
    square, partition = _form(_S)
    return (
        definition(
            "Let $N(s, t)$ be $‖sθ + th‖²/2$, half of what $‖U_j(sθ + th)‖²$ is for every $j$.",
            _HALF_SQUARE,
            _MOVED_SQUARE / 2,
        ),
        definition(
            "At $sθ + th$ the exponents are $s a_j + t b_j$, $a_j = ⟨X, U_jθ⟩$ and $b_j = ⟨X, U_jh⟩$. $⟨h, "
            "∇²ℓ(sθ)h⟩$ is the second derivative of $ℓ = ‖·‖²/2 − Λ +$ constant (statement gradient) in $t$ at 0.",
            _FORM,
            square - partition,
            label="form",
        ),
        definition("$V = E Var_γ(b)$, $γ$ the posterior at $sθ$.", _VARIANCE, Mean(_variance(_S), _RANDOM)),
        integrable(),
        citation(
            "dominated convergence",
            "$ℓ$ is $N − Λ +$ constant. That variance is the second derivative of $log ∑_j π_je^{sa_j + tb_j}$; it "
            "is at most $‖X‖²‖h‖²$, which is integrable, at every point.",
            related(partition, "==", Mean(_curvature(_integrand(_S)), _RANDOM)),
            label="exchange",
            given=("integrable",),
        ),
        equation("Hence", _FORM, _SQUARE - _VARIANCE, given=("form", "exchange"), label="Hessian"),
        meant(
            "or, with $g$ the posterior up to a factor,",
            related(_VARIANCE, "==", POSTERIOR_VARIANCE),
            {_G[_J]: _WEIGHTS[_J] * sympy.exp(_S * _ALONG_THETA[_J]), **_NAMES},
            label="posterior",
        ),
        combination("that is", related(_FORM, "==", _SQUARE - POSTERIOR_VARIANCE), {"Hessian": 1, "posterior": -1}),
        inequality("A variance is not negative: $Λ$ is convex,", related(0, "<=", _VARIANCE), label="variance"),
        combination("and $∇²ℓ ⪯ I$.", related(_FORM, "<=", _SQUARE), {"Hessian": -1, "variance": 1}),
    )


def _origin_steps() -> tuple[Step, ...]:
    square, partition = _form(sympy.S.Zero)
    image = total(_gamma(_J, sympy.S.Zero) * _ALONG_H[_J], _J)
    squares = total(_gamma(_J, sympy.S.Zero) * Mean(_ALONG_H[_J] ** 2, _RANDOM), _J)
    grams = total(_gamma(_I, sympy.S.Zero) * total(_gamma(_J, sympy.S.Zero) * _GRAM[_I, _J], _J), _I)
    return (
        definition("At the origin $s = 0$,", _FORM_AT_ORIGIN, square - partition),
        instance(
            "and the posterior is $π$, the $π_j$ divided by their sum, 1.",
            related(_FORM_AT_ORIGIN, "==", _SQUARE - Mean(_variance(sympy.S.Zero), _RANDOM)),
            "Hessian",
            {_S: sympy.S.Zero},
            label="origin",
        ),
        equation(
            "The variance multiplied out:",
            _FORM_AT_ORIGIN,
            _SQUARE - squares + Mean(image**2, _RANDOM),
            given=("origin",),
            label="multiplied out",
        ),
        meant(
            "$E⟨X, u⟩⟨X, v⟩ = ⟨u, v⟩$, so $E b_j² = ‖U_jh‖² = ‖h‖²$, as $U_j$ is orthogonal,",
            related(Mean(_ALONG_H[_J] ** 2, _RANDOM), "==", _SQUARE),
            _NAMES,
            label="orthogonal",
            under=("normal data", "orthogonal maps"),
        ),
        meant(
            "and with $q_{ij} = ⟨U_ih, U_jh⟩$,",
            related(Mean(image**2, _RANDOM), "==", grams),
            _NAMES,
            label="moments",
            under=("normal data",),
        ),
        definition(
            "With $A = ∑_j π_jU_j$, $‖Ah‖² = ∑_{ij} π_iπ_jq_{ij}$; the $π_j$ are divided by their sum again.",
            _A_SQUARE,
            total(_share(_I) * total(_share(_J) * _GRAM[_I, _J], _J), _I),
        ),
        equation(
            "$⟨h, ∇²ℓ(0)h⟩ = ‖Ah‖²$ for every $h$: $∇²ℓ(0) = AᵀA$.",
            _FORM_AT_ORIGIN,
            _A_SQUARE,
            given=("multiplied out", "orthogonal", "moments"),
        ),
    )


def derive(k: int) -> Derivation:
    A, hessian = (sympy.MatrixSymbol(name, k - 1, k - 1) for name in ("A", "∇²ℓ(0)"))
    form = sympy.Symbol("⟨h|∇²ℓ(θ)h⟩", real=True)
    at_origin = related(hessian, "==", MatMul(A.T, A))
    return STATEMENT.derivation(
        variables=(
            Variable(_SQUARE, sympy.Interval(0, sympy.oo), "the square of any vector"),
            Variable(form, REAL, "the form of the Hessian of $ℓ$ at any $θ$"),
            Variable(hessian, MatrixSet(k - 1, k - 1, sympy.Reals), "the Hessian at the origin"),
        ),
        hypotheses=("weights", "orthogonal maps", "cyclic maps", "normal data"),
        exist_under={form: ("weights", "orthogonal maps"), hessian: ("weights", "cyclic maps")},
        conclusions=(related(form, "<=", _SQUARE), at_origin),
        source="Lemma 5 of the paper (strong convexity near the origin)",
        scope=f"$k = {k}$, any weights; $∇²ℓ ⪯ I$ for any orthogonal maps, $d$ and $θ$, $∇²ℓ(0) = AᵀA$ for $U_j = "
        f"R^j$, $d = {k - 1}$",
        k=k,
        steps=(
            *_variance_steps_of(k, form),
            definition("$A = ∑_j π_jR^j$.", A, matrix_a(free_weights(k))),
            *_origin_steps_of(k, A, hessian),
            equation("$R$ is orthogonal: $∇²ℓ(0) = AᵀA$.", *at_origin.args, given=("Hessian at the origin", "moments")),
        ),
    )


def _variance_steps_of(k: int, form: sympy.Symbol) -> tuple[Step, ...]:
    gamma, b = sympy.symbols(f"gamma_:{k}", positive=True), sympy.symbols(f"b_:{k}", real=True)
    masses = sympy.symbols(f"g_:{k}", positive=True)
    logarithm = log_partition_integrand(gamma, [_T * value for value in b])
    pairs = [(i, j) for i in range(k) for j in range(i)]
    squares = sympy.Add(*(gamma[i] * gamma[j] * (b[i] - b[j]) ** 2 for i, j in pairs))

    def mean(value: sympy.Expr) -> sympy.Expr:
        return Mean(value, (*gamma, *b))

    return (
        meant(
            "The posterior $γ$ at $θ$ sums to 1.",
            related(gamma[-1], "==", 1 - sympy.Add(*gamma[:-1])),
            {weight: mass / sympy.Add(*masses) for weight, mass in zip(gamma, masses, strict=True)},
            label="sum",
        ),
        integrable(),
        citation(
            "dominated convergence",
            "At $θ + th$ the exponents of $θ$ grow by $t b_j$, $b_j = ⟨X, U_jh⟩$: the integrand of $Λ$ by $log ∑_j "
            "γ_je^{tb_j}$. Its second derivative, a variance, is at most $‖X‖²‖h‖²$, which is integrable, at every "
            "point, and $ℓ = ‖·‖²/2 − Λ +$ constant (statement gradient):",
            related(form, "==", _SQUARE - mean(Subs(Derivative(logarithm, (_T, 2)), _T, 0))),
            label="Hessian",
            given=("integrable",),
        ),
        equation(
            "The variance of $b$ under $γ$ is the sum of $γ_iγ_j(b_i − b_j)²$ over pairs,",
            form,
            _SQUARE - mean(squares),
            given=("Hessian", "sum"),
            label="pairs",
        ),
        inequality("not negative: $Λ$ is convex,", related(0, "<=", mean(squares)), label="squares"),
        combination("and $∇²ℓ ⪯ I$.", related(form, "<=", _SQUARE), {"pairs": -1, "squares": 1}),
    )


def _origin_steps_of(k: int, A: sympy.MatrixSymbol, hessian: sympy.MatrixSymbol) -> tuple[Step, ...]:
    moments = sympy.MatrixSymbol("E[XXᵀ]", k - 1, k - 1)
    centred = [MatAdd(U, MatMul(-1, A)) for U in rotations(k)]
    parts = [MatMul(-p, V.T, moments, V) for p, V in zip(free_weights(k), centred, strict=True)]
    return (
        definition(
            "At the origin $γ = π$ and $b_j − ∑_l π_lb_l = ⟨X, (R^j − A)h⟩$: the form there has the matrix",
            hessian,
            MatAdd(sympy.Identity(k - 1), *parts),
            label="Hessian at the origin",
        ),
        meant(
            "$E XXᵀ = I$.",
            related(moments, "==", sympy.Identity(k - 1)),
            {moments: second_moments(k - 1)},
            label="moments",
            under=("normal data",),
        ),
    )
