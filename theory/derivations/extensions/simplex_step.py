"""Uniform weights on a simplex: the step of EM for a known covariance to the fifth order in the radius."""

from collections.abc import Mapping
from types import MappingProxyType

import sympy
from sympy import oo

from emtheory.theory.cumulants import SAMPLE_CUMULANTS, in_moments, logarithmic_derivative
from emtheory.theory.gaussian_moments import PowerMeanExpectation
from emtheory.theory.proof.derivation import POSITIVE, Derivation, Statement, Variable, related
from emtheory.theory.proof.step import Step, equation
from emtheory.theory.proof.words import citation, definition

STATEMENT = Statement(__name__, "uniform weights on a simplex: the step of EM to the fifth order")

_K, _S = sympy.symbols("k s", positive=True)
_SCALE = sympy.Symbol("a^2", positive=True)
_STEP, _REST = sympy.Function("N", real=True), sympy.Function("e", real=True)
_CUMULANTS = {n: sympy.Symbol(f"kappa_{n}", real=True) for n in (2, 4, 6)}

_EXPLAINED: Mapping[int, str] = MappingProxyType(
    {
        2: "With power means $p_n = ∑_j Z_j^n/k$, $∑_j e^{aZ_j}/k = 1 + a p_1 + a²p_2/2 + …$; the derivatives of its "
        "logarithm at $a = 0$ are the cumulants of the sample: of order 2",
        4: "of order 4",
        6: "and of order 6.",
    }
)


def derive_general() -> Derivation:
    return STATEMENT.derivation(
        variables=(
            Variable(_K, sympy.Range(2, oo), "the number of components"),
            Variable(_S, POSITIVE, "the radius of the simplex"),
        ),
        hypotheses=("uniform weights", "simplex", "normal data"),
        exist_under={_STEP(_S): ("uniform weights", "simplex", "normal data")},
        conclusions=(
            related(
                _STEP(_S), "==", _S - _S**3 / (_K - 1) + (6 - _K) * _S**5 / (2 * (_K - 1) ** 2) + _REST(_S) * _S**7
            ),
        ),
        note="$N(s)$ is the radius after a step from $s$, the covariance known, and $e$ a function bounded near 0",
        source="not in the paper, which excludes uniform weights (break condition of mechanism 1)",
        scope="every $k ≥ 2$, weights $1/k$, any $d ≥ k − 1$, points of the simplex",
        steps=(*_cumulant_steps(), *_step_steps()),
    )


def _cumulant_steps() -> tuple[Step, ...]:
    a = sympy.Symbol("a", real=True)
    p = sympy.symbols("p_1:7", real=True)
    steps: list[Step] = []
    for order in SAMPLE_CUMULANTS:
        steps.append(
            equation(
                _EXPLAINED[order], logarithmic_derivative(order, p, a), in_moments(order, p), label=f"cumulant {order}"
            )
        )
    for order, terms in SAMPLE_CUMULANTS.items():
        mean = sympy.Add(*(factor * PowerMeanExpectation(_K, *product) for product, factor in terms.items()))
        steps.append(definition(f"$κ_{order}$ is the mean of that of order {order}:", _CUMULANTS[order], mean))
    return tuple(steps)


def _step_steps() -> tuple[Step, ...]:
    s, k = _S, _K
    series = sympy.Add(
        *(
            _CUMULANTS[order] * _SCALE ** (order // 2) * s ** (order - 1) / sympy.factorial(order - 1)
            for order in SAMPLE_CUMULANTS
        )
    )
    return (
        definition(
            "On the simplex of radius $s$ the exponents have variance $s²$ and covariance $−s²/(k−1)$. A common "
            "shift of variance $s²/(k−1)$ changes neither the posterior nor $Λ$; it makes them independent, of "
            "variance $a²s²$.",
            _SCALE,
            1 + 1 / (k - 1),
        ),
        citation(
            "Taylor's theorem",
            "$N = dΛ/ds$, and $Λ$ is the mean of that logarithm for independent standard normal $Z_j$ and $as$ in "
            "place of $a$. Its derivatives are cumulants of $Z$ under the posterior: the eighth is at most a "
            "constant times $max |Z_j|⁸$, which is integrable, and odd ones have mean 0 at 0.",
            related(_STEP(s), "==", series + _REST(s) * s**7),
            label="expansion",
            given=tuple(f"cumulant {order}" for order in SAMPLE_CUMULANTS),
        ),
        equation(
            "That is, as by exchangeability, for every $k$, $κ_2 = (k − 1)/k$, $κ_4 = −6(k − 1)/k²$ and "
            "$κ_6 = 60(k − 1)(6 − k)/k³$,",
            _STEP(s),
            s - s**3 / (k - 1) + (6 - k) * s**5 / (2 * (k - 1) ** 2) + _REST(s) * s**7,
            given=("expansion",),
        ),
    )
