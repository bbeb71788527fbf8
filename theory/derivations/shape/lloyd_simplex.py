"""Lloyd's map to first order at the regular simplex, every k: all but rotations contracts, slowly for large k."""

import sympy
from sympy import Derivative, Rational, log, oo

from emtheory.theory.derivations.shape import lloyd_growth, lloyd_share
from emtheory.theory.derivations.shape.lloyd_radius import density, distribution
from emtheory.theory.derivations.shape.lloyd_stability import WALLS
from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, made, related
from emtheory.theory.proof.mean import Mean
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import citation, definition, prose
from emtheory.theory.sums import COUNT, component, family

STATEMENT = Statement(__name__, "Lloyd's map near the simplex, every $k$: everything but rotations contracts")

_K = COUNT
_M, _SECOND, _THIRD, _SHARE = sympy.symbols("m m_2 m_3 q", positive=True)
_TANGENTIAL, _X, _Y = sympy.symbols("lambda x y", real=True)
_T, _N = sympy.Symbol("t", real=True), sympy.Symbol("n", integer=True, nonnegative=True)
_FIRST = sympy.Symbol("p_1", nonnegative=True)
_GAP = sympy.Symbol("u", real=True)
_RADIUS, _S = sympy.Symbol("R_0", positive=True), sympy.Symbol("s", real=True)
_I, _J, _L = (component(name) for name in "ijl")
_B, _A = family("b"), family("a")
_RATIO = 2 * density(_T) / sympy.expand(2 * distribution(_T))
_SQUARE, _HAZARD, _MIXED = (Mean(value, (_T,)) for value in (_T**2, _RATIO**2, _T * _RATIO))
"""Over t on a wall, p_2, h_2 and h_1."""
_CENTRE = _K * _M / (_K - 1)
"""The length c of which the centres are c(e_j − 1/k)."""
_ACROSS = _K * _SHARE - _SHARE - _K * (_SECOND - 1) / (_K - 1)
"""Half the coefficient of xy in ⟨f, Tf⟩."""
_RADIAL = _THIRD / _M - 2 * _SECOND + (_K - 1) ** 2 * _SHARE / _K - 1 / _K
"""The coefficient of y² in ⟨f, Tf⟩."""
_LOSS = (_K - 1) / _K - _TANGENTIAL
"""How far λ is below 1 − 1/k."""
_PAIR = Mean((_Y * (_S - _M) - _CENTRE * _X) ** 2, (_S,))
"""⟨f, Tf⟩ as a mean over a wall, s = t − z̄."""


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_K, sympy.Range(3, oo), "the number of centres"),
            Variable(_M, POSITIVE, "the mean of the largest of $k$ independent standard normal numbers"),
            Variable(_SECOND, POSITIVE, "that of its square"),
            Variable(_THIRD, POSITIVE, "and of its third power"),
            Variable(_SHARE, POSITIVE, "$R_0²/(k − 1)$, $R_0$ Lloyd's radius"),
            Variable(_TANGENTIAL, REAL, "for $k ≥ 4$ an eigenvalue"),
            Variable(_X, REAL),
            Variable(_Y, REAL),
        ),
        hypotheses=("normal data",),
        exist_under=dict.fromkeys((_SHARE, _TANGENTIAL), ("normal data",)),
        conclusions=(
            related(_SHARE, "==", _K * _M**2 / (_K - 1) ** 2),
            related(2 / (_K + 1), "<", _SHARE),
            related(_SHARE, "<=", Rational(3, 5)),
            related((_K - 2) * (_K - 3) * _LOSS, "==", (_K - 1) * (2 * _THIRD / _M - 5)),
            related(_TANGENTIAL, "<", (_K - 1) / _K),
            related((_K - 2) * (_K - 3) * _LOSS, "<", 4 * (_K - 1) ** 2 * log(_K) / _K),
            related(_PAIR, "==", _K * _SHARE * _X**2 + 2 * _ACROSS * _X * _Y + _RADIAL * _Y**2),
            related((1 - _ACROSS) ** 2, "<", _K * (1 - _SHARE) * (1 - 1 / _K - _RADIAL)),
        ),
        note="the derivative $T$ of Lloyd's map at the simplex is symmetric, with eigenvalues that are not "
        "negative: 1 for rotations, 0 for the size and for shifts out of the span, $λ$ for $k(k − 3)/2$ velocities "
        "along the opposite walls, and on the rest, $k − 1$ pairs $f_j = xa + ya_j(e_j − 1/k)$, the two roots of "
        "$⟨f, Tf⟩ = μ‖f‖²$, $‖f‖² = kx² + 2xy + (1 − 1/k)y²$, below 1 by the last line. For $k ≥ 4$ $1 − λ$ is "
        "more than $1/k$, and less than $1/k + 4(k − 1)² log(k)/(k(k − 2)(k − 3))$",
        source="Mechanism 3 of the summary, read for starts nearby",
        scope="every $k ≥ 3$, every $d ≥ k − 1$, $N(0, I_d)$",
        steps=(
            *_symmetry_steps(),
            *_moment_steps(),
            *_tangential_steps(),
            *_share_steps(),
            *_pair_steps(),
            *_contraction_steps(),
        ),
    )


