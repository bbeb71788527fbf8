"""An explicit radius of strong convexity, for any orthogonal maps, every number of components and every dimension."""

import sympy
from sympy import Derivative, Interval, Subs, oo, sqrt

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.derivations.rates import contraction_bound
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.meant.vectors import Image, Inner, Mean, Power, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation, definition
from emtheory.theory.sums import component, family, normalised, total

STATEMENT = Statement(__name__, "an explicit radius of strong convexity")

_I, _J, _L, _P, _N = (component(name) for name in "ijlpn")
_CURVATURE, _ON_RAY, _ALONG = sympy.symbols("λ_min(∇²ℓ) ⟨e|∇²ℓ(θ)e⟩ E‖Ge‖²", real=True)
_FORM = sympy.Symbol("⟨h|Bh⟩", nonnegative=True)
_MOVED, _INNER, _LOST = sympy.symbols("⟨h|M(θ)⟩ ⟨h|θ⟩ ⟨h|B(θ)θ⟩", real=True)
_SIGMA = sympy.Symbol("sigma", nonnegative=True)
_RADIUS = sympy.Symbol("r", positive=True)
_FRACTION = sympy.Symbol("c", nonnegative=True)
_G, _W, _V = family("g", positive=True), family("w"), family("v")
_A, _BETA, _M, _B, _S = family("a"), family("β"), family("m"), family("b"), family("s")
_NORMS, _SQUARE, _TENSOR = sympy.symbols("N y T", real=True)
_TAU = sqrt(3) - 1
"""Solves 2τ² = 4(1 − τ), so that the loss on rays is a multiple of ‖ē‖²."""
_LOSS = 8 - 4 * sqrt(3)
"""4(1 − τ)."""


def _average(value: sympy.Expr, *indices: sympy.Symbol) -> sympy.Expr:
    """Mean over independent draws of the posterior, one for each index."""
    return total(sympy.Mul(*(normalised(_G, index) for index in indices)) * value, *indices)


def _centred(w: sympy.IndexedBase, i: sympy.Symbol, j: sympy.Symbol) -> sympy.Expr:
    return w[i, j] - _average(w[i, _N], _N) - _average(w[_N, j], _N) + _average(w[_P, _N], _P, _N)


def _names() -> dict[sympy.Basic, sympy.Basic]:
    """What names stand for: of a vector x, x̄ is the mean of the U_jx under the posterior, x_i is U_ix − x̄."""
    h, e = Unit("h"), Unit("e")

    def mean(vector: Unit) -> sympy.Expr:
        return _average(Image(_L, vector), _L)

    (h_i, h_mean), (e_i, e_mean) = ((Image(_I, vector) - mean(vector), mean(vector)) for vector in (h, e))
    tensor = _average(Power(2, e_i), _I) - _TAU * Power(2, e_mean)
    return {
        _W[_I, _J]: Inner(Image(_I, h), Image(_J, e)),
        _V[_I, _J]: Inner(Image(_I, e), Image(_J, e)),
        _A[_I]: Inner(h_i, e_mean) + Inner(e_i, h_mean),
        _M[_I]: Inner(h_i, h_i) + Inner(e_i, e_i),
        _NORMS: Inner(e_mean, e_mean) + Inner(h_mean, h_mean),
        _B[_I]: Inner(e_i, e_mean),
        _S[_I]: Inner(e_i, e_i),
        _SQUARE: Inner(e_mean, e_mean),
        _TENSOR: Inner(tensor, tensor),
    }


