"""KL in θ and a common variance: strongly convex on an explicit neighbourhood of the truth."""

import sympy
from sympy import Derivative, Interval, Range, Rational, Subs, oo

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import convexity_radius
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Proposition, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import Inner, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import DIMENSION

STATEMENT = Statement(__name__, "KL in $θ$ and a common variance: strongly convex near the truth")

(_V, _SIGMA, _ETA), _EPSILON = sympy.symbols("v sigma ‖η‖", positive=True), sympy.Symbol("ε", real=True)
_WIDTH, _SECOND, _FORM, _MOVED, _LEAST = sympy.symbols("w KL'' ⟨g|∇²ℓ(η)g⟩ ⟨g|M(η)⟩ λ", real=True)
_DIRECTION, _TURNED, _IMAGE = sympy.symbols("‖h‖² ‖g‖² ‖M(η)‖²", nonnegative=True)
_INNER, _APART = sympy.Symbol("⟨η|h⟩", real=True), sympy.Symbol("‖g−wη‖²", nonnegative=True)
_QUADRATIC = sympy.Symbol("⟨η|B(η)η⟩", real=True)
_KEPT = Rational(7, 8)
"""Of the least curvature in θ, what is left at the end of the ball."""


def _near() -> tuple[sympy.Rel, sympy.Rel, sympy.Rel]:
    """θ and v near 0 and 1."""
    return (
        related(4 * _ETA, "<=", _SIGMA),
        related(1 - _SIGMA**2 / 8, "<=", _V),
        related(_V, "<=", 1 + _SIGMA**2 / 8),
    )


def _whole() -> sympy.Expr:
    return DIMENSION * _WIDTH**2 * (1 / _V - Rational(1, 2)) + (_V - 1) * _TURNED + _FORM + 2 * _WIDTH * _MOVED


def derive_general() -> Derivation:
    """Derive KL'' ≥ (σ²‖h‖²/4 + dw²/10)/v² along (h, w) where 4‖θ‖ ≤ σv and 8|v − 1| ≤ σ²."""
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        statement=Proposition(
            variables=(
                Variable(_V, POSITIVE, "the variance of the fit"),
                Variable(_SIGMA, Interval.Lopen(0, 1), "$σ_{min}(A)$"),
                Variable(_ETA, POSITIVE, "$‖θ‖/v$; at 0 the second derivatives are limits of those near it"),
                Variable(_DIRECTION, nonnegative, "$h$ any vector"),
                Variable(_WIDTH, REAL, "any number"),
                Variable(DIMENSION, Range(1, oo), "the dimension of $X$"),
                Variable(_SECOND, REAL, "the second derivative of KL at $ε = 0$ along $θ + εh$, $v + εw$"),
                Variable(_TURNED, nonnegative, "$g = h − wη$"),
                Variable(_FORM, REAL),
                Variable(_MOVED, REAL),
            ),
            hypotheses=("weights", "orthogonal maps", "normal data", "common variance"),
            conclusions=(
                related(_V**2 * _SECOND, "==", _whole()),
                sympy.Implies(
                    sympy.And(*_near(), evaluate=False),
                    related(_SIGMA**2 * _DIRECTION / 4 + DIMENSION * _WIDTH**2 / 10, "<=", _V**2 * _SECOND),
                    evaluate=False,
                ),
            ),
            note="$η = θ/v$, $ℓ$ and $M$ those of the variance 1. The premises are a convex set about $(0, 1)$, "
            "where the Hessian is $blockdiag(AᵀA, d/2)$",
        ),
        source="not in the paper, whose covariance is known; open question 2",
        scope="every $k$, any weights with invertible $A$, any orthogonal maps, any $d$; the covariance of the fit is "
        "$vI$, and its weights are known",
        steps=(*_second_steps(), *_bound_steps(), *_radius_steps()),
    )


def _names() -> dict[sympy.Basic, sympy.Basic]:
    eta, h, image = Vector("η"), Vector("h"), Vector("M(η)")
    g = h - _WIDTH * eta
    return {
        _ETA: sympy.sqrt(Inner(eta, eta)),
        _DIRECTION: Inner(h, h),
        _INNER: Inner(eta, h),
        _TURNED: Inner(g, g),
        _MOVED: Inner(g, image),
        _IMAGE: Inner(image, image),
        _APART: Inner(h - 2 * _WIDTH * eta, h - 2 * _WIDTH * eta),
    }


