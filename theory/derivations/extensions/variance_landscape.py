"""A common variance fitted along with θ, any weights and orthogonal maps: the truth is the limit from every start."""

import sympy
from sympy import Derivative, Interval, Limit, Range, Subs, oo

from emtheory.theory.mixture import generic_partition, generic_posterior
from emtheory.theory.proof.common import isometric
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Unit, Vector
from emtheory.theory.proof.step import Step, combination, equation, instance, limit, meant
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "a common variance fitted, too: EM converges to the truth from every start")

_RADIUS, _VARIANCE, _FACTOR = sympy.symbols("r v lambda", positive=True)
_DIMENSION = sympy.Symbol("d", integer=True, positive=True)
_PRODUCT, _POWER, _NEXT = sympy.symbols("Q P v'", real=True)
_LENGTH, _SQUARE = sympy.symbols("‖θ'‖² ‖X‖²", nonnegative=True)
_T, _ITERATE = sympy.Symbol("t", integer=True, nonnegative=True), sympy.Function("R", nonnegative=True)
_VARIANCES = sympy.Function("V", positive=True)
_X, _W, _MOVED = sympy.symbols("x w h", real=True)
_I, _J = component("i"), component("j")
_P, _Y, _C = family("p", positive=True), family("y"), family("c")
_OBSERVED = family("b")


def _names() -> dict[sympy.Basic, sympy.Basic]:
    theta = Vector("θ")
    return {
        _C[_I, _J]: Inner(Image(_I, theta), Image(_J, theta)),
        _RADIUS: sympy.sqrt(Inner(theta, theta)),
        _SQUARE: Inner(DATA, DATA),
        _X: Inner(DATA, Unit("e")),
    }


def _on_curve() -> sympy.Rel:
    return related(_VARIANCE, "==", 1 - _RADIUS**2 / _DIMENSION)


def derive_general() -> Derivation:
    """Derive ⟨θ, θ'⟩ < ‖θ‖² on v = 1 − ‖θ‖²/d, where every step ends, and that (0, 1) is the limit from all starts."""
    return STATEMENT.derivation(
        variables=(
            Variable(_RADIUS, POSITIVE, "$‖θ‖$"),
            Variable(_VARIANCE, POSITIVE, "the variance of the fit"),
            Variable(_DIMENSION, Range(1, oo), "the dimension of $X$"),
            Variable(_PRODUCT, REAL, "$⟨θ, θ'⟩$ for the step from $(θ, v)$ to $(θ', v')$"),
            Variable(_LENGTH, Interval(0, oo)),
            Variable(_NEXT, REAL),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "common variance"),
        exist_under=dict.fromkeys((_PRODUCT, _NEXT, _ITERATE, _VARIANCES), ("weights", "common variance")),
        conclusions=(
            related(_VARIANCE * _PRODUCT, "==", _RADIUS**2 - _POWER),
            related(_NEXT, "==", 1 - _LENGTH / _DIMENSION),
            related(_PRODUCT * (2 * _RADIUS**2 + _DIMENSION * _VARIANCE), "<", _RADIUS**2 * (_DIMENSION + _RADIUS**2)),
            sympy.Implies(_on_curve(), related(_PRODUCT, "<", _RADIUS**2), evaluate=False),
            related(Limit(_ITERATE(_T), _T, oo), "==", 0),
            related(Limit(_VARIANCES(_T), _T, oo), "==", 1),
        ),
        note="for $θ ≠ 0$; $P = E‖Gθ‖²$ with $G = ∑_j γ_jU_j$, the posteriors at $(θ, v)$. Each step ends on the "
        "curve $v = 1 − ‖θ‖²/d$, on which the next turns inwards: $(0, 1)$ is the only fixed point. $R(t) = "
        "‖θ_t‖$ and $V(t) = v_t$ are those of EM from any start",
        source="not in the paper, whose covariance is known; open question 2",
        scope="every $k$, any weights, degenerate ones too, any orthogonal maps, any $d$, every start $(θ_0, v_0)$ "
        "with $v_0 > 0$; the covariance of the fit is $vI$, and its weights are known",
        steps=(*_identity_steps(), *_variance_steps(), *_spread_steps(), *_limit_steps()),
    )


