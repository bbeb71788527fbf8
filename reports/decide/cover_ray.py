"""A statement for every radius from one on: an interval by subdivision, and a tail."""

from fractions import Fraction

from emtheory.numerics.case import Case
from emtheory.numerics.side_by_side import seconds_until
from emtheory.reports.decide.boxes.cover import explore_window, tail_of
from emtheory.reports.decide.boxes.search import MAX_CELLS
from emtheory.reports.decide.cover_radius import decide_on_interval
from emtheory.reports.decide.coverage import Coverage
from emtheory.reports.decide.domain import Question
from emtheory.reports.decide.verdict import Finding


def decide_on_ray(question: Question, case: Case, digits_max: int, deadline: float | None) -> Coverage | None:
    """Decide a statement for every radius from the lower end on.

    Near the radius 0, where its sides may touch, expansions decide it, as on an interval.

    Parameters
    ----------
    question, case
        What is asked, with the radius as its only variable, and one of its cases.
    digits_max, deadline
        How far quantities are refined, and a reading of `time.monotonic` after which what is left stays undecided.

    Returns
    -------
    Coverage or None
        None if no radius is found from which on it holds.

    Raises
    ------
    InputError
        If the statement has no value somewhere.
    """
    span = question.spans["radius"]
    tail, refuting = tail_of(question, case, {"radius": (span.lower, span.lower)}, deadline)
    if tail is None:
        return None if refuting is None else _refuted(refuting)
    start: Fraction = tail["radius"][0]
    findings: tuple[Finding, ...] = ()
    complete = True
    if span.lower < start:
        ends, opened = (span.lower, start), (span.open_lower, False)
        near = decide_on_interval(question.comparison, case, ends, digits_max, deadline, opened)
        if near is None:
            return None
        if near.findings[-1].holds is False or not near.complete:
            return near
        findings, complete = near.findings, near.complete
    far = explore_window(question, case, tail, "radius", digits_max, MAX_CELLS, seconds_until(deadline))
    if far.refuting is not None:
        return _refuted(far.refuting)
    findings += far.findings
    complete = complete and all(finding.holds for finding in far.findings)
    return Coverage(findings, complete, covered=f"every radius in {span}, in {len(findings)} cells")


def _refuted(finding: Finding) -> Coverage:
    where = "nothing" if finding.holds is None else "a radius that refutes it"
    return Coverage((finding,), complete=False, covered=where)
