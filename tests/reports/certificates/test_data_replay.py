"""Certificates of data: accepted with the data, rejected with any change to either."""

import json
import re
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emtheory
from emtheory.numerics.samples.distributions import gaussian_sample
from emtheory.reports.certificates.certificate import fingerprint
from tests.reports.certificates.tampering import changes
from tests.reports.conftest import Result
from tests.tiers import first_every_day

Run = Callable[..., Result]
Json = dict[str, Any]
STILL_TRUE = re.compile(r"data\.file: |.*fingerprint|fixed_points: (without|.* swapped)|.*alone_within")
"""Changes after which a certificate with a new fingerprint shows less, or the same, and is rightly accepted: the file
has another name, fixed points are left out, or in another order; that one is alone within so much is shown anew."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data with a certificate of a ball, and one of fixed points alone."""
    folder = tmp_path_factory.mktemp("certified")
    np.save(folder / "points.npy", 1.2 * gaussian_sample(60, 1, 3))
    assert emtheory.certify_data(folder / "points.npy", 2, "9/10,1/10", radius=1, out=folder).ok
    (folder / "two").mkdir()
    assert not emtheory.certify_data(folder / "points.npy", 2, "uniform", radius=1, out=folder / "two").ok
    return folder


def document(folder: Path) -> Json:
    certificate: Json = json.loads((folder / "points.certificate.json").read_text())
    return certificate


def sealed(certificate: Json) -> Json:
    return certificate | {"fingerprint": fingerprint(certificate)}


def claims_less(original: object, changed: object, end: str = "") -> bool:
    """Whether a changed document only has wider enclosures and larger factors below 1."""
    if isinstance(original, dict) and isinstance(changed, dict) and original.keys() == changed.keys():
        return all(claims_less(original[name], changed[name], name) for name in original)
    if isinstance(original, list) and isinstance(changed, list) and len(original) == len(changed):
        return all(claims_less(left, right, end) for left, right in zip(original, changed, strict=True))
    if end == "radius" and isinstance(original, str) and isinstance(changed, str):
        return Fraction(changed) <= Fraction(original)
    if original == changed or not (isinstance(original, str) and isinstance(changed, str) and "." in original):
        return original == changed
    # What is recorded has margins, which a change may take away, and a place may be another one near by.
    left, right = float(original), float(changed)
    allowed = 3e-8 * abs(left) + 1e-11
    wider = end in ("upper", "factor", "contraction_factor", "origin_image") and (right < 1 or "factor" not in end)
    return abs(left - right) < allowed or (end == "lower" and right < left) or (wider and right > left)


def problem(folder: Path, certificate: Json, tmp_path: Path) -> str:
    """Why a certificate is not accepted, with the data given; empty if it is."""
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(certificate))
    return emtheory.replay(changed, data=folder / "points.npy")[0].problem


def test_a_certificate_is_replayed_with_its_data(folder: Path, tmp_path: Path, run: Run) -> None:
    alone = emtheory.replay(folder / "points.certificate.json")
    assert alone.ok
    assert alone[0].proved
    assert alone[0].describe().startswith("EM on points.npy, ball of radius 1  certified")
    of_points = emtheory.replay(folder / "two", data=folder / "points.npy")
    assert of_points[0].describe().startswith("EM on points.npy, fixed points: 3  certified")
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text((folder / "points.certificate.json").read_text())
    assert "no file beside the certificate has this digest" in emtheory.replay(elsewhere)[0].problem
    assert run("replay", elsewhere, "--data", folder / "points.npy").code == 0
    other = tmp_path / "other.npy"
    np.save(other, gaussian_sample(60, 1, 4))
    result = run("replay", elsewhere, "--data", other)
    assert result.code == 1
    assert "is not the file that the certificate is about" in result.out


@pytest.mark.parametrize(("which", "stride"), first_every_day(2, [("two", 11), (".", 11), ("two", 1), (".", 1)]))
def test_every_change_is_rejected(folder: Path, tmp_path: Path, which: str, stride: int) -> None:
    original = document(folder / which)
    assert problem(folder, original, tmp_path) == ""
    for name, changed in islice(changes(original), 0, None, stride):
        if isinstance(changed, dict):
            assert problem(folder, changed, tmp_path), name
            if not STILL_TRUE.match(name):
                assert problem(folder, sealed(changed), tmp_path) or claims_less(original, changed), name


def test_a_slightly_smaller_factor_is_rejected(folder: Path, tmp_path: Path) -> None:
    certificate = document(folder)
    factor = Fraction(certificate["ball"]["contraction_factor"])
    certificate["ball"]["contraction_factor"] = str(float(factor - Fraction(1, 10**7)))
    found = problem(folder, sealed(certificate), tmp_path)
    assert found.startswith("ball.contraction_factor:")
    assert "does not follow from the data" in found


def test_what_cells_do_not_show_is_rejected(folder: Path, tmp_path: Path) -> None:
    certificate = document(folder)
    wrong = (("40", "not shown"), ("1/50", "not shown"), ("-1", "out of range"), ("10000000", "out of range"))
    for radius, reason in wrong:
        certificate["ball"]["radius"] = radius
        assert reason in problem(folder, sealed(certificate), tmp_path)


@pytest.mark.parametrize(
    ("near", "reason"),
    [
        (["1e+308"], "the exponents are not bounded"),
        (["1e+999"], "out of range"),
        (["0.5"], "no stationary point is shown near the fit"),
        (["0", "0"], "2 coordinates instead of 1"),
        (["nan"], "String should match"),
    ],
)
def test_places_where_there_is_no_fixed_point_are_rejected(
    folder: Path, tmp_path: Path, near: list[str], reason: str
) -> None:
    certificate = document(folder / "two")
    certificate["fixed_points"][1]["near"] = near
    assert reason in problem(folder, sealed(certificate), tmp_path)


def test_a_bit_of_the_data_counts(folder: Path, tmp_path: Path) -> None:
    data = bytearray((folder / "points.npy").read_bytes())
    data[-3] ^= 1
    (tmp_path / "points.npy").write_bytes(data)
    copy = tmp_path / "points.certificate.json"
    copy.write_text((folder / "points.certificate.json").read_text())
    assert "no file beside" in emtheory.replay(copy)[0].problem
    # And if the digest is made to agree, the numbers are not those recorded.
    certificate = document(folder)
    certificate["data"]["sha256"] = sha256(data).hexdigest()
    copy.write_text(json.dumps(sealed(certificate)))
    assert "is recorded, which does not follow" in emtheory.replay(copy)[0].problem


def test_a_claims_file_has_no_such_claim(folder: Path, tmp_path: Path, run: Run) -> None:
    claims = tmp_path / "claims.toml"
    claims.write_text('schema = 1\n[[claim]]\nid = "pi"\nstatement = "pi > 3"\nk = 2\nweights = "uniform"\n')
    result = run("replay", folder / "points.certificate.json", "--claim", claims)
    assert result.code == 1
    assert "it is about data" in result.out


def test_the_standalone_verifier_agrees(folder: Path, run: Run) -> None:
    result = run("verify", folder / "points.certificate.json")
    assert result.code == 0
    assert "1 accepted" in result.out


def test_no_fixed_point_is_alone_within_all(folder: Path, tmp_path: Path) -> None:
    for size in ("40", "3"):
        certificate = document(folder / "two")
        certificate["fixed_points"][1]["alone_within"] = size
        assert problem(folder, sealed(certificate), tmp_path), size
