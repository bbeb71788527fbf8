"""Quantities of random samples: estimated from them, which is observed, never more; and the theorem's bounds."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

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


def _observed(name: str, meaning: str) -> Quantity:
    return Quantity(name, meaning, in_room("samples", name, "float"), needs_point=True, arguments=_SAMPLE)


def _bound(
    name: str, meaning: str, first: Argument = _SIZE, monotone: Mapping[str, int] = MappingProxyType({})
) -> Quantity:
    routes, arguments = in_room("sample_theorem", name, "ball"), (first, _DELTA, _BALL)
    return Quantity(name, meaning, routes, arguments=arguments, monotone=monotone)


QUANTITIES = (
    _observed(
        "sample_contraction_factor",
        "contraction factor of EM on $n$ samples of $N(0, I_d)$: mean of 8 trials, 99 % Student interval",
    ),
    _observed(
        "sample_likelihood_gain",
        "$2n KL(N(0, I) ‖ p_θ̂)$, $θ̂$ the limit of EM on $n$ samples: mean of 200 trials, 99 % Student interval",
    ),
    _bound(
        "sample_error_bound",
        "bound on $‖θ̂‖$ with probability $1 − δ$, $θ̂$ any limit point of EM on $n$ points from $‖θ_0‖$ up to radius",
        monotone=_FALLS,
    ),
    _bound(
        "sample_kl_bound",
        "bound on $KL(N(0, I) ‖ p_{θ̂})$ in nats with probability $1 − δ$, $θ̂$ as for the bound on $‖θ̂‖$",
        monotone=_FALLS,
    ),
    _bound(
        "sample_operator_error",
        "bound on $‖M_n(θ) − M(θ)‖$ for all $‖θ‖$ up to radius, in the simplex's span, with probability $1 − δ$",
    ),
    _bound(
        "samples_needed",
        "least $n$ for which the bound on $KL$ is at most eps",
        Argument("eps", "positive", "target KL in nats"),
        {"eps": -1, "delta": -1},
    ),
    _bound(
        "steps_needed",
        "EM steps on $n$ points until $‖θ_t − θ̂‖$ is at most $σ_{min}(A)$ times the bound of contraction on $‖θ̂‖$",
    ),
    _bound(
        "far_iterates",
        "at most so many iterates of EM on $n$ points from $‖θ_0‖$ up to radius come, with probability $1 − δ$, before "
        "the first within twice the radius that shells leave $θ̂$ in the simplex's span",
    ),
)
