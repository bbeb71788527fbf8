"""What `emtheory check` leaves for CI: JUnit, a badge, marks on failing claims and a summary of a job on GitHub."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from emtheory.numerics.errors import InputError
from emtheory.reports.checking.check_text import details, summary, word
from emtheory.reports.checking.checking import Checked
from emtheory.reports.checking.claims_file import place_of
from emtheory.reports.checking.record import Record
from emtheory.reports.decide.verdict import INCONCLUSIVE
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.render.junit import Problem, TestCase
from emtheory.reports.render.markdown import code
from emtheory.reports.render.prose import markdown_prose as prose
from emtheory.reports.render.prose import markdown_text as text

PROBLEM_MATCHER = Path(__file__).with_name("problem-matcher.json")
"""What GitHub finds claims that failed, and errors, by in the output."""

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Names the file of a job's summary on GitHub, to which it is appended."""

_BADGE_COLOURS = {ExitCode.OK: "brightgreen", ExitCode.INCONCLUSIVE: "yellow"}


def junit_cases(
    results: Sequence[Checked], *, allow_inconclusive: bool, drift: tuple[str, Sequence[str]] | None
) -> Iterator[TestCase]:
    """Yield a test case for each claim, and one for drift from a lock file; an open claim is skipped or an error."""
    if drift is not None:
        problem = Problem("failure", "; ".join(drift[1])) if drift[1] else None
        yield TestCase(drift[0], "drift", problem)
    for checked in results:
        record, problem = checked.record, None
        if not record.ok:
            open_kind = "skipped" if allow_inconclusive and record.error is None else "error"
            kind = open_kind if record.verdict == INCONCLUSIVE else "failure"
            wanted = f"expected: {record.expected}"
            if record.is_weak and record.as_expected:
                wanted = f"below the required {record.required}"
            message = f"{record.verdict} ({wanted}): {record.reason}"
            problem = Problem(kind, message, "\n".join(details(checked)))
        properties = {"verdict": record.verdict, "level": record.level or "", "margin": record.margin or ""}
        place = (str(checked.path), checked.claim.line)
        yield TestCase(str(checked.path), record.id, problem, record.seconds, properties, place)


def badge(records: Sequence[Record], status: ExitCode) -> str:
    """Return the JSON from which badge services draw a badge ("endpoint" of shields.io), coloured by the status."""
    good = sum(record.ok for record in records)
    message = f"{good} as expected" if status == ExitCode.OK else f"{good} of {len(records)} as expected"
    colour = _BADGE_COLOURS.get(status, "red")
    document = {"schemaVersion": 1, "label": "claims", "message": message, "color": colour}
    return json.dumps(document, indent=2) + "\n"


def summary_markdown(results: Sequence[Checked], drifted: Sequence[str]) -> str:
    """Return the summary of a job as Markdown: a row for each claim, and where and why those that failed did."""
    lines = ["### emtheory check", "", text(summary([checked.record for checked in results]))]
    lines += ["", *(f"- drifted: {text(line)}" for line in drifted)] if drifted else []
    lines += ["", "| | claim | verdict | margin | seconds |", "| --- | --- | --- | --- | --- |"]
    for checked in results:
        record = checked.record
        title = f" {prose(checked.claim.title)}" if checked.claim.title else ""
        cells = (word(record), code(record.id) + title, record.verdict, record.margin or "", f"{record.seconds:.2f}")
        lines.append(f"| {' | '.join(cells)} |")
    for checked in results:
        if not checked.record.ok:
            lines += ["", f"**{text(checked.record.id)}** at {code(place_of(checked.path, checked.claim.line))}", ""]
            # Indented by four blanks it is a block of code, whatever it contains.
            lines += [f"    {part}" for line in details(checked) for part in line.splitlines()]
    return "\n".join(lines) + "\n\n"


def summary_file() -> Path:
    """Return the file of the summary of a job on GitHub; InputError if there is none."""
    name = os.environ.get(SUMMARY_VARIABLE)
    if not name:
        raise InputError(f"--github: {SUMMARY_VARIABLE} is not set: this is for jobs on GitHub")
    return Path(name)
