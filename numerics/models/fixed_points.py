"""How many fixed points EM's map has in an interval, for models with one estimated parameter."""

from fractions import Fraction

import flint
import sympy

from emtheory.numerics.arithmetic.arb import to_fmpq
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.expectation.box import Box
from emtheory.numerics.expectation.dual import Dual
from emtheory.numerics.expectation.point import expectations
from emtheory.numerics.expectation.program import compiled
from emtheory.numerics.models.evaluation import Balls, centred, dual_values, middle, moving, point_values
from emtheory.numerics.models.targets import em_map_target
from emtheory.theory.mixtures.em_step import em_step
from emtheory.theory.mixtures.means import Mean, means_in
from emtheory.theory.mixtures.model import MixtureModel

Piece = tuple[Fraction, Fraction, bool]
"""An interval, and whether the map's derivative is above 1 there; elsewhere it is below."""

_ACCURACY = 25.0
"""L of values of the map."""
_SMALLEST = Fraction(1, 2**24)
"""An interval that is narrower, relative to 1 or its place, is not bisected: a fixed point is nearly double there."""


def count_fixed_points(model: MixtureModel, values: Balls, low: object, high: object) -> int:
    """Return the number of fixed points in a closed interval, the same for all other parameters in balls.

    Where the map is not seen to be without a fixed point, and its derivative not to be 1, the interval is bisected; on
    what is left the map less its argument is monotone, and its signs at the ends tell.

    Parameters
    ----------
    model, values
        With one estimated parameter, of which no value is needed.
    low, high
        The ends, infinite ones where the map is seen to be bounded.

    Raises
    ------
    CannotAnswerError
        If fixed points are not told apart, or one may be at an end.
    """
    (name,) = model.estimate
    left, right = _ends(model, values, low, high)
    if left > right:
        raise InputError(f"low = {low} is above high = {high}")
    stack = [(left, right)]
    monotone: list[Piece] = []
    while stack:
        left, right = stack.pop()
        place = flint.arb(to_fmpq(left)).union(flint.arb(to_fmpq(right)))
        value, slope = _map_over(model, {**values, name: place}, name)
        if value.is_finite() and not (value - place).contains(0):
            continue
        if slope.is_finite() and not (slope - 1).contains(0):
            monotone.append((left, right, bool(slope > 1)))
            continue
        if (right - left) <= _SMALLEST * (1 + abs(left)):
            raise CannotAnswerError(f"the fixed points near {name} = {float(left):.6g} are not told apart")
        centre = (left + right) / 2
        stack += [(centre, right), (left, centre)]
    return sum(
        _is_above(model, values, name, left) != _is_above(model, values, name, right)
        for left, right, _ in _joined(monotone)
    )


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
    reach = Fraction(int(_image_bound(model, values).upper().ceil().fmpz()) + 1)
    left = low if isinstance(low, Fraction) else -reach
    right = high if isinstance(high, Fraction) else reach
    return (left, right) if left <= right else (left, left)


def _image_bound(model: MixtureModel, values: Balls) -> flint.arb:
    """Bound the map where it is Σ c_{ja} E[γ_j x^a] with known c: by Σ_a max_j |c_{ja}| √E x^{2a}, as Σ_j γ_j = 1."""
    (update,) = em_step(model).update.values()
    means = means_in(update)
    polynomial = sympy.Poly(update, *(mean.symbol for mean in means)) if means else None
    known = {each.symbol for each in model.parameters} - set(model.estimated)
    if polynomial is None or polynomial.total_degree() > 1 or any(c.free_symbols - known for c in polynomial.coeffs()):
        raise CannotAnswerError("the map is not seen to be bounded: give an interval with finite ends")
    squares = {mean.x: Mean(tuple(2 * a for a in mean.x), ()) for mean in means}
    # Moments of the data do not depend on what is estimated, of which 1/2 is a value whatever it is.
    place = {**values, model.estimate[0]: flint.arb(1) / 2}
    found = expectations(model, tuple(squares.values()), place, _ACCURACY).means
    total = abs(_number(polynomial.coeff_monomial(1), values))
    for x, square in squares.items():
        own = [abs(_number(polynomial.coeff_monomial(m.symbol), values)) for m in means if m.x == x and m.posteriors]
        loose = [
            abs(_number(polynomial.coeff_monomial(m.symbol), values)) for m in means if m.x == x and not m.posteriors
        ]
        largest = own[0] if own else flint.arb(0)
        for each in own[1:]:
            largest = largest.max(each)
        total += (largest + sum(loose, flint.arb(0))) * found[square].sqrt()
    return total


def _number(coefficient: sympy.Expr, values: Balls) -> flint.arb:
    value: flint.arb = compiled([coefficient])(values)[0]
    return value


def _map_over(model: MixtureModel, values: Balls, name: str) -> tuple[flint.arb, flint.arb]:
    inner = tuple(dict.fromkeys((name, *moving(values))))
    box = Box(middle(values), values, inner)
    duals: list[Dual] = dual_values(model, em_map_target(model), box)
    centre = point_values(model, em_map_target(model), box.centre, _ACCURACY)
    return centred(centre, duals, box)[0], duals[0].slopes[0]


def _is_above(model: MixtureModel, values: Balls, name: str, end: Fraction) -> bool:
    """Whether the map is above its argument at an end."""
    place = flint.arb(to_fmpq(end))
    value = _map_over(model, {**values, name: place}, name)[0] - place
    if value.contains(0):
        raise CannotAnswerError(f"{name} = {end} may be a fixed point itself: move the end of the interval")
    return bool(value > 0)
