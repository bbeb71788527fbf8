"""Means μ_j = L_jθ with any matrices L_j: the Jacobian of EM at the origin, and what follows where it has 1."""

import sympy
from sympy import Derivative, Interval, Rational, Subs, oo, sqrt

from emtheory.theory.mixture import generic_posterior
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation, condition
from emtheory.theory.sums import component, family, normalised, total

STATEMENT = Statement(__name__, "means tied by any linear maps: the Jacobian at the origin")

_EPSILON = sympy.Symbol("epsilon", real=True)
_I, _J, _N = (component(name) for name in "ijn")
_PI, _A, _B, _C = family("pi", positive=True), family("a"), family("b"), family("c")
_SQUARE, _INNER = family("m"), family("s")
_VALUE, _IMAGE = sympy.symbols("lambda ‖Au‖²", nonnegative=True)
_FORM = sympy.Symbol("⟨u|Nu⟩", positive=True)
_T = sympy.Symbol("t", integer=True, nonnegative=True)
_KEPT, _OTHER = sympy.Function("a", positive=True), sympy.Function("b", nonnegative=True)
_REST = sympy.Function("R", nonnegative=True)
_CUBIC, _FACTOR = sympy.Symbol("K", positive=True), sympy.Symbol("f", nonnegative=True)
_SHRINK = (1 + 15 * _FACTOR) / 16
"""By which b − a shrinks in a step, between f and 1."""

_BALL = related(32 * _CUBIC * (_KEPT(_T) ** 2 + _OTHER(_T) ** 2), "<=", 1 - _FACTOR)
"""Say how large the ball about 0 is in which all iterates stay."""


_METRIC = total(normalised(_PI, _J) * _INNER[_J], _J)
_FORM_OF_STEP = total(normalised(_PI, _J) * _C[_J, _J], _J) - total(
    normalised(_PI, _I) * normalised(_PI, _J) * _C[_I, _J], _I, _J
)
_SLOW = related(1 / _KEPT(_T) ** 2, "<=", 1 / _KEPT(0) ** 2 + 32 * _CUBIC * _T)
_SLOPE = normalised(_PI, _J) * (_B[_J] - total(normalised(_PI, _N) * _B[_N], _N))


def derive_general() -> Derivation:
    return STATEMENT.derivation(
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
            Variable(_IMAGE, Interval(0, oo), "$‖Au‖²$ for its vector $u$"),
            Variable(_FORM, POSITIVE),
            Variable(_CUBIC, POSITIVE, "a constant with $‖M(θ) − J_M(0)θ‖ ≤ K‖θ‖³$ near 0"),
            Variable(_FACTOR, Interval.Ropen(0, 1), "the largest eigenvalue of $J_M(0)$ below 1, or 0"),
            Variable(_T, sympy.Range(0, oo), "the number of steps"),
        ),
        hypotheses=("weights", "linear tying", "normal data"),
        exist_under=dict.fromkeys((_KEPT, _OTHER), ("weights", "linear tying", "normal data"))
        | {_INNER: ("linear tying",), _VALUE: ("linear tying", "normal data")},
        conclusions=(
            related(_METRIC, "==", _FORM_OF_STEP),
            related(_VALUE * _FORM, "==", _IMAGE),
            related(_VALUE, "<=", 1),
            related(_OTHER(_T) - _KEPT(_T), "<=", _SHRINK**_T * (_OTHER(0) - _KEPT(0))),
            provided(related(_OTHER(_T + 1), "<=", _SHRINK * _OTHER(_T)), related(_KEPT(_T), "<=", _OTHER(_T))),
            provided(_SLOW, related(_OTHER(0), "<=", _KEPT(0))),
        ),
        note="$A = ∑_j π_jL_j$: $J_M(0) = I − N^{−1}AᵀA$, with eigenvalues $1 − λ$ in [0, 1], so the origin "
        "attracts geometrically if $A$ is injective; norms are those of $⟨θ, Nθ⟩$. If $A$ is not, $a(t) > 0$ is "
        "the norm of the part of $θ_t$ in its kernel and $b(t)$ that of the rest. If once $b(t) ≤ a(t)$, $a(t)$ "
        "decays no faster than $t^{−1/2}$ from there on, and if never, both "
        "decay geometrically",
        source="not in the paper, whose means are rotations of one vector; open question 1",
        scope="every $k$, all weights, any $d$ and $p$, any $d × p$ matrices $L_j$ with $∑_j π_jL_jᵀL_j$ invertible",
        steps=(*_maximisation_steps(), *_eigenvalue_steps(), *_cone_steps(), *_slow_steps()),
    )


