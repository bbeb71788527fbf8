"""The trapezoidal rule on the line: its proved error in a strip, and the largest step for a wanted accuracy.

If g is analytic for |Im u| < v, tends to 0 uniformly as |Re u| → ∞ there, and ∫|g(x + iy)|dx ≤ M for every |y| < v,
then |h Σ g(c + ih) − ∫g| ≤ 2M/(e^{2πv/h} − 1) for every offset c and step h (Trefethen and Weideman, SIAM Review 56
(2014) 385-458, Theorem 5.1).

For means over N(m, 1) the proof of both errors is in docs/error-bounds.md, section 15.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import flint
import numpy as np
import numpy.typing as npt

from emtheory.numerics.errors import CannotAnswerError

Floats = npt.NDArray[np.float64]

_CANDIDATES = 40
"""Angles tried. Fewer would give a shorter step than possible, more take time in every plan; the error is bounded for
any."""


def discretisation_error(edge: flint.arb, strip: flint.arb | float, step: flint.arb) -> flint.arb:
    """Return the bound 2M/(e^{2πv/h} − 1), rounded up.

    M bounds the integral of |g| along every line of the strip of half-width v.
    """
    return (2 * edge / (2 * flint.arb.pi() * strip / step).expm1()).upper()


def widest_step(
    accuracy: float, loss: Callable[[Floats], Floats], angle: float, curvature: float = math.inf
) -> tuple[float, float, float]:
    """Choose the strip that allows the largest step h: return h, a and b (the error is bounded for whatever is chosen).

    The strip is v = a + b with log M = loss(a) + curvature·b², a up to `angle`; the curvature is infinite where there
    is no b. For each a the step 2π(a + b)/(L + log M) is largest where curvature·b(2a + b) = L + loss(a); the error is
    to be about e^{−L}.
    """
    angles: Floats = angle / _CANDIDATES * np.arange(1.0, _CANDIDATES + 1)
    costs = accuracy + loss(angles)
    if math.isinf(curvature):
        steps = angles / costs
        best = int(np.argmax(steps))
        return 2 * math.pi * float(steps[best]), float(angles[best]), 0.0
    shifts = np.sqrt(angles**2 + costs / curvature) - angles
    steps = (angles + shifts) / (costs + curvature * shifts**2)
    best = int(np.argmax(steps))
    return 2 * math.pi * float(steps[best]), float(angles[best]), float(shifts[best])


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