def _gamma(index: sympy.Symbol, moved: sympy.Expr = sympy.S.Zero) -> sympy.Expr:
    """γ_index at the observation X + `moved` U_jθ."""
    return generic_posterior(_P, lambda n: moved * _C[_J, n] / _VARIANCE, index)


def _mean(value: sympy.Expr) -> sympy.Expr:
    return Mean(value, (_P, _Y, _OBSERVED, _SQUARE))


def _identity_steps() -> tuple[Step, ...]:
    u, observed = sympy.Symbol("u", real=True), total(_gamma(_J) * _Y[_J], _J)
    along = Subs(Derivative(_gamma(_J, _MOVED), _MOVED), _MOVED, 0)
    spread = total(_gamma(_I) * _C[_J, _I], _I)
    partition = generic_partition(_P, lambda n: u * _Y[n] / _VARIANCE, _J)
    return (
        meant(
            "All means have the norm $r$:",
            related(_C[_J, _J], "==", _RADIUS**2),
            _names(),
            label="norm",
            under=("orthogonal maps",),
        ),
        equation(
            "With $y_j = ⟨X, U_jθ⟩$ and $p_j = π_je^{y_j/v}$ the posteriors are $p_j/∑p$, as exponents of equal norms "
            "cancel. $∑_j γ_jy_j$ is $v$ times the slope of the logarithm of $∑p$ along $(1 + u)θ$ at $u = 0$.",
            _VARIANCE * Subs(Derivative(sympy.log(partition), u), u, 0),
            observed,
            label="posterior mean",
        ),
        prose(
            "The M-step for $θ$ is $θ' = E GᵀX$ whatever $v$ is: $⟨θ, θ'⟩$ is",
            related(_PRODUCT, "==", _mean(observed)),
            label="product",
            given=("posterior mean", "norm"),
        ),
        definition(
            "With $c_{ij} = ⟨U_iθ, U_jθ⟩$, $E‖Gθ‖²$ is", _POWER, _mean(total(_gamma(_J) * spread, _J)), label="power"
        ),
        citation(
            "Stein's lemma",
            "$E γ_jy_j$ is the mean of the derivative of $γ_j$ "
            "along $U_jθ$: from $X$ to $X + hU_jθ$ the exponent of $i$ grows by $hc_{ji}/v$.",
            related(_mean(observed), "==", _mean(total(along, _J))),
            label="Stein",
            under=("normal data",),
        ),
        equation("That derivative is", along, _gamma(_J) * (_C[_J, _J] - spread) / _VARIANCE, label="slope"),
        equation(
            "So $vQ = r² − P$.",
            _VARIANCE * _PRODUCT,
            _RADIUS**2 - _POWER,
            given=("product", "Stein", "slope", "norm"),
            label="identity",
        ),
    )


def _variance_steps() -> tuple[Step, ...]:
    observed = total(_gamma(_J) * _OBSERVED[_J], _J)
    return (
        isometric("θ'", explanation="Likewise"),
        prose(
            "the M-step for $v$ is the mean of $‖X − U_jθ'‖²/d$ under the posterior: with $b_j = ⟨X, U_jθ'⟩$, as "
            "$‖U_jθ'‖ = ‖θ'‖$,",
            related(_DIMENSION * _NEXT, "==", _mean(_SQUARE) - 2 * _mean(observed) + _LENGTH),
            label="M-step",
            given=("isometric",),
        ),
        prose(
            "For $h = θ'$, too, $E ∑_j γ_jU_jᵀX$ is $θ'$.",
            related(_mean(observed), "==", _LENGTH),
            label="new product",
            given=("product",),
        ),
        meant("and", related(_mean(_SQUARE), "==", _DIMENSION), _names(), label="trace", under=("normal data",)),
        combination(
            "whatever the start, the new pair is on one curve.",
            related(_NEXT, "==", 1 - _LENGTH / _DIMENSION),
            {"M-step": 1 / _DIMENSION, "new product": -2 / _DIMENSION, "trace": 1 / _DIMENSION},
            label="curve",
        ),
    )


