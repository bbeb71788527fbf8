"""All means free, weights and covariance known: whatever the weights, no exponential rate near the origin."""

import sympy
from sympy import Derivative, Subs, oo

from emtheory.theory.mixture import generic_posterior
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import assumption, citation, definition
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "free means: the Jacobian at the origin is a projection")

_EPSILON, _X = sympy.symbols("epsilon x", real=True)
_J, _N = component("j"), component("n")
_PI, _B, _H, _V = family("pi", positive=True), family("b"), family("h"), family("v")
_V_AGAIN, _COMMON = family("w"), sympy.Symbol("c", real=True)
_DIMENSION = sympy.Symbol("d", integer=True, positive=True)
_TRACE = sympy.Symbol("tr(J)", real=True)
_AVERAGE = total(_PI[_N] * _H[_N], _N)


def _names() -> dict[sympy.Basic, sympy.Basic]:
    e, h = Vector("e"), Vector("h")
    return {_X: Inner(DATA, e), _B[_J]: Inner(DATA, Image(_J, h)), _H[_J]: Inner(e, Image(_J, h))}


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_J, sympy.Range(0, oo), "a component"),
            Variable(_PI, POSITIVE, "the weights"),
            Variable(_H, REAL, "a coordinate of the direction in which the means leave 0, for each of them"),
            Variable(_V, REAL, "the slopes of that coordinate after a step of EM"),
            Variable(_V_AGAIN, REAL, "what another step makes of $v$, to first order"),
            Variable(_COMMON, REAL),
            Variable(_DIMENSION, sympy.Range(1, oo)),
            Variable(_TRACE, REAL, "the trace of $J_M(0)$"),
        ),
        hypotheses=("weights", "free means", "normal data"),
        exist_under=dict.fromkeys((_V, _V_AGAIN, _TRACE), ("free means", "normal data")),
        conclusions=(
            related(_V[_J], "==", _H[_J] - _AVERAGE),
            provided(related(_V[_J], "==", _H[_J]), related(_AVERAGE, "==", 0)),
            related(_COMMON - _COMMON * total(_PI[_N], _N), "==", 0),
            related(_V_AGAIN[_J], "==", _V[_J]),
            related(_TRACE, "==", (COUNT - 1) * _DIMENSION),
        ),
        note="the slopes of EM for all means at 0: $J_M(0)$ subtracts the average $∑πh$, a projection, so it has "
        "the eigenvalue 1 as often as its trace $(k − 1)d$ says, whatever the weights, and 0 $d$ times. By "
        "statement linear-tying, $L_j$ the projection to the mean of $j$, no rate is faster than $t^{−1/2}$",
        source="not in the paper, whose means are rotations of one vector; open question 1",
        scope="every $k$, all weights, any $d$; the weights and the covariance $I$ are known",
        steps=(*_step_steps(), *_projection_steps()),
    )


def _step_steps() -> tuple[Step, ...]:
    moved = generic_posterior(_PI, lambda j: _EPSILON * _B[j], _J)
    mass = total(_PI[_N], _N)
    slope = _PI[_J] / mass * (_B[_J] - total(_PI[_N] * _B[_N], _N) / mass)
    random = (_X, _B)
    return (
        meant("where", related(mass, "==", 1), {}, label="mass", under=("weights",)),
        citation(
            "dominated convergence",
            "The M-step for one mean: with $p = E γ_j$ and $a = E γ_jx$, $x$ a coordinate of $X$, the mean $u$ "
            "minimises $E γ_j(x − u)²/2$, of which $pu²/2 − au$ depends on $u$: $pu = a$. From the means $εh_j$ the "
            "exponents are $εb_j$ up to the second order, $b_j = ⟨X, h_j⟩$; $p$ and $a$ are smooth, and at 0 they are "
            "$π_j$ and $E X = 0$. The new mean has the slope $v_j$ with",
            related(_PI[_J] * _V[_J], "==", Mean(Subs(Derivative(moved, _EPSILON), _EPSILON, 0) * _X, random)),
            label="slope",
        ),
        meant(
            "As $E x⟨X, h⟩$ is that coordinate of $h$, it is",
            related(Mean(slope * _X, random), "==", _PI[_J] / mass * (_H[_J] - _AVERAGE / mass)),
            _names(),
            label="moments",
            under=("normal data",),
        ),
        equation(
            "and with $∑π = 1$",
            _PI[_J] / mass * (_H[_J] - _AVERAGE / mass),
            _PI[_J] * (_H[_J] - _AVERAGE),
            label="normalised",
            given=("mass",),
        ),
        combination(
            "A step subtracts the average.",
            related(_V[_J], "==", _H[_J] - _AVERAGE),
            {"slope": 1 / _PI[_J], "moments": 1 / _PI[_J], "normalised": 1 / _PI[_J]},
            label="Jacobian",
        ),
    )


def _projection_steps() -> tuple[Step, ...]:
    mass = total(_PI[_N], _N)
    centred = total(_PI[_N] * (_H[_N] - _AVERAGE), _N)
    return (
        assumption("If the average is 0", related(_AVERAGE, "==", 0), label="centred"),
        combination("nothing changes to first order;", related(_V[_J], "==", _H[_J]), {"Jacobian": 1, "centred": -1}),
        combination(
            "if all means are equal, to $c$, one step reaches 0.", _COMMON - _COMMON * mass, "==", 0, {"mass": -_COMMON}
        ),
        definition("The same step applied to $v = h − ∑πh$:", _V_AGAIN[_J], _H[_J] - _AVERAGE - centred),
        combination("$J_M(0)$ is a projection,", _V_AGAIN[_J], "==", _V[_J], {"Jacobian": -1, "mass": _AVERAGE}),
        definition(
            "so the eigenvalue 1 occurs as often as its trace says. In each of $d$ coordinates component $j$ "
            "contributes $∂v_j/∂h_j = 1 − π_j$:",
            _TRACE,
            _DIMENSION * total(1 - _PI[_N], _N),
        ),
        combination("$(k − 1)d$, for all weights.", _TRACE, "==", (COUNT - 1) * _DIMENSION, {"mass": -_DIMENSION}),
    )
