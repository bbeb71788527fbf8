"""Equal weights on θ and −θ with the covariance fitted too: EM slows down to t^{−1/6}, and KL is of order eight."""

import sympy
from sympy import Derivative, Integral, Interval, Limit, Rational, Subs, oo

from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Inner, Mean, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, limit, meant, monotone
from emtheory.theory.proof.words import citation, definition, prose

STATEMENT = Statement(__name__, "EM for $θ$ and a covariance, equal weights on $±θ$")

_R, _S = sympy.symbols("r s", positive=True)
_T = sympy.Symbol("t", positive=True)
_IMAGE, _VARIANCE = sympy.Symbol("m", positive=True), sympy.Symbol("v'", real=True)
_X, _TANH, _SLOPE = sympy.symbols("X T KL'", real=True)
_KL, _OPERATOR = sympy.Function("KL", real=True), sympy.Function("M", positive=True)
_REST, _OTHER, _BEYOND = (sympy.Function(name, real=True) for name in "efn")
_ITERATE = sympy.Function("r", positive=True)

_SHARED = _R / (1 - _R**2)
"""θ/v for θ = r and v = 1 − r²."""

_AT_THE_RATE = Rational(1, 4) ** Rational(4, 3) / 12
"""The limit of t^{4/3}KL_t."""


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_VARIANCE, REAL, "the variance after any step of EM, of a full covariance on the line of $θ$"),
            Variable(_IMAGE, Interval.open(0, oo), "$‖θ‖$ after that step"),
            Variable(_SLOPE, REAL, "the slope of KL along $v = 1 − r²$ at $r$"),
            Variable(_R, Interval.open(0, 1), "$‖θ‖$ before it, where that is not the first step"),
        ),
        hypotheses=("normal data", "symmetric pair", "unknown variance"),
        exist_under=dict.fromkeys(
            (_VARIANCE, _IMAGE, _OPERATOR, _SLOPE, _KL, _ITERATE), ("symmetric pair", "unknown variance", "normal data")
        ),
        conclusions=(
            related(_VARIANCE, "==", 1 - _IMAGE**2),
            related(_IMAGE, "<", _R),
            related(0, "<", _VARIANCE),
            related(_OPERATOR(_R), "==", _R - Rational(2, 3) * _R**7 + _REST(_R) * _R**9),
            related(_SLOPE, "==", (_R - _IMAGE) * (1 + _R**2) / (1 - _R**2) ** 2),
            related(_KL(_R), "==", _R**8 / 12 + _OTHER(_R) * _R**10),
            related(Limit(_T * _ITERATE(_T) ** 6, _T, oo), "==", Rational(1, 4)),
            related(Limit(_T ** Rational(4, 3) * _KL(_ITERATE(_T)), _T, oo), "==", _AT_THE_RATE),
        ),
        note="EM from any $θ_0 ≠ 0$ and any covariance. From the first step on it is $I − θθᵀ$; $M(r)$ is $‖θ‖$ "
        "after a step from $‖θ‖ = r$ and $v = 1 − r²$, $KL(r)$ the divergence there, $e$ and $f$ are functions "
        "bounded near 0, and $r(t) = ‖θ_t‖$: $r_t ~ (4t)^{−1/6}$ and $KL_t ~ (4t)^{−4/3}/12$; where the covariance "
        "is known, $t^{−1/2}$ and $t^{−2}$",
        source="not in the paper, whose covariance is known; open question 2, where $A$ is singular",
        scope="$k = 2$, weights 1/2, $d = 1$ or a full covariance, any start but $θ_0 = 0$",
        steps=(*_variance_steps(), *_descent_steps(), *_expansion_steps(), *_divergence_steps(), *_rate_steps()),
    )


