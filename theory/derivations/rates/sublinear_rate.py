"""From a start that excites a vanishing π̂_m, ‖θ_t‖ is t^{−1/2} and KL t^{−2} up to constants, from both sides."""

import sympy
from sympy import Integral, Interval, Rational, oo

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import gradient_em, necessity, stationary_point
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, condition, prose
from emtheory.theory.sums import COUNT, component, total

STATEMENT = Statement(__name__, "$t^{−1/2}$ and no better where a vanishing $π̂_m$ is excited")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_SLOW, _REST = sympy.Function("S", positive=True), sympy.Function("T", nonnegative=True)
_SQUARE, _KL = sympy.Function("R", positive=True), sympy.Function("KL", positive=True)
_BETA = sympy.Function("beta", nonnegative=True)
_SHARE, _DIMENSION, _CONSTANT = sympy.symbols("V D C", positive=True)
_S = sympy.Symbol("s", positive=True)
_M = component("m")
_RHO, _FORM = sympy.Function("x", real=True), sympy.Function("f", nonnegative=True)
_NEAR = related(8 * COUNT * _SQUARE(0), "<=", 1)


def derive_general() -> Derivation:
    t, positive = _T, Interval.open(0, oo)
    near = sympy.And(_NEAR, related(_SHARE, "<=", 1), evaluate=False)
    bound, growth = _DIMENSION + 2 * _SQUARE(0), 1 + 8 * COUNT * _SLOW(0) * t
    return STATEMENT.derivation(
        variables=(
            Variable(_CONSTANT, positive, "a number that depends on weights and start, but not on $t$", exists=True),
            Variable(t, sympy.Range(0, oo), "the number of steps"),
            Variable(_DIMENSION, positive, "at least the dimension of the span of the $U_iθ − U_jθ$, any $θ$"),
            Variable(_SHARE, positive, "the supremum of $T(t)/(kS(t)²)$ over $t$"),
        ),
        hypotheses=("weights", "cyclic maps", "normal data", "vanishing transform"),
        conclusions=(
            related(t * _SQUARE(t), "<", bound),
            sympy.Implies(near, related(_SLOW(0), "<=", growth * _SQUARE(t))),
            sympy.Implies(near, related(t**2 * _KL(t), "<", COUNT * bound**2)),
            sympy.Implies(near, related(_SLOW(0) ** 2, "<", 4 * bound * growth**2 * _KL(t))),
            related(1, "<=", _CONSTANT * (1 + t) * _SQUARE(t)),
            related(1, "<=", _CONSTANT * (1 + t) ** 2 * _KL(t)),
            related(t**2 * _KL(t), "<=", _CONSTANT),
        ),
        note="population EM: $R(t) = ‖θ_t‖²$, $S(t)$ is the part of it of the frequencies with $π̂_m = 0$, of which "
        "$θ_0$ has one, $T(t)$ the rest; the premises hold from some step on",
        source="not in the paper, whose weights are not degenerate; open question 3",
        scope="every $k$, all weights with some $π̂_m = 0$, $U_j = R^j$, any $d$; every start with such a frequency "
        "$m$, whatever others it has",
        steps=(*_upper_steps(), *_near_steps(), *_lower_steps(), *_divergence_steps(), *_constant_steps()),
    )


def _upper_steps() -> tuple[Step, ...]:
    t, here, start = _T, _SQUARE(_T), _SQUARE(0)
    bound = _DIMENSION + 2 * start
    return (
        made(gradient_em.derive_general).quoted(
            "Statement gradient-em, with the step 1, for all weights:",
            1,
            {"s": sympy.S.One, "t": t, "D": _DIMENSION, "R(t)": here, "R(0)": start},
            label="every weight",
        ),
        inequality("and as $R$ is not negative,", related(0, "<", here), label="positive"),
        combination(
            "so that $R$ is at most of order $1/t$.",
            related(t * here, "<", bound),
            {"every weight": bound / start, "positive": bound / start},
            label="upper",
        ),
    )


