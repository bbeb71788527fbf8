"""`emtheory.evaluate`: one quantity on one exact case."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from time import perf_counter
from typing import TYPE_CHECKING, Any

from emtheory.numerics import evaluate as routes
from emtheory.numerics.arithmetic.constant import Constant, real_number
from emtheory.numerics.arithmetic.rational import Bound, Exact, exact_integer, exact_number
from emtheory.numerics.case import Case, make_case
from emtheory.numerics.enclosure import Enclosed, Enclosure, printed
from emtheory.numerics.errors import CannotAnswerError, InputError
from emtheory.numerics.families import find_family
from emtheory.numerics.names import SEPARATOR, is_model, label_of
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.quantity import check_arguments
from emtheory.numerics.side_by_side import LostProcessError
from emtheory.reports.api.given import ROUTE_NAMES, choice, seconds, text
from emtheory.reports.decide.point import arguments_of
from emtheory.reports.language.expression import formula_text
from emtheory.reports.language.family_values import coordinates_of
from emtheory.reports.language.parser import parse_quantity

if TYPE_CHECKING:
    from emtheory.reports.render.chart import Chart


@dataclass(frozen=True, repr=False)
class Answer(Enclosed):
    """The value of a quantity. It has no truth value: compare it with a number or another answer.

    A comparison that the enclosures do not decide is a `CannotAnswerError`; ``f"{answer:.6f}"`` and ``round`` write
    digits that are all right, or say that they are not known.

    ``float(answer)`` is the middle of the enclosure in double precision, for plots and the like.

    Attributes
    ----------
    quantity, arguments
        Its name, and its arguments with defaults filled in.
    case
        The exact case.
    value, lower, upper
        Decimal text; the last two are None unless they are a rigorous enclosure.
    level, route
        The strength of the evidence, and where it comes from.
    digits
        Significant digits that were asked for.
    enclosure
        The same with exact end points.
    seconds
        Time taken.
    weights
        As they were written, such as ``one-heavy:3/5``.
    """

    quantity: str
    arguments: tuple[tuple[str, Fraction], ...]
    case: Case
    value: str
    lower: str | None
    upper: str | None
    level: str
    route: str
    digits: int
    enclosure: Enclosure
    seconds: float = field(compare=False)
    weights: str = field(default="", compare=False)

    def __bool__(self) -> bool:
        raise TypeError("an answer has no truth value: compare it with a number or another answer")

    def chart(self, route: str = "auto") -> "Chart":
        """Return the quantity as a curve through this value, each point by a route.

        Against the radius, the frequency or k, whichever there is, or a variable of the family. InputError if there is
        nothing that can be varied.
        """
        from emtheory.reports.charts.quantity import quantity_chart  # noqa: PLC0415 (what draws is an extra)

        return quantity_chart(self, route)

    def plot(self, axes: Any = None, route: str = "auto") -> Any:
        """Draw `chart` on axes of Matplotlib, by default new ones, and return these; InputError as there."""
        return self.chart(route).plot(axes)

    def __repr__(self) -> str:
        return f"{self.quantity} = {self.value} ({self.level})"

    def _repr_html_(self) -> str:
        ends = "" if self.lower is None else f" in [{self.lower}, {self.upper}]"
        return f"<code>{escape(self.quantity)}</code> = {escape(self.value + ends)} <em>({escape(self.level)})</em>"

    def as_json(self) -> dict[str, object]:
        """Return the answer as in ``evaluate --json``."""
        return {
            "schema": 1,
            "quantity": self.quantity,
            "arguments": {name: str(value) for name, value in self.arguments},
            "case": self.case.as_json(),
            **{name: getattr(self, name) for name in ("value", "lower", "upper", "level", "route", "digits")},
            "seconds": round(self.seconds, 6),
        }


def evaluate(
    quantity: str,
    k: int | None = None,
    weights: str | Sequence[Exact] | None = None,
    *,
    family: str = "",
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
        Number of components, at least 2; None with a family.
    weights
        A family such as ``"linear"`` or ``"one-heavy:3/5"``, or the exact weights: a text with commas, or a sequence
        of integers, fractions and texts. They are positive and their sum is exactly 1.
    family
        Another family than the tied mixtures, such as ``"two-means"``: its variables are given by name.
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
        The quantity's own arguments, such as ``m=1``, and the variables of a family, such as ``theta=1``.

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
    >>> emtheory.evaluate("em_map", family="two-means", theta=0, separation=1, truth_weight="3/5", fit_weight="3/4")
    em_map = 0.1 (exact)
    """
    names = variable_names(family)
    values = {name: value for name, value in arguments.items() if name in names}
    own = {name: value for name, value in arguments.items() if name not in names}
    place = Given(k, weights, d, radius, amplitudes, text(family, "family"), values)
    return answered(quantity, place, own, digits, route, timeout)


