"""The finite-sample theorem: its parts put together, for n points of a normal law."""

import sympy
from sympy import Interval, Limit, oo

from emtheory.theory.derivations.samples import (
    sample_constants,
    sample_contraction,
    sample_divergence,
    sample_limit,
    sample_tails,
)
from emtheory.theory.derivations.samples.sample_constants import EXPONENT as _B
from emtheory.theory.derivations.samples.sample_constants import SMALL_BALL
from emtheory.theory.derivations.samples.sample_tails import EXPONENT as _EXPONENT
from emtheory.theory.derivations.samples.sample_tails import SPREAD, THIRD_SQUARE, growth_variance
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import Step, all_of, combination, equation, inequality
from emtheory.theory.proof.words import assumption, citation, definition, prose

STATEMENT = Statement(__name__, "the finite-sample theorem")

_N, _D = sympy.symbols("n D", positive=True)
_LEAST, _LARGEST, _LIMIT, _GAP, _TAIL, _RATIO = sympy.symbols("sigma s r_1 gamma q eta", positive=True)
_PARTS = sympy.symbols("delta_1 delta_2 delta_3 delta_4", positive=True)
_BALL, _SPREAD, _THIRD, _GROWTH = sympy.symbols("R lambda T omega", positive=True)
MEAN = sympy.sqrt(_TAIL / _N)
"""The bound on ‖x̄‖."""
_FAILURE, _BAD = sympy.symbols("P P_0", nonnegative=True)
_R, _Z = sympy.symbols("r z", positive=True)
_KL = sympy.Symbol("KL", nonnegative=True)
_XBAR, _NEXT = sympy.symbols("‖x̄‖ ‖M_n(θ)‖", nonnegative=True)
_T = sympy.Symbol("t", integer=True, nonnegative=True)
_TAILS, _STAYS, _CONVERGES, _NORM, _IMAGE, _DIVERGENCE = 7, 1, 2, 1, 2, 1
"""Conclusions of the statements that are put together, by number."""

CONSTANTS = {_SPREAD: sample_constants.SPREAD, _THIRD: sample_constants.THIRD, _GROWTH: sample_constants.GROWTH}
"""Name → value of the constants, in terms of n, D, σ, the parts of δ, and the inner ball."""

_THRESHOLD = related(1 - _LEAST**2, "<", (1 - sympy.Rational(16, 15) * _LEAST**2 / (_D + 2)) ** (_D / 2 + 1))
_BOUND = _LEAST**2 * _LIMIT**2 / 2 + 2 * _LEAST * _LIMIT**3 / 3 + _LIMIT**4 / 4
"""What KL is at most."""

_EXCESS = _GROWTH * _BALL**2 - (1 - 2 * _EXPONENT) ** (-_D / 2 - 1) + 1
"""What is squared in the equation for ω."""

_CONSTANTS = (
    related(_SPREAD, "==", SPREAD),
    related(_THIRD**2, "==", THIRD_SQUARE),
    related((_EXCESS**2 * _N * _PARTS[3]).subs(_EXPONENT, _B), "==", growth_variance().subs(_EXPONENT, _B)),
)
"""λ, T and ω as in statement sample-tails."""


def loss(radius: sympy.Expr) -> sympy.Expr:
    """What the Lipschitz constant of M_n is at most on ‖θ‖ ≤ `radius`, which is at most R."""
    return (1 - _LEAST**2) * (_SPREAD + _GROWTH * radius**2) + _THIRD * radius


def rest(radius: sympy.Expr) -> sympy.Expr:
    """Its mean along a ray, subtracted from 1."""
    return 1 - (1 - _LEAST**2) * (_SPREAD + _GROWTH * radius**2 / 3) - _THIRD * radius / 2


PREMISES = (
    SMALL_BALL,
    related(loss(_BALL), "<=", 1 - _GAP),
    related(_LARGEST * MEAN, "<=", _BALL * rest(_BALL)),
    related(_LEAST * MEAN, "<=", _LIMIT * rest(_LIMIT)),
)
"""The inner ball is small, the sample map contracts it into itself, and r_1 is its equation's root or more."""


def _limit() -> sympy.Rel:
    radius = (1 + _RATIO) * MEAN / _LEAST
    return related(Limit(radius * rest(radius) / MEAN, _N, oo), "==", _LEAST * (1 + _RATIO))


_CONTRACTION = related(Limit(loss(_BALL), _N, oo), "==", ((1 - _LEAST**2) * (1 - 16 * _BALL**2 / 3) ** (-_D / 2 - 1)))


