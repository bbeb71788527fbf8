"""A fixed point of Lloyd's algorithm with four centres that is not the simplex: the square."""

import sympy
from sympy import ImmutableMatrix, Integral, Rational, oo

from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import DATA, Axis, Inner, Mean
from emtheory.theory.proof.step import Step, equation, meant
from emtheory.theory.proof.words import definition

STATEMENT = Statement(__name__, "Lloyd's algorithm has other fixed points: the square", 4, general=False, smallest_k=4)

_POINT = sympy.symbols("x_1 x_2", real=True)
_FREE = sympy.Symbol("x_3", real=True)
_DIRECTION = sympy.symbols("a b", real=True)
_SIZE, _MASS = sympy.Symbol("c", positive=True), sympy.Symbol("p", real=True)
_MEAN = sympy.Function("m", real=True)(*_DIRECTION)
_IN_CELL = Mean(sympy.Function("u", real=True)(*_POINT) * _FREE, (*_POINT, _FREE))
"""Mean of another coordinate times a function of these two."""


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=(
            *(Variable(coordinate, REAL) for coordinate in _POINT),
            Variable(_SIZE, POSITIVE, "the distance of the four centres $±ce_1$ and $±ce_2$ from 0"),
            *(Variable(coordinate, REAL) for coordinate in _DIRECTION),
        ),
        hypotheses=("normal data",),
        exist_under=dict.fromkeys((_MASS, _MEAN), ("normal data",)),
        conclusions=(
            related(_excess(), "==", _bisectors()),
            related(_IN_CELL, "==", 0),
            related(_MASS, "==", Rational(1, 4)),
            related(_MEAN, "==", 2 * _DIRECTION[0] / sympy.sqrt(sympy.pi)),
        ),
        note="the first conclusion is by how much $(x_1, x_2)$ is further, squared, from $ce_2$, $−ce_2$ and "
        "$−ce_1$ than from $ce_1$, whose cell is therefore $|x_2| < x_1$; $p$ is its probability, and $m(a, b)$ "
        "the mean of $ax_1 + bx_2$ in it, so its centroid is $(2/√π)e_1$, for every $c$: the centres with $c = "
        "2/√π$ are the centroids of their cells",
        source="not in the paper, which names the simplex as the configuration that Lloyd's algorithm converges to",
        scope="$k = 4$, every $d ≥ 2$, $N(0, I_d)$",
        k=k,
        steps=_steps(),
    )


def _excess() -> sympy.ImmutableMatrix:
    x, y = _POINT
    others = (x**2 + (y - _SIZE) ** 2, x**2 + (y + _SIZE) ** 2, (x + _SIZE) ** 2 + y**2)
    return ImmutableMatrix([other - (x - _SIZE) ** 2 - y**2 for other in others])


def _bisectors() -> sympy.ImmutableMatrix:
    x, y = _POINT
    return ImmutableMatrix([2 * _SIZE * (x - y), 2 * _SIZE * (x + y), 4 * _SIZE * x])


def _over_cell(a: sympy.Expr, b: sympy.Expr, constant: sympy.Expr) -> sympy.Expr:
    """Integral of ax_1 + bx_2 + constant over the cell, with the density of N(0, I_2)."""
    r, angle = sympy.Symbol("r", positive=True), sympy.Symbol("alpha", real=True)
    value = a * r * sympy.cos(angle) + b * r * sympy.sin(angle) + constant
    ray = Integral(value * r * sympy.exp(-(r**2) / 2) / (2 * sympy.pi), (r, 0, oo))
    return Integral(ray, (angle, -sympy.pi / 4, sympy.pi / 4))


def _steps() -> tuple[Step, ...]:
    zero, one = sympy.S.Zero, sympy.S.One
    return (
        equation(
            "By how much a point is further, squared, from $ce_2$, $−ce_2$ and $−ce_1$ than from $ce_1$.",
            _excess(),
            _bisectors(),
        ),
        meant(
            "So the cell of $ce_1$ is $|x_2| < x_1$, with the other coordinates free. With any function $u$, as 1 in "
            "it and else 0, these have the mean 0, as the law does not change under their reflection.",
            related(_IN_CELL, "==", 0),
            {name: Inner(DATA, Axis(n)) for n, name in enumerate((*_POINT, _FREE))},
            under=("normal data",),
        ),
        definition(
            "Its probability; in polar coordinates the density is $re^{−r²/2}/(2π)$, and the angle is less than $π/4$.",
            _MASS,
            _over_cell(zero, zero, one),
        ),
        equation("The cells are images of each other under the quarter turn:", _MASS, Rational(1, 4)),
        definition("The mean of $ax_1 + bx_2$ in it.", _MEAN, _over_cell(_DIRECTION[0], _DIRECTION[1], zero) / _MASS),
        equation("It is $a$ times $2/√π$, whatever $c$.", _MEAN, 2 * _DIRECTION[0] / sympy.sqrt(sympy.pi)),
    )
