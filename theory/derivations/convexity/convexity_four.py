"""Four components on a simplex: the objective is strictly convex at every radius, for all weights."""

import sympy
from sympy import Rational, sqrt

from emtheory.theory.derivations.convexity import convexity_square, secant_mean
from emtheory.theory.derivations.convexity.convexity_square import (
    AXIS,
    DATA,
    END,
    EVEN,
    FORM,
    NEAR,
    NORM,
    ODD,
    PLANE,
    RADIUS,
    SCALE,
    SHARE,
    SIGNED,
    A,
    B,
    F,
    G,
    mean,
)
from emtheory.theory.derivations.convexity.secant_mean import bound, secants
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import PLACE, Step, combination, either, inequality, monotone
from emtheory.theory.proof.words import assumption, citation, prose

STATEMENT = Statement(
    __name__, "four components on a simplex: strict convexity at every radius", 4, general=False, smallest_k=4
)

_LEAST = sympy.Symbol("λ_min", real=True)
_FAR = Rational(1, 150)
"""Of ‖h‖²: a choice below what is left at the radius from which on it is shown."""
_SPLIT = Rational(13, 20)
"""A choice, that balances the two coefficients far out."""


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=(*convexity_square.VARIABLES, Variable(_LEAST, REAL, "the smallest eigenvalue of $∇²ℓ(θ)$")),
        hypotheses=("weights", "cyclic maps", "simplex", "normal data"),
        exist_under=dict.fromkeys((FORM, _LEAST), ("weights", "cyclic maps", "simplex", "normal data")),
        conclusions=(
            provided(related(_FAR * NORM, "<=", FORM), related(END, "<=", RADIUS**2)),
            related(NEAR * RADIUS**2 / (1 + RADIUS**2) * NORM, "<=", FORM),
            related(0, "<", _LEAST),
        ),
        note="so $ℓ$ is strictly convex around the whole ray for all weights, $θ = 0$ alone excepted; there the "
        "least eigenvalue is $min|π̂_m|²$, and 0 for some weights, uniform ones among them",
        source="not in the paper, which has strong convexity near the origin only; open question 4",
        scope="$k = 4$, all weights, $θ$ on the ray of the simplex, any $d$",
        k=k,
        steps=(*_secant_steps(k), *_far_steps(), *_eigenvalue_steps()),
    )


def _secant_steps(k: int) -> tuple[Step, ...]:
    """Means over one coordinate of the data, whatever number the weights add to it."""
    square = convexity_square.derive(k)
    names = {"a": A, "b": B, "⟨h|∇²ℓ(θ)h⟩": FORM}
    return (
        square.quoted("The form of $∇²ℓ$ is that of statement convexity-square,", 0, names, label="variance"),
        assumption("Let $r²$ be at most $63/16$.", related(RADIUS**2, "<=", END), label="near"),
        square.quoted("Then that statement says", 1, names | {"r": RADIUS}, ("near",), label="form near"),
        assumption("Now let $r²$ be at least $63/16$.", related(END, "<=", RADIUS**2), label="far"),
        monotone("As", related(sqrt(END), "<=", RADIUS), sqrt(PLACE), "far", label="radius"),
        *(
            step
            for name, share, power in (("plane", PLANE, 2), ("axis", AXIS, 2), ("mass", AXIS, 0))
            for step in _table_steps(name, sqrt(share), power)
        ),
    )


def _table_steps(name: str, share: sympy.Expr, power: int) -> tuple[Step, ...]:
    least, scale, relation = share * sqrt(END), share * RADIUS, "<=" if power else "<"
    shift = sympy.Symbol("e", real=True)
    size, place = sympy.Abs(sympy.Symbol("x", real=True) + shift), secants(sympy.S.One, power)
    return (
        combination("the number", least * size, "<=", scale * size, {"radius": share * size}, label=f"{name}, more"),
        monotone(
            "increases, and so does $cosh$: on average,",
            related(secants(scale, power), "<=", secants(least, power)),
            place.xreplace({size: PLACE}),
            f"{name}, more",
            label=f"{name}, least",
        ),
        made(secant_mean.derive_general).quoted(
            "where by statement secant-mean",
            int(power == 2),
            {"κ": Rational(4, 3) * least**2, "e": shift},
            label=f"{name}, bound",
        ),
        combination(
            "So",
            related(secants(scale, power), relation, bound(least, power)),
            {f"{name}, least": 1, f"{name}, bound": 1},
            label=name,
        ),
    )


