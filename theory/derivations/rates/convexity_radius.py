"""An explicit radius of strong convexity, for any orthogonal maps, every number of components and every dimension."""

import sympy
from sympy import Derivative, Interval, Subs, oo

from emtheory.theory.derivations.rates import contraction_bound
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.made import made
from emtheory.theory.proof.meant.vectors import Image, Inner, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("an explicit radius of strong convexity", 0, general=True)

_I, _J, _L, _P = (component(name) for name in "ijlp")
_CURVATURE, _DRIFT = sympy.symbols("λ_min(∇²ℓ) D", real=True)
_FORM = sympy.Symbol("⟨h|Bh⟩", nonnegative=True)
_SIGMA = sympy.Symbol("sigma", nonnegative=True)
_RADIUS = sympy.Symbol("r", positive=True)
_FRACTION = sympy.Symbol("c", nonnegative=True)
_WEIGHTS, _V, _E, _COSINE = family("g", positive=True), family("v"), family("e"), family("u")


def _names() -> dict[sympy.Basic, sympy.Basic]:
    raw, other = family("r"), family("s")
    cosine = Inner(Image(_I, Unit("h")), Image(_J, Unit("e")))
    return {_COSINE[_I, _J]: cosine, _V[_L]: raw[_L] - _single(raw[_L]), _E[_L]: other[_L] - _single(other[_L])}


def derive_general() -> Derivation:
    """Derive λ_min(∇²ℓ(θ)) ≥ e^{−‖θ‖²}σ² − 4‖θ‖², σ = σ_min(A)."""
    largest = (1 - _FRACTION) * _SIGMA**2 / (4 + _SIGMA**2)
    return STATEMENT.derivation(
        name="convexity-radius",
        statement=Proposition(
            variables=(
                Variable(_RADIUS, Interval.open(0, oo), "$‖θ‖$"),
                Variable(_SIGMA, Interval(0, oo), "$σ_{min}(A)$"),
                Variable(_CURVATURE, Interval(-oo, oo), "the smallest eigenvalue of $∇²ℓ(θ)$"),
                Variable(_FRACTION, Interval(0, oo), "a fraction; from 1 on no $θ ≠ 0$ is in the ball"),
            ),
            hypotheses=("weights", "orthogonal maps", "normal data"),
            conclusions=(
                related(sympy.exp(-(_RADIUS**2)) * _SIGMA**2 - 4 * _RADIUS**2, "<=", _CURVATURE),
                sympy.Implies(
                    related(_RADIUS**2, "<=", largest), related(_FRACTION * _SIGMA**2, "<=", _CURVATURE), evaluate=False
                ),
            ),
            note="so $∇²ℓ ⪰ cσ²I$ on the ball $‖θ‖ ≤ σ√((1 − c)/(4 + σ²))$; at $θ = 0$ the eigenvalue is $σ²$ "
            "(statement hessian)",
        ),
        source="not in the paper, which finds such a radius by continuity; open question 4",
        scope="every $k$, all weights, any orthogonal maps, any $d$, every $θ$",
        steps=(*_slope_steps(), *_stein_steps(), *_pair_steps(), *_drift_steps(), *_radius_steps()),
    )


def _slope_steps() -> tuple[Step, ...]:
    t = sympy.Symbol("t", real=True)
    weights, b, w = family("g", positive=True), family("b"), family("w")

    def term(index: sympy.Symbol) -> sympy.Expr:
        return weights[index] * sympy.exp(t * b[index])

    partition, mass = total(term(_P), _P), total(weights[_P], _P)
    centre = total(weights[_L] * b[_L], _L) / mass
    return (
        prose(
            "$∇ℓ(θ) = B(θ)θ$ (statement stein-identity), so, for a unit vector $h$, $⟨h, ∇²ℓ(θ)h⟩ = ⟨h, B(θ)h⟩ + "
            "D$, where $D$ is the slope along $h$ of $E ∑_{ij} γ_iγ_j w_{ij}$, $w_{ij} = ⟨U_ih, U_jθ⟩$ kept fixed: "
            "$⟨h, GᵀGθ⟩$ is that sum.",
            related(_CURVATURE, "==", _FORM + _DRIFT),
            label="curvature",
            under=("weights", "orthogonal maps", "normal data"),
        ),
        equation(
            "At $θ + th$ the posterior changes by $e^{tb_j}$, $b_j = ⟨X, U_jh⟩$ ($g$: the posterior at $θ$, up to a "
            "factor). The slope of the sum is $∑_{ij} γ_iγ_jw_{ij}(b_i + b_j − 2∑γb)$: with a third draw $l$ of the "
            "posterior, the mean of $w_{ij}(b_i + b_j − 2b_l)$.",
            Subs(Derivative(total(term(_I) * term(_J) * w[_I, _J], _I, _J) / partition**2, t), t, 0),
            total(weights[_I] * weights[_J] * w[_I, _J] * (b[_I] + b[_J] - 2 * centre), _I, _J) / mass**2,
            label="slope",
        ),
    )


