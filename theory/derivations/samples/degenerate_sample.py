"""Fixed points of sample EM for all weights, degenerate ones too: of order n^{−1/4} at most."""

import sympy
from sympy import Interval

from emtheory.theory.derivations.rates import stationary_point
from emtheory.theory.derivations.samples import sample_divergence
from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, Proposition, Variable, related
from emtheory.theory.proof.made import made
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, assumption, citation, combination, monotone, prose

STATEMENT = Statement("fixed points of sample EM, for all weights", 0, general=True)

_R, _ROOT, _SPAN, _COUNT, _DIMENSION = sympy.symbols("r g D n d", positive=True)
_IMAGE, _MEAN, _RATIO, _RADIUS, _CHANGE, _INSIDE, _CONSTANT = sympy.symbols("z x eta rho e w C", nonnegative=True)
_RANDOM = (_MEAN, _RATIO, _INSIDE)
_CHANGED, _GROWTH = 0, 0
"""Conclusions of statements sample-divergence and stationary-point, by number."""


def _factor(radius: sympy.Expr) -> sympy.Expr:
    return sympy.sqrt(_SPAN + 2 * radius**2)


def _bound(factor: sympy.Expr) -> sympy.Expr:
    return factor * (_MEAN + factor * (_MEAN + _RATIO))


def _within() -> sympy.Rel:
    return related(_R, "<=", _RADIUS)


def _in_the_mean() -> sympy.Rel:
    factor = _factor(_RADIUS)
    order = (factor + factor**2) * sympy.sqrt(_DIMENSION) + factor**2 * _CONSTANT
    return related(sympy.sqrt(_COUNT) * Mean(_INSIDE, _RANDOM), "<=", order)


