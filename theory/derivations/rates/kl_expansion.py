"""Uniform weights: the divergence is of fourth order in the radius, and EM sublinear with an exact constant."""

import sympy
from sympy import Derivative, ImmutableMatrix, Limit, MatAdd, MatMul, Rational, Subs

from emtheory.theory.derivation import Derivation, Statement, Step, citation, equation, prose
from emtheory.theory.gaussian_moments import Expectation, power_mean_expectation
from emtheory.theory.simplex import vertices

STATEMENT = Statement("uniform weights: KL = r⁴/(4(k−1)) + O(r⁶) and its sublinear rate", 16, general=True)

# Products of power means that occur up to fourth order, by their exponents.
_PRODUCTS = ((1,), (2,), (1, 1), (4,), (1, 3), (2, 2), (1, 1, 2), (1, 1, 1, 1))


_K = sympy.Symbol("k", positive=True)
_CLOSED = ImmutableMatrix([0, 1, 1 / _K, 3, 3 / _K, (_K + 2) / _K, (_K + 2) / _K**2, 3 / _K**2])


def derive(k: int) -> Derivation:
    """Derive KL = r⁴/(4(k−1)) + O(r⁶), r_t² ~ (k−1)/(2t), KL_t ~ (k−1)/(16t²) for uniform weights and given k ≥ 2."""
    V, r = vertices(k), sympy.Symbol("r", positive=True)
    z = sympy.symbols(f"z_:{k}", real=True)
    power_means = {n: sympy.Add(*(value**n for value in z)) / k for n in (1, 2, 3, 4)}
    steps = (
        equation(
            "On the simplex of radius r the exponents have covariance r²VᵀV. A common shift of variance r²/(k−1) "
            "changes neither the posterior nor Λ and makes them independent, y_j = s Z_j with s² = r²k/(k−1).",
            MatAdd(MatMul(r**2, V.T, V), MatMul(r**2 / (k - 1), ImmutableMatrix.ones(k, k))),
            MatMul(r**2 * Rational(k, k - 1), ImmutableMatrix.eye(k)),
        ),
        equation(
            f"Control of the expectations in step 4 for k = {k}, multiplied out and by Gaussian moments.",
            ImmutableMatrix([Expectation(sympy.Mul(*(power_means[n] for n in product)), z) for product in _PRODUCTS]),
            _CLOSED.subs(_K, k),
        ),
        *_expansion(),
    )
    return _derivation(k, steps)


def derive_general() -> Derivation:
    """Derive the same for every k ≥ 2."""
    r = sympy.Symbol("r", positive=True)
    steps = (
        equation(
            "On the simplex of radius r the exponents have variance r² and covariance −r²/(k−1). A common shift of "
            "variance r²/(k−1) changes neither the posterior nor Λ; it makes the covariances 0 and the variance s² = "
            "r²k/(k−1), so y_j = s Z_j with independent Z_j.",
            r**2 + r**2 / (_K - 1),
            r**2 * _K / (_K - 1),
        ),
        *_expansion(),
        citation(
            "Taylor's theorem",
            "The derivatives of log Σ_j e^{sZ_j}/k in s are cumulants of Z under the posterior: the sixth is at most "
            "a constant times max |Z_j|⁶, which is integrable, so the expansion of the expectation has remainder "
            "O(s⁶), and so has that of its derivative, β(r) = r²/(k−1) + O(r⁴).",
        ),
        prose(
            "0 < β(r) < 1 for r > 0 (statement stein-identity; |γ̂_m| vanishes or is 1 only on a null set), so r_t "
            "decreases; its limit is a fixed point of r(1 − β(r)), hence 0."
        ),
        citation("Stolz–Cesàro theorem", "1/r_{t+1}² − 1/r_t² → 2/(k−1), hence 1/r_t² ~ 2t/(k−1)."),
    )
    return _derivation(None, steps)


