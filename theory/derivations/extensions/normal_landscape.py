"""Any normal mixture fitted to one normal law: no stationary point but the truth, and EM for θ and a covariance."""

import sympy
from sympy import Derivative, Function, Interval, Limit, Subs, exp, log, oo

from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Inner, Mean, Most, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation, condition, definition
from emtheory.theory.sums import component, family, over_coordinates, total

STATEMENT = Statement(__name__, "normal data, any normal mixture: the truth is the only stationary point")

_SLOPE, _POWER, _DIVERGENCE = sympy.symbols("F P KL", real=True)
_DISTANCE = sympy.Symbol("δ", nonnegative=True)
_X, _MEAN, _U = sympy.symbols("x m u", real=True)
_S, _Z, _WIDTH, _RATIO = sympy.symbols("s z c ν", positive=True)
_I, _J = component("i"), component("j")
_VALUE, _PI, _APART = sympy.Symbol("lambda", positive=True), family("pi", positive=True), family("z")
_NEAREST, _ALONG = sympy.symbols("q y", real=True)
_OBSERVED, _SCORE, _SECOND = family("x"), family("g"), family("h")
_T, _ITERATE = sympy.Symbol("t", integer=True, nonnegative=True), Function("δ", nonnegative=True)
_MARGIN = 4 * _DIVERGENCE + 2 + 2 * log(2 / _WIDTH)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_SLOPE, REAL, "the slope of KL at $u = 0$ along $(1 + u)μ_j$, $S_j + 2u(S_j − I)$"),
            Variable(_DISTANCE, Interval(0, oo), "$∑_j (‖μ_j‖ + ‖S_j − I‖)$"),
            Variable(
                _WIDTH,
                POSITIVE,
                "a number below $E min_j (Z − m_j)²$, $Z ~ N(0, 1)$, for any $k$ numbers $m_j$; $q$ is such",
            ),
            Variable(_DIVERGENCE, REAL, "KL of the fit; $q = min_j ⟨e, X − μ_j⟩²$, $e$ the eigenvector of $λ$"),
            Variable(_VALUE, POSITIVE, "any eigenvalue of $Σ$"),
        ),
        hypotheses=("weights", "normal mixture", "normal data", "fitted covariance"),
        exist_under={
            **dict.fromkeys((_SLOPE, _DISTANCE, _DIVERGENCE), ("weights", "normal mixture")),
            **dict.fromkeys((_VALUE, _ITERATE), ("weights", "fitted covariance")),
        },
        conclusions=(
            related(_SLOPE, "==", _POWER),
            provided(related(0, "<", _SLOPE), related(0, "<", _DISTANCE)),
            related(_WIDTH / _VALUE, "<", _MARGIN),
            related(Limit(_ITERATE(_T), _T, oo), "==", 0),
        ),
        note="$P = E‖∇ log(p/φ)(X)‖²$, $p$ the density of the fit and $φ$ that of $X$: the direction is that in "
        "which the Ornstein–Uhlenbeck semigroup is undone, which takes every fit to $φ$. $δ(t)$ is $δ$ after $t$ "
        "steps from any start",
        source="not in the paper, whose covariance and weights are known; open questions 1 and 2",
        scope="every $k$, all positive weights, known or fitted, any $d$; means and covariances of which the direction "
        "is one of the model: free, or $L_jθ$ with any matrices; known to be $I$, common or one for each component, in "
        "full, diagonal or $vI$",
        steps=(*_flow_steps(), *_landscape_steps(), *_covariance_steps()),
    )


