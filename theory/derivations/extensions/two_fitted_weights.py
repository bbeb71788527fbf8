"""Two opposite means whose weights are fitted too: from every start the weights settle before the rate is lost."""

from collections.abc import Callable

import sympy
from sympy import Derivative, Integral, Range, Subs, cosh, exp, log, oo, sinh, tanh

from emtheory.theory.derivations.convexity import convexity_two
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import (
    PLACE,
    Step,
    combination,
    equation,
    induction,
    inequality,
    instance,
    meant,
    monotone,
)
from emtheory.theory.proof.words import citation
from emtheory.theory.sums import component

STATEMENT = Statement(__name__, "two opposite means, EM for $θ$ and the weights: the rate is kept", 2, general=False)

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_RADIUS, _SIGMA, _ODDS = (sympy.Function(name, positive=True) for name in ("r", "sigma", "a"))
_PASSED = sympy.Function("D", nonnegative=True)
_B, _C = sympy.symbols("b c", nonnegative=True)
_X, _U, _N = sympy.Symbol("x", real=True), sympy.Symbol("u", nonnegative=True), component("n")
_R, _A, _S = _RADIUS(_T), _ODDS(_T), _SIGMA(_T)
_SHARE = _RADIUS(0) ** 2 / _SIGMA(0) ** 2


def _mean(value: Callable[[sympy.Expr], sympy.Expr], at: sympy.Expr = _A, scale: sympy.Expr = _R) -> sympy.Expr:
    """The mean of a function of θX + a, of which tanh is the difference of the posteriors."""
    return Mean(value(scale * _X + at), (_X,))


def _slope(z: sympy.Expr) -> sympy.Expr:
    return cosh(z) ** -2


def _bend(z: sympy.Expr) -> sympy.Expr:
    """Minus half the second derivative of tanh."""
    return tanh(z) / cosh(z) ** 2


def _cube(z: sympy.Expr) -> sympy.Expr:
    return tanh(z) ** 3


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=(Variable(_T, Range(0, oo), "the number of steps"),),
        hypotheses=("normal data", "unknown weights"),
        exist_under={_SIGMA: ("unknown weights",)},
        conclusions=(
            related(_RADIUS(_T + 1) * _S, "<=", (1 - _S**2 / 3) * _R * _SIGMA(_T + 1)),
            related(exp(-(_R**2)) * _S, "<=", _SIGMA(_T + 1)),
            related(_SIGMA(_T + 1), "<=", _S),
            related(_PASSED(_T), "<", 3 * _SHARE),
            related(_SIGMA(0) * exp(-3 * _SHARE), "<", _S),
        ),
        note="EM for $θ$, a number as $d = 1$, and the weights, from any $θ_0 ≠ 0$ and weights that are not 1/2 each: "
        "$r(t) = |θ_t|$, $σ(t) = |π_0 − π_1|$ after $t$ steps, which is $σ_{min}(A)$, and $D(t) = ∑_{s<t} θ_s²$. So "
        "$∑θ_t²$ is finite, $σ(t)$ falls to a limit $σ_∞$ that is not 0, and by statement unknown-weights the factor "
        "tends to $1 − σ_∞²$. Every step may be the first",
        source="not in the paper, whose weights are known; open question 2",
        scope="$k = 2$, all weights but equal ones, every start, any $d$; the covariance is known",
        k=k,
        steps=(*_em_steps(k), *_concave_steps(), *_sum_steps(), *_least_steps()),
    )


def _em_steps(k: int) -> tuple[Step, ...]:
    posterior, slope = convexity_two.posterior_step(k, _R, _A), Derivative(tanh(_U), _U)
    return (
        posterior,
        meant(
            "and with $a$ positive like $θ$, as components and signs are named for it,",
            related(_S, "==", tanh(_A)),
            {_S: tanh(_A)},
            label="sigma",
        ),
        citation(
            "dominated convergence",
            "The weights after a step are the means of the posteriors, their difference",
            related(_SIGMA(_T + 1), "==", Mean(posterior.lhs, (_X,))),
            label="new weights",
            under=("normal data",),
        ),
        equation("that is,", _SIGMA(_T + 1), _mean(tanh), label="E-step", given=("new weights", "posterior")),
        citation(
            "Stein's lemma",
            "$θ' = E[X tanh(θX + a)]$ is the mean of the slope in $X$:",
            related(_RADIUS(_T + 1), "==", _R * _mean(lambda z: Subs(slope, _U, z))),
            label="slope of tanh",
            under=("normal data",),
        ),
        equation("as $tanh$ has the slope", slope, _slope(_U), label="slope"),
        equation("it is", _RADIUS(_T + 1), _R * _mean(_slope), label="M-step", given=("slope of tanh", "slope")),
    )


def _concave_steps() -> tuple[Step, ...]:
    b, u, a = _B, _U, _A
    rest = 2 * a**2 * u
    bend = Integral(rest * _mean(_bend, u * a), (u, 0, 1))
    why = "For an odd function $g$ $E g(cX + b)$ is $e^{−b²/(2c²)} E[g(cX) sinh(bX/c)]$, not negative, as"
    return (
        *(
            citation(
                "Cameron–Martin formula",
                words,
                related(0, "<=", _mean(value, b, _C)),
                label=label,
                under=("normal data",),
            )
            for label, value, words in (("cube", _cube, f"{why} for $tanh³$"), ("bend", _bend, "and $tanh/cosh²$:"))
        ),
        instance(
            "So $E tanh(θX + b)$ is concave in $b ≥ 0$:",
            related(0, "<=", _mean(_bend, u * a)),
            "bend",
            {_C: _R, b: u * a},
            label="at r",
        ),
        monotone("under the integral", related(0, "<=", bend), Integral(rest * PLACE, (u, 0, 1)), "at r", label="rest"),
        citation(
            "Taylor's theorem",
            "which, as $tanh$ has the second derivative $−2tanh/cosh²$, is the remainder at 0, where this mean is 0, "
            "from $a$:",
            related(a * _mean(_slope), "==", _mean(tanh) - bend),
            label="tangent",
        ),
        combination(
            "So", a * _mean(_slope), "<=", _SIGMA(_T + 1), {"tangent": -1, "rest": 1, "E-step": 1}, label="concave"
        ),
    )


