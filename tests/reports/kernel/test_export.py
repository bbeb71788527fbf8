import re
from typing import Any

import pytest

from emtheory.reports.kernel.export import THEOREMS, export_claim
from emtheory.reports.kernel.files import NotExportedError
from emtheory.theory.claim import Claim

THREE = {"k": (3,), "weights": ("1/2", "3/10", "1/5")}
TWO = {"k": (2,), "weights": ("4/5", "1/5")}
INTERVAL = {"for_all": {"radius": ("0", "8")}}


def exported(statement: str, *, refuted: bool = False, **case: Any) -> tuple[str, str]:
    files = export_claim(Claim("some/claim", statement, **case), refuted=refuted)
    return files.statement, files.proof


def claim_of(statement: str) -> str:
    return " ".join(statement[statement.index("Definition claim") :].split())


FALSE, POINT = {"refuted": True}, {"radius": "1"}
MOVED = {"k": (2,), "weights": ("W", "1-W"), "for_all": {"W": ("3/5", "4/5"), "radius": ("1", "3")}}
OPEN = TWO | {"for_all": {"radius": ("0", "1")}, "assume": ("radius > 1/2",)}
MANY = {"k": (17, 64), "weights": "one-heavy:1/2"}
BESIDE = "unfold contraction_factor, spectral_gap, dft_modulus;"
EXPORTS: list[tuple[str, dict[str, Any], str, tuple[str, ...], tuple[str, ...]]] = [
    ("spectral_gap == 7/100", THREE, "(holds_3).",
     ("Definition weights_3 : list R := [(1 / 2); (3 / 10); (1 / 5)].",
      "Definition holds_3 : Prop :=\n  (spectral_gap weights_3) = (7 / 100)."),
     ("Lemma gap_3 : spectral_gap weights_3 = ((7 / 100)).",)),
    ("spectral_gap == 8/100", THREE | FALSE, "~ ((holds_3)).", (), ("Lemma fails_3 : ~ holds_3.",)),
    ("posterior_power(m=1) > 2/5", TWO | INTERVAL | FALSE,
     "exists radius : R, 0 <= radius <= 8 /\\ ~ holds radius.", (),
     ("Lemma opposite : converges (power_integrand (4 / 5) (1 / 5) 0) /\\",
      "(posterior_power (4 / 5) (1 / 5) 0) <= (2 / 5).", "exists 0.")),
    ("posterior_power(m=1) > 4/25", TWO | INTERVAL, "forall radius : R, 0 <= radius <= 8 -> holds radius.",
     ("converges (power_integrand (4 / 5) (1 / 5) radius) /\\",
      "(posterior_power (4 / 5) (1 / 5) radius) > (4 / 25)."), ("Lemma cell_2",)),
    ("0 < posterior_power(m=1) < 1/2", MOVED | FALSE,
     "exists W radius : R, (3 / 5) <= W <= (4 / 5) /\\ 1 <= radius <= 3 /\\ ~ holds W radius.", (), (">= (1 / 2).",)),
    ("spectral_gap / 2 < posterior_power(m=1)", TWO | POINT, "holds.",
     ("((spectral_gap (4 / 5) (1 / 5)) / 2) < (posterior_power (4 / 5) (1 / 5) 1)",), (BESIDE,)),
    ("spectral_gap / 2 < posterior_power(m=1)", THREE | POINT, "holds.",
     ("((spectral_gap (1 / 2) (3 / 10) (1 / 5)) / 2) < (posterior_power (1 / 2) (3 / 10) (1 / 5) 1)",), (BESIDE,)),
    ("posterior_power(m=1) < spectral_gap", THREE | POINT | FALSE, "~ holds.", (), ()),
    ("kl_divergence > 1/1000", OPEN, "forall radius : R, (1 / 2) < radius <= 1 -> holds radius.", (), ()),
    # (1/2 - 1/126)²
    ("dft_modulus(m=1) == dft_modulus(m=k-1)", MANY, "(holds_17) /\\ (holds_64).", (),
     ("dft_power weights_64 m = (961 / 3969).", "Lemma one_apart"))
]  # fmt: skip
"""Statement and case; and of the export: the claim, parts of the statement, and of the proof."""


