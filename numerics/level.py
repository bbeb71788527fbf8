"""How strong evidence is, and the routes that give it: light, so that the command line can name them at once."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType


class Level(IntEnum):
    """The strength of evidence, weakest first; arithmetic keeps the weakest."""

    OBSERVED = 0
    """Double precision or sampling."""
    SUPPORTED = 1
    """High precision with an estimated, not proved, error."""
    CERTIFIED = 2
    """A rigorous enclosure."""
    EXACT = 3
    """Exact algebra."""

    def __str__(self) -> str:
        return self.name.lower()


ROUTES: Mapping[str, Level] = MappingProxyType(
    {"exact": Level.EXACT, "ball": Level.CERTIFIED, "mp": Level.SUPPORTED, "float": Level.OBSERVED}
)
"""Route → the level of what it answers, strongest first. A new route is a line here, and named by its quantities."""

STRENGTH: Mapping[Level, str] = MappingProxyType(
    {Level.EXACT: "proved", Level.CERTIFIED: "certified", Level.SUPPORTED: "supported", Level.OBSERVED: "observed"}
)
"""Level of the evidence → verdict on a statement that holds, strongest first."""

LEVELS = tuple(STRENGTH.values())
"""The verdicts on statements that hold, strongest first."""

KERNEL = "kernel"
"""Above all of them: what a proof kernel has checked besides (`emtheory.reports.kernel`). No route gives it."""

REQUIRED = "certified"
"""The level that is required where nothing else is asked for: what holds at points of a domain need not hold on it."""

REQUIRABLE = (KERNEL, *LEVELS)
"""The levels that evidence may be required to have, strongest first."""
