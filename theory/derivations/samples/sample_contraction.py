"""Sample EM contracts a ball into itself, on any data with a few numbers small enough."""

import sympy
from sympy import Interval, oo

from emtheory.theory.derivations.samples import sample_curvature
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.meant.laws import LEAST, average
from emtheory.theory.proof.meant.vectors import Inner, Unit
from emtheory.theory.proof.step import PLACE, Step, all_of, combination, induction, meant, monotone
from emtheory.theory.proof.words import assumption, at_most, citation, prose

STATEMENT = Statement(__name__, "sample EM contracts a ball, on any data")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_R, _BALL, _START = sympy.symbols("r R rho", nonnegative=True)
_SPREAD, _GROWTH, _THIRD = sympy.symbols("lambda omega T", nonnegative=True)
_LEAST, _LARGEST, _IMAGE = sympy.symbols("sigma s ‖Au‖²", nonnegative=True)
_MEAN, _NORM, _NEXT = sympy.symbols("‖x̄‖ ‖H‖ ‖M_n(θ)‖", nonnegative=True)
_LIPSCHITZ = sympy.Symbol("‖∇M_n(θ)‖", nonnegative=True)
_RATE, _LIMIT = sympy.symbols("p r_1", positive=True)
_FORM, _AVERAGE = sympy.Function("q", nonnegative=True), sympy.Function("h", nonnegative=True)
_DISTANCE = sympy.Function("D", nonnegative=True)
_ENOUGH = related(_T * sympy.log(_RATE), "<=", sympy.log(_LEAST * _LIMIT / (_START + _LIMIT)))


def loss(radius: sympy.Expr, share: sympy.Expr | int = 1) -> sympy.Expr:
    """(1 − σ²)(λ + ωr²) + Tr, or with the third of ω and half of T its mean along the ray."""
    growth, third = (_GROWTH, _THIRD) if share == 1 else (_GROWTH / 3, _THIRD / 2)
    return (1 - _LEAST**2) * (_SPREAD + growth * radius**2) + third * radius


_SELF_MAP = related(_LARGEST * _MEAN, "<=", _BALL * (1 - loss(_BALL, 0)))


_CONTRACTS = related(loss(_BALL), "<=", _RATE)


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        variables=(
            Variable(_T, sympy.Range(0, oo), "the number of steps"),
            Variable(_BALL, nonnegative, "the radius of the ball"),
            Variable(_START, nonnegative, "at least $‖θ_0‖$, at most $R$"),
            Variable(_LEAST, Interval.Lopen(0, 1), "$σ_{min}(A)$"),
            Variable(_LARGEST, nonnegative, "$‖A‖$"),
            Variable(_SPREAD, nonnegative, "$λ$, $ω$ and $T$ of statement sample-curvature, or more"),
            Variable(_GROWTH, nonnegative),
            Variable(_THIRD, nonnegative),
            Variable(_MEAN, nonnegative),
            Variable(_LIPSCHITZ, nonnegative, "at any $θ$ with $‖θ‖ ≤ R$"),
            Variable(_NEXT, nonnegative, "at any $θ$ with $‖θ‖ ≤ R$"),
            Variable(_RATE, POSITIVE, "a factor"),
            Variable(_LIMIT, POSITIVE, "at least $‖θ̂‖$"),
        ),
        hypotheses=("weights", "orthogonal maps"),
        exist_under=dict.fromkeys((_LIPSCHITZ, _NEXT, _DISTANCE), ("weights", "orthogonal maps")),
        conclusions=(
            related(_LIPSCHITZ, "<=", loss(_BALL)),
            provided(related(_NEXT, "<=", _BALL), _SELF_MAP),
            provided(related(_DISTANCE(_T), "<=", _RATE**_T * _DISTANCE(0)), _CONTRACTS, _SELF_MAP),
            provided(related(_DISTANCE(_T), "<=", _LEAST * _LIMIT), _CONTRACTS, _SELF_MAP, _ENOUGH),
        ),
        note=(
            "on any data. If $p < 1$ and $s‖x̄‖$ is small enough, EM maps the ball $‖θ‖ ≤ R$ into itself and "
            "contracts it: by Banach's theorem there is one fixed point $θ̂$ in it, and $D(t) = ‖θ_t − θ̂‖$ for "
            "every start there"
        ),
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights with invertible $A$, any orthogonal maps, any $d$, any data",
        steps=(*_lipschitz_steps(), *_ball_steps(), *_iterate_steps()),
    )


def _curvature(why: str, number: int, name: str, form: sympy.FunctionClass, label: str) -> Step:
    names = {"r": _R, "lambda": _SPREAD, "omega": _GROWTH, "T": _THIRD, "‖Au‖²": _IMAGE, name: form(_R)}
    return made(sample_curvature.derive_general).quoted(why, number, names, label=label)


