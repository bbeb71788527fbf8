"""Three components on a simplex: a step of EM for θ and the weights, against that for uniform weights."""

from collections.abc import Sequence

import sympy
from sympy import Derivative, Integer, Interval, Rational, Subs, exp, oo, sqrt

from emtheory.theory.derivations.model import stein_identity
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.meant.vectors import DATA, Inner, Unit
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, definition, prose

STATEMENT = Statement(
    __name__, "three components: a step of EM for $θ$ and the weights", 3, general=False, smallest_k=3
)

_R, _LATER, _S, _NEW = sympy.symbols("r r' sigma σ'", positive=True)
_Q, _B = sympy.symbols("q beta", nonnegative=True)
_APART, _INNER = sympy.Symbol("V", nonnegative=True), sympy.Symbol("⟨π̂|π̂'⟩", real=True)
_PART, _MOVED = sympy.symbols("x x'", real=True, nonzero=True)
_E, _P = (sympy.symbols(f"{name}_0:3", positive=True) for name in "ep")
_Z, _H, _Y, _G, _X = (sympy.symbols(f"{name}_1:3", real=True) for name in "zhygx")
_VERTICES = ((Integer(1), Integer(0)), *((-Rational(1, 2), sign * sqrt(3) / 2) for sign in (1, -1)))


def _dot(a: Sequence[sympy.Expr], b: Sequence[sympy.Expr]) -> sympy.Expr:
    return a[0] * b[0] + a[1] * b[1]


def _centre(masses: Sequence[sympy.Expr]) -> tuple[sympy.Expr, ...]:
    """The centre of the vertices with these masses."""
    return tuple(
        sympy.Add(*(mass * v[axis] for mass, v in zip(masses, _VERTICES, strict=True))) / sympy.Add(*masses)
        for axis in (0, 1)
    )


def _names() -> dict[sympy.Basic, sympy.Expr]:
    """The transforms z of the weights, and y and g of the posteriors for uniform weights and for these."""
    masses = [weight * mass for weight, mass in zip(_P, _E, strict=True)]
    return dict(zip((*_Z, *_Y, *_G), (*_centre(_P), *_centre(_E), *_centre(masses)), strict=True))


def _apart() -> sympy.Expr:
    """By what the posterior for the weights is farther along their transform than that for uniform weights."""
    pairs = sympy.Add(*(_E[n] * _E[n - 1] * (_P[n] - _P[n - 1]) ** 2 for n in range(3)))
    both = sympy.Add(*(weight * mass for weight, mass in zip(_P, _E, strict=True)))
    return 3 * pairs / (2 * sympy.Add(*_E) * sympy.Add(*_P) * both)


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_R, POSITIVE, "the norm of the part of $θ$ in the plane of the simplex"),
            Variable(_LATER, POSITIVE, "that after the step"),
            Variable(_S, POSITIVE, "$|π̂_1|$ at the weights, which is $σ_{min}(A)$ in that plane"),
            Variable(_NEW, POSITIVE, "that after the step"),
            Variable(_B, Interval(0, oo), "$β_1(θ)$ for these weights"),
            Variable(_Q, Interval(0, oo), "$β_1(θ)$ for uniform weights"),
            Variable(_INNER, REAL, "the scalar product of $π̂_1$ before and after the step, as vectors of the plane"),
        ),
        hypotheses=("weights", "cyclic maps", "normal data", "unknown weights"),
        exist_under={
            _B: ("weights", "cyclic maps"),
            _Q: ("cyclic maps", "normal data"),
            _LATER: ("weights", "cyclic maps", "normal data"),
            **dict.fromkeys((_NEW, _INNER), ("weights", "cyclic maps", "normal data", "unknown weights")),
        },
        conclusions=(
            related(_LATER**2, "==", ((1 - _B) * _R) ** 2),
            related(_B, "<=", 1),
            related(_NEW**2 + _LATER**2 / 2, "<=", _B),
            related((1 - _Q - 3 * _S * _Q) * _S, "<=", _NEW),
            related(_NEW, "<=", (1 - _Q + 3 * _S * _Q) * _S),
            related(_Q, "<=", _R**2 * (1 + 3 * _Q) / 2),
            related(0, "<", _INNER),
        ),
        note="from weights that are not all equal no step leads to equal ones; $q$ is $r²/2$ to leading order near 0",
        source="not in the paper, whose weights are known; open question 2",
        scope="$k = 3$, all weights but uniform ones, any $d ≥ 2$, every $θ$; the covariance is known",
        k=k,
        steps=(*_weight_steps(), *_step_steps(), *_uniform_steps()),
    )


