"""k = 2 from the definition, to any precision: one Gaussian integral, by the trapezoidal rule.

With two components at ±θ and r = ‖θ‖ everything depends on X along θ alone: Λ = E log(π_0 e^{rX} + π_1 e^{−rX}) and
γ_0 − γ_1 = tanh(rX + a), tanh a = π_0 − π_1. It shares nothing with the package but the exact `Case`.
"""

from dataclasses import dataclass
from fractions import Fraction

import mpmath

from emtheory.numerics.case import Case


@dataclass(frozen=True)
class TwoComponents:
    """Λ, r²/2 − Λ and E tanh²(rX + a) at radius r, as exact rationals: rounded to the digits asked for."""

    log_partition: Fraction
    kl_divergence: Fraction
    posterior_power: Fraction


def two_components(case: Case, digits: int) -> TwoComponents:
    """Sum h φ(jh) f(jh); the poles at distance π/(2r) and the Gaussian give the step."""
    context = mpmath.MPContext()
    context.dps = 2 * digits + 20
    decay = context.mpf(2.4) * (digits + 10)  # e^{−decay} is the error aimed at
    first, second = (context.mpf(w.numerator) / w.denominator for w in case.weights)
    r = context.mpf(case.radius.numerator) / case.radius.denominator
    width = min(context.pi / (2 * r) * context.mpf(0.95), context.sqrt(2 * decay))
    h = 2 * context.pi * width / (decay + width**2 / 2)
    count = int(context.sqrt(2 * decay) / h) + 2
    sums = [context.mpf(0)] * 2
    for j in range(-count, count + 1):
        x = j * h
        up, down = first * context.exp(r * x), second * context.exp(-r * x)
        mean = (up - down) / (up + down)
        terms = (context.log(up + down), mean**2)
        sums = [total + context.npdf(x) * term for total, term in zip(sums, terms, strict=True)]
    log_partition, power = (h * total for total in sums)
    values = (log_partition, r**2 / 2 - log_partition, power)
    return TwoComponents(*(Fraction(context.nstr(value, digits + 10)) for value in values))
