"""Means μ_j = L_jθ with any matrices L_j: the Jacobian of EM at the origin, and what follows where it has 1."""

import sympy
from sympy import Derivative, Interval, Rational, Subs, oo

from emtheory.theory.mixture import generic_posterior
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, REAL, Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Vector
from emtheory.theory.proof.step import (
    PLACE,
    Step,
    combination,
    equation,
    induction,
    inequality,
    instance,
    meant,
    monotone,
)
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("means tied by any linear maps: the Jacobian at the origin", 0, general=True)

_EPSILON = sympy.Symbol("epsilon", real=True)
_I, _J, _N = (component(name) for name in "ijn")
_PI, _A, _B, _C = family("pi", positive=True), family("a"), family("b"), family("c")
_SQUARE, _INNER = family("m"), family("s")
_VALUE, _IMAGE, _FORM = sympy.symbols("lambda ‖Au‖² ⟨u|Nu⟩", nonnegative=True)
_T = sympy.Symbol("t", integer=True, nonnegative=True)
_KEPT, _OTHER = sympy.Function("a", positive=True), sympy.Function("b", nonnegative=True)
_REST = sympy.Function("R", nonnegative=True)
_CUBIC, _FACTOR = sympy.Symbol("K", positive=True), sympy.Symbol("f", nonnegative=True)
_SHRINK = (1 + 15 * _FACTOR) / 16
"""By which b − a shrinks in a step, between f and 1."""


def _share(index: sympy.Symbol) -> sympy.Expr:
    return _PI[index] / total(_PI[_N], _N)


def _overlap() -> sympy.Expr:
    return total(_share(_I) * _share(_J) * _C[_I, _J], _I, _J)


def _slow(t: sympy.Expr) -> sympy.Rel:
    return related(1 / _KEPT(t) ** 2, "<=", 1 / _KEPT(0) ** 2 + 32 * _CUBIC * t)


def derive_general() -> Derivation:
    """Derive J_M(0) = I − N^{−1}AᵀA and, where A has a kernel, that EM is not faster than t^{−1/2}."""
    return STATEMENT.derivation(
        name="linear-tying",
        statement=Proposition(
            variables=(
                Variable(_PI, POSITIVE, "the weights, up to a factor"),
                Variable(
                    _INNER,
                    REAL,
                    "the inner products $⟨L_je, L_jv⟩$, $v$ the slope of $M(εh)$ at $ε = 0$: the sum is $⟨e, Nv⟩$",
                ),
                Variable(
                    _C,
                    REAL,
                    "the inner products $⟨L_ie, L_jh⟩$, $e$ and $h$ any vectors: the sums are $⟨e, Nh⟩$, $⟨Ae, Ah⟩$",
                ),
                Variable(_VALUE, Interval(0, oo), "any eigenvalue of $N^{−1}AᵀA$"),
                Variable(_IMAGE, Interval(0, oo), "$‖Au‖²$ for its vector $u$, scaled so that $⟨u, Nu⟩ = 1$"),
                Variable(_CUBIC, POSITIVE, "a constant with $‖M(θ) − J_M(0)θ‖ ≤ K‖θ‖³$ near 0"),
                Variable(_FACTOR, Interval.Ropen(0, 1), "the largest eigenvalue of $J_M(0)$ below 1, or 0"),
                Variable(_T, sympy.Range(0, oo), "the number of steps"),
            ),
            hypotheses=("weights", "linear tying", "normal data", "near"),
            conclusions=(
                related(total(_share(_J) * _INNER[_J], _J), "==", total(_share(_J) * _C[_J, _J], _J) - _overlap()),
                related(_VALUE, "==", _IMAGE),
                related(_VALUE, "<=", 1),
                related(_OTHER(_T) - _KEPT(_T), "<=", _SHRINK**_T * (_OTHER(0) - _KEPT(0))),
                sympy.Implies(
                    related(_KEPT(_T), "<=", _OTHER(_T)),
                    related(_OTHER(_T + 1), "<=", _SHRINK * _OTHER(_T)),
                    evaluate=False,
                ),
                sympy.Implies(related(_OTHER(0), "<=", _KEPT(0)), _slow(_T), evaluate=False),
            ),
            note="$A = ∑_j π_jL_j$: $J_M(0) = I − N^{−1}AᵀA$, with eigenvalues $1 − λ$ in [0, 1], so the origin "
            "attracts geometrically if $A$ is injective; norms are those of $⟨θ, Nθ⟩$. If $A$ is not, $a(t) > 0$ is "
            "the norm of the part of $θ_t$ in its kernel and $b(t)$ that of the rest, on a ball where $32K‖θ‖² ≤ 1 − "
            "f$. If once $b(t) ≤ a(t)$, $a(t)$ decays no faster than $t^{−1/2}$ from there on, and if never, both "
            "decay geometrically",
        ),
        source="not in the paper, whose means are rotations of one vector; open question 1",
        scope="every $k$, all weights, any $d$ and $p$, any $d × p$ matrices $L_j$ with $∑_j π_jL_jᵀL_j$ invertible",
        steps=(*_posterior_steps(), *_maximisation_steps(), *_eigenvalue_steps(), *_cone_steps(), *_slow_steps()),
    )


