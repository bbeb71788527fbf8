"""Directions that A annihilates: KL is of fourth order there and EM sublinear, with an exact constant."""

import sympy
from sympy import Derivative, Interval, Limit, oo

from emtheory.theory.cumulants import logarithmic_derivative
from emtheory.theory.derivations.rates import gradient_em
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import DATA, METRIC, Image, Inner, Mean, Power, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, limit, meant, monotone
from emtheory.theory.proof.words import citation
from emtheory.theory.sums import DIMENSION, component, family, total

STATEMENT = Statement(__name__, "KL and EM along directions that $A$ annihilates")

RADIUS, QUARTIC = sympy.symbols("r q", positive=True)
KL, _REST = sympy.Function("KL", real=True), sympy.Function("e", real=True)
ITERATE = sympy.Function("r", positive=True)
_NORM = sympy.Symbol("‖T‖_F", real=True)
_DIMENSION = sympy.Symbol("d", positive=True)
T = sympy.Symbol("t", integer=True, nonnegative=True)
_I, _J = component("i"), component("j")
_M, _APART = sympy.symbols("m_1:5", real=True), sympy.Symbol("‖T − I/d‖²", real=True)
_SECOND, _FOURTH = Mean(_M[1], _M), Mean(_M[3] - 3 * _M[1] ** 2, _M)
_MODEL = ("weights", "orthogonal maps", "normal data")
_WEIGHTS, _INNER = family("pi", positive=True), family("c")
_OVERLAP = total(_WEIGHTS[_I] * _WEIGHTS[_J] * _INNER[_I, _J] ** 2, _I, _J)
_U = Unit("u")
_TENSOR = total(_WEIGHTS[_I] * Power(2, Image(_I, _U)), _I)
_NAMES = {
    **{moment: total(_WEIGHTS[_I] * Inner(DATA, Image(_I, _U)) ** n, _I) for n, moment in enumerate(_M, 1)},
    _INNER[_I, _J]: Inner(Image(_I, _U), Image(_J, _U)),
    QUARTIC: _OVERLAP,
    _NORM: sympy.sqrt(Inner(_TENSOR, _TENSOR)),
    _APART: Inner(_TENSOR - METRIC / DIMENSION, _TENSOR - METRIC / DIMENSION),
    _DIMENSION: DIMENSION,
}
"""What names stand for; T is a tensor, and q its square."""


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(RADIUS, Interval.open(0, oo), "the distance from 0 along $u$"),
            Variable(_DIMENSION, Interval(1, oo)),
            Variable(_NORM, Interval(-oo, oo), "the Frobenius norm of $T = ∑_j π_j (U_ju)(U_ju)ᵀ$"),
            Variable(_WEIGHTS, Interval.open(0, oo), "the weights"),
            Variable(_INNER, Interval(-oo, oo), "the inner products $⟨U_iu, U_ju⟩$, $‖u‖ = 1$"),
            Variable(QUARTIC, Interval.open(0, oo)),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "annihilated direction", "invariant line"),
        exist_under={
            ITERATE: (*_MODEL, "annihilated direction", "invariant line"),
            KL: (*_MODEL, "annihilated direction"),
        },
        conclusions=(
            related(QUARTIC, "==", total(_WEIGHTS[_I] * _WEIGHTS[_J] * _INNER[_I, _J] ** 2, _I, _J)),
            related(KL(RADIUS), "==", QUARTIC * RADIUS**4 / 4 + _REST(RADIUS) * RADIUS**6),
            related(QUARTIC, "==", _NORM**2),
            related(1 / _DIMENSION, "<=", QUARTIC),
            related(QUARTIC, "<=", 1),
            related(Limit(T * ITERATE(T) ** 2, T, oo), "==", 1 / (2 * QUARTIC)),
            related(Limit(T**2 * KL(ITERATE(T)), T, oo), "==", 1 / (16 * QUARTIC)),
        ),
        note="$KL(r)$ is the divergence at $ru$, $e$ a function bounded near 0, and $r(t) = ‖θ_t‖$ where EM stays "
        "on the line of $u$; the limits are $r_t² ~ 1/(2qt)$ and $KL_t ~ 1/(16qt²)$",
        source="not in the paper, whose weights are not degenerate; open question 3",
        scope="every $k$, all weights, any orthogonal maps, any $d$, every $u$ with $Au = 0$",
        steps=(*_moment_steps(), *_divergence_steps(), *_constant_steps(), *rate_steps(QUARTIC)),
    )


