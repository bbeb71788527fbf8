"""Means of products of posterior probabilities, powers of x, and log-densities over a normal law, in balls.

The fit is Σ v_j N(θ_j, 1). Its posteriors are analytic where |Im x| (max θ − min θ) < π; the proof of the bounds is in
docs/error-bounds.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import mul

import flint

from emtheory.numerics.arithmetic.arb import power
from emtheory.numerics.arithmetic.normal_rule import LARGEST_NORM, cut_off, normal_rule
from emtheory.numerics.arithmetic.trapezoid import discretisation_error


@dataclass(frozen=True)
class Mixture:
    """Σ v_j N(θ_j, 1), as balls; of wide balls everything is enclosed over all of them.

    Attributes
    ----------
    weights, means
        v_j, not negative, and θ_j; of a fit the weights are positive.
    """

    weights: tuple[flint.arb, ...]
    means: tuple[flint.arb, ...]

    @property
    def half_range(self) -> flint.arb:
        """At least half the distance of the outermost means."""
        ends = [end for mean in self.means for end in (mean.lower(), mean.upper())]
        return (reduce(_larger, ends) - reduce(_smaller, ends)) / 2

    @property
    def middle(self) -> flint.arb:
        """At most the size of a number half way between the outermost means."""
        ends = [end for mean in self.means for end in (mean.lower(), mean.upper())]
        return abs(reduce(_larger, ends) + reduce(_smaller, ends)) / 2

    @property
    def largest(self) -> flint.arb:
        """At least max |θ_j|."""
        return reduce(_larger, [abs(mean).upper() for mean in self.means])

    @property
    def log_scale(self) -> flint.arb:
        """At least A with |log Σ v_j e^{θ_j x − θ_j²/2}| ≤ A(1 + |x|) for real x."""
        return (self.half_range + self.middle + self.largest * self.largest / 2).upper()


@dataclass(frozen=True)
class Integrand:
    """z^q Π γ_j Π (x − θ_i) over the components listed, z = x − E X; or z^q log Σ v_j e^{θ_j x − θ_j²/2}.

    Attributes
    ----------
    posteriors, deviations
        Indices of components, from 0, perhaps repeated: those of posteriors, and those of factors x − θ_i.
    z
        The exponent q; with the number of deviations it is at most 3.
    log
        Whether it is the logarithm; then nothing is listed, and q ≤ 2.
    """

    posteriors: tuple[int, ...] = ()
    deviations: tuple[int, ...] = ()
    z: int = 0
    log: bool = False

    @property
    def growth(self) -> int:
        """The power of |x| that it grows with at most."""
        return len(self.deviations) + self.z + self.log


def posterior_means(
    fit: Mixture, mean: flint.arb, integrands: Sequence[Integrand], accuracy: float
) -> dict[Integrand, flint.arb]:
    """Enclose E g(X), X ~ N(mean, 1), for several integrands g, at Arb's precision in force.

    Parameters
    ----------
    fit, mean
        Whose posteriors they are, and the mean of X.
    integrands
        What is integrated.
    accuracy
        L: for exact parameters the errors are about e^{−L}.
    """
    rule = normal_rule(accuracy, float(fit.half_range.upper()), float(abs(mean).upper()))
    step = flint.arb(rule.step)
    wanted = list(dict.fromkeys(integrands))
    sums = [flint.arb(0)] * len(wanted)
    for index, mass in rule.masses.items():
        z = index * step
        values = _values(fit, mean + z, z, wanted)
        sums = [total + mass * value for total, value in zip(sums, values, strict=True)]
    result = {}
    for total, integrand in zip(sums, wanted, strict=True):
        error = discretisation_error(
            _strip_bound(integrand, fit, mean, flint.arb(rule.half_strip)), rule.half_strip, step
        )
        error += _tail(integrand, fit, mean, rule.cut, step)
        result[integrand] = total + flint.arb(0, error.upper())
    return result


def posteriors(fit: Mixture, x: flint.arb) -> list[flint.arb]:
    """Enclose γ_j = 1/Σ_l (v_l/v_j) e^{(θ_l − θ_j)(x − (θ_l + θ_j)/2)} at x."""
    result = []
    for j, (weight, mean) in enumerate(zip(fit.weights, fit.means, strict=True)):
        odds = flint.arb(1)
        for index, (other, place) in enumerate(zip(fit.weights, fit.means, strict=True)):
            if index != j:
                odds += other / weight * ((place - mean) * (x - (place + mean) / 2)).exp()
        result.append(1 / odds)
    return result


def _values(fit: Mixture, x: flint.arb, z: flint.arb, integrands: Sequence[Integrand]) -> list[flint.arb]:
    gammas = posteriors(fit, x)
    deviations = [x - mean for mean in fit.means]
    result = []
    for integrand in integrands:
        value = power(z, integrand.z)
        if integrand.log:
            value *= _log_density(fit, x)
        value = reduce(mul, (gammas[index] for index in integrand.posteriors), value)
        value *= _product([deviations[index] for index in integrand.deviations])
        result.append(value)
    return result


def _product(factors: Sequence[flint.arb]) -> flint.arb:
    """Of two equal factors it is the square, which is not negative."""
    if len(factors) == 2 and factors[0] is factors[1]:
        return power(factors[0], 2)
    return reduce(mul, factors, flint.arb(1))


def _log_density(fit: Mixture, x: flint.arb) -> flint.arb:
    """log Σ v_j e^{θ_j x − θ_j²/2}, from the largest term, so that nothing overflows."""
    present = [(v, t) for v, t in zip(fit.weights, fit.means, strict=True) if not v.is_zero()]
    exponents = [mean * x - mean * mean / 2 for _, mean in present]
    largest = reduce(_larger, [exponent.mid() for exponent in exponents])
    total = sum(
        (weight * (exponent - largest).exp() for (weight, _), exponent in zip(present, exponents, strict=True)),
        start=flint.arb(0),
    )
    return largest + total.log()


def _strip_bound(integrand: Integrand, fit: Mixture, mean: flint.arb, strip: flint.arb) -> flint.arb:
    """Bound ∫ |g(x + iy)| |φ(x + iy − mean)| dx for all |y| ≤ strip."""
    angle = fit.half_range.upper() * strip
    secant = (1 / angle.cos()).upper()
    gaussian = (strip * strip / 2).exp()
    size = abs(mean) + strip + LARGEST_NORM
    if integrand.log:
        scale = fit.log_scale + secant.log() + angle
        return (gaussian * scale * (1 + size) ** integrand.growth).upper()
    return (gaussian * secant ** len(integrand.posteriors) * (fit.largest + size) ** integrand.growth).upper()


def _tail(integrand: Integrand, fit: Mixture, mean: flint.arb, cut: flint.arb, step: flint.arb) -> flint.arb:
    """Bound the nodes at `cut` and beyond, on both sides, step included."""
    scale, base = (fit.log_scale, flint.arb(1)) if integrand.log else (flint.arb(1), fit.largest)
    return cut_off(integrand.growth, scale, base + abs(mean), cut, step)


def _larger(first: flint.arb, second: flint.arb) -> flint.arb:
    return first if first >= second else second


def _smaller(first: flint.arb, second: flint.arb) -> flint.arb:
    return first if first <= second else second
