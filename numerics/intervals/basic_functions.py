"""The functions of the radius that all quantities on the simplex ray are made of, enclosed over whole intervals.

They are β_m, the couplings t_mn of the Hessian, and 2KL/r², the mean of Σ_m w_mβ_m over [0, r²], and are modelled on
tiles (`emtheory.numerics.boxes`).
"""

from dataclasses import dataclass

import flint

from emtheory.numerics.any_point.ray_rule import ray_divergence
from emtheory.numerics.case import Case
from emtheory.numerics.simplex_point.moments import frequency_groups


@dataclass(frozen=True)
class BasicFunction:
    """β_m for the frequencies (m,), t_mn for (m, n), 2KL/r² for ().

    Divided n times, it is the function less its first n terms at the origin, divided by r^{2n}; multiplied, it is the
    function times r².
    """

    frequencies: tuple[int, ...]
    divided: int = 0
    multiplied: bool = False


def power(case: Case, m: int) -> BasicFunction:
    """β_m, under the one name that all frequencies share which the weights do not tell apart."""
    folded = min(m % case.k, -m % case.k)
    for group in frequency_groups(case):
        if folded in group:
            return BasicFunction((group[0],))
    return BasicFunction((folded,))


def coupling(case: Case, m: int, n: int) -> BasicFunction:
    """t_mn, which is symmetric.

    Parameters
    ----------
    case
        The mixture.
    m, n
        Independent frequencies, 1..⌊k/2⌋, in any order.
    """
    return BasicFunction((min(m, n), max(m, n)))


MEAN_POWER = BasicFunction(())
TWICE_DIVERGENCE = BasicFunction((), multiplied=True)
"""2KL, also off the simplex, where 2KL/r² has no limit at the origin."""


def mean_power(case: Case, square: flint.arb, accuracy: float) -> flint.arb:
    """Return a ball around 2KL/r².

    `square`, `accuracy`: r² > 0, and L: the error is about e^{−L}.
    """
    return 2 * ray_divergence(case, square, accuracy + max(0.0, -float(square.log().mid()))) / square
