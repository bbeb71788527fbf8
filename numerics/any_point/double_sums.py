"""Sums over many nodes in double precision with a proved bound on their rounding errors.

Only + − × ÷ of IEEE 754 are used, each off by a relative u = 2^−53 at most. Products of matrices, where a library may
choose the order of summation or fuse it with the multiplication, sum over few nodes: n positive terms, in any order,
are off by nu at most. Underflow is not excluded: what it may do to a sum is below `UNDERFLOW`.

Errors of positive numbers are measured as ratios: x is off by a when its ratio to what it stands for lies in
[e^−a, e^a]. Then those of products and quotients add up, a sum is off by no more than its worst term, and nothing of
second order is left out, however large the errors are.
"""

import math
from dataclasses import dataclass

import flint
import numpy as np
import numpy.typing as npt

from emtheory.numerics.any_point.tensor_rule import Axis

Floats = npt.NDArray[np.float64]

UNIT = 2.0**-53
"""u, the largest relative error of one operation rounded to nearest in IEEE 754's double precision."""
_ROUNDING = UNIT * (1 + 2 * UNIT)
"""By how much one operation is off: at least −log(1 − u) = u + u²/2 + …; a double."""
_LARGEST_ERROR = 0.99
"""Entries that are further off tell nothing, and their products might overflow though those of the balls do not."""
UNDERFLOW = 2.0**-900
"""Bounds a product of 2^100 terms, each off by some units of 2^−1074 and multiplied by at most 1."""

_LOG_TERMS = 11
"""Of the series in t², after the first: what follows them is below 0.01u relative to it, as the bound in `logarithm`
says; with nine terms it would be 0.2u."""
_RUN = 32
"""Nodes that one product of matrices sums over: in whatever order it adds, it is off by at most so many u."""
_LOGARITHM = 4.01 * UNIT
"""`logarithm` is off by at most 4u(1 + |log|), so by at most this times 1 + its value."""


@dataclass(frozen=True, eq=False)
class RoundedAxes:
    """Axes of doubles and by how much their entries are off, as a ratio: a proved bound, perhaps infinite."""

    axes: tuple[Axis, ...]
    error: flint.arb


def round_axes(axes: list[Axis]) -> RoundedAxes:
    """Round axes of balls to doubles; the error is infinite if one of the balls is not told from zero."""
    worst = flint.arb(0)
    rounded = []
    for axis in axes:
        mass, factors = axis.mass.astype(float), axis.factors.astype(float)
        for exact, double in ((axis.mass, mass), (axis.factors, factors)):
            for d, e in zip(double.flat, exact.flat, strict=True):
                # Arb's maximum keeps what is not a number; Python's drops it.
                worst = worst.max(abs(flint.arb(d) / e - 1).upper())
        rounded.append(Axis(axis.squares, mass, factors))
    return RoundedAxes(tuple(rounded), as_ratio(worst).upper())


def as_ratio(relative: flint.arb) -> flint.arb:
    """Return the largest |log| of a ratio that differs from 1 by no more than `relative`."""
    return -(1 - relative).log() if relative < _LARGEST_ERROR else flint.arb.pos_inf()


def pairwise_sum(values: Floats) -> Floats:
    """Sum along the first axis by halving: the relative error for terms of one sign is at most `depth`·u."""
    while (count := len(values)) > 1:
        half = count // 2
        folded = values[: count - half].copy()
        folded[:half] += values[count - half :]
        values = folded
    total: Floats = values[0]
    return total


def depth(count: int) -> int:
    """Number of additions that each term of `pairwise_sum` goes through."""
    return math.ceil(math.log2(count)) if count > 1 else 0


