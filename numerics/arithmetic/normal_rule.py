"""The trapezoidal rule for means over N(m, 1) of functions that are analytic in a strip.

The proof of both errors is in docs/error-bounds.md, section 15.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import flint
import numpy as np

from emtheory.numerics.arithmetic.trapezoid import Floats, widest_step
from emtheory.numerics.errors import CannotAnswerError

MAX_NODES = 20_000
"""On each side of the mean. A choice: a tenth of a second."""
_OPEN = 0.98
"""The part of the strip up to the singularities that is considered: at its edge the bounds are infinite."""
_LARGEST_ANGLE = 1.57
"""Below π/2."""


@dataclass(frozen=True)
class Rule:
    """Nodes m + nh, |n| ≤ count, and the strip, of half-width v, by which the error of the rule is bounded.

    The step is h; a mass is h times the standard normal density at nh.
    """

    step: float
    half_strip: float
    count: int
    masses: Mapping[int, flint.arb]

    @property
    def cut(self) -> flint.arb:
        """Distance of the first node that is left out."""
        return flint.arb(self.step) * (self.count + 1)


def normal_rule(accuracy: float, slope: float, reach: float) -> Rule:
    """Choose a rule for functions that grow as |x|³ at most and are analytic where slope·|Im x| < π/2.

    Errors are to be about e^{−accuracy}; they are bounded for whatever is chosen. The reach is the largest |m|, or not
    much below; CannotAnswerError if too many nodes are needed.
    """
    strip = math.sqrt(2 * accuracy) + 1
    if slope:
        strip = min(_OPEN * math.pi / (2 * slope), strip)

    def loss(strips: Floats) -> Floats:
        cosine: Floats = np.cos(np.minimum(strips * slope, _LARGEST_ANGLE))
        result: Floats = strips**2 / 2 - 3 * np.log(cosine) + 3 * math.log(2 + reach)
        return result

    step, half_strip, _ = widest_step(accuracy, loss, strip)
    # A dyadic step with few bits makes nodes exact.
    step = math.ldexp(math.floor(math.ldexp(step, 8)), -8) if step > 2**-5 else step
    count = math.ceil(math.sqrt(2 * accuracy + 6 * math.log(3 + reach)) / step) + 1
    if count > MAX_NODES:
        raise CannotAnswerError(f"a slope of about {slope:.3g} is too steep for the quadrature")
    return Rule(step, half_strip, count, _normal_masses(step, count, flint.ctx.prec))


def cut_off(growth: int, scale: flint.arb, base: flint.arb | int, cut: flint.arb, step: flint.arb) -> flint.arb:
    """Bound the nodes at `cut` and beyond on both sides, for |g(m + z)| ≤ scale·(base + |z|)^growth, base ≥ |m|."""
    start = (base + cut).upper()
    rate = cut - growth / start
    if not rate > 0:
        return flint.arb.pos_inf()
    density = (-cut * cut / 2).exp() / (2 * flint.arb.pi()).sqrt()
    return (2 * scale * start**growth * density * (step + 1 / rate)).upper()


@lru_cache(maxsize=256)
def _normal_masses(step: float, count: int, bits: int) -> Mapping[int, flint.arb]:
    """`bits` is the precision in force."""
    scale = flint.arb(step) / (2 * flint.arb.pi()).sqrt()
    half = [scale * (-((index * flint.arb(step)) ** 2) / 2).exp() for index in range(count + 1)]
    return {index: half[abs(index)] for index in range(-count, count + 1)}
