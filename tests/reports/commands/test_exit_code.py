"""The exit status of `check` follows from all verdicts together."""

from dataclasses import replace
from itertools import product

from emtheory.numerics.arithmetic.algebraic import rational
from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import exact_enclosure
from emtheory.numerics.level import REQUIRABLE, STRENGTH, Level
from emtheory.reports.checking.check_text import headline, summary, word
from emtheory.reports.checking.record import Record, record_of
from emtheory.reports.commands.check import exit_code
from emtheory.reports.decide.verdict import Finding, Verdict, decide
from emtheory.reports.exit_code import ExitCode


def verdict(outcome: str, level: Level | None, require: str | None = None, expected: str = "holds") -> Record:
    return record_of(Verdict("x", expected, outcome, level, {}, ""), require)


def test_an_error_outweighs_a_refutation() -> None:
    refuted, undecided = verdict("refuted", Level.EXACT), verdict("inconclusive", None)
    wrong, failed = (replace(undecided, error=int(code)) for code in (ExitCode.BAD_INPUT, ExitCode.INTERNAL_ERROR))
    assert exit_code([wrong, refuted], allow_inconclusive=True) == ExitCode.BAD_INPUT
    assert exit_code([wrong, failed, refuted], allow_inconclusive=True) == ExitCode.INTERNAL_ERROR


def test_what_is_below_the_level_required_is_not_ok() -> None:
    for level, require, expected in product(Level, REQUIRABLE, ("holds", "refuted")):
        outcome = STRENGTH[level] if expected == "holds" else "refuted"
        record = verdict(outcome, level, require, expected)
        strong = REQUIRABLE.index(STRENGTH[level]) <= REQUIRABLE.index(require)
        assert record.ok is record.as_json()["ok"] is strong
        assert exit_code([record], allow_inconclusive=True) == (ExitCode.OK if strong else ExitCode.INCONCLUSIVE)
        assert word(record) == ("ok" if strong else "WEAK")
        assert summary([record]).startswith(f"1 claim checked: {int(strong)} as expected, 0 failed, 0 inconclusive")


def test_what_holds_at_points_is_not_said_to_hold_and_has_no_margin() -> None:
    apart = decide("<", exact_enclosure(rational(1), 9), exact_enclosure(rational(2), 9))
    finding = Finding(make_case(2, "uniform"), ("1", "2"), (apart,))
    verdicts = [
        Verdict("x", "holds", STRENGTH[level], level, {}, "", (finding,), points=points)
        for level, points in ((Level.SUPPORTED, 17), (Level.CERTIFIED, None), (Level.OBSERVED, 1))
    ]
    points, whole, one = (record_of(verdict, "observed") for verdict in verdicts)
    assert (points.margin, whole.margin, one.margin) == (None, "1", None)
    assert headline(points).endswith(" s  17 points of the domain only")
    assert headline(one).endswith(" s  1 point of the domain only")
    assert headline(whole).endswith(" s  margin 1")
