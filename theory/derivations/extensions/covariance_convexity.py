"""KL in θ and a common covariance: strongly convex on an explicit neighbourhood of the truth."""

import sympy
from sympy import Derivative, Interval, Rational, Subs, exp, log, oo

from emtheory.theory.mixture import generic_partition
from emtheory.theory.proof.derivation import REAL, Derivation, Proposition, Statement, Variable, provided, related
from emtheory.theory.proof.meant.vectors import DATA, Image, Inner, Mean, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "KL in $θ$ and a common covariance: strongly convex near the truth")

_SIGMA, _EPSILON = sympy.Symbol("sigma", positive=True), sympy.Symbol("ε", real=True)
_LENGTH, _SIZE, _RADIUS, _APART, _WIDTH, _TOP = sympy.symbols("‖h‖ ‖W‖ ‖θ‖ ‖Σ−I‖ ‖G‖ ω", nonnegative=True)
_SECOND, _COMPLETE, _VARIANCE = sympy.symbols("KL'' C V", real=True)
_J, _L = component("j"), component("l")
_PI, _A, _Y = family("pi", positive=True), family("a"), family("y")
_AWAY, _FAR, _SQUARE = family("l", nonnegative=True), family("q", nonnegative=True), family("p", nonnegative=True)
_BOTH, _SHIFT, _MEAN = family("o"), family("κ"), family("e")
_SLOPES, _BENDS = family("s"), family("c")
_S = _SIGMA**2
"""σ²."""
_LEAST, _MOST = 16 / (16 + _S), 16 / (16 - _S)
"""Bounds of the eigenvalues of Ω = Σ⁻¹."""
_RISE = 40 / (40 - _S)
"""What e^{σ²/40} is at most."""
_KEPT, _ALONG = Rational(2, 3), Rational(8, 15)
"""Roots of what a square takes of the coefficients of σ²‖h‖² and ‖G‖²."""

_NEAR = related(10 * _RADIUS, "<=", _SIGMA), related(16 * _APART, "<=", _S)
_MOMENT = exp(_FAR[_J] / 2 - _SHIFT[_J]) * (_SQUARE[_J] + (_BOTH[_J] - _MEAN[_J]) ** 2)
"""The mean of e^{a_j}y_j² for b_j and c_j, the gradients of a_j and y_j in a standard normal X."""

_LOSS = ((_MOST - _LEAST) * _SIGMA * _LENGTH / 10) ** 2 + (_MOST * _S * _WIDTH / 100) ** 2
"""What bounds e_j², over 2."""

_SQUARES = _MOST**2 * ((1 - _S) * _LENGTH**2 + _SIGMA * _LENGTH * _WIDTH / 5 + _S * _WIDTH**2 / 100)
"""What the mean of ‖b_j‖² is at most."""

_RANDOM = (_A, _Y)
_B, _C = Image(_J, Vector("b")), Image(_J, Vector("c"))
_NAMES = {
    _A[_J]: Inner(DATA, _B) - _SHIFT[_J],
    _Y[_J]: Inner(DATA, _C) - _MEAN[_J],
    _FAR[_J]: Inner(_B, _B),
    _SQUARE[_J]: Inner(_C, _C),
    _BOTH[_J]: Inner(_B, _C),
}


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        statement=Proposition(
            variables=(
                Variable(_SIGMA, Interval.Lopen(0, 1), "$σ_{min}(A)$"),
                Variable(_RADIUS, nonnegative),
                Variable(_APART, nonnegative, "the largest modulus of an eigenvalue of $Σ − I$"),
                Variable(_LENGTH, nonnegative, "$h$ any vector"),
                Variable(_SIZE, nonnegative, "$W$ any symmetric matrix, $‖W‖² = ∑_{ij} W_{ij}²$"),
                Variable(_SECOND, REAL, "the second derivative of KL at $ε = 0$ along $θ + εh$, $Σ + εW$"),
            ),
            hypotheses=("weights", "orthogonal maps", "normal data"),
            conclusions=(provided(related(_S * _LENGTH**2 / 4 + _SIZE**2 / 10, "<=", _SECOND), *_NEAR),),
            note="the premises are a convex set about $(0, I)$, where the second derivative is $‖Ah‖² + ½‖W‖²$. For "
            "$Σ = vI$ and $W = wI$ they are $10‖θ‖ ≤ σ$ and $16|v − 1| ≤ σ²$, and $‖W‖² = dw²$",
        ),
        source="not in the paper, whose covariance is known; open question 2",
        scope="every $k$, any weights with invertible $A$, any orthogonal maps, any $d$; the weights are known",
        steps=(*_second_steps(), *_variance_steps(), *_norm_steps(), *_sign_steps()),
    )


