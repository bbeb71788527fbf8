"""`emtheory verify`: certificates, by the standalone verifier."""

from collections.abc import Sequence
from pathlib import Path

from emtheory.reports.certificates.verify.command import report
from emtheory.reports.certificates.verify.limits import MEMORY, TIMEOUT
from emtheory.reports.exit_code import ExitCode


def run(paths: Sequence[Path], seconds: float | None, megabytes: int | None, *, as_json: bool) -> ExitCode:
    """Verify every certificate named, or in a folder named, and print what came of it.

    Parameters
    ----------
    paths
        Certificates, and folders whose ``*.json`` are taken for certificates.
    seconds, megabytes
        What each may take; None for the limits of the verifier.
    as_json
        Whether to print one document rather than a line for each.

    Returns
    -------
    ExitCode
        OK if all are accepted; REFUTED if one is rejected, else BAD_INPUT if one is no certificate, else UNDECIDED if
        one is not decided within the limits, else INCONCLUSIVE if one is not covered; NOTHING_SELECTED if there is
        none.
    """
    return ExitCode(report(paths, seconds or TIMEOUT, megabytes or MEMORY, as_json=as_json))