@pytest.mark.parametrize(("text", "case", "claim", "stated", "proved"), EXPORTS)
def test_an_export_says_what_the_claim_says(
    text: str, case: dict[str, Any], claim: str, stated: tuple[str, ...], proved: tuple[str, ...]
) -> None:
    statement, proof = exported(text, **case)
    assert claim_of(statement) == f"Definition claim : Prop := {claim}"
    assert [part for part in stated if part not in statement] == [part for part in proved if part not in proof] == []
    assert proof.rstrip().endswith("Qed.")
    assert proof.count("Lemma one_apart") <= 1
    assert not re.search(r"Lemma|Theorem|Proof|Axiom|Parameter|Admitted|Tactic|Interval", statement)
    assert not re.search(r"Axiom|Parameter|Admitted|admit\b|Conjecture|native_compute|Unset|bypass", proof)
    assert proof.count("Lemma cell_") == len(re.findall(r"apply cell_\d+", proof))


def test_three_components_have_a_sum_over_a_grid() -> None:
    case = {"k": (3,), "weights": ("W", "1/5", "4/5-W"), "for_all": {"W": ("1/2", "3/5"), "radius": ("0", "1")}}
    statement, proof = exported("posterior_power(m=1) > 1/100", **case)
    assert "posterior_power W (1 / 5) ((4 / 5) - W) radius) > (1 / 100)" in statement
    assert "mean_exists (transform_square W (1 / 5) ((4 / 5) - W) radius) /\\" in statement
    assert proof.count("Lemma cell_") == len(re.findall(r"apply cell_\d+; lra", proof)) >= 1
    assert proof.count("vm_compute; reflexivity") == proof.count("Lemma cell_")


@pytest.mark.parametrize(
    ("statement", "case", "named"),
    [
        ("pl_ratio > 0", TWO | INTERVAL, "pl_ratio: no export; exported are"),
        ("kl_divergence > 0", THREE | {"radius": "1"}, "can be exported for k = 2, not for k = 3"),
        ("posterior_power(m=1) > 0", {"k": (4,), "weights": "linear", "radius": "1"}, "for k = 2 or 3, not for k = 4"),
        ("posterior_power(m=1) > 0", {"k": (2, 3), "weights": "linear", "radius": "1"}, "one k at a time, not for 2"),
        ("posterior_power(m=1) > 0", THREE | {"radius": "21"}, "up to 20"),
        ("posterior_power(m=1) < 313/1000", THREE | {"radius": "1"}, "room to spare"),
        ("posterior_power(m=1) > 0", TWO | {"radius": "1", "d": 3}, "d = 3"),
        ("posterior_power(m=1) > 0", TWO | {"radius": "200"}, "a radius of 200"),
        ("posterior_power(m=1) > 0", TWO | {"amplitudes": ("1",)}, "amplitudes"),
        ("posterior_power(m=1) > 0", TWO | {"for_all": {"radius": ("0", "inf")}}, "without an end"),
        ("spectral_gap > 0", {"k": (257,), "weights": "linear"}, "up to 256 components"),
        ("spectral_gap == 1/100", {"k": (17,), "weights": "linear"}, "sides that are equal, or nearly"),
        ("spectral_gap > 0", {"k": (20,), "weights": "one-heavy:W", "for_all": {"W": ("1/2", "3/4")}}, "up to 16"),
        ("spectral_gap > 0", {"k": (3,), "weights": "geometric:Q", "for_all": {"Q": ("1/2", "3/4")}}, "only one-heavy"),
    ],
)
def test_what_has_no_export_is_named(statement: str, case: dict[str, Any], named: str) -> None:
    with pytest.raises(NotExportedError, match=named):
        exported(statement, **case)


def test_what_cannot_be_exported_as_it_is_is_named() -> None:
    for claim, refuted, named in (
        (Claim("some", "theta > 0", k=(), family="two-means"), False, "the family two-means has no export"),
        (Claim("some", derivation="hessian", k=(3,)), False, r"the derivation hessian has no export$"),
        (Claim("some", derivation="dft", k=(3,)), False, r"derivation dft has no export; part of .* uniform-weights"),
        (Claim("some", "posterior_power(m=1) > 4/25", **TWO, **INTERVAL), True, "no point was found"),
        (Claim("some", "spectral_gap == 7/100", **THREE), True, "is not false"),
    ):
        with pytest.raises(NotExportedError, match=named):
            export_claim(claim, refuted=refuted)


@pytest.mark.parametrize("name", THEOREMS)
def test_a_theorem_has_a_statement_and_assumes_nothing(name: str) -> None:
    files = THEOREMS[name].files(name)
    assert files.statement.count("Definition claim : Prop") == files.proof.count("Theorem checked : claim.") == 1
    assert not re.search(r"Axiom|Parameter|Admitted|admit\b|Conjecture", files.statement + files.proof)
    assert not re.search(r"Lemma|Theorem|Proof", files.statement)
