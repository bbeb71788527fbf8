"""The finite-sample theorem from a ball of any radius: one error, one probability, every start and every step."""

import sympy
from sympy import Interval, Limit, oo

from emtheory.theory.derivations.samples import (
    sample_constants,
    sample_contraction,
    sample_limit,
    sample_net,
    sample_tails,
)
from emtheory.theory.derivations.samples.finite_sample import MEAN, PREMISES
from emtheory.theory.derivations.samples.sample_tails import SPREAD
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import PLACE, Step, all_of, combination, equation, monotone
from emtheory.theory.proof.words import assumption, at_most, definition, prose

STATEMENT = Statement(__name__, "the finite-sample theorem from a ball of any radius")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_N, _D, _RADIUS, _MESH, _FINE = sympy.symbols("n D rho tau nu", positive=True)
_PARTS = sympy.symbols("delta_1 delta_2 delta_3 delta_4 delta_5", positive=True)
_RATE, _LOG, _SPREAD, _ERROR = sympy.symbols("a kappa lambda epsilon", positive=True)
_FACTOR, _BALL, _TAIL = sympy.symbols("p R q", positive=True)
_LEAST, _LARGEST, _LIMIT, _GAP, _THIRD, _GROWTH = sympy.symbols("sigma s r_1 gamma T omega", positive=True)
_LOCAL = _LEAST, _LARGEST, _LIMIT, _GAP, _THIRD, _GROWTH
_LEAVES, _FAILURE, _MOMENT, _NETS = sympy.symbols("P_b P m d_0", nonnegative=True)
_LARGE, _NET, _BAD = sympy.symbols("P_S P_N P_0", nonnegative=True)
_HOLDS = "weights", "orthogonal maps", "normal data"
_NORM = sympy.Function("r", nonnegative=True)
_SPREAD_TAIL, _ANY_TAIL, _NET_TAIL, _ITERATES = 2, 7, 3, 5
"""Conclusions of statements sample-tails and sample-net, by number."""

_PAIRS = _D * (sympy.log(1 + 2 / _FINE) + sympy.log(1 + 2 * _RADIUS / _MESH)) - sympy.log(_PARTS[4])
_DEVIATION = (_PAIRS / _N + _LOG) / _RATE
ERROR = _DEVIATION / (1 - _FINE) + _MESH * _D * (_SPREAD + 1)
"""ε in terms of n, D, ρ, δ_5, λ, the meshes of the two nets, and the rate and the exponential moment."""

_BOUND = _FACTOR**_T * _RADIUS + _ERROR / (1 - _FACTOR)
"""What ‖θ_t‖ is at most."""

_NEAR = related(_ERROR, "<=", (1 - _FACTOR) * _RADIUS)
_SMALL = related(10 * _ERROR, "<=", 9 * (1 - _FACTOR) * (_BALL - MEAN))
_ENOUGH = related(_T * sympy.log(_FACTOR), "<=", sympy.log((_BALL - MEAN) / (10 * _RADIUS)))
_CONSTANTS = related(_SPREAD, "==", SPREAD), related(_ERROR, "==", sample_net.uniform_error(_RATE, _PARTS[4]))
"""λ as in statement sample-tails, and ε as in statement sample-net."""

_KNOWN = related(_MOMENT, "<=", sympy.exp(_LOG))
_DISTANCE = sympy.Function("D", nonnegative=True)
_ON_A_SAMPLE = {
    "in the inner ball": related(_NORM(_T), "<=", _BALL - MEAN),
    "exponent": related(8 * _BALL**2 / 3, "<", sympy.Rational(1, 4)),
    "contraction": related(_DISTANCE(_T), "<=", (1 - _GAP) ** _T * _DISTANCE(0)),
    "norm": related(sympy.Symbol("r", positive=True), "<=", _LIMIT),
}