def _mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over x, of which the gradient g of log(p/φ) and h, second derivatives of p/φ over p/φ, are functions."""
    return Mean(value, (_OBSERVED, _SCORE, _SECOND))


def _flow_steps() -> tuple[Step, ...]:
    first = _X - (_X - _MEAN) / _S
    variance = _S + 2 * _U * (_S - 1)
    moved = -log(variance) / 2 - (_X - (1 + _U) * _MEAN) ** 2 / (2 * variance)
    pull = _OBSERVED[_I] * _SCORE[_I]
    quotient = (_SCORE[_I] + _U * _SECOND[_I]) / (1 + _U * _SCORE[_I])
    return (
        equation(
            "In one coordinate along an eigenvector of $S_j$ let $l$ be the logarithm of $N(m, s)$ over $N(0, 1)$: $l' "
            "= x − (x − m)/s$. At $u = 0$ its slope in $u$ is $−(l'' + l'² − xl')$,",
            Subs(Derivative(moved, _U), _U, 0),
            -(1 - 1 / _S + first**2 - _X * first),
            label="component",
        ),
        citation(
            "dominated convergence",
            "$−(f'' − xf')/f$ for $f = e^l$. So $f_j = e^{∑l}$ has in $R^d$ the slope $−(Δf_j − ⟨x, ∇f_j⟩)$, whatever "
            "the basis, and so has $f = ∑_j π_jf_j = p/φ$. With $g = ∇f/f$ and $h_i = ∂_i²f/f$, $KL = −E log f$ has",
            related(_SLOPE, "==", _mean(over_coordinates(_SECOND[_I] - pull, _I))),
            label="slope",
            given=("component",),
            under=("normal data",),
        ),
        citation(
            "Stein's lemma",
            "From $x$ to $x + ue_i$ $f$ is multiplied by $1 + ug_i$ and $∂_if$ is $f·(g_i + uh_i)$, to first order, "
            "and $g$ is at most linear. So $E x_ig_i$ is the mean of the slope of $g_i$:",
            related(
                _mean(over_coordinates(pull, _I)),
                "==",
                _mean(over_coordinates(Subs(Derivative(quotient, _U), _U, 0), _I)),
            ),
            label="Stein",
            under=("normal data",),
        ),
        definition("With", _POWER, _mean(over_coordinates(_SCORE[_I] ** 2, _I))),
        combination("what is left are the squares.", _SLOPE, "==", _POWER, {"slope": 1, "Stein": -1}, label="squares"),
    )


def _landscape_steps() -> tuple[Step, ...]:
    return (
        assumption("If some component is not $N(0, I)$", related(0, "<", _DISTANCE), label="other"),
        citation(
            "identifiability of normal mixtures",
            "$p$ is not $φ$, so that $f$ is not constant and $g$ not 0 on an open set: there is a number $ν > 0$ with",
            related(_RATIO * _DISTANCE, "<=", _POWER),
            label="not constant",
        ),
        combination(
            "KL rises: a stationary point is one of the truth.",
            related(0, "<", _SLOPE),
            {"not constant": 1, "squares": 1, "other": _RATIO},
        ),
    )


def _density(value: sympy.Expr) -> sympy.Expr:
    """Mean over X, of which its coordinate y along e, those of the x − μ_j, and q are functions."""
    return Mean(value, (_APART, _NEAREST, _ALONG))


def _density_steps() -> tuple[Step, ...]:
    apart, bound = _APART[_J] ** 2, exp(-_NEAREST / (2 * _VALUE))
    shares = total(_PI[_J] * exp(-apart / (2 * _VALUE)), _J)
    return (
        meant(
            "Along $e$ let $z_j$ be the coordinates of $x − μ_j$, and $q$ the least of their squares:",
            related(_NEAREST, "<=", apart),
            {_NEAREST: -Most(-(_APART[_J] ** 2), _J)},
            label="nearest",
        ),
        monotone(
            "the density $p$ of the fit along $e$ is $(2πλ)^{−½}$ times",
            related(shares, "<=", total(_PI[_J] * bound, _J)),
            total(_PI[_J] * exp(-PLACE / (2 * _VALUE)), _J),
            "nearest",
            label="mixture",
        ),
        meant("at most, weights of sum 1", related(total(_PI[_J], _J), "==", 1), {}, label="mass", under=("weights",)),
        combination("making", related(shares, "<=", bound), {"mixture": 1, "mass": -bound}, label="density"),
        monotone(
            "Its logarithm", log(shares), "<=", -_NEAREST / (2 * _VALUE), log(PLACE), "density", label="log density"
        ),
        monotone(
            "has a mean of at most",
            related(_density(log(shares)), "<=", _density(-_NEAREST / (2 * _VALUE))),
            _density(PLACE),
            "log density",
            label="mean logarithm",
        ),
        condition("and $c$ is below", related(_WIDTH, "<=", _density(_NEAREST)), label="width"),
        meant(
            "The coordinate $y$ of $X$ has the variance",
            related(_density(_ALONG**2), "==", 1),
            {_ALONG: Inner(DATA, Unit("e"))},
            label="norm",
            under=("normal data",),
        ),
        citation(
            "data-processing inequality",
            "KL is at least that of the laws along $e$, the mean of $log(φ/p)$:",
            related(_density(-(_ALONG**2) / 2 + log(_VALUE) / 2 - log(shares)), "<=", _DIVERGENCE),
            label="along e",
        ),
        combination(
            "It is bounded from below:",
            related(log(_VALUE) + _WIDTH / _VALUE - 1, "<=", 2 * _DIVERGENCE),
            {"along e": 2, "mean logarithm": 2, "width": 1 / _VALUE, "norm": -1},
            label="quantisation",
        ),
    )


def _covariance_steps() -> tuple[Step, ...]:
    z = _Z
    share = _WIDTH / (2 * _VALUE)
    return (
        *_density_steps(),
        inequality("As", related(z, "<", 1 + z), label="larger"),
        monotone("and so", related(log(z), "<", log(1 + z)), log(PLACE), "larger", label="logarithms"),
        inequality("at most $z$,", related(log(1 + z), "<", z), label="logarithm"),
        combination("which is", related(log(z), "<", z), {"logarithms": 1, "logarithm": 1}, label="linear"),
        instance("for $z = c/(2λ)$", related(log(share), "<", share), "linear", {z: share}, label="share"),
        combination(
            "no eigenvalue of $Σ$ comes near 0.",
            related(_WIDTH / _VALUE, "<", _MARGIN),
            {"quantisation": 2, "share": 2},
            label="least",
        ),
        citation(
            "global convergence theorem",
            "The M-step minimises $log|Σ|$ over $θ'$, $Σ$ being $E ∑_j γ_j(X − L_jθ')(X − L_jθ')ᵀ$, its diagonal or "
            "its trace times $I/d$, which is $I$ at $θ' = 0$: $|Σ'| ≤ 1$, and no eigenvalue is large. With $θ$ all "
            "means tend to infinity, and KL. So all pairs but the first are in a compact set, on which the "
            "maximisers of $Q$ are a closed relation and lower KL, which no step raises "
            "(statement general-em), unless the point is stationary: $P = 0$ at the "
            "truth only.",
            related(Limit(_ITERATE(_T), _T, oo), "==", 0),
            given=("least",),
        ),
    )
