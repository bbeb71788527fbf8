"""One heavy weight: strong convexity up to a radius that grows as the others vanish."""

import sympy
from sympy import Interval, exp, oo

from emtheory.theory.derivations.model import hessian
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Unit, Vector, Vertex
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, meant, monotone
from emtheory.theory.proof.words import prose
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "one heavy weight: the curvature up to a radius that grows with it")

_I, _J, _L = (component(name) for name in "ijl")
_WEIGHTS, _X, _Y = family("pi", positive=True), family("a"), family("b")
_FAR, _APART = family("q", nonnegative=True), family("p", nonnegative=True)
_BOTH, _NEGATIVE = family("o"), family("d")
_FORM = sympy.Symbol("⟨h|∇²ℓ(sθ)h⟩", real=True)
_RADIUS, _SCALE, _W = sympy.symbols("r s W", positive=True)
_SPREAD = sympy.Symbol("S", nonnegative=True)
_ON_SIMPLEX = 2 * (1 - _W) / _W * COUNT / (COUNT - 1) * (1 + 2 * _SCALE**2) * exp(_SCALE**2)
_ABOUT_HEAVY = (_Y[_J] - _Y[0]) ** 2
_RANDOM = (_X, _Y)
_THETA, _H = Vector("θ"), Unit("h")
_MOVED, _TURNED = Image(_J, _THETA) - Image(0, _THETA), Image(_J, _H) - Image(0, _H)
_NAMES = {
    _X[_J]: Inner(DATA, Image(_J, _THETA)),
    _Y[_J]: Inner(DATA, Image(_J, _H)),
    _FAR[_J]: Inner(_MOVED, _MOVED),
    _APART[_J]: Inner(_TURNED, _TURNED),
    _BOTH[_J]: Inner(_MOVED, _TURNED),
    _NEGATIVE[_J]: Inner(Image(_J, _THETA), Image(0, _THETA)),
    _RADIUS: sympy.sqrt(Inner(_THETA, _THETA)),
    _SPREAD: total(_WEIGHTS[_J] / _WEIGHTS[0] * Inner(_TURNED, _TURNED), _J),
}


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_FORM, REAL, "the form of $∇²ℓ$ at $θ$ ($s = 1$), at a unit vector $h$"),
            Variable(_RADIUS, Interval.open(0, oo), "$‖θ‖$"),
            Variable(_SPREAD, Interval(0, oo), "$∑_j (π_j/π_0)‖U_jh − U_0h‖²$, at most $4(1 − π_0)/π_0$"),
            Variable(_SCALE, Interval.open(0, oo), "$r√(k/(k − 1))$"),
            Variable(_W, Interval.open(0, 1), "on the simplex the weight $π_0$; the others are equal"),
        ),
        hypotheses=("weights", "orthogonal maps", "simplex", "normal data"),
        exist_under={_FORM: ("weights", "orthogonal maps", "normal data"), _SCALE: ("simplex",)},
        conclusions=(
            related(1 - (1 + 4 * _RADIUS**2) * exp(2 * _RADIUS**2) * _SPREAD, "<=", _FORM),
            related(1 - _ON_SIMPLEX, "<=", _FORM),
        ),
        note="the second for $h$ in the span of the simplex. It is positive up to a radius that grows like "
        "$√(log(1/(1 − W)))$, whatever $k$ is",
        source="not in the paper; open question 4",
        scope="every $k$, all weights, any orthogonal maps, any $d$ and $θ$; and on the ray of the simplex",
        steps=_moment_steps(),
    )


def _posterior(index: sympy.Symbol) -> sympy.Expr:
    return _density(index) / total(_density(_L), _L)


def _density(index: sympy.Symbol | int) -> sympy.Expr:
    return _WEIGHTS[index] * exp(_X[index])


_RATIO = _density(_J) / _density(0) * _ABOUT_HEAVY


