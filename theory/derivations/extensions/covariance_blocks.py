"""EM that fits weights and a common covariance along with θ: its Jacobian at θ = 0, covariance I."""

import sympy
from sympy import Derivative, MatrixSymbol, Subs

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, REAL, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Applied, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import Step, combination, equation, instance, meant
from emtheory.theory.proof.words import citation
from emtheory.theory.sums import COUNT, DIMENSION, component, family, total

STATEMENT = Statement(__name__, "EM for $θ$, a common covariance and the weights: its Jacobian")

_EPSILON = sympy.Symbol("epsilon", real=True)
_I, _J, _N = (component(name) for name in "ijn")
_PI, _OMEGA, _TAU = family("pi", positive=True), family("omega"), family("tau")
_A, _B, _STRETCHED, _C = (family(name) for name in "absc")
_FIRST, _SECOND = sympy.symbols("x_e x_f", real=True)
_INNER, _SLOPE, _ENTRY = sympy.symbols("⟨e|h⟩ ⟨e|t⟩ S_ef", real=True)
_NAMES = {
    _A[_J]: Inner(DATA, Image(_J, Vector("e"))),
    _B[_J]: Inner(DATA, Image(_J, Vector("h"))),
    _C[_I, _J]: Inner(Image(_I, Vector("e")), Image(_J, Vector("h"))),
    _STRETCHED[_J]: Inner(DATA, Applied(MatrixSymbol("S", DIMENSION, DIMENSION), Image(_J, Vector("e")))),
    _INNER: Inner(Vector("e"), Vector("h")),
    _FIRST: Inner(DATA, Vector("e")),
    _SECOND: Inner(DATA, Vector("f")),
}


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_SLOPE, REAL, "the slope of $⟨e, θ'⟩$, for any vector $e$"),
            Variable(_INNER, REAL),
            Variable(_PI, POSITIVE, "the weights"),
            Variable(_C, REAL, "the inner products $c_{ij} = ⟨U_ie, U_jh⟩$, so that the sum is $⟨Ae, Ah⟩$"),
            Variable(_ENTRY, REAL, "the slope of $⟨e, V'f⟩$, for any vectors $e$ and $f$"),
            Variable(_J, sympy.Range(0, sympy.oo), "a component"),
            Variable(_TAU, REAL, "the slopes of the new weights"),
            Variable(_OMEGA, REAL, "those of the old ones"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under={_TAU: ("weights",)},
        conclusions=(
            related(_SLOPE, "==", _INNER - total(_PI[_I] * _PI[_J] * _C[_I, _J], _I, _J)),
            related(_ENTRY, "==", 0),
            related(_TAU[_J], "==", _OMEGA[_J]),
        ),
        note="slopes at $ε = 0$ of a step from $θ = εh$, covariance $I + εW$ and weights $π + εω$: the Jacobian "
        "for ($θ$, covariance, weights) at $(0, I, π)$ is $blockdiag(I − AᵀA, 0, I)$, for a full covariance, and for "
        "an isotropic one, which is the mean of the diagonal of a full one: $θ$ contracts at the same "
        "factor, the covariance is found in one step to first order, and all weights are fixed points",
        source="not in the paper, whose covariance is known; open question 2",
        scope="every $k$, all weights, any orthogonal maps, any $d$; the direction is $θ = εh$, covariance $I + "
        "εW$, weights $π + εω$",
        steps=(*_expectation_steps(), *_slope_steps(), *_weight_steps()),
    )