def _symmetry_steps() -> tuple[Step, ...]:
    return (
        citation(
            "Reynolds' transport theorem",
            f"{WALLS}Let $X$ be of $R^k$, an independent coordinate along $1$ added, $z$ its coordinates, and $c_j = "
            f"c(e_j − 1/k)$ the centres. The integral of $x − c_j$ over a cell changes by that over its walls, times "
            f"their speed outwards, and the centroid by $k$ times that. So $⟨f, Tf⟩$ is $1/k$ times the sum over the "
            f"pairs of the mean $E_{{ij}}$ of the square of half the growth over their wall, on which $z_i = z_j = t$ "
            f"is the largest, and its probability is made 1.",
            label="form",
            under=("normal data",),
        ),
        citation(
            "Schur's lemma",
            "$T$ is symmetric and commutes with permutations of the $e_j$ and with rotations of the complement of "
            "their span. Under these the velocities are the sum of the turns, kept by $T$, the changes of size and "
            "the shifts out of the span, for which no wall moves, all $f_j = ∑_l b_{jl}e_l$ with $b$ symmetric and "
            "$b_{jj} = ∑_l b_{jl} = 0$, and all $f_j = xa + ya_j(e_j − 1/k)$ with $∑_j a_j = 0$. Only the last occur "
            "twice, and for $k = 3$ no $b$.",
            label="Schur",
            given=("form",),
        ),
    )


def _moment_steps() -> tuple[Step, ...]:
    t, n = _T, _N
    f, below = density(t), distribution(t)

    def slope(of: sympy.Expr) -> sympy.Expr:
        """The mean over a wall of the derivative of that times its density, over the density."""
        return Mean(Derivative(of, t) + of * (2 * Derivative(log(f), t) + (_K - 2) * _RATIO), (t,))

    return (
        equation(
            "Let $φ$ and $Φ$ be density and distribution function of $N(0, 1)$.",
            Derivative(-(t**n) * f * below ** (_K - 1), t),
            (t ** (n + 1) - n * t ** (n - 1)) * f * below ** (_K - 1) - (_K - 1) * t**n * f**2 * below ** (_K - 2),
            label="parts",
        ),
        citation(
            "fundamental theorem of calculus",
            "The largest coordinate has the density $kφΦ^{k−1}$ and the moments 1, $m$, $m_2$ and $m_3$, and $t$ on "
            "a wall one of the shape $φ²Φ^{k−2}$ and the moments 1, $p_1$ and $p_2$. The integral of the derivative "
            "is 0; at $n = 0$, $m$ is $k(k − 1)$ times that of $φ²Φ^{k−2}$, at 1",
            related(_M * _FIRST, "==", _SECOND - 1),
            label="first",
            given=("parts",),
        ),
        citation(
            "fundamental theorem of calculus", "and at 2", related(_M * _SQUARE, "==", _THIRD - 2 * _M), label="second"
        ),
        citation(
            "fundamental theorem of calculus",
            "The derivative of $−φ²Φ^{k−2}$ has the integral 0, too: with $ν = φ/Φ$, $2p_1$ is the mean of $(k − 2)ν$, "
            "and $p_1 ≥ 0$. Of $t$ times it",
            related(slope(t), "==", 0),
            label="wall parts",
        ),
        combination("that is,", related((_K - 2) * _MIXED, "==", 2 * _SQUARE - 1), {"wall parts": 1}, label="mixed"),
        citation(
            "fundamental theorem of calculus", "and of $ν$ times it", related(slope(_RATIO), "==", 0), label="hazard"
        ),
        combination(
            "that is,", related((_K - 2) * _HAZARD, "==", 3 * _MIXED + _HAZARD), {"hazard": 1}, label="square of hazard"
        ),
        prose("The mean of a square that is nowhere 0 is positive.", 0, "<", _HAZARD, label="hazard is positive"),
    )