def _moment_steps() -> tuple[Step, ...]:
    centre = total(_posterior(_I) * _Y[_I], _I)
    about = total(_posterior(_J) * _ABOUT_HEAVY, _J)
    square = _RADIUS**2
    inner = _APART[_J] * (1 + _FAR[_J])
    products, same = family("v"), family("δ")
    return (
        made(hessian.derive_general).quoted(
            "$⟨h, ∇²ℓ(θ)h⟩$ is $‖h‖²$ less the mean of the variance of $b_j = ⟨X, U_jh⟩$ (statement hessian),",
            3,
            {"⟨h|∇²ℓ(sθ)h⟩": _FORM, "‖h‖²": sympy.S.One, "k": COUNT},
            label="Hessian",
        ),
        meant(
            "where $g_j = π_je^{a_j}$, $a_j = ⟨X, U_jθ⟩$: the second moment about the heavy component less a square,",
            related(hessian.POSTERIOR_VARIANCE, "==", Mean(about, _RANDOM) - Mean((centre - _Y[0]) ** 2, _RANDOM)),
            {**_NAMES, family("g", positive=True)[_J]: _density(_J)},
            label="variance",
        ),
        inequality("which is not negative.", related(0, "<=", Mean((centre - _Y[0]) ** 2, _RANDOM)), label="square"),
        meant(
            "In the posterior the sum is at least its term at 0,",
            related(_density(0), "<=", total(_density(_L), _L)),
            {},
            label="term",
        ),
        combination(
            "and $γ_j ≤ (π_j/π_0)e^{a_j − a_0}$:",
            related(_posterior(_J) * _ABOUT_HEAVY, "<=", _RATIO),
            {"term": _RATIO / total(_density(_L), _L)},
            label="ratio",
        ),
        monotone(
            "in expectation",
            related(Mean(about, _RANDOM), "<=", Mean(total(_RATIO, _J), _RANDOM)),
            Mean(total(PLACE, _J), _RANDOM),
            "ratio",
            label="mean",
        ),
        meant(
            "where, with $q_j = ‖U_jθ − U_0θ‖²$, $p_j = ‖U_jh − U_0h‖²$ and the product $o_j$ of both,",
            related(Mean(total(_RATIO, _J), _RANDOM), "==", _weighted(_APART[_J] + _BOTH[_J] ** 2)),
            _NAMES,
            label="normal",
            under=("normal data",),
        ),
        meant("By Cauchy and Schwarz", related(_BOTH[_J] ** 2, "<=", _FAR[_J] * _APART[_J]), _NAMES, label="Schwarz"),
        monotone(
            "and so",
            related(_weighted(_APART[_J] + _BOTH[_J] ** 2), "<=", _weighted(_APART[_J] + _FAR[_J] * _APART[_J])),
            _weighted(_APART[_J] + PLACE),
            "Schwarz",
            label="products",
        ),
        combination(
            "the curvature is at least",
            related(1 - _weighted(_APART[_J] * (1 + _FAR[_J])), "<=", _FORM),
            {"Hessian": 1, "variance": -1, "square": 1, "mean": 1, "normal": -1, "products": 1},
            label="curvature",
        ),
        meant(
            "By Cauchy and Schwarz $d_j = ⟨U_jθ, U_0θ⟩$ is at least $−‖θ‖²$,",
            related(-(square), "<=", _NEGATIVE[_J]),
            _NAMES,
            label="opposite",
            under=("orthogonal maps",),
        ),
        meant(
            "and $q_j$ is",
            related(_FAR[_J], "==", 2 * square - 2 * _NEGATIVE[_J]),
            _NAMES,
            label="apart",
            under=("orthogonal maps",),
        ),
        combination("at most $4‖θ‖²$;", _FAR[_J], "<=", 4 * square, {"apart": -1, "opposite": 2}, label="farthest"),
        monotone(
            "its exponential", exp(_FAR[_J] / 2), "<=", exp(2 * square), exp(PLACE / 2), "farthest", label="exponential"
        ),
        combination(
            "and each term:",
            related(exp(_FAR[_J] / 2) * inner, "<=", (1 + 4 * square) * exp(2 * square) * _APART[_J]),
            {"exponential": inner, "farthest": _APART[_J] * exp(2 * square)},
            label="each",
        ),
        monotone(
            "summed up",
            _weighted(inner),
            "<=",
            total(_WEIGHTS[_J] / _WEIGHTS[0] * (1 + 4 * square) * exp(2 * square) * _APART[_J], _J),
            total(_WEIGHTS[_J] / _WEIGHTS[0] * PLACE, _J),
            "each",
            label="all",
        ),
        meant("with", _SPREAD, "==", total(_WEIGHTS[_J] / _WEIGHTS[0] * _APART[_J], _J), _NAMES, label="spread"),
        combination(
            "the first bound.",
            related(1 - (1 + 4 * square) * exp(2 * square) * _SPREAD, "<=", _FORM),
            {"curvature": 1, "all": 1, "spread": (1 + 4 * square) * exp(2 * square)},
        ),
        meant(
            "On the simplex images of $θ$ have the products of vertices,",
            related(products[_I, _J], "==", (COUNT * same[_I, _J] - 1) / (COUNT - 1)),
            {
                products[_I, _J]: Inner(Image(_I, Vertex(0)), Image(_J, Vertex(0))),
                same[_I, _J]: sympy.KroneckerDelta(_I, _J),
            },
            label="vertices",
            under=("simplex",),
        ),
        prose(
            "so that all $q_j$ but $q_0$ are $2s²$, $p_0 = 0$, the weights are $(1 − W)/(k − 1)$, and in its "
            "span $∑_jU_jh = 0$, so that $∑_jp_j = 2k$:",
            related(_weighted(inner), "==", _ON_SIMPLEX),
            label="simplex",
            given=("vertices",),
        ),
        combination("this is the second.", related(1 - _ON_SIMPLEX, "<=", _FORM), {"curvature": 1, "simplex": -1}),
    )


def _weighted(value: sympy.Expr) -> sympy.Expr:
    return total(_WEIGHTS[_J] / _WEIGHTS[0] * exp(_FAR[_J] / 2) * value, _J)
