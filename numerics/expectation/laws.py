"""Laws on a line in standard form, x = location + scale·y with a density of y that is analytic on each side of 0."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flint

from emtheory.theory.mixtures.model import EXPONENTIAL, LAPLACE, LOGISTIC, UNIFORM


@dataclass(frozen=True)
class Standard:
    """x = location + scale·y, of which y has a density that is analytic on each side of 0.

    `density`: of y ≥ 0, and of −y too if `both`; `decay`: what it falls like: 1 for e^{−y}, 2 for e^{−y²/2}, 0 if it
    ends at 1; `largest`: the density is at most this times e^{−y}, or e^{−y²/2}.
    """

    location: flint.arb
    scale: flint.arb
    density: Callable[[Any], Any]
    both: bool
    decay: int
    largest: flint.arb


def standard(kind: str, arguments: Sequence[flint.arb]) -> Standard:
    """Return a law of a kind with its arguments."""
    first, *others = arguments
    one = flint.arb(1)
    if kind == UNIFORM:
        return Standard(first, others[0] - first, lambda _: flint.acb(1), False, 0, one)
    if kind == EXPONENTIAL:
        return Standard(flint.arb(0), 1 / first, lambda y: (-y).exp(), False, 1, one)
    if kind == LAPLACE:
        return Standard(first, others[0], lambda y: (-y).exp() / 2, True, 1, one / 2)
    if kind == LOGISTIC:
        return Standard(first, others[0], lambda y: (-y).exp() / (1 + (-y).exp()) ** 2, True, 1, one)
    root = (2 * flint.arb.pi()).sqrt()
    return Standard(first, others[0].sqrt(), lambda y: (-y * y / 2).exp() / root, True, 2, 1 / root)


def cut_of(law: Standard, accuracy: float, degree: int) -> flint.arb:
    """Where y is cut: an integer, beyond which there is about e^{−L}."""
    if law.decay == 0:
        return flint.arb(1)
    reach = accuracy + degree * math.log(accuracy + 2) + 5
    return flint.arb(math.ceil(reach if law.decay == 1 else math.sqrt(2 * reach) + degree))
