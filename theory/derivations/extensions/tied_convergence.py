"""Means tied by any matrices, all means free among them: EM converges to 0 from every start."""

import sympy
from sympy import Interval, Limit, Range, Rational, Sum, exp, log, oo

from emtheory.theory.derivations.rates import stationary_point
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Most, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, instance, meant, monotone
from emtheory.theory.proof.words import citation, condition, prose
from emtheory.theory.sums import COUNT, DIMENSION, component, family, normalised, total

STATEMENT = Statement(__name__, "means tied by any linear maps: EM converges to 0 from every start")

_MASS, _WEIGHT, _PARTITION, _SCALE, _ROOT = sympy.symbols("p pi s c w", positive=True)
_NEW, _OLD, _GAMMA = sympy.symbols("‖m‖² ‖μ‖² γ", nonnegative=True)
_Y, _V = sympy.symbols("y v", real=True)
_T = sympy.Symbol("t", integer=True, nonnegative=True)
_FREE, _LEVEL, _ITERATE = (sympy.Function(name, nonnegative=True) for name in ("q", "e", "R"))
_LEAST, _REST, _FIRST, _LATER, _BOUND = sympy.symbols("q_F a_F e_F e' B", nonnegative=True)
_LARGEST, _RATIO = sympy.Symbol("w_F", positive=True), sympy.Symbol("x", nonnegative=True)
_AVERAGE = sympy.Symbol("S'", real=True)
_J, _N = component("j"), component("n")
_G = family("g", positive=True)
_W, _E = family("w", nonnegative=True), family("e", nonnegative=True)
_M, _L, _A = family("m"), family("l"), family("a")


def _settled(iterate: sympy.Expr, limit: sympy.Expr) -> sympy.Rel:
    return related(iterate(_T) - limit, "<=", sympy.S.Half**_T * (iterate(0) - limit))


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_MASS, POSITIVE, "$E γ_j$, the mass of any component $j$ at any $θ$"),
            Variable(_NEW, Interval(0, oo), "$m = E[γ_jX]/p$"),
            Variable(_WEIGHT, POSITIVE, "the weight $π_j$"),
            Variable(_OLD, Interval(0, oo), "$μ = L_jθ$"),
            Variable(_LEAST, Interval(0, oo), "the least $‖L_jθ'‖²$ of any set $F$ of components, $θ' = M(θ)$"),
            Variable(_FIRST, Interval(0, oo), "the least $−log E γ_j$ of $F$ at $θ$"),
            Variable(
                _REST, Interval(0, oo), "the largest $‖L_ja‖²$ of $F$: $θ' = a + b$, $L_ib = 0$ for $i$ not in $F$"
            ),
            Variable(_L, REAL, "the coordinates $l_{jn}$ of $L_jθ'$ for $j$ in $F$"),
            Variable(_J, Range(0, oo), "a component of $F$"),
            Variable(_BOUND, Interval(0, oo), "a number for each start and $n$", exists=True),
            Variable(_T, Range(0, oo), "the number of steps"),
        ),
        hypotheses=("weights", "linear tying", "free means", "normal data"),
        exist_under={
            _FREE: ("weights", "free means", "normal data"),
            _MASS: ("weights",),
            **dict.fromkeys((_LEVEL, _ITERATE, _LEAST), ("weights", "linear tying", "normal data")),
        },
        conclusions=(
            related(_MASS, "<=", exp(-_NEW / 2)),
            related(_WEIGHT * exp(-_OLD / 4), "<=", _MASS),
            related(_NEW, "<=", _OLD / 2 - 2 * log(_WEIGHT)),
            _settled(_FREE, -4 * log(_WEIGHT)),
            related(_LEAST, "<=", 2 * _FIRST + 2 * (COUNT - 1) + _REST),
            _settled(_LEVEL, 2 * _BOUND),
            related(Limit(_ITERATE(_T), _T, oo), "==", 0),
        ),
        note="$q(t)$ is the square of any mean after $t$ steps, $e(t)$ the $n$-th smallest $−log E γ_j$ at $θ_t$ "
        "for any $n$, and $R(t) = ‖θ_t‖$ from any start: no component loses its mass, and none stays far away",
        source="not in the paper, whose means are rotations of one vector; open question 1",
        scope="every $k$, all weights, any $d$ and $p$, any $d × p$ matrices $L_j$ with $∑_j π_jL_jᵀL_j$ invertible, "
        "injective or not, among them all means free; every start; weights and covariance known",
        steps=(*_upper_steps(), *_lower_steps(), *_free_steps(), *_group_steps(), *_level_steps()),
    )


