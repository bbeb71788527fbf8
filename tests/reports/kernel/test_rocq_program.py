"""Rocq's programs, played by shell scripts, and what commands say of them; the real ones are in test_in_rocq.py."""

from pathlib import Path

import pytest

from emtheory.numerics.errors import CannotAnswerError
from emtheory.reports.cli import main
from emtheory.reports.kernel import rocq_program
from emtheory.reports.kernel.files import RocqFiles
from emtheory.reports.kernel.rocq_program import KernelError, NotProvedError, assumptions, check_files, grouped
from tests.reports.conftest import Run

FILES = RocqFiles("Definition claim := True.\n", "Theorem checked : claim.\n")
PRINTED = """Axioms:
ClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}
FunctionalExtensionality.functional_extensionality_dep :
  forall (A : Type) (B : A -> Type) (f g : forall x : A, B x),
  (forall x : A, f x = g x) -> f = g
PrimFloat.add : PrimFloat.float -> PrimFloat.float -> PrimFloat.float
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all programs that can be found."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def play(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_axioms_are_read_off_and_counted_by_group() -> None:
    assert assumptions("Closed under the global context\n") == ()
    assert grouped(assumptions(PRINTED)) == {"classical real numbers": 2, "machine floats": 1}


@pytest.mark.parametrize(
    ("line", "said"),
    [(f"{name} : False", name)
     for name in ("Statement.gap", "checked", "Proof.Uint63.add_spec", "Uint63.false", "PrimFloat.added")]
    + [(line, ".") for line in ("loop is assumed to be guarded.", "Set is impredicative", "Theory:")],
)  # fmt: skip
def test_another_axiom_and_what_is_not_understood_is_refused(line: str, said: str) -> None:
    with pytest.raises(KernelError, match=said):
        grouped(assumptions(f"{PRINTED}{line}\n"))
    with pytest.raises(KernelError, match="said nothing"):
        assumptions("\n")


def test_without_rocq_it_is_said_how_to_install_it(programs: Path) -> None:
    with pytest.raises(CannotAnswerError, match=r"coqc and coqchk .* apt-get install coq libcoq-interval"):
        rocq_program.require_rocq()
    play(programs, "coqc", "exit 0")
    with pytest.raises(CannotAnswerError, match="coqchk"):
        rocq_program.require_rocq()


def test_every_file_is_compiled_and_checked_anew(programs: Path) -> None:
    answers = '*Audit.v) echo "Closed under the global context";; *version) echo 8.20.1 5.3;;'
    play(programs, "coqc", f'echo "coqc $*" >>{programs}/log; case "$*" in {answers} esac')
    play(programs, "coqchk", f'echo "coqchk $*" >>{programs}/log')
    receipt = check_files(FILES)
    assert (receipt.rocq, receipt.axioms) == ("8.20.1", {})
    log = (programs / "log").read_text().splitlines()
    assert [line.split()[-1] for line in log] == ["Statement.v", "Proof.v", "Audit.v", "Audit", "--print-version"]
    assert "-norec Statement -norec Proof -norec Audit" in log[3]


@pytest.mark.parametrize(
    ("coqc", "coqchk", "said"),
    [
        ('case "$*" in *Proof.v) echo "Error: no" >&2; exit 1;; esac', "", "coqc Proof.v: Error: no"),
        ('case "$*" in *Audit.v) echo "Axioms:"; echo "gap : False";; esac', "", "rests on gap"),
        ('case "$*" in *Audit.v) echo "Closed under the global context";; esac', "exit 2", "coqchk Audit"),
    ],
)
def test_what_is_not_accepted_is_said(programs: Path, coqc: str, coqchk: str, said: str) -> None:
    play(programs, "coqc", coqc)
    play(programs, "coqchk", coqchk)
    with pytest.raises(KernelError, match=said):
        check_files(FILES)


def test_a_library_that_is_not_there_is_no_rejection_and_time_is_limited(programs: Path) -> None:
    play(programs, "coqc", 'echo "Error: Cannot find a physical path bound to logical path Coquelicot." >&2; exit 1')
    play(programs, "coqchk", "")
    with pytest.raises(CannotAnswerError, match="apt-get install"):
        check_files(FILES)
    play(programs, "coqc", "exec /bin/sleep 10")
    with pytest.raises(KernelError, match=r"more than 0\.1 s"):
        check_files(FILES, 0.1)


def test_the_environment_does_not_say_where_libraries_are(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COQPATH", "ROCQPATH", "COQLIB", "XDG_DATA_HOME", "HOME"):
        monkeypatch.setenv(name, "/elsewhere")
    play(programs, "coqc", f'echo "$COQPATH$ROCQPATH$COQLIB$XDG_DATA_HOME$HOME" >>{programs}/log')
    play(programs, "coqchk", "")
    with pytest.raises(KernelError, match="said nothing"):
        check_files(FILES)
    assert set((programs / "log").read_text().split()) == {"."}


CLAIM = '[[claim]]\nid = "{}"\nstatement = "{}"\nk = 2\nweights = ["4/5", "1/5"]\n'


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    claims = CLAIM.format("gap", "spectral_gap == 9/25") + CLAIM.format("radius", "lloyd_radius < 1")
    (folder / "claims.toml").write_text(f"schema = 1\n{claims}")
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
    document = run("export", "quick-check-uniform", "--rocq", "--out", tmp_path, "--json").document()
    made = [(claim["id"].split("/")[1], claim["refuted"]) for claim in document["claims"]]
    assert (document["ok"], made) == (True, [("zero", False), ("control", True)])
    assert all(Path(claim["folder"], "Proof.v").exists() for claim in document["claims"])


def test_replay_by_the_kernel(run: Run, certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(files: object) -> None:
        raise NotProvedError("not accepted")

    run("replay", certificates, "--rocq", "somewhere").assert_one_line_error(2, "--rocq is for --kernel")
    with monkeypatch.context() as bare:
        bare.setenv("PATH", "")
        run("replay", certificates / "gap.json", "--kernel").assert_one_line_error(4, "apt-get install coq")
    monkeypatch.setattr("emtheory.reports.api.replay.require_rocq", lambda: None)
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", lambda files: files)
    gap, radius = run("replay", certificates, "--kernel", "--json").document(4)["certificates"]
    assert (gap["level"], gap["proved"], gap["problem"]) == ("kernel", True, None)
    assert (radius["ok"], radius["level"], radius["problem"][:12]) == (True, "proved", "lloyd_radius")
    # A proof that does not go through is no refutation, and an edited file a rejection.
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", refuse)
    (gap,) = run("replay", certificates / "gap.json", "--kernel", "--json").document(4)["certificates"]
    assert (gap["ok"], gap["level"], gap["problem"]) == (True, "proved", "not accepted")
    assert run("export", certificates / "gap.json", "--rocq", "--out", tmp_path).code == 0
    (tmp_path / "gap" / "Statement.v").write_text("Definition claim := True.\n")
    edited, said = run("replay", certificates / "gap.json", "--kernel", "--rocq", tmp_path), "from line 1 on"
    assert edited.code == 1
    assert f"Statement.v: is not what the claim gives, {said}" in edited.out


@pytest.mark.parametrize(
    ("accepts", "code", "told"), [(True, 1, "0 rejected, 0 refused, 2 accepted"), (False, 0, "2 rej")]
)
def test_mutants_must_not_be_accepted(
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
