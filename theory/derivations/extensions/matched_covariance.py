"""Directions that A annihilates, the covariance fitted too: KL is of order r⁴, r⁶ or r⁸, and which of them it is."""

import sympy
from sympy import Interval, Limit, oo

from emtheory.theory.proof.derivation import POSITIVE, REAL, Derivation, Statement, Variable, related
from emtheory.theory.proof.meant.vectors import METRIC, Image, Inner, Mean, Power, Unit
from emtheory.theory.proof.step import Step, combination, equation, meant
from emtheory.theory.proof.words import citation, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement(__name__, "KL along directions that $A$ annihilates, with the covariance that fits")

_R, _D = sympy.symbols("r d", positive=True)
_THIRD, _FOURTH = sympy.symbols("C K", nonnegative=True)
_SQUARE, _OVERLAP, _TRACE = sympy.symbols("q ⟨κ_4|S⟩ tr(T)", real=True)
_FULL, _ISOTROPIC = sympy.Function("KL", real=True), sympy.Function("KL_v", real=True)
_REST, _OTHER = sympy.Function("e", real=True), sympy.Function("f", real=True)
_I, _J = component("i"), component("j")
_PI, _C = family("pi", positive=True), family("c")
_TERMS = sympy.symbols("h_2:7", real=True)
_MOMENTS = sympy.symbols("m_2:5", real=True)
_NORM = sympy.Symbol("‖t‖²", nonnegative=True)


def _mean(value: sympy.Expr) -> sympy.Expr:
    """Mean over X, of which the h_n are functions."""
    return Mean(value, _TERMS)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_R, Interval.open(0, 1), "the distance from 0 along $u$"),
            Variable(_D, Interval(1, oo), "the dimension"),
            Variable(_PI, POSITIVE, "the weights"),
            Variable(_C, REAL, "the inner products $⟨U_iu, U_ju⟩$"),
            Variable(_THIRD, Interval(0, oo), "$‖κ_3‖²$, $κ_n$ the cumulant tensors of the law on the $U_ju$"),
            Variable(_FOURTH, Interval(0, oo), "$‖κ_4‖²$"),
            Variable(_SQUARE, REAL, "$‖T‖_F²$, $T = ∑_j π_j(U_ju)(U_ju)ᵀ$"),
        ),
        hypotheses=("weights", "orthogonal maps", "normal data", "annihilated direction"),
        exist_under={
            **dict.fromkeys(
                (_FULL, _ISOTROPIC), ("weights", "orthogonal maps", "normal data", "annihilated direction")
            ),
            # Moments are cumulants, up to the pairs of the fourth, where the mean is 0.
            **dict.fromkeys((_THIRD, _FOURTH), ("annihilated direction",)),
        },
        conclusions=(
            related(_SQUARE, "==", total(_PI[_I] * _PI[_J] * _C[_I, _J] ** 2, _I, _J)),
            related(_THIRD, "==", total(_PI[_I] * _PI[_J] * _C[_I, _J] ** 3, _I, _J)),
            related(12 * _SQUARE**2 / (_D * (_D + 2)), "<=", _FOURTH),
            related(_FULL(_R), "==", _THIRD * _R**6 / 12 + _FOURTH * _R**8 / 48 + _REST(_R) * _R**10),
            related(_ISOTROPIC(_R), "==", (_SQUARE - 1 / _D) * _R**4 / 4 + _OTHER(_R) * _R**6),
        ),
        note="$KL(r)$ is the divergence at $θ = ru$ and the covariance $I − r²T$, $KL_v(r)$ that at $ru$ and $(1 "
        "− r²/d)I$, $e$ and $f$ are bounded near 0. $q ≥ 1/d$ (statement degenerate-directions), with equality if "
        "and only if $T = I/d$, where both are the same",
        source="not in the paper, whose covariance is known; open question 2, where $A$ is singular",
        scope="every $k$, all weights, any orthogonal maps, any $d$, every $u$ with $Au = 0$",
        steps=(*_norm_steps(), *_divergence_steps(), *_isotropic_steps()),
    )


def _generating(degree: int) -> sympy.Expr:
    """∑_j π_j e^{r⟨t, U_ju⟩} to some degree in r, with the moments m_n, of which m_1 = ⟨t, Au⟩ is 0."""
    return 1 + sympy.Add(*(_R**n * _MOMENTS[n - 2] / sympy.factorial(n) for n in range(2, degree + 1)))


def _tensor(order: int) -> sympy.Expr:
    """∑_j π_j(U_ju)^{⊗order}."""
    return total(_PI[_J] * Power(order, Image(_J, Unit("u"))), _J)


def _norm_steps() -> tuple[Step, ...]:
    names = {
        _C[_I, _J]: Inner(Image(_I, Unit("u")), Image(_J, Unit("u"))),
        _THIRD: Inner(_tensor(3), _tensor(3)),
        _SQUARE: Inner(_tensor(2), _tensor(2)),
        _TRACE: Inner(_tensor(2), METRIC),
    }
    scale = 6 * _SQUARE / (_D * (_D + 2))
    return (
        meant(
            "As $∑_j π_jU_ju = 0$, $κ_3$ is $∑_j π_j(U_ju)^{⊗3}$:",
            related(_THIRD, "==", total(_PI[_I] * _PI[_J] * _C[_I, _J] ** 3, _I, _J)),
            names,
        ),
        meant("and likewise", related(_SQUARE, "==", total(_PI[_I] * _PI[_J] * _C[_I, _J] ** 2, _I, _J)), names),
        meant(
            "$T$ has the trace $∑_j π_j‖U_ju‖²$:",
            related(_TRACE, "==", 1),
            names,
            label="trace",
            under=("weights", "orthogonal maps"),
        ),
        prose(
            "Let $S$ be the symmetric part of $I ⊗ I$. $κ_4$, that of $∑_j π_j(U_ju)^{⊗4} − 3T ⊗ T$, has with it "
            "the inner product",
            related(_OVERLAP, "==", 1 - _TRACE**2 - 2 * _SQUARE),
            label="overlap",
        ),
        prose(
            "As $‖S‖² = d(d + 2)/3$, $‖κ_4 + xS‖²$ with $x = 6q/(d(d + 2))$ is this square.",
            related(0, "<=", _FOURTH + 2 * scale * _OVERLAP + scale**2 * _D * (_D + 2) / 3),
            label="square",
        ),
        combination(
            "$κ_4$ is not 0.",
            related(12 * _SQUARE**2 / (_D * (_D + 2)), "<=", _FOURTH),
            {"square": 1, "overlap": -2 * scale, "trace": 2 * scale * (_TRACE + 1)},
        ),
    )


