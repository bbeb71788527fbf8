"""Claims on a real Dask cluster of processes on this machine."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from math import factorial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.checking.checking import check_claims
from emtheory.reports.checking.claim_processes import crew
from emtheory.reports.checking.effort import Effort
from emtheory.theory.claim import Claim

# Worker processes that are killed leave sockets and tasks behind, about which asyncio and distributed warn.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.long]

ENDS = {"W": ("11/20", "99/100"), "radius": ("0", "4")}
CLAIMS = (
    Claim("rate", "spectral_gap > 0", k=(3,), weights=("1/2", "3/10", "1/5")),
    Claim("box", "posterior_power(m=1) >= (2*W-1)**2/2", k=(2,), weights="one-heavy:W", for_all=ENDS),
)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as running:
        running.scheduler.allowed_failures = 5
        yield running


def checked(folder: Path, effort: Effort) -> tuple[list[Any], dict[str, bytes]]:
    folder.mkdir()
    claims = [(Path("some.toml"), claim) for claim in CLAIMS]
    found = list(check_claims(claims, replace(effort, certificates=folder), pytest.fail))
    return [replace(each.record, seconds=0.0) for each in found], {
        p.name: p.read_bytes() for p in folder.glob("*.json")
    }


def test_a_killed_worker_changes_neither_verdicts_nor_certificates(cluster: Any, tmp_path: Path) -> None:
    """One worker is killed as soon as it works on pieces of the box."""
    worker = next(iter(cluster.workers.values()))
    killed = []

    def kill() -> None:
        address = worker.worker_address
        while not (cluster.scheduler.workers[address].processing and len(cluster.scheduler.tasks) > 5):
            time.sleep(0.01)
        killed.append(worker.pid)
        os.kill(worker.pid, signal.SIGKILL)

    assassin = Thread(target=kill, daemon=True)
    assassin.start()
    there = checked(tmp_path / "there", Effort(scheduler=cluster.scheduler_address, timeout=200))
    assassin.join(1)
    assert killed
    assert there == checked(tmp_path / "here", Effort())


def test_an_error_of_a_worker_arrives(cluster: Any) -> None:
    with crew(None, cluster.scheduler_address) as submit, pytest.raises(ValueError, match="negative"):
        submit(factorial, -1).result(30)


def test_a_worker_with_other_code_declines(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emtheory.numerics.cluster.package_fingerprint", lambda *floors: "other")
    with crew(None, cluster.scheduler_address) as submit, pytest.raises(Exception, match="other code"):
        submit(factorial, 3).result(30)


def test_no_cluster_is_bad_input() -> None:
    with pytest.raises(InputError, match="no Dask scheduler"):
        list(check_claims([(Path("a.toml"), CLAIMS[0])], Effort(scheduler="nonsense"), pytest.fail))