def _stein_steps() -> tuple[Step, ...]:
    x = sympy.Symbol("x", real=True)
    weights, u = family("g", positive=True), family("u")
    partition = total(weights[_P] * sympy.exp(x * u[_P]), _P)
    v, e = family("v"), family("e")
    mass = total(weights[_P], _P)
    indices = [component(name) for name in ("first", "second", "third")]
    triple = sympy.Mul(*(weights[n] * sympy.exp(x * u[n]) / partition for n in indices))
    mean = total(weights[_P] * sympy.exp(x * u[_P]) * u[_P], _P) / partition

    def average(values: sympy.Expr) -> sympy.Expr:
        return total(weights[_L] * weights[_P] * values, _L, _P) / mass**2

    def single(values: sympy.Expr) -> sympy.Expr:
        return total(weights[_L] * values, _L) / mass

    a, c = sympy.symbols("a c", real=True)
    return (
        equation(
            "As a function of one coordinate $x$ of the observation, $u$ that of the $U_nθ$: $γ_iγ_jγ_l$ has the "
            "logarithmic slope $u_i + u_j + u_l − 3∑γu$.",
            Derivative(triple, x) / triple,
            sympy.Add(*(u[n] for n in indices)) - 3 * mean,
            label="triple",
        ),
        citation(
            "Stein's lemma",
            "$E γ_iγ_jγ_l⟨X, v⟩ = E⟨∇(γ_iγ_jγ_l), v⟩$, the $γ$ being smooth and bounded. With $v_n = U_nh$, $u_n = "
            "U_nθ$ and a fourth draw $p$, $D$ is the mean of $w_{ij}⟨v_i + v_j − 2v_l, u_i + u_j + u_l − 3u_p⟩$.",
            given=("slope", "triple"),
            under=("normal data",),
        ),
        equation(
            "Centred by their means under the posterior, $v$ and $u$ become $v$ and $e$ with $∑γv = ∑γe = 0$; "
            "averaged over $l$ and $p$, with $a = v_i + v_j$ and $c = e_i + e_j$, the product is $ac − 2∑γve$, "
            "coordinate by coordinate (the terms with the means, which vanish, are kept in the equation).",
            average((a - 2 * v[_L]) * (c + e[_L] - 3 * e[_P])),
            a * c
            - 2 * single(v[_L] * e[_L])
            - 2 * a * single(e[_L])
            - 2 * c * single(v[_L])
            + 6 * single(v[_L]) * single(e[_L]),
            label="centred",
        ),
    )


def _pairs(values: sympy.Expr) -> sympy.Expr:
    """Mean over two independent draws i and j of the posterior."""
    return total(_WEIGHTS[_I] * _WEIGHTS[_J] * values, _I, _J) / total(_WEIGHTS[_P], _P) ** 2


def _single(values: sympy.Expr) -> sympy.Expr:
    """Mean over a draw l of the posterior."""
    return total(_WEIGHTS[_L] * values, _L) / total(_WEIGHTS[_P], _P)


def _pair_steps() -> tuple[Step, ...]:
    a, c, u = sympy.symbols("a c u", real=True)
    scale = sympy.Symbol("lambda", positive=True)
    share = scale * a**2 / 2 + c**2 / (2 * scale)
    cosine = _COSINE[_I, _J]
    v, e = _V[_I] + _V[_J], _E[_I] + _E[_J]
    return (
        inequality(
            "For $λ > 0$ and real a and $c$, by squares,", related(a * c, "<=", share), label="square of the difference"
        ),
        inequality("and", related(-a * c, "<=", share), label="square of the sum"),
        combination(
            "so, for every $u$ in [−1, 1],",
            related(-u * a * c, "<=", share),
            {"square of the sum": (1 + u) / 2, "square of the difference": (1 - u) / 2},
            domain={u: Interval(-1, 1)},
            label="product",
        ),
        meant(
            "$w_{ij} = ‖θ‖ u_{ij}$ with $|u_{ij}| ≤ 1$, by Cauchy and Schwarz, as $‖U_ih‖ = 1$ and $‖U_jθ‖ = ‖θ‖$:",
            related(cosine, "<=", 1),
            _names(),
            label="cosine",
            under=("orthogonal maps",),
        ),
        meant("and", related(-1, "<=", cosine), _names(), label="negative cosine", under=("orthogonal maps",)),
        instance(
            "For a coordinate of two draws of the centred $v$ and $e$",
            related(-cosine * v * e, "<=", share.xreplace({a: v, c: e})),
            "product",
            {a: v, c: e, u: cosine},
            within=("cosine", "negative cosine"),
            label="pair",
        ),
        monotone(
            "on the average",
            related(_pairs(-cosine * v * e), "<=", _pairs(share.xreplace({a: v, c: e}))),
            _pairs(PLACE),
            "pair",
            label="pairs",
        ),
        monotone(
            "The mean of the $u_{ij}$ is at most 1",
            related(_pairs(cosine), "<=", _pairs(1)),
            _pairs(PLACE),
            "cosine",
            label="mean cosine",
        ),
        monotone(
            "and at least −1,",
            related(_pairs(-1), "<=", _pairs(cosine)),
            _pairs(PLACE),
            "negative cosine",
            label="least cosine",
        ),
        combination("that is", related(_pairs(cosine), "<=", 1), {"mean cosine": 1}, label="at most 1"),
        combination("and", related(-1, "<=", _pairs(cosine)), {"least cosine": 1}, label="at least −1"),
        instance(
            "so that for one draw",
            related(_pairs(cosine) * _V[_L] * _E[_L], "<=", share.xreplace({a: _V[_L], c: _E[_L]})),
            "product",
            {a: _V[_L], c: _E[_L], u: -_pairs(cosine)},
            within=("at most 1", "at least −1"),
            label="one draw",
        ),
        monotone(
            "and on the average",
            related(_single(_pairs(cosine) * _V[_L] * _E[_L]), "<=", _single(share.xreplace({a: _V[_L], c: _E[_L]}))),
            _single(PLACE),
            "one draw",
            label="draws",
        ),
    )


