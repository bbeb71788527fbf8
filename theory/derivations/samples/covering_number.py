"""How many points a net of a ball needs: those of a largest set of points that are apart, by volumes."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, related
from emtheory.theory.proof.step import Step, combination
from emtheory.theory.proof.words import prose

STATEMENT = Statement(__name__, "the points of a net of a ball")

_DIMENSION, _RADIUS, _MESH, _VOLUME = sympy.symbols("D rho tau V", positive=True)
_COUNT = sympy.Symbol("N", positive=True)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_DIMENSION, sympy.Range(1, oo), "the dimension"),
            Variable(_RADIUS, POSITIVE, "the radius of the ball"),
            Variable(_MESH, POSITIVE, "how near the next point of the net is at most"),
            Variable(_COUNT, Interval.open(0, oo), "the number of points of a largest set with distances above $τ$"),
        ),
        hypotheses=(),
        conclusions=(related(_COUNT, "<=", (1 + 2 * _RADIUS / _MESH) ** _DIMENSION),),
        note="a largest set is a net: a point farther than $τ$ from all of it could be added. A net of the unit "
        "sphere lies in the unit ball, and has at most as many points as the bound says for it",
        source="the paper's finite-sample bounds, whose constants the summary does not give",
        scope="every dimension, any ball and any distance",
        steps=_steps(),
    )


def _steps() -> tuple[Step, ...]:
    small, large = (_MESH / 2) ** _DIMENSION, (_RADIUS + _MESH / 2) ** _DIMENSION
    return (
        prose(
            "Let $V$ be the volume of the unit ball. The balls of radius $τ/2$ around the points are disjoint, and in "
            "the ball of radius $ρ + τ/2$:",
            related(_COUNT * _VOLUME * small, "<=", _VOLUME * large),
            label="volumes",
        ),
        combination("so that", related(_COUNT * small, "<=", large), {"volumes": 1 / _VOLUME}, label="powers"),
        combination(
            "the number is at most", _COUNT, "<=", (1 + 2 * _RADIUS / _MESH) ** _DIMENSION, {"powers": 1 / small}
        ),
    )
