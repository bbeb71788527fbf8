"""Certificates as they are written: their names, their size, what they say; and `emtheory replay` on them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emtheory.reports.catalogue.entry import claims_of
from emtheory.reports.certificates.certificate import certificate_name, certify, fingerprint, write_certificate
from emtheory.reports.decide.claim import decide_claim
from emtheory.theory.claim import Claim
from emtheory.theory.claims import catalogue

CLAIMS = Path(__file__).with_name("four.toml").read_text(encoding="utf-8")
Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "claims.toml").write_text(CLAIMS)
    result = run("check", tmp_path / "claims.toml", "--certificates", tmp_path / "certificates")
    assert result.code == 4, result
    return tmp_path / "certificates"


def test_replay_accepts_them(folder: Path, run: Run) -> None:
    result = run("replay", folder)
    assert result.code == 0, result
    assert result.out.endswith("3 certificates: 3 accepted, 0 not\n")
    assert result.out.count("replayed, not proved") == 1
    document = json.loads(run("replay", folder / "gap.json", "--json").out)
    assert document["ok"] is True
    (replayed,) = document["certificates"]
    assert (replayed["id"], replayed["verdict"], replayed["proved"]) == ("gap", "proved", True)


def test_replay_rejects_a_changed_one_and_says_where(folder: Path, run: Run) -> None:
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
    for options in ((), ("--json",)):
        result = run("replay", folder / "other.json", *options)
        assert result.code == 2
        assert "is not a certificate" in result.out
    assert run("replay", folder / "missing.json").code == 2
    assert run("replay").code == 2
    (folder / "empty").mkdir()
    assert run("replay", folder / "empty").code == 5


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


CATALOGUE = [claim for entry in catalogue() for claim in claims_of(entry)]


def test_ids_of_the_catalogue_are_file_names_of_their_own() -> None:
    names = [certificate_name(claim.id).lower() for claim in CATALOGUE]
    assert len(set(names)) == len(names)


@given(st.text(max_size=300), st.text(max_size=300))
def test_names_are_safe_and_different(first: str, second: str) -> None:
    name = certificate_name(first)
    assert len(name) < 100
    assert name.isascii()
    assert not set(name) & set('/\\:*?"<>| ')
    assert not name.startswith((".", "-"))
    assert name == name.lower()
    assert (certificate_name(second) == name) == (second == first)
