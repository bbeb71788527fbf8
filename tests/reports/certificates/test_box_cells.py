"""Certificates of boxes: replayed as they are, and rejected when a cell is missing or not what was decided."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.certificates.certificate import certificate_text, certify, fingerprint
from emtheory.reports.certificates.file import CellRecord, RejectedError, read_certificate
from emtheory.reports.certificates.replay import fills, is_cover, replay
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.theory.claim import Claim

BOX = {"W": ("4/5", "9/10"), "radius": ("1/2", "3/2")}
CLAIM = Claim("box", "kl_divergence < 2/5", k=(2,), weights="one-heavy:W", for_all=BOX, assume=("radius <= W",))


def replayed(document: dict[str, Any], path: Path) -> str:
    path.write_text(certificate_text(document), encoding="utf-8")
    return replay(*read_certificate(path)).outcome


@pytest.fixture(scope="module")
def certificate() -> dict[str, Any]:
    return certify(CLAIM, decide_claim(CLAIM))


def test_a_certificate_of_boxes_is_replayed(certificate: dict[str, Any], tmp_path: Path) -> None:
    cells = certificate["cases"][0]["cells"]
    assert {cell["method"] for cell in cells} == {"box"}
    assert any(cell["assumptions"] for cell in cells)
    assert any(cell["comparisons"] for cell in cells)
    assert replayed(certificate, tmp_path / "box.json") == "certified"


def test_a_cell_by_another_method_or_of_a_wider_box_is_rejected(certificate: dict[str, Any], tmp_path: Path) -> None:
    index = next(i for i, cell in enumerate(certificate["cases"][0]["cells"]) if cell["comparisons"])
    for change in (
        {"method": "tail"},
        {"method": "taylor"},
        {"method": "algebra", "stretch": None, "window": None},
        {"method": "point", "point": {"W": "4/5", "radius": "1/2"}, "stretch": None, "window": None},
        {"digits": 5},
        {"stretch": {"W": ["4/5", "9/10"], "radius": ["1/2", "1"]}},
    ):
        document = json.loads(json.dumps(certificate))
        document["cases"][0]["cells"][index] |= change
        with pytest.raises(RejectedError):
            replayed(document | {"fingerprint": fingerprint(document)}, tmp_path / "box.json")


def test_as_many_assumptions_are_recorded_as_there_are(tmp_path: Path) -> None:
    claim = Claim("a", "kl_divergence < 2/5", k=(2,), weights=("4/5", "1/5"), radius="1", assume=("radius < 2",))
    certificate = certify(claim, decide_claim(claim))
    assert len(certificate["cases"][0]["assumptions"]) == 1
    certificate["cases"][0]["assumptions"] = []
    with pytest.raises(RejectedError, match="assumptions: 0 are recorded, and the claim has 1"):
        replayed(certificate | {"fingerprint": fingerprint(certificate)}, tmp_path / "a.json")


def unit(*ends: str) -> dict[str, tuple[Fraction, Fraction]]:
    numbers = [Fraction(end) for end in ends]
    return {"x": (numbers[0], numbers[1]), "y": (numbers[2], numbers[3])}


def test_boxes_fill_a_box_or_leave_a_gap() -> None:
    whole = unit("0", "1", "0", "1")
    pinwheel = [
        unit("0", "2/3", "0", "1/3"),
        unit("2/3", "1", "0", "2/3"),
        unit("1/3", "1", "2/3", "1"),
        unit("0", "1/3", "1/3", "1"),
        unit("1/3", "2/3", "1/3", "2/3"),
    ]
    assert fills(pinwheel, whole)
    assert fills([*pinwheel, whole], whole)
    for i in range(5):
        assert not fills(pinwheel[:i] + pinwheel[i + 1 :], whole)
    assert not fills([unit("0", "1", "0", "99/100")], whole)
    assert not fills([], whole)


def cell_record(method: str, *ends: str) -> CellRecord:
    stretch = {"radius": list(ends)} if ends and method == "box" else None
    where: dict[str, Any] = {"point": {"radius": ends[0]} if method == "point" else None, "stretch": stretch}
    evidence: dict[str, Any] = {"digits": 15, "quantities": [], "comparisons": [], "assumptions": [], "window": None}
    return CellRecord(method=method, **where, **evidence)  # type: ignore[arg-type]


ZERO, NEAR, FAR = cell_record("point", "0"), cell_record("box", "0", "1"), cell_record("box", "1", "2")


def test_gaps_are_no_covers() -> None:
    question = read_claim(Claim("a", "kl_divergence > 0", for_all={"radius": ("0", "2")}))
    assert is_cover([NEAR, FAR], question)
    for cells in (
        *([], [ZERO], [NEAR], [FAR], [NEAR, FAR, NEAR], [ZERO, FAR], [ZERO, NEAR, FAR]),
        [NEAR, cell_record("box", "5/4", "2")],
        [NEAR, cell_record("box", "1", "1")],
        [cell_record("box", "1/1000000", "1"), FAR],
        [NEAR, cell_record("box", "1", "1999999/1000000")],
    ):
        assert not is_cover(cells, question)
    with pytest.raises(RejectedError, match="does not say which box"):
        is_cover([cell_record("box")], question)
