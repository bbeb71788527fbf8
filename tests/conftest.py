"""Settings for all tests: two profiles of hypothesis, and verdicts are not reused.

`make test-long` chooses the profile `long`, in which property tests draw three times the examples (`tests.tiers`). No
example has a deadline: some run quadratures, on machines that may do other things besides. On a CI server every run
draws the same examples.
"""

import gc
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import settings

from emtheory.theory.derivations import derive
from tests.programs import installed
from tests.tiers import MORE_EXAMPLES, SOME_EXAMPLES, TOOK_LONG

for profile, number in (("everyday", SOME_EXAMPLES), ("long", MORE_EXAMPLES)):
    settings.register_profile(profile, max_examples=number, deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("everyday")

# As in workers (`numerics.processes`): what derivations and their tests keep is not gone through again and again, and
# SymPy keeps more of what it would find again than a thousand results of each of its functions; not as much as there,
# since these processes live long.
gc.set_threshold(50_000, *gc.get_threshold()[1:])
os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the long tier what took long, and put first those of what is derived, then what takes longest.

    One worker gets these, and derives what the others need not: all derivations take most of a minute, and each process
    makes its own. The everyday tests in a copy of the project take some minutes, in which the others do the rest.
    """
    for item in items:
        if item.nodeid in TOOK_LONG:
            item.add_marker("long")

    def derives(item: pytest.Item) -> bool:
        within = item.nodeid.startswith("tests/theory/derivations/")
        return within or getattr(getattr(item, "module", None), "derive", None) is derive

    items.sort(key=lambda item: 0 if derives(item) else 1 if "test_contributing.py" in item.nodeid else 2)


@pytest.fixture(autouse=True, scope="session")
def fresh_cache() -> Iterator[None]:
    """Keep the cache of verdicts apart from the user's, and empty at the start."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", folder)
        yield


@contextmanager
def here(*_: object) -> Iterator[Any]:
    """Stand for worker processes: what is submitted is done at once, in this one."""

    def submit(function: Any, /, *arguments: Any, timeout: float | None = None) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    yield submit


@pytest.fixture
def no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the tasks of reports, sweeps and searches done in this process: a worker takes a second to begin."""
    for name in ("reports.checking.tasks.crew", "reports.api.sharpen.crew", "numerics.sweep.run.processes"):
        monkeypatch.setattr(f"emtheory.{name}", here)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium from the system, driven by Playwright, which brings none of its own and can run once a process only."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=installed("chromium"), args=["--no-sandbox"])
        yield started
        started.close()
