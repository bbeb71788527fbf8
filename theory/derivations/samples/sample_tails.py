"""The numbers of a normal sample that bound sample EM: how large they are, with what probability."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.laws import LEAST, average
from emtheory.theory.proof.meant.vectors import DATA, Chance, Image, Inner, Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, instance, meant, monotone
from emtheory.theory.proof.words import citation, prose
from emtheory.theory.sums import DIMENSION, component, family, total

STATEMENT = Statement(__name__, "the numbers of a normal sample that bound sample EM")

_COUNT, _DIMENSION = sympy.symbols("n D", positive=True)
_LEAST = sympy.Symbol("sigma", positive=True)
EXPONENT = sympy.Symbol("b", positive=True)
_DEVIATION = sympy.Symbol("u", nonnegative=True)
_PARTS = sympy.symbols("delta_1 delta_2 delta_3 delta_4", positive=True)
_MEAN, _SPREAD, _THIRD, _GROWTH, _ANY = sympy.symbols("P_1 P_2 P_3 P_4 P", nonnegative=True)
_SQUARE, _EXCESS = sympy.symbols("E‖T‖² E‖W−EW‖²", nonnegative=True)
_X, _CUBE = sympy.symbols("x κ", nonnegative=True)
_PROBABILITY = sympy.Function("P_S", nonnegative=True)
_IMAGE = sympy.Symbol("‖Aᵀx‖²", nonnegative=True)
_J, _N = component("j"), component("n")
_PI, _LENGTH = family("pi", positive=True), family("v", nonnegative=True)
_RANDOM = (_X,)
_AT = sympy.sqrt(-2 * sympy.log(_PARTS[1]))
SPREAD = (sympy.sqrt(_COUNT) + sympy.sqrt(_DIMENSION) + _AT) ** 2 / _COUNT
"""λ, the square of the bound on the largest singular value, divided by n."""

THIRD_SQUARE = 4 * (1 - _LEAST**2) ** 2 * (_DIMENSION * (_DIMENSION + 2) * (_DIMENSION + 4)) / (_COUNT * _PARTS[2])
"""T², the bound on the squared norm of the mean of the third cumulants."""


def _spread_bound() -> sympy.Rel:
    """λ as the square of a sum, in the notation of the statement."""
    parts = sympy.sqrt(_DIMENSION / _COUNT), _AT / sympy.sqrt(_COUNT)
    return related(SPREAD, "==", (1 + sympy.Add(*parts)) ** 2)


def growth_variance() -> sympy.Expr:
    """E‖(e^{b‖X‖²} − 1)XXᵀ‖², Frobenius norm."""
    fourth, power = _DIMENSION * (_DIMENSION + 2), -_DIMENSION / 2 - 2
    return fourth * ((1 - 4 * EXPONENT) ** power - 2 * (1 - 2 * EXPONENT) ** power + 1)


def _events() -> dict[sympy.Basic, sympy.Basic]:
    """Any of four events."""
    largest = sympy.Function("A_2")
    events = (sympy.Symbol("A_1"), largest(_AT), *sympy.symbols("A_3:5"))
    single = {name: Chance(event) for name, event in zip((_MEAN, _SPREAD, _THIRD, _GROWTH), events, strict=True)}
    return {_ANY: Chance(*events), _PROBABILITY(_DEVIATION): Chance(largest(_DEVIATION)), **single}


def derive_general() -> Derivation:
    n, dimension, b = _COUNT, _DIMENSION, EXPONENT
    _first, second, third, fourth = _PARTS
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        variables=(
            Variable(n, sympy.Range(1, oo), "the number of points"),
            Variable(dimension, sympy.Range(1, oo), "the dimension of the subspace outside of which the $U_j$ agree"),
            Variable(_LEAST, Interval.open(0, 1), "$σ_{min}(A)$ on the subspace; at 1 the third cumulants vanish"),
            Variable(b, Interval.open(0, sympy.Rational(1, 4)), "$8R²/3$ of statement sample-curvature"),
            Variable(_PARTS[0], POSITIVE, "parts of $δ$"),
            Variable(second, Interval.Lopen(0, 1)),
            Variable(third, POSITIVE),
            Variable(fourth, POSITIVE),
            Variable(_MEAN, nonnegative, "the probability that $n‖x̄‖²$ exceeds the tail for $δ_1$ of $χ²_d$"),
            Variable(_SPREAD, nonnegative, "that $λ_{max}(S)$ exceeds $(1 + √(D/n) + √(2 log(1/δ_2)/n))²$"),
            Variable(_THIRD, nonnegative, "that the norm of the mean third cumulant exceeds $T$"),
            Variable(
                _GROWTH, nonnegative, "that $ωR²$ exceeds $(1 − 2b)^{−D/2−1} − 1 + √(v/(nδ_4))$, $v = E‖W − EW‖²$"
            ),
            Variable(_ANY, nonnegative, "that one of these happens"),
            Variable(_SQUARE, nonnegative, "of the mean third cumulant $T$ at 0"),
            Variable(_EXCESS, nonnegative, "$W = (e^{b‖X‖²} − 1) XXᵀ$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under={_GROWTH: ("normal data",)},
        conclusions=(
            related(_MEAN, "==", _PARTS[0]),
            _spread_bound(),
            related(_SPREAD, "<=", second),
            related(_SQUARE, "<=", THIRD_SQUARE * third),
            related(_EXCESS, "<=", growth_variance()),
            related(_THIRD, "<=", third),
            related(_GROWTH, "<=", fourth),
            related(_ANY, "<=", sympy.Add(*_PARTS)),
        ),
        note="$T² = 4(1 − σ²)²D(D + 2)(D + 4)/(nδ_3)$; $x$, $S$, $T$ and $W$ are of the projections to the "
        "subspace, $x̄$ is not",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$; the law of the largest "
        "eigenvalue of a Wishart matrix is cited",
        steps=(*_spread_steps(), *_third_steps(), *_growth_steps()),
    )


def _spread_steps() -> tuple[Step, ...]:
    u = _DEVIATION
    at = _AT
    return (
        citation(
            "chi-square law",
            "$√n x̄ ~ N(0, I_d)$:",
            related(_MEAN, "==", _PARTS[0]),
            label="mean",
            under=("normal data",),
        ),
        citation(
            "Davidson–Szarek bound",
            "$√(nλ_{max}(S))$ is the largest singular value of an $n × D$ normal matrix, and exceeds $√n + √D + u$ "
            "with a probability",
            related(_PROBABILITY(u), "<=", sympy.exp(-(u**2) / 2)),
            label="singular value",
            under=("normal data",),
        ),
        instance(
            "at most $δ_2$ for $u² = 2 log(1/δ_2)$.",
            related(_PROBABILITY(at), "<=", _PARTS[1]),
            "singular value",
            {u: at},
            label="at u",
        ),
        equation("The square of $√n + √D + u$ is $n$ times", *_spread_bound().args, label="square of u"),
        meant("which $λ_{max}(S)$ exceeds with", related(_SPREAD, "==", _PROBABILITY(at)), _events(), label="event"),
        combination("$P_2 ≤ δ_2$.", related(_SPREAD, "<=", _PARTS[1]), {"event": -1, "at u": 1}, label="spread"),
    )


def _moment(why: str, power: int, rate: sympy.Expr | int, random: tuple[sympy.Symbol, ...], label: str) -> Step:
    """E‖X‖^{2n}e^{t‖X‖²} of the projection to the subspace, for 1 − 2t = y > 0 or more."""
    room = sympy.Symbol("y", positive=True)
    names = {_X: sympy.sqrt(Inner(DATA, DATA)), _DIMENSION: DIMENSION, EXPONENT: (1 - room) / 4}
    factors = sympy.Mul(*(_DIMENSION + 2 * i for i in range(power)))
    mean = Mean(_X ** (2 * power) * sympy.exp(rate * _X**2), random)
    value = factors * (1 - 2 * rate) ** (-_DIMENSION / 2 - power)
    return meant(why, related(mean, "==", value), names, label=label, under=("normal data",))


def _third_steps() -> tuple[Step, ...]:
    x, share = _X, 1 - _LEAST**2
    cubes = total(_PI[_J] * _LENGTH[_J] ** 3, _J)
    moved = Image(_J, DATA) - total(_PI[_N] * Image(_N, DATA), _N)
    # The U_jᵀ are orthogonal, too, and σ is the least singular value of Aᵀ as of A.
    names = {
        _LENGTH[_J]: sympy.sqrt(Inner(moved, moved)),
        _X: sympy.sqrt(Inner(DATA, DATA)),
        _LEAST: LEAST,
        _IMAGE: Inner(average(DATA), average(DATA)),
    }
    return (
        prose(
            "The third cumulant at 0 is $∑π_jy_j⊗y_j⊗y_j$, $y_j = V_jᵀx$ of norm $v_j$, $V_j = U_j − A$; its norm is",
            related(_CUBE, "<=", cubes),
            label="cumulant",
        ),
        meant(
            "where, as $‖U_jᵀx‖ = ‖x‖ = x$,",
            related(_LENGTH[_J], "<=", 2 * x),
            names,
            label="length",
            under=("weights", "orthogonal maps"),
        ),
        monotone(
            "so that",
            related(cubes, "<=", total(_PI[_J] * _LENGTH[_J] ** 2 * 2 * x, _J)),
            total(_PI[_J] * _LENGTH[_J] ** 2 * PLACE, _J),
            "length",
            label="cubes",
        ),
        meant(
            "and $∑π_jv_j²$ is",
            related(total(_PI[_J] * _LENGTH[_J] ** 2, _J), "==", x**2 - _IMAGE),
            names,
            label="spread of squares",
            under=("weights", "orthogonal maps"),
        ),
        meant("less $‖Aᵀx‖²$, at least", related(_LEAST**2 * x**2, "<=", _IMAGE), names, label="least"),
        combination(
            "so that",
            related(total(_PI[_J] * _LENGTH[_J] ** 2, _J), "<=", share * x**2),
            {"spread of squares": -1, "least": 1},
            label="squares",
        ),
        combination(
            "$κ ≤ 2(1 − σ²)‖x‖³$.",
            related(_CUBE, "<=", 2 * share * x**3),
            {"cumulant": 1, "cubes": 1, "squares": 2 * x},
            label="cube",
        ),
        monotone("Squared", related(_CUBE**2, "<=", (2 * share * x**3) ** 2), PLACE**2, "cube", label="cube squared"),
        monotone(
            "and in expectation over $X$",
            related(Mean(_CUBE**2, (_X, _CUBE)), "<=", Mean((2 * share * x**3) ** 2, (_X, _CUBE))),
            Mean(PLACE, (_X, _CUBE)),
            "cube squared",
            label="mean square",
        ),
        _moment("it is a sixth moment.", 3, 0, (_X, _CUBE), "sixth moment"),
        prose(
            "$κ$ is odd in $x$, so of mean 0, and the points are independent:",
            related(_SQUARE, "==", Mean(_CUBE**2, (_X, _CUBE)) / _COUNT),
            label="independent",
        ),
        combination(
            "So",
            related(_SQUARE, "<=", THIRD_SQUARE * _PARTS[2]),
            {"independent": -1, "mean square": 1 / _COUNT, "sixth moment": -4 * share**2 / _COUNT},
            label="square",
        ),
        citation(
            "Markov's inequality",
            "The norm is above $T$ with a probability",
            related(THIRD_SQUARE * _THIRD, "<=", _SQUARE),
            label="Markov",
        ),
        combination(
            "at most $δ_3$.",
            related(_THIRD, "<=", _PARTS[2]),
            {"Markov": 1 / THIRD_SQUARE, "square": 1 / THIRD_SQUARE},
            label="third",
        ),
    )


def _growth_steps() -> tuple[Step, ...]:
    b, x = EXPONENT, _X
    return (
        prose(
            "The points are independent; a variance is at most the mean square, and $‖XXᵀ‖ = ‖X‖²$:",
            related(_EXCESS, "<=", Mean(x**4 * (sympy.exp(b * x**2) - 1) ** 2, _RANDOM)),
            label="variance",
        ),
        _moment("of the fourth moments with $e^{2b‖X‖²}$,", 2, 2 * b, _RANDOM, "double"),
        _moment("with $e^{b‖X‖²}$", 2, b, _RANDOM, "single"),
        _moment("and with neither.", 2, 0, _RANDOM, "plain"),
        combination(
            "Multiplied out,",
            related(_EXCESS, "<=", growth_variance()),
            {"variance": 1, "double": -1, "single": 2, "plain": -1},
            label="excess",
        ),
        citation(
            "Markov's inequality",
            "The mean of $n$ of them, $E W = ((1 − 2b)^{−D/2−1} − 1)I$, has the largest eigenvalue above that of $E W$ "
            "by more than $√(v/(nδ_4))$, $v$ the bound, with a probability",
            related(growth_variance() * _GROWTH, "<=", _PARTS[3] * _EXCESS),
            label="Markov for W",
        ),
        combination(
            "times $v$",
            related(growth_variance() * _GROWTH, "<=", growth_variance() * _PARTS[3]),
            {"Markov for W": 1, "excess": _PARTS[3]},
            label="times v",
        ),
        prose("and as it is positive,", related(0, "<", 1 / growth_variance()), label="positive"),
        combination(
            "it is at most $δ_4$.",
            related(_GROWTH, "<=", _PARTS[3]),
            {"times v": 1 / growth_variance()},
            label="growth",
            within=("positive",),
        ),
        meant(
            "The probability of one of several events is at most the sum of theirs:",
            related(_ANY, "<=", _MEAN + _SPREAD + _THIRD + _GROWTH),
            _events(),
            label="union",
        ),
        combination(
            "at most $δ$.",
            related(_ANY, "<=", sympy.Add(*_PARTS)),
            {"union": 1, "mean": -1, "spread": 1, "third": 1, "growth": 1},
        ),
    )
