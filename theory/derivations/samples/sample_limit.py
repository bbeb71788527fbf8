"""How large the fixed point of sample EM is, on any data: the mean of the points decides, to leading order."""

import sympy
from sympy import Interval, oo, sqrt

from emtheory.theory.derivations.samples import sample_curvature
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.meant.laws import LEAST, average
from emtheory.theory.proof.meant.vectors import Inner, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, either, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, prose

STATEMENT = Statement(__name__, "the fixed point of sample EM in a ball, on any data")

_R, _IMAGE = sympy.symbols("r z", positive=True)
_BALL, _MEAN = sympy.symbols("R ‖x̄‖", nonnegative=True)
_SPREAD, _GROWTH, _THIRD, _FORM = sympy.symbols("lambda omega T h", nonnegative=True)
_LEAST, _GAP, _LIMIT, _BOUND = sympy.symbols("sigma gamma r_1 x", positive=True)
_INSIDE = related(_R, "<=", _BALL)
_CONTRACTS = related(((1 - _LEAST**2) * (_SPREAD + _GROWTH * _BALL**2) + _THIRD * _BALL), "<=", 1 - _GAP)


def rest(radius: sympy.Expr) -> sympy.Expr:
    """What the form of I − H is at least, times ‖Au‖²/σ², at a point of norm `radius`."""
    return 1 - (1 - _LEAST**2) * (_SPREAD + _GROWTH * radius**2 / 3) - _THIRD * radius / 2


_ROOT = related(_LEAST * _BOUND, "<=", _LIMIT * rest(_LIMIT))


def derive_general() -> Derivation:
    nonnegative, premises = Interval(0, oo), (_INSIDE, _CONTRACTS, _ROOT)
    known = related(_MEAN, "<=", _BOUND)
    return STATEMENT.derivation(
        variables=(
            Variable(_R, POSITIVE, "$‖θ̂‖$, $θ̂$ any fixed point of $M_n$ other than 0"),
            Variable(_IMAGE, POSITIVE, "$‖Aθ̂‖$"),
            Variable(_BALL, nonnegative, "the radius of a ball"),
            Variable(_MEAN, nonnegative),
            Variable(_BOUND, POSITIVE, "at least $‖x̄‖$"),
            Variable(_SPREAD, Interval(1, oo), "$λ$, $ω$ and $T$ of statement sample-curvature, or more"),
            Variable(_GROWTH, nonnegative),
            Variable(_THIRD, nonnegative),
            Variable(_LEAST, Interval.Lopen(0, 1), "$σ_{min}(A)$"),
            Variable(_GAP, POSITIVE, "1 less a contraction factor"),
            Variable(_LIMIT, POSITIVE, "a radius"),
        ),
        hypotheses=("weights", "orthogonal maps"),
        conclusions=(
            provided(related(_R * rest(_R), "<=", _LEAST * _BOUND), _INSIDE, _CONTRACTS, known),
            provided(related(_R, "<=", _LIMIT), *premises, known),
            provided(related(_IMAGE, "<=", _LEAST * _LIMIT), *premises, known),
        ),
        note="on any data. $r_1$ is best the root of the equation, near $x/σ$: with $S$ near $I$ and a small ball "
        "$‖Aθ̂‖ ≈ ‖x̄‖$, as in the limit of large $n$, where $θ̂ ≈ A^{−1}x̄$",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights with invertible $A$, any orthogonal maps, any $d$, any data",
        steps=(*_fixed_steps(), *_norm_steps(), *_monotone_steps()),
    )


