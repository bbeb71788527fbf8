"""Uniform weights on a simplex with the covariance fitted too: after one step it is a function of θ, and ‖θ‖ falls."""

import sympy
from sympy import Derivative, Interval, Range, Subs, oo

from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Inner, Mean, Vertex
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import COUNT, DIMENSION, component, family, total

STATEMENT = Statement(__name__, "EM for $θ$ and a covariance, uniform weights on a simplex: a descent")

_R, _V, _S = sympy.symbols("r v s", positive=True)
_DIMENSION, _IMAGE = sympy.symbols("D m", positive=True)
_VARIANCE, _SLOPE = sympy.symbols("v' KL'", real=True)
_SQUARE, _PROJECTED, _MEAN_SQUARE = sympy.symbols("‖X‖² ‖PX‖² ‖G‖²", nonnegative=True)
_SHIFT, _INNER = sympy.symbols("epsilon y", real=True)
_J, _N = component("j"), component("n")
_G, _Y, _A = family("g", positive=True), family("y"), family("a")

_ON_CURVE = 1 - _R**2 / _DIMENSION
"""The variance v where ‖θ‖ = r, after the first step."""

_SHARED = _R / _ON_CURVE
"""θ/v for θ = r and v = 1 − r²/D."""

_INSIDE = related(_R**2, "<", _DIMENSION)


def derive_general() -> Derivation:
    slope = (_R - _IMAGE) * (1 + _R**2 / _DIMENSION) / _ON_CURVE**2
    return STATEMENT.derivation(
        variables=(
            Variable(COUNT, Range(2, oo), "the number of components"),
            Variable(_DIMENSION, Interval(1, oo), "$d$ if the covariance is $vI$, and $k − 1$ if it is full"),
            Variable(_VARIANCE, REAL, "the variance after any step of EM, on the span of the means if it is full"),
            Variable(_IMAGE, POSITIVE, "$‖θ‖$ after that step"),
            Variable(_R, POSITIVE, "$‖θ‖$ before it, where that is not the first step"),
            Variable(_SLOPE, REAL, "the slope of KL along $v = 1 − r²/D$ at $r$"),
        ),
        hypotheses=("uniform weights", "simplex", "normal data", "unknown covariance"),
        exist_under=dict.fromkeys((_VARIANCE, _IMAGE, _SLOPE), ("uniform weights", "simplex", "unknown covariance")),
        conclusions=(
            related(_VARIANCE, "==", 1 - _IMAGE**2 / _DIMENSION),
            related(_IMAGE**2, "<", COUNT - 1),
            related(0, "<", _VARIANCE),
            provided(related(_IMAGE, "<", _R), _INSIDE),
            provided(related(_SLOPE, "==", slope), _INSIDE),
        ),
        note="a full covariance is $I$ on the complement of the span after a step; as $v' > 0$, $r² < D$ after one",
        source="not in the paper, whose covariance is known; open question 2, where $A$ is singular",
        scope="every $k ≥ 2$, weights $1/k$, any $d ≥ k − 1$, starts on the simplex",
        steps=(*_curve_steps(), *_descent_steps(), *_divergence_steps()),
    )


