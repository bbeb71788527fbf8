"""The exit status of `check` follows from all verdicts together."""

import pytest

from emtheory.numerics.level import Level
from emtheory.reports.checking.record import Record, record_of
from emtheory.reports.commands.check import exit_code
from emtheory.reports.decide.verdict import Verdict
from emtheory.reports.exit_code import ExitCode


def verdict(outcome: str, level: Level | None, expected: str = "holds") -> Record:
    return record_of(Verdict("x", expected, outcome, level, {}, ""))


@pytest.mark.parametrize(
    ("level", "require", "answer"),
    [
        (Level.EXACT, "proved", False),
        (Level.CERTIFIED, "proved", True),
        (Level.SUPPORTED, "certified", True),
        (Level.SUPPORTED, "observed", False),
        (Level.OBSERVED, "supported", True),
        (Level.OBSERVED, None, False),
        (None, "proved", False),
    ],
)
def test_the_order_of_levels(level: Level | None, require: str | None, *, answer: bool) -> None:
    assert verdict("certified", level).below(require) is answer


def test_a_refutation_outweighs_what_is_open() -> None:
    refuted, undecided = verdict("refuted", Level.EXACT), verdict("inconclusive", None)
    assert exit_code([undecided, refuted], None, allow_inconclusive=False) == ExitCode.REFUTED
    assert exit_code([undecided], None, allow_inconclusive=True) == ExitCode.OK
