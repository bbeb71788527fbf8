"""The origin is the only stationary point, for all weights and any matrices: what the gradient and KL are at least."""

import sympy
from sympy import Derivative, Integral, Interval, Subs, oo

from emtheory.theory.mixture import generic_partition, generic_posterior
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Unit, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, either, equation, inequality, instance, meant, monotone
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "0 is the only stationary point, for all weights and maps")

_RADIUS, _DIMENSION, _FACTOR, _NORM = sympy.symbols("r D lambda S", positive=True)
_S = sympy.Symbol("s", positive=True)
_FORM, _KL = sympy.Function("f", real=True), sympy.Function("KL", real=True)
_SLOPE, _FITTED, _PRODUCT, _POWER = sympy.symbols("F S' E⟨X|v⟩ E‖v‖²", real=True)
_SPACE = sympy.Symbol("d", integer=True, positive=True)
_SQUARE = sympy.Symbol("‖X‖²", nonnegative=True)
_X, _V, _COMMON, _MOVED = sympy.symbols("x v a h", real=True)
_I, _J, _N = (component(name) for name in "ijn")
_G, _MEANS = family("g", positive=True), family("v")
_P, _Y, _C = family("p", positive=True), family("y"), family("c")
_OBSERVED, _LENGTH = family("b"), family("l")
_NAMES = {_X: Inner(DATA, Unit("e")), _SQUARE: Inner(DATA, DATA)}
_RANDOM = (_P, _Y)


def derive_general() -> Derivation:
    r, dimension = _RADIUS, _DIMENSION
    return STATEMENT.derivation(
        variables=(
            Variable(r, POSITIVE, "$‖θ‖$"),
            Variable(dimension, POSITIVE, "at least the dimension of the span of the differences of the means"),
            Variable(_NORM, POSITIVE, "$E ∑_j γ_j‖L_jθ‖²$, for orthogonal maps $r²$"),
            Variable(_SLOPE, REAL, "$⟨θ, ∇ℓ(θ)⟩$, the slope of KL at $θ$ along the ray from 0"),
            Variable(_SPACE, sympy.Range(1, oo), "the dimension of $X$"),
        ),
        hypotheses=("weights", "linear tying", "orthogonal maps", "normal data"),
        exist_under={
            **dict.fromkeys((_SLOPE, _FORM), ("weights",)),
            _KL: ("weights", "normal data"),
            **dict.fromkeys((_NORM, _FITTED), ("weights", "linear tying")),
        },
        conclusions=(
            related(r**4, "<=", (dimension + 2 * r**2) * _FORM(r)),
            related(0, "<", _FORM(r)),
            related(r**4 / (4 * (dimension + 2 * r**2)), "<", _KL(r)),
            related(_NORM**2, "<=", (dimension + 2 * _NORM) * _SLOPE),
            related(0, "<", _SLOPE),
            related(_FITTED, "<=", _SPACE),
            related(_KL(r), "==", Integral(_FORM(_S * r) / _S, (_S, 0, 1))),
        ),
        note="for $θ ≠ 0$; $S' = E ∑_j γ_j‖L_jθ'‖²$, the posteriors at $θ$, $θ' = M(θ)$. For "
        "orthogonal maps $f(r)$ is $F$, and $KL(r)$ the divergence, at the point of norm $r$ on any one ray; $D$ "
        "may be $d$ or $k − 1$",
        source="not in the paper, whose convergence results need a condition on the weights",
        scope="every $k$, any weights, degenerate ones too, any $L_j$ with $N$ invertible, among them free means, any "
        "$d$, every $θ ≠ 0$; weights and covariance known",
        steps=(
            *_identity_steps(),
            *_coordinate_steps(),
            *_bound_steps(),
            *_orthogonal_steps(),
            *_divergence_steps(),
            *_step_steps(),
        ),
    )


