"""One weight and equal others: the curvature on the ray of the simplex."""

import sympy
from sympy import Interval, Range, exp, oo, sqrt

from emtheory.theory.derivations.convexity import convexity_radius
from emtheory.theory.derivations.rates import contraction_bound
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.step import Step, combination, inequality
from emtheory.theory.proof.words import assumption, prose
from emtheory.theory.sums import COUNT

STATEMENT = Statement(__name__, "one weight and equal others: the curvature on the ray of the simplex")

_W, _RADIUS = sympy.symbols("W r", positive=True)
_SQUARE = _RADIUS**2 * COUNT / (COUNT - 1)
"""s², half of the square of the distance of two means."""
_RAY, _SIDE = sympy.symbols("λ_e λ_s", real=True)
_POWER, _SQUARES = sympy.symbols("β G", nonnegative=True)
_LOSS = 8 - 4 * sqrt(3)
"""Of statement convexity-radius."""
_NEAR = related(_LOSS * _SQUARE, "<=", 1)
_BOUND = ((1 - _LOSS * _SQUARE) * exp(-(_RADIUS**2))) * ((COUNT * _W - 1) ** 2 / (COUNT - 1) ** 2) - 8 * _SQUARE / (
    COUNT * (COUNT - 3)
)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(COUNT, Range(10, oo), "the number of components"),
            Variable(_W, Interval.open(0, 1), "the weight of one; the others have $(1 − W)/(k − 1)$ each"),
            Variable(_RADIUS, Interval.open(0, oo), "the radius of the simplex"),
            Variable(_RAY, REAL, "the eigenvalue of $∇²ℓ(θ)$ along $θ$"),
            Variable(_SIDE, REAL, "the least one of the others in the span of the simplex"),
        ),
        hypotheses=("weights", "simplex", "normal data"),
        exist_under=dict.fromkeys((_RAY, _SIDE), ("weights", "simplex")),
        conclusions=(provided(related(_BOUND, "<", _RAY), _NEAR), provided(related(_BOUND, "<=", _SIDE), _NEAR)),
        note="so for large $k$ strong convexity lasts at least up to about $cos(π/12) = 0.9659…$ whatever $W$ is",
        source="not in the paper; open question 4",
        scope="every $k ≥ 10$, one weight $W$, the others equal; on the ray of the simplex, in its span",
        steps=_eigenvalue_steps(),
    )


def _eigenvalue_steps() -> tuple[Step, ...]:
    few = 8 * (COUNT - 1) / (COUNT * (COUNT - 3))
    rest = _LOSS * _SQUARE * _POWER / COUNT + 8 * _SQUARE / (COUNT * (COUNT - 3))
    return (
        prose(
            "Let $h = ∑_lc_lv_l$ with $∑c = 0$. The law of the $⟨X, v_j⟩$ and $γ_j$ is kept by permutations of the "
            "components of equal weights, so that $⟨h, ∇²ℓ(θ)h⟩$ is $αc_0² + β∑c_l² + γ∑c_lc_{−l}$: it has an "
            "eigenvalue along $θ$, one for the $c$ with $c_0 = 0$ and $c_{−l} = c_l$, in at least $(k − 3)/2$ "
            "dimensions, and one for $c_{−l} = −c_l$. For the same reason all $β_m = E|γ̂_m|²$ are the same $β$, with "
            "the mean $(kG − 1)/(k − 1)$, $G = E ∑γ_j²$:",
            related(_SQUARES, "==", ((COUNT - 1) * _POWER + 1) / COUNT),
            label="squares",
        ),
        made(convexity_radius.derive_general).quoted(
            "By statement convexity-radius the eigenvalue along $θ$ is at least",
            2,
            {"r": _RADIUS, "E‖Ge‖²": _POWER, "⟨e|∇²ℓ(θ)e⟩": _RAY},
            label="ray",
        ),
        prose(
            "By Stein's lemma $⟨h, ∇²ℓ(θ)h⟩ − E‖Gh‖²$ is at least $−r²$ times the mean of $a_i²$, $a_i = ⟨U_ih, Ge⟩ + "
            "⟨v_i, Gh⟩$. "
            "This is 0 if $c_{−l} = −c_l$. If $c_{−l} = c_l$ it is $2⟨h, z_i⟩$ with $z_i = ∑_nγ_nv_{n−i}$, and the "
            "sum of $⟨h, z_i⟩²$ over orthonormal $h$ is at most $(k/(k − 1)) ∑_{n≠i}γ_n²$, as such $h$ are orthogonal "
            "to $v_0$. So the average over these $h$ of the mean of $a_i²$ is at most $8k/((k − 1)(k − 3))$ times $G$:",
            related(_POWER - 8 * _SQUARE / (COUNT - 3) * _SQUARES, "<=", _SIDE),
            label="side",
        ),
        made(contraction_bound.derive_general).quoted(
            "All $|π̂_m|$ are $|kW − 1|/(k − 1)$. By statement contraction-bound",
            1,
            {"r": _RADIUS, "‖Aw‖²": (COUNT * _W - 1) ** 2 / (COUNT - 1) ** 2, "E‖Gw‖²": _POWER},
            label="power",
        ),
        assumption("Let $r$ be so small that", _NEAR, label="near"),
        inequality("What the first bound has more,", related(0, "<", rest), label="rest"),
        combination(
            "is not needed: with the bound of $β$",
            related(_BOUND, "<", _RAY),
            {"ray": 1, "power": 1 - _LOSS * _SQUARE, "rest": 1},
            within=("near",),
        ),
        inequality("As $k ≥ 10$", related(few, "<", _LOSS), label="few"),
        combination(
            "the second bound is not less.",
            related(_BOUND, "<=", _SIDE),
            {"side": 1, "squares": -8 * _SQUARE / (COUNT - 3), "power": 1 - _LOSS * _SQUARE, "few": _SQUARE * _POWER},
            within=("near",),
        ),
    )
