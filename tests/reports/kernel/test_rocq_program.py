"""Rocq's programs, played by shell scripts; the real ones are in `test_in_rocq.py`."""

from pathlib import Path

import pytest

from emtheory.numerics.errors import CannotAnswerError
from emtheory.reports.kernel.files import RocqFiles
from emtheory.reports.kernel.rocq_program import KernelError, assumptions, check_files, grouped, require_rocq

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
    """A folder with all that can be found; what is compiled is printed, and ``coqc`` says what ``printed`` holds."""
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
        require_rocq()
    play(programs, "coqc", "exit 0")
    with pytest.raises(CannotAnswerError, match="coqchk"):
        require_rocq()


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
