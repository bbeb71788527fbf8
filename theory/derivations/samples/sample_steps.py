"""How many iterates of EM on a sample are far out: each lowers the objective, which is not far above its least."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, Proposition, Variable, related
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, meant, monotone
from emtheory.theory.proof.words import citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("how many iterates of EM on a sample are far out", 0, general=True)

_J = component("j")
_OUTER, _INNER, _LENGTH = family("r", nonnegative=True), family("q", nonnegative=True), family("b", positive=True)
_T = sympy.Symbol("t", integer=True, nonnegative=True)
_RADIUS, _LAST = sympy.symbols("s b_0", positive=True)
_RISE, _NORM, _STEP, _COUNT, _FAR, _LEFT = (
    sympy.Function(name, nonnegative=True) for name in ("F", "x", "e", "N", "u", "T")
)
_LONG = sympy.Function("b", positive=True)


def _bound() -> sympy.Expr:
    shells = ((_OUTER[_J] + _RADIUS) ** 2 - (_INNER[_J] + _RADIUS) ** 2) / _LENGTH[_J] ** 2
    return 4 * _RADIUS**2 / _LAST**2 + total(shells, _J)


def _integral() -> sympy.Expr:
    """The integral of b^{−2} over the squares of 2s, and of the r + s of the shells."""
    y = sympy.Symbol("y", nonnegative=True)
    shell = (y, (_INNER[_J] + _RADIUS) ** 2, (_OUTER[_J] + _RADIUS) ** 2)
    whole = sympy.Integral(_LAST**-2, (y, 0, (2 * _RADIUS) ** 2))
    return whole + total(sympy.Integral(_LENGTH[_J] ** -2, shell), _J)


def _counted() -> dict[sympy.Basic, sympy.Basic]:
    n = component("n")
    return {_COUNT(_T): sympy.Sum(_FAR(n), (n, 0, _T - 1))}


def derive_general() -> Derivation:
    """Derive that at most 4s²/b² + Σ ((r_j + s)² − (q_j + s)²)/b_j² iterates of EM are beyond s."""
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        name="sample-steps",
        statement=Proposition(
            variables=(
                Variable(_T, sympy.Range(0, oo), "the number of steps"),
                Variable(_RADIUS, POSITIVE, "a radius within which all fixed points of $M_n$ are"),
                Variable(_OUTER, nonnegative, "the outer radii of shells from $s$ up to $‖θ_0‖$"),
                Variable(_INNER, nonnegative, "their inner ones"),
                Variable(_LENGTH, POSITIVE, "than which steps from the shell, and from farther out, are longer"),
                Variable(_LAST, POSITIVE, "the least of them"),
            ),
            hypotheses=("weights", "orthogonal maps"),
            conclusions=(related(_COUNT(_T), "<=", _bound()),),
            note="$N(t)$ is how many $τ < t$ have $‖θ_τ‖ > s$, all in the subspace. The proof counts steps longer than "
            "$b_0$ from within $s$, too: EM that stops at the first one that is not has taken no more",
        ),
        source="the paper's number of iterations, which the summary does not give for samples",
        scope="every $k$, any weights and orthogonal maps, any data; that steps are long has a probability (statement "
        "sample-shells)",
        steps=(*_fall_steps(), *_count_steps()),
    )


def _fall_steps() -> tuple[Step, ...]:
    t, rise = _T, sympy.sqrt(_RISE(_T))
    return (
        citation(
            "descent lemma",
            "Let $F(t)$ be twice what $ℓ_n(θ_t)$ is above its least value, $e$ the length of a step, which is $−∇ℓ_n$; "
            "$∇²ℓ_n$ is $I$ less a covariance under the posteriors, on any data:",
            related(_RISE(t + 1), "<=", _RISE(t) - _STEP(t) ** 2),
            label="falls",
        ),
        prose(
            "The least value is at a fixed point, of norm $s$ at most, and $∇²ℓ_n ⪯ I$: with $x = ‖θ_t‖$",
            related(_RISE(t), "<=", (_NORM(t) + _RADIUS) ** 2),
            label="rise",
            under=("weights", "orthogonal maps"),
        ),
        monotone("or", related(rise, "<=", _NORM(t) + _RADIUS), sympy.sqrt(PLACE), "rise", label="near"),
        prose(
            "Let $b(t)$ be the length for the norm $√F − s$, $b_0$ for one below $s$, and $u = 1$ where $x > s$, else "
            "0. As lengths do not fall with the norm,",
            related(_FAR(t) * _LONG(t) ** 2, "<=", _STEP(t) ** 2),
            label="long",
            given=("near",),
        ),
        prose(
            "Let $T(t)$ be the integral of $b^{−2}$ up to $F(t)$, which is concave:",
            related((_RISE(t) - _RISE(t + 1)) / _LONG(t) ** 2, "<=", _LEFT(t) - _LEFT(t + 1)),
            label="concave",
        ),
        combination(
            "So it falls by 1 at each far iterate.",
            related(_LEFT(t + 1), "<=", _LEFT(t) - _FAR(t)),
            {"concave": 1, "falls": 1 / _LONG(t) ** 2, "long": 1 / _LONG(t) ** 2},
            label="less",
        ),
    )


def _count_steps() -> tuple[Step, ...]:
    t = _T
    return (
        meant("$N$ counts them:", related(_COUNT(t + 1), "==", _COUNT(t) + _FAR(t)), _counted(), label="counts"),
        meant("from", related(_COUNT(0), "==", 0), _counted(), label="start"),
        induction(
            "so that by induction",
            related(_COUNT(t) + _LEFT(t), "<=", _COUNT(0) + _LEFT(0)),
            t,
            sympy.S.One,
            {"less": 1, "counts": -1},
            label="both",
        ),
        inequality("and as", related(0, "<=", _LEFT(t)), label="sign"),
        combination(
            "they are at most", related(_COUNT(t), "<=", _LEFT(0)), {"both": 1, "sign": 1, "start": -1}, label="all"
        ),
        prose(
            "As $F(0) ≤ (‖θ_0‖ + s)²$, the integral up to there is at most that over the shells, and up to $(2s)²$:",
            related(_LEFT(0), "<=", _integral()),
            label="integral",
            given=("rise",),
        ),
        combination("Together", related(_COUNT(t), "<=", _bound()), {"all": 1, "integral": 1}),
    )
