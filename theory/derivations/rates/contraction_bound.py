"""An explicit bound on the contraction factor, for every number of components, dimension and radius."""

import sympy
from sympy import Integral

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, monotone
from emtheory.theory.proof.words import citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("an explicit bound on the contraction factor", 0, general=True)

ALPHA, RADIUS = sympy.symbols("alpha r", nonnegative=True)
DIMENSION = sympy.Symbol("D", positive=True)
IMAGE, POSTERIOR_IMAGE = sympy.symbols("‖Aw‖² E‖Gw‖²", nonnegative=True)

_COORDINATE = sympy.Symbol("(Aw)_i", real=True)
_FACTOR, _LOSS = sympy.symbols("lambda c", real=True)
_NORM = sympy.Symbol("‖w_j‖", nonnegative=True)
_F = sympy.Symbol("F", real=True)
_H = sympy.Function("h", positive=True)
_LOG_MEAN = sympy.Function("L", real=True)
_I, _J, _N = component("i"), component("j"), component("n")
_WEIGHTS, _INNER = family("pi", positive=True), family("c")


def log_factor(alpha: sympy.Expr, radius: sympy.Expr = RADIUS) -> sympy.Expr:
    """Log of the factor by which B(θ) is at least AᵀA, at ‖θ‖ = r."""
    shape = DIMENSION / 2 * (sympy.log(1 + 2 * alpha) - 2 * sympy.log(1 + alpha))
    return shape - radius**2 / ((1 + alpha) * (1 + 2 * alpha))


