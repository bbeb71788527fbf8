"""Uniform weights: the divergence is of fourth order in the radius, and EM sublinear with an exact constant."""

from collections.abc import Mapping

import sympy
from sympy import Derivative, ImmutableMatrix, Interval, Limit, MatAdd, MatMul, Rational, Subs, oo

from emtheory.theory.gaussian_moments import Expectation, PowerMeanExpectation
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.step import Step, equation, limit
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.simplex import vertices

STATEMENT = Statement(__name__, "uniform weights: $KL = r⁴/(4(k−1)) + O(r⁶)$ and its sublinear rate", 16)

_SECOND_TERMS: Mapping[tuple[int, ...], int] = {(1, 1): -1}
"""Products of power means in the second cumulant of a sample beside $p_2$, by their exponents, with their factors."""

_FOURTH_TERMS: Mapping[tuple[int, ...], int] = {(1, 3): -4, (2, 2): -3, (1, 1, 2): 12, (1, 1, 1, 1): -6}
"""The same for the fourth cumulant beside $p_4$."""

_K, _RADIUS, _T = sympy.symbols("k r t", positive=True)
_SCALE = sympy.Symbol("s^2", positive=True)
_SECOND, _FOURTH = sympy.symbols("kappa_2 kappa_4", real=True)
_KL, _REST = sympy.Function("KL", real=True), sympy.Function("e", real=True)
_ITERATE = sympy.Function("r", positive=True)


def derive(k: int) -> Derivation:
    """Derive KL = r⁴/(4(k−1)) + O(r⁶), r_t² ~ (k−1)/(2t), KL_t ~ (k−1)/(16t²), some of it for a given k ≥ 2."""
    V, r = vertices(k), _RADIUS
    z = sympy.symbols(f"z_:{k}", real=True)
    power_means = {n: sympy.Add(*(value**n for value in z)) / k for n in (1, 2, 3)}
    products = (*_SECOND_TERMS, *_FOURTH_TERMS)
    steps = (
        equation(
            "On the simplex of radius $r$ the exponents have covariance $r²VᵀV$. A common shift of variance "
            "$r²/(k−1)$ changes neither the posterior nor $Λ$ and makes them independent, $y_j = s Z_j$ with $s² = "
            "r²k/(k−1)$.",
            MatAdd(MatMul(r**2, V.T, V), MatMul(r**2 / (k - 1), ImmutableMatrix.ones(k, k))),
            MatMul(r**2 * Rational(k, k - 1), ImmutableMatrix.eye(k)),
            label="shift",
        ),
        equation(
            f"The expectations of the products of power means in them for $k = {k}$, multiplied out, and by "
            "exchangeability.",
            ImmutableMatrix([Expectation(sympy.Mul(*(power_means[n] for n in product)), z) for product in products]),
            ImmutableMatrix([PowerMeanExpectation(sympy.Integer(k), *product) for product in products]),
            label="control",
        ),
        *_expansion_steps(("shift", "control")),
        *_rate_steps(),
    )
    return _derivation(k, steps)


def derive_general() -> Derivation:
    """Derive the same for every k ≥ 2."""
    return _derivation(None, (*_expansion_steps(()), *_rate_steps()))


def _derivation(k: int | None, steps: tuple[Step, ...]) -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_K, sympy.Range(2, oo), "the number of components"),
            Variable(_RADIUS, Interval.open(0, oo), "the radius of the simplex"),
        ),
        hypotheses=("uniform weights", "simplex", "normal data"),
        conclusions=(
            related(_KL(_RADIUS), "==", _RADIUS**4 / (4 * (_K - 1)) + _REST(_RADIUS) * _RADIUS**6),
            related(Limit(_T * _ITERATE(_T) ** 2, _T, oo), "==", (_K - 1) / 2),
            related(Limit(_T**2 * _KL(_ITERATE(_T)), _T, oo), "==", (_K - 1) / 16),
        ),
        note="$e$ is a function bounded near 0, $r(t) = ‖θ_t‖$; the limits are $r_t² ~ (k−1)/(2t)$, $KL_t ~ "
        "(k−1)/(16t²)$",
        source="not in the paper, which excludes uniform weights (break condition of mechanism 1)",
        scope="every $k ≥ 2$, uniform weights, starts on the simplex"
        if k is None
        else f"every $k$, and steps 1 and 2 again in coordinates for $k = {k}$",
        k=k,
        steps=steps,
    )


