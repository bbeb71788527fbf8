"""The law of maxima of the sample likelihood for all weights: nearest points of a cone, where A is singular."""

import sympy
from sympy import Interval, Limit, oo

from emtheory.theory.derivations.samples import degenerate_sample, sample_shells
from emtheory.theory.gaussian_moments import Expectation
from emtheory.theory.proof.derivation import (
    POSITIVE,
    REAL,
    Derivation,
    Proposition,
    Statement,
    Variable,
    made,
    provided,
    related,
)
from emtheory.theory.proof.meant.vectors import DATA, METRIC, Image, Inner, Mean, Power, Vector
from emtheory.theory.proof.step import PLACE, Step, combination, equation, inequality, meant, monotone
from emtheory.theory.proof.words import assumption, citation, definition, prose
from emtheory.theory.sums import DIMENSION, component, family, total

STATEMENT = Statement(__name__, "the law of maxima of the sample likelihood, for all weights")

_GAIN, _REST, _PRODUCT, _ALIGNED, _TRACE = sympy.symbols("Δ e ⟨Aθ|x̄⟩ ⟨C|Z⟩ tr(C)", real=True)
_R, _IMAGE, _SPREAD, _MEAN, _EXCESS = sympy.symbols("‖θ‖ ‖Aθ‖² ‖C‖² ‖x̄‖² ‖Z‖²", nonnegative=True)
_NEAR, _FIT = sympy.symbols("‖Aθ−x̄‖² ‖C−Z‖²", nonnegative=True)
_FOURTH, _FORM, _LOGARITHM, _SQUARE = sympy.symbols("E(κ_4) ⟨Aθ|CAθ⟩ L ⟨C|xxᵀ⟩", real=True)
_M, _B = sympy.symbols("m_1:5", real=True), family("b")
_I, _J, _PI = component("i"), component("j"), family("pi", positive=True)
_N = sympy.Symbol("n", integer=True, positive=True)
_MEANS, _CHANCE = sympy.Function("E", real=True), sympy.Function("P", nonnegative=True)
_LIMIT, _ALONG = sympy.Function("E_0", real=True), sympy.Symbol("w", real=True)
_LEVEL, _QUARTIC = sympy.symbols("y q", positive=True)
_SCALE, _APART, _WHOLE, _BOUND, _TOP = sympy.symbols("c ‖cT−W‖² ‖W‖² C_0 P_0", nonnegative=True)
_OTHERS, _BOTH = sympy.symbols("‖R−W‖² ‖cT+R−W‖²", nonnegative=True)
_ACROSS = sympy.Symbol("⟨T|R⟩", real=True)
_MODEL = ("weights", "orthogonal maps", "normal data")
_IN_THE_MEAN, _FAR_OUT = 3, 4
"""Conclusions of statements degenerate-sample and sample-shells, by number."""

_LIKELY = related(_GAIN, "<=", 0)
_LIKELIHOOD = (1 + sympy.erf(_LEVEL * sympy.sqrt(_QUARTIC) / 2)) / 2
"""Φ(y√(q/2))."""


def _sample(value: sympy.Expr) -> sympy.Expr:
    """Mean over the points, of which the m_n and the logarithm are functions."""
    return Mean(value, (_LOGARITHM, _SQUARE, *_M))


def _names() -> dict[sympy.Basic, sympy.Basic]:
    """What names stand for: C is the covariance of the U_jθ under the weights."""
    theta, z, w, x, ray, rest = (Vector(name) for name in ("θ", "Z", "W", "x̄", "T", "R"))
    image = total(_PI[_I] * Image(_I, theta), _I)
    spread = total(_PI[_J] * Power(2, Image(_J, theta) - image), _J)
    moments = {m: total(_PI[_J] * Inner(DATA, Image(_J, theta)) ** n, _J) for n, m in enumerate(_M, start=1)}
    return {
        **moments,
        _R: sympy.sqrt(Inner(theta, theta)),
        _IMAGE: Inner(image, image),
        _SPREAD: Inner(spread, spread),
        _TRACE: Inner(spread, METRIC),
        _MEAN: Inner(x, x),
        _EXCESS: Inner(z, z),
        _PRODUCT: Inner(image, x),
        _ALIGNED: Inner(spread, z),
        _NEAR: Inner(image - x, image - x),
        _FIT: Inner(spread - z, spread - z),
        _SQUARE: Inner(spread, Power(2, DATA)),
        _B[_J]: Inner(image, Image(_J, theta)),
        _FORM: total(_PI[_J] * Inner(Image(_J, theta) - image, image) ** 2, _J),
        _FOURTH: Mean(_cumulant(4), _M),
        _QUARTIC: Inner(ray, ray),
        _ALONG: Inner(ray, w),
        _WHOLE: Inner(w, w),
        _APART: Inner(_SCALE * ray - w, _SCALE * ray - w),
        _OTHERS: Inner(rest - w, rest - w),
        _ACROSS: Inner(ray, rest),
        _BOTH: Inner(_SCALE * ray + rest - w, _SCALE * ray + rest - w),
    }


