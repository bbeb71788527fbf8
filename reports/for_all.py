"""A statement over a whole interval of radii."""

from dataclasses import dataclass
from fractions import Fraction

from numerics.case import Case
from reports.expression import Comparison
from reports.point import decide_at
from reports.sample_points import sample_points
from reports.verdict import Finding


@dataclass(frozen=True)
class Coverage:
    """How far a statement was decided over an interval of radii.

    Attributes
    ----------
    findings
        The cells that were decided, or not.
    complete
        Whether they cover every real radius of the interval.
    covered
        What was covered, for the reader.
    """

    findings: tuple[Finding, ...]
    complete: bool
    covered: str


def decide_on_interval(
    comparison: Comparison,
    case: Case,
    radii: tuple[Fraction, Fraction],
    digits_max: int,
    deadline: float | None = None,
) -> Coverage:
    """Decide a statement for every radius in a closed interval.

    It is decided at `sample_points`. A point where it fails refutes it; points where it holds are not the whole
    interval, and `Coverage.complete` says so.
    """
    lower, upper = radii
    if lower == upper:
        only = decide_at(comparison, case.at_radius(lower), digits_max, deadline)
        return Coverage((only,), complete=True, covered=f"the radius {lower}")
    findings = []
    for radius in sample_points(lower, upper):
        findings.append(decide_at(comparison, case.at_radius(radius), digits_max, deadline))
        if findings[-1].holds is False:
            break
    return Coverage(tuple(findings), complete=False, covered=f"{len(findings)} points of the interval, not all of it")
