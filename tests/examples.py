"""How many examples a property test draws: all of them in the long tier, a share in the everyday one."""

from typing import Any

from hypothesis import settings

FULL = 100
"""`max_examples` of the profile that draws all examples, which is hypothesis's own default."""

SHARE = 20
"""`max_examples` of the everyday profile: a fifth."""

FEWEST = 2
"""With one example only, hypothesis would try the simplest and nothing else."""


def examples(number: int, **others: Any) -> settings:
    """Settings of a property test with `number` examples in the long tier; `others` go to `hypothesis.settings`."""
    return settings(max_examples=max(FEWEST, number * settings().max_examples // FULL), **others)