def _in_a_small_ball(formula: sympy.Rel) -> sympy.Basic:
    """A formula with ω, which is a positive number for these R."""
    return provided(formula, PREMISES[0]) if formula.has(_GROWTH) else formula


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_N, sympy.Range(1, oo), "the number of points"),
            Variable(_D, sympy.Range(1, oo), "the dimension of the subspace outside of which the $U_j$ agree"),
            Variable(_LEAST, Interval.open(0, 1), "$σ_{min}(A)$"),
            Variable(_LARGEST, POSITIVE, "$‖A‖$"),
            Variable(_BALL, POSITIVE, "the radius of the inner ball"),
            Variable(_SPREAD, POSITIVE, "$(1 + √(D/n) + √(2 log(1/δ_2)/n))²$"),
            Variable(_THIRD, POSITIVE, "$2(1 − σ²)√(D(D + 2)(D + 4)/(nδ_3))$"),
            Variable(
                _GROWTH,
                POSITIVE,
                "$R^{−2}((1 − 16R²/3)^{−D/2−1} − 1 + √(v/(nδ_4)))$, $v = D(D + 2)((1 − 32R²/3)^{−D/2−2} − "
                "2(1 − 16R²/3)^{−D/2−2} + 1)$",
            ),
            Variable(_TAIL, POSITIVE, "the number that $χ²_d$ exceeds with the probability $δ_1$"),
            Variable(_PARTS[0], POSITIVE, "with the others the parts of $δ$"),
            Variable(_PARTS[1], Interval.Lopen(0, 1)),
            *(Variable(delta, POSITIVE) for delta in _PARTS[2:]),
            Variable(_GAP, POSITIVE, "1 less a contraction factor"),
            Variable(_LIMIT, POSITIVE, "a radius"),
            Variable(_RATIO, POSITIVE, "any"),
            Variable(
                _FAILURE,
                Interval(0, oo),
                "the probability that EM does not tend to one $θ̂$ from all starts in the inner ball, by the "
                "factor $1 − γ$ a step, or that $‖θ̂‖ > r_1$, $‖Aθ̂‖ > σr_1$ or $KL(N(0, I) ‖ p_{θ̂}) > σ²r_1²/2 "
                "+ 2σr_1³/3 + r_1⁴/4$",
            ),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            provided(related(_FAILURE, "<=", sympy.Add(*_PARTS)), *PREMISES),
            *(_in_a_small_ball(formula) for formula in (*_CONSTANTS, _limit(), _CONTRACTION)),
            _THRESHOLD,
        ),
        note=(
            "the premises are that the inner ball is small, that the sample map contracts it and maps it into "
            "itself, and the equation of $r_1$. By the first limit $r_1 = (1 + η) √(q/n)/σ$ will do for every $η "
            "> 0$ and large $n$: the rate of normal theory, and for KL and $‖Aθ̂‖$ its constant, for $‖θ̂‖$ only "
            "if $AᵀA = σ²I$; by the second and the last conclusion the sample map contracts the largest such ball "
            "for large $n$, whatever $σ$ and $D$"
        ),
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights with invertible $A$, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$; "
        "from a larger ball EM gets to the inner one by statement sample-net",
        steps=(*_definitions(), *_probability_steps(), *_limit_steps()),
    )


def _definitions() -> tuple[Step, ...]:
    """λ, T and ω of statement sample-constants, and where they are."""
    found, (largest, third, growth) = made(sample_constants.derive_general), CONSTANTS.items()
    names = {str(name): name for name in (_N, _D, _LEAST, _BALL, *_PARTS)}

    def quoted(words: str, number: int, variables: str, label: str, premises: tuple[str, ...] = ()) -> Step:
        return found.quoted(words, number, {name: names[name] for name in variables.split()}, premises, label=label)

    return (
        assumption("Let the inner ball be small:", PREMISES[0], label="inner"),
        quoted("$b = 8R²/3$ is below 1/4 (statement sample-constants):", 0, "R sigma D", "exponent", ("inner",)),
        quoted("By the same statement", 1, "n D delta_2", "spread"),
        definition("Let $λ$ be the bound of statement sample-tails on $λ_{max}(S)$,", *largest),
        combination("which is above 1.", related(1, "<", _SPREAD), {"spread": 1}, label="above 1"),
        quoted("Likewise", 2, "n D sigma delta_3", "third"),
        definition("for the bound on the third cumulants,", *third, within=("third",)),
        quoted("and", 3, "n D sigma R delta_4", "growth", ("inner",)),
        definition("for that on the growth.", *growth, within=("growth",)),
    )


def _event_steps() -> tuple[Step, ...]:
    _, contracts, room, root = PREMISES
    share = 1 - _LEAST**2
    return (
        made(sample_tails.derive_general).quoted(
            "Let $P_0$ be the probability that $‖x̄‖$, $λ_{max}(S)$, the mean third cumulant or the growth exceeds its "
            "bound: statement sample-tails,",
            _TAILS,
            {"P": _BAD, "n": _N, "D": _D, "sigma": _LEAST, "b": _B, **{part.name: part for part in _PARTS}},
            within=("exponent",),
            label="tails",
        ),
        assumption("On all other samples", _XBAR, "<=", MEAN, label="known"),
        assumption("If with these bounds $M_n$ contracts the inner ball,", contracts, label="contracts"),
        inequality("as $σ < 1$", related(0, "<", share), label="defect"),
        combination(
            "and the constants are positive, the factor is,",
            related(0, "<", 1 - _GAP),
            {"contracts": 1, "above 1": share, "defect": 1, "growth": share * _BALL**2, "third": _BALL},
            label="factor",
        ),
        assumption("and maps it into itself,", room, label="room"),
        assumption("and $r_1$ is the root or more,", root, label="root"),
        combination(
            "$s‖x̄‖$ is small enough",
            related(_LARGEST * _XBAR, "<=", _BALL * rest(_BALL)),
            {"known": _LARGEST, "room": 1},
            label="small",
        ),
    )


