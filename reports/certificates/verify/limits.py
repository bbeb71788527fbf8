"""Certificates looked at in another process, which has limits of time and memory."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Timer

from .certificate import check
from .given.files import rows_of
from .given.fits import check as check_fit
from .given.mixing import check as check_mixing
from .given.simplex import check as check_simplex
from .outcomes import ACCEPTED, REJECTED, UNDECIDED, OutcomeError, require
from .place import hull
from .posterior import posterior
from .quantities import kept
from .reading import ABOUT_DATA, read
from .tiles import tile

try:
    import resource
except ImportError:  # Where there is none, memory is not limited.
    resource = None

TIMEOUT = 300.0
"""Seconds for a certificate, unless others are asked for."""
MEMORY = 2048
"""Megabytes, likewise."""
NO_MEMORY = "it takes too much memory"

Outcome = tuple[str, str, float]
"""What came of a certificate, why, and the processor time it took."""


def outcome_of(certificate: object, data: Path | None = None) -> tuple[str, str]:
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


class Worker:
    """Another process that serves."""

    def __init__(self, megabytes: int) -> None:
        command = [sys.executable, str(Path(__file__).parent), "--serve", str(megabytes)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()  # It is ready, or has ended: its start is nobody's time.

    def ask(self, path: Path, data: Path | None, seconds: float) -> Outcome | None:
        """Return what came of a file; None if the process was lost."""
        late = []
        timer = Timer(seconds, lambda: (late.append(True), self.process.kill()))
        timer.start()
        try:
            self.process.stdin.write(json.dumps([str(path.absolute()), data and str(data.absolute())]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:  # It ended before.
            line = ""
        timer.cancel()
        if late:
            return UNDECIDED, f"it takes longer than {seconds:g} s", seconds
        return tuple(json.loads(line)) if line.endswith("\n") else None

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


def outcomes(paths: Iterable[Path], seconds: float, megabytes: int, data: Path | None = None) -> Iterator[Outcome]:
    """Yield what came of each file, why, and the processor time it took.

    A process is ended when one takes too long, and lost when one takes too much memory; where others were looked at
    before, of which much is kept, that one is looked at again by itself.
    """
    worker = None
    try:
        for path in paths:
            found = None
            if worker is not None:
                found = worker.ask(path, data, seconds)
            if found is None or found[1] == NO_MEMORY:
                if worker is not None:
                    worker.end()
                worker = Worker(megabytes)
                found = worker.ask(path, data, seconds) or (UNDECIDED, NO_MEMORY, 0.0)
            if found[0] == UNDECIDED:
                worker.end()
                worker = None
            yield found
    finally:
        if worker is not None:
            worker.end()
