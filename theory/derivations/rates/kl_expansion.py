"""Uniform weights: the divergence is of fourth order in the radius, and EM sublinear with an exact constant."""

import sympy
from sympy import ImmutableMatrix, Interval, Limit, MatAdd, MatMul, Rational, oo

from emtheory.theory.cumulants import SAMPLE_CUMULANTS, in_moments, logarithmic_derivative
from emtheory.theory.derivations.rates.degenerate_directions import ITERATE, KL, RADIUS, T, rate_steps
from emtheory.theory.gaussian_moments import Expectation, PowerMeanExpectation
from emtheory.theory.proof.common import exponents, uniform
from emtheory.theory.proof.derivation import Derivation, Statement, Variable, related
from emtheory.theory.proof.step import Step, equation
from emtheory.theory.proof.words import citation, definition
from emtheory.theory.simplex import vertices

STATEMENT = Statement(__name__, "uniform weights: $KL = r⁴/(4(k−1)) + O(r⁶)$ and its sublinear rate", 16)

_K = sympy.Symbol("k", positive=True)
_SCALE = sympy.Symbol("s^2", positive=True)
_SECOND, _FOURTH = sympy.symbols("kappa_2 kappa_4", real=True)
_REST = sympy.Function("e", real=True)


def derive(k: int) -> Derivation:
    """Derive KL = r⁴/(4(k−1)) + O(r⁶), r_t² ~ (k−1)/(2t), KL_t ~ (k−1)/(16t²), some of it for a given k ≥ 2."""
    V, r = vertices(k), RADIUS
    z = sympy.symbols(f"z_:{k}", real=True)
    power_means = {n: sympy.Add(*(value**n for value in z)) / k for n in (1, 2, 3)}
    products = [product for order in (2, 4) for product in SAMPLE_CUMULANTS[order] if len(product) > 1]
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
    )
    return _derivation(k, steps)


def derive_general() -> Derivation:
    """Derive the same for every k ≥ 2."""
    return _derivation(None, _expansion_steps(()))


def _derivation(k: int | None, steps: tuple[Step, ...]) -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_K, sympy.Range(2, oo), "the number of components"),
            Variable(RADIUS, Interval.open(0, oo), "the radius of the simplex"),
        ),
        hypotheses=("uniform weights", "simplex", "normal data"),
        conclusions=(
            related(KL(RADIUS), "==", RADIUS**4 / (4 * (_K - 1)) + _REST(RADIUS) * RADIUS**6),
            related(Limit(T * ITERATE(T) ** 2, T, oo), "==", (_K - 1) / 2),
            related(Limit(T**2 * KL(ITERATE(T)), T, oo), "==", (_K - 1) / 16),
        ),
        note="$e$ is a function bounded near 0, $r(t) = ‖θ_t‖$; the limits are $r_t² ~ (k−1)/(2t)$, $KL_t ~ "
        "(k−1)/(16t²)$",
        source="not in the paper, which excludes uniform weights (break condition of mechanism 1)",
        scope="every $k ≥ 2$, uniform weights, starts on the simplex"
        if k is None
        else f"every $k$, and steps 1 and 2 again in coordinates for $k = {k}$",
        k=k,
        steps=(*steps, *rate_steps(1 / (_K - 1), "By symmetry $∇ℓ$ is radial: along the ray")),
    )


def _expansion_steps(given: tuple[str, ...]) -> tuple[Step, ...]:
    r, k, s = RADIUS, _K, sympy.Symbol("s", real=True)
    p = sympy.symbols("p_1:5", real=True)

    def mean(order: int) -> sympy.Expr:
        terms = SAMPLE_CUMULANTS[order].items()
        return sympy.Add(*(factor * PowerMeanExpectation(k, *exponents) for exponents, factor in terms))

    return (
        definition(
            "On the simplex of radius $r$ the exponents have variance $r²$ and covariance $−r²/(k−1)$. A common "
            "shift of variance $r²/(k−1)$ changes neither the posterior nor $Λ$; it makes the covariances 0 and the "
            "variance $s²$, so $y_j = s Z_j$ with independent $Z_j$.",
            _SCALE,
            r**2 + r**2 / (k - 1),
        ),
        exponents(r),
        uniform(),
        equation("That is", _SCALE, r**2 * k / (k - 1), label="scale"),
        equation(
            "With power means $p_n = ∑_j Z_j^n/k$, $∑_j e^{sZ_j}/k = 1 + s p_1 + s²p_2/2 + …$; the derivatives of "
            "its logarithm at $s = 0$ are the cumulants of the sample: the second",
            logarithmic_derivative(2, p, s),
            in_moments(2, p),
            label="second cumulant",
        ),
        equation(
            "and the fourth.",
            logarithmic_derivative(4, p, s),
            in_moments(4, p),
            label="fourth cumulant",
        ),
        definition("Their expectations are $κ_2$", _SECOND, mean(2)),
        definition("and $κ_4$.", _FOURTH, mean(4)),
        equation("By exchangeability, for every $k$,", _SECOND, (k - 1) / k, label="κ_2"),
        equation("and", _FOURTH, -6 * (k - 1) / k**2, label="κ_4"),
        citation(
            "Taylor's theorem",
            "$KL = r²/2 − Λ$. The derivatives of $log ∑_j e^{sZ_j}/k$ in $s$ are cumulants of $Z$ under the "
            "posterior: the sixth is at most a constant times $max |Z_j|⁶$, which is integrable, and the odd ones "
            "have expectation 0 at $s = 0$. So the expansion of the expectation has a remainder of order $s⁶$, and "
            "so has that of its derivative.",
            related(KL(r), "==", r**2 / 2 - _SECOND * _SCALE / 2 - _FOURTH * _SCALE**2 / 24 + _REST(r) * r**6),
            label="expansion",
            given=(*given, "second cumulant", "fourth cumulant", "exponents", "uniform"),
        ),
        equation(
            "The second order cancels, and of fourth order is $q r⁴/4$ with $q = 1/(k−1)$:",
            KL(r),
            r**4 / (4 * (k - 1)) + _REST(r) * r**6,
            given=("expansion", "κ_2", "κ_4", "scale"),
            label="KL",
        ),
    )
