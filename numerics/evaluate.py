"""From a quantity and a case to an enclosure, by the route asked for or the strongest that can answer."""

from collections.abc import Callable
from importlib import import_module

from numerics.case import Case
from numerics.enclosure import Enclosure
from numerics.errors import CannotAnswerError, InputError
from numerics.quantity import Arguments, check_arguments, check_point, find_quantity

ROUTES = {
    "exact": "numerics.routes.exact",
    "ball": "numerics.routes.ball",
    "mp": "numerics.routes.mp",
    "float": "numerics.routes.floating",
}
"""Route name → its module, strongest first. A module has one function per quantity it can compute."""

MAX_DIGITS = 2000

Route = Callable[..., Enclosure]


def evaluate(
    name: str, case: Case, arguments: Arguments | None = None, digits: int = 30, route: str = "auto"
) -> Enclosure:
    """Evaluate a quantity.

    Parameters
    ----------
    name
        A quantity of `numerics.quantity.QUANTITIES`.
    case
        The exact case, with a point if and only if the quantity needs one.
    arguments
        The quantity's arguments, exact.
    digits
        Correct significant digits wanted, 1 to 2000; the float route gives what double precision gives.
    route
        ``exact``, ``ball``, ``mp``, ``float``, or ``auto``: the strongest that can give `digits` digits, and
        float only for quantities that are sampled.

    Raises
    ------
    InputError
        If anything is out of its domain.
    CannotAnswerError
        If no route asked can meet the request.
    """
    quantity = find_quantity(name)
    checked = check_arguments(quantity, arguments or {}, case.k)
    check_point(quantity, case)
    if not 1 <= digits <= MAX_DIGITS:
        raise InputError(f"digits = {digits} is out of range: 1 to {MAX_DIGITS}")
    if route != "auto":
        return route_function(name, route)(case, digits, **checked)
    reasons = []
    for candidate in ("float",) if quantity.sampled else ("exact", "ball", "mp"):
        try:
            return route_function(name, candidate)(case, digits, **checked)
        except CannotAnswerError as error:
            reasons.append(f"{candidate}: {error}")
    raise CannotAnswerError(f"no route gives {name} to {digits} digits ({'; '.join(reasons)})")


def route_function(name: str, route: str) -> Route:
    """Return the function that computes `name` by `route`; CannotAnswerError if the route has none."""
    if route not in ROUTES:
        raise InputError(f"unknown route {route[:40]!r}; valid are auto, {', '.join(ROUTES)}")
    function: Route | None = getattr(import_module(ROUTES[route]), name, None)
    if function is None:
        raise CannotAnswerError(f"the {route} route does not compute {name}")
    return function
