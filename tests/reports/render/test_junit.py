from typing import Any

from defusedxml import ElementTree
from hypothesis import example, given
from hypothesis import strategies as st

from emtheory.reports.render.junit import Problem, TestCase, junit_xml
from emtheory.reports.render.report_junit import render_report_junit


def test_the_document() -> None:
    problems = (None, Problem("failure", "because"), Problem("error", "open"))
    cases = [TestCase("file.toml", "x", problem, 1.5, {"margin": "2"}) for problem in problems]
    (suite,) = ElementTree.fromstring(junit_xml("suite", cases))
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "3", "failures": "1", "errors": "1", "skipped": "0"}
    assert suite[0].attrib == {"classname": "file.toml", "name": "x", "time": "1.500000"}
    assert [(item.get("name"), item.get("value")) for item in suite[0].find("properties")] == [("margin", "2")]


@example('"><script> ]]> \x00\x1b[31m \ud800 a\nb &amp;')
@given(st.text())
def test_any_text_gives_well_formed_xml(text: str) -> None:
    hostile = TestCase(text, text, Problem("failure", text), properties={"text": text})
    root = ElementTree.fromstring(junit_xml(text, [hostile]))
    shown = root.find("testsuite/testcase").get("name")
    assert len(shown) == len(text)


def claim(verdict: str) -> dict[str, Any]:
    decided = verdict not in ("inconclusive", "pending")
    level = verdict if decided else None
    return {"id": "c", "verdict": verdict, "level": level, "margin": None, "reason": "because", "witness": None}


def document_entry(part: str, verdict: str, expected: str = "holds", status: str = "ok") -> dict[str, Any]:
    parts = dict.fromkeys(("claims", "disproofs", "instances", "hypotheses", "controls", "corrected"), ())
    return {
        "id": "e",
        "verdict": "proved",
        "expected": expected,
        "ok": status == "ok",
        "status": status,
        "problems": [] if status == "ok" else ["a problem"],
        **parts,
        part: [claim(verdict)],
    }


def kinds(given: dict[str, Any]) -> list[str | None]:
    root = ElementTree.fromstring(render_report_junit({"own": False, "entries": [given]}, {}))
    return [case[1].tag if len(case) > 1 else None for case in root[0]]


def test_kinds_of_problem() -> None:
    for part, verdict, expected, kind in (
        ("claims", "certified", "holds", None),
        ("claims", "refuted", "holds", "failure"),
        ("claims", "refuted", "refuted", None),
        ("claims", "proved", "refuted", None),
        ("claims", "inconclusive", "holds", "error"),
        ("controls", "refuted", "holds", None),
        ("controls", "proved", "holds", "failure"),
        ("instances", "pending", "holds", "error"),
        ("corrected", "refuted", "refuted", "failure"),
    ):
        assert kinds(document_entry(part, verdict, expected))[1] == kind, (part, verdict, expected)
    # A statement that is not settled is no pass.
    for status, kind in (("ok", None), ("failed", "failure"), ("open", "error"), ("pending", "error")):
        assert kinds(document_entry("claims", "proved", status=status))[0] == kind
