"""E log S by one Gaussian integral for each direction, and of two components moments of the posterior (T10)."""

import math
from functools import reduce
from itertools import product

from flint import acb, arb

from .outcomes import MAX_NODES, UNDECIDED, require

ANGLE = 1.4
"""Half the width of the strip in which integrands are bounded: below π/2; a choice, as steps and nodes are."""


def tensor_rule(weights, rows, goal, n=0):
    """Return E log S, S = Σ π_j e^{y_j}, y_j = Σ_d rows_dj Z_d; or of two components the n-th moment of γ̂_1.

    The trapezoidal rule in each direction (T3); with error about e^(−goal).
    """
    count = len(rows)
    size = reduce(arb.max, [abs(y) for row in rows for y in row])
    width = arb(min(math.sqrt(2 * goal), ANGLE / float(size.upper())))
    reach = arb(math.sqrt(2 * goal + 4 * count))
    step = 2 * math.pi * width / (goal + width * width / 2)
    cosine = (width * size).cos()
    # Beyond the reach γ̂ is at most 1, and |log S| at most |z| Σ_d max_j |rows_dj|.
    tail = ((count - reach**2) / 2).exp() * (reach**2 / count) ** (arb(count) / 2)
    tail *= 1 if n else reach * count * size
    most = cosine**-n if n else count * size + width * size - cosine.log()
    rule = count * 2 * (width * width / 2).exp() * most / (2 * arb.pi() * width / step).expm1()
    end = int(float(reach / step)) + 1
    require((2 * end + 1) ** count * len(weights) < 4 * MAX_NODES, "points with so many nodes", UNDECIDED)
    masses = [step / (2 * arb.pi()).sqrt() * (-((step * i) ** 2) / 2).exp() for i in range(end + 1)]
    powers = [[(step * y).exp() for y in row] for row in rows]
    axes = [[(masses[abs(i)], *(x**i for x in each)) for i in range(-end, end + 1)] for each in powers]
    total = arb(0)
    for node in product(*axes):
        mass, *terms = map(math.prod, zip((1, *weights), *node, strict=True))
        value = (acb(terms[0] - terms[1]) / sum(terms)) ** n if n else acb(sum(terms)).log()
        total += mass * value.real
    return total + arb(0, ((tail + rule) * (1 + step / 2) ** count).abs_upper())
