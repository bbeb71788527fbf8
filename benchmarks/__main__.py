"""``python -m benchmarks``: measure, write JSON and the page, or compare with an earlier commit."""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.comparison import Comparison, Growth
from benchmarks.comparisons import SUBJECTS, find_subject
from benchmarks.machine import ROOT, describe

ROUNDS = {"tiny": 1, "quick": 5, "full": 9}
BUDGET = {"tiny": 0.5, "quick": 4.0, "full": 3.0}
"""Seconds for the rounds of one comparison; three are made in any case, but with scale tiny or of what takes long."""
PAGE, RESULTS, AGAINST, REPORT = (
    ROOT / "docs" / name
    for name in ("benchmarks.md", "benchmarks.json", "benchmarks-against.json", "benchmarks-report.json")
)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.subject:
        print(json.dumps(measure_subject(options.subject, options.scale)))
        return 0
    if options.base:
        return against(options)
    failed: list[str] = []
    if options.report:
        from benchmarks.whole_report import measure_report  # noqa: PLC0415

        _write(REPORT, measure_report())
    elif not options.page:
        document = measure(options.scale, options.only or SUBJECTS, failed.append)
        _write(options.out, with_others(document, _read(options.out)) if options.out.exists() else document)
    from benchmarks.page import render  # noqa: PLC0415

    text = render(_read(options.out), *(_read(path) if path.exists() else None for path in (AGAINST, REPORT)))
    if options.out == RESULTS:
        PAGE.write_text(text, encoding="utf-8")
        print(f"written: {PAGE}", file=sys.stderr)
    else:
        print(text)
    for problem in failed:
        print(problem, file=sys.stderr)
    return 1 if failed else 0


def _write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: {path}", file=sys.stderr)


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def measure(scale: str, subjects: tuple[str, ...], told: Callable[[str], None]) -> dict[str, Any]:
    """Measure subjects, each in a process of its own; one that fails is told, and costs nothing of the others."""
    document = {"schema": 1, "scale": scale, **describe(), "subjects": []}
    for number, subject in enumerate(subjects, start=1):
        print(f"[{number}/{len(subjects)}] {subject}", file=sys.stderr, end="", flush=True)
        start = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks", "--subject", subject, "--scale", scale]
        run = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        print(f": {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
        if run.returncode:
            told(f"the subject {subject} failed (exit status {run.returncode}) and is not renewed")
        else:
            document["subjects"].append(json.loads(run.stdout))
    return document


def with_others(document: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """Add the subjects that were not measured, each with the run that it is from, as long as the scale is the same."""
    others = set(SUBJECTS) - {subject["name"] for subject in document["subjects"]}
    run = {name: before[name] for name in ("commit", "date", "load")}
    kept = [{"run": run} | subject for subject in before["subjects"] if subject["name"] in others]
    subjects = document["subjects"] + (kept if before["scale"] == document["scale"] else [])
    return document | {"subjects": sorted(subjects, key=lambda subject: SUBJECTS.index(subject["name"]))}


def measure_subject(name: str, scale: str) -> dict[str, Any]:
    """Measure one subject in this process: peak memory of all sides first, while the process is small."""
    from benchmarks.measure import measure_comparison, measure_growth, peak_memory  # noqa: PLC0415

    import_routes()
    module = find_subject(name)
    measured = list(module.measured(scale))
    memory = [
        [peak_memory(side.run) for side in part.sides] if isinstance(part, Comparison) else [] for part in measured
    ]
    rounds, budget = ROUNDS[scale], BUDGET[scale]
    return {
        "name": name,
        "text": module.__doc__,
        "comparisons": [
            measure_comparison(part, kept, rounds, budget)
            for part, kept in zip(measured, memory, strict=True)
            if isinstance(part, Comparison)
        ],
        "growths": [measure_growth(part, rounds, budget) for part in measured if isinstance(part, Growth)],
    }


def import_routes() -> None:
    """Import what evaluate would import when a quantity is asked for first, so that memory is that of the request."""
    from emtheory.numerics.quantities import QUANTITIES  # noqa: PLC0415
    from emtheory.numerics.quantity import resolve  # noqa: PLC0415

    for quantity in QUANTITIES.values():
        for reference in quantity.routes.values():
            resolve(reference)


def against(options: argparse.Namespace) -> int:
    """Set this tree beside an earlier commit."""
    from benchmarks.against import compare, table  # noqa: PLC0415

    document = compare(options.base, options.scale, options.select)
    if options.out != RESULTS or options.keep:
        _write(AGAINST if options.keep else options.out, document)
    print(table(document))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--scale", choices=ROUNDS, default="full", help="how much is measured")
    parser.add_argument("--only", action="append", choices=SUBJECTS, help="renew a subject; repeatable; all without it")
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file; the docs' own renews the page, too")
    parser.add_argument("--page", action="store_true", help="only make the page from the JSON file")
    parser.add_argument("--report", action="store_true", help="measure the whole report instead, and renew the page")
    parser.add_argument("--base", metavar="COMMIT", help="compare this tree with a commit instead")
    parser.add_argument("--select", default="", help="with --base: only requests with this in their name")
    parser.add_argument("--keep", action="store_true", help="with --base: keep the result for the docs' page")
    parser.add_argument("--subject", choices=SUBJECTS, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
