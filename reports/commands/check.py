"""`emtheory check`: the claims of TOML files, and what it leaves for CI: JUnit, a badge, marks and a summary."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import click

from emtheory.numerics.errors import InputError
from emtheory.reports.api.check import Results
from emtheory.reports.checking.cache import last_failed, remember_failed
from emtheory.reports.checking.check_text import (
    ERROR,
    FAILED,
    OPEN,
    PASSED,
    WEAK,
    claim_line,
    details,
    explanation,
    failures,
    id_width,
    summary,
    word,
)
from emtheory.reports.checking.checking import Checked, check_claims
from emtheory.reports.checking.claims_file import claim_place, place_of
from emtheory.reports.checking.effort import Effort
from emtheory.reports.checking.kept import default_folder
from emtheory.reports.checking.lock import drifts, lock_text, read_lock
from emtheory.reports.checking.model_files import load_models
from emtheory.reports.checking.record import Located, Record
from emtheory.reports.checking.selection import choose, find_files, load_all, load_wanted
from emtheory.reports.decide.verdict import INCONCLUSIVE
from emtheory.reports.exit_code import ExitCode
from emtheory.reports.progress import keeping, waiting
from emtheory.reports.render.drawing import check_files, check_plot, draw
from emtheory.reports.render.junit import Problem, TestCase, junit_xml
from emtheory.reports.render.markdown import code
from emtheory.reports.render.prose import markdown_prose as prose
from emtheory.reports.render.prose import markdown_text as text
from emtheory.reports.text_file import make_folder, without_controls, write_atomically

PROBLEM_MATCHER = Path(__file__).with_name("problem-matcher.json")
"""What GitHub finds claims that failed, and errors, by in the output."""

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Names the file of a job's summary on GitHub, to which it is appended."""

_BADGE_COLOURS = {ExitCode.OK: "brightgreen", ExitCode.INCONCLUSIVE: "yellow"}

_COLOURS = {PASSED: "green", FAILED: "red", OPEN: "yellow", WEAK: "yellow", ERROR: "red"}


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
    return without_controls("\n".join(lines)) + "\n\n"


def summary_file() -> Path:
    """Return the file of the summary of a job on GitHub; InputError if there is none."""
    name = os.environ.get(SUMMARY_VARIABLE)
    if not name:
        raise InputError(f"--github: {SUMMARY_VARIABLE} is not set: this is for jobs on GitHub")
    return Path(name)


@dataclass(frozen=True)
class Request:
    """The options of the command, as its help describes them; the effort has those that are its own."""

    paths: Sequence[Path]
    effort: Effort
    models: Sequence[Path] = ()
    select: Sequence[str] = ()
    deselect: Sequence[str] = ()
    explain: str | None = None
    allow_inconclusive: bool = False
    junit: Path | None = None
    lock: Path | None = None
    frozen: bool = False
    use_cache: bool = True
    plot: Path | None = None
    badge: Path | None = None
    html: Path | None = None
    last: bool = False
    github: bool = False
    as_json: bool = False


def run(request: Request) -> ExitCode:
    """Check the claims selected, print the verdicts, and return the exit status."""
    _check_options(request)
    if request.github:
        summary_file()
        click.echo(f"::add-matcher::{PROBLEM_MATCHER}", err=True)
    files, models = find_files(request.paths), load_models(request.models)
    folder = (request.effort.cache or default_folder()) if request.use_cache else None
    select = _literal(request.explain) or request.select
    if request.last and folder is not None:
        known = {claim.id for _, claim in load_all(files, None, models)}
        select = [each for name in last_failed(folder, files) if name in known for each in _literal(name)]
    claims = choose(load_wanted(files, select, request.deselect, models), select, request.deselect)
    locked = read_lock(request.lock) if request.lock is not None and request.lock.exists() else {}
    results: list[Checked] = []
    place = f"verdicts are kept in {folder}: the same command goes on from there" if folder else "none of them is kept"
    with keeping(lambda: f"{len(results)} of {len(claims)} claims were decided; {place}"):
        results.extend(_results(request, claims))
    partial = bool(select or request.deselect)
    drifted = drifts(locked, results, partial=partial) if request.frozen else []
    records = [checked.record for checked in results]
    code = exit_code(records, allow_inconclusive=request.allow_inconclusive)
    if drifted and code in (ExitCode.OK, ExitCode.INCONCLUSIVE):
        code = ExitCode.REFUTED
    if folder is not None:
        remember_failed(folder, files, records)
    _write_files(request, results, drifted, code)
    if request.lock is not None and not request.frozen:
        write_atomically(request.lock, lock_text(results, locked if partial else {}))
    draw(Results(tuple(results), None).chart, request.plot)
    for line in drifted:
        click.echo(f"{request.lock}: {line}", err=request.as_json)
    if request.as_json:
        document = {"schema": 1, "claims": [record.as_json() for record in records], "ok": code == ExitCode.OK}
        click.echo(json.dumps(document, indent=2))
    else:
        for line in failures(results):
            _echo(line)
        _echo(summary(records))
    return code


