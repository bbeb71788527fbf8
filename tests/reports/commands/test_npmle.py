"""Certificates of data, and emtheory npmle as scripts meet it: each change to either is rejected."""

import json
import re
import shutil
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
from tests.reports.certificates.forgeries import changes
from tests.reports.conftest import Run
from tests.tiers import first_every_day

Json = dict[str, Any]
GALAXIES = Path(__file__).parents[3] / "examples" / "data" / "galaxies.csv"
FIT = {"atoms": [9.7, 20, 23, "33"], "weights": [0.1, "0.5", 0.35, 0.05]}


def sealed(certificate: Json) -> Json:
    return certificate | {"fingerprint": fingerprint(certificate)}


def problem(data: Path, certificate: Json, tmp_path: Path) -> str:
    """Why a certificate is not accepted, with the data given; empty if it is."""
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(certificate))
    return emtheory.replay(changed, data=data)[0].problem


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data with certificates of the best mixing distribution, and of a fit."""
    folder = tmp_path_factory.mktemp("certified")
    shutil.copy(GALAXIES, folder)
    assert emtheory.npmle(folder / "galaxies.csv", out=folder).ok
    assert emtheory.npmle(folder / "galaxies.csv", fit=FIT, out=folder / "fit", locate=False).ok
    return folder


def test_the_document_is_the_contract(run: Run, folder: Path) -> None:
    result = run("npmle", GALAXIES, "--kernel", "normal(t, 1)", "--json")
    document = result.document()
    assert result.err == ""
    told = [document[key] for key in ("schema", "kernel", "n", "d", "number_of_atoms", "level", "reason")]
    assert told == [1, "normal(t, 1)", 82, 1, 6, "certified", None]
    assert document["sha256"] == sha256(GALAXIES.read_bytes()).hexdigest()
    assert document["gap"]["lower"] == "0"
    assert 0 < Fraction(document["gap"]["upper"]) < Fraction(1, 10**8)
    for atom, box, weight in zip(document["atoms"], document["located"], document["weights"], strict=True):
        assert Fraction(box["lower"][0]) <= Fraction(atom[0]) <= Fraction(box["upper"][0])
        assert Fraction(box["upper"][0]) - Fraction(box["lower"][0]) < Fraction(1, 10**13)
        assert abs(Fraction(box["weight"]["lower"]) - Fraction(weight)) < Fraction(1, 10**13)
    certificate = json.loads((folder / "galaxies.certificate.json").read_text())
    assert certificate["mixing"] == {key: document[key] for key in ("atoms", "weights")}


def test_certify_data_certifies_a_mixing_distribution(run: Run, tmp_path: Path) -> None:
    fit, rows = tmp_path / "fit.json", tmp_path / "rows.csv"
    fit.write_text(json.dumps(FIT))
    rows.write_text("velocity,weight\n9.7,0.1\n20,0.5\n23,0.35\n33,0.05\n")
    wanted = run("npmle", GALAXIES, "--fit", fit, "--json").document()
    for file in (fit, rows):
        found = run("certify-data", GALAXIES, "--mixing", "normal(t, 1)", "--mixing-points", file, "--json")
        assert found.document() == wanted
    rows.write_text("velocity\n9.7\n")
    for arguments, message in (
        (("--mixing", "normal(t, 1)"), "belong together"),
        (("--mixing", "normal(t, 1)", "--mixing-points", fit, "--k", "3"), "one of them"),
        (("--mixing", "normal(t, 1)", "--mixing-points", rows), "its weight are wanted"),
        (("--mixing", "normal(t, 0)", "--mixing-points", fit), "the variance 0"),
    ):
        run("certify-data", GALAXIES, *arguments).assert_one_line_error(2, message)


def test_a_fit_is_within_a_gap_or_not(run: Run, tmp_path: Path) -> None:
    fit = tmp_path / "fit.json"
    fit.write_text(json.dumps(FIT))
    gaps = {}
    for gap, code in ((None, 0), ("0.5", 0), ("0.01", 1)):
        options = () if gap is None else ("--gap", gap)
        document = run("npmle", GALAXIES, "--fit", fit, *options, "--no-locate", "--json").document(code)
        gaps[gap] = document["gap"]
        assert document["number_of_atoms"] is None
        assert (document["reason"] is None) == (code == 0)
    assert len({each["upper"] for each in gaps.values()}) == 1
    assert Fraction(1, 100) < Fraction(gaps[None]["lower"]) < Fraction(gaps[None]["upper"]) < Fraction(1, 2)


def test_bad_data_are_named(run: Run, tmp_path: Path) -> None:
    for content, code, said in (
        ("1\nnan\n2\n", 2, "nan in row 2, column 1: finite numbers up to 1e+150 are needed"),
        ("", 2, "is empty"),
        ("x\n", 2, "no rows"),
        ("1,2,3,4\n5,6,7,8\n", 4, "4 columns"),
        ("1e150\n-1e150\n", 4, "standard deviations of the kernel from 0"),
    ):
        (tmp_path / "a.csv").write_text(content)
        run("npmle", tmp_path / "a.csv").assert_one_line_error(code, said)


def test_bad_fits_are_named(run: Run, tmp_path: Path) -> None:
    for fit, said in (
        ("nonsense", "is not valid JSON"),
        ("[1]", 'a fit is an object with "atoms" and "weights"'),
        ('{"atoms": [1], "weights": [0.9]}', "the weights sum to 0.9"),
        ('{"atoms": [1, 2], "weights": [1.5, -0.5]}', "weight 2 is -0.5"),
        ('{"atoms": ["x"], "weights": [1]}', "atoms = ['x'] is no array of numbers"),
        ('{"atoms": [[1, 2]], "weights": [1]}', "atoms: shape (1, 2) where 1 × 1 is needed"),
        ('{"atoms": [], "weights": []}', "weights = [] is no array of numbers"),
        ('{"atoms": [NaN], "weights": [1]}', "nan is among them"),
    ):
        (tmp_path / "fit.json").write_text(fit)
        run("npmle", GALAXIES, "--fit", tmp_path / "fit.json").assert_one_line_error(2, said)


def test_bad_options() -> None:
    for data, more, said in (
        ([1.0, 2.0], {"out": "nowhere"}, "save them"),
        ([["a"]], {}, "rows × columns of real numbers"),
        ([[1.0], [1.0, 2.0]], {}, "all of one length"),
    ):
        with pytest.raises(emtheory.InputError, match=said):
            emtheory.npmle(data, **more)
    plane = np.random.default_rng(0).normal(size=(12, 2))
    for data, said in (([[0.0, 0.0, 1.0]], "one dimension and two"), (plane, "Newton's method does not find a zero")):
        assert said in str(emtheory.npmle(data, gap="1e-2").as_json()["atoms_reason"])


def test_certificates_are_replayed_and_forged_ones_rejected(folder: Path, tmp_path: Path) -> None:
    best = json.loads((folder / "galaxies.certificate.json").read_text())
    fit = json.loads((folder / "fit" / "galaxies.certificate.json").read_text())
    for certificate in (best, fit):
        assert problem(GALAXIES, certificate, tmp_path) == ""
    forged = {
        "a gap of nothing": (best | {"gap": {"lower": "0", "upper": "0"}}, "not decided"),
        "wide cubes": (best | {"atoms": [each | {"around": "5.0"} for each in best["atoms"]]}, "cubes around"),
        "a negative variance": (best | {"kernel": {"normal": "-1"}}, "variance is not positive"),
        "other data": (best | {"data": best["data"] | {"sha256": "0" * 64}}, "is not the file that the certificate"),
        "more rows": (best | {"data": best["data"] | {"n": 83}}, "data: n or d is not that of the file"),
        "a moved box": (best | {"atoms": [best["atoms"][1], *best["atoms"][1:]]}, "one point in it is not shown"),
        "another version": (best | {"version": 2}, "version: only version 1"),
        "one key more": (best | {"proved": True}, "other keys"),
    }
    for name, (certificate, said) in forged.items():
        assert said in problem(GALAXIES, sealed(certificate), tmp_path), name
    assert "fingerprint" in problem(GALAXIES, best | {"tolerance": "1e-09"}, tmp_path)


STILL_TRUE = re.compile(r"data\.file: |.*fingerprint|fixed_points: (without|.* swapped)|.*alone_within")
"""Changes after which a certificate with a new fingerprint shows less, or the same, and is rightly accepted: the file
has another name, fixed points are left out, or in another order; that one is alone within so much is shown anew."""


@pytest.fixture(scope="module")
def balls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data with a certificate of a ball, and one of fixed points alone."""
    balls = tmp_path_factory.mktemp("balls")
    np.save(balls / "points.npy", 1.2 * gaussian_sample(60, 1, 3))
    assert emtheory.certify_data(balls / "points.npy", 2, "9/10,1/10", radius=1, out=balls).ok
    (balls / "two").mkdir()
    assert not emtheory.certify_data(balls / "points.npy", 2, "uniform", radius=1, out=balls / "two").ok
    return balls


