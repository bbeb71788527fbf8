"""Two commits side by side: the same requests to both, in turn, and which ratios moved beyond noise.

Each commit answers in a process of its own, which imports `emtheory` from its own tree (`benchmarks/worker.py`, always
this tree's). In every round each request goes to this tree, to the base twice, and to this tree again. Noise is how far
the two times of the same side differ.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.machine import ROOT, commit_name, describe, git
from benchmarks.measure import MOST_CALLS, SHORTEST, spread
from benchmarks.workloads import Workload, chosen

ROUNDS = {"tiny": 2, "quick": 5, "full": 9}
LEAST = 0.03
"""A relative change that is never called one: repeated runs differ by as much for no reason that can be named."""
SLOW = 5.0
"""Seconds of a request from which on three rounds are enough, and one if it takes four times as long."""


class Tree:
    """A process that answers requests with the code of one tree."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, str(ROOT / "benchmarks" / "worker.py")]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder, env=environment
        )

    def ask(self, workload: Workload, calls: int) -> dict[str, Any]:
        """Return seconds a call, the value and the process's peak memory; or an error."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"workload": asdict(workload), "calls": calls}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the process that was asked for {workload.name} has died")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """Check a commit out into a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "base"
        git("worktree", "add", "--detach", str(path), commit)
        try:
            yield path
        finally:
            git("worktree", "remove", "--force", str(path))


def compare(base: str, scale: str, select: str = "") -> dict[str, Any]:
    """Measure all requests of a scale whose names contain `select` in this tree and in a commit."""
    try:
        short = commit_name(base)
    except subprocess.CalledProcessError:
        raise SystemExit(f"no commit {base!r}: give one that git knows, such as HEAD~1 or main") from None
    workloads = [workload for workload in chosen(scale) if select in workload.name]
    if not workloads:
        raise SystemExit(f"no request's name contains {select!r}")
    rows = []
    with ExitStack() as stack:
        trees = [Tree(ROOT), Tree(stack.enter_context(tree_of(base)))]
        for tree in trees:
            stack.callback(tree.close)
        for number, workload in enumerate(workloads, start=1):
            print(f"[{number}/{len(workloads)}] {workload.name}", file=sys.stderr, flush=True)
            rows.append(_row(workload, *trees, ROUNDS[scale]))
    return {"schema": 1, "scale": scale, "base": short, **describe(), "requests": rows}


def _row(workload: Workload, new: Tree, old: Tree, rounds: int) -> dict[str, Any]:
    first = [tree.ask(workload, 1) for tree in (new, old)]
    errors = [answer["error"] for answer in first if "error" in answer]
    if errors:
        return {"name": workload.name, "error": errors[0]}
    longest = max(answer["seconds"] for answer in first)
    if longest > SLOW:
        rounds = min(rounds, 1 if longest > 4 * SLOW else 3)
    calls = [min(MOST_CALLS, max(1, math.ceil(SHORTEST / answer["seconds"]))) for answer in first]
    times: list[list[float]] = []
    for _ in range(rounds):
        a, c, d, b = ((new, 0), (old, 1), (old, 1), (new, 0))
        times.append([tree.ask(workload, calls[side])["seconds"] for tree, side in (a, c, d, b)])
    ratios = [(t[0] + t[3]) / (t[1] + t[2]) for t in times]
    noise = max(LEAST, *(max(abs(math.log(t[0] / t[3])), abs(math.log(t[1] / t[2]))) for t in times))
    found = spread(ratios)
    return {
        "name": workload.name,
        "new": spread([min(t[0], t[3]) for t in times]),
        "old": spread([min(t[1], t[2]) for t in times]),
        "ratio": found,
        "noise": noise,
        "moved": moved(ratios, noise),
        "memory": {"new": first[0]["memory"], "old": first[1]["memory"]},
        "agree": _agree(first[0]["value"], first[1]["value"]),
        "rounds": rounds,
        "promised": workload.faster,
        "otherwise": workload.otherwise,
    }


def moved(ratios: list[float], noise: float) -> str:
    """``faster`` or ``slower`` if all rounds say so and the median is beyond the noise; else ``same``."""
    median = math.log(spread(ratios)["median"])
    if abs(median) <= noise:
        return "same"
    if all((math.log(ratio) > 0) == (median > 0) for ratio in ratios):
        return "slower" if median > 0 else "faster"
    return "same"


def _agree(new: list[str], old: list[str]) -> bool:
    """Whether two enclosures, as lower and upper ends in text, have a point in common."""
    from fractions import Fraction  # noqa: PLC0415

    (a, b), (c, d) = ([float(part) if "inf" in part else Fraction(part) for part in ends] for ends in (new, old))
    return a <= d and c <= b


def table(document: dict[str, Any]) -> str:
    """Return the comparison as text."""
    lines = [
        f"{'request':<92} {'base, ms':>10} {'now, ms':>10} {'now/base':>9} {'quartiles':>13} {'noise':>6}  verdict"
    ]
    for row in document["requests"]:
        if "error" in row:
            lines.append(f"{row['name']:<92} {row['error']}")
            continue
        ratio = row["ratio"]
        note = row["moved"] + ("" if row["agree"] else "; THE VALUES DISAGREE")
        quartiles = f"{ratio['low']:.2f}–{ratio['high']:.2f}"
        lines.append(
            f"{row['name']:<92} {1e3 * row['old']['median']:>10.1f} {1e3 * row['new']['median']:>10.1f} "
            f"{ratio['median']:>9.3f} {quartiles:>13} {row['noise']:>6.0%}  {note}"
        )
    load = f"{document['machine']}, {document['cores']} cores, load {document['load']}"
    return "\n".join([f"{document['commit']} beside {document['base']}; {load}", "", *lines])
