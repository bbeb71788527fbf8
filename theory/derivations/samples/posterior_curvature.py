"""How far the posterior covariance at θ exceeds that at 0, for every observation."""

import sympy
from sympy import Derivative, Integral, Interval, oo

from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, instance, monotone
from emtheory.theory.proof.words import citation, prose

STATEMENT = Statement(__name__, "the posterior covariance at $θ$ against that at 0")

_W, _V, _S = sympy.symbols("w v s", nonnegative=True)
_C, _THIRD, _FOURTH = sympy.Function("c", nonnegative=True), sympy.Function("c_3"), sympy.Function("c_4")
_Y, _Z = sympy.symbols("Y Z", real=True)


def derive_general() -> Derivation:
    w = _W
    return STATEMENT.derivation(
        variables=(Variable(w, Interval(0, oo), "$2‖x‖‖θ‖$, $x$ any observation"),),
        hypotheses=("weights", "orthogonal maps"),
        exist_under={_C: ("weights", "orthogonal maps")},
        conclusions=(
            related(_C(1), "<=", sympy.exp(w) * _C(0)),
            related(_C(1), "<=", (sympy.exp(w) - w) * _C(0) + _THIRD(0)),
            related(_C(1), "<=", sympy.exp(2 * w**2 / 3) * _C(0) + _THIRD(0)),
        ),
        note="$c(s)$ is the variance of $⟨U_ju, x⟩$ under the posterior at $sθ$, $u$ any vector: the form at $u$ of "
        "the covariance $C(x, sθ)$ of the $U_jᵀx$, whose mean over a sample is $∇M_n(sθ)$; $c_3(0)$ is the third "
        "cumulant $∑_jπ_j⟨V_ju, x⟩²⟨V_jθ, x⟩$, $V_j = U_j − A$, an odd function of $x$",
        source="not in the paper; for bounds on the sample operator that hold for all $θ$ of a ball at once",
        scope="every $k$, any weights, any orthogonal maps, any $d$, every $x$, $u$ and $θ$",
        steps=(*_cumulant_steps(), *_comparison_steps(), *_exponential_steps(), *_result_steps()),
    )


def _cumulant_steps() -> tuple[Step, ...]:
    s, random = _S, (_Y, _Z)
    variance, mixed = Mean(_Y**2, random), Mean(_Y * _Z, random)
    third, fourth = Mean(_Y**2 * _Z, random), Mean(_Y**2 * _Z**2, random)
    return (
        citation(
            "cumulants",
            "The posterior at $sθ$ has the weights $g_j ∝ π_je^{s⟨x, U_jθ⟩}$. Let $c(s)$ be the second cumulant of "
            "$y_j = ⟨U_ju, x⟩$, and $z_j = ⟨U_jθ, x⟩$; $c′$ and $c″$ are the cumulants with one and two $z$ besides. "
            "With $Y$ and $Z$ for $y$ and $z$ less their posterior means at $sθ$,",
            related(_C(s), "==", variance),
            label="variance",
        ),
        citation("cumulants", "$c′ = c_3(s)$ is the third,", related(_THIRD(s), "==", third), label="third"),
        citation(
            "cumulants",
            "and $c″ = c_4(s)$ the fourth.",
            related(_FOURTH(s), "==", fourth - variance * Mean(_Z**2, random) - 2 * mixed**2),
            label="fourth",
        ),
    )


def _comparison_steps() -> tuple[Step, ...]:
    s, w, random = _S, _W, (_Y, _Z)
    variance, mixed = Mean(_Y**2, random), Mean(_Y * _Z, random)
    return (
        prose(
            "All $z_j$ are between $−‖x‖‖θ‖$ and $‖x‖‖θ‖$, and so is their mean:", related(_Z, "<=", w), label="above"
        ),
        prose("They are bounded from below in the same way.", -w, "<=", _Z, label="below"),
        combination("so that", related(_Z**2, "<=", w**2), {"above": w + _Z}, within=("below",), label="square"),
        monotone(
            "In expectation with $Y²$ the third cumulant",
            related(Mean(_Y**2 * _Z, random), "<=", Mean(_Y**2 * w, random)),
            Mean(_Y**2 * PLACE, random),
            "above",
            label="mean of third",
        ),
        combination(
            "is at most $w c$,",
            related(_THIRD(s), "<=", w * _C(s)),
            {"third": -1, "mean of third": 1, "variance": w},
            label="slope",
        ),
        monotone(
            "and the fourth",
            related(Mean(_Y**2 * _Z**2, random), "<=", Mean(_Y**2 * w**2, random)),
            Mean(_Y**2 * PLACE, random),
            "square",
            label="mean of fourth",
        ),
        inequality(
            "is, less what is not negative,",
            related(0, "<=", variance * Mean(_Z**2, random) + 2 * mixed**2),
            label="subtracted",
        ),
        combination(
            "at most $w² c$.",
            related(_FOURTH(s), "<=", w**2 * _C(s)),
            {"fourth": -1, "mean of fourth": 1, "subtracted": 1, "variance": w**2},
            label="bend",
        ),
        citation(
            "Grönwall's inequality",
            "As $c′ = c_3 ≤ wc$,",
            related(_C(s), "<=", sympy.exp(w * s) * _C(0)),
            label="growth",
            given=("slope",),
        ),
        instance("at $s = 1$ too.", _C(1), "<=", sympy.exp(w) * _C(0), "growth", {s: sympy.S.One}, label="factor"),
    )


