"""Where the weights are one heavy one and equal ones, strong convexity ends at a radius that does not grow with k."""

import sympy
from sympy import Integral, Interval, Limit, exp, oo, sqrt

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import contraction_bound
from emtheory.theory.proof.common import exponents
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, combination, equation, instance, meant
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "one heavy weight: the end of strong convexity does not grow with $k$")

_K = COUNT
_W, _RADIUS, _NEAR, _SCALE = sympy.symbols("W r q s", positive=True)
_SQUARES, _MISS, _SLOPE, _FIRST = sympy.symbols("G P ℓ'(r) ℓ'(q)", nonnegative=True)
_MOVED, _FORM = sympy.symbols("⟨θ|M(θ)⟩ ⟨θ|B(θ)θ⟩", real=True)
_Z, _G, _Y = sympy.Symbol("z", real=True), family("g", positive=True), family("y")
_I, _J = component("i"), component("j")
_CONVEX = related(_FIRST, "<=", _SLOPE)
_LEAST = _NEAR * exp(-(_NEAR**2)) * (_K * _W - 1) ** 2 / (_K - 1) ** 2


def _bound(scale: sympy.Expr) -> sympy.Expr:
    return 4 * (2 * exp(scale**2) - 1) / (_K - 1) + sqrt(2 * _W / (1 - _W)) * exp(-(scale**2) / 8)


def _slope(squares: sympy.Expr) -> sympy.Expr:
    return _RADIUS * (_K * squares - 1) / (_K - 1)


def derive_general() -> Derivation:
    far = _slope(_bound(_RADIUS * sqrt(_K / (_K - 1))))
    return STATEMENT.derivation(
        variables=(
            Variable(_K, sympy.Range(2, oo), "the number of components"),
            Variable(_W, Interval.open(0, 1), "the weight of one; the others have $(1 − W)/(k − 1)$ each"),
            Variable(_RADIUS, POSITIVE, "the radius of the simplex"),
            Variable(_SCALE, POSITIVE, "$r√(k/(k − 1))$"),
            Variable(_SQUARES, Interval(0, oo), "$E ∑_j γ_j²$ at $r$"),
            Variable(_NEAR, POSITIVE, "a smaller radius"),
            Variable(_FIRST, Interval(0, oo), "the slope of $ℓ$ along the ray at $q$"),
            Variable(_SLOPE, Interval(0, oo), "that at $r$"),
        ),
        hypotheses=("weights", "simplex", "normal data"),
        exist_under=dict.fromkeys((_SQUARES, _LEAST), ("weights",)),
        conclusions=(
            related(_SQUARES, "<=", _bound(_SCALE)),
            provided(related(_LEAST, "<=", _slope(_bound(_SCALE))), _CONVEX),
            related(Limit(far, _K, oo), "==", _RADIUS * sqrt(2 * _W / (1 - _W)) * exp(-(_RADIUS**2) / 8)),
        ),
        note="convex on the ray from $q$ to $r$, $ℓ$ has a slope that does not fall. As $k → ∞$ the left side of "
        "the second line tends to $qe^{−q²}W²$, with $q = 1/√2$ to $W²/√(2e)$: for all large $k$ convexity has "
        "ended before any $r ≥ q$ with $r√(2W/(1 − W)) e^{−r²/8} < W²/√(2e)$",
        source="not in the paper; open question 4",
        scope="every $k ≥ 2$, one weight $W$, the others equal; on the ray of the regular simplex, any $d ≥ k − 1$",
        steps=(*_far_steps(), *_slope_steps()),
    )


def _share(index: sympy.Symbol) -> sympy.Expr:
    return _G[index] / total(_G[_J], _J)


def _share_squares() -> sympy.Expr:
    return total(_share(_J) ** 2, _J)


