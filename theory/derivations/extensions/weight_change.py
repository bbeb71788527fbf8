"""How far the weights move in a step of EM that fits them along with θ: by a multiple of ‖θ‖²."""

import sympy
from sympy import Derivative, Integral, Interval, Subs, oo

from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import citation
from emtheory.theory.sums import COUNT, component, family, normalised, total

STATEMENT = Statement(__name__, "fitted weights move by at most $k‖θ‖²$ in a step")

_RADIUS, _CHANGE = sympy.symbols("r C", nonnegative=True)
_J, _N = component("j"), component("n")
_P, _W, _E = family("p", positive=True), family("w", nonnegative=True), family("e")
_Y, _G = family("y"), family("g", positive=True)
_VARIANCE, _MEAN = sympy.Symbol("v", nonnegative=True), sympy.Symbol("ȳ", real=True)
_NAMES = {
    _P[_J]: normalised(_G, _J),
    _MEAN: total(_P[_N] * _Y[_N], _N),
    _W[_J]: (_Y[_J] - _MEAN) ** 2,
    _VARIANCE: total(_P[_N] * _W[_N], _N),
    _Y[_J]: Inner(DATA, Image(_J, Vector("θ"))),
    _RADIUS: sympy.sqrt(Inner(Vector("θ"), Vector("θ"))),
}
_U = sympy.Symbol("u", real=True)
_MOVED = _G[_J] * sympy.exp(_U * _Y[_J]) / total(_G[_N] * sympy.exp(_U * _Y[_N]), _N)
_SECOND_SLOPE = Subs(Derivative(_MOVED, (_U, 2)), _U, 0)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_RADIUS, Interval(0, oo), "$‖θ‖$ before the step"),
            Variable(_CHANGE, Interval(0, oo), "$∑_j |π'_j − π_j|$, the change of the weights in the step"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "unknown weights"),
        exist_under={_CHANGE: ("weights", "unknown weights")},
        conclusions=(related(_CHANGE, "<=", COUNT * _RADIUS**2),),
        note="the posterior has no term of first order in $θ$ on average, so that all weights are fixed points",
        source="not in the paper, whose weights are known; open question 2",
        scope="every $k$, all positive weights, any orthogonal maps, any $d$, every $θ$; the covariance is $I$",
        steps=(*_second_slope_steps(), *_change_steps()),
    )


def _second_slope_steps() -> tuple[Step, ...]:
    p, w, e, v = _P[_J], _W[_J], _E[_J], _VARIANCE
    return (
        meant(
            "Along $sθ$, $y_j = ⟨X, U_jθ⟩$ and $g$ the posterior $p$ up to a factor at any $s$, the posterior has the "
            "second derivative $p_j(w_j − v)$, $w_j = (y_j − ∑py)²$, $v = ∑pw$.",
            related(_SECOND_SLOPE, "==", p * (w - v)),
            _NAMES,
            label="second slope",
        ),
        meant("With $p_j$ for the posterior,", related(total(_P[_J], _J), "==", 1), _NAMES, label="mass"),
        meant("its mean", related(total(_P[_J] * _Y[_J], _J), "==", _MEAN), _NAMES, label="mean"),
        meant("and $w_j = (y_j − ȳ)²$,", related(w, "==", (_Y[_J] - _MEAN) ** 2), _NAMES, label="deviation"),
        meant("$v$ is the mean of $w$,", related(total(p * w, _J), "==", v), _NAMES, label="variance"),
        equation(
            "so it is", total(p * w, _J), total(p * (_Y[_J] - _MEAN) ** 2, _J), label="deviations", given=("deviation",)
        ),
        inequality("For any $e_j$ in [−1, 1],", e * (w - v), "<=", w + v, domain={_E: Interval(-1, 1)}, label="sign"),
        monotone(
            "and on average",
            related(total(p * (e * (w - v)), _J), "<=", total(p * (w + v), _J)),
            total(p * PLACE, _J),
            "sign",
            label="signs",
        ),
        meant("Each $p_j$ is a share, at most 1:", related(p, "<=", 1), _NAMES, label="probability"),
        monotone(
            "so",
            related(total(p * _Y[_J] ** 2, _J), "<=", total(_Y[_J] ** 2, _J)),
            total(PLACE * _Y[_J] ** 2, _J),
            "probability",
            label="moment",
        ),
        inequality("and", related(0, "<=", _MEAN**2), label="square"),
        combination(
            "The second derivatives, with signs or smaller factors $e$, add up to at most $2v ≤ 2Σy²$.",
            related(total(p * (e * (w - v)), _J), "<=", 2 * total(_Y[_J] ** 2, _J)),
            {
                "signs": 1,
                "mass": -_VARIANCE - 2 * _MEAN**2,
                "variance": 1,
                "deviations": -2,
                "mean": 4 * _MEAN,
                "moment": 2,
                "square": 2,
            },
            label="pointwise",
        ),
    )


def _change_steps() -> tuple[Step, ...]:
    s = sympy.Symbol("s", real=True)
    second = sympy.Function("f", real=True)
    random = (_P, _W, _Y, _VARIANCE, _G)
    curvature = Mean(total(_P[_J] * (_E[_J] * (_W[_J] - _VARIANCE)), _J), random)
    squares = Mean(2 * total(_Y[_J] ** 2, _J), random)
    ceiling = 2 * COUNT * _RADIUS**2
    return (
        monotone("In expectation", curvature, "<=", squares, Mean(PLACE, random), "pointwise", label="curvature"),
        meant(
            "$E y_j² = ‖U_jθ‖² = r²$.",
            related(Mean(_Y[_J] ** 2, random), "==", _RADIUS**2),
            _NAMES,
            label="second moment",
            under=("normal data", "orthogonal maps"),
        ),
        equation(
            "Summed over the components,",
            2 * total(Mean(_Y[_J] ** 2, random), _J),
            ceiling,
            label="moments",
            given=("second moment",),
        ),
        citation(
            "dominated convergence",
            "The second derivative $f(s)$ of $E Σe_jγ_j(X; sθ)$ is the mean of that at $X$, at most $2‖X‖²r²$,",
            related(second(s), "==", Mean(total(_E[_J] * _SECOND_SLOPE, _J), random)),
            label="exchange",
            under=("normal data",),
        ),
        equation("that is,", second(s), curvature, label="f", given=("exchange", "second slope")),
        combination(
            "so $f ≤ 2kr²$.", second(s), "<=", ceiling, {"f": -1, "curvature": 1, "moments": -1}, label="ceiling"
        ),
        monotone(
            "Under the integral",
            related(Integral((1 - s) * second(s), (s, 0, 1)), "<=", Integral((1 - s) * ceiling, (s, 0, 1))),
            Integral((1 - s) * PLACE, (s, 0, 1)),
            "ceiling",
            label="integral",
        ),
        citation(
            "Taylor's theorem",
            "The new weights are $E γ_j(X; θ)$, and at $s = 0$ the posterior is $π_t$, with the slope $π_j(y_j − "
            "∑πy)$ of mean 0. With $e_j$ the signs of the changes their sum is the remainder.",
            related(_CHANGE, "==", Integral((1 - s) * second(s), (s, 0, 1))),
            label="remainder",
        ),
        combination(
            "The weights move by at most $k‖θ‖²$.",
            related(_CHANGE, "<=", COUNT * _RADIUS**2),
            {"remainder": -1, "integral": 1},
            label="change",
        ),
    )
