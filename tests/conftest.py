"""Settings for all tests: two profiles of hypothesis, and verdicts are not reused.

`make test-long` chooses the profile `long`, in which property tests draw three times the examples (`tests.tiers`). No
example has a deadline: some run quadratures, on machines that may do other things besides. On a CI server every run
draws the same examples.
"""

import gc
import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.tiers import MORE_EXAMPLES, SOME_EXAMPLES

for profile, number in (("everyday", SOME_EXAMPLES), ("long", MORE_EXAMPLES)):
    settings.register_profile(profile, max_examples=number, deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("everyday")

# As in workers (`numerics.processes`): what derivations and their tests keep is not gone through again and again.
gc.set_threshold(50_000, *gc.get_threshold()[1:])


@pytest.fixture(autouse=True, scope="session")
def fresh_cache() -> Iterator[None]:
    """Keep the cache of verdicts apart from the user's, and empty at the start."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", folder)
        yield
