"""Exports before Rocq itself, which is installed if need be; nothing here is skipped."""

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from emtheory.reports.api.verify import wanted
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.kernel import fourier, general
from emtheory.reports.kernel.export import THEOREMS, export_claim
from emtheory.reports.kernel.files import NotExportedError
from emtheory.reports.kernel.rocq_program import KernelError, check_files, run_rocq
from emtheory.reports.language.expression import calls_of
from emtheory.theory.claim import Claim
from emtheory.theory.claims import catalogue
from tests.programs import installed
from tests.reports.conftest import Run

pytestmark = pytest.mark.long

SECONDS = 1200
TWO = {"k": (2,), "weights": ("4/5", "1/5")}
TWIN = """From EM Require Import All.
Import NormalVector Vectors Expectation Contraction Posteriors Densities Tied Cyclic Simplex Statements Theorems.
"""


@pytest.fixture(scope="module", autouse=True)
def rocq() -> None:
    for name in ("coqc", "coqchk"):
        installed(name)


def test_the_theorems_for_every_dimension_are_checked() -> None:
    """With what they rest on, and against false statements: without a condition, and with a better rate."""
    with TemporaryDirectory() as name:
        receipt = general.check_theory(SECONDS, folder=Path(name))
        assert receipt.axioms == {"classical logic of mathcomp": 3}
        kept = json.loads(general.RECORD.read_text(encoding="utf-8"))
        assert kept == {"files": general.digest_of(general.sources()), "rocq": receipt.rocq, "axioms": receipt.axioms}
        lines = [TWIN]
        for statement, old, new in (
            ("em_contracts", "(1 - expR (- rho ^+ 2) * sigma2)", "(1 - sigma2)"),
            ("no_exponential_rate", " -> P *m theta != 0 ->", " ->"),
            ("strongly_convex_near_origin", "sigma2 / 4 *", "sigma2 *"),
            ("approximate_maps", "(s - \\sum_j w j * e j) *", "s *"),
            ("simplex_not_kept", "8 * (d%:R + 1) * norm theta <", "0 <"),
            ("only_zero_is_stationary", "\\sum_j w j *: ((L j)^T *m L j) \\in unitmx ->", ""),
            ("kl_exceeds_quartic", "(4 * (D + 2 *", "(2 * (D + 2 *"),
            ("gradient_steps_converge", "0 < s < 2 ->", "0 < s ->"),
            ("vanishing_power", " dft_sqr m w = 0 ->", ""),
            ("sums_diverge", "Pm k' T m *m theta != 0 ->", ""),
        ):
            text = general.statements()[statement].text
            assert old in text
            for twin, changed, must in (("same", text, ""), ("false", text.replace(old, new), "Fail ")):
                lines.append(f"Definition {twin}_{changed}")
                lines.append(f"{must}Definition used_{twin}_{statement} : {twin}_{statement} := {statement}_proved.")
        (Path(name) / "Twin.v").write_text("\n".join([*lines, ""]), encoding="utf-8")
        # A command that was to fail and does not is an error; beside each the statement itself goes through.
        run_rocq(Path(name), SECONDS, "coqc", "-q", "-w", "none", "-Q", ".", "EM", "Twin.v")


THREE: dict[str, Any] = {"k": (3,), "weights": ("1/2", "3/10", "1/5"), "for_all": {"radius": ("3/4", "31/40")}}
TWINS = {
    "powers": (
        Claim("two", "posterior_power(m=1) > 1/10", **TWO, for_all={"radius": ("0", "1/4")}),
        "<= (1 / 4) ->",
        "<= 3 ->",
    ),
    "convexity": (
        Claim("two", "1/5 < hessian_min_eigenvalue < 11/10", **TWO, for_all={"radius": ("1", "17/16")}),
        "(1 / 5) <",
        "(9 / 10) <",
    ),
    "powers and convexity": (
        Claim("three", "1/100 < hessian_min_eigenvalue < posterior_power(m=1) + 1/2", **THREE),
        "(y ^ 2) (y_1 x y ^ 2)",
        "(y ^ 2) (x_1 x y ^ 2)",
    ),
}
"""Claims over an interval, and what makes each false: another domain, another bound, another entry of a matrix."""


@pytest.mark.parametrize("name", TWINS)
def test_what_holds_over_an_interval_is_checked_and_its_twin_is_not(name: str) -> None:
    claim, old, new = TWINS[name]
    files = export_claim(claim)
    assert check_files(files, SECONDS).axioms["classical real numbers"] == 4
    assert old in files.statement
    with pytest.raises(KernelError, match=r"coqc Proof\.v"):
        check_files(replace(files, statement=files.statement.replace(old, new)), SECONDS)


CLAIMS = {
    "many components": (Claim("many", "dft_modulus(m=3) > spectral_gap", k=(11,), weights="linear"), False),
    "false over an interval": (Claim("false", "kl_divergence < 1/100", **TWO, for_all={"radius": ("0", "1")}), True),
}


@pytest.mark.parametrize("name", [*THEOREMS, *CLAIMS])
def test_theorems_and_claims_are_checked(name: str) -> None:
    if name in THEOREMS:
        check_files(THEOREMS[name].files(name), SECONDS)
    else:
        claim, refuted = CLAIMS[name]
        check_files(export_claim(claim, refuted=refuted), SECONDS)


@pytest.mark.parametrize("name", ["lemma-3/value", "simplex-geometry/counterexample"])
def test_exact_claims_of_the_catalogue_are_checked_and_their_opposites_are_not(name: str) -> None:
    for claim, refuted in wanted(name):
        check_files(export_claim(claim, refuted=refuted), SECONDS)
        with pytest.raises((NotExportedError, KernelError)):
            check_files(export_claim(claim, refuted=not refuted), SECONDS)


def test_every_exact_claim_of_the_catalogue_about_rational_weights_has_an_export() -> None:
    exact = []
    for claim, refuted in (pair for entry in catalogue() for pair in wanted(entry.id)):
        if claim.statement and not claim.family and not claim.for_all:
            calls = calls_of(read_claim(claim).comparison)
            if {call.quantity for call in calls} <= fourier.QUANTITIES:
                exact.append(claim.id)
                assert export_claim(claim, refuted=refuted).statement
    assert len(exact) > 90


def test_mutants_are_rejected(run: Run) -> None:
    result = run("export", "lemma-3/value", "--rocq", "--mutants", "--sample", "1")
    assert result.out.endswith("1 false mutants: 1 rejected, 0 refused, 0 accepted\n")


def test_the_command_raises_the_level_and_refuses_what_was_edited(run: Run, tmp_path: Path) -> None:
    claims = tmp_path / "claims.toml"
    claims.write_text(
        'schema = 1\n[[claim]]\nid = "gap"\nstatement = "spectral_gap == 9/25"\nk = 2\nweights = ["4/5", "1/5"]\n'
    )
    certificates, exported = tmp_path / "certificates", tmp_path / "rocq"
    assert run("check", claims, "--certificates", certificates).code == 0
    assert run("export", certificates / "gap.json", "--rocq", "--out", exported).code == 0
    arguments = ("replay", certificates, "--kernel", "--rocq", exported)
    assert "level kernel" in run(*arguments).out
    for name, old, new in (("Statement.v", "(9 / 25)", "(9 / 24)"), ("Proof.v", "Qed.", "Admitted.")):
        text = (exported / "gap" / name).read_text()
        (exported / "gap" / name).write_text(text.replace(old, new, 1))
        edited = run(*arguments)
        assert (edited.code, "is not what the claim gives" in edited.out) == (1, True)
        (exported / "gap" / name).write_text(text)
