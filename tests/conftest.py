"""Settings for all tests: on a CI server hypothesis draws the same examples in every run; verdicts are not reused."""

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(autouse=True, scope="session")
def fresh_cache() -> Iterator[None]:
    """Keep the cache of verdicts apart from the user's, and empty at the start."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", folder)
        yield
