"""Identities of a model at a point where EM rests, by which statements are decided where their sides touch there.

At a truth v of one estimated parameter p, the others being at theirs, and at p = 0 by symmetry, M(v) = v and

    M(p) − v = (p − v) ∫_0^1 J(v + s(p − v)) ds,   KL(p) = (p − v)² ∫_0^1 (1 − s) I_o(v + s(p − v)) ds,
    score(p) = −(p − v) ∫_0^1 I_o(v + s(p − v)) ds

(docs/error-bounds.md, section 18). Where p and v are not told apart J and I_o between them enclose the integrals.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import sympy

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.family import BoxForm, Conditions, Divided
from emtheory.numerics.models.ball_values import value_over
from emtheory.numerics.models.box_forms import own_values
from emtheory.numerics.models.evaluation import Balls, box_of, centred, dual_values, enclosures, point_values
from emtheory.numerics.models.targets import scalar_target
from emtheory.theory.mixtures.model import MixtureModel
from emtheory.theory.mixtures.truth import Truth, central_points, rests, truths

Target = str | Fraction
"""A parameter, with a minus before it if it is the negative of one, or a number."""


@dataclass(frozen=True)
class _Integral:
    """∫_0^1 w(s) f(v + s(p − v)) ds, of which (p − v)ⁿ times that is q less v, or q itself.

    `kind`, `parameter`, `target`: q, p and v; `inner`, `sign`: kind of ±f, a function of p and p; `weight`: w, not
    negative; `power`, `from_target`: n, and whether v is taken from q.
    """

    model: MixtureModel
    kind: str
    parameter: str
    target: Target
    inner: str
    sign: int
    weight: tuple[int, ...]
    power: int
    from_target: bool

    def value(self, balls: Mapping[str, Any], accuracy: float, _: Mapping[str, Any]) -> flint.arb:
        """The integral: by the quotient, or by f between p and v where they are not told apart."""
        values = own_values(self.model, balls)
        target = self._target(values)
        gap = values[self.parameter] - target
        if gap.contains(0):
            found = enclosures(self.model, self._inner, self._between(values, 0, 1), accuracy)[0]
            return self.sign * found * flint.arb(to_fmpq(_total(self.weight)))
        lost = max(0.0, -self.power * float(abs(gap).lower().log().mid()))
        names = () if self.kind == "kl_divergence" else (self.parameter,)
        value = value_over(self.model, self.kind, names, values, accuracy + lost, {})
        return (value - target if self.from_target else value) / gap**self.power

    def slopes(self, balls: Mapping[str, Any], accuracy: float, _: Mapping[str, Any]) -> Mapping[str, flint.arb]:
        """Derivatives under the integral, part by part, where p and v are at v + s(p − v)."""
        values = own_values(self.model, balls)
        parts = self._parts(values)
        if not parts:
            return self._far_slopes(values, accuracy)
        found: dict[str, flint.arb] = {}
        for i in range(parts):
            ends = Fraction(i, parts), Fraction(i + 1, parts)
            whole, of_parameter, of_target = (
                self.sign * flint.arb(to_fmpq(_total(weight, *ends)))
                for weight in (self.weight, _times(self.weight, (0, 1)), _times(self.weight, (1, -1)))
            )
            box = box_of(self._between(values, *ends))
            slopes = dict(zip(box.moving, dual_values(self.model, self._inner, box)[0].slopes, strict=True))
            along = slopes.pop(self.parameter, flint.arb(0))
            for name, slope in slopes.items():
                found[name] = found.get(name, flint.arb(0)) + whole * slope
            found[self.parameter] = found.get(self.parameter, flint.arb(0)) + of_parameter * along
            if self._moved:
                found[self._moved] = found.get(self._moved, flint.arb(0)) + self._turn * of_target * along
        return found

    def _far_slopes(self, values: Balls, accuracy: float) -> Mapping[str, flint.arb]:
        """Derivatives of the quotient D itself: (∂q − ∂v − D ∂(p − v))/(p − v)."""
        target, box, own = self._target(values), box_of(values), scalar_target(self.model, self.kind, self.parameter)
        (dual,) = dual_values(self.model, own, box)
        (value,) = centred(point_values(self.model, own, box.centre, accuracy), [dual], box)
        gap = values[self.parameter] - target
        quotient = (value - target if self.from_target else value) / gap
        changes = {self.parameter: -quotient, self._moved: self._turn * (quotient - int(self.from_target))}
        slopes = zip(box.moving, dual.slopes, strict=True)
        return {name: (slope + changes.get(name, 0)) / gap for name, slope in slopes}

    def _parts(self, values: Balls) -> int:
        """How many parts of the way from v to p are looked at, so that none is much longer than the box is wide.

        0 where p is so far from v, for the width of the box, that slopes of the quotient are narrow.
        """
        target, place = self._target(values), values[self.parameter]
        gap, width = float(abs(place - target).lower()), float(place.rad() + target.rad())
        parts = min(max(math.ceil(gap / max(width, _SHORTEST)), 1), _MOST_PARTS)
        return 0 if parts > _FEW_PARTS and self.power == 1 and gap > _FAR * width else parts

    @property
    def _inner(self) -> Any:
        return scalar_target(self.model, self.inner, self.parameter, self.parameter)

    def _target(self, values: Balls) -> flint.arb:
        return self._turn * values[self._moved] if self._moved else flint.arb(to_fmpq(Fraction(self.target)))

    @property
    def _moved(self) -> str:
        """The parameter with which v moves, if it does with one."""
        return self.target.removeprefix("-") if isinstance(self.target, str) else ""

    @property
    def _turn(self) -> int:
        """∂v of that parameter."""
        return -1 if str(self.target).startswith("-") else 1

    def _between(self, values: Balls, low: Fraction | int, high: Fraction | int) -> Balls:
        """The box with p in v + s(p − v), low ≤ s ≤ high."""
        start, end = self._target(values), values[self.parameter]
        places = [
            flint.arb(to_fmpq(Fraction(1 - s))) * start + flint.arb(to_fmpq(Fraction(s))) * end for s in (low, high)
        ]
        places = [start if low == 0 else places[0], end if high == 1 else places[1]]
        return {**values, self.parameter: places[0].union(places[1])}


Weight = tuple[int, ...]
"""A polynomial in s, by its coefficients."""

_EVEN: Weight = (1,)
"""w = 1."""
_FALLING: Weight = (1, -1)
"""w = 1 − s."""
_MOST_PARTS = 8
"""A choice: each costs as much as a box."""
_SHORTEST = 1 / 16
"""Parts are not shorter than about that."""
_FAR, _FEW_PARTS = 32, 2
"""How many times wider than the box the way is on which the quotient is looked at. A choice, as nearer it is wide; and
so few parts take no longer."""


def _times(left: Weight, right: Weight) -> Weight:
    result = [0] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            result[i + j] += a * b
    return tuple(result)


def _total(weight: Weight, low: Fraction = Fraction(0), high: Fraction = Fraction(1)) -> Fraction:
    """∫ w from low to high."""
    return sum((a * (high ** (i + 1) - low ** (i + 1)) / (i + 1) for i, a in enumerate(weight)), Fraction(0))


def identities(model: MixtureModel, _: Collection[str]) -> Iterator[Divided]:
    """Yield the identities of a model, for whatever quantities."""
    for parameter in central_points(model):
        yield _divided(model, "em_map", parameter, Fraction(0), ())
    for truth, kinds in (
        *((each, ("em_map", "kl_divergence", "score")) for each in truths(model)),
        *((each, ("em_map", "score")) for each in rests(model)),
    ):
        for parameter, value in truth.values.items():
            target, needed = _target(value), conditions_of(truth, but=parameter)
            if target is not None and needed is not None:
                for kind in kinds:
                    yield _divided(model, kind, parameter, target, needed)


def conditions_of(truth: Truth | None, but: str = "") -> Conditions | None:
    """Return what variables have to be given as at a truth, but for one; None if that is neither numbers nor names."""
    if truth is None:
        return None
    found = {name: _target(value) for name, value in (*truth.values.items(), *truth.conditions.items()) if name != but}
    needed = tuple(((name, target),) for name, target in found.items() if target is not None)
    return needed if len(needed) == len(found) else None


def _target(value: sympy.Expr) -> Target | None:
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    return str(value) if value.is_Symbol or (-value).is_Symbol else None


def _divided(model: MixtureModel, kind: str, parameter: str, target: Target, conditions: Conditions) -> Divided:
    if kind == "em_map":
        integral = _Integral(model, kind, parameter, target, "em_jacobian", 1, _EVEN, 1, True)
    elif kind == "score":
        integral = _Integral(model, kind, parameter, target, "observed_information", -1, _EVEN, 1, False)
    else:
        integral = _Integral(model, kind, parameter, target, "observed_information", 1, _FALLING, 2, False)
    name = kind if kind == "kl_divergence" else f"{kind}({parameter})"
    power = None if integral.from_target else integral.power
    return Divided(name, parameter, target, BoxForm(integral.value, integral.slopes), conditions, power)