def _cumulant(n: int) -> sympy.Expr:
    """That of this order, of the y_j under the weights: a derivative of log ∑_j π_je^{ty_j} at 0."""
    t = sympy.Symbol("t", real=True)
    partition = 1 + sympy.Add(*(t**n * m / sympy.factorial(n) for n, m in enumerate(_M, start=1)))
    return sympy.expand(sympy.diff(sympy.log(partition), t, n).subs(t, 0))


def derive_general() -> Derivation:
    nonnegative = Interval(0, oo)
    return STATEMENT.derivation(
        statement=Proposition(
            variables=(
                Variable(_R, nonnegative),
                Variable(_IMAGE, nonnegative),
                Variable(_SPREAD, nonnegative, "the square of the norm of $C = ∑_j π_j(U_jθ − Aθ)(U_jθ − Aθ)ᵀ$"),
                Variable(_MEAN, nonnegative, "that of the mean of the $X_i$"),
                Variable(_EXCESS, nonnegative, "that of $Z = S − I$, $S$ the mean of the $X_iX_iᵀ$"),
                Variable(_NEAR, nonnegative),
                Variable(_FIT, nonnegative),
                Variable(_GAIN, REAL, "$ℓ_n(θ) − ℓ_n(0)$"),
                Variable(_REST, REAL, "what is left of the means of $L$"),
                Variable(_FOURTH, REAL, "the mean of the fourth cumulant of the $⟨X, U_jθ⟩$ under the weights"),
                Variable(_FORM, REAL),
                Variable(_N, sympy.Range(1, oo), "the number of points"),
                Variable(DIMENSION, sympy.Range(1, oo)),
                Variable(_LEVEL, POSITIVE),
                Variable(_QUARTIC, POSITIVE, "the square of the norm of one of the $T_m$"),
            ),
            hypotheses=(*_MODEL, "orthogonal rays"),
            exist_under={_CHANCE: (*_MODEL, "orthogonal rays"), _MEANS: _MODEL},
            conclusions=(
                related(_GAIN + _MEAN / 2 + _EXCESS / 4, "==", _NEAR / 2 + _FIT / 4 - _REST),
                provided(related(_N * (_NEAR / 2 + _FIT / 4), "<=", _N * (_MEAN / 2 + _EXCESS / 4 + _REST)), _LIKELY),
                related(_FOURTH, "==", 12 * _FORM - 6 * _SPREAD),
                related(_FORM, "<=", _R**2 * _IMAGE),
                related(Limit(_MEANS(_N, DIMENSION), _N, oo), "==", _LIMIT(DIMENSION)),
                related(Limit(_CHANCE(_N, _LEVEL), _N, oo), "==", _LIKELIHOOD),
            ),
            note="the first two on any data and for every $θ$, $e$ the mean of what the logarithms of the $∑_j "
            "π_je^{⟨X_i, U_jθ⟩}$ are beyond their first two orders, and $‖C‖²/4$. $E(n, d)$ is the mean of any bounded "
            "continuous function of $√nAθ̂$, $√nC$, $2n(ℓ_n(0) − ℓ_n(θ̂))$ and $2n KL$ for a maximum $θ̂$ of the "
            "likelihood of $n$ points, $E_0(d)$ that of the function at $ĝ$, $Ŵ$ and twice $‖ĝ‖² + ½‖Ŵ‖²$. Here $g ~ "
            "N(0, I_d)$, $W$ is symmetric, with independent normal entries of mean 0, variance 2 on the diagonal and 1 "
            "above, $ĝ$ is the point next to $g$ in the image of $A$, and $Ŵ$ the one next to $W$ in the cone of the "
            "$T_t = ∑_j π_j(U_jt)(U_jt)ᵀ$ with $At = 0$. $P(n, y)$ is the probability of $√nc_m ≤ y$, where $T_t = ∑_m "
            "c_mT_m$ for the part $t$ of $θ̂$ with $At = 0$; $c_1 = ‖t‖²$ where there is one $T_m$. On a simplex with "
            "uniform weights $T_t$ commutes with $R$: $T_m = P_m/D_m$ and $q = 1/D_m$, $P_m$ the projection to the "
            "frequency $m ≤ k/2$, of the dimension $D_m$ (Schur's lemma)",
        ),
        source="not in the paper, whose weights are not degenerate",
        scope="every $k$, any weights, any orthogonal maps, any $d$, $n$ points of $N(0, I_d)$",
        steps=(*_expansion_steps(), *_cumulant_steps(), *_law_steps(), *_ray_steps()),
    )


