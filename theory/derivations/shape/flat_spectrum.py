"""Two-valued weights: all |π̂_m| are equal, and EM keeps the simplex, exactly for perfect difference sets."""

from collections.abc import Callable

import sympy

from emtheory.theory.proof.derivation import Derivation, Statement, provided
from emtheory.theory.proof.formula import POSITIVE, REAL, Variable, related, sides
from emtheory.theory.proof.step import Step, combination, equation, instance, meant
from emtheory.theory.proof.words import assumption, citation, condition, definition
from emtheory.theory.sums import COUNT, component, family, total

STATEMENT = Statement(__name__, "weights with equal $|π̂_m|$: perfect difference sets")

_J, _S = component("j"), component("s")
_WAYS_OF, _DELTA, _CHI = family("l"), family("delta"), family("chi")
_HERE = family("u")
_SHIFTED = {"s": family("v"), "t": family("w")}
_A, _B, _SIZE = sympy.symbols("a b n", positive=True)
_BOTH, _ONE, _NONE = sympy.symbols("E_DD E_DO E_OO", positive=True)
_POWER, _BETA, _WAYS, _SQUARES = sympy.symbols("|π̂_m|² β_m lambda E∑γ_j²", real=True)
_OFF, _ORIGIN = sympy.symbols("x y", real=True)
_EQUAL_WAYS = related(_WAYS_OF[_S], "==", _WAYS + (_SIZE - _WAYS) * _DELTA[_S])
"""Say that every shift but 0 is λ times a difference of two elements of D, and 0 is n times."""

_APART = related(0, "<", (_A - _B) ** 2)


def _count(shift: str) -> sympy.Symbol:
    """How often a shift is a difference of two elements of D."""
    return sympy.Symbol(f"lambda_{shift}", real=True)


def _correlation(shift: str) -> sympy.Symbol:
    return sympy.Symbol(f"a_{shift}", real=True)


def _posterior_correlation(shift: str) -> sympy.Symbol:
    return sympy.Symbol(f"A_{shift}", real=True)


def _of_weights(count: sympy.Expr) -> sympy.Expr:
    return COUNT * _B**2 + 2 * _B * (_A - _B) * _SIZE + (_A - _B) ** 2 * count


def _of_posterior(count: sympy.Expr) -> sympy.Expr:
    return COUNT * _NONE + 2 * _SIZE * (_ONE - _NONE) + count * (_BOTH - 2 * _ONE + _NONE)


def _same(of: Callable[[str], sympy.Symbol]) -> sympy.Rel:
    """Say that what belongs to the shifts s and t is equal."""
    return related(of("s"), "==", of("t"))


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            *(Variable(weight, POSITIVE) for weight in (_A, _B)),
            Variable(_SIZE, POSITIVE, "the number of elements of $D$"),
            Variable(_POWER, REAL, "the transform of $a$ at any $m ≠ 0$ (statement dft)"),
            Variable(_BETA, REAL, "that of $A$, $β_m(θ)$"),
            Variable(_S, sympy.Range(0, sympy.oo), "a shift, $s < k$"),
            Variable(_WAYS_OF, REAL, "the number of $j$ in $D$ with $j + s$ in $D$"),
            Variable(_DELTA, REAL, "1 for $s = 0$, else 0"),
            Variable(_BOTH, POSITIVE, "$E γ_iγ_j$, $i ≠ j$, for $i$ and $j$ in $D$"),
            Variable(_ONE, POSITIVE, "that for one of them in $D$"),
            Variable(_NONE, POSITIVE, "that for none in $D$"),
            Variable(_WAYS, REAL, "the value of all $λ_s$, $s ≠ 0$, if they have one"),
            Variable(_SQUARES, REAL),
            *(Variable(_posterior_correlation(shift), REAL, f"$E ∑_jγ_jγ_{{j+{shift}}}$") for shift in ("s", "t")),
        ),
        hypotheses=("normal data", "simplex", "two values", "residues"),
        exist_under={
            **dict.fromkeys((_A, _B, _SIZE), ("two values",)),
            **dict.fromkeys((_BETA, _BOTH, _ONE, _NONE), ("simplex", "two values", "normal data")),
        },
        conclusions=(
            related(_correlation("s"), "==", _of_weights(_count("s"))),
            provided(_same(_correlation), _same(_count)),
            provided(_same(_count), _APART, _same(_correlation)),
            related(_POWER, "==", (_A - _B) ** 2 * _SIZE * (COUNT - _SIZE) / (COUNT - 1)),
            provided(_same(_posterior_correlation), _same(_count)),
            related(_BETA, "==", _SQUARES - _of_posterior(_WAYS)),
        ),
        note="$s$ and $t$ are any two shifts but 0, $a_s = ∑_jπ_jπ_{j+s}$, $λ_s$ is how often $s$ is a difference "
        "of two elements of $D$, and $A_s = E ∑_jγ_jγ_{j+s}$; $|π̂_m|²$ and $β_m$ are for sets $D$ whose $λ_s$ "
        "are all $λ$, and only for these are all $|π̂_m|$, $m ≠ 0$, equal; EM then maps regular simplices to "
        "regular simplices at every radius, as all $β_m$, $m ≠ 0$, are equal",
        source="not in the paper, whose critical path takes it for granted that the simplex is kept",
        scope="every $k$, all two-valued weights (one special weight is $D = {0}$, $λ = 0$), every radius, any $d$",
        steps=(*_weight_steps(), *_transform_steps(), *_spectrum_steps(), *_posterior_steps()),
    )


