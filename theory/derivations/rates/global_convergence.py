"""Population EM converges linearly from every start under the DFT condition."""

import sympy
from sympy import Interval, exp, oo, sqrt

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import contraction_bound, gradient_em
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import Most
from emtheory.theory.proof.step import PLACE, Step, combination, equation, induction, meant, monotone
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "EM converges linearly from every start")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_BETA, _COMPONENT = sympy.Function("beta", nonnegative=True), sympy.Function("x", real=True)
_RADIUS, _SLOWEST = sympy.Function("r", nonnegative=True), sympy.Symbol("sigma", positive=True)
_M, _N, _MODULUS = component("m"), component("n"), family("p", nonnegative=True)


def _factor(square: sympy.Expr) -> sympy.Expr:
    return 1 - exp(-(_RADIUS(0) ** 2)) * square


def derive_general() -> Derivation:
    t, x = _T, _COMPONENT(_M, _T)
    start = _COMPONENT(_M, 0)
    return STATEMENT.derivation(
        variables=(
            Variable(t, sympy.Range(0, oo), "the number of steps"),
            Variable(_M, sympy.Range(0, oo), "a frequency that $θ_0$ has"),
            Variable(_MODULUS, Interval(0, 1), "$|π̂_m|$"),
            Variable(_SLOWEST, Interval.Lopen(0, 1), "the least $|π̂_m|$ among the frequencies that $θ_0$ has"),
        ),
        hypotheses=("weights", "cyclic maps", "normal data"),
        conclusions=(
            related(x**2, "<=", _factor(_MODULUS[_M] ** 2) ** (2 * t) * start**2),
            related(_RADIUS(t) ** 2, "<=", _factor(_SLOWEST**2) ** (2 * t) * _RADIUS(0) ** 2),
        ),
        note="$x(m, t)$ is the component of $θ_t$ of frequency $m$, along an eigenvector of $R$ for which it "
        "is real, as it remains, $β(m, t) = β_m(θ_t)$, $r(t) = ‖θ_t‖$; "
        "no $π̂_m$ that $θ_0$ has may vanish, the others may; on the complement of the simplex $β_0 = 1$, and one "
        "step reaches 0",
        source="not in the paper; the exact identity and the bound on $B$",
        scope="every $k$, any weights, any $d$, every start that has no frequency with $π̂_m = 0$",
        steps=(*_expansion_steps(), *_bound_steps(), *_rate_steps(), *_norm_steps()),
    )


def _expansion_steps() -> tuple[Step, ...]:
    beta, x = _BETA(_M, _T), _COMPONENT(_M, _T)
    identity, names = made(stein_identity.derive_general), {"beta_m": beta}
    return (
        identity.quoted(
            "A step of EM multiplies the component of frequency $m$ by $1 − β_m$ (statement stein-identity),",
            4,
            {**names, "⟨f_m|θ⟩": x, "⟨f_m|M(θ)⟩": _COMPONENT(_M, _T + 1)},
            label="step",
        ),
        identity.quoted("and $β_m = E|γ̂_m|²$ is at most 1.", 6, {**names, "⟨f_m|θ⟩": x}, label="at most 1"),
    )


def _bound_steps() -> tuple[Step, ...]:
    t, beta, own = _T, _BETA(_M, _T), _MODULUS[_M] ** 2
    here, first = exp(-(_RADIUS(t) ** 2)), exp(-(_RADIUS(0) ** 2))
    squares = {"R(t)": _RADIUS(t) ** 2, "R(0)": _RADIUS(0) ** 2, "t": t}
    return (
        made(gradient_em.derive_general).quoted("No step goes away from 0:", 3, squares, label="ball"),
        monotone("with the norm", related(first, "<=", here), exp(-PLACE), "ball", label="decay"),
        made(contraction_bound.derive_general).quoted(
            "also the bound on $B$ falls, which is at a unit vector of frequency $m$ (statement contraction-bound)",
            1,
            {"r": _RADIUS(t), "‖Aw‖²": own, "E‖Gw‖²": beta},
            label="contraction",
        ),
        combination("So", related(first * own, "<=", beta), {"contraction": 1, "decay": own}, label="bound"),
        combination("$1 − β_m$ is not negative,", related(0, "<=", 1 - beta), {"at most 1": 1}, label="not negative"),
        combination("nor is the bound of it:", 0, "<=", _factor(own), {"bound": 1, "at most 1": 1}, label="positive"),
        *_square_steps(own, "bound", "positive", ""),
    )


