"""Three components on a simplex whose weights are fitted too: the weights settle before the rate is lost."""

import sympy
from sympy import Integer, Range, Rational, exp, log, oo

from emtheory.theory.derivations.extensions import two_fitted_weights
from emtheory.theory.derivations.model import triangle_step
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, instance, monotone
from emtheory.theory.proof.words import assumption

STATEMENT = Statement(
    __name__, "three components, EM for $θ$ and the weights: the rate is kept", 3, general=False, smallest_k=3
)

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_RADIUS, _SIGMA = (sympy.Function(name, positive=True) for name in ("r", "sigma"))
_POWER, _BETA, _PASSED = (sympy.Function(name, nonnegative=True) for name in ("q", "beta", "D"))
_R, _S, _Q, _B = _RADIUS(_T), _SIGMA(_T), _POWER(_T), _BETA(_T)
_LATER, _NEW = _RADIUS(_T + 1), _SIGMA(_T + 1)
_NEAR, _SMALL = related(_RADIUS(0), "<=", Rational(1, 4)), related(3 * _SIGMA(0), "<=", 1)
_FRAME = 25
"""The factor of r² in the exponent of the potential."""
_LOSS = _Q + 3 * _S * _Q
"""The largest share of σ that a step may take."""
_FALL = _LOSS + 13 * _LOSS**2 / 12
"""What log σ falls by in a step, at most."""
_RATE = 3 * (1 + 3 * _SIGMA(0)) / 5


def _potential(t: sympy.Expr) -> sympy.Expr:
    return _RADIUS(t) ** 2 * exp(_FRAME * _RADIUS(t) ** 2) / _SIGMA(t) ** 2


def _left(t: sympy.Expr) -> sympy.Expr:
    """What the squares of the radii from t on add up to, at most."""
    return 2 * _potential(t) / 3 + _RADIUS(t) ** 2


def derive(k: int) -> Derivation:

    def near(conclusion: sympy.Rel) -> sympy.Basic:
        return provided(conclusion, _NEAR, _SMALL)

    return STATEMENT.derivation(
        variables=(Variable(_T, Range(0, oo), "the number of steps"),),
        hypotheses=("weights", "cyclic maps", "normal data", "unknown weights"),
        conclusions=(
            provided(related(_S, "<=", _SIGMA(0)), _SMALL),
            near(related(_PASSED(_T), "<", _left(Integer(0)))),
            near(related(_SIGMA(0) * exp(-_RATE * _left(Integer(0))), "<", _S)),
        ),
        note="EM for $θ$ and the weights, from weights that are not all equal: $r(t)$ is the norm of the part of $θ_t$ "
        "in the plane of the simplex, $σ(t) = |π̂_1|$ at the weights $π_t$, which is $σ_{min}(A)$ in that plane, and "
        "$D(t) = ∑_{s<t} r(s)²$. So $∑θ_t²$ is finite and $σ(t)$ falls to a limit that is not 0. Every step may be the "
        "first; one with $r ≤ 1/4$ comes from every start (statement unknown-weights), and if $σ > 1/3$ at all of "
        "them its limit is not 0, either",
        source="not in the paper, whose weights are known; open question 2",
        scope="$k = 3$, all weights but uniform ones, any $d ≥ 2$; the covariance is known",
        k=k,
        steps=(*_step_steps(k), *_ball_steps(), *_little_steps(), *_fall_steps(), *_potential_steps(), *_least_steps()),
    )


def _step_steps(k: int) -> tuple[Step, ...]:
    names = {"r": _R, "r'": _LATER, "sigma": _S, "σ'": _NEW, "beta": _B, "q": _Q}
    said, derivation = ("step", "one", "faster", "lower", "upper", "slow"), triangle_step.derive(k)
    return tuple(
        derivation.quoted("and" if n else "Statement triangle-step:", n, names, label=label)
        for n, label in enumerate(said)
    )


def _ball_steps() -> tuple[Step, ...]:
    r, start, first = _R, _RADIUS(0), _SIGMA(0)
    share = Rational(32, 29)
    return (
        combination("So", _LATER**2, "<=", (1 - _B) * r**2, {"step": -1, "one": _B * r**2}, label="shrinks"),
        inequality("and as", related(0, "<=", _B * r**2), label="not negative"),
        induction(
            "$r$ does not grow.", r**2, "<=", start**2, _T, Integer(1), {"shrinks": 1, "not negative": 1}, label="ball"
        ),
        assumption("Let $r$ be at most 1/4 at first,", _NEAR, label="near"),
        monotone("so that", related(start**2, "<=", Rational(1, 16)), PLACE**2, "near", label="start square"),
        combination("always", r**2, "<=", Rational(1, 16), {"ball": 1, "start square": 1}, label="inside"),
        combination("and", 29 * _Q / 32, "<=", r**2 / 2, {"slow": 1, "inside": 3 * _Q / 2}, label="share"),
        assumption("Let $σ$ be at most 1/3 at first:", _SMALL, label="third"),
        induction("it falls,", _S, "<=", first, _T, 1 + 3 * _S * _Q, {"upper": 1, "third": _S * _Q}, label="fall"),
        combination("always", 3 * _S, "<=", 1, {"fall": 3, "third": 1}, label="below"),
        combination(
            "so that with $x = q + 3σq$",
            related(_LOSS, "<=", Rational(2, 29)),
            {"below": _Q, "share": 2 * share, "inside": share},
            label="loss",
        ),
        inequality("As", related(0, "<", _NEW**2), label="new square"),
        inequality("and", related(0, "<=", _B**2 * r**2), label="β²"),
        combination(
            "$β$ is hardly less than $q$:",
            related(_Q, "<", 34 * _B / 29),
            {
                "share": share,
                "faster": share,
                "new square": share,
                "step": share / 2,
                "inside": share * _B,
                "β²": share / 2,
            },
            label="alike",
        ),
    )