def _weight_steps() -> tuple[Step, ...]:
    gap = _A - _B
    return (
        meant(
            "$u_j$ is 1 for $j$ in $D$, else 0.",
            related(total(_HERE[_J], _J), "==", _SIZE),
            {_SIZE: total(_HERE[_J], _J)},
            label="D",
        ),
        *(step for shift in ("s", "t") for step in _shift_steps(shift)),
        combination(
            "So $a_s$ is constant in $s ≠ 0$",
            related(_correlation("s") - _correlation("t"), "==", gap**2 * (_count("s") - _count("t"))),
            {"weights s": 1, "weights t": -1},
            label="difference",
        ),
        assumption("if", _same(_count), label="equal counts"),
        combination("$λ_s$ is,", *sides(_same(_correlation)), {"difference": 1, "equal counts": gap**2}),
        assumption("and only if: let $a ≠ b$", _APART, label="apart"),
        assumption("and", _same(_correlation), label="equal correlations"),
        combination(
            "then",
            *sides(_same(_count)),
            {"difference": -1 / gap**2, "equal correlations": 1 / gap**2},
            within=("apart",),
        ),
    )


def _shift_steps(shift: str) -> tuple[Step, ...]:
    there = _SHIFTED[shift]
    moved = f"${there.label}_j$ is 1 for $j + {shift}$ in $D$."
    return (
        definition(f"{moved} $λ_{shift} = ∑_ju_j{there.label}_j$,", _count(shift), total(_HERE[_J] * there[_J], _J)),
        definition(
            f"and $a_{shift} = ∑_jπ_jπ_{{j+{shift}}}$, $π_j$ being $a$ or $b$.",
            _correlation(shift),
            total((_B + (_A - _B) * _HERE[_J]) * (_B + (_A - _B) * there[_J]), _J),
        ),
        meant(
            "$D$ is only shifted:",
            related(total(there[_J], _J), "==", _SIZE),
            {there[_J]: _HERE[sympy.Mod(_J + component(shift), COUNT)], _SIZE: total(_HERE[_J], _J)},
            label=f"D + {shift}",
        ),
        combination(
            f"$a_{shift}$ depends on ${shift}$ through $λ_{shift}$ alone.",
            related(_correlation(shift), "==", _of_weights(_count(shift))),
            {"D": _B * (_A - _B), f"D + {shift}": _B * (_A - _B)},
            label=f"weights {shift}",
        ),
    )


def _function(origin: sympy.Expr, off: sympy.Expr) -> sympy.Expr:
    """Transform at m of the function with one value at 0 and one elsewhere; the δ_j, 1 at 0, and χ_j = cos 2πmj/k."""
    return total((off + (origin - off) * _DELTA[_J]) * _CHI[_J], _J)


def _transform_steps() -> tuple[Step, ...]:
    m = sympy.Symbol("m", integer=True)
    names = {_DELTA[_J]: sympy.KroneckerDelta(_J, 0), _CHI[_J]: sympy.cos(2 * sympy.pi * _J * m / COUNT)}
    return (
        meant(
            "Let $χ_j = cos(2πmj/k)$, $m ≠ 0$. The sum of the $χ_j$ vanishes,",
            related(total(_CHI[_J], _J), "==", 0),
            names,
            label="characters",
            under=("residues",),
        ),
        meant(
            "and $χ_0 = 1$: with $δ_j = 1$ for $j = 0$, else 0,",
            related(total(_DELTA[_J] * _CHI[_J], _J), "==", 1),
            names,
            label="character at 0",
        ),
        combination(
            "The transform of a function that is $x$ for all $s ≠ 0$, and $y$ for $s = 0$:",
            related(_function(_ORIGIN, _OFF), "==", _ORIGIN - _OFF),
            {"characters": _OFF, "character at 0": _ORIGIN - _OFF},
            label="transform",
        ),
    )