def _moment_steps() -> tuple[Step, ...]:
    return (
        meant(
            "Let $m_n = ∑_j π_j y_j^n$ with $y_j = ⟨X, U_ju⟩$. $m_1 = ⟨X, Au⟩$ is 0.",
            related(_M[0], "==", 0),
            _NAMES,
            label="mean",
            under=("annihilated direction",),
        ),
        meant("$y_i$ is standard normal: $E m_2 = 1$.", _SECOND, "==", 1, _NAMES, label="second", under=_MODEL),
        meant("With $c_{ij} = ⟨U_iu, U_ju⟩$ let $q$ be", QUARTIC, "==", _OVERLAP, {QUARTIC: _OVERLAP}, label="q"),
        meant(
            "$E y_j⁴ = 3$ and $E y_i²y_j² = 1 + 2c_{ij}²$, so that $E(m_4 − 3m_2²) = −6q$.",
            related(_FOURTH, "==", -6 * QUARTIC),
            _NAMES,
            label="cumulant",
            under=_MODEL,
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    r, t = RADIUS, sympy.Symbol("t", real=True)
    second, fourth = (Mean(logarithmic_derivative(order, _M, t), _M) for order in (2, 4))
    return (
        citation(
            "Taylor's theorem",
            "$KL(ru) = r²/2 − Λ$. The n-th derivative of $Λ's$ integrand $log ∑_j π_je^{ty_j} = log(1 + t m_1 + t² "
            "m_2/2 + …)$ is a cumulant of $y$ under the posterior, at most $C max|y_j|^n$, which is integrable; odd "
            "ones have expectation 0 at $t = 0$ as $X$ and $−X$ have the same law: what is left out of $Λ$ is of "
            "order $r⁶$.",
            related(KL(r), "==", r**2 / 2 - (r**2 * second / 2 + r**4 * fourth / 24) + _REST(r) * r**6),
            label="derivatives",
        ),
        equation(
            "The fourth, in general $m_4 − 4m_1m_3 − 3m_2² + 12m_1²m_2 − 6m_1⁴$, is $m_4 − 3m_2²$.",
            KL(r),
            r**2 / 2 - (r**2 * _SECOND / 2 + r**4 * _FOURTH / 24) + _REST(r) * r**6,
            label="expansion",
            given=("derivatives", "mean"),
        ),
        combination(
            "The second order cancels.",
            related(KL(r), "==", QUARTIC * r**4 / 4 + _REST(r) * r**6),
            {"expansion": 1, "second": -(r**2) / 2, "cumulant": -(r**4) / 24},
            label="KL",
        ),
    )


def _constant_steps() -> tuple[Step, ...]:
    pair = _WEIGHTS[_I] * _WEIGHTS[_J]
    return (
        meant("$T$ has the square $q = ‖T‖_F²$,", related(QUARTIC, "==", _NORM**2), _NAMES),
        meant("and $T − I/d$ one that is not negative:", 0, "<=", _APART, {_APART: _NAMES[_APART]}, label="square"),
        meant(
            "as $T$ has the trace $∑_j π_j‖U_ju‖² = 1$, this is",
            related(_APART, "==", QUARTIC - 1 / _DIMENSION),
            _NAMES,
            label="apart",
            under=("weights", "orthogonal maps"),
        ),
        combination("which bounds $q$ from below.", related(1 / _DIMENSION, "<=", QUARTIC), {"square": 1, "apart": -1}),
        meant(
            "By Cauchy and Schwarz", _INNER[_I, _J] ** 2, "<=", 1, _NAMES, label="cosine", under=("orthogonal maps",)
        ),
        monotone(
            "on average", _OVERLAP, "<=", total(pair, _I, _J), total(pair * PLACE, _I, _J), "cosine", label="average"
        ),
        meant("where the weights sum to 1.", total(pair, _I, _J), "==", 1, {}, label="mass", under=("weights",)),
        combination("a bound from above.", related(QUARTIC, "<=", 1), {"average": 1, "mass": -1, "q": -1}),
    )


def rate_steps(quartic: sympy.Expr, where: str = "Along the line of $u$") -> tuple[Step, ...]:
    """Steps from KL(r) = q r⁴/4 + O(r⁶), labelled ``KL``, to the rates of EM where it keeps a line."""
    rest = sympy.Symbol("e", positive=True)
    first, second = sympy.symbols("y_1 y_2")
    rate = Limit(T * ITERATE(T) ** 2, T, oo)
    next_radius = RADIUS - Derivative(quartic * RADIUS**4 / 4, RADIUS).doit() - rest * RADIUS**5
    return (
        made(gradient_em.derive_general).quoted(
            "No step goes away from 0.", 3, {"t": T, "R(t)": ITERATE(T) ** 2, "R(0)": ITERATE(0) ** 2}, label="ball"
        ),
        citation(
            "global convergence theorem",
            "$M$ is continuous, and each step lowers KL except at 0, the only fixed point:",
            related(Limit(ITERATE(T), T, oo), "==", 0),
            label="to 0",
            given=("ball",),
        ),
        citation(
            "Stolz–Cesàro theorem",
            f"{where} the gradient of $ℓ$ is $q r³ + O(r⁵)$. So a step of EM is $r → r(1 − q r² − e r⁴)$, bounded $e$, "
            "where the line is invariant: $1/r_t²$ over $t$ tends to what a step adds to $1/r²$ near 0,",
            related(rate, "==", 1 / Limit(1 / next_radius**2 - 1 / RADIUS**2, RADIUS, 0)),
            label="growth",
        ),
        equation("which is $2q$: $r_t² ~ 1/(2qt)$.", rate, 1 / (2 * quartic), label="rate", given=("growth",)),
        citation(
            "Taylor's theorem",
            "What the divergence has beside its leading term is of order $r⁶$,",
            related(Limit(RADIUS**2 * _REST(RADIUS), RADIUS, 0), "==", 0),
            label="rest",
        ),
        limit(
            "so that",
            Limit(KL(RADIUS) / RADIUS**4, RADIUS, 0),
            quartic / 4,
            quartic / 4 + first,
            {"rest": first},
            label="fourth order",
            given=("KL",),
        ),
        limit(
            "$t²KL_t = (KL_t/r_t⁴)(t r_t²)²$: $KL_t ~ 1/(16qt²)$.",
            Limit(T**2 * KL(ITERATE(T)), T, oo),
            1 / (16 * quartic),
            first * second**2,
            {"fourth order": first, "rate": second},
            along=("to 0",),
        ),
    )
