"""The mean of |π̂_m|² over m ≠ 0 is the spread of the weights: how fast the rate can be near uniform weights."""

import sympy
from sympy import Interval, oo

from emtheory.theory.fourier import generic_root
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.step import Step, combination, inequality, meant
from emtheory.theory.proof.words import assumption
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "the least $|π̂_m|²$ is at most $k/(k − 1) ∑_j (π_j − 1/k)²$")

_I, _J, _M = (component(name) for name in "ijm")
_PI, _POWER = family("pi", positive=True), family("p")
_EXCESS = family("e", nonnegative=True)
_LEAST = sympy.Symbol("sigma", nonnegative=True)
_SPREAD = COUNT * total((_PI[_J] - 1 / COUNT) ** 2, _J)
"""k Σ_j (π_j − 1/k)²."""

_EQUALITY = related(_LEAST**2, "==", _SPREAD / (COUNT - 1))
_FLAT = related(_EXCESS[_M], "<=", 0)
_NOTHING = related(total(_EXCESS[_M], _M), "==", 0)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(COUNT, sympy.Range(2, oo), "the number of components"),
            Variable(_M, sympy.S.Naturals0, "any frequency, below $k$"),
            Variable(_PI, POSITIVE, "the weights"),
            Variable(_POWER, REAL, "$p_m = |π̂_m|²$"),
            Variable(_LEAST, Interval(0, oo), "the least $|π̂_m|$, $m ≠ 0$"),
            Variable(_EXCESS, Interval(0, oo), "$e_m = |π̂_m|² − σ²$, for $m ≠ 0$, and $e_0 = 0$"),
        ),
        hypotheses=("weights",),
        conclusions=(
            related(total(_POWER[_M], _M) - 1, "==", _SPREAD),
            related(_LEAST**2, "<=", _SPREAD / (COUNT - 1)),
            related(1 - _SPREAD / (COUNT - 1), "<=", 1 - _LEAST**2),
            provided(_FLAT, _EQUALITY),
            provided(_EQUALITY, _NOTHING),
        ),
        note="the first conclusion is $∑_{m≠0} |π̂_m|² = k ∑_j (π_j − 1/k)²$; $1 − σ²$ is the contraction factor; "
        "the last two say that there is equality if and only if no $|π̂_m|²$, $m ≠ 0$, exceeds the least, that "
        "is $e_m = 0$: a flat spectrum",
        source="not in the paper; its next check 1",
        scope="every $k ≥ 2$, all weights; $1 − σ²$ is the contraction factor by the statements jacobian and matrix-a",
        steps=(*_parseval_steps(), *_bound_steps(), *_equality_steps()),
    )


def _turn(sign: int) -> sympy.Expr:
    return total(_PI[_J] * generic_root(sign * _J * _M), _J)


def _names() -> dict[sympy.Basic, sympy.Basic]:
    return {_POWER[_M]: _turn(1) * _turn(-1)}


def _parseval_steps() -> tuple[Step, ...]:
    return (
        meant(
            "Let $p_m = |π̂_m|²$, $π̂_m$ times its conjugate. In the sum over $m$ roots of unity $e^{2πinm/k}$ are 0, "
            "unless $k$ divides $n$, so that of pairs of components those of one with itself are left (Parseval):",
            related(total(_POWER[_M], _M), "==", COUNT * total(_PI[_J] ** 2, _J)),
            _names(),
            label="Parseval",
        ),
        meant("The weights sum to 1,", related(total(_PI[_J], _J), "==", 1), {}, label="mass", under=("weights",)),
        combination(
            "so that $∑_m |π̂_m|² − 1$, which is the sum over $m ≠ 0$, is $k ∑_j (π_j − 1/k)²$.",
            related(total(_POWER[_M], _M) - 1, "==", _SPREAD),
            {"Parseval": 1, "mass": 2},
            label="spread",
        ),
    )


def _bound_steps() -> tuple[Step, ...]:
    mean = _SPREAD / (COUNT - 1)
    return (
        meant(
            "Let $σ²$ be the least $|π̂_m|²$ of the $k − 1$ with $m ≠ 0$, and $e_m ≥ 0$ what $|π̂_m|²$ has more; "
            "$π̂_0 = 1$.",
            related(total(_POWER[_M], _M), "==", 1 + (COUNT - 1) * _LEAST**2 + total(_EXCESS[_M], _M)),
            _names() | {_EXCESS[_M]: (1 - sympy.KroneckerDelta(_M, 0)) * (_POWER[_M] - _LEAST**2)},
            label="excess",
            under=("weights",),
        ),
        inequality("The $e_m$ are not negative.", related(0, "<=", total(_EXCESS[_M], _M)), label="sign"),
        combination(
            "The least is at most the mean.",
            related(_LEAST**2, "<=", mean),
            {"sign": 1 / (COUNT - 1), "spread": -1 / (COUNT - 1), "excess": 1 / (COUNT - 1)},
            label="bound",
        ),
        combination("So the contraction factor is at least", related(1 - mean, "<=", 1 - _LEAST**2), {"bound": 1}),
    )


def _equality_steps() -> tuple[Step, ...]:
    sides = _EQUALITY.lhs, "==", _EQUALITY.rhs
    return (
        assumption("Let there be equality:", _EQUALITY, label="equality"),
        combination(
            "then nothing is left over,",
            related(_NOTHING.lhs, "==", _NOTHING.rhs),
            {"excess": -1, "spread": 1, "equality": 1 - COUNT},
            label="nothing",
        ),
        meant(
            "and a term of a sum of numbers that are not negative is at most the sum:",
            related(_EXCESS[_M], "<=", total(_EXCESS[_J], _J)),
            {},
            label="term",
        ),
        combination("every $e_m$ is 0.", related(_EXCESS[_M], "<=", 0), {"term": 1, "nothing": -1}),
        assumption("Conversely, let nothing be left over:", _NOTHING, label="none"),
        combination(
            "then there is equality.",
            *sides,
            {"excess": -1 / (COUNT - 1), "spread": 1 / (COUNT - 1), "none": -1 / (COUNT - 1)},
        ),
    )