def _square_steps(square: sympy.Expr, bound: str, positive: str, prefix: str) -> tuple[Step, ...]:
    """Of (1 − β_m)² at most the square of the bound of 1 − β_m."""
    beta, factor = _BETA(_M, _T), _factor(square)
    return (
        combination(
            "$(1 − β_m)²$ is at most",
            related((1 - beta) ** 2, "<=", factor * (1 - beta)),
            {bound: 1 - beta},
            within=("not negative",),
            label=f"{prefix}once",
        ),
        combination(
            "the bound's square.",
            related((1 - beta) ** 2, "<=", factor**2),
            {f"{prefix}once": 1, bound: factor},
            within=(positive,),
            label=f"{prefix}square",
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    t, x, factor = _T, _COMPONENT(_M, _T), _factor(_MODULUS[_M] ** 2)
    following = _COMPONENT(_M, t + 1)
    return (
        equation(
            "The component squared is after a step",
            following**2,
            ((1 - _BETA(_M, t)) * x) ** 2,
            given=("step",),
            label="squared",
        ),
        induction(
            "and by induction every frequency contracts geometrically, whatever $θ_0$, by at most $1 − e^{−‖θ_0‖²} "
            "min |π̂_m|² < 1$ a step, if no $π̂_m$ vanishes.",
            related(x**2, "<=", factor ** (2 * t) * _COMPONENT(_M, 0) ** 2),
            t,
            factor**2,
            {"squared": -1, "square": x**2},
        ),
    )


def _norm_steps() -> tuple[Step, ...]:
    t, beta, x, least = _T, _BETA(_M, _T), _COMPONENT(_M, _T), _SLOWEST**2
    factor, now, following = _factor(least), _RADIUS(t) ** 2, _RADIUS(t + 1) ** 2
    first, norm = exp(-(_RADIUS(0) ** 2)), {_RADIUS(t): sqrt(total(x**2, _M))}
    return (
        meant(
            "All frequencies at once: $σ$ is the least of the $|π̂_m|$,",
            related(_SLOWEST, "<=", _MODULUS[_M]),
            {_SLOWEST: -Most(-_MODULUS[_N], _N)},
            label="least",
        ),
        monotone("so that", related(least, "<=", _MODULUS[_M] ** 2), PLACE**2, "least", label="least square"),
        combination("and", first * least, "<=", beta, {"bound": 1, "least square": first}, label="bound of all"),
        combination("where", related(0, "<=", factor), {"bound of all": 1, "at most 1": 1}, label="all positive"),
        *_square_steps(least, "bound of all", "all positive", "all "),
        monotone(
            "Summed,",
            related(total((1 - beta) ** 2 * x**2, _M), "<=", total(factor**2 * x**2, _M)),
            total(PLACE * x**2, _M),
            "all square",
            label="squares",
        ),
        meant("where $r²$ is", related(now, "==", total(x**2, _M)), norm, label="norm"),
        meant(
            "and after a step",
            related(following, "==", total((1 - beta) ** 2 * x**2, _M)),
            norm,
            given=("step",),
            label="norm next",
        ),
        combination(
            "A step multiplies the norm by at most $1 − e^{−‖θ_0‖²}σ²$,",
            related(following, "<=", factor**2 * now),
            {"squares": 1, "norm": factor**2, "norm next": -1},
            label="norm step",
        ),
        induction(
            "and $t$ steps by its power.",
            related(now, "<=", factor ** (2 * t) * _RADIUS(0) ** 2),
            t,
            factor**2,
            {"norm step": 1},
        ),
    )
