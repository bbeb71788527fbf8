"""Names near the one given come first, then how to find the others."""

import pytest

from emtheory.theory.near_miss import near_misses

KNOWN = ["uniform", "one-heavy", "linear", "spectral_gap", "spectral_gap_one", "spectral_gap_two", "spectral_gap_three"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unifrom", ": did you mean uniform? ALL"),
        ("zzz", ": ALL"),
        ("", ": ALL"),
        ("linear" + "x" * 10_000, ": ALL"),
        # None is near, but four hold it: the first three are named.
        ("gap", ": did you mean spectral_gap, spectral_gap_one or spectral_gap_two? ALL"),
    ],
)
def test_what_is_said(name: str, said: str) -> None:
    assert near_misses(name, KNOWN, "ALL") == said


def test_with_nothing_to_say_there_is_no_colon() -> None:
    assert near_misses("zzz", KNOWN) == ""
    assert near_misses("uniform2", KNOWN) == ": did you mean uniform?"
