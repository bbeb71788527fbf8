"""The benchmarks measure what they say: by clocks that are made up, and in small runs that look at no time."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from benchmarks import measure, prototype
from benchmarks.__main__ import with_others
from benchmarks.against import moved
from benchmarks.comparison import Comparison, Growth, Side, Target
from benchmarks.comparisons import SUBJECTS
from benchmarks.measure import measure_comparison, measure_growth, peak_memory
from benchmarks.page import render
from benchmarks.truth import digits_right
from emtheory.numerics.case import make_case

ROOT = Path(__file__).parents[2]
RESULTS = json.loads((ROOT / "docs" / "benchmarks.json").read_text(encoding="utf-8"))


@pytest.fixture
def takes(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Callable[[], float]]:
    """Return seconds ↦ a computation that takes so many by a clock that nothing else moves.

    What other tests of this process keep is left alone: it is no part of what is measured here.
    """
    now = [0.0]
    monkeypatch.setattr(measure, "cold_caches", lambda: None)
    monkeypatch.setattr(measure, "gc", SimpleNamespace(collect=lambda: 0))
    monkeypatch.setitem(measure.CLOCKS, "processor", lambda: now[0])
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])

    def computation(seconds: float) -> Callable[[], float]:
        def run() -> float:
            now[0] += seconds
            return seconds

        return run

    return computation


def test_ratios_and_targets_are_those_of_the_clock(takes: Any) -> None:
    targets = (Target("at least 3", 3, "b", at_least=True), Target("at most 2.9", 2.9, "b"), Target("a second", 1))
    sides = (Side("a", takes(0.25), lambda value: 4 * value), Side("b", takes(0.75)))
    found = measure_comparison(Comparison("c", sides, targets), [1.0, None], rounds=5, budget=100.0)
    assert found["rounds"] == 5
    assert found["sides"][1]["ratio"] == {"median": 3.0, "low": 3.0, "high": 3.0}
    assert [side["digits"] for side in found["sides"]] == [1.0, None]
    assert [target["reached"] for target in found["targets"]] == [True, False, True]


def test_the_budget_limits_rounds(takes: Any) -> None:
    for seconds, budget, rounds in ((2.0, 100.0, 9), (2.0, 12.0, 6), (2.0, 1.0, 3), (4.0, 12.0, 3), (4.0, 3.0, 1)):
        assert len(measure.interleaved([takes(seconds)], 9, "processor", budget)[1]) == rounds


def test_exponents_are_fitted(takes: Any) -> None:
    runs = {size: takes(float(size) ** 1.5) for size in (1, 4, 16)}
    target = Target("quadratic at most", 2)
    found = measure_growth(Growth("g", "n", runs, (target,)), rounds=3, budget=1e9)
    assert found["exponent"]["median"] == pytest.approx(1.5)
    assert found["targets"][0]["reached"]


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_peak_memory_is_that_of_the_computation() -> None:
    assert 60 < (peak_memory(lambda: np.ones(8 * 2**20).sum()) or 0) < 90  # 64 MiB
    assert (peak_memory(lambda: None) or 0) < 8


@pytest.mark.parametrize(
    ("ratios", "noise", "verdict"),
    [
        ([0.5, 0.6, 0.55], 0.1, "faster"),
        ([2.0, 1.8, 1.9], 0.1, "slower"),
        ([0.96, 0.97, 0.95], 0.1, "same"),  # within the noise
        ([0.5, 0.6, 1.2], 0.1, "same"),  # rounds that disagree
    ],
)
def test_what_moved(ratios: list[float], noise: float, verdict: str) -> None:
    assert moved(ratios, noise) == verdict


def test_peers_compute_the_divergence() -> None:
    """From the definition in k − 1 dimensions, they judge the certified route as it judges them."""
    from benchmarks import peers  # SciPy takes a second to begin.

    case = make_case(3, "1/2,3/10,1/5", radius="1")
    right = digits_right("kl_divergence", case, 15)
    assert right(prototype.divergence(case, 15)) > 13
    assert right(peers.plane_rule(case, 12)) > 10
    assert right(peers.lattice_rule(case, 12)) > 10
    assert right(peers.gauss_hermite(case, 30)) > 7
    assert right(peers.cubature(case, 8)) > 8
    assert 2 < right(peers.sobol(case, 2**12)) < 8
    assert right(peers.monte_carlo(make_case(3, "1/5,3/10,1/2", radius="2"), 2**10)) < 1


@pytest.mark.long
@pytest.mark.parametrize("subject", [each for each in SUBJECTS if each not in ("growth", "covers")])  # These are dear.
def test_a_small_run_measures_every_side(subject: str, tmp_path: Path) -> None:
    options = ("--scale", "tiny", "--only", subject, "--out", str(tmp_path / "results.json"))
    page = subprocess.check_output([sys.executable, "-m", "benchmarks", *options], text=True, cwd=ROOT)
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    (found,) = document["subjects"]
    sides = [side for comparison in found["comparisons"] for side in comparison["sides"]]
    points = [point for growth in found["growths"] for point in growth["points"]]
    assert sides or points
    assert all(measured["seconds"]["median"] > 0 for measured in (*sides, *points))
    assert all(side["memory"] is not None for side in sides)
    judged = [side for side in sides if side["digits"] is not None and side["name"] != "Monte Carlo"]
    assert all(side["digits"] > 1 for side in judged)
    assert document["machine"] in page
    assert all(side["name"] in page for side in sides if len(sides) > 1)


def test_subjects_that_are_not_renewed_say_from_when_they_are() -> None:
    said = "How costs grow: and how.\n"
    parts = [{"name": name, "text": said, "comparisons": [], "growths": []} for name in ("growth", "overhead")]
    head = {"scale": "full", "libraries": {}, "machine": "", "cores": 2, "memory": 1, "python": "3"}
    before = head | {"commit": "abc", "date": "2026-11-01", "load": 0.1, "subjects": parts}
    after = head | {"commit": "def", "date": "2026-11-02", "load": 0.2, "subjects": parts[:1]}
    both = with_others(after, before)
    assert [part["name"] for part in both["subjects"]] == ["overhead", "growth"]
    page = render(both, None, None)
    assert page.count("earlier run: commit abc, 2026-11-01, load 0.1") == 1
    assert [part["name"] for part in with_others(after | {"scale": "quick"}, before)["subjects"]] == ["growth"]


def test_the_page_is_the_one_of_the_numbers() -> None:
    docs = ROOT / "docs"
    documents = [docs / f"benchmarks{kind}.json" for kind in ("", "-against", "-report")]
    found = (json.loads(path.read_text(encoding="utf-8")) if path.exists() else None for path in documents)
    assert (docs / "benchmarks.md").read_text(encoding="utf-8") == render(*found)
    parts = [part for subject in RESULTS["subjects"] for part in (*subject["comparisons"], *subject["growths"])]
    assert all(target["reached"] or target["otherwise"] for part in parts for target in part["targets"])
