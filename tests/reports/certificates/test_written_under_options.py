"""Certificates that `check` writes, whatever its options: `replay` accepts each, and `verify` rejects none."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from emtheory.reports.cli import main

CLAIMS = """
schema = 1
[[claim]]
id = "equality"
statement = "spectral_gap == 7/100 < dft_modulus(m=1)"
k = 3
weights = ["1/2", "3/10", "1/5"]
[[claim]]
id = "irrational"
statement = "dft_modulus(m=1) < dft_modulus(m=2)"
k = [5, 8]
weights = "linear"
[[claim]]
id = "point"
statement = "0 < kl_divergence < pi/20"
k = 3
weights = ["1/2", "3/10", "1/5"]
radius = 1
[[claim]]
id = "close"
statement = "kl_divergence < 0.104839055636561244682414237157165794"
k = 3
weights = ["1/2", "3/10", "1/5"]
radius = 1
[[claim]]
id = "points-of-a-domain"
statement = "iterations_to_kl(eps=1/100) <= 40"
k = 3
weights = ["1/2", "3/10", "1/5"]
for_all = { radius = ["1/2", 1] }
[[claim]]
id = "every-radius"
statement = "posterior_power(m=1) > 3/50"
k = 3
weights = ["1/2", "3/10", "1/5"]
for_all = { radius = [0, "inf"] }
[[claim]]
id = "identity"
statement = "contraction_factor == 1 - ((k*W - 1)/(k - 1))**2"
k = [3, 4]
weights = "one-heavy:W"
for_all = { W = ["1/100", "99/100"] }
[[claim]]
id = "weights"
statement = "exp(contraction_factor) < 2.72"
k = 3
weights = "one-heavy:W"
for_all = { W = ["1/2", "99/100"] }
[[claim]]
id = "box"
statement = "posterior_power(m=1) >= 4/5*(2*W - 1)**2"
k = 2
weights = ["W", "1-W"]
for_all = { W = ["11/20", "3/5"], radius = ["1/8", "1/4"] }
[[claim]]
id = "false-on-a-box"
statement = "contraction_factor <= 0.9365625"
k = 3
weights = ["U", "V", "1-U-V"]
for_all = { U = ["1/2", "3/5"], V = ["1/10", "3/10"] }
[[claim]]
id = "false-on-a-box-by-a-root"
statement = "sqrt(contraction_factor) <= 0.967"
k = 3
weights = ["U", "V", "1-U-V"]
for_all = { U = ["1/2", "3/5"], V = ["1/10", "3/10"] }
[[claim]]
id = "false-at-a-root"
statement = "radius**2 != 2"
k = 2
weights = "uniform"
for_all = { radius = [1, 2] }
[[claim]]
id = "assumed"
statement = "posterior_power(m=1) > 1/100"
k = 2
weights = ["W", "1-W"]
for_all = { W = ["1/2", "3/5"], radius = ["1/8", "1/4"] }
assume = ["W*radius >= 1/16", "W > 11/20"]
[[claim]]
id = "range"
statement = "spectral_gap > 0"
weights = "one-heavy:3/5"
for_all = { k = [3, 6] }
[[claim]]
id = "off-the-simplex"
statement = "kl_divergence > 0"
k = 3
weights = "linear"
amplitudes = ["1/2"]
[[claim]]
id = "family"
family = "two-means"
statement = "em_map >= theta/4"
separation = "1"
for_all = { theta = ["1/2", "3/4"] }
[[claim]]
id = "samples"
statement = "abs(sample_likelihood_gain(n=10, seed=1)) < 1000"
k = 3
weights = ["1/2", "3/10", "1/5"]
radius = "1/4"
[[claim]]
id = "extremum"
statement = "pl_constant(radius=1) > spectral_gap/2"
k = 3
weights = ["1/2", "3/10", "1/5"]
[[claim]]
id = "control"
statement = "contraction_factor < 1"
k = 3
weights = "uniform"
expect = "refuted"
"""

BEYOND = {
    "assumed": "not covered",
    "false-at-a-root": "not covered",
    "points-of-a-domain": "not covered",
    "samples": "not covered",
}
"""What the standalone verifier says of some of them; the others it accepts."""

OPTIONS = {
    "stopped after a time": ["--timeout", "600"],
    "processes and a time": ["--jobs", "2", "--timeout", "600"],
    "few digits": ["--jobs", "2", "--digits-max", "10"],
    "many digits": ["--jobs", "1", "--digits-max", "300"],
    "level required": ["--require", "proved", "--allow-inconclusive"],
    "some selected": ["--timeout", "600", "--select", "false-*", "--select", "points-of-a-domain"],
    "hardly any time": ["--timeout", "0.2"],
}


def expect_accepted(folder: Path, options: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Check the claims with options, and the certificates by both verifiers."""
    (folder / "claims.toml").write_text(CLAIMS)
    written = folder / "written"
    assert main(["check", str(folder / "claims.toml"), "--certificates", str(written), "--json", *options]) in (1, 4)
    verdicts = {each["id"]: each["verdict"] for each in _claims(capsys)}
    decided = {name for name, verdict in verdicts.items() if verdict != "inconclusive"}
    assert {path.stem for path in written.glob("*.json")} == decided
    assert main(["replay", str(written), "--json"]) == 0, capsys.readouterr()
    replayed = json.loads(capsys.readouterr().out)["certificates"]
    assert {each["id"]: each["verdict"] for each in replayed} == {name: verdicts[name] for name in decided}
    assert main(["verify", str(written), "--json"]) == (4 if decided & BEYOND.keys() else 0)
    verified = json.loads(capsys.readouterr().out)["certificates"]
    said = {Path(each["file"]).stem: each["outcome"] for each in verified}
    assert said == {name: BEYOND.get(name, "accepted") for name in decided}


def _claims(capsys: pytest.CaptureFixture[str]) -> Sequence[dict[str, Any]]:
    return json.loads(capsys.readouterr().out)["claims"]


@pytest.mark.parametrize(
    "name",
    ["some selected", *(pytest.param(name, marks=pytest.mark.long) for name in OPTIONS if name != "some selected")],
)
def test_certificates_are_accepted(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expect_accepted(tmp_path, OPTIONS[name], capsys)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_certificates_of_a_cluster_are_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as running:
        expect_accepted(tmp_path, ["--scheduler", running.scheduler_address], capsys)


def test_a_claim_that_is_kept_has_its_certificate_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a cache keeps has no evidence: with certificates the claim is decided anew."""
    (tmp_path / "claims.toml").write_text(CLAIMS.partition('[[claim]]\nid = "point"')[0])
    command = ["check", str(tmp_path / "claims.toml"), "--cache", str(tmp_path / "kept"), "--jobs", "1"]
    for _ in range(2):
        assert main([*command, "--lock", str(tmp_path / "lock")]) == 1
    assert main([*command, "--certificates", str(tmp_path / "written")]) == 1
    assert main(["replay", str(tmp_path / "written")]) == 0
    capsys.readouterr()