def _far_steps() -> tuple[Step, ...]:
    density, root = exp(-(_Z**2) / 2) / sqrt(2 * sympy.pi), sqrt(2 * _W / (1 - _W))
    i, j, same = _I, _J, family("δ")
    spread = Mean((_Y[0] - _Y[1]) ** 2, (_Y,)) / 2

    def power(n: sympy.Expr) -> Integral:
        return Integral(exp(n * (_SCALE * _Z - _SCALE**2 / 2)) * density, (_Z, -oo, oo))

    return (
        definition("With the posteriors $g_j/∑g$ let", _SQUARES, Mean(_share_squares(), (_G,))),
        definition("and with", _SCALE, _RADIUS * sqrt(_K / (_K - 1))),
        exponents(_RADIUS),
        instance(
            "as",
            related(2 * spread, "==", 2 * _RADIUS**2 * _K / (_K - 1) * (1 - same[0, 1])),
            "exponents",
            {i: 0, j: 1},
            label="two",
        ),
        meant("for two of them", related(same[0, 1], "==", 0), {same[i, j]: sympy.KroneckerDelta(i, j)}, label="apart"),
        equation("that is, $s²$,", exp(spread), exp(_SCALE**2), label="variance", given=("two", "apart")),
        citation(
            "Markov's inequality",
            "An independent normal number may be added to all $⟨X, v_j⟩$, which changes no posterior: let $γ_j ∝ "
            "π_je^{y_j}$, the $y_j = sz_j − s²/2$ independent, with the same variances of differences. The average of "
            "the $e^{y_j}$ of equal weights has the mean 1 and the variance $(E e^{2y} − 1)/(k − 1)$, where $e^{2y}$ "
            "has the mean $e^{s²}$. It is below ½ with a probability",
            related(_MISS, "<=", 4 * (exp(spread) - 1) / (_K - 1)),
            label="miss",
        ),
        prose(
            "Then $∑γ_j² ≤ 1$. Otherwise the heavy one has $γ² ≤ min(1, ce^y) ≤ √c e^{y/2}$, $c = 2W/(1 − W)$, and "
            "each other $γ_j ≤ 2e^{y_j}/(k − 1)$. In expectation",
            related(_SQUARES, "<=", _MISS + root * power(sympy.S.Half) + 4 * power(sympy.Integer(2)) / (_K - 1)),
            label="split",
        ),
        combination(
            "Together, as $E e^{2y} = e^{s²}$ and $E e^{y/2} = e^{−s²/8}$,",
            related(_SQUARES, "<=", _bound(_SCALE)),
            {"split": 1, "miss": 1, "variance": -4 / (_K - 1)},
            label="squares",
        ),
    )


def _slope_steps() -> tuple[Step, ...]:
    squares = _share_squares()
    far = _slope(_bound(_RADIUS * sqrt(_K / (_K - 1))))
    return (
        made(stein_identity.derive_general).quoted(
            "By statement stein-identity, with $h = θ$, $⟨θ, M(θ)⟩$ is",
            0,
            {"⟨h|M(θ)⟩": _MOVED, "⟨h|θ⟩": _RADIUS**2, "⟨h|B(θ)θ⟩": _FORM},
            label="identity",
        ),
        prose(
            "so $⟨θ, ∇ℓ⟩$ is $E‖Gθ‖²$. With $⟨v_i, v_j⟩ = −1/(k − 1)$ for $i ≠ j$ and the posteriors $g$ the "
            "slope is, where no rule differentiates along the ray,",
            related(
                _SLOPE, "==", _RADIUS / (_K - 1) * Mean(_K * squares - total(_share(_I) * _share(_J), _I, _J), (_G,))
            ),
            label="slope",
            given=("identity",),
        ),
        made(contraction_bound.derive_general).quoted(
            "All $|π̂_m|$ are $|kW − 1|/(k − 1)$. By statement contraction-bound",
            1,
            {"r": _NEAR, "‖Aw‖²": _NEAR**2 * (_K * _W - 1) ** 2 / (_K - 1) ** 2, "E‖Gw‖²": _NEAR * _FIRST},
            label="near",
        ),
        assumption("If $ℓ$ is convex between,", _CONVEX, label="convex"),
        combination(
            "then the slope near 0 is one far out.",
            related(_LEAST, "<=", _slope(_bound(_SCALE))),
            {"near": 1 / _NEAR, "convex": 1, "slope": -1, "squares": _RADIUS * _K / (_K - 1)},
        ),
        equation(
            "The right side tends to", Limit(far, _K, oo), _RADIUS * sqrt(2 * _W / (1 - _W)) * exp(-(_RADIUS**2) / 8)
        ),
    )
