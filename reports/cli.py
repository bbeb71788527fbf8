"""The command line: from arguments to an exit status. Help is instant, since a command is imported when it runs."""

import sys
from collections.abc import Sequence

from emtheory.reports.exit_code import ExitCode
from emtheory.reports.failure import told
from emtheory.reports.program import catalogue, claims, values  # noqa: F401 (they add commands)
from emtheory.reports.program.group import program


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its status; failures go to standard error, with ``--json`` also as a document."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else arguments
    as_json = "--json" in (given[: given.index("--")] if "--" in given else given)
    try:
        return int(program.main(given, prog_name="emtheory", standalone_mode=False) or ExitCode.OK)
    except (Exception, KeyboardInterrupt) as error:
        return told(error, as_json=as_json)
