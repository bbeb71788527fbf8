"""What the finite-sample theorem leaves free, and how it is chosen here; any choice gives a true statement.

The derivations (`sample-tails`, `sample-contraction`, `sample-net`) hold for all positive parts of δ and for all radii
of the inner ball. The choices do not depend on the data, and with all of them fixed each constant falls as n grows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from emtheory.numerics.case import Case

SHARES: Mapping[str, Fraction] = MappingProxyType(
    {
        "mean": Fraction(3, 4),
        "spread": Fraction(1, 20),
        "third": Fraction(1, 10),
        "growth": Fraction(1, 20),
        "net": Fraction(1, 20),
    }
)
"""Event → its part of δ; they sum to 1. The mean has most, as it alone remains in the limit of large n; the third
cumulant is bounded by Chebyshev's inequality, and costs 1/√δ."""

EVERYWHERE: Mapping[str, Fraction] = MappingProxyType(
    {
        "mean": Fraction(1, 4),
        "spread": Fraction(1, 4),
        "shells": Fraction(1, 10),
        "change": Fraction(1, 20),
        "last": Fraction(1, 5),
    }
)
"""The same for the bounds for all weights; the change of ∇M_n − ∇M on a ball is bounded for four balls, and a last."""
ROUNDS = 12
"""So often a radius is put into a bound in its place."""
HALF = Fraction(1, 2)
"""Part of δ for the coordinates outside of the simplex's span, where there are any."""

DIVISORS = (5, 7, 10, 14, 20)
"""c of the inner balls ‖θ‖ ≤ σ/√(c(D + 2)) that are tried; the smallest bound is taken."""

NET_FRACTION = Fraction(1, 20)
"""Points of the net are so far apart that moving to the nearest changes M_n − M by about this part of what it may
be."""

SPHERE_MESH = Fraction(1, 20)
"""ν of the net of the unit sphere: a finer one has more points, whose logarithm counts; a coarser one loses by
1/(1 − ν)."""
OPERATOR_NET_SHARE = Fraction(19, 20)
"""Part of δ that the nets have where only the deviation of the operator is asked for; the rest is for λ."""
OPERATOR_MESH = Fraction(1, 20)
"""√n times the distance τ of the points of the ball's net there: half of it is lost for each, as ε is of order 1/√n."""
APPROACHED = Fraction(9, 10)
"""Part of the inner ball that ε may take; the rest is for what the first phase leaves of the start."""
LARGEST_RATE = Fraction(7, 10)
"""Exponential moments of the net are taken for s below this."""


@dataclass(frozen=True)
class Question:
    """What the theorem is asked.

    `case`: the mixture; D = k − 1 is the dimension of the simplex's span, d that of the data; `n`: number of points;
    `delta`: probability that the sample may be a bad one, between 0 and 1; `radius`: starts have ‖θ_0‖ at most this.
    """

    case: Case
    n: int
    delta: Fraction
    radius: Fraction

    @property
    def span(self) -> int:
        """D = k − 1."""
        return self.case.k - 1

    def share(self, event: str) -> Fraction:
        """Return the part of δ that an event has."""
        return SHARES[event] * self.delta