def _spread_steps() -> tuple[Step, ...]:
    random, r, d = (_X, _W), _RADIUS, _DIMENSION
    rest = Mean((_FACTOR * _W - _X) ** 2, random)
    return (
        prose(
            "A coordinate $w$ of $Gθ$ is bounded and $x$, that of $X$, is not: $λw = x$ almost surely for no $λ > 0$,",
            related(0, "<", rest),
            label="never equal",
            under=("normal data",),
        ),
        meant("and $E x² = 1$.", related(Mean(_X**2, random), "==", 1), _names(), label="one", under=("normal data",)),
        combination(
            "the bound of Cauchy and Schwarz, which is strict:",
            related(2 * Mean(_W * _X, random), "<", _FACTOR * Mean(_W**2, random) + 1 / _FACTOR),
            {"never equal": 1 / _FACTOR, "one": -1 / _FACTOR},
            label="coordinate",
        ),
        prose(
            "This is summed over the $d$ coordinates: $E⟨X, Gθ⟩ = Q$ and $E‖Gθ‖² = P$.",
            related(2 * _PRODUCT, "<", _FACTOR * _POWER + d / _FACTOR),
            label="every factor",
            given=("coordinate", "product", "power"),
        ),
        instance(
            "With $λ = d/r²$",
            related(2 * _PRODUCT, "<", d * _POWER / r**2 + r**2),
            "every factor",
            {_FACTOR: d / r**2},
            label="best",
        ),
        combination(
            "at any $v$",
            related(_PRODUCT * (2 * r**2 + d * _VARIANCE), "<", r**2 * (d + r**2)),
            {"best": r**2, "identity": -d},
            label="bound",
        ),
        assumption("On the curve", _on_curve(), label="on the curve"),
        combination(
            "the next step turns inwards, for every $θ ≠ 0$.",
            related(_PRODUCT, "<", r**2),
            {"bound": 1 / (d + r**2), "on the curve": _PRODUCT * d / (d + r**2)},
            label="inwards",
        ),
    )


def _limit_steps() -> tuple[Step, ...]:
    place, curve = sympy.Symbol("x", real=True), 1 - _ITERATE(_T) ** 2 / _DIMENSION
    return (
        citation(
            "global convergence theorem",
            "A fixed point is on the curve, so that $2r² + dv = d + r²$, and has $Q = r²$: it is $(0, 1)$. $v' ≥ 0$, "
            "so $‖θ'‖² ≤ d$; KL tends to infinity as $v → 0$ there, as no $k$ points are all that $X$ is near to, and "
            "EM never raises it: all pairs but the first are in a compact set. EM is continuous, and lowers KL unless "
            "it is at a fixed point.",
            related(Limit(_ITERATE(_T), _T, oo), "==", 0),
            label="limit",
            given=("curve", "bound"),
        ),
        meant(
            "After a step $V$ is on the curve,",
            related(_VARIANCES(_T), "==", curve),
            {_VARIANCES(_T): curve},
            label="variances",
        ),
        limit(
            "and so tends to",
            Limit(curve, _T, oo),
            sympy.S.One,
            1 - place**2 / _DIMENSION,
            {"limit": place},
            label="limit of the curve",
        ),
        equation("that is,", Limit(_VARIANCES(_T), _T, oo), sympy.S.One, given=("variances", "limit of the curve")),
    )
