"""E log p under each component of a mixture on a line whose log density p has kinks, by integration between them.

Laws on a line have a standard form, x = location + scale·y with a density of y that is analytic on each side of 0.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import flint

from emtheory.theory.mixtures.model import EXPONENTIAL, LAPLACE, LOGISTIC, NORMAL, UNIFORM


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


_EVALUATIONS = 50_000
"""Of an integrand at most, on each piece: some seconds."""


@dataclass(frozen=True)
class Part:
    """A component: its weight, the kind of its law, and that in standard form."""

    weight: flint.arb
    kind: str
    law: Standard

    @property
    def kinks(self) -> list[flint.arb]:
        """Where its density is not analytic."""
        if self.kind in (LOGISTIC, NORMAL):
            return []
        return [self.law.location, *([self.law.location + self.law.scale] if self.kind == UNIFORM else [])]

    @property
    def largest(self) -> flint.arb:
        """A bound of weight times density."""
        return (self.weight * self.law.largest / self.law.scale).upper()

    def density(self, x: Any, place: flint.arb) -> Any:
        """Weight times density at a complex x, analytic as on the piece of the line on which a real place is."""
        y = (place - self.law.location) / self.law.scale
        if self.kinks and (y.contains(0) or (self.kind == UNIFORM and y.contains(1))):
            return flint.acb(flint.arb.nan())  # Parameters are too wide to tell the side of a kink.
        if (not self.law.both and y < 0) or (self.kind == UNIFORM and y > 1):
            return flint.acb(0)
        side = -1 if y < 0 else 1
        return self.law.density(side * (x - self.law.location) / self.law.scale) * self.weight / self.law.scale

    def range(self, x: flint.arb) -> flint.arb:
        """Weight times density for all real x in a ball, in which a kink may be."""
        y = (x - self.law.location) / self.law.scale
        value: flint.arb = self.law.density(flint.acb(abs(y))).real * self.weight / self.law.scale
        inside = (self.law.both or y >= 0) and (self.kind != UNIFORM or y <= 1)
        return value if inside else value.union(flint.arb(0))


def entropies(parts: Sequence[Part], accuracy: float, tolerance: flint.arb) -> list[flint.arb]:
    """Return E log p over each component, p being the density of them all, at Arb's precision in force."""
    return [_over(part, parts, accuracy, tolerance) for part in parts]


def _over(part: Part, parts: Sequence[Part], accuracy: float, tolerance: flint.arb) -> flint.arb:
    law, cut = part.law, cut_of(part.law, accuracy, 2)
    total = flint.arb(0)
    for sign in (1, -1) if law.both else (1,):
        kinks = [
            sign * (each - law.location) / law.scale for other in parts if other is not part for each in other.kinks
        ]
        start = flint.arb(0)
        for low, high in _merged([each for each in kinks if each.upper() > 0 and each.lower() < cut], cut):
            total += _piece(part, parts, sign, (start, low), tolerance)
            total += _around_kink(part, parts, sign, low.union(high))
            start = high
        total += _piece(part, parts, sign, (start, cut), tolerance)
        total += _beyond(part, parts, cut)
    return total


def _merged(kinks: Sequence[flint.arb], cut: flint.arb) -> list[tuple[flint.arb, flint.arb]]:
    """Disjoint intervals around kinks, in order, between 0 and the cut."""
    found: list[tuple[flint.arb, flint.arb]] = []
    for each in sorted(kinks, key=lambda kink: float(kink.lower())):
        low, high = each.lower().max(flint.arb(0)), each.upper().min(cut)
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], high.max(found[-1][1])
        else:
            found.append((low, high))
    return found


def _piece(
    part: Part, parts: Sequence[Part], sign: int, ends: tuple[flint.arb, flint.arb], tolerance: flint.arb
) -> flint.arb:
    """The integral between kinks, to which no density is not analytic."""
    low, high = ends
    if not low < high:
        return flint.arb(0)
    law = part.law
    place = law.location + sign * law.scale * (low + high) / 2

    def integrand(y: Any, analytic: bool) -> Any:
        x = law.location + sign * law.scale * y
        own = law.density(y)
        others = (each.density(x, place) for each in parts if each is not part)
        density: Any = reduce(add, others, own * part.weight / law.scale)
        return density.log(analytic=analytic) * own

    found = flint.acb.integral(integrand, low, high, abs_tol=tolerance, rel_tol=0, eval_limit=_EVALUATIONS)
    real: flint.arb = found.real
    return real


def _around_kink(part: Part, parts: Sequence[Part], sign: int, y: flint.arb) -> flint.arb:
    """The integral over an interval, as its length times a range; of no length where a kink is a number."""
    law = part.law
    x = law.location + sign * law.scale * y
    others = reduce(add, (each.range(x) for each in parts if each is not part), flint.arb(0))
    own = law.density(flint.acb(y)).real
    logarithm = (own * part.weight / law.scale + others).log()
    value: flint.arb = 2 * y.rad() * own * logarithm
    return value


def _beyond(part: Part, parts: Sequence[Part], cut: flint.arb) -> flint.arb:
    """A ball around what is beyond the cut: |log p| ≤ C + y, or C + y²/2, as p is above this part and below a bound."""
    law = part.law
    if law.decay == 0:
        return flint.arb(0)
    most = reduce(add, (each.largest for each in parts)).log()
    # The density is at least a quarter of its bound times e^{−y}, or e^{−y²/2}.
    least = (part.weight * law.largest / law.scale / 4).log()
    constant = abs(most).upper().max(abs(least).upper())
    if law.decay == 1:
        bound = law.largest * (-cut).exp() * (constant + cut + 1)
    else:
        bound = law.largest * (-cut * cut / 2).exp() * (constant / cut + (cut + 1 / cut) / 2)
    return flint.arb(0, 1) * bound.upper()