def _second_steps() -> tuple[Step, ...]:
    a, b, e, v, w, d = sympy.Symbol("a", real=True), sympy.Symbol("b", real=True), _EPSILON, _V, _WIDTH, DIMENSION
    moved = (v * a + e * b) / (v + e * w)
    common = d * sympy.log(v + e * w) / 2 + d / (2 * (v + e * w))
    bent = _DIRECTION - 2 * w * _INNER + w**2 * _ETA**2
    norm = (v**2 * _ETA**2 + 2 * e * v * _INNER + e**2 * _DIRECTION) / (2 * (v + e * w))
    return (
        equation(
            "A coordinate $a$ of $η$ becomes $(va + εb)/(v + εw)$, $b$ that of $h$, with the slope",
            Subs(Derivative(moved, e), e, 0),
            (b - w * a) / v,
            label="slope",
        ),
        equation(
            "a coordinate of $g/v$, and the second derivative",
            Subs(Derivative(moved, e, e), e, 0),
            -2 * w * (b - w * a) / v**2,
            label="bend",
        ),
        equation(
            "The density of $N(U_jθ, vI)$ is $v^{−d/2}e^{⟨x, U_jη⟩}$ times the same for all $j$, so that KL is "
            "$(d/2)(log v + 1/v − 1) + v‖η‖²/2 − Λ(η)$. Of its parts this has the second derivative",
            v**2 * Subs(Derivative(common, e, e), e, 0),
            d * w**2 * (1 / v - Rational(1, 2)),
            label="common",
            under=("orthogonal maps", "common variance"),
        ),
        equation(
            "and this",
            v**2 * Subs(Derivative(norm, e, e), e, 0),
            v * bent,
            label="norm",
        ),
        meant("with", related(_TURNED, "==", bent), _names(), label="turned"),
        citation(
            "dominated convergence",
            "$Λ$ has the gradient $M$ and the Hessian $I − ∇²ℓ$: its second derivative along the path of $η$ is "
            "$‖g‖² − ⟨g, ∇²ℓ(η)g⟩$ less $2w⟨g, M(η)⟩$, over $v²$.",
            related(
                v**2 * _SECOND,
                "==",
                d * w**2 * (1 / v - Rational(1, 2)) + v * bent - (_TURNED - _FORM - 2 * w * _MOVED),
            ),
            label="second",
            given=("slope", "bend", "common", "norm"),
            under=("weights", "normal data"),
        ),
        combination(
            "Together,",
            related(v**2 * _SECOND, "==", _whole()),
            {"second": 1, "turned": -v},
            label="whole",
        ),
    )


def _bound_steps() -> tuple[Step, ...]:
    sigma, s, w, g = _SIGMA, _ETA, _WIDTH, _TURNED
    stein = made(stein_identity.derive_general)
    near, low, high = _near()
    return (
        assumption("Let $4‖θ‖ ≤ σv$,", near, label="near"),
        monotone("so that", related(16 * s**2, "<=", sigma**2), PLACE**2, "near", label="inside"),
        inequality("and as $σ ≤ 1$,", related(sigma**2 / 16, "<=", sigma**2 / (8 * (1 + sigma**2))), label="ball"),
        combination(
            "$η$ is in the ball",
            related(s**2, "<=", (1 - _KEPT) * sigma**2 / (1 + sigma**2)),
            {"inside": Rational(1, 16), "ball": 1},
            label="in the ball",
        ),
        made(convexity_radius.derive_general).quoted(
            "of statement convexity-radius:",
            1,
            {"r": s, "sigma": sigma, "λ_min(∇²ℓ)": _LEAST, "c": _KEPT},
            ("in the ball",),
            label="least",
        ),
        prose("The form is at least the least eigenvalue.", related(_LEAST * g, "<=", _FORM), label="form"),
        stein.quoted("As $0 ⪯ B ⪯ I$ (statement stein-identity)", 1, {"⟨h|B(sθ)h⟩": _QUADRATIC}, label="B from below"),
        stein.quoted("and", 2, {"⟨h|B(sθ)h⟩": _QUADRATIC, "‖h‖²": s**2}, label="B from above"),
        citation(
            "spectral theorem",
            "$M(η) = (I − B(η))η$ is",
            related(_IMAGE, "<=", s**2),
            label="image",
            given=("B from below", "B from above"),
        ),
        meant("By Cauchy and Schwarz", related(_MOVED**2, "<=", g * _IMAGE), _names(), label="Schwarz"),
        inequality("and", related(0, "<=", (w / 2 + 2 * _MOVED) ** 2), label="square"),
        combination(
            "the mixed term is",
            related(-(sigma**2) * g / 4 - w**2 / 4, "<=", 2 * w * _MOVED),
            {"square": 1, "Schwarz": 4, "image": 4 * g, "inside": g / 4},
            label="mixed",
        ),
        assumption("Let $v$ be near 1, too:", low, label="low"),
        combination(
            "all that has $‖g‖²$ is",
            related(sigma**2 * g / 2 - w**2 / 4, "<=", (_V - 1) * g + _FORM + 2 * w * _MOVED),
            {"low": g, "least": g, "form": 1, "mixed": 1},
            label="across",
        ),
        assumption("and", high, label="high"),
    )


def _radius_steps() -> tuple[Step, ...]:
    sigma, s, w, g, d, v = _SIGMA, _ETA, _WIDTH, _TURNED, DIMENSION, _V
    return (
        inequality("With", related(sigma**2 / 8, "<=", Rational(1, 8)), label="small"),
        combination("$v ≤ 9/8$,", related(v, "<=", Rational(9, 8)), {"high": 1, "small": 1}, label="upper"),
        combination("its inverse is", related(Rational(8, 9), "<=", 1 / v), {"upper": 8 / (9 * v)}, label="inverse"),
        inequality("$d$ is at least 1,", related(1, "<=", d), label="d"),
        combination(
            "so that",
            related(w**2 * (d / 10 + Rational(13, 45)), "<=", d * w**2 * (1 / v - Rational(1, 2))),
            {"inverse": d * w**2, "d": w**2 * Rational(13, 45)},
            label="along v",
        ),
        meant("A square,", related(0, "<=", _APART), _names(), label="apart"),
        meant("of $g − wη$, is", related(_APART, "==", 2 * g + 2 * w**2 * s**2 - _DIRECTION), _names(), label="back"),
        inequality("As also", related(0, "<=", w**2 * (Rational(7, 180) - sigma**4 / 32)), label="rest"),
        combination(
            "in the end",
            related(sigma**2 * _DIRECTION / 4 + d * w**2 / 10, "<=", v**2 * _SECOND),
            {
                "whole": 1,
                "across": 1,
                "along v": 1,
                "apart": sigma**2 / 4,
                "back": -(sigma**2) / 4,
                "inside": sigma**2 * w**2 / 32,
                "rest": 1,
            },
        ),
    )
