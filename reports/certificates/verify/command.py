"""The command: certificates and folders of them, a line for each, and an exit status."""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Timer

from .certificate import check
from .given.files import rows_of
from .given.fits import check as check_fit
from .given.mixing import check as check_mixing
from .given.simplex import check as check_simplex
from .place import hull
from .posterior import posterior
from .quantities import kept
from .reading import ABOUT_DATA, ACCEPTED, BAD, NOT_COVERED, REJECTED, UNDECIDED, OutcomeError, read, require
from .tiles import tile

try:
    import resource
except ImportError:  # Where there is none, memory is not limited.
    resource = None  # type: ignore[assignment]

TIMEOUT = 300.0
"""Seconds for a certificate, unless others are asked for."""
MEMORY = 2048
"""Megabytes, likewise."""
NO_MEMORY = "it takes too much memory"

Outcome = tuple[str, str, float]
"""What came of a certificate, why, and the processor time it took."""


def outcome_of(certificate, data: Path | None = None) -> tuple[str, str]:
    """Return what came of a certificate or the path of its file, and why; data are beside it if not given."""
    try:
        found = read(certificate) if isinstance(certificate, Path) else certificate
        if found["format"] not in ABOUT_DATA:
            return ACCEPTED, check(found)
        own = {"format", "version", "data", "versions", "fingerprint", *ABOUT_DATA[found["format"]].split()}
        require(set(found) == own, "it has other keys than the format")
        check_given = dict(zip(ABOUT_DATA, (check_fit, check_mixing, check_simplex), strict=True))[found["format"]]
        return ACCEPTED, check_given(found, rows_of(found["data"], certificate, data))
    except OutcomeError as error:
        return error.outcome, error.reason
    except MemoryError:
        return UNDECIDED, NO_MEMORY
    except Exception as error:  # Whatever it is, nothing is shown.
        return REJECTED, f"it is malformed ({type(error).__name__}: {str(error)[:80]})"


def forget() -> None:
    """Let go of what is kept from one certificate to the next: tables of some hundred megabytes after a few."""
    for each in (posterior, tile, kept, hull):
        each.cache_clear()


def serve(megabytes: int) -> None:
    """Answer each line of standard input, a path as JSON, by a line: the outcome as JSON."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    with contextlib.suppress(KeyboardInterrupt, MemoryError):
        print("ready", flush=True)
        for line in sys.stdin:
            begun = time.process_time()
            certificate, data = json.loads(line)
            outcome = outcome_of(Path(certificate), data and Path(data))
            print(json.dumps([*outcome, time.process_time() - begun]), flush=True)


@contextlib.contextmanager
def worker(megabytes: int) -> Iterator[subprocess.Popen[str]]:
    """Start another process that serves, and end it."""
    command = [sys.executable, str(Path(__file__).parent), "--serve", str(megabytes)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()  # type: ignore[union-attr]  # It is ready, or has ended: its start is nobody's time.
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def asked(process, path: Path, data: Path | None, seconds: float) -> Outcome:
    """Return what a process says of a file, or that it was lost: it takes too much memory."""
    late = []
    timer = Timer(seconds, lambda: (late.append(True), process.kill()))  # type: ignore[func-returns-value]
    timer.start()
    try:
        process.stdin.write(json.dumps([str(path.absolute()), data and str(data.absolute())]) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except OSError:  # It ended before.
        line = ""
    timer.cancel()
    if late:
        return UNDECIDED, f"it takes longer than {seconds:g} s", seconds
    return tuple(json.loads(line)) if line.endswith("\n") else (UNDECIDED, NO_MEMORY, 0.0)


def outcomes(paths: Iterable[Path], seconds: float, megabytes: int, data: Path | None = None) -> Iterator[Outcome]:
    """Yield what came of each file, why, and the processor time it took.

    A process serves until one is not decided. Where that is for memory, and others were looked at before, of which much
    is kept, that one is looked at again by itself.
    """
    waiting = list(paths)[::-1]
    while waiting:
        with worker(megabytes) as process:
            found, alone = None, True
            while waiting and (found is None or found[0] != UNDECIDED):
                found = asked(process, waiting[-1], data, seconds)
                if alone or found[1] != NO_MEMORY:
                    waiting.pop()
                    yield found
                alone = False


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
    except BrokenPipeError:  # Who reads has read enough, and what is still buffered is for nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
