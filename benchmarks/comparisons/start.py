"""The command line's start beside an interpreter that imports the library it is made with.

Wall time of processes; what they print is not looked at.
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from benchmarks.comparison import Comparison, Scale, Side, Target

PROGRAM = "from emtheory.reports.cli import main; main()"

OURS = "The program's own modules, which describe its commands and options."


def measured(scale: Scale) -> Iterator[Comparison]:
    del scale
    sides = (
        Side("python -c 'import click'", partial(_run, "-c", "import click")),
        Side("python -c pass", partial(_run, "-c", "pass")),
        Side("emtheory --help", partial(_run, "-c", PROGRAM, "--help")),
    )
    target = Target("--help within twice an interpreter that imports click", 2, sides[2].name, otherwise=OURS)
    yield Comparison("Start of the command line", sides, (target,), clock="wall")


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
