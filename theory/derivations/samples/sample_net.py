"""The sample operator against the population's on a ball of any radius, uniformly, and EM's way inwards."""

import sympy
from sympy import Integral, Interval, oo

from emtheory.theory.derivations.samples import covering_number, sample_moments
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.meant.vectors import Chance, Mean, Most, Some
from emtheory.theory.proof.step import (
    PLACE,
    Step,
    all_of,
    combination,
    equation,
    induction,
    inequality,
    instance,
    meant,
    monotone,
)
from emtheory.theory.proof.words import assumption, at_most, citation, prose
from emtheory.theory.sums import component, family

STATEMENT = Statement(__name__, "the sample operator on a ball of any radius")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_COUNT, _DIMENSION, _RADIUS, _MESH, _PART = sympy.symbols("n D rho tau delta", positive=True)
_RATE, _LOG = sympy.symbols("s kappa", positive=True)
_SPREAD = sympy.Symbol("lambda", positive=True)
_ERROR, _DIFFERENCE = sympy.symbols("epsilon W", nonnegative=True)
_DECREASE, _FINE = sympy.symbols("q nu", positive=True)
_GENERATING, _SINGLE, _NET = sympy.symbols("m P_1 P", nonnegative=True)
_DEVIATION = sympy.Symbol("d_0", nonnegative=True)
_Y, _OTHER, _CENTRE, _Z, _PRODUCT = sympy.symbols("Y Y' y z ⟨sh|M(θ)⟩", real=True)
_MOMENT, _U = sympy.symbols("G u", nonnegative=True)
_SIZE, _ROOM, _ON_SPHERE, _IN_BALL = sympy.symbols("r c N_1 N_2", positive=True)
_NORM = sympy.Function("R", nonnegative=True)
POINTS = (1 + 2 / _FINE) ** _DIMENSION * (1 + 2 * _RADIUS / _MESH) ** _DIMENSION
"""Number of pairs of points of the two nets, at most."""

_TAIL = POINTS * sympy.exp(_COUNT * (_LOG - _RATE * _DEVIATION))
_SMALL = related(2 * _RATE**2, "==", 1 - _ROOM)
MOMENT_KNOWN = related(_GENERATING, "<=", sympy.exp(_LOG))
"""That κ is known to be at least its logarithm."""

_NEAR = related(_ERROR, "<=", _DECREASE * _RADIUS)


def deviation(rate: sympy.Expr = _RATE, part: sympy.Expr = _PART) -> sympy.Expr:
    """What every ⟨h, M_n(θ) − M(θ)⟩ on the nets is at most, but with the probability δ, given s and δ."""
    return (sympy.log(POINTS / part) / _COUNT + _LOG) / rate


def uniform_error(rate: sympy.Expr, part: sympy.Expr) -> sympy.Expr:
    """What sup ‖M_n − M‖ is at most if the nets deviate by no more than that."""
    return deviation(rate, part) / (1 - _FINE) + _MESH * _DIMENSION * (_SPREAD + 1)