def _write_files(request: Request, results: Sequence[Checked], drifted: Sequence[str], code: ExitCode) -> None:
    """Write what other programs read."""
    if request.junit is not None:
        drift = (str(request.lock), drifted) if request.frozen else None
        cases = junit_cases(results, allow_inconclusive=request.allow_inconclusive, drift=drift)
        write_atomically(request.junit, junit_xml("emtheory check", list(cases)))
    if request.html is not None:
        # What renders takes a while to load, and few checks write a page.
        from emtheory.reports.report.own import check_page  # noqa: PLC0415

        write_atomically(request.html, check_page(results))
    if request.badge is not None:
        write_atomically(request.badge, badge([checked.record for checked in results], code))
    if request.github:
        with summary_file().open("a", encoding="utf-8") as file:
            file.write(summary_markdown(results, drifted))


def _results(request: Request, claims: Sequence[Located]) -> Iterator[Checked]:
    """Yield what is found out, and print it unless it is for a program."""
    cache = (request.effort.cache or default_folder()) if request.use_cache else None
    effort = replace(request.effort, cache=cache, page=request.html is not None)
    make_folder(effort.certificates)
    width, last = id_width(claim.id for _, claim in claims), None
    several = len({path for path, _ in claims}) > 1
    with closing(check_claims(claims, effort, _warn)) as checking:
        for checked in _with_progress(checking, len(claims), visible=request.as_json):
            if not request.as_json:
                if several and checked.path != last:
                    _echo(str(last := checked.path))
                _print(checked, request, width)
            if checked.record.error is not None:
                place = claim_place(checked.path, checked.claim.id, checked.claim.line)
                click.echo(f"emtheory: error: {place}: {checked.record.reason}", err=True)
            yield checked


def exit_code(records: Sequence[Record], *, allow_inconclusive: bool) -> ExitCode:
    """Return the status of a check: errors weigh most, what is refuted more than what is open or weakly supported."""
    errors = [record.error for record in records if record.error is not None]
    if errors:
        return ExitCode(max(errors))
    words = set(map(word, records))
    if FAILED in words:
        return ExitCode.REFUTED
    return ExitCode.INCONCLUSIVE if WEAK in words or (OPEN in words and not allow_inconclusive) else ExitCode.OK


def _check_options(request: Request) -> None:
    files = {name: getattr(request, name) for name in ("junit", "lock", "badge", "html")}
    check_files({f"--{name}": path for name, path in files.items()})
    check_plot(request.plot)
    if request.last and (not request.use_cache or request.select or request.explain):
        raise InputError(
            "--lf chooses claims by what is kept of the last run: leave --no-cache, --select, --explain out"
        )
    if request.frozen and request.lock is None:
        raise InputError("--frozen compares with a lock file: name it with --lock FILE")
    if request.frozen and request.lock is not None and not request.lock.exists():
        raise InputError(f"--frozen: there is no {request.lock}; write it once without --frozen")


def _literal(identifier: str | None) -> list[str]:
    """An id as a pattern that matches nothing else."""
    return [] if identifier is None else ["".join(f"[{c}]" if c in "*?[" else c for c in identifier)]


def _with_progress(results: Iterator[Checked], total: int, *, visible: bool) -> Iterable[Checked]:
    if not (visible and sys.stderr.isatty()):
        done = 0
        with waiting(lambda: f"{done} of {total} claims decided"):
            for result in results:
                yield result
                done += 1
        return
    with click.progressbar(results, length=total, label="checking", file=sys.stderr) as bar:
        yield from bar


def _print(checked: Checked, request: Request, width: int) -> None:
    outcome = word(checked.record)
    first = click.style(f"{outcome:<4}", fg=_COLOURS[outcome], bold=True)
    _echo(f"{first} {claim_line(checked, width)}")
    if request.explain is not None or outcome != PASSED:
        for line in explanation(checked) if request.explain is not None else details(checked):
            _echo(f"       {line}")


def _echo(text: str) -> None:
    forced = True if os.environ.get("FORCE_COLOR") else None
    click.echo(text, color=False if os.environ.get("NO_COLOR") else forced)


def _warn(text: str) -> None:
    click.echo(f"emtheory: warning: {text}", err=True)
