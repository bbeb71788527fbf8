"""Samples: the Fisher information at θ = 0, and the limits in law where it is invertible."""

import sympy
from sympy import Derivative, Integral, Interval, Limit, Subs, oo

from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Proposition, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import citation
from emtheory.theory.sums import component, family, normalised, total

STATEMENT = Statement(__name__, "the Fisher information, and the limits in law where it is invertible")

_T = sympy.Symbol("t", real=True)
_I, _J, _N = (component(name) for name in "ijn")
_PI, _B, _C = family("pi", positive=True), family("b"), family("c")
_INFORMATION = sympy.Symbol("I_hh", nonnegative=True)
_SIGMA, _SIZE, _DIMENSION = sympy.symbols("sigma n d", positive=True)
_X, _Y = sympy.Symbol("x", real=True), sympy.Symbol("y", nonnegative=True)
_NORM = sympy.Symbol("s", positive=True)
_ESTIMATE, _RATIO = (sympy.Function(name, nonnegative=True) for name in "FG")
_NORMAL = (1 + sympy.erf(_SIGMA * _X / sympy.sqrt(2))) / 2
"""Φ(σx), Φ the standard normal distribution function."""

_AVERAGE = total(normalised(_PI, _J) * _B[_J], _J)
"""Σ_j π_jb_j, weights written π_j/Σπ."""

_MEAN_PRODUCT = total(normalised(_PI, _I) * normalised(_PI, _J) * _C[_I, _J], _I, _J)
_H = Vector("h")
_LOG_RATIO = sympy.log(total(normalised(_PI, _J) * sympy.exp(_T * _B[_J]), _J)) - _T**2 * _NORM / 2
_NAMES = {
    _INFORMATION: Mean(Subs(Derivative(_LOG_RATIO, _T), _T, 0) ** 2, (_B,)),
    _B[_J]: Inner(DATA, Image(_J, _H)),
    _C[_I, _J]: Inner(Image(_I, _H), Image(_J, _H)),
}


def _chi_square(x: sympy.Expr) -> sympy.Expr:
    return sympy.lowergamma(_DIMENSION / 2, x / 2) / sympy.gamma(_DIMENSION / 2)


def derive_general() -> Derivation:
    y = _Y
    return STATEMENT.derivation(
        statement=Proposition(
            variables=(
                Variable(_INFORMATION, Interval(0, oo), "the Fisher information at $θ = 0$ along any vector $h$"),
                Variable(_PI, POSITIVE, "the weights, up to a factor"),
                Variable(_C, REAL, "the inner products $⟨U_ih, U_jh⟩$, so that the sum is $‖Ah‖²$"),
                Variable(_SIGMA, POSITIVE, "any singular value of $A$, $v$ its unit vector"),
                Variable(_X, REAL),
                Variable(_DIMENSION, POSITIVE, "the dimension"),
                Variable(y, Interval(0, oo)),
            ),
            hypotheses=("weights", "normal data", "invertible A"),
            exist_under=dict.fromkeys((_INFORMATION, _ESTIMATE, _RATIO), ("weights", "normal data")),
            conclusions=(
                related(_INFORMATION, "==", _MEAN_PRODUCT),
                related(Limit(_ESTIMATE(_SIZE, _X), _SIZE, oo), "==", _NORMAL),
                related(Limit(_RATIO(_SIZE, y), _SIZE, oo), "==", _chi_square(y)),
            ),
            note="$n$ is the size of the sample and $θ̂$ the maximum of its likelihood; if $A$ is invertible, $F(n, x)$ "
            "is the probability of $√n⟨v, θ̂⟩ ≤ x$ and $G(n, y)$ that of $2n KL(θ̂) ≤ y$: $√n θ̂ → N(0, "
            "(AᵀA)^{−1})$ and $2n KL → χ²_d$. Statement degenerate-law is for all $A$",
        ),
        source="not in the paper, whose finite-sample theorem bounds the error of EM's iterates",
        scope="every $k$, all weights, any matrices $U_j$, any $d$. The score and the information are "
        "derived; the limit theorems are cited, not proved here",
        steps=(*_score_steps(), *_limit_steps()),
    )


def _score_steps() -> tuple[Step, ...]:
    square = _AVERAGE**2
    mean = Mean(square, (_B,))
    return (
        meant(
            "With $b_j = ⟨x, U_jh⟩$, $s = ‖h‖²$ and the weights written $π_j/∑π$ the score at $θ = 0$ along $h$, the "
            "slope of $log p_{th}(x)/φ(x)$, is $∑_jπ_jb_j = ⟨x, Ah⟩$; the Fisher information is its mean square.",
            related(_INFORMATION, "==", mean),
            _NAMES,
            label="information",
        ),
        meant(
            "and with $E b_ib_j = c_{ij} = ⟨U_ih, U_jh⟩$ its mean is",
            related(mean, "==", _MEAN_PRODUCT),
            _NAMES,
            label="products",
            under=("normal data",),
        ),
        combination(
            "$‖Ah‖²$: the Fisher information is $AᵀA$.",
            related(_INFORMATION, "==", _MEAN_PRODUCT),
            {"information": 1, "products": 1},
            label="Fisher",
        ),
    )


def _limit_steps() -> tuple[Step, ...]:
    radius = sympy.Symbol("r", positive=True)
    half, z = _DIMENSION / 2, sympy.Symbol("z", real=True)
    density = sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)
    chi_square = radius ** (half - 1) * sympy.exp(-radius / 2) / (2**half * sympy.gamma(half))
    return (
        citation(
            "maximum likelihood",
            "$θ = 0$ is interior and, when $A$ is invertible, the only $θ$ with $p_θ = p_0$: all $U_jθ$ are 0 there, "
            "as normal mixtures are identifiable, and so is $Aθ$. Where $θ → ∞$ so does some $U_jθ$, and its mass is "
            "lost, so that $θ̂ → 0$: $√n θ̂$ tends in law to $N(0, (AᵀA)^{−1})$, whose variance along $v$ is $1/σ²$.",
            related(Limit(_ESTIMATE(_SIZE, _X), _SIZE, oo), "==", Integral(density, (z, -oo, _SIGMA * _X))),
            label="estimate",
            under=("invertible A",),
        ),
        equation("that is,", Limit(_ESTIMATE(_SIZE, _X), _SIZE, oo), _NORMAL, given=("estimate",)),
        citation(
            "Wilks' theorem",
            "In the direction of a singular value $σ$ of $A$, $θ̂ ≈ z/(σ√n)$ with $z$ standard normal and $KL ≈ "
            "σ²θ̂²/2$, so that $2n KL ≈ z²$; the sum over $d$ directions is $χ²_d$, for all weights, as is the limit of "
            "the likelihood ratio.",
            related(Limit(_RATIO(_SIZE, _Y), _SIZE, oo), "==", Integral(chi_square, (radius, 0, _Y))),
            label="ratio",
            given=("estimate",),
        ),
        equation("that is,", Limit(_RATIO(_SIZE, _Y), _SIZE, oo), _chi_square(_Y), given=("ratio",)),
    )
