"""The constants of the finite-sample theorem are positive numbers, and that on the largest eigenvalue is above 1."""

import sympy
from sympy import Interval, Rational, oo

from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, provided, related, sides
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, instance, monotone
from emtheory.theory.proof.words import assumption

STATEMENT = Statement(__name__, "the constants of the finite-sample theorem are positive")

_N, _D = sympy.symbols("n D", positive=True)
_LEAST, _BALL, _SECOND, _THIRD, _FOURTH = sympy.symbols("sigma R delta_2 delta_3 delta_4", positive=True)
_Y = sympy.Symbol("y", real=True)
_U = sympy.Symbol("u", positive=True)

EXPONENT = 8 * _BALL**2 / 3
"""b of statement sample-tails."""


SMALL_BALL = related(5 * (_D + 2) * _BALL**2, "<=", _LEAST**2)
"""R is small."""

_MORE = sympy.sqrt(_D / _N) + sympy.sqrt(-2 * sympy.log(_SECOND) / _N)
SPREAD = (1 + _MORE) ** 2
"""λ."""

_THIRD_SHARE = 2 * sympy.sqrt(_D * (_D + 2) * (_D + 4) / (_N * _THIRD))
"""T over 1 − σ²."""

THIRD = (1 - _LEAST**2) * _THIRD_SHARE
"""T."""

_EXPONENT = related(EXPONENT, "<", Rational(1, 4))
_VARIANCE = _D * (_D + 2) * ((1 - 4 * EXPONENT) ** (-_D / 2 - 2) - 2 * (1 - 2 * EXPONENT) ** (-_D / 2 - 2) + 1)
"""What is divided by nδ_4 in the root of ω."""


def _power(y: sympy.Expr) -> sympy.Expr:
    return (1 - y / 2) ** (-_D / 2 - 1)


GROWTH = (_power(4 * EXPONENT) - 1 + sympy.sqrt(_VARIANCE / (_N * _FOURTH))) / _BALL**2
"""ω."""


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_N, sympy.Range(1, oo), "the number of points"),
            Variable(_D, sympy.Range(1, oo), "the dimension of the subspace outside of which the $U_j$ agree"),
            Variable(_LEAST, Interval.open(0, 1), "$σ_{min}(A)$"),
            Variable(_BALL, POSITIVE, "the radius of the inner ball"),
            Variable(_SECOND, Interval.Lopen(0, 1), "a part of $δ$"),
            Variable(_THIRD, POSITIVE, "another"),
            Variable(_FOURTH, POSITIVE, "another"),
        ),
        conclusions=(
            provided(_EXPONENT, SMALL_BALL),
            related(1, "<", SPREAD),
            related(0, "<", THIRD),
            provided(related(0, "<", GROWTH), SMALL_BALL),
        ),
        note="these are $b = 8R²/3$, $λ$, $T$ and $ω$ of statement finite-sample; that $b < 1/4$ is what statement "
        "sample-tails asks for",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every $n$, $D$, $σ$ in $(0, 1)$ and $R$ up to $σ/√(5(D + 2))$",
        steps=(*_exponent_steps(), *_power_steps(), *_growth_steps()),
    )


def _exponent_steps() -> tuple[Step, ...]:
    return (
        assumption("Let the inner ball be small:", SMALL_BALL, label="small"),
        inequality("as $σ < 1$ and $D ≥ 1$,", 8 * _LEAST**2 / (15 * (_D + 2)), "<", Rational(1, 4), label="largest"),
        combination(
            "$b$ is below 1/4.", *sides(_EXPONENT), {"small": 8 / (15 * (_D + 2)), "largest": 1}, label="exponent"
        ),
        inequality("As $D ≥ 1$ and $δ_2 ≤ 1$,", related(0, "<", _MORE), label="more"),
        monotone("so that $λ > 1$.", related(1, "<", SPREAD), (1 + PLACE) ** 2, "more"),
        inequality("As $σ < 1$", related(0, "<", 1 - _LEAST**2), label="share"),
        combination("$T$ is positive.", related(0, "<", THIRD), {"share": _THIRD_SHARE}),
    )


def _power_steps() -> tuple[Step, ...]:
    value = 4 * EXPONENT
    return (
        inequality(
            "For $y$ in $(0, 1)$ the logarithm of $1 − y/2$ is negative,",
            related(0, "<", -(_D / 2 + 1) * sympy.log(1 - _Y / 2)),
            domain={_Y: Interval.open(0, 1)},
            label="logarithm",
        ),
        monotone("so that a power is above 1,", 1, "<", _power(_Y), sympy.exp(PLACE), "logarithm", label="power"),
        instance("as for $y = 4b$.", 1, "<", _power(value), "power", {_Y: value}, within=("exponent",), label="above"),
    )


def _growth_steps() -> tuple[Step, ...]:
    u, power, n, square = _U, -_D / 2 - 2, _N * _FOURTH, _BALL**2
    half = {u: Interval.open(Rational(1, 2), 1)}
    whole = (2 * u - 1) ** power - 2 * u**power + 1
    return (
        inequality("A square is positive:", 2 * u - 1, "<", u**2, domain=half, label="below the square"),
        monotone(
            "as a power falls,",
            u ** (2 * power),
            "<",
            (2 * u - 1) ** power,
            PLACE**power,
            "below the square",
            label="falls",
        ),
        inequality("and another is not negative,", related(0, "<=", (u**power - 1) ** 2), label="root"),
        combination("so that", related(0, "<", whole), {"falls": 1, "root": 1}, label="convex"),
        instance(
            "for $u = 1 − 2b$ $v$ is positive,",
            related(0, "<", whole.xreplace({u: 1 - 2 * EXPONENT})),
            "convex",
            {u: 1 - 2 * EXPONENT},
            within=("exponent",),
            label="variance",
        ),
        monotone(
            "and so is",
            related(0, "<", sympy.sqrt(_VARIANCE / n)),
            sympy.sqrt(PLACE * _D * (_D + 2) / n),
            "variance",
            label="root of variance",
        ),
        combination("$ω$ is positive.", related(0, "<", GROWTH), {"above": 1 / square, "root of variance": 1 / square}),
    )