def _maximisation_steps() -> tuple[Step, ...]:
    moved = generic_posterior(_PI, lambda j: _EPSILON * _B[j], _J)
    normal = total(moved * (_EPSILON * _INNER[_J] - _A[_J]), _J)
    image, random = total(_SLOPE * _A[_J], _J), (_A, _B)
    return (
        citation(
            "dominated convergence",
            "The M-step minimises $½E ∑γ_j‖X − L_jθ'‖²$. Along $e$, $‖X − L_j(θ' + ue)‖²$ changes by a quadratic "
            "term and $2u(g_j − a_j)$, $a_j = ⟨X, L_je⟩$ and $g_j = ⟨L_jθ', L_je⟩$: $E ∑γ_j(g_j − a_j) = 0$. At $εh$ "
            "the exponents are $εb_j$, $b_j = ⟨X, L_jh⟩$, up to the second order. At 0 the posterior is $π$, $a_j$ has "
            "mean 0 and $θ' = 0$. To first order $θ' = εv$ and $g_j = εs_j$: the slope of that mean at $ε = 0$ is",
            related(0, "==", Mean(Subs(Derivative(normal, _EPSILON), _EPSILON, 0), random)),
            label="stationary",
            under=("normal data",),
        ),
        meant(
            "$E a_ib_j = ⟨L_ie, L_jh⟩ = c_{ij}$.",
            related(Mean(image, random), "==", _FORM_OF_STEP),
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
            related(_METRIC, "==", _FORM_OF_STEP),
            {"stationary": -1, "moments": 1},
            label="Jacobian",
        ),
    )


def _eigenvalue_steps() -> tuple[Step, ...]:
    spread, image = family("q", nonnegative=True), total(_PI[_I] * Image(_I, Vector("u")), _I)
    apart = Image(_J, Vector("u")) - image
    names = {
        spread[_J]: Inner(apart, apart),
        _IMAGE: Inner(image, image),
        _FORM: total(_PI[_J] * Inner(Image(_J, Vector("u")), Image(_J, Vector("u"))), _J),
    }
    return (
        inequality("Squares have averages", related(0, "<=", total(_PI[_J] * spread[_J], _J)), label="spread"),
        meant(
            "that are not negative: with $q_j = ‖L_ju − Au‖²$",
            related(total(_PI[_J] * spread[_J], _J), "==", _FORM - _IMAGE),
            names,
            label="below N",
            under=("weights",),
        ),
        citation(
            "spectral theorem",
            "$N^{−1}AᵀA$ is symmetric for the inner product of $N$: $AᵀAu = λNu$,",
            related(_VALUE * _FORM, "==", _IMAGE),
            label="eigenvalue",
        ),
        combination(
            "$0 ≤ λ ≤ 1$, and $λ = 0$ if and only if $Au = 0$. $J_M(0)$ has the eigenvalues $1 − λ$.",
            related(_VALUE, "<=", 1),
            {"spread": 1 / _FORM, "below N": -1 / _FORM, "eigenvalue": -1 / _FORM},
            label="range",
        ),
    )


