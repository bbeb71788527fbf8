"""Guesses of integrals about two components on a piece of the domain, as CoqInterval's enclosures of them come out."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from emtheory.reports.kernel.points.cells import Box, Pair, Problem, weight_ends
from emtheory.reports.language.expression import Comparison, Expression

REACH = 8
"""Integrals are proved between −8 and 8; what lies beyond is below 1e-14, and bounded by a lemma."""
TAIL = Fraction(1, 10**11)
"""More than what lies beyond `REACH`, 2(A/T + B) φ(T) with A = r²/2 and B = r at most, up to `MAX_RADIUS`."""
MAX_RADIUS = 100
"""Of what is exported: see `TAIL`."""

_SLACKS = tuple(Fraction(1, 10**n) for n in range(1, 9))
"""How much weaker than the guess a bound may be made: the weakest that suffices is the quickest to prove."""
_SHARE = 8
"""Halving a piece is worth more than a bound that is sharper than this share of its width."""
_GRID: NDArray[np.float64] = np.linspace(-REACH, REACH, 1601)
"""Where integrands are looked at."""
_MASS = np.exp(-_GRID * _GRID / 2) * (_GRID[1] - _GRID[0]) / np.sqrt(2 * np.pi)


def power_range(odds: Pair, radius: Pair) -> Pair:
    """Guess the range of ∫ (1 − 2/(1 + q e^{2rx}))² φ(x) dx over q > 0 and r ≥ 0, each taken apart at every x."""
    exponents = 2 * np.outer(radius, _GRID)
    lowest, highest = odds[0] * np.exp(exponents.min(0)), odds[1] * np.exp(exponents.max(0))
    ends = np.abs([1 - 2 / (1 + lowest), 1 - 2 / (1 + highest)])
    least = np.where((lowest < 1) & (highest > 1), 0, ends.min(0))
    return float((least**2 * _MASS).sum()), float((ends.max(0) ** 2 * _MASS).sum())


def divergence_range(odds: Pair, radius: Pair) -> Pair:
    """Guess the range of ∫ (r²/2 − log(w e^{rx} + v e^{−rx})) φ(x) dx, q = w/v, every occurrence of r and w apart."""
    products = np.outer(radius, _GRID)
    low, high = products.min(0), products.max(0)
    first, second = [odd / (1 + odd) for odd in odds], [1 / (1 + odd) for odd in odds]
    least = first[0] * np.exp(low) + second[1] * np.exp(-high)
    most = first[1] * np.exp(high) + second[0] * np.exp(-low)
    squares = [end * end / 2 for end in radius]
    return float(((squares[0] - np.log(most)) * _MASS).sum()), float(((squares[1] - np.log(least)) * _MASS).sum())


RANGES: Mapping[str, Callable[[Pair, Pair], Pair]] = {"posterior_power": power_range, "kl_divergence": divergence_range}
"""The quantities that are exported for two components."""


def line_problem(
    comparison: Comparison, quantities: Sequence[str], weight: Expression, symbols: Mapping[str, Fraction]
) -> Problem:
    """Return the problem of a statement about two components: quantities of `RANGES`, the weight of the first."""

    def guess(box: Box) -> dict[str, Pair]:
        low, high = weight_ends(weight, box, symbols)
        odds = (float(low / (1 - low)), float(high / (1 - high)))
        first, last = (symbols["radius"],) * 2 if "radius" in symbols else box["radius"]
        with np.errstate(over="ignore"):
            return {name: RANGES[name](odds, (float(first), float(last))) for name in quantities}

    return Problem(comparison, symbols, guess, _SLACKS, _SHARE, TAIL)
