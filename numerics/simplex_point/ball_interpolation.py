"""D_n between the nodes of a lattice, by Lagrange interpolation with a proved error: one table serves all weights.

D_n is entire, and |D_n(u + iv)| ≤ e^{b²/(2s²)} (n/(e cos a))^n for |v| ≤ a + b, a < π/2 (docs/error-bounds.md, sections
2 and 3). By Cauchy |D_n^{(m)}|/m! is at most that over (a + b)^m. With 2q nodes h apart and u between the two in the
middle, or at most h/8 outside, Π|u − t_l| ≤ h^{2q} ((1/2)(3/2)⋯(q − 1/2))², so the error is at most the product of the
two for m = 2q.
"""

import math

import flint

from emtheory.numerics.simplex_point.ball_inner import supremum

PHASE = 1.4
"""a: below π/2, since the bound loses powers of its cosine."""


def shift(deviation: float, half: int) -> float:
    """Return the b for which the bound is smallest: 2q/(a + b) = b/s²."""
    return (math.sqrt(PHASE**2 + 8 * half * deviation**2) - PHASE) / 2


def half_width(deviation: float, step: float, accuracy: float, degree: int) -> int | None:
    """Return the least q with errors up to D_degree of about e^{−accuracy}, or None if it takes too many nodes."""
    loss = degree * math.log(max(degree, 1) / (math.e * math.cos(PHASE)))
    product = 0.0
    for half in range(1, math.ceil(accuracy)):
        product += 2 * math.log(step * (half - 0.5))
        b = shift(deviation, half)
        if loss + b**2 / (2 * deviation**2) + product - 2 * half * math.log(PHASE + b) < -accuracy:
            return half
    return None


def interpolation_error(s: flint.arb, step: flint.arb, half: int, n: int) -> flint.arb:
    """Bound the error for D_n at every point at most an eighth of a step outside of the two nodes in the middle.

    There are q nodes (`half`) on each side, and s may be a wide ball.
    """
    a, b = flint.arb(PHASE), flint.arb(shift(float(s.mid()), half))
    odd = flint.fmpz(math.prod(range(1, 2 * half, 2)))  # 2^q (1/2)(3/2)⋯(q − 1/2)
    product = (odd * (step / 2 / (a + b)) ** half) ** 2
    return ((b / s) ** 2 / 2).exp() * supremum(n) / a.cos() ** n * product


def lagrange_weights(position: flint.arb, half: int) -> list[flint.arb]:
    """Return the weights of values at −q + 1, …, q for the interpolating polynomial's value at a position.

    It lies between −1/8 and 9/8, in units of the step; elsewhere nothing is known of the error, nor of the weights.
    """
    if not (position > -0.125 and position < 1.125):
        return [flint.arb(0, flint.arb.pos_inf())] * (2 * half)
    nodes = range(1 - half, half + 1)
    below, above = [flint.arb(1)], [flint.arb(1)]
    for node in nodes:
        below.append(below[-1] * (position - node))
    for node in reversed(nodes):
        above.append(above[-1] * (position - node))
    count = 2 * half
    sizes = [flint.fmpz(1)]
    for i in range(1, count):
        sizes.append(sizes[-1] * i)
    return [
        below[i] * above[count - 1 - i] / ((-1) ** (count - 1 - i) * sizes[i] * sizes[count - 1 - i])
        for i in range(count)
    ]