def _far_steps() -> tuple[Step, ...]:
    x, y, z = DATA
    between, apart = EVEN * ODD, x * F - y * G
    slow, rise = ((mean(x**2 * (1 - F**2)), mean(y**2 * (1 - G**2))), (mean(x * F), mean(y * G)))
    in_plane, on_axis, mass = (bound(sqrt(share * END), power) for share, power in ((PLANE, 2), (AXIS, 2), (AXIS, 0)))
    share = (1 + _SPLIT) * mass / 4
    left, last = 1 - 2 * share - 2 * (1 - share) * in_plane, 1 - (1 + 1 / _SPLIT) * on_axis
    square = (_SPLIT * A * apart - 2 * sqrt(2) * B * z) ** 2
    weighted = between / _SPLIT * square
    return (
        inequality("A square is not negative,", related(0, "<=", square), label="cross"),
        combination(
            "nor is it if weighted",
            related(0, "<=", weighted),
            {"cross": between / _SPLIT},
            label="weighted",
            domain={EVEN: SHARE},
        ),
        monotone("on average.", related(0, "<=", mean(weighted)), mean(PLACE), "weighted", label="between"),
        inequality(
            "Nor are", 0, "<=", mean(A**2 * ODD * x**2 * (1 - F**2)), label="more f", domain={EVEN: SHARE, F: SIGNED}
        ),
        inequality(
            "and", 0, "<=", mean(A**2 * EVEN * y**2 * (1 - G**2)), label="more g", domain={EVEN: SHARE, G: SIGNED}
        ),
        *(
            step
            for words, value, times, scale, power, label, of in (
                (
                    "$f = tanh(√(2/3)r(x_1 + e))$, where $e$ depends on the weights alone:",
                    slow[0],
                    1,
                    SCALE[0],
                    2,
                    "slow f",
                    "plane",
                ),
                ("Likewise $g$ with $x_2$ and another $e$,", slow[1], 1, SCALE[0], 2, "slow g", "plane"),
                (
                    "As $4p(1 − p) = cosh^{−2}((r/√3)(x_3 + e))$, where $e$ depends on the weights, $x_1$ and $x_2$,",
                    mean(4 * between * z**2),
                    1,
                    SCALE[2],
                    2,
                    "on the axis",
                    "axis",
                ),
                (
                    "and, given $x_1$ and $x_2$,",
                    mean(4 * between * apart**2),
                    apart**2,
                    SCALE[2],
                    0,
                    "in the plane",
                    "mass",
                ),
            )
            for step in (
                citation(
                    "independent coordinates",
                    words,
                    related(value, "==", mean(times * secants(scale, power))),
                    label=f"{label}, given e",
                    under=("normal data",),
                ),
                monotone(
                    "which is, by the bound for all $e$,",
                    mean(times * secants(scale, power)),
                    "<=",
                    mean(times * bound(scale / RADIUS * sqrt(END), power)),
                    mean(times * PLACE),
                    of,
                    label=label,
                ),
            )
        ),
        citation(
            "independent coordinates",
            "As $f$ and $g$ depend on one coordinate each, and $E x_1² = E x_2² = 1$,",
            related(mean(apart**2), "==", 2 - slow[0] - slow[1] - 2 * rise[0] * rise[1]),
            label="apart",
            under=("normal data",),
        ),
        *(
            step
            for name, value, part in (("f", rise[0], F), ("g", rise[1], G))
            for step in (
                citation(
                    "Stein's lemma",
                    f"${name}$ has the slope $√(2/3)r(1 − {name}²)$:",
                    related(value, "==", mean(SCALE[0] * (1 - part**2))),
                    label=f"Stein {name}",
                    under=("normal data",),
                ),
                inequality("and", 0, "<", mean(SCALE[0] * (1 - part**2)), label=f"slope {name}", domain={part: SIGNED}),
                combination("so", 0, "<", value, {f"slope {name}": 1, f"Stein {name}": 1}, label=f"rise {name}"),
            )
        ),
        combination(
            "and their product:", 0, "<", rise[0] * rise[1], {"rise f": rise[1]}, within=("rise g",), label="both"
        ),
        inequality("In numbers,", related(_FAR, "<", left), label="left number"),
        inequality("also", related(_FAR, "<", last), label="last number"),
        combination(
            "So the variance between the pairs of opposite components and within them leaves",
            related(_FAR * NORM, "<=", FORM),
            {
                "variance": 1,
                "between": 1,
                "more f": 1,
                "more g": 1,
                "in the plane": (1 + _SPLIT) * A**2 / 4,
                "in the plane, given e": -(1 + _SPLIT) * A**2 / 4,
                "apart": -share * A**2,
                "both": 2 * share * A**2,
                "on the axis": 2 * (1 + 1 / _SPLIT) * B**2,
                "on the axis, given e": -2 * (1 + 1 / _SPLIT) * B**2,
                "slow f": (1 - share) * A**2,
                "slow f, given e": (share - 1) * A**2,
                "slow g": (1 - share) * A**2,
                "slow g, given e": (share - 1) * A**2,
                "left number": A**2,
                "last number": 2 * B**2,
            },
            label="form far",
        ),
    )


def _eigenvalue_steps() -> tuple[Step, ...]:
    least = NEAR * RADIUS**2 / (1 + RADIUS**2) * NORM
    more = (_FAR - NEAR * RADIUS**2 / (1 + RADIUS**2)) * NORM
    return (
        inequality("As", related(0, "<=", NEAR * RADIUS**2 * NORM - least), label="less near"),
        inequality("and", related(0, "<=", more), label="less far"),
        *(
            combination(
                "the form is at least", least, "<=", FORM, {f"form {side}": 1, f"less {side}": 1}, label=f"form, {side}"
            )
            for side in ("near", "far")
        ),
        either("for every $r$:", related(least, "<=", FORM), {"form, near": "near", "form, far": "far"}, label="form"),
        prose(
            "The eigenvalues of $∇²ℓ$ are those of this form, for which $h$ is in the plane of $θ$ and its part that "
            "$R$ turns; $E((pf)² + ((1 − p)g)²)$ across it in the span, positive as $f$ is 0 at one $x_1$ alone; and 1 "
            "on the complement, where the posterior does not change. There is no rule for eigenvalues:",
            related(0, "<", _LEAST),
            given=("form",),
        ),
    )