def _lipschitz_steps() -> tuple[Step, ...]:
    r, ball = _R, _BALL
    return (
        _curvature("Statement sample-curvature, at a unit vector $u$ and $‖θ‖ = r$:", 0, "q(r)", _FORM, "curvature"),
        meant(
            "$‖Au‖$ is at least $σ$.",
            related(_LEAST**2, "<=", _IMAGE),
            {_LEAST: LEAST, _IMAGE: Inner(average(Unit("u")), average(Unit("u")))},
            label="least",
        ),
        *at_most("In the ball $r$ is", r, ball, label="inside"),
        combination(
            "the form of $∇M_n$ is at most",
            related(_FORM(r), "<=", loss(r)),
            {"curvature": 1, "least": _SPREAD + _GROWTH * r**2},
            label="form",
        ),
        combination(
            "what it is on the boundary:",
            related(_FORM(r), "<=", loss(ball)),
            {"form": 1, "inside": (1 - _LEAST**2) * _GROWTH * (ball + r) + _THIRD},
            label="form in the ball",
        ),
        citation(
            "spectral theorem",
            "$∇M_n(θ)$ is the mean of covariances, symmetric and not negative, so that its norm is the largest value "
            "of the form, at some $u$:",
            related(_LIPSCHITZ, "<=", _FORM(r)),
            label="largest",
        ),
        combination("So", _LIPSCHITZ, "<=", loss(ball), {"largest": 1, "form in the ball": 1}, label="norm"),
    )


def _ball_steps() -> tuple[Step, ...]:
    r, ball = _R, _BALL
    return (
        _curvature(
            "By the same statement, of the matrix $H$ with $M_n(θ) = Aᵀx̄ + Hθ$:", 1, "h(r)", _AVERAGE, "average"
        ),
        combination(
            "in the ball",
            related(_AVERAGE(r), "<=", loss(ball, 0)),
            {
                "average": 1,
                "least": _SPREAD + _GROWTH * r**2 / 3,
                "inside": (1 - _LEAST**2) * _GROWTH * (ball + r) / 3 + _THIRD / 2,
            },
            label="average in the ball",
        ),
        citation(
            "spectral theorem",
            "$H$ is symmetric and not negative too:",
            related(_NORM, "<=", _AVERAGE(r)),
            label="norm of H",
        ),
        prose(
            "The norm of $M_n(θ) = Aᵀx̄ + Hθ$ is at most the sum of the two norms.",
            related(_NEXT, "<=", _LARGEST * _MEAN + _NORM * r),
            label="next",
        ),
        assumption("If $s‖x̄‖$ is at most what $H$ leaves,", _SELF_MAP, label="room"),
        combination(
            "EM stays in the ball.",
            related(_NEXT, "<=", ball),
            {"next": 1, "norm of H": ball, "average in the ball": ball, "inside": _NORM, "room": 1},
            label="stays",
        ),
    )


def _iterate_steps() -> tuple[Step, ...]:
    t, distance = _T, _DISTANCE
    return (
        assumption("Let the bound on $∇M_n$ be at most $p$.", _CONTRACTS, label="rate"),
        combination("Then", related(_LIPSCHITZ, "<=", _RATE), {"norm": 1, "rate": 1}, label="Lipschitz"),
        all_of(
            "and no iterate leaves the ball:",
            {"Lipschitz": related(_LIPSCHITZ, "<=", _RATE), "stays": related(_NEXT, "<=", _BALL)},
            label="maps into itself",
        ),
        citation(
            "Banach's fixed-point theorem",
            "The ball is convex. Of the distances $D(t)$ from the fixed point $θ̂$, of which there is one if $p < 1$,",
            related(distance(t + 1), "<=", _RATE * distance(t)),
            label="step",
            given=("maps into itself",),
        ),
        induction(
            "and by induction", distance(t), "<=", _RATE**t * distance(0), t, _RATE, {"step": 1}, label="converges"
        ),
        prose(
            "At the start the distance is at most the sum of the two norms.",
            related(distance(0), "<=", _START + _LIMIT),
            label="start",
        ),
        assumption("After enough steps", _ENOUGH, label="enough"),
        monotone(
            "$p^t$ is small,",
            related(_RATE**t, "<=", _LEAST * _LIMIT / (_START + _LIMIT)),
            sympy.exp(PLACE),
            "enough",
            label="power",
        ),
        combination(
            "and so is the distance.",
            related(distance(t), "<=", _LEAST * _LIMIT),
            {"converges": 1, "start": _RATE**t, "power": _START + _LIMIT},
        ),
    )