def _expansion_steps() -> tuple[Step, ...]:
    names, second = _names(), _cumulant(2)
    return (
        meant(
            "Let $m_n = ∑_j π_jy_j^n$, $y_j = ⟨x, U_jθ⟩$. Of $L = log ∑_j π_je^{y_j}$ the second order is half of a "
            "form in $x$,",
            related(second, "==", _SQUARE),
            names,
            label="form",
            under=("weights",),
        ),
        meant("of the trace", _TRACE, "==", _R**2 - _IMAGE, names, label="trace", under=("weights", "orthogonal maps")),
        definition(
            "As $ℓ_n(θ)$ is $‖θ‖²/2$ less the mean of $L$ over the points, let", _GAIN, _R**2 / 2 - _sample(_LOGARITHM)
        ),
        definition("and", _REST, _sample(_LOGARITHM) - _sample(_M[0]) - _sample(second) / 2 + _SPREAD / 4),
        prose(
            "$x̄$ is the mean of the points, and $I + Z$ that of the $X_iX_iᵀ$. No rule is about means of vectors:",
            related(_sample(_M[0]) + _sample(_SQUARE) / 2, "==", _PRODUCT + (_ALIGNED + _TRACE) / 2),
            label="vectors",
        ),
        equation("where", _sample(second), _sample(_SQUARE), label="average form", given=("form",)),
        meant("Completed to squares", related(_NEAR, "==", _IMAGE - 2 * _PRODUCT + _MEAN), names, label="near"),
        meant("and", related(_FIT, "==", _SPREAD - 2 * _ALIGNED + _EXCESS), names, label="fit"),
        combination(
            "$ℓ_n$ is, up to $e$, a distance from $x̄$ and $Z$.",
            related(_GAIN + _MEAN / 2 + _EXCESS / 4, "==", _NEAR / 2 + _FIT / 4 - _REST),
            {
                "vectors": -1,
                "average form": -sympy.S.Half,
                "trace": -sympy.S.Half,
                "near": -sympy.S.Half,
                "fit": -sympy.S.One / 4,
            },
            label="squares",
        ),
        assumption("Let $θ$ be as likely as 0 at least.", _LIKELY, label="likely"),
        combination(
            "Then it is about as near to them.",
            related(_N * (_NEAR / 2 + _FIT / 4), "<=", _N * (_MEAN / 2 + _EXCESS / 4 + _REST)),
            {"likely": _N, "squares": _N},
            label="not far",
        ),
    )


def _cumulant_steps() -> tuple[Step, ...]:
    names = _names()
    square = total(_PI[_J] * _B[_J] ** 2, _J)
    return (
        meant(
            "The fourth derivative of $log ∑_j π_je^{ty_j}$ at 0 has the mean, by the moments of normal numbers,",
            related(_FOURTH, "==", 12 * _FORM - 6 * _SPREAD),
            names,
            label="fourth",
            under=_MODEL,
        ),
        meant(
            "By Cauchy and Schwarz $b_j = ⟨Aθ, U_jθ⟩$ is at most",
            related(_B[_J] ** 2, "<=", _IMAGE * _R**2),
            names,
            label="Schwarz",
            under=("orthogonal maps",),
        ),
        monotone(
            "on average,",
            related(square, "<=", total(_PI[_J] * _IMAGE * _R**2, _J)),
            total(_PI[_J] * PLACE, _J),
            "Schwarz",
            label="average",
        ),
        meant("where", related(total(_PI[_J], _J), "==", 1), {}, label="mass", under=("weights",)),
        meant("and", related(_FORM, "==", square - _IMAGE**2), names, label="centred", under=("weights",)),
        inequality("and as", related(0, "<=", _IMAGE**2), label="not negative"),
        combination(
            "it is small beside $‖Aθ‖²$.",
            related(_FORM, "<=", _R**2 * _IMAGE),
            {"centred": -1, "average": 1, "mass": -_IMAGE * _R**2, "not negative": 1},
            label="small",
        ),
    )


