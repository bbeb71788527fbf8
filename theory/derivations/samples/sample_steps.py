"""How many steps EM on a sample takes from far out: each lowers ‖θ‖² and the objective by what is known of it."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.step import Step, combination, induction, inequality, meant
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "how many iterates of EM on a sample are far out")

_J = component("j")
_OUTER, _INNER, _FALLS = family("r", nonnegative=True), family("q", nonnegative=True), family("D", positive=True)
_T = sympy.Symbol("t", integer=True, nonnegative=True)
_RADIUS, _LAST = sympy.symbols("s D_0", positive=True)
_MORE, _LESS, _LONG, _COSINE = sympy.symbols("v k b c", nonnegative=True)
_RISE, _NORM, _ALONG, _ACROSS, _COUNT, _FAR, _LEFT = (
    sympy.Function(name, nonnegative=True) for name in ("F", "x", "a", "y", "N", "u", "T")
)
_FALL, _INTEGRAL = sympy.Function("D", positive=True), sympy.Function("S", real=True)
_COUNTED = {_COUNT(_T): sympy.Sum(_FAR(component("n")), (component("n"), 0, _T - 1))}
_GAIN = 2 * _NORM(_T) * _LONG * _COSINE + _MORE**2 * _LONG**2 - _LESS**2 * _NORM(_T) ** 2


def _height(norm: sympy.Expr, rise: sympy.Expr | None = None) -> sympy.Expr:
    """V of a point of a norm, or the most that it may be."""
    return norm**2 + (1 + _MORE**2) * ((norm + _RADIUS) ** 2 if rise is None else rise)


def _at(t: sympy.Expr) -> sympy.Expr:
    return _height(_NORM(t), _RISE(t))


_LOWER = related(_at(_T + 1), "<=", _at(_T) - _GAIN)


def _integral() -> sympy.Expr:
    """The integral of 1/D over V, from s² to what it is at most at s, and over the shells."""
    y = sympy.Symbol("y", nonnegative=True)
    shell = sympy.Integral(1 / _FALLS[_J], (y, _height(_INNER[_J]), _height(_OUTER[_J])))
    return sympy.Integral(1 / _LAST, (y, _RADIUS**2, _height(_RADIUS))) + total(shell, _J)


def _bound() -> sympy.Expr:
    shells = (_height(_OUTER[_J]) - _height(_INNER[_J])) / _FALLS[_J]
    return 1 + (_height(_RADIUS) - _RADIUS**2) / _LAST + total(shells, _J)


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        variables=(
            Variable(_T, sympy.Range(0, oo), "the number of steps"),
            Variable(_RADIUS, POSITIVE, "a radius within which all fixed points of $M_n$ are"),
            Variable(_MORE, nonnegative, "any number"),
            Variable(_LESS, nonnegative, "another"),
            Variable(
                _COSINE,
                nonnegative,
                "at most the cosine, and $vk$ at least the sine, of the angle between $θ_t$ and a direction $e$",
            ),
            Variable(_LONG, nonnegative, "any; a number for each shell, which steps from it exceed so"),
            Variable(_OUTER, nonnegative, "the outer radii of shells from $s$ up to $‖θ_0‖$"),
            Variable(_INNER, nonnegative, "their inner ones"),
            Variable(_FALLS, POSITIVE, "at most $2xbc + v²b² − k²x²$ for all norms $x$ in the shell and farther out"),
            Variable(_LAST, POSITIVE, "the same for all norms beyond $s$"),
        ),
        hypotheses=("weights", "orthogonal maps"),
        exist_under=dict.fromkeys((_ALONG, _COUNT), ("weights", "orthogonal maps")),
        conclusions=(provided(_LOWER, related(_LONG, "<=", _ALONG(_T))), related(_COUNT(_T), "<=", _bound())),
        note="$x(t) = ‖θ_t‖$, $F(t)$ is twice what $ℓ_n(θ_t)$ is above its least value, and $N(t)$ is how many "
        "iterates come before the first within $s$ in $t$ steps, all in the subspace; $a(t) = ⟨θ_t − θ_{t+1}, e⟩$. "
        "Where $e$ is the direction of $θ_t$, $v$ and $k$ are 0 and $c$ is 1",
        source="the paper's number of iterations, which the summary does not give for samples",
        scope="every $k$, any weights and orthogonal maps, any data; that steps are long has a probability (statement "
        "sample-shells)",
        steps=(*_fall_steps(), *_less_steps(), *_count_steps()),
    )


def _fall_steps() -> tuple[Step, ...]:
    t, x, a, y = _T, _NORM(_T), _ALONG(_T), _ACROSS(_T)
    return (
        citation(
            "descent lemma",
            "A step is $−∇ℓ_n$, with $a$ and $y$ for its parts against $e$ and across; $∇²ℓ_n$ is $I$ less a "
            "covariance under the posteriors, on any data:",
            related(_RISE(t + 1), "<=", _RISE(t) - (a**2 + y**2)),
            label="falls",
        ),
        prose(
            "$⟨θ_t, ∇ℓ_n⟩$ is at least $xa$ times the cosine of an angle, less $xy$ times its sine:",
            related(_NORM(t + 1) ** 2, "<=", x**2 - 2 * x * (a * _COSINE - y * _MORE * _LESS) + a**2 + y**2),
            label="norms",
        ),
        inequality("As a square is not negative,", related(0, "<=", (_MORE * y - _LESS * x) ** 2), label="square"),
        assumption("and if $a$ is not below $b$", related(_LONG, "<=", a), label="long"),
        combination(
            "$V = x² + (1 + v²)F$ falls:",
            _LOWER,
            {"norms": 1, "falls": 1 + _MORE**2, "square": 1, "long": 2 * x * _COSINE + _MORE**2 * (a + _LONG)},
            label="lower",
        ),
        prose(
            "The least value is at a fixed point, of norm $s$ at most, and $∇²ℓ_n ⪯ I$:",
            related(_RISE(t), "<=", (x + _RADIUS) ** 2),
            label="rise",
        ),
    )


def _less_steps() -> tuple[Step, ...]:
    t = _T
    return (
        prose(
            "Let $D(t)$ be the $D_j$ of the shell with a norm $r ≤ x$ where $r² + (1 + v²)(r + s)²$ is $V$, or $D_0$ "
            "if that is below $s$. Beyond $s$",
            related(_FALL(t), "<=", _at(t) - _at(t + 1)),
            label="long enough",
        ),
        prose(
            "Let $S$ be the integral of $1/D$ from $s²$ to $V$, negative below. As $D$ does not fall, it is concave:",
            related((_at(t) - _at(t + 1)) / _FALL(t), "<=", _INTEGRAL(t) - _INTEGRAL(t + 1)),
            label="concave",
        ),
        combination(
            "It falls by 1 in each step from beyond $s$.",
            related(_INTEGRAL(t + 1), "<=", _INTEGRAL(t) - 1),
            {"concave": 1, "long enough": 1 / _FALL(t)},
            label="less",
        ),
        prose(
            "Let EM stop within $s$, $u = 1$ before and 0 from then on, and let $T$ be $1 + S$, or 0 if that is "
            "negative. Before, $S$ is not, as $x > s$:",
            related(_LEFT(t + 1), "<=", _LEFT(t) - _FAR(t)),
            label="left",
            given=("less",),
        ),
    )


def _count_steps() -> tuple[Step, ...]:
    t = _T
    return (
        meant("$N$ counts them:", related(_COUNT(t + 1), "==", _COUNT(t) + _FAR(t)), _COUNTED, label="counts"),
        meant("from", related(_COUNT(0), "==", 0), _COUNTED, label="start"),
        induction(
            "so that by induction",
            related(_COUNT(t) + _LEFT(t), "<=", _COUNT(0) + _LEFT(0)),
            t,
            sympy.S.One,
            {"left": 1, "counts": -1},
            label="both",
        ),
        inequality("and as", related(0, "<=", _LEFT(t)), label="sign"),
        combination("they are at most", _COUNT(t), "<=", _LEFT(0), {"both": 1, "sign": 1, "start": -1}, label="all"),
        prose(
            "At the start $V$ is at most $x² + (1 + v²)(x + s)²$:",
            related(_LEFT(0), "<=", 1 + _integral()),
            label="integral",
            given=("rise",),
        ),
        combination("Together", related(_COUNT(t), "<=", _bound()), {"all": 1, "integral": 1}),
    )