def _divergence_steps() -> tuple[Step, ...]:
    _, h3, h4, h5, h6 = _TERMS
    second, third, fourth = _MOMENTS
    generated = _generating(4) * sympy.exp(-(_R**2) * second / 2) - 1 - _R**3 * third / 6
    multiple = Limit(generated / _R**4, _R, 0) / (fourth - 3 * second**2)
    h = _R**3 * h3 + _R**4 * h4 + _R**5 * h5 + _R**6 * h6
    kept = -h + _R**6 * h3**2 / 2 + _R**7 * h3 * h4 + _R**8 * (h4**2 / 2 + h3 * h5)
    rest = h3 * h6 + h4 * h5 + _R * (h5**2 / 2 + h4 * h6) + _R**2 * h5 * h6 + _R**3 * h6**2 / 2
    return (
        citation(
            "Taylor's theorem",
            "The density over that of $N(0, I)$ is $1 + h$, $h = r³h_3 + r⁴h_4 + r⁵h_5 + r⁶h_6$, $h_6$ for all further "
            "terms. As $h³$ is of order $r⁹$, $−log(1 + h)$ is $−h + h²/2$ to that order. Its derivatives in $r$ grow "
            "no faster than powers of $‖X‖$, which are integrable. KL is even in $r$, as $X$ and $−X$ have the same "
            "law.",
            related(_FULL(_R), "==", _mean(-h + h**2 / 2 - _R**9 * rest) + _REST(_R) * _R**10),
            label="logarithm",
        ),
        equation("that is,", _FULL(_R), _mean(kept) + _REST(_R) * _R**10, label="KL", given=("logarithm",)),
        citation(
            "Hermite expansion",
            "$h_n$ is the Hermite polynomial of the part of degree $n$ in $t$ and $r$: those of different degrees are "
            "orthogonal, also to 1,",
            related(_mean(kept), "==", _R**6 * _mean(h3**2) / 2 + _R**8 * _mean(h4**2) / 2),
            label="orthogonal",
        ),
        citation(
            "Hermite expansion",
            "that of $κ_3/6$ has the mean square",
            related(_mean(h3**2), "==", _THIRD / 6),
            label="h3",
        ),
        citation(
            "Hermite expansion",
            "Let $m_n = ∑_j π_j⟨t, U_ju⟩^n$, $m_1 = ⟨t, Au⟩ = 0$. The moment generating function of the mixture over "
            "that of $N(0, I)$ is $e^{−r²m_2/2} ∑_j π_je^{r⟨t, U_ju⟩}$, as $⟨t, Tt⟩ = m_2$. After the third order "
            "$h_4$ is that of a multiple of $κ_4$, which is $m_4 − 3m_2²$ at $t$, with the mean square",
            related(_mean(h4**2), "==", 24 * multiple**2 * _FOURTH),
            label="fourth order",
        ),
        equation("that is,", _mean(h4**2), _FOURTH / 24, label="h4", given=("fourth order",)),
        combination(
            "Together:",
            related(_FULL(_R), "==", _THIRD * _R**6 / 12 + _FOURTH * _R**8 / 48 + _REST(_R) * _R**10),
            {"KL": 1, "orthogonal": 1, "h3": _R**6 / 2, "h4": _R**8 / 2},
        ),
    )


def _isotropic_steps() -> tuple[Step, ...]:
    h2, second = _TERMS[0], _MOMENTS[0]
    generated = _generating(2) * sympy.exp(-(_R**2) * _NORM / (2 * _D)) - 1
    multiple, square = Limit(generated / _R**2, _R, 0) / (second - _NORM / _D), _SQUARE - 2 * _TRACE / _D + 1 / _D
    return (
        citation(
            "Hermite expansion",
            "With the covariance $(1 − r²/d)I$ the quotient is $e^{−r²‖t‖²/(2d)} ∑_j π_je^{r⟨t, U_ju⟩}$: the first "
            "term is $r²h_2$, the Hermite polynomial of a multiple of $T − I/d$, which is $m_2 − ‖t‖²/d$ at $t$, with "
            "the mean square",
            related(_mean(h2**2), "==", 2 * multiple**2 * square),
            label="second order",
        ),
        equation("that is,", _mean(h2**2), square / 2, label="h2", given=("second order",)),
        citation(
            "Taylor's theorem",
            "and as before",
            related(_ISOTROPIC(_R), "==", _R**4 * _mean(h2**2) / 2 + _OTHER(_R) * _R**6),
            label="KL_v",
        ),
        combination(
            "So",
            related(_ISOTROPIC(_R), "==", (_SQUARE - 1 / _D) * _R**4 / 4 + _OTHER(_R) * _R**6),
            {"KL_v": 1, "h2": _R**4 / 2, "trace": -(_R**4) / (2 * _D)},
        ),
    )