def logarithm(values: Floats) -> Floats:
    """Natural logarithm of positive normal doubles with an error of at most 4u(1 + |log|).

    x = f·2^e with f in [√½, √2), t = (f − 1)/(f + 1), |t| < 0.1716, log f = 2t(1 + t²/3 + … ). f − 1 is exact
    (Sterbenz), so t is off by 2u; the terms after the first are below 0.0101 and off by 10u of it; what is left out is
    below 0.01u. So 2t(1 + …) is off by 6u·0.35, e·log 2 by 2u and the sum by u: at most 3u|log| + 3u.
    """
    fractions, exponents = np.frexp(values)
    low = fractions < math.sqrt(0.5)
    np.ldexp(fractions, low, out=fractions)
    t = fractions - 1
    t /= np.add(fractions, 1, out=fractions)
    square = np.multiply(t, t, out=fractions)
    series = np.full_like(t, 1 / (2 * _LOG_TERMS + 1))
    for i in range(_LOG_TERMS - 1, -1, -1):  # in place, which is a good deal faster
        series *= square
        series += 1 / (2 * i + 1)
    series *= 2 * t
    series += (exponents - low) * math.log(2)
    return series


def gram_sum(rounded: RoundedAxes, mass: Floats, monomials: Floats, degree: int) -> flint.arb_mat:
    """Σ mass·monomial·monomial over a block's nodes for all pairs, with the rounding of everything included.

    The shapes are (nodes,) and (monomials, nodes), and a monomial is a product of degree/2 posteriors. With n axes off
    by e, e^{y_j} is off by ne + (n − 1)u, the sum of k of them by (k − 1)u more, so γ by 2ne + (2n + k − 2)u. All terms
    are positive: the sum of their products is off by as much as one of these.
    """
    n, k = len(rounded.axes), len(rounded.axes[0].factors)
    count = len(mass) // _RUN
    operations = degree * (2 * n + k - 1) + n + _RUN + depth(count + 1)
    ratio = (degree * 2 * n + n) * rounded.error + operations * _ROUNDING
    weighted, whole = monomials * mass, count * _RUN
    left, right = (part[:, :whole].reshape(len(part), count, _RUN) for part in (weighted, monomials))
    rest = weighted[:, whole:] @ monomials[:, whole:].T
    products = left.transpose(1, 0, 2) @ right.transpose(1, 2, 0)
    sums = pairwise_sum(np.concatenate([products, rest[np.newaxis]]))
    ball = flint.arb(1, ratio.expm1().upper())
    return flint.arb_mat([[flint.arb(value, UNDERFLOW) * ball for value in row] for row in sums.tolist()])


def logarithm_sum(rounded: RoundedAxes, mass: Floats, joint: Floats) -> tuple[float, flint.arb]:
    """Return Σ mass·log Σ_j joint_j over the nodes of a block, and a bound on all its rounding errors.

    The shapes are (nodes,) and (k, nodes), a joint being π_j e^{y_j}. The sum over j is off by ne + (n + k − 2)u and
    its logarithm by as much, absolutely; computing that adds 4u(1 + |log|). The mass is off by ne + (n − 1)u, a product
    with it by u more, and adding up m positive numbers by `depth`·u. With M the sum of the masses, T that of the
    |mass·log|, and masses that stand for at most e^a times themselves, the error is at most e^a(ne + (n + k − 2)u +
    4u)M + (e^a(1 + 4u) − 1)T, to which rounding of the terms and of their sum adds (e^{(depth + 1)u} − 1)T.
    """
    n, k = len(rounded.axes), len(joint)
    terms = mass * logarithm(joint.sum(axis=0))
    adding = (flint.arb(depth(len(mass)) + 1) * _ROUNDING).exp()
    masses, sizes = (adding * float(pairwise_sum(part)) for part in (mass, np.abs(terms)))
    growth = (n * rounded.error + (n - 1) * _ROUNDING).exp()
    sums = n * rounded.error + (n + k - 2) * _ROUNDING
    error = growth * (sums + _LOGARITHM) * masses + (growth * (1 + _LOGARITHM) + adding - 2) * sizes
    return float(pairwise_sum(terms)), error.upper() + UNDERFLOW
