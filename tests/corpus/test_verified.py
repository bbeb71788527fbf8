"""Certificates of the corpus's claims, of every kind: the standalone verifier accepts 95 %, and rejects none."""

import json
from collections import Counter
from pathlib import Path

import pytest

from emtheory.reports.cli import main

FOLDER = Path(__file__).parent


def verified(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Counter[str]:
    """How many certificates there are of each outcome, of all that `check` writes of a file."""
    claims = str(FOLDER / f"{name}.toml")
    assert main(["check", claims, "--no-cache", "--jobs", "1", "--certificates", str(folder), "--json"]) in (0, 1)
    count = len(json.loads(capsys.readouterr().out)["claims"])
    assert main(["verify", str(folder), "--json"]) in (0, 4, 6)
    found = Counter(each["outcome"] for each in json.loads(capsys.readouterr().out)["certificates"])
    assert found.total() == count
    return found


@pytest.mark.long
def test_at_least_95_per_cent_of_the_corpus_are_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All points, intervals and exact claims are; of natural ones, up to infinity, not all that a theorem decides."""
    found = {name: verified(name, tmp_path / name, capsys) for name in ("exact", "points", "intervals", "natural")}
    together = sum(found.values(), Counter())
    assert together.total() >= 700
    assert together["accepted"] >= 0.95 * together.total()
    assert together.keys() <= {"accepted", "not covered", "not decided"}
    assert all(found[name].keys() == {"accepted"} for name in ("exact", "points", "intervals"))