def _exponential_steps() -> tuple[Step, ...]:
    w, v = _W, _V
    inner = (4 * v * w / 3 + sympy.Rational(1, 3)) * sympy.exp(v * w)
    rest = sympy.exp(w) - w
    damped = sympy.exp(-2 * w**2 / 3) * rest
    grown, slope = sympy.exp(v * w), Derivative(damped.xreplace({w: v * w}), v)
    return (
        inequality("For the exponential function,", related(1 + w + w**2 / 2, "<=", sympy.exp(w)), label="series"),
        inequality("and as the polynomial has no zero,", 0, "<", 1 - 3 * w + 9 * w**2 / 2 + 2 * w**3, label="cubic"),
        combination(
            "$8w/3$ is below $(4w/3 + 1/3)e^w$,",
            related(8 * w / 3, "<", (4 * w / 3 + sympy.Rational(1, 3)) * sympy.exp(w)),
            {"series": 4 * w / 3 + sympy.Rational(1, 3), "cubic": sympy.Rational(1, 3)},
            label="slopes",
        ),
        instance("and likewise at $vw$,", 8 * v * w / 3, "<", inner, "slopes", {w: v * w}, label="scaled slopes"),
        monotone(
            "and integrated over $v$ from 0 to 1:",
            related(Integral(w * 8 * v * w / 3, (v, 0, 1)), "<=", Integral(w * inner, (v, 0, 1))),
            Integral(w * PLACE, (v, 0, 1)),
            "scaled slopes",
            label="integrated",
        ),
        combination(
            "$e^w − 1 ≤ (4w/3)(e^w − w)$.",
            related(sympy.exp(w) - 1, "<=", 4 * w * rest / 3),
            {"integrated": 1},
            label="compared",
        ),
        instance("At $vw$", grown - 1, "<=", 4 * v * w * (grown - v * w) / 3, "compared", {w: v * w}, label="at vw"),
        combination(
            "$e^{−2w²/3}(e^w − w)$ does not grow from 0 to $w$,",
            related(slope, "<=", 0),
            {"at vw": w * sympy.exp(-2 * (v * w) ** 2 / 3)},
            label="damped slope",
        ),
        monotone(
            "and",
            Integral(slope, (v, 0, 1)),
            "<=",
            0,
            Integral(PLACE, (v, 0, 1)),
            "damped slope",
            label="damped change",
        ),
        combination("from 1, its value at 0:", damped, "<=", 1, {"damped change": 1}, label="damped"),
        combination(
            "$e^w − w ≤ e^{2w²/3}$.",
            related(rest, "<=", sympy.exp(2 * w**2 / 3)),
            {"damped": sympy.exp(2 * w**2 / 3)},
            label="gaussian",
        ),
    )


def _result_steps() -> tuple[Step, ...]:
    w, v = _W, _V
    bend = sympy.exp(w * v) * w**2 * _C(0)
    linear = (sympy.exp(w) - w) * _C(0) + _THIRD(0)
    return (
        citation(
            "Taylor's theorem",
            "$c(1)$ is $c(0) + c′(0)$ and the integral of $(1 − v)c″(v)$,",
            related(_C(1), "==", _C(0) + _THIRD(0) + Integral((1 - v) * _FOURTH(v), (v, 0, 1))),
            label="Taylor",
        ),
        instance("where", related(_FOURTH(v), "<=", w**2 * _C(v)), "bend", {_S: v}, label="bend at v"),
        instance("and", related(_C(v), "<=", sympy.exp(w * v) * _C(0)), "growth", {_S: v}, label="growth at v"),
        combination("give", related(_FOURTH(v), "<=", bend), {"bend at v": 1, "growth at v": w**2}, label="second"),
        monotone(
            "integrated",
            related(Integral((1 - v) * _FOURTH(v), (v, 0, 1)), "<=", Integral((1 - v) * bend, (v, 0, 1))),
            Integral((1 - v) * PLACE, (v, 0, 1)),
            "second",
            label="remainder",
        ),
        combination(
            "The integral of $(1 − v)w²e^{wv}$ is $e^w − 1 − w$:",
            related(_C(1), "<=", linear),
            {"Taylor": -1, "remainder": 1},
            label="linear",
        ),
        combination(
            "$c(1) ≤ e^{2w²/3}c(0) + c_3(0)$. The first factor has no term linear in $θ$, and the second summand is "
            "odd in $x$.",
            related(_C(1), "<=", sympy.exp(2 * w**2 / 3) * _C(0) + _THIRD(0)),
            {"linear": 1, "gaussian": _C(0)},
        ),
    )