def growth_steps(radius: sympy.Expr, form: sympy.Expr, dimension: sympy.Expr) -> tuple[Step, ...]:
    """‖θ‖⁴ ≤ (D + 2‖θ‖²)⟨θ, ∇ℓ(θ)⟩ for θ = 0, too, where a form is not negative."""
    growth = related(radius**4, "<=", (dimension + 2 * radius**2) * form)
    return (
        assumption("If $θ ≠ 0$,", related(0, "<", radius), label="away"),
        made(derive_general).quoted(
            "by statement stationary-point",
            0,
            {"r": radius, "f(r)": form, "D": dimension},
            within=("away",),
            label="growth away",
        ),
        assumption("if not,", related(radius, "<=", 0), label="at 0"),
        inequality("as the form is not negative", 0, "<=", (dimension + 2 * radius**2) * form, label="form sign"),
        combination("likewise,", growth, {"at 0": radius**3, "form sign": 1}, label="growth at 0"),
        either("so always.", growth, {"growth away": "away", "growth at 0": "at 0"}, label="growth"),
    )


def _gamma(index: sympy.Symbol, moved: sympy.Expr = sympy.S.Zero) -> sympy.Expr:
    """γ_index at the observation X + `moved` L_jθ."""
    return generic_posterior(_P, lambda n: moved * _C[_J, n], index)


def _power() -> sympy.Expr:
    """E‖Gθ‖²."""
    return Mean(total(_gamma(_J) * total(_gamma(_I) * _C[_J, _I], _I), _J), _RANDOM)


def _identity_steps() -> tuple[Step, ...]:
    u = sympy.Symbol("u", real=True)
    partition = generic_partition(_P, lambda n: u * _Y[n] - (u + u**2 / 2) * _C[n, n], _N)
    along = Subs(Derivative(_gamma(_J, _MOVED), _MOVED), _MOVED, 0)
    squares, observed = total(_gamma(_J) * _C[_J, _J], _J), total(_gamma(_J) * _Y[_J], _J)
    return (
        meant(
            "With $y_j = ⟨X, L_jθ⟩$, $c_{ij} = ⟨L_iθ, L_jθ⟩$ and $p_j = π_je^{y_j − c_{jj}/2}$ the posteriors are "
            "$p_j/∑p$. $E ∑_j γ_jc_{jj}$ is positive, as $N$ is invertible and so some mean is not 0:",
            related(_NORM, "==", Mean(squares, _RANDOM)),
            {_NORM: Mean(squares, _RANDOM)},
            label="norm",
        ),
        citation(
            "dominated convergence",
            "At $(1 + u)θ$ the loss is $−log ∑_j p_je^{uy_j − (u + u²/2)c_{jj}}$ and a constant. Its slope grows with "
            "$‖X‖$ no faster than linearly, so that $F = ⟨θ, ∇ℓ(θ)⟩$ is the mean of the slope at $u = 0$,",
            related(_SLOPE, "==", Mean(Subs(Derivative(-sympy.log(partition), u), u, 0), _RANDOM)),
            label="loss",
            under=("normal data",),
        ),
        equation("that is,", _SLOPE, _NORM - Mean(observed, _RANDOM), label="gradient", given=("loss", "norm")),
        citation(
            "Stein's lemma",
            "$E γ_jy_j$ is the mean of the derivative of $γ_j$ along $L_jθ$: from $X$ to $X + hL_jθ$ the exponent of "
            "$i$ grows by $hc_{ji}$.",
            related(Mean(observed, _RANDOM), "==", Mean(total(along, _J), _RANDOM)),
            label="Stein",
            under=("normal data",),
        ),
        equation(
            "That derivative is $γ_j(c_{jj} − ∑_i γ_ic_{ji})$, so that $F = E‖Gθ‖²$, $Gθ = ∑_j γ_jL_jθ$.",
            _SLOPE,
            _power(),
            given=("gradient", "norm", "Stein"),
            label="identity",
        ),
    )


