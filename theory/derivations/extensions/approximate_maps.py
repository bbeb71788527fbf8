"""Maps that are only nearly those of the simplex: how far σ_min(A) can move."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import Image, Most, Reach, Stretch, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, meant, monotone
from emtheory.theory.proof.words import assumption
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "$σ_{min}(A)$ moves by at most $∑_j π_j ‖U_j − V_j‖$ if the maps change")

_J = component("j")
_PI, _CHANGE = family("pi", positive=True), family("delta", nonnegative=True)
_SIGMA, _REFERENCE, _LARGEST = sympy.symbols("sigma rho Delta", nonnegative=True)
_MOVED = total(_PI[_J] * _CHANGE[_J], _J)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_PI, POSITIVE, "the weights"),
            Variable(_CHANGE, Interval(0, oo), "$δ_j = ‖U_j − V_j‖$, the operator norm"),
            Variable(_LARGEST, Interval(0, oo), "the largest $δ_j$"),
            Variable(_SIGMA, Interval(0, oo), "$σ_{min}(∑_j π_jU_j)$"),
            Variable(_REFERENCE, Interval(0, oo), "$σ_{min}(∑_j π_jV_j)$"),
        ),
        hypotheses=("weights",),
        conclusions=(
            related(_SIGMA - _REFERENCE, "<=", _MOVED),
            related(_REFERENCE - _SIGMA, "<=", _MOVED),
            related(_MOVED, "<=", _LARGEST),
            provided(related(0, "<", _SIGMA), related(_MOVED, "<", _REFERENCE)),
            provided(related(1 - _SIGMA**2, "<=", 1 - (_REFERENCE - _MOVED) ** 2), related(_MOVED, "<=", _REFERENCE)),
        ),
        note="the first three conclusions are $|σ − ρ| ≤ ∑_j π_j‖U_j − V_j‖ ≤ max ‖U_j − V_j‖$; by the fourth $A = "
        "∑_j π_jU_j$ is invertible if $∑_j π_jV_j$ is and the maps are near enough; $1 − σ²$ is the "
        "contraction factor",
        source="not in the paper; its next check 3",
        scope="every $k$, all weights, any $d$, any $d × d$ matrices $U_j$ and $V_j$; for $V_j = R^j$, "
        "$σ_{min}(∑π_jR^j) = min |π̂_m|$ by statement matrix-a",
        steps=(_one_way(_SIGMA, _REFERENCE), _one_way(_REFERENCE, _SIGMA), *_largest_steps()),
    )


def _one_way(value: sympy.Symbol, reference: sympy.Symbol) -> Step:
    """The least singular value for some maps exceeds that for others by at most the sum."""
    w = Vector("w")

    def image(j: sympy.Expr) -> sympy.Expr:
        return Image(j, w)

    names = {
        _CHANGE[_J]: Reach(image(_J) - image(COUNT + _J), w),
        _SIGMA: Stretch(total(_PI[_J] * image(_J), _J), w),
        _REFERENCE: Stretch(total(_PI[_J] * image(COUNT + _J), _J), w),
    }
    return meant(
        "Least singular values, the $V_j$ as $U_{k+j}$, differ by at most $∑_j π_jδ_j$, as norms of images do.",
        related(value - reference, "<=", _MOVED),
        names,
        label=f"moved {value}",
    )


def _largest_steps() -> tuple[Step, ...]:
    left = _REFERENCE - _MOVED
    return (
        meant(
            "Let $Δ$ be the largest $δ_j$.",
            related(_CHANGE[_J], "<=", _LARGEST),
            {_LARGEST: Most(_CHANGE[component("n")], component("n"))},
            label="largest",
        ),
        monotone(
            "On average",
            related(_MOVED, "<=", total(_PI[_J] * _LARGEST, _J)),
            total(_PI[_J] * PLACE, _J),
            "largest",
            label="average",
        ),
        meant("and the weights sum to 1.", related(total(_PI[_J], _J), "==", 1), {}, label="mass", under=("weights",)),
        combination("So", related(_MOVED, "<=", _LARGEST), {"average": 1, "mass": -_LARGEST}),
        assumption("Let the maps be so near that", related(_MOVED, "<", _REFERENCE), label="near"),
        combination("Then $A$ is invertible.", related(sympy.S.Zero, "<", _SIGMA), {"near": 1, "moved rho": 1}),
        assumption("Or let", related(_MOVED, "<=", _REFERENCE), label="not far"),
        inequality("Singular values are not negative,", related(0, "<=", _SIGMA), label="sign"),
        combination("so that", related(0, "<=", _SIGMA + left), {"sign": 1, "not far": 1}, label="sum"),
        combination(
            "and the contraction factor is bounded.",
            related(1 - _SIGMA**2, "<=", 1 - left**2),
            {"moved rho": _SIGMA + left},
            within=("sum",),
        ),
    )