def _weight_steps() -> tuple[Step, ...]:
    z, h, y, g = _Z, _H, _Y, _G
    a, along, w = _dot(h, z), _dot(h, g), _dot(z, y)
    turned = (h[0] * z[0] - h[1] * z[1], -h[0] * z[1] - h[1] * z[0])
    v = _dot((h[0] + turned[0], h[1] + turned[1]), y)
    most, random = (a + v) * (1 - 2 * w) + 4 * w**2, (*y, *g, _APART)
    moments = {y[0]: 0, y[1]: 0, y[0] ** 2: _Q / 2, y[1] ** 2: _Q / 2, y[0] * y[1]: 0}
    factors = {f"moment {n}": -sympy.Poly(most, *y).coeff_monomial(value) for n, value in enumerate(moments)}
    return (
        meant(
            "With $z$, $y$ and $g$ the transforms of the weights and of the posteriors for uniform weights and for "
            "these, as vectors in the plane of a triangle, and any $h$",
            related(along * (1 + 2 * w), "==", a + v),
            _names(),
            label="posterior",
        ),
        meant("$g$ is in the triangle.", related(_dot(g, g), "<", 1), _names(), label="triangle"),
        inequality("As", related(2 * along, "<=", _dot(h, h) + _dot(g, g)), label="product"),
        assumption("if $h$ is a unit vector,", related(_dot(h, h), "==", 1), label="unit"),
        combination(
            "$⟨h, g⟩$ is",
            related(along, "<=", most),
            {"posterior": 2 * w - 1, "product": 2 * w**2, "triangle": 2 * w**2, "unit": -2 * w**2},
            label="pointwise",
        ),
        monotone(
            "on average", Mean(along, random), "<=", Mean(most, random), Mean(PLACE, random), "pointwise", label="mean"
        ),
        *(
            citation(
                "Schur's lemma",
                "and" if n else "The symmetries of the triangle turn $y$ with $X$ and keep the law of $X$:",
                related(Mean(value, random), "==", moment),
                label=f"moment {n}",
                under=("normal data",),
            )
            for n, (value, moment) in enumerate(moments.items())
        ),
        meant(
            "At $h = z$, with $V = (3/2) ∑_{i<j} e_ie_j(p_i − p_j)²$ over the product of the sums of $e$, $p$ and $pe$,"
            " $p$ the weights and $e_i = e^{r⟨X, v_i⟩}$,",
            related(_dot(z, g), "==", w + _APART),
            {**_names(), _APART: _apart()},
            label="apart",
        ),
        equation(
            "on average", Mean(_dot(z, g), random), Mean(w + _APART, random), label="mean apart", given=("apart",)
        ),
        prose("where $V > 0$, as the weights are not all equal;", 0, "<", Mean(_APART, random), label="unequal"),
        citation(
            "dominated convergence",
            "$E g$ is the transform of the new weights:",
            related(_INNER, "==", Mean(_dot(z, g), random)),
            label="new weights",
        ),
        combination(
            "$E y = 0$, so that",
            related(0, "<", _INNER),
            {"new weights": 1, "mean apart": 1, "unequal": 1, "moment 0": z[0], "moment 1": z[1]},
        ),
        meant("With $σ$ the norm of $z$", related(_S**2, "==", _dot(z, z)), {_S: sqrt(_dot(z, z))}, label="norm"),
        inequality(
            "and as squares are not negative,",
            related(0, "<=", (z[0] + turned[0]) ** 2 + (z[1] + turned[1]) ** 2),
            label="square",
        ),
        combination(
            "so that",
            related(Mean(along, random), "<=", (1 - _Q) * a + 3 * _S**2 * _Q),
            {"mean": 1, **factors, "square": _Q / 2, "unit": -_Q * _dot(z, z) / 2, "norm": 3 * _Q},
            label="along",
        ),
        prose(
            "The transform of the new weights is $E g$. With $h$ against $z$",
            related((1 - _Q - 3 * _S * _Q) * _S, "<=", _NEW),
            given=("along",),
            discharging=("unit",),
        ),
        prose("and with $h$ along it", _NEW, "<=", (1 - _Q + 3 * _S * _Q) * _S),
    )


