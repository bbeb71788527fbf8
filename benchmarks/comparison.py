"""What is measured: sides of a comparison, how a cost grows, and what was promised about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Clock = Literal["processor", "wall"]
"""Processor time is not disturbed by what else runs; wall time counts where processes or threads do the work."""

Scale = Literal["tiny", "quick", "full"]
"""How much is measured: the smallest case of each (for the tests), some minutes at most, everything."""


@dataclass(frozen=True)
class Side:
    """One way to compute something.

    Attributes
    ----------
    name
        What the tables call it.
    run
        The computation, from cold caches of ours.
    digits
        Its value ↦ how many of its digits are right, judged by certified values; None where there is no number.
    """

    name: str
    run: Callable[[], Any]
    digits: Callable[[Any], float] | None = None


@dataclass(frozen=True)
class Target:
    """A promise about a comparison.

    Attributes
    ----------
    says
        The promise in words.
    limit
        The number promised.
    side
        Whose time, as a multiple of the first side's, it is about; None: the seconds of the first side, or the
        exponent of a growth.
    at_least
        Whether the limit must be reached, not kept.
    otherwise
        What bounds it where it is missed.
    """

    says: str
    limit: float
    side: str | None = None
    at_least: bool = False
    otherwise: str = ""

    def reached(self, value: float) -> bool:
        """Whether a measured value keeps the promise."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Comparison:
    """Sides that are measured in turn; the times of the others are told as multiples of the first's.

    `warm` is whether what was made for an earlier call is kept.
    """

    name: str
    sides: tuple[Side, ...]
    targets: tuple[Target, ...] = ()
    clock: Clock = "processor"
    warm: bool = False


@dataclass(frozen=True)
class Growth:
    """A computation at several sizes: its time is fitted by a power of the size."""

    name: str
    variable: str
    runs: Mapping[int, Callable[[], Any]]
    targets: tuple[Target, ...] = ()
    clock: Clock = "processor"
