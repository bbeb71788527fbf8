"""EM, and gradient EM with any step in (0, 2), converges from every start with any weights; the rate at least."""

import sympy
from sympy import Interval, oo, sqrt

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import contraction_bound, stationary_point
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, related
from emtheory.theory.proof.step import PLACE, Step, combination, induction, inequality, instance, meant, monotone
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.sums import component, family, over_coordinates

STATEMENT = Statement(__name__, "gradient EM with a step in (0, 2) converges from every start")

_T = sympy.Symbol("t", integer=True, nonnegative=True)
_SQUARE, _FORM = sympy.Function("R", nonnegative=True), sympy.Function("f", nonnegative=True)
_LENGTH, _SIGMA = sympy.symbols("s sigma", nonnegative=True)
_DIMENSION = sympy.Symbol("D", positive=True)
_RATE, _DECREASE = sympy.symbols("c q", nonnegative=True)
_I = component("i")
_BETA, _X = family("beta", nonnegative=True), family("x")


def derive_general() -> Derivation:
    t, s, start = _T, _LENGTH, _SQUARE(0)
    slow = s * (2 - s) / (_DIMENSION + 2 * start)
    fast = s * (2 - s) * sympy.exp(-start) * _SIGMA**2
    return STATEMENT.derivation(
        variables=(
            Variable(t, sympy.Range(0, oo), "the number of steps"),
            Variable(s, Interval.open(0, 2), "the length of the steps $θ ← θ − s∇ℓ(θ)$; EM is $s = 1$"),
            Variable(
                _DIMENSION, Interval.open(0, oo), "at least the dimension of the span of the $U_iθ − U_jθ$, any $θ$"
            ),
            Variable(_SIGMA, Interval(0, 1), "$σ_{min}(A)$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under={_SQUARE: ("weights", "orthogonal maps", "normal data")},
        conclusions=(
            related(_SQUARE(t + 1), "<=", _SQUARE(t)),
            related((1 + slow * start * t) * _SQUARE(t), "<=", start),
            related(_SQUARE(t), "<=", (1 - fast) ** t * start),
            related(_SQUARE(t), "<=", start),
        ),
        note="$R(t) = ‖θ_t‖²$ after $t$ steps on the population's $ℓ$; no condition on the weights; the last "
        "conclusion is linear convergence where $A$ is invertible",
        source="not in the paper, which has EM's own step and no degenerate weights",
        scope="every $k$, any weights, any orthogonal maps, any $d$, every start, every step length in (0, 2)",
        steps=(*_step_steps(), *_slow_steps(), *_fast_steps()),
    )


def _step_steps() -> tuple[Step, ...]:
    t, s = _T, _LENGTH
    loss = 1 - (1 - s * _BETA[_I]) ** 2
    return (
        made(stein_identity.derive_general).quoted(
            "$∇ℓ(θ) = B(θ)θ$ with $B(θ) ⪯ I$ (statement stein-identity): its eigenvalues $β_i$ are at most 1.",
            2,
            {"⟨h|B(sθ)h⟩": _BETA[_I], "‖h‖²": sympy.S.One},
            label="at most 1",
        ),
        monotone(
            "A step multiplies the coordinate $x_i$ of $θ$ in a basis of eigenvectors by $1 − sβ_i$: summed,",
            related(
                over_coordinates(s * (2 - s) * _BETA[_I] * _X[_I] ** 2, _I),
                "<=",
                over_coordinates(loss * _X[_I] ** 2, _I),
            ),
            over_coordinates(s * (2 - s * PLACE) * _BETA[_I] * _X[_I] ** 2, _I),
            "at most 1",
            label="sum",
        ),
        meant(
            "where $f = ⟨θ, ∇ℓ(θ)⟩ = Σ β_i x_i²$ at $θ_t$",
            related(_FORM(t), "==", over_coordinates(_BETA[_I] * _X[_I] ** 2, _I)),
            {_FORM(t): over_coordinates(_BETA[_I] * _X[_I] ** 2, _I)},
            label="form",
        ),
        citation(
            "spectral theorem",
            "and $‖θ‖² − ‖θ − s∇ℓ(θ)‖²$, in this basis the sum of the $x_i² − (1 − sβ_i)²x_i²$, is what $R$ loses.",
            related(_SQUARE(t) - _SQUARE(t + 1), "==", over_coordinates(loss * _X[_I] ** 2, _I)),
            label="loss",
        ),
        combination(
            "So a step lowers $R$ by at least $s(2 − s) f$,",
            related(s * (2 - s) * _FORM(t), "<=", _SQUARE(t) - _SQUARE(t + 1)),
            {"sum": 1, "form": -s * (2 - s), "loss": 1},
            label="drop",
        ),
        inequality("which is not negative:", related(0, "<=", s * (2 - s) * _FORM(t)), label="sign"),
        combination(
            "no step goes away from 0,", _SQUARE(t + 1), "<=", _SQUARE(t), {"drop": 1, "sign": 1}, label="lower"
        ),
        induction(
            "and $θ_t$ stays in the ball of its start.",
            related(_SQUARE(t), "<=", _SQUARE(0)),
            t,
            sympy.S.One,
            {"lower": 1},
            label="ball",
        ),
    )


def _slow_steps() -> tuple[Step, ...]:
    t, s, start, here = _T, _LENGTH, _SQUARE(0), _SQUARE(_T)
    bound = _DIMENSION + 2 * start
    return (
        *stationary_point.growth_steps(sqrt(here), _FORM(t), _DIMENSION),
        combination(
            "and so with the ball's radius.",
            related(here**2, "<=", bound * _FORM(t)),
            {"growth": 1, "ball": 2 * _FORM(t)},
            label="growth on the ball",
        ),
        definition("Let $c$ be", _RATE, s * (2 - s) / bound),
        combination(
            "A step lowers $R$ by at least $cR²$.",
            related(_RATE * here**2, "<=", here - _SQUARE(t + 1)),
            {"growth on the ball": _RATE, "drop": 1},
            label="decrease",
        ),
        inequality("$s(2 − s)$ is at most 1,", related(s * (2 - s), "<=", 1), label="length"),
        inequality("$R_0$ below $D + 2R_0$,", related(start, "<", bound), label="fraction"),
        combination(
            "so $cR$ is below 1:",
            related(0, "<", 1 - _RATE * here),
            {"ball": _RATE, "fraction": _RATE, "length": 1},
            label="factor",
        ),
        inequality("As a square is not negative,", related(0, "<=", _RATE**2 * start * here**2), label="square"),
        induction(
            "By induction, as $(R − cR²)(1 + cR_0(t+1)) = R_0 − (1 − cR)(R_0 − R(1 + cR_0t)) − c²R_0R²$: $θ_t → 0$, "
            "and $‖θ_t‖ ≤ (ct)^{−1/2}$.",
            related((1 + _RATE * start * t) * here, "<=", start),
            t,
            1 - _RATE * here,
            {"decrease": 1 + _RATE * start * (t + 1), "square": 1},
            within=("factor",),
            label="slow",
        ),
        combination("Written out,", related((1 + s * (2 - s) / bound * start * t) * here, "<=", start), {"slow": 1}),
    )


def _fast_steps() -> tuple[Step, ...]:
    t, s, start, here = _T, _LENGTH, _SQUARE(0), _SQUARE(_T)
    least, x = sympy.exp(-start) * _SIGMA**2, sympy.Symbol("x", nonnegative=True)
    return (
        monotone("The norm", related(sqrt(here), "<=", sqrt(start)), sqrt(PLACE), "ball", label="norm"),
        made(contraction_bound.derive_general).quoted(
            "is in the ball (statement contraction-bound):",
            3,
            {"r": sqrt(here), "rho": sqrt(start), "sigma": _SIGMA, "‖w‖²": here, "E‖Gw‖²": _FORM(t)},
            ("norm",),
            label="bound",
        ),
        inequality("As steps are shorter than 2,", related(0, "<", s * (2 - s)), label="step"),
        combination("this is not negative:", 0, "<=", s * (2 - s) * least, {"step": least}, label="not negative"),
        definition("let $q$ be it.", _DECREASE, s * (2 - s) * least, within=("not negative",)),
        combination(
            "A step lowers $R$ by at least $qR$,",
            related(_DECREASE * here, "<=", here - _SQUARE(t + 1)),
            {"bound": s * (2 - s), "drop": 1},
            label="linear decrease",
        ),
        inequality("where $e^{−x} ≤ 1$ for $x ≥ 0$,", related(sympy.exp(-x), "<=", 1), label="exponential"),
        instance("as for $R_0$,", related(sympy.exp(-start), "<=", 1), "exponential", {x: start}, label="at the start"),
        inequality("and $σ ≤ 1$,", related(_SIGMA**2, "<=", 1), label="singular value"),
        combination(
            "so that",
            related(0, "<=", 1 - _DECREASE),
            {"length": least, "at the start": _SIGMA**2, "singular value": 1},
            label="linear factor",
        ),
        induction(
            "By induction,",
            related(here, "<=", (1 - _DECREASE) ** t * start),
            t,
            1 - _DECREASE,
            {"linear decrease": 1},
            within=("linear factor",),
            label="fast",
        ),
        combination(
            "which is linear convergence from every start if $A$ is invertible.",
            related(here, "<=", (1 - s * (2 - s) * sympy.exp(-start) * _SIGMA**2) ** t * start),
            {"fast": 1},
        ),
    )
