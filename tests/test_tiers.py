"""The tests that the long tier has because they took long are there, and each of their files has others every day."""

from pathlib import Path

import pytest

from tests.tiers import TOOK_LONG

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("path", sorted({line.partition("::")[0] for line in TOOK_LONG}))
def test_what_took_long_is_there_and_not_all_there_is(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    moved = [line.partition("::")[2] for line in TOOK_LONG if line.startswith(f"{path}::")]
    assert all(f"\ndef {name.partition('[')[0]}(" in text for name in moved)
    assert text.count("\ndef test_") > sum("[" not in name for name in moved)