def _density(index: sympy.Symbol) -> sympy.Expr:
    return _PI[index] * exp(_A[index])


def _mean(value: sympy.Expr) -> sympy.Expr:
    """The mean of a value in the posterior."""
    return total(_density(_J) / total(_density(_L), _L) * value, _J)


def _second_steps() -> tuple[Step, ...]:
    (e, m, n), (z, g) = (_EPSILON, family("m"), family("n")), sympy.symbols("z g", real=True)

    def logarithm(i: sympy.Symbol) -> sympy.Expr:
        return -log(1 + e * g) / 2 - (z - m[i] - e * n[i]) ** 2 / (2 * (1 + e * g)) + (z - m[i]) ** 2 / 2

    mixture = log(generic_partition(_PI, lambda i: _A[i] + logarithm(i), _J))
    slope = z * (n[_J] - g * m[_J]) - m[_J] * (n[_J] - g * m[_J] / 2) + g * (z**2 - 1) / 2
    return (
        equation(
            "Let $Ω = Σ^{−1}$, $G = Ω^{½}WΩ^{½}$, $μ_j = Ω^{½}U_jθ$ and $ν_j = Ω^{½}U_jh$. For $z = Ω^{½}X$ the fit is "
            "the mixture of the $N(μ_j + εν_j, I + εG)$. In a coordinate along an eigenvector of $G$ its logarithm has "
            "beside the mean of second derivatives of those of components, the variance of their slopes:",
            Subs(Derivative(mixture, e, e), e, 0),
            _mean(g**2 / 2 - (n[_J] - g * m[_J] + g * z) ** 2) + _mean(slope**2) - _mean(slope) ** 2,
            label="mixture",
        ),
        citation(
            "dominated convergence",
            "With $n_j = ν_j − Gμ_j$ KL has $C$, the mean of $∑_jγ_j‖n_j + Gz‖² − ½‖G‖²$, less that of the variance of "
            "$⟨n_j, z⟩ − ⟨μ_j, n_j + Gμ_j/2⟩$; let $y_j$ be this less its average over $π$, and $a_j = ⟨μ_j, z⟩ − "
            "½‖μ_j‖²$, the exponent, less that of these.",
            related(_SECOND, "==", _COMPLETE - Mean(_mean(_Y[_J] ** 2), _RANDOM) + Mean(_mean(_Y[_J]) ** 2, _RANDOM)),
            label="second",
            given=("mixture",),
            under=("normal data",),
        ),
    )


def _variance_steps() -> tuple[Step, ...]:
    tilted, posterior = _density(_J) * _Y[_J] ** 2, _density(_J) / total(_density(_L), _L)
    return (
        inequality("A square is not negative,", related(0, "<=", Mean(_mean(_Y[_J]) ** 2, _RANDOM)), label="square"),
        citation(
            "Jensen's inequality",
            "and as the average of $a_j$ is 0,",
            related(1, "<=", total(_density(_L), _L)),
            label="Jensen",
        ),
        combination(
            "so that $γ_j ≤ π_je^{a_j}$:",
            related(posterior * _Y[_J] ** 2, "<=", tilted),
            {"Jensen": posterior * _Y[_J] ** 2},
            label="ratio",
        ),
        monotone(
            "in expectation",
            related(Mean(_mean(_Y[_J] ** 2), _RANDOM), "<=", Mean(total(tilted, _J), _RANDOM)),
            Mean(total(PLACE, _J), _RANDOM),
            "ratio",
            label="mean",
        ),
        meant(
            "where, with $a_j = ⟨X, b_j⟩ − κ_j$, $y_j = ⟨X, c_j⟩ − e_j$, $q_j = ‖b_j‖²$, $p_j = ‖c_j‖²$ and the "
            "product $o_j$,",
            related(Mean(total(tilted, _J), _RANDOM), "==", total(_PI[_J] * _MOMENT, _J)),
            _NAMES,
            label="normal",
            under=("normal data",),
        ),
        meant("By Cauchy and Schwarz", related(_BOTH[_J] ** 2, "<=", _FAR[_J] * _SQUARE[_J]), _NAMES, label="Schwarz"),
        inequality("and", related(0, "<=", (_BOTH[_J] + _MEAN[_J]) ** 2), label="both"),
        combination(
            "the square in it is",
            related((_BOTH[_J] - _MEAN[_J]) ** 2, "<=", 2 * _FAR[_J] * _SQUARE[_J] + 2 * _MEAN[_J] ** 2),
            {"Schwarz": 2, "both": 1},
            label="shifted",
        ),
    )


