"""Fixed points of sample EM for all weights, degenerate ones too: of order n^{−1/4} at most, with constants."""

import sympy
from sympy import Interval

from emtheory.theory.derivations.rates import stationary_point
from emtheory.theory.derivations.samples import sample_divergence, sample_hessian, sample_shells
from emtheory.theory.derivations.samples.sample_hessian import (
    CHANGE_SUM,
    COUNT,
    DIMENSION,
    EXCESS,
    RADIUS,
    SHARE,
    SPREAD,
    WHOLE_SUM,
)
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, provided, related
from emtheory.theory.proof.meant.vectors import Chance, Mean
from emtheory.theory.proof.step import PLACE, Step, combination, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose

STATEMENT = Statement(__name__, "fixed points of sample EM, for all weights")

_R, _ROOT = sympy.symbols("r g", positive=True)
_IMAGE, _MEAN, _CHANGE, _INSIDE, _TAIL, _KL = sympy.symbols("z x e w q KL", nonnegative=True)
_FAILURE, _TOP, _FAR, _LARGE, _JUMP = sympy.symbols("P_f P_0 delta_1 delta_2 P", nonnegative=True)
_RANDOM = (_MEAN, EXCESS, _INSIDE)
_CHANGED, _DIVERGED, _GROWTH, _IN_THE_MEAN, _MARKOV, _FAR_OUT = 0, 1, 0, 3, 5, 4
"""Conclusions of statements sample-divergence, stationary-point, sample-hessian and sample-shells, by number."""
_CONSTANTS = {1: WHOLE_SUM, 2: CHANGE_SUM}
"""What conclusions of statement sample-hessian are the values of, by number."""

_NEAR = (
    related(_R, "<=", RADIUS),
    related(COUNT * _MEAN**2, "<=", _TAIL),
    related(EXCESS, "<=", sample_hessian.largest(SPREAD)),
)
"""What holds of most samples."""

_CHI_SQUARE_TAIL = sympy.exp(-COUNT * DIMENSION * (1 - sympy.log(2)) / 2)


def _factor(radius: sympy.Expr) -> sympy.Expr:
    return sympy.sqrt(DIMENSION + 2 * radius**2)


def _root_bound(factor: sympy.Expr, mean: sympy.Expr = _MEAN, excess: sympy.Expr = EXCESS) -> sympy.Expr:
    """G = x + K(x + η)."""
    return mean + factor * (mean + excess)


def _likely() -> sympy.Expr:
    ball = _factor(RADIUS)
    return ball * _root_bound(ball, sympy.sqrt(_TAIL / COUNT), sample_hessian.largest(SPREAD))


def _divergence() -> sympy.Expr:
    """KL where ‖θ̂‖² is at most KG, and ‖Aθ̂‖ at most (1 + K)G."""
    ball = _factor(RADIUS)
    return ((1 + ball) ** 2 / 2 + 2 * (1 + ball) * ball / 3 + ball**2 / 4) * _root_bound(ball) ** 2


def _average() -> sympy.Rel:
    factor = _factor(RADIUS)
    order = (factor + factor**2) * sympy.sqrt(DIMENSION) + factor**2 * WHOLE_SUM
    return related(sympy.sqrt(COUNT) * Mean(_INSIDE, _RANDOM), "<=", order)


def _events() -> dict[sympy.Basic, sympy.Basic]:
    """Any of four events."""
    events = sympy.symbols("A_1:5")
    single = {name: Chance(event) for name, event in zip((_TOP, _FAR, _LARGE, _JUMP), events, strict=True)}
    return {_FAILURE: Chance(*events), **single}