def _derivation(k: int | None, steps: tuple[Step, ...]) -> Derivation:
    return Derivation(
        name="kl-expansion",
        title=STATEMENT.title,
        statement="KL = r⁴/(4(k−1)) + O(r⁶); r_t² ~ (k−1)/(2t), KL_t ~ (k−1)/(16t²)",
        source="not in the paper, which excludes uniform weights (break condition of mechanism 1)",
        scope="every k ≥ 2, uniform weights, starts on the simplex"
        if k is None
        else f"every k, except that steps 1 and 2 are for k = {k}; the remainder is argued in the general derivation",
        k=k,
        steps=steps,
    )


def _expansion() -> tuple[Step, ...]:
    """The steps that hold for a symbolic k."""
    r, s, t, e = sympy.symbols("r s t e", positive=True)
    p1, p2, p3, p4 = sympy.symbols("p_1:5", real=True)
    mean = 1 + s * p1 + s**2 * p2 / 2 + s**3 * p3 / 6 + s**4 * p4 / 24
    moments = {product: power_mean_expectation(product, _K) for product in _PRODUCTS}
    second = moments[2,] - moments[1, 1]
    fourth = moments[4,] - 4 * moments[1, 3] - 3 * moments[2, 2] + 12 * moments[1, 1, 2] - 6 * moments[1, 1, 1, 1]
    log_partition = (_K - 1) / (2 * _K) * s**2 - (_K - 1) / (4 * _K**2) * s**4
    divergence = r**4 / (4 * (_K - 1))
    next_radius = r * (1 - r**2 / (_K - 1) - e * r**4)
    return (
        equation(
            "With power means p_n = Σ_j Z_j^n/k, Σ_j e^{sZ_j}/k = 1 + s p_1 + s²p_2/2 + …; the derivatives "
            "of its logarithm at s = 0 are the cumulants of the sample.",
            ImmutableMatrix([Subs(Derivative(sympy.log(mean), (s, n)), s, 0) for n in (1, 2, 3, 4)]),
            ImmutableMatrix(
                [
                    p1,
                    p2 - p1**2,
                    p3 - 3 * p1 * p2 + 2 * p1**3,
                    p4 - 4 * p1 * p3 - 3 * p2**2 + 12 * p1**2 * p2 - 6 * p1**4,
                ]
            ),
        ),
        equation(
            "Expectations of p_1, p_2, p_1², p_4, p_1p_3, p_2², p_1²p_2, p_1⁴ for every k, by exchangeability.",
            ImmutableMatrix([*moments.values()]),
            _CLOSED,
        ),
        equation(
            "The odd cumulants have expectation zero, so E log Σ_j e^{sZ_j}/k is, up to O(s⁶),",
            second * s**2 / 2 + fourth * s**4 / 24,
            log_partition,
        ),
        equation(
            "and KL = r²/2 − Λ with s² = r²k/(k−1): the second order cancels.",
            r**2 / 2 - log_partition.subs(s, r * sympy.sqrt(_K / (_K - 1))),
            divergence,
        ),
        equation(
            "∇ℓ = Bθ is radial by symmetry, with length r β(r): β(r) = r²/(k−1) + O(r⁴).",
            Derivative(divergence, r) / r,
            r**2 / (_K - 1),
        ),
        equation(
            "One step of EM is r → r(1 − β(r)). With a remainder e r⁴ in β, bounded e, 1/r² grows by 2/(k−1) "
            "in the limit r → 0: so 1/r_t² ~ 2t/(k−1).",
            Limit(1 / next_radius**2 - 1 / r**2, r, 0),
            2 / (_K - 1),
        ),
        equation(
            "At r_t² = (k−1)/(2t) the divergence is KL_t ~ (k−1)/(16t²).",
            divergence.subs(r, sympy.sqrt((_K - 1) / (2 * t))),
            (_K - 1) / (16 * t**2),
        ),
    )