def _cone_steps() -> tuple[Step, ...]:
    t, kept, other, rest = _T, _KEPT(_T), _OTHER(_T), _REST(_T)
    margin, norm = (1 - _FACTOR) / 32, sqrt(kept**2 + other**2)
    return (
        citation(
            "Taylor's theorem",
            "$X$ and $−X$ have the same law, so $M$ is odd, and $M(θ) = J_M(0)θ$ up to $R ≤ K‖θ‖³$ near 0. $J_M(0)$ "
            "is the identity on the kernel of $A$ and at most $f$ on its complement:",
            related(kept - rest, "<=", _KEPT(t + 1)),
            label="kept",
        ),
        citation("Taylor's theorem", "and", related(_OTHER(t + 1), "<=", _FACTOR * other + rest), label="other"),
        citation("Taylor's theorem", "where", related(rest, "<=", _CUBIC * norm**3), label="third order"),
        condition("On the ball", _BALL, over=(t,), label="ball"),
        inequality("As", related(kept**2 + other**2, "<=", (kept + other) ** 2), label="squares of both"),
        monotone("the norm is at most", norm, "<=", kept + other, sqrt(PLACE), "squares of both", label="norm"),
        combination(
            "so that",
            related(rest, "<=", margin * (kept + other)),
            {"third order": 1, "ball": norm / 32, "norm": margin},
            label="rest",
        ),
        monotone("Also", related(norm**3, "<=", (kept + other) ** 3), PLACE**3, "norm", label="cube of the norm"),
        combination(
            "and so",
            related(rest, "<=", _CUBIC * (kept + other) ** 3),
            {"third order": 1, "cube of the norm": _CUBIC},
            label="cubic",
        ),
        inequality("With a surplus", related(0, "<", Rational(7, 8) * (1 - _FACTOR) * kept), label="surplus"),
        induction(
            "$b − a$ shrinks to its part $g = (1 + 15f)/16$, or more, in a step.",
            related(other - kept, "<=", _SHRINK**t * (_OTHER(0) - _KEPT(0))),
            t,
            _SHRINK,
            {"kept": 1, "other": 1, "rest": 2, "surplus": 1},
            label="difference",
        ),
        assumption("Outside the cone $b ≤ a$", related(kept, "<=", other), label="outside"),
        combination(
            "$b$ shrinks by that part itself.",
            related(_OTHER(t + 1), "<=", _SHRINK * other),
            {"other": 1, "rest": 1, "outside": margin},
        ),
        assumption("If the start is in the cone,", related(_OTHER(0), "<=", _KEPT(0)), label="cone"),
        combination("all iterates are.", other, "<=", kept, {"difference": 1, "cone": _SHRINK**t}, label="stays"),
    )


def _slow_steps() -> tuple[Step, ...]:
    t, kept, following = _T, _KEPT(_T), _KEPT(_T + 1)
    u = sympy.Symbol("u", nonnegative=True)
    share = 8 * _CUBIC * kept**2
    lower = kept * (1 - share)
    return (
        monotone(
            "In the cone", (kept + _OTHER(t)) ** 3, "<=", (2 * kept) ** 3, (kept + PLACE) ** 3, "stays", label="cube"
        ),
        combination(
            "$a$ decreases by at most $8Ka³$.",
            related(lower, "<=", following),
            {"kept": 1, "cubic": 1, "cube": _CUBIC},
            label="decrease",
        ),
        inequality("As $f ≥ 0$", related(0, "<=", _FACTOR), label="sign"),
        inequality("and squares are not negative,", related(0, "<=", _OTHER(t) ** 2), label="square"),
        combination(
            "$8Ka²$ is at most 1/4,",
            related(share, "<=", Rational(1, 4)),
            {"ball": Rational(1, 4), "sign": Rational(1, 4), "square": 8 * _CUBIC},
            label="quarter",
        ),
        inequality("which leaves", related(0, "<", Rational(3, 4) * kept), label="three quarters"),
        combination("something.", related(0, "<", lower), {"three quarters": 1, "quarter": kept}, label="positive"),
        inequality(
            "As a square is not negative,", 2 * following * lower - lower**2, "<=", following**2, label="tangent"
        ),
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
