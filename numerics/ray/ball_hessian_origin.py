"""∇²ℓ on the simplex ray near the origin, by expansions in x = s² with proved remainders.

For c ≤ |π̂_m|² the matrix (∇²ℓ − c)/x is made of (β_m − |π̂_m|²)/x and t_mn, which are known for all x of an interval
from 0 on, and of (|π̂_m|² − c)/x, which is at least its value at the upper end (docs/error-bounds.md, section 12).

`reach` finds how far from there what is expanded keeps its sign.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise

import flint

from emtheory.numerics.arithmetic.algebraic import Algebraic, rational
from emtheory.numerics.arithmetic.arb import smallest, to_arb
from emtheory.numerics.arithmetic.eigenvalue import smallest_eigenvalue
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.moments import GivenMoments, Groups, frequency_groups, hessian_blocks, on_simplex
from emtheory.numerics.simplex_point.origin_expansion import (
    Expansion,
    coupling_expansion,
    expansion_value,
    power_expansion,
)
from emtheory.numerics.simplex_point.spectrum import squared_modulus

_ACCURACY = 60.0
"""L of eigenvalues, e^{−60} = 1e−26: only those nearer to zero are left without a sign."""
_LARGEST_SLOPE, _LEAST_COUPLING, _LARGEST_COUPLING = 1.5, -1.6875, 3.0
"""Of β_m in x, in modulus; and t_mn is between −27/16 and 3, everywhere (docs/error-bounds.md, section 12)."""
_ORDER = 4
"""Of the expansions of t_mn for uniform weights, where all else vanishes: the next one reaches hardly further, as its
remainder has grown. For other weights the first is enough; each takes several times as long as that before."""


def convex_up_to(case: Case, bound: Fraction) -> flint.arb:
    """Return an x up to which λ_min(∇²ℓ) exceeds a bound that is at most all |π̂_m|², the origin left out, or 0."""
    groups = frequency_groups(case)
    excess = _smallest_of(case, groups, rational(bound))
    return reach(lambda left, right: excess(left.union(right), right) > 0)


def smallest_slope(case: Case, groups: Groups) -> flint.arb:
    """Return a ball around the smallest eigenvalue of d(∇²ℓ)/dx at the origin on some groups of frequencies."""
    return _smallest_of(case, groups, None)(flint.arb(0), flint.arb(1))


def _smallest_of(case: Case, groups: Groups, bound: Algebraic | None) -> Callable[[flint.arb, flint.arb], flint.arb]:
    """Return (all x, their upper end) ↦ a lower bound of λ_min((∇²ℓ − bound)/x), at most |π̂_m|² left out of β_m."""
    order = _ORDER if len(case.classes) == 1 else 1

    @cache
    def power(m: int) -> Expansion:
        found = power_expansion(case, order + 1, m)
        return Expansion(found.coefficients[1:], found.remainder)

    @cache
    def coupling(m: int, n: int) -> Expansion:
        return coupling_expansion(case, order, m, n)

    @cache
    def start(m: int) -> Algebraic:
        return rational(0) if bound is None else squared_modulus(case.weights, m) - bound

    def smallest_over(x: flint.arb, end: flint.arb) -> flint.arb:
        slopes = flint.arb(0, _LARGEST_SLOPE)
        couplings = flint.arb(_LEAST_COUPLING).union(flint.arb(_LARGEST_COUPLING))
        moments = GivenMoments(
            lambda m: _within(expansion_value(power(m), x), slopes) + (start(m).ball() / end if start(m).sign else 0),
            lambda m, n: _within(expansion_value(coupling(min(m, n), max(m, n)), x), couplings),
        )
        # ρ_mρ_n/x.
        scale = flint.fmpq(case.k - 1, case.k)
        blocks = hessian_blocks(case, groups, moments, lambda m, n, c: scale * to_arb(on_simplex(case, m, n, c)).sqrt())
        return smallest([smallest_eigenvalue(blocks.radial, _ACCURACY), *blocks.simple])

    return smallest_over


def _within(value: flint.arb, known: flint.arb) -> flint.arb:
    """A ball around what is in both of two."""
    return value.intersection(known) if value.overlaps(known) else value


_SHORTEST = -1200
"""Binary logarithm of the smallest x that is tried: below 10^{−250} = 2^{−830}, where quadrature is no longer planned
for."""
_PIECES = 4
"""In which an octave of x is looked at: fewer overestimate more and end earlier, more only help near the end."""


def reach(is_positive: Callable[[flint.arb, flint.arb], bool]) -> flint.arb:
    """Return an x ≤ 1 to which something is seen positive on [0, 2^e], then on pieces of each [2^e, 2^{e+1}], or 0."""
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