def _expansion_steps(given: tuple[str, ...]) -> tuple[Step, ...]:
    r, k, s = _RADIUS, _K, sympy.Symbol("s", real=True)
    p = sympy.symbols("p_1:5", real=True)

    z = sympy.Symbol("Z", real=True)

    def mean(n: int, terms: Mapping[tuple[int, ...], int]) -> sympy.Expr:
        products = (factor * PowerMeanExpectation(k, *exponents) for exponents, factor in terms.items())
        return sympy.Add(Expectation(z**n, (z,)), *products)

    def cumulant(n: int) -> sympy.Expr:
        series = 1 + sympy.Add(*(s**i * value / sympy.factorial(i) for i, value in enumerate(p[:n], start=1)))
        return Subs(Derivative(sympy.log(series), (s, n)), s, 0)

    return (
        definition(
            "On the simplex of radius $r$ the exponents have variance $r²$ and covariance $−r²/(k−1)$. A common "
            "shift of variance $r²/(k−1)$ changes neither the posterior nor $Λ$; it makes the covariances 0 and the "
            "variance $s²$, so $y_j = s Z_j$ with independent $Z_j$.",
            _SCALE,
            r**2 + r**2 / (k - 1),
            under=("simplex", "normal data"),
        ),
        equation("That is", _SCALE, r**2 * k / (k - 1), label="scale"),
        equation(
            "With power means $p_n = ∑_j Z_j^n/k$, $∑_j e^{sZ_j}/k = 1 + s p_1 + s²p_2/2 + …$; the derivatives of "
            "its logarithm at $s = 0$ are the cumulants of the sample: the second",
            cumulant(2),
            p[1] - p[0] ** 2,
            label="second cumulant",
        ),
        equation(
            "and the fourth.",
            cumulant(4),
            p[3] - 4 * p[0] * p[2] - 3 * p[1] ** 2 + 12 * p[0] ** 2 * p[1] - 6 * p[0] ** 4,
            label="fourth cumulant",
        ),
        definition("Their expectations are, as $E p_n = E Z^n$, $κ_2$", _SECOND, mean(2, _SECOND_TERMS)),
        definition("and $κ_4$.", _FOURTH, mean(4, _FOURTH_TERMS)),
        equation("By exchangeability, for every $k$,", _SECOND, (k - 1) / k, label="κ_2"),
        equation("and", _FOURTH, -6 * (k - 1) / k**2, label="κ_4"),
        citation(
            "Taylor's theorem",
            "$KL = r²/2 − Λ$. The derivatives of $log ∑_j e^{sZ_j}/k$ in $s$ are cumulants of $Z$ under the "
            "posterior: the sixth is at most a constant times $max |Z_j|⁶$, which is integrable, and the odd ones "
            "have expectation 0 at $s = 0$. So the expansion of the expectation has a remainder of order $s⁶$, and "
            "so has that of its derivative.",
            related(_KL(r), "==", r**2 / 2 - _SECOND * _SCALE / 2 - _FOURTH * _SCALE**2 / 24 + _REST(r) * r**6),
            label="expansion",
            given=(*given, "second cumulant", "fourth cumulant"),
            under=("uniform weights",),
        ),
        equation(
            "The second order cancels:",
            _KL(r),
            r**4 / (4 * (k - 1)) + _REST(r) * r**6,
            given=("expansion", "κ_2", "κ_4", "scale"),
            label="KL",
        ),
    )


def _rate_steps() -> tuple[Step, ...]:
    r, k, rest = _RADIUS, _K, sympy.Symbol("e", positive=True)
    first, second = sympy.symbols("y_1 y_2")
    leading = r**4 / (4 * (k - 1))
    next_radius = r * (1 - r**2 / (k - 1) - rest * r**4)
    return (
        equation(
            "$∇ℓ = Bθ$ is radial by symmetry, with length $r β(r)$: $β(r) = r²/(k−1) + O(r⁴)$.",
            Derivative(leading, r) / r,
            r**2 / (k - 1),
            label="gradient",
        ),
        equation(
            "One step of EM is $r → r(1 − β(r))$. With a remainder $e r⁴$ in $β$, bounded $e$, $1/r²$ grows by "
            "$2/(k−1)$ up to a multiple of $r²$ in the limit $r → 0$.",
            Limit((1 / next_radius**2 - 1 / r**2 - 2 / (k - 1)) / r**2, r, 0),
            3 / (k - 1) ** 2 + 2 * rest,
            label="growth",
        ),
        citation(
            "global convergence theorem",
            "$M$ is continuous, no step goes away from 0, and each lowers KL except at 0, the only fixed point:",
            related(Limit(_ITERATE(_T), _T, oo), "==", 0),
            label="to 0",
            under=("uniform weights",),
        ),
        citation(
            "Stolz–Cesàro theorem",
            "$1/r_{t+1}² − 1/r_t² → 2/(k−1)$, hence $1/r_t² ~ 2t/(k−1)$.",
            related(Limit(_T * _ITERATE(_T) ** 2, _T, oo), "==", (k - 1) / 2),
            label="rate",
            given=("KL", "gradient", "growth", "to 0"),
        ),
        citation(
            "Taylor's theorem",
            "The remainder of the divergence is of order $r⁶$, so that",
            related(Limit(_KL(r) / r**4, r, 0), "==", 1 / (4 * (k - 1))),
            label="fourth order",
            given=("KL",),
        ),
        limit(
            "$t²KL_t = (KL_t/r_t⁴)(tr_t²)²$: $KL_t ~ (k−1)/(16t²)$.",
            Limit(_T**2 * _KL(_ITERATE(_T)), _T, oo),
            (k - 1) / 16,
            first * second**2,
            {"fourth order": first, "rate": second},
            along=("to 0",),
        ),
    )
