"""The exit status of the program, which scripts and CI jobs depend on."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process reports to its caller."""

    OK = 0
    REFUTED = 1
    BAD_INPUT = 2
    INTERNAL_ERROR = 3
    INCONCLUSIVE = 4
    NOTHING_SELECTED = 5
    UNDECIDED = 6
    INTERRUPTED = 130
    BROKEN_PIPE = 141