def _little_steps() -> tuple[Step, ...]:
    s, q, x, new = _S, _Q, _LOSS, _NEW
    return (
        inequality("As", related(0, "<", Rational(27, 29)), label="number"),
        combination("also", 0, "<", 1 - x, {"loss": 1, "number": 1}, label="left"),
        combination(
            "and",
            related(s**2 * (1 - x) ** 2, "<=", s * (1 - x) * new),
            {"lower": s * (1 - x)},
            within=("left",),
            label="lower square",
        ),
        inequality("As", related(0, "<=", (q - s / 7) ** 2), label="gap"),
        inequality("and", related(0, "<", s**2 * (x**2 / 2 + Rational(1, 406))), label="rest"),
        combination(
            "what $log σ$ may lose beside $q$ is small, with $y = x + 13x²/12$:",
            related(2 * _FALL, "<", new**2 / 2 + 2 * q + Rational(89, 3) * q**2),
            {"lower": new / 2, "lower square": Rational(1, 2), "loss": s**2, "below": 13 * q**2 * (1 + s) / 2}
            | {"gap": 21, "rest": 1},
            label="little",
        ),
    )


def _fall_steps() -> tuple[Step, ...]:
    r, s, x, y, new, u = _R, _S, _LOSS, _FALL, _NEW, sympy.Symbol("u", nonnegative=True)
    return (
        inequality("As", related(1 - u, "<=", exp(-u)), label="tangent"),
        instance("at $β$,", 1 - _B, "<=", exp(-_B), "tangent", {u: _B}, label="decay"),
        combination(
            "and", (1 - _B) ** 2, "<=", (1 - _B) * exp(-_B), {"decay": 1 - _B}, within=("one",), label="decay twice"
        ),
        combination(
            "the step is",
            related(_LATER**2, "<=", exp(-2 * _B) * r**2),
            {"step": -1, "decay": r**2 * exp(-_B), "decay twice": r**2},
            label="faster step",
        ),
        monotone(
            "in logarithms", log(_LATER**2), "<=", log(exp(-2 * _B) * r**2), log(PLACE), "faster step", label="log r"
        ),
        inequality("As", related(1 + u, "<=", exp(u)), label="line"),
        instance("at $y$", 1 + y, "<=", exp(y), "line", {u: y}, label="line at y"),
        inequality("and", related(0, "<=", x**2), label="x squared"),
        combination(
            "so that",
            related(1, "<=", (1 - x) * exp(y)),
            {"line at y": 1 - x, "loss": 13 * x**2 / 12, "x squared": Rational(1, 116)},
            within=("left",),
            label="decay of σ",
        ),
        combination("and", related(s, "<=", new * exp(y)), {"lower": exp(y), "decay of σ": s}, label="slower step"),
        monotone("that is,", related(log(s), "<=", log(new * exp(y))), log(PLACE), "slower step", label="log σ"),
    )


def _potential_steps() -> tuple[Step, ...]:
    r, new, u, now, grown = _R, _NEW, sympy.Symbol("u", nonnegative=True), _potential(_T), _potential(_T + 1)
    share = Rational(2848, 87)
    alike = 3 + share / 2
    return (
        combination(
            "$P = r²e^{25r²}/σ²$ falls,",
            related(log(grown) + 3 * new**2 / 2, "<", log(now)),
            {"log r": 1, "log σ": 2, "shrinks": _FRAME, "little": 1, "faster": 2, "step": 1, "slow": 2}
            | {"share": share * _Q, "alike": alike * r**2, "β²": 1}
            | {"not negative": _FRAME - 2 - Rational(34, 29) * alike},
            label="log P",
        ),
        monotone("that is,", related(grown * exp(3 * new**2 / 2), "<", now), exp(PLACE), "log P", label="P"),
        instance("as", 1 + 3 * new**2 / 2, "<=", exp(3 * new**2 / 2), "line", {u: 3 * new**2 / 2}, label="line at σ"),
        inequality("and", related(1, "<=", exp(_FRAME * u)), label="bell"),
        instance("at $r$,", 1, "<=", exp(_FRAME * _LATER**2), "bell", {u: _LATER**2}, label="bell at r"),
        combination(
            "by at least $3r²/2$,",
            related(grown + 3 * _LATER**2 / 2, "<", now),
            {"P": 1, "line at σ": grown, "bell at r": 3 * _LATER**2 / 2},
            label="falls",
        ),
        *two_fitted_weights.sum_steps(_RADIUS, _left, {"falls": Rational(2, 3)}),
    )


def _least_steps() -> tuple[Step, ...]:
    first, x, share = _SIGMA(0), _LOSS, Rational(187, 174)
    return (
        inequality("As", related(0, "<", (1 + 3 * first) * _R**2), label="room"),
        combination(
            "a step divides $σ$ by at most $e^y$, where",
            related(_FALL, "<", _RATE * _R**2),
            {"loss": 13 * x / 12, "fall": 3 * share * _Q, "share": share * Rational(32, 29) * (1 + 3 * first)}
            | {"room": Rational(3, 5) - share * Rational(16, 29)},
            label="few",
        ),
        *two_fitted_weights.least_steps(_SIGMA, _RATE, _left, {"log σ": 1, "few": 1}),
    )
