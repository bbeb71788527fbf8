"""An answer: an interval, how far it can be trusted, and its decimal text."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from emtheory.numerics.arithmetic.closed_form import Exact
from emtheory.numerics.arithmetic.decimal_text import decimal_text
from emtheory.numerics.arithmetic.rational import Bound, exact_number
from emtheory.numerics.errors import CannotAnswerError
from emtheory.numerics.level import Level
from emtheory.theory.published import published_interval


@dataclass(frozen=True)
class Enclosure:
    """The interval [lower, upper] for a real number, with its evidence.

    Attributes
    ----------
    lower, upper
        End points. From level `CERTIFIED` on the truth provably lies between them; below, they are an estimate.
    level
        The strength of the evidence.
    route
        The name of the route that made it: exact, ball, mp or float.
    exact
        The number itself when the level is `EXACT` and it is finite, else None.
    note
        What a reader must know about the evidence, e.g. how far a search went.
    at
        For an extremum over the ray, a radius at which it is attained (0: or approached) to the width of the
        interval; a proof of the interval starts from there.
    """

    lower: Bound
    upper: Bound
    level: Level
    route: str
    exact: Exact | None = None
    note: str = ""
    at: Fraction | None = None

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(f"empty enclosure: {self.lower} > {self.upper}")

    def __bool__(self) -> bool:
        raise TypeError("an enclosure has no truth value: compare it with a number or another enclosure")

    def __float__(self) -> float:
        return float(self.midpoint)

    def __lt__(self, other: object) -> bool:
        return self._compared(other, "<", lambda mine, others: mine.upper < others.lower)

    def __le__(self, other: object) -> bool:
        return self._compared(other, "<=", lambda mine, others: mine.upper <= others.lower)

    def __gt__(self, other: object) -> bool:
        return self._compared(other, ">", lambda mine, others: mine.lower > others.upper)

    def __ge__(self, other: object) -> bool:
        return self._compared(other, ">=", lambda mine, others: mine.lower >= others.upper)

    def __round__(self, places: int = 0) -> Decimal:
        """Return the truth rounded to so many places, halves to even; CannotAnswerError if the interval allows two."""
        ends = {self._finite(end, places) for end in (self.lower, self.upper)}
        if not self.rigorous or len(ends) > 1:
            raise CannotAnswerError(
                f"{self._said()} does not tell how it rounds to {places} places: ask for more digits"
            )
        return Decimal(int(ends.pop() * Fraction(10) ** places)).scaleb(-places)

    def __format__(self, spec: str) -> str:
        """Write the truth to so many places (``.4f``, ``.4e``) or significant digits (``.4g``), each of them right.

        Width and alignment may stand before it (``>12.4f``).
        """
        placed = re.fullmatch(r"(.?[<>^])?([1-9]\d{0,3})(\..*)", spec, re.DOTALL)
        if placed is not None:
            return format(format(self, placed[3]), f"{placed[1] or '>'}{placed[2]}")
        found = re.fullmatch(r"\.(\d{1,4})([efg])", spec)
        if not spec:
            return str(self)
        if found is None:
            raise ValueError(f"format {spec!r}: write .4f or .4e for four places, .4g for four significant digits")
        digits = int(found[1]) + (found[2] == "e")
        if found[2] == "f":
            return f"{round(self, digits):f}"
        texts = {decimal_text(end, max(digits, 1)) for end in (self.lower, self.upper)}
        if not self.rigorous or len(texts) > 1:
            raise CannotAnswerError(f"{self._said()} does not tell {digits} digits: ask for more digits")
        return texts.pop() if found[2] == "g" else f"{Decimal(texts.pop()):.{digits - 1}e}"

    def matches(self, published: str) -> bool:
        """Whether a published decimal is right to its last digit: the truth rounded, or cut off where it ends in ``…``.

        It is such as ``0.1048`` or ``0.10483905…`` (three dots will do). InputError if it is no decimal;
        CannotAnswerError if the interval allows both, or is an estimate only.
        """
        printed = published_interval(published)
        low, high, without = Fraction(printed.low), Fraction(printed.high), printed.without
        if self.rigorous and low <= self.lower and self.upper <= high and without not in (self.lower, self.upper):
            return True
        if self.rigorous and (self.upper < low or self.lower > high or self.lower == self.upper == without):
            return False
        raise CannotAnswerError(f"{self._said()} does not tell whether {published} is right: ask for more digits")

    def _compared(self, other: object, sign: str, holds: Callable[["Enclosure", "Enclosure"], bool]) -> bool:
        if not isinstance(other, Enclosure):
            number = exact_number(other, "value")
            other = Enclosure(number, number, Level.EXACT, "exact")
        if self.rigorous and other.rigorous:
            if holds(self, other):
                return True
            if _OPPOSITE[sign](self, other):
                return False
        raise CannotAnswerError(
            f"whether {self._said()} {sign} {other._said()} is not known: they overlap, or are estimates"
        )

    def _said(self) -> str:
        ends = f"[{decimal_text(self.lower, 6, 'down')}, {decimal_text(self.upper, 6, 'up')}]"
        return ends if self.rigorous else f"the estimate {ends}"

    def _finite(self, end: Bound, places: int) -> Fraction:
        if isinstance(end, float):
            raise CannotAnswerError(f"{self._said()} is not finite")
        return Fraction(round(end, places))

    @property
    def rigorous(self) -> bool:
        """Whether the end points provably contain the truth."""
        return self.level >= Level.CERTIFIED

    @property
    def midpoint(self) -> Bound:
        """The centre, or the infinite end point."""
        if isinstance(self.lower, float) or isinstance(self.upper, float):
            return self.lower if self.lower == self.upper else math.inf
        return (self.lower + self.upper) / 2

    def has_digits(self, digits: int) -> bool:
        """Whether every number in the interval agrees with the midpoint to `digits` significant digits."""
        if self.lower == self.upper:
            return True
        if isinstance(self.lower, float) or isinstance(self.upper, float):
            return False
        crosses_zero = self.lower < 0 < self.upper
        return not crosses_zero and (self.upper - self.lower) * 10**digits <= min(abs(self.lower), abs(self.upper))


class Enclosed:
    """What has an `enclosure`, and is compared, rounded and written as that is."""

    enclosure: Enclosure

    def __float__(self) -> float:
        return float(self.enclosure)

    def __lt__(self, other: object) -> bool:
        return self.enclosure < _enclosure_of(other)

    def __le__(self, other: object) -> bool:
        return self.enclosure <= _enclosure_of(other)

    def __gt__(self, other: object) -> bool:
        return self.enclosure > _enclosure_of(other)

    def __ge__(self, other: object) -> bool:
        return self.enclosure >= _enclosure_of(other)

    def __round__(self, places: int = 0) -> Decimal:
        return round(self.enclosure, places)

    def __format__(self, spec: str) -> str:
        return format(self.enclosure, spec) if spec else repr(self)

    def matches(self, published: str) -> bool:
        """Whether a published decimal is right to its last digit, as `Enclosure.matches` says it."""
        return self.enclosure.matches(published)


def _enclosure_of(other: object) -> Enclosure:
    # What else it is, the enclosure that it is compared with tells.
    return other.enclosure if isinstance(other, Enclosed) else other  # type: ignore[return-value]


_OPPOSITE: Mapping[str, Callable[[Enclosure, Enclosure], bool]] = {
    "<": lambda mine, others: mine.lower >= others.upper,
    "<=": lambda mine, others: mine.lower > others.upper,
    ">": lambda mine, others: mine.upper <= others.lower,
    ">=": lambda mine, others: mine.upper < others.lower,
}
"""When a comparison is certainly false."""


def exact_enclosure(value: Exact, digits: int) -> Enclosure:
    """Enclose an exact number to at least `digits` significant digits, keeping the number itself."""
    lower, upper = value.enclose(digits)
    return Enclosure(lower, upper, Level.EXACT, "exact", exact=value)


FLOAT_DIGITS = 17
"""They tell any two doubles apart: further ones would say nothing."""
GUARD_DIGITS = 3
"""Shown beyond the digits asked for, so that whoever rounds to these rounds the number and not its rounded text."""


def printed(quantity: str, answer: Enclosure, digits: int) -> dict[str, str | None]:
    """Return value, lower, upper, level and route as text; lower and upper are None unless rigorous.

    CannotAnswerError if the answer has fewer than `digits` correct digits; double precision gives what it gives.

    `quantity`: its name, for the error message. `answer`: what a route found. `digits`: significant digits asked for;
    three more are shown, but of double precision no more than 17.
    """
    if answer.level > Level.OBSERVED and not answer.has_digits(digits):
        lower, upper = decimal_text(answer.lower, 20, "down"), decimal_text(answer.upper, 20, "up")
        note = f" ({answer.note})" if answer.note else ""
        raise CannotAnswerError(
            f"{quantity} is known to lie in [{lower}, {upper}] only, which is not {digits} significant digits{note}"
        )
    shown = digits + GUARD_DIGITS
    if answer.level == Level.OBSERVED:
        shown = min(shown, FLOAT_DIGITS)
    return {
        "value": decimal_text(answer.midpoint, shown),
        "lower": decimal_text(answer.lower, shown, "down") if answer.rigorous else None,
        "upper": decimal_text(answer.upper, shown, "up") if answer.rigorous else None,
        "level": str(answer.level),
        "route": answer.route,
    }
