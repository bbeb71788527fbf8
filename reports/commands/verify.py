"""`emtheory verify`: certificates, by the standalone verifier."""

from collections.abc import Sequence
from pathlib import Path

from emtheory.reports.certificates.verify.command import report
from emtheory.reports.certificates.verify.limits import MEMORY, TIMEOUT
from emtheory.reports.exit_code import ExitCode


def run(paths: Sequence[Path], seconds: float | None, megabytes: int | None, *, as_json: bool) -> ExitCode:
    """Verify certificates (of a folder: ``*.json``) within limits (None: the verifier's); print what came of each.

    REFUTED if one is rejected, else BAD_INPUT if one is no certificate, else UNDECIDED if one exceeds the limits, else
    INCONCLUSIVE if one is not covered.
    """
    return ExitCode(report(paths, seconds or TIMEOUT, megabytes or MEMORY, as_json=as_json))