def _drift_steps() -> tuple[Step, ...]:
    scale = sympy.Symbol("lambda", positive=True)
    cosine, v, e = _COSINE[_I, _J], _V[_I] + _V[_J], _E[_I] + _E[_J]
    integrand = _pairs(cosine * v * e) - 2 * _pairs(cosine) * _single(_V[_L] * _E[_L])
    return (
        meant("$v$ and $e$ are centred:", related(_single(_V[_L]), "==", 0), _names(), label="mean of v"),
        meant("both have mean 0.", related(_single(_E[_L]), "==", 0), _names(), label="mean of e"),
        combination(
            "One coordinate of D's integrand, over $‖θ‖$: the mean of $(v_i + v_j)²$ is $2∑γv²$ as $∑γv = 0$.",
            related(-integrand, "<=", 2 * scale * _single(_V[_L] ** 2) + 2 * _single(_E[_L] ** 2) / scale),
            {"pairs": 1, "draws": 2, "mean of v": -scale * _single(_V[_L]), "mean of e": -_single(_E[_L]) / scale},
            label="coordinate",
        ),
        prose(
            "Summed over the coordinates. A variance is at most the second moment, so $∑γ‖v‖² ≤ ‖U_nh‖² = 1$ and "
            "$∑γ‖e‖² ≤ ‖U_nθ‖² = ‖θ‖²$, at every observation, hence in expectation.",
            related(-_DRIFT, "<=", _RADIUS * (2 * scale + 2 * _RADIUS**2 / scale)),
            label="drift",
            given=("centred", "coordinate"),
            under=("orthogonal maps",),
        ),
        instance(
            "With $λ = ‖θ‖$, $D ≥ −4‖θ‖²$.",
            related(-_DRIFT, "<=", 4 * _RADIUS**2),
            "drift",
            {scale: _RADIUS},
            label="drift bound",
        ),
    )


def _radius_steps() -> tuple[Step, ...]:
    x = sympy.Symbol("x", positive=True)
    square = _RADIUS**2
    decay = sympy.exp(-square)
    return (
        made(contraction_bound.derive_general).quoted(
            "Statement contraction-bound: $⟨h, B(θ)h⟩$ is at least",
            3,
            {"r": _RADIUS, "rho": _RADIUS, "sigma": _SIGMA, "‖w‖²": sympy.S.One, "E‖Gw‖²": _FORM},
            label="form",
        ),
        combination(
            "$λ_{min}(∇²ℓ(θ)) ≥ e^{−‖θ‖²}σ² − 4‖θ‖²$, $h$ a unit eigenvector.",
            related(decay * _SIGMA**2 - 4 * square, "<=", _CURVATURE),
            {"curvature": 1, "drift bound": 1, "form": 1},
            label="bound",
        ),
        inequality(
            "$e^{−x} > 1 − x$ for $x > 0$: the sides agree at 0, and so on.",
            related(1 - x, "<", sympy.exp(-x)),
            label="tangent",
        ),
        instance("Here", related(1 - square, "<", decay), "tangent", {x: square}, label="decay"),
        assumption(
            "Let $‖θ‖²$ be at most", related(square, "<=", (1 - _FRACTION) * _SIGMA**2 / (4 + _SIGMA**2)), label="small"
        ),
        combination(
            "Then $σ²(1 − ‖θ‖²) − 4‖θ‖²$ is at least $cσ²$.",
            related(_FRACTION * _SIGMA**2, "<=", _CURVATURE),
            {"bound": 1, "decay": _SIGMA**2, "small": 4 + _SIGMA**2},
        ),
    )
