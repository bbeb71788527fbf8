"""JUnit XML, which CI systems read."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Problem:
    """Why a test case did not pass: ``failure``, ``error`` or ``skipped``, a line for the reader, and all the rest."""

    kind: str
    message: str
    text: str = ""


@dataclass(frozen=True)
class TestCase:
    """One test case; it passed if `problem` is None.

    `group`, `name`: what it is called; `problem`: Why it did not pass; `seconds`: the time it took, or None where times
    are not to be recorded; `properties`: what else there is to know; `place`: the file that it stands in, and the line,
    if they are known.
    """

    __test__ = False  # pytest would collect the class by its name.

    group: str
    name: str
    problem: Problem | None = None
    seconds: float | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    place: tuple[str, int | None] | None = None


def junit_xml(suite: str, cases: Sequence[TestCase]) -> bytes:
    """Return a JUnit document with one suite; characters that XML forbids are replaced by U+FFFD."""
    kinds = [case.problem.kind for case in cases if case.problem is not None]
    counts = {
        "tests": len(cases),
        "failures": kinds.count("failure"),
        "errors": kinds.count("error"),
        "skipped": kinds.count("skipped"),
    }
    attributes = {name: str(count) for name, count in counts.items()}
    root = ET.Element("testsuites", attributes)
    parent = ET.SubElement(root, "testsuite", {"name": _legal(suite), **attributes})
    for case in cases:
        element = ET.SubElement(parent, "testcase", {"classname": _legal(case.group), "name": _legal(case.name)})
        if case.place is not None:
            element.set("file", _legal(case.place[0]))
            if case.place[1] is not None:
                element.set("line", str(case.place[1]))
        if case.seconds is not None:
            element.set("time", f"{case.seconds:.6f}")
        properties = ET.SubElement(element, "properties")
        for name, value in case.properties.items():
            ET.SubElement(properties, "property", {"name": name, "value": _legal(value)})
        if case.problem is not None:
            told = ET.SubElement(element, case.problem.kind, {"message": _legal(case.problem.message)})
            told.text = _legal(case.problem.text) or None
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