def _slope(j: sympy.Symbol) -> sympy.Expr:
    return _share(j) * (_B[j] - total(_share(_N) * _B[_N], _N))


def _posterior_steps() -> tuple[Step, ...]:
    moved = generic_posterior(_PI, lambda j: _EPSILON * _B[j], _J)
    return (
        equation(
            "At $εh$ the exponents are $ε⟨x, L_jh⟩ − ε²‖L_jh‖²/2$: with $b_j = ⟨x, L_jh⟩$ they are $εb_j$ up to the "
            "second order, and the slope of the posterior at $ε = 0$ is $π_j(b_j − ∑πb)$.",
            Subs(Derivative(moved, _EPSILON), _EPSILON, 0),
            _slope(_J),
            label="posterior",
        ),
    )


def _maximisation_steps() -> tuple[Step, ...]:
    u = sympy.Symbol("u", real=True)
    gamma, first, second = (family(name) for name in ("γ", "g", "l"))
    distance = 2 * u * (first[_J] - _A[_J]) + u**2 * second[_J]
    normal = (_share(_J) + _EPSILON * _slope(_J)) * (_EPSILON * _INNER[_J] - _A[_J])
    image, random = total(_slope(_J) * _A[_J], _J), (_A, _B)
    return (
        equation(
            "The M-step minimises $½E ∑γ_j‖X − L_jθ'‖²$. Along $e$, $‖X − L_j(θ' + ue)‖²$ changes by a quadratic "
            "term and $2u(g_j − a_j)$, $a_j = ⟨X, L_je⟩$ and $g_j = ⟨L_jθ', L_je⟩$: $E ∑γ_j(g_j − a_j) = 0$.",
            Subs(Derivative(total(gamma[_J] * distance / 2, _J), u), u, 0),
            total(gamma[_J] * (first[_J] - _A[_J]), _J),
            label="normal equation",
        ),
        equation(
            "At 0 the posterior is $π$, $a_j$ has mean 0 and $θ' = 0$. To first order $θ' = εv$, $g_j = εs_j$, and "
            "the sum has the slope",
            Subs(Derivative(total(normal, _J), _EPSILON), _EPSILON, 0),
            total(_share(_J) * _INNER[_J], _J) - image,
            label="slope",
        ),
        citation(
            "dominated convergence",
            "whose mean vanishes:",
            related(total(_share(_J) * _INNER[_J], _J), "==", Mean(image, random)),
            label="stationary",
            given=("posterior", "normal equation", "slope"),
            under=("linear tying",),
        ),
        meant(
            "$E a_ib_j = ⟨L_ie, L_jh⟩ = c_{ij}$.",
            related(Mean(image, random), "==", total(_share(_J) * _C[_J, _J], _J) - _overlap()),
            {
                _A[_J]: Inner(DATA, Image(_J, Vector("e"))),
                _B[_J]: Inner(DATA, Image(_J, Vector("h"))),
                _C[_I, _J]: Inner(Image(_I, Vector("e")), Image(_J, Vector("h"))),
            },
            label="moments",
            under=("normal data",),
        ),
        combination(
            "$Nv = Nh − AᵀAh$: $J_M(0) = I − N^{−1}AᵀA$.",
            related(total(_share(_J) * _INNER[_J], _J), "==", total(_share(_J) * _C[_J, _J], _J) - _overlap()),
            {"stationary": 1, "moments": 1},
            label="Jacobian",
        ),
    )