def _mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over X, with T = tanh(sX) for s = θ/v."""
    return Mean(value, (_X, _TANH))


def _variance_steps() -> tuple[Step, ...]:
    m = _IMAGE
    spread = (1 + _TANH) / 2 * (_X - m) ** 2 + (1 - _TANH) / 2 * (_X + m) ** 2
    return (
        prose(
            "In one dimension the exponents of the two components differ by $2sX$, $s = θ/v$, so their posteriors are "
            "$(1 ± T)/2$ with $T = tanh(sX)$. The M-step is $θ' = E XT$, called $m$, and $v' = E ∑γ_j(X ∓ m)²$; $θ > "
            "0$ without loss, so that $XT > 0$. For a full covariance $V$ the exponents differ by $2⟨V^{−1}θ, x⟩$. "
            "Let $X$ be the coordinate of $x$ on the line of $V^{−1}θ$: $θ'$ is on it, and $V'$ is $v'$ on it and $I$ "
            "on its complement, so that the line stays after the first step.",
            related(_VARIANCE, "==", _mean(spread)),
            label="M-step",
        ),
        meant(
            "With $E X² = 1$", _mean(_X**2), "==", 1, {_X: Inner(DATA, Unit("e"))}, label="norm", under=("normal data",)
        ),
        meant("and", related(_mean(_X * _TANH), "==", m), {m: _mean(_X * _TANH)}, label="image"),
        combination(
            "In the spread multiplied out the posterior occurs in $E XT$ only: $v' = 1 − m²$, whatever $θ$ and $v$ "
            "were.",
            related(_VARIANCE, "==", 1 - m**2),
            {"M-step": 1, "norm": 1, "image": -2 * m},
            label="curve",
        ),
    )


def _descent_steps() -> tuple[Step, ...]:
    m, square = _IMAGE, _mean(_TANH**2)
    return (
        citation(
            "Stein's lemma",
            "From $θ = r$ and $v = 1 − r²$ the slope of $T$ in $X$ is $s(1 − T²)$, $s = r/(1 − r²)$, so $m = E XT$ is",
            related(m, "==", _SHARED * (1 - square)),
            label="Stein",
        ),
        prose(
            "$T$ is not a multiple of $X$, so that the mean of the square is positive.",
            related(0, "<", _mean((_TANH - m * _X) ** 2)),
            label="not linear",
        ),
        combination(
            "Multiplied out, $m² < E T²$ (the inequality of Cauchy and Schwarz).",
            related(m**2, "<", square),
            {"not linear": 1, "image": 2 * m, "norm": -(m**2)},
            label="Cauchy",
        ),
        combination(
            "With $E T² = 1 − m/s$ this is $(r − m)(1 + mr) > 0$: $θ$ decreases at every step.",
            related(m, "<", _R),
            {"Cauchy": _R / (1 + m * _R), "Stein": -(1 - _R**2) / (1 + m * _R)},
            label="decrease",
        ),
        monotone("So does its square,", related(m**2, "<", _R**2), PLACE**2, "decrease", label="squares"),
        inequality("and as $r < 1$", related(0, "<", 1 - _R**2), label="positive"),
        combination("$v' = 1 − m²$ stays positive.", 0, "<", _VARIANCE, {"squares": 1, "positive": 1, "curve": 1}),
    )


def _expansion_steps() -> tuple[Step, ...]:
    x, u = sympy.symbols("x u", real=True)
    odd = {1: 1, 3: -1, 5: 2, 7: -Rational(17, 3)}
    taylor = sympy.Add(
        *(Subs(Derivative(x * sympy.tanh(u * x), (u, n)), u, 0) * _S**n / sympy.factorial(n) for n in odd)
    )
    polynomial = _S * x**2 - _S**3 * x**4 / 3 + 2 * _S**5 * x**6 / 15 - 17 * _S**7 * x**8 / 315
    composed = sympy.Add(*(c * _SHARED**n for n, c in odd.items()))
    numerator = sympy.Poly(sympy.cancel((composed - _R + 2 * _R**7 / 3) * (1 - _R**2) ** 7 / _R**9), _R).as_expr()
    higher = numerator / (1 - _R**2) ** 7
    return (
        equation("$x tanh(sx)$ is odd in $s$; its Taylor polynomial of degree 8.", taylor, polynomial, label="Taylor"),
        citation(
            "Taylor's theorem",
            "The ninth derivative of $x tanh(sx)$ in $s$ is at most $C x^{10}$, which is integrable: $M(r)$, which "
            "is $m$, differs from the mean of this at $s = r/(1 − r²)$ by $O(r⁹)$.",
            related(_OPERATOR(_R), "==", Subs(Expectation(taylor, (x,)), _S, _SHARED) + _BEYOND(_R) * _R**9),
            label="averaged",
        ),
        definition("With a function that is bounded near 0, too,", _REST(_R), _BEYOND(_R) + higher),
        equation(
            "the powers 3 and 5 of $r$ cancel.",
            _OPERATOR(_R),
            _R - Rational(2, 3) * _R**7 + _REST(_R) * _R**9,
            label="step",
            given=("averaged", "Taylor"),
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    t, x = sympy.symbols("t x", real=True)
    v = 1 - _R**2
    exponent = (x**2 + _R**2) / (2 * v) - x**2 / 2
    averaged = Expectation(sympy.log(v) / 2 + exponent, (x,))
    return (
        citation(
            "dominated convergence",
            "The density over that of $N(0, 1)$ is $cosh(sx)e^{x²/2 − (x² + r²)/(2v)}/√v$, $s = r/v$. The logarithm of "
            "this, with the sign changed, has on the curve $v = 1 − r²$ the mean KL; there is $E log "
            "cosh(sX)$ in it, which has the derivative $E X tanh(sX) = m$ in $s$:",
            related(_SLOPE, "==", Derivative(averaged, _R) - _IMAGE * Derivative(_SHARED, _R)),
            label="chain",
        ),
        combination(
            "so its slope along the curve has the sign of $r − m$.",
            related(_SLOPE, "==", (_R - _IMAGE) * (1 + _R**2) / (1 - _R**2) ** 2),
            {"chain": 1},
            label="slope",
        ),
        citation(
            "Taylor's theorem",
            "KL is the integral from 0, where it is 0; the leading term of $r − m$ is $2r⁷/3$, and the others are of "
            "order $r⁹$ and more.",
            related(_KL(_R), "==", Integral(Rational(2, 3) * t**7, (t, 0, _R)) + _OTHER(_R) * _R**10),
            label="integral",
        ),
        equation("that is,", _KL(_R), _R**8 / 12 + _OTHER(_R) * _R**10, label="KL", given=("integral",)),
    )


def _rate_steps() -> tuple[Step, ...]:
    rest = sympy.Symbol("e", real=True)
    moved = _R - Rational(2, 3) * _R**7 + rest * _R**9
    rate, (first, second) = Limit(_T * _ITERATE(_T) ** 6, _T, oo), sympy.symbols("y_1 y_2")
    return (
        citation(
            "global convergence theorem",
            "$r_t$ decreases; its limit is a fixed point, as $M$ is continuous, and there is none but 0:",
            related(Limit(_ITERATE(_T), _T, oo), "==", 0),
            label="to 0",
            given=("decrease",),
        ),
        citation(
            "Stolz–Cesàro theorem",
            "So $1/r_t⁶$ over $t$ tends to what a step, with bounded $e$, adds to $1/r⁶$ near 0.",
            related(rate, "==", 1 / Limit(1 / moved**6 - 1 / _R**6, _R, 0)),
            label="growth",
        ),
        equation("That is", rate, Rational(1, 4), label="rate", given=("growth",)),
        citation(
            "Taylor's theorem",
            "What KL has beside its leading term is of higher order,",
            related(Limit(_R**2 * _OTHER(_R), _R, 0), "==", 0),
            label="rest",
        ),
        limit(
            "so that",
            Limit(_KL(_R) / _R**8, _R, 0),
            Rational(1, 12),
            Rational(1, 12) + first,
            {"rest": first},
            label="leading",
            given=("KL",),
        ),
        limit(
            "KL is its leading term in the limit: $KL_t ~ (4t)^{−4/3}/12$.",
            Limit(_T ** Rational(4, 3) * _KL(_ITERATE(_T)), _T, oo),
            _AT_THE_RATE,
            first * second ** Rational(4, 3),
            {"leading": first, "rate": second},
            along=("to 0",),
        ),
    )