def _tangential_steps() -> tuple[Step, ...]:
    return (
        definition(
            "The other coordinates are independent, given $t$ of the law of $N(0, 1)$ below $t$: they have the mean "
            "$−ν$ and the variance $1 − tν − ν²$ each. For $b$ half the growth is the sum of the $(b_{jl} − "
            "b_{il})z_l$ over $l ≠ i, j$, with coefficients of the sum $b_{ij} − b_{ij} = 0$, and $T$ multiplies $b$ "
            "by",
            _TANGENTIAL,
            (_K - 1) / _K * (1 - _MIXED - _HAZARD),
        ),
        combination(
            "So",
            related((_K - 2) * (_K - 3) * _LOSS, "==", (_K - 1) * (2 * _THIRD / _M - 5)),
            {"square of hazard": (_K - 2) * (_K - 1) / _K, "mixed": (_K - 1), "second": 2 * (_K - 1) / _M},
            label="loss",
        ),
        combination(
            "and, as the loss is $(k − 1)h_2/3$,",
            related(_TANGENTIAL, "<", (_K - 1) / _K),
            {"square of hazard": -(_K - 1) / (3 * _K), "hazard is positive": (_K - 1) / 3},
        ),
        citation(
            "Brascamp–Lieb inequality",
            "$Φ$ is log-concave, so that $φ²Φ^{k−2}$ is $e^{−V}$ with $V'' ≥ 2$:",
            related(_SQUARE - _FIRST**2, "<=", Rational(1, 2)),
            label="variance of t",
        ),
        citation(
            "Poincaré inequality",
            "The gradient of $f = max_jz_j − z̄$ has the mean 0, and the squared length $1 − 1/k$:",
            related(_SECOND - 1 / _K - _M**2, "<=", (1 - 1 / _K) / 2),
            label="Poincaré",
            under=("normal data",),
        ),
    )


def _share_steps() -> tuple[Step, ...]:
    share, names = made(lloyd_share.derive_general), {"k": _K, "m": _M, "m_2": _SECOND, "q": _SHARE}
    said = (
        ("q", "By statement lloyd-share, whose $q$ is $R_0²/(k − 1)$,", ("k", "m", "q")),
        ("at least", "it is more than", ("k", "q")),
        ("three fifths", "and at most", ("q",)),
        ("rest", "and below 1, and", ("q",)),
        ("spread", "the variance of $max_jz_j − z̄$ is at least", ("k", "m", "m_2")),
    )
    return tuple(
        share.quoted(words, i, {name: names[name] for name in of}, label=label)
        for i, (label, words, of) in enumerate(said)
    )


