"""Certificates of data: accepted with the data, rejected with any change to either."""

import json
import re
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
from tests.reports.conftest import Run
from tests.tiers import first_every_day

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


@pytest.mark.parametrize(("which", "stride"), first_every_day(2, [("two", 17), (".", 17), ("two", 2), (".", 3)]))
def test_every_change_is_rejected(folder: Path, tmp_path: Path, which: str, stride: int) -> None:
    """Without a new fingerprint, and with one if a part is missing or unknown; whether numbers follow is looked at in
    `tests.reports.certificates.test_standalone_given`."""
    original = document(folder / which)
    assert problem(folder, original, tmp_path) == ""
    for name, changed in islice(changes(original), 0, None, stride):
        if isinstance(changed, dict):
            assert problem(folder, changed, tmp_path), name
            if ("without" in name or "unknown" in name) and not STILL_TRUE.match(name):
                assert problem(folder, sealed(changed), tmp_path), name


def test_data_are_taken_as_they_were(tmp_path: Path) -> None:
    data = tmp_path / "points.npy"
    for kind in ("float32", ">f8"):
        np.save(data, np.rint(8 * gaussian_sample(40, 1, 5)).astype(kind))
        assert emtheory.certify_data(data, 2, "9/10,1/10", radius=1, out=tmp_path).certificate is not None
        assert emtheory.replay(tmp_path / "points.certificate.json").ok


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
    assert emtheory.replay(copy)[0].problem.startswith("fixed_points: it is ")


def test_a_claims_file_has_no_such_claim(folder: Path, tmp_path: Path, run: Run) -> None:
    claims = tmp_path / "claims.toml"
    claims.write_text('schema = 1\n[[claim]]\nid = "pi"\nstatement = "pi > 3"\nk = 2\nweights = "uniform"\n')
    result = run("replay", folder / "points.certificate.json", "--claim", claims)
    assert result.code == 1
    assert "it is about data" in result.out
