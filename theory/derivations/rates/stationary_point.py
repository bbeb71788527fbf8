"""The origin is the only stationary point, for all weights: what the gradient and KL are at least."""

import sympy
from sympy import Integral, Interval, oo

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import Proposition, Variable, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, instance, monotone, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("0 is the only stationary point, for all weights", 0, general=True)

_RADIUS, _DIMENSION, _FACTOR = sympy.symbols("r D lambda", positive=True)
_S = sympy.Symbol("s", positive=True)
_FORM, _KL = sympy.Function("f", real=True), sympy.Function("KL", real=True)
_PRODUCT, _POWER = sympy.symbols("E⟨X|v⟩ E‖v‖²", real=True)
_X, _V, _COMMON = sympy.symbols("x v a", real=True)
_J, _N = component("j"), component("n")
_G, _MEANS = family("g", positive=True), family("v")


def _statement() -> Proposition:
    r, dimension = _RADIUS, _DIMENSION
    return Proposition(
        variables=(
            Variable(r, Interval.open(0, oo), "$‖θ‖$"),
            Variable(dimension, Interval.open(0, oo), "at least the dimension of the span of the $U_iθ − U_jθ$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            related(r**4, "<=", (dimension + 2 * r**2) * _FORM(r)),
            related(0, "<", _FORM(r)),
            related(r**4 / (4 * (dimension + 2 * r**2)), "<", _KL(r)),
        ),
        note="$f(r)$ is $⟨θ, ∇ℓ(θ)⟩$ and $KL(r)$ the divergence, at the point $θ$ of norm $r$ on any one ray from "
        "0; $D$ may be $d$ or $k − 1$",
    )


def derive_general() -> Derivation:
    """Derive ⟨θ, ∇ℓ(θ)⟩ ≥ ‖θ‖⁴/(D + 2‖θ‖²) and KL > ‖θ‖⁴/(4(D + 2‖θ‖²)) for θ ≠ 0."""
    return Derivation(
        name="stationary-point",
        title=STATEMENT.title,
        statement=_statement(),
        source="not in the paper, whose convergence results need a condition on the weights",
        scope="every $k$, any weights, degenerate ones too, any orthogonal maps, any $d$, every $θ ≠ 0$",
        k=None,
        steps=(*_coordinate_steps(), *_gradient_steps(), *_divergence_steps()),
    )


def _coordinate_steps() -> tuple[Step, ...]:
    random = (_X, _V)
    mass = total(_G[_N], _N)
    return (
        equation(
            "Let $V$ be the span of the differences $U_iθ − U_jθ$: all means have the same part $a$ outside $V$. One "
            "coordinate of $Gθ = ∑_j γ_jU_jθ$, with $γ = g/Σg$: the part a stays, the rest is $v = ∑_j γ_jv_j$ in "
            "$V$.",
            total(_G[_J] / mass * (_COMMON + _MEANS[_J]), _J),
            _COMMON + total(_G[_J] / mass * _MEANS[_J], _J),
            label="parts",
        ),
        inequality(
            "$x$ and $v$ are a coordinate of $X$ and of $v$ in $V$: for every $λ > 0$, as $(λv − x)²$ is not negative,",
            2 * _X * _V,
            "<=",
            _FACTOR * _V**2 + _X**2 / _FACTOR,
            label="pointwise",
        ),
        monotone(
            "and in expectation",
            Mean(2 * _X * _V, random),
            "<=",
            Mean(_FACTOR * _V**2 + _X**2 / _FACTOR, random),
            Mean(PLACE, random),
            "pointwise",
            label="mean",
        ),
        prose("where $E x² = 1$.", related(Mean(_X**2, random), "==", 1), label="variance", under=("normal data",)),
        combination(
            "That is",
            2 * Mean(_X * _V, random),
            "<=",
            _FACTOR * Mean(_V**2, random) + 1 / _FACTOR,
            {"mean": 1, "variance": -1 / _FACTOR},
            label="coordinate",
        ),
        prose(
            "Summed over the coordinates of $V$, of which there are at most $D$:",
            related(2 * _PRODUCT, "<=", _FACTOR * _POWER + _DIMENSION / _FACTOR),
            label="every factor",
            given=("coordinate",),
        ),
    )


def _gradient_steps() -> tuple[Step, ...]:
    r, dimension, form = _RADIUS, _DIMENSION, _FORM(_RADIUS)
    bound = dimension + 2 * r**2
    return (
        prose(
            "Statement gradient: $∇ℓ(θ) = θ − E GᵀX$, and $E⟨X, a⟩ = 0$. So $⟨θ, ∇ℓ(θ)⟩ = ‖θ‖² − E⟨X, Gθ⟩$ is",
            related(form, "==", r**2 - _PRODUCT),
            label="gradient",
            given=("parts",),
            under=("weights", "orthogonal maps", "normal data"),
        ),
        prose(
            "Statement stein-identity: it is also $E‖Gθ‖² = ‖a‖² + E‖v‖²$.",
            related(_POWER, "<=", form),
            label="power",
            under=("weights", "orthogonal maps", "normal data"),
        ),
        combination(
            "The two together,",
            2 * r**2 - 2 * form,
            "<=",
            _FACTOR * form + dimension / _FACTOR,
            {"every factor": 1, "gradient": 2, "power": _FACTOR},
            label="both",
        ),
        instance(
            "with $λ = D/r²$,",
            related(2 * r**2 - 2 * form, "<=", dimension * form / r**2 + r**2),
            "both",
            {_FACTOR: dimension / r**2},
            label="best",
        ),
        combination(
            "times $r²$: no condition on the weights.", r**4, "<=", bound * form, {"best": r**2}, label="bound"
        ),
        combination("Divided,", r**4 / bound, "<=", form, {"bound": 1 / bound}, label="quotient"),
        inequality("the left side is positive,", 0, "<", r**4 / bound, label="sign"),
        combination(
            "so $∇ℓ(θ) ≠ 0$ for $θ ≠ 0$: there is no other stationary point, and none that EM could stop at.",
            0,
            "<",
            form,
            {"sign": 1, "quotient": 1},
            label="positive",
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
        instance(
            "and",
            related(0, "<", inside),
            "positive",
            {r: s * r},
            label="positive inside",
        ),
        combination(
            "so that, divided by $s$,",
            s**3 * r**4 / bound,
            "<",
            inside / s,
            {"bound inside": 1 / (s * bound), "positive inside": 2 * r**2 * (1 - s**2) / (s * bound)},
            domain=within,
            label="integrand",
        ),
        monotone(
            "Integrated,",
            Integral(s**3 * r**4 / bound, (s, 0, 1)),
            "<",
            Integral(inside / s, (s, 0, 1)),
            Integral(PLACE, (s, 0, 1)),
            "integrand",
            label="integral",
        ),
        prose(
            "where the right side is KL, as $d/ds ℓ(sθ) = ⟨θ, ∇ℓ(sθ)⟩ = f(sr)/s$.",
            related(_KL(r), "==", Integral(inside / s, (s, 0, 1))),
            label="path",
        ),
        combination(
            "KL is at least of fourth order, with any weights.",
            r**4 / (4 * bound),
            "<",
            _KL(r),
            {"integral": 1, "path": 1},
        ),
    )
