"""From a quantity and a case to an enclosure, by the route asked for or the strongest that can answer.

What a search has proposed is proved by `prove`, which searches for nothing: a verifier need not trust a search.
"""

import math
from collections.abc import Callable
from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError, InputError, OutOfReachError
from emtheory.numerics.families import check_family
from emtheory.numerics.level import ROUTES, Level
from emtheory.numerics.names import short_name
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import Arguments, Quantity, check_arguments, check_point, resolve

MAX_DIGITS = 2000
"""A choice: KL for k = 2 takes seconds for 300 digits and half a minute for 900; where two thousand are out of reach
the tables' size says so. More could be given of exact values alone."""

Route = Callable[..., Enclosure]


def evaluate(
    name: str, case: Case, arguments: Arguments | None = None, digits: int = 30, route: str = "auto"
) -> Enclosure:
    """Evaluate a quantity.

    InputError if anything is out of its domain; CannotAnswerError if no route asked can meet the request.

    `name`: a quantity of `emtheory.numerics.quantities`. `case`: the exact case, with a point if and only if the
    quantity needs one. `arguments`: the quantity's arguments, exact. `digits`: correct significant digits wanted, 1 to
    2000; the float route gives what double precision gives. `route`: ``exact``, ``ball``, ``mp``, ``float``, or
    ``auto``: the strongest that can give `digits` digits; float only for sampled quantities and, if its own estimate of
    its error allows, off the simplex and in searches.
    """
    quantity = find_quantity(name)
    checked = check_arguments(quantity, arguments or {}, case.k)
    check_family(quantity, case)
    check_point(quantity, case)
    if not 1 <= digits <= MAX_DIGITS:
        raise InputError(f"digits = {digits} is out of range: 1 to {MAX_DIGITS}")
    if route != "auto":
        return route_function(name, route)(case, digits, **checked)
    reasons = []
    for candidate in _candidates(quantity, case):
        try:
            answer = route_function(name, candidate)(case, digits, **checked)
        except OutOfReachError:
            raise
        except CannotAnswerError as error:
            reasons.append(f"{candidate}: {error}")
            continue
        if quantity.sampled or answer.level > Level.OBSERVED or _shows(answer, digits):
            return answer
        middle, half = float(answer.midpoint), float(answer.upper - answer.lower) / 2
        reasons.append(f"{candidate}: it reaches {middle:.6g} ± {half:.1g} only")
    raise CannotAnswerError(f"no route gives {quantity.label} to {digits} digits ({'; '.join(reasons)})")


def _candidates(quantity: Quantity, case: Case) -> tuple[str, ...]:
    """Routes to try in turn: off the simplex, where trajectories may lead too, only float can always answer."""
    if quantity.sampled:
        return ("float",)
    if quantity.searched:  # two frequencies are covered
        return tuple(ROUTES) if len(case.frequencies) > 2 else ("exact", "ball")
    leaves = (case.has_point and not case.on_simplex) or quantity.leaves_simplex
    return tuple(ROUTES) if leaves else ("exact", "ball", "mp")


def _shows(answer: Enclosure, digits: int) -> bool:
    """Whether the half-width is at most half a unit of the last of that many significant digits."""
    if answer.lower == answer.upper:
        return True
    middle = float(answer.midpoint)
    if math.isinf(middle) or not middle:
        return False
    leading = math.floor(math.log10(abs(middle)))
    return answer.upper - answer.lower <= Fraction(10) ** (leading + 1 - digits)


def route_function(name: str, route: str) -> Route:
    """Return the function that computes `name` by `route`; CannotAnswerError if the route has none."""
    if route not in ROUTES:
        raise InputError(f"unknown route {route[:40]!r}; valid are auto, {', '.join(ROUTES)}")
    reference = find_quantity(name).routes.get(route)
    if reference is None:
        raise CannotAnswerError(f"the {route} route does not compute {short_name(name)}")
    function: Route = resolve(reference)
    return function


def has_proof(name: str) -> bool:
    """Whether what the ball route finds for a quantity can be proved without its search."""
    return bool(find_quantity(name).proof)


def prove(name: str, case: Case, arguments: Arguments, found: Enclosure) -> bool:
    """Whether an enclosure found by the ball route is certainly right; False means not proved.

    CannotAnswerError if a value needed in between has no rigorous route.

    `name`: a quantity for which `has_proof` holds. `case`, `arguments`: what the quantity was asked for, defaults
    filled in. `found`: the enclosure. Wider ends are as right; `at` must be kept where the route gave it.
    """
    proved: bool = resolve(find_quantity(name).proof)(case, found, **arguments)
    return proved
