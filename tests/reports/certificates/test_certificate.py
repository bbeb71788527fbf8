"""Certificates as they are written: their names, their size, what they say; and `emtheory replay` on them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.catalogue.entry import claims_of
from emtheory.reports.certificates.certificate import certificate_name, certify, fingerprint, write_certificate
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.claims import catalogue
from tests.reports.conftest import Run

CLAIMS = Path(__file__).with_name("four.toml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "claims.toml").write_text(CLAIMS)
    result = run("check", tmp_path / "claims.toml", "--certificates", tmp_path / "certificates")
    assert result.code == 4, result
    return tmp_path / "certificates"


def test_replay_accepts_them_and_rejects_a_changed_one_and_says_where(folder: Path, run: Run) -> None:
    result = run("replay", folder)
    assert result.code == 0, result
    assert result.out.endswith("3 certificates: 3 accepted, 0 not\n")
    assert result.out.count("replayed, not proved") == 1
    document = json.loads(run("replay", folder / "gap.json", "--json").out)
    assert document["ok"] is True
    (replayed,) = document["certificates"]
    assert (replayed["id"], replayed["verdict"], replayed["proved"]) == ("gap", "proved", True)
    document = json.loads((folder / "gap.json").read_text())
    document["margin"] = "1"
    document["fingerprint"] = fingerprint(document)
    (folder / "gap.json").write_text(json.dumps(document))
    result = run("replay", folder)
    assert result.code == 1
    assert 'gap.json: margin: "1" is recorded, and "0" was found' in result.out
    answer = json.loads(run("replay", folder, "--json").out)
    assert answer["ok"] is False
    assert sum(not each["ok"] for each in answer["certificates"]) == 1


def test_what_is_no_certificate_exits_2(folder: Path, run: Run) -> None:
    (folder / "other.json").write_text("{}")
    (folder / "empty").mkdir()
    assert "is not a certificate" in run("replay", folder / "other.json").out
    for arguments, code in (
        ([folder / "other.json"], 2),
        ([folder / "missing.json"], 2),
        ([], 2),
        ([folder / "empty"], 5),
    ):
        assert run("replay", *arguments).code == code


def test_a_certificate_is_for_the_claim_of_the_file(folder: Path, run: Run) -> None:
    claims = folder.parent / "claims.toml"
    assert run("replay", folder, "--claim", claims).code == 0
    claims.write_text(CLAIMS.replace("one-heavy:3/5", "one-heavy:4/5").replace('"gap"', '"gap-2"'))
    result = run("replay", folder, "--claim", claims)
    assert result.code == 1
    assert "the claims file has no 'gap'" in result.out
    assert "it is not what the claims file says under the id 'a/../../b C'" in result.out
    assert "sampled" in result.out


def test_a_claim_that_is_no_longer_decided_loses_its_certificate(tmp_path: Path) -> None:
    decided = Claim("a", "k == 3")
    assert write_certificate(tmp_path, decided, decide_claim(decided)) == "a.json"
    undecided = Claim("a", "log(2) == 0 * lloyd_radius + log(2)")
    assert write_certificate(tmp_path, undecided, decide_claim(undecided)) is None
    assert [path.name for path in tmp_path.iterdir()] == ["verify"]
    with pytest.raises(ValueError, match="nothing to certify"):
        certify(undecided, decide_claim(undecided))


def test_ids_of_the_catalogue_are_file_names_of_their_own() -> None:
    names = [certificate_name(claim.id).lower() for entry in catalogue() for claim in claims_of(entry)]
    assert len(set(names)) == len(names)


@given(st.text(max_size=120), st.text(max_size=120))
def test_names_are_safe_and_different(first: str, second: str) -> None:
    name = certificate_name(first)
    assert len(name) < 100
    assert name.isascii()
    assert not set(name) & set('/\\:*?"<>| ')
    assert not name.startswith((".", "-"))
    assert name == name.lower()
    assert (certificate_name(second) == name) == (second == first)


def test_a_claim_that_is_kept_has_its_certificate_too(tmp_path: Path, run: Run) -> None:
    """What a cache keeps has no evidence: with certificates the claim is decided anew."""
    (tmp_path / "claims.toml").write_text(CLAIMS.partition('[[claim]]\nid = "open"')[0])
    command = ["check", tmp_path / "claims.toml", "--cache", tmp_path / "kept", "--jobs", "1"]
    for _ in range(2):
        assert run(*command, "--lock", tmp_path / "lock").code == 0
    assert run(*command, "--certificates", tmp_path / "written").code == 0
    assert len(list((tmp_path / "written").glob("*.json"))) == 2
    assert run("replay", tmp_path / "written").code == 0
