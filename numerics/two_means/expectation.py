"""Expectations of functions of x, tanh(θx + a) and log cosh(θx + a) over a normal law, in balls with proved errors.

The functions are analytic where |Im θx| < π/2, so the trapezoidal rule converges geometrically. The proof of both
errors, of the step and of what is cut off, is in docs/error-bounds.md.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import flint
import numpy as np

from emtheory.numerics.arithmetic.trapezoid import Floats, discretisation_error, widest_step
from emtheory.numerics.errors import CannotAnswerError

_WIDE_BITS = 20
"""A ball with fewer correct bits is taken for an interval, whose image is that of its ends."""
_OPEN = 0.98
"""The part of the strip up to the poles that is considered: at its edge the bounds are infinite."""
MAX_NODES = 20_000
"""On each side of the mean. A choice: a tenth of a second."""
_LARGEST_NORM = 1.2
"""Above (E|Z|³)^{1/3} = (2√(2/π))^{1/3} = 1.1686."""


@dataclass(frozen=True)
class Integrand:
    """x^i tanh^j sech^{2l}, or log cosh, of θx + a.

    Attributes
    ----------
    x, tanh, sech
        The exponents i ≤ 3, j ≤ 1 and l ≤ 1.
    log_cosh
        Whether it is log cosh(θx + a) instead.
    """

    x: int = 0
    tanh: int = 0
    sech: int = 0
    log_cosh: bool = False

    @property
    def growth(self) -> int:
        """The power of |x| that it grows with at most."""
        return 1 if self.log_cosh else self.x


T, XT = Integrand(tanh=1), Integrand(x=1, tanh=1)
XS, X2S = Integrand(x=1, sech=1), Integrand(x=2, sech=1)
X2TS, X3TS = Integrand(2, 1, 1), Integrand(3, 1, 1)
LOG_COSH = Integrand(log_cosh=True)


def expectations(
    theta: flint.arb, offset: flint.arb, mean: flint.arb, integrands: Sequence[Integrand], accuracy: float
) -> list[flint.arb]:
    """Enclose E g(X), X ~ N(mean, 1), for several integrands g.

    Works at Arb's precision in force. The balls contain the values for all parameters in the balls given; of wide ones
    they are wide.

    Parameters
    ----------
    theta, offset
        θ and a, real.
    mean
        Of X.
    integrands
        What is integrated.
    accuracy
        L: for exact parameters the errors are about e^{−L}.
    """
    slope, reach = _float_above(theta), _float_above(mean)
    strip = min(_OPEN * math.pi / (2 * slope), math.sqrt(2 * accuracy) + 1) if slope else math.sqrt(2 * accuracy) + 1

    def loss(strips: Floats, _: Floats) -> Floats:
        cosine: Floats = np.cos(np.minimum(strips * slope, 1.57))
        result: Floats = strips**2 / 2 - 3 * np.log(cosine) + 3 * math.log(2 + reach)
        return result

    step, half_strip, _ = widest_step(accuracy, loss, strip)
    # A dyadic step with few bits makes nodes exact.
    step = math.ldexp(math.floor(math.ldexp(step, 8)), -8) if step > 2**-5 else step
    count = math.ceil(math.sqrt(2 * accuracy + 6 * math.log(3 + reach)) / step) + 1
    if count > MAX_NODES:
        raise CannotAnswerError(f"a slope of about {slope:.3g} is too steep for the quadrature")
    weights = _normal_weights(step, count, flint.ctx.prec)
    sums = [flint.arb(0)] * len(integrands)
    for index, weight in weights.items():
        values = _values(theta, offset, mean + index * flint.arb(step), integrands)
        sums = [total + weight * value for total, value in zip(sums, values, strict=True)]
    cut = flint.arb(step) * (count + 1)
    result = []
    for total, integrand in zip(sums, integrands, strict=True):
        edge = _strip_bound(integrand, theta, offset, mean, flint.arb(half_strip))
        error = discretisation_error(edge, half_strip, flint.arb(step))
        error += _tail(integrand, theta, offset, mean, cut, flint.arb(step))
        result.append(total + flint.arb(0, error.upper()))
    return result


def tanh_over(value: flint.arb) -> flint.arb:
    """Enclose tanh over a ball, by its ends where the ball is wide."""
    if value.rel_one_accuracy_bits() > _WIDE_BITS:
        return value.tanh()
    return value.lower().tanh().union(value.upper().tanh())


@lru_cache(maxsize=256)
def _normal_weights(step: float, count: int, bits: int) -> Mapping[int, flint.arb]:
    """Step times the standard normal density at the nodes; `bits` is the precision in force."""
    scale = flint.arb(step) / (2 * flint.arb.pi()).sqrt()
    half = [scale * (-((index * flint.arb(step)) ** 2) / 2).exp() for index in range(count + 1)]
    return {index: half[abs(index)] for index in range(-count, count + 1)}


def _values(theta: flint.arb, offset: flint.arb, x: flint.arb, integrands: Sequence[Integrand]) -> list[flint.arb]:
    argument = theta * x + offset
    wide = argument.rel_one_accuracy_bits() <= _WIDE_BITS
    tanh = tanh_over(argument)
    sech: flint.arb | None = None
    result = []
    for integrand in integrands:
        if integrand.log_cosh:
            result.append(_log_cosh(argument, wide=wide))
            continue
        value = power(x, integrand.x)
        if integrand.tanh:
            value *= tanh
        if integrand.sech:
            if sech is None:
                sech = _sech_square(argument, wide=wide)
            value *= sech
        result.append(value)
    return result


def power(value: flint.arb, exponent: int) -> flint.arb:
    """Return a small power of a ball, which contains that of every number in it, also where 0 is among them."""
    if exponent == 0:
        return flint.arb(1)
    if value.is_exact() or value.rel_accuracy_bits() > _WIDE_BITS or exponent == 1:
        result = value
        for _ in range(exponent - 1):
            result *= value
        return result
    ends = power(value.lower(), exponent).union(power(value.upper(), exponent))
    return ends.union(flint.arb(0)) if exponent % 2 == 0 and value.contains(0) else ends


def _sech_square(argument: flint.arb, *, wide: bool) -> flint.arb:
    if not wide:
        sech = argument.sech()
        return sech * sech
    ends = [_sech_square(end, wide=False) for end in (argument.lower(), argument.upper())]
    hull = ends[0].union(ends[1])
    return hull.union(flint.arb(1)) if argument.contains(0) else hull


def _log_cosh(argument: flint.arb, *, wide: bool) -> flint.arb:
    if not wide:
        # |u| + log(1 + e^{−2|u|}) − log 2 loses nothing for large u; either sign gives the same where u may be 0.
        size = argument if argument.mid() >= 0 else -argument
        return size + (-2 * size).exp().log1p() - flint.arb(2).log()
    hull = _log_cosh(argument.lower(), wide=False).union(_log_cosh(argument.upper(), wide=False))
    return hull.union(flint.arb(0)) if argument.contains(0) else hull


def _strip_bound(
    integrand: Integrand, theta: flint.arb, offset: flint.arb, mean: flint.arb, strip: flint.arb
) -> flint.arb:
    """Bound ∫ |g(x + iy)| |φ(x + iy − mean)| dx for all |y| ≤ strip."""
    angle = abs(theta) * strip
    secant = (1 / angle.cos()).upper()
    gaussian = (strip * strip / 2).exp()
    if integrand.log_cosh:
        factor = abs(theta) + abs(offset) + secant.log() + angle
        return (gaussian * factor * (1 + abs(mean) + _LARGEST_NORM)).upper()
    factor = secant ** (integrand.tanh + 2 * integrand.sech)
    return (gaussian * factor * (abs(mean) + strip + _LARGEST_NORM) ** integrand.x).upper()


def _tail(
    integrand: Integrand, theta: flint.arb, offset: flint.arb, mean: flint.arb, cut: flint.arb, step: flint.arb
) -> flint.arb:
    """Bound the nodes at `cut` and beyond, on both sides, step included."""
    factor, base = (abs(theta) + abs(offset), 1) if integrand.log_cosh else (flint.arb(1), 0)
    start = (base + abs(mean) + cut).upper()
    rate = cut - integrand.growth / start
    if not rate > 0:
        return flint.arb.pos_inf()
    density = (-cut * cut / 2).exp() / (2 * flint.arb.pi()).sqrt()
    return (2 * factor * start**integrand.growth * density * (step + 1 / rate)).upper()


def _float_above(value: flint.arb) -> float:
    """A number not much below |value|; it only chooses steps."""
    return float(abs(value).upper())