def derive_general() -> Derivation:
    largest = (1 - _FRACTION) * _SIGMA**2 / (1 + _SIGMA**2)
    return STATEMENT.derivation(
        variables=(
            Variable(_RADIUS, Interval.open(0, oo), "$‖θ‖$"),
            Variable(_SIGMA, Interval(0, oo), "$σ_{min}(A)$"),
            Variable(_CURVATURE, Interval(-oo, oo), "the smallest eigenvalue of $∇²ℓ(θ)$"),
            Variable(_FRACTION, Interval(0, oo), "a fraction; from 1 on no $θ ≠ 0$ is in the ball"),
            Variable(_ON_RAY, Interval(-oo, oo), "the second derivative of $ℓ$ at $θ$ along $e = θ/‖θ‖$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_CURVATURE, _ALONG, _ON_RAY), ("weights",)),
        conclusions=(
            related(sympy.exp(-(_RADIUS**2)) * _SIGMA**2 - _RADIUS**2, "<=", _CURVATURE),
            provided(related(_FRACTION * _SIGMA**2, "<=", _CURVATURE), related(_RADIUS**2, "<=", largest)),
            related((1 - _LOSS * _RADIUS**2) * _ALONG, "<=", _ON_RAY),
            related(0, "<=", _ALONG),
        ),
        note="so $∇²ℓ ⪰ cσ²I$ on the ball $‖θ‖ ≤ σ√((1 − c)/(1 + σ²))$, and $ℓ$ is convex on every ray up to the "
        "radius $cos(π/12) = 0.9659…$, as $8 − 4√3 = 1/cos²(π/12)$; at $θ = 0$ the eigenvalue is $σ²$ (statement "
        "hessian)",
        source="not in the paper, which finds such a radius by continuity; open question 4",
        scope="every $k$, all weights, any orthogonal maps, any $d$, every $θ$",
        steps=(*_slope_steps(), *_stein_steps(), *_drift_steps(), *_radius_steps(), *_ray_steps()),
    )


_SLOPE = Mean(_average(_W[_I, _J] * (_BETA[_I] + _BETA[_J] - 2 * _average(_BETA[_L], _L)), _I, _J), (_G, _BETA))


def _slope_steps() -> tuple[Step, ...]:
    t = sympy.Symbol("t", real=True)

    def term(index: sympy.Symbol) -> sympy.Expr:
        return _G[index] * sympy.exp(t * _BETA[index])

    pairs = total(term(_I) * term(_J) * _W[_I, _J], _I, _J) / total(term(_P), _P) ** 2
    return (
        made(stein_identity.derive_general).quoted(
            "$∇ℓ(θ) = B(θ)θ$ (statement stein-identity):",
            0,
            {"⟨h|M(θ)⟩": _MOVED, "⟨h|θ⟩": _INNER, "⟨h|B(θ)θ⟩": _LOST},
            label="identity",
        ),
        citation(
            "dominated convergence",
            "Derivatives of $γ$ are at most powers of $‖X‖$. $⟨h, GᵀGθ⟩ = ‖θ‖ ∑_{ij} γ_iγ_jw_{ij}$ with $w_{ij} = "
            "⟨U_ih, U_je⟩$, $e = θ/‖θ‖$. So, for a unit vector $h$, $⟨h, ∇²ℓ(θ)h⟩ = ⟨h, B(θ)h⟩ + D$, where $D$ is the "
            "slope along $h$ of $‖θ‖$ times the mean of this sum, $w$ kept fixed. At $θ + th$ the posterior changes "
            "by $e^{tβ_j}$, $β_j = ⟨X, U_jh⟩$ ($g$: the posterior at $θ$, up to a factor):",
            related(_CURVATURE, "==", _FORM + _RADIUS * Mean(Subs(Derivative(pairs, t), t, 0), (_G, _BETA))),
            label="slope",
            given=("identity",),
        ),
        equation(
            "The slope of the sum is, with a third draw $l$ of the posterior, the mean of $w_{ij}(β_i + β_j − 2β_l)$:",
            _CURVATURE,
            _FORM + _RADIUS * _SLOPE,
            label="curvature",
            given=("slope",),
        ),
    )


def _stein_steps() -> tuple[Step, ...]:
    x = sympy.Symbol("x", real=True)
    u = family("u")
    indices = (_I, _J, _L)
    partition = total(_G[_P] * sympy.exp(x * u[_P]), _P)
    triple = sympy.Mul(*(_G[n] * sympy.exp(x * u[n]) / partition for n in indices))
    mean = total(_G[_P] * sympy.exp(x * u[_P]) * u[_P], _P) / partition
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
            "$E γ_iγ_jγ_l⟨X, v⟩ = E⟨∇(γ_iγ_jγ_l), v⟩$, the $γ$ being smooth and bounded: with a fourth draw $p$, $D$ "
            "is the mean of $w_{ij}⟨U_ih + U_jh − 2U_lh, U_iθ + U_jθ + U_lθ − 3U_pθ⟩$, times $‖θ‖$.",
            related(_RADIUS * _SLOPE, "==", _RADIUS**2 * Mean(_draws(_W), (_G,))),
            label="drift",
            given=("triple",),
            under=("normal data",),
        ),
    )


