"""A statement over a whole interval of radii."""

from dataclasses import dataclass
from fractions import Fraction

from numerics.case import Case
from reports.expression import Comparison
from reports.point import decide_at
from reports.verdict import Finding

INNER_POINTS = 16


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

    It is decided at both ends and at 16 points between, half of them spread by multiples of the golden ratio and half
    drawing near to the lower end, where statements that are tight at the origin fail first. A point where it
    fails refutes it; points where it holds are not the whole interval, and `Coverage.complete` says so.
    """
    lower, upper = radii
    if lower == upper:
        only = decide_at(comparison, case.at_radius(lower), digits_max, deadline)
        return Coverage((only,), complete=True, covered=f"the radius {lower}")
    findings = []
    for radius in (lower, upper, *_between(lower, upper)):
        findings.append(decide_at(comparison, case.at_radius(radius), digits_max, deadline))
        if findings[-1].holds is False:
            break
    return Coverage(tuple(findings), complete=False, covered=f"{len(findings)} points of the interval, not all of it")


def _between(lower: Fraction, upper: Fraction) -> list[Fraction]:
    # 610/987 is a convergent of the golden ratio's reciprocal: its multiples modulo 1 fill the interval evenly.
    spread = [Fraction(610 * i, 987) % 1 for i in range(1, INNER_POINTS // 2 + 1)]
    near = [Fraction(1, 2 ** (i + 1)) for i in range(1, INNER_POINTS // 2 + 1)]
    return sorted(lower + (upper - lower) * fraction for fraction in (*spread, *near))