def _upper_steps() -> tuple[Step, ...]:
    random = (_GAMMA, _Y)
    mean = Mean(_GAMMA * exp(_Y), random)
    return (
        citation(
            "Jensen's inequality",
            "With $y = ⟨X, m⟩$, under the law with the density $γ_j/p$, in which $y$ has the mean $‖m‖²$,",
            related(_MASS * exp(_NEW), "<=", mean),
            label="Jensen",
        ),
        meant("where the posterior is", related(_GAMMA, "<=", 1), {_GAMMA: normalised(_G, _J)}, label="one"),
        monotone("so that", mean, "<=", Mean(exp(_Y), random), Mean(PLACE * exp(_Y), random), "one", label="all"),
        meant(
            "and $y ~ N(0, ‖m‖²)$ under that of $X$.",
            related(Mean(exp(_Y), random), "==", exp(_NEW / 2)),
            {_Y: Inner(DATA, Vector("m")), _NEW: Inner(Vector("m"), Vector("m"))},
            label="normal",
            under=("normal data",),
        ),
        combination(
            "Only a component of little mass is moved far,",
            related(_MASS, "<=", exp(-_NEW / 2)),
            {"Jensen": exp(-_NEW), "all": exp(-_NEW), "normal": -exp(-_NEW)},
            label="upper",
        ),
    )


def _lower_steps() -> tuple[Step, ...]:
    random, half, scale = (_V, _PARTITION), exp(_V / 2), exp(_OLD / 8)
    share = half**2 / _PARTITION + _SCALE**2 * _PARTITION
    power = Mean(half**2 / _PARTITION, random)
    before = _WEIGHT * exp(-_OLD / 2)
    mean = Image(_N, Vector("θ"))
    names = {_PARTITION: total(family("pi", positive=True)[_N] * exp(Inner(DATA, mean) - Inner(mean, mean) / 2), _N)}
    return (
        inequality(
            "As a square is not negative,",
            related(2 * _SCALE * _ROOT, "<=", _ROOT**2 / _PARTITION + _SCALE**2 * _PARTITION),
            label="square",
        ),
        instance(
            "with $v = ⟨X, μ⟩$ and $s = ∑_l π_le^{⟨X, L_lθ⟩ − ‖L_lθ‖²/2}$",
            related(2 * _SCALE * half, "<=", share),
            "square",
            {_ROOT: half},
            label="partition",
        ),
        monotone(
            "and in expectation",
            related(Mean(2 * _SCALE * half, random), "<=", Mean(share, random)),
            Mean(PLACE, random),
            "partition",
            label="every factor",
        ),
        instance(
            "and $c = e^{‖μ‖²/8}$.",
            related(Mean(2 * scale * half, random), "<=", Mean(share.xreplace({_SCALE: scale}), random)),
            "every factor",
            {_SCALE: scale},
            label="Cauchy",
        ),
        meant(
            "Each exponential has the mean 1, and so has $s$:",
            related(Mean(_PARTITION, random), "==", 1),
            names,
            label="sum",
            under=("weights", "normal data"),
        ),
        prose(
            "As $v ~ N(0, ‖μ‖²)$, $e^{v/2}$ has this mean; no law applies, as $μ$ is of any component below:",
            related(Mean(half, random), "==", scale),
            label="half",
            under=("normal data",),
        ),
        prose(
            "For the same reason this is words: $p$ is the mean of $γ_j = π_je^{v − ‖μ‖²/2}/s$.",
            related(_MASS, "==", before * power),
            label="posterior",
        ),
        combination(
            "and only one that is far loses it.",
            related(_WEIGHT * exp(-_OLD / 4), "<=", _MASS),
            {"Cauchy": before, "sum": -before * scale**2, "half": 2 * before * scale, "posterior": 1},
            label="lower",
        ),
    )