def _pair_steps() -> tuple[Step, ...]:
    along = _Y * _M + _CENTRE * _X
    return (
        citation(
            "Gaussian laws",
            "Half the growth for $x$ and $y$ is $(a_j − a_i)(y(t − z̄ − m) − cx)$, and over the pairs $∑(a_j − a_i)²$ "
            "is $k ∑_j a_j²$, as $∑_j a_j = 0$. Let $∑_j a_j² = 1$ and $s = t − z̄$: $z̄$, of the variance $1/k$, and "
            "$z − 1z̄$, of which the wall and $s$ depend, are uncorrelated, and so independent:",
            related(Mean(_S, (_S,)), "==", _FIRST),
            label="s",
            given=("Schur",),
        ),
        citation(
            "Gaussian laws",
            "and",
            related(Mean(_S**2, (_S,)), "==", _SQUARE - 1 / _K),
            label="s²",
            under=("normal data",),
        ),
        combination(
            "So $⟨f, Tf⟩$ is",
            related(_PAIR, "==", _K * _SHARE * _X**2 + 2 * _ACROSS * _X * _Y + _RADIAL * _Y**2),
            {
                "s²": _Y**2,
                "s": -2 * _Y * along,
                "first": -2 * _Y**2 - 2 * _X * _Y * _K / (_K - 1),
                "second": _Y**2 / _M,
                "q": -_K * (_X + _Y * (_K - 1) / _K) ** 2,
            },
            label="pair",
        ),
    )


def _contraction_steps() -> tuple[Step, ...]:
    bound, above = 1 - 3 * _SHARE / 2, _K * (1 - _SHARE)
    ratio = _K / (_K - 1)
    return (
        definition("Let", _GAP, ratio * (_SECOND - 1) - (_K - 2) * _SHARE),
        combination("It is", related(-bound, "<=", _GAP), {"spread": ratio, "q": (1 - 2 * _K) / 2}, label="lower"),
        combination("and", _GAP, "<=", _SHARE - Rational(1, 2), {"Poincaré": ratio, "q": _K - 1}, label="upper"),
        combination("so that", 0, "<=", bound - _GAP, {"upper": 1, "three fifths": Rational(5, 2)}, label="sum"),
        combination("and", _GAP**2, "<=", bound**2, {"lower": bound - _GAP}, within=("sum",), label="square of u"),
        combination(
            "The form of $‖f‖² − ⟨f, Tf⟩$ is positive definite.",
            related((1 - _ACROSS) ** 2, "<", above * (1 - 1 / _K - _RADIAL)),
            {
                "variance of t": above,
                "second": above / _M,
                "first": -above * (_M * _FIRST + _SECOND - 1) / _M**2,
                "q": -above * (_SECOND - 1) ** 2 / (_M**2 * _SHARE),
                "square of u": 1 / _SHARE,
                "at least": (1 - _SHARE) * (_K + 1) / (2 * _SHARE),
                "sum": Rational(1, 4),
                "lower": Rational(1, 4),
            },
            within=("rest",),
        ),
        *_slow_steps(),
    )


def _slow_steps() -> tuple[Step, ...]:
    growth = made(lloyd_growth.derive_general)
    return (
        growth.quoted("By statement lloyd-growth", 1, {"R_0": _RADIUS, "k": _K}, label="radius"),
        monotone("or", related(_RADIUS**2, "<=", 2 * log(_K)), PLACE**2, "radius", label="logarithm"),
        meant("where", related(_SHARE, "==", _RADIUS**2 / (_K - 1)), {_SHARE: _RADIUS**2 / (_K - 1)}, label="R_0"),
        inequality("As", related((_K + 1) / (2 * _K), "<", 1), label="less than one"),
        combination(
            "the mean of $t$ is",
            related(_FIRST, "<", _M),
            {"Poincaré": 1 / _M, "first": -1 / _M, "less than one": 1 / _M},
            label="mean of t",
        ),
        combination("and", related(_FIRST**2, "<", _M**2), {"mean of t": _M + _FIRST}, label="square of t"),
        combination(
            "so that the loss is small for large $k$.",
            related((_K - 2) * (_K - 3) * _LOSS, "<", 4 * (_K - 1) ** 2 * log(_K) / _K),
            {
                "loss": -1,
                "second": 2 * (_K - 1) / _M,
                "variance of t": 2 * (_K - 1),
                "square of t": 2 * (_K - 1),
                "logarithm": 2 * (_K - 1) ** 2 / _K,
                "R_0": -2 * (_K - 1) ** 3 / _K,
                "q": 2 * (_K - 1) ** 3 / _K,
            },
        ),
    )