def _norm_steps() -> tuple[Step, ...]:
    u, g, s, (point, width), theta = _LENGTH, _WIDTH, _S, _NEAR, Vector("θ")
    away = Image(_J, theta) - total(_PI[_L] * Image(_L, theta), _L)
    return (
        assumption("Let $10‖θ‖ ≤ σ$", point, label="near"),
        assumption("and $16‖Σ − I‖ ≤ σ²$.", width, label="range"),
        meant(
            "Orthogonal maps keep norms: with $l_j = ‖(U_j − A)θ‖$",
            related(_AWAY[_J], "<=", 2 * _RADIUS),
            {_AWAY[_J]: sympy.sqrt(Inner(away, away)), _RADIUS: sympy.sqrt(Inner(theta, theta))},
            label="away",
            under=("weights", "orthogonal maps"),
        ),
        monotone("squared,", related(_AWAY[_J] ** 2, "<=", 4 * _RADIUS**2), PLACE**2, "away", label="away square"),
        prose(
            "The eigenvalues of $Ω$ are the inverses of those of $Σ$: with $ω$ for the largest",
            related(_TOP * (1 - _APART), "<=", 1),
            label="inverse",
        ),
        combination(
            "$Ω$ has eigenvalues from $16/(16 + σ²)$ to $16/(16 − σ²)$.",
            related(_TOP, "<=", _MOST),
            {"inverse": _MOST, "range": _TOP * _MOST / 16},
            label="top",
        ),
        monotone("Squared,", related(_TOP**2, "<=", _MOST**2), PLACE**2, "top", label="top square"),
        monotone("as is", related((10 * _RADIUS) ** 2, "<=", s), PLACE**2, "near", label="near square"),
        prose(
            "$b_j = Ω(U_j − A)θ$ is at most the largest one times $l_j$:",
            related(_FAR[_J], "<=", _TOP**2 * _AWAY[_J] ** 2),
            label="images",
        ),
        combination(
            "So",
            related(_FAR[_J], "<=", _MOST**2 * s / 25),
            {"images": 1, "away square": _TOP**2, "near square": _TOP**2 / 25, "top square": s / 25},
            label="far",
        ),
        prose(
            "By the same bounds $κ_j$ is half of what $‖μ_j‖² = ⟨U_jθ, ΩU_jθ⟩$ is above its average,",
            related(-_SHIFT[_J], "<=", (_MOST - _LEAST) * s / 200),
            label="shift",
        ),
        prose(
            "and $e_j$ what $⟨U_jθ, ΩU_jh⟩ − ½⟨μ_j, Gμ_j⟩$ is above its own, where $⟨U_jθ, U_jh⟩$ is one number:",
            related(_MEAN[_J] ** 2, "<=", 2 * _LOSS),
            label="constant",
        ),
        citation(
            "Minkowski's inequality",
            "$c_j = Ω^{½}(n_j − n̄)$ is $Ω(U_j − A)h − Ω^{½}GΩ^{½}(U_j − A)θ$, and the average of $‖(U_j − A)h‖²$ is "
            "$‖h‖² − ‖Ah‖²$:",
            related(total(_PI[_J] * _SQUARE[_J], _J), "<=", _SQUARES),
            label="squares",
        ),
        citation(
            "Stein's lemma",
            "In $C$ the mean of $‖Gz‖²$ is at least $16‖G‖²/(16 + σ²)$, and $‖n_j‖ ≥ ‖ν_j‖ − ‖Gμ_j‖$. Of $⟨Gn_j, z⟩$ "
            "it is that of $∑_jγ_j⟨ΩGn_j, μ_j − ∑_iγ_iμ_i⟩$, at most $‖ΩG‖$ times the largest $‖n_j‖$ and $‖μ_j‖$:",
            related(
                _LEAST * u**2
                - _MOST * _SIGMA * u * g / 5
                + (_LEAST - Rational(1, 2)) * g**2
                - _MOST**2 * _SIGMA * g * (u + _SIGMA * g / 10) / 5,
                "<=",
                _COMPLETE,
            ),
            label="complete",
            given=("second",),
        ),
        prose("$W = Σ^{½}GΣ^{½}$.", _SIZE**2, "<=", (1 + s / 16) ** 2 * g**2, label="width"),
    )


