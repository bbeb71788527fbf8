import json
from pathlib import Path

import pytest

from emtheory.reports.cli import main
from emtheory.reports.kernel.files import RocqFiles
from emtheory.reports.kernel.rocq_program import NotProvedError
from tests.reports.conftest import Run

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


def test_a_certificate_becomes_two_files_or_is_said_to_have_none(run: Run, certificates: Path, tmp_path: Path) -> None:
    made = run("export", certificates / "gap.json", "--rocq", "--out", tmp_path)
    assert (made.code, "Statement.v says that gap holds" in made.out) == (0, True)
    assert sorted(path.name for path in (tmp_path / "gap").iterdir()) == ["Proof.v", "Statement.v"]
    none = run("export", certificates / "radius.json", "--rocq", "--out", tmp_path)
    none.assert_one_line_error(4, "radius: lloyd_radius: no export")
    assert not (tmp_path / "radius").exists()


def test_an_entry_is_exported_claim_by_claim(run: Run, tmp_path: Path) -> None:
    document = json.loads(run("export", "quick-check-uniform", "--rocq", "--out", tmp_path, "--json").out)
    assert [(claim["id"], claim["refuted"]) for claim in document["claims"]] == [
        ("quick-check-uniform/zero", False),
        ("quick-check-uniform/control", True),
    ]
    assert all(Path(claim["folder"], "Proof.v").exists() for claim in document["claims"])
    assert document["ok"]


def test_replay_tells_what_the_kernel_saw(
    run: Run, certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(files: object) -> None:
        raise NotProvedError("not accepted")

    run("replay", certificates, "--rocq", "somewhere").assert_one_line_error(2, "--rocq is for --kernel")
    with monkeypatch.context() as bare:
        bare.setenv("PATH", "")
        run("replay", certificates / "gap.json", "--kernel").assert_one_line_error(4, "apt-get install coq")
    monkeypatch.setattr("emtheory.reports.api.replay.require_rocq", lambda: None)
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", lambda files: files)
    replayed = run("replay", certificates, "--kernel", "--json")
    gap, radius = json.loads(replayed.out)["certificates"]
    assert (replayed.code, gap["level"], gap["proved"], gap["problem"]) == (4, "kernel", True, None)
    assert (radius["ok"], radius["level"], radius["problem"][:12]) == (True, "proved", "lloyd_radius")
    # A proof that does not go through is no refutation, and an edited file a rejection.
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", refuse)
    replayed = run("replay", certificates / "gap.json", "--kernel", "--json")
    (gap,) = json.loads(replayed.out)["certificates"]
    assert (replayed.code, gap["ok"], gap["level"], gap["problem"]) == (4, True, "proved", "not accepted")
    assert run("export", certificates / "gap.json", "--rocq", "--out", tmp_path).code == 0
    (tmp_path / "gap" / "Statement.v").write_text("Definition claim := True.\n")
    edited = run("replay", certificates / "gap.json", "--kernel", "--rocq", tmp_path)
    assert edited.code == 1
    assert "Statement.v: is not what the claim gives, from line 1 on" in edited.out


@pytest.mark.parametrize(
    ("accepts", "code", "told"), [(True, 1, "0 rejected, 0 refused, 2 accepted"), (False, 0, "2 rej")]
)
def test_false_mutants_must_not_be_accepted(
    run: Run, accepts: bool, code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(files: RocqFiles, seconds: float) -> None:
        assert seconds > 0
        assert "(7 / 100)" not in files.statement or "<>" in files.statement
        if not accepts:
            raise NotProvedError("not accepted")

    monkeypatch.setattr("emtheory.reports.commands.export_mutants.require_rocq", lambda: None)
    monkeypatch.setattr("emtheory.reports.commands.export_mutants.check_files", check)
    result = run("export", "lemma-3/value", "--rocq", "--mutants", "--sample", "2")
    assert (result.code, told in result.out) == (code, True)
