"""An explicit bound on the contraction factor, for every number of components, dimension and radius."""

import sympy

from emtheory.theory.proof.derivation import Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.laws import LEAST
from emtheory.theory.proof.meant.vectors import DATA, Axis, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption
from emtheory.theory.sums import DIMENSION as D
from emtheory.theory.sums import component, family, over_coordinates, total

STATEMENT = Statement(__name__, "an explicit bound on the contraction factor")

ALPHA, RADIUS = sympy.symbols("alpha r", nonnegative=True)
DIMENSION = sympy.Symbol("D", positive=True)
IMAGE, POSTERIOR_IMAGE = sympy.symbols("‖Aw‖² E‖Gw‖²", nonnegative=True)

_BALL, _LEAST, _SQUARE = sympy.symbols("rho sigma ‖w‖²", nonnegative=True)
_NEAR = related(RADIUS, "<=", _BALL)
_COORDINATE, _F, _ENTRY = family("(Aw)"), family("F"), family("u")
_FACTOR, _NORM = sympy.Symbol("lambda", real=True), sympy.Symbol("‖w_j‖", nonnegative=True)
_H = sympy.Function("h", positive=True)
_I, _J, _N, _C = (component(name) for name in "ijnc")
_WEIGHTS, _INNER = family("pi", positive=True), family("c")
_W, _A = Vector("w"), Vector("a")
_PARTITION = total(_WEIGHTS[_N] * sympy.exp(Inner(DATA, Image(_N, _W))), _N)
_SHARE = _WEIGHTS[_J] * sympy.exp(Inner(DATA, Image(_J, _W))) / _PARTITION
_NAMES = {
    DIMENSION: D,
    _LEAST: LEAST,
    _SQUARE: Inner(_A, _A),
    _ENTRY[_J, _C]: Inner(Image(_J, _A), Axis(_C)),
    _F[_C]: total(_SHARE * _ENTRY[_J, _C], _J),
    _H(ALPHA): _PARTITION * sympy.exp(-ALPHA * Inner(DATA, DATA) / 2),
    _COORDINATE[_C]: total(_WEIGHTS[_J] * _ENTRY[_J, _C], _J),
    _INNER[_I, _J]: Inner(Image(_I, _W), Image(_J, _W)),
    _NORM: sympy.sqrt(Inner(_W, _W)),
    RADIUS: sympy.sqrt(Inner(_W, _W) + Inner(Vector("v"), Vector("v"))),
    IMAGE: over_coordinates(_COORDINATE[_C] ** 2, _C),
    POSTERIOR_IMAGE: over_coordinates(Mean(_F[_C] ** 2, (_F, _H(ALPHA))), _C),
}
"""What names stand for, X being the projection on W: vectors of one norm are images of one, orthogonally."""


def log_factor(alpha: sympy.Expr, radius: sympy.Expr = RADIUS) -> sympy.Expr:
    """Log of the factor by which B(θ) is at least AᵀA, at ‖θ‖ = r."""
    shape = DIMENSION / 2 * (sympy.log(1 + 2 * alpha) - 2 * sympy.log(1 + alpha))
    return shape - radius**2 / ((1 + alpha) * (1 + 2 * alpha))