def _coordinate_steps() -> tuple[Step, ...]:
    random = (_X, _V)
    mass = total(_G[_N], _N)
    return (
        equation(
            "Let $V$ be the span of the differences $L_iθ − L_jθ$: all means have the same part $a$ outside $V$. One "
            "coordinate of $Gθ$, with $γ = g/∑g$: the part $a$ stays, the rest is $v = ∑_j γ_jv_j$ in $V$.",
            total(_G[_J] / mass * (_COMMON + _MEANS[_J]), _J),
            _COMMON + total(_G[_J] / mass * _MEANS[_J], _J),
            label="parts",
        ),
        inequality(
            "$x$ and $v$ are a coordinate of $X$ and of $v$ in $V$: for every $λ > 0$, as $(λv − x)²$ is not negative,",
            related(2 * _X * _V, "<=", _FACTOR * _V**2 + _X**2 / _FACTOR),
            label="pointwise",
        ),
        monotone(
            "and in expectation",
            related(Mean(2 * _X * _V, random), "<=", Mean(_FACTOR * _V**2 + _X**2 / _FACTOR, random)),
            Mean(PLACE, random),
            "pointwise",
            label="mean",
        ),
        meant("where $E x² = 1$.", Mean(_X**2, random), "==", 1, _NAMES, label="variance", under=("normal data",)),
        combination(
            "That is",
            related(2 * Mean(_X * _V, random), "<=", _FACTOR * Mean(_V**2, random) + 1 / _FACTOR),
            {"mean": 1, "variance": -1 / _FACTOR},
            label="coordinate",
        ),
        prose(
            "This is summed over the coordinates of $V$, of which there are at most $D$.",
            related(2 * _PRODUCT, "<=", _FACTOR * _POWER + _DIMENSION / _FACTOR),
            label="every factor",
            given=("coordinate",),
        ),
    )


def _bound_steps() -> tuple[Step, ...]:
    bound = _DIMENSION + 2 * _NORM
    return (
        prose(
            "$E⟨X, a⟩ = 0$, so $E⟨X, Gθ⟩ = E⟨X, v⟩$:",
            related(Mean(total(_gamma(_J) * _Y[_J], _J), _RANDOM), "==", _PRODUCT),
            label="product",
            given=("parts",),
        ),
        prose("By Pythagoras $E‖Gθ‖² = ‖a‖² + E‖v‖²$.", _POWER, "<=", _power(), label="power"),
        combination(
            "The two together,",
            related(2 * _NORM - 2 * _SLOPE, "<=", _FACTOR * _SLOPE + _DIMENSION / _FACTOR),
            {"every factor": 1, "gradient": 2, "product": -2, "power": _FACTOR, "identity": _FACTOR},
            label="both",
        ),
        instance(
            "with $λ = D/S$,",
            related(2 * _NORM - 2 * _SLOPE, "<=", _DIMENSION * _SLOPE / _NORM + _NORM),
            "both",
            {_FACTOR: _DIMENSION / _NORM},
            label="best",
        ),
        combination(
            "times $S$: no condition on the weights or the maps.",
            related(_NORM**2, "<=", bound * _SLOPE),
            {"best": _NORM},
            label="bound of all",
        ),
        combination("Divided,", _NORM**2 / bound, "<=", _SLOPE, {"bound of all": 1 / bound}, label="quotient of all"),
        inequality("the left side is positive:", related(0, "<", _NORM**2 / bound), label="sign of all"),
        combination(
            "$∇ℓ(θ) ≠ 0$ for $θ ≠ 0$, there is no other stationary point, and KL grows along every ray from 0.",
            related(0, "<", _SLOPE),
            {"sign of all": 1, "quotient of all": 1},
            label="slope of KL",
        ),
    )


