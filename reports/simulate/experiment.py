"""An experiment: what EM shows in floating point, held against an exact or certified prediction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import Case
from emtheory.numerics.enclosure import Enclosure, exact_enclosure
from emtheory.numerics.evaluate import evaluate
from emtheory.numerics.level import Level
from emtheory.numerics.quantities import find_quantity
from emtheory.numerics.samples.estimate import Estimate
from emtheory.theory.claim import HOLDS

if TYPE_CHECKING:
    from emtheory.reports.render.panels import Panel

OBSERVED = "observed"
REFUTED = "refuted"


@dataclass(frozen=True)
class Comparison:
    """A prediction held against an estimate, with evidence; of a control, slightly wrong, ``refuted`` is expected."""

    statement: str
    predicted: Enclosure
    observed: Estimate
    expected: str = HOLDS

    @property
    def outcome(self) -> str:
        """``observed`` if the interval meets the prediction's enclosure, else ``refuted``; sampling knows no more."""
        meets = self.observed.low <= self.predicted.upper and self.predicted.lower <= self.observed.high
        return OBSERVED if meets else REFUTED

    @property
    def ok(self) -> bool:
        """Whether it came out as expected."""
        return (self.outcome == REFUTED) == (self.expected == REFUTED)


Cell = str | float | Estimate


@dataclass(frozen=True)
class Table:
    """Columns of text, numbers or estimates under a title."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Findings:
    """What an experiment found: comparisons, tables, figures, and what must be said besides."""

    comparisons: tuple[Comparison, ...]
    tables: tuple[Table, ...]
    panels: "tuple[Panel, ...]"
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """An experiment: what it asks, where that comes from, and a run of up to a minute that finds the same always."""

    title: str
    source: str
    run: Callable[[], Findings]


def computed(value: float) -> Enclosure:
    """Return a prediction that was computed in double precision."""
    return Enclosure(Fraction(value), Fraction(value), Level.OBSERVED, "float")


def exact(value: Fraction | int) -> Enclosure:
    """Return a prediction that is a rational number."""
    return exact_enclosure(rational(Fraction(value)), 17)


def theory(quantity: str, case: Case, digits: int = 12, **arguments: Fraction) -> Enclosure:
    """Return a prediction by the strongest route, by default to far more digits than any observation has.

    CannotAnswerError if no route gives so many.
    """
    at = case if find_quantity(quantity).needs_point else replace(case, radius=None, amplitudes=None)
    return evaluate(quantity, at, arguments, digits)
