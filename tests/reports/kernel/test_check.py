from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.kernel.check import check_claim
from emtheory.reports.kernel.export import export_claim, export_folder
from emtheory.reports.kernel.rocq_program import KernelError
from emtheory.theory.claim import Claim

CLAIM = Claim("kernel/gap", "spectral_gap == 9/25", k=(2,), weights=("4/5", "1/5"))


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", lambda files: files)
    export_claim(CLAIM).write(export_folder(tmp_path, CLAIM))
    return tmp_path


def test_what_is_checked_is_made_from_the_claim(exported: Path) -> None:
    files = export_claim(CLAIM)
    for folder in (None, exported):
        checked: object = check_claim(folder, CLAIM, refuted=False)
        assert checked == files


CHEATS = (
    "(* nothing *)\n",
    "Section Hidden. Variable more : False. End Hidden.\n",
    'Notation "x < y" := (Rle x y).\n',
    "Unset Guard Checking.\n",
    'Set Warnings "-all".\n',
    "Require Import Local.\n",
    'Declare ML Module "plugin".\n',
    "Definition R := nat.\n",
    "Ltac lra := admit.\n",
    "\ufeff",
    " ",
)
"""What could be written before an export to make it say, or pass for, something else; none is even compiled."""


@pytest.mark.parametrize("name", ["Statement.v", "Proof.v"])
@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_is_refused_where_it_stands(exported: Path, name: str, cheat: str) -> None:
    path = export_folder(exported, CLAIM) / name
    path.write_text(cheat + path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(KernelError, match=rf"{name}: is not what the claim gives, from line 1 on"):
        check_claim(exported, CLAIM, refuted=False)


@pytest.mark.parametrize("name", ["Statement.v", "Proof.v"])
@pytest.mark.parametrize("edit", ["\n", "Axiom more : False.\n"])
def test_an_edited_file_is_refused(exported: Path, name: str, edit: str) -> None:
    path = export_folder(exported, CLAIM) / name
    lines = path.read_text().count("\n")
    path.write_text(path.read_text() + edit)
    with pytest.raises(
        KernelError, match=rf"kernel\.gap/{name}: is not what the claim gives, from line {lines + 1} on"
    ):
        check_claim(exported, CLAIM, refuted=False)


def test_files_that_are_not_there_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Statement\.v"):
        check_claim(tmp_path, CLAIM, refuted=False)
