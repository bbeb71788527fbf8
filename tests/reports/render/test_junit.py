from fractions import Fraction

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from emtheory.numerics.case import make_case
from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.level import Level
from emtheory.reports.decide.verdict import Finding, Verdict, decide
from emtheory.reports.render.junit import Problem, TestCase, junit_xml, verdict_case

LINK = decide("<", Enclosure(Fraction(0), Fraction(1), Level.CERTIFIED, "test"), Enclosure(3, 4, Level.EXACT, "test"))
FINDING = Finding(make_case(3, "uniform"), ("a", "b"), (LINK,))


def verdict(outcome: str, expected: str = "holds") -> Verdict:
    level = None if outcome == "inconclusive" else Level.CERTIFIED
    return Verdict("x", expected, outcome, level, {}, "because", (FINDING,), seconds=1.5)


@pytest.mark.parametrize(
    ("outcome", "expected", "kind"),
    [
        ("certified", "holds", None),
        ("refuted", "refuted", None),
        ("refuted", "holds", "failure"),
        ("certified", "refuted", "failure"),
        ("inconclusive", "holds", "skipped"),
        ("inconclusive", "refuted", "skipped"),
    ],
)
def test_kinds_of_problem(outcome: str, expected: str, kind: str | None) -> None:
    case = verdict_case(verdict(outcome, expected), "file.toml", inconclusive="skipped")
    assert (None if case.problem is None else case.problem.kind) == kind


def test_an_open_claim_is_an_error_by_default() -> None:
    problem = verdict_case(verdict("inconclusive"), "file.toml").problem
    assert problem is not None
    assert problem.kind == "error"
    assert "because" in problem.message


def test_the_document() -> None:
    outcomes = ("certified", "refuted", "inconclusive")
    cases = [verdict_case(verdict(outcome), "file.toml") for outcome in outcomes]
    root = ElementTree.fromstring(junit_xml("suite", cases))
    (suite,) = root
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "errors": "1", "skipped": "0"}
    assert suite.get("name") == "suite"
    first, second, third = suite
    assert first.attrib == {"classname": "file.toml", "name": "x", "time": "1.500000"}
    properties = {item.get("name"): item.get("value") for item in first.find("properties")}
    assert properties == {"verdict": "certified", "level": "certified", "margin": "2"}
    assert second.find("failure").get("message") == "refuted (expected: holds): because"
    assert third.find("error") is not None


def test_times_can_be_left_out() -> None:
    case = verdict_case(verdict("certified"), "file.toml", times=False)
    assert b"time=" not in junit_xml("suite", [case])


@given(st.text())
def test_any_text_gives_well_formed_xml(text: str) -> None:
    case = TestCase(text, text, Problem("failure", text), properties={"text": text})
    root = ElementTree.fromstring(junit_xml(text, [case]))
    shown = root.find("testsuite/testcase").get("name")
    assert len(shown) == len(text)


@pytest.mark.parametrize("hostile", ['"><script>', "]]>", "\x00\x1b[31m", "\ud800", "a\nb", "&amp;"])
def test_hostile_text(hostile: str) -> None:
    root = ElementTree.fromstring(junit_xml("suite", [TestCase("group", hostile)]))
    assert len(root.find("testsuite/testcase").get("name")) == len(hostile)