def _draws(w: sympy.IndexedBase) -> sympy.Expr:
    """Mean of w_{ij}⟨h_i + h_j − 2h_l, e_i + e_j + e_l − 3e_p⟩ over draws i, j, l and p, the products ⟨h_m, e_n⟩ w."""
    signs = {_I: 1, _J: 1, _L: -2}, {_I: 1, _J: 1, _L: 1, _P: -3}
    products = (m * n * w[first, other] for first, m in signs[0].items() for other, n in signs[1].items())
    return _average(w[_I, _J] * sympy.Add(*products), _I, _J, _L, _P)


def _drift_steps() -> tuple[Step, ...]:
    pairs = _average((_centred(_W, _I, _J) + _centred(_W, _J, _I)) ** 2, _I, _J) / 2
    return (
        meant(
            "Centred, $h_i = U_ih − h̄$ with $h̄ = ∑γU_jh = Gh$ and $e_i$, $ē$ likewise: as $⟨U_ih, U_ie⟩ = ⟨h, e⟩$ for "
            "all $i$, this is half of the mean of $(⟨h_i, e_j⟩ + ⟨h_j, e_i⟩)²$ less that of $a_i²$, $a_i = ⟨h_i, ē⟩ + "
            "⟨e_i, h̄⟩$.",
            related(_draws(_W), "==", pairs - _average(_A[_I] ** 2, _I)),
            _names(),
            label="centred",
            under=("orthogonal maps",),
        ),
        inequality("The first is not negative.", related(0, "<=", pairs), label="pairs"),
        meant(
            "By Cauchy and Schwarz, with $m_i = ‖h_i‖² + ‖e_i‖²$ and $N = ‖h̄‖² + ‖ē‖²$,",
            related(_A[_I] ** 2, "<=", _M[_I] * _NORMS),
            _names(),
            label="Schwarz",
        ),
        monotone(
            "on average",
            related(_average(_A[_I] ** 2, _I), "<=", _average(_M[_I] * _NORMS, _I)),
            _average(PLACE, _I),
            "Schwarz",
            label="averaged",
        ),
        meant(
            "where $U_ih$ and $U_ie$ are unit vectors:",
            related(_average(_M[_I], _I), "==", 2 - _NORMS),
            _names(),
            label="variances",
            under=("orthogonal maps",),
        ),
        inequality("As", related(_NORMS * (2 - _NORMS), "<=", 1), label="product"),
        combination(
            "the mean of $a_i²$ is at most 1, at every observation,",
            related(-_draws(_W), "<=", 1),
            {"centred": 1, "pairs": 1, "averaged": 1, "variances": -_NORMS, "product": 1},
            label="observation",
        ),
        monotone(
            "hence in expectation:", Mean(-_draws(_W), (_G,)), "<=", 1, Mean(PLACE, (_G,)), "observation", label="mean"
        ),
        combination(
            "$D ≥ −‖θ‖²$.", related(-_RADIUS * _SLOPE, "<=", _RADIUS**2), {"drift": 1, "mean": _RADIUS**2}, label="loss"
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
            "$λ_{min}(∇²ℓ(θ)) ≥ e^{−‖θ‖²}σ² − ‖θ‖²$, $h$ a unit eigenvector.",
            related(decay * _SIGMA**2 - square, "<=", _CURVATURE),
            {"curvature": 1, "loss": 1, "form": 1},
            label="bound",
        ),
        inequality(
            "$e^{−x} > 1 − x$ for $x > 0$: the sides agree at 0, and so on.",
            related(1 - x, "<", sympy.exp(-x)),
            label="tangent",
        ),
        instance("Here", related(1 - square, "<", decay), "tangent", {x: square}, label="decay"),
        assumption("Let $‖θ‖²$ be at most", square, "<=", (1 - _FRACTION) * _SIGMA**2 / (1 + _SIGMA**2), label="small"),
        combination(
            "Then $σ²(1 − ‖θ‖²) − ‖θ‖²$ is at least $cσ²$.",
            related(_FRACTION * _SIGMA**2, "<=", _CURVATURE),
            {"bound": 1, "decay": _SIGMA**2, "small": 1 + _SIGMA**2},
        ),
    )


