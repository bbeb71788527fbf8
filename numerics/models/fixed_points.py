"""All fixed points that EM's map has in an interval, for models with one estimated parameter."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

import flint
import sympy

from emtheory.numerics.arithmetic.algebraic import ball_bounds
from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.expectation.point import expectations
from emtheory.numerics.expectation.program import Dual, compiled
from emtheory.numerics.models.evaluation import Balls, centred, dual_values, enclosures, local_box, point_values
from emtheory.numerics.models.targets import em_map_target, scalar_target
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel

Piece = tuple[Fraction, Fraction, bool]
"""An interval, and whether the map's derivative is above 1 there; elsewhere it is below."""

_ACCURACY = 25.0
"""L of values of the map."""
_SMALLEST = Fraction(1, 2**24)
"""An interval that is narrower, relative to 1 or its place, is not bisected: a fixed point is nearly double there."""


@dataclass(frozen=True)
class FixedPoint:
    """One simple zero of the map less its argument between two rational numbers.

    `lower`, `upper`: around it; equal if it is known exactly; `attracts`: whether the map's derivative is below 1
    there.
    """

    lower: Fraction
    upper: Fraction
    attracts: bool


def fixed_points(
    model: MixtureModel,
    values: Balls,
    low: object,
    high: object,
    known: Collection[Fraction] = (),
    accuracy: float = _ACCURACY,
) -> list[FixedPoint]:
    """Return the fixed points in a closed interval, in increasing order, for all other parameters in balls.

    Where the map is not seen to be without a fixed point, and its derivative not to be 1, the interval is bisected; on
    what is left the map less its argument is monotone, and its signs at the ends tell. CannotAnswerError if fixed
    points are not told apart, or one may be at an end.
    """
    (name,) = model.estimate
    left, right = _ends(model, values, low, high)
    stack = [(left, right)]
    monotone: list[Piece] = []
    while stack:
        left, right = stack.pop()
        place = flint.arb(to_fmpq(left)).union(flint.arb(to_fmpq(right)))
        excess, slope = _excess(model, {**values, name: place}, name, accuracy)
        if excess.is_finite() and not excess.contains(0):
            continue
        if slope.is_finite() and not slope.contains(0):
            monotone.append((left, right, bool(slope > 0)))
            continue
        if (right - left) <= _SMALLEST * (1 + abs(left)):
            raise CannotAnswerError(
                f"near {name} = {float(left):.6g} the map touches {name}, or nearly: the fixed points there are not "
                "told apart"
            )
        centre = (left + right) / 2
        stack += [(centre, right), (left, centre)]
    found = []
    for left, right, rises in _joined(monotone):
        signs = [_sign(model, {**values, name: flint.arb(to_fmpq(end))}, end, known, accuracy) for end in (left, right)]
        if 0 in signs:
            end = (left, right)[signs.index(0)]
            found.append(FixedPoint(end, end, not rises))
        elif signs[0] != signs[1]:
            found.append(FixedPoint(left, right, not rises))
    # Of two stretches that meet in a fixed point known exactly both have it.
    return list(dict.fromkeys(found))