def _statement() -> Proposition:
    nonnegative = Interval(0, sympy.oo)
    return Proposition(
        variables=(
            Variable(_DIMENSION, POSITIVE, "the dimension"),
            Variable(_CONSTANT, nonnegative, "a number that does not depend on $n$", exists=True),
            Variable(_R, POSITIVE, "$‖θ̂‖$, $θ̂$ any fixed point of $M_n$ other than 0"),
            Variable(_SPAN, POSITIVE, "at least the dimension of the span of the $U_iθ̂ − U_jθ̂$: $d$ or $k − 1$"),
            Variable(_MEAN, nonnegative, "$‖x̄‖$"),
            Variable(
                _RATIO,
                nonnegative,
                "at least $⟨u, (∇M_n(θ) − ∇M(θ))u⟩$ for $‖θ‖ ≤ ρ$ and $‖u‖ = 1$, or for $θ$ between 0 and $θ̂$ and $u$ "
                "the direction of $θ̂$",
            ),
            Variable(_RADIUS, nonnegative, "the radius of a ball"),
            Variable(_COUNT, POSITIVE, "the number of points"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            related(_R**2, "<=", _bound(_factor(_R))),
            sympy.Implies(_within(), related(_R**2, "<=", _bound(_factor(_RADIUS))), evaluate=False),
            _in_the_mean(),
        ),
        note="the first two on every sample; $w$ is the largest $r²$ in the ball, or 0 if there is no such $θ̂$. "
        "Nothing is asked of $A$: if it is singular $‖θ̂‖$ is of order $n^{−1/4}$ at most, as it is on samples. If the "
        "mean of the $‖X_i‖$, which bounds $‖θ̂‖$ (statement sample-mean), is below $ρ$, the ball has all of them",
    )


def derive_general() -> Derivation:
    """Derive ‖θ̂‖² ≤ K(‖x̄‖ + K(‖x̄‖ + η)), K² = D + 2‖θ̂‖²."""
    return Derivation(
        name="degenerate-sample",
        title=STATEMENT.title,
        statement=_statement(),
        source="not in the paper, whose finite-sample theorem needs a condition on the weights",
        scope="every $k$, any weights, degenerate ones too, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$; "
        "the number $C$ is not given",
        k=None,
        steps=(*_form_steps(), *_norm_steps(), *_mean_steps()),
    )


def _form_steps() -> tuple[Step, ...]:
    r, g, z, divergence = _R, _ROOT, _IMAGE, made(sample_divergence.derive_general)
    return (
        prose(
            "$M_n(θ̂) = θ̂$, $M_n(θ) − Aᵀx̄$ is the integral of the $∇M_n(vθ)θ$ over $v$ from 0 to 1, and $M(θ)$ that of "
            "the $∇M(vθ)θ$. Let $z = ‖Aθ̂‖$ and $g² = ⟨θ̂, θ̂ − M(θ̂)⟩$, not 0 (statement stationary-point):",
            related(g**2, "<=", z * _MEAN + _RATIO * r**2),
            label="form",
        ),
        divergence.quoted(
            "The mean square $e$ of $(G − A)θ̂$, $G$ the posterior-averaged map, is (statement sample-divergence)",
            _CHANGED,
            {"e(1)": _CHANGE, "r": r},
            label="change",
        ),
        monotone("so that", sympy.sqrt(_CHANGE), "<=", r**2, sympy.sqrt(PLACE), "change", label="root of change"),
        citation(
            "Minkowski's inequality",
            "$g² = E‖Gθ̂‖²$ (statement stein-identity), so that",
            related(z, "<=", g + sympy.sqrt(_CHANGE)),
            label="Minkowski",
        ),
    )


def _norm_steps() -> tuple[Step, ...]:
    r, g, here, ball = _R, _ROOT, _factor(_R), _factor(_RADIUS)
    return (
        made(stationary_point.derive_general).quoted(
            "By statement stationary-point", _GROWTH, {"f(r)": g**2, "r": r, "D": _SPAN}, label="growth"
        ),
        monotone("that is", r**2, "<=", here * g, sympy.sqrt(PLACE), "growth", label="square"),
        combination(
            "Together, divided by $g$,",
            g,
            "<=",
            _MEAN + here * (_MEAN + _RATIO),
            {"form": 1 / g, "Minkowski": _MEAN / g, "root of change": _MEAN / g, "square": (_MEAN + _RATIO) / g},
            label="root",
        ),
        combination("and so", r**2, "<=", _bound(here), {"square": 1, "root": here}, label="bound"),
        assumption("If $θ̂$ is in the ball,", _within(), label="within"),
        monotone("then", here, "<=", ball, sympy.sqrt(_SPAN + 2 * PLACE**2), "within", label="factor"),
        combination(
            "and the bound is one for all $θ̂$ in it.",
            r**2,
            "<=",
            _bound(ball),
            {"bound": 1, "factor": _MEAN + (_MEAN + _RATIO) * (here + ball)},
            label="in the ball",
        ),
    )


def _mean_steps() -> tuple[Step, ...]:
    ball = _factor(_RADIUS)
    return (
        prose(
            "In any case",
            related(_INSIDE, "<=", _bound(ball)),
            label="always",
            given=("in the ball",),
            discharging=("within",),
        ),
        monotone(
            "in the mean",
            Mean(_INSIDE, _RANDOM),
            "<=",
            Mean(_bound(ball), _RANDOM),
            Mean(PLACE, _RANDOM),
            "always",
            label="mean",
        ),
        citation(
            "chi-square law",
            "where $E‖x̄‖² = d/n$,",
            related(sympy.sqrt(_COUNT) * Mean(_MEAN, _RANDOM), "<=", sympy.sqrt(_DIMENSION)),
            label="mean of x",
            under=("normal data",),
        ),
        citation(
            "Morrey's inequality",
            "and the least $η$ for the ball is at most $C/√n$ in the mean: $∇M_n(θ)$ and its derivatives in $θ$ are "
            "means of $n$ independent functions of $X$ that grow like powers of $‖X‖$, as in statement sample-mean.",
            related(sympy.sqrt(_COUNT) * Mean(_RATIO, _RANDOM), "<=", _CONSTANT),
            label="mean of eta",
            under=("weights", "orthogonal maps"),
        ),
        combination(
            "So $E[‖θ̂‖²; ‖θ̂‖ ≤ ρ]$ is of order $n^{−1/2}$.",
            _in_the_mean().lhs,
            "<=",
            _in_the_mean().rhs,
            {"mean": sympy.sqrt(_COUNT), "mean of x": ball + ball**2, "mean of eta": ball**2},
        ),
    )
