"""The map of two means near s = θ/v = 0, as exact polynomials in the other variables and a rest in balls.

With tanh(u + z) = Σ Q_n(tanh u) zⁿ, where Q_0(T) = T and (n + 1)Q_{n+1} = (1 − T²)Q_n′, M(θ) = Σ m_n sⁿ with
m_n = Q_n(2W − 1) E X^{n+1}. What is left after n terms is sⁿE[X^{n+1} Q_n(tanh(ξX + a))], ξ between 0 and s (Lagrange).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint

from emtheory.numerics.algebra.polynomial import from_flint
from emtheory.numerics.arithmetic.arb import WIDE_BITS, power, to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.rule import choose_rule, line_errors, masses, tail_moments
from emtheory.numerics.family import Expansion

Factors = Mapping[str, tuple[Fraction, ...]]
"""Variable → the coefficients of a polynomial in it, the constant one first; what is meant is their product."""

_GROWTH = 2.0
"""What a further power of x adds to the accuracy asked of the quadrature, a choice: its errors are bounded."""


def expansions() -> Iterator[Expansion]:
    """Yield what is known of the family's quantities near θ = 0."""
    unit, centred = (("fit_variance", Fraction(1)),), (("separation", Fraction(0)),)
    yield Expansion("em_map", "theta", em_map_coefficients, em_map_rest, divisor="fit_variance")
    yield Expansion("em_map_derivative", "theta", em_map_derivative_coefficients, em_map_derivative_rest, (unit,))
    yield Expansion("kl_divergence", "theta", kl_divergence_coefficients, kl_divergence_rest, (centred, unit))


def em_map_coefficients(count: int) -> tuple[Factors, ...]:
    """Return m_0, …, m_{count−1}."""
    return tuple(_coefficient(n) for n in range(count))


def em_map_rest(balls: Mapping[str, Any], accuracy: float, count: int) -> flint.arb:
    """Enclose (M(θ) − Σ_{n<count} m_n sⁿ)/s^count for balls of the variables, that of θ containing 0."""
    return _mean(balls, count, accuracy)


def em_map_derivative_coefficients(count: int) -> tuple[Factors, ...]:
    """Return those of M′ where v = 1, (n + 1)m_{n+1}, as `em_map_coefficients`."""
    return tuple(_scaled(_coefficient(n + 1), Fraction(n + 1)) for n in range(count))


def em_map_derivative_rest(balls: Mapping[str, Any], accuracy: float, count: int) -> flint.arb:
    """Enclose what is left of M′, divided by θ^count."""
    return (count + 1) * _mean(balls, count + 1, accuracy)


def kl_divergence_coefficients(count: int) -> tuple[Factors, ...]:
    """Return those of KL for data N(0, 1) and v = 1: its derivative is θ − M(θ), and at 0 it vanishes."""
    found: list[Factors] = [{"fit_weight": (Fraction(0),)}]
    for n in range(1, count):
        (*terms,) = _coefficient(n - 1, Fraction(0))["fit_weight"]
        terms[0] -= int(n == 2)
        found.append({"fit_weight": tuple(-term / n for term in terms)})
    return tuple(found)


def kl_divergence_rest(balls: Mapping[str, Any], accuracy: float, count: int) -> flint.arb:
    """Enclose what is left of KL after at least three terms, divided by θ^count."""
    return -_mean(balls, count - 1, accuracy) / count


@lru_cache(maxsize=64)
def _tanh_coefficient(n: int) -> flint.fmpq_poly:
    """Q_n."""
    if n == 0:
        return flint.fmpq_poly([0, 1])
    return flint.fmpq_poly([1, 0, -1]) * _tanh_coefficient(n - 1).derivative() / n


def _moment(n: int) -> flint.fmpq_poly:
    """E(μ + Z)ⁿ, a polynomial in μ."""
    before, found = flint.fmpq_poly([0]), flint.fmpq_poly([1])
    for i in range(n):
        before, found = found, flint.fmpq_poly([0, 1]) * found + i * before
    return found


