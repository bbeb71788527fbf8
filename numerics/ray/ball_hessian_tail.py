"""A radius beyond which ∇²ℓ on the simplex ray certainly exceeds a threshold below 1.

∇²ℓ = I − ∇²Λ tends to I, with explicit constants (docs/error-bounds.md, section 9): with s² = r²k/(k−1), a the vector
of log π_j less its mean, and e = E max(Z_1..Z_k),

    λ_max(∇²Λ) ≤ k²/(2√π s)   and   λ_max(∇²Λ) ≤ (2e/s)(1 + |a|²/s²).

The first bound comes from γ_iγ_j ≤ ¼sech², pair by pair, and is the better one for few components. The second one
comes from E(1 − Σγ_j²) ≤ e/s and from the strong log-concavity of φγ_iγ_j (Brascamp and Lieb); it grows like √log k.
"""

import math
from fractions import Fraction

import flint

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.arithmetic.precision import arb_precision
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.ball_lloyd import expected_maximum
from emtheory.numerics.simplex_point.far_out import concavity_bound, pair_bound, prior_of

_BITS = 80
"""Precision in force: what the accuracy below takes, and as much again for rounding."""
_ACCURACY = 30.0
"""L of E max Z_j, e^{−30} = 1e−13: an excess only makes the radius larger, and by as little."""
_BISECTIONS = 24
"""They leave 2^{−24} of the first bracket. Any radius found is right; a larger one only makes the ray longer up to
which models are needed."""


def convex_beyond(case: Case, threshold: Fraction) -> Fraction:
    """Return a radius from which on λ_min(∇²ℓ) exceeds a threshold less than 1."""
    room = to_fmpq(1 - threshold)
    with arb_precision(_BITS):
        pairs, maximum = pair_bound(case.k), expected_maximum(case.k, _ACCURACY)  # by far what takes longest
        prior = prior_of([(flint.arb(to_fmpq(weight)).log(), len(each)) for weight, each in case.classes.items()])
        low, high = Fraction(0), Fraction(math.ceil(ball_bounds(pairs / room)[1]) + 1)
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            s = flint.arb(to_fmpq(middle))
            below = pairs.min(concavity_bound(prior, maximum, s)) / s < room
            low, high = (low, middle) if below else (middle, high)
        radius = to_fmpq(high) * flint.arb(flint.fmpq(case.k - 1, case.k)).sqrt()
        return Fraction(math.ceil(ball_bounds(1024 * radius)[1]), 1024)
