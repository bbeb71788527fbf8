"""How far from the origin of the simplex ray, where models in log s² end, what is expanded in x = s² keeps its sign."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import flint

_SHORTEST = -1200
"""Binary logarithm of the smallest x that is tried: below 10^{−250} = 2^{−830}, where quadrature is no longer planned
for."""
_PIECES = 4
"""In which an octave of x is looked at: fewer overestimate more and end earlier, more only help near the end."""


def reach(is_positive: Callable[[flint.arb, flint.arb], bool]) -> flint.arb:
    """Return an x ≤ 1 up to which something is certainly positive; 0 if none is found.

    It is asked whether it is on [left, right], first on [0, 2^e] and then on each [2^e, 2^{e+1}] in pieces: what is
    positive at the origin, but only just, may later be so for another reason.
    """
    zero, two = flint.arb(0), flint.arb(2)
    exponent = next((e for e in range(0, _SHORTEST, -1) if is_positive(zero, two**e)), None)
    if exponent is None:
        return zero
    end = two**exponent
    while end < 1:
        places = [end * (1 + flint.arb(i) / _PIECES) for i in range(_PIECES + 1)]
        failed = next((left for left, right in pairwise(places) if not is_positive(left, right)), None)
        if failed is not None:
            return failed
        end = 2 * end
    return end


def positive_up_to(coefficients: Sequence[flint.arb], remainder: flint.arb) -> flint.arb:
    """Return an x ≤ 1 such that Σ_{i<n} c_i y^i + ρy^n > 0 for 0 ≤ y ≤ x and |ρ| ≤ `remainder`; 0 if none is found.

    Interval evaluation by Horner's rule proves it. A positive c_0 may be tiny and the slope unknown: what matters then
    is the first coefficient that is certainly positive, and c_i is at least what it stands for needs.
    """
    terms = [*coefficients, flint.arb(0, remainder.upper())]

    def is_positive(left: flint.arb, right: flint.arb) -> bool:
        span, value = left.union(right), flint.arb(0)
        for term in reversed(terms):
            value = term + span * value
        return bool(value > 0)

    return reach(is_positive) if terms[0] > 0 else flint.arb(0)
