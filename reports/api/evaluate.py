"""`emtheory.evaluate`: one quantity on one exact case."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

from emtheory.numerics import evaluate as routes
from emtheory.numerics.arithmetic.rational import Exact, exact_integer, exact_number
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.printed import printed
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import check_arguments
from emtheory.reports.api.answer import Answer
from emtheory.reports.api.given import ROUTE_NAMES, choice, seconds, text


def evaluate(
    quantity: str,
    k: int,
    weights: str | Sequence[Exact],
    *,
    d: int | None = None,
    radius: Exact | None = None,
    amplitudes: str | Sequence[Exact] | None = None,
    digits: int = 30,
    route: str = "auto",
    timeout: float | None = None,
    **arguments: Exact,
) -> Answer:
    """Evaluate a quantity on an exact case, as ``emtheory evaluate`` does.

    Parameters
    ----------
    quantity
        A name that ``emtheory quantities`` lists.
    k
        Number of components, at least 2.
    weights
        A family such as ``"linear"`` or ``"one-heavy:3/5"``, or the exact weights: a text with commas, or a sequence
        of integers, fractions and texts. They are positive and their sum is exactly 1.
    d
        Dimension, at least k − 1, which is the default.
    radius, amplitudes
        The point, for quantities that need one: the radius of a regular simplex, or the amplitudes of the frequencies
        1..⌊k/2⌋. The radius is also the argument of the quantities that have one of this name.
    digits
        Correct significant digits, 1 to 2000.
    route
        ``auto``, the strongest that can answer, or ``exact``, ``ball``, ``mp`` or ``float``.
    timeout
        Seconds after which it is given up, or None; with a timeout it is computed in another process.
    arguments
        The quantity's own arguments, such as ``m=1``.

    Returns
    -------
    Answer
        The value as decimal text and as an enclosure, with the strength of the evidence.

    Raises
    ------
    InputError
        If anything is malformed, not exact, or out of its domain.
    CannotAnswerError
        If no route gives that many digits, or none in time.

    Examples
    --------
    >>> import emtheory
    >>> emtheory.evaluate("contraction_factor", 4, "1/2,1/4,1/8,1/8")
    contraction_factor = 0.9375 (exact)
    >>> float(emtheory.evaluate("dft_modulus", 3, "one-heavy:3/5", m=1))
    0.4
    """
    return answered(quantity, k, weights, d, radius, amplitudes, arguments, digits, route, timeout)


def answered(
    quantity: str,
    k: int,
    weights: str | Sequence[Exact],
    d: int | None,
    radius: Exact | None,
    amplitudes: str | Sequence[Exact] | None,
    arguments: Mapping[str, Exact],
    digits: int,
    route: str,
    timeout: float | None,
) -> Answer:
    """Evaluate a quantity whose arguments may have any name; errors and result are those of `evaluate`.

    Parameters
    ----------
    quantity, k, weights, d, radius, amplitudes, digits, route, timeout
        As for `evaluate`.
    arguments
        The quantity's own arguments, by name.
    """
    known = find_quantity(text(quantity, "quantity"))
    exact = {name: exact_number(value, name) for name, value in arguments.items()}
    # Without a point to give, the radius means the quantity's own argument, such as the end of the ray.
    if known.radius_is_argument and radius is not None and "radius" not in exact:
        exact["radius"], radius = exact_number(radius, "radius"), None
    case = make_case(k, weights, d, radius, amplitudes, many=known.any_count)
    filled = check_arguments(known, exact, case.k)
    limit = seconds(timeout, "timeout")
    wanted = exact_integer(digits, "digits")
    request = known.name, case, exact, wanted, choice(route, "route", ROUTE_NAMES)
    start = perf_counter()
    enclosure = routes.evaluate(*request) if limit is None else _evaluate_within(limit, request)
    taken = perf_counter() - start
    shown = printed(known.name, enclosure, wanted)
    return Answer(
        quantity=known.name,
        arguments=tuple(filled.items()),
        case=case,
        value=str(shown["value"]),
        lower=shown["lower"],
        upper=shown["upper"],
        level=str(shown["level"]),
        route=str(shown["route"]),
        digits=wanted,
        enclosure=enclosure,
        seconds=taken,
    )


def _evaluate_within(timeout: float, request: tuple[Any, ...]) -> Enclosure:
    """Evaluate in a process that is stopped after `timeout` seconds."""
    # Processes are seldom asked for, and what starts them takes a moment to load.
    from emtheory.numerics.processes import LostProcessError, answer_of, processes  # noqa: PLC0415

    with processes(1) as submit:
        try:
            enclosure: Enclosure = answer_of(submit(routes.evaluate, *request, timeout=timeout))
        except TimeoutError:
            reason = f"no answer within {timeout:g} s: allow more time, or ask for fewer digits"
            raise CannotAnswerError(reason) from None
        except LostProcessError as error:
            raise CannotAnswerError(str(error)) from None
    return enclosure
