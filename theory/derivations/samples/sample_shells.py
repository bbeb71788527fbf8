"""No short step of EM on a sample is far out: convexity, a finite number of points, and exponential moments."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Inner, Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, induction, instance, meant, monotone
from emtheory.theory.proof.words import assumption, at_most, citation, definition, prose
from emtheory.theory.sums import DIMENSION, component, family, total

STATEMENT = Statement(__name__, "fixed points of EM on a sample, excluded cell by cell")

_J = component("j")
_SHARE, _TIMES = family("c", nonnegative=True), family("N", positive=True)
_VERTEX, _VALUE = family("v"), family("F")
_RATE, _SINGLE = family("I"), family("P", nonnegative=True)
_POINT, _IMAGE, _FIXED = sympy.symbols("g m theta", real=True)
_PRODUCT, _AT = sympy.symbols("B f", real=True)
_N, _D, _RADIUS = sympy.symbols("n D rho", positive=True)
_HEIGHT, _LOG = sympy.symbols("a kappa", real=True)
_GENERATING, _SQUARE, _ONE = sympy.symbols("G G_0 P_v", nonnegative=True)
_TOP, _REST, _FAILURE = sympy.symbols("P_0 delta_0 P_f", nonnegative=True)
_NORM, _SPAN, _OUTSIDE, _TAIL = sympy.symbols("r s w q", nonnegative=True)
_KL, _INNER, _LARGEST = sympy.symbols("KL KL_s K", nonnegative=True)
_MEAN, _MEAN_SQUARE = sympy.symbols("y S", nonnegative=True)
_T = sympy.Symbol("t", integer=True, nonnegative=True)
_LIKELIHOOD = sympy.Function("ℓ_n", real=True)
_STEP, _PATH = sympy.Function("e", nonnegative=True), sympy.Function("Q", nonnegative=True)
_HULL = total(_SHARE[_J] * _VALUE[_J], _J)
_CHERNOFF = sympy.exp(-_N * (_HEIGHT - _LOG))
_MIXED = total(_SHARE[_J] * ((_IMAGE - _VERTEX[_J]) * (_POINT - _VERTEX[_J]) - (_VERTEX[_J] - _FIXED) ** 2), _J)
_PREMISES = tuple(
    related(left, "<=", right) for left, right in ((_SPAN, _RADIUS), (_N * _OUTSIDE**2, _TAIL), (_INNER, _LARGEST))
)
_COORDINATE = (_IMAGE - _FIXED) * (_POINT - _FIXED)
"""One coordinate of ⟨M_n(g) − θ, g − θ⟩."""

_CHI_SQUARE_TAIL = sympy.exp(-_N * _D * (1 - sympy.log(2)) / 2)
_UNION = _CHI_SQUARE_TAIL + total(_TIMES[_J] * sympy.exp(-_N * _RATE[_J]), _J) + _REST
_NAMES = {_PATH(_T): sympy.Sum(_STEP(component("n")) ** 2, (component("n"), 0, _T - 1))}


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    near, rest, inner = _PREMISES
    return STATEMENT.derivation(
        variables=(
            Variable(_N, sympy.Range(1, oo), "the number of points"),
            Variable(_D, sympy.Range(1, oo), "the dimension of the subspace outside of which the $U_j$ agree"),
            Variable(
                _SHARE,
                nonnegative,
                "a point $θ$ with $⟨θ − M_n(θ), g − θ⟩ ≤ b‖g − θ‖$, $b ≥ 0$, 0 for fixed points, is $∑_j c_jv_j$, "
                "$∑_j c_j = 1$",
            ),
            Variable(_VALUE, REAL, "$⟨M_n(g) − v_j, g − v_j⟩ + b‖g − v_j‖$, $g$ any point"),
            Variable(_HEIGHT, REAL, "$⟨v, h⟩ − b‖h‖$, $h = τ(g − v)$ with any $τ ≥ 0$, $v$ one of the $v_j$"),
            Variable(_LOG, REAL, "at least $log E e^{⟨m_g(X), h⟩}$, $m_g(x) = ∑_jγ_j(x; g)U_jᵀx$"),
            Variable(_ONE, nonnegative, "the probability that $⟨M_n(g) − v, g − v⟩ + b‖g − v‖ ≥ 0$"),
            Variable(_RATE, REAL, "$a − κ$ for each pair of a $g$ and a vertex of its cell"),
            Variable(_TIMES, POSITIVE, "how many cells have it, up to orthogonal maps that commute with all $U_j$"),
            Variable(_REST, nonnegative, "$P(χ²_{d−D} > q)$, or 0 if $d = D$"),
            Variable(
                _FAILURE,
                nonnegative,
                "the probability that EM on $n$ points has from some start a limit point $θ̂$ with $s > ρ$ or "
                "$nw² > q$, or a step no longer than $b$ against $g − θ$ from a $θ$ of the cell of $g$; these cover "
                "$ρ ≤ ‖θ‖ ≤ √(2D)$ in the subspace",
            ),
            Variable(_TOP, nonnegative, "the probability that some fixed point is beyond $√(2D)$ in the subspace"),
            Variable(_T, sympy.Range(0, oo), "the number of steps"),
            Variable(_NORM, nonnegative, "$‖θ̂‖$"),
            Variable(_SPAN, nonnegative, "the norm of $θ̂$ in the subspace"),
            Variable(_OUTSIDE, nonnegative, "that of the rest of $θ̂$"),
            Variable(_TAIL, nonnegative, "any; 0 if $d = D$"),
            Variable(_RADIUS, POSITIVE, "a radius"),
            Variable(_KL, nonnegative, "$KL(N(0, I) ‖ p_{θ̂})$"),
            Variable(_INNER, nonnegative, "that of the part of $θ̂$ in the subspace"),
            Variable(_LARGEST, nonnegative, "a bound of it where $s ≤ ρ$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data"),
        exist_under=dict.fromkeys((_VALUE, _ONE, _PATH, _FAILURE, _TOP, _NORM), ("weights", "orthogonal maps"))
        | {_KL: ("weights", "orthogonal maps", "normal data")},
        conclusions=(
            related(0, "<=", _HULL),
            related(_ONE, "<=", _CHERNOFF),
            related(_PATH(_T), "<=", 2 * (_LIKELIHOOD(0) - _LIKELIHOOD(_T))),
            related(_FAILURE, "<=", _UNION),
            related(_TOP, "<=", _CHI_SQUARE_TAIL),
            provided(related(_NORM, "<=", sympy.sqrt(_RADIUS**2 + _TAIL / _N)), near, rest),
            provided(related(_KL, "<=", _LARGEST + _TAIL / (2 * _N)), inner, rest),
        ),
        note="the sums are over all vertices of a cell, and over all pairs, however many there are. $Q(t)$ is the sum "
        "of the $‖θ_{τ+1} − θ_τ‖²$ for $τ < t$, and $ℓ_n(t) = ℓ_n(θ_t)$. Neither the starts nor the number of steps "
        "matter, and nothing is asked of $A$; cells, $g$, $τ$ and $b$, one for each cell if need be, are chosen before "
        "there is a sample",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $k$, any weights, degenerate ones too, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$, "
        "EM from any start; the numbers $κ$ are computed for the weights given",
        steps=(*_convexity_steps(), *_top_steps(), *_path_steps(), *_union_steps(), *_outside_steps()),
    )


def _convexity_steps() -> tuple[Step, ...]:
    damping = sympy.exp(-_N * _HEIGHT)
    return (
        prose(
            "All is in the subspace outside of which the $U_j$ agree: posteriors do not depend on the rest of $θ$. "
            "$M_n$ is the gradient of $Λ_n(θ)$, the mean of the $log ∑_jπ_je^{⟨X_i, U_jθ⟩}$, whose second derivatives "
            "along lines are variances under the posteriors. No rule says that gradients of convex functions are "
            "monotone: $B = ⟨M_n(g) − M_n(θ), g − θ⟩$ is",
            related(0, "<=", _PRODUCT),
            label="monotone",
        ),
        prose(
            "If the step is $⟨θ − M_n(θ), g − θ⟩ ≤ b‖g − θ‖$ it is at most $f = ⟨M_n(g) − θ, g − θ⟩ + b‖g − θ‖$.",
            related(_PRODUCT, "<=", _AT),
            label="short",
        ),
        meant(
            "Let $θ$ be a mean of points $v_j$, with shares that sum to 1",
            related(total(_SHARE[_J], _J), "==", 1),
            {_SHARE[_J]: family("u")[_J] / total(family("u")[_J], _J)},
            label="shares",
        ),
        definition("in each coordinate", _FIXED, total(_SHARE[_J] * _VERTEX[_J], _J)),
        combination(
            "and there, with $m$ that of $M_n(g)$,",
            related(_COORDINATE, "==", _MIXED),
            {"shares": -_IMAGE * _POINT + _FIXED**2},
            label="coordinate",
        ),
        prose(
            "This is added up over the coordinates, where squares are not negative, and as $‖g − θ‖$ is convex in $θ$,",
            related(_AT, "<=", _HULL),
            label="hull",
            given=("coordinate",),
        ),
        combination(
            "One of the $F_j$ is not negative, then.",
            related(0, "<=", _HULL),
            {"monotone": 1, "short": 1, "hull": 1},
            label="vertex",
        ),
        *at_most("Let $G = E e^{⟨m_g(X), h⟩}$ be", _GENERATING, sympy.exp(_LOG), label="moment"),
        monotone(
            "for $n$ independent points",
            related(_GENERATING**_N, "<=", sympy.exp(_N * _LOG)),
            PLACE**_N,
            "moment",
            label="power",
        ),
        citation(
            "Markov's inequality",
            "$F ≥ 0$ at $v$ says that the sum of the $⟨m_g(X_i), h⟩$ is at least $na$, which has a probability",
            related(_ONE, "<=", damping * _GENERATING**_N),
            label="Markov",
        ),
        combination("at most", related(_ONE, "<=", _CHERNOFF), {"Markov": 1, "power": damping}, label="Chernoff"),
    )


def _top_steps() -> tuple[Step, ...]:
    power = sympy.exp(_D * _N * sympy.log(2) / 2)
    return (
        prose(
            "$‖m_θ(x)‖ ≤ ‖x‖$ in the subspace, so that a fixed point there has the norm $s ≤ y$, $y$ the mean of the "
            "norms of the points:",
            related(_SPAN, "<=", _MEAN),
            label="norms",
        ),
        citation("Jensen's inequality", "$S$ that of their squares,", related(_MEAN**2, "<=", _MEAN_SQUARE), label="S"),
        monotone("squared", related(_SPAN**2, "<=", _MEAN**2), PLACE**2, "norms", label="squares"),
        combination("at most $S$.", related(_SPAN**2, "<=", _MEAN_SQUARE), {"squares": 1, "S": 1}, label="largest"),
        meant(
            "$G_0 = E e^{‖X‖²/4}$ in the subspace is",
            related(_SQUARE, "==", sympy.exp(_D * sympy.log(2) / 2)),
            {_SQUARE: Mean(sympy.exp(Inner(DATA, DATA) / 4), (DATA,)), _D: DIMENSION},
            label="square",
            under=("normal data",),
        ),
        citation(
            "Markov's inequality",
            "Some fixed point is beyond $√(2D)$ with a probability",
            related(_TOP, "<=", sympy.exp(-_N * _D / 2) * _SQUARE**_N),
            label="top's Markov",
            given=("largest",),
        ),
        equation("where the power is", _SQUARE**_N, power, given=("square",), label="power of square"),
        combination(
            "at most",
            related(_TOP, "<=", _CHI_SQUARE_TAIL),
            {"top's Markov": 1, "power of square": -sympy.exp(-_N * _D / 2)},
            label="top",
        ),
    )


def _path_steps() -> tuple[Step, ...]:
    t = _T
    return (
        citation(
            "descent lemma",
            "$M_n(θ) = θ − ∇ℓ_n(θ)$ on any data, and $∇²ℓ_n$ is $I$ less a covariance under the posteriors: a step "
            "from $θ_t$ lowers $ℓ_n$ by at least half the square of its length $e$:",
            related(_LIKELIHOOD(t + 1), "<=", _LIKELIHOOD(t) - _STEP(t) ** 2 / 2),
            label="falls",
        ),
        meant("$Q$ adds these squares up:", _PATH(t + 1), "==", _PATH(t) + _STEP(t) ** 2, _NAMES, label="adds"),
        meant("from", related(_PATH(0), "==", 0), _NAMES, label="start"),
        induction(
            "so that by induction",
            related(_PATH(t) + 2 * _LIKELIHOOD(t), "<=", _PATH(0) + 2 * _LIKELIHOOD(0)),
            t,
            sympy.S.One,
            {"falls": 2, "adds": -1},
            label="path",
        ),
        combination(
            "for all $t$. As $‖θ_t‖ ≤ y$ from the first step on, $ℓ_n$ is bounded there, and steps tend to 0: as $M_n$ "
            "is continuous, limit points are fixed points.",
            related(_PATH(t), "<=", 2 * (_LIKELIHOOD(0) - _LIKELIHOOD(t))),
            {"path": 1, "start": -1},
            label="limits",
        ),
    )


def _union_steps() -> tuple[Step, ...]:
    cells = total(_TIMES[_J] * sympy.exp(-_N * _RATE[_J]), _J)
    return (
        instance(
            "So for each pair of a $g$ and a vertex $v_j$ of its cell, with $a = I_j + κ$,",
            related(_SINGLE[_J], "<=", sympy.exp(-_N * _RATE[_J])),
            "Chernoff",
            {_ONE: _SINGLE[_J], _HEIGHT: _RATE[_J] + _LOG},
            label="pairs",
        ),
        monotone(
            "and over all of them",
            related(total(_TIMES[_J] * _SINGLE[_J], _J), "<=", cells),
            total(_TIMES[_J] * PLACE, _J),
            "pairs",
            label="cells",
        ),
        prose(
            "Maps that commute with all $U_j$ leave the law of the $X_i$ and, carried along, $⟨M_n(g) − v, g − v⟩$ as "
            "they are. Outside of the subspace $θ_t$ is the mean of the points from the first step on, whose square "
            "times $n$ is $χ²$. If a limit point is beyond what is said, it is a fixed point beyond $√(2D)$, or one of "
            "the $F_j ≥ 0$, or the mean is too large:",
            related(_FAILURE, "<=", _TOP + total(_TIMES[_J] * _SINGLE[_J], _J) + _REST),
            label="union",
        ),
        combination("Together", related(_FAILURE, "<=", _UNION), {"union": 1, "top": 1, "cells": 1}),
    )


def _outside_steps() -> tuple[Step, ...]:
    square = _RADIUS**2 + _TAIL / _N
    said = "Otherwise $s ≤ ρ$,", "$nw² ≤ q$", "and KL in the subspace is at most $K$."
    labels = "near", "mean of the rest", "inner"
    return (
        *(
            assumption(words, formula, label=label)
            for words, formula, label in zip(said, _PREMISES, labels, strict=True)
        ),
        definition("By Pythagoras", _NORM, sympy.sqrt(_SPAN**2 + _OUTSIDE**2)),
        monotone("and as", related(_SPAN**2, "<=", _RADIUS**2), PLACE**2, "near", label="near squared"),
        combination(
            "the square of the norm is",
            related(_NORM**2, "<=", square),
            {"near squared": 1, "mean of the rest": 1 / _N},
            label="norm squared",
        ),
        monotone("and the norm", _NORM, "<=", sympy.sqrt(square), sympy.sqrt(PLACE), "norm squared", label="norm"),
        prose(
            "The exponents have the rest in common: $log ∑_jπ_je^{⟨x, U_jθ⟩}$ is that of the subspace and $⟨x, w⟩$, of "
            "mean 0.",
            related(_KL, "==", _INNER + _OUTSIDE**2 / 2),
            label="KL",
        ),
        combination(
            "So",
            related(_KL, "<=", _LARGEST + _TAIL / (2 * _N)),
            {"KL": -1, "inner": 1, "mean of the rest": 1 / (2 * _N)},
            label="divergence",
        ),
    )