def _eigenvalue_steps() -> tuple[Step, ...]:
    y, mean = family("y"), sympy.Symbol("ȳ", real=True)
    squares = total(_PI[_J] * y[_J] ** 2, _J)
    return (
        meant(
            "With $y_j$ a coordinate of $L_ju$, its average",
            related(total(_PI[_J] * y[_J], _J), "==", mean),
            {mean: total(_PI[_J] * y[_J], _J)},
            label="mean",
        ),
        meant("for weights of sum 1", related(total(_PI[_J], _J), "==", 1), {}, label="mass", under=("weights",)),
        inequality(
            "has a spread that is not negative:",
            related(0, "<=", total(_PI[_J] * (y[_J] - mean) ** 2, _J)),
            label="spread",
        ),
        combination(
            "a square of an average is at most the average of the squares;",
            related(mean**2, "<=", squares),
            {"spread": 1, "mean": 2 * mean, "mass": -(mean**2)},
            label="Jensen",
        ),
        prose(
            "summed over the coordinates, $‖Au‖² ≤ ∑_j π_j‖L_ju‖²$.",
            related(_IMAGE, "<=", _FORM),
            label="below N",
            given=("Jensen",),
        ),
        citation(
            "spectral theorem",
            "$N^{−1}AᵀA$ is symmetric for the inner product of $N$: $AᵀAu = λNu$, and $‖Au‖² = λ⟨u, Nu⟩$, where $u$ "
            "is scaled so that $⟨u, Nu⟩ = 1$:",
            related(_VALUE, "==", _IMAGE),
            label="eigenvalue",
            given=("Jacobian",),
            under=("linear tying",),
        ),
        prose("and", related(_FORM, "==", 1), label="normalised"),
        combination(
            "$0 ≤ λ ≤ 1$, and $λ = 0$ if and only if $Au = 0$. $J_M(0)$ has the eigenvalues $1 − λ$.",
            related(_VALUE, "<=", 1),
            {"below N": 1, "eigenvalue": -1, "normalised": -1},
            label="range",
        ),
    )


