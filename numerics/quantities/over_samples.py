"""Quantities of random samples: estimated from them, which is observed, never more; and the theorem's bounds."""

from fractions import Fraction

from emtheory.numerics.quantity import Argument, Quantity, in_room

_SAMPLE = (
    Argument("n", "count", "points in each sample", Fraction(20_000)),
    Argument("seed", "seed", "seed of the first trial", Fraction(0)),
)

_SIZE = Argument("n", "size", "number of points")
_DELTA = Argument("delta", "probability", "probability of a sample for which it may fail")
_FALLS = {"n": -1, "delta": -1}
"""Every term of the bounds falls as points are more, or failures more probable (docs/error-bounds.md, section 16)."""
_BALL = Argument("radius", "nonnegative", "radius of the ball of the starts")

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
    Quantity(
        "sample_error_bound",
        "bound on $‖θ̂‖$ with probability $1 − δ$, $θ̂$ any limit point of EM on $n$ points from $‖θ_0‖$ up to radius",
        in_room("sample_theorem", "sample_error_bound", "ball"),
        arguments=(_SIZE, _DELTA, _BALL),
        monotone=_FALLS,
    ),
    Quantity(
        "sample_kl_bound",
        "bound on $KL(N(0, I) ‖ p_{θ̂})$ in nats with probability $1 − δ$, $θ̂$ as for the bound on $‖θ̂‖$",
        in_room("sample_theorem", "sample_kl_bound", "ball"),
        arguments=(_SIZE, _DELTA, _BALL),
        monotone=_FALLS,
    ),
    Quantity(
        "sample_operator_error",
        "bound on $‖M_n(θ) − M(θ)‖$ for all $‖θ‖$ up to radius, in the simplex's span, with probability $1 − δ$",
        in_room("sample_theorem", "sample_operator_error", "ball"),
        arguments=(_SIZE, _DELTA, _BALL),
    ),
    Quantity(
        "samples_needed",
        "least $n$ for which the bound on $KL$ is at most eps",
        in_room("sample_theorem", "samples_needed", "ball"),
        arguments=(Argument("eps", "positive", "target KL in nats"), _DELTA, _BALL),
        monotone={"eps": -1, "delta": -1},
    ),
    Quantity(
        "steps_needed",
        "EM steps on $n$ points until $‖θ_t − θ̂‖$ is at most $σ_{min}(A)$ times the bound of contraction on $‖θ̂‖$",
        in_room("sample_theorem", "steps_needed", "ball"),
        arguments=(_SIZE, _DELTA, _BALL),
    ),
    Quantity(
        "far_iterates",
        "at most so many iterates of EM on $n$ points from $‖θ_0‖$ up to radius are, with probability $1 − δ$, beyond "
        "twice the radius that shells leave $θ̂$ in the simplex's span",
        in_room("sample_theorem", "far_iterates", "ball"),
        arguments=(_SIZE, _DELTA, _BALL),
    ),
)
