"""Certificates that `check` writes, whatever its options: `replay` accepts each, and `verify` rejects none."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.cli import main

CLAIMS = Path(__file__).with_name("written.toml").read_text(encoding="utf-8")

BEYOND = {"false-at-a-root": "not covered", "points-of-a-domain": "not covered", "samples": "not covered"}
"""What the standalone verifier says of some of them; the others it accepts."""

OPTIONS = {
    "alone": ["--jobs", "1"],
    "some selected": ["--timeout", "600", "--select", "false-*", "--select", "points-of-a-domain"],
    "hardly any time": ["--timeout", "0.2"],
}
SAME = ["--jobs", "2", "--digits-max", "300", "--require", "proved", "--allow-inconclusive"]
"""With these certificates are, byte for byte, those that are written without."""


def written(folder: Path, options: Sequence[str]) -> dict[str, str]:
    """Check the claims with options, and return the certificates by their names."""
    (folder / "claims.toml").write_text(CLAIMS)
    command = ["check", str(folder / "claims.toml"), "--no-cache", "--certificates", str(folder / "written"), "--json"]
    assert main([*command, *options]) in (1, 4)
    return {path.stem: path.read_text() for path in (folder / "written").glob("*.json")}


def expect_accepted(folder: Path, options: Sequence[str], capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Check the claims with options, and the certificates by both verifiers."""
    found = written(folder, options)
    verdicts = {each["id"]: each["verdict"] for each in _claims(capsys)}
    decided = {name for name, verdict in verdicts.items() if verdict != "inconclusive"}
    assert set(found) == decided
    assert main(["replay", str(folder / "written"), "--json"]) == 0, capsys.readouterr()
    replayed = json.loads(capsys.readouterr().out)["certificates"]
    assert {each["id"]: each["verdict"] for each in replayed} == {name: verdicts[name] for name in decided}
    # In hardly any time a claim may be looked at in points only.
    beyond = BEYOND | {name: "not covered" for name in decided if verdicts[name] == "supported"}
    assert main(["verify", str(folder / "written"), "--json"]) == (4 if decided & beyond.keys() else 0)
    verified = json.loads(capsys.readouterr().out)["certificates"]
    said = {Path(each["file"]).stem: each["outcome"] for each in verified}
    assert said == {name: beyond.get(name, "accepted") for name in decided}
    return found


def _claims(capsys: pytest.CaptureFixture[str]) -> Sequence[dict[str, Any]]:
    return json.loads(capsys.readouterr().out)["claims"]


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OPTIONS)
def test_certificates_are_accepted(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Those that are written by one process, and the same ones by others, on a cluster, too."""
    found = expect_accepted(tmp_path, OPTIONS[name], capsys)
    if name == "alone":
        from distributed import LocalCluster

        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as running:
            for number, options in enumerate([SAME, ["--scheduler", running.scheduler_address]]):
                (tmp_path / str(number)).mkdir()
                assert written(tmp_path / str(number), options) == found, options


def test_a_claim_that_is_kept_has_its_certificate_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a cache keeps has no evidence: with certificates the claim is decided anew."""
    (tmp_path / "claims.toml").write_text(CLAIMS.partition('[[claim]]\nid = "point"')[0])
    command = ["check", str(tmp_path / "claims.toml"), "--cache", str(tmp_path / "kept"), "--jobs", "1"]
    for _ in range(2):
        assert main([*command, "--lock", str(tmp_path / "lock")]) == 1
    assert main([*command, "--certificates", str(tmp_path / "written")]) == 1
    assert main(["replay", str(tmp_path / "written")]) == 0
    capsys.readouterr()
