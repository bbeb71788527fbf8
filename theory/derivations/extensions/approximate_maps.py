"""Maps that are only nearly those of the simplex: how far σ_min(A) can move."""

import sympy
from sympy import Interval, oo

from emtheory.theory.proof.derivation import Derivation, Statement
from emtheory.theory.proof.formula import POSITIVE, Proposition, Variable, related
from emtheory.theory.proof.meant.vectors import Most
from emtheory.theory.proof.step import PLACE, Step, combination, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("$σ_{min}(A)$ moves by at most $∑_j π_j ‖U_j − V_j‖$ if the maps change", 0, general=True)

_J = component("j")
_PI, _CHANGE = family("pi", positive=True), family("delta", nonnegative=True)
_SIGMA, _REFERENCE, _LARGEST = sympy.symbols("sigma rho Delta", nonnegative=True)


def derive_general() -> Derivation:
    """Derive |σ_min(Σπ_jU_j) − σ_min(Σπ_jV_j)| ≤ Σ π_j‖U_j − V_j‖ ≤ max ‖U_j − V_j‖, for every k."""
    return STATEMENT.derivation(
        name="approximate-maps",
        statement=Proposition(
            variables=(
                Variable(_PI, POSITIVE, "the weights"),
                Variable(_CHANGE, Interval(0, oo), "$δ_j = ‖U_j − V_j‖$, the operator norm"),
                Variable(_LARGEST, Interval(0, oo), "the largest $δ_j$"),
                Variable(_SIGMA, Interval(0, oo), "$σ_{min}(∑_j π_jU_j)$"),
                Variable(_REFERENCE, Interval(0, oo), "$σ_{min}(∑_j π_jV_j)$"),
            ),
            hypotheses=("weights",),
            conclusions=(
                related(_SIGMA - _REFERENCE, "<=", _moved()),
                related(_REFERENCE - _SIGMA, "<=", _moved()),
                related(_moved(), "<=", _LARGEST),
                sympy.Implies(related(_moved(), "<", _REFERENCE), related(0, "<", _SIGMA), evaluate=False),
                sympy.Implies(
                    related(_moved(), "<=", _REFERENCE),
                    related(1 - _SIGMA**2, "<=", 1 - (_REFERENCE - _moved()) ** 2),
                    evaluate=False,
                ),
            ),
            note="the first three conclusions are $|σ − ρ| ≤ ∑_j π_j‖U_j − V_j‖ ≤ max ‖U_j − V_j‖$; by the fourth $A = "
            "∑_j π_jU_j$ is invertible if $∑_j π_jV_j$ is and the maps are near enough; $1 − σ²$ is the "
            "contraction factor",
        ),
        source="not in the paper; its next check 3",
        scope="every $k$, all weights, any $d$, any $d × d$ matrices $U_j$ and $V_j$; for $V_j = R^j$, "
        "$σ_{min}(∑π_jR^j) = min |π̂_m|$ by statement matrix-a",
        steps=(
            *_one_way("U", "V", _SIGMA, _REFERENCE),
            *_one_way("V", "U", _REFERENCE, _SIGMA),
            *_largest_steps(),
            *_near_steps(),
        ),
    )


def _moved() -> sympy.Expr:
    return total(_PI[_J] * _CHANGE[_J], _J)


def _one_way(of: str, other: str, value: sympy.Symbol, reference: sympy.Symbol) -> tuple[Step, ...]:
    """The least singular value for some maps exceeds that for others by at most the sum.

    Both maps are given by name, with a symbol for the least singular value of the mean of each.
    """
    images, others = family(f"x_{of}"), family(f"x_{other}")
    mean, other_mean = total(_PI[_J] * images[_J], _J), total(_PI[_J] * others[_J], _J)
    return (
        prose(
            f"Let $u$ be a unit vector with the least $‖∑_j π_j{other}_ju‖$, which is the least singular value there, "
            f"and $w$ the unit vector along $∑_j π_j{of}_ju$, which is no shorter than it is here. With $x_j = ⟨w, "
            f"{of}_ju⟩$,",
            related(value, "<=", mean),
            label=f"least {of}",
        ),
        prose(
            f"and, by Cauchy and Schwarz, with $⟨w, {other}_ju⟩$ likewise,",
            related(other_mean, "<=", reference),
            label=f"attained {other}",
        ),
        prose(
            "For each $j$ the difference is at most the norm:",
            related(images[_J], "<=", others[_J] + _CHANGE[_J]),
            label=f"norm {of}",
        ),
        monotone(
            "On average",
            related(mean, "<=", total(_PI[_J] * (others[_J] + _CHANGE[_J]), _J)),
            total(_PI[_J] * PLACE, _J),
            f"norm {of}",
            label=f"average {of}",
        ),
        combination(
            "So the value exceeds the other by at most $∑_j π_jδ_j$.",
            related(value - reference, "<=", _moved()),
            {f"least {of}": 1, f"average {of}": 1, f"attained {other}": 1},
            label=f"moved {of}",
        ),
    )


def _largest_steps() -> tuple[Step, ...]:
    return (
        meant(
            "Let $Δ$ be the largest $δ_j$.",
            related(_CHANGE[_J], "<=", _LARGEST),
            {_LARGEST: Most(_CHANGE[component("n")], component("n"))},
            label="largest",
        ),
        monotone(
            "On average",
            related(_moved(), "<=", total(_PI[_J] * _LARGEST, _J)),
            total(_PI[_J] * PLACE, _J),
            "largest",
            label="average",
        ),
        meant("and the weights sum to 1.", related(total(_PI[_J], _J), "==", 1), {}, label="mass", under=("weights",)),
        combination("So", related(_moved(), "<=", _LARGEST), {"average": 1, "mass": -_LARGEST}),
    )


def _near_steps() -> tuple[Step, ...]:
    left = _REFERENCE - _moved()
    return (
        assumption("Let the maps be so near that", related(_moved(), "<", _REFERENCE), label="near"),
        combination("Then $A$ is invertible.", related(sympy.S.Zero, "<", _SIGMA), {"near": 1, "moved V": 1}),
        assumption("Or let", related(_moved(), "<=", _REFERENCE), label="not far"),
        inequality("Singular values are not negative,", related(0, "<=", _SIGMA), label="sign"),
        combination("so that", related(0, "<=", _SIGMA + left), {"sign": 1, "not far": 1}, label="sum"),
        combination(
            "and the contraction factor is bounded.",
            related(1 - _SIGMA**2, "<=", 1 - left**2),
            {"moved V": _SIGMA + left},
            within=("sum",),
        ),
    )
