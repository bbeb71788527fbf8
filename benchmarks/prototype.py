"""An Arb program for KL and β_m at a regular simplex without a single error bound: how fast the method itself is.

Steps and ranges come from simple formulas, and nobody adds what they leave out. It is right only because it was tried
beside certified values.
"""

import math
from fractions import Fraction

import flint

from benchmarks.peers import centre
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case

STRIP = 1.45


def divergence(case: Case, digits: int) -> Fraction:
    """KL = (σ² − s²/k)/2 − ∫ (E exp(−e^u T) − Π_j ψ(u + log π_j)) du."""
    accuracy = (digits + 1) * math.log(10)
    with arb_precision(math.ceil(accuracy / math.log(2)) + 40):
        s = _real(case.squared_radius * case.k / (case.k - 1)).sqrt()
        counts = {weight: len(members) for weight, members in case.classes.items()}
        spread = float(s)
        variance = (_real(sum(n * w**2 for w, n in counts.items())) * (s * s).expm1()).log1p()
        mu = (s * s - variance) / 2
        shift = min(1.0, spread * math.sqrt(accuracy / case.k))
        step = 2 * math.pi * (STRIP + shift) / (accuracy + case.k * shift**2 / (2 * spread**2))
        left = accuracy / 3 + 1.5 * spread**2
        right = spread * math.sqrt(2 * accuracy) + math.log(accuracy) - math.log(float(max(counts)))
        nodes = (-math.ceil(left / step), math.ceil((left + right) / step))
        total = [flint.arb(1)] * nodes[1]
        for weight, count in counts.items():
            table = _laplace(_real(weight), s, step, *nodes, accuracy)
            total = [a * b**count for a, b in zip(total, table, strict=True)]
        reference = _laplace(mu.exp(), variance.sqrt(), step, *nodes, accuracy)
        difference = sum(reference, flint.arb(0)) - sum(total, flint.arb(0))
        return centre((variance - s * s / case.k) / 2 - flint.arb(step) * difference)


def _laplace(scale: flint.arb, s: flint.arb, outer: float, first: int, count: int, accuracy: float) -> list[flint.arb]:
    """E exp(−scale·e^{u + sZ}) on the outer nodes, from one table of exponentials and products of polynomials."""
    spread = float(s)
    widest = 2 * math.pi * STRIP / (accuracy + STRIP**2 / (2 * spread**2))
    stride = max(1, math.ceil(outer / widest))
    step = flint.arb(outer) / stride
    reach = math.ceil(spread * math.sqrt(2 * accuracy) / float(step))
    ratio = step / s
    norm = ratio * (2 * flint.arb.pi()).rsqrt()
    half = [norm * (-((j * ratio) ** 2) / 2).exp() for j in range(reach + 1)]
    weights = half[:0:-1] + half
    x, growth, values = scale * ((first * stride - reach) * step).exp(), step.exp(), []
    for _ in range((count - 1) * stride + len(weights)):
        if x > accuracy:
            break
        values.append((-x).exp())
        x *= growth
    result = [flint.arb(0)] * count
    for phase in range(stride):
        kernel = weights[phase::stride][::-1]
        product = (flint.arb_poly(kernel) * flint.arb_poly(values[phase::stride])).coeffs()[len(kernel) - 1 :]
        for i, value in enumerate(product[:count]):
            result[i] += value
    return result


def _real(value: Fraction) -> flint.arb:
    return flint.arb(flint.fmpq(value.numerator, value.denominator))
