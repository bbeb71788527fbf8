import math
import re
from fractions import Fraction
from pathlib import Path

import pytest

from emtheory.numerics.errors import InputError
from emtheory.reports.kernel.check import check_claim
from emtheory.reports.kernel.export import export_claim, export_folder
from emtheory.reports.kernel.files import NotExportedError, comment
from emtheory.reports.kernel.rocq_program import KernelError
from emtheory.reports.kernel.terms import number, relations, variable
from emtheory.reports.kernel.turns import COSINE, turns
from emtheory.reports.language.parser import parse_statement
from emtheory.theory.claim import Claim

CLAIM = Claim("kernel/gap", "spectral_gap == 9/25", k=(2,), weights=("4/5", "1/5"))


@pytest.fixture
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", lambda files: files)
    export_claim(CLAIM).write(export_folder(tmp_path, CLAIM))
    return tmp_path


def test_what_is_checked_is_made_from_the_claim(exported: Path) -> None:
    for folder in (None, exported):
        assert check_claim(folder, CLAIM, refuted=False) == export_claim(CLAIM)
    with pytest.raises(InputError, match=r"Statement\.v"):
        check_claim(exported / "nowhere", CLAIM, refuted=False)


CHEATS = (
    *("(* nothing *)\n", "Section Hidden. Variable more : False. End Hidden.\n", 'Notation "x < y" := (Rle x y).\n'),
    *("Unset Guard Checking.\n", 'Set Warnings "-all".\n', "Require Import Local.\n", 'Declare ML Module "plugin".\n'),
    *("Definition R := nat.\n", "Ltac lra := admit.\n", "\ufeff", " "),
)
"""What could be written before an export to make it say, or pass for, something else; none is even compiled."""


@pytest.mark.parametrize("name", ["Statement.v", "Proof.v"])
def test_what_is_written_before_or_behind_an_export_is_refused_where_it_stands(exported: Path, name: str) -> None:
    path = export_folder(exported, CLAIM) / name
    text = path.read_text(encoding="utf-8")
    behind = [(f"{text}{more}", text.count("\n") + 1) for more in ("\n", "Axiom more : False.\n")]
    for forged, line in [*((cheat + text, 1) for cheat in CHEATS), *behind]:
        path.write_text(forged, encoding="utf-8")
        said = rf"kernel\.gap/{name}: is not what the claim gives, from line {line} on"
        with pytest.raises(KernelError, match=said):
            check_claim(exported, CLAIM, refuted=False)


def written(text: str, variables: tuple[str, ...] = ()) -> tuple[str, ...]:
    return relations(parse_statement(text, variables), lambda part: variable(getattr(part, "name", "quantity")))


def test_terms_are_those_of_rocq_and_no_variable_is_mistaken_for_one_of_its_names() -> None:
    values = (3, Fraction(3, 10), Fraction(-3, 10), -2)
    assert [number(value) for value in values] == ["3", "(3 / 10)", "(- 3 / 10)", "(- 2)"]
    assert written("sqrt(abs(W)) + exp(-W) == log(min(2, W, pi)) * cos(W) / max(W, 1)", ("W",)) == (
        "((sqrt (Rabs W)) + (exp (- W))) = (((ln (Rmin (Rmin 2 W) PI)) * (cos W)) / (Rmax W 1))",
    )
    assert written("W**-2 != W**(1/2)", ("W",)) == ("(/ (W ^ 2)) <> (sqrt W)",)
    for text, message in (("W**(1/3) < 1", "exponent 1/3"), ("2**W < 4", "exponent is no number")):
        with pytest.raises(NotExportedError, match=message):
            written(text, ("W",))
    names = [variable(name) for name in ("radius", "W", "R", "PI", "exp")]
    assert names == ["radius", "W", "var_R", "var_PI", "var_exp"]


def test_a_text_cannot_leave_its_comment() -> None:
    for text in ("*) Axiom a : False. (*", 'a "b', "a\n*)\nQed.", "((* **)", "(*)", "x" * 5000, "*", "("):
        inside = re.fullmatch(r"\(\* (.*) \*\)", comment(text))
        assert inside is not None
        assert not re.search(r'\(\*|\*\)|"|\n', inside[1]), text


@pytest.mark.parametrize("k", [2, 3, 8, 9])
def test_polynomials_are_cosines_and_sines(k: int) -> None:
    parts, angle = turns(k), 2 * math.pi / k
    at = {COSINE: math.cos(angle)}
    assert abs(parts.minimal.subs(at)) < 1e-12
    assert abs(parts.cofactor.subs(at)) > 1e-6  # or it would not follow that the other factor vanishes
    for n in range(k):
        assert float(parts.cosines[n].subs(at)) == pytest.approx(math.cos(n * angle), abs=1e-12)
        assert float(parts.sines[n].subs(at)) * math.sin(angle) == pytest.approx(math.sin(n * angle), abs=1e-12)