def _near_steps() -> tuple[Step, ...]:
    slow, rest = _SLOW(_T), _REST(_T)
    return (
        meant(
            "$R$ is $S + T$.",
            related(_SQUARE(_T), "==", slow + rest),
            {_REST(_T): _SQUARE(_T) - _SLOW(_T)},
            label="norm",
            under=(),
        ),
        made(gradient_em.derive_general).quoted(
            "No step goes away from 0.", 3, {"t": _T, "R(t)": _SQUARE(_T), "R(0)": _SQUARE(0)}, label="ball"
        ),
        inequality("$T$ is not negative:", related(0, "<=", rest), label="rest sign"),
        condition("$V$ is a supremum:", related(rest, "<=", _SHARE * COUNT * slow**2), over=(_T,), label="share"),
        assumption("Let $8kR$ be at most 1 at first", _NEAR, label="near"),
        assumption("and", related(_SHARE, "<=", 1), label="slow"),
        combination(
            "$8kS ≤ 1$,",
            related(8 * COUNT * slow, "<=", 1),
            {"norm": 8 * COUNT, "rest sign": 8 * COUNT, "ball": 8 * COUNT, "near": 1},
            label="small",
        ),
        combination(
            "$T ≤ kS²$,", rest, "<=", COUNT * slow**2, {"share": 1, "slow": COUNT * slow**2}, label="rest square"
        ),
        inequality("and as $S$ is positive", related(0, "<", slow), label="positive S"),
        combination(
            "$R < 2S$.",
            related(_SQUARE(_T), "<", 2 * slow),
            {"norm": -1, "rest square": 1, "small": slow / 8, "positive S": Rational(7, 8)},
            label="double",
        ),
    )