def _sign_steps() -> tuple[Step, ...]:
    u, g, s, e = _LENGTH, _WIDTH, _S, _RISE
    more = 1 + 2 * _MOST**2 * s / 25
    each = more * _SQUARE[_J] + 4 * _LOSS
    value = _SQUARE[_J] + (_BOTH[_J] - _MEAN[_J]) ** 2
    share, exponent = e * more * _MOST**2, _FAR[_J] / 2 - _SHIFT[_J]
    return (
        inequality("As", related(s * (_MOST**2 / 50 + (_MOST - _LEAST) / 200), "<", s / 40), label="small"),
        combination(
            "the exponent is", exponent, "<", s / 40, {"far": Rational(1, 2), "shift": 1, "small": 1}, label="exponent"
        ),
        monotone("its exponential", exp(exponent), "<", exp(s / 40), exp(PLACE), "exponent", label="exponential"),
        inequality("and as", related(exp(s / 40) * (1 - s / 40), "<", 1), label="rise"),
        combination("it is", related(exp(exponent), "<", e), {"exponential": 1, "rise": e}, label="risen"),
        combination(
            "and each term",
            related(_MOMENT, "<=", e * each),
            {"risen": value, "shifted": e, "far": 2 * e * _SQUARE[_J], "constant": 2 * e},
            label="each",
        ),
        monotone(
            "summed up",
            related(total(_PI[_J] * _MOMENT, _J), "<=", total(_PI[_J] * e * each, _J)),
            total(_PI[_J] * PLACE, _J),
            "each",
            label="all",
        ),
        meant("with", related(total(_PI[_J], _J), "==", 1), {}, label="one", under=("weights",)),
        inequality(
            "What has $‖h‖²$ is",
            related(
                s / 4 + _KEPT**2 * s, "<", _LEAST - share * (1 - s) - 4 * e * ((_MOST - _LEAST) * _SIGMA / 10) ** 2
            ),
            label="lengths",
        ),
        inequality("what has $‖h‖‖G‖$", (_MOST + _MOST**2 + share) / 5, "<", 2 * _KEPT * _ALONG, label="mixed"),
        inequality(
            "and what has $‖G‖²$",
            (1 + s / 16) ** 2 / 10 + _ALONG**2,
            "<",
            _LEAST - Rational(1, 2) - _MOST**2 * s / 50 - share * s / 100 - 4 * e * (_MOST * s / 100) ** 2,
            label="widths",
        ),
        inequality("A square is left:", related(0, "<=", (_KEPT * _SIGMA * u - _ALONG * g) ** 2), label="left"),
        combination(
            "in the end",
            related(s * u**2 / 4 + _SIZE**2 / 10, "<=", _SECOND),
            {
                "second": 1,
                "complete": 1,
                "square": 1,
                "mean": 1,
                "normal": -1,
                "all": 1,
                "one": -4 * e * _LOSS,
                "squares": e * more,
                "lengths": u**2,
                "mixed": _SIGMA * u * g,
                "widths": g**2,
                "left": 1,
                "width": Rational(1, 10),
            },
        ),
    )