def _estimate_steps() -> tuple[Step, ...]:
    """What the statements on data give."""
    contraction = made(sample_contraction.derive_general)
    shared = {symbol.name: symbol for symbol in (_BALL, _LEAST, _SPREAD, _GROWTH, _THIRD)}
    stays = contraction.quoted(
        "for EM to stay in the ball (statement sample-contraction),",
        _STAYS,
        {**shared, "s": _LARGEST, "‖x̄‖": _XBAR, "‖M_n(θ)‖": _NEXT},
        ("small",),
        label="stays",
    )
    converges = contraction.quoted(
        "and it tends to one point $θ̂$, with $p = 1 − γ$:",
        _CONVERGES,
        {
            **shared,
            **{f"D({t})": sympy.Function("D", nonnegative=True)(t) for t in (0, _T)},
            "s": _LARGEST,
            "‖x̄‖": _XBAR,
            "p": 1 - _GAP,
            "t": _T,
        },
        ("contracts", "small"),
        within=("factor",),
        label="converges",
    )
    inside = prose(
        "By Banach's theorem $θ̂$ is in the ball, and the image of itself. If it is not 0, nor is $Aθ̂$.",
        related(_R, "==", _NEXT),
        label="fixed",
    )
    limit, known, more = made(sample_limit.derive_general), ("inside", "contracts", "known", "root"), ("above 1",)
    at = {**shared, "gamma": _GAP, "r_1": _LIMIT, "‖x̄‖": _XBAR, "r": _R, "z": _Z, "x": MEAN}
    return (
        stays,
        converges,
        inside,
        combination("So", _R, "<=", _BALL, {"fixed": -1, "stays": 1}, label="inside"),
        limit.quoted(
            "Its norm is at most $r_1$ (statement sample-limit),", _NORM, at, known, within=more, label="norm"
        ),
        limit.quoted("$z = ‖Aθ̂‖$ at most", _IMAGE, at, known, within=more, label="image"),
        made(sample_divergence.derive_general).quoted(
            "and $KL$, by statement sample-divergence,", _DIVERGENCE, {"KL": _KL, "r": _R, "z": _Z}, label="divergence"
        ),
    )


def _probability_steps() -> tuple[Step, ...]:
    r, z, bound, image, estimates = _R, _Z, _LIMIT, _LEAST * _LIMIT, _estimate_steps()
    (converges,) = (step.formula for step in estimates if step.label == "converges")
    return (
        *_event_steps(),
        *estimates,
        combination(
            "which is the bound claimed.",
            related(_KL, "<=", _BOUND),
            {
                "divergence": 1,
                "image": (z + image) / 2 + 2 * r**2 / 3,
                "norm": 2 * image * (r + bound) / 3 + (r**2 + bound**2) * (r + bound) / 4,
            },
            label="KL",
        ),
        all_of("On these both hold:", {"converges": converges, "KL": related(_KL, "<=", _BOUND)}, label="all"),
        prose(
            "The failures are among the samples that are left out, as all is plain where $θ̂ = 0$:",
            related(_FAILURE, "<=", _BAD),
            label="failures",
            given=("all",),
            discharging=("known",),
        ),
        combination("at most $δ$.", related(_FAILURE, "<=", sympy.Add(*_PARTS)), {"failures": 1, "tails": 1}),
    )


def _limit_steps() -> tuple[Step, ...]:
    share = 8 * _LEAST**2 / 15
    power = (1 - 2 * share / (_D + 2)) ** (_D / 2 + 1)
    return (
        *(equation("The constants are those of statement sample-tails.", *formula.args) for formula in _CONSTANTS),
        equation(
            "With $r_1 = (1 + η) √(q/n)/σ$ its equation has room by the factor $1 + η$ for large $n$,", *_limit().args
        ),
        equation("and the Lipschitz constant on the inner ball to", *_CONTRACTION.args),
        citation(
            "Bernoulli's inequality",
            "With $R² = σ²/(5(D + 2))$, $2b = 16σ²/(15(D + 2))$ and $m = D/2 + 1$,",
            related(1 - share, "<=", power),
            label="Bernoulli",
        ),
        inequality("where", related(1 - _LEAST**2, "<", 1 - share), label="share"),
        combination(
            "so that with the largest $R$ this is below 1.", 1 - _LEAST**2, "<", power, {"Bernoulli": 1, "share": 1}
        ),
    )
