import json
from pathlib import Path

import pytest

from emtheory.reports.cli import main
from emtheory.reports.kernel.files import RocqFiles
from emtheory.reports.kernel.rocq_program import NotProvedError

CLAIMS = """
schema = 1
[[claim]]
id = "gap"
statement = "spectral_gap == 9/25"
k = 2
weights = ["4/5", "1/5"]

[[claim]]
id = "radius"
statement = "lloyd_radius < 1"
k = 2
weights = ["4/5", "1/5"]
"""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "claims.toml").write_text(CLAIMS)
    assert main(["check", str(folder / "claims.toml"), "--certificates", str(folder)]) == 0
    return folder


def test_a_certificate_becomes_two_files_or_is_said_to_have_none(
    certificates: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(certificates / "gap.json"), "--rocq", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in (tmp_path / "gap").iterdir()) == ["Proof.v", "Statement.v"]
    assert "Statement.v says that gap holds" in capsys.readouterr().out
    assert main(["export", str(certificates / "radius.json"), "--rocq", "--out", str(tmp_path)]) == 4
    assert "emtheory: error: radius: lloyd_radius: no export" in capsys.readouterr().err
    assert not (tmp_path / "radius").exists()


def test_an_entry_is_exported_claim_by_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["export", "quick-check-uniform", "--rocq", "--out", str(tmp_path), "--json"]
    assert main(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert [(claim["id"], claim["refuted"]) for claim in document["claims"]] == [
        ("quick-check-uniform/zero", False),
        ("quick-check-uniform/control", True),
    ]
    assert all(Path(claim["folder"], "Proof.v").exists() for claim in document["claims"])
    assert document["ok"]


def test_replay_tells_what_the_kernel_saw(
    certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(files: object) -> None:
        raise NotProvedError("not accepted")

    assert main(["replay", str(certificates), "--rocq", "somewhere"]) == 2
    assert "--rocq is for --kernel" in capsys.readouterr().err
    with monkeypatch.context() as bare:
        bare.setenv("PATH", "")
        assert main(["replay", str(certificates / "gap.json"), "--kernel"]) == 4
    assert "apt-get install coq" in capsys.readouterr().err
    monkeypatch.setattr("emtheory.reports.api.replay.require_rocq", lambda: None)
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", lambda files: files)
    assert main(["replay", str(certificates), "--kernel", "--json"]) == 4
    gap, radius = json.loads(capsys.readouterr().out)["certificates"]
    assert (gap["level"], gap["proved"], gap["problem"]) == ("kernel", True, None)
    assert (radius["ok"], radius["level"], radius["problem"][:12]) == (True, "proved", "lloyd_radius")
    # A proof that does not go through is no refutation, and an edited file a rejection.
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", refuse)
    assert main(["replay", str(certificates / "gap.json"), "--kernel", "--json"]) == 4
    (gap,) = json.loads(capsys.readouterr().out)["certificates"]
    assert (gap["ok"], gap["level"], gap["problem"]) == (True, "proved", "not accepted")
    assert main(["export", str(certificates / "gap.json"), "--rocq", "--out", str(tmp_path)]) == 0
    (tmp_path / "gap" / "Statement.v").write_text("Definition claim := True.\n")
    assert main(["replay", str(certificates / "gap.json"), "--kernel", "--rocq", str(tmp_path)]) == 1
    assert "Statement.v: is not what the claim gives, from line 1 on" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("accepts", "code", "told"), [(True, 1, "0 rejected, 0 refused, 2 accepted"), (False, 0, "2 rej")]
)
def test_false_mutants_must_not_be_accepted(
    accepts: bool, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(files: RocqFiles, seconds: float) -> None:
        assert seconds > 0
        assert "(7 / 100)" not in files.statement or "<>" in files.statement
        if not accepts:
            raise NotProvedError("not accepted")

    monkeypatch.setattr("emtheory.reports.commands.export_mutants.require_rocq", lambda: None)
    monkeypatch.setattr("emtheory.reports.commands.export_mutants.check_files", check)
    assert main(["export", "lemma-3/value", "--rocq", "--mutants", "--sample", "2"]) == code
    assert told in capsys.readouterr().out