def _limit() -> sympy.Rel:
    rate = _N ** sympy.Rational(-1, 4)
    small = ERROR.subs({_LOG: sympy.log(sample_net.by_radius(rate)), _MESH: 1 / _N, _RATE: rate})
    return related(Limit(small, _N, oo), "==", 0)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_N, sympy.Range(1, oo), "the number of points"),
            Variable(_D, sympy.Range(1, oo), "the dimension of the subspace outside of which the $U_j$ agree"),
            Variable(_RADIUS, POSITIVE, "the radius of the ball of the starts"),
            Variable(_MESH, POSITIVE, "how close the net of the ball is"),
            Variable(_FINE, Interval.open(0, 1), "how close that of the unit sphere is"),
            Variable(_RATE, POSITIVE, "any"),
            Variable(_LOG, POSITIVE, "any"),
            Variable(_MOMENT, Interval(0, oo), "the exponential moment of statement sample-net at the rate $a$"),
            Variable(_PARTS[1], Interval.Lopen(0, 1), "with the others the parts of $δ$"),
            Variable(_PARTS[4], Interval.Lopen(0, 1)),
            *(Variable(_PARTS[i], POSITIVE) for i in (0, 2, 3)),
            *(
                Variable(
                    name, Interval.open(0, 1) if name in (_GAP, _LEAST) else POSITIVE, "as in statement finite-sample"
                )
                for name in _LOCAL
            ),
            Variable(_SPREAD, Interval(1, oo), "$(1 + √(D/n) + √(2 log(1/δ_2)/n))²$"),
            Variable(_ERROR, POSITIVE, "the error: at least $‖M_n(θ) − M(θ)‖$ in the subspace for all $‖θ‖ ≤ ρ$"),
            Variable(_FACTOR, Interval.open(0, 1), "a factor: $‖M(θ)‖ ≤ p‖θ‖$ for $‖θ‖ ≤ ρ$"),
            Variable(_T, sympy.Range(0, oo), "the number of steps"),
            Variable(_BALL, POSITIVE, "the radius of the inner ball of statement finite-sample"),
            Variable(_TAIL, POSITIVE, "the number that $χ²_d$ exceeds with the probability $δ_1$: $‖x̄‖ ≤ √(q/n)$"),
            Variable(
                _LEAVES,
                Interval(0, oo),
                "the probability that for some start with $‖θ_0‖ ≤ ρ$ and some $t$, in the subspace, $‖θ_t‖ > ρ$ "
                "or $‖θ_t‖ > p^tρ + ε/(1 − p)$",
            ),
            Variable(
                _FAILURE,
                Interval(0, oo),
                "the probability of what statement finite-sample excludes, with all starts in $‖θ_0‖ ≤ ρ$",
            ),
        ),
        hypotheses=_HOLDS,
        exist_under={_LEAVES: _HOLDS},
        conclusions=(
            *_CONSTANTS,
            provided(related(_LEAVES, "<=", _PARTS[1] + _PARTS[4]), _KNOWN, _NEAR),
            provided(related(_BOUND, "<=", _BALL - MEAN), _SMALL, _ENOUGH),
            provided(related(_FAILURE, "<=", sympy.Add(*_PARTS)), *PREMISES, _KNOWN, _NEAR, _SMALL),
            _limit(),
        ),
        note="with probability $1 − δ_2 − δ_5$ EM stays in the ball and $‖θ_t‖ ≤ p^tρ + ε/(1 − p)$, for every "
        "start there and all $t$. By the limit, with $κ = a²(1 + ρ²)/2$, $τ = 1/n$ and $a = n^{−1/4}$, $ε$ is as "
        "small as is needed for large $n$, whatever $ρ$ is; in the numbers $a$ is best for each $n$, and $ε$ of "
        "order $√(D log(n)/n)$",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$, a ball of any radius; "
        "for one limit $θ̂$ an invertible $A$",
        steps=(*_error_steps(), *_every_start_steps(), *_inwards_steps(), *_limit_steps()),
    )


def _error_steps() -> tuple[Step, ...]:
    shown, error_shown = _CONSTANTS
    own = (1 + sympy.sqrt(_D / _N) + sympy.sqrt(-2 * sympy.log(_PARTS[1]) / _N)) ** 2
    return (
        made(sample_constants.derive_general).quoted(
            "By statement sample-constants", 1, {"n": _N, "D": _D, "delta_2": _PARTS[1]}, label="spread"
        ),
        definition("for the bound on $λ_{max}(S)$,", _SPREAD, own, within=("spread",)),
        definition("and the error, which is positive as $ν < 1$,", _ERROR, ERROR),
        equation("They are those of statements sample-tails", *shown.args),
        equation("and sample-net.", *error_shown.args),
    )


