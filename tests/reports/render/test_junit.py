import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.render.junit import Problem, TestCase, junit_xml


def case(verdict: str, problem: Problem | None = None, seconds: float | None = 1.5) -> TestCase:
    return TestCase("file.toml", "x", problem, seconds, {"verdict": verdict, "margin": "2"})


def test_the_document() -> None:
    problems = Problem("failure", "refuted (expected: holds): because"), Problem("error", "open")
    cases = [case("certified"), case("refuted", problems[0]), case("inconclusive", problems[1])]
    root = ElementTree.fromstring(junit_xml("suite", cases))
    (suite,) = root
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "errors": "1", "skipped": "0"}
    assert suite.get("name") == "suite"
    first, second, third = suite
    assert first.attrib == {"classname": "file.toml", "name": "x", "time": "1.500000"}
    properties = {item.get("name"): item.get("value") for item in first.find("properties")}
    assert properties == {"verdict": "certified", "margin": "2"}
    assert second.find("failure").get("message") == "refuted (expected: holds): because"
    assert third.find("error") is not None


@given(st.text())
def test_any_text_gives_well_formed_xml(text: str) -> None:
    hostile = TestCase(text, text, Problem("failure", text), properties={"text": text})
    root = ElementTree.fromstring(junit_xml(text, [hostile]))
    shown = root.find("testsuite/testcase").get("name")
    assert len(shown) == len(text)


@pytest.mark.parametrize("hostile", ['"><script>', "]]>", "\x00\x1b[31m", "\ud800", "a\nb", "&amp;"])
def test_hostile_text(hostile: str) -> None:
    root = ElementTree.fromstring(junit_xml("suite", [TestCase("group", hostile)]))
    assert len(root.find("testsuite/testcase").get("name")) == len(hostile)
