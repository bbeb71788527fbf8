"""`emtheory replay`: certificates, verified."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import click

from emtheory.numerics.errors import InputError
from emtheory.numerics.level import STRENGTH, Level
from emtheory.reports.certificates.certificate import claim_document, plain
from emtheory.reports.certificates.file import RejectedError, read_certificate
from emtheory.reports.certificates.replay import replay
from emtheory.reports.checking.claims_file import load_claims
from emtheory.reports.decide.verdict import Verdict
from emtheory.reports.exit_code import ExitCode
from emtheory.theory.claim import REFUTED, Claim

_PROOFS = (STRENGTH[Level.EXACT], STRENGTH[Level.CERTIFIED])


@dataclass(frozen=True)
class Replayed:
    """What became of one file: a verdict, or the reason why there is none and the exit status that it deserves."""

    path: Path
    verdict: Verdict | None
    problem: str
    code: ExitCode
    seconds: float

    @property
    def level(self) -> str | None:
        """The strength of the evidence, if the certificate was accepted."""
        return None if self.verdict is None or self.verdict.level is None else STRENGTH[self.verdict.level]

    def as_json(self) -> dict[str, object]:
        """Return the result as in ``replay --json``."""
        verdict = self.verdict
        return {
            "file": str(self.path),
            "ok": verdict is not None,
            "id": None if verdict is None else verdict.id,
            "verdict": None if verdict is None else verdict.outcome,
            "level": self.level,
            "margin": None if verdict is None else verdict.margin,
            "proved": self.level in _PROOFS,
            "problem": self.problem or None,
            "seconds": round(self.seconds, 6),
        }


def run(paths: Sequence[Path], claims: Path | None, *, as_json: bool) -> ExitCode:
    """Verify every certificate named, or in a folder named, print what came of it, and return the exit status.

    Raises
    ------
    InputError
        If the claims file is malformed.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    if not files:
        click.echo("emtheory: error: no certificate: the folder has no *.json", err=True)
        return ExitCode.NOTHING_SELECTED
    known = None if claims is None else {claim.id: claim for claim in load_claims(claims)}
    results = []
    for file in files:
        results.append(_replay(file, known))
        if not as_json:
            _print(results[-1])
    codes = {result.code for result in results}
    code = next((code for code in (ExitCode.REFUTED, ExitCode.BAD_INPUT) if code in codes), ExitCode.OK)
    if as_json:
        document = {"schema": 1, "certificates": [r.as_json() for r in results], "ok": code == ExitCode.OK}
        click.echo(json.dumps(document, indent=2))
    else:
        accepted = sum(result.verdict is not None for result in results)
        noun = "certificate" if len(results) == 1 else "certificates"
        click.echo(f"{len(results)} {noun}: {accepted} accepted, {len(results) - accepted} not")
    return code


def _replay(path: Path, known: Mapping[str, Claim] | None) -> Replayed:
    start = perf_counter()
    verdict, problem, code = None, "", ExitCode.OK
    try:
        certificate, document = read_certificate(path)
        if known is not None:
            _require_claim(certificate.claim, known)
        verdict = replay(certificate, document)
    except RejectedError as error:
        problem, code = str(error), ExitCode.REFUTED
    except InputError as error:
        problem, code = str(error), ExitCode.BAD_INPUT
    return Replayed(path, verdict, problem, code, perf_counter() - start)


def _require_claim(claim: Claim, known: Mapping[str, Claim]) -> None:
    if claim.id not in known:
        raise RejectedError(f"claim.id: the claims file has no {claim.id[:60]!r}")
    if plain(claim_document(claim)) != plain(claim_document(known[claim.id])):
        raise RejectedError(f"claim: it is not what the claims file says under the id {claim.id[:60]!r}")


def _print(result: Replayed) -> None:
    verdict = result.verdict
    if verdict is None:
        place = "" if result.code == ExitCode.BAD_INPUT else f"{result.path}: "
        _echo(f"{click.style('REJECTED', fg='red', bold=True)}  {place}{result.problem}")
        return
    parts = [verdict.id, verdict.outcome]
    if verdict.outcome == REFUTED:
        parts.append(f"level {result.level}")
    if verdict.margin is not None:
        parts.append(f"margin {verdict.margin}")
    if result.level not in _PROOFS:
        parts.append("replayed, not proved")
    parts.append(f"{result.seconds:.2f} s")
    _echo(f"{click.style('ok', fg='green', bold=True)}        {'  '.join(parts)}")


def _echo(text: str) -> None:
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)
