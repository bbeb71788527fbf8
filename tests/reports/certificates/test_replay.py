"""The verifier accepts what the program certifies, and nothing that has been changed."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from emtheory.numerics.enclosure import Enclosure
from emtheory.numerics.errors import InputError
from emtheory.reports.certificates.certificate import Json, certify, fingerprint
from emtheory.reports.certificates.file import CellRecord, RejectedError, read_certificate
from emtheory.reports.certificates.replay import fills, is_cover, replay
from emtheory.reports.decide.claim import decide_claim
from emtheory.reports.decide.domain import read_claim
from emtheory.reports.decide.verdict import Verdict
from emtheory.theory.claim import Claim
from tests.reports.certificates.forgeries import changed, changes

THREE = ("1/2", "3/10", "1/5")
INTERVAL = {"radius": ("0", "1/4")}
VERDICTS = {
    "exact": ("proved", Claim("exact", "spectral_gap == 7/100", weights=THREE)),
    "several": ("proved", Claim("several", "0 < spectral_gap < dft_modulus(m=1)", k=(3, 4, 5), weights="linear")),
    "certified": ("certified", Claim("certified", "0 < kl_divergence < pi/20", weights=THREE, radius="1", d=4)),
    "refuted": ("refuted", Claim("refuted", "kl_divergence < 1/100", k=(3, 4), weights="linear", radius="1",
                                 expect="refuted")),
    "steps": ("certified", Claim("steps", "iterations_to_kl(eps=1/100) <= 40", weights=THREE, radius="1")),
    "extremum": ("certified", Claim("extremum", "worst_contraction_factor(radius=1/4) < 1", weights=THREE)),
    "derived": ("proved", Claim("derived", derivation="simplex", k=(2,))),
    "interval": ("certified", Claim("interval", "kl_divergence > 0", weights=THREE, for_all=INTERVAL,
                                    assume=("radius > 0",))),
    "touching": ("certified", Claim("touching", "kl_divergence <= radius**2/4", weights=THREE,
                                    for_all={"radius": ("0", "1/8")})),
    "witness": ("refuted", Claim("witness", "posterior_power(m=1) >= 9/25", k=(2,), weights=("4/5", "1/5"),
                                 for_all={"radius": ("0", "8")})),
    "excluded": ("proved", Claim("excluded", "spectral_gap > 0", k=(2, 3, 4), weights="linear", assume=("k > 2",))),
    "by-enclosures": ("certified", Claim("by-enclosures", "spectral_gap > 0", k=(6, 7), weights="linear",
                                         assume=("lloyd_radius > 1.4",))),
    "box": ("supported", Claim("box", "asymptotic_rate <= 1", k=(4,), weights="linear",
                               for_all={"amplitude_1": ("1", "1"), "amplitude_2": ("0", "1")})),
    "weights": ("proved", Claim("weights", "dft_modulus(m=1) < 9/10", k=(3,), weights="one-heavy:W",
                                for_all={"W": ("1/10", "9/10")})),
    "pieces": ("certified", Claim("pieces", "sqrt(spectral_gap) < exp(W)", k=(3,), weights="one-heavy:W",
                                  for_all={"W": ("1/2", "4/5")})),
    "cells": ("certified", Claim("cells", "kl_divergence < 2/9", k=(2,), weights="one-heavy:W", assume=("radius <= W",),
                                 for_all={"W": ("4/5", "17/20"), "radius": ("1/2", "1")})),
    "tail": ("certified", Claim("tail", "posterior_power(m=1) >= 1/10", k=(2,), weights="one-heavy:7/10",
                                for_all={"radius": ("1", "inf")})),
    "family": ("certified", Claim("family", "em_map < 2", k=(), family="two-means", values={"separation": "1"},
                                  for_all={"theta": ("1", "3/2")})),
    "observed": ("observed", Claim("observed", "sample_contraction_factor(n=100) < 2", weights=THREE, radius="1"))
}  # fmt: skip
STRIDES = {"derived": 4, "box": 12, "cells": 4, "tail": 2}
"""Of certificates of a thousand and two thousand changes, in parts that are alike, fewer are tried."""

Outcome = Verdict | RejectedError | InputError
Attempt = Callable[[object], Outcome]


@pytest.fixture(scope="module")
def certificates() -> dict[str, Json]:
    return {name: certify(claim, decide_claim(claim)) for name, (_, claim) in VERDICTS.items()}


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    """Replay a document as it is; what is raised beyond the two kinds of refusal is an error of the verifier."""

    def invoke(document: object) -> Outcome:
        path = tmp_path / "certificate.json"
        path.write_text(json.dumps(document))
        try:
            return replay(*read_certificate(path))
        except (RejectedError, InputError) as error:
            return error

    return invoke


def resealed(document: Json) -> Json:
    return document | {"fingerprint": fingerprint(document)}


def rejection(outcome: Outcome) -> str:
    assert isinstance(outcome, RejectedError), outcome
    return str(outcome)


@pytest.mark.parametrize("name", VERDICTS)
def test_what_is_certified_replays(name: str, certificates: dict[str, Json], attempt: Attempt) -> None:
    made, (verdict, _) = certificates[name], VERDICTS[name]
    replayed = attempt(made)
    assert isinstance(replayed, Verdict), replayed
    assert (replayed.outcome, made["verdict"], replayed.margin) == (verdict, verdict, made["margin"])
    assert replayed.ok is made["as_expected"] is (name != "witness")


STILL_TRUE = re.compile(r"claim\.id: |cases\.\d+\.cells: \d+ and \d+ swapped$")
UNUSED = re.compile(r"cases\.0\.cells\.(\d+)\.window\.")
"""A window, which matters only where models are made, not where an assumption alone shows that nothing is asked."""


@pytest.mark.parametrize("every", [32, pytest.param(5, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", VERDICTS)
def test_changes_are_rejected(name: str, every: int, certificates: dict[str, Json], attempt: Attempt) -> None:
    """An id is only a name, which `--claim` binds, and cells are the same evidence in any order."""
    accepted = []
    for what, other in islice(changes(certificates[name]), 0, None, every * STRIDES.get(name, 1)):
        as_sealed = other if "fingerprint" in what else resealed(other)
        window = UNUSED.match(what)
        if window and not certificates[name]["cases"][0]["cells"][int(window[1])]["comparisons"]:
            continue
        if isinstance(attempt(as_sealed), Verdict) and not STILL_TRUE.search(what):
            accepted.append(what)
    assert accepted == []


FIRST = "cases.0.cells.0"
STEPS = {"lower": "1000000000000", "upper": "1000000000000"}
OUTSIDE = {"stretch": {"radius": ["0", "1/4"]}, "window": {"radius": ["0", "1/8"]}}
FORGED: list[tuple[str, Json, str]] = [
    (
        "refuted",
        {
            "claim.statement": "kl_divergence < 1/5",
            f"{FIRST}.comparisons.0.comparison": "kl_divergence < 1/5",
            f"{FIRST}.comparisons.0.right": {"lower": "0.2", "upper": "0.2"},
        },
        f"{FIRST}.comparisons.0.holds: false is recorded",
    ),
    ("interval", {"cases.0.cells.-1.stretch.radius.1": "1/5"}, "gap"),
    # KL > 0 on (0, 1/4] and not at 0: the same cells do not show it for [0, 1/4].
    ("interval", {"claim.assume": [], "cases.0.for_all": {"radius": "[0, 1/4]"}}, FIRST),
    ("interval", {"cases.0.cells.-1": OUTSIDE}, "window"),
    ("interval", {"cases.0.cells.-1": OUTSIDE | {"window": ["0", "1/4"]}}, "which box"),
    ("by-enclosures", {"cases.0.assumptions": []}, "assumptions: 0 are recorded, and the claim has 1"),
    ("steps", {f"{FIRST}.quantities.0": STEPS}, "not proved"),
    ("derived", {"claim.k": [], "derivations": []}, "claim.k: "),
]
"""What is put where in a certificate, and what is then said."""


@pytest.mark.parametrize(("name", "parts", "said"), FORGED)
def test_consistent_forgeries(
    name: str, parts: Json, said: str, certificates: dict[str, Json], attempt: Attempt
) -> None:
    assert said in rejection(attempt(resealed(changed(certificates[name], parts))))


def test_a_sample_is_not_the_whole_whatever_its_links_say(certificates: dict[str, Json], attempt: Attempt) -> None:
    document = json.loads(json.dumps(certificates["box"]).replace("supported", "proved"))
    assert "verdict: " in rejection(attempt(resealed(document)))


def test_a_wrong_enclosure_of_a_search_is_rejected(certificates: dict[str, Json], attempt: Attempt) -> None:
    lower = certificates["extremum"]["cases"][0]["cells"][0]["quantities"][0]["lower"]
    below = {"lower": f"{float(Fraction(lower) - Fraction(1, 10**12)):.15f}", "upper": lower}
    document = changed(certificates["extremum"], {f"{FIRST}.quantities.0": below})
    assert "is not proved" in rejection(attempt(resealed(document)))


def test_a_cell_by_another_method_or_of_a_wider_box(certificates: dict[str, Json], attempt: Attempt) -> None:
    cells = certificates["cells"]["cases"][0]["cells"]
    assert {cell["method"] for cell in cells} == {"box"}
    assert any(cell["assumptions"] for cell in cells)
    index = next(i for i, cell in enumerate(cells) if cell["comparisons"])
    for change in (
        *({"method": "tail"}, {"method": "taylor"}, {"method": "algebra", "stretch": None, "window": None}),
        {"method": "point", "point": {"W": "4/5", "radius": "1/2"}, "stretch": None, "window": None},
        *({"digits": 5}, {"stretch": {"W": ["4/5", "17/20"], "radius": ["1/2", "1"]}}),
    ):
        rejection(attempt(resealed(changed(certificates["cells"], {f"cases.0.cells.{index}": change}))))


def test_a_witness_must_satisfy_the_assumptions(certificates: dict[str, Json], attempt: Attempt) -> None:
    claim = Claim("a", "spectral_gap == 0", k=(3, 2), weights="linear", assume=("k > 2",))
    document = certify(claim, decide_claim(claim))
    assert isinstance(attempt(document), Verdict)
    document["cases"].reverse()
    document["claim"]["k"].reverse()
    cell = document["cases"][1]["cells"].pop()
    document["cases"][0]["cells"].append(cell)
    document["cases"][0]["assumptions"], document["cases"][1]["assumptions"] = document["cases"][1]["assumptions"], []
    assert isinstance(attempt(resealed(document)), RejectedError)


def test_other_versions(certificates: dict[str, Json], attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    other = {"mpmath": "0.0"}
    monkeypatch.setattr(
        "emtheory.numerics.fingerprint._version", lambda name: other.get(name) or metadata.version(name)
    )
    assert rejection(attempt(certificates["exact"])).startswith("versions.mpmath: ")


def test_nothing_is_searched(certificates: dict[str, Json], attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> Enclosure:
        raise AssertionError("the verifier searches")

    for searching in (
        *("reports.decide.point.decide_at", "reports.decide.boxes.whole_box.decide_on_box"),
        *("numerics.ray.scan.minimum", "numerics.ray.scan.first_crossing", "numerics.ray.ball_values.extremum"),
        "numerics.trajectories.ball_radius.iterations_to_kl",
    ):
        monkeypatch.setattr(f"emtheory.{searching}", forbidden)
    # Constants of a statement on a box are computed to the digits of its cell, by the route that gives them.
    assert isinstance(attempt(certificates["interval"]), Verdict)
    monkeypatch.setattr("emtheory.numerics.evaluate.evaluate", forbidden)
    for name in ("exact", "certified", "refuted", "steps", "extremum", "witness"):
        assert isinstance(attempt(certificates[name]), Verdict)


def test_malformed_certificates_are_rejected(certificates: dict[str, Json], attempt: Attempt) -> None:
    given = {"id": "x", "k": [3], "expect": "holds"}
    for change in (
        *({"version": 2}, {"version": True}, {"claim": "/etc/passwd"}, {"claim": {}}, {"fingerprint": None}),
        {"claim": given | {"statement": "spectral_gap > 0", "k": [10**9]}},
        *({"claim": given | {"statement": statement}} for statement in ("(" * 10**5, "9**9**9 > 1")),
        {"claim": given | {"statement": "spectral_gap == 7/100", "derivation": "dft"}},
        *({"claim": given | {"derivation": "../../etc"}}, {"claim": given | {"derivation": "dft", "k": [3000]}}),
        {"claim": given | {"id": "\N{PILE OF POO}\u202e", "statement": "π̂ > 0"}},
        *({"cases": []}, {"cases": [{}] * 10**5}, {"cases": None}, {"verdict": "inconclusive"}),
        *({"verdict": ["proved"]}, {"versions": {}}, {"derivations": [{"k": {"k": {"k": []}}}]}),
    ):
        document = certificates["exact"] | change
        sealed = document if "fingerprint" in change else resealed(document)
        assert len(rejection(attempt(sealed))) < 1000


def test_malformed_quantities_are_rejected(certificates: dict[str, Json], attempt: Attempt) -> None:
    for change in (
        *({"lower": "1e99999"}, {"upper": "inf"}, {"lower": "-inf", "upper": "inf"}, {"lower": "1e-99999"}),
        *({"at": "1/" + "9" * 900}, {"at": "100"}, {"at": None}, {"arguments": {"radius": "1/3"}}, {"arguments": {}}),
        *({"quantity": "pl_constant"}, {"quantity": "__import__"}, {"route": "exact"}, {"route": "mp"}),
    ):
        rejection(attempt(resealed(changed(certificates["extremum"], {f"{FIRST}.quantities.0": change}))))


def test_too_many_cells_are_refused_at_once(certificates: dict[str, Json], tmp_path: Path) -> None:
    document = deepcopy(certificates["exact"])
    document["cases"][0]["cells"] *= 5000
    path = tmp_path / "x.json"
    path.write_text(json.dumps(resealed(document)))
    with pytest.raises(RejectedError, match="cells"):
        replay(*read_certificate(path))
    path.write_text(json.dumps(document).replace('"cells": [', '"cells": [' + "{}," * 10**5))
    with pytest.raises(RejectedError, match="cells"):
        read_certificate(path)


def unit(*ends: str) -> dict[str, tuple[Fraction, Fraction]]:
    numbers = [Fraction(end) for end in ends]
    return {"x": (numbers[0], numbers[1]), "y": (numbers[2], numbers[3])}


def test_boxes_fill_a_box_or_leave_a_gap() -> None:
    whole, (a, b) = unit("0", "1", "0", "1"), ("1/3", "2/3")
    around = [unit("0", b, "0", a), unit(b, "1", "0", b), unit(a, "1", b, "1"), unit("0", a, a, "1")]
    pinwheel = [*around, unit(a, b, a, b)]
    assert fills(pinwheel, whole)
    assert fills([*pinwheel, whole], whole)
    for i in range(5):
        assert not fills(pinwheel[:i] + pinwheel[i + 1 :], whole)
    assert not fills([unit("0", "1", "0", "99/100")], whole)
    assert not fills([], whole)


def cell(method: str, *ends: str) -> CellRecord:
    stretch = {"radius": list(ends)} if ends and method == "box" else None
    evidence: dict[str, Any] = {"digits": 15, "quantities": [], "comparisons": [], "assumptions": [], "window": None}
    point = {"radius": ends[0]} if method == "point" else None
    return CellRecord(method=method, point=point, stretch=stretch, **evidence)


def test_gaps_are_no_covers() -> None:
    question = read_claim(Claim("a", "kl_divergence > 0", for_all={"radius": ("0", "2")}))
    zero, near, far = cell("point", "0"), cell("box", "0", "1"), cell("box", "1", "2")
    assert is_cover([near, far], question)
    for cells in (
        *([], [zero], [near], [far], [near, far, near], [zero, far], [zero, near, far]),
        *([near, cell("box", "5/4", "2")], [near, cell("box", "1", "1")], [cell("box", "1/1000000", "1"), far]),
        [near, cell("box", "1", "1999999/1000000")],
    ):
        assert not is_cover(cells, question)
    with pytest.raises(RejectedError, match="does not say which box"):
        is_cover([cell("box")], question)