def _free_steps() -> tuple[Step, ...]:
    logarithm = log(_WEIGHT)
    return (
        monotone("In logarithms", related(log(_MASS), "<=", -_NEW / 2), log(PLACE), "upper", label="log upper"),
        monotone("and", related(logarithm - _OLD / 4, "<=", log(_MASS)), log(PLACE), "lower", label="log lower"),
        combination("together", related(_NEW, "<=", _OLD / 2 - 2 * logarithm), {"log upper": 2, "log lower": 2}),
        prose(
            "If all means are free, a step leads from $μ$ to $m$:",
            related(_FREE(_T + 1), "<=", _FREE(_T) / 2 - 2 * logarithm),
            label="free",
        ),
        induction(
            "each ends in the ball of radius $2√(−log π_j)$, whatever the others do.",
            related(_FREE(_T) + 4 * logarithm, "<=", sympy.S.Half**_T * (_FREE(0) + 4 * logarithm)),
            _T,
            sympy.S.Half,
            {"free": 1},
        ),
    )


def _group_steps() -> tuple[Step, ...]:
    def axes(value: sympy.Expr) -> sympy.Expr:
        return Sum(value, (_N, 0, DIMENSION - 1))

    def both(value: sympy.Expr) -> sympy.Expr:
        return Sum(_W[_J] * value, (_N, 0, DIMENSION - 1), (_J, 0, COUNT - 1))

    def weighted(value: sympy.Expr) -> sympy.Expr:
        return total(_W[_J] * value, _J)

    m, moved, rest, other = _M[_J, _N], _L[_J, _N], _A[_J, _N], component("i")
    spread, excess = _W[_J] * _FIRST + _LARGEST - _W[_J], _E[_J]

    def average(explanation: str, lhs: sympy.Expr, rhs: sympy.Expr, of: str) -> Step:
        return monotone(explanation, weighted(lhs), "<=", weighted(rhs), weighted(PLACE), of, label=f"{of} on average")

    return (
        prose(
            "For any matrices $θ'$ minimises $∑_j E γ_j‖m_j − L_jθ'‖²$. Let $m$, $l$ and $a$ be coordinates of $m_j$, "
            "$L_jθ'$ and $L_ja$. Along $b$, of which the terms of $F$ alone depend, with $w_j = E γ_j/∑_F E γ$ on $F$ "
            "and 0 elsewhere:",
            related(both((m - moved) * (moved - rest)), "==", 0),
            label="normal equation",
        ),
        inequality("As squares are not negative,", related(0, "<=", both((moved - m - rest) ** 2)), label="squares"),
        combination(
            "on average $‖L_jθ'‖² ≤ ‖m_j‖² + ‖L_ja‖²$.",
            related(both(moved**2), "<=", both(m**2) + both(rest**2)),
            {"squares": 1, "normal equation": 2},
            label="projection",
        ),
        condition("The least is", related(_LEAST, "<=", axes(moved**2)), over=(_J,), label="least"),
        average("at most the average.", _LEAST, axes(moved**2), "least"),
        meant(
            "The largest $‖L_ja‖²$ of $F$ is, with $a = 0$ elsewhere,",
            related(axes(rest**2), "<=", _REST),
            {_REST: Most(axes(_A[other, _N] ** 2), other)},
            label="largest",
        ),
        average("and so is their average;", axes(rest**2), _REST, "largest"),
        prose(
            "This is the first bound in logarithms, $e_F + e_j = −log E γ_j$, of each $j$ of $F$.",
            related(axes(m**2), "<=", 2 * (_FIRST + excess)),
            label="entropy",
        ),
        average("and", axes(m**2), 2 * (_FIRST + excess), "entropy"),
        prose(
            "The largest $w_j$ is $w_F = w_je^{e_j}$ on $F$; elsewhere $w_j$ is 0:",
            related(_W[_J] * exp(excess), "<=", _LARGEST),
            label="masses",
        ),
        inequality("As", related(1 + _RATIO, "<=", exp(_RATIO)), label="exponential"),
        instance("for $x = e_j$", 1 + excess, "<=", exp(excess), "exponential", {_RATIO: excess}, label="more"),
        combination(
            "as well,", _W[_J] * (_FIRST + excess), "<=", spread, {"masses": 1, "more": _W[_J]}, label="less mass"
        ),
        monotone(
            "summed up",
            weighted(_FIRST + excess),
            "<=",
            total(spread, _J),
            total(PLACE, _J),
            "less mass",
            label="all masses",
        ),
        meant(
            "The $w_j$ sum to 1,",
            related(total(_W[_J], _J), "==", 1),
            {_W[_J]: family("u")[_J] / total(family("u")[_N], _N)},
            label="mass",
        ),
        meant(
            "of which the largest is a term.",
            related(_LARGEST, "<=", total(_W[_J], _J)),
            {_LARGEST: Most(_W[_N], _N)},
            label="no more",
        ),
        combination(
            "Hence some mean of $F$ is within what the largest mass of $F$ allows.",
            related(_LEAST, "<=", 2 * _FIRST + 2 * (COUNT - 1) + _REST),
            {
                "projection": 1,
                "least on average": 1,
                "largest on average": 1,
                "entropy on average": 1,
                "all masses": 2,
                "no more": 2 * COUNT,
                "mass": _LEAST - _REST - 2 * _FIRST + 2 - 2 * COUNT,
            },
            label="group",
        ),
    )