def _fixed_steps() -> tuple[Step, ...]:
    r, z, spread, theta = _R, _IMAGE, _SPREAD + _GROWTH * _R**2 / 3, Vector("θ̂")
    return (
        prose(
            "$θ̂ = M_n(θ̂) = Aᵀx̄ + Hθ̂$, so that $⟨θ̂, (I − H)θ̂⟩ = ⟨Aθ̂, x̄⟩$; $h$ is the form of $H$ at the "
            "direction of $θ̂$:",
            related(r**2 * (1 - _FORM), "<=", z * _MEAN),
            label="fixed",
        ),
        made(sample_curvature.derive_general).quoted(
            "Statement sample-curvature, where $‖Au‖ = z/r$:",
            1,
            {"h(r)": _FORM, "r": r, "lambda": _SPREAD, "omega": _GROWTH, "T": _THIRD, "‖Au‖²": z**2 / r**2},
            label="form",
        ),
        meant(
            "$σ$ is the least singular value of $A$.",
            related(_LEAST * r, "<=", z),
            {_LEAST: LEAST, r: sqrt(Inner(theta, theta)), z: sqrt(Inner(average(theta), average(theta)))},
            label="least",
        ),
        monotone("Squared,", related((_LEAST * r) ** 2, "<=", z**2), PLACE**2, "least", label="squares"),
        combination(
            "together",
            related(rest(r) * z**2, "<=", _LEAST**2 * z * _MEAN),
            {"fixed": _LEAST**2, "form": _LEAST**2 * r**2, "squares": spread - 1 + _THIRD * r / 2},
            label="quadratic",
        ),
        combination("and divided by $z$", rest(r) * z, "<=", _LEAST**2 * _MEAN, {"quadratic": 1 / z}, label="linear"),
        assumption("Let $‖x̄‖ ≤ x$.", related(_MEAN, "<=", _BOUND), label="known"),
        combination("Then", rest(r) * z, "<=", _LEAST**2 * _BOUND, {"linear": 1, "known": _LEAST**2}, label="image"),
    )


def _norm_steps() -> tuple[Step, ...]:
    r = _R
    return (
        assumption("Let $θ̂$ be in the ball,", _INSIDE, label="inside"),
        assumption("where $M_n$ contracts.", _CONTRACTS, label="rate"),
        inequality(
            "As these terms are not negative,",
            related(0, "<=", (1 - _LEAST**2) * _GROWTH * 2 * r**2 / 3 + _THIRD * r / 2),
            label="less",
        ),
        combination(
            "so that",
            related(_GAP, "<=", rest(r)),
            {"rate": 1, "less": 1, "inside": (1 - _LEAST**2) * _GROWTH * (_BALL + r) + _THIRD},
            label="rest",
        ),
        inequality("and $γ$ is positive:", related(0, "<", _GAP), label="gap"),
        combination("the rest is positive,", related(0, "<", rest(r)), {"rest": 1, "gap": 1}, label="positive"),
        combination(
            "and $r$ times it at most $σx$.",
            related(r * rest(r), "<=", _LEAST * _BOUND),
            {"image": 1 / _LEAST, "least": rest(r) / _LEAST},
            within=("positive",),
            label="norm",
        ),
    )


def _monotone_steps() -> tuple[Step, ...]:
    r, limit = _R, _LIMIT
    slope = 1 - (1 - _LEAST**2) * (_SPREAD + _GROWTH * (r**2 + r * limit + limit**2) / 3) - _THIRD * (r + limit) / 2
    return (
        assumption("Let $r_1$ times the rest at $r_1$ be at least $σx$.", _ROOT, label="root"),
        assumption("If $r_1 ≤ r$,", related(limit, "<=", r), label="beyond"),
        combination(
            "the slope of $r$ times the rest between them is at least $γ$,",
            related(_GAP, "<=", slope),
            {
                "rate": 1,
                "inside": (1 - _LEAST**2) * _GROWTH * (_BALL + r) + _THIRD,
                "beyond": (1 - _LEAST**2) * _GROWTH * (2 * r + limit) / 3 + _THIRD / 2,
            },
            label="slope",
        ),
        combination(
            "and its increase not positive:",
            related(_GAP * (r - limit), "<=", 0),
            {"slope": r - limit, "norm": 1, "root": 1},
            within=("beyond",),
            label="no increase",
        ),
        combination("So $r$ is not larger than $r_1$.", r, "<=", limit, {"no increase": 1 / _GAP}, label="not larger"),
        either("In any case", related(r, "<=", limit), {"not larger": "beyond"}, label="limit"),
        combination(
            "The rest falls,",
            related(rest(limit), "<=", rest(r)),
            {"limit": (1 - _LEAST**2) * _GROWTH * (r + limit) / 3 + _THIRD / 2},
            label="falls",
        ),
        combination(
            "is at least $σx/r_1$,",
            related(_LEAST * _BOUND / limit, "<=", rest(r)),
            {"root": 1 / limit, "falls": 1},
            label="below",
        ),
        combination(
            "and so $‖Aθ̂‖ ≤ σr_1$.",
            related(_IMAGE, "<=", _LEAST * limit),
            {"below": _IMAGE * limit / (_LEAST * _BOUND), "image": limit / (_LEAST * _BOUND)},
        ),
    )
