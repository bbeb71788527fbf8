from typing import Any

import pytest
from defusedxml import ElementTree

from emtheory.reports.render.report_junit import render_report_junit


def claim(verdict: str) -> dict[str, Any]:
    decided = verdict not in ("inconclusive", "pending")
    level = verdict if decided else None
    return {"id": "c", "verdict": verdict, "level": level, "margin": None, "reason": "because", "witness": None}


def entry(part: str, verdict: str, expected: str = "holds", status: str = "ok") -> dict[str, Any]:
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


def kinds(document_entry: dict[str, Any]) -> list[str | None]:
    root = ElementTree.fromstring(render_report_junit({"own": False, "entries": [document_entry]}, {}))
    return [case[1].tag if len(case) > 1 else None for case in root[0]]


@pytest.mark.parametrize(
    ("part", "verdict", "expected", "kind"),
    [
        ("claims", "certified", "holds", None),
        ("claims", "refuted", "holds", "failure"),
        ("claims", "refuted", "refuted", None),
        ("claims", "proved", "refuted", None),
        ("claims", "inconclusive", "holds", "error"),
        ("controls", "refuted", "holds", None),
        ("controls", "proved", "holds", "failure"),
        ("instances", "pending", "holds", "error"),
        ("corrected", "refuted", "refuted", "failure"),
    ],
)
def test_kinds_of_problem(part: str, verdict: str, expected: str, kind: str | None) -> None:
    assert kinds(entry(part, verdict, expected))[1] == kind


@pytest.mark.parametrize(
    ("status", "kind"), [("ok", None), ("failed", "failure"), ("open", "error"), ("pending", "error")]
)
def test_a_statement_that_is_not_settled_is_no_pass(status: str, kind: str | None) -> None:
    assert kinds(entry("claims", "proved", status=status))[0] == kind
