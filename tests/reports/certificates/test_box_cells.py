"""Certificates of boxes: replayed as they are, and rejected when a cell is missing or not what was decided."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.certificates.certificate import certificate_text, certify, fingerprint
from emtheory.reports.certificates.file import RejectedError, read_certificate
from emtheory.reports.certificates.replay import fills, replay
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from tests.reports.certificates.tampering import changes
from tests.tiers import first_every_day

CLAIM = Claim(
    id="box",
    statement="kl_divergence < 2/5",
    k=(2,),
    weights="one-heavy:W",
    for_all={"W": ("4/5", "9/10"), "radius": ("1/2", "3/2")},
    assume=("radius <= W",),
)


CLAIMS = {
    "box": CLAIM,
    "tail": Claim(
        "tail", "posterior_power(m=1) >= 1/10", k=(2,), weights="one-heavy:7/10", for_all={"radius": ("1", "inf")}
    ),
    "family": Claim(
        "family", "em_map < 2", k=(), family="two-means", values={"separation": "1"}, for_all={"theta": ("1", "3/2")}
    ),
}
"""Beside those of `test_replay`, which are decided by algebra, at points, or along one variable."""


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


@pytest.mark.parametrize("kind", first_every_day(1, sorted(CLAIMS, reverse=True)))
def test_every_small_change_is_rejected(kind: str, tmp_path: Path) -> None:
    certificate = certify(CLAIMS[kind], decide_claim(CLAIMS[kind]))
    assert replayed(certificate, tmp_path / "box.json") == "certified"
    kept = []
    # Where an assumption of variables alone excludes a cell no models are made, so it does not matter for which window.
    excluded = [i for i, cell in enumerate(certificate["cases"][0]["cells"]) if cell["assumptions"]]
    unused = ("claim.id", *(f"cases.0.cells.{i}.window" for i in excluded))
    # Each change costs a replay: one in a hundred is tried, and all that concern cells as such.
    for number, (what, document) in enumerate(changes(certificate)):
        if number % 100 and "without" not in what:
            continue
        sealed = document | {"fingerprint": fingerprint(document)} if "fingerprint" in document else document
        try:
            replayed(sealed, tmp_path / "box.json")
        except (RejectedError, ValueError):
            continue
        if json.dumps(sealed) != json.dumps(certificate) and not what.startswith(unused):
            kept.append(what)
    assert kept == []


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
