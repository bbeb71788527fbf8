"""Points of a box as forms, on which the expressions of quantities are evaluated over boxes.

All are made of β_m, the couplings t_mn of the Hessian, and 2KL or, where a radius gives the point, 2KL/r², the mean of
Σ_m w_mβ_m over [0, r²]. These are modelled on tiles (`emtheory.numerics.boxes`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flint

from emtheory.numerics.any_point.ball_product_rule import ray_divergence
from emtheory.numerics.any_point.expressions import Point
from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.intervals.form_functions import smallest, smallest_eigenvalue
from emtheory.numerics.simplex_point.moments import GivenMoments, HessianMoments, Number, frequency_groups, on_simplex


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

    `case`: the mixture. `m`, `n`: independent frequencies, 1..⌊k/2⌋, in any order.
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


MAX_GROUPS = 12
"""Largest radial Hessian matrix that is followed over a box."""

Source = Callable[[BasicFunction], Any]
"""What gives the basic functions their forms on a cell."""


def _moments(case: Case, source: Source) -> HessianMoments:
    return GivenMoments(lambda m: source(power(case, m)), lambda m, n: source(coupling(case, m, n)))


def on_ray(case: Case, square: Number, source: Source) -> Point:
    """Return the points of the simplex ray.

    `case`: the mixture; `square`: a form of r²; `source`: what gives the basic functions their forms.
    """
    return Point(
        case,
        frequency_groups(case),
        1,
        lambda m, n, c: rational(on_simplex(case, m, n, c)).sqrt(),
        lambda: source(MEAN_POWER),
        lambda _: _moments(case, source),
        _least,
        square,
    )


def at_amplitudes(case: Case, amplitudes: Sequence[Number], source: Source) -> Point:
    """Return the points with amplitudes that are forms.

    `case`, `source`: as for `on_ray`; `amplitudes`: one for each frequency.
    """
    squares = [amplitude * amplitude for amplitude in amplitudes]
    return Point(
        case,
        [(m,) for m in case.frequencies],
        sum(squares[1:], start=squares[0]),
        lambda m, n, _: squares[m - 1] if m == n else amplitudes[m - 1] * amplitudes[n - 1],
        lambda: source(TWICE_DIVERGENCE),
        lambda _: _moments(case, source),
        _least,
    )


def functions_of(expression: Callable[[Point], Number], case: Case, *, amplitudes: bool) -> tuple[BasicFunction, ...]:
    """Return the basic functions that a quantity is made of: those that it asks a point for.

    CannotAnswerError if its Hessian is too large to be followed over a box.

    `expression`: the quantity at a point; `case`, `amplitudes`: the mixture, and whether amplitudes give the point.
    """
    asked: dict[BasicFunction, None] = {}
    groups = [(m,) for m in case.frequencies] if amplitudes else frequency_groups(case)

    def source(function: BasicFunction) -> float:
        asked[function] = None
        return 1.0

    def moments(degree: int) -> HessianMoments:
        if degree > 2 and len(groups) > MAX_GROUPS:
            raise CannotAnswerError(f"more than {MAX_GROUPS} frequencies that differ")
        return _moments(case, source)

    divergence = TWICE_DIVERGENCE if amplitudes else MEAN_POWER
    expression(Point(case, groups, 1.0, lambda m, n, c: 1.0, lambda: source(divergence), moments, lambda *_: 1.0))
    return tuple(asked)


def _least(rows: Sequence[Sequence[Number]], others: Sequence[Number]) -> Number:
    return smallest([smallest_eigenvalue(rows), *others])
