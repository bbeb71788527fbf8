"""Quantities estimated from random samples: they are observed, never more."""

from fractions import Fraction

from emtheory.numerics.quantity import Argument, Quantity, in_room

_SAMPLE = (
    Argument("n", "count", "points in each sample", Fraction(20_000)),
    Argument("seed", "seed", "seed of the first trial", Fraction(0)),
)

QUANTITIES = (
    Quantity(
        "sample_contraction_factor",
        "contraction factor of EM on $n$ samples of $N(0, I_d)$: mean of 8 trials, 99 % Student interval",
        in_room("samples", "sample_contraction_factor", "float"),
        needs_point=True,
        arguments=_SAMPLE,
    ),
    Quantity(
        "sample_likelihood_gain",
        "$2n KL(N(0, I) ‖ p_θ̂)$, $θ̂$ the limit of EM on $n$ samples: mean of 200 trials, 99 % Student interval",
        in_room("samples", "sample_likelihood_gain", "float"),
        needs_point=True,
        arguments=_SAMPLE,
    ),
)