def derive_general() -> Derivation:
    nonnegative, ball = Interval(0, sympy.oo), _factor(RADIUS)
    within = _NEAR[0]
    return STATEMENT.derivation(
        variables=(
            Variable(_R, POSITIVE, "$‖θ̂‖$, $θ̂$ any fixed point of $M_n$ other than 0, all in the subspace"),
            Variable(DIMENSION, sympy.Range(1, sympy.oo), "its dimension; outside of it the $U_j$ agree"),
            Variable(_MEAN, nonnegative, "$‖x̄‖$ in it"),
            Variable(
                EXCESS,
                nonnegative,
                "at least $⟨u, (∇M_n(θ) − ∇M(θ))u⟩$ for $‖θ‖ ≤ ρ$ and $‖u‖ = 1$, or for $θ$ between 0 and $θ̂$ "
                "and $u$ the direction of $θ̂$",
            ),
            Variable(RADIUS, nonnegative, "the radius of a ball"),
            Variable(_KL, nonnegative, "$KL(N(0, I) ‖ p_{θ̂})$"),
            Variable(COUNT, sympy.Range(1, sympy.oo), "the number of points"),
            Variable(WHOLE_SUM, nonnegative, "its value, for $ρ$ (statement sample-hessian)"),
            Variable(CHANGE_SUM, nonnegative, "likewise"),
            Variable(_TAIL, nonnegative, "any"),
            Variable(SPREAD, Interval(1, sympy.oo), "any"),
            Variable(SHARE, POSITIVE),
            Variable(_FAR, nonnegative, "$P(χ²_D > q)$"),
            Variable(_LARGE, nonnegative, "$P(λ_{max}(S) > λ)$, at most $δ_2$ of statement sample-tails for its $λ$"),
            Variable(_FAILURE, nonnegative, "the probability that a premise of the last bound fails, $ρ = √(2D)$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        conclusions=(
            related(_R**2, "<=", _factor(_R) * _root_bound(_factor(_R))),
            provided(related(_R**2, "<=", ball * _root_bound(ball)), within),
            provided(related(_KL, "<=", _divergence()), within),
            _average(),
            provided(related(_R**2, "<=", _likely()), *_NEAR),
            related(_FAILURE, "<=", _FAR + _LARGE + SHARE + _CHI_SQUARE_TAIL),
            *(step.formula for step in _constant_steps()),
        ),
        note="the first three on every sample; $w$ is the largest $r²$ in the ball, or 0 if there is no such $θ̂$. "
        "Nothing is asked of $A$ and of $n$: if $A$ is singular $‖θ̂‖$ is of order $n^{−1/4}$ at most, as it is on "
        "samples, and KL of order $1/n$. Once some ball has all $θ̂$, a smaller one may be put in its place, with a "
        "$δ$ of its own",
        source="not in the paper, whose finite-sample theorem needs a condition on the weights",
        scope="every $k$, any weights, degenerate ones too, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$",
        steps=(
            *_form_steps(),
            *_norm_steps(),
            *_divergence_steps(),
            *_mean_steps(),
            *_likely_steps(),
            *_constant_steps(),
        ),
    )


def _form_steps() -> tuple[Step, ...]:
    r, g, z, divergence = _R, _ROOT, _IMAGE, made(sample_divergence.derive_general)
    return (
        prose(
            "$M_n(θ̂) = θ̂$, $M_n(θ) − Aᵀx̄$ is the integral of the $∇M_n(vθ)θ$ over $v$ from 0 to 1, and $M(θ)$ that of "
            "the $∇M(vθ)θ$. Let $z = ‖Aθ̂‖$ and $g² = ⟨θ̂, θ̂ − M(θ̂)⟩$, which is not 0, by the bound of $r$ below. "
            "No rule is about means of vectors:",
            related(g**2, "<=", z * _MEAN + EXCESS * r**2),
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
    r, g, here, ball = _R, _ROOT, _factor(_R), _factor(RADIUS)
    return (
        made(stationary_point.derive_general).quoted(
            "By statement stationary-point", _GROWTH, {"f(r)": g**2, "r": r, "D": DIMENSION}, label="growth"
        ),
        monotone("that is", related(r**2, "<=", here * g), sympy.sqrt(PLACE), "growth", label="square"),
        combination(
            "Together, divided by $g$,",
            related(g, "<=", _root_bound(here)),
            {"form": 1 / g, "Minkowski": _MEAN / g, "root of change": _MEAN / g, "square": (_MEAN + EXCESS) / g},
            label="root",
        ),
        combination("and so", r**2, "<=", here * _root_bound(here), {"square": 1, "root": here}, label="bound"),
        assumption("If $θ̂$ is in the ball,", _NEAR[0], label="within"),
        monotone("then", related(here, "<=", ball), sympy.sqrt(DIMENSION + 2 * PLACE**2), "within", label="factor"),
        combination(
            "and the bound is one for all $θ̂$ in it.",
            related(r**2, "<=", ball * _root_bound(ball)),
            {"bound": 1, "factor": _MEAN + (_MEAN + EXCESS) * (here + ball)},
            label="in the ball",
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    r, z, ball = _R, _IMAGE, _factor(RADIUS)
    square, image = ball * _root_bound(ball), (1 + ball) * _root_bound(ball)
    return (
        combination(
            "There $‖Aθ̂‖$ is",
            related(z, "<=", image),
            {"Minkowski": 1, "root of change": 1, "root": 1, "factor": _MEAN + EXCESS, "in the ball": 1},
            label="image",
        ),
        made(sample_divergence.derive_general).quoted(
            "and (statement sample-divergence)", _DIVERGED, {"KL": _KL, "r": r, "z": z}, label="divergence"
        ),
        combination(
            "at most of the order of $G²$, $G = x + K(x + η)$.",
            related(_KL, "<=", _divergence()),
            {
                "divergence": 1,
                "image": (z + image) / 2 + 2 * r**2 / 3,
                "in the ball": 2 * image / 3 + (r**2 + square) / 4,
            },
        ),
    )


def _mean_steps() -> tuple[Step, ...]:
    ball = _factor(RADIUS)
    bound = ball * _root_bound(ball)
    whole = sympy.Symbol("W_0", nonnegative=True)
    return (
        prose(
            "If no $θ̂$ is in the ball, $w$ is 0; so this holds in any case.",
            related(_INSIDE, "<=", bound),
            label="always",
            given=("in the ball",),
            discharging=("within",),
        ),
        monotone(
            "in expectation",
            related(Mean(_INSIDE, _RANDOM), "<=", Mean(bound, _RANDOM)),
            Mean(PLACE, _RANDOM),
            "always",
            label="mean",
        ),
        citation(
            "chi-square law",
            "where $E‖x̄‖² = D/n$,",
            related(sympy.sqrt(COUNT) * Mean(_MEAN, _RANDOM), "<=", sympy.sqrt(DIMENSION)),
            label="mean of x",
            under=("normal data",),
        ),
        made(sample_hessian.derive_general).quoted(
            "and the supremum of $‖∇M_n − ∇M‖$ has (statement sample-hessian)",
            _IN_THE_MEAN,
            {"W_0": whole, "n": COUNT, "C_0": WHOLE_SUM},
            label="root mean square",
        ),
        prose(
            "The mean of $η$ is at most the root of the mean square of that supremum.",
            related(Mean(EXCESS, _RANDOM), "<=", whole),
            label="mean of eta",
        ),
        combination(
            "So $E[‖θ̂‖²; ‖θ̂‖ ≤ ρ]$ is of order $n^{−1/2}$.",
            related(_average().lhs, "<=", _average().rhs),
            {
                "mean": sympy.sqrt(COUNT),
                "mean of x": ball + ball**2,
                "mean of eta": ball**2 * sympy.sqrt(COUNT),
                "root mean square": ball**2,
            },
        ),
    )


def _likely_steps() -> tuple[Step, ...]:
    ball, far = _factor(RADIUS), sympy.sqrt(_TAIL / COUNT)
    _, near, small = _NEAR
    return (
        assumption("If $n‖x̄‖² ≤ q$", near, label="near"),
        monotone("or", related(_MEAN, "<=", far), sympy.sqrt(PLACE / COUNT), "near", label="distance"),
        assumption("and $η$ is small, too,", small, label="small"),
        combination(
            "the bound is",
            related(_R**2, "<=", _likely()),
            {"in the ball": 1, "distance": ball + ball**2, "small": ball**2},
            label="likely",
        ),
        made(sample_hessian.derive_general).quoted(
            "$w$ of statement sample-hessian exceeds $C_1/√(nδ)$ with a probability",
            _MARKOV,
            {"P": _JUMP, "delta": SHARE},
            label="jump",
        ),
        made(sample_shells.derive_general).quoted(
            "and $η ≤ λ − 1 + w$ there where $λ_{max}(S) ≤ λ$. All fixed points are within $√(2D)$ but with a "
            "probability (statement sample-shells)",
            _FAR_OUT,
            {"P_0": _TOP, "n": COUNT, "D": DIMENSION},
            label="top",
        ),
        meant(
            "The probability of one of several events is at most the sum of theirs:",
            related(_FAILURE, "<=", _TOP + _FAR + _LARGE + _JUMP),
            _events(),
            label="union",
        ),
        combination(
            "Together", _FAILURE, "<=", _FAR + _LARGE + SHARE + _CHI_SQUARE_TAIL, {"union": 1, "top": 1, "jump": 1}
        ),
    )


def _constant_steps() -> tuple[Step, ...]:
    return tuple(
        made(sample_hessian.derive_general).quoted(
            f"Here by statement sample-hessian ${name}$ is",
            number,
            {str(name): name, "rho": RADIUS, "D": DIMENSION},
            label=str(name),
        )
        for number, name in _CONSTANTS.items()
    )
