"""How long a changed derivation may take: SymPy can be busy for hours with an integral that it does not know."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 60
"""Seconds of the processor that a changed derivation may take; unchanged ones take a few at most."""


class OutOfPatienceError(BaseException):
    """A changed derivation takes too long, which is not noticing that it is wrong.

    No ``Exception``: whoever catches those on the way, SymPy or a rule that tries one way after another, would take it
    for a failure of the step.
    """


@contextmanager
def patience() -> Iterator[None]:
    """Stop what takes too long; in the main thread only, as signals arrive there.

    Raises
    ------
    OutOfPatienceError
        After `PATIENCE` seconds of the processor.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfPatienceError(f"not done in {PATIENCE} seconds")

    # Of the processor, not of the wall: what is found must not depend on what else the machine does.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
