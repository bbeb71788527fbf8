"""The command: certificates and folders of them, a line for each, and an exit status."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from .limits import MEMORY, TIMEOUT, outcomes, serve
from .outcomes import ACCEPTED, BAD, NOT_COVERED, REJECTED, UNDECIDED

STATUS = {REJECTED: 1, BAD: 2, UNDECIDED: 6, NOT_COVERED: 4, ACCEPTED: 0}
"""Outcome → exit status: the first one that is there counts."""
NONE_FOUND = 5
"""The exit status where there is no certificate."""
MOST = 10**6
"""Of seconds and megabytes."""

HELP = """Verify certificates of emtheory, each in at most so much time and memory.

Exit status: 0 all are accepted, 1 one is rejected, 2 bad input, 4 one is not covered, 6 one is not decided within the
limits of time, memory and effort (1 before 2 before 6 before 4), 5 none was found."""


def files_in(paths: Iterable[str | Path]) -> list[Path]:
    """Return the files named, and the certificates in folders that are named."""
    return [file for path in map(Path, paths) for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]


def report(
    paths: Iterable[str | Path], seconds: float, megabytes: int, data: Path | None = None, *, as_json: bool = False
) -> int:
    """Verify files and folders, print what came of it, and return the exit status."""
    files, found = files_in(paths), []
    for path, outcome in zip(files, outcomes(files, seconds, megabytes, data), strict=True):
        found.append((str(path), *outcome))
        if not as_json:
            print(f"{outcome[0]:<12} {path.name}: {outcome[1]} ({outcome[2]:.1f} s)", flush=True)
    seen = {outcome for _, outcome, *_ in found}
    status = next((code for outcome, code in STATUS.items() if outcome in seen), NONE_FOUND)
    print(document(found, status) if as_json else summary(found))
    return status


def document(found: Collection[tuple[str, str, str, float]], status: int) -> str:
    """Return what came of certificates as JSON."""
    keys = "file", "outcome", "reason", "seconds"
    certificates = [dict(zip(keys, each, strict=True)) for each in found]
    return json.dumps({"schema": 1, "certificates": certificates, "ok": status == 0}, indent=2)


def summary(found: Collection[tuple[str, str, str, float]]) -> str:
    """Return how many certificates there are of each outcome, and why some were neither accepted nor rejected."""
    counts = Counter(outcome for _, outcome, *_ in found)
    each = ", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()) or "none"
    lines = [f"{len(found)} certificate{'s' * (len(found) != 1)}: {each}"]
    reasons = Counter((outcome, why) for _, outcome, why, _ in found if outcome in (NOT_COVERED, UNDECIDED))
    return "\n".join([*lines, *(f"  {count} {outcome}: {why}" for (outcome, why), count in reasons.most_common())])


def main(arguments: Sequence[str]) -> int:
    """Run the program."""
    if len(arguments) == 2 and arguments[0] == "--serve":
        serve(int(arguments[1]))
        return 0
    parser = argparse.ArgumentParser("verify", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", metavar="CERTIFICATE|FOLDER")
    parser.add_argument("--timeout", type=float, default=TIMEOUT, metavar="S", help="seconds for each (%(default)s)")
    parser.add_argument("--memory", type=int, default=MEMORY, metavar="MB", help="megabytes for each (%(default)s)")
    parser.add_argument("--data", type=Path, metavar="FILE", help="what certificates about data are about")
    parser.add_argument("--json", action="store_true", help="print one document")
    given = parser.parse_args(arguments)
    if not (0 < given.timeout <= MOST and 0 < given.memory <= MOST):
        parser.error("--timeout and --memory are numbers between 0 and a million")
    try:
        return report(given.paths, given.timeout, given.memory, given.data, as_json=given.json)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