def _law_steps() -> tuple[Step, ...]:
    x, y, a, b, c, e, f = sympy.symbols("x y a b c e f", real=True)
    return (
        citation(
            "Taylor's theorem",
            "$e$ is a sixth of the mean of third cumulants, and the 24th part of that of the fourth and $6‖C‖²$, up to "
            "a number times $‖θ‖⁵$ and the mean of the $‖X_i‖⁵$. These are forms in $θ$ with means over the points as "
            "coefficients, of expectation 0 in the third, which is odd in $X$. So $|e| ≤ ½‖θ‖²‖Aθ‖² + O(n^{−5/4})$ in "
            "probability, uniformly for $n^{1/4}‖θ‖ ≤ ρ$, any $ρ$.",
            label="rest",
        ),
        made(degenerate_sample.derive_general).quoted(
            "Of the square $w$ of the norm of a maximum in a ball (statement degenerate-sample)",
            _IN_THE_MEAN,
            {"n": _N, "D": DIMENSION, "rho": sympy.sqrt(2 * DIMENSION), "C_0": _BOUND},
            label="in the ball",
        ),
        made(sample_shells.derive_general).quoted(
            "and that one is outside of $√(2D)$ has the probability (statement sample-shells)",
            _FAR_OUT,
            {"n": _N, "D": DIMENSION, "P_0": _TOP},
            label="far out",
        ),
        citation(
            "Markov's inequality",
            "$n^{1/4}‖θ̂‖$ is bounded in probability, and as $‖Aθ̂ − x̄‖² ≤ ‖x̄‖² + ½‖Z‖² + 2e$, so is $√n‖Aθ̂‖$.",
            label="bounded",
            given=("in the ball", "far out"),
        ),
        equation(
            "Coordinates of $X$ and entries of $XXᵀ − I$ are uncorrelated, of the variance 1, and 2 on the diagonal:",
            Expectation((a * x + b * y + c * (x**2 - 1) + e * (y**2 - 1) + f * x * y) ** 2, (x, y)),
            a**2 + b**2 + 2 * c**2 + 2 * e**2 + f**2,
            label="covariance",
        ),
        citation(
            "central limit theorem",
            "$(√nx̄, √nZ)$ tends in law to $(g, W)$.",
            label="limit",
            given=("covariance",),
            under=("normal data",),
        ),
        citation(
            "Rademacher's theorem",
            "The cone of the $T_t$ is closed, as $t ↦ T_t$ is continuous and $tr T_t = ‖t‖²$. Where the distance from "
            "it is differentiable its gradient leads to the only nearest point: almost every $W$ has one.",
            label="nearest",
        ),
        citation(
            "argmax theorem",
            "Let $θ = n^{−1/4}t + n^{−1/2}s$, $At = 0$ and $s$ across: $√nAθ = As$, $√nC → T_t$ and $ne → 0$, "
            "uniformly for bounded $t$ and $s$. So $n(ℓ_n(θ) − ℓ_n(0))$, at the best $t$ for each $T_t$, tends in law "
            "to $½‖As − g‖² + ¼‖T_t − W‖²$, less both at 0, which is least at $ĝ$ and $Ŵ$ alone. As $⟨Ŵ, W⟩ = ‖Ŵ‖²$ on "
            "a cone, its least value is $−½‖ĝ‖² − ¼‖Ŵ‖²$. KL is the same with the law in place of the points, "
            "$x̄ = 0$ and $Z = 0$.",
            related(Limit(_MEANS(_N, DIMENSION), _N, oo), "==", _LIMIT(DIMENSION)),
            label="law",
            given=("bounded", "limit", "nearest", "rest"),
        ),
    )


def _ray_steps() -> tuple[Step, ...]:
    names, q, w, c, positive = _names(), _QUARTIC, _ALONG, _SCALE, sympy.Symbol("max(0, w)", nonnegative=True)
    return (
        meant(
            "Let $T$ be one of the $T_m$, $w = ⟨T, W⟩$, and $R$ a sum of multiples of the others:",
            related(_BOTH, "==", _APART + _OTHERS - _WHOLE + 2 * c * _ACROSS),
            names,
            label="apart",
        ),
        prose("As $T$ is orthogonal to them,", related(_ACROSS, "==", 0), label="across", under=("orthogonal rays",)),
        meant("where", related(_APART, "==", q * c**2 - 2 * w * c + _WHOLE), names, label="on the ray"),
        prose("As $c ≥ 0$ and $w$ is at most $max(0, w)$,", related(w, "<=", positive), label="positive part"),
        inequality("and", related(0, "<=", (q * c - positive) ** 2 / q), label="square"),
        combination(
            "the multiple of $T$ is found alone: the nearest point is at $c = max(0, w)/q$,",
            related(_OTHERS - positive**2 / q, "<=", _BOTH),
            {"apart": 1, "across": 2 * c, "on the ray": 1, "positive part": 2 * c, "square": 1},
            label="nearest point",
        ),
        citation(
            "Gaussian laws",
            "where it is equal. $w$ is normal with the variance $2q$, and independent of the products with the others, "
            "which are uncorrelated with it. So $√n$ times the multiple of $T$ tends to $max(0, w/q)$. This is at most "
            "$y > 0$ with the probability",
            related(Limit(_CHANCE(_N, _LEVEL), _N, oo), "==", _LIKELIHOOD),
            given=("nearest point",),
        ),
    )
