"""How far a statement was decided over a domain."""

from dataclasses import dataclass

from emtheory.numerics.level import Level
from emtheory.reports.decide.verdict import Finding

TIME_IS_UP = "the time is up"
"""Why something was left undecided."""


@dataclass(frozen=True)
class Coverage:
    """How far a statement was decided over the part of a domain with one k.

    Attributes
    ----------
    findings
        The cases or cells that were decided, or not, in order; or the one that refutes the statement.
    complete
        Whether the statement was decided for every case there.
    covered
        What was covered, for the reader; empty if that is clear.
    excluded_by
        If an assumption excludes this k, the strength of the evidence that it does.
    beyond
        If the statement was looked at in points only, why no more is in reach, and what would be.
    """

    findings: tuple[Finding, ...]
    complete: bool
    covered: str
    excluded_by: Level | None = None
    beyond: str = ""
