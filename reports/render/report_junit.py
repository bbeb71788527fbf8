"""The report as JUnit XML: a test case for each statement and for each of its claims; a user's claim is one case."""

from collections.abc import Iterator, Mapping
from typing import Any

from emtheory.reports.render.formats import Format
from emtheory.reports.render.junit import Problem, TestCase, junit_xml
from emtheory.theory.claim import HOLDS, REFUTED

_PARTS = ("claims", "disproofs", "instances", "hypotheses", "controls", "corrected")
_UNDECIDED = ("inconclusive", "pending")


def render_report_junit(document: Mapping[str, Any], _: Mapping[str, str]) -> str:
    """Return the document's test cases; what is still to be decided is an error, not a pass."""
    cases = _own_case if document["own"] else _cases
    return junit_xml("emtheory report", [case for entry in document["entries"] for case in cases(entry)]).decode()


def _own_case(entry: Mapping[str, Any]) -> Iterator[TestCase]:
    (claim,) = entry["claims"]
    yield TestCase(
        entry["group"], claim["id"], _problem(entry, "\n".join(_witness(claim))), properties=_properties(claim)
    )


def _cases(entry: Mapping[str, Any]) -> Iterator[TestCase]:
    yield TestCase(entry["id"], "statement", _problem(entry), properties={"verdict": entry["verdict"]})
    for part in _PARTS:
        for claim in entry[part]:
            expected = REFUTED if part == "controls" else HOLDS
            if part == "claims" and entry["expected"] == REFUTED:
                # One failing claim refutes the statement; which one is not prescribed.
                expected = REFUTED if claim["verdict"] == REFUTED else HOLDS
            yield _case(entry["id"], claim, expected)


def _problem(entry: Mapping[str, Any], text: str = "") -> Problem | None:
    kind = "failure" if entry["status"] == "failed" else "error"
    return None if entry["ok"] else Problem(kind, "; ".join(entry["problems"]), text)


def _case(group: str, claim: Mapping[str, Any], expected: str) -> TestCase:
    verdict, problem = claim["verdict"], None
    if verdict in _UNDECIDED or (verdict == REFUTED) != (expected == REFUTED):
        kind = "error" if verdict in _UNDECIDED else "failure"
        problem = Problem(kind, f"{verdict} (expected: {expected}): {claim['reason']}", "\n".join(_witness(claim)))
    return TestCase(group, claim["id"], problem, properties=_properties(claim))


def _properties(claim: Mapping[str, Any]) -> dict[str, str]:
    return {name: claim[name] or "" for name in ("verdict", "level", "margin")}


def _witness(claim: Mapping[str, Any]) -> Iterator[str]:
    """Yield the case that refutes a claim, both sides there, and the commands that check them."""
    witness = claim["witness"]
    if witness is not None:
        yield f"witness  {witness['place']} ({'rigorous' if witness['rigorous'] else 'not rigorous'})"
        for side in witness["values"]:
            yield f"{side['expression']} in [{side['lower']}, {side['upper']}]"
        yield from claim["commands"]


FORMAT = Format("junit.xml", render_report_junit)
