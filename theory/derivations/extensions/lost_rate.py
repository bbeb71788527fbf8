"""Fitted weights: either EM reaches weights at which the rate is kept, or σ tends to 0, as from starts between."""

import sympy
from sympy import Range, exp

from emtheory.theory.derivations.extensions import unknown_weights
from emtheory.theory.proof.derivation import POSITIVE, UNIT, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, monotone
from emtheory.theory.proof.words import assumption, citation
from emtheory.theory.sums import COUNT

STATEMENT = Statement(__name__, "EM for $θ$ and the weights: where the rate is not kept $σ$ tends to 0")

_T, _SPAN = sympy.Symbol("t", integer=True, nonnegative=True), sympy.Symbol("d", positive=True)
_RADIUS, _LEAST, _MOVED = (sympy.Function(name, nonnegative=True) for name in ("r", "sigma", "D"))
_W = sympy.Symbol("w", nonnegative=True)
_R, _START = _RADIUS(_T), _RADIUS(0)
_GROWTH = 1 + _START**2 / (_SPAN + 2 * _START**2) * _T
"""What ‖θ_0‖²/‖θ_t‖² is at least."""


def _far(radius: sympy.Expr, least: sympy.Expr) -> sympy.Rel:
    """The condition of statement unknown-weights is not met, or only just."""
    return related(least**3, "<=", 8 * COUNT * radius**2 * exp(radius**2))


def derive_general() -> Derivation:
    lost = related(_GROWTH * _LEAST(_T) ** 3, "<=", 8 * COUNT * _START**2 * exp(_START**2))
    return STATEMENT.derivation(
        variables=(
            Variable(_T, Range(0, sympy.oo), "the number of steps"),
            Variable(_SPAN, POSITIVE, "the dimension"),
            Variable(_W, UNIT, "a start of the path", exists=True),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "unknown weights", "path of starts"),
        exist_under={
            _RADIUS(_W, _T): ("weights", "orthogonal maps", "normal data", "unknown weights", "path of starts")
        },
        conclusions=(provided(lost, _far(_R, _LEAST(_T))), _far(_RADIUS(_W, _T), _LEAST(_W, _T))),
        note="$r(t) = ‖θ_t‖$ and $σ(t) = σ_{min}(A)$ at the weights $π_t$, from any start, and $r(w, t)$, $σ(w, t)$ "
        "those from the start $w$ of the path. If the premise fails at some $t$ the weights converge to ones with an "
        "invertible $A$, by statement unknown-weights; if it never fails $σ(t) → 0$, as from the start $w$",
        source="not in the paper, whose weights are known; open question 2",
        scope="every $k$, any orthogonal maps, any $d$; the covariance is known",
        steps=(*_slow_steps(lost), *_path_steps()),
    )


def _slow_steps(lost: sympy.Rel) -> tuple[Step, ...]:
    r, far = _R, 8 * COUNT * exp(_START**2)
    return (
        made(unknown_weights.derive_general).quoted(
            "By statement unknown-weights, from every start,",
            1,
            {"t": _T, "d": _SPAN, "r(0)": _START, "r(t)": r},
            label="slow",
        ),
        inequality("As", related(0, "<=", (_GROWTH - 1) * r**2), label="growing"),
        combination(
            "$‖θ‖$ does not exceed its first value.", r**2, "<=", _START**2, {"slow": 1, "growing": 1}, label="ball"
        ),
        monotone("Nor does", related(exp(r**2), "<=", exp(_START**2)), exp(PLACE), "ball", label="exponential"),
        assumption("If", _far(r, _LEAST(_T)), label="far"),
        combination("then", lost, {"far": _GROWTH, "slow": far, "exponential": 8 * COUNT * _GROWTH * r**2}),
    )


def _path_steps() -> tuple[Step, ...]:
    first = _LEAST(0)
    return (
        assumption("If $8kr²e^{r²} ≤ σ³$ at a step, called the first,", unknown_weights.SMALL, label="small"),
        assumption("and $σ > 0$,", unknown_weights.REGULAR, label="regular"),
        made(unknown_weights.derive_general).quoted(
            "the weights move by at most $σ/2$ after it,",
            4,
            {"t": _T, "r(0)": _START, "sigma(0)": first, "D(t)": _MOVED(_T), "k": COUNT},
            ("regular", "small"),
            label="near",
        ),
        citation(
            "connected intervals",
            "and $σ$ stays above half of what it was, in the limit, too, so that $det A$ keeps its sign, not being 0, "
            "as eigenvalues are continuous. As $r → 0$ the premise is met strictly some steps later, if at all. An "
            "iterate is a continuous function of the start. So the starts of the path from which EM comes to "
            "$8kr²e^{r²} < σ³$ with $det A > 0$ are an open set, those with $det A < 0$ another one, and none is in "
            "both. Not all are in one of them, as 0 and 1 are not in the same. Some $w$ is in neither: there",
            _far(_RADIUS(_W, _T), _LEAST(_W, _T)),
            given=("near",),
            discharging=("small", "regular"),
        ),
    )