@dataclass(frozen=True)
class Given:
    """A case as it was given, by k and weights or by a family and its variables; the fields are those of `evaluate`."""

    k: int | None
    weights: str | Sequence[Exact] | None
    d: int | None = None
    radius: Exact | None = None
    amplitudes: str | Sequence[Exact] | None = None
    family: str = ""
    values: Mapping[str, Exact | Constant] = field(default_factory=dict)

    def check(self) -> None:
        """Raise InputError if it is given in both ways, or in neither."""
        tied = ("k", "weights", "d", "radius", "amplitudes")
        if self.family:
            stray = next((name for name in tied if getattr(self, name) is not None), None)
            if stray is not None:
                raise InputError(f"{stray} has no meaning for {label_of(self.family)}: leave it out")
        elif self.values:
            raise InputError(f"{next(iter(self.values))} is a variable of a family: name it, such as two-means")
        elif self.k is None or self.weights is None:
            raise InputError("k (--k) and weights (--weights) are needed, or a family and its variables")


def variable_names(family: str) -> tuple[str, ...]:
    """Return the names of a family's variables; none without a family."""
    return tuple(each.name for each in find_family(text(family, "family")).variables) if family else ()


def answered(
    quantity: str, place: Given, arguments: Mapping[str, Exact], digits: int, route: str, timeout: float | None
) -> Answer:
    """Evaluate a quantity whose arguments may have any name; errors and result are those of `evaluate`."""
    place.check()
    name = text(quantity, "quantity")
    exact: dict[str, Bound] = {name: _exact(value, name) for name, value in arguments.items()}
    call = parse_quantity(name, place.family) if is_model(place.family) or "(" in name else None
    written = {} if call is None else dict(call.arguments)
    if twice := exact.keys() & written.keys():
        raise InputError(f"the argument {min(twice)} is given twice")
    if call is not None:
        known, name = find_quantity(call.quantity), call.label
    else:
        short = place.family and SEPARATOR not in name
        known = find_quantity(find_family(place.family).full_name(name) if short else name)
    radius = place.radius
    # Without a point to give, the radius means the quantity's own argument, such as the end of the ray.
    if known.radius_is_argument and radius is not None and "radius" not in {*exact, *written}:
        exact["radius"], radius = exact_number(radius, "radius"), None
    case = _case(place, radius, many=known.any_count)
    if call is not None:
        exact |= arguments_of(call, case)
    filled = check_arguments(known, exact, case.k)
    limit = seconds(timeout, "timeout")
    wanted = exact_integer(digits, "digits")
    request = known.name, case, exact, wanted, choice(route, "route", ROUTE_NAMES)
    start = perf_counter()
    enclosure = routes.evaluate(*request) if limit is None else _evaluate_within(limit, request)
    taken = perf_counter() - start
    shown = printed(name, enclosure, wanted)
    return Answer(
        quantity=name,
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
        weights=place.weights if isinstance(place.weights, str) else ",".join(map(str, place.weights or ())),
    )


def _case(place: Given, radius: Exact | None, *, many: bool) -> Case:
    if place.family:
        family = find_family(place.family)
        read = real_number if is_model(place.family) else exact_number
        vectors = {name: str(place.values[name]) for name in dict(family.vectors).keys() & place.values.keys()}
        given = {name: value for name, value in place.values.items() if name not in vectors}
        # Formulas of coordinates are numbers here, as nothing ranges over an interval.
        parts = coordinates_of(family, {**dict.fromkeys(given, "0"), **vectors}, ())
        given |= {name: formula_text(part, {}) for name, part in parts.items() if not isinstance(part, str)}
        return family.case({name: read(value, name) for name, value in given.items()})
    if place.k is None or place.weights is None:
        raise ValueError("a case that was not checked")
    return make_case(place.k, place.weights, place.d, radius, place.amplitudes, many=many)


def _exact(value: Exact, name: str) -> Bound:
    """An exact number, or an infinity, as text or as Python has it: whether that may be is for the quantity to say."""
    infinite = {"inf": math.inf, "-inf": -math.inf}
    if isinstance(value, str) and value.strip() in infinite:
        return infinite[value.strip()]
    if isinstance(value, float) and math.isinf(value):
        return value
    return exact_number(value, name)


def _evaluate_within(timeout: float, request: tuple[Any, ...]) -> Enclosure:
    """Evaluate in a process that is stopped after `timeout` seconds."""
    # Processes are seldom asked for, and what starts them takes a moment to load.
    from emtheory.numerics.processes import processes  # noqa: PLC0415

    with processes(1) as submit:
        try:
            enclosure: Enclosure = submit(routes.evaluate, *request, timeout=timeout).result()
        except TimeoutError:
            reason = f"no answer within {timeout:g} s: allow more time, or ask for fewer digits"
            raise CannotAnswerError(reason) from None
        except LostProcessError as error:
            raise CannotAnswerError(str(error)) from None
    return enclosure