def _lower_steps() -> tuple[Step, ...]:
    t, slow, following = _T, _SLOW(_T), _SLOW(_T + 1)
    x, beta = _RHO(_M, t), _BETA(_M, t)
    squares, kept = total(x**2, _M), total((1 - beta) ** 2 * x**2, _M)
    factor = 1 - 4 * COUNT * slow
    growth = 1 + 8 * COUNT * _SLOW(0) * t
    return (
        made(necessity.derive_general).quoted(
            "Statement necessity: $β_m(θ) ≤ k‖θ‖²$ where $π̂_m = 0$.",
            0,
            {"beta(t)": _BETA(_M, _T), "r(t)": sympy.sqrt(_SQUARE(t)), "k": COUNT},
            label="power",
        ),
        combination(
            "Hence", _BETA(_M, _T), "<", 2 * COUNT * slow, {"power": 1, "double": COUNT}, label="power of the slow"
        ),
        inequality("and, as a square is not negative,", related(0, "<=", _BETA(_M, _T) ** 2), label="power square"),
        combination(
            "$(1 − β_m)²$ is more than $1 − 4kS$.",
            related(factor, "<", (1 - _BETA(_M, _T)) ** 2),
            {"power of the slow": 2, "power square": 1},
            label="factor",
        ),
        monotone(
            "Summed over the frequencies with $π̂_m = 0$,",
            related(total(factor * x**2, _M), "<=", kept),
            total(PLACE * x**2, _M),
            "factor",
            label="sum",
        ),
        meant("where $S$ is the sum of the $ρ_m²$,", related(slow, "==", squares), {slow: squares}, label="S"),
        made(stein_identity.derive_general).quoted(
            "which lose in a step (statement stein-identity) a share, but none all that it has, as $β_m < 1$:",
            4,
            {"⟨f_m|θ⟩": x, "beta_m": beta, "⟨f_m|M(θ)⟩": _RHO(_M, t + 1)},
            label="P_m",
        ),
        meant("so that", related(following, "==", kept), {slow: squares}, given=("P_m",), label="S next"),
        combination(
            "$S$ keeps a part of at least $1 − 4kS$,",
            related(factor * slow, "<=", following),
            {"sum": 1, "S": -factor, "S next": 1},
            label="step",
        ),
        combination(
            "so that $1/S$ grows by at most $8k$, as $(1 − x)(1 + 2x) ≥ 1$ for $0 ≤ x ≤ 1/2$, $x = 4kS$.",
            related(1 / following, "<=", 1 / slow + 8 * COUNT),
            {"step": (1 + 8 * COUNT * slow) / (slow * following), "small": 4 * COUNT * slow / following},
            label="growth",
        ),
        induction(
            "By induction,",
            related(1 / slow, "<=", 1 / _SLOW(0) + 8 * COUNT * t),
            t,
            sympy.S.One,
            {"growth": 1},
            label="inverse",
        ),
        combination("times $S(0)S$,", _SLOW(0), "<=", growth * slow, {"inverse": _SLOW(0) * slow}, label="lower"),
        combination(
            "$R$ is at least of order $1/t$.",
            related(_SLOW(0), "<=", growth * _SQUARE(t)),
            {"lower": 1, "norm": growth, "rest sign": growth},
            label="radius",
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    t, s, here, slow, rest = _T, _S, _SQUARE(_T), _SLOW(_T), _REST(_T)
    bound, growth = _DIMENSION + 2 * _SQUARE(0), 1 + 8 * COUNT * _SLOW(0) * t

    def along(value: sympy.Expr) -> sympy.Expr:
        return total(Integral(s * value, (s, 0, 1)) * _RHO(_M, t) ** 2, _M)

    path, power, others = _BETA(_M, s, t), COUNT * s**2 * here, _FORM(s, t)
    whole = Integral(s * others, (s, 0, 1))
    return (
        made(stationary_point.derive_general).quoted(
            "$⟨θ, ∇ℓ(sθ)⟩$ is $s$ times $∑_m β_m(sθ)ρ_m²$ and the form $f$ of $B$ at the part of the others, so "
            "that KL is (statement stationary-point)",
            6,
            {"KL(r)": _KL(t), "f(r*s)": s**2 * (total(path * _RHO(_M, t) ** 2, _M) + others)},
            label="KL along",
        ),
        citation(
            "Fubini's theorem",
            "a finite sum of integrals,",
            related(Integral(s * (total(path * _RHO(_M, t) ** 2, _M) + others), (s, 0, 1)), "==", along(path) + whole),
            label="sum of integrals",
        ),
        made(stein_identity.derive_general).quoted(
            "where $B ⪯ I$ (statement stein-identity):", 2, {"⟨h|B(sθ)h⟩": others, "‖h‖²": rest}, label="below I"
        ),
        monotone(
            "integrated",
            related(whole, "<=", Integral(s * rest, (s, 0, 1))),
            Integral(s * PLACE, (s, 0, 1)),
            "below I",
            label="rest of KL",
        ),
        combination(
            "at most half of $T$:",
            related(_KL(t), "<=", along(path) + rest / 2),
            {"KL along": -1, "sum of integrals": -1, "rest of KL": 1},
            label="path",
        ),
        made(necessity.derive_general).quoted(
            "Again $β_m(sθ) ≤ k‖sθ‖²$:",
            0,
            {"beta(t)": path, "r(t)": s * sympy.sqrt(here), "k": COUNT},
            label="power inside",
        ),
        monotone("so", related(along(path), "<=", along(power)), along(PLACE), "power inside", label="integral"),
        combination(
            "$KL$ is at most $kRS/4 + T/2$,",
            related(_KL(t), "<=", COUNT * here * slow / 4 + rest / 2),
            {"path": 1, "integral": 1, "S": COUNT * here / 4},
            label="KL",
        ),
        combination(
            "less than $kS²$,",
            related(_KL(t), "<", COUNT * slow**2),
            {"KL": 1, "double": COUNT * slow / 4, "rest square": Rational(1, 2)},
            label="KL of S",
        ),
        combination(
            "and $kR²$.",
            related(_KL(t), "<", COUNT * here**2),
            {"KL of S": 1, "norm": COUNT * (here + slow), "rest sign": COUNT * (here + slow)},
            label="KL of R",
        ),
        monotone("With $tR ≤ D + 2R(0)$, squared,", (t * here) ** 2, "<", bound**2, PLACE**2, "upper", label="square"),
        combination(
            "KL is at most of order $1/t²$.",
            related(t**2 * _KL(t), "<", COUNT * bound**2),
            {"KL of R": t**2, "square": COUNT},
            label="KL upper",
        ),
        made(stationary_point.derive_general).quoted(
            "Statement stationary-point, for all weights:",
            2,
            {"KL(r)": _KL(t), "r": sympy.sqrt(here), "D": _DIMENSION},
            label="fourth order",
        ),
        combination(
            "Hence",
            related(here**2, "<", 4 * bound * _KL(t)),
            {"fourth order": 4 * (_DIMENSION + 2 * here), "ball": 8 * _KL(t)},
            label="KL and R",
        ),
        monotone(
            "and, with the bound of $R$ from below, squared,",
            related(_SLOW(0) ** 2, "<=", (growth * here) ** 2),
            PLACE**2,
            "radius",
            label="radius square",
        ),
        combination(
            "KL is at least of order $1/t²$.",
            related(_SLOW(0) ** 2, "<", 4 * bound * growth**2 * _KL(t)),
            {"radius square": 1, "KL and R": growth**2},
            label="KL lower",
        ),
    )


def _constant_steps() -> tuple[Step, ...]:
    t = _T
    return (
        prose(
            "Both are so for the iterates from some step on: $θ_t → 0$, and $T/(kS²) → 0$, as $β_m$, which "
            "is continuous, tends to $|π̂_m|²$, so that $S$ falls by a factor tending to 1, $T$ geometrically. $R$ is "
            "positive before, so that a constant serves all steps. No rule is about what holds from some step on:",
            related(1, "<=", _CONSTANT * (1 + t) * _SQUARE(t)),
            given=("radius",),
            discharging=("near", "slow"),
        ),
        prose(
            "A larger constant serves KL from below, likewise.",
            related(1, "<=", _CONSTANT * (1 + t) ** 2 * _KL(t)),
            given=("KL lower",),
            discharging=("near", "slow"),
        ),
        prose(
            "It serves KL from above, too, as KL is finite before that step.",
            related(t**2 * _KL(t), "<=", _CONSTANT),
            given=("KL upper",),
            discharging=("near", "slow"),
        ),
    )