def derive_general() -> Derivation:
    a, r, d, decay = ALPHA, RADIUS, DIMENSION, sympy.exp(-(_BALL**2))
    shape = ((1 + 2 * a) / (1 + a) ** 2) ** (d / 2)
    power = (sympy.sqrt(sympy.E) * (1 + r * sympy.sqrt(2 / d))) ** (-d / 2)
    return STATEMENT.derivation(
        variables=(
            Variable(a, sympy.Interval(0, sympy.oo)),
            Variable(r, sympy.Interval(0, sympy.oo), "$‖θ‖$"),
            Variable(d, sympy.Interval.open(0, sympy.oo), "the dimension of a space with all $U_iθ − U_jθ$ in it, $W$"),
            Variable(IMAGE, sympy.Interval(0, sympy.oo), "for any vector $w$, the square of $‖Aw‖$"),
            Variable(POSTERIOR_IMAGE, sympy.Interval(0, sympy.oo), "$⟨w, B(θ)w⟩$"),
            Variable(_BALL, sympy.Interval(0, sympy.oo), "a radius"),
            Variable(_LEAST, sympy.Interval(0, sympy.oo), "$σ_{min}(A)$"),
            Variable(_SQUARE, sympy.Interval(0, sympy.oo), "of any vector $w$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            related(shape * sympy.exp(-(r**2) / ((1 + a) * (1 + 2 * a))) * IMAGE, "<=", POSTERIOR_IMAGE),
            related(sympy.exp(-(r**2)) * IMAGE, "<=", POSTERIOR_IMAGE),
            related(power * IMAGE, "<=", POSTERIOR_IMAGE),
            provided(related(decay * _LEAST**2 * _SQUARE, "<=", POSTERIOR_IMAGE), _NEAR),
        ),
        note="$B(θ) ⪰ b AᵀA$; with $w$ of frequency $m$, $β_m(θ) ≥ b|π̂_m|²$",
        source="not in the paper, which calls the size of the neighbourhood an open question (4)",
        scope="every $k$, all weights, any orthogonal maps, any $d$ and every $θ$; $D$ is that of the span of the "
        "differences $U_iθ − U_jθ$, at most $min(d, k − 1)$, or any larger number",
        steps=(*_gaussian_steps(), *_bound_steps(), *_consequence_steps()),
    )


def _double(inner: sympy.Expr) -> sympy.Expr:
    return (_NORM**2 + inner) / (1 + 2 * ALPHA) - DIMENSION / 2 * sympy.log(1 + 2 * ALPHA)


def _gaussian_steps() -> tuple[Step, ...]:
    h, factor = _H(ALPHA), _F[_C]
    random = (_F, h)
    single = _NORM**2 / (2 * (1 + ALPHA)) - DIMENSION / 2 * sympy.log(1 + ALPHA)
    pairs = total(_WEIGHTS[_I] * _WEIGHTS[_J] * sympy.exp(_double(_INNER[_I, _J])), _I, _J)
    mass = total(_WEIGHTS[_I] * _WEIGHTS[_J], _I, _J)
    return (
        inequality("A square is not negative.", 0, "<=", Mean((factor - _FACTOR * h) ** 2, random), label="square"),
        combination(
            "Multiplied out, for every $λ$ (Cauchy and Schwarz, before $λ$ is chosen).",
            related(
                2 * _FACTOR * Mean(factor * h, random) - _FACTOR**2 * Mean(h**2, random), "<=", Mean(factor**2, random)
            ),
            {"square": 1},
            label="Schwarz",
        ),
        meant(
            "What the $U_jθ$ have outside $W$ is the same for all, and cancels from the posterior: with $w_j$ and "
            "$X_W$ the projections of $U_jθ$ and $X$ on $W$, $y_j = ⟨X_W, w_j⟩$, $S = ∑_j π_j e^{y_j}$, $h = S "
            "e^{−α‖X_W‖²/2}$. A coordinate of $Gw$ is $F = ∑_jγ_ju_j$, $u_j$ that of $U_jw$: $hF$ is free of the "
            "quotient, and $E e^{⟨a, X_W⟩ − α‖X_W‖²/2}$ is $(1 + α)^{−D/2}e^{‖a‖²/(2(1 + α))}$. All $w_j$ have the "
            "same norm, as the $U_jθ$ have the same norm and the same part outside $W$; $∑_jπ_ju_j$ is a coordinate of "
            "$Aw$.",
            related(Mean(factor * h, random), "==", _COORDINATE[_C] * sympy.exp(single)),
            _NAMES,
            label="numerator mean",
            under=("orthogonal maps", "normal data"),
        ),
        meant(
            "Likewise, as $‖w_i + w_j‖² = 2‖w_j‖² + 2c_{ij}$ with $c_{ij} = ⟨w_i, w_j⟩$,",
            related(Mean(h**2, random), "==", pairs),
            _NAMES,
            label="denominator mean",
            under=("orthogonal maps", "normal data"),
        ),
        meant(
            "By Cauchy and Schwarz $c_{ij} ≤ ‖w_j‖²$.",
            related(_INNER[_I, _J], "<=", _NORM**2),
            _NAMES,
            label="inner products",
            under=("orthogonal maps",),
        ),
        monotone(
            "The logarithm $(‖w_j‖² + c)/(1 + 2α)$ increases in $c$, and so does $E h²$:",
            related(pairs, "<=", mass * sympy.exp(_double(_NORM**2))),
            total(_WEIGHTS[_I] * _WEIGHTS[_J] * sympy.exp(_double(PLACE)), _I, _J),
            "inner products",
            label="denominator",
        ),
        meant("The weights sum to 1.", related(mass, "==", 1), {}, label="mass", under=("weights",)),
    )


def _bound_steps() -> tuple[Step, ...]:
    random = (_F, _H(ALPHA))
    square, own = _NORM**2, sympy.exp(log_factor(ALPHA, _NORM))
    first = sympy.exp(square / (2 * (1 + ALPHA)) - DIMENSION / 2 * sympy.log(1 + ALPHA))
    second = sympy.exp(2 * square / (1 + 2 * ALPHA) - DIMENSION / 2 * sympy.log(1 + 2 * ALPHA))
    coordinates = over_coordinates(_COORDINATE[_C] ** 2, _C), over_coordinates(Mean(_F[_C] ** 2, random), _C)
    return (
        combination(
            "Together, for every $λ$,",
            related(2 * _FACTOR * _COORDINATE[_C] * first - _FACTOR**2 * second, "<=", Mean(_F[_C] ** 2, random)),
            {
                "Schwarz": 1,
                "numerator mean": 2 * _FACTOR,
                "denominator mean": -(_FACTOR**2),
                "denominator": _FACTOR**2,
                "mass": -(_FACTOR**2) * second,
            },
            label="every factor",
        ),
        instance(
            "and with the best $λ$: the coordinate's square times $b$ is at most $E F²$, where",
            related(own * _COORDINATE[_C] ** 2, "<=", Mean(_F[_C] ** 2, random)),
            "every factor",
            {_FACTOR: _COORDINATE[_C] * first / second},
            label="coordinate",
        ),
        monotone(
            "summed over the coordinates",
            related(over_coordinates(own * _COORDINATE[_C] ** 2, _C), "<=", coordinates[1]),
            over_coordinates(PLACE, _C),
            "coordinate",
            label="coordinates",
        ),
        meant("where $‖Aw‖²$ is", related(IMAGE, "==", coordinates[0]), _NAMES, label="image"),
        meant("and $⟨w, B(θ)w⟩ = E‖Gw‖²$", related(POSTERIOR_IMAGE, "==", coordinates[1]), _NAMES, label="form"),
        combination(
            "a bound like that wanted.",
            related(own * IMAGE, "<=", POSTERIOR_IMAGE),
            {"coordinates": 1, "image": -own, "form": 1},
            label="own bound",
        ),
        meant(
            "A projection is not longer than $θ$, as the rest is orthogonal to it:",
            related(square, "<=", RADIUS**2),
            _NAMES,
            label="norm",
        ),
        monotone(
            "the factor falls with the norm,",
            related(sympy.exp(log_factor(ALPHA)) * IMAGE, "<=", own * IMAGE),
            sympy.exp(log_factor(ALPHA, sympy.sqrt(PLACE))) * IMAGE,
            "norm",
            label="factors",
        ),
        combination(
            "$b‖Aw‖² ≤ E‖Gw‖²$.",
            related(sympy.exp(log_factor(ALPHA)) * IMAGE, "<=", POSTERIOR_IMAGE),
            {"factors": 1, "own bound": 1},
            label="bound",
        ),
        combination(
            "That is",
            related(
                ((1 + 2 * ALPHA) / (1 + ALPHA) ** 2) ** (DIMENSION / 2)
                * sympy.exp(-(RADIUS**2) / ((1 + ALPHA) * (1 + 2 * ALPHA)))
                * IMAGE,
                "<=",
                POSTERIOR_IMAGE,
            ),
            {"bound": 1},
        ),
        instance(
            "At $α = 0$ the bound is $B(θ) ⪰ e^{−r²} AᵀA$.",
            related(sympy.exp(-(RADIUS**2)) * IMAGE, "<=", POSTERIOR_IMAGE),
            "bound",
            {ALPHA: sympy.S.Zero},
            label="simple",
        ),
        *_ball_steps(),
    )


def _ball_steps() -> tuple[Step, ...]:
    decay, here = sympy.exp(-(_BALL**2)), sympy.exp(-(RADIUS**2))
    return (
        assumption("Let $‖θ‖ ≤ ρ$.", _NEAR, label="near"),
        monotone("As the factor falls,", related(decay, "<=", here), sympy.exp(-(PLACE**2)), "near", label="decay"),
        meant(
            "and where $‖Aw‖ ≥ σ‖w‖$",
            related(_LEAST**2 * _SQUARE, "<=", over_coordinates(_COORDINATE[_C] ** 2, _C)),
            _NAMES,
            label="least",
        ),
        combination(
            "$B(θ) ⪰ e^{−ρ²}σ²I$ on the whole ball.",
            related(decay * _LEAST**2 * _SQUARE, "<=", POSTERIOR_IMAGE),
            {"simple": 1, "decay": IMAGE, "least": decay, "image": decay},
        ),
    )


def _consequence_steps() -> tuple[Step, ...]:
    a, d, r = ALPHA, DIMENSION, RADIUS
    chosen = r * sympy.sqrt(2 / d)
    at_chosen = d / 2 * (sympy.log(1 + 2 * a) - 2 * sympy.log(1 + a)) - d * a**2 / (2 * (1 + a) * (1 + 2 * a))
    power = (sympy.sqrt(sympy.E) * (1 + chosen)) ** (-d / 2)
    return (
        inequality(
            "At $α = r√(2/D)$, that is $r² = Dα²/2$, the exponent is above $−D/4$,",
            related(-d / 4, "<", -d * a**2 / (2 * (1 + a) * (1 + 2 * a))),
            label="exponent",
        ),
        inequality("and $1 + 2α$ is at least $1 + α$,", related(1 + a, "<=", 1 + 2 * a), label="linear"),
        monotone(
            "also on the scale of logarithms.",
            related(sympy.log(1 + a), "<=", sympy.log(1 + 2 * a)),
            sympy.log(PLACE),
            "linear",
            label="logarithms",
        ),
        combination(
            "So the logarithm of $b$ exceeds $−D/4 − (D/2) log(1 + α)$ there.",
            related(-d / 4 - d / 2 * sympy.log(1 + a), "<", at_chosen),
            {"exponent": 1, "logarithms": d / 2},
            label="log power",
        ),
        monotone(
            "$b ≥ (√e (1 + α))^{−D/2}$,",
            related((sympy.sqrt(sympy.E) * (1 + a)) ** (-d / 2), "<", sympy.exp(at_chosen)),
            sympy.exp(PLACE),
            "log power",
            label="power",
        ),
        instance(
            "where $α = r√(2/D)$:", power, "<", sympy.exp(log_factor(chosen)), "power", {a: chosen}, label="power of r"
        ),
        instance(
            "the bound at this $α$ is",
            related(sympy.exp(log_factor(chosen)) * IMAGE, "<=", POSTERIOR_IMAGE),
            "bound",
            {a: chosen},
            label="bound at α",
        ),
        combination("a power of $r$.", power * IMAGE, "<=", POSTERIOR_IMAGE, {"power of r": IMAGE, "bound at α": 1}),
    )
