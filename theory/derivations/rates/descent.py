"""From the PL inequality to the number of iterations."""

import sympy
from sympy import Rational, Subs

from emtheory.theory.derivation import Derivation, Statement, citation, equation, inequality, prose
from emtheory.theory.sums import component, family, total

STATEMENT = Statement("O(log 1/ε) iterations from a PL constant", 0, general=True)


def derive_general() -> Derivation:
    """Derive KL_t ≤ (1 − μ)^t KL_0 and t ≤ 1 + log(KL_0/ε)/μ from ∇²ℓ ⪯ I and a PL constant μ."""
    i = component("i")
    gradient = family("g")
    mu, epsilon, start = sympy.symbols("mu epsilon K_0", positive=True)
    t = sympy.Symbol("t", positive=True)
    count = (sympy.log(start) - sympy.log(epsilon)) / -sympy.log(1 - mu)
    steps = (
        citation(
            "Taylor's theorem",
            "∇²ℓ ⪯ I (statement hessian), so ℓ(θ + h) ≤ ℓ(θ) + ⟨∇ℓ(θ), h⟩ + ‖h‖²/2 for all θ and h.",
        ),
        equation(
            "EM takes h = −∇ℓ(θ) (statement gradient), with coordinates −g_i: each step lowers ℓ, and KL with it, by "
            "at least ½‖∇ℓ‖².",
            total(gradient[i] * -gradient[i] + gradient[i] ** 2 / 2, i),
            -Rational(1, 2) * total(gradient[i] ** 2, i),
        ),
        prose(
            "Iterates stay in the ball ‖θ‖ ≤ ‖θ_0‖ because ‖M(θ)‖ ≤ ‖θ‖ (statement stein-identity). There ½‖∇ℓ‖² ≥ μ "
            "KL (statement pl-inequality), so KL_{t+1} ≤ (1 − μ) KL_t and KL_t ≤ (1 − μ)^t KL_0; μ ≤ 1 as KL is not "
            "negative."
        ),
        equation(
            "(1 − μ)^t KL_0 = ε at t = log(KL_0/ε)/(−log(1 − μ)); on the scale of logarithms,",
            Subs(sympy.log(start) + t * sympy.log(1 - mu), t, count),
            sympy.log(epsilon),
        ),
        inequality(
            "−log(1 − μ) ≥ μ: both are 0 at 0, and the derivative 1/(1 − μ) of the left side is at least 1. So "
            "t = ⌈log(KL_0/ε)/μ⌉ steps suffice: O(log 1/ε).",
            mu,
            "<",
            -sympy.log(1 - mu),
            domain={mu: sympy.Interval.open(0, 1)},
        ),
    )
    return Derivation(
        name="descent",
        title=STATEMENT.title,
        statement="KL_t ≤ (1 − μ)^t KL_0; KL_t ≤ ε for t ≥ log(KL_0/ε)/(−log(1 − μ))",
        source="The population theorem of the paper, constants explicit",
        scope="every k, any weights and orthogonal maps with a PL constant μ > 0 on the ball of the start, any d",
        k=None,
        steps=steps,
    )
