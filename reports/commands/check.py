"""`emtheory check`: the claims of TOML files."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from numerics.enclosure import Level
from numerics.errors import InputError
from reports.atomic import write_atomically
from reports.claims_file import load_claims, place_of
from reports.exit_code import ExitCode
from reports.junit import Problem, TestCase, junit_xml, verdict_case
from reports.verdict import INCONCLUSIVE, STRENGTH, Verdict, enclosure_text
from reports.verify import verify
from theory.claim import HOLDS, Claim

_SHOWN = 100
"""Longest piece of a claim's text in the output for people."""

Located = tuple[Path, Claim]


def run(
    files: Sequence[Path], require: str | None, junit: Path | None, *, allow_inconclusive: bool, as_json: bool
) -> ExitCode:
    """Check every claim of the files, print the verdicts, and return the exit status.

    Raises
    ------
    InputError
        If a file is malformed, two claims share an id, or a quantity has no value where a claim asks for it.
    """
    if junit is not None and not junit.parent.is_dir():
        raise InputError(f"--junit {junit}: there is no folder {junit.parent}")
    claims = _load(files)
    if not claims:
        click.echo("emtheory: error: no claim selected: the files have no [[claim]]", err=True)
        return ExitCode.NOTHING_SELECTED
    verdicts: list[Verdict] = []
    for located in _with_progress(claims, visible=as_json):
        verdicts.append(_verify(*located))
        if not as_json:
            _print(*located, verdicts[-1], require)
    code = exit_code(verdicts, require, allow_inconclusive=allow_inconclusive)
    if junit is not None:
        pairs = zip(claims, verdicts, strict=True)
        cases = [_test_case(path, verdict, require, allow_inconclusive) for (path, _), verdict in pairs]
        write_atomically(junit, junit_xml("emtheory check", cases))
    if as_json:
        document = {"schema": 1, "claims": [v.as_json() for v in verdicts], "ok": code == ExitCode.OK}
        click.echo(json.dumps(document, indent=2))
    else:
        click.echo(_summary(verdicts, require))
    return code


def exit_code(verdicts: Sequence[Verdict], require: str | None, *, allow_inconclusive: bool) -> ExitCode:
    """Return the status of a check: what is refuted weighs more than what is open or weakly supported."""
    if any(not verdict.ok and verdict.outcome != INCONCLUSIVE for verdict in verdicts):
        return ExitCode.REFUTED
    is_open = not allow_inconclusive and any(verdict.outcome == INCONCLUSIVE for verdict in verdicts)
    is_weak = any(below(verdict, require) for verdict in verdicts)
    return ExitCode.INCONCLUSIVE if is_open or is_weak else ExitCode.OK


def below(verdict: Verdict, require: str | None) -> bool:
    """Whether the evidence for a decided verdict is weaker than required."""
    order = list(STRENGTH.values())
    return (
        require is not None
        and verdict.level is not None
        and order.index(STRENGTH[verdict.level]) > order.index(require)
    )


def _load(files: Sequence[Path]) -> list[Located]:
    claims: dict[str, Located] = {}
    errors = []
    for path in files:
        try:
            loaded = load_claims(path)
        except InputError as error:
            errors.append(str(error))
            continue
        for claim in loaded:
            if claim.id in claims:
                first, earlier = claims[claim.id]
                place = place_of(path, claim.line)
                errors.append(f"{place}: claim {claim.id!r}: the id is used before, at {place_of(first, earlier.line)}")
            claims.setdefault(claim.id, (path, claim))
    if errors:
        raise InputError("\n".join(errors))
    return list(claims.values())


def _verify(path: Path, claim: Claim) -> Verdict:
    try:
        return verify(claim)
    except InputError as error:
        raise InputError(f"{place_of(path, claim.line)}: claim {claim.id!r}: {error}") from None


def _with_progress(claims: Sequence[Located], *, visible: bool) -> Iterator[Located]:
    if not (visible and sys.stderr.isatty()):
        yield from claims
        return
    with click.progressbar(claims, label="checking", file=sys.stderr) as bar:
        yield from bar


def _test_case(path: Path, verdict: Verdict, require: str | None, allow_inconclusive: bool) -> TestCase:
    case = verdict_case(verdict, str(path), inconclusive="skipped" if allow_inconclusive else "error")
    if case.problem is None and below(verdict, require):
        weak = Problem("failure", f"{verdict.outcome}, which is below the required {require}")
        return TestCase(case.group, case.name, weak, case.seconds, case.properties)
    return case


def _print(path: Path, claim: Claim, verdict: Verdict, require: str | None) -> None:
    passed = verdict.ok and not below(verdict, require)
    word, colour = ("ok", "green") if passed else ("OPEN", "yellow") if verdict.level is None else ("FAIL", "red")
    parts = [claim.id, verdict.outcome]
    if verdict.level is not None and STRENGTH[verdict.level] != verdict.outcome:
        parts.append(f"level {STRENGTH[verdict.level]}")
    if claim.expect != HOLDS:
        parts.append(f"expected {claim.expect}")
    if verdict.margin is not None:
        parts.append(f"margin {verdict.margin}")
    parts.append(f"{verdict.seconds:.2f} s")
    _echo(f"{click.style(f'{word:<4}', fg=colour, bold=True)} {'  '.join(parts)}")
    if not passed:
        for line in _details(path, claim, verdict, require):
            _echo(f"       {line}")


def _details(path: Path, claim: Claim, verdict: Verdict, require: str | None) -> Iterator[str]:
    yield f"{place_of(path, claim.line)}: {_short(' '.join(claim.statement.split()))}"
    counterexample = verdict.counterexample
    if counterexample is not None:
        case, link = counterexample.case, counterexample.failing
        weights = claim.weights if isinstance(claim.weights, str) else ",".join(claim.weights)
        place = [f"k = {case.k}", f"weights {_short(weights)}"]
        if case.radius is not None:
            place.append(f"radius {case.radius}")
        if case.amplitudes is not None:
            place.append(f"amplitudes {_short(','.join(map(str, case.amplitudes)))}")
        yield f"witness  {', '.join(place)} ({'rigorous' if link.level >= Level.CERTIFIED else 'not rigorous'})"
        for name, text, side in zip(
            ("left", "right"), counterexample.failing_texts, (link.left, link.right), strict=True
        ):
            ends = enclosure_text(side)
            yield f"{name:<7}  {_short(text)} in [{ends['lower']}, {ends['upper']}]"
    yield f"reason   {verdict.reason}"
    if verdict.ok and below(verdict, require):
        yield f"required {require}"


def _summary(verdicts: Sequence[Verdict], require: str | None) -> str:
    open_claims = sum(verdict.outcome == INCONCLUSIVE for verdict in verdicts)
    failed = sum(not verdict.ok for verdict in verdicts) - open_claims
    weak = sum(verdict.ok and below(verdict, require) for verdict in verdicts)
    parts = [f"{len(verdicts) - open_claims - failed} as expected", f"{failed} failed", f"{open_claims} inconclusive"]
    if weak:
        parts.append(f"{weak} below {require}")
    return f"{len(verdicts)} {'claim' if len(verdicts) == 1 else 'claims'} checked: {', '.join(parts)}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _echo(text: str) -> None:
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)
