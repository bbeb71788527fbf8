"""The derivative of Lloyd's map at a fixed point that is not the simplex: the square, in more dimensions."""

import sympy
from sympy import Integral, oo, pi, sqrt

from emtheory.theory.derivations.shape.lloyd_radius import density
from emtheory.theory.proof.derivation import REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.step import Step, equation
from emtheory.theory.proof.words import citation

STATEMENT = Statement(__name__, "Lloyd's map doubles a displacement of the square", 4, general=False, smallest_k=4)

_ALONG, _ACROSS, _HEIGHT, _VELOCITY = sympy.symbols("s z h Δ", real=True)


def derive(k: int) -> Derivation:
    return STATEMENT.derivation(
        variables=(Variable(_VELOCITY, REAL, "the velocity of the first centroid"), Variable(_HEIGHT, REAL)),
        hypotheses=("normal data",),
        exist_under={_VELOCITY: ("normal data",)},
        conclusions=(related(_VELOCITY, "==", 2 * _HEIGHT),),
        note="the centres $ce_1$, $ce_2$, $−ce_1$, $−ce_2$ of the fixed square, $c = 2/√π$, have the velocities "
        "$he_3$, $−he_3$, $he_3$, $−he_3$, and the centroids twice these, the first $Δe_3$: the derivative of "
        "Lloyd's map has the eigenvalue 2",
        source="Mechanism 3 of the summary, read for starts nearby",
        scope="$k = 4$, every $d ≥ 3$, $N(0, I_d)$",
        k=k,
        steps=_steps(),
    )


WALLS = (
    "The cell of a centre $c$ is where the excess over the distance from it, $‖x − e‖² − ‖x − c‖²$, is positive for "
    "all other centres $e$. If $c$ and $e$ have the velocities $g$ and $f$, it grows by $2⟨x − c, g⟩ − 2⟨x − e, f⟩$, "
    "and has the gradient $2(c − e)$: the wall between moves outwards by the growth over $2‖c − e‖$. "
)
"""How fast the wall between two cells moves when their centres do."""


def _steps() -> tuple[Step, ...]:
    along = Integral(density(_ALONG), (_ALONG, 0, oo))
    across = Integral(2 * _HEIGHT * _ACROSS * _ACROSS * density(_ACROSS), (_ACROSS, -oo, oo))
    return (
        citation(
            "Reynolds' transport theorem",
            f"{WALLS}The square is fixed (statement lloyd-square). The integral of $x − c$ over a cell changes by "
            f"that over its walls, times their speed outwards; $c$ being the centroid, that over the probability 1/4 "
            f"is the centroid's velocity. The two walls of the first cell are half-planes $s(e_1 ± e_2)/√2 + ze_3$, "
            f"$s > 0$, half the growth is $2hz$, and the other coordinates and $s$ are independent of $z$, whose mean "
            f"is 0: the velocity is along $e_3$,",
            related(_VELOCITY, "==", 4 * 2 * density(sympy.S.Zero) * along * across / (sqrt(2) * 2 / sqrt(pi))),
            label="derivative",
        ),
        equation("that is,", _VELOCITY, 2 * _HEIGHT, given=("derivative",)),
    )
