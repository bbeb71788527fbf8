"""An experiment: what EM shows in floating point, held against an exact or certified prediction."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from numerics.enclosure import Enclosure, Level
from theory.claim import HOLDS

if TYPE_CHECKING:
    from reports.panels import Panel

OBSERVED = "observed"
REFUTED = "refuted"


@dataclass(frozen=True)
class Interval:
    """An estimate with a confidence interval.

    Attributes
    ----------
    value, low, high
        The estimate and the ends of its interval.
    confidence
        Of the interval.
    trials
        Independent repetitions that it rests on.
    seeds
        Their seeds in words, such as ``0..7``.
    """

    value: float
    low: float
    high: float
    confidence: float
    trials: int
    seeds: str


@dataclass(frozen=True)
class Comparison:
    """A prediction held against an estimate.

    Attributes
    ----------
    statement
        What is claimed, in words.
    predicted
        The prediction with its own level of evidence.
    observed
        The estimate.
    expected
        ``holds``, or ``refuted`` for a control: a slightly wrong prediction that must be told apart.
    """

    statement: str
    predicted: Enclosure
    observed: Interval
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


@dataclass(frozen=True)
class Table:
    """Columns of text or numbers under a title."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True)
class Findings:
    """What an experiment found: comparisons, tables, figures, and what must be said besides."""

    comparisons: tuple[Comparison, ...]
    tables: tuple[Table, ...]
    panels: "tuple[Panel, ...]"
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """A named experiment.

    Attributes
    ----------
    title
        What it asks.
    source
        Where the paper's summary asks it, or where the theory comes from.
    run
        Does it; takes seconds to a minute, and gives the same findings every time.
    """

    title: str
    source: str
    run: Callable[[], Findings]


def known(value: float, level: Level = Level.OBSERVED) -> Enclosure:
    """Return a prediction computed in double precision."""
    return Enclosure(Fraction(value), Fraction(value), level, "float")
