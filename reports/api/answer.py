"""The value of a quantity, as Python has it."""

from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Any

from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosed, Enclosure


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

    def plot(self, axes: Any = None, route: str = "auto") -> Any:
        """Draw the quantity as a curve through this value on axes of Matplotlib, by default new ones; return these.

        Against the radius, the frequency or k, whichever there is, or a variable of the family. InputError if there is
        nothing that can be varied.
        """
        from emtheory.reports.charts.quantity import quantity_chart  # noqa: PLC0415 (what draws is an extra)

        return quantity_chart(self, route).plot(axes)

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
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "level": self.level,
            "route": self.route,
            "digits": self.digits,
            "seconds": round(self.seconds, 6),
        }
