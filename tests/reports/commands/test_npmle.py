"""`emtheory npmle` as scripts meet it, its certificates with every change to them, its page, and notebooks."""

import json
import shutil
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import emtheory
from emtheory.reports.certificates.certificate import fingerprint
from tests.reports.conftest import Run

Json = dict[str, Any]
GALAXIES = Path(__file__).parents[3] / "examples" / "data" / "galaxies.csv"
KEYS = (
    *("schema", "kernel", "n", "d", "sha256", "atoms", "weights", "gap", "log_likelihood", "number_of_atoms"),
    *("located", "level", "reason", "atoms_reason", "certificate"),
)
FIT = {"atoms": [9.7, 20, 23, "33"], "weights": [0.1, "0.5", 0.35, 0.05]}


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
    assert (result.code, result.err) == (0, "")
    document = json.loads(result.out)
    assert tuple(document) == KEYS
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
    wanted = run("npmle", GALAXIES, "--fit", fit, "--json")
    for file in (fit, rows):
        found = run("certify-data", GALAXIES, "--mixing", "normal(t, 1)", "--mixing-points", file, "--json")
        assert (found.code, found.err) == (0, "")
        assert json.loads(found.out) == json.loads(wanted.out)
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
        result = run("npmle", GALAXIES, "--fit", fit, *options, "--no-locate", "--json")
        assert result.code == code, result
        document = json.loads(result.out)
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


def test_bad_options(run: Run) -> None:
    run("npmle", GALAXIES, "--kernel", "cauchy(t, 1)").assert_one_line_error(2, "'cauchy' is no kernel")
    run("npmle", GALAXIES, "--gap", "0").assert_one_line_error(2, "gap = '0' is out of range")
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


def replayed(certificate: Json, folder: Path, tmp_path: Path) -> str:
    """What is wrong with a certificate, sealed anew, beside the data; nothing if it is accepted."""
    path = tmp_path / "changed.certificate.json"
    path.write_text(json.dumps(certificate | {"fingerprint": fingerprint(certificate)}))
    shutil.copy(folder / "galaxies.csv", tmp_path)
    return emtheory.replay(path)[0].problem


def test_certificates_are_replayed_and_forged_ones_rejected(folder: Path, tmp_path: Path) -> None:
    best = json.loads((folder / "galaxies.certificate.json").read_text())
    fit = json.loads((folder / "fit" / "galaxies.certificate.json").read_text())
    for certificate in (best, fit):
        assert replayed(certificate, folder, tmp_path) == ""
    forged = {
        "a gap of nothing": (best | {"gap": {"lower": "0", "upper": "0"}}, "not decided"),
        "wide cubes": (best | {"atoms": [each | {"around": "5.0"} for each in best["atoms"]]}, "cubes around"),
        "a negative variance": (best | {"kernel": {"normal": "-1"}}, "variance is not positive"),
        "other data": (best | {"data": best["data"] | {"sha256": "0" * 64}}, "no file beside the certificate"),
        "more rows": (best | {"data": best["data"] | {"n": 83}}, "data: n or d is not that of the file"),
        "a moved box": (best | {"atoms": [best["atoms"][1], *best["atoms"][1:]]}, "one point in it is not shown"),
        "another version": (best | {"version": 2}, "version: only version 1"),
        "one key more": (best | {"proved": True}, "other keys"),
    }
    for name, (certificate, said) in forged.items():
        problem = replayed(certificate, folder, tmp_path)
        assert problem, name
        assert said in problem, (name, problem)
    path = tmp_path / "unsealed.json"
    path.write_text(json.dumps(best | {"tolerance": "1e-09"}))
    assert "fingerprint" in emtheory.replay(path)[0].problem