def test_a_certificate_is_replayed_with_its_data(balls: Path, tmp_path: Path, run: Run) -> None:
    alone = emtheory.replay(balls / "points.certificate.json")
    assert (alone.ok, alone[0].proved) == (True, True)
    assert alone[0].describe().startswith("EM on points.npy, ball of radius 1  certified")
    of_points = emtheory.replay(balls / "two", data=balls / "points.npy")
    assert of_points[0].describe().startswith("EM on points.npy, fixed points: 3  certified")
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text((balls / "points.certificate.json").read_text())
    assert "no file beside the certificate has this digest" in emtheory.replay(elsewhere)[0].problem
    assert run("replay", elsewhere, "--data", balls / "points.npy").code == 0
    other = tmp_path / "other.npy"
    np.save(other, gaussian_sample(60, 1, 4))
    result = run("replay", elsewhere, "--data", other)
    assert result.code == 1
    assert "is not the file that the certificate is about" in result.out


@pytest.mark.parametrize(("which", "stride"), first_every_day(2, [("two", 17), (".", 17), ("two", 2), (".", 3)]))
def test_every_change_is_rejected(balls: Path, tmp_path: Path, which: str, stride: int) -> None:
    """Without a new fingerprint, and with one if a part is missing or unknown; whether numbers follow is looked at in
    `tests.reports.certificates.test_standalone_given`."""
    original, data = json.loads((balls / which / "points.certificate.json").read_text()), balls / "points.npy"
    assert problem(data, original, tmp_path) == ""
    for name, changed in islice(changes(original), 0, None, stride):
        if isinstance(changed, dict):
            assert problem(data, changed, tmp_path), name
            if ("without" in name or "unknown" in name) and not STILL_TRUE.match(name):
                assert problem(data, sealed(changed), tmp_path), name