def _statement() -> Proposition:
    a, r, d = ALPHA, RADIUS, DIMENSION
    shape = ((1 + 2 * a) / (1 + a) ** 2) ** (d / 2)
    power = (sympy.sqrt(sympy.E) * (1 + r * sympy.sqrt(2 / d))) ** (-d / 2)
    return Proposition(
        variables=(
            Variable(a, sympy.Interval(0, sympy.oo)),
            Variable(r, sympy.Interval(0, sympy.oo), "$‖θ‖$"),
            Variable(d, sympy.Interval.open(0, sympy.oo), "the dimension of a space with all $U_iθ − U_jθ$ in it, $W$"),
            Variable(IMAGE, sympy.Interval(0, sympy.oo), "for any vector $w$, the square of Aw"),
            Variable(POSTERIOR_IMAGE, sympy.Interval(0, sympy.oo), "$⟨w, B(θ)w⟩$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            related(shape * sympy.exp(-(r**2) / ((1 + a) * (1 + 2 * a))) * IMAGE, "<=", POSTERIOR_IMAGE),
            related(sympy.exp(-(r**2)) * IMAGE, "<=", POSTERIOR_IMAGE),
            related(power * IMAGE, "<=", POSTERIOR_IMAGE),
        ),
        note="$B(θ) ⪰ b AᵀA$; with $w$ of frequency $m$, $β_m(θ) ≥ b|π̂_m|²$",
    )


def derive_general() -> Derivation:
    """Derive B(θ) ⪰ b AᵀA with b explicit in ‖θ‖ and the dimension D of the span of the means' differences."""
    return STATEMENT.derivation(
        name="contraction-bound",
        statement=_statement(),
        source="not in the paper, which calls the size of the neighbourhood an open question (4)",
        scope="every $k$, all weights, any orthogonal maps, any $d$ and every $θ$; $D$ is that of the span of the "
        "differences $U_iθ − U_jθ$, at most $min(d, k − 1)$, or any larger number",
        steps=(*_variational_steps(), *_gaussian_steps(), *_bound_steps(), *_consequence_steps()),
    )


def _variational_steps() -> tuple[Step, ...]:
    h = _H(ALPHA)
    random = (_F, h)
    entry, y, x = family("u"), family("y"), sympy.Symbol("x", nonnegative=True)
    partition = total(_WEIGHTS[_N] * sympy.exp(y[_N]), _N)
    weighted = _WEIGHTS[_J] * sympy.exp(y[_J])
    damping = sympy.exp(-ALPHA * x / 2)
    return (
        equation(
            "What the $U_jθ$ have outside $W$ is the same for all, and cancels from the posterior: with $w_j$ and "
            "$X_W$ the projections of $U_jθ$ and $X$ on $W$, $y_j = ⟨X_W, w_j⟩$, $S = ∑_j π_j e^{y_j}$, $h = S "
            "e^{−α‖X_W‖²/2}$. A coordinate of Gw is $F = ∑_jγ_ju_j$, $u_j$ that of $U_jw$: hF is free of the "
            "quotient; $x = ‖X_W‖²$.",
            damping * partition * total(weighted / partition * entry[_J], _J),
            total(_WEIGHTS[_J] * sympy.exp(y[_J] - ALPHA * x / 2) * entry[_J], _J),
            label="numerator",
        ),
        inequality("A square is not negative.", 0, "<=", Mean((_F - _FACTOR * h) ** 2, random), label="square"),
        combination(
            "Multiplied out, for every $λ$ (Cauchy and Schwarz, before $λ$ is chosen).",
            2 * _FACTOR * Mean(_F * h, random) - _FACTOR**2 * Mean(h**2, random),
            "<=",
            Mean(_F**2, random),
            {"square": 1},
            label="Schwarz",
        ),
    )


def _gaussian_steps() -> tuple[Step, ...]:
    h = _H(ALPHA)
    random = (_F, h)
    a, z, u, v = sympy.symbols("a z p q", real=True)
    s, loss = sympy.symbols("s c", real=True)
    precision = sympy.Symbol("tau", positive=True)
    centred = z - a / (1 + ALPHA)
    square = _NORM**2
    log_mean = related(_LOG_MEAN(s, ALPHA), "==", s / (2 * (1 + ALPHA)) - DIMENSION / 2 * sympy.log(1 + ALPHA))
    single = square / (2 * (1 + ALPHA)) - DIMENSION / 2 * sympy.log(1 + ALPHA)

    def double(inner: sympy.Expr) -> sympy.Expr:
        return (square + inner) / (1 + 2 * ALPHA) - DIMENSION / 2 * sympy.log(1 + 2 * ALPHA)

    mass = total(_WEIGHTS[_I] * _WEIGHTS[_J], _I, _J)
    pairs = total(_WEIGHTS[_I] * _WEIGHTS[_J] * sympy.exp(double(_INNER[_I, _J])), _I, _J)
    bound = mass * sympy.exp(double(square))
    return (
        equation(
            "One coordinate $z$ of $X_W$, along $a$: the exponent of $e^{az − αz²/2} φ(z)$ is a complete square,",
            a * z - ALPHA * z**2 / 2 - z**2 / 2,
            a**2 / (2 * (1 + ALPHA)) - (1 + ALPHA) * centred**2 / 2,
            label="complete square",
        ),
        equation(
            "and its Gaussian integral is $τ^{−1/2}$ with $τ = 1 + α$.",
            Integral(sympy.exp(-precision * z**2 / 2), (z, -sympy.oo, sympy.oo)) / sympy.sqrt(2 * sympy.pi),
            1 / sympy.sqrt(precision),
            label="integral",
        ),
        prose(
            "The $D$ coordinates of $X_W$ are independent: for a in $W$ with $s = ‖a‖²$, $L(s, α) = log E e^{⟨a,X⟩ "
            "− α‖X_W‖²/2}$ is the sum of $s/(2(1+α))$ and $D$ times the logarithm of $(1+α)^{−1/2}$.",
            log_mean,
            label="log mean",
            given=("complete square", "integral"),
            under=("normal data",),
        ),
        instance(
            "All $w_j$ have the same norm, as the $U_jθ$ have and their rests are the same:",
            related(_LOG_MEAN(square, ALPHA), "==", single),
            "log mean",
            {s: square},
            label="one mean",
        ),
        instance(
            "and $‖w_i + w_j‖² = 2‖w_j‖² + 2c$ with $c = ⟨w_i, w_j⟩$; in $h²$ there is $2α$ in the place of $α$.",
            related(_LOG_MEAN(2 * square + 2 * loss, 2 * ALPHA), "==", double(loss)),
            "log mean",
            {s: 2 * square + 2 * loss, ALPHA: 2 * ALPHA},
            label="two means",
        ),
        prose(
            "$E$ hF $= ∑_j π_j u_j e^{L(‖w_j‖², α)}$, and $∑_jπ_ju_j$ is a coordinate of Aw.",
            related(Mean(_F * h, random), "==", _COORDINATE * sympy.exp(single)),
            label="numerator mean",
            given=("numerator", "one mean"),
            under=("orthogonal maps",),
        ),
        prose(
            "$E h² = ∑_{ij} π_iπ_j e^{L(2‖w_j‖² + 2c_{ij}, 2α)}$.",
            related(Mean(h**2, random), "==", pairs),
            label="denominator mean",
            given=("two means",),
            under=("orthogonal maps",),
        ),
        inequality("$p$ and $q$ are a coordinate of two means:", u * v, "<=", (u**2 + v**2) / 2, label="coordinates"),
        prose(
            "summed over the coordinates $c_{ij} ≤ ‖w_j‖²$, as both have this norm.",
            related(_INNER[_I, _J], "<=", square),
            label="inner products",
            given=("coordinates",),
            under=("orthogonal maps",),
        ),
        monotone(
            "The logarithm $L(2‖w_j‖² + 2c, 2α)$ increases in $c$, and so does $E h²$:",
            pairs,
            "<=",
            bound,
            total(_WEIGHTS[_I] * _WEIGHTS[_J] * sympy.exp(double(PLACE)), _I, _J),
            "inner products",
            label="denominator",
        ),
        prose("The weights sum to 1.", related(mass, "==", sympy.S.One), label="mass", under=("weights",)),
    )


def _bound_steps() -> tuple[Step, ...]:
    h = _H(ALPHA)
    random = (_F, h)
    square, own = _NORM**2, sympy.exp(log_factor(ALPHA, _NORM))
    first = sympy.exp(square / (2 * (1 + ALPHA)) - DIMENSION / 2 * sympy.log(1 + ALPHA))
    second = sympy.exp(2 * square / (1 + 2 * ALPHA) - DIMENSION / 2 * sympy.log(1 + 2 * ALPHA))
    return (
        combination(
            "Together, for every $λ$,",
            2 * _FACTOR * _COORDINATE * first - _FACTOR**2 * second,
            "<=",
            Mean(_F**2, random),
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
            related(own * _COORDINATE**2, "<=", Mean(_F**2, random)),
            "every factor",
            {_FACTOR: _COORDINATE * first / second},
            label="coordinate",
        ),
        prose(
            "summed over the coordinates: a bound like that wanted.",
            related(own * IMAGE, "<=", POSTERIOR_IMAGE),
            label="own bound",
            given=("coordinate",),
        ),
        prose(
            "A projection is not longer than $θ$:",
            related(square, "<=", RADIUS**2),
            label="norm",
            under=("orthogonal maps",),
        ),
        combination(
            "the exponent falls with the norm,",
            log_factor(ALPHA),
            "<=",
            log_factor(ALPHA, _NORM),
            {"norm": 1 / ((1 + ALPHA) * (1 + 2 * ALPHA))},
            label="exponents",
        ),
        monotone(
            "and so does the factor",
            sympy.exp(log_factor(ALPHA)) * IMAGE,
            "<=",
            own * IMAGE,
            sympy.exp(PLACE) * IMAGE,
            "exponents",
            label="factors",
        ),
        combination(
            "$b‖Aw‖² ≤ E‖Gw‖²$.",
            sympy.exp(log_factor(ALPHA)) * IMAGE,
            "<=",
            POSTERIOR_IMAGE,
            {"factors": 1, "own bound": 1},
            label="bound",
        ),
        combination(
            "That is",
            ((1 + 2 * ALPHA) / (1 + ALPHA) ** 2) ** (DIMENSION / 2)
            * sympy.exp(-(RADIUS**2) / ((1 + ALPHA) * (1 + 2 * ALPHA)))
            * IMAGE,
            "<=",
            POSTERIOR_IMAGE,
            {"bound": 1},
        ),
        instance(
            "At $α = 0$ the bound is $B(θ) ⪰ e^{−r²} AᵀA$.",
            related(sympy.exp(-(RADIUS**2)) * IMAGE, "<=", POSTERIOR_IMAGE),
            "bound",
            {ALPHA: sympy.S.Zero},
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
            -d / 4,
            "<",
            -d * a**2 / (2 * (1 + a) * (1 + 2 * a)),
            label="exponent",
        ),
        inequality("and $1 + 2α$ is at least $1 + α$,", 1 + a, "<=", 1 + 2 * a, label="linear"),
        monotone(
            "also on the scale of logarithms.",
            sympy.log(1 + a),
            "<=",
            sympy.log(1 + 2 * a),
            sympy.log(PLACE),
            "linear",
            label="logarithms",
        ),
        combination(
            "So the logarithm of $b$ exceeds $−D/4 − (D/2) log(1 + α)$ there.",
            -d / 4 - d / 2 * sympy.log(1 + a),
            "<",
            at_chosen,
            {"exponent": 1, "logarithms": d / 2},
            label="log power",
        ),
        monotone(
            "$b ≥ (√e (1 + α))^{−D/2}$,",
            (sympy.sqrt(sympy.E) * (1 + a)) ** (-d / 2),
            "<",
            sympy.exp(at_chosen),
            sympy.exp(PLACE),
            "log power",
            label="power",
        ),
        instance(
            "where $α = r√(2/D)$:",
            related(power, "<", sympy.exp(log_factor(chosen))),
            "power",
            {a: chosen},
            label="power of r",
        ),
        instance(
            "the bound at this $α$ is",
            related(sympy.exp(log_factor(chosen)) * IMAGE, "<=", POSTERIOR_IMAGE),
            "bound",
            {a: chosen},
            label="bound at α",
        ),
        combination("a power of $r$.", power * IMAGE, "<=", POSTERIOR_IMAGE, {"power of r": IMAGE, "bound at α": 1}),
        citation(
            "spectral theorem",
            "$B(θ)$ is symmetric with $λI ⪯ B(θ) ⪯ I$, $λ = b σ_{min}(A)²$; so $M(θ) = (I − B(θ))θ$ (statement "
            "stein-identity) gives $‖M(θ)‖ ≤ (1 − λ)‖θ‖$: linear convergence from every start, with an explicit "
            "factor. In the cyclic case $AᵀA$ and $B$ are diagonal in frequency: $β_m(θ) ≥ b|π̂_m|²$.",
        ),
        prose(
            "The bound depends on $d$ only through $D ≤ min(d, k − 1)$, and for $α = 0$ not even through $k$: the "
            "neighbourhood of open question 4 is the whole space, the price is the factor $b$."
        ),
    )