def _transform_at(origin: sympy.Expr, off: sympy.Expr, label: str) -> Step:
    at = {_ORIGIN: origin, _OFF: off}
    return instance("It is", related(_function(origin, off), "==", origin - off), "transform", at, label=label)


def _spectrum_steps() -> tuple[Step, ...]:
    origin, off = _of_weights(_SIZE), _of_weights(_WAYS)
    gap = _A - _B
    return (
        definition(
            "The transform of $a$ where $λ_s = λ$ for all $s ≠ 0$, and $λ_0 = n$:", _POWER, _function(origin, off)
        ),
        _transform_at(origin, off, "power transform"),
        condition("Let", _EQUAL_WAYS, over=(_S,), label="equal ways"),
        equation(
            "be the number of the pairs of elements of $D$ with the difference $s$: in all",
            total(_WAYS_OF[_S], _S),
            COUNT * _WAYS + (_SIZE - _WAYS) * total(_DELTA[_S], _S),
            label="ways",
            given=("equal ways",),
        ),
        meant(
            "pairs, which are",
            related(total(_WAYS_OF[_S], _S), "==", _SIZE**2),
            {_WAYS_OF[_S]: total(_HERE[_J] * _HERE[sympy.Mod(_J + _S, COUNT)], _J), _SIZE: total(_HERE[_J], _J)},
            label="pairs",
        ),
        meant("as", related(total(_DELTA[_J], _J), "==", 1), {_DELTA[_J]: sympy.KroneckerDelta(_J, 0)}, label="δ"),
        combination(
            "$|π̂_m|² = (a − b)²(n − λ)$, that is",
            related(_POWER, "==", gap**2 * _SIZE * (COUNT - _SIZE) / (COUNT - 1)),
            {
                "power transform": 1,
                "pairs": -(gap**2) / (COUNT - 1),
                "ways": gap**2 / (COUNT - 1),
                "δ": gap**2 * (_SIZE - _WAYS) / (COUNT - 1),
            },
        ),
    )


def _posterior_steps() -> tuple[Step, ...]:
    off = _of_posterior(_WAYS)
    return (
        *(step for shift in ("s", "t") for step in _posterior_shift_steps(shift)),
        combination(
            "$A_s$ is the same for all $s ≠ 0$ if $λ_s$ is.",
            *sides(_same(_posterior_correlation)),
            {"posterior s": 1, "posterior t": -1, "equal counts": _BOTH - 2 * _ONE + _NONE},
        ),
        definition("$β_m = E|γ̂_m|²$ is the transform of $A$ at $m$:", _BETA, _function(_SQUARES, off)),
        _transform_at(_SQUARES, off, "beta transform"),
        combination(
            "One number $β$ for all $m ≠ 0$, at every radius: $M(θ) = (1 − β)θ$ on the simplex, a smaller simplex "
            "of the same shape.",
            related(_BETA, "==", _SQUARES - off),
            {"beta transform": 1},
        ),
    )


def _posterior_shift_steps(shift: str) -> tuple[Step, ...]:
    u, v = _HERE[_J], _SHIFTED[shift][_J]
    values = _BOTH * u * v + _ONE * (u * (1 - v) + v * (1 - u)) + _NONE * (1 - u) * (1 - v)
    return (
        citation(
            "Gaussian laws",
            "On a regular simplex the covariances of the exponents are the same after every permutation of the "
            "components, and so is their law: $E γ_iγ_j$, $i ≠ j$, depends only on whether $i$ and $j$ are in $D$. So "
            f"$A_{shift} = E ∑_jγ_jγ_{{j+{shift}}}$ is",
            related(_posterior_correlation(shift), "==", total(values, _J)),
            label=f"correlation {shift}",
        ),
        combination(
            "that is",
            related(_posterior_correlation(shift), "==", _of_posterior(_count(shift))),
            {f"correlation {shift}": 1, "D": _ONE - _NONE, f"D + {shift}": _ONE - _NONE},
            label=f"posterior {shift}",
        ),
    )