def test_data_are_taken_as_they_were(tmp_path: Path) -> None:
    data = tmp_path / "points.npy"
    for kind in ("float32", ">f8"):
        np.save(data, np.rint(8 * gaussian_sample(40, 1, 5)).astype(kind))
        assert emtheory.certify_data(data, 2, "9/10,1/10", radius=1, out=tmp_path).certificate is not None
        assert emtheory.replay(tmp_path / "points.certificate.json").ok


def test_a_bit_of_the_data_counts(balls: Path, tmp_path: Path) -> None:
    data = bytearray((balls / "points.npy").read_bytes())
    data[-3] ^= 1
    (tmp_path / "points.npy").write_bytes(data)
    copy = tmp_path / "points.certificate.json"
    copy.write_text((balls / "points.certificate.json").read_text())
    assert "no file beside" in emtheory.replay(copy)[0].problem
    # And if the digest is made to agree, the numbers are not those recorded.
    certificate = json.loads(copy.read_text())
    certificate["data"]["sha256"] = sha256(data).hexdigest()
    copy.write_text(json.dumps(sealed(certificate)))
    assert emtheory.replay(copy)[0].problem.startswith("fixed_points: it is ")


def test_a_claims_file_has_no_such_claim(balls: Path, tmp_path: Path, run: Run) -> None:
    claims = tmp_path / "claims.toml"
    claims.write_text('schema = 1\n[[claim]]\nid = "pi"\nstatement = "pi > 3"\nk = 2\nweights = "uniform"\n')
    result = run("replay", balls / "points.certificate.json", "--claim", claims)
    assert result.code == 1
    assert "it is about data" in result.out