def _cone_steps() -> tuple[Step, ...]:
    t, kept, other, rest = _T, _KEPT(_T), _OTHER(_T), _REST(_T)
    margin = (1 - _FACTOR) / 32
    return (
        citation(
            "Taylor's theorem",
            "$X$ and $−X$ have the same law, so $M$ is odd, and $M(θ) = J_M(0)θ$ up to $R ≤ K‖θ‖³$ near 0. $J_M(0)$ "
            "is the identity on the kernel of $A$ and at most $f$ on its complement:",
            related(kept - rest, "<=", _KEPT(t + 1)),
            label="kept",
            given=("range",),
            under=("near",),
        ),
        prose("and", related(_OTHER(t + 1), "<=", _FACTOR * other + rest), label="other"),
        prose(
            "where $‖θ‖ ≤ a + b$, and $32K‖θ‖² ≤ 1 − f$ on the ball:",
            related(rest, "<=", margin * (kept + other)),
            label="rest",
            under=("near",),
        ),
        prose("also", related(rest, "<=", _CUBIC * (kept + other) ** 3), label="cubic"),
        prose("and, as $a ≤ ‖θ‖$,", related(32 * _CUBIC * kept**2, "<=", 1 - _FACTOR), label="ball"),
        inequality("With a surplus", related(0, "<", Rational(7, 8) * (1 - _FACTOR) * kept), label="surplus"),
        induction(
            "$b − a$ shrinks to its part $g = (1 + 15f)/16$, or more, in a step.",
            related(other - kept, "<=", _SHRINK**t * (_OTHER(0) - _KEPT(0))),
            t,
            _SHRINK,
            {"kept": 1, "other": 1, "rest": 2, "surplus": 1},
            label="difference",
        ),
        assumption("Outside of the cone $b ≤ a$", related(kept, "<=", other), label="outside"),
        combination(
            "$b$ shrinks by that part itself.",
            related(_OTHER(t + 1), "<=", _SHRINK * other),
            {"other": 1, "rest": 1, "outside": margin},
        ),
        assumption("If the start is in the cone,", related(_OTHER(0), "<=", _KEPT(0)), label="cone"),
        combination(
            "all iterates are.", related(other, "<=", kept), {"difference": 1, "cone": _SHRINK**t}, label="stays"
        ),
    )


def _slow_steps() -> tuple[Step, ...]:
    t, kept, following = _T, _KEPT(_T), _KEPT(_T + 1)
    u = sympy.Symbol("u", nonnegative=True)
    share = 8 * _CUBIC * kept**2
    lower = kept * (1 - share)
    return (
        monotone(
            "In the cone",
            related((kept + _OTHER(t)) ** 3, "<=", (2 * kept) ** 3),
            (kept + PLACE) ** 3,
            "stays",
            label="cube",
        ),
        combination(
            "a decreases by at most $8Ka³$.",
            related(lower, "<=", following),
            {"kept": 1, "cubic": 1, "cube": _CUBIC},
            label="decrease",
        ),
        inequality("As $f ≥ 0$", related(0, "<=", _FACTOR), label="sign"),
        combination(
            "$8Ka²$ is at most 1/4,",
            related(share, "<=", Rational(1, 4)),
            {"ball": Rational(1, 4), "sign": Rational(1, 4)},
            label="quarter",
        ),
        inequality("which leaves", related(0, "<", Rational(3, 4) * kept), label="three quarters"),
        combination("something.", related(0, "<", lower), {"three quarters": 1, "quarter": kept}, label="positive"),
        inequality("By a square", related(2 * following * lower - lower**2, "<=", following**2), label="tangent"),
        combination(
            "the squares are in the same order.",
            related(lower**2, "<=", following**2),
            {"tangent": 1, "decrease": 2 * lower},
            within=("positive",),
            label="squares",
        ),
        inequality(
            "$(1 − u)²(1 + 4u) ≥ 1$ for $0 ≤ u ≤ 1/4$.",
            related(1, "<=", (1 - u) ** 2 * (1 + 4 * u)),
            domain={u: Interval(0, Rational(1, 4))},
            label="polynomial",
        ),
        instance(
            "With $u = 8Ka²$",
            related(1, "<=", (1 - share) ** 2 * (1 + 4 * share)),
            "polynomial",
            {u: share},
            within=("quarter",),
            label="growth",
        ),
        combination(
            "$1/a²$ grows by at most $32K$ in a step.",
            related(1 / following**2, "<=", 1 / kept**2 + 32 * _CUBIC),
            {"squares": (1 + 4 * share) / (kept**2 * following**2), "growth": 1 / following**2},
            label="inverse",
        ),
        induction(
            "So it is at most linear in $t$. A bound $‖θ_t‖ ≤ C f^t$ with $f < 1$ is excluded.",
            related(1 / kept**2, "<=", 1 / _KEPT(0) ** 2 + 32 * _CUBIC * t),
            t,
            sympy.S.One,
            {"inverse": 1},
        ),
    )