def _step_steps() -> tuple[Step, ...]:
    g, x, size = _G, _X, {_R: sympy.Abs(_PART), _LATER: sympy.Abs(_MOVED)}
    random = (*g, *x)
    quoted = made(stein_identity.derive_general).quoted

    def mean(value: sympy.Expr) -> sympy.Expr:
        return Mean(value, random)

    return (
        quoted(
            "In the plane (statement stein-identity)",
            4,
            {"⟨f_m|θ⟩": _PART, "beta_m": _B, "⟨f_m|M(θ)⟩": _MOVED},
            label="part",
        ),
        meant("so that", related(_LATER**2, "==", ((1 - _B) * _R) ** 2), size, given=("part",), label="step"),
        quoted("and", 6, {"beta_m": _B}, label="one"),
        inequality(
            "With coordinates $g_1$ of $g$ and $x_1$ of $X$ along the transform of the new weights, and others across,",
            related(0, "<=", mean((g[0] - _NEW - _LATER * x[0] / 2) ** 2 + (g[1] - _LATER * x[1] / 2) ** 2)),
            label="squares",
        ),
        prose("where $E‖g‖²$ is $β$,", mean(_dot(g, g)), "==", _B, label="power"),
        citation(
            "dominated convergence",
            "the new weights are the means of the posteriors, $E g_1$ the norm of their transform,",
            related(mean(g[0]), "==", _NEW),
            label="E-step",
        ),
        prose("and $E⟨g, X⟩ = E ∑_j γ_j⟨v_j, X⟩$ that of $M(θ)$,", mean(_dot(g, x)), "==", _LATER, label="M-step"),
        *(
            meant(
                "and",
                related(mean(value), "==", moment),
                {x[0]: Inner(DATA, Unit("e")), x[1]: Inner(DATA, Unit("f"))},
                label=label,
                under=("normal data",),
            )
            for label, value, moment in (("x", x[0], 0), ("x²", x[0] ** 2, 1), ("other x²", x[1] ** 2, 1))
        ),
        combination(
            "$β$ is at least",
            related(_NEW**2 + _LATER**2 / 2, "<=", _B),
            {"squares": 1, "power": -1, "E-step": 2 * _NEW, "M-step": _LATER, "x": -_NEW * _LATER}
            | dict.fromkeys(("x²", "other x²"), -(_LATER**2) / 4),
        ),
    )


def _uniform_steps() -> tuple[Step, ...]:
    y, b, shift = _Y, _dot(_Y, _Y), sympy.Symbol("s", real=True)
    norm = _R**2 * ((1 - b) ** 2 + (y[0] - y[0] ** 2 + y[1] ** 2) ** 2 + (y[1] + 2 * y[0] * y[1]) ** 2) / 2
    ceiling = _R**2 * (1 + 3 * b) / 2
    moved = (
        value
        for axis in (0, 1)
        for value in _centre([mass * exp(shift * _R * v[axis]) for mass, v in zip(_E, _VERTICES, strict=True)])
    )
    return (
        equation(
            "For uniform weights the squares of the slopes of $y$ in $X$ add up to",
            sympy.Add(*(Subs(Derivative(value, shift), shift, 0) ** 2 for value in moved)),
            norm.xreplace(dict(zip(y, _centre(_E), strict=True))),
            label="slopes",
        ),
        meant("$y$ is in the triangle.", related(b, "<", 1), _names(), label="uniform triangle"),
        definition("$q = E‖y‖²$ is,", _Q, Mean(b, y), label="q"),
        citation(
            "Poincaré inequality",
            "as $E y = 0$, at most",
            related(_Q, "<=", Mean(norm, y)),
            label="Poincaré",
            given=("slopes",),
        ),
        inequality(
            "As squares are not negative,",
            related(0, "<=", (y[0] + y[0] ** 2 - y[1] ** 2) ** 2 + (y[1] - 2 * y[0] * y[1]) ** 2),
            label="parallelogram",
        ),
        combination(
            "so that",
            related(norm, "<=", ceiling),
            {"parallelogram": _R**2 / 2, "uniform triangle": 3 * _R**2 * b / 2},
            label="norm of slopes",
        ),
        monotone("on average", Mean(norm, y), "<=", Mean(ceiling, y), Mean(PLACE, y), "norm of slopes", label="slow"),
        combination("$q$ is hardly more than $r²/2$.", _Q, "<=", _R**2 * (1 + 3 * _Q) / 2, {"Poincaré": 1, "slow": 1}),
    )
