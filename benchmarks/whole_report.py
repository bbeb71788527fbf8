"""The whole report, as users make it: from an empty cache, and once more with all results known.

Stages are told in seconds after the start, as the report itself writes them down; what its tasks took is summed by the
function that a task calls, over all processes.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.comparison import Target
from benchmarks.machine import describe

PROGRAM = "from emtheory.reports.cli import main; main()"
DECIDED = "all verdicts and instances"

BOUND = (
    "All processors work to the end: what bounds it is the sum of the tasks' times below. The largest are changes of "
    "derivations, two in each formula, which exact algebra has to notice; of statements about a third is the "
    "standalone verifier."
)
TARGETS = {
    "decided": Target("the whole catalogue with instances and controls in a minute", 60, otherwise=BOUND),
    "whole": Target("the complete report, with laws, numbers and mutants, in 4 minutes", 240, otherwise=BOUND),
    "warm": Target("the complete report with all results known in 20 s", 20, otherwise=BOUND),
}


def measure_report() -> dict[str, Any]:
    """Make the report of the paper twice and return what it says of its own run, and the targets."""
    with tempfile.TemporaryDirectory() as folder:
        cold, warm = (_run(Path(folder)) for _ in range(2))
    figures = {"decided": cold["stages"][DECIDED], "whole": cold["seconds"], "warm": warm["seconds"]}
    targets = [
        {
            "says": target.says,
            "limit": target.limit,
            "at_least": False,
            "value": figures[name],
            "reached": target.reached(figures[name]),
            "otherwise": target.otherwise,
        }
        for name, target in TARGETS.items()
    ]
    return {"schema": 1, "scale": "full", **describe(), "cold": cold, "warm": warm, "targets": targets}


def _run(folder: Path) -> dict[str, Any]:
    out = folder / "report"
    command = [sys.executable, "-c", PROGRAM, "report", "--out", str(out), "--cache", str(folder / "cache")]
    subprocess.run(command, check=True, stdout=sys.stderr)
    run = json.loads((out / "report.json").read_text(encoding="utf-8"))["run"]
    return {name: run[name] for name in ("seconds", "reused", "stages", "work")}