def _every_start_steps() -> tuple[Step, ...]:
    t, nets = _T, made(sample_net.derive_general)
    needed = sample_net.deviation(_RATE, _PARTS[4])
    return (
        made(sample_tails.derive_general).quoted(
            "$λ_{max}(S) > λ$ has a probability (statement sample-tails)",
            _SPREAD_TAIL,
            {"P_2": _LARGE, "delta_2": _PARTS[1]},
            label="S",
        ),
        assumption("Let $κ$ be as there.", _KNOWN, label="known"),
        definition("let $d_0$ be", _NETS, _DEVIATION),
        combination("which is", related(needed, "<=", _NETS), {}, label="needed"),
        nets.quoted(
            "so large a deviation on the nets has one of (statement sample-net)",
            _NET_TAIL,
            {"P": _NET, "n": _N, "D": _D, "rho": _RADIUS, "tau": _MESH, "nu": _FINE, "delta": _PARTS[4]}
            | {"s": _RATE, "kappa": _LOG, "m": _MOMENT, "d_0": _NETS},
            ("known", "needed"),
            label="nets",
        ),
        assumption("On all other samples $W ≤ ε$ there. If $ε ≤ (1 − p)ρ$,", _NEAR, label="near"),
        nets.quoted(
            "EM stays in the ball, from every start there, and $r(t) = ‖θ_t‖$ is",
            _ITERATES,
            {**{f"R({at})": _NORM(at) for at in (0, t)}, "epsilon": _ERROR, "rho": _RADIUS, "q": 1 - _FACTOR, "t": t},
            ("near",),
            label="iterates",
        ),
        assumption("The start is in the ball:", _NORM(0), "<=", _RADIUS, label="start"),
        combination("for all $t$.", _NORM(t), "<=", _BOUND, {"iterates": 1, "start": _FACTOR**t}, label="all steps"),
        prose(
            "Samples where that fails are among those of the two events.",
            related(_LEAVES, "<=", _LARGE + _NET),
            label="leaves",
            given=("all steps",),
            discharging=("start",),
        ),
        combination("so", related(_LEAVES, "<=", _PARTS[1] + _PARTS[4]), {"leaves": 1, "S": 1, "nets": 1}),
    )


def _inwards_steps() -> tuple[Step, ...]:
    power, goal = _FACTOR**_T, _BALL - MEAN
    return (
        assumption("If $ε$ is at most 9/10 of $(1 − p)(R − ‖x̄‖)$", _SMALL, label="small"),
        assumption("and after enough steps", _ENOUGH, label="enough"),
        monotone("the power is small,", power, "<=", goal / (10 * _RADIUS), sympy.exp(PLACE), "enough", label="power"),
        combination(
            "EM is in the inner ball: outside of the subspace it is at the mean of the points, after one step.",
            related(_BOUND, "<=", goal),
            {"power": _RADIUS, "small": 1 / (10 * (1 - _FACTOR))},
            label="arrived",
        ),
        combination("So", _NORM(_T), "<=", goal, {"all steps": 1, "arrived": 1}, label="in the inner ball"),
    )


def _limit_steps() -> tuple[Step, ...]:
    local = {symbol.name: symbol for symbol in (_BALL, _LEAST, _SPREAD, _GROWTH, _THIRD)}
    norm, image = sympy.symbols("r z", positive=True)
    mean = sympy.Symbol("‖x̄‖", nonnegative=True)
    said = (
        "Let the inner ball be small.",
        "If $M_n$ contracts it",
        "and maps it into itself,",
        "and $r_1$ is the root or more,",
    )
    labels = "inner", "contracts", "room", "root"
    return (
        made(sample_tails.derive_general).quoted(
            "Let $P_0$ be the probability that one of the numbers of statement sample-tails exceeds its bound:",
            _ANY_TAIL,
            {"P": _BAD, **{part.name: part for part in _PARTS[:4]}},
            label="tails",
        ),
        *(
            assumption(words, formula, label=label)
            for words, formula, label in zip(said, PREMISES, labels, strict=True)
        ),
        made(sample_constants.derive_general).quoted(
            "there are the bounds (statement sample-constants),",
            0,
            {str(name): name for name in (_BALL, _LEAST, _D)},
            ("inner",),
            label="exponent",
        ),
        made(sample_contraction.derive_general).quoted(
            "on all samples with $‖x̄‖$ at most its own $M_n$ contracts the ball (statement sample-contraction),",
            2,
            {
                **local,
                **{f"D({at})": sympy.Function("D", nonnegative=True)(at) for at in (0, _T)},
                "s": _LARGEST,
                "‖x̄‖": MEAN,
                "p": 1 - _GAP,
                "t": _T,
            },
            ("contracts", "room"),
            label="contraction",
        ),
        *at_most("$θ̂$ is there,", norm, _BALL, label="inside", by="v_1"),
        *at_most("and $‖x̄‖$ is", mean, MEAN, label="mean", by="v_2"),
        made(sample_limit.derive_general).quoted(
            "so that (statement sample-limit)",
            1,
            {**local, "gamma": _GAP, "r_1": _LIMIT, "‖x̄‖": mean, "r": norm, "z": image, "x": MEAN},
            ("inside", "contracts", "mean", "root"),
            label="norm",
        ),
        all_of("all this at once:", _ON_A_SAMPLE, label="all"),
        prose(
            "Then on all other samples EM from every start in the ball comes to the inner one, and the bounds of its "
            "one fixed point there hold. No rule is for what happens on one sample:",
            related(_FAILURE, "<=", _BAD + _NET),
            label="failures",
            given=("all",),
            discharging=("start", "enough"),
        ),
        combination("at most $δ$.", _FAILURE, "<=", sympy.Add(*_PARTS), {"failures": 1, "tails": 1, "nets": 1}),
        equation("With a finer net and a smaller rate for larger $n$ the error tends to 0.", *_limit().args),
    )