def _sum_steps() -> tuple[Step, ...]:
    a, s, r, u, new = _A, _S, _R, _U, _SIGMA(_T + 1)
    third, left = -(s + tanh(a)) / 3, 1 - s**2 / 3
    return (
        inequality("While", related(3 * sinh(2 * u) / 2, "<=", u * (2 + cosh(2 * u))), label="double u"),
        instance("at $a$", 3 * sinh(2 * a) / 2, "<=", a * (2 + cosh(2 * a)), "double u", {u: a}, label="double"),
        combination(
            "and so", s, "<=", a * left, {"double": 1 / (3 * cosh(a) ** 2), "sigma": a * third - 1}, label="tanh"
        ),
        inequality("and as", related(0, "<", (2 + cosh(a) ** -2) / 3), label="positive"),
        combination("also", related(0, "<", left), {"positive": 1, "sigma": third}, label="left"),
        combination(
            "$θ$ contracts by more than $σ$:",
            related(_RADIUS(_T + 1) * s, "<=", left * r * new),
            {"M-step": -s, "tanh": r * _mean(_slope), "concave": r * left},
            within=("left",),
            label="ratio",
        ),
        monotone(
            "squared,", (_RADIUS(_T + 1) * s) ** 2, "<=", (left * r * new) ** 2, PLACE**2, "ratio", label="squares"
        ),
        combination(
            "so that $3θ²/σ²$ falls by at least $θ²$,",
            related(_RADIUS(_T + 1) ** 2 / new**2, "<", r**2 / s**2 - r**2 / 3),
            {"squares": 1 / (s * new) ** 2, "left": r**2 / 3},
            label="fall",
        ),
        *sum_steps(_RADIUS, lambda t: 3 * _RADIUS(t) ** 2 / _SIGMA(t) ** 2, {"fall": 3}),
    )


def sum_steps(
    radius: sympy.FunctionClass, left: Callable[[sympy.Expr], sympy.Expr], fall: dict[str, sympy.Expr | int]
) -> tuple[Step, ...]:
    """D = ∑r² stays below what is left at first, by steps that say that what is left falls by r² at least."""
    passed = {_PASSED(_T): sympy.Sum(radius(_N) ** 2, (_N, 0, _T - 1))}
    start = left(sympy.S.Zero)
    return (
        meant("which adds up:", related(_PASSED(_T + 1), "==", _PASSED(_T) + radius(_T) ** 2), passed, label="next"),
        meant("From", related(_PASSED(0), "==", 0), passed, label="start"),
        induction(
            "on $D$ and what is left do not exceed what is left at first,",
            related(_PASSED(_T) + left(_T), "<=", _PASSED(0) + start),
            _T,
            sympy.S.One,
            {"next": -1, **fall},
            label="Lyapunov",
        ),
        inequality("and, as that is positive,", related(0, "<", left(_T)), label="more"),
        combination("neither does $D$.", _PASSED(_T), "<", start, {"Lyapunov": 1, "start": -1, "more": 1}, label="sum"),
    )


def _least_steps() -> tuple[Step, ...]:
    s, kept = _S, exp(-(_R**2)) * _S
    return (
        citation(
            "Grönwall's inequality",
            "In $v$ the mean of $f = tanh$ has the slope $½E f''(√vX + a)$, which is $E tanh³ − E tanh$ and at least "
            "$−E tanh$. From $v = 0$ to $θ²$",
            related(exp(-(_R**2)) * tanh(_A), "<=", _mean(tanh)),
            label="slow",
            given=("cube",),
        ),
        combination("or", kept, "<=", _SIGMA(_T + 1), {"slow": 1, "E-step": 1, "sigma": -exp(-(_R**2))}, label="kept"),
        citation(
            "fundamental theorem of calculus",
            "The slope is not positive, either:",
            related(_mean(tanh), "<=", tanh(_A)),
            label="down",
        ),
        combination("or", related(_SIGMA(_T + 1), "<=", s), {"down": 1, "E-step": -1, "sigma": 1}),
        monotone("In logarithms", related(log(kept), "<=", log(_SIGMA(_T + 1))), log(PLACE), "kept", label="logarithm"),
        *least_steps(_SIGMA, sympy.S.One, lambda t: 3 * _RADIUS(t) ** 2 / _SIGMA(t) ** 2, {"logarithm": 1}),
    )


def least_steps(
    sigma: sympy.FunctionClass,
    rate: sympy.Expr,
    left: Callable[[sympy.Expr], sympy.Expr],
    fall: dict[str, sympy.Expr | int],
) -> tuple[Step, ...]:
    """σ stays above a number, by steps that say that its logarithm falls by at most a multiple of r²."""
    first, start = sigma(0), left(sympy.S.Zero)
    return (
        induction(
            "what is lost adds up to a multiple of $D$ at most.",
            related(log(first) - rate * _PASSED(_T), "<=", log(sigma(_T))),
            _T,
            sympy.S.One,
            {"next": rate, **fall},
            label="lost",
        ),
        combination(
            "So", log(first) - rate * start, "<", log(sigma(_T)), {"lost": 1, "sum": rate}, label="least logarithm"
        ),
        monotone("and", related(first * exp(-rate * start), "<", sigma(_T)), exp(PLACE), "least logarithm"),
    )