def by_radius(rate: sympy.Expr = _RATE) -> sympy.Expr:
    """What the exponential moment is at most by statement sample-moments."""
    return sympy.exp(rate**2 * (1 + _RADIUS**2) / 2)


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        variables=(
            Variable(_COUNT, sympy.Range(1, oo), "the number of points"),
            Variable(_DIMENSION, sympy.Range(1, oo), "the dimension of the subspace outside of which the $U_j$ agree"),
            Variable(_RADIUS, POSITIVE, "the radius of the ball"),
            Variable(_MESH, POSITIVE, "how close the net of the ball is"),
            Variable(_FINE, Interval.open(0, 1), "how close that of the unit sphere is"),
            Variable(_PART, POSITIVE),
            Variable(_RATE, POSITIVE, "of the exponential moment"),
            Variable(_ROOM, POSITIVE, "$1 − 2s²$, if that is positive"),
            Variable(_LOG, POSITIVE, "any"),
            Variable(_GENERATING, nonnegative, "$E e^{s(Y − E Y)}$, $Y = ⟨h, m_θ(X)⟩$, $‖h‖ = 1$, any $‖θ‖ ≤ ρ$"),
            Variable(_NET, nonnegative, "the probability that some pair of the nets exceeds $d_0$"),
            Variable(_SPREAD, POSITIVE, "at least $λ_{max}(S)$"),
            Variable(_DIFFERENCE, nonnegative, "the supremum of $‖M_n(θ) − M(θ)‖$ for $‖θ‖ ≤ ρ$"),
            Variable(_DEVIATION, nonnegative, "a bound on all $⟨h, M_n(θ) − M(θ)⟩$ of the nets"),
            Variable(_T, sympy.Range(0, oo), "the number of steps"),
            Variable(_DECREASE, Interval.Lopen(0, 1), "a number with $‖M(θ)‖ ≤ (1 − q)‖θ‖$ for $‖θ‖ ≤ ρ$"),
            Variable(_ERROR, nonnegative, "at least $W$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_GENERATING, _NET, _NORM), ("weights", "orthogonal maps"))
        | {_DIFFERENCE: ("weights", "orthogonal maps", "normal data")},
        conclusions=(
            provided(related(_GENERATING, "<=", _ROOM**-_DIMENSION), _SMALL),
            related(_GENERATING, "<=", by_radius()),
            provided(related(_NET, "<=", _TAIL), MOMENT_KNOWN),
            provided(related(_NET, "<=", _PART), MOMENT_KNOWN, related(deviation(), "<=", _DEVIATION)),
            related(_DIFFERENCE, "<=", _DEVIATION / (1 - _FINE) + _MESH * _DIMENSION * (_SPREAD + 1)),
            provided(related(_NORM(_T), "<=", (1 - _DECREASE) ** _T * _NORM(0) + _ERROR / _DECREASE), _NEAR),
        ),
        note="$R(t) = ‖θ_t‖$ from any start in the ball, which EM does not leave; all in the subspace",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$, a ball of any radius",
        steps=(*_moment_steps(), *_union_steps(), *_uniform_steps(), *_iterate_steps()),
    )


def _moment_steps() -> tuple[Step, ...]:
    s, random, apart = _RATE, (_Y, _OTHER), abs(_RATE * (_Y - _OTHER))
    squares = sympy.exp(s**2 * (_Y**2 + _OTHER**2))
    coordinate = Integral(sympy.exp((2 * s**2 - 1) * _Z**2 / 2), (_Z, -oo, oo)) / sympy.sqrt(2 * sympy.pi)
    power = coordinate ** (2 * _DIMENSION)
    return (
        inequality("For $u ≥ 0$", related(sympy.log(sympy.cosh(_U)), "<=", _U**2 / 2), label="for u"),
        instance(
            "Let $Y′$ be independent of $Y$ with its law:",
            related(sympy.log(sympy.cosh(apart)), "<=", apart**2 / 2),
            "for u",
            {_U: apart},
            label="log cosh",
        ),
        inequality("A square is not negative,", related(0, "<=", (_Y + _OTHER) ** 2), label="sum"),
        combination(
            "so that",
            related(sympy.log(sympy.cosh(apart)), "<=", s**2 * (_Y**2 + _OTHER**2)),
            {"log cosh": 1, "sum": s**2 / 2},
            label="exponents",
        ),
        monotone("and", related(sympy.cosh(apart), "<=", squares), sympy.exp(PLACE), "exponents", label="pointwise"),
        monotone(
            "in expectation",
            related(Mean(sympy.cosh(apart), random), "<=", Mean(squares, random)),
            Mean(PLACE, random),
            "pointwise",
            label="mean",
        ),
        citation(
            "Jensen's inequality",
            "is at least $E e^{s(Y − E Y)}$: $E e^{s(Y − Y′)}$ is, and $Y − Y′$ is symmetric.",
            related(_GENERATING, "<=", Mean(sympy.cosh(apart), random)),
            label="symmetrised",
        ),
        assumption("Let $s² < 1/2$.", _SMALL, label="small rate"),
        citation(
            "chi-square law",
            "$‖m_θ(x)‖ ≤ ‖x‖$ of the projection to the subspace, which has $D$ independent coordinates $z$, and $Y$ "
            "and $Y′$ are independent: it is the power of $E e^{s²z²}$",
            related(Mean(squares, random), "<=", power),
            label="squares",
            under=("normal data",),
        ),
        equation("which is $c^{−1/2}$.", power, _ROOM**-_DIMENSION, label="coordinate", given=("small rate",)),
        combination(
            "So", _GENERATING, "<=", _ROOM**-_DIMENSION, {"symmetrised": 1, "mean": 1, "squares": 1, "coordinate": -1}
        ),
        meant(
            "Also, with $y = E Y$,",
            related(_GENERATING, "==", sympy.exp(-s * _CENTRE) * _MOMENT),
            {_GENERATING: Mean(sympy.exp(s * (_Y - _CENTRE)), (_Y,)), _MOMENT: Mean(sympy.exp(s * _Y), (_Y,))},
            label="centred",
        ),
        prose(
            "$sY$ is $⟨m_θ(X), sh⟩$, of which the mean is $⟨M(θ), sh⟩$:", _CENTRE, "==", _PRODUCT / s, label="product"
        ),
        equation("so that", _GENERATING, sympy.exp(-_PRODUCT) * _MOMENT, given=("centred", "product"), label="tilted"),
        made(sample_moments.derive_general).quoted(
            "where (statement sample-moments)", 0, {"G": _MOMENT, "m": _PRODUCT, "s": s, "r": _SIZE}, label="moment"
        ),
        *at_most("and $r = ‖θ‖$ is", _SIZE, _RADIUS, label="inside"),
        monotone(
            "which grows with $r$.",
            related(sympy.exp(s**2 * (1 + _SIZE**2) / 2), "<=", by_radius()),
            sympy.exp(s**2 * (1 + PLACE**2) / 2),
            "inside",
            label="radius",
        ),
        combination(
            "So",
            related(_GENERATING, "<=", by_radius()),
            {"tilted": -1, "moment": sympy.exp(-_PRODUCT), "radius": 1},
            label="normal",
        ),
    )


def _union_steps() -> tuple[Step, ...]:
    n, s, damping = _COUNT, _RATE, sympy.exp(-_COUNT * _RATE * _DEVIATION)
    tail, power, nets = _TAIL, sympy.exp(_LOG * _COUNT), made(covering_number.derive_general)
    event, index = family("A")[component("i")], component("i")
    return (
        assumption("Let $κ$ be as one of these says.", MOMENT_KNOWN, label="generating"),
        monotone("For $n$ independent points", _GENERATING**n, "<=", power, PLACE**n, "generating", label="power"),
        citation(
            "Markov's inequality",
            "the mean of the $Y$ less $EY$ exceeds $d_0$ with a probability",
            related(_SINGLE, "<=", damping * _GENERATING**n),
            label="Markov",
        ),
        combination("at most", _SINGLE, "<=", damping * power, {"Markov": 1, "power": damping}, label="single"),
        nets.quoted(
            "A net of the unit sphere to $ν$ has by statement covering-number at most",
            0,
            {"N": _ON_SPHERE, "rho": sympy.S.One, "tau": _FINE, "D": _DIMENSION},
            label="sphere's net",
        ),
        nets.quoted(
            "points, one of the ball to $τ$",
            0,
            {"N": _IN_BALL, "rho": _RADIUS, "tau": _MESH, "D": _DIMENSION},
            label="ball's net",
        ),
        combination(
            "and so many pairs there are:",
            related(_ON_SPHERE * _IN_BALL, "<=", POINTS),
            {"sphere's net": _IN_BALL, "ball's net": (1 + 2 / _FINE) ** _DIMENSION},
            label="pairs",
        ),
        meant(
            "the probability that one of them exceeds $d_0$ is at most",
            related(_NET, "<=", _ON_SPHERE * _IN_BALL * _SINGLE),
            {_NET: Chance(Some(event, index, _ON_SPHERE * _IN_BALL)), _SINGLE: Most(Chance(event), index)},
            label="union",
        ),
        combination("So", related(_NET, "<=", tail), {"union": 1, "pairs": _SINGLE, "single": POINTS}, label="tail"),
        assumption("With $d_0$ large enough", related(deviation(), "<=", _DEVIATION), label="enough"),
        combination(
            "the exponent",
            related(n * (_LOG - s * _DEVIATION), "<=", n * (_LOG - s * deviation())),
            {"enough": n * s},
            label="exponent",
        ),
        monotone("and the bound are small,", tail, "<=", _PART, POINTS * sympy.exp(PLACE), "exponent", label="small"),
        combination("$P ≤ δ$.", related(_NET, "<=", _PART), {"tail": 1, "small": 1}),
    )


def _uniform_steps() -> tuple[Step, ...]:
    sample, population, step = sympy.symbols("‖∇M_n‖ ‖∇M‖ W_0", nonnegative=True)
    return (
        prose(
            "$∇M_n(θ)$ is the mean of covariances of the $U_jᵀx$, each at most $‖x‖²$, and the mean of $‖x‖²$ is $tr S "
            "≤ Dλ$:",
            related(sample, "<=", _DIMENSION * _SPREAD),
            label="sample",
        ),
        prose(
            "$∇M(θ)$ is likewise at most the mean of $‖X‖²$ in the subspace, $D$:",
            population,
            "<=",
            _DIMENSION,
            label="population",
        ),
        prose(
            "On the net of the ball a vector is at most $1/(1 − ν)$ times its largest product with the net of the "
            "sphere:",
            related(step, "<=", _DEVIATION / (1 - _FINE)),
            label="sphere",
        ),
        prose(
            "Every $θ$ is at most $τ$ from a point of the net.",
            related(_DIFFERENCE, "<=", step + _MESH * (sample + population)),
            label="ball",
        ),
        combination(
            "So",
            related(_DIFFERENCE, "<=", _DEVIATION / (1 - _FINE) + _MESH * _DIMENSION * (_SPREAD + 1)),
            {"ball": 1, "sphere": 1, "sample": _MESH, "population": _MESH},
        ),
    )


def _iterate_steps() -> tuple[Step, ...]:
    t, q = _T, _DECREASE
    now, following = _NORM(t), _NORM(t + 1)
    step = related(following, "<=", (1 - q) * now + _ERROR)
    return (
        assumption("Let $ε ≤ qρ$.", _NEAR, label="near"),
        assumption("In the ball", related(now, "<=", _RADIUS), label="here"),
        prose(
            "a step of the population, by the meaning of $q$, and the difference of the two, at most $ε$ there, give",
            step,
            label="next",
            given=("here",),
        ),
        combination("$ρ$,", related(following, "<=", _RADIUS), {"next": 1, "here": 1 - q, "near": 1}, label="stays"),
        all_of("So", {"next": step, "stays": related(following, "<=", _RADIUS)}, label="both"),
        prose(
            "By induction this is so for every start in the ball and all $t$.",
            step,
            label="always",
            given=("both",),
            discharging=("here",),
        ),
        induction("and, again by induction,", now, "<=", (1 - q) ** t * _NORM(0) + _ERROR / q, t, 1 - q, {"always": 1}),
    )