def _level_steps() -> tuple[Step, ...]:
    t, rest = _T, (COUNT - 1) / sympy.S(2) + _REST / 4 - log(_WEIGHT)
    return (
        instance(
            "It has at $θ'$ a mass $e^{−e'}$ with",
            related(log(_WEIGHT) - _LEAST / 4, "<=", -_LATER),
            "log lower",
            {_OLD: _LEAST, _MASS: exp(-_LATER)},
            label="later",
        ),
        combination(
            "and $e'$ is at most half of $e_F$ and a number.",
            related(_LATER, "<=", _FIRST / 2 + rest),
            {"group": Rational(1, 4), "later": 1},
            label="halved",
        ),
        made(stationary_point.derive_general).quoted(
            "By statement stationary-point $E ∑_jγ_j‖L_jθ'‖²$ is at most $d$:",
            5,
            {"S'": _AVERAGE, "d": DIMENSION},
            label="average norm",
        ),
        prose(
            "Let $e(t)$ be the $n$-th smallest $−log E γ_j$ at $θ_t$, the smaller ones bounded, those of a set $Z$, "
            "and $F$ the rest. No rule is about choices of components: on $Z$ all $‖L_jθ'‖$ are bounded, "
            "hence their masses at $θ'$ from below, and $a_F$, $a$ being orthogonal to all $b$ with $L_jb = 0$ on "
            "$Z$. With the one of $F$ there are $n$ components of which $−log E γ_j$ at $θ'$ is bounded, or $e'$.",
            related(_LEVEL(t + 1) - _LATER + rest, "<=", _BOUND),
            label="bounded",
            given=("average norm",),
        ),
        prose("Of $F$ the least at $θ$ is", _FIRST, "<=", _LEVEL(t), label="least of F"),
        combination(
            "so that",
            related(_LEVEL(t + 1), "<=", _LEVEL(t) / 2 + _BOUND),
            {"bounded": 1, "halved": 1, "least of F": Rational(1, 2)},
            label="level",
        ),
        induction(
            "So it is bounded, and by induction over $n$, as the smallest is at most $log k$, all are.",
            related(_LEVEL(t) - 2 * _BOUND, "<=", sympy.S.Half**t * (_LEVEL(0) - 2 * _BOUND)),
            t,
            sympy.S.Half,
            {"level": 1},
            label="no loss",
        ),
        citation(
            "global convergence theorem",
            "So are all $L_jθ_t$, and $θ_t$, as $N$ is invertible. $M$ is continuous and lowers KL, unless $∇ℓ(θ) = "
            "0$: by statement stationary-point at 0 only.",
            related(Limit(_ITERATE(t), t, oo), "==", 0),
            given=("no loss",),
        ),
    )