def _coefficient(n: int, separation: Fraction | None = None) -> Factors:
    """m_n; at a given μ it is a polynomial in W alone, if that is 0."""
    moment = _moment(n + 1)
    weight = _tanh_coefficient(n)(flint.fmpq_poly([-1, 2]))
    if separation is not None:
        return {"fit_weight": _terms(weight * moment(to_fmpq(separation)))}
    sides = {} if n % 2 else {"truth_weight": (Fraction(-1), Fraction(2))}
    return {"fit_weight": _terms(weight), "separation": _terms(moment), **sides}


def _scaled(factors: Factors, by: Fraction) -> Factors:
    return {**factors, "fit_weight": tuple(by * term for term in factors["fit_weight"])}


def _terms(polynomial: flint.fmpq_poly) -> tuple[Fraction, ...]:
    return tuple(map(from_flint, polynomial.coeffs())) or (Fraction(0),)


def _mean(p: Mapping[str, Any], n: int, accuracy: float) -> flint.arb:
    """E[X^{n+1} Q_n(tanh(sX + a))] over the data."""
    right, left = (_one_side(p, sign * p["separation"], n, accuracy) for sign in (1, -1))
    weight: flint.arb = p["truth_weight"]
    return weight * right + (1 - weight) * left


def _one_side(p: Mapping[str, Any], mean: flint.arb, n: int, accuracy: float) -> flint.arb:
    """The same for X ~ N(mean, 1), by the rule of docs/error-bounds.md, section 18: |tanh| ≤ sec(arc/2) there."""
    if not p["fit_variance"] > 0:
        raise CannotAnswerError("the variance of the fit is not told from 0")
    theta, offset = p["theta"] / p["fit_variance"], _offset(p["fit_weight"])
    slope = 2 * abs(theta).upper()
    rule = choose_rule(accuracy + _GROWTH * n, float(slope), n + 1)
    polynomial = flint.arb_poly(_tanh_coefficient(n))
    total = flint.arb(0)
    for index, mass in enumerate(masses(rule.step, rule.count, flint.ctx.prec), start=-rule.count):
        x = mean + index * flint.arb(rule.step)
        total += mass * power(x, n + 1) * polynomial(_increasing(flint.arb.tanh, theta * x + offset))
    arc = (slope * rule.half_strip).upper()
    largest = flint.arb_poly([abs(each) for each in polynomial.coeffs()])
    inside, beyond = largest(1 / (arc / 2).cos()), largest(flint.arb(1))
    parts = zip(line_errors(rule, arc, 0, n + 1), tail_moments(flint.arb(rule.cut), n + 1), strict=True)
    # |x|^{n+1} ≤ Σ_e C(n + 1, e) |mean|^{n+1−e} |z|^e.
    error = sum(
        (
            math.comb(n + 1, e) * abs(mean) ** (n + 1 - e) * (inside * line + beyond * tail)
            for e, (line, tail) in enumerate(parts)
        ),
        flint.arb(0),
    )
    return total + flint.arb(0, error.upper())


def _offset(weight: flint.arb) -> flint.arb:
    """½ log(W/(1 − W)), exactly 0 for 1/2; CannotAnswerError if W is not seen to be inside (0, 1)."""
    if not (weight > 0 and weight < 1):
        raise CannotAnswerError("a weight of the fit is not told from 0 or 1")
    if weight == flint.arb(1) / 2:
        return flint.arb(0)
    return _increasing(lambda w: (w / (1 - w)).log() / 2, weight)


def _increasing(function: Callable[[flint.arb], flint.arb], value: flint.arb) -> flint.arb:
    """Enclose an increasing function over a ball, by its ends where the ball is wide."""
    if value.rel_one_accuracy_bits() > WIDE_BITS:
        return function(value)
    return function(value.lower()).union(function(value.upper()))