def _orthogonal_steps() -> tuple[Step, ...]:
    r, form = _RADIUS, _FORM(_RADIUS)
    bound = _DIMENSION + 2 * r**2
    return (
        meant(
            "Orthogonal maps give all means one norm,",
            related(_C[_J, _J], "==", _C[_I, _I]),
            {_C[_I, _J]: Inner(Image(_I, Vector("θ")), Image(_J, Vector("θ")))},
            label="norms",
            under=("orthogonal maps",),
        ),
        prose("that of $θ$,", related(_C[_I, _I], "==", r**2), label="own norm"),
        equation("and so on average.", _NORM, r**2, label="one norm", given=("norm", "norms", "own norm")),
        prose("On one ray $F$ is a function of $r$.", related(_SLOPE, "==", form), label="on the ray"),
        combination(
            "The bound,",
            related(r**4, "<=", bound * form),
            {"bound of all": 1, "one norm": _NORM + r**2 - 2 * _SLOPE, "on the ray": -bound},
            label="bound",
        ),
        combination("and", related(0, "<", form), {"slope of KL": 1, "on the ray": -1}, label="positive"),
    )


def _step_steps() -> tuple[Step, ...]:
    u = sympy.Symbol("u", real=True)
    changed = _SQUARE - 2 * u * _OBSERVED[_J] + u**2 * _LENGTH[_J]
    random = (_P, _OBSERVED, _SQUARE)

    def mean(value: sympy.Expr) -> sympy.Expr:
        return Mean(value, random)

    observed, fitted = total(_gamma(_J) * _OBSERVED[_J], _J), total(_gamma(_J) * _LENGTH[_J], _J)
    return (
        citation(
            "dominated convergence",
            "The M-step minimises $½E ∑_j γ_j‖X − L_jθ'‖²$, also along $uθ'$: with $b_j = ⟨X, L_jθ'⟩$ and $l_j = "
            "‖L_jθ'‖²$ the slope at $u = 1$ has mean 0:",
            related(0, "==", mean(Subs(Derivative(total(_gamma(_J) * changed / 2, _J), u), u, 1))),
            label="M-step",
            under=("normal data",),
        ),
        definition("With", _FITTED, mean(fitted), label="fitted"),
        prose(
            "The mean of $‖X − L_jθ'‖²$ under the posterior is not negative, as none of these is.",
            related(0, "<=", mean(_SQUARE) - 2 * mean(observed) + mean(fitted)),
            label="squares",
        ),
        meant("and $E‖X‖²$", related(mean(_SQUARE), "==", _SPACE), _NAMES, label="trace", under=("normal data",)),
        combination(
            "the new means are on average of a norm of at most $√d$.",
            related(_FITTED, "<=", _SPACE),
            {"squares": 1, "M-step": 2, "trace": -1},
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    r, s, dimension = _RADIUS, _S, _DIMENSION
    inside, bound = _FORM(s * r), dimension + 2 * r**2
    within = {s: Interval.open(0, 1)}
    return (
        instance(
            "At $sθ$, $0 < s < 1$,",
            related((s * r) ** 4, "<=", (dimension + 2 * (s * r) ** 2) * inside),
            "bound",
            {r: s * r},
            label="bound inside",
        ),
        instance("and", related(0, "<", inside), "positive", {r: s * r}, label="positive inside"),
        combination(
            "so that, divided by $s$,",
            related(s**3 * r**4 / bound, "<", inside / s),
            {"bound inside": 1 / (s * bound), "positive inside": 2 * r**2 * (1 - s**2) / (s * bound)},
            domain=within,
            label="integrand",
        ),
        monotone(
            "Integrated,",
            related(Integral(s**3 * r**4 / bound, (s, 0, 1)), "<", Integral(inside / s, (s, 0, 1))),
            Integral(PLACE, (s, 0, 1)),
            "integrand",
            label="integral",
        ),
        citation(
            "fundamental theorem of calculus",
            "where the right side is $ℓ(θ) − ℓ(0)$, KL, as $ℓ$ is smooth with $d/ds ℓ(sθ) = ⟨θ, ∇ℓ(sθ)⟩ = f(sr)/s$.",
            related(_KL(r), "==", Integral(inside / s, (s, 0, 1))),
            label="path",
        ),
        combination(
            "KL is at least of fourth order, with any weights.",
            related(r**4 / (4 * bound), "<", _KL(r)),
            {"integral": 1, "path": 1},
        ),
    )