def narrowed(model: MixtureModel, values: Balls, point: FixedPoint, accuracy: float) -> FixedPoint:
    """Enclose a fixed point more narrowly by interval Newton steps, as far as values with errors e^{−L} allow."""
    (name,) = model.estimate
    map_, slope_ = em_map_target(model), scalar_target(model, "em_jacobian", name, name)
    around = flint.arb(to_fmpq(point.lower)).union(flint.arb(to_fmpq(point.upper)))
    while point.lower < point.upper:
        middle = around.mid()
        excess = point_values(model, map_, {**values, name: middle}, accuracy)[0] - middle
        slope = enclosures(model, slope_, {**values, name: around}, accuracy)[0] - 1
        if not slope.contains(0):
            newton = (middle - excess / slope).intersection(around)
            if 2 * newton.rad() < around.rad():
                around = newton
                continue
        if excess.contains(0):
            break
        # The map less its argument falls through 0 at a point that attracts and rises through it at another.
        beyond = bool(excess > 0) == point.attracts
        around = middle.union(around.upper()) if beyond else around.lower().union(middle)
    lower, upper = ball_bounds(around)
    return FixedPoint(max(lower, point.lower), min(upper, point.upper), point.attracts)


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Pieces from left to right, of which neighbours are one where the map less its argument is monotone on both."""
    result: list[Piece] = []
    for left, right, rises in sorted(pieces):
        if result and result[-1][1:] == (left, rises):
            result[-1] = (result[-1][0], right, rises)
        else:
            result.append((left, right, rises))
    return result


def _ends(model: MixtureModel, values: Balls, low: object, high: object) -> tuple[Fraction, Fraction]:
    """Finite ends beyond which there is no fixed point."""
    if isinstance(low, Fraction) and isinstance(high, Fraction):
        return low, high
    if isinstance(low, flint.arb) or isinstance(high, flint.arb):
        raise CannotAnswerError("an end of the interval varies")
    reach = Fraction(math.ceil(float(_image_bound(model, values).upper())) + 1)
    left = low if isinstance(low, Fraction) else -reach
    right = high if isinstance(high, Fraction) else reach
    return (left, right) if left <= right else (left, left)


def _image_bound(model: MixtureModel, values: Balls) -> flint.arb:
    """Bound the map where it is Σ c_{ja} E[γ_j x^a] with known c: by Σ_a max_j |c_{ja}| √E x^{2a}, as Σ_j γ_j = 1."""
    (update,) = em_step(model).update.values()
    means = means_in(update)
    symbols = [mean.symbol for mean in means]
    polynomial = sympy.Poly(update, *symbols) if means and update.is_polynomial(*symbols) else None
    known = {each.symbol for each in model.parameters} - set(model.estimated)
    if polynomial is None or polynomial.total_degree() > 1 or any(c.free_symbols - known for c in polynomial.coeffs()):
        raise CannotAnswerError("the map is not seen to be bounded: give an interval with finite ends")
    squares = {mean.x: Mean(tuple(2 * a for a in mean.x), ()) for mean in means}
    # Moments of the data do not depend on what is estimated, of which 1/2 is a value whatever it is.
    place = {**values, model.estimate[0]: flint.arb(1) / 2}
    found = expectations(model, tuple(squares.values()), place, _ACCURACY).means
    total = abs(_number(polynomial.coeff_monomial(1), values))
    sizes = {mean: abs(_number(polynomial.coeff_monomial(mean.symbol), values)) for mean in means}
    for x, square in squares.items():
        own = [sizes[mean] for mean in means if mean.x == x and mean.posteriors]
        loose = [sizes[mean] for mean in means if mean.x == x and not mean.posteriors]
        largest = reduce(flint.arb.max, own, flint.arb(0))
        total += (largest + sum(loose, flint.arb(0))) * found[square].abs_upper().sqrt()
    return total


def _number(coefficient: sympy.Expr, values: Balls) -> flint.arb:
    value: flint.arb = compiled([coefficient])(values)[0]
    return value


def _excess(model: MixtureModel, values: Balls, name: str, accuracy: float) -> tuple[flint.arb, flint.arb]:
    """The map less its argument, and the derivative of that, over balls."""
    box = local_box(values, name)
    (dual,) = dual_values(model, em_map_target(model), box)
    slopes = tuple(slope - int(each == name) for slope, each in zip(dual.slopes, box.moving, strict=True))
    excess = dual.value - values[name]
    if not excess.is_finite() or excess.contains(0):  # Elsewhere the sign is seen without the value at the centre.
        centre = point_values(model, em_map_target(model), box.centre, accuracy)[0] - box.centre[name]
        excess = centred([centre], [Dual(excess, slopes)], box)[0]
    return excess, slopes[box.moving.index(name)]


def _sign(model: MixtureModel, values: Balls, end: Fraction, known: Collection[Fraction], accuracy: float) -> int:
    """The sign of the map less its argument at an end."""
    if end in known:
        return 0
    (name,) = model.estimate
    excess = _excess(model, values, name, accuracy)[0]
    if excess.contains(0):
        raise CannotAnswerError(f"{name} = {end} is not told from a fixed point: move the end of the interval a little")
    return 1 if excess > 0 else -1
