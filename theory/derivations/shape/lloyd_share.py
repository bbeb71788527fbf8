"""Bounds of Lloyd's radius for every k: R_0²/(k − 1) is between 2/(k + 1) and 3/5."""

import sympy
from sympy import Rational, oo, sqrt

from emtheory.theory.derivations.shape import lloyd_centroid
from emtheory.theory.derivations.shape.lloyd_radius import closed_form
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import Step, combination, inequality, meant
from emtheory.theory.proof.words import citation, prose
from emtheory.theory.sums import COUNT

STATEMENT = Statement(__name__, "Lloyd's radius squared, over $k − 1$, is between $2/(k + 1)$ and 3/5")

_K = COUNT
_M, _SECOND, _SHARE, _RADIUS = sympy.symbols("m m_2 q R_0", positive=True)
_LARGEST, _REST = sympy.symbols("f w", real=True)
_SLOPE = _M / (2 * (_K - 1))
"""Of the largest coordinate, less the mean of all, in the sum of squares."""


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_K, sympy.Range(3, oo), "the number of centres"),
            Variable(_M, POSITIVE, "the mean of the largest of $k$ independent standard normal numbers"),
            Variable(_SECOND, POSITIVE, "that of its square"),
            Variable(_SHARE, POSITIVE, "$R_0²/(k − 1)$, $R_0$ Lloyd's radius"),
        ),
        hypotheses=("normal data",),
        exist_under={_SHARE: ("normal data",)},
        conclusions=(
            related(_SHARE, "==", _K * _M**2 / (_K - 1) ** 2),
            related(2 / (_K + 1), "<", _SHARE),
            related(_SHARE, "<=", Rational(3, 5)),
            related(0, "<", 1 - _SHARE),
            related(_M**2 + _SLOPE * _M, "<=", _SECOND - 1 / _K),
        ),
        note="for every $k ≥ 3$",
        source="beside Proposition 1 of the paper, which does not say how the radius grows",
        scope="every $k ≥ 3$, every $d ≥ k − 1$, $N(0, I_d)$",
        steps=_most_steps(),
    )


def _most_steps() -> tuple[Step, ...]:
    random = (_LARGEST, _REST)
    scale = 2 * _K / ((2 * _K - 1) * (_K - 1))

    def mean(n: int) -> sympy.Expr:
        return closed_form(n) * sqrt(Rational(n - 1, n))

    def needed(k: sympy.Expr) -> sympy.Expr:
        return 2 * (k - 1) ** 2 / (k * (k + 1))

    eight = mean(4) / sqrt(2) + mean(2)
    least = sympy.Min(
        *(mean(n) ** 2 - needed(sympy.Integer(last)) for n, last in ((3, 3), (4, 4), (5, 7))),
        eight**2 - needed(sympy.Integer(16)),
        (eight / sqrt(2) + mean(2)) ** 2 - 2,
        evaluate=False,
    )
    return (
        inequality(
            "Let $f = max_jz_j − z̄$ and $w = ‖z − 1z̄‖² − k + 1$.",
            related(0, "<=", Mean((_LARGEST - _M - _SLOPE * _REST) ** 2, random)),
            label="square",
        ),
        prose("As $z̄$ has the mean 0, $f$ has the mean $m$.", related(Mean(_LARGEST, random), "==", _M), label="f"),
        citation(
            "Gaussian laws",
            "and, as $z̄$, of the variance $1/k$, and $z − 1z̄$ are uncorrelated, and so independent,",
            related(Mean(_LARGEST**2, random), "==", _SECOND - 1 / _K),
            label="f²",
            under=("normal data",),
        ),
        *(
            citation(
                "chi-square law", why, related(Mean(_REST**n, random), "==", value), label=label, under=("normal data",)
            )
            for why, n, value, label in (
                ("$w + k − 1$ is $χ²$ with $k − 1$ degrees of freedom: $w$ has the mean", 1, 0, "w"),
                ("and the variance", 2, 2 * (_K - 1), "w²"),
            )
        ),
        citation(
            "Stein's lemma",
            "$f$ is homogeneous, so that $⟨z, ∇f⟩ = f$ and",
            related(Mean(_LARGEST * _REST, random), "==", _M),
            label="fw",
            under=("normal data",),
        ),
        combination(
            "Hence",
            related(_M**2 + _SLOPE * _M, "<=", _SECOND - 1 / _K),
            {"square": 1, "f²": -1, "f": 2 * _M, "fw": 2 * _SLOPE, "w": -2 * _SLOPE * _M, "w²": -(_SLOPE**2)},
            label="spread",
        ),
        prose(
            "The squares of the largest and the least of the $z_j − z̄$ have one mean, and are two of $k$ with the sum "
            "$w + k − 1$:",
            related(_SECOND - 1 / _K, "<=", (_K - 1) / 2),
            label="two of them",
        ),
        made(lloyd_centroid.derive_general).quoted(
            "By statement lloyd-centroid the radius is", 4, {"R_0(Gauss)": _RADIUS, "k": _K}, label="radius"
        ),
        meant(
            "so that $R_0²/(k − 1)$ is",
            related(_SHARE, "==", _K * _M**2 / (_K - 1) ** 2),
            {_SHARE: _RADIUS**2 / (_K - 1), _M: lloyd_centroid.LARGEST_MEAN},
            label="q",
            given=("radius",),
        ),
        combination(
            "So", _SHARE, "<=", _K / (2 * _K - 1), {"spread": scale, "two of them": scale, "q": -1}, label="share"
        ),
        inequality("where", related(_K / (2 * _K - 1), "<", 1), label="one above"),
        combination("and", related(0, "<", 1 - _SHARE), {"share": 1, "one above": 1}, label="rest"),
        inequality("and, for $k ≥ 3$,", related(_K / (2 * _K - 1), "<=", Rational(3, 5)), label="three fifths above"),
        combination(
            "so that", _SHARE, "<=", Rational(3, 5), {"share": 1, "three fifths above": 1}, label="three fifths"
        ),
        prose(
            "Let $m(n)$ be $m$ for $n$ numbers. It grows with $n$, and "
            "$m(2n) ≥ m(n)/√2 + m(2)$, the means given the half sums of $n$ pairs. $2(k − 1)²/(k(k + 1))$ grows, too, "
            "from 2/3 to 2. So the difference is at least the least of what it is at $m(3)$, at $m(4)$, for 7 at "
            "$m(5)$, which is below $m(6)$ and $m(7)$, for 16 at the bound of $m(8)$, and for 2 at that of $m(16)$:",
            related(least, "<=", _M**2 - needed(_K)),
            label="needed",
        ),
        inequality(
            "which is positive, by the values of statement lloyd-radius,", related(0, "<", least), label="least"
        ),
        combination(
            "or",
            related(2 / (_K + 1), "<", _SHARE),
            {"needed": _K / (_K - 1) ** 2, "least": _K / (_K - 1) ** 2, "q": 1},
            label="at least",
        ),
    )