def _ray_steps() -> tuple[Step, ...]:
    mean = _average(_V[_I, _J], _I, _J)
    pairs = _average(_centred(_V, _I, _J) ** 2, _I, _J)
    along = _average(_B[_I] ** 2, _I)
    return (
        definition("In the direction $e$ of $θ$ itself, $v_{ij} = ⟨U_ie, U_je⟩$,", _ALONG, Mean(mean, (_G,))),
        citation(
            "Stein's lemma",
            "The second derivative along the ray is found likewise, with $h = e$.",
            related(_ON_RAY, "==", _ALONG + _RADIUS**2 * Mean(_draws(_V), (_G,))),
            label="ray",
            under=("normal data",),
        ),
        meant(
            "Here both are squares: with $b_i = ⟨e_i, ē⟩$",
            related(_draws(_V), "==", 2 * pairs - 4 * along),
            _names(),
            label="centred ray",
            under=("orthogonal maps",),
        ),
        meant(
            "The tensor $T = ∑γe_i ⊗ e_i − τ ē ⊗ ē$, $τ = √3 − 1$, has a norm,",
            related(0, "<=", _TENSOR),
            _names(),
            label="norm",
        ),
        meant(
            "whose square is the mean of $⟨e_i, e_j⟩²$, less $2τ$ times that of $b_i²$, and $τ²y²$, $y = ‖ē‖²$.",
            related(_TENSOR, "==", pairs - 2 * _TAU * along + _TAU**2 * _SQUARE**2),
            _names(),
            label="tensor",
        ),
        meant("By Cauchy and Schwarz", related(_B[_I] ** 2, "<=", _S[_I] * _SQUARE), _names(), label="Schwarz on ray"),
        monotone(
            "and on average",
            related(along, "<=", _average(_S[_I] * _SQUARE, _I)),
            _average(PLACE, _I),
            "Schwarz on ray",
            label="averaged on ray",
        ),
        meant(
            "where",
            related(_average(_S[_I], _I), "==", 1 - _SQUARE),
            _names(),
            label="variance on ray",
            under=("orthogonal maps",),
        ),
        meant("and $y$ is the mean of the $v_{ij}$.", related(_SQUARE, "==", mean), _names(), label="square"),
        combination(
            "As $2τ² = 4(1 − τ) = 8 − 4√3$,",
            related(-_draws(_V), "<=", _LOSS * mean),
            {
                "centred ray": 1,
                "norm": 2,
                "tensor": -2,
                "averaged on ray": 4 * (1 - _TAU),
                "variance on ray": -4 * (1 - _TAU) * _SQUARE,
                "square": -_LOSS,
            },
            label="on ray",
        ),
        monotone(
            "in expectation",
            related(Mean(-_draws(_V), (_G,)), "<=", _LOSS * _ALONG),
            Mean(PLACE, (_G,)),
            "on ray",
            label="mean on ray",
        ),
        combination(
            "and $ℓ$ is convex on rays as long as $(8 − 4√3)‖θ‖² ≤ 1$.",
            related((1 - _LOSS * _RADIUS**2) * _ALONG, "<=", _ON_RAY),
            {"ray": 1, "mean on ray": _RADIUS**2},
        ),
        meant("The square of a norm,", related(0, "<=", _SQUARE), _names(), label="not negative"),
        combination("that is, a mean", related(0, "<=", mean), {"not negative": 1, "square": -1}, label="least mean"),
        monotone("is not negative.", related(0, "<=", _ALONG), Mean(PLACE, (_G,)), "least mean"),
    )
