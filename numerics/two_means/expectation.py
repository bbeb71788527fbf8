"""Expectations of functions of x, tanh(θx + a) and log cosh(θx + a) over a normal law, in balls with proved errors.

The functions are analytic where |Im θx| < π/2, so the trapezoidal rule converges geometrically. The proof of both
errors, of the step and of what is cut off, is in docs/error-bounds.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import flint

from emtheory.numerics.arithmetic.arb import WIDE_BITS, power
from emtheory.numerics.arithmetic.normal_rule import LARGEST_NORM, cut_off, normal_rule
from emtheory.numerics.arithmetic.trapezoid import discretisation_error


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
    rule = normal_rule(accuracy, _float_above(theta), _float_above(mean))
    step = flint.arb(rule.step)
    sums = [flint.arb(0)] * len(integrands)
    for index, weight in rule.masses.items():
        values = _values(theta, offset, mean + index * step, integrands)
        sums = [total + weight * value for total, value in zip(sums, values, strict=True)]
    result = []
    for total, integrand in zip(sums, integrands, strict=True):
        edge = _strip_bound(integrand, theta, offset, mean, flint.arb(rule.half_strip))
        error = discretisation_error(edge, rule.half_strip, step)
        error += _tail(integrand, theta, offset, mean, rule.cut, step)
        result.append(total + flint.arb(0, error.upper()))
    return result


def tanh_over(value: flint.arb) -> flint.arb:
    """Enclose tanh over a ball, by its ends where the ball is wide."""
    if value.rel_one_accuracy_bits() > WIDE_BITS:
        return value.tanh()
    return value.lower().tanh().union(value.upper().tanh())


def _values(theta: flint.arb, offset: flint.arb, x: flint.arb, integrands: Sequence[Integrand]) -> list[flint.arb]:
    argument = theta * x + offset
    wide = argument.rel_one_accuracy_bits() <= WIDE_BITS
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
        return (gaussian * factor * (1 + abs(mean) + LARGEST_NORM)).upper()
    factor = secant ** (integrand.tanh + 2 * integrand.sech)
    return (gaussian * factor * (abs(mean) + strip + LARGEST_NORM) ** integrand.x).upper()


def _tail(
    integrand: Integrand, theta: flint.arb, offset: flint.arb, mean: flint.arb, cut: flint.arb, step: flint.arb
) -> flint.arb:
    """Bound the nodes at `cut` and beyond, on both sides, step included."""
    scale, base = (abs(theta) + abs(offset), 1) if integrand.log_cosh else (flint.arb(1), 0)
    return cut_off(integrand.growth, scale, base + abs(mean), cut, step)


def _float_above(value: flint.arb) -> float:
    """A number not much below |value|; it only chooses steps."""
    return float(abs(value).upper())