def _mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over X, of which g_j/∑g are the posteriors, y_j = ⟨X, v_j⟩, and G is the posterior mean of the v_j."""
    return Mean(value, (_G, _Y, _SQUARE, _PROJECTED, _MEAN_SQUARE))


def _posterior_mean(value: sympy.Expr) -> sympy.Expr:
    return total(value * _G[_J], _J) / total(_G[_N], _N)


def _curve_steps() -> tuple[Step, ...]:
    m = _IMAGE
    return (
        prose(
            "From $θ = rv_0$ and a covariance that is $vI$ on the span of the $v_j$ the exponents differ by $s⟨X, "
            "v_i − v_j⟩$, $s = r/v$. By symmetry $E γ_jX/E γ_j = mv_j$. Each of these means makes $E γ_j(X − μ)(X − "
            "μ)ᵀ$ smallest, so the M-step takes them and the covariance $E ∑γ_j(X − mv_j)(X − mv_j)ᵀ$, or the "
            "multiple of $I$ with its trace. It is $I$ on the complement, where $X$ is independent of the $γ_j$, "
            "and $v'I$ on the span. With $γ_j = g_j/∑g$ and $‖X‖²$ of the $D$ coordinates concerned",
            related(_DIMENSION * _VARIANCE, "==", _mean(_posterior_mean(_SQUARE - 2 * m * _Y[_J] + m**2))),
            label="M-step",
        ),
        meant(
            "With",
            related(_mean(_SQUARE), "==", _DIMENSION),
            {_SQUARE: Inner(DATA, DATA), _DIMENSION: DIMENSION},
            label="norm",
            under=("normal data",),
        ),
        meant("and", _mean(_posterior_mean(_Y[_J])), "==", m, {m: _mean(_posterior_mean(_Y[_J]))}, label="image"),
        combination(
            "the variance is a function of the new mean, whatever mean and variance were.",
            related(_VARIANCE, "==", 1 - m**2 / _DIMENSION),
            {"M-step": 1 / _DIMENSION, "norm": 1 / _DIMENSION, "image": -2 * m / _DIMENSION},
            label="curve",
        ),
    )


def _descent_steps() -> tuple[Step, ...]:
    m, square, span = _IMAGE, _mean(_MEAN_SQUARE), COUNT - 1
    moved = sympy.exp(_SHIFT * _S * _A[_J]) * _G[_J]
    mass = total(sympy.exp(_SHIFT * _S * _A[_N]) * _G[_N], _N)
    growth = 1 / (1 + m * _R / _DIMENSION)
    return (
        assumption("After the first step", _INSIDE, label="inside"),
        combination("$v = 1 − r²/D$ is positive.", 0, "<", _ON_CURVE, {"inside": 1 / _DIMENSION}, label="positive"),
        definition("So the variance has a name,", _V, _ON_CURVE, within=("positive",)),
        definition("and $s$ is positive.", _S, _R / _V),
        equation(
            "$G = ∑γ_jv_j$ has the coordinates $∑γa$, $a_j$ those of $v_j$. Where that of $X$ grows, the slope is",
            Subs(Derivative(total(moved * _A[_J], _J) / mass, _SHIFT), _SHIFT, 0),
            _S * (_posterior_mean(_A[_J] ** 2) - _posterior_mean(_A[_J]) ** 2),
            label="posterior",
        ),
        citation(
            "Stein's lemma",
            "$m = E⟨X, G⟩$ is the mean of the divergence of $G$, the sum of these over the coordinates. As $‖v_j‖ = "
            "1$,",
            related(m, "==", _S * (1 - square)),
            label="Stein",
            given=("posterior",),
            under=("normal data",),
        ),
        meant(
            "For $P$ the projection to the span $‖PX‖²$ is $∑_j⟨X, v_j⟩²$ times $(k − 1)/k$:",
            related(_mean(_PROJECTED), "==", span),
            {_PROJECTED: span / COUNT * total(Inner(DATA, Vertex(_N)) ** 2, _N)},
            label="projected",
            under=("normal data",),
        ),
        prose(
            "$G$, which is bounded, is no multiple of $PX$, so that the mean of $‖(k−1)G − mPX‖²$ is positive.",
            related(0, "<", _mean(span**2 * _MEAN_SQUARE - 2 * m * span * _posterior_mean(_Y[_J]) + m**2 * _PROJECTED)),
            label="not linear",
        ),
        combination(
            "Multiplied out,",
            related(m**2 / span, "<", square),
            {"not linear": 1 / span**2, "image": 2 * m / span, "projected": -(m**2) / span**2},
            label="Cauchy",
        ),
        prose("There are at least $k − 1$ coordinates, whichever they are.", span, "<=", _DIMENSION, label="room"),
        combination(
            "also", m**2 / _DIMENSION, "<", square, {"Cauchy": 1, "room": m**2 / (span * _DIMENSION)}, label="spread"
        ),
        combination(
            "With $E‖G‖² = 1 − m/s$ this is $(r − m)(1 + mr/D) > 0$: $‖θ‖$ decreases at every step.",
            related(m, "<", _R),
            {"spread": _R * growth, "Stein": -_ON_CURVE * growth},
        ),
        prose("$G$ is a convex combination of unit vectors.", related(square, "<=", 1), label="unit"),
        combination("so that", related(m**2, "<", span), {"Cauchy": span, "unit": span}, label="bound"),
        combination(
            "and $v'$ is positive.", 0, "<", _VARIANCE, {"bound": 1 / _DIMENSION, "room": 1 / _DIMENSION, "curve": 1}
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    general = (_SQUARE - 2 * _R * _Y[_J] + _R**2) / (2 * _ON_CURVE) - _SQUARE / 2 + _S * _Y[_J]
    half = _DIMENSION / 2
    averaged = half * sympy.log(_ON_CURVE) + _R**2 / _ON_CURVE
    return (
        combination(
            "The density of a component over that of $N(0, I)$, $y_j = ⟨X, v_j⟩$, is in the $D$ coordinates $e^{sy_j}$ "
            "times what is common to all, of which the logarithm, with the sign changed, has on the curve $v = 1 − "
            "r²/D$ the mean",
            related(half * sympy.log(_ON_CURVE) + _mean(general), "==", averaged),
            {"norm": 1 / (2 * _ON_CURVE) - sympy.S.Half},
            label="mean logarithm",
        ),
        citation(
            "dominated convergence",
            "KL is this less $E log ∑_j e^{sy_j}/k$, which has the derivative $E ∑γ_jy_j = m$ in $s$:",
            related(_SLOPE, "==", Derivative(averaged, _R) - _IMAGE * Derivative(_SHARED, _R)),
            label="chain",
            given=("mean logarithm",),
        ),
        combination(
            "so its slope along the curve has the sign of $r − m$.",
            related(_SLOPE, "==", (_R - _IMAGE) * (1 + _R**2 / _DIMENSION) / _ON_CURVE**2),
            {"chain": 1},
        ),
    )