def _mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over x, of which a_j = ⟨x, U_je⟩, b_j = ⟨x, U_jh⟩, s_j = ⟨Sx, U_je⟩ and coordinates are functions."""
    return Mean(value, (_A, _B, _STRETCHED, _FIRST, _SECOND))


def _posterior_slope(j: sympy.Symbol) -> sympy.Expr:
    return _PI[j] * _B[j] - _PI[j] * total(_PI[_N] * _B[_N], _N) + _OMEGA[j]


def _moved_posterior(j: sympy.Symbol) -> sympy.Expr:
    """The slope of the posterior in ε at 0, the exponents being εb_j and a common part."""
    common = sympy.Symbol("c", real=True)

    def term(index: sympy.Symbol) -> sympy.Expr:
        return (_PI[index] + _EPSILON * _OMEGA[index]) * sympy.exp(_EPSILON * (_B[index] + common))

    return Subs(Derivative(term(j) / total(term(_N), _N), _EPSILON), _EPSILON, 0)


def _slope_of(value: sympy.Expr) -> sympy.Expr:
    """The mean of the slope in ε at 0."""
    return _mean(Subs(Derivative(value, _EPSILON), _EPSILON, 0))


def _expectation_steps() -> tuple[Step, ...]:
    mass, drift = total(_PI[_N], _N), total(_OMEGA[_N], _N)
    centre = total(_PI[_N] * _B[_N], _N) / mass
    exact = _PI[_J] * (_B[_J] - centre) / mass + _OMEGA[_J] / mass - _PI[_J] * drift / mass**2
    return (
        equation(
            "The exponent of component $j$ at $x$ is $−(x − εU_jh)ᵀ(I + εW)^{−1}(x − εU_jh)/2$, with the slope $b_j = "
            "⟨x, U_jh⟩$ in $ε$ at 0, plus a part that is the same for all components. So $W$ drops out of the "
            "posterior's slope,",
            _moved_posterior(_J),
            exact,
            label="posterior",
        ),
        meant("and as $∑π = 1$", related(mass, "==", 1), {}, label="mass", under=("weights",)),
        meant(
            "and $∑ω = 0$",
            related(drift, "==", 0),
            {_OMEGA[_J]: family("o")[_J] - total(family("o")[_N], _N) / COUNT},
            label="drift",
        ),
        equation(
            "it is $γ'_j = π_j(b_j − ∑πb) + ω_j$.",
            exact,
            _posterior_slope(_J),
            label="posterior slope",
            given=("mass", "drift"),
        ),
    )


def _slope_steps() -> tuple[Step, ...]:
    first, second = family("m"), family("n")
    j, moved = _J, _PI[_J] + _EPSILON * _moved_posterior(_J)
    normal = moved * (_A[j] - _EPSILON * _STRETCHED[j])
    outer = moved * (_FIRST - _EPSILON * first[j]) * (_SECOND - _EPSILON * second[j])
    image, stretched = total(_posterior_slope(j) * _A[j], j), total(_PI[j] * _STRETCHED[j], j)
    overlap = total(_PI[_I] * _PI[_J] * _C[_I, _J], _I, _J)
    entry = total(_posterior_slope(j) * _FIRST * _SECOND - _PI[j] * (first[j] * _SECOND + second[j] * _FIRST), j)
    return (
        citation(
            "dominated convergence",
            "M-step. The surrogate $E ∑γ_j log(π'_j φ(x − U_jθ'; V'))$ is stationary in $π'$ where $π'_j = E γ_j$, in "
            "$V'$ where $V' = E ∑γ_j(x − U_jθ')(x − U_jθ')ᵀ$, and in $θ'$ where $E ∑γ_jU_jᵀV'^{−1}(x − U_jθ') = 0$. "
            "Let $θ' = εt$, $V' = I + εS$, $π' = π + ετ$ to first order. Expectations of slopes are slopes of "
            "expectations: along $e$, with $a_j = ⟨x, U_je⟩$, $s_j = ⟨Sx, U_je⟩$ and $⟨U_jt, U_je⟩ = ⟨t, e⟩$, the last "
            "has the slope",
            related(total(_PI[j], j) * _SLOPE, "==", _slope_of(total(normal, j))),
            label="normal equation",
            under=("normal data",),
        ),
        equation(
            "that is,",
            _mean(image - stretched),
            total(_PI[j], j) * _SLOPE,
            label="stationary",
            given=("normal equation", "posterior", "posterior slope"),
        ),
        meant(
            "$E⟨X, u⟩⟨X, v⟩ = ⟨u, v⟩$, so $E a_jb_i = c_{ji} = ⟨U_je, U_ih⟩$ and $c_{jj} = ⟨e, h⟩$; and $E a_j = 0$.",
            related(_mean(image), "==", total(_PI[j], j) * _INNER - overlap),
            _NAMES,
            label="moments",
            under=("normal data", "orthogonal maps"),
        ),
        meant("$E s_j = 0$.", related(_mean(stretched), "==", 0), _NAMES, label="stretched", under=("normal data",)),
        combination(
            "$⟨e, t⟩ = ⟨e, h⟩ − ⟨Ae, Ah⟩$ whatever $W$ and $ω$: $t = (I − AᵀA)h$.",
            related(_SLOPE, "==", _INNER - overlap),
            {"stationary": -1, "moments": 1, "stretched": -1, "mass": _INNER - _SLOPE},
        ),
        citation(
            "dominated convergence",
            "An entry of $V'$ is the mean of one of $∑γ_j(x − U_jθ')(x − U_jθ')ᵀ$, $x_e$ and $x_f$ the coordinates of "
            "$x$, $m_j$ and $n_j$ those of $U_jt$. Its slope is",
            related(_ENTRY, "==", _slope_of(total(outer, j))),
            label="outer",
            under=("normal data",),
        ),
        equation("that is,", _ENTRY, _mean(entry), label="entry", given=("outer", "posterior", "posterior slope")),
        meant("$E x_e = 0$", related(_mean(_FIRST), "==", 0), _NAMES, label="first", under=("normal data",)),
        meant("and $E x_f = 0$,", related(_mean(_SECOND), "==", 0), _NAMES, label="second", under=("normal data",)),
        combination(
            "and the slopes of the posterior sum to 0: $S = 0$.",
            related(_ENTRY, "==", 0),
            {
                "entry": 1,
                "mass": -_mean(_FIRST * _SECOND * total(_PI[_N] * _B[_N], _N)),
                "drift": _mean(_FIRST * _SECOND),
                "first": -total(_PI[j] * second[j], j),
                "second": -total(_PI[j] * first[j], j),
            },
        ),
    )


def _weight_steps() -> tuple[Step, ...]:
    return (
        citation(
            "dominated convergence",
            "The new weights are $E γ_j$, of which the slopes are the means of slopes.",
            related(_TAU[_J], "==", _mean(_moved_posterior(_J))),
            label="slope of weights",
            under=("normal data",),
        ),
        equation(
            "that is,",
            _TAU[_J],
            _mean(_posterior_slope(_J)),
            label="new weights",
            given=("slope of weights", "posterior", "posterior slope"),
        ),
        meant(
            "$E b_n = 0$ for all components,",
            related(_mean(_B[_N]), "==", 0),
            _NAMES,
            label="all exponents",
            under=("normal data",),
        ),
        instance("also for $j$.", related(_mean(_B[_J]), "==", 0), "all exponents", {_N: _J}, label="exponents"),
        equation(
            "So $∑πb$ has mean 0",
            total(_PI[_N] * _mean(_B[_N]), _N),
            sympy.S.Zero,
            given=("all exponents",),
            label="mean",
        ),
        combination(
            "and $τ = ω$.", _TAU[_J], "==", _OMEGA[_J], {"new weights": 1, "exponents": _PI[_J], "mean": -_PI[_J]}
        ),
    )
