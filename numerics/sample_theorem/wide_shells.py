"""Rates of shells for any number of components: what holds of exponential moments for all orthogonal maps.

log E e^{⟨m_g(X) − M(g), h⟩} ≤ ‖h‖²(1 + ‖g‖²)/2, and of M(g) = Cg it is known that 0 ⪯ C ⪯ p and ⟨g, Cg⟩ ≤ q‖g‖²
(derivation `sample-moments`). So the rate of a vertex depends on its norm and its angle to g alone, and falls as the
angle grows. The faces of a cube around 0, cut into m^{D−1} cubes each, make the cells: all vertices of one are within
the angle φ of its middle, sin φ = √(D − 1)/m.
"""

import math
from fractions import Fraction
from functools import lru_cache

import flint

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.simplex_point.contraction_bound import factor_ball
from emtheory.numerics.simplex_point.spectrum import smallest_squared_modulus
from emtheory.numerics.weights import Weights

_GRAIN = 1 << 40
"""σ² is rounded to multiples of one over this, …"""
_BITS = 80
"""… from so many bits."""
WIDTH = Fraction(1, 50)
"""Shells of thinner layers are so thick at least."""


@lru_cache(maxsize=256)
def _rounded_gap(weights: Weights) -> Fraction:
    """About σ²."""
    with arb_precision(_BITS):
        value = smallest_squared_modulus(weights).ball().mid().fmpq() * _GRAIN + flint.fmpq(1, 2)
        return Fraction(int(value.floor()), _GRAIN)


def wide_curvature(weights: Weights, radius: Fraction) -> Fraction:
    """Return about what 1 − ⟨u, M(ru)⟩/r is at least; it only decides how fine cells are."""
    square = radius**2
    return max(_rounded_gap(weights) / (1 + square), square / (len(weights) - 1 + 2 * square))


def wide_rates(weights: Weights, inner: Fraction, outer: Fraction) -> list[tuple[int, flint.arb, flint.arb]]:
    """Return, for the vertices at both ends of layers, their number, a rate I, and L: a shorter step c loses cL.

    All layers are alike but for their size: of M(g) and ‖g‖ it is used what holds in all of them, of the size that of
    the innermost.
    """
    about, dimension, whole = wide_curvature(weights, outer), len(weights) - 1, outer / inner - 1
    thickness = about / 16
    layers = math.ceil(whole * (1 + thickness) / thickness)  # log(1 + x) is between x/(1 + x) and x
    if whole <= 2 * thickness:
        thickness, layers = whole, 1
    parts = math.isqrt(math.ceil(625 * (dimension - 1) / about**3)) + 1
    count = layers * dimension * 2**dimension * parts ** (dimension - 1)
    sine = flint.arb(dimension - 1).sqrt() / parts
    cosine = (1 - sine * sine).sqrt()
    farthest = outer * (1 + about / 5)
    near, far = (flint.arb(to_fmpq(r)) for r in (inner * (1 + thickness) * (1 + about / 5), farthest))
    gap = smallest_squared_modulus(weights)
    lowest = factor_ball(dimension, farthest) * gap.ball() if gap.sign else flint.arb(0)
    most, along = 1 - lowest, 1 - lowest.max(near * near / (dimension + 2 * near * near))
    across = (along * (most - along)).max(flint.arb(0)).sqrt()
    variance = 1 + far * far
    found = []
    # Points of a cell's outer face lie within its vertices if these are farther out by 1/cos φ.
    for norm in (flint.arb(to_fmpq(inner)), to_fmpq(inner * (1 + thickness)) / cosine):
        radial, side = near - norm * cosine, norm * sine
        length = (radial * radial + side * side).sqrt()
        image = most * (length + radial) / 2
        if side * (2 * along - most) <= 2 * radial * across:
            image = image.min(radial * along + side * across)
        room = (norm * (near * cosine - norm) - near * image).max(flint.arb(0)) / length
        found.append((count, room * room / (2 * variance), room / variance))
    return found
