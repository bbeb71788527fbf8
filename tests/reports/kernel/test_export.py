import math
import re
from fractions import Fraction
from itertools import pairwise, product
from math import erf, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emtheory.numerics.case import make_case
from emtheory.numerics.errors import InputError
from emtheory.numerics.evaluate import evaluate
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.exact.findings import over
from emtheory.reports.kernel.check import check_claim
from emtheory.reports.kernel.export import THEOREMS, export_claim, export_folder
from emtheory.reports.kernel.files import NotExportedError, comment
from emtheory.reports.kernel.points.cells import Tree, cells_of, plan
from emtheory.reports.kernel.points.line_texts import RANGES, line_problem
from emtheory.reports.kernel.points.plane_texts import GRIDS, SCALE, Grid, entry_ranges, masses, value_range
from emtheory.reports.kernel.points.texts import QUANTITIES, written_out
from emtheory.reports.kernel.rocq_program import KernelError
from emtheory.reports.kernel.terms import number, relations, variable
from emtheory.reports.kernel.turns import COSINE, turns
from emtheory.reports.language.expression import Number
from emtheory.reports.language.parser import parse_statement
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
def test_what_an_export_says(
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


NO_EXPORT = [
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
]


@pytest.mark.parametrize(("statement", "case", "named"), NO_EXPORT)
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


CLAIM = Claim("kernel/gap", "spectral_gap == 9/25", k=(2,), weights=("4/5", "1/5"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("emtheory.reports.kernel.check.check_files", lambda files: files)
    export_claim(CLAIM).write(export_folder(tmp_path, CLAIM))
    return tmp_path


def test_what_is_checked_is_made_from_the_claim(folder: Path) -> None:
    for exported_to in (None, folder):
        assert check_claim(exported_to, CLAIM, refuted=False) == export_claim(CLAIM)
    with pytest.raises(InputError, match=r"Statement\.v"):
        check_claim(folder / "nowhere", CLAIM, refuted=False)


CHEATS = (
    *("(* nothing *)\n", "Section Hidden. Variable more : False. End Hidden.\n", 'Notation "x < y" := (Rle x y).\n'),
    *("Unset Guard Checking.\n", 'Set Warnings "-all".\n', "Require Import Local.\n", 'Declare ML Module "plugin".\n'),
    *("Definition R := nat.\n", "Ltac lra := admit.\n", "\ufeff", " "),
)
"""What could be written before an export to make it say, or pass for, something else; none is even compiled."""


@pytest.mark.parametrize("name", ["Statement.v", "Proof.v"])
def test_what_is_written_before_or_behind_an_export_is_refused_where_it_stands(folder: Path, name: str) -> None:
    path = export_folder(folder, CLAIM) / name
    text = path.read_text(encoding="utf-8")
    behind = [(f"{text}{more}", text.count("\n") + 1) for more in ("\n", "Axiom more : False.\n")]
    for forged, line in [*((cheat + text, 1) for cheat in CHEATS), *behind]:
        path.write_text(forged, encoding="utf-8")
        said = rf"kernel\.gap/{name}: is not what the claim gives, from line {line} on"
        with pytest.raises(KernelError, match=said):
            check_claim(folder, CLAIM, refuted=False)


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


def tree_of(statement: str, radius: tuple[str, str] = ("0", "8")) -> Tree:
    question = read_claim(Claim("power", statement, k=(2,), weights=("4/5", "1/5"), for_all={"radius": radius}))
    problem = line_problem(question.comparison, ("posterior_power",), Number(Fraction(4, 5)), {})
    return plan(problem, {"radius": (Fraction(radius[0]), Fraction(radius[1]))})


def test_cells_cover_the_interval_without_a_gap_and_their_bounds_decide() -> None:
    cells = cells_of(tree_of("posterior_power(m=1) > 4/25"))
    ends = [cell.box["radius"] for cell in cells]
    assert (ends[0][0], ends[-1][1]) == (0, 8)
    assert all(left[1] == right[0] for left, right in pairwise(ends))
    for cell in cells[::4]:
        low, high = cell.bounds["posterior_power"]
        middle = sum(cell.box["radius"]) / 2
        value = evaluate("posterior_power", make_case(2, ("4/5", "1/5"), radius=str(middle)), {"m": Fraction(1)}, 12)
        assert Fraction(4, 25) < low < value.lower <= value.upper < high


def test_guesses_are_what_the_ball_route_encloses_and_over_a_box_hold_its_points() -> None:
    for name, quantity in RANGES.items():
        for radius in ("0", "1/2", "3"):
            case, point = make_case(2, ("4/5", "1/5"), radius=radius), (float(Fraction(radius)),) * 2
            known = evaluate(name, case, {"m": Fraction(1)} if name == "posterior_power" else {}, 12)
            assert quantity.range((4.0, 4.0), point) == pytest.approx([float(known.lower)] * 2, abs=1e-9)
        low, high = quantity.range((1.5, 4.0), (0.25, 0.75))
        for odds, place in product((1.5, 2.0, 4.0), (0.25, 0.5, 0.75)):
            least, most = quantity.range((odds, odds), (place, place))
            assert low <= least <= most <= high
        assert high - low < 2


def test_what_is_false_has_no_room_or_needs_too_many_cells_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for statement in ("posterior_power(m=1) > 37/100", "posterior_power(m=1) == 1/2"):
        with pytest.raises(NotExportedError, match="room to spare"):
            tree_of(statement, ("0", "1/8"))
    monkeypatch.setattr("emtheory.reports.kernel.points.cells.MAX_CELLS", 2)
    with pytest.raises(NotExportedError, match="pieces of the domain"):
        tree_of("posterior_power(m=1) > 4/25")


@pytest.mark.parametrize("name", sorted(QUANTITIES))
@pytest.mark.parametrize("weights", [("4/5", "1/5"), ("1/2", "3/10", "1/5")])
def test_what_is_written_out_has_the_same_value(name: str, weights: tuple[str, ...]) -> None:
    k, call = len(weights), f"{name}(m=1)" if name == "dft_modulus" else name
    question = read_claim(Claim("some", f"{call} > 0", k=(k,), weights=weights))
    side = written_out(question.comparison, [Number(Fraction(weight)) for weight in weights]).operands[0]
    found = over(side, {}, lambda part: pytest.fail(f"{part} is left"))
    exact = evaluate(name, make_case(k, weights), {"m": Fraction(1)} if name == "dft_modulus" else {}, 20)
    assert float(found.lower) == pytest.approx(float(exact.lower), abs=1e-15)
    assert found.lower <= exact.upper
    assert exact.lower <= found.upper


THIRDS = ((0.5, 0.5), (0.3, 0.3), (0.2, 0.2))


@pytest.mark.parametrize("radius", ["0", "1", "4"])
@pytest.mark.parametrize("name", ["posterior_power", "hessian_min_eigenvalue"])
def test_sums_come_near_to_a_quantity_from_both_sides(name: str, radius: str) -> None:
    case = make_case(3, ("1/2", "3/10", "1/5"), radius=radius)
    value = float(evaluate(name, case, {"m": Fraction(1)} if name == "posterior_power" else {}, 12).lower)
    found = [value_range(entry_ranges(name, grid, THIRDS, (float(radius),) * 2)) for grid in GRIDS]
    assert all(coarse[0] < fine[0] + 1e-4 and fine[1] < coarse[1] + 1e-4 for coarse, fine in pairwise(found))
    assert value - 0.02 < found[-1][0] < value < found[-1][1] < value + 0.02


def test_a_sum_is_what_brute_force_finds_in_each_cell() -> None:
    """On a coarse grid: |γ̂_1|² from the posterior itself, at many points of each cell."""
    grid, weights, radii = Grid(1, 2), ((0.5, 0.6), (0.2, 0.25), (0.2, 0.25)), (0.5, 0.75)
    spread = np.linspace(0, 1, 9)
    vertices = np.exp(2j * np.pi * np.arange(3) / 3)
    least, most = np.ones((4, 4)), np.zeros((4, 4))
    for i in range(4):
        for j in range(4):
            x, y = np.meshgrid(i - 2 + spread, j - 2 + spread)
            for ends in np.ndindex(2, 2, 2, 2):
                weight = np.array([pair[end] for pair, end in zip(weights, ends[:3], strict=True)])
                means = radii[ends[3]] * vertices
                odds = weight * np.exp(x[..., None] * means.real + y[..., None] * means.imag)
                squares = np.abs(odds @ vertices / odds.sum(-1)) ** 2
                least[i, j], most[i, j] = min(least[i, j], squares.min()), max(most[i, j], squares.max())
    share = np.array([erf(2 / sqrt(2)) - erf(1 / sqrt(2)), erf(1 / sqrt(2))]) / 2
    mass = np.array([*share, *share[::-1]])
    ((lower, upper),) = entry_ranges("posterior_power", grid, weights, radii)
    assert lower <= mass @ least @ mass
    assert 1 - mass @ (1 - most) @ mass <= upper


def test_masses_are_below_those_of_the_normal_law() -> None:
    for grid in GRIDS:
        exact = np.diff([erf(end / grid.step / sqrt(2)) / 2 for end in range(grid.half + 1)])
        assert all(mass / SCALE < share for share, mass in zip(exact, masses(grid), strict=True))
        assert all(0 <= 1e-8 + share - mass / SCALE < 2e-8 for share, mass in zip(exact, masses(grid), strict=True))


@pytest.mark.parametrize("name", THEOREMS)
def test_a_theorem_has_a_statement_and_assumes_nothing(name: str) -> None:
    files = THEOREMS[name].files(name)
    assert files.statement.count("Definition claim : Prop") == files.proof.count("Theorem checked : claim.") == 1
    assert not re.search(r"Axiom|Parameter|Admitted|admit\b|Conjecture", files.statement + files.proof)
    assert not re.search(r"Lemma|Theorem|Proof", files.statement)
